"""An open profile: what it says, what is wrong with it, and whether it may be changed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from omtui.plain_text import plain
from omtui.problem import Done, Outcome, Problem
from omtui.setup.indexed import Indexed, rows
from omtui.setup.place import Data, Path
from omtui.setup.profile import ENVIRONMENTS, is_production
from omtui.setup.table import Record
from omtui.setup.values import toml_string
from omtui.store.change import value_at
from omtui.store.document import Document
from omtui.store.files import content_hash, read_file

if TYPE_CHECKING:
    from omtui.checks.finding import CheckContext, LastReview, ShownFinding

BIG = 400_000
"""From how many bytes on a profile is checked when a person pauses, and not within every change."""

_ORDER = {"error": 0, "warning": 1, "info": 2}


class OpenProfile:
    """A profile that was read from its file.

    `revision` grows with every change, so that a screen knows when to draw again. Findings and indexes are made when
    they are asked for, once for each revision.
    """

    def __init__(
        self, path: FilePath, document: Document, content: bytes, surroundings: Callable[[], CheckContext]
    ) -> None:
        self.path = path
        self.name = path.name.removesuffix(".toml")
        self.document = document
        self.base = content
        """The file's content that the unsaved changes start from."""
        self.file_hash = content_hash(content)
        self.revision = 0
        self.unlocked = False
        self.last_review: LastReview | None = None
        """The last topology review that is kept on this machine, as the checks last knew it."""
        self._surroundings = surroundings
        self._environment_in_file = self._environment
        self._indexed: tuple[int, Indexed] | None = None
        self._results: tuple[int, list[ShownFinding]] | None = None
        self._levels: tuple[int, dict[Path, str]] | None = None

    @property
    def data(self) -> Data:
        """The profile as it is now, unsaved changes included. Not to be changed but by `edit`."""
        return self.document.data

    @property
    def indexed(self) -> Indexed:
        """The profile with its indexes."""
        if self._indexed is None or self._indexed[0] != self.revision:
            self._indexed = (self.revision, Indexed(self.data))
        return self._indexed[1]

    def value(self, path: Path) -> object:
        """What is at a path; `MISSING` when nothing is."""
        return value_at(self.data, path)

    def records_at(self, path: Path) -> list[Record]:
        """The records of the list at a path."""
        holder = self.value(path[:-1])
        return rows(holder, str(path[-1])) if isinstance(holder, Mapping) else []

    # Findings

    @property
    def results(self) -> list[ShownFinding]:
        """Every finding, accepted ones included, in the order of the file. Lines are not looked up.

        Of a big profile these are those of the last `check`, see `is_checked`.
        """
        if self._results is None or (self._results[0] != self.revision and not self.is_big):
            self.check()
        return self._results[1] if self._results else []

    @property
    def is_big(self) -> bool:
        """Whether checking takes so long that a person would feel it after every change."""
        return len(self.base) > BIG

    @property
    def is_checked(self) -> bool:
        """Whether `results` are those of the profile as it is now."""
        return self._results is not None and self._results[0] == self.revision

    def check(self) -> None:
        """Find out again what is wrong."""
        from omtui.checks.running import results, run

        surroundings = self._surroundings()
        found = results(self.indexed, run(self.indexed, surroundings), surroundings.today)
        self._results = (self.revision, found)
        self.last_review = surroundings.last_review
        self._levels = None

    def surroundings(self) -> CheckContext:
        """What checks may know in addition to the profile."""
        return self._surroundings()

    @property
    def counts(self) -> Counter[str]:
        """How many findings of each level are not accepted."""
        return Counter(result.finding.level for result in self.results if not result.waived)

    @property
    def levels(self) -> Mapping[Path, str]:
        """The worst level at each path that a finding points at, and at every record and list around it."""
        if self._levels is None or not (self.is_big or self._levels[0] == self.revision):
            levels: dict[Path, str] = {}
            for result in self.results:
                if not result.waived:
                    level = result.finding.level
                    for end in range(1, len(result.finding.path) + 1):
                        here = result.finding.path[:end]
                        if _ORDER[level] < _ORDER.get(levels.get(here, ""), 9):
                            levels[here] = level
            self._levels = (self.revision, levels)
        return self._levels[1]

    def results_where(self, concerns: Callable[[Path], bool]) -> list[ShownFinding]:
        """The findings whose path concerns the asker, the worst first; accepted ones are left out."""
        found = [each for each in self.results if not each.waived and concerns(each.finding.path)]
        return sorted(found, key=lambda each: _ORDER[each.finding.level])

    def results_at(self, path: Path) -> list[ShownFinding]:
        """The findings at a path or inside it, the worst first; accepted ones are left out."""
        return self.results_where(lambda each: each[: len(path)] == path)

    # The lock

    @property
    def is_production(self) -> bool:
        """Whether this is taken for the set-up of a production pod: the file, or what is shown of it now."""
        return is_production(self._environment_in_file) or is_production(self._environment)

    @property
    def _environment(self) -> str:
        return str(value_at(self.data, ("profile", "environment")))

    @property
    def own_name(self) -> str:
        """The name that unlocks it: that of the file itself, whichever links lead to it."""
        return FilePath(os.path.realpath(self.path)).name.removesuffix(".toml")

    @property
    def locked(self) -> bool:
        """Whether the file may not be changed: production, until its name was typed."""
        return self.is_production and not self.unlocked

    def why_locked(self) -> Problem | None:
        """The refusal of every change while the profile is locked."""
        return refusal_of(self.name, self.own_name, self._environment) if self.locked else None

    def unlock(self, name: str) -> Outcome:
        """Allow changes of a production profile's file for this run, when its name was typed."""
        if name != self.own_name:
            return Problem(f"that is not the name of {plain(self.name)}", f"type {plain(self.own_name)}")
        self.unlocked = True
        return Done(f"{self.name} can be changed")


def environment_of(path: FilePath) -> str:
    """The environment that a file says now; empty where it says none, or cannot be read."""
    content = read_file(path)
    document = Document.from_bytes(content) if isinstance(content, bytes) else []
    return str(value_at(document.data, ("profile", "environment"))) if isinstance(document, Document) else ""


def refusal_of(name: str, own_name: str, environment: str) -> Problem:
    """The refusal of every change of a locked profile, and what unlocks it in both fronts."""
    fix = f"--unlock {plain(own_name)} allows a command to change it, U the workbench"
    if environment in ("production", *ENVIRONMENTS):
        return Problem(f"{plain(name)} is production and read-only", fix)
    said = f"environment = {toml_string(environment)}" if environment else "without an environment"
    return Problem(f"{plain(name)} is taken for production and read-only ({plain(said)})", fix)
