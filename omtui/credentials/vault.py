"""The encrypted vault: one age file that holds all secrets, opened once for a session.

For hosts with no keyring. It is sealed with a passphrase, or for age and SSH keys. The file is read again
when another program has changed it, and changed under a lock, so that two programs lose nothing.
"""

import functools
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from omtui.credentials.age.fault import NotOpened
from omtui.credentials.age.recipients import Identity, Passphrase, Recipient
from omtui.credentials.age.sealing import open_sealed, seal, sealed_with_passphrase
from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.keys import not_opened, recipients_of
from omtui.credentials.private_file import locked, read_private, replace_private
from omtui.credentials.record import SecretRecord, SecretReference, from_json, records_from_plain, records_to_plain
from omtui.credentials.store import Status, StoreKind
from omtui.plain_text import plain
from omtui.problem import Done

_VERSION = 1
_LOCK_SECONDS = 10.0

Records = dict[SecretReference, SecretRecord]


@dataclass
class _Opened:
    """What an open vault holds in memory."""

    digest: bytes
    records: Records
    recipients: tuple[str, ...]
    identities: tuple[Identity, ...]
    used: float = 0.0


_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


def _one_at_a_time(
    method: Callable[Concatenate["Vault", _Arguments], _Answer],
) -> Callable[Concatenate["Vault", _Arguments], _Answer]:
    """Screens ask from threads: locking must wait until a change is written."""

    @functools.wraps(method)
    def alone(vault: "Vault", /, *values: _Arguments.args, **named: _Arguments.kwargs) -> _Answer:
        with vault.turn:
            return method(vault, *values, **named)

    return alone


