"""Orders from CSV: the headings say the delimiter, and what cannot be read ends the reading with its line."""

import csv
import io
import zlib
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import cast

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.orders import CHUNK, DELIMITERS, LARGEST_CELL, LARGEST_ROW, MOST_COLUMNS, Orders, Rows
from omtui.rehearsal.orders_source import OrdersSource, TooMuchError, reading_problem


def read_csv(name: str, source: OrdersSource, encoding: str, head: bytes) -> Orders | Wrong:
    """The orders of a CSV file; `head` are its first bytes."""
    if not head:
        return Wrong(f"{plain(name)} is empty", "export the orders with their headings")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") and not encoding:
        return Wrong(f"{plain(name)} is not UTF-8: byte 1 cannot be read", "it looks like UTF-16: --encoding utf-16")
    source.has_nuls = b"\0" in "a".encode(encoding or "utf-8")
    lines = source.text(encoding or "utf-8-sig")
    first = lines.readline(LARGEST_ROW)
    skipped = 0
    delimiter = ""
    if first.lower().startswith("sep=") and len(first.rstrip("\r\n")) == 5:
        delimiter = first[4]
        first = lines.readline(LARGEST_ROW)
        skipped = 1
    while _has_open_quote(first) and (more := lines.readline(LARGEST_ROW)) and len(first) < LARGEST_ROW:
        first += more
    try:
        delimiter = delimiter or max(DELIMITERS, key=lambda each: len(_cells_of(first, each, strict=False)))
        headings = _cells_of(first, delimiter)
    except csv.Error as error:
        return Wrong(f"{plain(name)}: line {skipped + 1}: {error}", "check the quotes of the headings")
    if len(headings) < 2:
        return Wrong(
            f"{plain(name)} has one column: {plain(first.strip())[:60]}",
            "separate the columns by a comma, a semicolon, a tab or |",
        )
    if len(headings) > MOST_COLUMNS:
        return Wrong(f"{plain(name)} has {len(headings):,} columns; {MOST_COLUMNS:,} are read", "leave columns out")
    orders = Orders(name, tuple(map(str.strip, headings)), iter(()), first_line=1 + skipped + first.count("\n"))
    orders.share = source.share
    orders.chunks = _csv_chunks(orders, source, lines, delimiter, encoding)
    return orders


def _has_open_quote(line: str) -> bool:
    return line.count('"') % 2 == 1


def _cells_of(line: str, delimiter: str, *, strict: bool = True) -> list[str]:
    return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter, strict=strict), [])


def _csv_chunks(
    orders: Orders, source: OrdersSource, lines: io.TextIOWrapper, delimiter: str, encoding: str
) -> Iterator[Rows | Wrong]:
    before = csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    empty = 0
    taken = source.taken
    try:
        with closing(lines):
            while rows := list(islice(reader, CHUNK)):
                if [] in rows:
                    empty += rows.count([])
                    rows = [row for row in rows if row]
                if source.taken - taken > LARGEST_ROW and any(sum(map(len, row)) > LARGEST_ROW for row in rows):
                    at = orders.first_line - 1 + reader.line_num
                    yield Wrong(
                        f"{plain(orders.name)}: a row before line {at:,} is too long", "is this an orders file?"
                    )
                    return
                taken = source.taken
                yield cast(Rows, rows)
    except csv.Error as error:
        at = orders.first_line - 1 + reader.line_num
        yield Wrong(f"{plain(orders.name)}: line {at:,}: {error}", "correct the line, or export the file again")
    except (TooMuchError, OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        yield reading_problem(orders.name, error, source, encoding)
    finally:
        csv.field_size_limit(before)
    if empty:
        orders.notes.append(
            f"{empty:,} empty lines are no order lines" if empty > 1 else "an empty line is no order line"
        )
