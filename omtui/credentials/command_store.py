"""Secrets printed by a command of the person's own: `pass`, `op`, `vault`, `oci` and the like.

The command is a list of arguments from this machine's settings file, never from a profile, and is run without a
shell. What it prints is the secret; where the secret may go is remembered here, because the command cannot.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.deadline import readable_within
from omtui.credentials.entry import without_line_end
from omtui.credentials.private_file import locked, read_private, replace_private
from omtui.credentials.record import (
    LONGEST,
    SecretRecord,
    SecretReference,
    from_json,
    records_from_plain,
    records_to_plain,
)
from omtui.credentials.secret import Secret
from omtui.credentials.store import Status, StoreKind
from omtui.plain_text import plain
from omtui.problem import Done

SECONDS = 10.0
LONGEST_SECONDS = 30.0

# A name that goes into an argument comes from a profile, which may come from anywhere: it must not be an
# option, leave a folder, or be read as anything but a name.
_SAFE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+ -]*(?<![ .])")


@dataclass(frozen=True)
class SecretCommand:
    """How to ask for a secret. None as `profile` or `credential` means any.

    `{profile}` and `{credential}` in an argument are replaced by the names.
    """

    arguments: tuple[str, ...]
    profile: str | None = None
    credential: str | None = None
    seconds: float = SECONDS

    def serves(self, reference: SecretReference) -> bool:
        """Whether this command is meant for the reference."""
        return self.profile in (None, reference.profile) and self.credential in (None, reference.name)


class CommandStore:
    """Reads secrets from commands; keeps none. `bindings` is the file that remembers where each may go."""

    kind = StoreKind.COMMAND

    def __init__(self, commands: tuple[SecretCommand, ...], bindings: Path) -> None:
        self._commands = commands
        self._bindings = bindings
        programs = sorted({plain(Path(command.arguments[0]).name) for command in commands})
        self.where = f"a command of yours ({', '.join(programs)})" if programs else "a command of yours"

    def status(self) -> Status:
        """See `Store`. Whether there is a command; it is not run."""
        return Status(self.kind, self.where, None if self._commands else _no_command())

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        """See `Store`. A command that fails is never `Absent`; without an allowed place it is not run."""
        bindings = self._read_bindings()
        if isinstance(bindings, SecretProblem):
            return bindings
        binding = bindings.get(reference)
        if binding is None:
            return Absent()
        secret = self.ask(reference)
        if isinstance(secret, SecretProblem):
            return secret
        return SecretRecord(secret, binding.destinations, binding.set_on)

    def ask(self, reference: SecretReference) -> Secret | SecretProblem:
        """What the command for a credential prints, less one line end."""
        command = next((command for command in self._commands if command.serves(reference)), None)
        if command is None:
            return _no_command()
        arguments = _filled(command.arguments, reference)
        if isinstance(arguments, SecretProblem):
            return arguments
        return _run(arguments, command.seconds)

    def write(self, reference: SecretReference, record: SecretRecord) -> Done | SecretProblem:
        """Remembers where the secret may go, if the command prints this very secret; keeps no secret."""
        printed = self.ask(reference)
        if isinstance(printed, SecretProblem):
            return printed
        if not printed.matches(record.secret):
            return SecretProblem(
                f"secrets are kept by {self.where}, which prints another one for {plain(reference)}",
                "Change it with that program, then set it here again.",
                Reason.READ_ONLY,
            )
        fault = self._change(reference, record)
        return fault or Done(f"kept by {self.where}; where it may go is remembered")

    def delete(self, reference: SecretReference) -> Done | SecretProblem:
        """Forgets where the secret may go; the secret stays with the command's program."""
        bindings = self._read_bindings()
        if isinstance(bindings, SecretProblem):
            return bindings
        if reference not in bindings:
            return Done("nothing was remembered of it")
        fault = self._change(reference, None)
        return fault or Done(f"forgotten here; {self.where} still has the secret")

    def _change(self, reference: SecretReference, record: SecretRecord | None) -> SecretProblem | None:
        with locked(self._bindings) as fault:
            bindings = fault or self._read_bindings()
            if isinstance(bindings, SecretProblem):
                return bindings
            bindings.pop(reference, None)
            if record is not None:
                bindings[reference] = SecretRecord(Secret(""), record.destinations, record.set_on)
            entries = records_to_plain(dict(sorted(bindings.items())))
            text = json.dumps({"v": 1, "bindings": entries}, indent=1)
            return replace_private(self._bindings, text.encode())

    def _read_bindings(self) -> dict[SecretReference, SecretRecord] | SecretProblem:
        data = read_private(self._bindings)
        if data is None:
            return {}
        if isinstance(data, SecretProblem):
            return data
        match from_json(data):
            case {"v": 1, "bindings": list(entries)} if (read := records_from_plain(entries)) is not None:
                return read
        fix = "Move it away and set the credentials again."
        return SecretProblem(f"{plain(self._bindings)} is damaged", fix, Reason.DAMAGED)