class Vault:
    """The vault in a file. Starts locked; `relock_after` is in seconds without use, None for never."""

    kind = StoreKind.VAULT

    def __init__(
        self,
        path: Path,
        *,
        relock_after: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self.where = f"the encrypted vault {plain(path)}"
        self._relock_after = relock_after
        self._clock = clock
        self._opened: _Opened | None = None
        self.turn = threading.RLock()

    @_one_at_a_time
    def status(self) -> Status:
        """See `Store`. Nothing is decrypted for it."""
        data = self._bytes()
        if isinstance(data, SecretProblem):
            return Status(self.kind, self.where, data)
        return Status(self.kind, self.where, self._locked() if self._still_open() is None else None)

    def opens_with_passphrase(self) -> bool | SecretProblem:
        """Whether a passphrase opens it, else keys do."""
        data = self._bytes()
        if isinstance(data, SecretProblem):
            return data
        answer = sealed_with_passphrase(data)
        return self._not_opened(answer) if isinstance(answer, NotOpened) else answer

    @_one_at_a_time
    def create(self, recipients: Sequence[Recipient], identities: Sequence[Identity]) -> Done | SecretProblem:
        """Makes an empty vault and leaves it open. One that exists is never written over."""
        with locked(self.path, _LOCK_SECONDS) as fault:
            if fault:
                return fault
            if read_private(self.path) is not None:
                return SecretProblem(
                    f"there is a vault already: {plain(self.path)}",
                    "Unlock it (omtui vault unlock), or move it away if its passphrase is lost.",
                    Reason.EXISTS,
                )
            empty = _Opened(b"", {}, _lines(recipients), tuple(identities))
            unsaved = self._save(empty, recipients)
        return unsaved or Done(f"{self.where} was made; it is open")

    @_one_at_a_time
    def unlock(self, identities: Sequence[Identity]) -> Done | SecretProblem:
        """Opens the vault for this session. A key that does not fit is `SecretProblem` with reason `WRONG_KEY`."""
        data = self._bytes()
        if isinstance(data, SecretProblem):
            return data
        opened = self._open(data, tuple(identities))
        if isinstance(opened, _Opened):
            self._opened = opened
            return Done(f"{self.where} is open")
        return opened

    @_one_at_a_time
    def lock(self) -> None:
        """Forgets the secrets and the passphrase."""
        if self._opened is None:
            return
        for record in self._opened.records.values():
            record.secret.forget()
        for identity in self._opened.identities:
            if isinstance(identity, Passphrase):
                identity.secret.forget()
        self._opened = None

    @_one_at_a_time
    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        """See `Store`."""
        opened = self._current()
        if isinstance(opened, SecretProblem):
            return opened
        record = opened.records.get(reference)
        if record is None:
            return Absent()
        # A copy: locking the vault forgets ours, not the one in use.
        return record.copy()

    @_one_at_a_time
    def write(self, reference: SecretReference, record: SecretRecord) -> Done | SecretProblem:
        """See `Store`."""
        fault = self._change(lambda records: records | {reference: record.copy()})
        return fault or Done(f"kept in {self.where}")

    @_one_at_a_time
    def delete(self, reference: SecretReference) -> Done | SecretProblem:
        """See `Store`."""
        there = self.read(reference)
        if isinstance(there, SecretProblem):
            return there
        if isinstance(there, Absent):
            return Done(f"there was none in {self.where}")
        fault = self._change(lambda records: {key: kept for key, kept in records.items() if key != reference})
        return fault or Done(f"deleted from {self.where}")

    @_one_at_a_time
    def recipients(self) -> tuple[str, ...] | SecretProblem:
        """The public keys it is sealed for; none when a passphrase opens it."""
        opened = self._current()
        return opened if isinstance(opened, SecretProblem) else opened.recipients

    @_one_at_a_time
    def rekey(
        self, recipients: Sequence[Recipient], identities: Sequence[Identity] | None = None
    ) -> Done | SecretProblem:
        """Seals it again for others. `identities` open it from now on in this session; None keeps those in use.

        Copies of the old file (backups) still open with the old passphrase or key.
        """
        with locked(self.path, _LOCK_SECONDS) as fault:
            opened = fault or self._current()
            if isinstance(opened, SecretProblem):
                return opened
            kept = tuple(identities) if identities is not None else opened.identities
            changed = replace(opened, recipients=_lines(recipients), identities=kept)
            unsaved = self._save(changed, recipients)
        return unsaved or Done(f"{self.where} is sealed again; older copies of the file still open as before")

    def _change(self, change: Callable[[Records], Records]) -> SecretProblem | None:
        with locked(self.path, _LOCK_SECONDS) as fault:
            opened = fault or self._current()
            if isinstance(opened, SecretProblem):
                return opened
            recipients: Sequence[Recipient] | SecretProblem
            recipients = [identity for identity in opened.identities if isinstance(identity, Passphrase)]
            if opened.recipients:
                recipients = recipients_of(opened.recipients)
            if isinstance(recipients, SecretProblem):
                return replace(recipients, fix="Seal it again (omtui vault rekey).")
            return self._save(replace(opened, records=change(opened.records)), recipients)

    def _save(self, opened: _Opened, recipients: Sequence[Recipient]) -> SecretProblem | None:
        content = {"v": _VERSION, "recipients": opened.recipients, "secrets": records_to_plain(opened.records)}
        sealed = seal(json.dumps(content).encode(), recipients)
        if isinstance(sealed, NotOpened):
            return self._not_opened(sealed)
        if fault := replace_private(self.path, sealed):
            return fault
        if self._bytes() != sealed:
            return SecretProblem(
                f"{self.where} is not as it was written", "Look at the disk; set it again.", Reason.NOT_KEPT
            )
        opened.digest = sha256(sealed).digest()
        opened.used = self._clock()
        self._opened = opened
        return None

    def _current(self) -> _Opened | SecretProblem:
        """What the file holds now; opened again with the same key when another program changed it."""
        data = self._bytes()
        if isinstance(data, SecretProblem):
            return data
        opened = self._still_open()
        if opened is None:
            return self._locked()
        if sha256(data).digest() != opened.digest:
            again = self._open(data, opened.identities)
            if isinstance(again, SecretProblem):
                if again.reason is not Reason.WRONG_KEY:
                    return again
                self.lock()
                return replace(again, fix="It was sealed again elsewhere: unlock it again.")
            self._opened = opened = again
        opened.used = self._clock()
        return opened

    def _still_open(self) -> _Opened | None:
        opened = self._opened
        if opened and self._relock_after is not None and self._clock() - opened.used >= self._relock_after:
            self.lock()
        return self._opened

    def _open(self, data: bytes, identities: tuple[Identity, ...]) -> _Opened | SecretProblem:
        content = open_sealed(data, identities)
        if isinstance(content, NotOpened):
            return self._not_opened(content)
        read = _read(content)
        if read is None:
            return SecretProblem(
                f"{self.where} was not written by this version of omtui",
                "Open it with the version that wrote it.",
                Reason.DAMAGED,
            )
        return _Opened(sha256(data).digest(), read[0], read[1], identities, self._clock())

    def _bytes(self) -> bytes | SecretProblem:
        data = read_private(self.path)
        return self._no_vault() if data is None else data

    def _no_vault(self) -> SecretProblem:
        return SecretProblem(
            f"there is no vault yet at {plain(self.path)}", "Make one: omtui vault init", Reason.NO_VAULT
        )

    def _locked(self) -> SecretProblem:
        return SecretProblem(f"{self.where} is locked", "Unlock it: omtui vault unlock", Reason.LOCKED)

    def _not_opened(self, answer: NotOpened) -> SecretProblem:
        fixes = {
            Reason.WRONG_KEY: "Try again.",
            Reason.TOO_COSTLY: "If the file is as you made it, raise highest_work_factor in the settings.",
            Reason.NO_MEMORY: "The file is unchanged: close other programs, or raise the memory limit (ulimit -v).",
            Reason.DAMAGED: "Put back a copy of the file from a backup, or move it away and make a new one.",
        }
        return not_opened(answer, self.where, fixes)


def _lines(recipients: Sequence[Recipient]) -> tuple[str, ...]:
    return tuple(str(recipient) for recipient in recipients if not isinstance(recipient, Passphrase))


def _read(content: bytes) -> tuple[Records, tuple[str, ...]] | None:
    match from_json(content):
        case {"v": 1, "recipients": list(lines), "secrets": list(entries)}:
            records = records_from_plain(entries)
            return None if records is None else (records, tuple(str(line) for line in lines))
        case _:
            return None
