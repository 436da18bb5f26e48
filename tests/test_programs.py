"""What a machine lacks is said in one line, and CI installs it."""

import re

import pytest

from tests.programs import PACKAGES, left_out, require
from tests.terminal.terminal import ROOT


def test_ci_installs_every_package() -> None:
    listed = re.findall(r"^([a-z0-9.+-]+) +#", (ROOT / ".ci/packages").read_text(), re.MULTILINE)
    assert listed == sorted(set(PACKAGES.values()))


def test_every_program_that_a_test_asks_for_has_its_package() -> None:
    asked = {
        name
        for file in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"\brequire\(\"([^\"]+)\"\)", file.read_text())
    }
    assert asked == set(PACKAGES)


def test_one_line_says_what_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    reasons = ["only root can give a file away"]
    for program in ("age", "fish", "age-keygen"):
        with pytest.raises(pytest.skip.Exception) as skipped:
            require(program)
        reasons.append(f"Skipped: {skipped.value}")
    assert left_out(reasons) == (
        "3 tests were left out; on Debian these packages bring what they need: apt-get install age fish"
    )
    assert left_out(reasons[:1]) == ""


def test_in_ci_a_missing_program_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("CI", "1")
    with pytest.raises(pytest.fail.Exception, match="has to install age"):
        require("age")
