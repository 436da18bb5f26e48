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
from omtui.credentials.answer import Done, Refused, Unavailable
from omtui.credentials.command_store import CommandStore
from omtui.credentials.keyring_session import KeyringSession, session_exists, start_session
from omtui.credentials.keys import identities_of
from omtui.credentials.reason import Reason
from omtui.credentials.secret import Secret
from omtui.credentials.settings import VARIABLE, Folders, Settings, choose_store, read_settings, user_folders
from omtui.credentials.store import BoundedStore, Kind, MemoryStore, State, Status, Store
from omtui.credentials.system_store import system_store
from omtui.credentials.vault import Vault
from omtui.plain_text import plain

_VAULT_SECONDS = 30.0
"""A passphrase costs up to a second to derive, several on a busy or small machine."""

_COMMAND_SECONDS = 31.0


@dataclass(frozen=True)
class Choice:
    """One of the ways to keep secrets here, for the person to choose from. Plain text is none of them."""

    kind: Kind
    title: str
    possible: bool
    detail: str
    """What it means for the person, or why it is not possible here."""


class Machine:
    """Knows where secrets are kept here. Makes, reads and asks nothing before it is first asked itself.

    `environ` is the process's own unless a test gives another.
    """

    def __init__(self, folders: Folders | None = None, environ: Mapping[str, str] | None = None) -> None:
        self._folders = folders
        self._environ = environ
        self._session: KeyringSession | None = None
        self._stores: dict[Kind, BoundedStore] = {}
        self._vault: Vault | None = None
        self._memory = MemoryStore()
        self._making = threading.RLock()

    @property
    def folders(self) -> Folders:
        """Where this user's files are."""
        if self._folders is None:
            self._folders = user_folders()
        return self._folders

    def choosing(self, kind: Kind) -> "Machine":
        """The same stores, as open as they are here, with another one chosen: for one call."""
        other = copy.copy(self)
        other._environ = {**(os.environ if self._environ is None else self._environ), VARIABLE: kind.value}
        return other

    def settings(self) -> Settings | Unavailable:
        """The choice as it stands; read anew each time, a matter of a millisecond."""
        return read_settings(self.folders, self._environ)

    def store(self) -> BoundedStore | Unavailable:
        """The chosen store; as long as nobody has chosen, the operating system's. Never another in its stead."""
        settings = self.settings()
        return settings if isinstance(settings, Unavailable) else self.store_of(settings.store or Kind.KEYRING)

    def store_of(self, kind: Kind) -> BoundedStore | Unavailable:
        """The store of a kind, chosen or not. A vault that another command left open is open here too."""
        if kind is Kind.VAULT:
            vault = self.vault()
            if isinstance(vault, Unavailable):
                return vault
            self._open_remembered(vault)
        with self._making:
            return self._store_of(kind)

    def _store_of(self, kind: Kind) -> BoundedStore | Unavailable:
        if kind is Kind.SESSION and (self._session is None or not self._session.running):
            self._stores.pop(Kind.SESSION, None)
            return Unavailable(
                Reason.LOCKED,
                "the private keyring session is not running",
                "Start it with its password (omtui keyring session).",
            )
        if kind is Kind.COMMAND:
            self._stores.pop(Kind.COMMAND, None)  # its commands may have been edited meanwhile
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
            return Status(Kind.KEYRING, where, State.UNREACHABLE, settings.detail, settings.remedy, settings.reason)
        kind = settings.store or Kind.KEYRING
        store = self.store_of(kind)
        if isinstance(store, Unavailable):
            state = State.LOCKED if store.reason is Reason.LOCKED else State.UNREACHABLE
            return Status(kind, kind.value, state, store.detail, store.remedy, store.reason)
        return store.status()

    def choose(self, kind: Kind) -> Done | Refused | Unavailable:
        """Remembers where secrets are kept on this machine. What another store holds stays there: see `move`."""
        return choose_store(self.folders, kind)

    def pin(self, kind: Kind) -> Unavailable | None:
        """Remembers a store that has just kept a secret, if nobody has chosen yet; a later fault changes nothing."""
        settings = self.settings()
        if isinstance(settings, Unavailable) or settings.store is not None or kind is Kind.MEMORY:
            return None
        chosen = choose_store(self.folders, kind)
        return chosen if isinstance(chosen, Unavailable) else None

    def keyring_status(self) -> Status:
        """The operating system's keyring, whatever is chosen: reachable, locked, and why not."""
        store = self.store_of(Kind.KEYRING)
        if isinstance(store, Unavailable):
            return Status(Kind.KEYRING, "the keyring", State.UNREACHABLE, store.detail, store.remedy, store.reason)
        return store.status()

    def choices(self, keyring: Status | None = None) -> list[Choice]:
        """All ways to keep secrets here, the safest first, each with why it is possible or not.

        `keyring` is its status, if it was just asked for: a keyring that hangs takes 3 s each time.
        """
        settings = self.settings()
        commands = settings.commands if isinstance(settings, Settings) else ()
        status = keyring or self.keyring_status()
        ready = status.state is State.READY
        openable = status.reason in (Reason.LOCKED, Reason.NO_KEYRING)
        return [
            Choice(
                Kind.KEYRING,
                "The system's keyring" if ready or not openable else "The system's keyring, unlocked here",
                ready or openable,
                "kept by the operating system; any program of yours can ask it" if ready else status.detail,
            ),
            _session_choice(self.folders),
            Choice(Kind.VAULT, "An encrypted vault", True, "one file, opened with a passphrase or an SSH key"),
            Choice(
                Kind.COMMAND,
                "A command of yours",
                bool(commands),
                "pass, op, vault, oci …: asked each time"
                if commands
                else f"none in {plain(self.folders.settings)} yet",
            ),
            Choice(Kind.MEMORY, "Memory only", True, "typed anew each time omtui starts, never on a disk"),
        ]

    def start_session(self, password: Secret) -> KeyringSession | Refused | Unavailable:
        """Starts the private keyring session, or gives the one that runs."""
        if self._session is not None and self._session.running:
            return self._session
        session = start_session(password, self.folders.session)
        if isinstance(session, KeyringSession):
            self._session = session
            self._stores[Kind.SESSION] = BoundedStore(session.store)
        return session

    def remember_vault(self, vault: Vault, key: Mapping[str, Secret], minutes: int) -> bool:
        """Lets further commands open the vault for so many minutes; false where that cannot be done."""
        text = json.dumps({name: secret.reveal() for name, secret in key.items()})
        return kernel_cache.remember(_cache_name(vault), Secret(text), minutes * 60)

    def forget_remembered(self) -> None:
        """Further commands find the vault locked again."""
        vault = self.vault()
        if isinstance(vault, Vault):
            kernel_cache.forget(_cache_name(vault))

    def lock(self) -> None:
        """Lets everything go that is open: the vault, the session, what is kept in memory or in the kernel."""
        self.forget_remembered()
        self.close()

    def close(self) -> None:
        """At the end of the program. What the kernel remembers for further commands stays for its minutes."""
        if self._vault is not None:
            self._vault.lock()
        if self._session is not None:
            self._session.close()
            self._session = None
            self._stores.pop(Kind.SESSION, None)
        self._memory.forget()

    def _make(self, kind: Kind) -> BoundedStore | Unavailable:
        if kind is Kind.MEMORY:
            return BoundedStore(self._memory)
        if kind is Kind.KEYRING:
            return BoundedStore(system_store())
        settings = self.settings()
        if isinstance(settings, Unavailable):
            return settings
        if kind is Kind.COMMAND:
            store: Store = CommandStore(settings.commands, self.folders.bindings)
            return BoundedStore(store, _COMMAND_SECONDS)
        vault = self.vault()
        return vault if isinstance(vault, Unavailable) else BoundedStore(vault, _VAULT_SECONDS)

    def _open_remembered(self, vault: Vault) -> None:
        if vault.status().state is not State.LOCKED:
            return
        text = kernel_cache.recall(_cache_name(vault))
        if text is None:
            return
        settings = self.settings()
        if isinstance(settings, Unavailable):
            return
        key = {name: Secret(value) for name, value in json.loads(text.reveal()).items()}
        identities = identities_of(key, settings.highest_work_factor)
        if not isinstance(identities, Refused):
            vault.unlock(identities)


def _session_choice(folders: Folders) -> Choice:
    from shutil import which

    title = "A private keyring session"
    missing = [name for name in ("dbus-daemon", "gnome-keyring-daemon") if which(name) is None]
    if sys.platform != "linux" or missing:
        return Choice(Kind.SESSION, title, False, f"not installed: {', '.join(missing)}" if missing else "Linux only")
    known = "opened with its password" if session_exists(folders.session) else "made with a password you choose"
    return Choice(Kind.SESSION, title, True, f"{known}; ends with omtui")


def _cache_name(vault: Vault) -> str:
    return "vault:" + hashlib.sha256(str(vault.path).encode()).hexdigest()[:16]
