"""Secrets as both fronts see them: the stores of this machine, made when they are first needed, and what was learned.

Nothing here asks a store by itself. What is learned when somebody asks stays known for the run, so that sheets and
checks can show it without asking again. Every method may wait for a store (seconds): from a screen they are called
through `credentials.deadline.call_off_loop`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from omtui.problem import Done, Outcome, Problem

if TYPE_CHECKING:
    from omtui.credentials.answer import Absent, Completed, Declined, Unavailable
    from omtui.credentials.destination import Destination
    from omtui.credentials.keyring_session import KeyringSession
    from omtui.credentials.machine import Machine, StoreChoice
    from omtui.credentials.matrix import CredentialFacts, Matrix
    from omtui.credentials.secret import Secret
    from omtui.credentials.sign_in import SignIn
    from omtui.credentials.store import Status, StoreKind
    from omtui.credentials.verbs import Moved, NotAllowed, TrialPlan
    from omtui.service.former_names import FormerNames
    from omtui.setup.place import Data

    Answer = Completed | Declined | Absent | Unavailable


ENDING = 0.7
"""How long letting go may take, in seconds."""


@dataclass(frozen=True, slots=True)
class Leave:
    """What a person allows for one attempt to sign in, having been told what it means."""

    plain_http: bool = False
    bad_certificate: bool = False
    again: bool = False


class Secrets:
    """The secrets of a library's profiles. Nothing is opened, read or asked before a method needs it."""

    def __init__(
        self, environment: Mapping[str, str] | None = None, *, former_names: FormerNames | None = None
    ) -> None:
        self._environment = environment
        self._former = former_names
        self._known: dict[tuple[str, str], CredentialFacts] = {}

    @cached_property
    def machine(self) -> Machine:
        """The stores of this machine. From here on no crash and no log writes a secret down."""
        from omtui.credentials.leaks import forbid_core_dumps
        from omtui.credentials.machine import Machine
        from omtui.credentials.redact import protect_logging

        forbid_core_dumps()
        protect_logging()
        return Machine(environ=os.environ if self._environment is None else self._environment)

    def close(self) -> None:
        """At the end of the program: let go what is open. Nothing happens if nothing was ever needed."""
        if "machine" in self.__dict__:
            from omtui.credentials.deadline import call_within

            # A store in the middle of something must not keep the program: what is left ends with it.
            call_within(ENDING, self.machine.close)

    # Looking

    def status(self) -> Status:
        """Where secrets are kept, and whether that can be reached."""
        return self.machine.status()

    def of(self, profile: Data) -> tuple[list[CredentialFacts], Status]:
        """Every credential of a profile, and the state of the store. Without a store nothing is known of them."""
        from omtui.credentials.verbs import list_secrets

        self.bring()
        facts, status = list_secrets(self.machine, profile)
        self._learn(facts)
        return facts, status

    def over(self, profiles: Sequence[Data]) -> tuple[Matrix, Status]:
        """The same over all profiles of a library."""
        from omtui.credentials.verbs import list_all

        self.bring()
        matrix, status = list_all(self.machine, profiles)
        self._learn(matrix.cells.values())
        return matrix, status

    def _learn(self, facts: object) -> None:
        known = {(each.profile, each.name): each for each in facts}  # type: ignore[attr-defined]
        self._known = {**self._known, **known}

    def known(self, profile: Data, name: str) -> CredentialFacts | None:
        """What was learned of a credential in this run; `None` when nobody asked yet. Asks no store."""
        if not self._known:
            return None
        from omtui.credentials.uses import profile_name

        return self._known.get((profile_name(profile), name))

    def names_known(self, profile: Data) -> frozenset[str] | None:
        """The credentials of a profile that are in the store, for the checks; `None` unless all of them are known.

        Asks no store: it is what was learned in this run.
        """
        if not self._known:
            return None
        from omtui.credentials.matrix import Presence
        from omtui.credentials.uses import credential_names

        facts = [self.known(profile, name) for name in credential_names(profile)]
        if any(each is None or each.presence is Presence.UNKNOWN for each in facts):
            return None
        return frozenset(each.name for each in facts if each is not None and each.presence is Presence.SET)

    # Changing

    def keep(self, profile: Data, name: str, secret: Secret) -> Outcome:
        """Keep a secret, in place of the one there may be."""
        from omtui.credentials.uses import profile_name
        from omtui.credentials.verbs import set_secret

        brought = self.bring()
        if isinstance(brought, Problem) and self._former and self._former.awaits(profile_name(profile)):
            return brought  # what is kept under this name is still another's
        return outcome_of(set_secret(self.machine, profile, name, secret))

    def delete(self, profile: Data, name: str) -> Outcome:
        """Remove a secret; also one whose name the profile no longer has."""
        from omtui.credentials.verbs import delete_secret

        self.bring()
        return outcome_of(delete_secret(self.machine, profile, name))

    def bring(self) -> Outcome | None:
        """Move what is still kept under former names of profiles; what came of it, `None` where there is nothing."""
        from omtui.credentials.answer import Absent, Completed, Unavailable
        from omtui.credentials.verbs import rename_profile_secrets

        count, owed = 0, self._former.left() if self._former else []
        refused: Problem | None = None
        stuck: set[str] = set()
        for each in owed:
            if stuck & {each.old, each.new}:
                continue
            moved = rename_profile_secrets(self.machine, each.old, each.new, each.credentials)
            outcomes = [moved] if isinstance(moved, Unavailable) else [one.outcome for one in moved]
            count += sum(isinstance(one, Completed) for one in outcomes)
            if failed := next((one for one in outcomes if not isinstance(one, Completed | Absent)), None):
                refused = refused or Problem(f"{each}: {failed.detail.rstrip('.')}", failed.remedy)
                stuck |= {each.old, each.new}
            else:
                each.drop()
        if refused is not None:
            return refused
        if not owed:
            return None
        return Done(f"{count} secret{'' if count == 1 else 's'} went along" if count else "there were no secrets")

    def are_kept(self) -> bool:
        """Whether a store was chosen here: that happens with the first secret that is kept. Asks no store."""
        from omtui.credentials.settings import CredentialSettings

        settings = self.machine.settings()
        return not isinstance(settings, CredentialSettings) or settings.store is not None

    def take_over(self, profile: Data, old: str, new: str) -> Outcome:
        """Keep the secret under another name: its credential was renamed in the profile."""
        from omtui.credentials.answer import Absent, Unavailable
        from omtui.credentials.verbs import rename_secret

        moved = rename_secret(self.machine, profile, old, new)
        if isinstance(moved, Unavailable):
            return outcome_of(moved)
        if not moved or isinstance(moved[0].outcome, Absent):
            return Problem("the store has no secret under that name", "look up what the credential was called before")
        return outcome_of(moved[0].outcome)

    def move(
        self, profile: Data, to: StoreKind, *, names: Sequence[str] | None = None, source: StoreKind | None = None
    ) -> list[Moved] | Declined | Unavailable:
        """Move a profile's secrets to another store, from the chosen one unless another is named."""
        from omtui.credentials.verbs import move_secrets

        machine = self.machine if source is None else self.machine.choosing(source)
        return move_secrets(machine, [profile], to, names=names)

    # Where secrets may go

    def not_allowed(self, profile: Data, name: str) -> NotAllowed | Absent | Unavailable:
        """The places a secret would go to but was not entered for, beside those it was."""
        from omtui.credentials.verbs import not_allowed

        return not_allowed(self.machine, profile, name)

    def allow(self, profile: Data, name: str, wanted: Sequence[Destination]) -> Outcome:
        """Let a secret go to places that a person has just seen and said yes to."""
        from omtui.credentials.verbs import allow_destinations

        return outcome_of(allow_destinations(self.machine, profile, name, wanted))

    # Trying

    def plan(self, profile: Data, name: str, place: str | None = None) -> TrialPlan | Declined | Unavailable:
        """What a test would do: shown before it is done."""
        from omtui.credentials.verbs import trial_plan

        return trial_plan(self.machine, profile, name, place=place)

    def attempt(
        self, profile: Data, name: str, place: str | None = None, leave: Leave | None = None
    ) -> SignIn | Declined | Absent | Unavailable:
        """Sign in once, and remember what came of it."""
        from omtui.credentials.verbs import try_secret

        given = leave or Leave()
        return try_secret(
            self.machine,
            profile,
            name,
            place=place,
            allow_plain_http=given.plain_http,
            allow_bad_certificate=given.bad_certificate,
            again=given.again,
        )

    # Where secrets are kept

    def choices(self, status: Status | None = None) -> list[StoreChoice]:
        """All ways to keep secrets on this machine, each with what it means or why it is not possible.

        `status` is what `status` said just now: a keyring that hangs is not asked twice.
        """
        from omtui.credentials.store import StoreKind

        return self.machine.choices(status if status is not None and status.kind is StoreKind.KEYRING else None)

    def choose(self, kind: StoreKind) -> Outcome:
        """Remember for this machine where secrets are kept."""
        return outcome_of(self.machine.choose(kind))

    def unlock_keyring(self, password: Secret, *, create: bool = False) -> Outcome:
        """Open the system's keyring with its password, or make one."""
        from omtui.credentials.keyring_verbs import unlock_keyring

        return outcome_of(unlock_keyring(self.machine, password, create=create))

    def start_session(self, password: Secret) -> KeyringSession | Declined | Unavailable:
        """Start the private keyring session and choose it. It ends with this program."""
        from omtui.credentials.keyring_verbs import start_private_session

        return start_private_session(self.machine, password)

    def make_vault(self, *, passphrase: Secret | None = None, recipients: Sequence[str] = ()) -> Outcome:
        """Make the vault and choose it; it is open afterwards."""
        from omtui.credentials.vault_verbs import init_vault

        return outcome_of(init_vault(self.machine, passphrase=passphrase, recipients=recipients))

    def unlock_vault(
        self, *, passphrase: Secret | None = None, identity: Secret | None = None, minutes: int | None = None
    ) -> Outcome:
        """Open the vault; with `minutes` for further commands too, where the system can keep that."""
        from omtui.credentials.vault_verbs import unlock_vault

        return outcome_of(unlock_vault(self.machine, passphrase=passphrase, identity=identity, minutes=minutes))

    def vault_wants_passphrase(self) -> bool | Unavailable:
        """Whether a passphrase opens the vault, else keys do."""
        from omtui.credentials.answer import Unavailable

        vault = self.machine.vault()
        return vault if isinstance(vault, Unavailable) else vault.opens_with_passphrase()

    def vault_keys(self) -> tuple[str, ...] | Problem:
        """The public keys for which the open vault is sealed; none when a passphrase opens it."""
        from omtui.credentials.vault_verbs import vault_recipients

        kept = vault_recipients(self.machine)
        return kept if isinstance(kept, tuple) else Problem(sentence(kept))

    def add_vault_key(self, line: str) -> Outcome:
        """Let one more key open the vault."""
        from omtui.credentials.vault_verbs import add_recipient

        return outcome_of(add_recipient(self.machine, line))

    def remove_vault_key(self, line: str) -> Outcome:
        """Let a key open the vault no more."""
        from omtui.credentials.vault_verbs import remove_recipient

        return outcome_of(remove_recipient(self.machine, line))


def outcome_of(answer: Answer) -> Outcome:
    """An answer of the engine as both fronts tell outcomes."""
    from omtui.credentials.answer import Absent, Completed

    if isinstance(answer, Completed):
        return Done(answer.detail)
    if isinstance(answer, Absent):
        return Problem("there is no such secret in the store. Set it first")
    return Problem(sentence(answer))


def sentence(answer: Declined | Unavailable) -> str:
    """Why something was not done, and what helps."""
    return f"{answer.detail.rstrip('.')}. {answer.remedy}".strip()


def state_words(facts: CredentialFacts) -> str:
    """Whether a secret is set, since when, and whether it may go everywhere the profile sends it."""
    from omtui.credentials.matrix import Presence

    if facts.presence is Presence.UNKNOWN:
        return "unknown"
    if facts.presence is Presence.MISSING:
        return "missing"
    since = f"set {facts.set_on.astimezone():%Y-%m-%d}" if facts.set_on else "set"
    return f"{since}, not for every place" if facts.not_allowed else since
