"""A typed path never raises, and only one function reads `~`."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.typed_path import typed_path

PACKAGE = Path(__file__).parent.parent / "omtui"


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert typed_path("~/orders.csv") == Path("/home/ada/orders.csv")


def test_the_home_of_an_unknown_user_stays_as_typed() -> None:
    assert typed_path("~nobody-of-that-name/orders.csv") == Path("~nobody-of-that-name/orders.csv")


@given(st.text())
def test_no_typed_text_raises(text: str) -> None:
    typed_path(text)
    typed_path(f"~{text}")


def test_only_one_function_reads_the_tilde() -> None:
    readers = [str(file) for file in PACKAGE.rglob("*.py") if "expanduser(" in file.read_text("utf-8")]
    assert readers == [str(PACKAGE / "typed_path.py")]
