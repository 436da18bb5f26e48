"""What a cell of an orders file says. Nothing is guessed: a cell is missing, read, or unreadable.

A cell is text (CSV), or what JSON and workbooks type themselves: text, a number, yes/no, a date. It is read as the type
of its attribute, else as the type of the value that a condition compares it with.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import Final, NamedTuple

from omtui.setup.comparisons import Unreadable, Value, ValueKind, kind_of

NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_MOST_DIGITS: Final = 100
_DATE: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_YES_OR_NO: Final = {"true": True, "yes": True, "y": True, "false": False, "no": False, "n": False}


class Flag(NamedTuple):
    """A cell that is yes or no by its type, and no number."""

    value: bool

    def __str__(self) -> str:
        """As the file has it."""
        return str(self.value)


def is_missing(cell: object) -> bool:
    """Whether a cell is empty: no text, JSON null."""
    return cell is None or cell == ""


def read_cell(cell: object, kind: ValueKind, zone: tzinfo = UTC) -> Value | Unreadable:
    """A cell that is not missing as a value of a type. A date-time without an offset is in `zone`."""
    if isinstance(cell, Flag):
        cell = cell.value
    if kind == "text":
        return cell if isinstance(cell, str) else Unreadable(f"the file has {_KINDS[kind_of(cell)]} here, not a text")
    if not isinstance(cell, str):
        found = kind_of(cell)
        fits = found == kind and isinstance(cell, str | int | float | Decimal | date | time)
        return cell if fits else Unreadable(f"the file has {_KINDS[found]} here, not {_KINDS[kind]}")  # type: ignore[return-value]
    return _READERS[kind](cell, zone)


def _number(text: str, _: tzinfo) -> Decimal | Unreadable:
    stripped = text.strip(" \t\u00a0")
    if NUMBER.fullmatch(stripped) and sum(map(str.isdigit, stripped)) <= _MOST_DIGITS:
        return Decimal(stripped)
    comma = _DECIMAL_COMMA.fullmatch(stripped) is not None
    return Unreadable("this is no number", 'decimal comma: decimal = "," in the mapping' if comma else "")


def _date(text: str, zone: tzinfo) -> date | Unreadable:
    found = _DATE.fullmatch(text.strip(" "))
    if found is None:
        return Unreadable("this is no date", _format_hint(text))
    day, clock, offset = found.groups()
    try:
        if clock is None:
            return date.fromisoformat(day)
        moment = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if offset == 'Z' else offset or ''}")
        if not offset:
            moment = moment.replace(tzinfo=zone)
        moment.astimezone(UTC)  # the first and last days of the calendar have no instant in some zones
    except (ValueError, OverflowError):
        return Unreadable("there is no such date")
    return moment


def _time(text: str, _: tzinfo) -> time | Unreadable:
    if not _TIME.fullmatch(text):
        return Unreadable("this is no time of the day")
    try:
        return time.fromisoformat(text)
    except ValueError:
        return Unreadable("there is no such time")


def _boolean(text: str, _: tzinfo) -> bool | Unreadable:
    found = _YES_OR_NO.get(text.strip(" ").lower())
    return Unreadable("this is neither yes nor no") if found is None else found


_READERS: Final[dict[ValueKind, Callable[[str, tzinfo], Value | Unreadable]]] = {
    "number": _number,
    "date": _date,
    "time": _time,
    "boolean": _boolean,
}
_KINDS: Final[dict[ValueKind | None, str]] = {
    "text": "a text",
    "number": "a number",
    "date": "a date",
    "time": "a time",
    "boolean": "yes or no",
    None: "a list or a record",
}


# Dates of other formats

_PARTS: Final = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short_year>[0-9]{2})",
    "MON": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "HH24": r"(?P<hour>[0-9]{1,2})",
    "HH12": r"(?P<hour>[0-9]{1,2})",
    "MI": r"(?P<minute>[0-9]{1,2})",
    "SS": r"(?P<second>[0-9]{1,2})",
    "AM": r"(?P<half>[AaPp][Mm])",
}
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_COMMON_FORMATS: Final = (
    "DD-MON-YYYY", "DD-MON-YY", "YYYY/MM/DD", "YYYYMMDD", "DD.MM.YYYY", "MM/DD/YYYY", "DD/MM/YYYY",
    "DD-MON-YYYY HH24:MI:SS", "MM/DD/YYYY HH12:MI:SS AM", "DD.MM.YYYY HH24:MI",
)  # fmt: skip


def _pieces(text: str) -> list[str]:
    """A format cut into parts and, between them, what is literal."""
    return re.split(f"({'|'.join(_PARTS)})", text)


class DateFormat:
    """A format of a column of dates, such as `DD-MON-YYYY HH24:MI:SS`; month names are English."""

    def __init__(self, text: str) -> None:
        """A text for which `is_format` holds."""
        self.text = text
        pieces = _pieces(text)
        names = pieces[1::2]
        self._pattern = re.compile("".join(_PARTS[p] if n % 2 else re.escape(p) for n, p in enumerate(pieces)))
        self._has_clock = "HH24" in names or "HH12" in names

    @staticmethod
    def is_format(text: str) -> bool:
        """Whether a text is a format: a day and a year, and no part twice."""
        names = _pieces(text)[1::2]
        return len(set(names)) == len(names) and "DD" in names and bool({"YYYY", "YY"} & set(names))

    def read(self, text: str, zone: tzinfo = UTC) -> date | Unreadable:
        """The date that a cell says in this format; a date-time is in `zone`."""
        found = self._pattern.fullmatch(text.strip(" "))
        if found is None:
            return Unreadable(f"this is no date in the format {self.text}")
        part = {name: value for name, value in found.groupdict().items() if value is not None}
        try:
            year = int(part["year"]) if "year" in part else 2000 + int(part["short_year"])
            month = _MONTHS.index(part["name"].upper()) + 1 if "name" in part else int(part.get("month", 1))
            if not self._has_clock:
                return date(year, month, int(part["day"]))
            hour = int(part["hour"])
            if "half" in part:
                if not 1 <= hour <= 12:
                    raise ValueError(hour)
                hour = hour % 12 + (12 if part["half"].upper() == "PM" else 0)
            clock = (hour, int(part.get("minute", 0)), int(part.get("second", 0)))
            return datetime(year, month, int(part["day"]), *clock, tzinfo=zone)
        except ValueError:
            return Unreadable("there is no such date")


def _format_hint(text: str) -> str:
    fits = [name for name in _COMMON_FORMATS if not isinstance(DateFormat(name).read(text), Unreadable)]
    return f'format = "{fits[0]}" in the mapping' + (f", or {fits[1]}" if len(fits) > 1 else "") if fits else ""
