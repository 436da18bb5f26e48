"""Looks: dark, light, and the terminal's own sixteen colours."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.theme import BUILTIN_THEMES, Theme

from omtui.workbench.terminal import Terminal

if TYPE_CHECKING:
    from textual.app import App

# Every colour is one of the 256 that terminals share, so that it looks the same with and without 24-bit colour.

DARK = Theme(
    name="omtui-dark",
    primary="#5f87af",
    secondary="#8a8a8a",
    accent="#d7af5f",
    foreground="#d0d0d0",
    background="#121212",
    surface="#1c1c1c",
    panel="#303030",
    success="#87af87",
    warning="#ffaf5f",
    error="#ff5f5f",
    dark=True,
    variables={
        "footer-key-foreground": "#d7af5f",
        "footer-description-foreground": "#b2b2b2",
        "cursor": "#005f87",
        "entry": "#4e4e4e",
    },
)

LIGHT = Theme(
    name="omtui-light",
    primary="#5f87af",
    secondary="#626262",
    accent="#875f00",
    foreground="#1c1c1c",
    background="#ffffff",
    surface="#f5f5f5",
    panel="#dadada",
    success="#005f00",
    warning="#875f00",
    error="#af0000",
    dark=False,
    variables={
        "footer-key-foreground": "#875f00",
        "footer-description-foreground": "#444444",
        "cursor": "#afd7ff",
        "entry": "#ffffd7",
    },
)


def register_themes(app: "App[None]") -> None:
    """Make our themes known next to Textual's own."""
    app.register_theme(DARK)
    app.register_theme(LIGHT)


def known_theme(name: str) -> str | None:
    """The theme that a setting means: `dark`, `light`, or one by its name; `None` when there is none."""
    full = _SHORT.get(name, name)
    return full if full in (DARK.name, LIGHT.name, *BUILTIN_THEMES) else None


_SHORT = {"dark": "omtui-dark", "light": "omtui-light"}


def theme_for(terminal: Terminal, environment: Mapping[str, str]) -> str:
    """The theme to start with: `OMTUI_THEME` if set; on sixteen colours the terminal's own; else by its background.

    Some terminals report their background in `COLORFGBG`; where none is reported, dark.
    """
    if chosen := environment.get("OMTUI_THEME"):
        return _SHORT.get(chosen, chosen)
    light = environment.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")
    if terminal.colours <= 16:
        return "ansi-light" if light else "ansi-dark"
    return "omtui-light" if light else "omtui-dark"
