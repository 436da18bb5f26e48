"""The text after an operation: what changes, and that nothing else does."""

import tomllib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.problem import Problem
from omtui.setup.place import Path
from omtui.store.change import MISSING, Insert, Move, Operation, Remove, Set, inverse, same, value_at
from omtui.store.document import Document
from omtui.store.splice import between

HEAD = 'schema = 1\n\n[profile]\nname = "vision"\nenvironment = "test"\n'


def opened(text: str | bytes) -> Document:
    document = Document.from_bytes(text if isinstance(text, bytes) else text.encode())
    assert isinstance(document, Document), document
    return document


def after(text: str, *operations: Operation) -> str:
    """The text after operations; on the way a later run takes them back and does them again."""
    document = opened(text)
    done = []
    for operation in operations:
        before = document.text()
        performed = document.perform(operation)
        done.append((performed, between(before, document.text())))
    written = document.to_bytes()
    assert isinstance(written, bytes), written
    document = opened(written)
    for performed, splice in reversed(done):
        assert document.replay(splice.inverse(), [inverse(performed)])
    assert document.to_bytes() == text.encode()
    for performed, splice in done:
        assert document.replay(splice, [performed])
    assert document.to_bytes() == written
    return written.decode()


def set_to(text: str, path: Path, new: object) -> Set:
    return Set(path, value_at(opened(text).data, path), new)


def remove(text: str, path: Path, index: int) -> Remove:
    items: Any = value_at(opened(text).data, path)
    return Remove(path, index, items[index])


CONNECTORS = (
    HEAD
    + """
# Step 5: connectors

# The warehouse
[[connectors]]  # in use
name = "Connector01"     # as in the text
port = 0x1F90            # not ours
url = 'https://soa.pick.example'  # with a comment
# what the answer does
response_processing = "Reject all lines on first error"
# also: csf_key

[[connectors]]
name = "EventConnector"

# Nothing follows
"""
)


def test_one_field_changes_one_line() -> None:
    text = after(CONNECTORS, set_to(CONNECTORS, ("connectors", 0, "name"), "Connector02"))
    assert text == CONNECTORS.replace('"Connector01"  ', '"Connector02"  ')


def test_a_literal_text_stays_literal_where_it_can() -> None:
    path = ("connectors", 0, "url")
    text = after(CONNECTORS, set_to(CONNECTORS, path, r"C:\new"))
    assert r"url = 'C:\new'  # with" in text
    text = after(CONNECTORS, set_to(CONNECTORS, path, "it's"))
    assert """url = "it's"  # with""" in text


def test_a_new_field_is_in_the_order_of_the_page() -> None:
    text = after(CONNECTORS, Set(("connectors", 0, "user_name"), MISSING, "pick"))
    assert text == CONNECTORS.replace("with a comment\n", 'with a comment\nuser_name = "pick"\n')


def test_a_new_last_field_is_above_the_comments_at_the_end_of_the_record() -> None:
    text = after(CONNECTORS, Set(("connectors", 0, "note"), MISSING, "x"))
    assert text == CONNECTORS.replace("# also", 'note = "x"\n# also')


def test_a_field_goes_with_its_line() -> None:
    text = after(CONNECTORS, Set(("connectors", 0, "port"), 0x1F90, MISSING))
    assert text == CONNECTORS.replace("port = 0x1F90            # not ours\n", "")


def test_a_removed_record_takes_its_comments_and_leaves_the_heading() -> None:
    text = after(CONNECTORS, remove(CONNECTORS, ("connectors",), 0))
    assert text == HEAD + '\n# Step 5: connectors\n\n[[connectors]]\nname = "EventConnector"\n\n# Nothing follows\n'


def test_a_moved_record_takes_its_comments() -> None:
    text = after(CONNECTORS, Move(("connectors",), 0, 1))
    first = CONNECTORS[CONNECTORS.index("\n# The warehouse") : CONNECTORS.index('\n[[connectors]]\nname = "Ev')]
    second = '\n[[connectors]]\nname = "EventConnector"\n'
    assert text == HEAD + "\n# Step 5: connectors\n" + second + first + "\n# Nothing follows\n"


def test_a_new_record_is_the_last_of_its_table() -> None:
    record = {"tags": ["3PL"], "url": "https://x.example", "name": "New", "zz": 1}
    text = after(CONNECTORS, Insert(("connectors",), 2, record))
    new = '\n[[connectors]]\nname = "New"\nurl = "https://x.example"\ntags = ["3PL"]\nzz = 1\n'
    assert text == CONNECTORS.replace("\n# Nothing", new + "\n# Nothing")


