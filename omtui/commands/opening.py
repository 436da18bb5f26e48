"""From the words of a command line to a library, a profile, an earlier state of it."""

import os
import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.commands.arguments import Given, Misuse
from omtui.commands.output import Output
from omtui.plain_text import plain
from omtui.store.folders import PENDING, library_folder, state_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omtui.checks.finding import CheckContext
    from omtui.service.outcomes import Refused, Wrong
    from omtui.service.session import NotReadable, Session
    from omtui.service.workspace import Workspace
    from omtui.setup.indexed import Indexed
    from omtui.setup.place import Data
    from omtui.setup.reading import ReadingFault
    from omtui.store.document import Document
    from omtui.store.files import Unreadable
    from omtui.store.library import Library
    from omtui.store.together import Beside

STDIN = "-"

TRIES = 20
"""How often a change is made again because another program was quicker."""


@dataclass(frozen=True)
class Reading:
    """A profile that is only looked at.

    `file` is its path as it was named, for other programs; empty when it did not come from a file. `owner` is the
    profile as its secrets know it, of commands that concern secrets.
    """

    name: str
    path: Path | None
    document: "Document"
    file: str = ""
    owner: "Data" = field(default_factory=dict)

    @property
    def data(self) -> "Data":
        """The profile as plain data."""
        return self.document.data

    @cached_property
    def indexed(self) -> "Indexed":
        """The profile with its indexes."""
        from omtui.setup.indexed import Indexed

        return Indexed(self.data)


# The library


def chosen_library(given: Given) -> Path:
    """The folder of profiles that is meant."""
    return library_folder(given.optional("--library"), given.environment)


def open_workspace(given: Given) -> "Workspace":
    """The library as both fronts see it."""
    from omtui.service.workspace import Workspace

    return Workspace(chosen_library(given), state=state_folder(given.environment))


def finish_what_was_left(given: Given, out: Output) -> None:
    """Finish what a killed program left half done before anything is looked at, and say so."""
    state = state_folder(given.environment)
    try:
        is_left = bool(os.listdir(state / PENDING))  # noqa: PTH208 - no list is needed, and this is the fastest
    except (OSError, ValueError):
        return
    for words in open_workspace(given).finish() if is_left else ():
        out.tell(f"omtui: {words}")


def library_of(given: Given) -> "Library":
    """The library as the store keeps it."""
    from omtui.store.library import Library

    return Library(chosen_library(given), state_folder(given.environment) / "trash")


def profile_names(given: Given) -> list[str]:
    """The names of the library's profiles; none when it cannot be read."""
    return library_of(given).names()


def is_path(word: str) -> bool:
    """Whether a word is a path and not a name in the library."""
    return "/" in word or os.sep in word or word.endswith(".toml")


def file_of(given: Given, word: str) -> Path:
    """The file that a word means: a path as it stands, a name in the library."""
    return Path(word).expanduser() if is_path(word) else chosen_library(given) / f"{word}.toml"


def no_such_command(word: str, words: list[str]) -> Misuse | None:
    """Why a word is neither a command nor a profile; `None` when it is one that the workbench can open."""
    from omtui.commands.arguments import parse
    from omtui.commands.options import COMMON
    from omtui.commands.registry import BY_NAME, WORKBENCH

    given = parse(WORKBENCH, words, COMMON)
    if isinstance(given, Misuse) and words[0].startswith("-"):
        return given
    second = [name.partition(" ")[2] for name in BY_NAME if name.startswith(f"{word} ")]
    if second:
        return Misuse(f"{word} needs one more word", f"{', '.join(second[:-1])} or {second[-1]}")
    library = given if isinstance(given, Given) else Given(WORKBENCH)
    library.environment = os.environ
    if is_path(word) or word in profile_names(library):
        return None
    from omtui.commands.meant import meant

    near = meant(word, [*BY_NAME, *profile_names(library)])
    fix = f"did you mean {near}?" if near else "omtui --help lists the commands, omtui list the profiles"
    return Misuse(f"{word or 'an empty word'} is neither a command nor a profile of {chosen_library(library)}", fix)


