"""The stores of this machine for one run of the program: which one is chosen, and what of it is open."""

import copy
import hashlib
import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from shutil import which

from omtui.credentials import kernel_cache
from omtui.credentials.age.recipients import Identity, Recipient
from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.command_store import CommandStore
from omtui.credentials.deadline import STORE_SECONDS, TimedOut, call_within
from omtui.credentials.keyring_session import PROGRAMS, KeyringSession, session_exists, start_session
from omtui.credentials.keyring_unlock import unlock_keyring
from omtui.credentials.keys import identities_of, passphrase_recipient, recipients_of, too_weak
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.secret import Secret
from omtui.credentials.settings import VARIABLE, CredentialSettings, Folders, choose_store, read_settings, user_folders
from omtui.credentials.store import BoundedStore, MemoryStore, Status, StoreKind, StoreState
from omtui.credentials.system_store import system_store
from omtui.credentials.vault import Vault
from omtui.plain_text import plain
from omtui.problem import Done

_VAULT_SECONDS = 30.0
"""A passphrase costs up to a second to derive, several on a busy or small machine."""

_COMMAND_SECONDS = 31.0


@dataclass(frozen=True)
class StoreChoice:
    """One of the ways to keep secrets here, for the person to choose from. Plain text is not one of them."""

    kind: StoreKind
    title: str
    possible: bool
    detail: str
    """What it means for the person, or why it is not possible here."""


