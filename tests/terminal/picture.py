"""Draw the screen of a program, to be looked at.

    python -m tests.terminal.picture --size 80x24 --keys "g 5 enter shot:form text:abc" -o out.png \\
        -- omtui profiles/vision-dev.toml

Tokens of `--keys` (quote as in a shell): a key's name, or `text:TEXT`, `paste:TEXT`, `wait:TEXT`, `click:X,Y`,
`click:TEXT`, `resize:80x24`, `shot:NAME` (a picture next to the last one, same kind). The kind is the ending
of the output: .png (needs rsvg-convert), .svg or .txt. Colours that the program leaves to the terminal are
those of a dark one, or with `--light` of a light one.
"""

import argparse
import shlex
import subprocess
import unicodedata
from collections.abc import Iterator
from html import escape
from pathlib import Path

from tests.terminal.screen import NAMES, Cell, Screen
from tests.terminal.terminal import Terminal

WIDTH, HEIGHT = 10, 20
_FONT_SIZE = WIDTH / 0.602  # the advance of DejaVu Sans Mono
_BASELINE = 15.5
_PALETTE = "000000 cd0000 00cd00 cdcd00 1e5fd6 cd00cd 00cdcd e5e5e5".split()  # noqa: SIM905
_BRIGHT = "7f7f7f ff4040 40ff40 ffff40 5c8cff ff60ff 40ffff ffffff".split()  # noqa: SIM905
_COLOURS = {name: _PALETTE[number] for number, name in enumerate(NAMES)} | {
    "bright" + name: _BRIGHT[number] for number, name in enumerate(NAMES)
}
_THEMES = {False: ("d8d8d8", "101418"), True: ("202020", "ffffff")}


def svg(screen: Screen, *, light: bool = False) -> str:
    """The screen as an SVG picture: cells of 10 by 20 pixels, box characters drawn, not written."""
    width, height = screen.columns * WIDTH, screen.lines * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="DejaVu Sans Mono, monospace" font-size="{_FONT_SIZE:.2f}">',
        f'<rect width="100%" height="100%" fill="#{_THEMES[light][1]}"/>',
    ]
    marks: list[str] = []
    for y in range(screen.lines):
        x = 0
        while x < screen.columns:
            cell = screen.cell(x, y)
            wide = x + 1 < screen.columns and screen.cell(x + 1, y).data == ""
            foreground, background = _colours(cell, light)
            box = (x * WIDTH, y * HEIGHT, WIDTH * (1 + wide), HEIGHT)
            if background != _THEMES[light][1]:
                parts.append(_rectangle(*box, background))
            marks.extend(_character(cell, *box, foreground))
            x += 1 + wide
    if not screen.cursor.hidden:
        left, top = min(screen.cursor.x, screen.columns - 1) * WIDTH, screen.cursor.y * HEIGHT
        marks.append(
            f'<rect x="{left + 0.5}" y="{top + 0.5}" width="{WIDTH - 1}" height="{HEIGHT - 1}" '
            f'fill="none" stroke="#{_THEMES[light][0]}"/>'
        )
    return "\n".join([*parts, *marks, "</svg>\n"])


