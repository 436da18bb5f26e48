"""Reading is tolerant, reports every fault with its place, and never hangs or raises on any input."""

import time
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.setup.catalogue import TABLES, child
from omtui.setup.place import Data, NotAPlace, Path, resolve
from omtui.setup.place import parse as parse_place
from omtui.setup.reading import DEEPEST, ReadingFault, parse, verify
from omtui.setup.values import toml
from tests.setup.strategies import profiles

HEAD = 'schema = 1\n[profile]\nname = "a"\nenvironment = "test"\n'
N = 100_000

_signs = ("a", ".", "=", "[", "]", "[[", "]]", "{", "}", '"', "'", '"""', "'''", "\\", "#", "\n", "\r\n", " ", ",")
_words = (
    "1",
    "0x",
    "1e",
    "9" * 5000,
    "inf",
    "nan",
    "true",
    "2026-02-30",
    "12:61:00",
    "\ufeff",
    "é",
    "\x1f",
    "\ud800",
    HEAD,
)
_pieces = st.sampled_from((*_signs, *_words))


def _judged(text: str) -> Data | ReadingFault:
    found = parse(text)
    if isinstance(found, ReadingFault):
        assert found.message
        assert found.fix
        assert found.line is not None
        assert found.column is not None
        assert 1 <= found.line <= text.count("\n") + 1
        assert 1 <= found.column <= len(text) + 1
        assert "\n" not in found.message
    else:
        for fault in verify(found):
            assert fault.message.isprintable()
            assert fault.fix
            assert fault.path
    return found


@given(st.text() | st.lists(_pieces, max_size=30).map("".join))
def test_reading_never_raises(text: str) -> None:
    _judged(text)


@given(st.binary())
def test_reading_never_raises_on_bytes(content: bytes) -> None:
    _judged(content.decode("latin-1"))
    _judged(HEAD + content.decode("utf-8", "surrogateescape"))


@given(profiles())
def test_everything_with_the_right_types_is_a_profile(data: Data) -> None:
    assert verify(data) == []


def _toml(data: Data) -> str:
    return "\n".join(f"{name} = {toml(value)}" for name, value in data.items())


@given(profiles())
def test_a_profile_in_toml_reads_back(data: Data) -> None:
    assert repr(parse(_toml(data))) == repr(data)  # the texts: NaN is not equal to itself, 1 is to True


def _fields(data: Data) -> Iterator[tuple[Path, str]]:
    """Every value that has a description, and its kind."""
    waiting: list[tuple[Path, str, Any]] = [((), "", data)]
    while waiting:
        path, table, here = waiting.pop()
        for name, value in here.items():
            inner = child(table, name)
            if inner is None:
                field = TABLES[table].by_name.get(name) if table else None
                if field is not None:
                    yield (*path, name), field.kind
                continue
            yield (*path, name), "table" if isinstance(value, dict) else "records"
            if isinstance(value, dict):
                waiting.append(((*path, name), inner.path, value))
            else:
                waiting.extend(((*path, name, number), inner.path, item) for number, item in enumerate(value))


_WRONG: dict[str, tuple[Any, ...]] = {
    "text": (1, True, ["a"], {"a": 1}),
    "place": (1, ["a"]),
    "integer": ("1", True, Decimal("1.0")),
    "number": ("1", True, [1]),
    "boolean": ("true", 1),
    "date": ("2026-11-20", 2026),
    "list": ("a", ["a", 1], [["a"]]),
    "integers": (1, ["1"], [True]),
    "scalar": ({"a": 1}, [["a"]], [{"a": 1}]),
    "table": ("a", 1, [1]),
    "records": ("a", 1, [1], {"a": 1}),
}


