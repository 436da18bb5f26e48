"""The emulated screen: pyte, and what today's programs need beyond it.

pyte knows no alternate screen, no faint text and no scrolling by command, stops drawing at a zero-width
character and takes prefixes like `CSI > 4 m` for something else. So every sequence is parsed here first;
pyte gets only what it understands, and queries are answered as xterm does.
"""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import pyte
from pyte import charsets, graphics, modes
from pyte.screens import wcwidth

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")

_SEQUENCE = re.compile(
    r"\x1b\[(?P<prefix>[<=>?]?)(?P<parameters>[0-9:;]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b[PX^_](?:[^\x1b]|\x1b(?!\\))*\x1b\\"
    r"|\x1b[ -/]+[0-~]"
    r"|\x1b[0-OQ-WYZ\\`-~]"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[<=>?]?[0-9:;]*[ -/]*|\][^\x07\x1b]*\x1b?|[PX^_](?:[^\x1b]|\x1b(?!\\))*|[ -/]*)\Z")
_NARROW = re.compile(r"[ -~─-▟…·–]*")
_ATTRIBUTES: dict[int, dict[str, bool]] = {
    1: {"bold": True},
    2: {"faint": True},
    3: {"italics": True},
    4: {"underscore": True},
    5: {"blink": True},
    7: {"reverse": True},
    9: {"strikethrough": True},
    21: {"underscore": True},
    22: {"bold": False, "faint": False},
    23: {"italics": False},
    24: {"underscore": False},
    25: {"blink": False},
    27: {"reverse": False},
    29: {"strikethrough": False},
}


class Cell(NamedTuple):
    """One cell: `data` is its character ("" right of a wide one).

    A colour is "default", a name of the 16 ("red", "brightred"), or six hexadecimal digits.
    """

    data: str
    fg: str = "default"
    bg: str = "default"
    bold: bool = False
    italics: bool = False
    underscore: bool = False
    strikethrough: bool = False
    reverse: bool = False
    blink: bool = False
    faint: bool = False


