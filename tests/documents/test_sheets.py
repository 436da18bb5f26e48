"""Sheets go round to the letter, and what people type wrong is reported cell by cell."""

import io
import tomllib
import zipfile
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.compare.difference import difference
from omtui.documents.setup_workbook import Cover, setup_workbook
from omtui.documents.sheet import Sheet
from omtui.documents.sheet_files import read_sheets
from omtui.documents.sheet_values import (
    NO_VALUE,
    any_cell,
    any_value,
    from_cell,
    list_cell,
    list_of,
    to_cell,
    type_word,
)
from omtui.documents.sheets import blocks, lost_in_sheets, to_sheets
from omtui.documents.sheets_reading import from_sheets
from omtui.documents.spreadsheet import cell, to_csv, uncell
from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from omtui.setup.source_systems import ENABLED_FOR
from tests.checks.profiles import sound
from tests.compare.profiles import SCALARS, profiles
from tests.documents.csv_files import to_csv_files, to_one_csv
from tests.thorough import THOROUGH, examples

PROFILES = Path(__file__).parents[2] / "profiles"

COVER = Cover("Vision", (("Environment", "test"),))


def sample(name: str) -> Data:
    return tomllib.loads((PROFILES / f"{name}.toml").read_text(), parse_float=Decimal)


def known(value: Any) -> Any:
    """A profile without the keys that no sheet has a column for."""
    if isinstance(value, dict):
        return {name: known(item) for name, item in value.items() if name != "unknown_key"}
    return [known(item) for item in value] if isinstance(value, list) else value


def alike(one: Data, other: Data) -> bool:
    return difference(one, other, whole=True).changes == ()


@settings(max_examples=examples(300))
@given(profiles())
def test_sheets_go_round(data: Data) -> None:
    data = known(data)
    typed = from_sheets(to_sheets(Indexed(data)))
    assert typed.faults == ()
    assert difference(data, typed.data, whole=True).changes == ()


def test_a_text_that_reads_like_nothing_goes_round() -> None:
    data: Data = {"source_systems": [{"code": "(empty)"}]}
    typed = from_sheets(to_sheets(Indexed(data)))
    assert typed.data["source_systems"] == data["source_systems"]


def as_people_write(text: str, random: Random) -> str:
    """A heading in another case, with other spaces and line breaks, and with what marks a field that is required."""
    words = random.choice((str.upper, str.lower, str.title, str))(text).split(" ")
    return random.choice((" ", "\n", "  ", "\u00a0", "")).join(words) + random.choice(("", " *", ":", " "))


def with_oracles_labels(sheet: Sheet, random: Random) -> Sheet:
    """The sheet as people have it: headings as they write them, a column for each checkbox, the rule's text as IF."""
    known = {"Name": "Rule Description", "Text of IF": "IF", "Text of THEN": "THEN", "Text of ELSE": "ELSE"}
    lines: list[tuple[str, ...]] = []
    title, heads, at = "", False, None
    for line in sheet.rows:
        if not any(line):
            title = ""
        elif not title:
            title, heads, at = line[0], True, None
            line = (as_people_write(title, random).strip(" *:"),)
        elif title in blocks() and title in TITLES_OF_SINGLES:
            line = (as_people_write(line[0], random).strip(" *:"), *line[1:])
        elif heads:
            heads = False
            at = line.index("Enable for") if "Enable for" in line else None
            line = tuple(known.get(cell, cell) if title == "Routing rules" else cell for cell in line)
            line = tuple(as_people_write(cell, random) for cell in line)
            if at is not None:
                line += tuple(as_people_write(f"Enable for {each}", random) for each in ENABLED_FOR)
        elif at is not None:
            listed = list_of(line[at])
            is_set = bool(line[at])
            rest = list_cell([each for each in listed if each not in ENABLED_FOR]) if is_set else ""
            marks = (random.choice(("Yes", "y", "TRUE") if each in listed else ("no", "N", "")) for each in ENABLED_FOR)
            line = (*line[:at], rest, *line[at + 1 :], *(marks if is_set else ()))
        lines.append(line)
    return Sheet(sheet.name, tuple(lines))


