"""The masks of the cells of one column, each made when the cell is first seen.

Comparisons that ask the same of a cell are judged together: what is equal to no text that a rule names is all alike,
and of a number or a date only its place between the values counts.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, tzinfo
from decimal import Decimal
from functools import cached_property, reduce
from itertools import repeat
from operator import and_
from typing import Final

from omtui.rehearsal.cells import is_missing
from omtui.rehearsal.rules import Comparison
from omtui.setup.comparisons import (
    Unreadable,
    Value,
    ValueKind,
    comparable,
    compare,
    kind_of,
    known_kind,
    span,
)
from omtui.setup.routing import EMPTY_OPERATORS

MOST_CELLS: Final = 60_000
"""Up to how many distinct cells of a column are remembered."""
FEW_CELLS: Final = 1_024
"""With more distinct cells, a mask is looked up only for lines that still ask for it."""

Read = Callable[[object, ValueKind], Value | Unreadable]
"""How the cells of one column are read."""


def kind_read(comparison: Comparison) -> ValueKind | None:
    """The type as which a cell is read for a comparison; `None` when its values have several or need none."""
    known = known_kind(comparison.attribute)
    if known is not None:
        return known
    values = comparison.value if isinstance(comparison.value, list) else [comparison.value]
    kinds = {kind_of(each) for each in values}
    return kinds.pop() if len(kinds) == 1 else None


def judge(comparison: Comparison, cell: object, read: Read, zone: tzinfo) -> bool | None:
    """Whether a comparison holds for a cell; `None` when it cannot be evaluated."""
    if is_missing(cell):
        return comparison.operator == "is empty"
    if comparison.operator in EMPTY_OPERATORS:
        return comparison.operator == "is not empty"
    kind = kind_read(comparison)
    if kind is None:
        return comparison.operator == "is not in" if comparison.value == [] else None
    value = read(cell, kind)
    if isinstance(value, Unreadable):
        return None
    asked = comparable(comparison.attribute, comparison.value)
    return False if asked is None else compare(comparison.operator, asked, value, zone)


class Test:
    """One comparison with the alternatives that ask it, and what its three outcomes leave of a mask."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.positive = 0
        self.negative = 0

    def close(self, width: int, everything: int) -> None:
        """All alternatives that ask it are known."""
        self._width, self._everything = width, everything

    @cached_property
    def keep(self) -> dict[bool | None, int]:
        """What its outcomes leave of a mask."""
        width, everything = self._width, self._everything
        both = self.positive | self.negative
        return {
            True: everything & ~(self.negative | self.negative << width),
            False: everything & ~(self.positive | self.positive << width),
            None: everything & ~(both << width),
        }


class ColumnMasks(dict[object, int]):
    """The mask of each distinct cell of a column, made when the cell is first seen."""

    def __init__(
        self, tests: Sequence[Test], everything: int, read: Read, zone: tzinfo, *, is_plain: bool = True
    ) -> None:
        """`is_plain`: the mapping says nothing of how cells are read."""
        super().__init__()
        self._everything = everything
        self._read = read
        self._zone = zone
        self._is_plain = is_plain
        self._alike = _alike(tests, zone)
        grouped = {id(test) for groups in self._alike.values() for group in groups for test in group.tests}
        self._others = [test for test in tests if id(test) not in grouped]
        self._missing = self._judged(tests, None)
        self._kinds = sorted({kind for test in tests if (kind := kind_read(test.comparison))})
        numbers = self._alike.get("number", [])
        is_quick = is_plain and self._kinds == ["number"] and not self._others
        self._ranks = (
            numbers[0] if is_quick and numbers and isinstance(numbers[0], _Ranks) and numbers[0].is_disjoint else None
        )
        self.is_quick = self._ranks is not None
        """Whether most cells need not be remembered: they are placed between the values that rules name."""
        self.is_text = self._kinds in ([], ["text"])
        """Whether any text can be read as the conditions need it."""
        keeps = (kept for test in tests for kept in test.keep.values())
        self._asks = everything & ~reduce(and_, keeps, everything)
        """The bits that a cell of this column can clear."""
        self._readable: set[object] = set()

    def __missing__(self, cell: object) -> int:
        mask = self._missing if is_missing(cell) else self._mask(cell)
        if len(self) < MOST_CELLS:
            self[cell] = mask
        return mask

    def narrowed(self, masks: Iterable[int], cells: Sequence[object]) -> Iterable[int]:
        """The masks of lines after their cells of this column, one for each."""
        if len(self) < FEW_CELLS:
            return map(and_, masks, map(self.__getitem__, cells))
        left, asks = list(masks), self._asks
        places = [at for at, mask in enumerate(left) if mask & asks]
        asked = [cells[at] for at in places]
        is_quick = self._ranks is not None and _are_plain_numbers(asked)
        found = self._ranks.quick_masks(asked) if self._ranks is not None and is_quick else repeat(None)
        for at, cell, mask in zip(places, asked, found):  # noqa: B905 - the places end it
            left[at] &= self[cell] if mask is None else mask
        return left

    def _mask(self, cell: object) -> int:
        mask = self._judged(self._others, cell) if self._others else self._everything
        for kind, groups in self._alike.items():
            is_as_it_stands = kind == "text" and self._is_plain
            value = cell if is_as_it_stands and isinstance(cell, str) else self._read(cell, kind)
            for group in groups:
                mask &= group.mask(value, self._everything)
        return mask

    def _judged(self, tests: Iterable[Test], cell: object) -> int:
        keeps = (test.keep[judge(test.comparison, cell, self._read, self._zone)] for test in tests)
        return reduce(and_, keeps, self._everything)

    def unreadable(self, cells: Sequence[object]) -> list[tuple[int, Unreadable]]:
        """The cells that cannot be read as some condition needs them, by their places."""
        if self._readable.issuperset(cells):
            return []
        surely = _SURELY_READ.get(self._kinds[0]) if len(self._kinds) == 1 and self._is_plain else None
        if surely is not None and surely(cells):
            if len(self._readable) < FEW_CELLS:
                self._readable.update(cells)
            return []
        found = []
        for at, cell in enumerate(cells):
            if not is_missing(cell) and (why := self._why_unreadable(cell)) is not None:
                found.append((at, why))
        return found

    def _why_unreadable(self, cell: object) -> Unreadable | None:
        if cell in self._readable:
            return None
        values = (self._read(cell, kind) for kind in self._kinds)
        why = next((value for value in values if isinstance(value, Unreadable)), None)
        if why is None and len(self._readable) < MOST_CELLS:
            self._readable.add(cell)
        return why


