"""The encrypted vault: one age file that holds all secrets, opened once for a session.

For hosts with no keyring. It is sealed with a passphrase, or for age and SSH keys. The file is read again
when another program has changed it, and changed under a lock, so that two programs lose nothing.
"""

import functools
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from omtui.credentials.age.fault import AgeError, AgeFault, BadKey, NotOpened
from omtui.credentials.age.recipients import Identity, Passphrase, Recipient
from omtui.credentials.age.sealing import open_sealed, seal, sealed_with_passphrase
from omtui.credentials.answer import Absent, Completed, Declined, Found, Unavailable
from omtui.credentials.keys import read_recipient
from omtui.credentials.private_file import NoFile, locked, read_private, replace_private
from omtui.credentials.reason import Reason
from omtui.credentials.record import SecretRecord, from_plain, to_plain
from omtui.credentials.reference import SecretReference
from omtui.credentials.store import Status, StoreKind, StoreState
from omtui.plain_text import plain

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
    used: float = field(default=0.0)


_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


def _one_at_a_time(
    method: Callable[Concatenate["Vault", _Arguments], _Answer],
) -> Callable[Concatenate["Vault", _Arguments], _Answer]:
    """Screens ask from threads: locking must wait until a change is written."""

    @functools.wraps(method)
    def alone(vault: "Vault", /, *values: _Arguments.args, **named: _Arguments.kwargs) -> _Answer:
        with vault._turn:
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
        self._relock_after = relock_after
        self._clock = clock
        self._opened: _Opened | None = None
        self._turn = threading.RLock()

    @property
    def where(self) -> str:
        """See `Store`."""
        return f"the encrypted vault {plain(self.path)}"

    @_one_at_a_time
    def status(self) -> Status:
        """See `Store`. Nothing is decrypted for it."""
        data = read_private(self.path)
        fault = data if isinstance(data, Unavailable) else self._no_vault() if isinstance(data, NoFile) else None
        if fault:
            return Status(self.kind, self.where, StoreState.UNREACHABLE, fault.detail, fault.remedy, fault.reason)
        if self._still_open() is None:
            asked = self._locked()
            return Status(self.kind, self.where, StoreState.LOCKED, asked.detail, asked.remedy, asked.reason)
        return Status(self.kind, self.where, StoreState.READY)

    def opens_with_passphrase(self) -> bool | Unavailable:
        """Whether a passphrase opens it, else keys do."""
        data = self._bytes()
        if isinstance(data, Unavailable):
            return data
        answer = sealed_with_passphrase(data)
        return self._not_opened(answer) if isinstance(answer, NotOpened) else answer

    @_one_at_a_time
    def create(
        self, recipients: Sequence[Recipient], identities: Sequence[Identity]
    ) -> Completed | Declined | Unavailable:
        """Makes an empty vault and leaves it open. One that exists is never written over."""
        with locked(self.path, _LOCK_SECONDS) as fault:
            if fault:
                return fault
            if not isinstance(read_private(self.path), NoFile):
                return Declined(
                    Reason.EXISTS,
                    f"there is a vault already: {plain(self.path)}",
                    "Unlock it (omtui vault unlock), or move it away if its passphrase is lost.",
                )
            empty = _Opened(b"", {}, _lines(recipients), tuple(identities))
            unsaved = self._save(empty, recipients)
        return unsaved or Completed(f"{self.where} was made; it is open")

    @_one_at_a_time
    def unlock(self, identities: Sequence[Identity]) -> Completed | Declined | Unavailable:
        """Opens the vault for this session. A key that does not fit is `Declined` with reason `WRONG_KEY`."""
        data = self._bytes()
        if isinstance(data, Unavailable):
            return data
        opened = self._open(data, tuple(identities))
        if isinstance(opened, _Opened):
            self._opened = opened
            return Completed(f"{self.where} is open")
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
    def read(self, reference: SecretReference) -> Found | Absent | Unavailable:
        """See `Store`."""
        opened = self._current()
        if isinstance(opened, Unavailable):
            return opened
        record = opened.records.get(reference)
        if record is None:
            return Absent()
        # A copy: locking the vault forgets ours, not the one in use.
        return Found(record.copy())

    @_one_at_a_time
    def write(self, reference: SecretReference, record: SecretRecord) -> Completed | Declined | Unavailable:
        """See `Store`."""
        fault = self._change(lambda records: records | {reference: record.copy()})
        return fault or Completed(f"kept in {self.where}")

    @_one_at_a_time
    def delete(self, reference: SecretReference) -> Completed | Declined | Unavailable:
        """See `Store`."""
        there = self.read(reference)
        if isinstance(there, Unavailable):
            return there
        if isinstance(there, Absent):
            return Completed(f"there was none in {self.where}", changed=False)
        fault = self._change(lambda records: {key: kept for key, kept in records.items() if key != reference})
        return fault or Completed(f"deleted from {self.where}")

    @_one_at_a_time
    def references(self) -> list[SecretReference] | Unavailable:
        """What the vault holds, by name."""
        opened = self._current()
        return opened if isinstance(opened, Unavailable) else sorted(opened.records)

    @_one_at_a_time
    def recipients(self) -> tuple[str, ...] | Unavailable:
        """The public keys it is sealed for; none when a passphrase opens it."""
        opened = self._current()
        return opened if isinstance(opened, Unavailable) else opened.recipients

    @_one_at_a_time
    def rekey(
        self, recipients: Sequence[Recipient], identities: Sequence[Identity] | None = None
    ) -> Completed | Declined | Unavailable:
        """Seals it again for others. `identities` open it from now on in this session; None keeps those in use.

        Copies of the old file (backups) still open with the old passphrase or key.
        """
        with locked(self.path, _LOCK_SECONDS) as fault:
            opened = fault or self._current()
            if isinstance(opened, Unavailable):
                return opened
            kept = tuple(identities) if identities is not None else opened.identities
            changed = _Opened(opened.digest, opened.records, _lines(recipients), kept, opened.used)
            unsaved = self._save(changed, recipients)
        return unsaved or Completed(f"{self.where} is sealed again; older copies of the file still open as before")

    def _change(self, change: Callable[[Records], Records]) -> Declined | Unavailable | None:
        with locked(self.path, _LOCK_SECONDS) as fault:
            opened = fault or self._current()
            if isinstance(opened, Unavailable):
                return opened
            recipients = self._recipients_of(opened)
            if isinstance(recipients, BadKey):
                return Declined(Reason.BAD_RECIPIENT, recipients.reason, "Seal it again (omtui vault rekey).")
            records = change(opened.records)
            return self._save(
                _Opened(opened.digest, records, opened.recipients, opened.identities, opened.used), recipients
            )

    def _recipients_of(self, opened: _Opened) -> Sequence[Recipient] | BadKey:
        if not opened.recipients:
            return [identity for identity in opened.identities if isinstance(identity, Passphrase)]
        recipients: list[Recipient] = []
        for line in opened.recipients:
            recipient = read_recipient(line)
            if isinstance(recipient, BadKey):
                return recipient
            recipients.append(recipient)
        return recipients

    def _save(self, opened: _Opened, recipients: Sequence[Recipient]) -> Declined | Unavailable | None:
        content = json.dumps(
            {
                "v": _VERSION,
                "recipients": opened.recipients,
                "secrets": [[key.profile, key.name, to_plain(kept)] for key, kept in opened.records.items()],
            }
        ).encode()
        try:
            sealed = seal(content, recipients)
        except AgeError as error:
            return self._not_opened(NotOpened(error.fault, error.detail))
        if fault := replace_private(self.path, sealed):
            return fault
        if self._bytes() != sealed:
            return Unavailable(
                Reason.NOT_KEPT, f"{self.where} is not as it was written", "Look at the disk; set it again."
            )
        opened.digest = sha256(sealed).digest()
        opened.used = self._clock()
        self._opened = opened
        return None

    def _current(self) -> _Opened | Unavailable:
        """What the file holds now; opened again with the same key when another program changed it."""
        data = self._bytes()
        if isinstance(data, Unavailable):
            return data
        opened = self._still_open()
        if opened is None:
            return self._locked()
        if sha256(data).digest() != opened.digest:
            again = self._open(data, opened.identities)
            if isinstance(again, Declined):
                self.lock()
                return Unavailable(again.reason, again.detail, "It was sealed again elsewhere: unlock it again.")
            if isinstance(again, Unavailable):
                return again
            self._opened = opened = again
        opened.used = self._clock()
        return opened

    def _still_open(self) -> _Opened | None:
        opened = self._opened
        if opened and self._relock_after is not None and self._clock() - opened.used >= self._relock_after:
            self.lock()
        return self._opened

    def _open(self, data: bytes, identities: tuple[Identity, ...]) -> _Opened | Declined | Unavailable:
        content = open_sealed(data, identities)
        if isinstance(content, NotOpened):
            if content.fault in (AgeFault.NO_MATCH, AgeFault.MAC):
                return Declined(Reason.WRONG_KEY, f"{self.where} does not open: {content.message}", "Try again.")
            return self._not_opened(content)
        read = _read(content)
        if read is None:
            return Unavailable(
                Reason.DAMAGED,
                f"{self.where} was not written by this version of omtui",
                "Open it with the version that wrote it.",
            )
        return _Opened(sha256(data).digest(), read[0], read[1], identities, self._clock())

    def _bytes(self) -> bytes | Unavailable:
        data = read_private(self.path)
        return self._no_vault() if isinstance(data, NoFile) else data

    def _no_vault(self) -> Unavailable:
        return Unavailable(
            Reason.NO_VAULT, f"there is no vault yet at {plain(self.path)}", "Make one: omtui vault init"
        )

    def _locked(self) -> Unavailable:
        return Unavailable(Reason.LOCKED, f"{self.where} is locked", "Unlock it: omtui vault unlock")

    def _not_opened(self, answer: NotOpened) -> Unavailable:
        reasons = {AgeFault.TOO_COSTLY: Reason.TOO_COSTLY, AgeFault.NO_MEMORY: Reason.NO_MEMORY}
        remedies = {
            AgeFault.TOO_COSTLY: "If the file is as you made it, raise highest_work_factor in the settings.",
            AgeFault.NO_MEMORY: "The file is unchanged: close other programs, or raise the memory limit (ulimit -v).",
        }
        return Unavailable(
            reasons.get(answer.fault, Reason.DAMAGED),
            f"{self.where} does not open: {answer.message}",
            remedies.get(
                answer.fault, "Put back a copy of the file from a backup, or move it away and make a new one."
            ),
        )


def _lines(recipients: Sequence[Recipient]) -> tuple[str, ...]:
    return tuple(str(recipient) for recipient in recipients if not isinstance(recipient, Passphrase))


def _read(content: bytes) -> tuple[Records, tuple[str, ...]] | None:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return None
    match data:
        case {"v": 1, "recipients": list(lines), "secrets": list(entries)}:
            records: Records = {}
            for entry in entries:
                match entry:
                    case [str(profile), str(name), plain_record]:
                        record = from_plain(plain_record)
                        if record is None:
                            return None
                        records[SecretReference(profile, name)] = record
                    case _:
                        return None
            return records, tuple(str(line) for line in lines)
        case _:
            return None
