"""The engine: what every alternative of every branch makes of a cell, as the bits of one number.

An alternative has two bits: it *may* hold (the lower half), it *surely* holds (the upper half). A cell clears the bits
of the alternatives whose comparisons fail on it; a line's mask is the AND of its cells' masks. So a comparison is
judged once for each distinct cell, by the same `compare` as everywhere, and a line costs one AND for each column.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from datetime import date, tzinfo
from decimal import Decimal
from functools import cache, cached_property, reduce
from operator import and_
from typing import Final, NamedTuple

from omtui.rehearsal.cells import NUMBER, is_missing
from omtui.rehearsal.rules import OPERATION, TASK_TYPE, Branch, Comparison, RuleSet
from omtui.setup.comparisons import (
    Attribute,
    Order,
    Unreadable,
    Value,
    ValueKind,
    comparable,
    compare,
    kind_of,
    known_kind,
    span,
)
from omtui.setup.conditions import evaluate
from omtui.setup.routing import EMPTY_OPERATORS

MOST_CELLS: Final = 60_000
"""Up to how many distinct cells of a column are remembered."""

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


class BranchBits(NamedTuple):
    """Where a branch's alternatives are in a mask."""

    may: int
    sure: int


class _Test:
    """One comparison with the alternatives that ask it, and what its three outcomes leave of a mask."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.positive = 0
        self.negative = 0

    def close(self, width: int, everything: int) -> None:
        both = self.positive | self.negative
        self.keep: dict[bool | None, int] = {
            True: everything & ~(self.negative | self.negative << width),
            False: everything & ~(self.positive | self.positive << width),
            None: everything & ~(both << width),
        }


class Engine:
    """The compiled rules: masks of cells, and what a mask says of each branch."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._tests: dict[tuple[Attribute, str, str], _Test] = {}
        self.wide: list[Branch] = []
        """Branches with too many alternatives: judged by `evaluate`."""
        unknown, bit = 0, 1
        spans: list[tuple[Branch, int, int]] = []
        for rule in rules.rules:
            for branch in rule.branches:
                first = bit
                found = branch.alternatives
                if found is None:
                    self.wide.append(branch)
                    bit <<= 1
                for alternative in found or ():
                    for comparison, is_negated in alternative:
                        if comparison is None:
                            unknown |= bit
                            continue
                        test = self._tests.setdefault(comparison.key, _Test(comparison))
                        if is_negated:
                            test.negative |= bit
                        else:
                            test.positive |= bit
                    bit <<= 1
                spans.append((branch, first, bit))
        self.width = bit.bit_length() - 1
        self.everything = (1 << 2 * self.width) - 1
        self.base = self.everything & ~(unknown << self.width)
        """The mask of a line that nothing is known of yet."""
        self.bits: dict[Branch, BranchBits] = {}
        for branch, first, end in spans:
            own = end - first
            self.bits[branch] = BranchBits(own, own << self.width)
        for test in self._tests.values():
            test.close(self.width, self.everything)

    @cached_property
    def request_attributes(self) -> frozenset[Attribute]:
        """Task type and operation, by the entities on which the rules name them."""
        asked = {branch for rule in self.rules.rules for branch in rule.branches}
        named = frozenset(each for branch in asked for each in branch.attributes)
        return frozenset(each for each in named if each[1] in (TASK_TYPE, OPERATION))

    @cache  # noqa: B019 - an engine lives as long as the run
    def asked_of(self, attribute: Attribute) -> list[_Test]:
        """The comparisons on an attribute. Task type and operation are the request's, on any entity."""
        if attribute[1] in (TASK_TYPE, OPERATION):
            return [each for each in self._tests.values() if each.comparison.attribute[1] == attribute[1]]
        return [each for each in self._tests.values() if each.comparison.attribute == attribute]

    def not_there(self, attribute: Attribute) -> int:
        """What is left of a mask when the file has no such column."""
        mask = self.everything
        for test in self.asked_of(attribute):
            mask &= test.keep[None]
        return mask

    def column(self, attribute: Attribute, read: Read) -> "ColumnMasks":
        """The masks of the cells of a column."""
        return ColumnMasks(self.asked_of(attribute), self.everything, read, self.rules.zone)

    @cache  # noqa: B019
    def request_mask(self, task_type: str | None, operation: str | None) -> int:
        """What a request leaves of a line's mask; `None`: it is not known."""
        mask = self.everything
        for name, value in ((TASK_TYPE, task_type), (OPERATION, operation)):
            for test in self.asked_of(("", name)):
                mask &= test.keep[None if value is None else judge(test.comparison, value, _as_text, self.rules.zone)]
        return mask

    def wide_mask(self, order: Order) -> int:
        """What is left of a mask after the branches that are judged one by one."""
        mask = self.everything
        for branch in self.wide:
            holds = evaluate(branch.when, order, self.rules.zone).holds
            may, sure = self.bits[branch]
            mask &= ~((may if holds is False else 0) | (0 if holds else sure))
        return mask


