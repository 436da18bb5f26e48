"""Conditions of routing rules: what a comparison means, and whether a tree of them holds for an order.

Plain equality is case-sensitive and nothing is trimmed. Numbers, texts, dates, times and yes/no are different types and
never equal. `is between` includes both ends; a date without a time covers its whole day. A comparison with a missing value is false, so `not` of it is true. What cannot be judged (an operator that
is not known, a pattern whose meaning is open) is `None`, never false.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from omtui.plain_text import plain
from omtui.setup.nearest import nearest
from omtui.setup.place import Path
from omtui.setup.routing import (
    DATE_OPERATORS,
    EMPTY_OPERATORS,
    LIST_OPERATORS,
    NUMBER_OPERATORS,
    OPERATORS,
    TEXT_OPERATORS,
    operator_word,
)
from omtui.setup.table import Record

Attribute = tuple[str, str]
"""The entity and the attribute: `("Order Fulfill Line", "Item")`. One attribute name exists on several entities."""

Value = str | int | float | Decimal | bool | date | time
Order = Mapping[Attribute, Value | None]
"""The values of one order line. An attribute that is not in it, or is `None`, is missing."""

Kind = Literal["text", "number", "date", "time", "boolean"]

_SAME_KIND_WORDS: Final[dict[Kind, str]] = {
    "text": "a text",
    "number": "a number",
    "date": "a date",
    "time": "a time",
    "boolean": "yes or no",
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = 86_400_000_000
_MOST_DIGITS: Final = 100
_LONGEST: Final = 60

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


class Misfit(NamedTuple):
    """Why a comparison cannot be judged: what is wrong with its operator or value, and what to enter."""

    message: str
    fix: str
    about: Literal["operator", "value"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a condition holds for an order, and why.

    `path` leads to it from the tree it was judged in. A comparison has a sentence in `because`, a group has `parts`.
    """

    holds: bool | None
    """`None`: cannot be told."""
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
            wanted = part.holds if join == "not" else self.holds
            if part.holds is wanted:
                yield from part.deciding()

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


def misfit(record: Record) -> Misfit | None:
    """Why a comparison cannot be judged at all; `None` when operator and value fit together."""
    written = record.get("operator")
    if written in (None, ""):
        return Misfit("no operator", 'enter an operator, for example "is equal to"', "operator")
    operator = operator_word(written)
    if operator not in OPERATORS:
        near = nearest(operator, OPERATORS)
        fix = f'enter "{near}"' if near else 'enter one of Oracle\'s operators, for example "is equal to"'
        return Misfit(f"operator {_words(written)} is not known", fix, "operator")
    if operator in EMPTY_OPERATORS:
        return None
    value = record.get("value")
    if value is None:
        return Misfit(f'"{operator}" has no value to compare with', "enter the value", "value")
    values = value if isinstance(value, list) else [value]
    for each in values:
        if not _is_usable(each):
            return Misfit(f"{_words(each)} is no value that an order can hold", "enter a plain value", "value")
    if operator in LIST_OPERATORS:
        if not isinstance(value, list):
            return Misfit(f'"{operator}" takes a list, not {_words(value)}', f"enter a list: [{_toml(value)}]", "value")
        return None
    if operator == "is between":
        kinds = {kind_of(each) for each in values}
        if not isinstance(value, list) or len(values) != 2 or not (len(kinds) == 1 and kinds <= {"number", "date"}):
            return Misfit('"is between" takes two numbers or two dates', "enter a list of two: [from, to]", "value")
        return None
    if isinstance(value, list):
        other = {"is equal to": "is in", "is not equal to": "is not in"}.get(operator)
        fix = f'choose the operator "{other}", or enter one value' if other else "enter one value"
        return Misfit(f'"{operator}" takes one value, not a list', fix, "value")
    return _wrong_kind(operator, value)


def compare(operator: str, value: object, actual: Value | None, zone: tzinfo = UTC) -> bool | None:
    """Whether an order's value meets a comparison that has no `misfit`; `None` when it cannot be told."""
    if actual is None:
        return operator == "is empty"
    if operator == "is equal to":
        return same(actual, value, zone)
    if operator == "is not equal to":
        return not same(actual, value, zone)
    if operator in LIST_OPERATORS:
        found = isinstance(value, list | tuple) and any(same(actual, each, zone) for each in value)
        return found is (operator == "is in")
    if operator in EMPTY_OPERATORS:
        return (actual == "") is (operator == "is empty")
    if operator in TEXT_OPERATORS:
        return _compare_texts(operator, str(value), actual) if isinstance(actual, str) else False
    if operator == "is between" and isinstance(value, list | tuple):
        low = _in_order("is greater than or equal to", actual, value[0], zone)
        return low and _in_order("is less than or equal to", actual, value[1], zone)
    return _in_order(operator, actual, value, zone)


