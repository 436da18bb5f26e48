"""Nothing that a file says ever commands the terminal: every command, on a real one, with poison in every field."""

import os
import pty
import re
import sys
import threading
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from omtui.cli import run
from omtui.setup.indexed import Indexed
from omtui.store.formatting import canonical_text
from tests.commands.conftest import Command

POISON = (
    "\x1b]52;c;eA==\x07\x1b[31mred\x1b[5m\x1bPq\x1b\\\x1b[2J"  # OSC 52, colour, blink, DCS, clear
    "\x9d52;c;eA==\x9c\x9b31m\x90\x85\x7f\x08\r\x0b\x0c\x00"  # the same in C1; DEL, backspace, carriage return
    "\u202egnp\u2066\u200b\ufeff\u2028\u00ad\U000e0041[bold]x[/]"  # bidi, invisible, tags, markup
)

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u00ad\ufeff\U000e0000-\U000e0fff]"
)

STYLES = re.compile(r"\x1b\[(?:[012]|3[1-6]|1;3[1-6])m")


def poisoned(value: object, keep: frozenset[str] = frozenset()) -> object:
    """A set-up with poison in every text, and in a key that nobody knows; fields in `keep` stay."""
    if isinstance(value, dict):
        kept = {name: each if name in keep else poisoned(each, keep) for name, each in value.items()}
        return kept if "schema" in kept else {**kept, f"x{POISON}": f"y{POISON}"}
    if isinstance(value, list):
        return [poisoned(each, keep) for each in value]
    return f"{value}{POISON}" if isinstance(value, str) else value


READABLE = frozenset(
    {"name", "code", "environment", "release", "type", "operation", "task_type", "task", "service", "target_system"}
    | {"invocation_mode", "credential", "user_name", "action", "operator", "entity", "internal", "value", "connectors"}
)


