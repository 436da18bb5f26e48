"""Handing a set-up over, and taking one in from elsewhere: one file out, untrusted files in.

`pack` makes the hand-over file. `look` judges what arrived and says what it would change; nothing is written before
`take_in`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Final

from omtui.plain_text import plain
from omtui.problem import Done, Problem, Wrong
from omtui.service.session import FileChanged, NotReadable
from omtui.setup.catalogue import TABLES
from omtui.setup.indexed import Indexed
from omtui.store.document import Document
from omtui.typed_path import typed_path

if TYPE_CHECKING:
    from omtui.checks.finding import CheckContext
    from omtui.compare.difference import Difference
    from omtui.compare.hand_over import NeededCredential
    from omtui.compare.incoming_profile import IncomingProfile
    from omtui.documents.sheet import Sheet
    from omtui.documents.sheets_reading import SetupFromSheets, SheetFault
    from omtui.service.session import Session
    from omtui.service.workspace import Created, Workspace
    from omtui.setup.place import Data

SHEET_ENDINGS: Final = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods")

_WORKBOOK_STARTS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

_ASK_AGAIN = "ask for one made with omtui export, a profile (.toml), or sheets (.csv, .xlsx)"


# Out


@dataclass(frozen=True, slots=True)
class Packed:
    """A hand-over file that was made, and what its sender should know of it."""

    content: bytes
    needed: tuple[NeededCredential, ...]
    has_mapping: bool
    notes: tuple[str, ...] = ()


def profile_text(name: str, document: Document, around: CheckContext) -> bytes | Problem:
    """The profile to the letter, as it is handed over. One with a secret in it (P0-04) is not."""
    from omtui.checks.running import results, run

    content = document.to_bytes()
    if isinstance(content, Problem):
        return content
    setup = Indexed(document.data)
    found = [each for each in run(setup, around) if each.check == "P0-04"]
    for each in results(setup, found, around.today):
        if not each.waived:
            fix = "remove it, and keep it with omtui secret set; a waiver of P0-04 says that it is none"
            return Problem(f"{plain(name)}: what looks like a secret is in {each.place}", fix)
    return content


def pack(
    name: str, content: bytes, data: Data, path: FilePath | None = None, *, sealed: str | None = None
) -> Packed | Problem:
    """The hand-over file of a profile's text, with the mapping next to `path` where there is one."""
    from omtui import __version__
    from omtui.compare.hand_over import HandOver, needed_credentials, write
    from omtui.setup.reading import ReadingFault
    from omtui.store.files import read_file
    from omtui.store.library import companion_path

    notes = []
    mapping: str | None = None
    if path is not None and (file := companion_path(path, "map")).exists():
        read = read_file(file)
        if isinstance(read, Problem):
            notes.append(f"the mapping is left out: {read.message}; {read.fix}")
        else:
            mapping = read.decode()
    others = sorted(path.parent.glob(f"{path.name.removesuffix('.toml')}.from-*.map.toml")) if path is not None else []
    notes += [f"{plain(each.name)}, the mapping of another source, is left out: send it along" for each in others]
    notes += [
        f"{plain(where)} names the file {plain(file)}, which does not go along" for where, file in _files(Indexed(data))
    ]
    needed = needed_credentials(data)
    made_on = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    made = write(HandOver(name, content, mapping, needed, sealed, made_on, __version__))
    if isinstance(made, ReadingFault):
        return made
    return Packed(made, needed, mapping is not None, tuple(notes))


def write_hand_over(name: str, content: bytes) -> Done | Problem:
    """Write a hand-over file; a `~` at the start of its name is the home folder.

    Only an older one is replaced: a profile that is named by mistake stays.
    """
    import os

    from omtui.compare.hand_over import LARGEST_FILE, HandOver, read
    from omtui.store.files import ChangedOnDisk, content_hash, read_bytes, write_file

    file = typed_path(name)
    expected = None
    if os.path.lexists(file):
        there = read_bytes(file, LARGEST_FILE)
        if isinstance(there, Problem) or not isinstance(read(there), HandOver):
            return Problem(f"{plain(file)} is there already and is no hand-over file", "choose another name")
        expected = content_hash(there)
    outcome = write_file(file, content, expected)
    if isinstance(outcome, Problem):
        return outcome
    if isinstance(outcome, ChangedOnDisk):
        return Problem(f"{plain(file)} was changed by another program meanwhile", "try again")
    return Done(f"written to {plain(file)}")


