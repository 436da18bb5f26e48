"""What is wrong with JSON from elsewhere is said in people's words, for every kind of fault."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.compare.hand_over import read as read_hand_over
from omtui.compare.plan_file import read as read_plan
from omtui.problem import Problem
from omtui.setup.reading import ReadingFault

_OF_PYTHON = (
    "recursion",
    "delimiter",
    "Expecting",
    "unicode string",
    "Exceeds",
    "set_int_max",
    "decoding",
    "codec",
    "None",
    "Model",
    "dictionary",
)

damaged = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        (
            "[" * 100_000,
            '{"omtui_plan": ' + "[" * 5000,
            "9" * 5000,
            '{"omtui_plan": "1"}',
            '{"omtui_plan": 1.0}',
            '{"omtui_plan": true}',
            '{"omtui_hand_over": NaN}',
            '{"omtui_hand_over": "1"}',
        )
    ),
    st.dictionaries(st.sampled_from(("omtui_plan", "omtui_hand_over", "sum")), st.integers() | st.text()).map(
        json.dumps
    ),
).flatmap(lambda text: st.integers(0, len(text)).map(lambda end: text[:end]) | st.just(text))


@settings(max_examples=150)
@given(damaged)
def test_no_word_of_python_is_in_a_message(text: str) -> None:
    plan = read_plan(text)
    assert isinstance(plan, Problem)
    hand_over = read_hand_over(text.encode("utf-8", "replace"))
    assert isinstance(hand_over, ReadingFault)
    for message in (plan.message, hand_over.message):
        assert message
        assert not any(word in message for word in _OF_PYTHON), message


def test_where_a_file_is_cut_off() -> None:
    found = read_plan('{"omtui_plan": 1,\n "a"')
    assert isinstance(found, Problem)
    assert found.message == "this is no plan: line 2, column 5 is not JSON; the file is damaged, or was cut off"


def test_the_format_as_a_text() -> None:
    found = read_plan('{"omtui_plan": "1"}')
    assert isinstance(found, Problem)
    assert "is no whole number" in found.message
