"""Comparing and merging as both fronts do it: any two profiles can be compared, any three be merged into a file."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.compare.difference import difference
from omtui.compare.three_way import merge
from omtui.service.comparing import State, compared, merge_documents, report
from omtui.setup.place import Data
from omtui.setup.reading import verify
from omtui.setup.values import toml, toml_key
from omtui.store.document import Document
from tests.compare.profiles import pairs, profiles, relatives

threes = profiles().flatmap(lambda base: st.tuples(st.just(base), relatives(base), relatives(base)))


def written(data: Data, *, headers: bool) -> str:
    """A profile as text: records under headers with a comment each, or everything in lists on one line."""
    lines = [f"{toml_key(name)} = {toml(value)}\n" for name, value in data.items() if not _has_headers(value, headers)]
    for name, value in data.items():
        if not _has_headers(value, headers):
            continue
        records = value if isinstance(value, list) else [value]
        for record in records:
            assert isinstance(record, dict)
            head = f"[[{name}]]" if isinstance(value, list) else f"[{name}]"
            lines.append(f"\n# about {len(lines)}\n{head}\n")
            lines += [f"{toml_key(key)} = {toml(item)}\n" for key, item in record.items()]
    return "".join(lines)


def _has_headers(value: object, headers: bool) -> bool:
    is_records = isinstance(value, list) and value and all(isinstance(each, dict) for each in value)
    return headers and bool(is_records or isinstance(value, dict))


def opened(data: Data, *, headers: bool) -> Document | None:
    """The profile as a document; none for random data that is no profile."""
    document = Document.from_bytes(written(data, headers=headers).encode("utf-8", "replace"))
    return None if isinstance(document, list) else document


@given(pairs())
def test_any_two_can_be_compared_in_every_form(both: tuple[Data, Data]) -> None:
    first, second = both
    found = compared(State("a", first), State("b", second))
    reported = json.loads(report(found, ".json"))
    assert len(reported["changes"]) == len(found.difference.changes)
    assert {each["id"] for each in reported["findings"]} <= {"D-02", "D-03", "D-04", "D-05", "D-06"}
    assert report(found, ".md").startswith("**a → b: ")
    assert report(found, ".txt").startswith("a → b: ")
    assert compared(State("a", first), State("a", first)).concerns == ()


@pytest.fixture
def _without_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for each example would take long; tests/commands/test_merging.py has the real Git."""
    monkeypatch.setattr("omtui.service.working_copy.merge_texts", lambda *texts: None)


@pytest.mark.usefixtures("_without_git")
@given(threes, st.booleans())
def test_any_three_are_merged_into_a_file_that_can_be_read(three: tuple[Data, Data, Data], headers: bool) -> None:
    documents = [opened(data, headers=headers) for data in three]
    if any(document is None for document in documents):
        return
    base, ours, theirs = (document for document in documents if document is not None)
    expected = merge(base.data, deepcopy(ours.data), theirs.data)
    found = merge_documents(base, ours, theirs)
    assert not hasattr(found, "fix"), found
    content = found.content  # type: ignore[union-attr]
    read = Document.from_bytes(content)
    assert isinstance(read, Document), content
    assert not verify(read.data)
    assert not difference(read.data, expected.data, whole=True)
    assert content.count(b"# CONFLICT ") == len(expected.open)


@given(st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_ends_of_lines_and_byte_order_marks_stay(newline: str, mark: bool) -> None:
    text = 'schema = 1\n\n[profile]\nname = "a"\nenvironment = "test"\ntitle = "x"\n'.replace("\n", newline)
    encoding = "utf-8-sig" if mark else "utf-8"
    base, ours, theirs = (Document.from_bytes(text.replace('"x"', f'"{title}"').encode(encoding)) for title in "xyz")
    assert isinstance(base, Document)
    assert isinstance(ours, Document)
    assert isinstance(theirs, Document)
    found = merge_documents(base, ours, theirs)
    content = found.content  # type: ignore[union-attr]
    reported = f'# CONFLICT profile.title: ours: "y"; theirs: "z"; before: "x"{newline}title = "y"'
    assert content.decode(encoding) == text.replace('title = "x"', reported)
