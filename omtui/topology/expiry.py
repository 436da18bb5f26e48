"""How long a certificate is still good, counted in one way everywhere: from day to day in UTC, as its date is shown."""

DAY = 86_400


def days_until(end: float, now: float) -> int:
    """Days from the day of `now` to the day of `end`, negative when that is past."""
    return int(end // DAY) - int(now // DAY)


def ending_words(end: float, now: float) -> str:
    """How long until the end, or how long since: `30 days left`, `expired 12 days ago`."""
    days = days_until(end, now)
    if end < now:
        return f"expired {_days(-days)} ago" if days else "expired today"
    return f"{_days(days)} left" if days else "ends today"


def short_ending_words(end: float, now: float) -> str:
    """The same for a narrow column: `30 days`, `today`, `expired`."""
    days = days_until(end, now)
    return "expired" if end < now else _days(days) if days else "today"


def distance_words(end: float, now: float) -> str:
    """The same after a word that says what happens: `in 30 days`, `12 days ago`, `today`."""
    days = days_until(end, now)
    return "today" if not days else f"in {_days(days)}" if days > 0 else f"{_days(-days)} ago"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
