"""Git in tests: apart from what is configured on this machine."""

import subprocess
from pathlib import Path

from tests.programs import require

_ALONE = ("-c", "user.name=A. Admin", "-c", "user.email=admin@vision.example", "-c", "commit.gpgsign=false")


def git(folder: Path, *words: str, statuses: tuple[int, ...] = (0,), env: dict[str, str] | None = None) -> str:
    """Run Git in a folder; what it wrote."""
    done = subprocess.run(
        (require("git"), "-c", "init.defaultBranch=main", *_ALONE, *words),
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in statuses, done.stderr
    return done.stdout + done.stderr


def commit(folder: Path, message: str) -> None:
    """Commit everything in a folder."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)
