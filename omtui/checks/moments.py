"""Dates as TOML gives them: days, and moments with or without an offset."""

from datetime import date, datetime


def day_of(value: object) -> date | None:
    """The day of a date or a date-time; `None` for anything else."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def is_after(one: object, other: object) -> bool:
    """Whether a date or date-time lies after another; what cannot be compared exactly is compared by day."""
    if isinstance(one, datetime) and isinstance(other, datetime) and (one.tzinfo is None) == (other.tzinfo is None):
        return one > other
    first, second = day_of(one), day_of(other)
    return first is not None and second is not None and first > second


def has_passed(last_day: object, today: date) -> bool:
    """Whether the last day of something lies before today. Without a day it never passes."""
    day = day_of(last_day)
    return day is not None and day < today