def _as_text(cell: object, _: ValueKind) -> Value | Unreadable:
    return str(cell)


MANY_CELLS: Final = 4_000
"""From how many distinct numbers or dates on a column is asked only where its answer can matter."""


class ColumnMasks(dict[object, int]):
    """The mask of each distinct cell of a column, made when the cell is first seen."""

    def __init__(self, tests: Sequence[_Test], everything: int, read: Read, zone: tzinfo) -> None:
        super().__init__()
        self._everything = everything
        self._read = read
        self._zone = zone
        by_kind = _by_kind(tests, "text", "number", "date")
        self._groups: list[_Texts | _Ranks] = [
            _Texts(group) if kind == "text" else _Ranks(kind, group, zone) for kind, group in by_kind
        ]
        grouped = {id(test) for _, group in by_kind for test in group}
        self._others = [test for test in tests if id(test) not in grouped]
        self._kinds = sorted({kind for test in tests if (kind := kind_read(test.comparison))})
        self.is_expensive = bool({"number", "date"} & set(self._kinds))
        """Whether most cells are different ones, so that a mask is worth avoiding."""
        keeps = (kept for test in tests for kept in test.keep.values())
        self.asks = everything & ~reduce(and_, keeps, everything)
        """The bits that a cell of this column can clear."""
        self.is_plain = True
        """Whether the mapping says nothing of how cells are read."""
        self._unreadable: dict[object, Unreadable | None] = {}

    @property
    def is_worth_avoiding(self) -> bool:
        """Whether its cells are numbers or dates, and so many different ones that few masks are met again."""
        return self.is_expensive and len(self) > MANY_CELLS

    def __missing__(self, cell: object) -> int:
        mask = self._mask(cell)
        if len(self) < MOST_CELLS:
            self[cell] = mask
        return mask

    def _mask(self, cell: object) -> int:
        mask = self._everything
        if is_missing(cell):
            for test in [*self._others, *(test for group in self._groups for test in group.tests)]:
                mask &= test.keep[judge(test.comparison, cell, self._read, self._zone)]
            return mask
        for test in self._others:
            mask &= test.keep[judge(test.comparison, cell, self._read, self._zone)]
        for group in self._groups:
            known = group.quick_mask(cell) if self.is_plain and isinstance(group, _Ranks) else None
            mask &= group.mask(self._read(cell, group.kind), self._everything) if known is None else known
        return mask

    def unreadable(self, cells: Sequence[object]) -> list[tuple[int, Unreadable]]:
        """The cells that cannot be read as some condition needs them, by their places."""
        if self._kinds == ["text"] and set(map(type, cells)) == {str}:
            return []
        pattern = _SURELY_READ.get(self._kinds[0]) if len(self._kinds) == 1 else None
        if pattern is not None and self.is_plain and _are_all(pattern, cells):
            return []
        found = []
        for at, cell in enumerate(cells):
            if not is_missing(cell) and (why := self._why_unreadable(cell)) is not None:
                found.append((at, why))
        return found

    def _why_unreadable(self, cell: object) -> Unreadable | None:
        if cell in self._unreadable:
            return self._unreadable[cell]
        values = (self._read(cell, kind) for kind in self._kinds)
        why = next((value for value in values if isinstance(value, Unreadable)), None)
        if len(self._unreadable) < MOST_CELLS:
            self._unreadable[cell] = why
        return why


def _by_kind(tests: Iterable[_Test], *kinds: ValueKind) -> list[tuple[ValueKind, list[_Test]]]:
    """The tests that read a cell as one of these types and compare it with values of the same type."""
    found: dict[ValueKind, list[_Test]] = {}
    for test in tests:
        kind = kind_read(test.comparison)
        if kind in kinds and test.comparison.operator in _INDEXED[kind] and _has_only(test.comparison, kind):
            found.setdefault(kind, []).append(test)
    return list(found.items())