def _files(setup: Indexed) -> Iterator[tuple[str, str]]:
    for found in setup.records("topology.endpoints"):
        if isinstance(file := found.record.get("ca_file"), str):
            yield f"{setup.place(found.path)}.ca_file", file


# In


@dataclass(frozen=True, slots=True)
class Arriving:
    """What arrived, judged and not written: the profile, what is wrong in its sheets, and what it would change here."""

    file: str
    """The file's name, safe to show."""
    incoming: IncomingProfile
    faults: tuple[SheetFault, ...]
    existing: Session | None
    """The profile of that name that the library has."""
    blocked: str
    """Why the profile of that name cannot be compared: it is not readable."""
    difference: Difference

    @property
    def name(self) -> str:
        """The name it gets here."""
        return self.incoming.name

    @property
    def data(self) -> Data:
        """What it says, under the name it gets here."""
        return self.incoming.data

    @property
    def is_new(self) -> bool:
        """Whether the library has no profile of that name."""
        return self.existing is None and not self.blocked

    @property
    def changed_here_since(self) -> str:
        """When the profile here was written, if that was after the file was made (UTC); else empty."""
        from omtui.store.watching import modified_at

        if self.existing is None or not self.incoming.made_on or self.changes_nothing:
            return ""
        changed = modified_at(self.existing.path)
        return changed if changed[:19] > self.incoming.made_on[:19] else ""

    @property
    def changes_nothing(self) -> bool:
        """Whether the library has exactly this already."""
        return self.existing is not None and not self.difference

    @property
    def brings(self) -> dict[str, int]:
        """How many records of each kind it has, by the title of the table."""
        setup = Indexed(self.data)
        counts = Counter(
            {
                table.title: len(setup.records(path))
                for path, table in TABLES.items()
                if not table.single and "." not in path.removeprefix("topology.")
            }
        )
        return {title: count for title, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class File:
    """A file that arrived: its name without folder, and its bytes."""

    name: str
    content: bytes

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return FilePath(self.name).stem


def read_arrived(path: FilePath) -> File | Wrong:
    """Read a file of any kind that can be imported, within bounds."""
    from omtui.compare.hand_over import LARGEST_FILE
    from omtui.store.files import read_bytes

    content = read_bytes(path, LARGEST_FILE)
    if isinstance(content, Problem):
        fix = content.fix if "permission" in content.fix or "name" in content.fix else _ASK_AGAIN
        return Wrong(content.message, fix)
    return File(path.name, content)


def look(
    workspace: Workspace, files: Sequence[File], *, as_name: str | None = None, sheets: bool = False
) -> Arriving | Wrong:
    """Judge what arrived: a hand-over file, a plain profile, a workbook, or CSV files of one set-up."""
    if sheets or len(files) > 1 or _is_sheets(files[0]):
        read = _from_sheets(files, as_name)
        return read if isinstance(read, Wrong) else judged(workspace, _label(files), read, as_name)
    incoming = _received(files[0].content, files[0].name, files[0].name, as_name)
    return incoming if isinstance(incoming, Wrong) else _compared_with_library(workspace, incoming, None, _label(files))


def judged(
    workspace: Workspace, file: str, setup: SetupFromSheets, as_name: str | None, *, partial: bool = False
) -> Arriving | Wrong:
    """Judge what was read of sheets or of a package. `partial` data says nothing of the records that it has not."""
    from omtui.compare.incoming_profile import Notice
    from omtui.store.formatting import canonical_text

    head = setup.data["profile"]
    name = head.get("name") if isinstance(head, dict) else None
    content = canonical_text(setup.data).encode("utf-8", "replace")
    incoming = _received(content, f"{name}.toml", file, as_name)
    if isinstance(incoming, Wrong):
        return incoming
    notices = tuple(Notice(each.where, each.message) for each in setup.notices)
    incoming = replace(incoming, notices=(*notices, *incoming.notices))
    return _compared_with_library(workspace, incoming, setup, file, partial=partial)


def _received(content: bytes, called: str, file: str, as_name: str | None) -> IncomingProfile | Wrong:
    from omtui.compare.incoming_profile import receive
    from omtui.setup.reading import ReadingFault
    from omtui.store.library import why_not

    incoming = receive(content, called, why_not=why_not, as_name=as_name)
    if isinstance(incoming, ReadingFault):
        at = f" (line {incoming.line})" if incoming.line else ""
        return Wrong(f"{plain(file)}: {incoming.message}{at}", incoming.fix)
    return incoming


def _label(files: Sequence[File]) -> str:
    return ", ".join(plain(file.name) for file in files)


def _is_sheets(file: File) -> bool:
    return file.content.startswith(_WORKBOOK_STARTS) or file.name.lower().endswith(SHEET_ENDINGS)


def _from_sheets(files: Sequence[File], as_name: str | None) -> SetupFromSheets | Wrong:
    """The set-up that sheets hold."""
    from omtui.documents.sheet_files import read_sheets
    from omtui.documents.sheets_reading import from_sheets

    sheets: list[Sheet] = []
    for file in files:
        read = read_sheets(file.content, file.stem)
        if isinstance(read, Problem):
            return Wrong(f"{plain(file.name)}: {read.message}", read.fix)
        if len(files) > 1 and file.content.startswith(_WORKBOOK_STARTS):
            return Wrong(f"{plain(file.name)} is a workbook next to other files", "give one workbook, or CSV files")
        sheets += read
    sheet_setup = from_sheets(sheets, as_name if as_name is not None else files[0].stem)
    if set(sheet_setup.data) <= {"schema", "profile"}:
        odd = (*sheet_setup.faults, *(f"{each.where}: {each.message}" for each in sheet_setup.notices))
        first = f"; {plain(odd[0])}" if odd else ""
        fix = "omtui runbook PROFILE -o FILE.xlsx writes a workbook to be filled in"
        return Wrong(f"{plain(files[0].name)}: no table of a set-up is in it{first}", fix)
    return sheet_setup


def _compared_with_library(
    workspace: Workspace,
    incoming: IncomingProfile,
    sheet_setup: SetupFromSheets | None,
    file: str,
    *,
    partial: bool = False,
) -> Arriving:
    """Compare it with the profile of that name. Sheets change there only what they speak of."""
    from omtui.documents.sheets_over import over
    from omtui.service.workspace import named

    same_name = next((each for each in workspace.names() if each.casefold() == incoming.name.casefold()), None)
    existing: Session | None = None
    blocked = ""
    if same_name is not None:
        opened = workspace.open(str(workspace.library.path(same_name).absolute()), keeps_drafts=False)
        if isinstance(opened, NotReadable | Wrong):
            blocked = str(opened)
        else:
            existing = opened
    if existing is not None and sheet_setup is not None:
        merged = over(existing.data, incoming.data, sheet_setup.spoken_of, partial=partial)
        incoming = replace(incoming, data=merged)
    incoming = replace(incoming, data=named(incoming.data, incoming.name))
    changes = incoming.changes(existing.data if existing is not None else None)
    return Arriving(file, incoming, sheet_setup.faults if sheet_setup else (), existing, blocked, changes)


@dataclass(frozen=True, slots=True)
class Taken:
    """A profile that was taken in. `changed` is false where the library had exactly this."""

    path: FilePath
    changed: bool
    has_mapping: bool
    notes: tuple[str, ...] = ()


def take_in(
    workspace: Workspace,
    arriving: Arriving,
    *,
    over: bool = False,
    partly: bool = False,
    reason: str = "",
) -> Taken | Problem:
    """Write what arrived: as a new profile, or with `over` as one change of the profile that is here.

    `partly` takes sheets of which some cells could not be read. A production profile must be unlocked
    (`arriving.existing`).
    """
    if (why := why_not_taken(arriving, over=over, partly=partly)) is not None:
        return why
    existing = arriving.existing
    if existing is not None:
        return _taken_over(arriving, existing, reason)
    document = Document.from_bytes(arriving.incoming.text)
    assert isinstance(document, Document), "it was read before"
    for operation in arriving.incoming.operations:
        document.perform(operation)
    content = document.to_bytes()
    label = f"Import {arriving.file}"
    mapping = arriving.incoming.mapping_text.encode() or None
    made: Created | Problem = (
        workspace.create(arriving.name, content, "import", label, reason, mapping)
        if isinstance(content, bytes)
        else content
    )
    if isinstance(made, Problem):
        return made
    mapped, notes = _write_mapping(arriving, made.path)
    return Taken(made.path, True, mapped, notes)


def why_not_taken(arriving: Arriving, *, over: bool = False, partly: bool = False) -> Problem | None:
    """Why it is not written as it is now."""
    name = plain(arriving.name)
    if arriving.faults and not partly:
        count = len(arriving.faults)
        cells = "1 cell could" if count == 1 else f"{count} cells could"
        return Problem(f"{cells} not be read", "correct the sheet, or take what can be read: --partly")
    if arriving.blocked:
        return Problem(
            f"there is a profile called {name} already, and it cannot be read: {arriving.blocked}",
            "give another name: --as NAME",
        )
    if arriving.existing is None or arriving.changes_nothing:
        return None
    if not over:
        fix = "give another name: --as NAME, or change the one that is here: --over"
        return Problem(f"there is a profile called {plain(arriving.existing.name)} already", fix)
    if arriving.existing.name != arriving.name:
        return Problem(
            f"{name} is called {plain(arriving.existing.name)} here", f"say so: --as {plain(arriving.existing.name)}"
        )
    if arriving.existing.locked:
        return arriving.existing.why_locked()
    return None


def _taken_over(arriving: Arriving, existing: Session, reason: str) -> Taken | Problem:
    from omtui.compare.operations import operations
    from omtui.service.editing import Plan
    from omtui.store.library import companion_path
    from omtui.store.together import CompanionFile

    changed = not arriving.changes_nothing
    if changed:
        steps = tuple(operations(existing.data, arriving.data))
        outcome = existing.edit(Plan(f"Import {arriving.file}", steps, ()), reason)
        mapping = arriving.incoming.mapping_text.encode()
        companions = (CompanionFile.of(companion_path(existing.path, "map"), None, mapping),) if mapping else ()
        saved = existing.save(reason=reason, companions=companions) if isinstance(outcome, Done) else outcome
        if isinstance(saved, FileChanged):
            return Problem(f"{plain(existing.path)} was changed by another program meanwhile", "look again")
        if not isinstance(saved, Done):
            return saved
    mapped, notes = _write_mapping(arriving, existing.path, locked=existing.locked)
    return Taken(existing.path, changed, mapped, notes)


def _write_mapping(arriving: Arriving, path: FilePath, *, locked: bool = False) -> tuple[bool, tuple[str, ...]]:
    """Write the mapping that arrived next to the profile. One that is there stays; a locked profile gets none."""
    import os

    from omtui.store.files import WrittenFile, write_file
    from omtui.store.library import companion_path

    content = arriving.incoming.mapping_text.encode()
    if not content:
        return False, ()
    file = companion_path(path, "map")
    if os.path.lexists(file):
        is_same = file.is_file() and file.read_bytes() == content
        return is_same, () if is_same else (f"{plain(file.name)} is there already and stays as it is",)
    if locked:
        return False, (f"the mapping is left out: {plain(arriving.name)} is locked",)
    outcome = write_file(file, content, None)
    if isinstance(outcome, WrittenFile):
        return True, ()
    return False, (f"the mapping could not be written next to the profile: {getattr(outcome, 'message', 'try again')}",)
