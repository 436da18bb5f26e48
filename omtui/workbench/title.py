"""The first line of every screen: which profile, which environment, what is not saved, what is wrong."""

from textual.content import Content

from omtui.plain_text import plain
from omtui.service.session import Session
from omtui.workbench.signs import Signs

ANSI_BADGES = {"error": "ansi_bright_red", "warning": "ansi_yellow", "success": "ansi_green"}
"""Behind the environment's name where there are sixteen colours."""

LEVEL_STYLES = {
    True: {"error": "bold #ff5f5f", "warning": "#ffaf5f", "info": "#87afd7", "fine": "#87af87"},
    False: {"error": "bold #af0000", "warning": "#875f00", "info": "#005faf", "fine": "#005f00"},
}


def level_style(level: str, *, dark: bool) -> str:
    """The colour of a finding's level, as Rich and Textual both understand it."""
    return LEVEL_STYLES[dark].get(level, "")


def title_line(session: Session, signs: Signs, *, dark: bool, sixteen_colours: bool) -> Content:
    """Profile, environment, release, unsaved changes and findings. Production is marked by colour and by text."""
    head = session.indexed.single("profile")
    environment = plain(head.get("environment", "no environment"))
    production = session.is_production
    lock = f" {signs.lock}" if session.locked else " unlocked" if production else ""
    shown = environment.upper() if production else environment
    kind = "error" if production else "warning" if environment == "test" else "success"
    style = f"bold ansi_black on {ANSI_BADGES[kind]}" if sixteen_colours else f"bold $text-{kind} on ${kind}-muted"
    stage = f" {signs.middle} {plain(head['stage'])}" if head.get("stage") else ""
    release = plain(session.indexed.single("pod").get("release", ""))
    counts, unsaved = session.counts, session.unsaved
    words = f"{fields} unsaved" if (fields := session.unsaved_fields) else "same as saved"
    state = f" {signs.unsaved} {words} " if unsaved else " saved "
    return Content.assemble(
        (f" {plain(session.name)} ", "bold"),
        (f" {shown}{stage}{lock} ", style),
        f" {release or 'no release'} ",
        (state, "bold $text-warning" if unsaved else "dim"),
        *(
            (f" {signs.level(level)} {counts[level]}", level_style(level, dark=dark))
            for level in ("error", "warning", "info")
            if counts[level]
        ),
    )
