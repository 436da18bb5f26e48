"""Time zones as Oracle's pages name them, and the IANA names of the same zones."""

from collections.abc import Mapping
from datetime import UTC, tzinfo
from functools import cache

PAGE_NAMES: Mapping[str, str] = {
    "US Eastern Time": "America/New_York",
    "US Central Time": "America/Chicago",
    "US Mountain Time": "America/Denver",
    "US Pacific Time": "America/Los_Angeles",
    "Alaska Time": "America/Anchorage",
    "Hawaii Time": "Pacific/Honolulu",
    "Greenwich Mean Time": "Etc/GMT",
    "Western European Time": "Europe/Lisbon",
    "Central European Time": "Europe/Paris",
    "Eastern European Time": "Europe/Helsinki",
    "India Standard Time": "Asia/Kolkata",
    "China Standard Time": "Asia/Shanghai",
    "Japan Standard Time": "Asia/Tokyo",
    "Singapore Time": "Asia/Singapore",
    "Australian Eastern Time": "Australia/Sydney",
    "UTC": "Etc/UTC",
}
"""Only "US Eastern Time" was read in public text; the others follow its pattern. An open list."""


@cache
def iana_names() -> frozenset[str]:
    """Every name that IANA knows."""
    from zoneinfo import available_timezones  # reads a folder of files

    return frozenset(available_timezones())


def iana_name(name: str) -> str | None:
    """The IANA name of a zone given by either name; `None` for one that is not known here."""
    return PAGE_NAMES.get(name) or (name if name in iana_names() else None)


def zone_of(name: str) -> tzinfo:
    """The zone of a name; UTC for one that is not known, here or to this machine."""
    if name in ("", "UTC"):
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    known = iana_name(name)
    try:
        return ZoneInfo(known) if known else UTC
    except (ZoneInfoNotFoundError, OSError):
        return UTC
