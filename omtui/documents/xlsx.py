"""Reads a workbook's bytes. They may come from anywhere: memory and time are bounded before anything is kept.

The parts of the archive go in pieces to an XML parser that refuses document types (the way to entities that grow
without bound) and what no spreadsheet writes.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from posixpath import join, normpath
from typing import Final

from omtui.documents.archive import ZIP_FAULTS, Archive, Attributes, StopReadingError, has_too_many_parts, stop_if
from omtui.documents.number_formats import Styles, as_date
from omtui.documents.sheet import LONGEST, MOST_COLUMNS, MOST_SHEETS, Budget, CellMark, Sheet
from omtui.plain_text import plain
from omtui.problem import Problem

MOST_MERGED: Final = 10_000
WIDEST: Final = 16_384

_DAMAGED: Final = Problem("the workbook is damaged", "open it in a spreadsheet and save it again")
_NO_WORKBOOK: Final = "save it as XLSX, or as CSV; omtui import --fsm reads a setup data package"
_FOREIGN: Final = Problem("the workbook holds what no spreadsheet writes", "save it again as XLSX")


def read_workbook(content: bytes) -> list[Sheet] | Problem:
    """The sheets of an XLSX file in their order, hidden ones too."""
    if has_too_many_parts(content):
        return _FOREIGN
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _Workbook(packed, len(content)).sheets()
    except StopReadingError as stop:
        return stop.why
    except ZIP_FAULTS:
        return _DAMAGED


class _Workbook:
    def __init__(self, packed: zipfile.ZipFile, size: int) -> None:
        self._packed = packed
        self._size = size
        self._budget = Budget(size)
        self._archive = Archive(packed, self._budget, _DAMAGED, _FOREIGN)

    def sheets(self) -> list[Sheet]:
        if "xl/workbook.xml" not in self._packed.namelist():
            raise StopReadingError(Problem("this is no workbook", _NO_WORKBOOK))
        book = _Book()
        self._archive.parse("xl/workbook.xml", book.start)
        if not book.sheets:
            raise StopReadingError(_DAMAGED)
        if len(book.sheets) > MOST_SHEETS:
            why = f"the workbook has {len(book.sheets)} sheets; {MOST_SHEETS} are read"
            raise StopReadingError(Problem(why, "split it"))
        targets = _Targets()
        self._archive.parse("xl/_rels/workbook.xml.rels", targets.start)
        styles, strings = Styles(), _Strings(Budget(self._size))
        if part := targets.of_kind("styles"):
            self._archive.parse(part, styles.start, end=styles.end)
        if part := targets.of_kind("sharedStrings"):
            self._archive.parse(part, strings.start, strings.text, strings.end)
        found = []
        for name, link in book.sheets:
            if link not in targets.parts:
                raise StopReadingError(_DAMAGED)
            cells = _Cells(strings.found, styles, self._budget, book.from_1904)
            self._archive.parse(targets.parts[link][1], cells.start, cells.text, cells.end)
            found.append(cells.sheet(name))
        return found


class _Book:
    """`workbook.xml`: the names of the sheets, and how days are counted."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", "")[:100], link))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true", "on")


