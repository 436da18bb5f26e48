"""The library: a folder of profiles, one TOML file each, with the files next to them."""

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.setup.did_you_mean import nearest
from omtui.setup.reading import ReadingFault
from omtui.store.change import MISSING, Set, value_at
from omtui.store.document import Document
from omtui.store.files import WrittenFile, read_file, write_file
from omtui.store.together import CompanionFile, FileMove, carry_out, take_back
from omtui.store.watching import Mark
from omtui.typed_path import typed_path

SUFFIX = ".toml"

Companion = Literal["progress", "map"]
"""A file next to a profile: `NAME.progress.toml` (the walk-through) and `NAME.map.toml` (for promotions)."""

COMPANIONS: tuple[Companion, ...] = ("progress", "map")

FileKind = Companion | Literal["columns", "fsm"]
"""All that is next to a profile: `NAME.columns.toml` says which column of an orders file is which attribute,
`NAME.fsm.toml` which column of a setup data package is which field."""

FILE_KINDS: tuple[FileKind, ...] = (*COMPANIONS, "columns", "fsm")

LONGEST_NAME = 200
"""In bytes; with the longest ending it still fits what file systems take."""

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
"""Names that Windows gives to devices, with any ending."""


@dataclass(frozen=True)
class LibraryFile:
    """A profile of the library. It is read when it is asked for."""

    name: str
    path: Path
    modified: datetime | None = None
    mark: Mark | None = None

    @cached_property
    def head(self) -> Mapping[str, object]:
        """The profile's own tables at the top of the file, `profile` and `pod`; empty when they cannot be read."""
        content = read_file(self.path)
        return {} if isinstance(content, Problem) else head_of(content)

    @cached_property
    def faults(self) -> tuple[ReadingFault, ...]:
        """Why it is not readable as a profile; reads all of it."""
        content = read_file(self.path)
        if isinstance(content, Problem):
            return (ReadingFault(content.message, content.fix),)
        document = Document.from_bytes(content)
        return tuple(document) if isinstance(document, list) else ()


def head_of(content: bytes) -> Mapping[str, object]:
    """The tables `profile` and `pod` of a file's content; empty when they cannot be read."""
    text = content.decode("utf-8-sig")
    first_record = re.search(r"^[ \t]*\[\[", text, re.MULTILINE)
    for part in (text[: first_record.start()] if first_record else text, text):
        with suppress(tomllib.TOMLDecodeError, RecursionError, ValueError, ArithmeticError):
            data = tomllib.loads(part)
            if "profile" in data:
                return {name: data.get(name, {}) for name in ("profile", "pod")}
    return {}


_AT = "%Y%m%dT%H%M%S.%f"
"""How the folder of a profile in the trash says when it was deleted (UTC)."""


@dataclass(frozen=True, slots=True)
class Trashed:
    """A profile in the trash: a folder with its file and those that were next to it."""

    name: str
    folder: Path
    at: str

    @property
    def when(self) -> str:
        """When it was deleted, to the minute, in the time of this machine."""
        try:
            at = datetime.strptime(self.at, _AT).replace(tzinfo=UTC)
        except ValueError:
            return self.at
        return f"{at.astimezone():%Y-%m-%d %H:%M}"

    @property
    def path(self) -> Path:
        """The profile's file."""
        return self.folder / f"{self.name}{SUFFIX}"


NoteMoves = Callable[[Sequence[FileMove], Sequence[CompanionFile]], object]


def _no_note(*_given: object) -> None:
    pass


