"""Reading orders: CSV, JSON of the REST shape, and workbooks, as headings and rows of cells.

Foreign bytes have limits. A file never gives fewer lines than it has without saying so: what cannot be read ends the
reading with a problem that names the line or the byte. Nothing is stored.
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast

from omtui.plain_text import plain
from omtui.problem import Wrong

CHUNK: Final = 256
"""How many rows come in one go: as many as are judged in one go."""

LARGEST_CELL: Final = 64 * 1024
"""Characters."""
LARGEST_ROW: Final = 1024 * 1024
"""Bytes."""
MOST_COLUMNS: Final = 2_000
MOST_INFLATED: Final = 200
"""How many times its size a compressed file may hold."""
LARGEST_ORDER: Final = 16 * 1024 * 1024
"""Characters of one order in JSON, with all its lines."""
DEEPEST: Final = 50
LARGEST_INPUT: Final = 256 * 1024 * 1024
"""Bytes of JSON on standard input, which is read twice."""

DELIMITERS: Final = ",;\t|"

Rows = list[Sequence[object]]


@dataclass
class Orders:
    """An orders file that is being read: its headings, and its rows in chunks; a problem ends them."""

    name: str
    headings: tuple[str, ...]
    chunks: Iterator[Rows | Wrong]
    notes: list[str] = field(default_factory=list)
    """What the reader should know of the file. Complete when the chunks are."""
    is_typed: bool = False
    """Whether cells have types of their own, as in JSON and workbooks."""
    first_line: int = 2
    """The line of the first row in the file. In JSON and workbooks lines are rows, counted from 1."""


class _TooMuchError(Exception):
    """A limit is passed; the text says which and where."""


def read_orders(name: str, open_file: Callable[[], IO[bytes]], size: int | None, encoding: str = "") -> Orders | Wrong:
    """Open an orders file. `open_file` may be called twice; `size` is the file's, if it is known."""
    suffixes = [suffix.lower() for suffix in Path(name).suffixes]
    if ".parquet" in suffixes:
        return Wrong("Parquet is not read", "export the orders as CSV; omtui route PROFILE --needs lists the columns")
    source = _Source(open_file, size)
    try:
        head = source.head()
        if head[:4] == b"PK\x03\x04":
            from omtui.rehearsal.workbooks import read_workbook

            return read_workbook(name, open_file)
        if head.lstrip()[:1] in (b"{", b"[") and not encoding:
            return _read_json(name, source)
        return _read_csv(name, source, encoding, head)
    except (_TooMuchError, OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        return _problem(name, error, source, encoding)


def _problem(name: str, error: Exception, source: "_Source", encoding: str) -> Wrong:
    file = plain(name)
    if isinstance(error, UnicodeDecodeError):
        at = source.taken - len(error.object) + error.start
        return Wrong(
            f"{file} is not {encoding or 'UTF-8'}: byte {at + 1:,} cannot be read",
            "name its encoding: --encoding latin-1, cp1252, utf-16",
        )
    if isinstance(error, _TooMuchError):
        return Wrong(f"{file}: {error}", "is this an orders file?")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or "it ends too early"
    return Wrong(f"{file} cannot be read: {plain(reason)}", "check the file")


class _Source:
    """The bytes of a file, inflated and counted; a line that is too long ends the reading."""

    def __init__(self, open_file: Callable[[], IO[bytes]], size: int | None) -> None:
        self._open_file = open_file
        self._size = size
        self.taken = 0
        self.line_start = 0
        self.has_nuls = False
        """Whether the encoding writes letters with zeros (UTF-16)."""

    def head(self) -> bytes:
        """The first bytes, inflated."""
        with closing(self._stream()) as stream:
            return stream.read(64 * 1024)

    def _stream(self) -> IO[bytes]:
        raw = self._open_file()
        start = raw.read(2)
        raw.seek(0)
        return cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if start == b"\x1f\x8b" else raw

    def text(self, encoding: str, *, has_lines: bool = True) -> io.TextIOWrapper:
        """The text from its beginning."""
        self.taken = self.line_start = 0
        buffered = io.BufferedReader(cast(io.RawIOBase, _Counted(self, self._stream(), has_lines)), 256 * 1024)
        return io.TextIOWrapper(buffered, encoding=encoding, newline="")

    def count(self, piece: bytes, has_lines: bool) -> None:
        """Note what was read."""
        self.taken += len(piece)
        if self._size is not None and self.taken > MOST_INFLATED * max(self._size, 4096):
            raise _TooMuchError(f"it holds more than {MOST_INFLATED} times its size")
        if has_lines:
            if (nul := piece.find(b"\0")) >= 0 and not self.has_nuls:
                raise _TooMuchError(f"byte {self.taken - len(piece) + nul + 1:,} is a NUL character")
            end = piece.rfind(b"\n")
            if end >= 0:
                self.line_start = self.taken - len(piece) + end
            elif self.taken - self.line_start > LARGEST_ROW:
                raise _TooMuchError(f"a line is longer than {LARGEST_ROW:,} bytes, from byte {self.line_start + 1:,}")


class _Counted(io.RawIOBase):
    """The bytes of a stream, counted."""

    def __init__(self, source: _Source, stream: IO[bytes], has_lines: bool) -> None:
        super().__init__()
        self._source = source
        self._stream = stream
        self._has_lines = has_lines

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        self._source.count(piece, self._has_lines)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()


# CSV


def _read_csv(name: str, source: _Source, encoding: str, head: bytes) -> Orders | Wrong:
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
    orders.chunks = _csv_chunks(orders, source, lines, delimiter, encoding)
    return orders


def _has_open_quote(line: str) -> bool:
    return line.count('"') % 2 == 1


def _cells_of(line: str, delimiter: str, *, strict: bool = True) -> list[str]:
    return next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter, strict=strict), [])


