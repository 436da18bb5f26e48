"""Sheets from the bytes of a workbook or of CSV. A file may come from anywhere: everything is bounded."""

import csv
import io
import re
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from omtui.documents.sheet import LARGEST, LONGEST, Budget, Sheet
from omtui.documents.xlsx import read_workbook
from omtui.plain_text import plain
from omtui.problem import Problem

Cells = tuple[str, ...]
Keep = Callable[[Sequence[str]], Cells]


def read_sheets(content: bytes, name: str) -> list[Sheet] | Problem:
    """The sheets of a workbook or of one CSV file. `name` is what a CSV's sheet is called."""
    if len(content) > LARGEST:
        return Problem(f"the file has {len(content):,} bytes; {LARGEST:,} are read", "split it")
    if content[:4] == b"PK\x03\x04":
        return read_workbook(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return Problem(
            "this is a workbook of the old kind, or one with a password", "save it as XLSX without a password"
        )
    rows = read_csv(content, Budget(len(content)))
    return rows if isinstance(rows, Problem) else [Sheet(name, tuple(rows))]


def read_csv(content: bytes, budget: Budget, delimiter: str = "", keep: Keep = tuple) -> list[Cells] | Problem:
    """The rows of one CSV file, in any encoding; without a delimiter, with the one that the file seems to have.

    `keep` makes of each row what is kept of it.
    """
    content = content.removesuffix(b"\x1a")  # how DOS ended a text
    encoding = _encoding(content)
    if b"\0" in content and encoding != "utf-16":
        return Problem("the file holds NUL characters: it is no CSV", "save it as CSV (UTF-8), or as XLSX")
    lines = io.TextIOWrapper(io.BytesIO(content), encoding, "replace", newline="")
    head = lines.read(20_000)
    said = None if delimiter else re.match(r"sep=(.)\r?\n?", head)  # how a file names its separator for a spreadsheet
    if not delimiter:
        delimiter = said[1] if said else max(",;\t", key=lambda each: (head.count(each), each == ","))
    lines.seek(0)
    try:
        rows = _csv_rows(lines, delimiter, budget, keep)
    except csv.Error as error:
        if "field limit" in str(error):
            limit = csv.field_size_limit()
            return Problem(f"a cell has more than {limit:,} characters", "shorten it; is a quotation mark missing?")
        return Problem(f"the file is no CSV: {plain(error)}", "save it as CSV (UTF-8), or as XLSX")
    if isinstance(rows, Problem):
        return rows
    if said and rows:
        rows[0] = ()
    return rows


def _csv_rows(lines: TextIO, delimiter: str, budget: Budget, keep: Keep) -> list[Cells] | Problem:
    """The rows, counted while they are read."""
    rows, columns = [], 0

    def counted() -> Iterator[str]:
        """The lines. A row that has more columns than a cell has letters ends them before it is made."""
        nonlocal columns
        for line in lines:
            columns += line.count(delimiter)
            if columns > LONGEST:
                raise csv.Error("one of its rows has too many columns")
            yield line

    for row in csv.reader(counted(), delimiter=delimiter, strict=True):
        columns = 0
        rows.append(keep([cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row]))
        why = budget.spend("rows") or next(filter(None, map(budget.spend_cell, row)), None)
        if why is not None:
            return why
    return rows


def _encoding(content: bytes) -> str:
    """UTF-8; else as spreadsheets save when they are not asked for it: UTF-16 with a mark, or Windows' own."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    decoder = getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), 1_000_000):
            decoder.decode(content[start : start + 1_000_000])
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
