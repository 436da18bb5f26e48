"""Reviews of several machines side by side: a row for each endpoint, a column for each vantage point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path as FilePath
from typing import ClassVar

from textual import work
from textual.content import Content

from omtui.credentials.deadline import TimedOut, call_off_loop
from omtui.documents.model import FORMATS
from omtui.documents.render import render
from omtui.documents.side_by_side_document import side_by_side_document, summary
from omtui.plain_text import few, plain
from omtui.problem import Wrong
from omtui.service.documenting import form_of
from omtui.service.reviewing import put
from omtui.topology.side_by_side import (
    MadeReview,
    MergedEndpoint,
    SeenEndpoint,
    SideBySide,
    read_review,
    side_by_side,
)
from omtui.topology.target import Target
from omtui.workbench.actions import Where
from omtui.workbench.review_words import EndpointStates
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import TextWindow
from omtui.workbench.screens.nearby import choose_nearby
from omtui.workbench.widgets.grid import Cell, Column

PATIENCE = 30.0
"""Seconds until a file counts as one that cannot be read."""


class MachinesScreen(WorkScreen):
    """What is seen differently comes first. Enter shows what each machine saw of an endpoint."""

    where: ClassVar[Where] = "machines"
    opens: ClassVar[str] = "machines_open"

    def __init__(self, made: Sequence[MadeReview], merged: SideBySide) -> None:
        super().__init__()
        self._made, self._merged = made, merged
        self._shown: Sequence[MergedEndpoint] = ()

    def fresh(self) -> None:
        """Show the endpoints."""
        self._shown = self.fitting(self._merged.endpoints, self._text)
        columns = [Column("", 1), Column("Endpoint", 16)]
        columns += [Column(each.title, 12) for each in self._merged.reviews]
        empty = "Nothing fits the filter. Escape takes it away." if self.words else "No endpoint was probed."
        self.show_list([*columns, Column("Address", 8)], list(map(self._cells, self._shown)), empty)
        filtered = f"   filter: {plain(self.words)}" if self.words else ""
        self.show_summary(Content.assemble((f" {summary(self._merged)}", "bold"), (filtered, "$text-warning")))
        super().fresh()

    def _text(self, endpoint: MergedEndpoint) -> str:
        return f"{endpoint.name} {endpoint.address} {self._merged.words(endpoint)}"

    def _cells(self, endpoint: MergedEndpoint) -> list[Cell]:
        level = "error" if endpoint.failed else "warning" if endpoint.differs else ""
        sign = self.app.signs.level(level) if level else self.app.signs.fine
        seen = [
            Cell("not probed", "dim") if outcome is None else Cell(outcome, self._style(is_ok))
            for outcome, is_ok in zip(endpoint.outcomes, endpoint.is_ok, strict=True)
        ]
        return [
            Cell(sign, self.app.level_style(level or "fine")),
            Cell(endpoint.name),
            *seen,
            Cell(endpoint.address.removeprefix("https://"), "dim"),
        ]

    def _style(self, is_ok: bool | None) -> str:
        return self.app.level_style("fine" if is_ok else "error")

    def path_line(self) -> Content:
        """From how many machines; what could not be laid together."""
        then = self.app.signs.then
        machines = few([each.vantage for each in self._merged.reviews], 3)
        words = f" {plain(self.session.name)} {then} Review {then} From {machines}"
        made = "   ".join(f"{each.title}: {each.started:%Y-%m-%d %H:%M} UTC" for each in self._merged.reviews)
        return Content.assemble((words, "bold"), "\n", (f" {self._merged.unlike or made}", "dim"))

    def help_lines(self) -> Content:
        """What is seen from where, in words."""
        endpoint = self.under_cursor(self._shown)
        return Content(self._merged.words(endpoint)) if endpoint else Content("")

    def detail(self) -> Content | None:
        """What each machine saw of the endpoint under the cursor."""
        endpoint = self.under_cursor(self._shown)
        if endpoint is None:
            return None
        parts: list[tuple[str, str]] = [(f"{endpoint.address}, {endpoint.expect} is expected\n", "dim")]
        for number, each in enumerate(self._merged.reviews):
            outcome, message = endpoint.outcomes[number], endpoint.messages[number]
            style = "dim" if outcome is None else self._style(endpoint.is_ok[number])
            parts += [
                (f"\n{each.title}: {outcome or 'not probed'}\n", style),
                (f"{each.file}, {each.started:%Y-%m-%d %H:%M} UTC\n", "dim"),
                (f"{message}\n" if message else "", ""),
            ]
        return Content.assemble(*parts)

    # Acting

    def do_machines_open(self) -> None:
        """The same in a window."""
        endpoint, detail = self.under_cursor(self._shown), self.detail()
        if endpoint is not None and detail is not None:
            self.app.push_screen(TextWindow(endpoint.name, detail))

    def why_not_machines_open(self) -> str | None:
        """There must be one under the cursor."""
        return None if self._shown else "there is no endpoint here"

    @work
    async def do_machines_add(self) -> None:
        """Lay another review next to these."""
        found = await with_another(self, self._made)
        if found is not None:
            self._made, self._merged = found
            self.fresh()

    @work
    async def do_machines_export(self) -> None:
        """Write it to a file."""
        text = f"The ending chooses: .{', .'.join(FORMATS)}."
        file = await self.ask_file("Write to", text, value=f"{self.session.name}-machines.html")
        if file is None:
            return
        form = form_of(str(file))
        if isinstance(form, Wrong):
            self.show_outcome(form)
            return
        self.show_written(file, put(file, render(side_by_side_document(self._merged), form)))


async def with_another(
    screen: WorkScreen, made: Sequence[MadeReview]
) -> tuple[Sequence[MadeReview], SideBySide] | None:
    """Ask for the file of a review and lay it next to others; `None` when the person leaves or it cannot be done."""
    text = "A .json file that omtui probe PROFILE -o FILE.json wrote on another machine."
    path = await choose_nearby(screen, "Review from another machine", text, (".json",), "review")
    if path is None:
        return None
    found = await call_off_loop(partial(_laid, made, path, screen.session.name), PATIENCE)
    if isinstance(found, Wrong | TimedOut):
        screen.show_message(
            "reading the file takes too long" if isinstance(found, TimedOut) else str(found), wrong=True
        )
        return None
    return found


def _laid(made: Sequence[MadeReview], path: FilePath, profile: str) -> tuple[Sequence[MadeReview], SideBySide] | Wrong:
    review = read_review(path)
    if isinstance(review, Wrong):
        return review
    if review.profile != plain(profile):
        return Wrong(f"{review.file} is a review of {review.profile}, not of {plain(profile)}", "choose another file")
    merged = side_by_side([*made, review], datetime.now(UTC))
    return merged if isinstance(merged, Wrong) else ([*made, review], merged)


def seen_from_here(profile: str, targets: Sequence[Target], states: EndpointStates) -> list[MadeReview]:
    """What is known from this machine, as a review as old as its oldest result; none where nothing is known."""
    results, times = [], []
    for target in targets:
        result, before = states.results.get(target.name), states.before.get(target.name)
        if result is not None:
            outcome, is_ok, message, at = result.verdict.outcome, result.ok, result.verdict.message, result.at
        elif before is not None and (before.host, before.port, before.url) == (target.host, target.port, target.url):
            outcome, is_ok, message, at = before.outcome, before.ok, before.message, before.at
        else:
            continue
        times.append(at)
        results.append(
            SeenEndpoint(
                name=target.name,
                host=target.host,
                port=target.port,
                url=target.url,
                expect=target.expect,
                caller=target.caller,
                outcome=outcome,
                ok=is_ok,
                message=message,
            )
        )
    if not results:
        return []
    started = datetime.fromtimestamp(min(times), UTC)
    return [MadeReview("this machine", plain(profile), "here", started, results)]
