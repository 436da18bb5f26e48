"""Reads a setup data package as Setup and Maintenance exports one: CSV files in a ZIP, described by its own manifest.

The package may come from anywhere. Nothing of it is unpacked to disk, every fault names the entry that has it, and of
columns that look like secrets no value is kept.
"""

import io
import re
import stat
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from pydantic import BaseModel, Field

from omtui.checks.secret_texts import is_secret_key
from omtui.documents.archive import ZIP_FAULTS, Archive, Attributes, StopReadingError, has_too_many_parts
from omtui.documents.sheet import LARGEST, MOST_COLUMNS, Budget
from omtui.documents.sheet_files import Cells, read_csv
from omtui.plain_text import few, plain
from omtui.problem import Problem
from omtui.setup.read_model import read_model

MANIFEST: Final = "ASM_SETUP_CSV_METADATA.xml"
DEEPEST_PACKAGE: Final = 3
MOST_CELLS: Final = 5_000_000
"""Cells of one object: 100,000 rows with 50 columns."""

_AGAIN: Final = "export it again, and take the file as it is"
_EXPORT: Final = "export the task in Setup and Maintenance as a CSV file package"
_DAMAGED: Final = Problem("it is damaged", _AGAIN)
_FOREIGN: Final = Problem("it is packed or written in a way that no export uses", _AGAIN)
_OBJECT: Final = "MigrationProcessBusinessObjectCSVMetadataVORow"


@dataclass(frozen=True, slots=True)
class PackageObject:
    """One business object of a package. Cells of columns that were not asked for are empty."""

    name: str
    file: str = ""
    """The entry with its rows; empty where the package has none."""
    columns: Cells = ()
    rows: tuple[Cells, ...] = ()
    """As they are in the file; an empty line is an empty row."""

    @property
    def count(self) -> int:
        """How many rows hold something."""
        return sum(map(bool, self.rows))

    @property
    def secret_columns(self) -> list[str]:
        """Columns whose names say that they hold a secret: they are never read."""
        return list(filter(is_secret_column, self.columns))


@dataclass(frozen=True, slots=True)
class SetupPackage:
    """What a package holds, and what its manifest says of it."""

    release: str
    environment: str
    process: str
    made_on: str
    objects: tuple[PackageObject, ...]
    notes: tuple[str, ...] = ()
    """What a person should know. Safe to show."""

    @property
    def is_empty(self) -> bool:
        """Whether no object has a row. That says nothing of the pod."""
        return not any(each.count for each in self.objects)


def is_secret_column(name: str) -> bool:
    """Whether a column's name is one under which a secret is kept: `Password`, `CLIENT_SECRET`, `X.AccessToken`."""
    return is_secret_key(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.rpartition(".")[2]))


def read_package(content: bytes, wanted: Mapping[str, Collection[str]]) -> SetupPackage | Problem:
    """A package by its manifest. `wanted` are the columns whose cells are kept, by object."""
    if len(content) > LARGEST:
        return Problem(f"the package has {len(content):,} bytes; {LARGEST:,} are read", "export fewer objects")
    reading = _PackageReading(len(content), wanted)
    try:
        reading.open(content, "")
        return reading.finish()
    except StopReadingError as stopped:
        return stopped.why


@contextmanager
def _within(where: str) -> Iterator[None]:
    """What goes wrong while an entry is unpacked is said of it."""
    try:
        yield
    except StopReadingError as stopped:
        raise StopReadingError(Problem(f"{where}: {stopped.why.message}", _AGAIN)) from None
    except ZIP_FAULTS:
        raise StopReadingError(Problem(f"{where}: {_DAMAGED.message}", _DAMAGED.fix)) from None


class _ManifestObject(BaseModel):
    name: str = Field(alias="BusinessObjectShortName", min_length=1)
    columns: str = Field("", alias="XmlAttributeList")


