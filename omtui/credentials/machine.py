"""The stores of this machine for one run of the program: which one is chosen, and what of it is open."""

import copy
import hashlib
import json
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from omtui.credentials import kernel_cache
from omtui.credentials.answer import Completed, Declined, Unavailable
from omtui.credentials.command_store import CommandStore
from omtui.credentials.keyring_session import KeyringSession, session_exists, start_session
from omtui.credentials.keys import identities_of
from omtui.credentials.reason import Reason
from omtui.credentials.secret import Secret
from omtui.credentials.settings import VARIABLE, CredentialSettings, Folders, choose_store, read_settings, user_folders
from omtui.credentials.store import BoundedStore, MemoryStore, Status, Store, StoreKind, StoreState
from omtui.credentials.system_store import system_store
from omtui.credentials.vault import Vault
from omtui.plain_text import plain

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
        self._folders = folders
        self._environ = environ
        self._session: KeyringSession | None = None
        self._stores: dict[StoreKind, BoundedStore] = {}
        self._vault: Vault | None = None
        self._memory = MemoryStore()
        self._making = threading.RLock()

    @property
    def folders(self) -> Folders:
        """Where this user's files are."""
        if self._folders is None:
            self._folders = user_folders()
        return self._folders

    def choosing(self, kind: StoreKind) -> "Machine":
        """The same stores, as open as they are here, with another one chosen: for one call."""
        other = copy.copy(self)
        other._environ = {**(os.environ if self._environ is None else self._environ), VARIABLE: kind.value}
        return other

    def settings(self) -> CredentialSettings | Unavailable:
        """The current choice, read again each time (about 1 ms)."""
        return read_settings(self.folders, self._environ)

    def store(self) -> BoundedStore | Unavailable:
        """The chosen store; as long as nobody has chosen, the operating system's. Never another one instead."""
        settings = self.settings()
        return settings if isinstance(settings, Unavailable) else self.store_of(settings.store or StoreKind.KEYRING)

    def store_of(self, kind: StoreKind) -> BoundedStore | Unavailable:
        """The store of a kind, chosen or not. A vault that another command left open is open here too."""
        if kind is StoreKind.VAULT:
            vault = self.vault()
            if isinstance(vault, Unavailable):
                return vault
            self._open_remembered(vault)
        with self._making:
            return self._store_of(kind)

    def _store_of(self, kind: StoreKind) -> BoundedStore | Unavailable:
        if kind is StoreKind.SESSION and (self._session is None or not self._session.running):
            self._stores.pop(StoreKind.SESSION, None)
            return Unavailable(
                Reason.LOCKED,
                "the private keyring session is not running",
                "Start it with its password (omtui keyring session).",
            )
        if kind is StoreKind.COMMAND:
            self._stores.pop(StoreKind.COMMAND, None)  # its commands may have been edited meanwhile
        if kind not in self._stores:
            made = self._make(kind)
            if isinstance(made, Unavailable):
                return made
            self._stores[kind] = made
        return self._stores[kind]

    def vault(self) -> Vault | Unavailable:
        """The vault of this machine, open or not, there or not."""
        with self._making:
            if self._vault is None:
                settings = self.settings()
                if isinstance(settings, Unavailable):
                    return settings
                minutes = settings.relock_minutes
                self._vault = Vault(settings.vault_file, relock_after=None if minutes is None else minutes * 60)
            return self._vault

    def status(self) -> Status:
        """The chosen store's state: always shown where secrets matter."""
        settings = self.settings()
        if isinstance(settings, Unavailable):
            where = "the settings file cannot be used"
            return Status(
                StoreKind.KEYRING, where, StoreState.UNREACHABLE, settings.detail, settings.remedy, settings.reason
            )
        kind = settings.store or StoreKind.KEYRING
        store = self.store_of(kind)
        if isinstance(store, Unavailable):
            state = StoreState.LOCKED if store.reason is Reason.LOCKED else StoreState.UNREACHABLE
            return Status(kind, kind.value, state, store.detail, store.remedy, store.reason)
        return store.status()

    def choose(self, kind: StoreKind) -> Completed | Declined | Unavailable:
        """Remembers where secrets are kept on this machine. What another store holds stays there: see `move`."""
        return choose_store(self.folders, kind)

    def pin(self, kind: StoreKind) -> Unavailable | None:
        """Remembers a store that has just kept a secret, if nobody has chosen yet; a later fault changes nothing."""
        settings = self.settings()
        if isinstance(settings, Unavailable) or settings.store is not None or kind is StoreKind.MEMORY:
            return None
        chosen = choose_store(self.folders, kind)
        return chosen if isinstance(chosen, Unavailable) else None

    def keyring_status(self) -> Status:
        """The operating system's keyring, even where another store is chosen."""
        store = self.store_of(StoreKind.KEYRING)
        if isinstance(store, Unavailable):
            return Status(
                StoreKind.KEYRING, "the keyring", StoreState.UNREACHABLE, store.detail, store.remedy, store.reason
            )
        return store.status()

    def choices(self, keyring: Status | None = None) -> list[StoreChoice]:
        """All ways to keep secrets here, the safest first, each with why it is possible or not.

        `keyring` is its status, if it was just asked for: a keyring that hangs takes 3 s each time.
        """
        settings = self.settings()
        commands = settings.commands if isinstance(settings, CredentialSettings) else ()
        status = keyring or self.keyring_status()
        ready = status.state is StoreState.READY
        openable = status.reason in (Reason.LOCKED, Reason.NO_KEYRING)
        return [
            StoreChoice(
                StoreKind.KEYRING,
                "The system's keyring" if ready or not openable else "The system's keyring, unlocked here",
                ready or openable,
                "kept by the operating system; any program of yours can ask it" if ready else status.detail,
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

    def start_session(self, password: Secret) -> KeyringSession | Declined | Unavailable:
        """Starts the private keyring session, or gives the one that runs."""
        if self._session is not None and self._session.running:
            return self._session
        session = start_session(password, self.folders.session)
        if isinstance(session, KeyringSession):
            self._session = session
            self._stores[StoreKind.SESSION] = BoundedStore(session.store)
        return session

    def remember_vault(self, vault: Vault, key: Mapping[str, Secret], minutes: int) -> bool:
        """Keeps the vault open to further commands for so many minutes; false where that cannot be done."""
        text = json.dumps({name: secret.reveal() for name, secret in key.items()})
        return kernel_cache.remember(_cache_name(vault), Secret(text), minutes * 60)

    def forget_remembered(self) -> None:
        """Further commands find the vault locked again."""
        vault = self.vault()
        if isinstance(vault, Vault):
            kernel_cache.forget(_cache_name(vault))

    def lock(self) -> None:
        """Forgets everything that is open: the vault, the session, what is kept in memory or in the kernel."""
        self.forget_remembered()
        self.close()

    def close(self) -> None:
        """At the end of the program. What the kernel remembers for further commands stays for its minutes."""
        if self._vault is not None:
            self._vault.lock()
        if self._session is not None:
            self._session.close()
            self._session = None
            self._stores.pop(StoreKind.SESSION, None)
        self._memory.forget()

    def _make(self, kind: StoreKind) -> BoundedStore | Unavailable:
        if kind is StoreKind.MEMORY:
            return BoundedStore(self._memory)
        if kind is StoreKind.KEYRING:
            return BoundedStore(system_store())
        settings = self.settings()
        if isinstance(settings, Unavailable):
            return settings
        if kind is StoreKind.COMMAND:
            store: Store = CommandStore(settings.commands, self.folders.bindings)
            return BoundedStore(store, _COMMAND_SECONDS)
        vault = self.vault()
        return vault if isinstance(vault, Unavailable) else BoundedStore(vault, _VAULT_SECONDS)

    def _open_remembered(self, vault: Vault) -> None:
        if vault.status().state is not StoreState.LOCKED:
            return
        text = kernel_cache.recall(_cache_name(vault))
        if text is None:
            return
        settings = self.settings()
        if isinstance(settings, Unavailable):
            return
        key = {name: Secret(value) for name, value in json.loads(text.reveal()).items()}
        identities = identities_of(key, settings.highest_work_factor)
        if not isinstance(identities, Declined):
            vault.unlock(identities)


def _session_choice(folders: Folders) -> StoreChoice:
    from shutil import which

    title = "A private keyring session"
    missing = [name for name in ("dbus-daemon", "gnome-keyring-daemon") if which(name) is None]
    if sys.platform != "linux" or missing:
        return StoreChoice(
            StoreKind.SESSION, title, False, f"not installed: {', '.join(missing)}" if missing else "Linux only"
        )
    known = "opened with its password" if session_exists(folders.session) else "made with a password you choose"
    return StoreChoice(StoreKind.SESSION, title, True, f"{known}; ends with omtui")


def _cache_name(vault: Vault) -> str:
    return "vault:" + hashlib.sha256(str(vault.path).encode()).hexdigest()[:16]
