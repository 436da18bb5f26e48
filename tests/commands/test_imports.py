"""What commands may import, and what they must not cost at the start."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import omtui
from tests.commands.conftest import PROFILE
from tests.terminal.terminal import environment

PACKAGE = Path(omtui.__file__).parent

HEAVY = ("textual", "rich", "pydantic", "httpx", "keyring", "cryptography", "dns", "openpyxl", "sqlite3", "tomlkit",
         "asyncio", "argparse", "ssl", "socket")  # fmt: skip


def imported_by(home: Path, *words: str) -> set[str]:
    """The modules that a command leaves imported."""
    code = "import sys; from omtui.cli import run; run(sys.argv[1:]); print(*sys.modules, sep='\\n', file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=environment(home, {}),
        cwd=home.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stderr.splitlines())


def test_only_the_workbench_and_its_key_sheet_know_the_workbench() -> None:
    found = []
    for path in (PACKAGE / "cli.py", *(PACKAGE / "commands").rglob("*.py")):
        tree = ast.parse(path.read_text())
        for function in ast.walk(tree):
            for node in ast.iter_child_nodes(function):
                modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                modules += [each.name for each in node.names] if isinstance(node, ast.Import) else []
                if any(each.startswith("omtui.workbench") for each in modules):
                    found.append((path.name, getattr(function, "name", "module")))
    assert set(found) == {("cli.py", "workbench"), ("cli.py", "keys")}


def test_the_version_imports_next_to_nothing(home: Path) -> None:
    ours = {name for name in imported_by(home, "--version") if name.startswith("omtui")}
    assert ours == {"omtui", "omtui.cli"}


def test_help_imports_no_set_up(home: Path) -> None:
    found = imported_by(home, "check", "--help")
    assert not {name for name in found if name.startswith(("omtui.setup", "omtui.store", "omtui.checks"))}


LOOKS = (
    ("--help",),
    ("check", "dev"),
    ("get", "dev", "pod.release"),
    ("show", "dev"),
    ("usages", "dev", "connectors[Connector01]"),
    ("schema",),
    ("explain", "S5-02"),
    ("completions", "bash", "--line=omtui get dev conn"),
)


@pytest.mark.parametrize("words", LOOKS, ids=lambda words: words[0])
def test_what_only_looks_imports_nothing_heavy(home: Path, library: Path, words: tuple[str, ...]) -> None:
    found = imported_by(home, *words)
    assert [name for name in HEAVY if name in found] == []


def test_what_changes_needs_the_journal_and_no_more(home: Path, library: Path) -> None:
    found = imported_by(home, "set", "dev", "pod.release", "26A")
    assert [name for name in HEAVY if name in found and name not in ("sqlite3", "socket")] == []
    assert (library / "dev.toml").read_text() != PROFILE