def test_headings_of_steps_stay_above_the_first_record() -> None:
    text = HEAD + '\n# Step 5: connectors\n[[connectors]]\nname = "a"\n\n[[connectors]]\nname = "b"\n'
    moved = after(text, Move(("connectors",), 1, 0))
    assert moved == HEAD + '\n# Step 5: connectors\n[[connectors]]\nname = "b"\n\n[[connectors]]\nname = "a"\n'
    fresh = after(text, Insert(("connectors",), 0, {"name": "c"}))
    assert fresh == text.replace("[[connectors]]\n", '[[connectors]]\nname = "c"\n\n[[connectors]]\n', 1)
    gone = after(text, remove(text, ("connectors",), 0))
    assert gone == HEAD + '\n# Step 5: connectors\n\n[[connectors]]\nname = "b"\n'


def test_a_new_table_is_at_its_place_in_the_file() -> None:
    text = HEAD + '\n[[roles]]\ncode = "r"\n\n# the end\n\n[[waivers]]\ncheck = "S1-01"\n'
    new = after(text, Insert(("connectors",), 0, {"name": "c"}))
    assert new == text.replace('code = "r"\n', 'code = "r"\n\n[[connectors]]\nname = "c"\n')
    new = after(text, Set(("pod", "url"), MISSING, "https://x.example"))
    assert new == text.replace("\n[[roles]]", '\n[pod]\nurl = "https://x.example"\n\n[[roles]]')


def test_how_new_records_are_written() -> None:
    operations = [
        Insert(
            ("task_types",),
            0,
            {
                "statuses": [{"display": "Picked", "internal": "PICKED", "complete": True}],
                "tasks": [{"name": "Pick", "code": "P"}, {"name": "Pack", "code": "Q"}],
                "name": "Pick_From_Ravi",
            },
        ),
        Insert(("orchestration_processes",), 0, {"steps": [{"number": 100, "wait": True}], "name": "P"}),
        Insert(
            ("routing_rules",),
            0,
            {
                "name": "R",
                "otherwise": [{"when": {"any": [{"attribute": "Item"}]}, "then": [{"action": "a"}]}, {"action": "b"}],
                "when": {"all": [{"attribute": "Item", "entity": "Order Line"}, {"not": {"attribute": "x"}}]},
                "then": [{"value": "C", "action": "Set Connector Name"}],
            },
        ),
        Insert(("jeopardy", "thresholds"), 0, {"code": "T", "scores": [{"score": 1}, {"score": 2}]}),
    ]
    assert after(HEAD, *operations) == HEAD + (
        """
[[task_types]]
name = "Pick_From_Ravi"
tasks = [
    { code = "P", name = "Pick" },
    { code = "Q", name = "Pack" },
]
statuses = [{ internal = "PICKED", display = "Picked", complete = true }]

[[orchestration_processes]]
name = "P"

[[orchestration_processes.steps]]
number = 100
wait = true

[[routing_rules]]
name = "R"

[routing_rules.when]
all = [
    { entity = "Order Line", attribute = "Item" },
    { not = { attribute = "x" } },
]

[[routing_rules.then]]
action = "Set Connector Name"
value = "C"

[[routing_rules.otherwise]]

[routing_rules.otherwise.when]
any = [{ attribute = "Item" }]

[[routing_rules.otherwise.then]]
action = "a"

[[routing_rules.otherwise]]
action = "b"

[[jeopardy.thresholds]]
code = "T"
scores = [
    { score = 1 },
    { score = 2 },
]
"""
    )


PROCESS = (
    HEAD
    + """
[[orchestration_processes]]
name = "A"

[[orchestration_processes.steps]]
number = 100

# the second
[[orchestration_processes.steps]]
number = 200

[[orchestration_processes]]
name = "B"

[[source_systems]]
code = "S"
"""
)


def test_steps_follow_their_process() -> None:
    text = after(PROCESS, Insert(("orchestration_processes", 1, "steps"), 0, {"number": 100}))
    new = "\n[[orchestration_processes.steps]]\nnumber = 100\n"
    assert text == PROCESS.replace('name = "B"\n', f'name = "B"\n{new}')
    text = after(PROCESS, Insert(("orchestration_processes", 0, "steps"), 1, {"number": 150}))
    assert text == PROCESS.replace("\n# the second", new.replace("100", "150") + "\n# the second")
    text = after(PROCESS, Move(("orchestration_processes",), 1, 0))
    assert text.index('name = "B"') < text.index('name = "A"') < text.index("# the second") < text.index("source_s")
    text = after(PROCESS, remove(PROCESS, ("orchestration_processes",), 0))
    assert text == HEAD + PROCESS[PROCESS.index('\n[[orchestration_processes]]\nname = "B"') :]


