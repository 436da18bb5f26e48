"""The screens look as they did when somebody last looked at them.

A screen that looks otherwise on purpose is looked at as a picture (`python -m tests.terminal.picture`), at both sizes,
and accepted by `OMTUI_ACCEPT_LOOKS=1 python -m pytest tests/workbench/test_looks.py`; what changed then shows in the
difference of the files in `looks/`. There a line of marks is below a line that is not plain throughout, and what
the marks mean at the end.
"""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from difflib import unified_diff
from itertools import count
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tests.terminal.screen import Cell

LOOKS = Path(__file__).parent / "looks"
SAMPLE = Path(__file__).parents[2] / "profiles" / "vision-dev.toml"
ACCEPT = bool(os.environ.get("OMTUI_ACCEPT_LOOKS"))

SCREENS: dict[str, str] = {
    "overview": "",
    "profile": "g p",
    "flow": "g f",
    "roles": "g 0",
    "task-types": "g 1",
    "source-systems": "g 3",
    "connectors": "g 5",
    "connector": "g 5 enter",
    "topology": "g 6",
    "review": "g 6 v",
    "routing-rules": "g 7",
    "routing-rule": "g 7 enter",
    "business-events": "g 9",
    "related": "g r",
    "findings": "! !",
    "walk-through": "W",
    "history": "L",
    "help": "g 5 ?",
    "palette": "escape g o ctrl+p",
    "library": "escape H",
}
"""The keys after `g o`; windows, which take no `g`, and what leaves the profile are the last."""
_TIMES = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d|\b\d\d:\d\d\b")
_AGES_BY_THE_DAY = ("collected_on", "read_on")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_the_screens_look_as_they_did(
    open_terminal: Callable[..., Terminal], tmp_path: Path, size: tuple[int, int]
) -> None:
    folder = tmp_path / "home" / "library"
    folder.mkdir(parents=True)
    lines = SAMPLE.read_text().splitlines(keepends=True)
    (folder / "vision-dev.toml").write_text("".join(line for line in lines if not line.startswith(_AGES_BY_THE_DAY)))
    terminal = open_terminal("omtui", "--library", folder.name, "vision-dev", size=size, folder=folder.parent)
    terminal.wait_for("Roles")
    changed: list[str] = []
    for name in SCREENS:
        if len(changed) < 5 and (report := changed_look(terminal, name, size)):
            changed.append(report)
    if changed:
        pytest.fail("\n".join(changed), pytrace=False)


def changed_look(terminal: Terminal, name: str, size: tuple[int, int]) -> str:
    """What looks otherwise on a screen; empty where nothing does."""
    terminal.press("g", "o", *SCREENS[name].split())
    path = LOOKS / f"{name}-{size[0]}x{size[1]}.txt"
    if ACCEPT:
        terminal.wait_until_quiet(1.0)
        path.write_text(look(terminal))
        return ""
    accepted = path.read_text()
    with suppress(AssertionError):
        terminal.wait_for(lambda seen: look(seen) == accepted, timeout=8)
    difference = unified_diff(accepted.splitlines(), look(terminal).splitlines(), "accepted", "now", n=2, lineterm="")
    report = "\n".join(difference)
    return f"{name} at {size[0]}x{size[1]} looks otherwise:\n{report}" if report else ""


def look(terminal: Terminal) -> str:
    """The screen as text: its text and how it looks. Times of the day are left out."""
    marks: dict[Cell, str] = {}
    letters = (chr(ord("a") + number) for number in count())
    lines = []
    for y in range(terminal.screen.lines):
        cells = [terminal.cell(x, y) for x in range(terminal.screen.columns)]
        text = _TIMES.sub(lambda found: re.sub(r"\d", "0", found.group()), "".join(cell.data for cell in cells))
        styles = [cell._replace(data="") for cell in cells]
        row = ""
        for style in styles:
            if style != Cell("") and style not in marks:
                marks[style] = next(letters)
            row += marks.get(style, " ")
        lines += [f"  {text}".rstrip(), *([f"~ {row}".rstrip()] if row.strip() else [])]
    legend = [f"{letter}: {_style_words(style)}" for style, letter in marks.items()]
    return "\n".join([*lines, "", *legend, ""])


def _style_words(style: Cell) -> str:
    flags = [name for name, value in style._asdict().items() if value is True]
    return " ".join([f"{style.fg} on {style.bg}", *flags])
