"""Changes made again on a file that somebody else changed meanwhile."""

from random import Random
from typing import Any

import pytest

from omtui.store.change import MISSING, Insert, Move, Operation, Remove, Set, copied, fits, same
from omtui.store.document import Document
from omtui.store.rebase import reapply
from tests.store.laws import law
from tests.store.profiles import Maker

BASE = """schema = 1

[profile]
name = "a"
environment = "test"

# the first
[[connectors]]
name = "A"
url = "https://a.example"

[[connectors]]
name = "B"

[[connectors]]
name = "C"

[[integration_users]]
user_name = "u"
roles = ["one", "two"]
"""

THEIRS = BASE.replace("# the first\n", '[[connectors]]\nname = "Z"\n\n# theirs\n').replace('"two"', '"two", "three"')


def opened(text: str) -> Document:
    document = Document.from_bytes(text.encode())
    assert isinstance(document, Document)
    return document


def made_again(*operations: Operation, theirs: str = THEIRS) -> tuple[str, list[str]]:
    """Their text with the operations, and what was lost."""
    onto = opened(theirs)
    rebased = reapply(opened(BASE), operations, onto)
    content = onto.to_bytes()
    assert isinstance(content, bytes)
    return content.decode(), [str(lost) for lost in rebased.lost]


def test_fields_are_found_by_key() -> None:
    text, lost = made_again(Set(("connectors", 0, "url"), "https://a.example", "https://b.example"))
    assert text == THEIRS.replace("//a.", "//b.")
    assert lost == []


def test_later_operations_see_the_earlier_ones() -> None:
    text, lost = made_again(
        Set(("connectors", 0, "name"), "A", "Renamed"),
        Set(("connectors", 0, "note"), MISSING, "x"),
        Remove(("connectors",), 1, {"name": "B"}),
        Insert(("connectors",), 2, {"name": "D"}),
        Set(("connectors", 2, "note"), MISSING, "of D"),
        Move(("connectors",), 2, 1),
    )
    assert lost == []
    names: Any = opened(text).data["connectors"]
    assert [record["name"] for record in names] == ["Z", "Renamed", "D", "C"]
    assert names[2] == {"name": "D", "note": "of D"}


def test_what_both_changed_is_reported() -> None:
    theirs = BASE.replace("https://a.example", "https://theirs.example").replace('"B"', '"B"\nnote = "theirs"')
    text, lost = made_again(
        Set(("connectors", 0, "url"), "https://a.example", "https://mine.example"),
        Remove(("connectors",), 1, {"name": "B"}),
        Set(("connectors", 1, "note"), MISSING, "C is still found"),
        theirs=theirs,
    )
    assert text == theirs.replace('"C"', '"C"\nnote = "C is still found"')
    assert lost == [
        "connectors[A].url: it was changed there too",
        "connectors[B]: it was changed there too",
    ]


def test_what_both_did_alike_is_no_conflict() -> None:
    theirs = BASE.replace("//a.", "//b.").replace('\n[[connectors]]\nname = "B"\n', "")
    theirs = theirs.replace('name = "C"\n', 'name = "C"\n\n[[connectors]]\nname = "D"\n')
    text, lost = made_again(
        Set(("connectors", 0, "url"), "https://a.example", "https://b.example"),
        Remove(("connectors",), 1, {"name": "B"}),
        Insert(("connectors",), 2, {"name": "D"}),
        theirs=theirs,
    )
    assert text == theirs
    assert lost == []


def test_a_record_that_both_added_differently_is_reported() -> None:
    theirs = BASE.replace('name = "C"\n', 'name = "C"\n\n[[connectors]]\nname = "D"\nnote = "x"\n')
    text, lost = made_again(Insert(("connectors",), 3, {"name": "D"}), theirs=theirs)
    assert text == theirs
    assert lost == ["connectors: a record with this key was added there too"]


def test_what_is_gone_is_reported() -> None:
    theirs = BASE.replace('\n# the first\n[[connectors]]\nname = "A"\nurl = "https://a.example"\n', "")
    text, lost = made_again(
        Set(("connectors", 0, "url"), "https://a.example", "x"), Move(("connectors",), 0, 2), theirs=theirs
    )
    assert text == theirs
    assert lost == [
        "connectors[A].url: it is not there any more",
        "connectors[A]: it is not there any more",
    ]


def test_lists_of_plain_values_are_merged() -> None:
    text, lost = made_again(Set(("integration_users", 0, "roles"), ["one", "two"], ["two", "four"]))
    assert text == THEIRS.replace('["one", "two", "three"]', '["two", "three", "four"]')
    assert lost == []


@law(150)
def test_on_the_same_state_everything_is_made_again(seed: int) -> None:
    maker = Maker(Random(seed))
    text = maker.text(maker.profile()).encode()
    documents = [Document.from_bytes(text, lambda _: []) for _ in range(3)]
    mine, base, onto = (document for document in documents if isinstance(document, Document))
    operations = []
    for _ in range(5):
        operation = maker.operation(mine.data)
        if operation is not None and fits(mine.data, operation):
            operations.append(mine.perform(operation))
    rebased = reapply(base, operations, onto)
    if not rebased.lost:
        assert same(onto.data, mine.data)
        assert onto.to_bytes() == mine.to_bytes()
    # Only what has no key of its own (or one that is there twice) may not be found again.
    assert same(base.data, mine.data)
    onto_again = Document.from_bytes(text, lambda _: [])
    assert isinstance(onto_again, Document)
    for done in rebased.performed:
        onto_again.perform(done)
    assert same(onto_again.data, onto.data)


@law(100)
def test_on_another_state_nothing_breaks(seed: int) -> None:
    maker = Maker(Random(seed))
    text = maker.text(maker.profile()).encode()
    documents = [Document.from_bytes(text, lambda _: []) for _ in range(3)]
    mine, base, theirs = (document for document in documents if isinstance(document, Document))
    operations = []
    for document, kept in ((mine, operations), (theirs, [])):
        for _ in range(4):
            operation = maker.operation(document.data)
            if operation is not None and fits(document.data, operation):
                kept.append(document.perform(operation))
    before = copied(theirs.data)
    rebased = reapply(base, operations, theirs)
    assert isinstance(theirs.to_bytes(), bytes)
    if not rebased.performed:
        assert same(theirs.data, before)


@pytest.mark.parametrize("seed", [8622, 37002])
def test_seeds_that_once_failed(seed: int) -> None:
    test_on_another_state_nothing_breaks.hypothesis.inner_test(seed)  # type: ignore[attr-defined]
