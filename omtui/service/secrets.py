"""What a person does with the secrets of profiles: set, delete, move, allow, test. Both fronts call these verbs.

Nothing here asks a store by itself, prompts or prints. What is learned when somebody asks stays known for the run, so
that sheets and checks can show it without asking again. Every method may wait for a store (seconds): from a screen they
are called through `credentials.deadline.call_off_loop`. What concerns the stores alone is in `Secrets.machine`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from omtui.credentials.answer import OF_ONE_ENTRY, Absent, Reason, SecretProblem
from omtui.credentials.deadline import call_within
from omtui.credentials.destination import Destination
from omtui.credentials.leaks import forbid_core_dumps, key_log
from omtui.credentials.machine import Machine
from omtui.credentials.matrix import CredentialFacts, Matrix, Presence, credential_facts, matrix
from omtui.credentials.record import SecretRecord, SecretReference, new_record, release
from omtui.credentials.redact import protect_logging
from omtui.credentials.secret import Secret
from omtui.credentials.settings import CredentialSettings
from omtui.credentials.sign_in import SignIn, proxy_for, try_sign_in
from omtui.credentials.sign_in_history import Attempted, begin, finish, history, last
from omtui.credentials.store import BoundedStore, Status, Store, StoreKind
from omtui.credentials.uses import Profile, Use, credential_names, destinations, profile_name, reference, uses_of
from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem
from omtui.service.former_names import FormerNames

ENDING = 0.7
"""How long releasing the stores may take at the end, in seconds."""

_POD_TEST_PATH = "/fscmRestApi/resources"
"""Lists the versions of the pod's REST API to a signed-in user, and asks everybody else to sign in."""


@dataclass(frozen=True, slots=True)
class Leave:
    """What a person allows for one attempt to sign in, having read what it means."""

    plain_http: bool = False
    bad_certificate: bool = False
    again: bool = False
    """Also a password that was refused before, or an account that saw several refusals within the hour."""


@dataclass(frozen=True)
class NotAllowed:
    """Places a secret would be sent to but was not entered for, and those it was."""

    new: tuple[Destination, ...]
    allowed: tuple[Destination, ...]


@dataclass(frozen=True)
class Moved:
    """What became of one secret that was to be moved."""

    reference: SecretReference
    outcome: Done | Absent | SecretProblem


