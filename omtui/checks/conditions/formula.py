"""Conditions made ready for reasoning: comparisons joined by and/or, with every `not` moved into the comparisons."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal

from omtui.setup.comparisons import Attribute, ValueKind, kind_of, misfit
from omtui.setup.routing import ATTRIBUTES, EMPTY_OPERATORS, TEXT_OPERATORS, operator_word
from omtui.setup.table import Record

Test = Literal[
    "is in",
    "is greater than",
    "is greater than or equal to",
    "is less than",
    "is less than or equal to",
    "is between",
    "starts with",
    "ends with",
    "contains",
    "equals ignore case",
    "matches",
    "is empty",
    "cannot be judged",
]

_SAME_TEST: Final[Mapping[str, Test]] = {
    "is after": "is greater than",
    "is on or after": "is greater than or equal to",
    "is before": "is less than",
    "is on or before": "is less than or equal to",
    "is equal to": "is in",
    "is not equal to": "is in",
    "is not in": "is in",
    "is not empty": "is empty",
}
_DENIES: Final = ("is not equal to", "is not in", "is not empty")


class AttributeTest:
    """One comparison or its opposite.

    `must_pass` says whether a value that is there must pass the `test` or fail it; `holds_without_value` whether the
    comparison holds when the order has no value. Both are needed: a comparison with a missing value is false, so `is
    not equal to A` is false without a value, and `not (is equal to A)` is true.
    """

    __slots__ = ("_points", "attribute", "holds_without_value", "must_pass", "test", "values")

    def __init__(
        self, attribute: Attribute, test: Test, values: tuple[object, ...], must_pass: bool, holds_without_value: bool
    ) -> None:
        self.attribute = attribute
        self.test = test
        self.values = values
        self.must_pass = must_pass
        self.holds_without_value = holds_without_value
        self._points: Mapping[tuple[ValueKind, object], object] | None = None

    def opposite(self) -> "AttributeTest":
        """The comparison that holds exactly where this one does not."""
        return AttributeTest(self.attribute, self.test, self.values, not self.must_pass, not self.holds_without_value)

    @property
    def points(self) -> Mapping[tuple[ValueKind, object], object]:
        """The values of a list test by type and value. A date is no point: it covers a day."""
        if self._points is None:
            self._points = {(kind, value): value for value in self.values if (kind := kind_of(value))}
        return self._points

    @property
    def is_finite(self) -> bool:
        """Whether only the listed values pass."""
        return self.test == "is in" and self.must_pass and all(kind_of(value) != "date" for value in self.values)

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two comparisons of one attribute the same test."""
        return self.test, tuple((kind_of(value), value) for value in self.values)


class AllOf:
    """Holds when all its parts hold; without parts it always holds."""

    __slots__ = ("parts",)

    def __init__(self, parts: "tuple[Formula, ...]") -> None:
        self.parts = parts


class AnyOf:
    """Holds when one of its parts holds; without parts it never holds."""

    __slots__ = ("parts",)

    def __init__(self, parts: "tuple[Formula, ...]") -> None:
        self.parts = parts


Formula = AttributeTest | AllOf | AnyOf


def formula(tree: object) -> Formula:
    """A tree of conditions of a profile, ready for reasoning."""
    if not isinstance(tree, dict):
        return _not_judged(tree)
    parts: list[Formula] = []
    for join, make in (("all", both), ("any", either)):
        items = tree.get(join)
        if isinstance(items, list):
            parts.append(make(formula(item) for item in items))
    if "not" in tree:
        parts.append(opposite(formula(tree["not"])))
    if not parts or "attribute" in tree or "operator" in tree:
        parts.append(_comparison(tree))
    return parts[0] if len(parts) == 1 else both(parts)


def both(parts: Iterable[Formula]) -> Formula:
    """Holds when all parts hold. Lists that rule out values of one attribute become one list."""
    flat: list[Formula] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, AllOf) else (part,))
    merged = _merged(flat, must_pass=False)
    return merged[0] if len(merged) == 1 else AllOf(tuple(merged))


def either(parts: Iterable[Formula]) -> Formula:
    """Holds when one of the parts holds. Lists of values of one attribute become one list."""
    flat: list[Formula] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, AnyOf) else (part,))
    merged = _merged(flat, must_pass=True)
    return merged[0] if len(merged) == 1 else AnyOf(tuple(merged))