ARRAYS = (
    HEAD
    + """
[[integration_users]]
user_name = "u"
privileges = [  # of the text
    "one",  # the first
    # the second is
    "two",

    # and more
]
roles = ["a", 'b']

[[task_types]]
name = "T"
services = [{ code = "Create",   name = "C" }]
statuses = [
    { internal = "A" },  # ends it
    { internal = "B", display = 'b' }
]
"""
)


@pytest.mark.parametrize(
    ("operation", "old", "new"),
    [
        (
            Insert(("integration_users", 0, "privileges"), 2, "three"),
            '"two",\n',
            '"two",\n    "three",\n',
        ),
        (
            Insert(("integration_users", 0, "privileges"), 1, "three"),
            "    # the second",
            '    "three",\n    # the second',
        ),
        (
            Insert(("integration_users", 0, "privileges"), 0, "three"),
            '    "one"',
            '    "three",\n    "one"',
        ),
        (Remove(("integration_users", 0, "privileges"), 0, "one"), '    "one",  # the first\n', ""),
        (Remove(("integration_users", 0, "privileges"), 1, "two"), '    # the second is\n    "two",\n', ""),
        (Set(("integration_users", 0, "privileges", 0), "one", "1"), '"one",', '"1",'),
        (Set(("integration_users", 0, "privileges"), ["one", "two"], ["two"]), '    "one",  # the first\n', ""),
        (
            Set(("integration_users", 0, "privileges"), ["one", "two"], ["one", "2", "3"]),
            '    "two",\n',
            '    "2",\n    "3",\n',
        ),
        (Insert(("integration_users", 0, "roles"), 2, "c"), "'b']", "'b', \"c\"]"),
        (Insert(("integration_users", 0, "roles"), 0, "c"), '["a", ', '["c", "a", '),
        (Remove(("integration_users", 0, "roles"), 0, "a"), "[\"a\", 'b']", "['b']"),
        (Remove(("integration_users", 0, "roles"), 1, "b"), "[\"a\", 'b']", '["a"]'),
        (Move(("integration_users", 0, "roles"), 0, 1), "[\"a\", 'b']", "['b', \"a\"]"),
        (Set(("task_types", 0, "services", 0, "name"), "C", "D"), 'name = "C" }', 'name = "D" }'),
        (Set(("task_types", 0, "services", 0, "name"), "C", MISSING), ',   name = "C"', ""),
        (
            Set(("task_types", 0, "services", 0, "operation"), MISSING, "Create"),
            'name = "C" }',
            'name = "C", operation = "Create" }',
        ),
        (Remove(("task_types", 0, "statuses"), 0, {"internal": "A"}), '    { internal = "A" },  # ends it\n', ""),
        (
            Insert(("task_types", 0, "statuses"), 2, {"display": "c", "internal": "C"}),
            "'b' }\n",
            '\'b\' },\n    { internal = "C", display = "c" }\n',
        ),
        (
            Move(("task_types", 0, "statuses"), 0, 1),
            '    { internal = "A" },  # ends it\n    { internal = "B", display = \'b\' }\n',
            '    { internal = "B", display = \'b\' },\n    { internal = "A" }  # ends it\n',
        ),
    ],
)
def test_arrays_keep_their_layout_and_comments(operation: Operation, old: str, new: str) -> None:
    assert old in ARRAYS
    assert after(ARRAYS, operation) == ARRAYS.replace(old, new)


def test_an_array_that_gets_too_long_gets_a_line_for_each_element() -> None:
    names = [f"Manage Orchestration {name} Web Service" for name in ("Generic", "Fulfillment")]
    operations = [Insert(("integration_users", 0, "roles"), 2 + number, name) for number, name in enumerate(names)]
    lines = "".join(f"    {name},\n" for name in ('"a"', "'b'", *(f'"{name}"' for name in names)))
    assert after(ARRAYS, *operations) == ARRAYS.replace("[\"a\", 'b']", f"[\n{lines}]")


