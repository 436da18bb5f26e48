"""The text of an array, taken apart so that elements can be added, removed and moved with their comments.

This is not left to tomlkit: of an element that moves or goes it loses the comments, or gives them to the next one.
"""

import re
from dataclasses import dataclass, replace
from typing import Self

from omtui.store.layout import INDENT
from omtui.store.syntax import elements


@dataclass(frozen=True, slots=True)
class Piece:
    """An element with what belongs to it.

    `lead` is what is before it: comments on lines above, indentation; `gap` what is between it and its comma;
    `rest` what ends its line behind the comma: a comment and the line break. An element that shares its line with the
    next has no rest.
    """

    lead: str
    value: str
    gap: str = ""
    comma: bool = True
    rest: str = ""

    @property
    def text(self) -> str:
        """The text of the piece."""
        return f"{self.lead}{self.value}{self.gap}{',' if self.comma else ''}{self.rest}"

    @property
    def ends_line(self) -> bool:
        """Whether the next element starts on a line of its own."""
        return self.rest.endswith("\n")


_LINE_REST = re.compile(r"[ \t]*(?:#[^\n]*)?\r?\n")
_BEFORE_COMMA = re.compile(r"(?:[ \t\r\n]|#[^\n]*\n)*,")


class Array:
    """An array: `head` with the bracket (and its line's rest), the pieces, `tail` with the other bracket."""

    def __init__(self, text: str) -> None:
        opening = _LINE_REST.match(text, 1)
        position = opening.end() if opening else 1
        self.head = text[:position]
        self.pieces: list[Piece] = []
        for start, end in elements(text, 0):
            comma = _BEFORE_COMMA.match(text, end)
            after = comma.end() if comma else end
            gap = text[end : after - 1] if comma else ""
            rest = _LINE_REST.match(text, after)
            until = rest.end() if rest else after
            self.pieces.append(Piece(text[position:start], text[start:end], gap, comma is not None, text[after:until]))
            position = until
        self.tail = text[position:]

    @property
    def text(self) -> str:
        """The array's text."""
        return self.head + "".join([piece.text for piece in self.pieces]) + self.tail

    @property
    def in_lines(self) -> bool:
        """Whether every element has lines of its own."""
        return self.head.endswith("\n") and all(piece.ends_line for piece in self.pieces)

    @property
    def indent(self) -> str:
        """By how much its elements are indented: as the first that starts a line, else deeper than its end."""
        for piece in self.pieces if self.head.endswith("\n") else ():
            line = piece.lead.rpartition("\n")[2]
            if not line.strip():
                return line
        return self._closing + INDENT

    def insert(self, index: int, value: str, newline: str) -> None:
        """Put an element before the one at an index, or at the end."""
        if not self.pieces:
            if self.head.endswith("\n"):
                # Comments are all that is in it; the element comes behind them.
                lead = self.tail.removesuffix(f"{self._closing}]") + self.indent
                self.tail = f"{self._closing}]"
                self.pieces.append(Piece(lead, value, rest=newline))
            else:
                self.head, self.tail = "[", "]"
                self.pieces.append(Piece("", value, comma=False))
            return
        if index == 0:
            first = self.pieces[0]
            if self.in_lines:
                self.pieces.insert(0, Piece(self.indent, value, rest=newline))
            else:
                self.pieces[0] = replace(first, lead=" ")
                self.pieces.insert(0, Piece(first.lead, value))
            return
        before = self.pieces[index - 1]
        self.pieces[index - 1] = replace(before, comma=True)
        if self.in_lines or "#" in before.rest:
            piece = Piece(self.indent, value, comma=before.comma, rest=newline)
        else:
            piece = Piece(" ", value, comma=before.comma, rest=before.rest)
            self.pieces[index - 1] = replace(self.pieces[index - 1], rest="")
        self.pieces.insert(index, piece)

    def remove(self, index: int) -> Self:
        """Take an element away, with the comments above it and on its line."""
        piece = self.pieces.pop(index)
        before = self.pieces[index - 1] if index else None
        after = self.pieces[index] if index < len(self.pieces) else None
        starts_line = before.ends_line if before else self.head.endswith("\n")
        if not piece.ends_line:
            if after is not None:  # it takes the place of this one
                self.pieces[index] = replace(after, lead=piece.lead)
        elif not starts_line:  # what is before it ends the line now
            line_break = "\r\n" if piece.rest.endswith("\r\n") else "\n"
            if before is not None:
                self.pieces[index - 1] = replace(before, rest=line_break)
            else:
                self.head += line_break
        if after is None and before is not None:
            self.pieces[-1] = replace(self.pieces[-1], comma=piece.comma)
        return self

    def move(self, start: int, end: int) -> Self:
        """Move an element to another index."""
        if self.in_lines:
            commas = [piece.comma for piece in self.pieces]
            self.pieces.insert(end, self.pieces.pop(start))
            self.pieces = [replace(piece, comma=comma) for piece, comma in zip(self.pieces, commas, strict=True)]
        else:
            values = [piece.value for piece in self.pieces]
            values.insert(end, values.pop(start))
            self.pieces = [replace(piece, value=value) for piece, value in zip(self.pieces, values, strict=True)]
        return self

    @property
    def _closing(self) -> str:
        """The indentation of the closing bracket, where it starts a line."""
        line = f"{self.head if not self.pieces else ''}{self.tail}".rpartition("\n")[2][:-1]
        return "" if line.strip() or "[" in line else line
