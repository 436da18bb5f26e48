"""P0-13: characters that nobody sees, wherever they are, and none that belong to people's languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.setup.place import Data
from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import checked, sound

_URL = "connectors[Requests].url"
_VALUE = "routing_rules[Picks].when.value"
UNSEEN = "\u200b\u2060\ufeff\u00ad\u180e\u202e\u2066\u200e\u3164\U000e0041\x1b\x7f\x85\ufffd\u2028"
SPACES = "\u00a0\u2007\u202f\u2009\u3000"

CASES = (
    *(
        Case("P0-13", {_URL: f"https://pick-test.partner.example/r{letter}"}, _URL, "warning",
             fixed={_URL: "https://pick-test.partner.example/r"}, says=f"U+{ord(letter):04X}")
        for letter in "\u200b\ufffd\u2060\u200d"
    ),
    *(
        Case("P0-13", {_VALUE: f"Pick{letter}"}, _VALUE, "warning", fixed={_VALUE: "Pick"}, says="which is no space")
        for letter in SPACES
    ),
    Case("P0-13", {"pod.note": "lost \ufffd letter"}, "pod.note", "warning",
         fixed={"pod.note": "a\u00a0b \u200f\u05d0"}),
    Case("P0-13", {"integration_users[WMS].roles": ["VISION_RESPONSES", "B\u200bC"]}, "integration_users[WMS].roles",
         "warning", fixed={"integration_users[WMS].roles": ["VISION_RESPONSES"]}),
)  # fmt: skip


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


@given(st.sampled_from(UNSEEN + SPACES), st.data())
def test_such_a_character_is_found_everywhere(letter: str, draw: st.DataObject) -> None:
    data = sound()
    texts = list(_texts(data))
    holder, key = draw.draw(st.sampled_from(texts))
    value = holder[key]
    at = draw.draw(st.integers(0, len(value)))
    holder[key] = value[:at] + letter + value[at:]
    reported = [finding for finding in checked(data) if finding.check in ("P0-13", "S5-02", "P0-04")]
    prose = ("note", "description", "assignment", "condition", "display", "if_text", "then_text", "display_name")
    assert reported or key in prose


def _texts(here: object):  # type: ignore[no-untyped-def]
    for key, value in here.items() if isinstance(here, dict) else enumerate(here) if isinstance(here, list) else ():
        if isinstance(value, str):
            yield here, key
        else:
            yield from _texts(value)


@pytest.mark.parametrize(
    "text",
    [
        "Gr\u00fc\u00dfe",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u6ce8\u6587",
        "\u2615\ufe0f",
        "\u0928\u094d\u200d",
    ],
)
def test_words_of_all_scripts_and_pictures_are_fine(text: str) -> None:
    data: Data = sound({"source_systems[PICK].name": text, "pod.note": text})
    assert not [finding for finding in checked(data) if finding.check == "P0-13"]
