"""`omtui check --fix`, `omtui set` of a whole rule, `omtui help` and `omtui keys`, and what is suggested."""

import json
from pathlib import Path

import pytest

from tests.commands.conftest import Command

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "profiles"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A copy of the article's set-up, its mistakes included."""
    copy = tmp_path / "source-text.toml"
    copy.write_bytes((SAMPLES / "source-text.toml").read_bytes())
    return copy


def test_a_fix_is_one_change_with_its_reason_and_undo_restores_every_byte(omtui: Command, file: Path) -> None:
    before = file.read_bytes()
    assert omtui("check", str(file), "--fix", "S8-13", "--dry-run").code == 0
    assert file.read_bytes() == before
    answer = omtui("check", str(file), "--fix", "S8-13,S8-01", "--reason", "typing errors", "--json")
    assert (answer.code, json.loads(answer.out)["changed"]) == (0, True)
    assert "typing errors" in omtui("log", str(file)).out
    assert omtui("check", str(file), "--fix", "S8-13").code == 2
    assert omtui("undo", str(file)).code == 0
    assert file.read_bytes() == before


def test_what_cannot_be_fixed_ends_as_the_contract_says(omtui: Command, file: Path) -> None:
    assert omtui("check", str(file), "--fix", "safe").code == 0
    assert omtui("check", str(file), "--fix", "S5-99").code == 2
    assert omtui("check", str(file), "--fix", "P0-07").code == 3
    assert omtui("check", str(file), "--dry-run").code == 2
    production = file.with_name("vision-prod.toml")
    production.write_bytes((SAMPLES / "vision-prod.toml").read_bytes())
    assert omtui("check", str(production), "--fix", "safe").code == 3
    assert omtui("check", str(production), "--fix", "safe", "--unlock", "vision-prod").code == 0


def test_a_rule_is_set_in_one_line_and_its_findings_are_shown(omtui: Command, file: Path) -> None:
    place = "routing_rules[Route Invoice Request 01]"
    answer = omtui("set", str(file), place, "Item = CM5008 and Task Type = Invoice -> Connector1")
    assert answer.code == 0
    assert "error S7-01" in answer.err
    wrong = omtui("set", str(file), place, "Item CM5008 -> Connector01")
    assert (wrong.code, "column 13: an operator was expected" in wrong.err) == (2, True)


def test_help_and_keys_are_commands(omtui: Command) -> None:
    assert omtui("help", "check").out == omtui("check", "--help").out
    for topic in ("git", "passwords", "offline", "ssh", "keys"):
        assert omtui("help", topic).out == (ROOT / "omtui" / "help" / f"{topic}.md").read_text()
    assert "did you mean check?" in omtui("help", "chek").err
    assert "Rule in one line" in omtui("keys").out
    assert "| `ctrl+s` | Save |" in omtui("keys", "--markdown").out


def test_what_is_misspelt_is_suggested_once(omtui: Command, file: Path) -> None:
    for words in (["chek", "source-text"], ["--library", str(file.parent), "chek", "source-text"]):
        answer = omtui(*words)
        assert (answer.code, answer.err.count("did you mean check?")) == (2, 1)
    answer = omtui("--library", str(file.parent), "check", "source-tex")
    assert (answer.code, answer.out, answer.err.count("there is no profile")) == (2, "", 1)


def test_check_ends_with_its_summary(omtui: Command, file: Path) -> None:
    lines = omtui("check", str(file)).out.splitlines()
    assert lines[-1].startswith("source-text: 17 errors")
