"""However the program ends, the terminal is as it was and no change is lost."""

import os
import re
import signal
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.workbench.conftest import PROFILE

Opener = Callable[..., Terminal]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with one profile, `dev`."""
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "dev.toml").write_text(PROFILE)
    return folder


def opened(open_terminal: Opener, folder: Path, profile: str = "dev", **options: object) -> Terminal:
    """The workbench on a profile's task list."""
    terminal = open_terminal("omtui", "--library", str(folder), profile, **options)
    terminal.wait_for("Manage Task Types")
    return terminal


def rename_the_system(terminal: Terminal, name: str = "Robots") -> None:
    """Make a change that is not saved."""
    terminal.press("g", "3", "enter", "down", "enter", "ctrl+u")
    terminal.type(name)
    terminal.press("enter")
    terminal.wait_for("1 unsaved")


def system_name(folder: Path) -> str:
    """What the file says."""
    return str(tomllib.loads((folder / "dev.toml").read_text())["source_systems"][0]["name"])


ENDS: tuple[tuple[signal.Signals | str, int | None], ...] = (
    (signal.SIGTERM, 143),
    (signal.SIGHUP, 129),
    (signal.SIGINT, 130),
    (signal.SIGKILL, None),
    ("quit", 0),
    ("hang up", None),
)


def test_unsaved_changes_are_there_again(open_terminal: Opener, folder: Path) -> None:
    """However a run ends, the next one has its change; that one is the next to end."""
    terminal = opened(open_terminal, folder)
    for end, code in ENDS:
        before, name = system_name(folder), f"Robots after {end}"
        rename_the_system(terminal, name)
        if end == "quit":
            terminal.press("ctrl+q")
        elif end == "hang up":
            terminal.hang_up()
        else:
            assert isinstance(end, signal.Signals)
            terminal.send_signal(end)
        status = terminal.wait_for_exit(5)
        if code is not None:
            assert status == code, end
            assert terminal.modes_left_on() == [], end
        assert system_name(folder) == before, end
        terminal = opened(open_terminal, folder)
        terminal.wait_for("1 unsaved change")
        terminal.press("ctrl+s")
        terminal.wait_for("saved dev.toml")
        assert system_name(folder) == name


def test_a_terminal_that_vanishes_while_hang_ups_are_ignored_ends_it(open_terminal: Opener, folder: Path) -> None:
    terminal = open_terminal(
        "python", "-c", "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from omtui.cli import run; raise SystemExit(run())", "--library", str(folder), "dev",
    )  # fmt: skip
    terminal.wait_for("Manage Task Types")
    rename_the_system(terminal)
    terminal.hang_up()
    terminal.wait_for_exit(5)
    opened(open_terminal, folder).wait_for("1 unsaved change")


def test_undo_reaches_back_beyond_a_restart(open_terminal: Opener, folder: Path) -> None:
    terminal = opened(open_terminal, folder)
    rename_the_system(terminal)
    terminal.press("ctrl+s")
    terminal.wait_for("saved dev.toml")
    terminal.press("ctrl+q")
    assert terminal.wait_for_exit() == 0
    again = opened(open_terminal, folder)
    again.press("g", "3", "ctrl+z")
    again.wait_for("Pick system")
    again.press("ctrl+s")
    again.wait_for("saved dev.toml")
    assert (folder / "dev.toml").read_text() == PROFILE


def test_an_edit_made_in_an_editor_appears_and_mine_stays(open_terminal: Opener, folder: Path) -> None:
    terminal = opened(open_terminal, folder)
    rename_the_system(terminal)
    path = folder / "dev.toml"
    path.write_text(PROFILE.replace("Web shop", "Shop of another editor"))
    terminal.wait_for("changed by another program")
    terminal.press("escape")
    terminal.wait_for("Shop of another editor")
    terminal.press("ctrl+s")
    terminal.wait_for("saved dev.toml")
    assert path.read_text() == PROFILE.replace("Web shop", "Shop of another editor").replace("Pick system", "Robots")


def test_a_byte_that_is_not_utf_8_does_no_harm(open_terminal: Opener, folder: Path) -> None:
    terminal = opened(open_terminal, folder)
    terminal.send(b"\xe9\xff\xfe")
    terminal.press("g", "5")
    terminal.wait_for("Connector01")


def test_production_is_read_only_until_its_name_is_typed(open_terminal: Opener, folder: Path) -> None:
    path = folder / "prod.toml"
    path.write_text(PROFILE.replace('"dev"', '"prod"').replace('"development"', '"production"'))
    before = path.read_text()
    terminal = opened(open_terminal, folder, "prod")
    terminal.wait_for("PRODUCTION read-only")
    terminal.press("g", "3", "d")
    terminal.wait_for("U unlocks it")
    terminal.press("enter", "down", "enter")
    terminal.wait_for("production and read-only")
    terminal.press("delete", "K", "ctrl+s", "ctrl+z", "n")
    terminal.press("U")
    terminal.type("dev")
    terminal.press("enter")
    terminal.wait_for("type exactly prod")
    terminal.press("ctrl+u")
    terminal.type("prod")
    terminal.press("enter")
    terminal.wait_for("unlocked")
    assert path.read_text() == before
    terminal.press("enter", "ctrl+u")
    terminal.type("Robots")
    terminal.press("enter", "ctrl+s")
    terminal.wait_for("saved prod.toml")
    assert "Robots" in path.read_text()