class Library:
    """A folder of profiles. `trash` is the folder that deleted ones go to."""

    def __init__(self, folder: Path, trash: Path) -> None:
        self.folder = folder
        self.trash = trash

    def names(self) -> list[str]:
        """The names of all profiles, sorted as people do."""
        return [each.name for each in self.listed()]

    def listed(self) -> list[LibraryFile]:
        """All profiles, by name. Nothing in them is read."""
        found = []
        with suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                name = entry.name.removesuffix(SUFFIX)
                if name == entry.name or name.startswith(".") or is_companion(name):
                    continue
                with suppress(OSError):
                    if entry.is_dir():
                        continue
                status = None
                with suppress(OSError):
                    status = entry.stat()
                modified = datetime.fromtimestamp(status.st_mtime, UTC) if status else None
                mark = Mark(status.st_mtime_ns, status.st_size, status.st_ino) if status else None
                found.append(LibraryFile(name, Path(entry.path), modified, mark))
        return sorted(found, key=lambda each: (each.name.casefold(), each.name))

    def path(self, name: str) -> Path:
        """The file of a profile, whether it is there or not."""
        return self.folder / f"{name}{SUFFIX}"

    def find(self, name: str) -> Path | Problem:
        """The file of a profile by its name, or a path to a `.toml` file."""
        if name.endswith(SUFFIX) or os.sep in name:
            path = typed_path(name)
            if path.suffix != SUFFIX:
                return Problem(f"{plain(name)} is no path to a {SUFFIX} file", "omtui list shows the library")
            if os.path.lexists(path):
                return path
            return Problem(f"there is no file {plain(name)}", self._hint(Path(name).name.removesuffix(SUFFIX)))
        if (reason := why_not(name, new=False)) is not None:
            return Problem(f"{plain(name)} is no name of a profile: {reason}", self._hint(name))
        path = self.path(name)
        if os.path.lexists(path):
            return path
        return Problem(f"there is no profile {plain(name)} in {plain(self.folder)}", self._hint(name))

    def create(self, name: str, content: bytes, note: Callable[[Path, bytes], None] = _no_note) -> Path | Problem:
        """Add a profile. Its `profile.name` becomes the name. `note` is called right before the file is written."""
        if (refused := self._taken(name)) is not None:
            return refused
        named = _named(content, name)
        if isinstance(named, Problem):
            return named
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return Problem(f"the folder {plain(self.folder)} cannot be made: {_why(error)}", "choose another --library")
        note(self.path(name), named)
        outcome = write_file(self.path(name), named, None)
        if isinstance(outcome, WrittenFile):
            return self.path(name)
        if isinstance(outcome, Problem):
            return outcome
        return Problem(f"there is a profile {plain(name)} already", "choose another name")

    def rename(
        self, name: str, new: str, files: Sequence[CompanionFile] = (), note: NoteMoves = _no_note
    ) -> Path | Problem:
        """Give a profile and the files next to it another name. Its `profile.name` follows.

        `files` are written with it. `note` is called right before anything is done.
        """
        source = self.find(name)
        if isinstance(source, Problem):
            return source
        if (refused := self._taken(new, source.name.removesuffix(SUFFIX))) is not None:
            return refused
        target = source.with_name(f"{new}{SUFFIX}")
        moves = _moves(source, target)
        if taken := next((each.target for each in moves if os.path.lexists(each.target)), None):
            return Problem(f"there is a file {plain(Path(taken).name)} already", "choose another name")
        content = read_file(source)
        named = _named(content, new) if isinstance(content, bytes) else b""
        if isinstance(content, bytes) and isinstance(named, bytes) and named != content:
            files = (CompanionFile.of(target.absolute(), content, named), *files)
        note(moves, files)
        failure = _together(moves, files)
        return Problem(f"{plain(name)} cannot be renamed: {failure.message}", failure.fix) if failure else target

    def delete(self, name: str, note: NoteMoves = _no_note) -> Trashed | Problem:
        """Move a profile and its files to the trash. `note` is called right before anything is done."""
        source = self.find(name)
        if isinstance(source, Problem):
            return source
        stem = source.name.removesuffix(SUFFIX)
        at = f"{datetime.now(UTC):{_AT}}"
        folder = self.trash.absolute() / f"{at} {stem}"
        moves = _moves(source, folder / source.name)
        try:
            self.trash.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
        except OSError as error:
            failure: Problem | None = Problem(_why(error), "check the state folder")
        else:
            note(moves, ())
            failure = _together(moves, ())
        if failure is not None:
            with suppress(OSError):
                folder.rmdir()
            return Problem(f"{plain(name)} cannot be put into the trash: {failure.message}", failure.fix)
        return Trashed(stem, folder, at)

    def trashed(self) -> list[Trashed]:
        """The profiles in the trash, newest first."""
        found = []
        with suppress(OSError), os.scandir(self.trash) as entries:
            for entry in entries:
                at, _, name = entry.name.partition(" ")
                if name and os.path.lexists(Path(entry.path, f"{name}{SUFFIX}")):
                    found.append(Trashed(name, Path(entry.path), at))
        return sorted(found, key=lambda each: each.at, reverse=True)

    def restore(self, trashed: Trashed, note: NoteMoves = _no_note) -> Path | Problem:
        """Take a profile and its files out of the trash. `note` is called right before that."""
        if (refused := self._taken(trashed.name, new=False)) is not None:
            return refused
        target, there = self.path(trashed.name), trashed.path
        moves = _moves(there, target)
        if taken := next((each.target for each in moves if os.path.lexists(each.target)), None):
            return Problem(f"there is a file {plain(Path(taken).name)} already", "move it away first")
        note(moves, ())
        failure = _together(moves, ())
        if failure is not None:
            return Problem(f"{plain(trashed.name)} cannot be brought back: {failure.message}", failure.fix)
        with suppress(OSError):
            trashed.folder.rmdir()
        return target

    def _taken(self, name: str, renamed: str = "", *, new: bool = True) -> Problem | None:
        """Why a name is not free. One that differs in case only is not: many file systems take both for one."""
        if (reason := why_not(name, new=new)) is not None:
            return Problem(f"{plain(name)} cannot be the name of a profile: {reason}", "choose another name")
        if os.path.lexists(self.path(name)):
            return Problem(f"there is a profile {plain(name)} already", "choose another name")
        twins = (each for each in self.names() if each.casefold() == name.casefold() and each != renamed)
        if twin := next(twins, None):
            return Problem(
                f"there is a profile {plain(twin)} already", "a name that differs in case only is not enough"
            )
        return None

    def _hint(self, name: str) -> str:
        near = nearest(name, self.names())
        return f"did you mean {plain(near)}?" if near else "omtui list shows the library"