class _Manifest(BaseModel):
    release: str = Field("", alias="ProcessRelease")
    environment: str = Field("", alias="ProcessEnv")
    process: str = Field("", alias="ProcessName")
    made_on: str = Field("", alias="ProcessDate")
    status: str = Field("", alias="ProcessStatus")
    objects: list[_ManifestObject]


class _PackageReading:
    def __init__(self, size: int, wanted: Mapping[str, Collection[str]]) -> None:
        self._budget = Budget(size)
        self._wanted = wanted
        self._manifests: list[_Manifest] = []
        self._objects: dict[str, PackageObject] = {}
        self._notes: list[str] = []
        self._unread: list[str] = []

    def open(self, content: bytes, within: str, depth: int = 1) -> None:
        """Read all entries of an archive, and of archives in it. `within` names the archive; safe to show."""
        here = within or "the package"
        if depth > DEEPEST_PACKAGE:
            raise StopReadingError(Problem(f"{here} is an archive in archives in archives", _AGAIN))
        if has_too_many_parts(content):
            raise StopReadingError(Problem(f"{here} has more entries than any export", _AGAIN))
        try:
            packed = zipfile.ZipFile(io.BytesIO(content))
        except ZIP_FAULTS:
            raise StopReadingError(Problem(f"{here} is no whole ZIP archive", _AGAIN)) from None
        with packed:
            names: set[str] = set()
            for entry in packed.infolist():
                where = f"{within}, {plain(entry.filename)}" if within else plain(entry.filename)
                reason = _why_not_read(entry) or ("is there twice" if entry.filename.casefold() in names else "")
                if reason:
                    raise StopReadingError(Problem(f"{where[:300]}: this entry {reason}", _AGAIN))
                names.add(entry.filename.casefold())
            for entry in packed.infolist():
                if not entry.is_dir():
                    self._read(packed, entry.filename, within, depth)

    def _read(self, packed: zipfile.ZipFile, name: str, within: str, depth: int) -> None:
        where = f"{within}, {plain(name)}" if within else plain(name)
        archive = Archive(packed, self._budget, _DAMAGED, _FOREIGN)
        if PurePosixPath(name).name == MANIFEST:
            texts = _ManifestTexts()
            with _within(where):
                archive.parse(name, texts.start, texts.text, texts.end)
            manifest = read_model(_Manifest, {**texts.head, "objects": texts.objects})
            if isinstance(manifest, list):
                raise StopReadingError(Problem(f"{where}: {manifest[0].message}", _AGAIN))
            self._manifests.append(manifest)
            return
        kind = PurePosixPath(name).suffix.lower()
        content = bytearray()
        with _within(where):  # of an entry of another kind, too: one that is damaged damages the package
            for piece in archive.pieces(name):
                content += piece if kind in (".csv", ".zip") else b""
        if kind == ".csv":
            self._take(PurePosixPath(name).stem, where, bytes(content))
        elif kind == ".zip":
            self.open(bytes(content), where, depth + 1)
        else:
            self._unread.append(where)

    def _take(self, name: str, where: str, content: bytes) -> None:
        rows = _Rows(self._wanted.get(name, ()))
        lines = read_csv(content, Budget(len(content), MOST_CELLS), ",", rows.keep)
        if isinstance(lines, Problem):
            raise StopReadingError(Problem(f"{where}: {lines.message}", _AGAIN))
        if rows.fault:
            raise StopReadingError(Problem(f"{where}: {rows.fault}", _AGAIN))
        heads, *below = lines or [()]
        before = self._objects.get(name)
        if before is not None and before.columns != heads:
            raise StopReadingError(Problem(f"{where}: {before.file} has the same object with other columns", _AGAIN))
        self._objects[name] = PackageObject(name, where, heads, (*(before.rows if before is not None else ()), *below))

    def finish(self) -> SetupPackage | Problem:
        """The objects that manifests name, in their order."""
        if not self._manifests:
            return Problem(f"no {MANIFEST} is in it: it is no setup data package", _EXPORT)
        found: dict[str, PackageObject] = {}
        for each in (each for manifest in self._manifests for each in manifest.objects):
            if each.name not in found:
                columns = filter(None, map(str.strip, each.columns.split(",")))
                found[each.name] = self._described(each.name, tuple(columns))
        if strangers := [each.file for name, each in self._objects.items() if name not in found]:
            self._notes.append(f"not in the manifest, and left out: {few(strangers)}")
        if self._unread:
            self._notes.append(f"neither CSV nor a package, and not read: {few(self._unread)}")
        for status in sorted({each.status for each in self._manifests} - {"", "COMPLETED"}):
            self._notes.append(f"the export ended as {plain(status)}: read its log; objects or rows may be missing")
        first = self._manifests[0]
        return SetupPackage(
            first.release, first.environment, first.process, first.made_on, tuple(found.values()), tuple(self._notes)
        )

    def _described(self, name: str, columns: Cells) -> PackageObject:
        """An object as its file has it; where there is none, with the columns of the manifest."""
        here = self._objects.get(name)
        if here is None or not here.columns:
            return PackageObject(name, here.file if here else "", columns[:MOST_COLUMNS])
        if lost := [each for each in columns if each not in here.columns]:
            self._notes.append(f"{here.file} lacks columns that the manifest names: {few([plain(e) for e in lost])}")
        return here