class OnTerminal:
    """Commands in this process whose two streams are a real terminal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str) -> str:
        master, slave = pty.openpty()
        read: list[bytes] = []

        def drain() -> None:
            try:
                while part := os.read(master, 65536):
                    read.append(part)
            except OSError:  # the other side is closed
                return

        reader = threading.Thread(target=drain)
        reader.start()
        with (
            open(slave, "w", encoding="utf-8", closefd=True) as out,  # noqa: PTH123 - a descriptor
            self._monkeypatch.context() as patch,
        ):
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", out)
            run(list(words))
            out.flush()
        reader.join(20)
        os.close(master)
        return b"".join(read).decode("utf-8", "replace").replace("\r\n", "\n")


@pytest.fixture
def on_terminal(home: Path, monkeypatch: pytest.MonkeyPatch) -> OnTerminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "110")
    return OnTerminal(monkeypatch)


@pytest.fixture
def poison(samples: Path, tmp_path: Path) -> list[tuple[str, ...]]:
    """A library in which everything is poisoned, and all commands that show something of it."""
    for name in ("vision-dev", "vision-test"):
        data = tomllib.loads((samples / f"{name}.toml").read_text(), parse_float=Decimal)
        (samples / f"{name}-all.toml").write_text(canonical_text(poisoned(data)), encoding="utf-8")  # type: ignore[arg-type]
        some = canonical_text(poisoned(data, READABLE))  # type: ignore[arg-type]
        (samples / f"{name}-some.toml").write_text(some, encoding="utf-8")
    (samples / "broken.toml").write_text('schema = 1\n[profile]\nname = "a"\nenvironment = 1\n"x\\u009b31m" = 2\n[[[')
    (samples / "wrong.toml").write_text('schema = 1\n[profile]\nname = "a"\n"x\\u009b31m" = 2\nenvironment = [1]\n')
    for file in (tmp_path / "bad.map.toml", tmp_path / "bad.progress.toml"):
        file.write_text('schema = 1\nsource = "\\u009b31m"\ntarget = "\\u202e"\n"\\u001b" = 1\n')
    commands: list[tuple[str, ...]] = [("list",), ("list", "--json"), ("get", "nosuch\x9b31m", "x\x1b[2J")]
    for file in ("broken", "wrong"):
        commands += [("check", file), ("show", file), ("get", file, "profile"), ("import", f"profiles/{file}.toml")]
    for kind in ("all", "some"):
        dev, test = f"vision-dev-{kind}", f"vision-test-{kind}"
        data = tomllib.loads((samples / f"{dev}.toml").read_text())
        setup = Indexed(data)
        commands += [("get", dev, table) for table in data]
        commands += [("get", dev, table, "--json") for table in ("pod", "connectors")]
        commands += [("get", dev, f"pod.{field}") for field in ("url", "user_name")]
        connector = str(setup.place(("connectors", 0)))
        commands += [
            ("show", dev),
            ("show", dev, "--json"),
            ("usages", dev, connector),
            ("usages", dev, connector, "--json"),
            *(("check", dev, "--format", form) for form in ("text", "json", "junit", "sarif", "github")),
            ("diff", dev, test),
            ("diff", dev, test, "--json"),
            ("diff", dev, test, "--markdown"),
            ("compare", dev, test, "vision-prod"),
            ("compare", dev, test, "--json"),
            ("promote", dev, test),
            ("promote", dev, test, "--json"),
            ("promote", dev, test, "--propose"),
            ("promote", dev, test, "--map", "bad.map.toml"),
            ("merge", f"profiles/{dev}.toml", f"profiles/{test}.toml", "profiles/vision-test.toml", "--print"),
            (
                "merge",
                f"profiles/{dev}.toml",
                f"profiles/{test}.toml",
                "profiles/vision-test.toml",
                "--print",
                "--json",
            ),
            ("runbook", dev),
            ("runbook", dev, "--since", test),
            ("runbook", dev, "--after-refresh"),
            *(("handout", dev, each) for each in ("access", "network", "certificates", "credentials")),
            ("export", dev, "-o", "-"),
            ("import", f"profiles/{dev}.toml", "--as", "taken", "--dry-run"),
            ("import", f"profiles/{dev}.toml", "--as", test, "--dry-run", "--json"),
            ("secret", "list", dev),
            ("secret", "list", dev, "--json"),
            ("secret", "test", dev, "dev-pod", "--dry-run"),
            ("tick", dev, "5"),
            ("tick", dev, connector),
            ("fmt", dev, "--check"),
            ("set", dev, f"{connector}.url", f"https://x.example/{POISON}".replace("\x00", "")),
            ("set", dev, f"{connector}.nosuch\x9b", "x"),
            ("add", dev, "connectors", f"New{POISON}".replace("\x00", "")),
            ("rename", dev, connector, f"Renamed{POISON}".replace("\x00", "")),
            ("undo", dev),
            ("log", dev),
            ("log", dev, "--json"),
            ("refreshed", dev, "--from", f"prod{POISON}".replace("\x00", ""), "--on", "2026-10-02"),
        ]
    return commands


def test_no_command_lets_a_profile_command_the_terminal(on_terminal: OnTerminal, poison: list[tuple[str, ...]]) -> None:
    shown = 0
    for words in poison:
        text = on_terminal("--library", "profiles", *words)
        assert text or words[0] == "fmt", words
        assert "fault of the program" not in text, (words, text[-300:])
        assert "\x1b[31mred" not in text, words
        assert not (found := UNSAFE.search(STYLES.sub("", text))), (words, found)
        shown += "gnp" in text
    assert shown > len(poison) // 2, "the poison was there to be shown"


def test_a_pipe_gets_every_value_exactly(omtui: Command, poison: list[tuple[str, ...]], samples: Path) -> None:
    data = tomllib.loads((samples / "vision-dev-all.toml").read_text())
    assert omtui("--library", "profiles", "get", "vision-dev-all", "pod.url").out == f"{data['pod']['url']}\n"
    shown = omtui("--library", "profiles", "get", "vision-dev-all", "pod").out
    assert tomllib.loads(shown) == data["pod"]
    document = omtui("--library", "profiles", "get", "vision-dev-all", "pod", "--json").document
    assert document["value"]["url"] == data["pod"]["url"]
