"""The credentials: which there are, who uses them, which are set; of one profile, or over the whole library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from omtui.credentials.answer import Reason
from omtui.credentials.destination import Destination
from omtui.credentials.matrix import CredentialFacts, Matrix, Presence, credential_facts
from omtui.credentials.store import Status, StoreKind, StoreState
from omtui.credentials.uses import Use, profile_name
from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem
from omtui.service.secrets import NotAllowed, Secrets, state_words
from omtui.setup.place import Data
from omtui.workbench.actions import Where
from omtui.workbench.screens.dialogs import Choice
from omtui.workbench.screens.store import StoreScreen, conversation
from omtui.workbench.secret_dialogs import LEFT, choose_store, open_store, refused_typing, vault_keys
from omtui.workbench.sign_in_dialog import try_credential
from omtui.workbench.widgets.grid import Cell, Column

OPENED = (Reason.NO_KEYRING, Reason.NO_VAULT)
"""Why a store does not answer, where a password typed here makes it."""

ASKING = "asking the store"


class CredentialsScreen(StoreScreen):
    """A row for each credential. The store is asked after the screen is drawn, and only from here."""

    where: ClassVar[Where] = "credentials"
    opens: ClassVar[str] = "set_secret"
    has_summary: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._everywhere = False
        self._profiles: dict[str, Data] = {}
        self._rows: list[list[CredentialFacts]] = []
        self._shown: Sequence[list[CredentialFacts]] = []
        """For each row the facts it shows: one of this profile, or one of each profile that knows the name."""
        self._columns: tuple[str, ...] = ()
        self._status: Status | None = None
        self._waiting = ASKING
        self._not_its_own = ""
        """Why the secrets are none of this file's; empty while they are."""

    @property
    def secrets(self) -> Secrets:
        """The secrets of the library."""
        return self.app.workspace.secrets

    # Showing

    def begin(self) -> None:
        """Show what the profile says; then ask the store."""
        self._everywhere = self.opened is None
        if self.opened is not None:
            self._rows = [[each] for each in credential_facts(self.opened.data, None)]
        self.fresh()
        self.call_after_refresh(self.look)

    def look(self) -> None:
        """Ask the store what is set; the screen goes on meanwhile."""
        self.run_worker(self._look(), group="look", exclusive=True)

    async def _look(self) -> None:
        session = self.opened
        if self._everywhere or session is None:
            found, matrix, status = await self.off_loop(ASKING, self._over_all)
            self._profiles = found
            self._columns = matrix.profiles
            rows = ([matrix.cell(name, each) for each in matrix.profiles] for name in matrix.names)
            self._rows = [[facts for facts in row if facts is not None] for row in rows]
        else:
            owner = self.app.workspace.owner(session.path, session.data)
            if isinstance(owner, Problem):  # its rows stay as the profile says them
                self._not_its_own = str(owner)
                self._waiting = ""
                self.fresh()
                return
            facts, status = await self.off_loop(ASKING, lambda: self.secrets.of(owner))
            self._profiles = {profile_name(owner): owner}
            self._rows = [[each] for each in facts]
        self._status = status
        if session is not None:
            session.revision += 1  # S5-10 knows more now
        self.fresh()

    def _over_all(self) -> tuple[dict[str, Data], Matrix, Status]:
        """All profiles of the library, the open one with its unsaved changes."""
        profiles = dict(self.app.workspace.profiles())
        if self.opened is not None:
            owner = self.app.workspace.owner(self.opened.path, self.opened.data)
            if not isinstance(owner, Problem):
                profiles[profile_name(owner)] = owner
        matrix, status = self.secrets.over(list(profiles.values()))
        return {profile_name(data): data for data in profiles.values()}, matrix, status

    def fresh(self) -> None:
        """Show what is known."""
        self._shown = self.fitting(self._rows, _text)
        if self._everywhere:
            columns = [Column("Credential", 12), *(Column(name, 8) for name in self._columns)]
            rows = [self._across(facts) for facts in self._shown]
        else:
            names = ("", "Credential", "State", "Used by", "Goes to", "Expires")
            columns = [Column(name, 1 if not name else 8 if name == "State" else 10) for name in names]
            rows = [self._cells(facts) for (facts,) in self._shown]
        nothing = "No credential fits the filter." if self.words else "No credential is used or noted here."
        self.show_list(columns, rows, Content("" if self._waiting else f"\n{nothing}"))
        super().fresh()

    def _cells(self, facts: CredentialFacts) -> list[Cell]:
        goes_to = dict.fromkeys(str(use.destination) for use in facts.uses if isinstance(use.destination, Destination))
        state = self._state(facts)
        return [
            Cell(self._sign(facts), state.style),
            Cell(facts.name, "bold"),
            state,
            Cell(", ".join(use.place for use in facts.uses) or "nothing", "" if facts.uses else "dim"),
            Cell(", ".join(goes_to), "dim"),
            Cell(str(facts.noted.expires_on or "")),
        ]

    def _across(self, facts: Sequence[CredentialFacts]) -> list[Cell]:
        by_profile = {each.profile: each for each in facts}
        cells = [self._state(by_profile[name]) if name in by_profile else Cell("") for name in self._columns]
        return [Cell(facts[0].name if facts else "", "bold"), *cells]

    def _state(self, facts: CredentialFacts) -> Cell:
        if facts.presence is Presence.UNKNOWN and self._status is None:
            return Cell(self.app.signs.ellipsis, "dim")
        levels = {Presence.SET: "warning" if facts.not_allowed else "fine", Presence.UNKNOWN: ""}
        level = levels.get(facts.presence, "error" if facts.uses else "")
        return Cell(state_words(facts), self.app.level_style(level) or "dim")

    def _sign(self, facts: CredentialFacts) -> str:
        signs = self.app.signs
        if facts.presence is Presence.UNKNOWN:
            return "?" if self._status else signs.ellipsis
        if facts.presence is Presence.SET:
            return signs.warning if facts.not_allowed else signs.fine
        return signs.error if facts.uses else signs.empty

    def path_line(self) -> Content:
        """Where secrets are kept, always; and what is waited for."""
        whose = "all profiles" if self._everywhere else self.opened.name if self.opened else ""
        first = Content.assemble((f" Credentials of {plain(whose)}", "bold"))
        if self._waiting:
            return Content.assemble(first, (f"\n {plain(self._waiting)} {self.app.signs.ellipsis}", "$text-warning"))
        if self._status is None:
            return Content.assemble(first, "\n ")
        status = self._status
        style = "$text-warning" if status.problem else "dim"
        words = f"kept in {status.where}: {status.state}"
        if status.problem:
            message = status.problem.message
            words = message if status.where in message else f"{words}: {message}"
        return Content.assemble(first, (f"\n {plain(words)}", style))

    def help_lines(self) -> Content:
        """All that is known of the credential under the cursor; where nothing is known, why, and what helps."""
        shown = self._under_cursor()
        lines = []
        if shown:
            missing = [each.profile for each in shown if each.presence is Presence.MISSING and each.uses]
            facts = shown[0]
            words = f"missing in {', '.join(missing)}" if self._everywhere and missing else state_words(facts)
            owner = f"   owner: {facts.noted.owner}" if facts.noted.owner else ""
            note = f"   {facts.noted.note}" if facts.noted.note else ""
            lines.append(Content.assemble((plain(facts.name), "bold"), f" {plain(words)}{plain(owner + note)}"))
            for each in shown:
                for use in each.not_allowed:
                    text = f"{use.place} would send it to {use.destination}, which it was not entered for; a allows it"
                    lines.append(Content.styled(plain(text), "$text-warning"))
        if shown and not self._everywhere and len(lines) == 1 and shown[0].uses:
            uses = "; ".join(f"{use.place} to {_where_to(use)}" for use in shown[0].uses)
            lines.append(Content.styled(plain(uses), "dim"))
        if self._not_its_own and not self._everywhere:
            lines = [*lines[:1], Content.styled(plain(self._not_its_own), "$text-warning")]
        elif self._status and self._status.problem:
            lines = lines[:1]
            fix = f"{self._status.problem.fix.rstrip('.')}. In this screen:"
            opens = "u opens it here, " if self._opens_here() else ""
            lines.append(Content.styled(plain(f"{fix} {opens}w chooses another store."), "$text-warning"))
        elif problem := next((each.problem for each in shown if each.problem), None):
            lines.append(Content.styled(plain(problem), "$text-warning"))
        return Content("\n").join(lines[:3])

    def _under_cursor(self) -> list[CredentialFacts]:
        return self.under_cursor(self._shown) or []

    # Actions

    def do_refresh(self) -> None:
        """Ask the store again."""
        self.app.redraw()
        self.look()

    def do_all_profiles(self) -> None:
        """From this profile's credentials to those of all, and back."""
        self._everywhere = not self._everywhere
        self._rows, self._status, self._waiting = [], None, ASKING
        self.fresh()
        self.look()

    def why_not_all_profiles(self) -> str | None:
        """From the library there is no one profile to go back to."""
        return "no profile is open" if self.opened is None else None

    def _why_nothing(self) -> str | None:
        if self._waiting:
            return f"{self._waiting}: a moment"
        if self._not_its_own and not self._everywhere:
            return self._not_its_own
        return None if self._under_cursor() else "there is no credential under the cursor"

    why_not_set_secret = why_not_delete_secret = why_not_allow_secret = why_not_take_over_secret = _why_nothing

    def why_not_test_secret(self) -> str | None:
        """There must be something to sign in with."""
        if why := self._why_nothing():
            return why
        shown = self._under_cursor()
        if shown and all(each.presence is Presence.MISSING for each in shown):
            return "the secret is missing: set it first"
        return None

    def why_not_choose_store(self) -> str | None:
        """One thing at a time."""
        return f"{self._waiting}: a moment" if self._waiting else None

    def why_not_open_store(self) -> str | None:
        """The store must be shut, and of a kind that a password opens."""
        if self._status is not None and self._status.is_ready:
            return f"{self._status.where} is open"
        if self._status is not None and not self._opens_here():
            return "it is not locked but out of reach; w chooses another store"
        return self.why_not_choose_store()

    def _opens_here(self) -> bool:
        status = self._status
        return status is not None and (status.state is StoreState.LOCKED or status.reason in OPENED)

    @conversation
    async def do_choose_store(self) -> Outcome:
        """Choose where secrets are kept."""
        return await choose_store(self, self.secrets)

    @conversation
    async def do_vault_keys(self) -> Outcome:
        """See and change which keys open the vault."""
        return await vault_keys(self, self.secrets)

    def why_not_vault_keys(self) -> str | None:
        """Only of a vault, and while it is open."""
        if self._status is not None and self._status.kind is not StoreKind.VAULT:
            return f"secrets are kept in {self._status.where}, not in a vault"
        if self._status is not None and not self._status.is_ready:
            return "the vault is not open; u opens it"
        return self.why_not_choose_store()

    async def ended(self, outcome: Outcome) -> None:
        """Look again, and report the outcome."""
        if isinstance(outcome, Done):
            await self._look()
        self.show_outcome(outcome)

    @conversation
    async def do_open_store(self) -> Outcome:
        """Open the store that is chosen."""
        status = await self.off_loop(ASKING, self.secrets.machine.status)
        return await open_store(self, self.secrets, status)

    @conversation
    async def do_set_secret(self) -> Outcome:
        """Type the secret."""
        facts = await self._one("Set it for which profile?")
        if facts is None:
            return LEFT
        if watched := await refused_typing(self):
            return watched
        status = await self.off_loop(ASKING, self.secrets.machine.status)
        if not status.is_ready:
            opens = status.state is StoreState.LOCKED or status.reason in OPENED
            ready = await (open_store(self, self.secrets, status) if opens else choose_store(self, self.secrets))
            if not isinstance(ready, Done):
                return ready
            status = await self.off_loop(ASKING, self.secrets.machine.status)
        new = {use.destination for use in facts.not_allowed}
        goes_to = {use.destination: use.destination in new for use in facts.uses}
        places = "\n".join(
            f"{place}{' (NEW)' if is_new else ''}"
            for place, is_new in goes_to.items()
            if isinstance(place, Destination)
        )
        places = places or "nowhere: nothing uses it yet"
        text = f"It may go to\n{plain_each(places)}\nand is kept in {plain(status.where)}."
        title = f"{'Replace' if facts.presence is Presence.SET else 'Set'} {facts.name} of {facts.profile}"
        secret = await self.ask_secret(title, text)
        if secret is None or secret.is_empty:
            return LEFT
        data = self._profiles[facts.profile]
        outcome = await self.off_loop("keeping it", lambda: self.secrets.keep(data, facts.name, secret))
        secret.forget()
        return outcome

    @conversation
    async def do_delete_secret(self) -> Outcome:
        """Remove the secret."""
        facts = await self._one("Delete it for which profile?")
        if facts is None:
            return LEFT
        text = "It is removed from the store of this machine; the pod keeps its own copy."
        title = f"Delete the secret {facts.name} of {facts.profile}?"
        if not await self.confirm(title, text, yes="Delete", no="Keep"):
            return LEFT
        data = self._profiles[facts.profile]
        return await self.off_loop("deleting it", lambda: self.secrets.delete(data, facts.name))

    @conversation
    async def do_test_secret(self) -> Outcome:
        """Sign in once."""
        facts = await self._one("Test it for which profile?")
        if facts is None:
            return LEFT
        return await try_credential(self, self.secrets, self._profiles[facts.profile], facts)

    @conversation
    async def do_allow_secret(self) -> Outcome:
        """Let it go to the places that the profile sends it to now."""
        facts = await self._one("Allow it for which profile?")
        if facts is None:
            return LEFT
        data = self._profiles[facts.profile]
        found = await self.off_loop(ASKING, lambda: self.secrets.not_allowed(data, facts.name))
        if not isinstance(found, NotAllowed):
            return found
        if not found.new:
            return Done(f"{facts.name} may go everywhere the profile sends it")
        text = (
            f"It was entered for\n{_listed(found.allowed)}\nThe profile now sends it to\n{_listed(found.new)}\n"
            "Say yes only if you know this host."
        )
        if not await self.confirm(f"Let {facts.name} go there too?", text, yes="Allow", no="No"):
            return LEFT
        return await self.off_loop("allowing it", lambda: self.secrets.allow(data, facts.name, found.new))

    @conversation
    async def do_take_over_secret(self) -> Outcome:
        """The secret is in the store under the name that the credential had before."""
        facts = await self._one("Take it over for which profile?")
        if facts is None:
            return LEFT
        text = "The name that the credential had before it was renamed."
        old = await self.ask(f"Take over for {facts.name}", text)
        if not old:
            return LEFT
        data = self._profiles[facts.profile]
        return await self.off_loop("taking it over", lambda: self.secrets.take_over(data, old, facts.name))

    async def _one(self, question: str) -> CredentialFacts | None:
        """The credential under the cursor, of one profile: asked for where several know it."""
        shown = self._under_cursor()
        if len(shown) < 2:
            return shown[0] if shown else None
        listed = [Choice(each.profile, each.profile, state_words(each)) for each in shown]
        chosen = await self.choose(question, listed)
        return next((each for each in shown if each.profile == chosen), None)


def _where_to(use: Use) -> str:
    return str(use.destination) if isinstance(use.destination, Destination) else f"nowhere: {use.destination.reason}"


def plain_each(text: str) -> str:
    """Lines of our own making whose words come from a profile."""
    return "\n".join(plain(line) for line in text.split("\n"))


def _listed(places: Sequence[Destination]) -> str:
    return "\n".join(plain(str(place)) for place in places) or "nowhere yet"


def _text(row: Sequence[CredentialFacts]) -> str:
    uses = " ".join(f"{use.place} {use.destination}" for facts in row for use in facts.uses)
    return f"{row[0].name if row else ''} {uses} {' '.join(state_words(facts) for facts in row)}"