def _why_not_read(entry: zipfile.ZipInfo) -> str:
    """Why an entry ends the reading; empty where nothing does."""
    name = entry.orig_filename
    parts = name.replace("\\", "/").split("/")
    mode = entry.external_attr >> 16
    if entry.flag_bits & 0x1:
        return "is encrypted"
    if "\\" in name or name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name):
        return "has a name that leads out of the archive"
    if not name or any(not letter.isprintable() for letter in name) or len(name) > 1_000:
        return "has no proper name"
    if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or not stat.S_IFMT(mode)):
        return "is a link or a device"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that no export uses"
    return ""


class _Rows:
    """What is kept of the rows of a file, and what is wrong with the first that has a fault."""

    def __init__(self, wanted: Collection[str]) -> None:
        self.fault = ""
        self._wanted = wanted
        self._count = 0
        self._width = 0
        self._kept: frozenset[int] = frozenset()

    def keep(self, row: Sequence[str]) -> Cells:
        """The names of the columns as they are; of the rows below, the cells of the columns that are wanted."""
        self._count += 1
        if self._count == 1:
            self._width = len(row)
            self._kept = frozenset(
                n for n, head in enumerate(row) if head in self._wanted and not is_secret_column(head)
            )
            self.fault = _fault_in_heads(row)
            return tuple(row)
        if row and len(row) != self._width:
            self.fault = self.fault or f"row {self._count:,} has {len(row):,} cells below {self._width:,} columns"
        return tuple([cell if n in self._kept else "" for n, cell in enumerate(row)])


def _fault_in_heads(heads: Sequence[str]) -> str:
    if len(heads) > MOST_COLUMNS:
        return f"it has {len(heads):,} columns; {MOST_COLUMNS} are read"
    if twice := next((each for each in heads if heads.count(each) > 1), None):
        return f"the column {plain(twice)} is there twice"
    return f"column {heads.index('') + 1} has no name" if "" in heads else ""


class _ManifestTexts:
    """What is read of a manifest: what it says of the export, and of each object."""

    def __init__(self) -> None:
        self.head: dict[str, str] = {}
        self.objects: list[dict[str, str]] = []
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, _: Attributes) -> None:
        if not self._path and name != "MigrationProcessCSVMetadataVO":
            raise StopReadingError(
                Problem(f"it begins with {plain(name)[:60]}: it is no manifest of an export", _AGAIN)
            )
        if name == _OBJECT:
            self.objects.append({})
        self._path.append(name)
        self._text = []

    def text(self, piece: str) -> None:
        self._text.append(piece)

    def end(self, name: str) -> None:
        self._path.pop()
        holder = self.objects[-1] if self._path[-1:] == [_OBJECT] else self.head if len(self._path) == 2 else {}
        holder.setdefault(name, "".join(self._text).strip())
        self._text = []
