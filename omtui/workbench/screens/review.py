"""The topology review: which hosts and ports answer, from here, and with what. Fills while it runs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import work
from textual.content import Content
from textual.timer import Timer

from omtui.credentials.deadline import TimedOut, call_off_loop
from omtui.plain_text import plain
from omtui.service.reviewing import (
    LiveReview,
    endpoint_history,
    history_key,
    last_changes,
    last_states,
    targets_of,
    write_report,
)
from omtui.setup.catalogue import BY_STEP
from omtui.topology.expiry import short_ending_words
from omtui.topology.probe_history import EndpointState, ProbeHistory
from omtui.topology.target import Target, TargetList
from omtui.workbench.actions import Where
from omtui.workbench.review_words import EndpointStates, compared_words, endpoint_detail, level_of, sign_of
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import TextWindow
from omtui.workbench.widgets.detail_pane import DetailPane
from omtui.workbench.widgets.grid import Cell, Column

LOOK_EVERY = 0.05
"""Seconds between two looks for results while a review runs."""

ROWS_WHILE_RUNNING = 200
"""Rows shown while a review runs, the worst ones; all of them when it is over."""

WATCH_EVERY = 60.0
"""Seconds between the end of a review and the next in watch mode."""

STATES = ("", "error", "warning", "fine")
_STATE_WORDS = {"": "", "error": "failed only", "warning": "warnings only", "fine": "fine only"}
_COLUMNS = (
    Column("", 1),
    Column("Outcome", 27),
    Column("Endpoint", 16),
    Column("Cert.", 5),
    Column("   ms", 5),
    Column("Address", 8),
)


class ReviewScreen(WorkScreen):
    """A row for each endpoint, what hurts first. The probes run in a thread, so that keys are answered meanwhile."""

    where: ClassVar[Where] = "review"
    opens: ClassVar[str] = "probe_detail"

    def __init__(self, *, run: bool = False) -> None:
        super().__init__()
        self._run_first = run
        self._found = TargetList((), ())
        self._states = EndpointStates()
        self._shown: list[Target] = []
        self._state = ""
        self._live: LiveReview | None = None
        self._timer: Timer | None = None
        self._watch: Timer | None = None
        self._watching = False
        self._past: dict[str, tuple[EndpointState, ...]] = {}
        """What the history has of the endpoints that were looked at."""
        self._not_before = 0.0

    # Showing

    def begin(self) -> None:
        """Show the endpoints and their last states; make the prober ready meanwhile."""
        self._found = targets_of(self.session.data, self.session.path)
        self.fresh()
        if self._run_first:
            self.do_probe_all()
        self.run_worker(self._remember(), group="history", exclusive=True)
        self.call_after_refresh(lambda: self.app.workspace.warm)

    async def _remember(self) -> None:
        """Bring the last states in from the history, off the loop."""
        state, path = self.app.workspace.state, self.session.path
        found = await call_off_loop(lambda: last_states(state, path))
        if not isinstance(found, TimedOut) and found:
            self._states.before = found
            self.fresh()

    def on_unmount(self) -> None:
        """Leaving ends the review; what was finished is kept."""
        if self._live is not None and self._live.running:
            self._live.cancel()
            self._live.wait(1.0)

    def fresh(self) -> None:
        """Show what is known now."""
        if not self.running:
            self._found = targets_of(self.session.data, self.session.path)
        chosen = self._current()
        stays = chosen is not None and self.grid.cursor_row > 0
        rows = list(self.fitting([each for each in self._found.targets if self._is_shown(each)], self._text))
        order = {each.name: number for number, each in enumerate(rows)}
        rows.sort(key=lambda each: (*self._states.urgency(each), order[each.name]))
        if self.running:
            rows = rows[:ROWS_WHILE_RUNNING]
        self._shown = rows
        cursor = next((n for n, each in enumerate(rows) if stays and chosen and each.name == chosen.name), 0)
        self.show_list(_COLUMNS, [self._cells(each) for each in rows], self._empty_words(), cursor)
        self.show_summary(self._summary())
        super().fresh()

    def _is_shown(self, target: Target) -> bool:
        outcome = self._states.outcome(target)
        return not self._state or (outcome != "" and level_of(outcome) == self._state)

    def _text(self, target: Target) -> str:
        names, uses = " ".join(target.names), " ".join(target.used_by)
        return f"{self._states.outcome(target)} {names} {target.address} {uses}"

    def _cells(self, target: Target) -> list[Cell]:
        outcome = self._states.outcome(target)
        where = Cell(target.address.removeprefix("https://"), "dim")
        if not outcome:
            word = "waiting" if target.name in self._states.waiting else "not probed yet"
            return [Cell(""), Cell(word, "dim"), Cell(target.name), Cell(""), Cell(""), where]
        result = self._states.results.get(target.name)
        style = self.app.level_style(level_of(outcome))
        took = self._states.milliseconds(target)
        ends = self._states.certificate_ends(target)
        return [
            Cell(sign_of(self.app.signs, outcome), style),
            Cell(outcome, style if result is not None else f"{style} dim".strip()),
            Cell(target.name),
            Cell("" if ends is None else short_ending_words(ends, time.time())),
            Cell("" if took is None else f"{took:>5.0f}"),
            where,
        ]

    def _summary(self) -> Content:
        counts = {"error": 0, "warning": 0, "fine": 0, "": 0}
        for target in self._found.targets:
            outcome = self._states.outcome(target)
            counts[level_of(outcome) if outcome else ""] += 1
        total = len(self._found.targets)
        named = (("error", "failed"), ("warning", "warned"), ("fine", "fine"), ("", "not known"))
        counted = ", ".join(
            f"{counts[level]} {word}" for level, word in named if counts[level] and (level or not self.running)
        )
        endpoints = f"{total} endpoint{'' if total == 1 else 's'}"
        parts: list[tuple[str, str]] = []
        if self.running and self._live is not None:
            # What changes comes first: a narrow line ends before the counts do.
            parts.append((f" {self._progress(self._live)}", "$text-success"))
            parts.append((f"   {counted or 'no answer yet'}", "bold"))
        else:
            parts.append((f" {endpoints}: {counted}" if counted else f" {endpoints}", "bold"))
        if not self.running and not self._states.results and self._states.before:
            newest = max(each.at for each in self._states.before.values())
            parts.append((f"   as of {time.strftime('%Y-%m-%d %H:%M', time.localtime(newest))}", "dim"))
        if self._watching:
            parts.append((f"   again every {WATCH_EVERY:.0f} s", "$text-success"))
        if self._found.skipped and not self.running:
            parts.append((f"   {len(self._found.skipped)} without an address", "dim"))
        filters = " ".join(filter(None, (_STATE_WORDS[self._state], self.words)))
        if filters:
            parts.append((f"   filter: {plain(filters)}", "$text-warning"))
        return Content.assemble(*parts)

    def _progress(self, live: LiveReview) -> str:
        """How many are done, how fast, and how long the rest will take."""
        done = live.total - len(self._states.waiting)
        rate = done / max(time.monotonic() - live.started, 0.001)
        left = f", {(live.total - done) / rate:.0f} s left" if done else ""
        return f"running: {done} of {live.total}, {rate:.0f}/s{left}"

    def _empty_words(self) -> str:
        if self._found.targets:
            return "No endpoint fits the filter. Escape takes it away."
        return "The set-up names no host yet: give the pod its URL, connectors theirs, or add endpoints in step 6."

    def path_line(self) -> Content:
        """Under step 6; and what a probe from here cannot show."""
        arrow = f" {self.app.signs.then} "
        first = arrow.join(("6 " + BY_STEP["6"].title, "Review"))
        second = "Seen from here. Whether Fusion reaches it, no probe from here can show."
        return Content.assemble((f" {first}", "bold"), "\n", (f" {second}", "dim"))

    def help_lines(self) -> Content:
        """What is wrong with the endpoint under the cursor, and what to do."""
        target = self._current()
        if target is None:
            return Content("")
        result, state = self._states.results.get(target.name), self._states.before.get(target.name)
        if target.name in self._states.waiting or (result is None and state is None):
            return Content.styled("a probes all endpoints, o this one", "dim")
        known = result.verdict if result is not None else state
        assert known is not None
        if self.query_one(DetailPane).display:
            return Content.styled("o probes this endpoint again, a all; ] and [ go from one to the next", "dim")
        return Content.assemble(
            (plain(known.message), self.app.level_style(level_of(known.outcome))), "\n", plain(known.advice)
        )

    def _current(self) -> Target | None:
        return self.under_cursor(self._shown)

    # Running

    @property
    def running(self) -> bool:
        """Whether probes are on their way."""
        return self._timer is not None

    def _start(self, targets: Sequence[Target]) -> None:
        if self.running or not targets:
            return
        whole = len(targets) == len(self._found.targets)
        self._states.waiting = {each.name for each in targets}
        path = self.session.path
        self._live = LiveReview(
            self.session.name,
            TargetList(tuple(targets), self._found.skipped if whole else ()),
            history=ProbeHistory(self.app.workspace.state),
            key=history_key(path),
            partial=not whole,
            around=self.app.workspace.warm,
            key_priority=self.app.workspace.key_priority,
        )
        self._timer = self.set_interval(LOOK_EVERY, self._look)
        self.fresh()

    def _look(self) -> None:
        """Show what has come; at the end stop looking."""
        live = self._live
        if live is None or self._timer is None:
            return
        now = time.monotonic()
        running = live.running
        if running and now < self._not_before:
            return
        arrived = live.take()
        for result in arrived:
            self._states.results[result.target.name] = result
            self._states.waiting.discard(result.target.name)
        if not running:
            self._finish(live)
        elif arrived:
            self.fresh()
        # A long list costs time to draw: keys go first.
        self._not_before = time.monotonic() + 3 * (time.monotonic() - now)

    def _finish(self, live: LiveReview) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._states.waiting.clear()
        self.session.revision += 1  # S6-07 knows more now
        self.fresh()
        review = live.review
        if live.trouble:
            self.show_message(live.trouble, wrong=True)
        elif review is not None and review.interrupted:
            self.show_message("ended before all were probed; what was finished is kept", wrong=True)
        if self._watching and review is not None and not review.interrupted:
            if self._watch is not None:
                self._watch.stop()  # of a review before one that was asked for in between
            self._watch = self.set_timer(WATCH_EVERY, self.do_probe_all)

    def do_probe_all(self) -> None:
        """Probe every endpoint."""
        if not self.running:
            self._found = targets_of(self.session.data, self.session.path)
        self._start(self._found.targets)

    def do_refresh(self) -> None:
        """Here, to refresh is to probe again."""
        self.carry_out("probe_all")

    def do_probe_one(self) -> None:
        """Probe the endpoint under the cursor."""
        target = self._current()
        if target is not None:
            self._start((target,))

    def do_probe_failed(self) -> None:
        """Probe again what failed."""
        self._start(self._failed())

    def do_probe_cancel(self) -> None:
        """End the review."""
        if self._live is not None:
            self._live.cancel()
        self._stop_watching()

    def do_probe_watch(self) -> None:
        """Repeat until it is switched off."""
        if self._watching:
            self._stop_watching()
            self.fresh()
            return
        self._watching = True
        self.do_probe_all()

    def _stop_watching(self) -> None:
        self._watching = False
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _failed(self) -> list[Target]:
        outcomes = ((each, self._states.outcome(each)) for each in self._found.targets)
        return [each for each, outcome in outcomes if outcome and level_of(outcome) == "error"]

    def _busy(self) -> str | None:
        return "a review is running; c ends it" if self.running else None

    def why_not_probe_all(self) -> str | None:
        """One review at a time."""
        return self._busy() or (None if self._found.targets else "the set-up names no endpoint")

    why_not_refresh = why_not_probe_all

    def why_not_probe_one(self) -> str | None:
        """There must be one under the cursor."""
        return self._busy() or (None if self._shown else "there is no endpoint here")

    def why_not_probe_failed(self) -> str | None:
        """Something must have failed."""
        return self._busy() or (None if self._failed() else "nothing has failed")

    def why_not_probe_cancel(self) -> str | None:
        """Something must run."""
        return None if self.running or self._watching else "nothing runs"

    # Looking closer

    def do_probe_next(self) -> None:
        """Go to the next endpoint; what has the focus keeps it."""
        self.grid.move_cursor(self.grid.cursor_row + 1)

    def do_probe_previous(self) -> None:
        """Go to the endpoint before."""
        self.grid.move_cursor(self.grid.cursor_row - 1)

    @work(group="detail", exclusive=True)
    async def do_probe_detail(self) -> None:
        """Everything about the endpoint under the cursor, in a window."""
        target = self._current()
        if target is not None:
            await self._read_past(target)
            self.app.push_screen(TextWindow(target.name, partial(self._laid_out, target)))

    async def _read_past(self, target: Target) -> None:
        """Read what the history has of an endpoint, off the loop."""
        state, path = self.app.workspace.state, self.session.path
        found = await call_off_loop(lambda: endpoint_history(state, path, target.name))
        self._past[target.name] = () if isinstance(found, TimedOut) else tuple(found)

    def detail(self) -> Content | None:
        """The same for the pane; its history is read when the cursor rests on it."""
        target = self._current()
        if target is None:
            return None
        if target.name not in self._past:
            self._read_for_pane(target)
        return self._laid_out(target, self.pane_width)

    @work(group="past", exclusive=True)
    async def _read_for_pane(self, target: Target) -> None:
        await self._read_past(target)
        self.show_pane()

    def _laid_out(self, target: Target, width: int) -> Content:
        styles = {level: self.app.level_style(level) for level in ("error", "warning", "fine")}
        result, past = self._states.results.get(target.name), self._past.get(target.name, ())
        signs, ascii_only = self.app.signs, self.app.terminal.ascii_only
        return endpoint_detail(target, result, past, signs, width, ascii_only=ascii_only, styles=styles)

    def why_not_probe_detail(self) -> str | None:
        """There must be one under the cursor."""
        return None if self._shown else "there is no endpoint here"

    @work(group="detail", exclusive=True)
    async def do_probe_changes(self) -> None:
        """What the last whole review found otherwise than the one before."""
        state, path = self.app.workspace.state, self.session.path
        found = await call_off_loop(lambda: last_changes(state, path))
        compared = None if isinstance(found, TimedOut) else found
        content = compared_words(compared, self.app.signs, self.app.level_style)
        self.app.push_screen(TextWindow("Changed since the review before", content))

    @work
    async def do_probe_machines(self) -> None:
        """Lay a review made on another machine next to what is known from here."""
        from omtui.workbench.screens.machines import MachinesScreen, seen_from_here, with_another

        found = await with_another(self, seen_from_here(self.session.name, self._found.targets, self._states))
        if found is not None:
            self.app.push_screen(MachinesScreen(*found))

    def why_not_probe_machines(self) -> str | None:
        """What is seen from here must be whole."""
        return self._busy()

    @work
    async def do_probe_export(self) -> None:
        """Write the last review to a file."""
        live = self._live
        review = live.review if live is not None else None
        if review is None:
            return
        text = "The ending chooses: .html, .json, .csv, .xml for JUnit, .prom, else text."
        path = await self.ask_file("Write the review to", text, value=f"{self.session.name}-review.html")
        if path is not None:
            self.show_written(path, write_report(review, path))

    def why_not_probe_export(self) -> str | None:
        """There must be a finished review of this run."""
        if self.running:
            return self._busy()
        return None if self._live is not None and self._live.review is not None else "nothing was probed yet; a does"

    # Filters

    def do_probe_state(self) -> None:
        """All, failed, warned, fine, all again."""
        self._state = STATES[(STATES.index(self._state) + 1) % len(STATES)]
        self.fresh()

    def step_back(self) -> bool:
        """Take the filters away."""
        filtered = bool(self.words or self._state)
        self.words = self._state = ""
        if filtered:
            self.fresh()
        return filtered
