"""Columns stay straight and lose nothing, with any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.commands.columns import table
from omtui.text_width import width_of, wrapped

CELLS = st.text(st.sampled_from("ab -_.ü漢字カナ한글é\u0301🙂"), max_size=40)


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("漢字", 4), ("カナ", 4), ("ｶﾅ", 2), ("e\u0301", 1), ("🙂", 2), ("Größe", 5), ("\u200d", 0)],
)
def test_the_width_of_a_text(text: str, width: int) -> None:
    assert width_of(text) == width


def test_columns_begin_where_their_headings_do() -> None:
    lines = table(("Name", "URL"), [("漢字", "x"), ("Connector01", "y")], None)
    assert lines == ["Name         URL", "漢字         x", "Connector01  y"]


def test_empty_columns_are_left_out() -> None:
    assert table(("A", "B", "C"), [("1", "", "3")], None) == ["A  C", "1  3"]


def test_long_cells_are_broken_not_cut() -> None:
    lines = table(("Name", "What"), [("one", "a sentence of several words that goes on"), ("two", "short")], 40)
    assert max(map(len, lines)) <= 40
    assert " ".join(" ".join(line.split()) for line in lines).replace("one ", "") == (
        "Name What a sentence of several words that goes on two short"
    )


def test_where_columns_would_be_too_narrow_each_field_has_a_line() -> None:
    names = [f"Column {number}" for number in range(12)]
    lines = table(names, [["some words here"] * 12], 60)
    assert lines[0] == "Column 0   some words here"
    assert len(lines) == 12


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5), st.integers(40, 120))
def test_no_line_is_too_long(rows: list[tuple[str, str, str]], width: int) -> None:
    assert all(width_of(line) <= width for line in table(("One", "Two", "Three"), rows, width))


@given(CELLS, st.integers(2, 30))
def test_wrapping_keeps_every_letter(text: str, columns: int) -> None:
    lines = wrapped(text, columns)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(line) <= columns for line in lines)