TITLES_OF_SINGLES = [title for title, path in blocks().items() if path in TABLES and TABLES[path].single]


@settings(max_examples=300 if THOROUGH else 60)
@given(profiles(), st.randoms(use_true_random=False))
def test_sheets_with_oracles_labels_read_the_same(data: Data, random: Random) -> None:
    data = known(data)
    sheets = [with_oracles_labels(sheet, random) for sheet in to_sheets(Indexed(data))]
    typed = from_sheets(sheets)
    assert typed.faults == ()
    assert difference(data, typed.data, whole=True).changes == ()


def test_what_people_head_by_oracles_pages_alone() -> None:
    heads = (
        "Code",
        "Name",
        "Type",
        "Enable for\nItems",
        "ENABLE FOR ORDER ORCHESTRATION AND PLANNING",
        "Enable for Itms",
    )
    systems = Sheet("Manage Trading Community Source Systems", (heads, ("A", "a", "Spoke", "No", "Yes", "Yes"),
                    ("B", "b", "Spoke", "perhaps"), ("C", "c", "Spoke")))  # fmt: skip
    rules = Sheet("Routing Rules", (("Rule Description", "IF", "Connector Name"),
                  ("Route A", "Item = CM5008 and Task Type = Invoice", "To A")))  # fmt: skip
    typed = from_sheets([systems, rules])
    assert [record.get("enabled_for") for record in typed.data["source_systems"]] == [  # type: ignore[attr-defined]
        ["Order Orchestration and Planning"],
        None,
        None,
    ]
    assert typed.data["routing_rules"] == [
        {
            "name": "Route A",
            "if_text": "Item = CM5008 and Task Type = Invoice",
            "then": [{"action": "Set Connector Name", "value": "To A"}],
        }
    ]
    assert [fault.message for fault in typed.faults] == [
        "Enable for Itms is no column here",
        "perhaps is not yes or no",
    ]
    assert [notice.message for notice in typed.notices] == [
        "the column Rule Description is read as Name",
        "the column IF is read as Text of IF",
    ]


def test_two_columns_that_say_different_things_are_reported() -> None:
    heads = ("Code", "Enable for", "Enable for Items", "Enable for Assets")
    typed = from_sheets([Sheet("x", (("Source systems",), heads, ("A", "Items", "No", "Yes")))])
    assert [fault.message for fault in typed.faults] == ["Enable for names Items, and this cell holds No"]
    assert typed.data["source_systems"] == [{"code": "A", "enabled_for": ["Items", "Assets"]}]


@pytest.mark.parametrize("name", ["vision-dev", "vision-test", "vision-prod", "source-text"])
def test_samples_go_round_as_workbook_and_csv(name: str) -> None:
    data = sample(name)
    sheets = to_sheets(Indexed(data))
    assert lost_in_sheets(Indexed(data)) == []
    for read in (
        read_sheets(setup_workbook(sheets, COVER), "x"),
        read_sheets(to_one_csv(sheets), "x"),
        [each for title, content in to_csv_files(sheets).items() for each in _sheets(content, title)],
    ):
        assert not isinstance(read, Problem), read
        typed = from_sheets(read)
        assert typed.faults == ()
        assert alike(typed.data, data)


def _sheets(content: bytes, name: str) -> list[Sheet]:
    found = read_sheets(content, name)
    assert not isinstance(found, Problem)
    return found


@settings(max_examples=40)
@given(profiles())
def test_a_workbook_goes_round(data: Data) -> None:
    data = known(data)
    read = read_sheets(setup_workbook(to_sheets(Indexed(data)), COVER), "x")
    assert not isinstance(read, Problem)
    assert alike(from_sheets(read).data, data)


@settings(max_examples=examples(100))
@given(profiles())
def test_csv_goes_round(data: Data) -> None:
    data = known(data)
    typed = from_sheets(_sheets(to_one_csv(to_sheets(Indexed(data))), "x"))
    assert typed.faults == ()
    assert alike(typed.data, data)


texts = st.text(max_size=12).filter(lambda text: plain(text) == text)


