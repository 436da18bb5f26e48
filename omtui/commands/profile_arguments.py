"""From the words of a command line to a library, a profile, an earlier state of it."""

import os
import sys
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.commands.arguments import Misuse, ParsedArguments
from omtui.commands.output import Output
from omtui.plain_text import few, plain
from omtui.problem import Done, Problem, Wrong
from omtui.store.folders import PENDING, library_folder, state_folder
from omtui.typed_path import typed_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from omtui.checks.finding import CheckContext
    from omtui.service.session import NotReadable, Session
    from omtui.service.workspace import Workspace
    from omtui.setup.indexed import Indexed
    from omtui.setup.place import Data
    from omtui.setup.reading import ReadingFault
    from omtui.store.document import Document
    from omtui.store.library import Library
    from omtui.store.together import CompanionFile

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


def chosen_library(args: ParsedArguments) -> Path:
    """The folder of profiles that is meant."""
    return library_folder(args.optional("--library"), args.environment)


def open_workspace(args: ParsedArguments) -> "Workspace":
    """The library as both fronts see it."""
    from omtui.service.workspace import Workspace

    return Workspace(chosen_library(args), state=state_folder(args.environment))


def finish_what_was_left(args: ParsedArguments, out: Output) -> None:
    """Finish what a killed program left half done before anything is looked at, and say so."""
    state = state_folder(args.environment)
    try:
        is_left = bool(os.listdir(state / PENDING))  # noqa: PTH208 - no list is needed, and this is the fastest
    except (OSError, ValueError):
        return
    for words in open_workspace(args).finish() if is_left else ():
        out.message(f"omtui: {words}")


def library_of(args: ParsedArguments) -> "Library":
    """The library as the store keeps it."""
    from omtui.store.library import Library

    return Library(chosen_library(args), state_folder(args.environment) / "trash")


def profile_names(args: ParsedArguments) -> list[str]:
    """The names of the library's profiles; none when it cannot be read."""
    return library_of(args).names()


def is_path(word: str) -> bool:
    """Whether a word is a path and not a name in the library."""
    return "/" in word or os.sep in word or word.endswith(".toml")


def file_of(args: ParsedArguments, word: str) -> Path:
    """The file that a word means: a path, or a name in the library."""
    return typed_path(word) if is_path(word) else chosen_library(args) / f"{word}.toml"


def no_such_command(word: str, words: list[str]) -> Misuse | None:
    """Why a word is neither a command nor a profile; `None` when it is one that the workbench can open."""
    from omtui.commands.arguments import parse
    from omtui.commands.options import COMMON
    from omtui.commands.registry import BY_NAME, WORKBENCH

    ahead = words[: words.index(word) + 1] if word != words[-1] else words
    # What follows a misspelt command belongs to the command that was meant.
    args = parse(WORKBENCH, ahead, COMMON)
    if isinstance(args, Misuse) and words[0].startswith("-"):
        return args
    second = [name.partition(" ")[2] for name in BY_NAME if name.startswith(f"{word} ")]
    if second:
        return Misuse(f"{word} needs one more word", f"{', '.join(second[:-1])} or {second[-1]}")
    library = args if isinstance(args, ParsedArguments) else ParsedArguments(WORKBENCH)
    library.environment = os.environ
    if is_path(word) or word in profile_names(library):
        return None
    from omtui.setup.did_you_mean import did_you_mean

    near = did_you_mean(word, [*BY_NAME, *profile_names(library)])
    fix = f"did you mean {near}?" if near else "omtui --help lists the commands, omtui list the profiles"
    return Misuse(f"{word or 'an empty word'} is neither a command nor a profile of {chosen_library(library)}", fix)


def why_no_workbench() -> str | None:
    """Why the workbench cannot be shown: its input or its screen is not a terminal."""
    for stream, words in ((sys.__stdin__, "standard input"), (sys.__stderr__, "standard error")):
        if stream is None or not stream.isatty():
            return f"the workbench needs a terminal, and {words} is none; omtui --help lists the commands"
    return None


# Profiles


