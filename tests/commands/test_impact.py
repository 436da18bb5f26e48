"""The command impact: releases by default and by option, several profiles, JSON, documents, exit codes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Answer

Omtui = Callable[..., Answer]

HEAD = 'schema = 1\n\n[profile]\nname = "{0}"\nenvironment = "test"\n'
JEOPARDY = """
[[trigger_points]]
name = "Jeopardy"
active = true
connectors = []
details = [{ value = "HIGH", raise_event = true }]
"""


@pytest.fixture
def write(library: Path) -> Callable[..., None]:
    def written(name: str, pod: str = 'release = "25D"\n', more: str = JEOPARDY) -> None:
        (library / f"{name}.toml").write_text(f"{HEAD.format(name)}\n[pod]\n{pod}{more}")

    return written


def document(result: Answer) -> dict[str, Any]:
    found: dict[str, Any] = result.document
    return found


def about(found: dict[str, Any], check: str) -> dict[str, Any]:
    change: dict[str, Any] = next(each for each in found["changes"] if each["id"] == check)
    return change


def test_a_json_document_and_the_exit_code(omtui: Omtui, write: Callable[..., None]) -> None:
    write("a")
    result = omtui("impact", "a", "--to", "26D", "--json")
    found = document(result)
    assert result.code == 1
    assert (found["profile"], found["from"], found["to"]) == ("a", "25D", "26D")
    change = about(found, "S8-06")
    assert (change["kind"], change["level"], change["was"], change["release"]) == ("worsens", "error", "info", "26C")
    assert (change["where"], change["when"]) == ("trigger_points[Jeopardy].active", "before")
    assert "docs.oracle.com" in change["source"]
    assert change["message"]
    assert change["fix"]
    assert found["counts"]["worsens"] >= 1


def test_nothing_to_do_ends_with_0(omtui: Omtui, write: Callable[..., None]) -> None:
    write("a", 'release = "26C"\nconnector_association = "shown"\n', "")
    for words in (("--to", "26D"), ("--to", "26C"), ("--from", "26D", "--to", "26d")):
        assert omtui("impact", "a", *words).code == 0, words


@pytest.mark.parametrize(
    ("pod", "words", "start", "to"),
    [
        ('release = "25D"\n', (), "25D", "26A"),
        ('release = "25C"\n', (), "25C", "25D"),
        ('release = "25D"\nnext_release = "26D"\nnext_update = 2027-02-06\n', (), "25D", "26D"),
        ('release = "25D"\nnext_release = "26D"\n', ("--from", "26A"), "26A", "26B"),
        ('release = "25D"\nnext_release = "26D"\n', ("--to", "26B"), "25D", "26B"),
        ("", ("--from", "26B"), "26B", "26C"),
        ("", ("--from", "26b", "--to", "26d"), "26B", "26D"),
    ],
)
def test_the_releases_by_default(
    omtui: Omtui, write: Callable[..., None], pod: str, words: tuple[str, ...], start: str, to: str
) -> None:
    write("a", pod)
    found = document(omtui("impact", "a", "--json", *words))
    assert (found["from"], found["to"]) == (start, to)
    assert found["next_update"] == ("2027-02-06" if "next_update" in pod else None)


@pytest.mark.parametrize(
    ("pod", "words", "says"),
    [
        ("", (), "is not noted"),
        ("", ("--to", "26D"), "is not noted"),
        ('release = "25D"\n', ("--to", "26E"), "26E is no release"),
        ('release = "25D"\n', ("--to", "2026D"), "is no release"),
        ('release = "25D"\n', ("--to", ""), "is no release"),
        ('release = "25D"\n', ("--from", "D", "--to", "26D"), "is no release"),
        ('release = "25D"\n', ("--to", "25C"), "25C is before 25D"),
        ('release = "x"\n', ("--to", "26D"), "is no release"),
        ('release = "25D"\nnext_release = "soon"\n', (), "next_release soon is no release"),
        ('release = "25D"\n', ("--to", "26D", "-o", "x.xlsx"), "Markdown or HTML"),
    ],
)
def test_what_makes_no_sense_ends_with_2(
    omtui: Omtui, write: Callable[..., None], pod: str, words: tuple[str, ...], says: str
) -> None:
    write("a", pod)
    result = omtui("impact", "a", *words)
    assert result.code == 2
    assert says in result.err
    assert result.out == ""


def test_a_release_that_is_not_known_yet_is_judged_with_a_note(omtui: Omtui, write: Callable[..., None]) -> None:
    write("a")
    result = omtui("impact", "a", "--to", "28B", "--json")
    assert result.code == 1
    assert "nothing newer than 26D is known" in result.err
    found = document(result)
    assert found["to"] == "28B"
    assert found["note"]
    assert about(found, "S8-06")["release"] == "26C"


def test_several_profiles(omtui: Omtui, write: Callable[..., None], tmp_path: Path) -> None:
    write("a")
    write("b", 'release = "26C"\nconnector_association = "shown"\n', "")
    result = omtui("impact", "a", "b", "--to", "26D", "--json")
    found = document(result)
    assert [each["profile"] for each in found["profiles"]] == ["a", "b"]
    assert found["counts"]["worsens"] == found["profiles"][0]["counts"]["worsens"]
    text = omtui("impact", "a", "b", "--to", "26D").out
    assert "a: 25D to 26D" in text
    assert "b: 26C to 26D: nothing changes" in text
    for name in ("x.md", "x.html"):
        file = tmp_path / name
        assert omtui("impact", "a", "b", "--to", "26D", "-o", str(file)).code == 1
        content = file.read_text().replace("<wbr>", "")
        assert "S8-06" in content
        assert "before the update" in content