_INDEXED: Final[dict[ValueKind, frozenset[str]]] = {
    "text": frozenset({"is equal to", "is not equal to", "is in", "is not in"}),
    "number": frozenset(
        {
            "is equal to", "is not equal to", "is in", "is not in", "is between", "is greater than",
            "is greater than or equal to", "is less than", "is less than or equal to",
        }
    ),
    "date": frozenset(
        {
            "is equal to", "is not equal to", "is in", "is not in", "is between", "is before", "is after",
            "is on or before", "is on or after",
        }
    ),
}  # fmt: skip


def _has_only(comparison: Comparison, kind: ValueKind) -> bool:
    values = comparison.value if isinstance(comparison.value, list) else [comparison.value]
    return all(kind_of(each) == kind for each in values)


_SURELY_READ: Final[dict[ValueKind, str]] = {
    "number": rf"{NUMBER.pattern}",
    "date": r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])",
}
"""What is a number or a date without a second look."""


def _are_all(pattern: str, cells: Sequence[object]) -> bool:
    """Whether all cells are texts of a pattern, or missing."""
    try:
        joined = "\n".join(cells)  # type: ignore[arg-type]
    except TypeError:
        return False
    return len(joined) < 64 * len(cells) and re.fullmatch(rf"(?:(?:{pattern})?(?:\n|\Z))*", joined) is not None


class _Texts:
    """Tests that ask whether a text is one of some texts: all other texts are alike."""

    kind: ValueKind = "text"

    def __init__(self, tests: list[_Test]) -> None:
        self.tests = tests
        self._mentioned = {
            each
            for test in tests
            for each in (test.comparison.value if isinstance(test.comparison.value, list) else [test.comparison.value])
        }
        self._values = [
            frozenset(test.comparison.value if isinstance(test.comparison.value, list) else [test.comparison.value])
            for test in tests
        ]
        self._masks: dict[object, int] = {}

    def mask(self, value: Value | Unreadable, everything: int) -> int:
        """By a value that is not missing."""
        key = Unreadable if isinstance(value, Unreadable) else value if value in self._mentioned else None
        if key not in self._masks:
            self._masks[key] = self._mask_of(key, everything)
        return self._masks[key]

    def _mask_of(self, key: object, everything: int) -> int:
        for test, values in zip(self.tests, self._values, strict=True):
            is_in = test.comparison.operator in ("is equal to", "is in")
            everything &= test.keep[None if key is Unreadable else (key in values) is is_in]
        return everything


class _Ranks:
    """Tests whose outcome depends only on where a number or a date is between the values that they name."""

    def __init__(self, kind: ValueKind, tests: list[_Test], zone: tzinfo) -> None:
        self.kind = kind
        self.tests = tests
        self._zone = zone
        values = [
            each
            for test in tests
            for each in (test.comparison.value if isinstance(test.comparison.value, list) else [test.comparison.value])
        ]
        marks: set[int | float | Decimal] = set()
        for value in values:
            if isinstance(value, date):
                marks.update(span(value, zone))
            elif isinstance(value, int | float | Decimal):
                marks.add(value)
        self._marks = sorted(marks)
        self._rough = [float(mark) for mark in self._marks] if kind == "number" else []
        self._masks: dict[int, int] = {}

    def quick_mask(self, cell: object) -> int | None:
        """By a text that is a number and near none of the values; `None` when it must be looked at exactly."""
        if self.kind != "number" or not isinstance(cell, str) or len(cell) > 30 or not NUMBER.fullmatch(cell):
            return None
        number = float(cell)
        place = bisect_left(self._rough, number)
        for mark in self._rough[max(0, place - 1) : place + 1]:
            if abs(mark - number) <= 1e-9 * max(1.0, abs(mark)):
                return None
        return self._masks.get(2 * place)

    def mask(self, value: Value | Unreadable, everything: int) -> int:
        """By a value that is not missing."""
        rank = -1 if isinstance(value, Unreadable) else self._rank(value)
        if rank not in self._masks:
            mask = everything
            for test in self.tests:
                comparison = test.comparison
                known = not isinstance(value, Unreadable)
                holds = compare(comparison.operator, comparison.value, value, self._zone) if known else None  # type: ignore[arg-type]
                mask &= test.keep[holds]
            self._masks[rank] = mask
        return self._masks[rank]

    def _rank(self, value: Value) -> int:
        if isinstance(value, date):
            mark: int | float | Decimal = span(value, self._zone)[0]
        else:
            assert isinstance(value, int | float | Decimal)
            mark = value
        place = bisect_left(self._marks, mark)
        return 2 * place + (1 if place < len(self._marks) and self._marks[place] == mark else 0)
