"""The one filter between foreign text and a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.plain_text import plain, plain_lines

STAY = frozenset("\u200c\u200d\u06dd\u070f\u08e2\U000110bd\U000110cd").union(
    map(chr, (*range(0x600, 0x606), 0x890, 0x891, *range(0x13430, 0x13440)))
)
"""Format characters that words are spelt with, or that a font draws."""

anything = st.text(st.characters(exclude_categories=()))


def is_harmful(letter: str) -> bool:
    """Whether a character acts on a terminal, or is there without being seen."""
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") and letter not in STAY


@given(anything)
def test_nothing_harmful_is_left(text: str) -> None:
    shown = plain(text)
    assert not [letter for letter in shown if is_harmful(letter)]
    assert len(shown.splitlines()) <= 1
    shown.encode()


def test_no_character_of_all_slips_through() -> None:
    everything = map(chr, range(0x110000))
    assert [hex(ord(letter)) for letter in everything if is_harmful(letter) and plain(letter) == letter] == []


@given(anything)
def test_once_is_enough(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert plain_lines(plain_lines(text)) == plain_lines(text)


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u115f\u1160\u3164\uffa0")))
def test_what_is_seen_stays(text: str) -> None:
    assert plain(text) == text


@given(anything)
def test_ascii_is_ascii_and_still_one_line(text: str) -> None:
    shown = plain(text, ascii_only=True)
    assert shown.isascii()
    assert shown == "" or shown.isprintable()


@given(anything)
def test_lines_stay_lines(text: str) -> None:
    assert plain_lines(text).split("\n") == [plain(line) for line in text.split("\n")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\tc", "a␊b␉c"),
        ("\x1b[2J\x07", "␛[2J␇"),
        ("\x7f", "␡"),
        ("\x9b31m", "\\u{9b}31m"),
        ("\u202egnp.exe", "\\u{202e}gnp.exe"),
        ("CM\u00ad5008", "CM\\u{ad}5008"),
        ("CM\u20605008", "CM\\u{2060}5008"),
        ("CM\u3164", "CM\\u{3164}"),
        ("[bold]受注[/]", "[bold]受注[/]"),
        ("\ud800", "\\u{d800}"),
        ("👩\u200d💻", "👩\u200d💻"),
        (5, "5"),
        (None, "None"),
    ],
)
def test_how_it_is_shown(text: object, shown: str) -> None:
    assert plain(text) == shown
