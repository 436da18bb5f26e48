"""Any signal, and any two: the terminal is whole, what was changed is kept, the status says which it was."""

import random
import signal
from collections.abc import Callable
from pathlib import Path

from tests.terminal import Terminal
from tests.thorough import THOROUGH
from tests.workbench.conftest import PROFILE

Opener = Callable[..., Terminal]

FAULTS = {"SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS"}
NO_END = {"SIGCHLD", "SIGURG", "SIGWINCH", "SIGCONT", "SIGPIPE", "SIGXFSZ", "SIGTTIN", "SIGTTOU"}
"""The last two stop no leader of a session, which has nobody to bring it back."""
STOPS = {"SIGSTOP", "SIGTSTP"}
NAMED = {each.name for each in signal.Signals} - FAULTS - {"SIGKILL"}
ENDS = sorted(NAMED - NO_END - STOPS)


def changed(open_terminal: Opener, folder: Path) -> Terminal:
    """The workbench with a change that is not saved: this run's, or the one that a run before it left."""
    if not (folder / "dev.toml").exists():
        (folder / "dev.toml").write_text(PROFILE)
        first = open_terminal("omtui", "--library", str(folder), "dev", size=(80, 24))
        first.wait_for("Manage Task Types")
        first.send(b"g3\r\x1b[B\r\x15Robots\r")
        first.wait_for("1 unsaved")
        first.press("g", "o")
        return first
    terminal = open_terminal("omtui", "--library", str(folder), "dev", size=(80, 24))
    terminal.wait_for("1 unsaved")
    return terminal


def send(terminal: Terminal, *names: str) -> None:
    """Send signals; what stopped it is followed by the signal to go on.

    The program enters its modes again after that. What is typed while it leaves them is dropped, so nothing is typed
    before.
    """
    entered = terminal.screen.entered
    for name in names:
        terminal.send_signal(signal.Signals[name])
    if STOPS & set(names) and names[-1] != "SIGCONT":
        terminal.wait_for(lambda it: it.exit_status is not None or it.process.is_stopped())
        terminal.send_signal(signal.SIGCONT)
    if STOPS & set(names):
        terminal.wait_for(lambda it: it.exit_status is not None or it.screen.entered > entered)
        terminal.wait_for(lambda it: it.exit_status is not None or it.process.is_idle())


def assert_in_use(terminal: Terminal) -> None:
    """It shows everything, takes keys, and leaves nothing behind."""
    terminal.wait_for("Manage Task Types")
    assert {1049, 2004, 1004} <= terminal.screen.private_modes
    assert terminal.screen.keyboard_levels == 1
    terminal.press("g", "5")
    terminal.wait_for("Connector01")
    terminal.press("g", "o")


def assert_ends(terminal: Terminal) -> None:
    """Quitting leaves nothing behind."""
    terminal.press("ctrl+q")
    assert terminal.wait_for_exit() == 0
    assert terminal.modes_left_on() == []


def test_a_signal_that_ends_nothing_changes_nothing(open_terminal: Opener, tmp_path: Path) -> None:
    terminal = changed(open_terminal, tmp_path)
    for names in (
        ("SIGCONT",),
        ("SIGCONT", "SIGCONT"),
        ("SIGSTOP", "SIGCONT"),
        ("SIGTSTP", "SIGCONT"),
        ("SIGTSTP", "SIGTSTP"),
        ("SIGTTIN",),
        ("SIGWINCH", "SIGURG"),
    ):
        send(terminal, *names)
        assert_in_use(terminal)
    assert_ends(terminal)


def test_a_signal_ends_it_as_quitting_does(open_terminal: Opener, tmp_path: Path) -> None:
    for name in ENDS if THOROUGH else ("SIGQUIT", "SIGUSR1", "SIGXCPU"):
        terminal = changed(open_terminal, tmp_path)
        send(terminal, name)
        assert terminal.wait_for_exit() == 128 + signal.Signals[name], name
        assert terminal.modes_left_on() == [], name


def test_any_two_signals(open_terminal: Opener, tmp_path: Path) -> None:
    seed = random.randrange(10_000)
    print(f"seed {seed}")
    source = random.Random(seed)
    pairs = [("SIGTERM", "SIGCONT"), ("SIGCONT", "SIGTERM")]
    pairs += [(source.choice(sorted(NAMED)), source.choice(sorted(NAMED))) for _ in range(100 if THOROUGH else 2)]
    for pair in pairs:
        terminal = changed(open_terminal, tmp_path)
        send(terminal, *pair)
        ends = [signal.Signals[name] for name in pair if name in ENDS]
        if not ends:
            assert_in_use(terminal)
            assert_ends(terminal)
            continue
        # The second comes when the first has ended it: then there is nothing left that could catch it.
        assert terminal.wait_for_exit() in {*(128 + end for end in ends), *(-end for end in ends[1:])}, pair
        assert terminal.modes_left_on() == [], pair
        assert "Traceback" not in terminal.text(), pair
