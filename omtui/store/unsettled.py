"""What a merge left to be settled: the comments `# CONFLICT` of `omtui merge`, and Git's own markers."""

import re
from dataclasses import dataclass

from omtui.setup.place import Data, NotAPlace, Path, Place, parse, resolve
from omtui.setup.reading import comments

MARK = "# CONFLICT"
_COMMENT = re.compile(r"#+ ?CONFLICT\b[ \t]*(?P<words>.*)")


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A conflict that is still open: its line (from 1), its words, and what it is about, where that is there."""

    line: int
    words: str
    path: Path = ()


def unsettled(text: str, data: Data | None = None) -> list[Unsettled]:
    """The conflicts that a text holds as comments. `data` is what it reads as, to find what they are about."""
    if "CONFLICT" not in text:
        return []
    found = []
    for start, comment in comments(text):
        if match := _COMMENT.match(comment):
            line = text.count("\n", 0, start) + 1
            found.append(Unsettled(line, match["words"].strip(), _path(match["words"], data)))
    return found


def _path(words: str, data: Data | None) -> Path:
    place = parse(words.partition(": ours:")[0].strip())
    if data is None or isinstance(place, NotAPlace):
        return ()
    while place.parts:
        found = resolve(data, place)
        if isinstance(found, tuple):
            return found
        place = Place(place.parts[:-1])
    return ()