# What is surely read, or missing, without a second look

_OF_A_DAY: Final = r"(?:[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8]))?"
_MOST_DIGITS: Final = 30


def _joined(cells: Sequence[object]) -> str | None:
    """Cells as lines; `None` when some are no texts, or have lines themselves."""
    try:
        joined = "\n".join(cells)  # type: ignore[arg-type]
    except TypeError:
        return None
    return joined if joined.count("\n") == len(cells) - 1 else None


def _are_texts(cells: Sequence[object]) -> bool:
    return {str, type(None)}.issuperset(map(type, cells))


def _are_plain_numbers(cells: Sequence[object]) -> bool:
    """Whether all cells are numbers of digits with at most one point, and not too long."""
    joined = _joined(cells)
    if not joined or max(map(len, cells)) > _MOST_DIGITS or not joined.isascii():  # type: ignore[arg-type]
        return False
    rest = joined.encode().translate(None, b"0123456789")
    return not rest.translate(None, b".\n") and b".." not in rest and ".\n" not in joined and joined[-1] != "."


def _are_plain_days(cells: Sequence[object]) -> bool:
    joined = _joined(cells)
    return joined is not None and re.fullmatch(rf"{_OF_A_DAY}(?:\n{_OF_A_DAY})*+", joined) is not None


_SURELY_READ: Final[dict[ValueKind, Callable[[Sequence[object]], bool]]] = {
    "text": _are_texts,
    "number": _are_plain_numbers,
    "date": _are_plain_days,
}


# Comparisons that are judged together

_IS_ONE_OF: Final = {"is equal to": True, "is in": True, "is not equal to": False, "is not in": False}
"""Comparisons of equality, and what of it they want."""
_RANKED: Final[dict[ValueKind, frozenset[str]]] = {
    "number": frozenset(
        {*_IS_ONE_OF, "is between", "is greater than", "is greater than or equal to", "is less than",
         "is less than or equal to"}
    ),
    "date": frozenset({*_IS_ONE_OF, "is between", "is before", "is after", "is on or before", "is on or after"}),
}  # fmt: skip


def _alike(tests: Iterable[Test], zone: tzinfo) -> "dict[ValueKind, list[_Texts | _Ranks]]":
    """The tests that can be judged together, by the type as which they read a cell."""
    equal: list[Test] = []
    texts: dict[str, list[Test]] = {}
    ranked: dict[ValueKind, list[Test]] = {}
    for test in tests:
        comparison = test.comparison
        kind = kind_read(comparison)
        if any(kind_of(each) != kind for each in _values(comparison)):
            continue
        if kind == "text" and comparison.operator in _IS_ONE_OF:
            equal.append(test)
        elif kind == "text" and comparison.operator not in EMPTY_OPERATORS:
            texts.setdefault(comparison.operator, []).append(test)
        elif kind is not None and comparison.operator in _RANKED.get(kind, ()):
            ranked.setdefault(kind, []).append(test)
    found: dict[ValueKind, list[_Texts | _Ranks]] = {}
    if equal or texts:
        found["text"] = [_Texts(each, _part(operator, each)) for operator, each in texts.items()]
    if equal:
        mentioned = frozenset(each for test in equal for each in _values(test.comparison))
        found["text"].append(_Texts(equal, lambda text: text if text in mentioned else None))
    found.update({kind: [_Ranks(kind, group, zone)] for kind, group in ranked.items()})
    return found


