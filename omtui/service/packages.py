"""Setup data packages as both fronts see them: what one holds, what of it is mapped, and what it changes here."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Final

from omtui.documents.package_mapping import ColumnMapping, offers, proposal, read_mapping
from omtui.documents.package_records import setup_from_package
from omtui.documents.setup_package import PackageObject, SetupPackage, read_package
from omtui.documents.sheets_reading import SetupFromSheets, SheetNotice
from omtui.plain_text import plain
from omtui.problem import Done, Problem, Wrong
from omtui.service.handing_over import Arriving, File, judged
from omtui.store.files import WrittenFile, content_hash, read_file, write_file
from omtui.store.library import companion_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omtui.service.workspace import Workspace


MOST_COMPARED: Final = 100_000
MOST_IMPORTED: Final = 20_000
"""Rows of the mapped objects."""


@dataclass(frozen=True, slots=True)
class ArrivingPackage:
    """A package that was looked into. Without `arriving`, nothing of it can be read as a set-up, and `why` says why."""

    name: str
    """The profile that it is for."""
    package: SetupPackage
    mappings: Sequence[ColumnMapping]
    mapping_file: FilePath
    arriving: Arriving | None
    why: Wrong | None = None

    def mapped(self, found: PackageObject) -> dict[str, str]:
        """The columns of an object that are read, and the field of each."""
        fields = {each.column: each.field for each in self.mappings if each.object == found.name and each.is_read}
        return {name: fields[name] for name in found.columns if name in fields}

    def ignored(self, found: PackageObject) -> list[str]:
        """The columns of an object that a person left out, and those that look like secrets."""
        chosen = {each.column for each in self.mappings if each.object == found.name and each.ignore}
        return [name for name in found.columns if name in chosen or name in found.secret_columns]

    def unmapped(self, found: PackageObject) -> list[str]:
        """The columns of an object of which nothing is known."""
        known = {*self.mapped(found), *self.ignored(found)}
        return [name for name in found.columns if name not in known]

    def offers(self, found: PackageObject) -> dict[str, str]:
        """For columns that are not mapped: the field that is nearest, where one is."""
        near = offers(found, self.mappings)
        return {name: near[name] for name in self.unmapped(found) if name in near}


def look_into(workspace: Workspace, file: File, name: str) -> ArrivingPackage | Wrong:
    """Judge a package for a profile that is in the library, or is to be."""
    path = workspace.library.path(name)
    mappings = _mappings(path)
    if isinstance(mappings, Wrong):
        return mappings
    package = _package(file.content, file.name, mappings)
    if isinstance(package, Wrong):
        return package
    setup = _setup(package, file.name, mappings, name, MOST_IMPORTED)
    arriving = setup if isinstance(setup, Wrong) else judged(workspace, plain(file.name), setup, name, partial=True)
    there = companion_path(path, "fsm")
    if isinstance(arriving, Wrong):
        return ArrivingPackage(name, package, mappings, there, None, arriving)
    return ArrivingPackage(name, package, mappings, there, arriving)


def read_package_of(content: bytes, file: str, name: str, profile: FilePath | None) -> SetupFromSheets | Wrong:
    """What a package says by the mapping next to a profile's file."""
    mappings = _mappings(profile) if profile is not None else []
    if isinstance(mappings, Wrong):
        return mappings
    package = _package(content, file, mappings)
    return package if isinstance(package, Wrong) else _setup(package, file, mappings, name, MOST_COMPARED)


def propose(arrived: ArrivingPackage) -> Done | Problem:
    """Write the columns that the mapping file does not have yet to it; a person fills in their fields."""
    file = arrived.mapping_file
    there = read_file(file) if os.path.lexists(file) else b""
    if isinstance(there, Problem):
        return there
    content = proposal(arrived.package, arrived.mappings, there.decode("utf-8-sig")).encode()
    if content == there:
        return Done(f"{plain(file)} has every column already")
    if isinstance(wrong := read_mapping(content, file.name), Wrong):
        return Problem(f"the columns cannot be added to {plain(file)}: {wrong.message}", "write its entries as [[map]]")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = plain(error.strerror or error).lower()
        return Problem(f"the folder {plain(file.parent)} cannot be made: {why}", "choose another --library")
    outcome = write_file(file, content, content_hash(there) if there else None)
    if isinstance(outcome, WrittenFile):
        return Done(f"written to {plain(file)}: fill in the fields, then give the same command without --propose")
    if isinstance(outcome, Problem):
        return outcome
    return Problem(f"{plain(file)} was changed by another program meanwhile", "try again")


def _mappings(profile: FilePath) -> list[ColumnMapping] | Wrong:
    file = companion_path(profile, "fsm")
    if not os.path.lexists(file):
        return []
    content = read_file(file)
    if isinstance(content, Problem):
        return Wrong(content.message, content.fix)
    return read_mapping(content, file.name)


def _package(content: bytes, file: str, mappings: Sequence[ColumnMapping]) -> SetupPackage | Wrong:
    wanted: dict[str, set[str]] = {}
    for each in mappings:
        if each.is_read:
            wanted.setdefault(each.object, set()).add(each.column)
    package = read_package(content, wanted)
    return Wrong(f"{plain(file)}: {package.message}", package.fix) if isinstance(package, Problem) else package


def _setup(
    package: SetupPackage, file: str, mappings: Sequence[ColumnMapping], name: str, most: int
) -> SetupFromSheets | Wrong:
    if package.is_empty:
        return Wrong(
            f"{plain(file)}: the package is empty, which says nothing of the pod",
            "its log says why: a wrong scope, or more than 10 MB",
        )
    setup = setup_from_package(package, mappings, name, most)
    if isinstance(setup, Wrong):
        return Wrong(f"{plain(file)}: {setup.message}", setup.fix)
    if not setup.spoken_of:
        return Wrong(
            f"{plain(file)}: none of its columns is mapped",
            f"omtui import --fsm {plain(file)} --as {plain(name)} --propose writes a mapping to be filled in",
        )
    return replace(setup, notices=tuple(SheetNotice("", each) for each in package.notes))