def test_trees_of_conditions_change_where_they_differ() -> None:
    text = (
        HEAD
        + """
[[routing_rules]]
name = "R"
[routing_rules.when]  # both
all = [
    { entity = "Order Line", attribute = "Item", operator = "=", value = "A" },  # the item
    { entity = "Order Line", attribute = "Item", operator = "=", value = "B" },  # other
]
"""
    )
    when: Any = value_at(opened(text).data, ("routing_rules", 0, "when"))
    other = {"all": [{**when["all"][0], "value": "C"}, {"any": [when["all"][1], when["all"][0]]}]}
    new = """    { any = [
        { entity = "Order Line", attribute = "Item", operator = "=", value = "B" },
        { entity = "Order Line", attribute = "Item", operator = "=", value = "A" },
    ] },  # other
"""
    old = '    { entity = "Order Line", attribute = "Item", operator = "=", value = "B" },  # other\n'
    expected = text.replace('"A"', '"C"', 1).replace(old, new)
    assert after(text, Set(("routing_rules", 0, "when"), when, other)) == expected


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_mark_line_breaks_and_a_missing_last_one_stay(mark: bytes, newline: str, last: bool) -> None:
    text = CONNECTORS.replace("\n", newline)
    content = mark + (text if last else text.removesuffix(newline)).encode()
    document = opened(content)
    assert document.to_bytes() == content
    operations = [
        Set(("pod", "url"), MISSING, "x"),
        Set(("connectors", 1, "note"), MISSING, "two\nlines"),
        Insert(("connectors",), 2, {"name": "c", "tags": ["x" * 60, "y" * 60]}),
        remove(CONNECTORS, ("connectors",), 0),
    ]
    before = document.text()
    done = [document.perform(operation) for operation in operations]
    splice = between(before, document.text())
    written = document.to_bytes()
    assert isinstance(written, bytes)
    assert written.startswith(mark + b"schema")
    assert written.endswith(newline.encode()) is last
    assert written.count(b"\n") == written.count(newline.encode())
    assert b"\r" not in written or newline == "\r\n"
    document = opened(written)
    assert document.replay(splice.inverse(), [inverse(operation) for operation in reversed(done)])
    assert document.to_bytes() == content


def test_the_first_record_without_a_last_line_break() -> None:
    document = opened(HEAD.removesuffix("\n"))
    document.perform(Insert(("roles",), 0, {"code": "r"}))
    assert document.to_bytes() == HEAD.encode() + b'\n[[roles]]\ncode = "r"'


@given(text=st.text(), style=st.sampled_from(['"old"', "'old'", '"""\nold"""', "'''old'''"]))
def test_any_text_reads_back_as_it_was(text: str, style: str) -> None:
    source = (
        HEAD
        + f'\n[[connectors]]\nname = {style}\ntags = ["a", {style}]\n\n[[task_types]]\ntasks = [{{ code = {style} }}]\n'
    )
    document = opened(source)
    for path in (("connectors", 0, "name"), ("connectors", 0, "tags", 1), ("task_types", 0, "tasks", 0, "code")):
        document.perform(Set(path, "old", text))
    document.perform(Set(("profile", "title"), MISSING, text))
    document.perform(Insert(("roles",), 0, {"code": text, text: {text: [text]}}))
    written = document.to_bytes()
    assert isinstance(written, bytes)
    read = tomllib.loads(written.decode())
    assert same(read, document.data)
    assert read["connectors"][0] == {"name": text, "tags": ["a", text]}


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\ud83d\ud83d"])
def test_half_a_character_is_refused_and_named(text: str) -> None:
    document = opened(CONNECTORS)
    done = document.perform(Set(("connectors", 1, "note"), MISSING, text))
    refused = document.to_bytes()
    assert isinstance(refused, Problem)
    assert "connectors[EventConnector].note" in refused.message
    refused.message.encode()
    document.perform(inverse(done))
    assert document.to_bytes() == CONNECTORS.encode()


def test_a_text_that_would_hide_something_is_written_escaped() -> None:
    text = after(HEAD, Set(("profile", "title"), MISSING, "a\u202eb\ufeff\x9b\u2028"))
    assert r'title = "a\u202Eb\uFEFF\u009B\u2028"' in text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1.50"), "1.50"),
        (Decimal(5), "5.0"),
        (0.1, "0.1"),
        (Decimal("Infinity"), "inf"),
        (Decimal("-Infinity"), "-inf"),
        (Decimal("NaN"), "nan"),
        (True, "true"),
        (10**30, str(10**30)),
        ([], "[]"),
        (["a", 1], '["a", 1]'),
    ],
)
def test_how_values_are_written(value: object, written: str) -> None:
    assert f"\nx = {written}\n" in after(HEAD, Set(("profile", "x"), MISSING, value))


