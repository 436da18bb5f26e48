"""What comes in from the terminal, parted into what a person typed, what was pasted, and what the terminal answers.

Textual takes an answer it does not know for keys, and keys for what is pasted behind an escape sign: on a slow line a
late answer would be typed into a field, and a hostile clipboard could press keys. Here answers are dropped, and what
is pasted stays one piece whatever it holds.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from textual import constants, events
from textual._parser import ParseEOF, Parser, ParseTimeout, Peek1, Read1, TokenCallback
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

_ESC: Final = "\x1b"
_STRINGS: Final = "]P_^"
"""What follows the escape sign in answers that are texts: OSC, DCS, APC, PM."""

_LONGEST_SEQUENCE: Final = 64
_LONGEST_PASTE: Final = 4_000_000

_Reads = Generator[Read1 | Peek1, str, None]
_Sequence = Generator[Read1 | Peek1, str, tuple[str, bool]]


class TypedParser(XTermParser):
    """Textual's parser behind a gate that knows whole sequences."""

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
                    text = yield from _pasted()
                    token_callback(events.Paste(text))
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
    """The sequence behind an escape sign, and whether all of it came at once: else a person pressed the key."""
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
    """Whether it is a text of the terminal, or tells what it is; reports of modes are Textual's business."""
    return sequence[1:2] in tuple(_STRINGS) or (sequence[1:3] in ("[?", "[>", "[=") and not sequence.endswith("y"))


def _pasted() -> Generator[Read1 | Peek1, str, str]:
    """All that is pasted, up to the end of the paste and not beyond."""
    pieces: list[str] = []
    end = ""
    while end != BRACKETED_PASTE_END:
        character = yield Parser.read1()
        if len(pieces) < _LONGEST_PASTE:
            pieces.append(character)
        end = (end + character)[-len(BRACKETED_PASTE_END) :]
    text = "".join(pieces)
    return text.removesuffix(BRACKETED_PASTE_END).replace("\x00", "")


def guard_input() -> None:
    """Let Textual's driver read through this parser."""
    try:
        from textual.drivers import linux_driver
    except ImportError:  # Windows has another driver, which reads characters
        return
    linux_driver.XTermParser = TypedParser  # type: ignore[attr-defined]
