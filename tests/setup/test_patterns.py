"""Regular expressions that cannot run for ever."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.setup.patterns import pattern

_PIECES = st.sampled_from(
    ["a", "b", "[ab]", "[^a]", ".", r"\d", r"\w", r"\.", "c", "^", "$", "[a-c-]", r"[\d.]", r"\S"]
)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join),
        inner.map("(?:{})".format),
        st.tuples(inner.map("({})".format), st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{0,}", "*?"])).map(
            "".join
        ),
    )


@given(st.recursive(_PIECES, _grown, max_leaves=8), st.text("abc1.-", max_size=6))
def test_it_matches_as_the_standard_library_does(text: str, subject: str) -> None:
    ours = pattern(text)
    assert ours is not None
    assert ours.whole(subject) == bool(re.fullmatch(text, subject))
    assert ours.anywhere(subject) == bool(re.search(text, subject))


@given(st.text(max_size=30))
def test_any_text_is_understood_or_not(text: str) -> None:
    ours = pattern(text)
    if ours is not None:
        re.compile(text)
        assert isinstance(ours.whole("CM5008"), bool)


_NOT_SHARED = (
    r"(",
    r")",
    r"[",
    r"[]",
    r"[b-a]",
    r"a**",
    r"a*+",
    r"(?=a)",
    r"\1",
    r"\bA",
    r"\p{L}",
    r"[a&&b]",
    r"[[a]]",
    r"{2}",
    r"a{2",
    r"a{3,2}",
    r"^*",
    r"((a{90}){90}){90}",
    "\\",
)


@pytest.mark.parametrize("text", [*_NOT_SHARED, "(" * 60 + ")" * 60, "a" * 1001])
def test_what_is_not_shared_by_the_dialects_is_not_understood(text: str) -> None:
    assert pattern(text) is None


@pytest.mark.parametrize(
    "text", ["(a+)+b", "(a|a)*b", "a*a*a*a*a*a*b", "(.*)*b", "(a?){40}a{40}b", "((){9999}){9999}b"]
)
def test_a_hostile_pattern_takes_no_time(text: str) -> None:
    ours = pattern(text)
    assert ours is not None
    start = time.process_time()
    assert not ours.anywhere("a" * 200)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("text", ["CM.*", r"CM\d{4}", "A|B", "[^X]+", "x(y|z)?", r"^CM$"])
def test_the_example_matches(text: str) -> None:
    ours = pattern(text)
    assert ours is not None
    assert ours.whole(ours.example)