def _colours(cell: Cell, light: bool) -> tuple[str, str]:
    theme = _THEMES[light]
    foreground = theme[0] if cell.fg == "default" else _COLOURS.get(cell.fg, cell.fg)
    background = theme[1] if cell.bg == "default" else _COLOURS.get(cell.bg, cell.bg)
    if cell.reverse:
        foreground, background = background, foreground
    if cell.faint:
        mixed = ((int(foreground[i : i + 2], 16) + int(background[i : i + 2], 16)) // 2 for i in range(0, 6, 2))
        foreground = "".join(f"{part:02x}" for part in mixed)
    return foreground, background


def _rectangle(x: float, y: float, width: float, height: float, colour: str, opacity: float = 1) -> str:
    shade = f' fill-opacity="{opacity}"' if opacity < 1 else ' shape-rendering="crispEdges"'
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="#{colour}"{shade}/>'


def _character(cell: Cell, x: int, y: int, width: int, height: int, colour: str) -> Iterator[str]:
    if cell.underscore:
        yield _rectangle(x, y + height - 3, width, 1, colour)
    if cell.strikethrough:
        yield _rectangle(x, y + height // 2, width, 1, colour)
    if not cell.data.strip():
        return
    shapes = list(_shapes(cell.data))
    if shapes:
        for left, top, wide, high, opacity in shapes:
            yield _rectangle(x + left * WIDTH, y + top * HEIGHT, wide * WIDTH, high * HEIGHT, colour, opacity)
        return
    style = ' font-weight="bold"' * cell.bold + ' font-style="italic"' * cell.italics
    yield (
        f'<text x="{x + width / 2:g}" y="{y + _BASELINE:g}" text-anchor="middle" fill="#{colour}"{style}>'
        f"{escape(cell.data)}</text>"
    )


Shape = tuple[float, float, float, float, float]
"""Left, top, width and height in parts of a cell, and opacity."""


def _shapes(character: str) -> Iterator[Shape]:
    """Block elements and box-drawing characters as rectangles; nothing for others."""
    code = ord(character[0])
    if 0x2580 <= code <= 0x259F:
        yield from _block(code)
    elif 0x2500 <= code <= 0x257F and not 0x2571 <= code <= 0x2573:
        yield from _lines(unicodedata.name(character[0]).removeprefix("BOX DRAWINGS "))


def _block(code: int) -> Iterator[Shape]:
    if code == 0x2580:
        yield 0, 0, 1, 0.5, 1
    elif code <= 0x2588:
        part = (code - 0x2580) / 8
        yield 0, 1 - part, 1, part, 1
    elif code <= 0x258F:
        yield 0, 0, (0x2590 - code) / 8, 1, 1
    elif code == 0x2590:
        yield 0.5, 0, 0.5, 1, 1
    elif code <= 0x2593:
        yield 0, 0, 1, 1, (code - 0x2590) / 4
    elif code == 0x2594:
        yield 0, 0, 1, 1 / 8, 1
    elif code == 0x2595:
        yield 7 / 8, 0, 1 / 8, 1, 1
    else:  # quadrants: upper left, upper right, lower left, lower right
        for quadrant in ("2", "3", "0", "023", "03", "012", "013", "1", "12", "123")[code - 0x2596]:
            yield 0.5 * (int(quadrant) % 2), 0.5 * (int(quadrant) // 2), 0.5, 0.5, 1


def _lines(name: str) -> Iterator[Shape]:
    """The arms that a character's name gives: "DOWN LIGHT AND RIGHT HEAVY", "DOUBLE VERTICAL" …"""
    weight = "LIGHT"
    for part in name.replace("SINGLE", "LIGHT").split(" AND "):
        words = part.split()
        weight = next((word for word in words if word in ("LIGHT", "HEAVY", "DOUBLE")), weight)
        offsets = (-2, 2) if weight == "DOUBLE" else (0,)
        thick = 3 if weight == "HEAVY" else 1
        for offset in offsets:
            across = (WIDTH - thick) / 2 + offset, (HEIGHT - thick) / 2 + offset
            for word in words:
                if word in ("UP", "DOWN", "VERTICAL"):
                    start = 0.0 if word != "DOWN" else 0.5 - 2 * (weight == "DOUBLE") / HEIGHT
                    end = 1.0 if word != "UP" else 0.5 + 2 * (weight == "DOUBLE") / HEIGHT
                    yield round(across[0]) / WIDTH, start, thick / WIDTH, end - start, 1
                elif word in ("LEFT", "RIGHT", "HORIZONTAL"):
                    start = 0.0 if word != "RIGHT" else 0.5 - 2 * (weight == "DOUBLE") / WIDTH
                    end = 1.0 if word != "LEFT" else 0.5 + 2 * (weight == "DOUBLE") / WIDTH
                    yield start, round(across[1]) / HEIGHT, end - start, thick / HEIGHT, 1


def save(screen: Screen, path: Path, *, light: bool = False) -> None:
    """Write the screen as PNG, SVG or text, by the ending of the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".txt":
        path.write_text("\n".join(line.rstrip() for line in screen.display) + "\n")
    elif path.suffix == ".svg":
        path.write_text(svg(screen, light=light))
    else:
        drawing = svg(screen, light=light).encode()
        subprocess.run(["rsvg-convert", "-o", str(path)], input=drawing, check=True)


def _size(text: str) -> tuple[int, int]:
    columns, rows = text.split("x")
    return int(columns), int(rows)


def _act(terminal: Terminal, token: str, output: Path, light: bool) -> None:
    kind, colon, value = token.partition(":")
    match kind if colon and value else "":
        case "text":
            terminal.type(value)
        case "paste":
            terminal.paste(value)
        case "wait":
            terminal.wait_for(value)
        case "click":
            try:
                x, y = map(int, value.split(","))
            except ValueError:
                terminal.click_on(value)
            else:
                terminal.click(x, y)
        case "resize":
            terminal.resize(*_size(value))
        case "shot":
            terminal.wait_until_quiet()
            save(terminal.screen, output.with_name(value + output.suffix), light=light)
        case _:
            terminal.press(token)


def main() -> None:
    """Parse the command line, drive the program and save the pictures."""
    description, _, details = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=description, epilog=details, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=_size, default=(120, 40), metavar="80x24")
    parser.add_argument("--keys", default="", help="what to press and type, see below")
    parser.add_argument("--wait", default="", metavar="TEXT", help="wait for this text first")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--home", type=Path, help="home folder, kept (else a fresh one)")
    parser.add_argument("--light", action="store_true", help="a terminal with a light background")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("command", nargs="+", help="after --")
    options = parser.parse_args()
    variables = dict(pair.split("=", 1) for pair in options.env)
    with Terminal(
        *options.command,
        size=options.size,
        home=options.home and options.home.resolve(),
        folder=Path.cwd(),
        env=variables,
        light=options.light,
    ) as terminal:
        if options.wait:
            terminal.wait_for(options.wait)
        terminal.wait_until_quiet()
        for token in shlex.split(options.keys):
            _act(terminal, token, options.output, options.light)
        terminal.wait_until_quiet()
        save(terminal.screen, options.output, light=options.light)


if __name__ == "__main__":
    main()