def why_no_workbench() -> str | None:
    """Why the workbench cannot be shown: its input or its screen is not a terminal."""
    for stream, words in ((sys.__stdin__, "standard input"), (sys.__stderr__, "standard error")):
        if stream is None or not stream.isatty():
            return f"the workbench needs a terminal, and {words} is none; omtui --help lists the commands"
    return None


# Profiles


def read(given: Given, word: str) -> "Reading | NotReadable":
    """The profile that a word means, to be looked at: a name, a path, `-`, or an earlier state behind an `@`."""
    from omtui.service.session import NotReadable
    from omtui.setup.reading import ReadingFault
    from omtui.store.document import Document
    from omtui.store.files import Unreadable, read_file

    if word == STDIN:
        content = read_stdin()
        path, file = None, ""
    else:
        path = file_of(given, word)
        if not os.path.lexists(path) and "@" in word:
            return _earlier(given, word)
        file = as_named(path)
        content = read_file(path)
        if isinstance(content, Unreadable) and not is_path(word) and not os.path.lexists(path):
            return NotReadable(path, (_no_such_profile(given, word),))
    if isinstance(content, Unreadable):
        return NotReadable(path or Path("stdin"), (ReadingFault(content.message, content.fix),))
    document = Document.from_bytes(content)
    if isinstance(document, list):
        return NotReadable(path or Path("stdin"), tuple(document))
    reading = Reading(path.name.removesuffix(".toml") if path else "", path, document, file)
    return reading if path else replace(reading, name=reading.indexed.name)


def _earlier(given: Given, word: str) -> "Reading | NotReadable":
    """The one place where `PROFILE@STATE` is read. A file whose own name holds an `@` was looked for before."""
    from omtui.service.session import NotReadable
    from omtui.service.states import NoState, state_of
    from omtui.setup.reading import ReadingFault
    from omtui.store.document import Document

    name, _, state = word.rpartition("@")
    path = file_of(given, name)
    if "\0" in word:
        return NotReadable(path, (_no_such_profile(given, word),))
    if not os.path.lexists(path) and not is_path(name) and name not in profile_names(given):
        return NotReadable(path, (_no_such_profile(given, name),))
    content = state_of(path, state)
    if isinstance(content, NoState):
        return NotReadable(path, (ReadingFault(f"{plain(word)}: {content.message}", content.fix),))
    document = Document.from_bytes(content)
    if isinstance(document, list):
        return NotReadable(path, tuple(document))
    return Reading(f"{path.name.removesuffix('.toml')}@{state}", path, document)


def read_stdin() -> "bytes | Unreadable":
    """A profile from standard input, bounded as a file is."""
    from omtui.store.files import LIMIT, Unreadable

    if sys.stdin is None:
        return Unreadable("there is no standard input", "name a file")
    content = sys.stdin.buffer.read(LIMIT + 1)
    if len(content) > LIMIT:
        return Unreadable(f"standard input is bigger than {LIMIT // (1024 * 1024)} MB", "is this a profile?")
    if not content.strip():
        return Unreadable("standard input is empty", "give a profile to read")
    return content


def several(given: Given, out: Output) -> list[str]:
    """The profiles that a command takes several of.

    `profiles/*.toml` names what stands beside a profile too: that is left out.
    """
    from omtui.store.library import SUFFIX, is_companion

    words = given.texts("PROFILE")
    kept = [word for word in words if not (word.endswith(SUFFIX) and is_companion(word.removesuffix(SUFFIX)))]
    if len(words) == 1 or not kept:
        return words
    if len(kept) < len(words):
        files = "1 file" if len(words) - len(kept) == 1 else f"{len(words) - len(kept)} files"
        out.tell(f"omtui {given.command.name}: {files} beside profiles left out")
    return kept


def surroundings_of(workspace: "Workspace", reading: Reading) -> "CheckContext":
    """What checks may know beside the profile."""
    if reading.path is not None:
        return workspace.surroundings(reading.path, reading.document.data, reading.document)
    from datetime import date

    from omtui.checks.finding import CheckContext

    return CheckContext(date.today())