@given(st.lists(st.one_of(texts, st.sampled_from(("", " ", "a, b", '"', "[]", "a\nb", "'=x")))))
def test_lists_go_round(items: list[str]) -> None:
    assert list_of(list_cell(items)) == items


@given(st.one_of(texts, st.from_regex(r"'*[=+@\t-].{0,5}", fullmatch=True).filter(str.isprintable)))
def test_cells_go_round_and_are_no_formula(text: str) -> None:
    written = cell(text)
    assert uncell(written) == text
    assert written[:1] not in ("=", "@", "\t", "\r")
    assert written[:1] not in ("+", "-") or written.lstrip("+-").replace(".", "").isdigit()


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "|calc", "%0A", "'=x"])
def test_formulas_are_neutralised_everywhere(text: str) -> None:
    import openpyxl

    data = sound({"roles[VISION_RESPONSES].name": text})
    sheets = to_sheets(Indexed(data))
    book = openpyxl.load_workbook(io.BytesIO(setup_workbook(sheets, COVER)))
    cells = [each for sheet in book.worksheets for row in sheet.iter_rows() for each in row if each.value is not None]
    assert all(each.data_type == "s" for each in cells)
    assert f"'{text}" in {each.value for each in cells}
    assert f"'{text}".encode() in to_one_csv(sheets).replace(b'""', b'"')
    assert alike(from_sheets(_sheets(setup_workbook(sheets, COVER), "x")).data, data)


@pytest.mark.parametrize("value", [*SCALARS, [1, 2], ["a", "b, c"], [], [True, "x"], "", " x ", '"q"', Decimal("1E+5")])
def test_values_of_any_type_go_round(value: object) -> None:
    found = any_value(any_cell(value), type_word(value))
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("connectors.send_attachments", "YES", True),
        ("connectors.send_attachments", "n", False),
        ("connectors.send_attachments", "maybe", NO_VALUE),
        ("topology.endpoints.port", "443", 443),
        ("topology.endpoints.port", "443.5", NO_VALUE),
        ("topology.endpoints.port", "9" * 100, NO_VALUE),
        ("topology.endpoints.timeout", "2.5", Decimal("2.5")),
        ("topology.endpoints.timeout", "1e999999", NO_VALUE),
        ("topology.endpoints.status", "200, 401", [200, 401]),
        ("topology.endpoints.status", "200, x", NO_VALUE),
        ("source_systems.end_date", "2026-13-01", NO_VALUE),
        ("integration_users.privileges", "A, B\nC", ["A", "B", "C"]),
        ("integration_users.privileges", '"A, B"', ["A, B"]),
    ],
)
def test_what_people_type(field: str, text: str, expected: object) -> None:
    table, _, name = field.rpartition(".")
    found = from_cell(TABLES[table].by_name[name], text)
    assert found is expected if expected is NO_VALUE else found == expected
    if expected is not NO_VALUE:
        assert from_cell(TABLES[table].by_name[name], to_cell(expected)) == expected


TYPED = """\
Connectors,,,
Connector Name,Target System,Connector URL,Send Attachments
Connector01,CSS01,https://soa.pick.example,yes
Connector02,CSS01,,maybe

Task types,
task type,Description
Pick,Picking

Tasks,,
Task type,Code,Name
Pick,PICK,Pick Carton
Pack,PACK,Pack Carton

Routing rules,
Name,Active
Route,yes

Conditions
Routing rule,Branch,Attribute,Entity,Operator,Value
Route,,Item,Order Fulfill Line,is equal to,5008
Route,,Ordered Quantity,Order Fulfill Line,>=,10

Actions
Routing rule,Action,Value
Route,Set Connector Name,Connector01

Conectors
Name
"""