@given(profiles(), st.data())
def test_every_wrong_type_is_reported(data: Data, draw: st.DataObject) -> None:
    offered = sorted(set(_fields(data)), key=str)
    chosen = draw.draw(st.lists(st.sampled_from(offered), unique=True, max_size=6)) if offered else []
    spoiled = deepcopy(data)
    expected: list[Path] = []
    for path, kind in sorted(chosen, key=lambda each: len(each[0])):
        if any(path[: len(other)] == other for other in expected):
            continue  # it is inside what is spoiled already
        here: Any = spoiled
        for part in path[:-1]:
            here = here[part]
        here[path[-1]] = draw.draw(st.sampled_from(_WRONG[kind]))
        expected.append(path)
    faults = verify(spoiled)
    assert {fault.path for fault in faults} == set(expected)
    assert len(faults) == len(expected)
    for fault in faults:
        place = parse_place(fault.message.partition(" is ")[0])
        if not isinstance(place, NotAPlace):  # one with a blank in a key
            assert resolve(spoiled, place) == fault.path


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["schema is missing", "[profile] is missing"]),
        ("schema = 1", ["[profile] is missing"]),
        ("schema = 0\n" + HEAD[11:], ["schema is not a whole number from 1"]),
        ("schema = true\n" + HEAD[11:], ["schema is not a whole number from 1"]),
        ("schema = 2", ["schema 2 is newer than this omtui, which knows 1"]),
        ("schema = 1\n[profile]", ["profile.name is missing", "profile.environment is missing"]),
        ("schema = 1\nprofile = 3", ["profile is a whole number, not a table"]),
        (
            "schema = 1\n[profile]\nname = 1",
            ["profile.environment is missing", "profile.name is a whole number, not a text"],
        ),
        (HEAD + "[pod]\nredwood = [5]", ["pod.redwood is an array, not a list of texts"]),
        (
            "connectors = [1, {name = 2}]\n" + HEAD,
            ["connectors is an array, not an array of tables", "connectors[2].name is a whole number, not a text"],
        ),
        (HEAD + "[connectors]\nname = 'A'", ["connectors is a table, not an array of tables"]),
        (
            HEAD + "[[routing_rules]]\nname = 'R'\n[routing_rules.when]\nall = [{not = {any = 3}}]",
            ["routing_rules[R].when.all[0].not.any is a whole number, not an array of tables"],
        ),
        (
            HEAD + "[[routing_rules]]\nname = 'R'\n[[routing_rules.otherwise]]\nwhen = 1\nthen = [{action = 1}]",
            [
                "routing_rules[R].otherwise[0].when is a whole number, not a table",
                "routing_rules[R].otherwise[0].then[0].action is a whole number, not a text",
            ],
        ),
    ],
)
def test_what_is_no_profile(text: str, messages: list[str]) -> None:
    data = parse(text)
    assert not isinstance(data, ReadingFault)
    reported = [fault.message for fault in verify(data)]
    assert len(reported) == len(messages)
    assert all(one.startswith(other) for one, other in zip(sorted(reported), sorted(messages), strict=True))


def test_wrong_words_and_unknown_keys_are_read() -> None:
    text = HEAD.replace("test", "staging") + "x = 1\n[[connectors]]\ninvocation_mode = 'Carrier pigeon'\n[y.z]\na = 1"
    data = parse(
        text + "\n[[routing_rules]]\nname = 'R'\notherwise = [{all = 3, not = 1}]\nwhen = {then = 2, when = 1}"
    )
    assert not isinstance(data, ReadingFault)
    assert verify(data) == []


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a = 1\nb = ", 2, 5, "not TOML: invalid value"),
        ("a = 1\n\n  b\0", 3, 4, "the file holds a NUL character"),
        ("x = 1\ny = " + "9" * 5000, 2, 5, "a number is too large to be read"),
        ("x = 1\ny = 0x" + "f" * 5000, 2, 5, "a number is too large to be read"),
        ("x = 1\ny = 0b" + "1" * 5000, 2, 5, "a number is too large to be read"),
        ("x = 1\ny = 1e+99999999999999999999", 2, 5, "a number is too large to be read"),
        ("x = '['\ny = " + "[" * 51 + "]" * 51, 2, 55, "arrays or tables are nested more than 50 deep"),
        ("x = '['\ny = " + "[" * 5000, 2, 55, "arrays or tables are nested more than 50 deep"),
        ("# a\n[" + "a." * 50 + "b]", 2, 2, "a dotted key has more than 50 parts"),
        ("# a\n" + "'a b' . " * 50 + "b = 1", 2, 1, "a dotted key has more than 50 parts"),
        ("x = { y = 1, " + '"a/".' * 50 + "b = 1 }", 1, 14, "a dotted key has more than 50 parts"),
        (f"[{'a.' * 40}b]\n{'c.' * 40}d = 1", 1, 1, "arrays or tables are nested more than 50 deep"),
        ("a = 1\r\nb = 2\r\nc", 3, 2, "not TOML: expected '='"),
    ],
)
def test_where_a_text_stops_making_sense(text: str, line: int, column: int, message: str) -> None:
    fault = parse(text)
    assert isinstance(fault, ReadingFault)
    assert (fault.line, fault.column) == (line, column)
    assert fault.message.startswith(message)