def _values(comparison: Comparison) -> list[object]:
    return comparison.value if isinstance(comparison.value, list) else [comparison.value]


def _part(operator: str, tests: Sequence[Test]) -> "Callable[[str], str | None] | None":
    """What of a text decides comparisons of one operator; `None`: the whole."""
    longest = max(1, *(len(str(test.comparison.value)) for test in tests), 1)
    match operator:
        case "starts with":
            return lambda text: text[:longest]
        case "ends with":
            return lambda text: text[-longest:]
    return None


class _Texts:
    """Tests that ask the same part of a text, or whether it is one of some texts: all with the same are alike."""

    def __init__(self, tests: list[Test], part: "Callable[[str], str | None] | None") -> None:
        self.tests = tests
        self._part = part
        self._masks: dict[object, int] = {}
        self._mentioned = [frozenset(_values(test.comparison)) for test in tests]

    def mask(self, value: Value | Unreadable, everything: int) -> int:
        """By a value that is not missing."""
        if self._part is None:
            return self._mask_of(value, everything)
        key = self._part(value) if isinstance(value, str) else Unreadable
        if key not in self._masks:
            self._masks[key] = self._mask_of(value, everything)
        return self._masks[key]

    def _mask_of(self, value: Value | Unreadable, mask: int) -> int:
        for test, mentioned in zip(self.tests, self._mentioned, strict=True):
            operator = test.comparison.operator
            holds: bool | None = None
            if isinstance(value, str):
                is_in = _IS_ONE_OF.get(operator)
                holds = (
                    compare(operator, test.comparison.value, value) if is_in is None else (value in mentioned) is is_in
                )
            mask &= test.keep[holds]
        return mask


class _Ranks:
    """Tests whose outcome depends only on where a number or a date is between the values that they name."""

    def __init__(self, kind: ValueKind, tests: list[Test], zone: tzinfo) -> None:
        self.kind = kind
        self.tests = tests
        self._zone = zone
        self._marks = sorted({mark for test in tests for mark in _marks_of(test, zone)})
        near = ((float(mark), 1e-9 * max(1.0, abs(float(mark)))) for mark in self._marks if kind == "number")
        self._rough = [edge for mark, margin in near for edge in (mark - margin, mark + margin)]
        """Where a number is too near to a value to be judged by its nearest fraction of two."""
        self._own = [(test, sorted({self._marks.index(each) for each in _marks_of(test, zone)})) for test in tests]
        """Each test with the places of its own values among all."""
        self._held: list[dict[int, bool | None]] = [{} for _ in tests]
        """What came of each test between and at its own values: there nothing else counts."""
        self._masks: dict[int, int] = {}
        self._quick: dict[int, int] = {}
        """Those of numbers between the values."""
        self.is_disjoint = self._rough == sorted(self._rough)

    def quick_masks(self, cells: Sequence[object]) -> list[int | None]:
        """By texts that are plain numbers; `None` for missing ones and those that must be looked at exactly."""
        rough, quick = self._rough, self._quick.get
        return [quick(bisect_left(rough, float(cell))) if cell else None for cell in cells]  # type: ignore[arg-type]

    def mask(self, value: Value | Unreadable, everything: int) -> int:
        """By a value that is not missing."""
        rank = -1 if isinstance(value, Unreadable) else self._rank(value)
        if rank not in self._masks:
            self._masks[rank] = self._mask_of(value, rank, everything)
            if rank % 2 == 0:
                self._quick[rank] = self._masks[rank]
        return self._masks[rank]

    def _mask_of(self, value: Value | Unreadable, rank: int, mask: int) -> int:
        if isinstance(value, Unreadable):
            return reduce(and_, (test.keep[None] for test in self.tests), mask)
        for (test, own), held in zip(self._own, self._held, strict=True):
            place = bisect_left(own, rank // 2)
            is_at = rank % 2 and place < len(own) and own[place] == rank // 2
            key = 2 * place + bool(is_at)
            if key not in held:
                held[key] = compare(test.comparison.operator, test.comparison.value, value, self._zone)
            mask &= test.keep[held[key]]
        return mask

    def _rank(self, value: Value) -> int:
        if isinstance(value, date):
            mark: int | float | Decimal = span(value, self._zone)[0]
        else:
            assert isinstance(value, int | float | Decimal)
            mark = value
        place = bisect_left(self._marks, mark)
        return 2 * place + (1 if place < len(self._marks) and self._marks[place] == mark else 0)


def _marks_of(test: Test, zone: tzinfo) -> Iterator[int | float | Decimal]:
    """Where the values that a comparison names begin and end."""
    for value in _values(test.comparison):
        if isinstance(value, date):
            yield from span(value, zone)
        elif isinstance(value, int | float | Decimal):
            yield value
