"""Comparisons of routing rules: what an operator means between the value of an order and the value of a condition.

Plain equality is case-sensitive and nothing is trimmed. Numbers, texts, dates, times and yes/no are different types and
never equal. `is between` includes both ends; a date without a time covers its whole day. A comparison with a missing
value is false. What cannot be judged (an operator that is not known, a pattern whose meaning is open) is `None`, never
false.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Final, Literal, NamedTuple, cast

from omtui.plain_text import plain
from omtui.setup.did_you_mean import nearest
from omtui.setup.routing import (
    ATTRIBUTES,
    DATE_OPERATORS,
    EMPTY_OPERATORS,
    LIST_OPERATORS,
    NUMBER_OPERATORS,
    OF_THE_REQUEST,
    OPERATORS,
    TEXT_OPERATORS,
    operator_word,
)
from omtui.setup.table import Record

Attribute = tuple[str, str]
"""The entity and the attribute: `("Order Fulfill Line", "Item")`. One attribute name exists on several entities."""

Value = str | int | float | Decimal | bool | date | time


class Unreadable(NamedTuple):
    """A value of an order that is not known: why, and what would help. No comparison with it can be evaluated."""

    reason: str
    hint: str = ""
    is_there: bool = True
    """Whether there is something, so that it is not empty."""


Order = Mapping[Attribute, Value | Unreadable | Callable[[Record], Value | Unreadable] | None]
"""The values of one order line. An attribute that is not in it, or is `None`, is missing. A function reads the value
as the type with which a condition compares it."""

ValueKind = Literal["text", "number", "date", "time", "boolean"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = 86_400_000_000
_MOST_DIGITS: Final = 100
_LONGEST: Final = 60


class Misfit(NamedTuple):
    """Why a comparison cannot be judged: what is wrong with its operator or value, and what to enter."""

    message: str
    fix: str
    about: Literal["operator", "value"]


def misfit(record: Record) -> Misfit | None:
    """Why a comparison cannot be judged at all; `None` when operator and value fit together."""
    operator_text = record.get("operator")
    if operator_text in (None, ""):
        return Misfit("no operator", 'enter an operator, for example "is equal to"', "operator")
    operator = operator_word(operator_text)
    if operator not in OPERATORS:
        near = nearest(operator, OPERATORS)
        fix = f'enter "{near}"' if near else 'enter it as the rule editor shows it, for example "is equal to"'
        return Misfit(f"operator {value_words(operator_text)} is not known", fix, "operator")
    if operator in EMPTY_OPERATORS:
        return None
    value = record.get("value")
    if value is None:
        return Misfit(f'"{operator}" has no value to compare with', "enter the value", "value")
    values = value if isinstance(value, list) else [value]
    for each in values:
        if not _is_usable(each):
            return Misfit(f"{value_words(each)} is no value that an order can hold", "enter a plain value", "value")
    if operator in LIST_OPERATORS:
        if not isinstance(value, list):
            return Misfit(
                f'"{operator}" takes a list, not {value_words(value)}', f"enter a list: [{_toml(value)}]", "value"
            )
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
    """Whether an order's value meets a comparison that has no `misfit`; `None` when it cannot be decided."""
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


def known_kind(attribute: Attribute) -> ValueKind | None:
    """The type of a known attribute; `None` for others, which are read as the type of what they are compared with."""
    if attribute[1] in OF_THE_REQUEST:
        return "text"
    known = ATTRIBUTES.get(attribute[1])
    return cast(ValueKind, known[1]) if known and known[0] == attribute[0] else None


def comparable(attribute: Attribute, value: object) -> object:
    """The value of a condition as far as it has the type of a known attribute; `None` when nothing of it has."""
    kind = known_kind(attribute)
    if kind is None or value is None or value == []:
        return value
    if not isinstance(value, list):
        return value if kind_of(value) == kind else None
    return [each for each in value if kind_of(each) == kind] or None


def kind_of(value: object) -> ValueKind | None:
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


def _folded_letter(letter: str) -> str:
    upper = letter.upper()
    lower = (upper if len(upper) == 1 else letter).lower()
    return lower if len(lower) == 1 else letter


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
    # Oracle's text does not say whether the whole value must match: reported only where both readings agree.
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
        return Misfit(f'"{operator}" compares numbers, not {value_words(value)}', fix, "value")
    if operator in DATE_OPERATORS and kind != "date":
        return Misfit(
            f'"{operator}" compares dates, not {value_words(value)}',
            "enter a date without quotes, for example 2027-01-31",
            "value",
        )
    if operator in TEXT_OPERATORS and kind != "text":
        return Misfit(
            f'"{operator}" compares texts, not {value_words(value)}', f'enter a text: "{_toml(value)}"', "value"
        )
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


def value_words(value: object) -> str:
    """A value in a sentence: texts in quotes, numbers and dates as written, nothing that harms a terminal."""
    if isinstance(value, list | tuple):
        shown = ", ".join(value_words(each) for each in value[:5])
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
    return value_words(value) if isinstance(value, str) else plain(value)[:_LONGEST]
