"""Lines in, groups out: all lines of a group have the same answer for everything."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import Final, NamedTuple

from omtui.rehearsal.cell_masks import ColumnMasks, kind_read
from omtui.rehearsal.cells import Flag, is_missing
from omtui.rehearsal.columns import PROCESS_NAME, ColumnMap, MappedColumn
from omtui.rehearsal.masks import Engine
from omtui.rehearsal.requests import UNKNOWN, Request, Requests
from omtui.rehearsal.routing import RequestOutcome, Router
from omtui.rehearsal.rules import OPERATION, TASK_TYPE, comparison_of
from omtui.setup.comparisons import Attribute, Order, Unreadable, Value
from omtui.setup.table import Record

CHUNK: Final = 256
"""How many lines are judged in one go; of more, the processor's cache holds no longer all."""

NO_COLUMN: Final = Unreadable("the file has no column for it", is_there=False)
NOT_KNOWN: Final = Unreadable("the line does not say it", is_there=False)

Cells = Sequence[object]


class JudgedGroup(NamedTuple):
    """Lines with the same requests and the same mask."""

    requests: tuple[Request, ...]
    mask: int
    wide: Cells = ()
    """The cells that the branches read which are judged one by one."""


def _distinct(masks: tuple[MappedColumn, ColumnMasks]) -> int:
    """Columns of few distinct cells come first: they leave less to ask of the others."""
    return len(masks[1])


class ChunkColumns:
    """Rows as columns; rows that have not the heading's width are only noted."""

    def __init__(self, rows: Sequence[Cells], width: int, *, is_typed: bool = False) -> None:
        self.is_odd: list[bool] = []
        """Of each row; empty when all have the width."""
        if set(map(len, rows)) != {width}:
            self.is_odd = [len(row) != width for row in rows]
            rows = [row for row in rows if len(row) == width]
        self.cells: list[Cells] = list(zip(*rows, strict=True))
        """Of the rows that have it."""
        if is_typed:
            self.cells = [tuple(map(cell_key, each)) for each in self.cells]


_GroupKey = tuple[int, object, object, Cells]


class _GroupNumbers(dict[_GroupKey, int]):
    """The number of each group, by the line's mask, the cells that say its requests, and those of wide branches."""

    def __init__(self, groups: list[JudgedGroup], requests: Requests) -> None:
        super().__init__()
        self._groups = groups
        self._requests = requests

    def __missing__(self, key: _GroupKey) -> int:
        mask, first, second, wide = key
        number = self[key] = len(self._groups)
        self._groups.append(JudgedGroup(self._requests.of(first, second), mask, wide))
        return number