class Machine:
    """Knows where secrets are kept here. Reads nothing and opens no store before its first use.

    `environ` is the process's own unless a test gives another.
    """

    def __init__(self, folders: Folders | None = None, environ: Mapping[str, str] | None = None) -> None:
        self.folders = folders or user_folders()
        self.environ = os.environ if environ is None else environ
        self._session: KeyringSession | None = None
        self._vault: Vault | None = None
        self._memory = MemoryStore()
        self._stores = {
            StoreKind.KEYRING: BoundedStore(system_store()),
            StoreKind.MEMORY: BoundedStore(self._memory),
        }
        self._making = threading.RLock()

    def choosing(self, kind: StoreKind) -> "Machine":
        """The same stores, as open as they are here, with another one chosen: for one call."""
        other = copy.copy(self)
        other.environ = {**self.environ, VARIABLE: kind.value}
        return other

    def settings(self) -> CredentialSettings | SecretProblem:
        """The current choice, read again each time (about 1 ms)."""
        return read_settings(self.folders, self.environ)

    def store(self) -> BoundedStore | SecretProblem:
        """The chosen store; as long as nobody has chosen, the operating system's. Never another one instead."""
        settings = self.settings()
        return settings if isinstance(settings, SecretProblem) else self.store_of(settings.store or StoreKind.KEYRING)

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        """The record of a reference in the chosen store."""
        store = self.store()
        return store if isinstance(store, SecretProblem) else store.read(reference)

    def write(self, reference: SecretReference, record: SecretRecord) -> Done | SecretProblem:
        """Keeps a record in the chosen store.

        Where nobody has chosen yet, the store that has kept one is remembered; a later fault changes nothing of that.
        """
        store = self.store()
        if isinstance(store, SecretProblem):
            return store
        written = store.write(reference, record)
        settings = self.settings()
        if isinstance(written, SecretProblem) or isinstance(settings, SecretProblem) or settings.store:
            return written
        chosen = written if store.kind is StoreKind.MEMORY else self.choose(store.kind)
        if isinstance(chosen, SecretProblem):
            return Done(f"{written}; the choice could not be remembered: {chosen.message}")
        return written

    def delete(self, reference: SecretReference) -> Done | SecretProblem:
        """Removes a record from the chosen store."""
        store = self.store()
        return store if isinstance(store, SecretProblem) else store.delete(reference)

    def store_of(self, kind: StoreKind) -> BoundedStore | SecretProblem:
        """The store of a kind, chosen or not. A vault that another command left open is open here too."""
        if kind is StoreKind.VAULT:
            vault = self.vault()
            if isinstance(vault, SecretProblem):
                return vault
            self._open_remembered(vault)
        with self._making:
            return self._store_of(kind)

    def _store_of(self, kind: StoreKind) -> BoundedStore | SecretProblem:
        if kind is StoreKind.SESSION and (self._session is None or not self._session.running):
            return SecretProblem(
                "the private keyring session is not running",
                "Start it with its password (omtui keyring session).",
                Reason.LOCKED,
            )
        if kind is StoreKind.COMMAND:
            settings = self.settings()  # its commands may have been edited meanwhile
            if isinstance(settings, SecretProblem):
                return settings
            return BoundedStore(CommandStore(settings.commands, self.folders.bindings), _COMMAND_SECONDS)
        return self._stores[kind]

    def vault(self) -> Vault | SecretProblem:
        """The vault of this machine, open or not, there or not."""
        with self._making:
            if self._vault is None:
                settings = self.settings()
                if isinstance(settings, SecretProblem):
                    return settings
                minutes = settings.relock_minutes
                self._vault = Vault(settings.vault_file, relock_after=None if minutes is None else minutes * 60)
                self._stores[StoreKind.VAULT] = BoundedStore(self._vault, _VAULT_SECONDS)
            return self._vault

    def status(self) -> Status:
        """The chosen store's state: always shown where secrets matter."""
        settings = self.settings()
        if isinstance(settings, SecretProblem):
            return Status(StoreKind.KEYRING, "the settings file cannot be used", settings)
        kind = settings.store or StoreKind.KEYRING
        store = self.store_of(kind)
        return Status(kind, kind.value, store) if isinstance(store, SecretProblem) else store.status()

    def keyring_status(self) -> Status:
        """The operating system's keyring, even where another store is chosen."""
        return self._stores[StoreKind.KEYRING].status()

    def choose(self, kind: StoreKind) -> Done | SecretProblem:
        """Remembers where secrets are kept on this machine. What another store holds stays there: see `move`."""
        return choose_store(self.folders, kind)

    def choices(self, known: Status | None = None) -> list[StoreChoice]:
        """All ways to keep secrets here, the safest first, each with why it is possible or not.

        `known` is the status of a store that was just asked for: a keyring that hangs takes 3 s each time.
        """
        settings = self.settings()
        commands = settings.commands if isinstance(settings, CredentialSettings) else ()
        status = known if known and known.kind is StoreKind.KEYRING else self.keyring_status()
        ready = status.is_ready
        openable = status.reason in (Reason.LOCKED, Reason.NO_KEYRING)
        return [
            StoreChoice(
                StoreKind.KEYRING,
                "The system's keyring" if ready or not openable else "The system's keyring, unlocked here",
                ready or openable,
                "kept by the operating system; any program of yours can ask it"
                if not status.problem
                else status.problem.message,
            ),
            _session_choice(self.folders),
            StoreChoice(
                StoreKind.VAULT, "An encrypted vault", True, "one file, opened with a passphrase or an SSH key"
            ),
            StoreChoice(
                StoreKind.COMMAND,
                "A command of yours",
                bool(commands),
                "pass, op, vault, oci …: asked each time"
                if commands
                else f"none in {plain(self.folders.settings)} yet",
            ),
            StoreChoice(StoreKind.MEMORY, "Memory only", True, "typed again each time omtui starts, never on a disk"),
        ]

    # The keyring

    def unlock_keyring(self, password: Secret, *, create: bool = False) -> Done | SecretProblem:
        """Unlocks the system's keyring with its password; with `create` makes one where there is none.

        A wrong password is a problem with reason `DENIED`; one more attempt costs nothing.
        """
        if create and (weak := too_weak(password, "this password is too weak for a keyring")):
            return weak
        answer = call_within(STORE_SECONDS, lambda: unlock_keyring(password, create=create))
        if isinstance(answer, TimedOut):
            return SecretProblem(
                f"the keyring did not answer within {answer.seconds:g} seconds",
                "It hangs, or waits for an answer on another screen: end or restart it.",
                Reason.TIMED_OUT,
            )
        return answer

    def start_session(self, password: Secret) -> KeyringSession | SecretProblem:
        """Starts the private keyring session, or gives the one that runs, and chooses it. It ends with this program.

        For `omtui keyring session -- PROGRAM` run the program with the session's `environment`.
        """
        is_new = not session_exists(self.folders.session)
        if is_new and (weak := too_weak(password, "this password is too weak for a keyring")):
            return weak
        if self._session is None or not self._session.running:
            session = start_session(password, self.folders.session)
            if isinstance(session, SecretProblem):
                return session
            self._session = session
            self._stores[StoreKind.SESSION] = BoundedStore(session.store)
        chosen = self.choose(StoreKind.SESSION)
        if isinstance(chosen, Done):
            return self._session
        self._end_session()
        return chosen

    def _end_session(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    # The vault

    def init_vault(self, *, passphrase: Secret | None = None, recipients: Sequence[str] = ()) -> Done | SecretProblem:
        """Makes the vault, sealed with a passphrase or for public keys (exactly one of both), and chooses it.

        It is open afterwards. Sealed for keys, it opens again only with one of the private halves.
        """
        sealing = self._sealing(passphrase, recipients)
        if isinstance(sealing, SecretProblem):
            return sealing
        vault, to, opened_with = sealing
        made = vault.create(to, opened_with)
        if not isinstance(made, Done):
            return made
        chosen = self.choose(StoreKind.VAULT)
        return made if isinstance(chosen, Done) else chosen

    def opens_with_passphrase(self) -> bool | SecretProblem:
        """Whether a passphrase opens the vault, else keys do."""
        vault = self.vault()
        return vault if isinstance(vault, SecretProblem) else vault.opens_with_passphrase()

    def unlock_vault(
        self, *, passphrase: Secret | None = None, identity: Secret | None = None, minutes: int | None = None
    ) -> Done | SecretProblem:
        """Opens the vault: with its passphrase, or with a private key (whose own passphrase is then `passphrase`).

        With `minutes` further commands find it open for so long, where the system can keep that in memory
        (`kernel_cache.MINUTES` is the usual time).
        """
        vault = self.vault()
        if isinstance(vault, SecretProblem):
            return vault
        needs_passphrase = vault.opens_with_passphrase()
        if isinstance(needs_passphrase, SecretProblem):
            return needs_passphrase
        if (identity is not None) == needs_passphrase:
            return SecretProblem(
                f"{vault.where} opens with {'a passphrase' if needs_passphrase else 'a private key'}",
                "Give its passphrase." if needs_passphrase else "Name the key file: --identity ~/.ssh/id_ed25519",
                Reason.WRONG_KEY,
            )
        identities = self.identities(passphrase, identity)
        if isinstance(identities, SecretProblem):
            return identities
        opened = vault.unlock(identities)
        if isinstance(opened, Done) and minutes:
            given = {"passphrase": passphrase, "identity": identity}
            text = json.dumps({name: secret.reveal() for name, secret in given.items() if secret is not None})
            if not kernel_cache.remember(_cache_name(vault), Secret(text), minutes * 60):
                return Done(f"{opened.message}, for this command only: this system keeps nothing between commands")
        return opened

    def identities(self, passphrase: Secret | None, identity: Secret | None) -> list[Identity] | SecretProblem:
        """What opens a sealed file with what a person gave, within what opening may cost on this machine."""
        settings = self.settings()
        if isinstance(settings, SecretProblem):
            return settings
        return identities_of(passphrase, identity, settings.highest_work_factor)

    def rekey_vault(self, *, passphrase: Secret | None = None, recipients: Sequence[str] = ()) -> Done | SecretProblem:
        """Seals the open vault with another passphrase or for other keys (exactly one of both).

        From a key to a passphrase or the other way round it is afterwards open with the new one.
        """
        sealing = self._sealing(passphrase, recipients)
        if isinstance(sealing, SecretProblem):
            return sealing
        vault, to, opened_with = sealing
        done = vault.rekey(to, opened_with or None)
        if isinstance(done, Done):
            self.forget_remembered()
        return done

    def vault_recipients(self) -> tuple[str, ...] | SecretProblem:
        """The public keys the open vault is sealed for; none when a passphrase opens it."""
        vault = self.vault()
        return vault if isinstance(vault, SecretProblem) else vault.recipients()

    def add_recipient(self, line: str) -> Done | SecretProblem:
        """Adds a key that opens the vault."""
        kept = self._keys_of_vault()
        return kept if isinstance(kept, SecretProblem) else self.rekey_vault(recipients=[*kept, line])

    def remove_recipient(self, line: str) -> Done | SecretProblem:
        """Seals the vault so that this key opens it no more. Older copies of the file still open with it."""
        kept = self._keys_of_vault()
        if isinstance(kept, SecretProblem):
            return kept
        given = " ".join(line.split()[:2])
        rest = [recipient for recipient in kept if recipient != given]
        if len(rest) == len(kept):
            fix = "See omtui vault recipients."
            return SecretProblem("the vault is not sealed for this key", fix, Reason.BAD_RECIPIENT)
        if not rest:
            fix = "Add another one first, or rekey it."
            return SecretProblem("this is the last key that opens the vault", fix, Reason.BAD_RECIPIENT)
        return self.rekey_vault(recipients=rest)

    def _keys_of_vault(self) -> tuple[str, ...] | SecretProblem:
        return self.vault_recipients() or SecretProblem(
            "this vault opens with a passphrase, which allows no other recipient",
            "Seal it for keys instead: omtui vault rekey --to …",
            Reason.BAD_RECIPIENT,
        )

    def _sealing(
        self, passphrase: Secret | None, lines: Sequence[str]
    ) -> tuple[Vault, list[Recipient], list[Identity]] | SecretProblem:
        if (passphrase is None) == (not lines):
            return SecretProblem(
                "a vault is sealed with a passphrase or for keys, with one of the two",
                "Give a passphrase, or recipients (age1…, ssh-ed25519 …).",
                Reason.BAD_RECIPIENT,
            )
        recipients = recipients_of(lines) if passphrase is None else passphrase_recipient(passphrase)
        if isinstance(recipients, SecretProblem):
            return recipients
        vault = self.vault()
        if isinstance(vault, SecretProblem):
            return vault
        identities = self.identities(passphrase, None)
        return identities if isinstance(identities, SecretProblem) else (vault, recipients, identities)

    # Ending

    def forget_remembered(self) -> None:
        """Further commands find the vault locked again."""
        vault = self.vault()
        if isinstance(vault, Vault):
            kernel_cache.forget(_cache_name(vault))

    def lock(self) -> Done:
        """Forgets everything that is open: the vault, the session, what is kept in memory or in the kernel."""
        self.forget_remembered()
        self.close()
        return Done("everything is locked")

    def close(self) -> None:
        """At the end of the program. What the kernel remembers for further commands stays for its minutes."""
        if self._vault is not None:
            self._vault.lock()
        self._end_session()
        self._memory.forget()

    def _open_remembered(self, vault: Vault) -> None:
        if vault.status().state is not StoreState.LOCKED:
            return
        text = kernel_cache.recall(_cache_name(vault))
        if text is None:
            return
        given = {name: Secret(value) for name, value in json.loads(text.reveal()).items()}
        identities = self.identities(given.get("passphrase"), given.get("identity"))
        if not isinstance(identities, SecretProblem):
            vault.unlock(identities)


def _session_choice(folders: Folders) -> StoreChoice:
    title = "A private keyring session"
    missing = [name for name in PROGRAMS if which(name) is None]
    if sys.platform != "linux" or missing:
        return StoreChoice(
            StoreKind.SESSION, title, False, f"not installed: {', '.join(missing)}" if missing else "Linux only"
        )
    known = "opened with its password" if session_exists(folders.session) else "made with a password you choose"
    return StoreChoice(StoreKind.SESSION, title, True, f"{known}; ends with omtui")


def _cache_name(vault: Vault) -> str:
    return "vault:" + hashlib.sha256(str(vault.path).encode()).hexdigest()[:16]