def test_a_set_up_typed_by_hand() -> None:
    typed = from_sheets(_sheets(TYPED.encode(), "1 Task types"), "hand")
    assert typed.data["profile"] == {"name": "hand", "environment": "development"}
    assert typed.data["connectors"] == [
        {
            "name": "Connector01",
            "target_system": "CSS01",
            "url": "https://soa.pick.example",
            "send_attachments": True,
        },
        {"name": "Connector02", "target_system": "CSS01"},
    ]
    assert typed.data["task_types"] == [
        {"name": "Pick", "description": "Picking", "tasks": [{"code": "PICK", "name": "Pick Carton"}]}
    ]
    (rule,) = typed.data["routing_rules"]  # type: ignore[misc]
    assert rule["when"] == {
        "all": [
            {"entity": "Order Fulfill Line", "attribute": "Item", "operator": "is equal to", "value": "5008"},
            {"entity": "Order Fulfill Line", "attribute": "Ordered Quantity", "operator": ">=", "value": 10},
        ]
    }
    assert rule["then"] == [{"action": "Set Connector Name", "value": "Connector01"}]
    assert [(fault.row, fault.column, fault.message, fault.fix) for fault in typed.faults] == [
        (4, "D", "maybe is not yes or no", "type yes or no"),
        (13, "A", "there is no task type Pack", "enter it under Task types, further up"),
        (28, "A", "Conectors is no table; the row below it is left out", "did you mean Connectors?"),
    ]


def test_semicolons_and_windows_letters() -> None:
    content = "Source systems;;\r\nCode;Name;Type\r\nCSS01;Kommissionier-Lösung;Spoke\r\n".encode("cp1252")
    typed = from_sheets(_sheets(content, "x"))
    assert typed.data["source_systems"] == [{"code": "CSS01", "name": "Kommissionier-Lösung", "type": "Spoke"}]


def test_positions_that_contradict_each_other() -> None:
    rows = (
        ("Routing rules",),
        ("Name",),
        ("R",),
        (),
        ("Conditions",),
        ("Routing rule", "Branch", "Position", "Attribute"),
        ("R", "IF", "AND 1", "Item"),
        ("R", "IF", "OR 1", "Item"),
        ("R", "IF", "NEAR 1", "Item"),
        ("R", "WHEN", "", "Item"),
        ("X", "IF", "", "Item"),
    )
    typed = from_sheets([Sheet("s", rows)])
    assert [fault.message for fault in typed.faults] == [
        "the position is not understood",
        "WHEN is no branch",
        "there is no routing rule X",
        "the positions of IF do not fit together",
    ]


def _packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


HOSTILE: dict[str, tuple[bytes, str]] = {
    "half a workbook": (setup_workbook(to_sheets(Indexed(sound())), COVER)[:2000], "damaged"),
    "another archive": (_packed(x=b"y"), "no workbook"),
    "a bomb": (_packed(xl__workbook_xml=b" " * 10_000_000), "unpacked"),
    "entities": (
        _packed(xl__workbook_xml=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'),
        "no spreadsheet writes",
    ),
    "an empty workbook": (_packed(xl__workbook_xml=b"<workbook/>"), "damaged"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old kind"),
    "oversize": (b"a" * 32_000_001, "bytes"),
    "NUL": (b"a,b\0c", "NUL"),
    "an open quote": (b'a,"b', "no CSV"),
    "too many rows": (b"a\n" * 100_001, "rows"),
    "a field beyond measure": (b"a," + b"x" * 200_000, "a cell has more than 131,072"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files(case: str) -> None:
    content, words = HOSTILE[case]
    found = read_sheets(content, "x")
    assert isinstance(found, Problem)
    assert words in found.message


@settings(max_examples=examples(200))
@given(st.binary(max_size=200))
def test_any_bytes_end_in_an_answer(content: bytes) -> None:
    found = read_sheets(content, "x")
    if not isinstance(found, Problem):
        from_sheets(found)


@settings(max_examples=300)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ("Connectors", "Routing rules", "Conditions", "Name", "x", "", "\x1b[2J", "Pod", "URL", "Steps")
            )
        ),
        max_size=12,
    )
)
def test_any_cells_end_in_an_answer(rows: list[list[str]]) -> None:
    typed = from_sheets([Sheet("s\x1b", tuple(map(tuple, rows)))])
    assert all("\x1b" not in str(fault) for fault in typed.faults)


def test_to_csv_quotes_what_it_must() -> None:
    assert to_csv([["a,b", 'c"d', "e\nf", None, 5, -5]]) == '"a,b","c""d","e\nf",,5,-5\r\n'
