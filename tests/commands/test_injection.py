"""Foreign text never writes to the terminal: in no field, on no screen, by no command; nor is it run when pasted."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from omtui.setup.catalogue import TABLES, children
from omtui.setup.table import Table
from omtui.store.formatting import canonical_text
from tests.commands.conftest import Command
from tests.terminal import Terminal

PAYLOADS = (
    "\x1b]52;c;UFdORUQ=\x07",  # the clipboard
    "\x1b]0;owned\x07",  # the title
    "\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[31m",
    "\x9b31m\x9d52;c;UFdORUQ=\x9c",
    "\x1bP+q544e\x1b\\",
    "\x1b_G\x1b\\",
    "\x1b[!p",
    "\u202egnp.exe\u2066",
    "ad\u200bmin\ufeff",
    "\r\nFORGED 2026 all is well",
    "[@click=app.quit]x[/] [link=https://evil.example]y[/link] [/] [bold",
)


def hostile(table: Table, payload: str) -> dict[str, Any]:
    """A record of a table whose every text is hostile, and the records inside it."""
    made: dict[str, Any] = {}
    inner = children(table.path)
    for field in table.fields:
        if field.name not in inner and field.kind in ("text", "any", "place"):
            made[field.name] = f"{field.name} {payload}"
        elif field.name not in inner and field.kind == "list":
            made[field.name] = [f"{field.name} {payload}"]
    for name in inner:
        below = TABLES[f"{table.path}.{name}"]
        if below.path == "routing_rules.when":
            made[name] = {"all": [hostile(below, payload)]}
        elif below.path != "routing_rules.otherwise":
            made[name] = hostile(below, payload) if below.single else [hostile(below, payload)]
    return made


def profile(payload: str) -> str:
    data: dict[str, Any] = {"schema": 1}
    for path, table in TABLES.items():
        if "." not in path:
            data[path] = hostile(table, payload) if table.single else [hostile(table, payload)]
    data["profile"] |= {"name": "dev", "environment": "test"}
    data["profile"].pop("stage", None)
    return canonical_text(data)


def is_harmless(text: str) -> bool:
    """Whether every sign of it is only text."""
    return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", text)


@pytest.fixture
def library(home: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "profiles"
    folder.mkdir()
    return folder


COMMANDS = (
    ("list",),
    ("list", "--json"),
    ("show", "dev"),
    ("show", "dev", "--step", "5"),
    ("check", "dev"),
    ("check", "dev", "--format", "github"),
    ("check", "dev", "--json"),
    ("usages", "dev", "connectors[#1]"),
    ("log", "dev"),
    ("diff", "dev", "other"),
    ("diff", "other", "dev", "--json"),
    ("compare", "dev", "other"),
    ("runbook", "dev"),
    ("secret", "list", "dev"),
    ("fmt", "dev", "--check"),
    ("import", "other.toml", "--dry-run"),
)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_command_lets_it_through(omtui: Command, library: Path, payload: str) -> None:
    (library / "dev.toml").write_text(profile(payload))
    (library / "other.toml").write_text('schema = 1\n[profile]\nname = "other"\nenvironment = "test"\n')
    Path("other.toml").write_text(profile(payload).replace('"dev"', '"other"'))
    for words in COMMANDS:
        answer = omtui(*words)
        assert answer.code in (0, 1, 2, 3), words
        assert "fault of the program" not in answer.err, (words, answer.err)
        for text in (answer.out, answer.err):
            assert is_harmless(text), (words, [sign for sign in text if not is_harmless(sign)][:5])
            assert not re.search("^FORGED", text, re.MULTILINE), words


def test_a_value_is_given_raw_to_a_pipe_and_harmless_to_a_terminal(
    library: Path, open_terminal: Callable[..., Terminal]
) -> None:
    (library / "dev.toml").write_text(profile(PAYLOADS[0]))
    terminal = open_terminal("omtui", "get", "dev", "pod.user_name")
    raw = recorded(terminal)
    assert terminal.wait_for_exit() == 0
    assert terminal.clipboard == []
    assert b"\x1b]52" not in raw


def recorded(terminal: Terminal) -> bytearray:
    raw = bytearray()
    show = terminal.process.on_output

    def keep(piece: bytes, at: float) -> None:
        raw.extend(piece)
        show(piece, at)

    terminal.process.on_output = keep
    return raw


SCREENS = (
    *(["g", step] for step in "p012345678rf"),
    ["g", "5", "enter", "g", "o"],
    ["g", "7", "enter", "down", "enter", "escape", "g", "o"],
    ["g", "6", "enter", "g", "o"],
    ["!"],
    ["ctrl+f"],
    ["ctrl+p"],
    ["C"],
    ["v"],
    ["W"],
    ["?"],
    ["p"],
    ["L"],
)


def test_no_screen_lets_it_through(library: Path, open_terminal: Callable[..., Terminal]) -> None:
    """All at once, in every field, on every screen: what the program writes holds none of them unchanged."""
    (library / "dev.toml").write_text(profile(" ".join(reversed(PAYLOADS))))
    terminal = open_terminal(
        "omtui", "dev", size=(120, 40), env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
    )
    raw = recorded(terminal)
    terminal.wait_for("Manage Task Types", 60)
    for keys in SCREENS:
        terminal.press(*keys)
        terminal.press("escape", "escape")
    assert terminal.clipboard == []
    assert "owned" not in terminal.title
    for piece in (b"\x1b]52", b"\x1b]8", b"\x1bP", b"\x1b_G", b"\x1b[!p", b"\x1b]0;owned", b"\r\nFORGED"):
        assert piece not in raw, piece
    text = bytes(raw).decode("utf-8", "replace")
    assert not re.search("[\x80-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text)
    assert "evil.example" in text, "it was shown"
    # What looks like a link or an action is a text: clicked, it does nothing.
    terminal.press("g", "5")
    terminal.click_on("@click")
    terminal.wait_until_quiet()
    assert terminal.process.exit_status is None


@pytest.fixture
def editing(library: Path, open_terminal: Callable[..., Terminal]) -> Terminal:
    """The line in which a connector's URL is typed."""
    (library / "dev.toml").write_text(
        'schema = 1\n[profile]\nname = "dev"\nenvironment = "test"\n[[connectors]]\nname = "C"\nurl = "https://a.example"\n'
    )
    terminal = open_terminal("omtui", "dev", size=(100, 30))
    terminal.wait_for("Manage Task Types", 60)
    terminal.press("g", "5", "enter")
    terminal.wait_for("https://a.example")
    open_the_line(terminal)
    return terminal


