"""The generated profiles."""

import tomllib

import pytest

from omtui.setup.reading import parse, verify
from tests.bench.floor import records
from tests.bench.generate import profile_text


@pytest.mark.parametrize("number", [25, 26, 200, 1_000])
def test_it_has_as_many_records_as_asked_for(number: int) -> None:
    assert len(list(records("", tomllib.loads(profile_text("x", number))))) == number


def test_it_reads_as_a_profile() -> None:
    data = parse(profile_text("x", 200))
    assert isinstance(data, dict)
    assert verify(data) == []


def test_it_is_always_the_same() -> None:
    assert profile_text("x", 300) == profile_text("x", 300)


def test_too_few_records_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 25"):
        profile_text("x", 24)
