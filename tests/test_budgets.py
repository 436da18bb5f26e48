"""Every reader of bytes from elsewhere has a budget of memory and time, whatever the bytes are.

Each case runs in a process of its own, under a limit of its memory and of its processor time: what goes beyond is ended
by the system, so that no case holds the suite up.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.terminal import ROOT
from tests.thorough import THOROUGH

PEAK = 300
"""Megabytes of memory in use, at most."""

SECONDS = 8
"""Of processor time, at most, with the start of the program."""

HEAD = 'schema = 1\n\n[profile]\nname = "x"\nenvironment = "development"\n'
MAP = 'schema = 1\nsource = "vision-dev"\ntarget = "vision-test"\n'


def many(count: int) -> str:
    return HEAD + "".join(f'[[connectors]]\nname = "{number}"\n' for number in range(count))


def hand_over(profile: str) -> str:
    lines = profile.split("\n")
    return json.dumps(
        {"omtui_hand_over": 1, "version": "0.1.0", "profile": {"name": "x", "sha256": "0", "lines": lines}}
    )


CASES: dict[str, tuple[Callable[[], str | bytes], str]] = {
    # name: what is read, and by which command
    "a profile at its limit": (lambda: many(60_000), "show"),
    "a profile of many records": (lambda: many(400_000), "import"),
    "a profile of inline tables": (lambda: f"{HEAD}connectors = [{'{name=1},' * 900_000}]\n", "import"),
    "a profile of unknown keys": (lambda: HEAD + "".join(f"k{number}=1\n" for number in range(1_000_000)), "show"),
    "a profile of one text": (lambda: f'{HEAD}title = "{"x" * 15_000_000}"\n', "import"),
    "a profile of brackets": (lambda: f"{HEAD}x = {'[' * 3_000_000}", "import"),
    "a profile of comments": (lambda: HEAD + "#\n" * 7_000_000, "import"),
    "a hand-over of many records": (lambda: hand_over(many(400_000)), "import"),
    "a hand-over of brackets": (lambda: '{"omtui_hand_over": ' + "[" * 5_000_000, "import"),
    "a hand-over of keys": (lambda: "{" + ",".join(f'"{number}":1' for number in range(1_000_000)) + "}", "import"),
    "a map of many entries": (
        lambda: MAP + "".join(f'[[map]]\nkind = "host"\nfrom = "{n}.x"\nto = "y"\n' for n in range(300_000)),
        "map",
    ),
    "a plan of brackets": (lambda: '{"omtui_plan": ' + "[" * 5_000_000, "plan"),
    "a plan of many changes": (
        lambda: '{"omtui_plan": 1, "changes": [' + ",".join(['{"op": "add"}'] * 500_000) + "]}",
        "plan",
    ),
    "progress of many ticks": (
        lambda: "schema = 1\n" + "".join(f'[[done]]\nplace = "{n}"\nby = "a"\n' for n in range(400_000)),
        "progress",
    ),
    "settings of brackets": (lambda: "x = " + "[" * 500_000, "settings"),
    "settings of many tables": (lambda: "schema = 1\n" + "[[command]]\nname = 'a'\n" * 300_000, "settings"),
    "a sealed part of stanzas": (lambda: b"age-encryption.org/v1\n" + b"-> X25519 AAAA\nAAAA\n" * 400_000, "age"),
    "a sealed part of one line": (lambda: b"age-encryption.org/v1\n-> " + b"x" * 15_000_000, "age"),
}

READ = """
import resource, sys
from pathlib import Path
file, by, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[4]), int(sys.argv[4]) + 2))
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[5]) << 20,) * 2)
from omtui.cli import run
from tests.memory import peak
code = 2
if by == "age":
    from omtui.credentials.age.recipients import new_identity
    from omtui.credentials.age.sealing import open_sealed
    answer = open_sealed(Path(file).read_bytes(), [new_identity()])
    assert not isinstance(answer, bytes)
elif by == "settings":
    settings = folder.parent / "config" / "omtui" / "credentials.toml"
    settings.parent.mkdir(parents=True)
    settings.write_bytes(Path(file).read_bytes())
    settings.chmod(0o600)
    code = run(["secret", "list", "vision-dev"])
elif by == "import":
    code = run(["import", file, "--dry-run", "--as", "q"])
elif by == "map":
    code = run(["promote", "vision-dev", "vision-test", "--map", file])
elif by == "plan":
    code = run(["promote", "vision-dev", "vision-test", "--plan", file, "--apply"])
elif by == "progress":
    (folder / "vision-dev.progress.toml").write_bytes(Path(file).read_bytes())
    code = run(["runbook", "vision-dev", "-o", str(folder / "out.md")])
else:
    code = run([by, file])
used = resource.getrusage(resource.RUSAGE_SELF)
print(f"\\nUSED {peak()} {used.ru_utime + used.ru_stime:.1f} {code}")
"""


QUICK = (
    "a profile of many records",
    "a profile of brackets",
    "a hand-over of keys",
    "a map of many entries",
    "a plan of brackets",
    "progress of many ticks",
    "settings of many tables",
    "a sealed part of stanzas",
)


@pytest.mark.parametrize("case", CASES if THOROUGH else QUICK)
def test_a_reader_stays_within_its_budget(case: str, tmp_path: Path) -> None:
    make, by = CASES[case]
    content = make()
    library = tmp_path / "library"
    library.mkdir()
    for name in ("vision-dev", "vision-test"):
        (library / f"{name}.toml").write_bytes((ROOT / "profiles" / f"{name}.toml").read_bytes())
    file = tmp_path / ("arrived.map.toml" if by == "map" else "arrived.toml")
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "OMTUI_LIBRARY": str(library),
        "LANG": "C.UTF-8",
    }
    ran = subprocess.run(
        (sys.executable, "-c", READ, str(file), by, str(library), str(SECONDS), str(4 * PEAK)),
        capture_output=True,
        text=True,
        errors="replace",
        env=environment,
        cwd=ROOT,
        timeout=240,
        check=False,
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, f"ended with {ran.returncode}: {said[-500:]}"
    assert "fault of the program" not in said, said[-500:]
    peak, seconds, _code = ran.stdout.rsplit("USED ", 1)[1].split()
    assert int(peak) <= PEAK, f"{peak} MB"
    assert float(seconds) <= SECONDS, f"{seconds} s"