@dataclass(frozen=True)
class TrialPlan:
    """What a test will do, to be shown before: where the secret is sent, as whom, and through which proxy."""

    use: Use
    url: str
    destination: Destination
    proxy: str | None
    last: SignIn | None


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
        forbid_core_dumps()
        protect_logging()
        return Machine(environ=self._environment)

    def close(self) -> None:
        """At the end of the program: release what is open. Nothing happens if nothing was ever needed."""
        if "machine" in self.__dict__:
            # A store in the middle of something must not keep the program: what is left ends with it.
            call_within(ENDING, self.machine.close)

    # Looking

    def of(self, profile: Profile) -> tuple[list[CredentialFacts], Status]:
        """Every credential of a profile, and the state of the store. Without a store nothing is known of them."""
        self.bring()
        store, status = self._ready()
        facts = credential_facts(profile, store)
        self._learn(facts)
        return facts, status

    def over(self, profiles: Sequence[Profile]) -> tuple[Matrix, Status]:
        """The same over all profiles of a library."""
        self.bring()
        store, status = self._ready()
        found = matrix(profiles, store)
        self._learn(found.cells.values())
        return found, status

    def _ready(self) -> tuple[Store | None, Status]:
        status = self.machine.status()
        store = self.machine.store() if status.is_ready else None
        return None if isinstance(store, SecretProblem) else store, status

    def _learn(self, facts: Iterable[CredentialFacts]) -> None:
        self._known |= {(each.profile, each.name): each for each in facts}

    def known(self, profile: Profile, name: str) -> CredentialFacts | None:
        """What was learned of a credential in this run; `None` when nobody asked yet. Asks no store."""
        return self._known.get((profile_name(profile), name))

    def names_known(self, profile: Profile) -> frozenset[str] | None:
        """The credentials of a profile that are in the store, for the checks; `None` unless all of them are known.

        Asks no store: it is what was learned in this run.
        """
        if not self._known:
            return None
        facts = [self.known(profile, name) for name in credential_names(profile)]
        if any(each is None or each.presence is Presence.UNKNOWN for each in facts):
            return None
        return frozenset(each.name for each in facts if each is not None and each.presence is Presence.SET)

    # Changing

    def keep(self, profile: Profile, name: str, secret: Secret) -> Outcome:
        """Keep a secret, in place of the one there may be, for every use the profile has for it: one change for all.

        It may be sent to the addresses and users that the profile has now, and nowhere else.
        """
        brought = self.bring()
        if isinstance(brought, Problem) and self._former and self._former.awaits(profile_name(profile)):
            return brought  # what is kept under this name is still another's
        if unknown := _unknown(profile, name):
            return unknown
        record = new_record(secret, destinations(uses_of(profile, name)))
        return self.machine.write(reference(profile, name), record)

    def delete(self, profile: Profile, name: str) -> Outcome:
        """Remove a secret; also one whose name the profile no longer has."""
        self.bring()
        return self.machine.delete(reference(profile, name))

    def bring(self) -> Outcome | None:
        """Move what is still kept under former names of profiles; what came of it, `None` where there is nothing."""
        count, owed = 0, self._former.left() if self._former else []
        refused: Problem | None = None
        stuck: set[str] = set()
        for each in owed:
            if stuck & {each.old, each.new}:
                continue
            store = self.machine.store()
            failed = store if isinstance(store, SecretProblem) else None
            if isinstance(store, BoundedStore):
                pairs = [
                    (SecretReference(each.old, name), SecretReference(each.new, name)) for name in each.credentials
                ]
                outcomes = [one.outcome for one in _moved(store, store, pairs)]
                count += sum(isinstance(one, Done) for one in outcomes)
                failed = next((one for one in outcomes if isinstance(one, SecretProblem)), None)
            if failed is None:
                each.drop()
                continue
            refused = refused or Problem(f"{each}: {failed.message.rstrip('.')}", failed.fix)
            stuck |= {each.old, each.new}
        if refused is not None:
            return refused
        if not owed:
            return None
        return Done(f"{count} secret{'' if count == 1 else 's'} went along" if count else "there were no secrets")

    def are_kept(self) -> bool:
        """Whether a store was chosen here: that happens with the first secret that is kept. Asks no store."""
        settings = self.machine.settings()
        return not isinstance(settings, CredentialSettings) or settings.store is not None

    def take_over(self, profile: Profile, old: str, new: str) -> Outcome:
        """Keep the secret under another name: its credential was renamed in the profile."""
        store = self.machine.store()
        if isinstance(store, SecretProblem):
            return store
        moved = _moved(store, store, [(reference(profile, old), reference(profile, new))])
        if not moved or isinstance(moved[0].outcome, Absent):
            return Problem("the store has no secret under that name", "look up what the credential was called before")
        return moved[0].outcome

    def move(
        self, profile: Profile, to: StoreKind, *, names: Sequence[str] | None = None, source: StoreKind | None = None
    ) -> list[Moved] | SecretProblem:
        """Move a profile's secrets to another store, and choose that one when none failed.

        They come from the chosen store unless another is named. Each is kept and read back in the new store before
        it is deleted in the old one. With `names` only those move and the choice stays.
        """
        machine = self.machine if source is None else self.machine.choosing(source)
        old, target = machine.store(), machine.store_of(to)
        if isinstance(old, SecretProblem):
            return old
        if isinstance(target, SecretProblem):
            return target
        if old.kind is target.kind:
            return SecretProblem(f"secrets are kept in {old.where} already", "Name another store.", Reason.NOT_CHOSEN)
        if StoreKind.COMMAND in (old.kind, to):
            fix = "Set them one by one in the new store."
            return SecretProblem("a command's secrets belong to its own program", fix, Reason.READ_ONLY)
        if problem := target.status().problem:
            return problem
        going = [reference(profile, name) for name in credential_names(profile) if names is None or name in names]
        moved = _moved(old, target, [(one, one) for one in going])
        if names is None and not any(isinstance(one.outcome, SecretProblem) for one in moved):
            chosen = machine.choose(to)
            if isinstance(chosen, SecretProblem):
                return chosen
        return moved

    # Where secrets may go

    def not_allowed(self, profile: Profile, name: str) -> NotAllowed | Absent | SecretProblem:
        """What `allow` would allow: the new places and the old, both to be shown before a person says yes."""
        found = self.machine.read(reference(profile, name))
        if not isinstance(found, SecretRecord):
            return found
        new = destinations(uses_of(profile, name)) - found.destinations
        return NotAllowed(tuple(sorted(new)), tuple(sorted(found.destinations)))

    def allow(self, profile: Profile, name: str, places: Sequence[Destination]) -> Outcome:
        """Let a secret go to places too that a person has just seen and said yes to, if they are still used."""
        found = self.machine.read(reference(profile, name))
        if not isinstance(found, SecretRecord):
            return found
        if changed := frozenset(places) - destinations(uses_of(profile, name)):
            shown = ", ".join(str(place) for place in sorted(changed))
            return SecretProblem(
                f"the profile no longer sends {plain(name)} to {shown}",
                "Look at the new places and allow those.",
                Reason.BOUND_ELSEWHERE,
            )
        return self.machine.write(reference(profile, name), found.also_to(frozenset(places)))

    # Trying

    def plan(self, profile: Profile, name: str, place: str | None = None) -> TrialPlan | SecretProblem:
        """What a test would do. `place` says which use, where the secret is sent to several places."""
        if unknown := _unknown(profile, name):
            return unknown
        plans = {use.destination: use for use in uses_of(profile, name) if use.url and place in (None, use.place)}
        sound = {to: use for to, use in plans.items() if isinstance(to, Destination)}
        if len(sound) != 1:
            places = ", ".join(plain(use.place) for use in sound.values())
            return SecretProblem(
                f"{plain(name)} goes to several places: {places}"
                if sound
                else f"nothing signs in with {plain(name)} by HTTP",
                "Say which one to test." if sound else "Complete the address and the user name of what uses it.",
                Reason.NO_DESTINATION,
            )
        to, use = next(iter(sound.items()))
        tests = history(self.machine.folders.sign_ins)
        if isinstance(tests, SecretProblem):
            return tests
        url = use.url.rstrip("/") + _POD_TEST_PATH if use.at_pod else use.url
        return TrialPlan(use, url, to, proxy_for(to), last(tests, reference(profile, name), to))

    def attempt(
        self, profile: Profile, name: str, place: str | None = None, leave: Leave | None = None
    ) -> SignIn | Absent | SecretProblem:
        """Sign in once and remember the result, without the secret. It is noted before the secret is sent."""
        given = leave or Leave()
        plan = self.plan(profile, name, place)
        if isinstance(plan, SecretProblem):
            return plan
        whose = reference(profile, name)
        found = self.machine.read(whose)
        if not isinstance(found, SecretRecord):
            return found
        secret = release(plain(name), found, plan.destination)
        if isinstance(secret, SecretProblem):
            return secret
        if watched := key_log():
            return SecretProblem(f"{watched}, so the password was not sent", "Unset it first.", Reason.WATCHED)
        file = self.machine.folders.sign_ins
        begun = begin(file, whose, plan.destination, found.set_on, again=given.again)
        if not isinstance(begun, Attempted):
            return begun
        result = try_sign_in(
            plan.url,
            plan.destination,
            secret,
            allow_plain_http=given.plain_http,
            allow_bad_certificate=given.bad_certificate,
            proxy=plan.proxy,
        )
        unnoted = finish(file, begun, result if isinstance(result, SignIn) else None)
        if unnoted and isinstance(result, SignIn):
            return replace(result, message=f"{result.message}; this could not be remembered: {unnoted.message}")
        return result


