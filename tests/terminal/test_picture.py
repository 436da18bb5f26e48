"""The drawing of a screen."""

import subprocess
import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

from tests.programs import require
from tests.terminal.picture import HEIGHT, WIDTH, _shapes, svg
from tests.terminal.screen import Screen
from tests.terminal.terminal import ROOT

SVG = "{http://www.w3.org/2000/svg}"


def drawn(text: str, *, light: bool = False) -> ElementTree.Element:
    screen = Screen(20, 2)
    screen.feed(text.encode())
    return ElementTree.fromstring(svg(screen, light=light))


def test_wide_characters_are_in_the_middle_of_their_two_cells() -> None:
    texts = {element.text: float(element.attrib["x"]) for element in drawn("a注b").iter(f"{SVG}text")}
    assert texts == {"a": 0.5 * WIDTH, "注": 2 * WIDTH, "b": 3.5 * WIDTH}


def test_colours_bold_and_reverse() -> None:
    (text,) = drawn("\x1b[1;7;31m<").iter(f"{SVG}text")
    assert (text.text, text.attrib["font-weight"], text.attrib["fill"]) == ("<", "bold", "#101418")
    boxes = [box for box in drawn("\x1b[1;7;31m<").iter(f"{SVG}rect") if box.attrib["width"] == str(WIDTH)]
    assert boxes[0].attrib["fill"] == "#cd0000"


def test_a_light_terminal_is_light() -> None:
    (text,) = drawn("x", light=True).iter(f"{SVG}text")
    assert text.attrib["fill"] == "#202020"


def test_every_box_and_block_character_is_drawn_within_its_cell() -> None:
    for code in [*range(0x2500, 0x2571), *range(0x2574, 0x25A0)]:
        shapes = list(_shapes(chr(code)))
        assert shapes, unicodedata.name(chr(code))
        for left, top, width, height, _ in shapes:
            assert 0 <= left < left + width <= 1.001
            assert 0 <= top < top + height <= 1.001


def test_lines_of_neighbours_meet() -> None:
    """A corner reaches both borders of its cell, at the place where a straight line lies."""
    (horizontal,) = _shapes("─")
    (vertical,) = _shapes("│")
    down, right = _shapes("┌")
    assert down[0] == vertical[0]
    assert down[1] + down[3] == 1
    assert right[1] == horizontal[1]
    assert right[0] + right[2] == 1
    assert HEIGHT * horizontal[3] == WIDTH * vertical[2] == 1


def test_the_command_takes_several_pictures(tmp_path: Path) -> None:
    require("rsvg-convert")
    script = "import time; name = input('name? '); input(f'hello {name} ')"
    command = [sys.executable, "-m", "tests.terminal.picture", "--size", "30x4", "--wait", "name?", "-o"]
    command += [str(tmp_path / "last.png"), "--keys", "shot:first 'text:A B' enter 'wait:hello A B'"]
    subprocess.run([*command, "--", "python", "-c", script], cwd=ROOT, check=True, timeout=60)
    first, last = ((tmp_path / name).read_bytes() for name in ("first.png", "last.png"))
    assert first[:4] == last[:4] == b"\x89PNG"
    assert first != last