def why_not(name: str, *, new: bool = True) -> str | None:
    """Why a text cannot be the name of a profile; `None` when it can.

    A new name holds no @, which in `PROFILE@STATE` begins an earlier state. Files that have one are found all the same.
    """
    rules: Iterator[tuple[bool, str]] = iter(
        (
            (not name.strip(), "it is empty"),
            (plain(name) != name, "it holds a character that cannot be seen"),
            (name.startswith((".", "-")), "it starts with a dot or a hyphen"),
            (any(letter in name for letter in '/\\:*?"<>|'), 'it holds one of / \\ : * ? " < > |'),
            (new and "@" in name, "it holds an @, which begins an earlier state: PROFILE@STATE"),
            (name != name.strip() or name.endswith("."), "it starts or ends with a space, or ends with a dot"),
            (bool(_RESERVED.match(name)), "it is the name of a device on Windows"),
            (name.lower().endswith(SUFFIX) or is_companion(name.lower()), "it ends like a file next to a profile"),
        )
    )
    if reason := next((reason for wrong, reason in rules if wrong), None):
        return reason
    return "it is too long" if len(name.encode()) > LONGEST_NAME else None


def companion_path(path: Path, kind: FileKind) -> Path:
    """The file of a kind next to a profile's file."""
    return path.with_name(f"{path.name.removesuffix(SUFFIX)}.{kind}{SUFFIX}")


def _moves(source: Path, target: Path) -> list[FileMove]:
    """What gives a profile's file and those next to it other names."""
    files = [(source, target), *((companion_path(source, kind), companion_path(target, kind)) for kind in FILE_KINDS)]
    return [FileMove(str(one.absolute()), str(other.absolute())) for one, other in files if os.path.lexists(one)]


def is_companion(name: str) -> bool:
    """Whether a name, without `.toml`, is that of a file next to a profile."""
    return name.endswith(tuple(f".{kind}" for kind in FILE_KINDS))


def _named(content: bytes, name: str) -> bytes | Problem:
    """The content with another `profile.name`."""
    document = Document.from_bytes(content)
    if isinstance(document, list):
        return Problem(f"the profile cannot be read: {document[0].message}", document[0].fix)
    old = value_at(document.data, ("profile", "name"))
    if old != name:
        document.perform(Set(("profile", "name"), old if old is not None else MISSING, name))
    return document.to_bytes()


def _together(moves: Sequence[FileMove], files: Sequence[CompanionFile]) -> Problem | None:
    """Do all of it, or nothing; why not."""
    failure = carry_out(moves, files)
    if failure is not None and take_back(moves, files) is not None:
        return Problem(f"{failure.message}; a part of it is done", "start omtui again: it does the rest then")
    return failure


def _why(error: OSError) -> str:
    return plain(error.strerror or error).lower()
