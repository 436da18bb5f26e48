"""Orders from JSON of the REST shape, read order by order."""

import json
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from itertools import islice
from typing import cast

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.orders import CHUNK, DEEPEST, LARGEST_ORDER, MOST_COLUMNS, Orders, Rows
from omtui.rehearsal.orders_source import OrdersSource


class _NotJsonError(Exception):
    """What is wrong with the JSON, and where."""


def read_json(name: str, source: OrdersSource) -> Orders | Wrong:
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


def _json_chunks(source: OrdersSource, headings: tuple[str, ...]) -> Iterator[Rows | Wrong]:
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


def _json_orders(source: OrdersSource) -> Iterator[dict[str, object]]:
    """The orders of an array, of pages with `items`, or of one JSON text after the other."""
    text = _JsonText(source)
    with closing(text):
        while text.peek():
            if text.peek() == "[":
                yield from _elements(text)
            else:
                yield from _page(text)


def _elements(text: "_JsonText") -> Iterator[dict[str, object]]:
    text.take("[")
    while text.peek() != "]":
        value = text.value()
        if not isinstance(value, dict):
            raise _NotJsonError(f"{text.where()}: this is no order")
        yield value
        if text.peek() != "]":
            text.take(",")
    text.take("]")


def _page(text: "_JsonText") -> Iterator[dict[str, object]]:
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


class _JsonText:
    """JSON text that is read bit by bit."""

    def __init__(self, source: OrdersSource) -> None:
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
