"""Which connector each of many orders would get: how many go where, their lines, and what every rule makes of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import ClassVar

from textual import work
from textual.content import Content

from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.job import LineRules, ListedLine, RehearsalCounts, RequestWay, SeenColumn, WayLines
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT
from omtui.rehearsal.routing import OUTCOMES, by_harm
from omtui.service.rehearsing import ENDINGS, job_of, keep_choice
from omtui.workbench.actions import Where
from omtui.workbench.orders_in_hand import impact_words
from omtui.workbench.screens.base import WorkScreen
from omtui.workbench.screens.dialogs import Choice, TextWindow
from omtui.workbench.screens.nearby import choose_nearby
from omtui.workbench.widgets.grid import Cell, Column

_FORMS = "CSV, JSON of the REST resource, or XLSX, also packed (.gz)."
_LEVELS = {"(unrouted)": "error", "(ambiguous)": "error", "(cannot-evaluate)": "warning"}
_MEANING = {
    "(unrouted)": "No rule takes them: no connector is set.",
    "(ambiguous)": "Rules that set different connectors are true, and Oracle names no winner.",
    "(cannot-evaluate)": "A rule reads what the file does not say, or says so that it cannot be read.",
    "(predefined)": "Oracle's own task type, and none of the rules here takes it.",
}


class RehearsalScreen(WorkScreen):
    """Task type by connector, what is harmful first. Enter lists the lines behind a number."""

    where: ClassVar[Where] = "rehearsal"
    opens: ClassVar[str] = "rehearsal_open"

    _shown: Sequence[tuple[RequestWay, int]] = ()

    def begin(self) -> None:
        """Ask for orders where there are none."""
        super().begin()
        if self.app.orders is None:
            self.do_rehearsal_file()

    @property
    def _counts(self) -> RehearsalCounts | None:
        return self.app.orders.counts if self.app.orders else None

    def fresh(self) -> None:
        """Show what was counted last."""
        counts = self._counts
        ways = by_harm(counts.ways) if counts else []
        self._shown = self.fitting(ways, lambda each: f"{each[0].task_type} {each[0].to}")
        columns = [Column("", 1), Column("Task type", 16), Column("Connector", 16), Column("Requests", 10),
                   Column("Share", 6)]  # fmt: skip
        self.show_list(columns, [self._cells(way, number) for way, number in self._shown], self._empty_words())
        self.show_summary(self._summary())
        super().fresh()

    def _cells(self, way: RequestWay, number: int) -> list[Cell]:
        level = _LEVELS.get(way.to, "")
        total = self._counts.requests if self._counts else number
        share = f"{100 * number // total} %" if total and number * 100 >= total else "< 1 %"
        style = self.app.level_style(level) if level else "dim" if way.to in _MEANING else ""
        return [Cell(self.app.signs.level(level), style), Cell(way.task_type or "(not known)"), Cell(way.to, style),
                Cell(f"{number:,}"), Cell(share, "dim")]  # fmt: skip

    def _summary(self) -> Content:
        orders = self.app.orders
        if orders is None:
            return Content("")
        if orders.trouble is not None:
            return Content.styled(f" {plain(orders.trouble)}", "bold $text-warning")
        if orders.counts is None:
            return Content.styled(f" {orders.lines:,} lines read", "dim")
        counts = orders.counts
        bad = [f"{counts.outcomes[each]:,} {each}" for each in OUTCOMES[:3] if counts.outcomes.get(each)]
        fine = " every request gets a connector" if counts.is_whole else " every request got a connector"
        verdict = (f" {', '.join(bad)}" if bad else fine, "bold")
        edit = f"   {impact_words(counts.edit)}" if counts.edit else ""
        doing = "" if not orders.is_judging else "   judging the edit" if counts.is_whole else "   so far"
        read = f": {orders.lines:,} lines read" if doing and orders.lines else ""
        state = (f"{doing}{read}" if doing else edit, "$text-warning")
        return Content.assemble(verdict, state)

    def _empty_words(self) -> str:
        orders = self.app.orders
        if self.words:
            return "Nothing fits the filter. Escape takes it away."
        if orders is not None:
            return "" if orders.trouble is None else "o chooses another file, m says what its columns are."
        return (
            f"o chooses a file of orders: {_FORMS}\n"
            "Each line goes through the routing rules as they are now. Nothing of the orders is stored."
        )

    def path_line(self) -> Content:
        """Which orders, and what this is not."""
        orders, then = self.app.orders, self.app.signs.then
        counts = self._counts
        numbers = f"  {counts.lines:,} lines, {counts.requests:,} requests" if counts else ""
        name = plain(orders.file.name) if orders else "no orders"
        return Content.assemble(
            (f" {plain(self.session.name)} {then} Rehearsal {then} {name}", "bold"), numbers,
            (f"\n {WHAT_IT_IS_NOT.partition('. ')[2]}", "dim"),
        )  # fmt: skip

    def help_lines(self) -> Content:
        """What the outcome means, and what the columns lack."""
        row = self.current()
        counts = self._counts
        if row is None or counts is None:
            return Content("")
        lines = [_MEANING.get(row[0].to, "A rule takes them.")]
        if counts.not_there:
            lacking = ", ".join(name for name, _ in counts.not_there[:3])
            lines.append(f"No column for {plain(lacking)}: m maps one")
        return Content("\n").join(Content(line) for line in lines)

    def current(self) -> tuple[RequestWay, int] | None:
        """The row under the cursor."""
        return self.under_cursor(self._shown)

    def detail(self) -> Content | None:
        """The first lines behind the number, each with its reason."""
        row, counts = self.current(), self._counts
        if row is None or counts is None:
            return None
        parts = [
            Content.styled(f"{plain(row[0].task_type or 'not known')} {self.app.signs.call} {plain(row[0].to)}", "bold")
        ]
        parts += [
            Content.assemble((f"\n{_name(each)}\n", "bold $accent"), each.why)
            for each in counts.examples.get(row[0], ())
        ]
        parts += [Content.styled(f"\n{plain(note)}", "dim") for note in counts.notes]
        return Content("\n").join(parts)

    # Acting

    def do_rehearsal_open(self) -> None:
        """The lines behind the number under the cursor."""
        row, orders = self.current(), self.app.orders
        if row is not None and orders is not None:
            self.app.push_screen(RehearsalLinesScreen(orders.file, row[0]))
        else:
            self.do_rehearsal_file()

    @work
    async def do_rehearsal_file(self) -> None:
        """Choose the orders."""
        path = await choose_orders(self)
        if path is None:
            return
        self.app.take_orders(path)
        self.fresh()

    def do_rehearsal_columns(self) -> None:
        """What the columns are taken for."""
        self.app.push_screen(RehearsalColumnsScreen())

    def why_not_rehearsal_columns(self) -> str | None:
        """They must have been read."""
        return None if self._counts else "there are no columns yet; o chooses a file of orders"

    def do_refresh(self) -> None:
        """Read the orders again."""
        if self.app.orders is not None:
            self.app.take_orders(self.app.orders.file)
        self.fresh()


async def choose_orders(screen: WorkScreen) -> FilePath | None:
    """Ask for a file of orders."""
    return await choose_nearby(screen, "Orders to rehearse", _FORMS, ENDINGS, "order")


class RehearsalLinesScreen(WorkScreen):
    """The lines of one task type that go one way, each with its reason. Enter shows what every rule makes of one."""

    where: ClassVar[Where] = "rehearsal"
    opens: ClassVar[str] = "rehearsal_open"

    def __init__(self, file: FilePath, way: RequestWay) -> None:
        super().__init__()
        self._file, self._way = file, way
        self._found: WayLines | None = None
        self._shown: Sequence[ListedLine] = ()
        self._trouble = ""

    def begin(self) -> None:
        """Read them."""
        super().begin()
        self._read()

    @work(exclusive=True)
    async def _read(self) -> None:
        job = job_of(self.session, self._file, self._way)
        found = await self.app.ask_orders(job) if not isinstance(job, Problem) else job
        if isinstance(found, WayLines):
            self._found = found
        else:
            self._trouble = str(found)
        self.fresh()

    def fresh(self) -> None:
        """Show the lines."""
        found = self._found
        self._shown = self.fitting(found.lines if found else (), _text)
        cells = [Column(plain(name), 8) for name in found.columns] if found else []
        columns = [Column("In line", 8), Column("Order", 8), Column("Line", 4), *cells, Column("Why", 30)]
        rows = [
            [Cell(f"{each.place:,}", "dim"), Cell(each.order), Cell(each.line), *map(Cell, each.cells), Cell(each.why)]
            for each in self._shown
        ]
        empty = "Nothing fits the filter. Escape takes it away." if self.words else self._trouble or "reading"
        self.show_list(columns, rows, plain(empty))
        more = f"   the first {len(found.lines):,} of {len(found.lines) + found.more:,}" if found and found.more else ""
        title = f" {plain(self._way.task_type or 'not known')} {self.app.signs.call} {plain(self._way.to)}"
        self.show_summary(Content.assemble((title, "bold"), (more, "dim")))
        super().fresh()

    def path_line(self) -> Content:
        """Which lines."""
        then = self.app.signs.then
        words = f" {plain(self.session.name)} {then} Rehearsal {then} {plain(self._file.name)} {then} Lines"
        return Content.styled(words, "bold")

    def help_lines(self) -> Content:
        """Why the line under the cursor goes where it goes."""
        line = self.under_cursor(self._shown)
        return Content(line.why) if line else Content("")

    def detail(self) -> Content | None:
        """The reason in full, with the cells that the rules read."""
        line = self.under_cursor(self._shown)
        if line is None or self._found is None:
            return None
        cells = [
            f"{plain(name)}  {cell or 'missing'}" for name, cell in zip(self._found.columns, line.cells, strict=False)
        ]
        return Content.assemble((f"{_name(line)}\n", "bold"), "\n".join(cells), ("\n\nWhy\n", "bold $accent"), line.why)

    @work(exclusive=True)
    async def do_rehearsal_open(self) -> None:
        """What every rule makes of the line."""
        line = self.under_cursor(self._shown)
        if line is None:
            return
        job = job_of(self.session, self._file, self._way, line.number)
        found = await self.app.ask_orders(job) if not isinstance(job, Problem) else job
        if not isinstance(found, LineRules):
            self.show_outcome(found)
            return
        signs = self.app.signs
        marks = {True: (signs.fine, "$text-success"), False: (signs.empty, "dim"), None: ("?", "$text-warning")}
        rows = []
        for each in found.words:
            sign, style = marks[each.holds]
            if each.holds is False and each.depth == 2:
                sign, style = "x", self.app.level_style("error")
            bold = "bold" if each.depth == 0 else ""
            rows.append(Content.assemble("  " * each.depth, (f"{sign} ", style), (plain(each.text), bold)))
        self.app.push_screen(TextWindow(_name(line), Content("\n").join(rows)))

    @work(exclusive=True)
    async def do_trace(self) -> None:
        """The way of the line through its process."""
        from omtui.workbench.screens.trace import show_trace

        line = self.under_cursor(self._shown)
        if line is not None:
            await show_trace(self, self._file, line.order, line.line or str(line.place))

    def why_not_trace(self) -> str | None:
        """The line must be found by its order."""
        line = self.under_cursor(self._shown)
        return None if line and line.order else "no column says which order a line belongs to; m maps one"


class RehearsalColumnsScreen(WorkScreen):
    """The columns of the file: what is in them, and what each is taken for. Enter says what a column is."""

    where: ClassVar[Where] = "rehearsal"
    opens: ClassVar[str] = "rehearsal_open"

    _shown: Sequence[SeenColumn] = ()

    def fresh(self) -> None:
        """Show the columns, and what no column holds."""
        counts = self.app.orders.counts if self.app.orders else None
        self._shown = self.fitting(counts.columns if counts else (), lambda each: f"{each.heading} {each.attribute}")
        columns = [Column("Heading", 14), Column("Cells", 24), Column("Attribute", 20), Column("Missing", 8),
                   Column("Unreadable", 10)]  # fmt: skip
        rows = [
            [
                Cell(each.heading),
                Cell(", ".join(each.samples), "dim"),
                Cell(each.attribute),
                *map(_number, (each.missing, each.unreadable)),
            ]
            for each in self._shown
        ]
        self.show_list(columns, rows, "There are no columns.")
        lacking = counts.not_there if counts else ()
        words = [f"{plain(name)}{f' (perhaps {plain(near)})' if near else ''}" for name, near in lacking]
        summary = f" no column for {', '.join(words)}" if words else " the rules read nothing else"
        self.show_summary(Content.styled(summary, "bold $text-warning" if words else "dim"))
        super().fresh()

    def path_line(self) -> Content:
        """Which columns, and where the choice is kept."""
        then = self.app.signs.then
        words = (f"\n What you say of a column is kept in {plain(self.session.name)}.columns.toml.", "dim")
        return Content.assemble((f" {plain(self.session.name)} {then} Rehearsal {then} Columns", "bold"), words)

    @work
    async def do_rehearsal_open(self) -> None:
        """Say what the column under the cursor is."""
        column, orders = self.under_cursor(self._shown), self.app.orders
        if column is None or orders is None or orders.counts is None:
            return
        counts = orders.counts
        asked = [
            *(name for name, _ in counts.not_there),
            *(each.attribute for each in counts.columns if each.attribute.endswith(")")),
        ]
        choices = [Choice(name, name) for name in dict.fromkeys(asked)]
        choices += [Choice(f"={role}", title) for role, title in _ROLES.items()]
        answer = await self.choose(f"What is {column.heading}?", choices)
        if answer is None:
            return
        trouble = keep_choice(self.session.path, _choice(column.heading, answer))
        if trouble is not None:
            self.show_outcome(trouble)
            return
        orders.asked = None
        self.fresh()


_ROLES = {
    "order": "The number of the order",
    "line": "The number of the line",
    "weight": "How many lines a row counts for",
    "expected": "The connector that is expected",
    "": "Nothing that the rules read",
}


def _choice(heading: str, answer: str) -> ColumnChoice:
    if answer.startswith("="):
        role = answer[1:]
        return ColumnChoice(heading, ignore=not role, role=role or None)  # type: ignore[arg-type]
    attribute, _, entity = answer.removesuffix(")").rpartition(" (")
    return ColumnChoice(heading, entity, attribute)


def _name(line: ListedLine) -> str:
    place = f"line {line.place:,} of the file"
    return f"Order {line.order}, line {line.line} ({place})" if line.order else place.capitalize()


def _text(line: ListedLine) -> str:
    return f"{line.order} {line.line} {' '.join(line.cells)} {line.why}"


def _number(value: int | None) -> Cell:
    return Cell("not read" if value is None else f"{value:,}", "dim" if not value else "$text-warning")
