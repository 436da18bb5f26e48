"""What comes in: answers of the terminal are dropped, pastes stay whole, keys are keys, however it is cut in pieces."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._parser import ParseTimeout
from textual.message import Message

from omtui.workbench.input_parser import InputParser

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
    parser = InputParser()
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
    parser = InputParser()
    found = words(list(parser.feed(typed)))
    while parser._awaiting.timeout is not None:  # the time is up
        parser._awaiting = parser._gen.throw(ParseTimeout())
        found += words(parser._tokens)
        parser._tokens.clear()
    assert found == meant
    assert words(list(parser.feed("b"))) == ["key b"]


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_is_cut_off_ends_with_the_time(answer: str) -> None:
    parser = InputParser()
    assert words(list(parser.feed(answer[:-1]))) == []
    parser._awaiting = parser._gen.throw(ParseTimeout())
    typed = words(parser._tokens)
    parser._tokens.clear()
    assert typed == [] or answer.startswith("\x1b[")
    assert words(list(parser.feed("b"))) == ["key b"]


def test_the_end_in_the_middle_of_anything() -> None:
    for text in ("", "\x1b", "\x1b[", "\x1b]52;", "\x1b[200~pasted", "a"):
        parser = InputParser()
        list(parser.feed(text)) if text else None
        list(parser.feed(""))
        assert parser.is_eof


def test_what_textual_asks_for_reaches_it() -> None:
    assert fed(["\x1b[?2026;2$y"]) == ["TerminalSupportsSynchronizedOutput"]
    assert fed(["\x1b[I\x1b[O"]) == ["AppFocus", "AppBlur"]
    assert fed(["\x1b[<0;5;6M\x1b[<0;5;6m"]) == ["MouseDown", "MouseUp"]


class Clock:
    """Time as a parser sees it: what is read when, and when nothing came for long enough."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.parser = InputParser()
        for module in ("textual._parser", "omtui.workbench.input_parser"):
            monkeypatch.setattr(f"{module}.get_time", lambda: self.now)

    def read(self, *pieces: tuple[float, str]) -> list[str]:
        """The words of pieces, each after a pause, looked at ten times a second as the driver does."""
        found: list[str] = []
        for pause, piece in pieces:
            until = self.now + pause
            while self.now + 0.1 < until:
                self.now += 0.1
                found += words(self.parser.tick())
            self.now = until
            found += words(list(self.parser.feed(piece))) if piece else words(self.parser.tick())
        return found


def test_a_paste_without_an_end_swallows_nothing_for_longer_than_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    assert clock.read((0, "\x1b[200~abc"), (0.9, "")) == []
    assert clock.read((0.2, "")) == ["paste abc"]
    assert clock.read((0.1, "q")) == ["key q"]
    for key, name in (("\x11", "ctrl+q"), ("\x1b[A", "up"), ("x", "x")):
        assert clock.read((0, "\x1b[200~abc"), (0.3, key), (0.5, key), (0.4, "")) == ["paste abc", *[f"key {name}"] * 2]
    pressed = [(0.2, "\x11")] * 20
    assert clock.read((0, "\x1b[200~"), *pressed) == ["paste ", *["key ctrl+q"] * 20]


@given(st.lists(st.tuples(st.floats(0, 0.9), st.text("ab \n\t", min_size=2)), max_size=8), st.booleans())
def test_a_long_paste_in_pieces_is_one_paste(pieces: list[tuple[float, str]], by_letters: bool) -> None:
    text = "".join(piece for _, piece in pieces)
    with pytest.MonkeyPatch.context() as monkeypatch:
        clock = Clock(monkeypatch)
        sent = [(0.1, sign) for sign in text * 3] if by_letters else pieces
        found = clock.read((0.0, "\x1b[200~"), *sent, (0.5, "\x1b[2"), (0.4, "01~"), (0.1, "k"))
    assert found == [f"paste {text * 3 if by_letters else text}", "key k"]