def read(args: ParsedArguments, word: str) -> "Reading | NotReadable":
    """The profile that a word means, to be looked at: a name, a path, `-`, or an earlier state behind an `@`."""
    from omtui.service.session import NotReadable
    from omtui.setup.reading import ReadingFault
    from omtui.store.document import Document
    from omtui.store.files import read_file

    if word == STDIN:
        content = read_stdin()
        path, file = None, ""
    else:
        path = file_of(args, word)
        if not os.path.lexists(path) and "@" in word:
            return _earlier(args, word)
        file = as_named(path)
        content = read_file(path)
        if isinstance(content, Problem) and not is_path(word) and not os.path.lexists(path):
            return NotReadable(path, (_no_such_profile(args, word),))
    if isinstance(content, Problem):
        return NotReadable(path or Path("stdin"), (ReadingFault(content.message, content.fix),))
    document = Document.from_bytes(content)
    if isinstance(document, list):
        return NotReadable(path or Path("stdin"), tuple(document))
    reading = Reading(path.name.removesuffix(".toml") if path else "", path, document, file)
    return reading if path else replace(reading, name=reading.indexed.name)


def _earlier(args: ParsedArguments, word: str) -> "Reading | NotReadable":
    """The one place where `PROFILE@STATE` is read. A file whose own name holds an `@` was looked for before."""
    from omtui.service.session import NotReadable
    from omtui.service.states import state_of
    from omtui.setup.reading import ReadingFault
    from omtui.store.document import Document

    name, _, state = word.rpartition("@")
    path = file_of(args, name)
    if "\0" in word:
        return NotReadable(path, (_no_such_profile(args, word),))
    if not os.path.lexists(path) and not is_path(name) and name not in profile_names(args):
        return NotReadable(path, (_no_such_profile(args, name),))
    content = state_of(path, state)
    if isinstance(content, Problem):
        return NotReadable(path, (ReadingFault(f"{plain(word)}: {content.message}", content.fix),))
    document = Document.from_bytes(content)
    if isinstance(document, list):
        return NotReadable(path, tuple(document))
    return Reading(f"{path.name.removesuffix('.toml')}@{state}", path, document)


def read_stdin() -> "bytes | Problem":
    """A profile from standard input, bounded as a file is."""
    from omtui.store.files import LIMIT

    if sys.stdin is None:
        return Problem("there is no standard input", "name a file")
    content = sys.stdin.buffer.read(LIMIT + 1)
    if len(content) > LIMIT:
        return Problem(f"standard input is bigger than {LIMIT // (1024 * 1024)} MB", "is this a profile?")
    if not content.strip():
        return Problem("standard input is empty", "give a profile to read")
    return content


def several(args: ParsedArguments, out: Output) -> list[str]:
    """The profiles that a command takes several of.

    `profiles/*.toml` includes files next to a profile: those are left out.
    """
    from omtui.store.library import SUFFIX, is_companion

    words = args.texts("PROFILE")
    kept = [word for word in words if not (word.endswith(SUFFIX) and is_companion(word.removesuffix(SUFFIX)))]
    if len(words) == 1 or not kept:
        return words
    if len(kept) < len(words):
        files = "1 file" if len(words) - len(kept) == 1 else f"{len(words) - len(kept)} files"
        out.message(f"omtui {args.command.name}: {files} next to profiles left out")
    return kept


def surroundings_of(workspace: "Workspace", reading: Reading) -> "CheckContext":
    """What checks may know in addition to the profile."""
    if reading.path is not None:
        return workspace.surroundings(reading.path, reading.document.data, reading.document)
    from datetime import date

    from omtui.checks.finding import CheckContext

    return CheckContext(date.today())


def readable_data(args: ParsedArguments, word: str) -> "Data":
    """What can be read of a profile, for completion; nothing when it cannot be read."""
    from omtui.service.session import NotReadable

    reading = read(args, word) if word and word != STDIN else None
    return {} if reading is None or isinstance(reading, NotReadable) else reading.data


def _no_such_profile(args: ParsedArguments, word: str) -> "ReadingFault":
    from omtui.setup.did_you_mean import did_you_mean
    from omtui.setup.reading import ReadingFault

    near = did_you_mean(word, profile_names(args))
    fix = f"did you mean {near}?" if near else f"omtui list shows those of {chosen_library(args)}"
    return ReadingFault(f"there is no profile {plain(word) or 'without a name'}", fix)