class _Targets:
    """`workbook.xml.rels`: which part of the archive is meant by a link, and of which kind it is."""

    def __init__(self) -> None:
        self.parts: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = normpath(join("/xl", attributes.get("Target", ""))).lstrip("/")
            self.parts[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

    def of_kind(self, kind: str) -> str:
        return next((target for known, target in self.parts.values() if known == kind), "")


class _Strings:
    """`sharedStrings.xml`: the texts that cells name by number."""

    def __init__(self, budget: Budget) -> None:
        self.found: list[str] = []
        self._budget = budget
        self._pieces = _Text()
        self._reads = False
        self._unread = 0

    def start(self, name: str, _: Attributes) -> None:
        if name == "si":
            self._pieces = _Text()
        elif name == "rPh":  # how the text is spoken
            self._unread += 1
        self._reads = name == "t" and not self._unread

    def text(self, piece: str) -> None:
        if self._reads:
            self._pieces.add(piece)

    def end(self, name: str) -> None:
        self._reads = False
        if name == "rPh":
            self._unread -= 1
        elif name == "si":
            text = self._pieces.whole()
            stop_if(self._budget.spend_cell(text))
            self.found.append(text)


class _Text:
    """A cell's text, of which no more is kept than one letter too many."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def add(self, piece: str) -> None:
        if self._length <= LONGEST:
            self._pieces.append(piece[: LONGEST + 1 - self._length])
            self._length += len(self._pieces[-1])

    def whole(self) -> str:
        return "".join(self._pieces)


_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_RANGE = re.compile(rf"{_CELL.pattern}:{_CELL.pattern}")


class _Cells:
    """A worksheet's part: its cells as texts."""

    def __init__(self, strings: list[str], styles: Styles, budget: Budget, from_1904: bool) -> None:
        self._budget = budget
        self._strings = strings
        self._styles = styles
        self._from_1904 = from_1904
        self._rows: dict[int, dict[int, str]] = {}
        self._marks: dict[tuple[int, int], CellMark] = {}
        self._merged: list[tuple[int, int, int]] = []
        self._row = self._column = -1
        self._attributes: Attributes = {}
        self._text: _Text | None = None
        self._value = _Text()
        self._has_formula = False
        self._unread = 0

    def start(self, name: str, attributes: Attributes) -> None:
        self._text = None
        match name:
            case "row":
                number = attributes.get("r", "")
                self._row = int(number) - 1 if re.fullmatch(r"[1-9]\d{0,6}", number) else self._row + 1
                self._column = -1
            case "c":
                where = _CELL.fullmatch(attributes.get("r", ""))
                self._column = _number(where[1]) if where else self._column + 1
                if self._column >= WIDEST:
                    raise StopReadingError(_FOREIGN)
                self._row = int(where[2]) - 1 if where else max(self._row, 0)
                self._attributes = attributes
                self._value = _Text()
                self._has_formula = False
            case "f":
                self._has_formula = True
            case "v" | "t" if not self._unread:
                self._text = self._value
            case "rPh":
                self._unread += 1
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def text(self, piece: str) -> None:
        if self._text is not None:
            self._text.add(piece)

    def end(self, name: str) -> None:
        self._text = None
        if name == "rPh":
            self._unread -= 1
        elif name == "c":
            self._keep()

    def sheet(self, name: str) -> Sheet:
        """What was read, merged cells filled downwards."""
        for top, bottom, column in self._merged:
            self._fill(top, bottom, column)
        last = max(self._rows, default=-1)
        stop_if(self._budget.spend("rows", last + 1))
        rows: list[tuple[str, ...]] = [()] * (last + 1)
        for number, cells in self._rows.items():
            row = [""] * (max(cells) + 1)
            for column, text in cells.items():
                row[column] = text
            rows[number] = tuple(row)
        return Sheet(name, tuple(rows), self._marks)

    def _keep(self) -> None:
        text, mark = self._read()
        if mark is None and (not text or text.isspace()):
            return
        column = min(self._column, MOST_COLUMNS)
        if column == MOST_COLUMNS:
            fix = f"up to {MOST_COLUMNS} columns are read: move it further left"
            mark = CellMark(f"{_shown(text)} is too far to the right", fix)
        if mark is not None:
            self._marks[self._row, column] = mark
        cells = self._rows.setdefault(self._row, {})
        if column in cells and column < MOST_COLUMNS:
            raise StopReadingError(_DAMAGED)
        cells[column] = text or "?"
        stop_if(self._budget.spend_cell(text))

    def _read(self) -> tuple[str, CellMark | None]:
        """The text of the cell that has just ended, and what is odd about it."""
        raw, kind = self._value.whole(), self._attributes.get("t", "n")
        if self._has_formula and not raw and kind != "str":
            return "", CellMark("the cell holds a formula without a stored value", "replace it by its value")
        mark = CellMark("formulas are read as the value that was last computed") if self._has_formula else None
        if kind == "e":
            return raw, CellMark(f"the cell holds the error {_shown(raw)}", "replace it by a value")
        if kind == "s" and raw.strip():
            number = int(raw) if re.fullmatch(r"\s*\d{1,9}\s*", raw) else len(self._strings)
            if number >= len(self._strings):
                raise StopReadingError(_DAMAGED)
            raw = self._strings[number]
        if len(raw) > LONGEST:
            return raw[:60], CellMark(f"more than {LONGEST:,} characters in one cell", f"up to {LONGEST:,} are read")
        if kind == "b":
            return ("yes" if raw.strip() in ("1", "true") else "no"), mark
        if kind == "n" and raw.strip():
            return self._of_number(raw.strip(), mark)
        if kind == "d":
            return raw.removesuffix("T00:00:00"), mark
        return raw.replace("\r\n", "\n").replace("_x000D_", ""), mark

    def _of_number(self, raw: str, mark: CellMark | None) -> tuple[str, CellMark | None]:
        form = self._styles.format_of(self._attributes.get("s", "0"))
        try:
            number = float(raw)
        except ValueError:
            raise StopReadingError(_DAMAGED) from None
        if form == "date" and (text := as_date(number, self._from_1904)):
            return text, mark
        if form == "other":
            mark = mark or CellMark("numbers that their format shows in another way are read without it")
        if re.fullmatch(r"-?\d+", raw):
            return (raw.zfill(len(form)) if form.startswith("0") else raw), mark
        if number.is_integer() and abs(number) < 1e15:
            return str(int(number)).zfill(len(form) if form.startswith("0") else 0), mark
        if number.is_integer():
            return raw, CellMark(f"{_shown(raw)}: a spreadsheet keeps 15 digits of a number", "type it as a text")
        return repr(number), mark

    def _merge(self, area: str) -> None:
        match = _RANGE.fullmatch(area)
        if match is None or len(self._merged) >= MOST_MERGED:
            raise StopReadingError(_DAMAGED if match is None else _FOREIGN)
        top, bottom = int(match[2]) - 1, int(match[4]) - 1
        if bottom > top:
            self._merged.append((top, bottom, _number(match[1])))

    def _fill(self, top: int, bottom: int, column: int) -> None:
        """A cell that is merged over several rows holds for each of them that holds something."""
        text = self._rows.get(top, {}).get(column)
        if text is None:
            return
        below: Iterable[int] = range(top + 1, bottom + 1)
        if bottom - top > len(self._rows):
            below = [number for number in self._rows if top < number <= bottom]
        stop_if(self._budget.spend("cells", min(len(self._rows), bottom - top)))
        mark = self._marks.get((top, column)) or CellMark(
            "cells merged over several rows are read for each of the rows"
        )
        for number in below:
            if number in self._rows and column not in self._rows[number]:
                self._rows[number][column] = text
                self._marks[number, column] = mark


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _shown(text: str) -> str:
    return plain(text if len(text) <= 60 else f"{text[:60]}…")