def _filled(arguments: tuple[str, ...], reference: SecretReference) -> list[str] | SecretProblem:
    joined = "".join(arguments)
    for mark, name in (("{profile}", reference.profile), ("{credential}", reference.name)):
        if mark in joined and (not _SAFE_NAME.fullmatch(name) or ".." in name):
            return SecretProblem(
                f"the name {plain(name)} is not given to a command: it holds characters that a command could "
                "take for something else",
                "Name it with letters, digits, dot, hyphen and underscore, or give it a [[command]] of its own.",
                Reason.BAD_NAME,
            )
    # The program itself is never made up from a profile's names.
    filled = [
        part.replace("{profile}", reference.profile).replace("{credential}", reference.name) for part in arguments[1:]
    ]
    return [arguments[0], *filled]


def _run(arguments: list[str], seconds: float) -> Secret | SecretProblem:
    program = plain(Path(arguments[0]).name)
    try:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # A session of its own: with no terminal it cannot draw a prompt over the screen, and its whole
            # group can be ended when it takes too long.
            start_new_session=True,
        )
    except OSError as error:
        return _failed(program, f"could not be started: {plain(error.strerror or 'unknown')}")
    allowed = min(seconds, LONGEST_SECONDS)
    printed = _printed(process, time.monotonic() + allowed)
    if printed is None:
        _end(process)
        return SecretProblem(
            f"{program} did not answer within {allowed:g} seconds",
            "It may wait for a passphrase: sign in to it or unlock its agent in another shell first.",
            Reason.TIMED_OUT,
        )
    if len(printed) > LONGEST:
        _end(process)
        return _failed(program, "printed far too much")
    if process.returncode:
        return _failed(program, f"ended with status {process.returncode}")
    try:
        text = printed.decode("utf-8")
    except UnicodeDecodeError:
        # Not chained: the error carries what was printed.
        return _failed(program, "printed something that is not text in UTF-8")
    text = without_line_end(text)
    return Secret(text) if text else _failed(program, "printed nothing")


def _printed(process: "subprocess.Popen[bytes]", deadline: float) -> bytes | None:
    """What a process prints until it ends, cut off once it is too much; None after the deadline."""
    assert process.stdout is not None
    printed = b""
    with process.stdout as output:
        while len(printed) <= LONGEST:
            if not readable_within(deadline - time.monotonic(), output.fileno()):
                return None
            more = os.read(output.fileno(), 65536)
            if not more:
                break
            printed += more
        else:
            return printed
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return None
    return printed


def _end(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _failed(program: str, how: str) -> SecretProblem:
    return SecretProblem(
        f"{program} {how}; so nothing is known about the secret",
        "Run the command of the settings file by hand and look at its output.",
        Reason.COMMAND_FAILED,
    )


def _no_command() -> SecretProblem:
    return SecretProblem(
        "the settings file names no command for this credential",
        'Add one, for example: [[command]] arguments = ["pass", "show", "omtui/{profile}/{credential}"]',
        Reason.NO_COMMAND,
    )
