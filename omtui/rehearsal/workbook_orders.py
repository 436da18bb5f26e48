"""Reading orders from a workbook (XLSX): its first sheet with more than a heading."""

import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Final, cast
from zipfile import BadZipFile, ZipFile

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.orders import CHUNK, MOST_COLUMNS, MOST_INFLATED, Orders, Rows

MOST_ROWS: Final = 100_000
"""A workbook costs fifty times as much as CSV: for more there is CSV."""
LARGEST_INFLATED: Final = 512 * 1024 * 1024


def read_workbook(name: str, open_file: Callable[[], IO[bytes]]) -> Orders | Wrong:
    """The rows of the first sheet that has any."""
    file = plain(name)
    stream = open_file()
    try:
        with ZipFile(stream) as archive:
            sizes = [(each.file_size, each.compress_size) for each in archive.infolist()]
    except (BadZipFile, OSError, ValueError) as error:
        return Wrong(f"{file} is no workbook: {plain(error)}", "save it again as .xlsx, or export CSV")
    inflated = sum(size for size, _ in sizes)
    if inflated > LARGEST_INFLATED or inflated > MOST_INFLATED * max(sum(small for _, small in sizes), 4096):
        return Wrong(f"{file} holds more than {MOST_INFLATED} times its size", "export the orders as CSV")
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(stream, read_only=True, data_only=True)
            for sheet in book.worksheets:
                rows = cast(Iterator[tuple[object, ...]], sheet.iter_rows(values_only=True))
                headings = tuple("" if each is None else str(each).strip() for each in next(rows, ()))
                first = next(rows, None)
                if any(headings) and first is not None:
                    if len(headings) > MOST_COLUMNS:
                        return Wrong(f"{file} has more than {MOST_COLUMNS:,} columns", "leave columns out")
                    orders = Orders(name, headings, iter(()), [], True, 1)
                    orders.chunks = _chunks(orders, first, rows)
                    return orders
    except (InvalidFileException, KeyError, ValueError, BadZipFile, SyntaxError, TypeError, AttributeError) as error:
        return Wrong(f"{file} is no workbook that can be read: {plain(error)[:100]}", "export the orders as CSV")
    return Wrong(f"{file} has no order lines", "the first row of a sheet is its headings, the others are lines")


def _chunks(orders: Orders, first: tuple[object, ...], rest: Iterator[tuple[object, ...]]) -> Iterator[Rows | Wrong]:
    width = len(orders.headings)
    rows = chain((first,), rest)
    empty = count = 0
    while chunk := list(islice(rows, CHUNK)):
        count += len(chunk)
        if count > MOST_ROWS:
            yield Wrong(f"{plain(orders.name)} has more than {MOST_ROWS:,} rows", "export the orders as CSV")
            return
        whole = [row for row in chunk if any(each is not None for each in row)]
        empty += len(chunk) - len(whole)
        yield [tuple(map(_cell, row[:width])) + (None,) * (width - len(row)) for row in whole]
    if empty:
        orders.notes.append(
            f"{empty:,} empty rows are no order lines" if empty > 1 else "an empty row is no order line"
        )


def _cell(value: object) -> object:
    """Numbers by their digits; what is no plain value as its text."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if value is None or isinstance(value, str | bool | int | datetime | date | time):
        return value
    return str(value)
