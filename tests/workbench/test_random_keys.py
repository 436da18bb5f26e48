"""Random keys, in a terminal, on every screen and in three sizes: no crash, no end, and no file that changes unasked.

The seed changes by the day and is printed; OMTUI_KEYS_SEED runs one again. OMTUI_THOROUGH=1 presses thousands of keys
on every screen.
"""

import os
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from omtui.workbench.actions import BY_NAME
from tests.terminal import Terminal
from tests.terminal.keys import bytes_of_key
from tests.thorough import THOROUGH
from tests.workbench.conftest import PROFILE

SEED = int(os.environ.get("OMTUI_KEYS_SEED") or datetime.now(UTC).date().toordinal())
SIZES = [(80, 24), (120, 40), (40, 10)]
ROUND = 61
"""Keys on a screen until another is gone to."""
KEYS = 3000 if THOROUGH else 61
"""Keys a way; at least 6,000 in a run."""

ESCAPE = b"\x1b[27u"
WAYS = (
    *("", "g0", "g1", "g2", "g3", "g4", "g44", "g5", "g6", "g7", "g8", "g9", "gp", "gf", "gr", "g3\r", "g5\r", "g7\r"),
    *(
        "!",
        "v",
        "W",
        "D",
        "H",
        "C",
        "P",
        "?",
        "p",
        "/",
        "\x10",
        "g5\r\r",
        "R",
        "R\r",
        "g7\r\x1b[B\x1b[B\x1b[B\x1b[B\x1b[B\r",
    ),
)
"""From the list of tasks: every screen of a profile, sheets, lines and dialogs. The library is on the way."""

ASKED = {key for name in ("quit", "save", "save_why") for key in BY_NAME[name].keys} | {"escape", "comma"}
PRESSED = [bytes_of_key(key) for action in BY_NAME.values() for key in action.keys if key not in ASKED]
MOVES = [bytes_of_key(key) for key in ("up", "down", "left", "right", "home", "end", "pageup", "pagedown")]
OTHERS = [bytes_of_key(key) for key in ("enter", "tab", "shift+tab", "space", "backspace", "ctrl+u", "ctrl+c")]
LETTERS = [chr(code).encode() for code in range(0x20, 0x7F) if chr(code) not in ASKED] + [
    "é".encode(),
    "日".encode(),
    b"\x1b[200~x\ty\x1b[201~",
]


assert 3 * len(WAYS) * KEYS >= 6_000


def random_key(source: random.Random) -> bytes:
    return source.choice(source.choices((PRESSED, MOVES, OTHERS, LETTERS, [ESCAPE]), (3, 6, 5, 5, 1))[0])


class Run:
    """A terminal of one size with a library of its own."""

    def __init__(self, open_terminal: Callable[..., Terminal], folder: Path, size: tuple[int, int]) -> None:
        self.source = random.Random(f"{SEED} {size}")
        self.folder = folder
        self.file = folder / "library" / "dev.toml"
        self.file.parent.mkdir(parents=True)
        self.expected = PROFILE.replace("soa.pick.example", "127.0.0.1:9")  # a review asks nobody but this machine
        self.file.write_text(self.expected)
        (self.file.parent / "orders.csv").write_text("Order,Task Type,Item\n" + "1,Pick,CM5008\n" * 2_000)
        self.open = lambda: open_terminal("omtui", "--library", str(self.file.parent), size=size, home=folder / "home")
        self.terminal = self.open()
        self.sent: list[bytes] = []
        self.before = b""

    def press(self, way: str) -> None:
        """Go somewhere, and press keys there; a profile that went to the trash, as it should, is put back first."""
        if not self.file.exists():
            self.file.write_text(self.expected)
        self.before = b"".join(self.sent)  # its last keys may act only now
        self.sent = [ESCAPE * 9, b"\x1b[H\r", way.encode(), *(random_key(self.source) for _ in range(ROUND))]
        self.terminal.send(b"".join(self.sent))

    def check(self) -> None:
        """It runs, without a crash, and nothing was written; the palette saves and quits, too."""
        self.terminal.wait_for(lambda it: it.exit_status is not None or it.process.is_idle(), 60)
        crashes = [path.read_text() for path in self.folder.rglob("crash-*.txt")]
        assert not crashes, "\n".join([*crashes, repr((SEED, self.sent))])
        by_palette = b"\x10" in self.before + b"".join(self.sent)
        if by_palette and self.terminal.exit_status is not None:  # or the ctrl+c behind it was a signal then
            self.terminal = self.open()
            self.terminal.wait_for("Library")
            self.terminal.is_watched = False
        assert self.terminal.exit_status is None, (SEED, self.sent, self.terminal.text())
        if self.file.exists():
            if by_palette:
                self.expected = self.file.read_text()
            assert self.file.read_text() == self.expected, (SEED, self.sent)


@pytest.mark.timeout(7200 if THOROUGH else 300)
def test_no_key_ends_it_and_none_changes_the_file(open_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    print(f"OMTUI_KEYS_SEED={SEED}")
    runs = [Run(open_terminal, tmp_path / f"{columns}x{rows}", (columns, rows)) for columns, rows in SIZES]
    for run in runs:
        run.terminal.wait_for("dev")
        run.terminal.is_watched = False
    ways = [way for way in WAYS for _ in range(KEYS // ROUND)]
    random.Random(SEED).shuffle(ways)
    for way in ways:
        for run in runs:
            run.press(way)
        for run in runs:
            run.check()