@pytest.mark.parametrize(
    "value",
    [
        '"' + "a." * 60 + 'b"',
        "'" + "a." * 60 + "b = 1'",
        '"""\n' + "a." * 60 + 'b = 1\n"""',
        "'''\n" + "a." * 60 + "b = 1 '''",
        '"""a\\"""b""" # ' + "a." * 60 + "b = 1",
        '"\\"" # ' + '"',
        '["' + "[" * 60 + '"] # ' + "[" * 60,
        "0x" + "f" * 16,
        "9" * 400,
        "1." + "9" * 5000,
        '"0x' + "f" * 5000 + '"',
        "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1),
    ],
)
def test_what_only_looks_deep_or_long_is_read(value: str) -> None:
    text = f"{HEAD}[pod]\nx = {value}\n"
    assert parse(text) == tomllib.loads(text, parse_float=Decimal)


_HOSTILE = {
    "quoted parts": '"/".' * N + "b = 1",
    "literal parts": "x = {" + "'/'." * N + "b = 1}",
    "escaped parts": r'"\u0041" . ' * N + "b = 1",
    "header": "[" + "a." * N + "b]",
    "header of tables": "[[" + "'-'." * N + "b]]",
    "key without end": "a." * N,
    "open brackets": "a = " + "[" * N,
    "open tables": "a = " + "{a = " * N,
    "closed brackets": "a = " + "[" * N + "]" * N,
    "quotes": "a = " + '"' * N,
    "quotes in a text": 'a = """' + '""a' * N,
    "escaped quotes": 'a = """' + '\\"""' * N,
    "escaped quotes on a line": "." * 60 + 'a = "' + '\\"' * N,
    "dots, then quotes": "a." * 45 + "\n" + "." * 60 + "'\"" * N,
    "spaces": "." * 60 + "a" + " " * N + "a",
    "short keys": "\n".join(f"x{number}." + "a." * 48 + "b = 1" for number in range(N // 50)),
    "wrong types": HEAD + "[[connectors]]\nname = 1\n" * (N // 5),
    "wrong types inside": HEAD + "[[task_types]]\n" + "[[task_types.tasks]]\ncode = 1\n" * (N // 5),
    "wrong elements": HEAD + "[[connectors]]\ntags = [" + "1, " * N + "]",
    "unknown keys": HEAD + "[pod]\n" + "\n".join(f"k{number} = 1" for number in range(N)),
    "digits": "a = 1" + "_1" * N,
    "digits of a fraction": "a = 1." + "1" * N,
    "zeros and letters": "a = '" + "0x" + "f0x" * N + "'",
    "hexadecimal": "a = 0x" + "f" * N,
    "comments": "#" * N + "\n" + "#.\n" * N + "=",
    "line ends": "\r\n" * N + "\r",
    "conditions": HEAD + "[[routing_rules]]\nwhen = {all = [" + "{attribute = 1}, " * (N // 10) + "]}",
}


@pytest.mark.parametrize("text", _HOSTILE.values(), ids=_HOSTILE)
def test_hostile_texts_take_no_more_time_than_their_length(text: str) -> None:
    start = time.process_time()
    _judged(text)
    assert time.process_time() - start < 5  # by the square of its length: minutes


def test_numbers_stay_as_they_were_written() -> None:
    data = parse("a = 0.1\nb = 1e2\nc = 1_000\nd = nan\ne = -inf")
    assert not isinstance(data, ReadingFault)
    assert repr(list(data.values())) == repr(
        [Decimal("0.1"), Decimal("1E+2"), 1000, Decimal("NaN"), Decimal("-Infinity")]
    )
