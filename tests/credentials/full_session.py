"""A whole working day with secrets, as one program: everything that is done with them, faults included.

Run by `test_no_leaks` with a home of its own; the secrets come on standard input, one a line, so that this file
and its arguments do not hold them. Prints what a person would be shown.
"""

import asyncio
import io
import logging
import os
import pickle
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.traceback import Traceback

from omtui.credentials import redact
from omtui.credentials.age.recipients import new_identity
from omtui.credentials.answer import Absent, SecretProblem
from omtui.credentials.deadline import call_off_loop
from omtui.credentials.doctor import doctor_facts
from omtui.credentials.handover import HandedOver, encrypt_secrets, incoming, open_secrets
from omtui.credentials.keys import recipients_of
from omtui.credentials.leaks import forbid_core_dumps
from omtui.credentials.machine import Machine
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.secret import Secret
from omtui.credentials.store import BoundedStore, MemoryStore, StoreKind
from omtui.service.secrets import Leave
from tests.credentials.conftest import secret_for, secrets_of
from tests.credentials.profiles import profile


class Crashing(MemoryStore):
    """A mistake of ours or of a library's, in the middle of work with the clear text."""

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        clear = self._records[reference].secret.reveal()
        return self._fail(clear, {"password": clear, "header": f"Basic {clear}"})

    def _fail(self, clear: str, headers: dict[str, str]) -> NoReturn:
        try:
            clear.encode("ascii").index(b"not there")
        except ValueError as error:
            raise LookupError(f"could not use {clear}") from error


def show(*things: object) -> None:
    for thing in things:
        print(thing)
        logging.getLogger("omtui").debug("%r", thing)


def crash(data: dict[str, Any], secret: Secret) -> None:
    """As a crash screen would: with the values of all variables."""
    crashing = Crashing()
    store = BoundedStore(crashing)
    set_into = SecretReference("vision-dev", "pod")
    from omtui.credentials.record import new_record

    crashing.write(set_into, new_record(secret, frozenset()))
    try:
        store.read(set_into)
    except LookupError as error:
        console = Console(width=200, color_system=None, file=io.StringIO(), record=True)
        console.print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
        # A front puts what it prints of an error through this filter; that no frame holds a secret is ours.
        print(redact.redact(console.export_text()))
        logging.getLogger("omtui").exception("crashed")
        print(redact.redacted_traceback(type(error), error, error.__traceback__), file=sys.stderr)


def day(machine: Machine, url: str, secrets: list[str]) -> None:
    data = profile(
        connectors=[{"name": "EventConnector", "url": url, "user_name": "pick.events", "credential": "events"}]
    )
    show(*doctor_facts(machine), *machine.choices())
    passphrase = secrets[-1]
    show(machine.init_vault(passphrase=Secret(passphrase)))
    for name, value in zip(("pod", "wms", "events"), secrets, strict=False):
        show(secrets_of(machine).keep(data, name, Secret(value)))
    show(secrets_of(machine).of(data), secrets_of(machine).over([data]))
    show(secrets_of(machine).attempt(data, "events", leave=Leave(plain_http=True)))
    show(secret_for(machine, data, machine_use(data)))
    data["connectors"][0]["url"] = "https://evil.example/"
    show(secret_for(machine, data, machine_use(data)))
    data["connectors"][0]["url"] = url
    show(secrets_of(machine).take_over(data, "wms", "wms2"))

    key = new_identity()
    recipients = recipients_of([str(key.recipient)])
    assert isinstance(recipients, list)
    store = machine.store()
    assert isinstance(store, BoundedStore)
    found = store.read(SecretReference("vision-dev", "pod"))
    assert isinstance(found, SecretRecord)
    text = b'schema = 1\n[profile]\nname = "vision-dev"\n'
    part = encrypt_secrets("vision-dev", text, {"pod": found}, recipients)
    assert isinstance(part, str)
    Path("handover.toml").write_bytes(text + part.encode())
    opened = open_secrets(part.encode(), text, [key])
    assert isinstance(opened, HandedOver)
    show(opened, incoming(opened, "vision-dev", store.read))

    show(machine.rekey_vault(passphrase=Secret(passphrase + " new")))
    machine.lock()
    show(machine.unlock_vault(passphrase=Secret("a wrong one " + passphrase)))
    show(machine.unlock_vault(passphrase=Secret(passphrase + " new"), minutes=1))
    show(secrets_of(machine).move(data, StoreKind.MEMORY))
    show(asyncio.run(call_off_loop(lambda: secrets_of(machine).of(data))))
    session = machine.start_session(Secret(passphrase))
    show(session, machine.keyring_status())
    show(secrets_of(machine).keep(data, "pod", Secret(secrets[0])))
    for process in ("self", *children()):
        for what in ("cmdline", "environ"):
            show(f"{what}: {(Path('/proc') / process / what).read_bytes()!r}")
    crash(data, Secret(secrets[1]))
    try:
        pickle.dumps(found)
    except TypeError:
        traceback.print_exc()
    show(secrets_of(machine).delete(data, "pod"))


def machine_use(data: dict[str, Any]) -> Any:
    from omtui.credentials.uses import uses_of

    return uses_of(data, "events")[0]


def children() -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"PPid:\t{os.getpid()}\n" in (folder / "status").read_text():
                found.append(folder.name)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def main() -> None:
    forbid_core_dumps()
    logging.basicConfig(level=logging.DEBUG, filename="debug.log")
    redact.protect_logging()
    threading.excepthook = lambda given: print(redact.redacted_traceback(given.exc_type, given.exc_value, None))
    secrets = sys.stdin.read().split("\0")
    machine = Machine()
    try:
        day(machine, sys.argv[1], secrets)
    finally:
        machine.lock()
    Path(tempfile.gettempdir(), "ended").write_text("yes")


if __name__ == "__main__":
    main()
