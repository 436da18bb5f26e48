"""Kills commands of omtui at every system call that writes, and looks at what is left."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from omtui.store.files import content_hash, read_hash
from omtui.topology.probe_history import ProbeHistory
from tests.programs import require

HERE = Path(__file__).parent

PROFILE = """# The set-up of the warehouse
schema = 1

[profile]
name = "x"
environment = "test"   # SIT

# Oracle calls it source system
[[source_systems]]
code = "CSS01"
name = "Warehouse"
type = "Spoke"

[[connectors]]
# agreed with Ravi
name = "Connector01"   # the old one
target_system = "CSS01"
url = 'https://wms.example/in'
credential = "wms"

# --- rules ---

[[routing_rules]]
name = "Ship"
active = true
[routing_rules.when]
all = [
    { entity = "Order Header", attribute = "Item", operator = "is equal to", value = "A" },  # the first
]
[[routing_rules.then]]
action = "Set Connector Name"
value = "Connector01"
# loose at the end
"""

SOURCE = PROFILE.replace('"x"', '"y"').replace('"test"', '"development"').replace("active = true", "active = false")

COMMANDS: dict[str, list[str]] = {
    "set": ["set", "x", "connectors[Connector01].description", "new", "--reason", "T1"],
    "clear": ["set", "x", "connectors[Connector01].url", ""],
    "add": ["add", "x", "connectors", "Another", "target_system=CSS01"],
    "add without key": [
        "add", "x", "routing_rules[Ship].when.all", "entity=Order Header", "attribute=Item", "operator=is equal to",
        "value=B",
    ],
    "remove": ["remove", "x", "connectors[Connector01]"],
    "rename": ["rename", "x", "connectors[Connector01]", "Renamed"],
    "promote": ["promote", "y", "x", "--apply", "--reason", "go-live"],
    "import over": ["import", "in/x.toml", "--over"],
    "import": ["import", "in/z.toml"],
    "new": ["new", "made"],
    "undo": ["undo", "x"],
    "fmt": ["fmt", "x"],
    "back": ["undo", "x", "--to", "2001-01-01"],
    "tick": ["tick", "x", "source_systems[CSS01]", "--by", "Anna"],
    "refreshed": ["refreshed", "x", "--from", "y", "--on", date.today().isoformat()],
    "merge": ["merge", "in/base.toml", "x", "in/x.toml"],
    "import with mapping": ["import", "in/w.omtui", "--as", "v"],
    "import over with mapping": ["import", "in/w.omtui", "--as", "u", "--over"],
    "rename profile": ["workspace", "rename", "x", "renamed"],
    "rename source": ["workspace", "rename", "y", "renamed"],
    "delete profile": ["workspace", "delete", "x"],
    "restore profile": ["workspace", "restore", "gone"],
    "copy profile": ["workspace", "duplicate", "w", "copied"],
}  # fmt: skip


@dataclass(slots=True)
class Found:
    """What became of a command: the files, the log, and each state that undo leads back to."""

    files: dict[str, bytes]
    log: list[tuple[str, str, str]]
    undone: list[bytes] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """What the state folder knows by names of profiles: promotions, reviews, the trash, and secrets to move."""


class Kills:
    """A library with some history, and a program with the preloaded library that commands are run in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library = folder / "here" / "library"
        shim = folder / "kill.so"
        subprocess.run([require("cc"), "-shared", "-fPIC", "-O1", "-o", shim, HERE / "kill.c", "-ldl"], check=True)
        (self.library / "in").mkdir(parents=True)
        (self.library / "x.toml").write_text(PROFILE)
        (self.library / "y.toml").write_text(SOURCE)
        (self.library / "in" / "x.toml").write_text(PROFILE.replace("wms.example", "new.example"))
        (self.library / "in" / "base.toml").write_text(PROFILE)
        (self.library / "in" / "z.toml").write_text(PROFILE.replace('"x"', '"z"'))
        for name in ("w", "u", "gone"):
            (self.library / f"{name}.toml").write_text(SOURCE.replace('"y"', f'"{name}"'))
        for target, source in (("x", "y"), ("w", "x"), ("gone", "y")):
            (self.library / f"{target}.map.toml").write_text(
                f'schema = 1\nsource = "{source}"  # from\ntarget = "{target}"\n'
            )
        settings = folder / "home" / ".config" / "omtui" / "credentials.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text('schema = 1\nstore = "vault"\n')  # with a rename it is noted that secrets are to follow
        environment = {
            **os.environ,
            "LD_PRELOAD": str(shim),
            "OMTUI_LIBRARY": str(self.library),
            "XDG_STATE_HOME": str(folder / "here" / "state"),
            "HOME": str(folder / "home"),
        }
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment, "PYTHONPATH": os.pathsep.join([str(HERE.parent.parent), *sys.path])},
            cwd=self.library,
            text=True,
        )
        for words in (
            ["tick", "x", "connectors[Connector01]", "--by", "Ravi"],
            ["set", "x", "profile.title", "One"],
            ["remove", "x", "routing_rules[Ship]"],
            ["undo", "x"],
            ["set", "x", "connectors[Connector01].note", "two"],
            ["promote", "y", "w", "--apply"],
            ["promote", "x", "w", "--apply"],
            ["export", "w", "-o", "in/w.omtui"],
            ["workspace", "delete", "gone"],
        ):
            assert (done := self.run(words))["code"] == 0, (words, done)
        history = ProbeHistory(folder / "here" / "state" / "omtui")
        assert history.begin(str(self.library / "x.toml"), vantage="local", machine="", program="", started=1.0)
        shutil.copytree(folder / "here", folder / "before")
        self.before = self.look()
        assert self.before.undone[-1] == PROFILE.encode()

    def __enter__(self) -> "Kills":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.kill()
        self._server.wait()
        for stream in (self._server.stdin, self._server.stdout):
            if stream is not None:
                stream.close()

    def run(self, words: list[str], at: int = 0, failure: int = 0) -> dict[str, Any]:
        """A command, killed right behind its n-th writing call; 0 lets it end. With a `failure` that call fails."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        print(json.dumps([words, at, True, failure]), file=self._server.stdin, flush=True)
        found: dict[str, Any] = json.loads(self._server.stdout.readline())
        return found

    def reset(self) -> None:
        """Everything is as it was before the command."""
        for name in ("library", "state"):
            here, before = self.folder / "here" / name, self.folder / "before" / name
            for path in sorted(here.rglob("*"), reverse=True):
                if path.is_dir():
                    path.rmdir()
                else:
                    path.unlink()
            shutil.copytree(before, here, dirs_exist_ok=True)

    def files(self) -> dict[str, bytes]:
        """The library's files, but for what a killed program left of one that it wrote."""
        return {
            str(path.relative_to(self.library)): re.sub(rb"(?m)^on = .*$", b"on = then", path.read_bytes())
            for path in sorted(self.library.rglob("*.toml"))
            if path.is_file()
        }

    def known(self, connection: sqlite3.Connection) -> set[str]:
        """What is known outside the library by the names of profiles."""
        found = {
            f"{table}: {' '.join(Path(each).name for each in row)}"
            for table, columns in (
                ("bases", "target, source"),
                ("promotions", "target, source"),
                ("probe_reviews", "profile"),
            )
            for row in connection.execute(f"SELECT {columns} FROM {table}")
        }
        state = self.folder / "here" / "state" / "omtui"
        trash = state / "trash"
        found |= {f"to move: {path.read_text()}" for path in (state / "secrets-to-move").glob("*")}
        return found | {f"trash: {path.name} {path.read_bytes()!r}" for path in trash.rglob("*") if path.is_file()}

    def look(self) -> Found:
        """What a next run finds. All that can be undone is undone for it."""
        self.run(["list"])  # the next command finishes what was broken off
        name = next(each for each in ("x", "renamed", "w") if (self.library / f"{each}.toml").exists())
        log = self.run(["log", name, "--json"])
        assert log["code"] == 0, log
        entries = [(each["action"], each["label"], each["reason"]) for each in json.loads(log["out"])["entries"]]
        found = Found(self.files(), entries)
        path = self.folder / "here" / "state" / "omtui" / "omtui.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM drafts").fetchone() == (0,)
            found.known = self.known(connection)
        assert not list((path.parent / "pending").iterdir())
        while (undone := self.run(["undo", name]))["code"] == 0:
            found.undone.append((self.library / f"{name}.toml").read_bytes())
        assert "nothing to undo" in undone["out"]
        return found

    def kill_everywhere(self, name: str, step: int = 1, failure: int = 0) -> Iterator[tuple[int, str]]:
        """Kill a command at every n-th point, or let the call fail; each with what is wrong then: nothing."""
        words = [each.replace("2001-01-01", self.long_ago()) for each in COMMANDS[name]]
        self.reset()
        reference = self.run(words)
        assert reference["code"] == 0, reference
        after = self.look()
        for number in range(1, reference["calls"] + 1, step):
            self.reset()
            killed = self.run(words, number, failure)
            yield number, self._judged(words, killed, after)

    def long_ago(self) -> str:
        """A time right after the first change."""
        with closing(sqlite3.connect(self.folder / "before" / "state" / "omtui" / "omtui.sqlite")) as connection:
            rows = connection.execute("SELECT at FROM saves WHERE who != '' ORDER BY id").fetchall()
        return str(rows[0][0])

    def _judged(self, words: list[str], killed: dict[str, Any], after: Found) -> str:
        if (
            killed["code"] not in (-9, 0, 3)
            or "Traceback" in killed["out"]
            or (killed["code"] == 3 and not killed["out"])
        ):
            return f"ended with {killed}"
        here = read_hash(self.library / "x.toml")
        try:
            found = self.look()
        except AssertionError as error:
            return f"{error}"
        both = (self.before, after)
        for one in both:
            if found == one and killed["code"] in (
                -9,
                0 if one is after else 3,
                *([0] if self.before == after else []),
            ):
                break
        else:
            whole = {
                name
                for name, content in found.files.items()
                if content in (self.before.files.get(name), after.files.get(name))
            }
            broken = found.files.keys() - whole
            more = f"log {found.log}, undo {len(found.undone)}, {found.known}"
            return f"neither before nor after: files {sorted(broken)}, {more}, {killed}"
        if here not in [content_hash(each.files["x.toml"]) if "x.toml" in each.files else None for each in both]:
            return "another profile"
        self.reset()
        return ""
