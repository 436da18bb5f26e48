"""A set-up is walked through in a terminal while a colleague ticks next to it; a refresh begins it again."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.terminal import Terminal
from tests.terminal.terminal import ROOT, environment, resolved


def test_a_walk_through_with_two_people_and_a_refresh(open_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    library = tmp_path / "profiles"
    shutil.copytree(ROOT / "profiles", library)
    progress = library / "vision-test.progress.toml"

    def omtui(*words: str) -> subprocess.CompletedProcess[str]:
        home = environment(tmp_path / "home", {"TZ": "UTC"})
        words = resolved(("omtui", *words))
        return subprocess.run(words, env=home, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    def places() -> set[str]:
        return {each["place"] for each in tomllib.loads(progress.read_text()).get("done", [])}

    screen = open_terminal("omtui", "vision-test", size=(120, 40), env={"TZ": "UTC"})
    screen.wait_for("Manage Task Types")
    screen.press("g", "5", "W")
    screen.wait_for("Connector Connector01")
    screen.press("Y", "Y")
    screen.wait_for("sent to your terminal: Connector01")
    assert screen.clipboard == ["CSS01", "Connector01"]
    screen.press("space")
    screen.wait_for(re.compile("ticked by .* on 20"))
    assert places() == {"connectors[Connector01]"}

    assert omtui("tick", "vision-test", "connectors[Connector3PL]", "0", "--by", "B. Buddy").returncode == 0
    screen.press("right")
    screen.wait_for("ticked by B. Buddy")
    screen.wait_for("9 of 39")
    screen.press("g", "o")
    screen.wait_for("2 of 4")
    screen.press("ctrl+q")
    assert screen.wait_for_exit() == 0
    assert "9 of 39" in omtui("list").stdout

    noted = omtui("refreshed", "vision-test", "--from", "vision-prod", "--on", datetime.now(UTC).date().isoformat())
    assert noted.returncode == 0, noted.stderr
    assert {each.partition("[")[0] for each in places()} == {"roles"}, "what step 0 is about and was not overwritten"
    document = omtui("runbook", "vision-test", "--after-refresh").stdout
    assert document.index("### [ ] Connector Connector01") < document.index("### [ ] Integration user"), "harm first"
    found = omtui("check", "vision-test")
    assert (found.returncode, "P0-11" in found.stdout) == (1, True)
    assert omtui("tick", "vision-test", "0", "5", "6", "7", "8", "9").returncode == 0
    assert omtui("check", "vision-test").returncode == 0
    again = omtui("runbook", "vision-test", "--after-refresh").stdout
    assert not any(title.startswith("Connector ") for title in re.findall(r"^### \[ \] (.*)$", again, re.MULTILINE))
