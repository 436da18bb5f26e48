"""What comes in: answers of the terminal are dropped, pastes stay whole, keys are keys, however it is cut in pieces."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._parser import ParseTimeout
from textual.message import Message

from omtui.workbench.typed import TypedParser

ANSWERS = (
    "\x1b]52;c;aGVsbG8=\x07",
    "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "\x1bP>|xterm(367)\x1b\\",
    "\x1b_Gi=1;OK\x1b\\",
    "\x1b[?62;4;22c",
    "\x1b[>41;367;0c",
    "\x1b[?25u",
)
KEYS = {"a": "a", "\r": "enter", "\x1b[A": "up", "\x1bOP": "f1", "\x1b[Z": "shift+tab", "\x1b[3~": "delete", "é": "é"}
PASTES = ("one\ntwo", "\x1b[2J\x1b]52;c;eA==\x07\n\x11\x1b", "\x1b[200~again", "x" * 5000, "")


def words(messages: Iterable[Message]) -> list[str]:
    found = []
    for message in messages:
        if isinstance(message, events.Key):
            found.append(f"key {message.key}")
        elif isinstance(message, events.Paste):
            found.append(f"paste {message.text}")
        else:
            found.append(type(message).__name__)
    return found


def fed(pieces: Iterable[str]) -> list[str]:
    parser = TypedParser()
    return words(message for piece in pieces for message in list(parser.feed(piece)))


pieces_of_input = st.lists(
    st.one_of(
        st.sampled_from(ANSWERS).map(lambda text: (text, "")),
        st.sampled_from(tuple(KEYS)).map(lambda text: (text, f"key {KEYS[text]}")),
        st.sampled_from(PASTES).map(lambda text: (f"\x1b[200~{text}\x1b[201~", f"paste {text}")),
    ),
    max_size=6,
)


@given(pieces_of_input, st.lists(st.integers(0, 400)))
def test_however_it_is_cut_the_same_comes_out(parts: list[tuple[str, str]], cuts: list[int]) -> None:
    text = "".join(sent for sent, _ in parts)
    places = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    pieces = [text[start:end] for start, end in itertools.pairwise(places) if start < end]
    assert fed(pieces) == [meant for _, meant in parts if meant]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("\x1b", ["key escape"]),
        ("\x1bx", ["key alt+x"]),
        ("\x1b]", ["key right_square_bracket"]),
        ("\x1bP", ["key alt+shift+p"]),
        ("\x1b\x1b", ["key escape", "key escape"]),
        ("\x1b[", ["key left_square_bracket"]),
    ],
)
def test_keys_that_begin_like_a_sequence_are_keys_when_nothing_follows(typed: str, meant: list[str]) -> None:
    parser = TypedParser()
    found = words(list(parser.feed(typed)))
    while parser._awaiting.timeout is not None:  # the time is up
        parser._awaiting = parser._gen.throw(ParseTimeout())
        found += words(parser._tokens)
        parser._tokens.clear()
    assert found == meant
    assert words(list(parser.feed("b"))) == ["key b"]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_is_cut_off_ends_with_the_time(answer: str) -> None:
    parser = TypedParser()
    assert words(list(parser.feed(answer[:-1]))) == []
    parser._awaiting = parser._gen.throw(ParseTimeout())
    typed = words(parser._tokens)
    parser._tokens.clear()
    assert typed == [] or answer.startswith("\x1b[")
    assert words(list(parser.feed("b"))) == ["key b"]


def test_the_end_in_the_middle_of_anything() -> None:
    for text in ("", "\x1b", "\x1b[", "\x1b]52;", "\x1b[200~pasted", "a"):
        parser = TypedParser()
        list(parser.feed(text)) if text else None
        list(parser.feed(""))
        assert parser.is_eof


def test_what_textual_asks_for_reaches_it() -> None:
    assert fed(["\x1b[?2026;2$y"]) == ["TerminalSupportsSynchronizedOutput"]
    assert fed(["\x1b[I\x1b[O"]) == ["AppFocus", "AppBlur"]
    assert fed(["\x1b[<0;5;6M\x1b[<0;5;6m"]) == ["MouseDown", "MouseUp"]
