"""What came from elsewhere: what it brings, what it would change, what to look at; written only on request."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.content import Content

from omtui.credentials.answer import SecretProblem
from omtui.credentials.deadline import TimedOut, call_off_loop
from omtui.credentials.handover import HandedOver
from omtui.credentials.keys import identity_from_file, needs_passphrase
from omtui.credentials.secret import Secret
from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem, Wrong
from omtui.service import sealed_secrets
from omtui.service.arriving_report import Line, lines
from omtui.service.handing_over import Arriving, File, look, take_in, why_not_taken
from omtui.workbench.actions import Where
from omtui.workbench.screens.base import WorkScreen, file_of
from omtui.workbench.screens.store import StoreScreen, conversation
from omtui.workbench.secret_dialogs import choose_store, open_store, why_not_typed
from omtui.workbench.widgets.bars import Bar
from omtui.workbench.widgets.grid import Cell, Column, Grid

MOST_LINES = 5_000

_STYLES = {"heading": "bold", "quiet": "dim", "text": ""}
_LEVELS = {"fault": "error", "notice": "warning", "add": "fine", "remove": "error", "change": "warning"}


class ImportScreen(StoreScreen):
    """The report on a file from elsewhere, a line each; `i` writes it."""

    where: ClassVar[Where] = "import"
    filters: ClassVar[bool] = False

    def __init__(self, file: File, arriving: Arriving) -> None:
        super().__init__()
        self._file = file
        self._arriving = arriving
        self._lines: list[Line] = []
        self._is_named = False
        """Whether a name was chosen for it."""

    # Showing

    def body(self) -> ComposeResult:
        """The report."""
        yield Grid(id="list", header=False, expected=self.list_width)
        yield Bar(id="empty")

    def fresh(self) -> None:
        """Show the report."""
        self._lines = lines(self._arriving, MOST_LINES, ascii_only=self.app.terminal.ascii_only)[1:]
        rows = [
            [Cell(line.text, self.app.level_style(_LEVELS.get(line.tone, "")) or _STYLES.get(line.tone, ""))]
            for line in self._lines
        ]
        self.show_list([Column("", 20)], rows, "")
        super().fresh()

    def path_line(self) -> Content:
        """Which file, where it is from, and what is to be done with it."""
        first = lines(self._arriving, 0, ascii_only=self.app.terminal.ascii_only)[0].text
        if self._waiting:
            return Content.assemble((f" {first}", "bold"), (f"\n {self._waiting} {self.app.signs.ellipsis}", "dim"))
        reason = self.why_not_take_in()
        words = f"nothing is written yet: i takes it in as {plain(self._arriving.name)}" if reason is None else reason
        style = "dim" if reason is None else "$text-warning"
        return Content.assemble((f" {first}", "bold"), (f"\n {words}", style))

    def help_lines(self) -> Content:
        """The whole of the line under the cursor, which the list may cut."""
        line = self.under_cursor(self._lines)
        return Content(line.text.strip() if line else "")

    # Why not

    def why_not_take_in(self) -> str | None:
        """A name that is taken, cells that could not be read, or nothing that differs."""
        arriving = self._arriving
        here = plain(arriving.existing.name) if arriving.existing else plain(arriving.name)
        if arriving.faults:
            return "some cells could not be read: correct the sheet, or p takes what can be read"
        if arriving.blocked:
            return f"{here} is here already, and not readable: n gives another name"
        if arriving.changes_nothing:
            return None if arriving.incoming.secrets else f"{here} is here already, and nothing differs"
        if not arriving.is_new:
            return f"{here} is here already: n gives it another name, o changes the one here"
        return None

    def why_not_take_in_partly(self) -> str | None:
        """Only for sheets in which something could not be read."""
        if not self._arriving.faults:
            return "all of it can be read"
        why = why_not_taken(self._arriving, partly=True)
        return why.message if why else None

    def why_not_take_in_over(self) -> str | None:
        """There must be one of that name, and something that differs."""
        if self._arriving.is_new:
            return f"there is no {plain(self._arriving.name)} here"
        if self._arriving.changes_nothing:
            return "nothing differs"
        why = why_not_taken(self._arriving, over=True)
        return why.message if why and not (self._arriving.existing and self._arriving.existing.locked) else None

    # Actions

    def do_refresh(self) -> None:
        """Compare again with what is here now."""
        self.app.redraw()
        self._look_again(None)

    def _look_again(self, name: str | None) -> None:
        found = look(self.app.workspace, [self._file], as_name=name)
        if isinstance(found, Wrong):
            self.show_message(str(found), wrong=True)
            return
        self._arriving = found
        self._is_named = name is not None
        self.fresh()

    def do_take_in(self) -> None:
        """Write it."""
        self.talk(self._take())

    def do_take_in_partly(self) -> None:
        """Write what can be read of the sheets."""
        self.talk(self._take(partly=True))

    @work
    async def do_take_in_as(self) -> None:
        """Look at it under another name; `i` then writes it."""
        title = "Import: under another name"
        if name := await self.ask(title, "The profile's name here.", value=self._arriving.name):
            self._look_again(name)

    def holds(self) -> bool:
        """A name that was chosen for what is not written yet."""
        return self._is_named

    async def settle(self) -> bool:
        """Ask whether that is forgotten."""
        text = f"Nothing is written yet: i takes it in as {plain(self._arriving.name)}."
        return await self.confirm("Leave what you look at?", text, yes="Leave", no="Stay")

    async def ended(self, outcome: Outcome) -> None:
        """When something was written, go back to the library and report it there."""
        if not isinstance(outcome, Done):
            self.show_outcome(outcome)
            return
        self.app.pop_screen()
        if isinstance(front := self.app.screen, WorkScreen):
            front.fresh()
            front.show_outcome(outcome)

    @conversation
    async def do_take_in_over(self) -> Outcome:
        """Change the profile that is here, as one change that can be undone."""
        existing = self._arriving.existing
        assert existing is not None, "there is one, or the action was not possible"
        name = plain(existing.name)
        text = f"{len(self._arriving.difference.changes)} changes, as one that can be undone."
        if existing.locked:
            text = f"{text} It is production: type its name."
            name_typed = await self.ask(f"Change {name}", text, must_be=existing.own_name)
            if name_typed is None:
                return Problem("nothing was changed")
            unlocked = existing.unlock(name_typed)
            if not isinstance(unlocked, Done):
                return unlocked
        elif not await self.confirm(f"Change {name}?", text, yes="Change", no="Keep"):
            return Problem("nothing was changed")
        return await self._take(over=True)

    async def _take(self, *, over: bool = False, partly: bool = False) -> Outcome:
        taken = take_in(self.app.workspace, self._arriving, over=over, partly=partly)
        if isinstance(taken, Problem):
            return taken
        name = plain(self._arriving.name)
        parts = [f"{name}: {'changed' if over else 'imported'}" if taken.changed else f"{name}: nothing differed"]
        parts += taken.notes
        if self._arriving.incoming.secrets:
            parts.append(await self._secrets(self._arriving.incoming.secrets))
        return Done("; ".join(parts))

    # Secrets

    async def _secrets(self, armoured: str) -> str:
        """Open the sealed part if the person wants that; the result in words."""
        left = "its sealed secrets were left out; importing it again asks for them"
        text = "They are opened here and kept in the store of this machine, each for the places of this profile."
        if why := why_not_typed():
            return f"{left} ({why})"
        if not await self.confirm("Take the sealed secrets, too?", text, yes="Open", no="Leave"):
            return left
        opened = await self._unsealed(armoured)
        if isinstance(opened, Problem):
            return f"secrets: {opened}"
        secrets, profile = self.app.workspace.secrets, self._arriving.data
        status = await self.off_loop("asking the store", secrets.machine.status)
        if not status.is_ready:
            locked = status.state.value == "locked"
            ready = await (open_store(self, secrets, status) if locked else choose_store(self, secrets))
            if not isinstance(ready, Done):
                return f"{left} ({ready})"
        incoming = await self.off_loop("asking the store", lambda: sealed_secrets.compare(secrets, profile, opened))
        if isinstance(incoming, Problem):
            return f"secrets: {incoming}"
        shown = "\n".join(f"{plain(each.credential)}: {sealed_secrets.words(each)}" for each in incoming)
        names = sealed_secrets.wanted(incoming, profile)
        if not names:
            return "its secrets: nothing to keep"
        text = f"Sealed {opened.created:%Y-%m-%d %H:%M} UTC\n{shown}\n{len(names)} are kept; older ones are not."
        if not await self.confirm("Keep these secrets?", text, yes="Keep", no="Leave"):
            return left
        kept = await self.off_loop("keeping them", lambda: sealed_secrets.keep(secrets, profile, opened, names))
        if isinstance(kept, Problem):
            return f"secrets: {kept}"
        return "; ".join((f"{len(kept.names)} secrets kept", *kept.faults))

    async def _unsealed(self, armoured: str) -> HandedOver | Problem:
        """The opened part, with a passphrase or a key asked for here."""
        identity: Secret | None = None
        passphrase: Secret | None = None
        if sealed_secrets.wants_passphrase(armoured):
            passphrase = await self.ask_secret("The sealed secrets", "Their passphrase.")
        else:
            text = "The file of the private key that opens them."
            file = await self.ask_file("The sealed secrets", text, value="~/.ssh/id_ed25519")
            if file is None:
                return Problem("left out")
            found = await self.off_loop("reading the key", lambda: identity_from_file(file))
            if not isinstance(found, Secret):
                return found
            identity = found
            if needs_passphrase(identity):
                passphrase = await self.ask_secret("The key", "The passphrase of the key itself.")
        if identity is None and passphrase is None:
            return Problem("left out")
        original, secrets = self._arriving.incoming.original, self.app.workspace.secrets
        opened = await self.off_loop(
            "opening them",
            lambda: sealed_secrets.unseal(secrets, armoured, original, passphrase=passphrase, identity=identity),
        )
        if passphrase is not None:
            passphrase.forget()
        return opened


async def look_at(screen: WorkScreen, path: str) -> None:
    """Judge the file at a path off the loop, and show what it brings; or say why it is refused."""
    from omtui.service.handing_over import read_arrived

    workspace = screen.app.workspace

    def judged() -> tuple[File, Arriving] | Wrong:
        file = read_arrived(file_of(path))
        if isinstance(file, Wrong):
            return file
        found = look(workspace, [file])
        return found if isinstance(found, Wrong) else (file, found)

    found = await call_off_loop(judged)
    if isinstance(found, TimedOut | SecretProblem):
        return
    if isinstance(found, Wrong):
        screen.show_message(str(found), wrong=True)
        return
    await screen.app.push_screen(ImportScreen(*found))
