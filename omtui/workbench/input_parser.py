"""Input from the terminal, divided into what a person typed, what was pasted, and what the terminal answers.

Textual takes an answer it does not know for keys, and keys for what is pasted behind an escape sign: on a slow line a
late answer would be typed into a field, and a hostile clipboard could press keys. Here answers are dropped, and what
is pasted stays one piece, with anything in it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Final

from textual import constants, events
from textual._parser import ParseEOF, ParseTimeout, Peek1, Read1, TokenCallback
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

_ESC: Final = "\x1b"
_STRINGS: Final = "]P_^"
"""What follows the escape sign in answers that are texts: OSC, DCS, APC, PM."""

_LONGEST_SEQUENCE: Final = 64
_LONGEST_PASTE: Final = 4_000_000

_LONGEST_PAUSE: Final = 1.0
"""Seconds within a paste."""

_KEY_INTERVAL: Final = 0.15
"""Seconds between two letters that a person types; slower connections deliver more than one letter at a time."""

_Reads = Generator[Read1 | Peek1, str, None]
_Sequence = Generator[Read1 | Peek1, str, tuple[str, bool]]


class InputParser(XTermParser):
    """Textual's parser behind a gate that knows whole sequences."""

    _piece = ""
    """What was read last, all at once."""
    _pieces = 0
    _read_at = 0.0
    _pause = 0.0
    """Seconds between the last piece and the one before."""

    def feed(self, data: str) -> Iterable[Message]:
        """Take what was read: one key, if somebody pressed it, or a piece of something longer."""
        now = get_time()
        self._piece, self._pause, self._read_at = data, now - self._read_at, now
        self._pieces += 1
        return super().feed(data)

    def _pasted(self) -> Generator[Read1 | Peek1, str, tuple[str, str]]:
        """All that is pasted, up to its end and not beyond; and keys, when the end did not arrive.

        A second after the last piece that nobody typed the end is overdue. Then the paste is what arrived until there,
        and what was pressed since are keys.
        """
        signs: list[str] = []
        end, number, length, is_key = "", self._pieces, 0, False
        until, read = self._read_at + _LONGEST_PAUSE, Read1(_LONGEST_PAUSE)
        try:
            while end != BRACKETED_PASTE_END:
                sign = yield read
                if number != self._pieces:
                    number, is_key = self._pieces, _is_one_key(self._piece, self._pause)
                    if not is_key:
                        until = self._read_at + _LONGEST_PAUSE
                    read = Read1(max(0.0, until - self._read_at))
                if len(signs) < _LONGEST_PASTE:
                    signs.append(sign)
                    length = length if is_key else len(signs)
                end = (end + sign)[-len(BRACKETED_PASTE_END) :]
        except ParseTimeout:
            return _text(signs[:length]), "".join(signs[length:])
        return _text(signs).removesuffix(BRACKETED_PASTE_END), ""

    def parse(self, token_callback: TokenCallback[Message]) -> _Reads:
        """Hand on to Textual's parser what it understands; answers not at all, what is pasted in one piece."""
        inner = super().parse(token_callback)
        awaiting = next(inner)
        first = ""
        try:
            while True:
                character = first
                first = ""
                if not character:
                    try:
                        character = yield awaiting
                    except ParseTimeout as ended:
                        awaiting = inner.throw(ended)
                        continue
                if character != _ESC:
                    awaiting = inner.send(character)
                    continue
                sequence, in_time = yield from _whole_sequence()
                if sequence == BRACKETED_PASTE_START:
                    text, keys = yield from self._pasted()
                    token_callback(events.Paste(text))
                    for message in InputParser().feed(keys) if keys else ():
                        token_callback(message)
                    continue
                if in_time and _is_answer(sequence):
                    continue
                if sequence == _ESC * 2:
                    sequence, in_time, first = _ESC, False, _ESC
                for each in sequence:
                    awaiting = inner.send(each)
                if not in_time and awaiting.timeout is not None:
                    awaiting = inner.throw(ParseTimeout())
        except ParseEOF as ended:
            try:
                inner.throw(ended)
            except StopIteration:
                return
        except StopIteration:
            return


def _whole_sequence() -> _Sequence:
    """The sequence after an escape sign, and whether all of it arrived at once: else a person pressed the key."""
    sequence = _ESC
    try:
        sequence += yield Read1(constants.ESCAPE_DELAY)
        if sequence[1] in _STRINGS:
            while not sequence.endswith(("\x07", "\x9c", "\x1b\\")):
                sequence = (sequence + (yield Read1(constants.ESCAPE_DELAY)))[-_LONGEST_PASTE:]
        elif sequence[1] == "[":
            while len(sequence) < 3 or not "@" <= sequence[-1] <= "~":
                if len(sequence) > _LONGEST_SEQUENCE:
                    break
                sequence += yield Read1(constants.ESCAPE_DELAY)
    except ParseTimeout:
        # An answer that was cut off is still none that a person typed.
        return sequence, len(sequence) > 2 and sequence[1] in _STRINGS
    return sequence, True


def _is_answer(sequence: str) -> bool:
    """Whether it is a text of the terminal, or reports what it is; mode reports of modes are Textual's business."""
    return sequence[1:2] in tuple(_STRINGS) or (sequence[1:3] in ("[?", "[>", "[=") and not sequence.endswith("y"))


def _text(signs: list[str]) -> str:
    return "".join(signs).replace("\x00", "")


def _is_one_key(piece: str, pause: float) -> bool:
    """Whether what was read at once is a key that somebody pressed, and no piece of what is pasted."""
    if len(piece) == 1:
        return pause > _KEY_INTERVAL or not (piece.isprintable() or piece in "\t\r\n")
    return piece[0] == _ESC and len(piece) <= _LONGEST_SEQUENCE and BRACKETED_PASTE_END not in piece


def guard_input() -> None:
    """Let Textual's driver read through this parser."""
    try:
        from textual.drivers import linux_driver
    except ImportError:  # Windows has another driver, which reads characters
        return
    linux_driver.XTermParser = InputParser  # type: ignore[attr-defined]