def open_the_line(terminal: Terminal) -> None:
    terminal.press("home")
    while "https://a.example" not in line_under_cursor(terminal):
        terminal.press("down")
    terminal.press("enter")
    terminal.wait_until_quiet()


def line_under_cursor(terminal: Terminal) -> str:
    x, y = terminal.find("https://a.example")
    return (
        terminal.lines()[y]
        if terminal.cell(x, y).reverse or terminal.cell(x, y).bg != terminal.cell(x, y + 2).bg
        else ""
    )


def test_what_is_pasted_runs_nothing(editing: Terminal, library: Path) -> None:
    editing.press("ctrl+u")
    editing.paste("https://b.example/\x1b[2J\x1b]52;c;UFdORUQ=\x07\nctrl\x11\x13q")
    editing.wait_until_quiet()
    assert editing.process.exit_status is None
    assert editing.clipboard == []
    editing.press("enter", "ctrl+s")
    editing.wait_until_quiet()
    content = (library / "dev.toml").read_text()
    assert "b.example" in content
    assert is_harmless(content.replace("\n", ""))
    assert editing.process.exit_status is None


ANSWERS = {
    "clipboard": b"\x1b]52;c;aGVsbG8=\x07",
    "clipboard-st": b"\x1b]52;c;aGVsbG8=\x1b\\",
    "device": b"\x1b[?62;4c",
    "cursor": b"\x1b[24;80R",
    "colour": b"\x1b]11;rgb:0000/0000/0000\x1b\\",
    "version": b"\x1bP>|xterm(367)\x1b\\",
}


def test_what_a_terminal_answers_is_not_typed(editing: Terminal, library: Path) -> None:
    for name, answer in ANSWERS.items():
        editing.send(answer)
        editing.wait_until_quiet()
        editing.press("enter", "ctrl+s")
        editing.wait_until_quiet()
        assert 'url = "https://a.example"' in (library / "dev.toml").read_text(), name
        open_the_line(editing)