class Judge:
    """Sorts lines into groups. Lines come in chunks; a row has as many cells as the file has headings."""

    def __init__(self, engine: Engine, requests: Requests, columns: ColumnMap, *, is_typed: bool = False) -> None:
        self.engine = engine
        self.is_typed = is_typed
        self.groups: list[JudgedGroup] = [JudgedGroup(UNKNOWN, 0)]
        """The first is for rows that have not the heading's width."""
        self._numbers = _GroupNumbers(self.groups, requests)
        read = engine.rules.attributes
        self.columns = [each for each in columns.columns if each.attribute in read]
        self.not_there = sorted(read - {each.attribute for each in self.columns})
        """What the rules read and the file has no column for."""
        self._base = engine.base
        for attribute in self.not_there:
            self._base &= engine.not_there(attribute)
        asked = frozenset(attribute for branch in engine.wide for attribute in branch.attributes)
        self._wide = [each for each in self.columns if each.attribute in asked]
        place = {each.attribute: each.index for each in columns.columns}
        by_source = {"task type": place.get(("Order Header", TASK_TYPE)), "process": place.get(PROCESS_NAME)}
        self._request_cell = by_source.get(requests.source)
        is_own = requests.source == "task type"
        self._operation_cell = place.get(("Order Header", OPERATION)) if is_own else None

    @cached_property
    def masks(self) -> list[tuple[MappedColumn, ColumnMasks]]:
        """The columns that are read, with the masks of their cells."""
        column = self.engine.column
        return [(each, column(each.attribute, each.read, is_plain=each.choice is None)) for each in self.columns]

    def numbers(self, rows: Sequence[Cells], width: int) -> list[int]:
        """The groups of some rows, by number; 0 for a row whose width is not the heading's."""
        return self.numbers_of(ChunkColumns(rows, width, is_typed=self.is_typed))

    def numbers_of(self, columns: "ChunkColumns") -> list[int]:
        """The groups of some rows that stand as columns."""
        cells = columns.cells
        if not cells:
            return [0] * len(columns.is_odd)
        masks = self.masks_of(dict(enumerate(cells)), len(cells[0]))
        first = repeat(None) if self._request_cell is None else cells[self._request_cell]
        second = repeat(NO_COLUMN) if self._operation_cell is None else cells[self._operation_cell]
        wide = zip(*(cells[each.index] for each in self._wide), strict=True) if self._wide else repeat(())
        numbers = list(map(self._numbers.__getitem__, zip(masks, first, second, wide)))  # noqa: B905 - the masks end it
        if not columns.is_odd:
            return numbers
        whole = iter(numbers)
        return [0 if is_odd else next(whole) for is_odd in columns.is_odd]

    def masks_of(self, cells: Mapping[int, Cells], lines: int) -> Iterable[int]:
        """The masks of some lines, by their cells in each column that is read."""
        masks: Iterable[int] = repeat(self._base, lines)
        self.masks.sort(key=_distinct)
        for column, of_cell in self.masks:
            masks = of_cell.narrowed(masks, cells[column.index])
        return masks

    def order(self, row: Cells, request: Request) -> Order:
        """A line and a request as an order for `evaluate`."""
        return self._order([(each, row[each.index]) for each in self.columns], request)

    def _order(self, cells: Iterable[tuple[MappedColumn, object]], request: Request) -> Order:
        order: dict[Attribute, object] = dict.fromkeys(self.not_there, NO_COLUMN)
        for column, cell in cells:
            order[column.attribute] = None if is_missing(cell) else _CellReading(column, cell)
        for attribute in self.engine.request_attributes:
            value = request.task_type if attribute[1] == TASK_TYPE else request.operation
            order[attribute] = NOT_KNOWN if value is None else value or None
        return order  # type: ignore[return-value]

    def near(self, row: Cells, request: Request) -> int:
        """The alternatives that fail in one column only, of those that are for the request's task type."""
        held, near = self._base, 0
        for column, of_cell in self.masks:
            mask = of_cell[cell_key(row[column.index])]
            near = near & mask | held & ~mask
            held &= mask
        return near & self.engine.request_mask(*request) & (1 << self.engine.width) - 1

    def mask(self, group: JudgedGroup, request: Request) -> int:
        """What holds for a request of a group's lines."""
        mask = group.mask & self.engine.request_mask(*request)
        if not self.engine.wide:
            return mask
        return mask & self.engine.wide_mask(self._order(zip(self._wide, group.wide, strict=True), request))


def cell_key(cell: object) -> object:
    """By which a cell is remembered: `True` and 1 are equal in Python, and are not the same here."""
    return Flag(cell) if isinstance(cell, bool) else cell


class _CellReading:
    """A cell, read as the type of the condition that asks for it."""

    def __init__(self, column: MappedColumn, cell: object) -> None:
        self._column = column
        self._cell = cell

    def __call__(self, record: Record) -> Value | Unreadable:
        comparison = comparison_of(record)
        kind = kind_read(comparison) if comparison else "text"
        if comparison is not None and comparison.value == [] and kind is None:
            return str(self._cell)  # nothing is in an empty list, whatever its type
        if kind is None:
            return Unreadable("the condition has values of several types")
        return self._column.read(self._cell, kind)


class Outcomes:
    """The outcomes of groups, each worked out once."""

    def __init__(self, judge: Judge, router: Router) -> None:
        self._judge = judge
        self._router = router
        self._found: dict[int, tuple[tuple[Request, RequestOutcome], ...]] = {}

    def of(self, number: int) -> tuple[tuple[Request, RequestOutcome], ...]:
        """What happens to the requests of a group."""
        found = self._found.get(number)
        if found is None:
            group = self._judge.groups[number]
            found = self._found[number] = tuple(
                (request, self._router.outcome(request.task_type, self._judge.mask(group, request)))
                for request in group.requests
            )
        return found