def kind_of(value: object) -> Kind | None:
    """The type that a value compares as; `None` for what is no single value."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | Decimal | float):
        return "number"
    if isinstance(value, date):
        return "date"
    return "time" if isinstance(value, time) else None


def same(one: object, other: object, zone: tzinfo = UTC) -> bool:
    """Whether a value of an order is the value of a condition: equal and of one type. A date covers its whole day."""
    kind = kind_of(one)
    if kind != kind_of(other):
        return False
    if isinstance(one, date) and isinstance(other, date):
        first, last = span(other, zone)
        return first <= span(one, zone)[0] <= last
    return one == other


def span(value: date, zone: tzinfo = UTC) -> tuple[int, int]:
    """The instants that a date or date-time covers: the first and the last, in microseconds since 1970 (UTC).

    A date-time without an offset is taken to be in `zone`. An order's own date counts as the start of its day.
    """
    if isinstance(value, datetime):
        moment = _instant(value, zone)
        return moment, moment
    start = _instant(datetime.combine(value, time()), zone)
    if value == date.max:
        return start, start + _DAY - 1
    return start, _instant(datetime.combine(value + timedelta(days=1), time()), zone) - 1


def fold_case(text: str) -> str:
    """The text as `equals ignore case` sees it: letter by letter, so that the length stays, as in Java."""
    return "".join(_folded_letter(letter) for letter in text)


def value_words(value: object) -> str:
    """A value in a sentence: texts in quotes, numbers and dates as written, nothing that harms a terminal."""
    return _words(value)


def _folded_letter(letter: str) -> str:
    upper = letter.upper()
    lower = (upper if len(upper) == 1 else letter).lower()
    return lower if len(lower) == 1 else letter


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
        return Judgement(join == "all", "no condition stands here", path)
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
    holds = compare(operator, value, actual, zone)
    name = plain(attribute)
    right = "" if operator in EMPTY_OPERATORS else f" {_words(value)}"
    if actual is None:
        if operator in EMPTY_OPERATORS:
            return Judgement(holds, f"{name} is empty", path)
        return Judgement(False, f"{name} is missing, and a comparison with a missing value is false", path, (), True)
    if holds is None:
        return Judgement(None, f"{name} {_words(actual)}: it cannot be told whether it {operator}{right}", path)
    words = operator if holds else _FAILS.get(operator, operator.replace("is ", "is not ", 1))
    hint = "" if holds else _hint(operator, value, actual, zone)
    return Judgement(holds, f"{name} {_words(actual)} {words}{right}{hint}", path)


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


def _like(text: str, value: object) -> object:
    return [text] if isinstance(value, list) else text


def _compare_texts(operator: str, text: str, actual: str) -> bool | None:
    match operator:
        case "starts with":
            return actual.startswith(text)
        case "ends with":
            return actual.endswith(text)
        case "contains":
            return text in actual
        case "equals ignore case":
            return fold_case(actual) == fold_case(text)
    from omtui.setup.patterns import pattern

    read = pattern(text)
    if read is None:
        return None
    whole = read.whole(actual)
    # Oracle's text does not say whether the whole value must match: told only where both readings agree.
    return whole if whole == read.anywhere(actual) else None


def _in_order(operator: str, actual: Value, value: object, zone: tzinfo) -> bool:
    """Comparisons of size and time. Two types that differ are in no order: false."""
    kind = kind_of(actual)
    if kind != kind_of(value):
        return False
    if isinstance(actual, date) and isinstance(value, date):
        first, last = span(value, zone)
        moment = span(actual, zone)[0]
        return _is_ordered(operator, moment, first, last)
    if isinstance(actual, int | Decimal | float) and isinstance(value, int | Decimal | float) and kind == "number":
        return _is_usable(actual) and _is_ordered(operator, actual, value, value)
    return False


def _is_ordered(
    operator: str,
    actual: int | Decimal | float,
    first: int | Decimal | float,
    last: int | Decimal | float,
) -> bool:
    match operator:
        case "is greater than" | "is after":
            return actual > last
        case "is greater than or equal to" | "is on or after":
            return actual >= first
        case "is less than" | "is before":
            return actual < first
    return actual <= last


def _wrong_kind(operator: str, value: object) -> Misfit | None:
    kind = kind_of(value)
    if operator in NUMBER_OPERATORS and kind != "number":
        other = {
            "is greater than": "is after",
            "is greater than or equal to": "is on or after",
            "is less than": "is before",
            "is less than or equal to": "is on or before",
        }[operator]
        fix = f'choose the operator "{other}"' if kind == "date" else "enter a number, without quotes"
        return Misfit(f'"{operator}" compares numbers, not {_words(value)}', fix, "value")
    if operator in DATE_OPERATORS and kind != "date":
        return Misfit(
            f'"{operator}" compares dates, not {_words(value)}',
            "enter a date without quotes, for example 2027-01-31",
            "value",
        )
    if operator in TEXT_OPERATORS and kind != "text":
        return Misfit(f'"{operator}" compares texts, not {_words(value)}', f'enter a text: "{_toml(value)}"', "value")
    return None


def _is_usable(value: object) -> bool:
    """Whether a value can be one of an order: single, and no number beyond all measure."""
    if isinstance(value, Decimal):
        return (
            value.is_finite() and abs(value.adjusted()) <= _MOST_DIGITS and len(value.as_tuple().digits) <= _MOST_DIGITS
        )
    if isinstance(value, float):
        return value - value == 0
    if isinstance(value, int):
        return value.bit_length() <= 3 * _MOST_DIGITS
    return kind_of(value) is not None


def _instant(moment: datetime, zone: tzinfo) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return (aware - _EPOCH) // _MICROSECOND


def _words(value: object) -> str:
    if isinstance(value, list | tuple):
        shown = ", ".join(_words(each) for each in value[:5])
        return f"{shown} and {len(value) - 5} more" if len(value) > 5 else shown or "(an empty list)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        text = plain(value)
        return f'"{text[:_LONGEST]}…"' if len(text) > _LONGEST else f'"{text}"'
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 3 * _MOST_DIGITS else "a number of many digits"
    if isinstance(value, Decimal):
        return format(value, "f") if _is_usable(value) else str(value)[:_LONGEST]
    return plain(value)[:_LONGEST]


def _toml(value: object) -> str:
    return _words(value) if isinstance(value, str) else plain(value)[:_LONGEST]
