"""Conditions of routing rules: whether a tree of them holds for an order, and why.

`all`, `any` and `not` join comparisons, see `comparisons`. A comparison with a missing value is false, so `not` of it
is true. What cannot be judged is `None` and leaves the whole open, unless the rest decides it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Final

from omtui.plain_text import plain
from omtui.setup.comparisons import (
    Order,
    Unreadable,
    Value,
    ValueKind,
    comparable,
    compare,
    fold_case,
    kind_of,
    misfit,
    value_words,
)
from omtui.setup.place import Path
from omtui.setup.routing import EMPTY_OPERATORS, operator_word
from omtui.setup.table import Record

_SAME_KIND_WORDS: Final[dict[ValueKind, str]] = {
    "text": "a text",
    "number": "a number",
    "date": "a date",
    "time": "a time",
    "boolean": "yes or no",
}
_FAILS: Final = {
    "is empty": "is not empty",
    "is not empty": "is empty",
    "is in": "is not in",
    "is not in": "is in",
    "is equal to": "is not equal to",
    "is not equal to": "is equal to",
    "starts with": "does not start with",
    "ends with": "does not end with",
    "contains": "does not contain",
    "matches": "does not match",
    "equals ignore case": "does not equal, with case ignored,",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a condition holds for an order, and why.

    `path` leads to it from the tree it was judged in. A comparison has a sentence in `because`, a group has `parts`.
    """

    holds: bool | None
    """`None`: cannot be decided."""
    because: str = ""
    path: Path = ()
    parts: tuple["Judgement", ...] = ()
    missing: bool = False
    """The comparison was false because the order has no value there."""

    def deciding(self) -> Iterator["Judgement"]:
        """The comparisons that made it what it is: all that hold, or those that fail."""
        if not self.parts:
            yield self
            return
        join = self.path_join
        for part in self.parts:
            expected = part.holds if join == "not" else self.holds
            if part.holds is expected:
                yield from part.deciding()

    def leaves(self) -> Iterator["Judgement"]:
        """All comparisons in it."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    @property
    def path_join(self) -> str:
        """What joins the parts: `all`, `any` or `not`; empty for a comparison."""
        return str(self.parts[0].path[len(self.path)]) if self.parts else ""


def evaluate(tree: object, order: Order, zone: tzinfo = UTC) -> Judgement:
    """Whether a tree of conditions holds for an order, with the reasons.

    `zone` says which instants a date without a time covers (the pod's time zone). Every comparison is judged, also
    when the outcome is already known: the reasons are wanted.
    """
    return _evaluate(tree, order, zone, ())


def _evaluate(node: object, order: Order, zone: tzinfo, path: Path) -> Judgement:
    if not isinstance(node, Mapping):
        return Judgement(None, "this is no condition", path)
    found = []
    for join in ("all", "any"):
        items = node.get(join)
        if isinstance(items, list):
            parts = tuple(_evaluate(item, order, zone, (*path, join, number)) for number, item in enumerate(items))
            found.append(_joined(join, parts, path))
    if "not" in node:
        part = _evaluate(node["not"], order, zone, (*path, "not"))
        found.append(Judgement(None if part.holds is None else not part.holds, "", path, (part,)))
    if not found or "attribute" in node or "operator" in node:
        found.append(_evaluate_comparison(node, order, zone, path))
    if len(found) == 1:
        return found[0]
    holds = _all(part.holds for part in found)
    return next(part for part in found if part.holds is holds)


def _joined(join: str, parts: tuple[Judgement, ...], path: Path) -> Judgement:
    if not parts:
        return Judgement(join == "all", "no condition is here", path)
    if join == "all":
        return Judgement(_all(part.holds for part in parts), "", path, parts)
    inverse = _all(None if part.holds is None else not part.holds for part in parts)
    return Judgement(None if inverse is None else not inverse, "", path, parts)


def _all(outcomes: Iterator[bool | None]) -> bool | None:
    """All of them, where one that is not known leaves the whole unknown unless another one fails."""
    known: bool | None = True
    for outcome in outcomes:
        if outcome is False:
            return False
        if outcome is None:
            known = None
    return known


def _evaluate_comparison(record: Record, order: Order, zone: tzinfo, path: Path) -> Judgement:
    entity, attribute = str(record.get("entity", "")), str(record.get("attribute", ""))
    wrong = misfit(record)
    if not attribute or wrong:
        reason = wrong.message if wrong and attribute else "no attribute"
        return Judgement(None, f"{plain(attribute) or 'the condition'} cannot be compared: {reason}", path)
    operator, value = operator_word(record.get("operator")), record.get("value")
    actual = order.get((entity, attribute))
    asked = value
    if callable(actual):
        actual = actual(record)
        asked = comparable((entity, attribute), value)
    name = plain(attribute)
    if isinstance(actual, Unreadable):
        if actual.is_there and operator in EMPTY_OPERATORS:
            return Judgement(operator == "is not empty", f"{name} is not empty", path)
        hint = f" ({actual.hint})" if actual.hint else ""
        return Judgement(None, f"{name} cannot be evaluated: {actual.reason}{hint}", path)
    is_comparable = actual is None or operator in EMPTY_OPERATORS or asked is not None
    holds = compare(operator, asked, actual, zone) if is_comparable else False
    right = "" if operator in EMPTY_OPERATORS else f" {value_words(value)}"
    if actual is None:
        if operator in EMPTY_OPERATORS:
            return Judgement(holds, f"{name} is empty", path)
        return Judgement(False, f"{name} is missing, and a comparison with a missing value is false", path, (), True)
    if holds is None:
        return Judgement(None, f"{name} {value_words(actual)}: it cannot be decided whether it {operator}{right}", path)
    if not is_comparable and operator in ("is not equal to", "is not in"):
        kinds = [_SAME_KIND_WORDS[kind] for kind in (kind_of(actual), kind_of(_first(value))) if kind]
        reason = f" ({kinds[0]} is never compared with {kinds[1]})" if len(kinds) == 2 else ""
        return Judgement(False, f"{name} {value_words(actual)} is not compared with{right}{reason}", path)
    words = operator if holds else _FAILS.get(operator, operator.replace("is ", "is not ", 1))
    hint = "" if holds else _hint(operator, value, actual, zone)
    return Judgement(holds, f"{name} {value_words(actual)} {words}{right}{hint}", path)


def _hint(operator: str, value: object, actual: Value, zone: tzinfo) -> str:
    """Why two values that look alike are not: case, spaces, type."""
    values = value if isinstance(value, list) else [value]
    if kind_of(actual) not in {kind_of(each) for each in values} and operator in ("is equal to", "is in"):
        if any(str(each) == str(actual) for each in values):
            kinds = [kind_of(actual), *(kind_of(each) for each in values if str(each) == str(actual))]
            one, other = (_SAME_KIND_WORDS[kind] for kind in kinds[:2] if kind)
            return f" ({one} is never equal to {other})"
        return ""
    if not isinstance(actual, str) or operator not in ("is equal to", "is in", "starts with", "ends with", "contains"):
        return ""
    texts = [each for each in values if isinstance(each, str)]
    if any(compare(operator, _like(fold_case(each), value), fold_case(actual), zone) for each in texts):
        return " (only upper and lower case differ)"
    if any(compare(operator, _like(each.strip(), value), actual.strip(), zone) for each in texts):
        return " (only spaces around it differ)"
    return ""


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _like(text: str, value: object) -> object:
    return [text] if isinstance(value, list) else text