def data_as_it_stands(given: Given, word: str) -> "Data":
    """What can be read of a profile, for completion; nothing when it cannot be read."""
    from omtui.service.session import NotReadable

    reading = read(given, word) if word and word != STDIN else None
    return {} if reading is None or isinstance(reading, NotReadable) else reading.data


def _no_such_profile(given: Given, word: str) -> "ReadingFault":
    from omtui.commands.meant import meant
    from omtui.setup.reading import ReadingFault

    near = meant(word, profile_names(given))
    fix = f"did you mean {near}?" if near else f"omtui list shows those of {chosen_library(given)}"
    return ReadingFault(f"there is no profile {plain(word) or 'without a name'}", fix)


def as_named(path: Path) -> str:
    """The path as other programs are to be told it: relative to where they work, with forward slashes."""
    if not path.is_absolute():
        return path.as_posix()
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


# Changing


def open_for_change(
    given: Given, out: Output, argument: str = "PROFILE", *, keeps_drafts: bool = False
) -> "Session | int":
    """The profile that a command changes, unlocked if that was asked for; else the exit code, told.

    `argument` is the one that names it. What the workbench left unsaved stays a draft: a command changes what is in
    the file.
    """
    from omtui.service.outcomes import Done, Wrong
    from omtui.service.session import NotReadable

    word = given.text(argument)
    path = file_of(given, word)
    if not is_path(word) and not os.path.lexists(path):
        return wrong(given, out, NotReadable(path, (_no_such_profile(given, word),)))
    session = open_workspace(given).open(str(path.absolute()), keeps_drafts=keeps_drafts)
    if isinstance(session, (NotReadable, Wrong)):
        return wrong(given, out, session)
    name = given.optional("--unlock")
    if name is not None and not isinstance(outcome := session.unlock(name), Done):
        return refused(given, out, outcome)
    if (locked := session.why_locked()) is not None:
        return refused(given, out, locked)
    return session


def saved_or_refused(session: "Session", reason: str = "", beside: "Sequence[Beside]" = ()) -> "Refused | None":
    """Write the file, and others as one with it; why not when it was not written.

    What another program wrote meanwhile is taken in.
    """
    from omtui.service.outcomes import Refused, Wrong
    from omtui.service.session import FileChanged

    saved = session.save(reason=reason, beside=beside)
    for _ in range(TRIES):
        if not (isinstance(saved, FileChanged) and saved.hash is not None and session.catch_up()):
            break
        saved = session.save(reason=reason, beside=beside)
    if isinstance(saved, FileChanged):
        changed = "is gone" if saved.hash is None else "was changed by another program meanwhile"
        return Refused(f"{plain(session.path)} {changed}", "nothing was written; try again")
    if isinstance(saved, Wrong):
        return Refused(saved.message, saved.fix)
    return saved if isinstance(saved, Refused) else None


# How it ends


def tell_news(given: Given, out: Output, session: "Session") -> None:
    """Say what could not be kept for a later undo."""
    if news := session.news():
        out.tell(f"omtui {given.command.name}: {news}")


def wrong(given: Given, out: Output, what: "Wrong | NotReadable") -> int:
    """Tell what makes no sense, every fault on a line; exit code 2."""
    from omtui.service.outcomes import Wrong

    for line in [str(what)] if isinstance(what, Wrong) else told_faults(what):
        out.tell(f"omtui {given.command.name}: {line}")
    return 2


def told_faults(unread: "NotReadable") -> list[str]:
    """Why a file is no profile: each fault with its file, line and column."""
    lines = []
    for fault in unread.faults:
        at = f":{fault.line}:{fault.column}" if fault.line and fault.column else ""
        # What cannot be opened names itself.
        is_named = plain(unread.path) in fault.message or not (at or fault.path)
        name = "" if is_named else f"{unread.path.name}{at}: "
        lines.append(f"{name}{fault.message}; {fault.fix}")
    return lines


def refused(given: Given, out: Output, what: "Refused | Wrong") -> int:
    """Tell why nothing was done; exit code 3, or 2 for what makes no sense."""
    from omtui.service.outcomes import Wrong

    out.tell(f"omtui {given.command.name}: {what}")
    return 2 if isinstance(what, Wrong) else 3
