"""P0-13: characters that nobody sees, or that replace one that was lost."""

import re
import unicodedata
from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.finding import Flaw
from omtui.checks.registry import check
from omtui.checks.wording import quoted
from omtui.plain_text import is_unsafe
from omtui.setup.indexed import Indexed
from omtui.setup.place import Path

_REPLACEMENT = "\ufffd"
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_JOINERS = re.compile("[\u034f\u200c\u200d\ufe00-\ufe0f]")
"""They belong to words of some scripts and to pictures: in a text of plain letters they are stray."""

_LAYOUT = re.compile(r"[\t\r\n]")
_PROSE = frozenset(
    {"description", "note", "reason", "comment", "title", "owner", "assignment", "condition", "expression"}
    | {"display", "display_name", "if_text", "then_text", "else_text"}
)
"""Fields that people read and nothing compares: an unusual space or a direction mark does no harm there."""


@check("P0-13", "warning", "a character that is not seen", oracle_pages.OWN)
def unseen_character(setup: Indexed) -> Iterator[Flaw]:
    """A value holds a character without a shape (such as a zero-width space), a space that is none (such as a no-break
    space), or the mark U+FFFD that replaces a letter that was lost.

    Why: It comes along when text is copied from a document or a web page. The value looks right and is compared letter
    by letter: a rule never matches, a name is not found, a URL leads nowhere.
    Fix: Type the value again, or remove the character.
    """
    waiting: list[tuple[Path, dict[str, object] | list[object], bool]] = [((), setup.data, False)]
    while waiting:
        path, holder, prose = waiting.pop()
        for part, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if isinstance(value, str):
                if not (value.isascii() and value.isprintable()) and (found := _found(value, prose or part in _PROSE)):
                    yield _flaw((*path, part), value, found)
            elif isinstance(value, dict | list) and value:
                waiting.append(((*path, part), value, isinstance(value, list) and part in _PROSE))


def _found(value: str, prose: bool) -> str:
    """The first such character; the empty text for none."""
    plain_letters = _JOINERS.sub("", value).isascii()
    for letter in _LAYOUT.sub("", value):
        if letter.isascii() and letter.isprintable():
            continue
        if letter == _REPLACEMENT or (is_unsafe(letter) and not (prose and unicodedata.category(letter) == "Cf")):
            return letter
        if not prose and (_SPACES.match(letter) or (plain_letters and _JOINERS.match(letter))):
            return letter
    return ""


def _flaw(path: Path, value: str, letter: str) -> Flaw:
    name = unicodedata.name(letter, "control character").lower()
    at = max(0, value.index(letter) - 20)
    shown = quoted(("…" if at else "") + value[at : at + 60])
    message = f"{shown} holds a {name} (U+{ord(letter):04X})"
    clean = value.replace(letter, " " if _SPACES.match(letter) else "")
    if letter == _REPLACEMENT:
        return Flaw(path, f"{message}: a letter was lost", "enter the letter that was there", unless=("S5-02",))
    if _SPACES.match(letter):
        return Flaw(path, f"{message}, which is no space", "enter a space in its place", unless=("S5-02",), enter=clean)
    fix = "remove it, or type the value again"
    return Flaw(path, f"{message}, which is not seen", fix, unless=("S5-02",), enter=clean)
