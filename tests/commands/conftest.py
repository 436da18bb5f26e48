"""Commands in this process, where only what they do matters, and as real programs, where bytes and exits do."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from omtui.cli import run
from tests.terminal.terminal import ROOT, environment, resolved

PROFILE = """\
schema = 1

[profile]
name = "dev"
environment = "development"

[pod]
url = "https://fa-dev-test-saasfaprod1.fa.ocs.example"
release = "25D"

[[task_types]]
name = "Pick"
services = [
    { code = "Pick_Create", name = "Pick_Create", operation = "Create" },
    { code = "Pick_Inbound", name = "Pick_Inbound", operation = "Inbound" },
]
tasks = [{ code = "PICK", name = "Pick Carton" }]

[[source_systems]]
code = "CSS01"
name = "Pick system"
type = "Spoke"
enabled_for = ["Order Orchestration and Planning"]

# The pick system's own
[[connectors]]
name = "Connector01"  # named in the text
target_system = "CSS01"
url = "https://soa.pick.example:8002/process"
invocation_mode = "Asynchronous Service"
send_attachments = true
tags = ["3PL"]

[[connectors]]
name = "Connector02"
target_system = "CSS01"
url = "https://soa.pick.example:8002/other"
invocation_mode = "Synchronous Service"

[[topology.endpoints]]
name = "Printer"
host = "labels.pick.example"
port = 9100

[[routing_rules]]
name = "Route picks"
active = true

[routing_rules.when]
all = [
    { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Pick" },
    { entity = "Order Fulfill Line", attribute = "Ordered Quantity", operator = "is greater than", value = 10 },
]

[[routing_rules.then]]
action = "Set Connector Name"
value = "Connector01"

[[waivers]]
check = "S5-09"
where = "connectors[Connector01]"
reason = "agreed with the pick system"
"""


@dataclass(frozen=True)
class Answer:
    """What a command wrote and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Command = Callable[..., Answer]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of one's own, with nothing in it, and the working folder."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("OMTUI_", "XDG_", "SSH_", "COLUMNS", "NO_COLOR")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name, value in environment(home, {}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return home


@pytest.fixture
def library(home: Path, tmp_path: Path) -> Path:
    """`profiles/` in the working folder, with one small profile."""
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "dev.toml").write_text(PROFILE)
    return folder


@pytest.fixture
def samples(home: Path, tmp_path: Path) -> Path:
    """`profiles/` in the working folder, with the sample profiles."""
    folder = tmp_path / "profiles"
    shutil.copytree(ROOT / "profiles", folder)
    return folder


@pytest.fixture
def omtui(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Carries out a command in this process."""

    def command(*words: str) -> Answer:
        capsys.readouterr()
        code = run(list(words))
        out, err = capsys.readouterr()
        return Answer(code, out, err)

    return command


@pytest.fixture
def program(home: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs the real program."""

    def command(*words: str, stdin: bytes = b"", env: dict[str, str] | None = None, **options: Any) -> Any:
        options.setdefault("capture_output", True)
        return subprocess.run(
            resolved(("omtui", *words)),
            input=stdin,
            env={**environment(home, {}), **(env or {})},
            cwd=tmp_path,
            timeout=60,
            check=False,
            **options,
        )

    return command
