"""A working day at one terminal, by command and in the workbench: no secret is left anywhere, none was shown."""

import os
import re
import shlex
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.credentials.profiles import TEXT
from tests.credentials.test_no_leaks import leaked_forms
from tests.credentials.web_server import PASSWORD, Server
from tests.terminal import Terminal
from tests.terminal.terminal import resolved

SECRET = PASSWORD
VAULT = "Pass phrase of the vault 33"
PART = "Pass/phrase &of the part 91"
IN_A_URL = "hunt3r-in-a-URL"


class Shell:
    """A shell at a terminal, in which commands are typed one after another."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._count = 0
        self.raw = bytearray()
        show = terminal.process.on_output

        def keep(piece: bytes, at: float) -> None:
            self.raw.extend(piece)
            show(piece, at)

        terminal.process.on_output = keep

    def run(self, *words: str, answers: tuple[tuple[str, str], ...] = ()) -> int:
        """A command, what is typed at its prompts, and its exit code."""
        self._count += 1
        end = f"ended-{self._count}"
        # What is typed before the prompt is there would be shown by the terminal itself.
        begin = f"clear; echo be''gun-{self._count};"
        self.terminal.send(f"{begin} {shlex.join(words)}; echo en''{end[2:]} $?\r".encode())
        self.terminal.wait_for(f"begun-{self._count}", 30)
        for prompt, typed in answers:
            self.terminal.wait_for(prompt, 30)
            self.terminal.send(f"{typed}\r".encode())
        self.terminal.wait_for(re.compile(rf"{end} \d+"), 60)
        found = re.search(rf"{end} (\d+)", self.terminal.text())
        assert found
        return int(found[1])


@pytest.fixture
def shell(open_terminal: Callable[..., Terminal], tmp_path: Path) -> Shell:
    programs = tmp_path / "bin"
    programs.mkdir()
    command = programs / "omtui"
    command.write_text(f'#!/bin/sh\nexec {shlex.join(resolved(("omtui",)))} "$@"\n')
    command.chmod(0o755)
    (tmp_path / "temp").mkdir()
    env = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "TMPDIR": str(tmp_path / "temp"),
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus",
        "PS1": "$ ",
        "OMTUI_STORE": None,
    }
    return Shell(open_terminal("sh", env=env, size=(140, 40)))


def unpacked(file: Path) -> bytes:
    """What a database holds compressed."""
    if file.suffix != ".sqlite":
        return b""
    connection = sqlite3.connect(file)
    blobs = [blob for (blob,) in connection.execute("SELECT content FROM contents")]
    connection.close()
    assert blobs
    return b"".join(map(zlib.decompress, blobs))


def test_nothing_is_left_and_nothing_was_shown(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    with Server() as server:
        text = TEXT.lstrip().replace("https://soa.pick.example:8002", server.url(""))
        (folder / "vision-dev.toml").write_text(text)
        assert shell.run("omtui", "vault", "init", answers=(("new passphrase", VAULT), ("Again", VAULT))) == 0
        set_it = ("omtui", "secret", "set", "vision-dev")
        assert shell.run(*set_it, "pick", answers=(("Secret of pick", SECRET), ("Again", SECRET))) == 0
        assert shell.run(*set_it, "pod", answers=(("Secret of pod", SECRET), ("Again", "another"))) == 3
        assert shell.run("omtui", "secret", "list", "vision-dev", "--json") == 0
        assert shell.run("omtui", "secret", "test", "vision-dev", "pick", "--allow-plain-http", "--debug") in (0, 3)
    export = ("omtui", "export", "vision-dev", "-o", "over.json", "--secrets", "--passphrase")
    assert shell.run(*export, answers=(("passphrase for", PART), ("Again", PART))) == 0
    take = ("omtui", "import", "over.json", "--as", "copy", "--secrets")
    assert shell.run(*take, answers=(("Passphrase of the hand-over", f"not {PART}"),)) == 3
    assert shell.run(*take, "--debug", answers=(("Passphrase of the hand-over", PART),)) == 0
    for words in (
        ("set", "copy", "profile.title", "kept with its text"),
        ("check", "copy", "--credentials"),
        ("show", "copy"),
        ("log", "copy"),
        ("diff", "vision-dev", "copy"),
        ("runbook", "copy", "-o", "copy.html"),
        ("handout", "copy", "credentials", "-o", "copy.xlsx"),
        ("keyring", "status"),
        ("doctor", "--no-network"),
    ):
        assert shell.run("omtui", *words) in (0, 1)
    # A password that somebody types into an address is in the file alone: not in the journal, not handed over.
    (folder / "copy.toml").write_text(
        (folder / "copy.toml").read_text().replace("https://", f"https://me:{IN_A_URL}@", 1)
    )
    assert shell.run("omtui", "set", "copy", "profile.title", "x") == 0
    assert shell.run("omtui", "log", "copy") == 0
    assert shell.run("omtui", "export", "copy", "-o", "bad.json") == 3
    (folder / "copy.toml").unlink()

    terminal = shell.terminal
    terminal.send(b"clear; omtui vision-dev; echo left''it $?\r")
    terminal.wait_for("Manage Task Types", 30)
    terminal.press("C")
    terminal.wait_for(re.compile(r"pick\s+(set|unknown)"))
    terminal.press("u")
    terminal.wait_until_quiet()
    terminal.press("escape", "H", "i")
    terminal.wait_for("Import a profile")
    terminal.type("over.json")
    terminal.press("enter")
    terminal.wait_for("handed over on")
    terminal.press("n")
    terminal.type("third")
    terminal.press("enter", "i")
    terminal.wait_for("Take the sealed secrets")
    terminal.press("y")
    terminal.wait_for("Their passphrase")
    terminal.type(PART)
    terminal.press("ctrl+a", "ctrl+c", "enter")
    terminal.wait_for(re.compile("Keep these secrets|Unlock the vault"), 30)
    if "Unlock the vault" in terminal.text():
        terminal.type(VAULT)
        terminal.press("enter")
        terminal.wait_for("Keep these secrets", 30)
    terminal.press("y")
    terminal.wait_for("secrets kept", 30)
    terminal.press("ctrl+q")
    terminal.wait_for("leftit 0", 30)
    assert shell.run("omtui", "secret", "list", "third") == 0
    assert shell.run("omtui", "vault", "lock") == 0
    assert terminal.clipboard == []

    for number, secret in enumerate((SECRET, VAULT, PART, IN_A_URL)):
        forms = leaked_forms(secret)
        for form in forms:
            assert form not in bytes(shell.raw), f"secret {number} was shown as {form!r}"
        for file in tmp_path.rglob("*"):
            if file.is_file():
                content = file.read_bytes() + unpacked(file)
                assert not any(form in content for form in forms), f"secret {number} is in {file}"
    names = {file.name for file in tmp_path.rglob("*") if file.is_file()}
    assert {"vault.age", "over.json", "copy.html", "third.toml", "omtui.sqlite"} <= names