def unknown_name(words: "Iterable[str]", known: "Iterable[str]", kind: str) -> "Wrong | None":
    """Why words that limit what a command looks at make no sense: one of them names nothing."""
    from omtui.setup.did_you_mean import did_you_mean

    names = list(dict.fromkeys(known))
    for word in words:
        if word not in names:
            near = did_you_mean(word, names)
            fix = f"did you mean {plain(near)}?" if near else f"there are {few(names, 12) or 'none'}"
            return Wrong(f"there is no {kind} {plain(word) or 'without a name'}", fix)
    return None


def unknown_tag(tags: "Sequence[str]", *profiles: "Mapping[str, object]") -> "Wrong | None":
    """Why tags make no sense: no record of the profiles has one of them."""
    from omtui.setup.indexed import tags_of

    return unknown_name(tags, sorted(set(tags_of(list(profiles)))), "tag") if tags else None


def as_named(path: Path) -> str:
    """The path for other programs: relative to the working folder, with forward slashes."""
    if not path.is_absolute():
        return path.as_posix()
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.as_posix()


# Changing


def open_for_change(
    args: ParsedArguments, out: Output, argument: str = "PROFILE", *, keeps_drafts: bool = False
) -> "Session | int":
    """The profile that a command changes, unlocked if that was asked for; else the exit code, after a message.

    `argument` is the one that names it. What the workbench left unsaved stays a draft: a command changes what is in
    the file.
    """
    from omtui.service.session import NotReadable

    word = args.text(argument)
    path = file_of(args, word)
    if not is_path(word) and not os.path.lexists(path):
        return wrong(args, out, NotReadable(path, (_no_such_profile(args, word),)))
    session = open_workspace(args).open(str(path.absolute()), keeps_drafts=keeps_drafts)
    if isinstance(session, (NotReadable, Wrong)):
        return wrong(args, out, session)
    name = args.optional("--unlock")
    if name is not None and not isinstance(outcome := session.unlock(name), Done):
        return refused(args, out, outcome)
    if (locked := session.why_locked()) is not None:
        return refused(args, out, locked)
    return session


def saved_or_refused(
    session: "Session", reason: str = "", companions: "Sequence[CompanionFile]" = ()
) -> "Problem | None":
    """Write the file, and others as one with it; why not when it was not written.

    What another program wrote meanwhile is taken in.
    """
    from omtui.service.session import FileChanged

    saved = session.save(reason=reason, companions=companions)
    for _ in range(TRIES):
        if not (isinstance(saved, FileChanged) and saved.hash is not None and session.catch_up()):
            break
        saved = session.save(reason=reason, companions=companions)
    if isinstance(saved, FileChanged):
        changed = "is gone" if saved.hash is None else "was changed by another program meanwhile"
        return Problem(f"{plain(session.path)} {changed}", "nothing was written; try again")
    return saved if isinstance(saved, Problem) else None


# How it ends


def report_news(args: ParsedArguments, out: Output, session: "Session") -> None:
    """Say what could not be kept for a later undo."""
    if news := session.news():
        out.message(f"omtui {args.command.name}: {news}")


def wrong(args: ParsedArguments, out: Output, what: "Problem | NotReadable") -> int:
    """Report wrong usage or an unreadable file, every fault on a line; exit code 2."""
    for line in [str(what)] if isinstance(what, Problem) else fault_lines(what):
        out.message(f"omtui {args.command.name}: {line}")
    return 2


def write_output(args: ParsedArguments, out: Output, content: str | bytes, *, mode: int = 0o644) -> int:
    """Write a document to the file of --output, and say so; 0, or the exit code after a message."""
    from omtui.service.reviewing import put

    if (problem := put(typed_path(args.text("--output")), content, mode=mode)) is not None:
        return refused(args, out, problem)
    out.message(f"written to {plain(args.text('--output'))}")
    return 0


def fault_lines(unread: "NotReadable") -> list[str]:
    """Why a file is no profile: each fault with its file, line and column."""
    lines = []
    for fault in unread.faults:
        at = f":{fault.line}:{fault.column}" if fault.line and fault.column else ""
        # What cannot be opened names itself.
        is_named = plain(unread.path) in fault.message or not (at or fault.path)
        name = "" if is_named else f"{unread.path.name}{at}: "
        lines.append(f"{name}{fault.message}; {fault.fix}")
    return lines


def refused(args: ParsedArguments, out: Output, what: "Problem") -> int:
    """Report why nothing was done; exit code 3, or 2 for wrong usage."""
    out.message(f"omtui {args.command.name}: {what}")
    return what.exit_code
