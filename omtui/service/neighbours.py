"""The profiles of a library for the checks of one of them: a file is looked into once for each of its states.

What was found of a big library is kept in the state folder, so that the next check reads only what changed. It says no
more than which host is whose pod and what is called; what cannot be used of it is found again.
"""

from __future__ import annotations

import json
import re
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omtui.checks.neighbours import Facts, Neighbours, facts_of
from omtui.setup.hosts import Reached
from omtui.setup.reading import parse
from omtui.store.files import read_bytes, read_file, replace_file
from omtui.store.watching import Mark

if TYPE_CHECKING:
    from omtui.store.library import Library

FEW = 200
"""Up to how many profiles the files are looked at again for each question, and nothing is kept."""

FRESH = 2.0
"""For how many seconds the files of a bigger library count as unchanged: to look at all takes as long as a key may."""

_FORMAT = 1
_LIMIT = 64 * 1024 * 1024


class LibraryNeighbours(Neighbours):
    """The profiles of a library as they are on disk. `state` is the folder in which facts are kept."""

    def __init__(self, library: Library, state: Path) -> None:
        super().__init__()
        self._library = library
        folder = str(library.folder.absolute())
        self._file = state / f"neighbours-{zlib.crc32(folder.encode('utf-8', 'surrogateescape')):08x}.json"
        self._marks: dict[str, Mark] = {}
        self._looked = -FRESH

    def look(self) -> LibraryNeighbours:
        """Take in what changed in the folder."""
        if len(self._marks) > FEW and time.monotonic() - self._looked < FRESH:
            return self
        files = {each.name: each for each in self._library.listed() if each.mark is not None}
        kept = self._kept() if not self._marks and len(files) > FEW else {}
        for name in [name for name in self._marks if name not in files]:
            del self._marks[name]
            self.put(name, None)
        looked_into = 0
        for name, file in files.items():
            if file.mark is None or self._marks.get(name) == file.mark:
                continue
            self._marks[name] = file.mark
            known = kept.get(name)
            if known is not None and known[0] == file.mark:
                self.put(name, known[1])
                continue
            looked_into += 1
            content = read_file(file.path)
            self.put(name, _facts(content.decode("utf-8-sig")) if isinstance(content, bytes) else None)
        if len(files) > FEW and looked_into > FEW // 4:
            self._keep()
        self._looked = time.monotonic()
        return self

    def _kept(self) -> dict[str, tuple[Mark, Facts | None]]:
        """What an earlier run found; nothing where that cannot be used."""
        content = read_bytes(self._file, _LIMIT)
        try:
            document = json.loads(content) if isinstance(content, bytes) else {}
            if document["format"] != _FORMAT or document["folder"] != str(self._library.folder.absolute()):
                return {}
            return {name: (Mark(*mark), _facts_from(facts)) for name, (mark, facts) in document["files"].items()}
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return {}

    def _keep(self) -> None:
        """Keep what was found. Where that fails, the next run finds it again."""
        files = {name: (mark, _facts_to(self._facts.get(name))) for name, mark in self._marks.items()}
        document = {"format": _FORMAT, "folder": str(self._library.folder.absolute()), "files": files}
        with suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._file, json.dumps(document, separators=(",", ":")).encode(), mode=0o600)


def _facts_to(facts: Facts | None) -> object:
    return None if facts is None else (facts.environment, sorted(facts.pods), sorted(facts.calls, key=repr))


def _facts_from(kept: Any) -> Facts | None:
    if kept is None:
        return None
    environment, pods, calls = kept
    reached = (Reached(str(host), port if type(port) is int else None, str(path)) for host, port, path in calls)
    return Facts(str(environment), frozenset(map(str, pods)), frozenset(reached))


_USED = re.compile(
    r"""^[ \t]*(?:\[\[?[ \t]*["'A-Za-z][^\n]*|["']?(?:url|host|port|path|protocol|expect|environment|predefined)"""
    r"""["']?[ \t]*=[^\n]*)""",
    re.MULTILINE,
)
_UNUSUAL = re.compile(
    r"\"\"\"|\'\'\'"
    r"""|^[ \t]*["']?(?:pod|profile|topology|connectors|applications|endpoints)["']?[ \t]*"""
    r"""(?:\.|=[ \t]*(?:\{|\[[ \t]*(?:$|[{#])))"""
    r"""|^[ \t]*"[^"\n]*\\""",
    re.MULTILINE,
)
"""Texts of many lines, tables without a header, and keys with escapes: they are read whole."""


def _facts(text: str) -> Facts | None:
    """The facts of a text. Only headers and the lines that say them are read, which takes a tenth of the time."""
    import tomli

    if not _UNUSUAL.search(text):
        try:
            return facts_of(tomli.loads("\n".join(_USED.findall(text))))
        except (tomli.TOMLDecodeError, ValueError, RecursionError):
            pass
    data = parse(text)
    return facts_of(data) if isinstance(data, dict) else None