def test_a_dumb_terminal_is_refused_with_a_hint(open_terminal: Opener, folder: Path) -> None:
    terminal = open_terminal("omtui", "--library", str(folder), env={"TERM": "dumb"})
    assert terminal.wait_for_exit() == 3
    assert "omtui list" in " ".join(terminal.text().split())


@pytest.mark.parametrize(
    "env",
    [
        {"NO_COLOR": "1"},
        {"TERM": "linux"},
        {"TERM": "vt100"},
        {"LC_ALL": "C", "LANG": None},
        {"PYTHONIOENCODING": "latin-1"},
        {"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"},
        {"OMTUI_THEME": "light"},
    ],
    ids=str,
)
def test_it_starts_on_every_terminal(open_terminal: Opener, folder: Path, env: dict[str, str | None]) -> None:
    terminal = opened(open_terminal, folder, env=env, size=(80, 24))
    terminal.press("g", "7", "enter")
    terminal.wait_for("Item (Order Fulfill Line) is equal to CM5008")
    assert "\\u" not in terminal.text()
    if "SSH_CONNECTION" in env:
        assert not {1000, 1002, 1003, 1006} & set(map(int, filter(str.isdigit, map(str, terminal.modes_left_on()))))
    terminal.press("ctrl+q")
    assert terminal.wait_for_exit() == 0


def test_ascii_writes_no_other_byte_and_marks_what_is_cut(open_terminal: Opener, folder: Path) -> None:
    (folder / "dev.toml").write_text(
        PROFILE.replace("Web shop", "Läden 注文 \U0001f600 — ‘shop’")
        .replace("CM5008", "CM5008-" + "long" * 60)
        .replace("Pick system", "Pick system of " + "a very long name " * 12)
        + '\n[[orchestration_processes]]\nname = "Pick"\n\n[[orchestration_processes.steps]]\nnumber = 100\n'
        'name = "Öl"\ntask_type = "Ship"\ntask = "Pick"\nservice = "注文"\n'
    )
    terminal = open_terminal("omtui", "--library", str(folder), "--ascii", "dev", size=(80, 24))
    raw = bytearray()
    show = terminal.process.on_output
    terminal.process.on_output = lambda piece, time: (raw.extend(piece), show(piece, time))[1]
    terminal.wait_for("Manage Task Types")
    terminal.press("g", "3")
    terminal.wait_for("L?den ???? ?? - 'shop'")
    terminal.press("enter", "down")
    terminal.wait_for(re.compile(r"Name +Pick system of [a-z ]+~"))
    terminal.press("g", "7", "enter")
    terminal.wait_for(re.compile(r"CM5008-[long]+~"))
    terminal.press("g", "3", "down", "enter", "down", "y")
    terminal.wait_until_quiet()
    assert terminal.clipboard == ["Läden 注文 \U0001f600 — ‘shop’"]
    for keys in (
        *(["g", key] for key in "pf0123456789r"),
        *(["g", key, "enter", "down", "down", "enter", "escape"] for key in "2357"),
        *([key, "escape", "g", "o"] for key in ("!", "?", "ctrl+p", "W", "D", "C", "/", "v", "p")),
    ):
        terminal.press(*keys)
    assert max(raw) <= 0x7E


def test_what_is_copied_does_nothing_where_it_is_pasted(open_terminal: Opener, folder: Path) -> None:
    name = "a\\u001b]52;c;eA==\\u0007\\nrm -rf /\\r\\u202e\\u009bé"
    (folder / "dev.toml").write_text(PROFILE.replace("Pick system", name))
    terminal = opened(open_terminal, folder)
    terminal.press("g", "3", "enter", "down", "y")
    terminal.wait_for("without line breaks and characters that cannot be seen")
    assert terminal.clipboard == ["a]52;c;eA== rm -rf / é"]


def test_values_go_to_the_clipboard_and_the_next(open_terminal: Opener, folder: Path) -> None:
    terminal = opened(open_terminal, folder)
    terminal.press("g", "5", "t", "enter", "y", "Y", "y")
    terminal.wait_until_quiet()
    assert terminal.clipboard == ["Manage External Interface Web Service Details", "CSS01", "CSS01", "Connector01"]
    terminal.press("p")
    terminal.wait_for("https://soa.pick.example/orders")
    assert [line.strip() for line in terminal.lines()[:3]] == [
        "CSS01",
        "Connector01",
        "https://soa.pick.example/orders",
    ]


def test_a_full_state_folder_is_reported_and_stops_nothing(open_terminal: Opener, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "state").write_text("in the way")
    terminal = opened(open_terminal, folder, env={"XDG_STATE_HOME": str(tmp_path / "home" / "state")})
    terminal.press("g", "3", "enter", "down", "enter", "ctrl+u")
    terminal.type("Robots")
    terminal.press("enter", "ctrl+s")
    terminal.wait_for("saved dev.toml")
    assert system_name(folder) == "Robots"
    assert os.path.isfile(tmp_path / "home" / "state")  # noqa: PTH113
