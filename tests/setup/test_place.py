"""Places name records by key: what is printed can be read, and means the same record again."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.plain_text import is_unsafe
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed
from omtui.setup.place import (
    Data,
    NotAPlace,
    NotFound,
    Path,
    Place,
    Places,
    Selector,
    parse,
    place_of,
    resolve,
    table_at,
)
from tests.setup.strategies import NAMES, profiles

letters = st.text(st.characters(exclude_categories=("Cs",)))
unseen = st.text(st.sampled_from("ab\u200b\u202e\u3164\U000e01d7"), min_size=1)
keys = (
    st.sampled_from((*NAMES, "#2", "a#2#3", "]", '"', '""', "]]#1", "\\u0041", "1", "\n", "\u2028", "a\tb"))
    | letters
    | unseen
)
selectors = st.builds(Selector, keys, st.integers(1, 3))
words = st.sampled_from(["connectors", "url", "a-b", "x y", "4.1", "", 'q"q', "ключ", "[", "#1"]) | letters | unseen
places = st.lists(st.tuples(words, st.none() | selectors), min_size=1, max_size=4).map(
    lambda parts: Place(tuple(part for pair in parts for part in pair if part is not None))
)


@given(places)
def test_what_is_printed_reads_back(place: Place) -> None:
    assert parse(str(place)) == place


@given(places)
def test_what_is_printed_is_one_harmless_line(place: Place) -> None:
    """So it reads back also from a screen, where characters that are not seen are shown by their codes."""
    assert str(place).isprintable()
    assert not any(map(is_unsafe, str(place)))


@given(letters | st.text('[]"#.a1\\ \n', max_size=20))
def test_reading_never_raises(text: str) -> None:
    place = parse(text)
    if isinstance(place, NotAPlace):
        assert 1 <= place.column <= len(text) + 1
        assert place.message
    else:
        assert parse(str(place)) == place


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("connectors[Connector01].url", ("connectors", Selector("Connector01"), "url")),
        (
            "orchestration_processes[Pick process].steps[100].task",
            ("orchestration_processes", Selector("Pick process"), "steps", Selector("100"), "task"),
        ),
        (
            "routing_rules[Route Invoice Request 01].when.all[1].value",
            ("routing_rules", Selector("Route Invoice Request 01"), "when", "all", Selector("1"), "value"),
        ),
        ('connectors["x]y"].url', ("connectors", Selector("x]y"), "url")),
        ("connectors[A#2]", ("connectors", Selector("A", 2))),
        ('connectors["A#2"]', ("connectors", Selector("A#2"))),
        ('connectors["A#2"#3]', ("connectors", Selector("A#2", 3))),
        ("connectors[]", ("connectors", Selector(""))),
        ("pod.url", ("pod", "url")),
    ],
)
def test_forms_of_the_format(text: str, parts: tuple[str | Selector, ...]) -> None:
    assert parse(text) == Place(parts)
    assert str(Place(parts)) == text


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", 1),
        ("connectors[", 11),
        ('connectors["a]', 11),
        ('connectors["\\q"]', 11),
        ("connectors[A]url", 14),
        ("connectors[A].", 15),
        ("connectors[A#0]", 11),
        ("connectors[A#" + "9" * 5000 + "]", 11),
        ("4.1", 1),
        ('"open', 1),
    ],
)
def test_what_is_no_place(text: str, column: int) -> None:
    place = parse(text)
    assert isinstance(place, NotAPlace)
    assert place.column == column


def _paths(data: Data) -> list[Path]:
    found: list[Path] = []
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, here = waiting.pop()
        if path:
            found.append(path)
        for part, value in here.items() if isinstance(here, dict) else enumerate(here):
            if isinstance(value, (dict, list)):
                waiting.append(((*path, part), value))
            else:
                found.append((*path, part))
    return found


@given(profiles())
def test_every_path_has_a_place_that_leads_back(data: Data) -> None:
    setup, naming = Indexed(data), Places(data)
    for path in _paths(data):
        place = place_of(data, path)
        assert setup.place(path) == place == naming.of(path)
        again = parse(str(place))
        assert isinstance(again, Place)
        assert resolve(data, again) == path


@given(profiles())
def test_no_two_paths_have_one_place(data: Data) -> None:
    paths = _paths(data)
    assert len({str(place_of(data, path)) for path in paths}) == len(paths)


@given(profiles(), places)
def test_a_foreign_place_is_found_or_not(data: Data, place: Place) -> None:
    found = resolve(data, place)
    if isinstance(found, NotFound):
        assert place.parts[: len(found.where.parts)] == found.where.parts
    else:
        assert len(found) == len(place.parts)


SETUP: Data = {
    "connectors": [{"name": "A"}, {"name": "A", "url": "x"}, {}],
    "routing_rules": [{"name": "R", "when": {"all": [{"attribute": "Item"}]}}],
}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("connectors[A#2].url", ("connectors", 1, "url")),
        ("connectors[A].url", ("connectors", 0, "url")),
        ("connectors[]", ("connectors", 2)),
        ("routing_rules[R].when.all[0].value", ("routing_rules", 0, "when", "all", 0, "value")),
        ("pod", ("pod",)),
        ("pod.url", ("pod", "url")),
        ("connectors", ("connectors",)),
    ],
)
def test_places_are_found(text: str, path: Path) -> None:
    assert resolve(SETUP, parse(text)) == path  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "missing", "known"),
    [
        ("connectors[B].url", "[B]", ("A", "A", "")),
        ("connectors[A#3]", "[A#3]", ("A", "A", "")),
        ("routing_rules[R].when.all[1]", "[1]", ("0",)),
        ("routing_rules[R].when.all[0#2]", "[0#2]", ("0",)),
        (f"routing_rules[R].when.all[{'9' * 5000}]", f"[{'9' * 5000}]", ("0",)),
        ("conectors[A].url", "conectors", tuple(SETUP)),
        ("connectors[A#2].url.port", "port", ()),
    ],
)
def test_places_that_name_nothing(text: str, missing: str, known: tuple[str, ...]) -> None:
    place = parse(text)
    assert isinstance(place, Place)
    found = resolve(SETUP, place)
    assert isinstance(found, NotFound)
    assert (found.missing, found.known) == (missing, known)


def test_a_place_lies_within_its_record() -> None:
    url, record = parse("connectors[A].url"), parse("connectors[A]")
    assert isinstance(url, Place)
    assert isinstance(record, Place)
    assert url.within(record)
    assert record.within(record)
    assert not record.within(url)
    assert url.record == record
    assert (Place(("pod", "url"))).record == Place(("pod",))
    assert str(record / "url") == str(url)
    assert url.table == "connectors.url"


def test_the_table_at_a_path() -> None:
    assert table_at(("connectors", 0)) is TABLES["connectors"]
    assert table_at(("connectors",)) is TABLES["connectors"]
    assert table_at(("connectors", 0, "url")) is None
    assert table_at(("routing_rules", 0, "otherwise", 1, "when", "any", 0, "not")) is TABLES["routing_rules.when"]
    assert table_at(("routing_rules", 0, "otherwise", 1, "then", 0)) is TABLES["routing_rules.then"]
    assert table_at(("jeopardy", "thresholds", 0, "scores", 1)) is TABLES["jeopardy.thresholds.scores"]
    assert table_at(("x", 0)) is None


def test_the_places_of_a_big_profile_are_named_in_time() -> None:
    data: Data = {"connectors": [{"name": "same"} for _ in range(20_000)]}
    naming = Places(data)
    start = time.process_time()
    assert str(naming.of(("connectors", 19_999))) == "connectors[same#20000]"
    assert len({naming.of(("connectors", number)) for number in range(20_000)}) == 20_000
    assert time.process_time() - start < 3