def _csv_chunks(
    orders: Orders, source: _Source, lines: io.TextIOWrapper, delimiter: str, encoding: str
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
    except (_TooMuchError, OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        yield _problem(orders.name, error, source, encoding)
    finally:
        csv.field_size_limit(before)
    if empty:
        orders.notes.append(
            f"{empty:,} empty lines are no order lines" if empty > 1 else "an empty line is no order line"
        )


# JSON


class _NotJsonError(Exception):
    """What is wrong with the JSON, and where."""


def _read_json(name: str, source: _Source) -> Orders | Wrong:
    """Two passes: the first finds the keys, so that a key which no line has is known to be missing from the file."""
    headings: dict[str, int] = {}
    notes: list[str] = []
    without_lines = 0
    try:
        for order in _json_orders(source):
            has_lines = False
            for row in _flat(order):
                has_lines = True
                for key in row:
                    headings.setdefault(key, len(headings))
            without_lines += not has_lines
            if len(headings) > MOST_COLUMNS:
                return Wrong(f"{plain(name)} has more than {MOST_COLUMNS:,} fields", "select fields: fields=…")
    except _NotJsonError as error:
        return Wrong(f"{plain(name)}: {error}", "export the orders again")
    except RecursionError:
        return Wrong(f"{plain(name)} is nested more than {DEEPEST} deep", "is this an orders file?")
    if not headings:
        return Wrong(f"{plain(name)} has no order lines", "ask for the lines: expand=lines")
    if without_lines:
        notes.append(f"{without_lines:,} orders have no lines" if without_lines > 1 else "an order has no lines")
    return Orders(name, tuple(headings), _json_chunks(source, tuple(headings)), notes, True, 1)


def _json_chunks(source: _Source, headings: tuple[str, ...]) -> Iterator[Rows | Wrong]:
    rows = (tuple(map(row.get, headings)) for order in _json_orders(source) for row in _flat(order))
    while chunk := list(islice(rows, CHUNK)):
        yield cast(Rows, chunk)


def _flat(order: dict[str, object]) -> Iterator[dict[str, object]]:
    """The lines of an order, each with the fields of the order; a line's own are named `lines.FIELD`."""
    lines = order.get("lines")
    if isinstance(lines, dict):
        lines = lines.get("items")
    header = {key: value for key, value in order.items() if not isinstance(value, list | dict)}
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, dict):
            own = {f"lines.{key}": value for key, value in line.items() if not isinstance(value, list | dict)}
            yield header | own


def _json_orders(source: _Source) -> Iterator[dict[str, object]]:
    """The orders of an array, of pages with `items`, or of one JSON text after the other."""
    text = _Text(source)
    with closing(text):
        while text.peek():
            if text.peek() == "[":
                yield from _elements(text)
            else:
                yield from _page(text)


def _elements(text: "_Text") -> Iterator[dict[str, object]]:
    text.take("[")
    while text.peek() != "]":
        value = text.value()
        if not isinstance(value, dict):
            raise _NotJsonError(f"{text.where()}: this is no order")
        yield value
        if text.peek() != "]":
            text.take(",")
    text.take("]")


def _page(text: "_Text") -> Iterator[dict[str, object]]:
    """An object: a page of orders, or an order."""
    text.take("{")
    order: dict[str, object] = {}
    is_page = False
    while text.peek() != "}":
        key = text.value()
        if not isinstance(key, str):
            raise _NotJsonError(f"{text.where()}: a key must be in quotes")
        text.take(":")
        if key == "items" and text.peek() == "[":
            is_page = True
            yield from _elements(text)
        elif key in order:
            raise _NotJsonError(f"{text.where()}: the key {plain(key)} is there twice in one record")
        else:
            order[key] = text.value()
        if text.peek() != "}":
            text.take(",")
    text.take("}")
    if not is_page:
        yield order


class _Text:
    """JSON text that is read bit by bit."""

    def __init__(self, source: _Source) -> None:
        self._stream = source.text("utf-8-sig", has_lines=False)
        self._text = ""
        self._at = 0
        self._before = 0
        """Characters that were dropped."""
        self._decode = json.JSONDecoder(
            parse_float=Decimal, parse_int=Decimal, parse_constant=str, object_pairs_hook=_once
        ).raw_decode

    def where(self) -> str:
        """The place that was reached, for a message."""
        return f"character {self._before + self._at + 1:,}"

    def peek(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def take(self, letter: str) -> None:
        """Go over a character that must come."""
        if self.peek() != letter:
            found = self.peek()
            raise _NotJsonError(
                f"{self.where()}: {letter} is missing" if found else f"the file ends where {letter} is due"
            )
        self._at += 1

    def value(self) -> object:
        """The next value, whole."""
        self.peek()
        while True:
            try:
                value, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._more():
                    continue
                raise _NotJsonError(f"{self.where()}: {error.msg[:1].lower()}{error.msg[1:]}") from None
            if end < len(self._text) or not self._more():  # a number may go on
                self._at = end
                return value

    def _more(self) -> bool:
        kept = self._text[self._at :]
        if len(kept) > LARGEST_ORDER:
            raise _NotJsonError(f"{self.where()}: one order is larger than {LARGEST_ORDER:,} characters")
        piece = self._stream.read(max(64 * 1024, len(kept)))
        self._before += self._at
        self._text, self._at = kept + piece, 0
        return bool(piece)

    def close(self) -> None:
        self._stream.close()


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise _NotJsonError(f"the key {plain(twice)} is there twice in one record")
    return found