def test_dotted_keys_and_inline_tables_stay_what_they_are() -> None:
    text = 'schema = 1\npod.url = "a"\npod.release = "25D"\nprofile = { name = "v", environment = "test" }\n'
    operations = [
        Set(("pod", "url"), "a", "b"),
        Set(("pod", "user_name"), MISSING, "u"),
        Set(("profile", "title"), MISSING, "T"),
        Set(("profile", "name"), "v", "w"),
    ]
    assert after(text, *operations) == (
        'schema = 1\npod.url = "b"\npod.release = "25D"\npod.user_name = "u"\n'
        'profile = { name = "w", title = "T", environment = "test" }\n'
    )


def test_tables_out_of_order_are_left_where_they_are() -> None:
    text = (
        'schema = 1\n\n[[connectors]]\nname = "a"\n\n[profile]\nname = "v"\nenvironment = "test"\n\n'
        '[[connectors]]\nname = "b"\n\n[[topology.endpoints]]\nname = "e"\n\n[[roles]]\ncode = "r"\n\n[topology]\n'
    )
    new = '\n[[connectors]]\nname = "c"\n'
    assert after(text, Insert(("connectors",), 2, {"name": "c"})) == text.replace(
        "\n[[topology.endpoints]]", f"{new}\n[[topology.endpoints]]"
    )
    assert after(text, Insert(("connectors",), 1, {"name": "c"})) == text.replace("\n[profile]", f"{new}\n[profile]")


def test_an_implicit_table_that_loses_its_last_table_goes_or_stays_as_the_data_says() -> None:
    text = HEAD + '\n[[jeopardy.priorities]]\nname = "HIGH"\n'
    assert after(text, remove(text, ("jeopardy", "priorities"), 0)) == HEAD
    kept = Set(("jeopardy", "priorities"), [{"name": "HIGH"}], MISSING)
    assert after(text, kept) == HEAD + "\n[jeopardy]\n"


def test_an_empty_list_becomes_headers_and_keeps_its_comment() -> None:
    text = HEAD.replace("\n\n", "\nroles = []  # none yet\n\n")
    new = after(text, Insert(("roles",), 0, {"code": "r"}))
    assert new == HEAD.replace("\n\n", "\n# none yet\n\n") + '\n[[roles]]\ncode = "r"\n'


def test_what_was_not_changed_is_given_back_as_it_was() -> None:
    content = CONNECTORS.encode()
    document = opened(content)
    assert document.to_bytes() is content
    assert document.line(("connectors", 0, "url")) == 13
    assert document.to_bytes() is content


def test_an_operation_that_does_not_fit_changes_nothing() -> None:
    document = opened(CONNECTORS)
    with pytest.raises(ValueError, match="not what"):
        document.perform(Set(("connectors", 0, "name"), "other", "x"))
    assert document.to_bytes() == CONNECTORS.encode()


def test_a_splice_that_does_not_fit_any_more_changes_nothing() -> None:
    document = opened(CONNECTORS)
    before = document.text()
    done = document.perform(remove(CONNECTORS, ("connectors",), 0))
    splice = between(before, document.text())
    for other in (CONNECTORS, CONNECTORS.replace("Nothing", "Something")):
        there = opened(other)
        assert not there.replay(splice.inverse(), [inverse(done)])
        assert there.to_bytes() == other.encode()
    assert not document.replay(splice.inverse(), [inverse(done), Set(("pod", "url"), "other", "x")])
    assert same(document.data, opened(document.text()).data)
    forged = replace(splice, before=splice.before.replace("Connector01", "Forged01234"))
    assert not document.replay(forged.inverse(), [inverse(done)])
    assert document.replay(splice.inverse(), [inverse(done)])
    assert document.to_bytes() == CONNECTORS.encode()


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"\xff", 1, 1),
        (b"schema = 1\nx = '\xe9'\n", 2, 6),
        (b"\xef\xbb\xbfschema = 1\n\xc3", 2, 1),
        (b"schema = 1\nx = \n", 2, 5),
        (b"schema = 1\n\0", 2, 1),
        (b"\xff\xfes\0c\0", 1, 1),
    ],
)
def test_what_is_no_profile_is_reported_with_its_line(content: bytes, line: int, column: int) -> None:
    faults = Document.from_bytes(content)
    assert isinstance(faults, list)
    assert (faults[0].line, faults[0].column) == (line, column)


def test_other_files_bring_their_own_rules() -> None:
    content = b'schema = 1\n\n[[done]]\nplace = "4.1"\n'
    assert isinstance(Document.from_bytes(content), list)
    document = Document.from_bytes(content, lambda _: [])
    assert isinstance(document, Document)
    document.perform(Insert(("done",), 1, {"place": "5", "by": "A"}))
    assert document.to_bytes() == content + b'\n[[done]]\nplace = "5"\nby = "A"\n'