def opposite(of: Formula) -> Formula:
    """Holds exactly where the formula does not."""
    if isinstance(of, AttributeTest):
        return of.opposite()
    parts = (opposite(part) for part in of.parts)
    return either(parts) if isinstance(of, AllOf) else both(parts)


def comparisons(of: Formula) -> Iterator[AttributeTest]:
    """All comparisons of a formula."""
    if isinstance(of, AttributeTest):
        yield of
    else:
        for part in of.parts:
            yield from comparisons(part)


def equals(attribute: Attribute, value: object) -> AttributeTest:
    """The comparison that an attribute has a value."""
    return AttributeTest(attribute, "is in", (value,), True, False)


def possible_values(of: Formula, attribute: Attribute) -> Mapping[tuple[ValueKind, object], object] | None:
    """The values that an attribute must have one of for the formula to hold; `None` when it may have others."""
    if isinstance(of, AttributeTest):
        finite = of.attribute == attribute and of.is_finite and not of.holds_without_value
        return of.points if finite else None
    found: dict[tuple[ValueKind, object], object] | None = None
    if isinstance(of, AnyOf):
        found = {}
        for part in of.parts:
            values = possible_values(part, attribute)
            if values is None:
                return None
            found |= values
        return found
    for part in of.parts:
        values = possible_values(part, attribute)
        if values is not None:
            found = dict(values) if found is None else {key: found[key] for key in found if key in values}
    return found


def kinds_of(formulas: Iterable[Formula]) -> dict[Attribute, tuple[ValueKind, ...]]:
    """The types of value that the comparisons of each attribute name; the known type where they name none."""
    kinds: dict[Attribute, dict[ValueKind, None]] = {}
    for each in formulas:
        for comparison in comparisons(each):
            known = kinds.setdefault(comparison.attribute, {})
            if comparison.test in TEXT_OPERATORS:
                known["text"] = None
            for value in comparison.values:
                if kind := kind_of(value):
                    known[kind] = None
    return {attribute: tuple(found) or _known_kinds(attribute) for attribute, found in kinds.items()}


def _known_kinds(attribute: Attribute) -> tuple[ValueKind, ...]:
    known = ATTRIBUTES.get(attribute[1], ("", "text"))[1]
    return ("number",) if known == "number" else ("date",) if known == "date" else ("text",)


def _comparison(record: Record) -> Formula:
    entity, attribute = record.get("entity", ""), record.get("attribute", "")
    if not attribute or misfit(record):
        return _not_judged(record)
    operator = operator_word(record.get("operator"))
    value = record.get("value")
    values = tuple(value) if isinstance(value, list) else () if operator in EMPTY_OPERATORS else (value,)
    must_pass = operator not in _DENIES
    # mypy cannot see that every word left is a test: `misfit` lets no other operator through.
    test: Test = _SAME_TEST.get(operator) or operator  # type: ignore[assignment]
    return AttributeTest((str(entity), str(attribute)), test, values, must_pass, operator == "is empty")


def _not_judged(node: object) -> AttributeTest:
    where = (str(node.get("entity", "")), str(node.get("attribute", ""))) if isinstance(node, dict) else ("", "")
    return AttributeTest(where, "cannot be judged", (repr(node),), True, False)


def _merged(parts: list[Formula], *, must_pass: bool) -> list[Formula]:
    """The parts, with list tests of one attribute joined where joining keeps the meaning."""
    if len(parts) < 2:
        return parts
    groups: dict[tuple[Attribute, bool], list[AttributeTest]] = {}
    for part in parts:
        if isinstance(part, AttributeTest) and part.test == "is in" and part.must_pass is must_pass:
            groups.setdefault((part.attribute, part.holds_without_value), []).append(part)
    if all(len(group) < 2 for group in groups.values()):
        return parts
    merged: list[Formula] = []
    for part in parts:
        group = None
        if isinstance(part, AttributeTest) and part.test == "is in" and part.must_pass is must_pass:
            group = groups[part.attribute, part.holds_without_value]
        if group is None or len(group) == 1:
            merged.append(part)
        elif group[0] is part:
            values = dict.fromkeys((kind_of(value), value) for each in group for value in each.values)
            merged.append(
                AttributeTest(part.attribute, "is in", tuple(v for _, v in values), must_pass, part.holds_without_value)
            )
    return merged