class Screen(pyte.Screen):
    """The cells, the cursor and the modes of a terminal; `feed` takes a program's output."""

    def __init__(self, columns: int, lines: int, *, light: bool = False) -> None:
        """`light`: answers a query for the colours as a terminal with a light background does."""
        self.clipboard: list[str] = []
        self.bells = 0
        self.keyboard_levels = 0
        self.entered = 0
        """How often a program entered the screen that it draws on."""
        self.light = light
        self.reply: Callable[[bytes], None] = lambda _answer: None
        self._main_screen: dict[int, Any] | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._pending = ""
        super().__init__(columns, lines)
        self._stream = pyte.Stream(self)

    # What pyte lacks

    @property
    def default_char(self) -> Any:  # a Cell, where pyte has its Char
        return Cell(" ")

    def reset(self) -> None:
        super().reset()
        self.cursor.attrs = self.default_char

    def bell(self, *_arguments: object) -> None:
        self.bells += 1

    def write_process_input(self, data: str) -> None:
        self.reply(data.encode())

    def draw(self, data: str) -> None:
        """pyte ends at a zero-width character that is no accent (U+200D, U+FE0F …): leave those out.

        Characters that take one cell each are most of what a program writes: those are laid down row by row.
        """
        plain = modes.DECAWM in self.mode and modes.IRM not in self.mode
        plain = plain and not self.charset and self.g0_charset is charsets.LAT1_MAP
        if not (plain and _NARROW.fullmatch(data)):
            super().draw("".join(c for c in data if c < "\x7f" or wcwidth(c) > 0 or unicodedata.combining(c)))
            return
        attributes: Any = self.cursor.attrs
        while data:
            if self.cursor.x == self.columns:
                self.carriage_return()
                self.linefeed()
            x, y = self.cursor.x, self.cursor.y
            piece, data = data[: self.columns - x], data[self.columns - x :]
            self.buffer[y].update({at: _written(attributes, letter) for at, letter in enumerate(piece, x)})
            self.cursor.x += len(piece)

    @property
    def display(self) -> list[str]:
        """The rows as text; the cell right of a wide character is empty. (pyte measures each character again.)"""
        blank, columns = self.default_char, range(self.columns)
        rows: Any = (self.buffer[y] for y in range(self.lines))
        return ["".join([row.get(x, blank).data for x in columns]) for row in rows]

    def _scroll(self, count: int) -> None:
        position = self.cursor.x, self.cursor.y
        top, bottom = self.margins or (0, self.lines - 1)
        for _ in range(abs(count)):
            self.cursor.y = bottom if count > 0 else top
            if count > 0:
                self.index()
            else:
                self.reverse_index()
        self.cursor.x, self.cursor.y = position

    def _switch_screen(self, alternate: bool) -> None:
        if alternate and self._main_screen is None:
            self._main_screen = {y: line.copy() for y, line in self.buffer.items()}
            self.save_cursor()
            self.buffer.clear()
        elif not alternate and self._main_screen is not None:
            self.buffer.clear()
            for y, line in self._main_screen.items():
                self.buffer[y].update(line)
            self._main_screen = None
            self.restore_cursor()

    # The state

    def cell(self, x: int, y: int) -> Cell:
        """What is at a column and row."""
        cell: Any = self.buffer[y][x]
        assert isinstance(cell, Cell)
        return cell

    @property
    def private_modes(self) -> set[int]:
        """The numbers of the DEC private modes that are set (7 and 25 are at the start)."""
        return {mode >> 5 for mode in self.mode if mode >= 32}

    # Output of the program

    def feed(self, data: bytes) -> None:
        """Carry out a piece of output, which may end anywhere."""
        text = self._pending + self._decoder.decode(data)
        self._pending = ""
        position = 0
        while position < len(text):
            escape = text.find("\x1b", position)
            if escape != position:
                piece = text[position:] if escape < 0 else text[position:escape]
                (self.draw if piece.isprintable() else self._stream.feed)(piece)
            if escape < 0:
                return
            sequence = _SEQUENCE.match(text, escape)
            if sequence:
                self._carry_out(sequence)
                position = sequence.end()
            elif _UNFINISHED.match(text, escape):
                self._pending = text[escape:]
                return
            else:  # nonsense: drop the escape character, as terminals do
                position = escape + 1

    def _carry_out(self, sequence: re.Match[str]) -> None:
        if sequence["osc"] is not None:
            self._operating_system_command(sequence["osc"])
        elif sequence["final"]:
            parts = sequence["prefix"], sequence["parameters"], sequence["between"] + sequence["final"]
            self._control(*parts, sequence[0])
        elif sequence[0][1] in "78DEHMc#":
            self._stream.feed(sequence[0])

    def _control(self, prefix: str, parameters: str, final: str, whole: str) -> None:
        number = int(parameters) if parameters.isdigit() else 0
        match prefix, final:
            case "", "m":
                self.cursor.attrs = _rendered(self.cursor.attrs, parameters)
            case "", "S" | "T":
                self._scroll((number or 1) * (1 if final == "S" else -1))
            case "", "b":
                before = self.buffer[self.cursor.y][max(0, self.cursor.x - 1)].data
                self.draw((before or " ") * (number or 1))
            case "", "c":
                self.reply(b"\x1b[?62;22c")
            case ">", "c":
                self.reply(b"\x1b[>41;380;0c")
            case "?", "$p":
                known = 1 if number in self.private_modes else 2 if number in (7, 25, 1049, 2004, 2026) else 0
                self.reply(f"\x1b[?{number};{known}$y".encode())
            case "?", "h" | "l":
                if {number} & {47, 1047, 1049}:
                    self._switch_screen(final == "h")
                    self.entered += final == "h"
                self._stream.feed(whole)
            case "?", "J" | "K":
                self._stream.feed(f"\x1b[{parameters}{final}")
            case ">", "u":
                self.keyboard_levels += 1
            case "<", "u":
                self.keyboard_levels = max(0, self.keyboard_levels - (number or 1))
            case "", _ if final in pyte.Stream.csi and ":" not in parameters:
                self._stream.feed(whole)

    def _operating_system_command(self, text: str) -> None:
        code, _, value = text.partition(";")
        if code in ("0", "2"):
            self.set_title(value)
        elif code == "52":
            content = value.partition(";")[2]
            try:
                self.clipboard.append(base64.b64decode(content, validate=True).decode())
            except (binascii.Error, UnicodeDecodeError):
                return  # a query ("?") or nonsense: terminals ignore both
        elif code in ("10", "11") and value == "?":
            bright = self.light == (code == "11")
            self.reply(f"\x1b]{code};rgb:{'/'.join(['ffff' if bright else '0000'] * 3)}\x1b\\".encode())


def _colour(parts: list[int]) -> str | None:
    match parts:
        case [5, number] if 0 <= number < 16:
            return ("bright" if number >= 8 else "") + NAMES[number % 8]
        case [5, number] if number < 256:
            return graphics.FG_BG_256[number]
        case [2, red, green, blue] | [2, _, red, green, blue]:
            return f"{red:02x}{green:02x}{blue:02x}"
    return None


@lru_cache(maxsize=4096)
def _rendered(attributes: Any, parameters: str) -> Any:
    """Select graphic rendition, with colon and semicolon forms."""
    codes = [[int(part or 0) for part in code.split(":")] for code in parameters.split(";")]
    while codes:
        code, *more = codes.pop(0)
        if code in (38, 48, 58):
            if not more and codes:
                take = {5: 2, 2: 4}.get(codes[0][0], 1)
                more = [part[0] for part in codes[:take]]
                del codes[:take]
            colour = _colour(more)
            if colour and code != 58:
                attributes = attributes._replace(**{"fg" if code == 38 else "bg": colour})
        elif code == 0:
            attributes = Cell(" ")
        elif code == 4 and more == [0]:
            attributes = attributes._replace(underscore=False)
        elif code in _ATTRIBUTES:
            attributes = attributes._replace(**_ATTRIBUTES[code])
        elif code in (39, 49):
            attributes = attributes._replace(**{"fg" if code == 39 else "bg": "default"})
        elif 30 <= code <= 47 or 90 <= code <= 107:
            bright, base = ("bright", code - 60) if code >= 90 else ("", code)
            attributes = attributes._replace(**{"fg" if base < 40 else "bg": bright + NAMES[base % 10]})
    return attributes


@lru_cache(maxsize=4096)
def _written(attributes: Any, letter: str) -> Any:
    return attributes._replace(data=letter)
