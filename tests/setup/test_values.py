"""What is shown in a form can be typed back, and what TOML is written reads back."""

import time
import tomllib
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.problem import Problem
from omtui.setup.catalogue import TABLES
from omtui.setup.field import KIND_WORDS, Field, FieldKind, has_kind
from omtui.setup.values import from_command, from_form, shown, split_list, toml, toml_key, toml_string
from tests.looping import loop_over
from tests.setup.strategies import names, records, scalars, values

TYPED: tuple[FieldKind, ...] = (
    "text",
    "place",
    "integer",
    "number",
    "boolean",
    "date",
    "list",
    "integers",
    "scalar",
)
"""The kinds that a form takes as text."""

letters = st.text(st.characters(exclude_categories=("Cs",)))


def field(kind: FieldKind) -> Field:
    return Field("x", "X", kind)


@pytest.mark.parametrize("kind", TYPED)
def test_what_is_shown_can_be_typed_back(kind: FieldKind) -> None:
    @given(values(field(kind)))
    def law(value: Any) -> None:
        again = from_form(field(kind), shown(value), value)
        assert repr(again) == repr(value)
        assert has_kind(again, kind)

    law()


@pytest.mark.parametrize("kind", [kind for kind in TYPED if kind != "scalar"])
def test_what_is_shown_can_be_typed_again(kind: FieldKind) -> None:
    @given(values(field(kind)))
    def law(value: Any) -> None:
        assert repr(from_form(field(kind), shown(value))) == repr(value)

    law()


@pytest.mark.parametrize("kind", TYPED)
def test_what_get_prints_can_be_set(kind: FieldKind) -> None:
    @given(values(field(kind)))
    def law(value: Any) -> None:
        printed = value if isinstance(value, str) else toml(value)
        assert repr(from_command(field(kind), printed, value)) == repr(value)

    law()


@given(st.data())
def test_a_record_in_toml_reads_back(data: st.DataObject) -> None:
    record = data.draw(records(TABLES[data.draw(st.sampled_from(sorted(TABLES)))]))
    text = f"value = {toml(record)}"
    assert "\n" not in text
    assert repr(tomllib.loads(text, parse_float=Decimal)["value"]) == repr(record)


@given(letters)
def test_a_text_and_a_key_in_toml_read_back(text: str) -> None:
    assert tomllib.loads(f"{toml_key(text)} = {toml_string(text)}") == {text: text}


@given(st.sampled_from(TYPED), letters | st.text('[]{}"=,#\\ \n1e9.-:TZ', max_size=25), scalars | st.lists(scalars))
def test_every_typed_text_has_the_type_or_is_refused(kind: FieldKind, text: str, current: Any) -> None:
    for take in (from_form, from_command):
        for existing in (None, current):
            value = take(field(kind), text, existing)
            if isinstance(value, Problem):
                assert value.message
                assert value.fix
                assert value.message.isprintable() or not text.isprintable()
            else:
                assert has_kind(value, kind)


ODD = ["9" * 5000, "0x" + "f" * 5000, "1e99999999999999999999", "[" * 5000, "[" + "9" * 5000 + "]", "{a.b=1}", "5\nb=1"]


@loop_over(
    "kind, current, text",
    product(TYPED, [None, 5, Decimal("1.5"), True, date(2027, 1, 1), [1], [True], ["a"]], ODD),
)
def test_odd_things_typed_are_refused_or_texts(kind: FieldKind, current: Any, text: str) -> None:
    for take in (from_form, from_command):
        value = take(field(kind), text, current)
        assert isinstance(value, Problem) or value == text or value == split_list(text)


