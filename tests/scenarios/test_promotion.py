"""A release goes from development to test and to production: by command, and in the workbench."""

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from omtui.compare.translation import own_hosts
from omtui.setup.place import Data
from tests.compare.environments import hosts_in
from tests.terminal import Terminal
from tests.terminal.terminal import ROOT, environment, resolved

OWN_WORDS = "connectors[LabelConnector].description"


class Library:
    """The sample profiles in a library, and the program on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "profiles"
        shutil.copytree(ROOT / "profiles", self.folder)
        self.home = folder / "home"

    def run(self, *words: str, code: int = 0) -> str:
        """What a command prints on standard output."""
        done = subprocess.run(
            resolved(("omtui", *words)),
            cwd=self.folder.parent,
            env=environment(self.home, {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, (words, done)
        return done.stdout

    def json(self, *words: str, code: int = 0) -> Any:
        """The document that a command prints."""
        return json.loads(self.run(*words, "--json", code=code))

    def data(self, name: str) -> Data:
        return tomllib.loads((self.folder / f"{name}.toml").read_text(), parse_float=Decimal)

    def foreign_hosts(self, target: str, *sources: str) -> set[str]:
        """Hosts of sources that are anywhere in a target, comments apart."""
        return set(hosts_in(repr(self.data(target)))) & {
            host for each in sources for host in own_hosts(self.data(each))
        }


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def test_by_command(library: Library) -> None:
    library.run("promote", "vision-dev", "vision-test", "--plan", "release.json")
    plan = json.loads((library.folder.parent / "release.json").read_text())
    by_hand = [step["what"] for step in plan["plan"]["manual"]]
    assert by_hand == [
        "create connector LabelConnector",
        "enter the password of credential test-pick for connector LabelConnector on the page",
        "create task type Print_Labels",
        "change orchestration process Vision_Pick_Process: new steps, new status conditions",
        "release orchestration process Vision_Pick_Process, then deploy it",
        "create routing rule Route labels",
        "activate routing rule Route labels, then publish",
    ]
    applying = ("promote", "vision-dev", "vision-test", "--plan", "release.json", "--apply", "--reason", "release 7")
    library.run(*applying)
    library.run(*applying, code=3)  # stale by now: the target was changed
    assert not library.foreign_hosts("vision-test", "vision-dev")
    assert library.json("promote", "vision-dev", "vision-test")["changes"] == []

    library.run("set", "vision-test", OWN_WORDS, "as the testers call it")
    library.run("set", "vision-dev", "task_types[Print_Labels].description", "Labels, two a carton")
    library.run("set", "vision-dev", "connectors[LabelConnector].send_attachments", "true")
    later = library.json("promote", "vision-dev", "vision-test", "--apply", "--reason", "release 8")
    assert {change["where"] for change in later["changes"]} == {
        "task_types[Print_Labels].description",
        "connectors[LabelConnector].send_attachments",
    }
    assert library.run("get", "vision-test", OWN_WORDS) == "as the testers call it\n", "it survived"

    library.run("promote", "vision-test", "vision-prod", "--apply", code=3)
    live = library.json("promote", "vision-test", "vision-prod", "--apply", "--unlock", "vision-prod")
    assert live["plan"]["manual"]
    assert not library.foreign_hosts("vision-prod", "vision-test", "vision-dev")
    assert library.json("promote", "vision-test", "vision-prod")["changes"] == []
    reasons = [
        entry["reason"] for entry in library.json("log", "vision-test")["entries"] if "Promote" in entry["label"]
    ]
    assert reasons == ["release 7", "release 8"]
    for name in ("vision-test", "vision-prod"):
        assert library.data(name)["profile"] == tomllib.loads((ROOT / f"profiles/{name}.toml").read_text())["profile"]


def test_in_the_workbench(library: Library, open_terminal: Callable[..., Terminal]) -> None:
    (library.folder / "vision-test.map.toml").unlink()
    terminal = open_terminal("omtui", "--library", str(library.folder), "vision-dev", size=(100, 30))
    terminal.wait_for("Manage Task Types")
    terminal.press("P")
    terminal.type("vision-test")
    terminal.press("enter")
    terminal.wait_for("blocked by 9 findings")
    terminal.press("m")
    terminal.wait_for("1 to be filled in, 22 proposed")
    terminal.press("home", "enter")
    terminal.type("old-test.pick.example")
    terminal.press("enter", "ctrl+s")
    terminal.wait_for("saved vision-test.map.toml")
    terminal.press("escape")
    terminal.wait_for("4 added, 1 changed; 7 steps by hand")
    terminal.press("a")
    terminal.type("release 7")
    terminal.press("enter")
    terminal.wait_for("create connector LabelConnector")
    terminal.press("escape")
    terminal.wait_for("Nothing to do")
    assert not library.foreign_hosts("vision-test", "vision-dev")

    terminal.press("escape", "escape")
    terminal.wait_for("4 environments")
    terminal.wait_for(re.compile(r"vision-test.*UAT"))
    while "vision-test" not in _row_under_cursor(terminal):
        terminal.press("down")
    terminal.press("P")
    terminal.wait_for("follows vision-test")
    terminal.press("enter")
    terminal.wait_for("PRODUCTION")
    terminal.press("a")
    terminal.wait_for("U unlocks it")
    terminal.press("U")
    terminal.type("vision-prod")
    terminal.press("enter", "a")
    terminal.type("release 7 goes live")
    terminal.press("enter")
    terminal.wait_for("Now by hand, in this order")
    terminal.press("escape", "escape", "ctrl+q")
    assert terminal.wait_for_exit() == 0
    assert not library.foreign_hosts("vision-prod", "vision-test", "vision-dev")
    for source, target in (("vision-dev", "vision-test"), ("vision-test", "vision-prod")):
        assert library.json("promote", source, target)["changes"] == []
        entries = library.json("log", target)["entries"]
        assert [entry["reason"] for entry in entries][-1].startswith("release 7")


def _row_under_cursor(terminal: Terminal) -> str:
    lines = terminal.lines()
    return next((line for y, line in enumerate(lines[3:-4], 3) if terminal.cell(5, y).bg == "005f87"), "")
