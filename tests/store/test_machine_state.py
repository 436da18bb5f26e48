"""What is kept on a machine has one owner each: its folders, its safe writes, its locks, its database."""

import re
from pathlib import Path

import omtui

PACKAGE = Path(omtui.__file__).parent

OWNERS = {
    r"XDG_(STATE|CONFIG|DATA)_HOME|platformdirs\.": {"store/folders.py"},
    r"\bfsync\(|os\.O_EXCL": {"store/files.py"},
    r"\bflock\(": {"store/files.py"},
    r"sqlite3\.connect\(": {"store/database.py"},
}

ELSEWHERE = {
    "credentials/keyring_guardian.py": "a program of its own that imports nothing of omtui",
    "commands/practising.py": "gives a rehearsal a state folder of its own",
    "topology/probe_history.py": "looks whether there is a database without making one",
}


def test_each_is_written_in_one_module() -> None:
    offenders = [
        f"{name}: {found[0]}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if (name := str(path.relative_to(PACKAGE))) not in ELSEWHERE
        for pattern, owners in OWNERS.items()
        if name not in owners and (found := re.search(pattern, path.read_text()))
    ]
    assert offenders == []