@pytest.mark.parametrize(
    ("kind", "text", "current", "value"),
    [
        ("text", "5", None, "5"),
        ("text", "", None, ""),
        ("boolean", "Yes", None, True),
        ("boolean", " off ", None, False),
        ("integer", " 443 ", None, 443),
        ("number", "2.50", None, Decimal("2.50")),
        ("number", "5", None, 5),
        ("date", "2026-11-20", None, date(2026, 11, 20)),
        ("list", 'a, "b, c", , d', None, ["a", "b, c", "d"]),
        ("list", 'say ""hi"", "say ""hi"""', None, ['say ""hi""', 'say "hi"']),
        ("list", '""', None, [""]),
        ("list", "", None, []),
        ("integers", "200,401", None, [200, 401]),
        ("scalar", "1000", None, "1000"),
        ("scalar", "1000", "CM5008", "1000"),
        ("scalar", "1000", 5, 1000),
        ("scalar", "2.5", 5, Decimal("2.5")),
        ("scalar", "no", True, False),
        ("scalar", "a, b", ["c"], ["a", "b"]),
        ("scalar", "1, 2", [3], [1, 2]),
        ("scalar", '["a", 1]', ["c"], ["a", 1]),
        ("scalar", "yes, no", [True], [True, False]),
        ("scalar", "2026-11-20", datetime(2026, 1, 1), date(2026, 11, 20)),
    ],
)
def test_what_people_type(kind: FieldKind, text: str, current: object, value: object) -> None:
    found = from_form(field(kind), text, current)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text", "current"),
    [
        ("boolean", "perhaps", None),
        ("integer", "4.5", None),
        ("integer", "true", None),
        ("number", "five", None),
        ("date", "20.11.2026", None),
        ("date", "08:00:00", None),
        ("integers", "200, many", None),
        ("scalar", "many", 5),
        ("scalar", "true", 5),
        ("scalar", "5", date(2026, 1, 1)),
        ("scalar", "1, x", [1]),
        ("scalar", "[[1]]", [1]),
        ("scalar", "[{a = 1}]", [1]),
    ],
)
def test_what_is_no_value(kind: FieldKind, text: str, current: object) -> None:
    value = from_form(field(kind), text, current)
    assert isinstance(value, Problem)
    assert value.message
    assert value.fix


@pytest.mark.parametrize(
    ("kind", "text", "current", "value"),
    [
        ("text", "[a]", None, "[a]"),
        ("boolean", "true", None, True),
        ("boolean", "yes", None, Problem),
        ("list", '["a", "b"]', None, ["a", "b"]),
        ("list", "a, b", None, Problem),
        ("scalar", "1000", None, "1000"),
        ("scalar", "1000", 5, 1000),
    ],
)
def test_what_a_command_takes(kind: FieldKind, text: str, current: object, value: object) -> None:
    found = from_command(field(kind), text, current)
    assert isinstance(found, Problem) if value is Problem else found == value


@pytest.mark.parametrize(
    ("value", "text", "in_toml"),
    [
        (None, "", None),
        (True, "yes", "true"),
        (Decimal("5.0"), "5.0", "5.0"),
        (Decimal(5), "5.0", "5.0"),
        (Decimal("0.000001"), "0.000001", "0.000001"),
        (Decimal("1E+3"), "1E+3", "1E+3"),
        (Decimal("NaN"), "nan", "nan"),
        (Decimal("-Infinity"), "-inf", "-inf"),
        (date(2026, 11, 20), "2026-11-20", "2026-11-20"),
        (datetime(2026, 11, 20, 8), "2026-11-20 08:00:00", "2026-11-20T08:00:00"),
        (["a", "b, c", 'd"'], 'a, "b, c", d"', '["a", "b, c", "d\\""]'),
        ([], "", "[]"),
        ({"a b": 1, "c": {}}, "{'a b': 1, 'c': {}}", '{ "a b" = 1, c = {  } }'),
    ],
)
def test_how_values_are_shown(value: object, text: str, in_toml: str | None) -> None:
    assert shown(value) == text
    if in_toml is not None:
        assert toml(value) == in_toml


@pytest.mark.parametrize("value", [Decimal("1E+999999999"), Decimal("-1E-999999999")])
def test_a_number_is_never_written_out_over_millions_of_zeros(value: Decimal) -> None:
    assert len(shown(value)) < 20
    assert tomllib.loads(f"a = {toml(value)}", parse_float=Decimal) == {"a": value}


@given(st.lists(names))
def test_a_list_can_be_typed_with_quotes(items: list[str]) -> None:
    assert split_list(", ".join('"' + item.replace('"', '""') + '"' for item in items)) == items


@pytest.mark.parametrize("text", ['"' * 100_001, '"a' * 50_000, '"","' * 50_000, " " * 100_000 + '"', ',"' * 50_000])
def test_a_list_of_quotes_takes_no_more_time_than_its_length(text: str) -> None:
    start = time.process_time()
    split_list(text)
    assert time.process_time() - start < 2


def test_every_kind_has_words() -> None:
    assert {each.kind for table in TABLES.values() for each in table.fields} <= set(KIND_WORDS)