def _moved(
    source: BoundedStore, target: BoundedStore, pairs: Sequence[tuple[SecretReference, SecretReference]]
) -> list[Moved]:
    """Move secrets from one name or store to another, one by one, as far as the stores answer."""
    moved: list[Moved] = []
    for old, new in pairs:
        if source is target and old == new:
            continue
        outcome = _moved_one(source, old, target, new)
        moved.append(Moved(old, outcome))
        if isinstance(outcome, SecretProblem) and outcome.reason not in OF_ONE_ENTRY:
            break
    return moved


def _moved_one(
    source: BoundedStore, old: SecretReference, target: BoundedStore, new: SecretReference
) -> Done | Absent | SecretProblem:
    found = source.read(old)
    if not isinstance(found, SecretRecord):
        return found
    there = target.read(new)
    if isinstance(there, SecretRecord) and not there.secret.matches(found.secret):
        return SecretProblem(
            f"{target.where} holds another secret for {plain(new)} already",
            "Delete one of the two first.",
            Reason.EXISTS,
        )
    written = target.write(new, found)
    if isinstance(written, SecretProblem):
        return written
    deleted = source.delete(old)
    if isinstance(deleted, SecretProblem):
        return Done(f"{written}; it could not be deleted in {source.where}: {deleted.message}")
    return written


def _unknown(profile: Profile, name: str) -> SecretProblem | None:
    names = credential_names(profile)
    if name in names:
        return None
    known = ", ".join(plain(one) for one in names) or "none"
    return SecretProblem(
        # The name is not repeated: a secret typed in its place would be in the message.
        "the profile has no credential of that name",
        f"Its credentials are: {known}. A secret is never an argument.",
        Reason.UNKNOWN_CREDENTIAL,
    )


def state_words(facts: CredentialFacts) -> str:
    """Whether a secret is set, since when, and whether it may go everywhere the profile sends it."""
    if facts.presence is not Presence.SET:
        return facts.presence.value
    since = f"set {facts.set_on.astimezone():%Y-%m-%d}" if facts.set_on else "set"
    return f"{since}, not for every place" if facts.not_allowed else since
