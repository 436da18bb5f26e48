"""Documents on a full disk: no file half written, none left over."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.terminal import ROOT, environment
from tests.thorough import THOROUGH

DOCUMENTS = [
    *(("runbook", "vision-test", "-o", f"r.{form}") for form in ("md", "html", "csv", "xlsx")),
    *(("handout", "vision-test", kind, "-o", f"h.{form}") for kind in ("access", "network") for form in ("md", "xlsx")),
    ("compare", "vision-dev", "vision-test", "-o", "c.html"),
    ("compare", "vision-dev", "vision-test", "-o", "c.xlsx"),
    ("export", "vision-test", "-o", "e.omtui"),
]
SCRIPT = """
import json, resource, sys
from omtui.cli import run
limit, commands = int(sys.argv[1]), json.loads(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
print([run(each) for each in commands])
"""


@pytest.mark.parametrize("seed", range(20 if THOROUGH else 2))
def test_a_full_disk_leaves_the_old_document_and_no_other_file(
    samples: Path, home: Path, tmp_path: Path, seed: int
) -> None:
    import json

    limit = random.Random(seed).randrange(1, 3000)
    folder = tmp_path / "out"
    folder.mkdir()
    names = {each[-1] for each in DOCUMENTS}
    for name in names:
        (folder / name).write_text("old")
    commands = [["--library", str(samples), *each] for each in DOCUMENTS]
    done = subprocess.run(
        (sys.executable, "-c", SCRIPT, str(limit), json.dumps(commands)),
        cwd=folder,
        # Python's own files would be cut off as well, and stay so.
        env={**environment(home, {}), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert "Traceback" not in done.stderr
    codes = json.loads(done.stdout)
    assert {each.name for each in folder.iterdir()} == names
    assert 3 in codes
    for code, command in zip(codes, DOCUMENTS, strict=True):
        whole = (folder / command[-1]).read_bytes()
        assert (whole == b"old") == (code == 3), (command, code, done.stderr)
        assert len(whole) <= limit or whole == b"old"
