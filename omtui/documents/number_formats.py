"""How a workbook shows numbers: as dates, with zeros in front, or as they are."""

import re
from datetime import datetime, time, timedelta
from typing import Final


class Styles:
    """`styles.xml`: the number format of each style that cells have."""

    def __init__(self) -> None:
        self._formats: dict[str, str] = {}
        self._styles: list[str] = []
        self._in_cells = False
        self._known: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element of the part begins; names are without a namespace."""
        if name == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:300]
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._styles.append(attributes.get("numFmtId", "0"))

    def end(self, name: str) -> None:
        """An element of the part ends."""
        if name == "cellXfs":
            self._in_cells = False

    def format_of(self, style: str) -> str:
        """The format of a number: `date`, some zeros to be filled up, `other` for a pattern, or nothing."""
        if style not in self._known:
            number = int(style) if re.fullmatch(r"\d{1,6}", style) else 0
            code = self._styles[number] if number < len(self._styles) else "0"
            self._known[style] = "date" if code in _DATES else _kind_of(self._formats.get(code, ""))
        return self._known[style]


_DATES: Final = {str(code) for code in (*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59))}
"""Formats that every spreadsheet knows by their number."""

_UNSEEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def _kind_of(code: str) -> str:
    first = code.partition(";")[0]
    seen = _UNSEEN.sub("", first)
    if re.search(r"[dmyhs]", seen.casefold().replace("general", "")):
        return "date"
    if re.fullmatch(r"0{2,}", first):
        return first
    return "other" if re.search(r"0[^#?.]*0", seen.partition(".")[0]) or '"' in first else ""


def as_date(number: float, from_1904: bool) -> str:
    """A count of days as a spreadsheet keeps it, as a date, a time or both; nothing where it is none."""
    if not 0 <= number < 2_958_466:
        return ""
    if number < 1 and not from_1904:
        at = datetime.min + timedelta(seconds=round(number * 86_400))
        return at.time().isoformat() if number else ""
    # It takes 1900 for a leap year: day 60 never was.
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30 if number >= 60 else 31)
    try:
        at = start + timedelta(seconds=round(number * 86_400))
    except OverflowError:
        return ""
    return at.date().isoformat() if at.time() == time() else at.isoformat(sep=" ")
