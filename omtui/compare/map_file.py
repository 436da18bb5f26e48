"""NAME.map.toml read and written: comments stay with the entry below them."""

import re
from collections.abc import Sequence
from typing import Final

from omtui.compare.foreign import parsed
from omtui.compare.mapping import EnvironmentMap, MapEntry, identity
from omtui.plain_text import plain
from omtui.setup.place import NotAPlace, parse
from omtui.setup.reading import ReadingFault, comments
from omtui.setup.values import toml

SCHEMA: Final = 1

TO_FILL_IN: Final = "  # to be filled in"


def read(text: str) -> EnvironmentMap | list[ReadingFault]:
    """The mapping a text holds, or all that is wrong with it. The text may come from anywhere."""
    data = parsed(text)
    if isinstance(data, ReadingFault):
        return [data]
    schema = data.get("schema")
    if isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA:
        return [ReadingFault(f"schema {schema} is newer than this omtui, which knows {SCHEMA}", "use a newer omtui")]
    from omtui.compare.map_model import MapModel
    from omtui.setup.read_model import read_model

    found = read_model(MapModel, data)
    if isinstance(found, list):
        return found
    entries = tuple(MapEntry(each.kind, each.source, each.to, tuple(each.only), each.note) for each in found.map)
    return _faults_of_sense(entries) or EnvironmentMap(found.source, found.target, entries)


def write(mapping: EnvironmentMap) -> str:
    """The mapping as the text of its file."""
    lines = [f"schema = {SCHEMA}", f"source = {toml(mapping.source)}", f"target = {toml(mapping.target)}"]
    for entry in mapping.entries:
        lines += ["", *entry_lines(entry)]
    return "\n".join(lines) + "\n"


def rewrite(text: str, mapping: EnvironmentMap) -> str:
    """The text of a mapping's file, changed to hold another mapping. Comments stay with the entry below them."""
    before = read(text)
    if isinstance(before, list):
        return write(mapping)
    head, *blocks = entry_blocks(text)
    if len(blocks) != len(before.entries):
        return write(mapping)
    here = {identity(entry): (entry, block) for entry, block in zip(before.entries, blocks, strict=True)}
    parts = [[named(line, mapping) for line in head]]
    for entry in mapping.entries:
        old, block = here.get(identity(entry), (None, []))
        if old != entry:
            above = [line for line in block if line.lstrip().startswith("#") or not line.strip()]
            notes = {key: behind(line) for line in block if (key := key_of(line)) and TO_FILL_IN not in line}
            lines = (f"{line}{notes.get(key_of(line), '')}" for line in entry_lines(entry))
            block = [*(above[: header_at(block)] or [""]), *lines]
        parts.append(block)
    new = "\n".join(line for part in parts for line in part).rstrip("\n") + "\n"
    return new if read(new) == mapping else write(mapping)


def entry_lines(entry: MapEntry) -> list[str]:
    """An entry as the lines of its file."""
    lines = ["[[map]]", f"kind = {toml(entry.kind)}", f"from = {toml(entry.source)}"]
    lines.append(f"to = {toml(entry.target)}{TO_FILL_IN if not entry.target else ''}")
    if entry.only:
        lines.append(f"only = {toml(list(entry.only))}")
    if entry.note:
        lines.append(f"note = {toml(entry.note)}")
    return lines


def entry_blocks(text: str) -> list[list[str]]:
    """What is above the first entry, then each entry with the comments and empty lines above it."""
    found: list[list[str]] = [[]]
    waiting: list[str] = []
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith("[[map]]"):
            found.append([*waiting, line])
            waiting = []
        elif not bare or bare.startswith("#"):
            waiting.append(line)
        else:
            found[-1] += [*waiting, line]
            waiting = []
    found[-1] += waiting
    return found


def named(line: str, mapping: EnvironmentMap) -> str:
    """A line before the first entry, with the names of the pair as they are now."""
    for key, name in (("source", mapping.source), ("target", mapping.target)):
        if (start := re.match(rf"\s*{key}\s*=\s*", line)) and parsed(line) != {key: name}:
            return f"{start[0]}{toml(name)}{behind(line)}"
    return line


def key_of(line: str) -> str:
    """The key that a line gives a value, or the header that it is."""
    found = re.match(r"\s*(\[\[map]]|\w+(?=\s*=))", line)
    return found[1] if found else ""


def behind(line: str) -> str:
    """The comment at the end of a line, with the blanks before it."""
    start = next((start for start, _ in comments(line)), len(line))
    return line[len(line[:start].rstrip()) :].rstrip()


def header_at(block: Sequence[str]) -> int:
    """How many lines are above the header of an entry."""
    return next((number for number, line in enumerate(block) if line.strip().startswith("[[map]]")), 0)


def _faults_of_sense(entries: Sequence[MapEntry]) -> list[ReadingFault]:
    """Entries that cannot both hold, and places that are none."""
    faults = []
    met: dict[tuple[object, ...], int] = {}
    for number, entry in enumerate(entries, 1):
        if not entry.source:
            faults.append(
                ReadingFault(f"[[map]] number {number} maps an empty text", "write what is mapped after from =")
            )
        for only in entry.only:
            place = parse(only)
            if isinstance(place, NotAPlace):
                message = (
                    f"{plain(only)} in [[map]] number {number} is no place: column {place.column}, {place.message}"
                )
                faults.append(
                    ReadingFault(message, "write it as a message shows it, for example connectors[Connector01]")
                )
        kind, source, _ = identity(entry)
        for only in entry.only or ("",):
            other = met.setdefault((kind, source, only), number)
            if other != number:
                message = f"[[map]] number {other} and number {number} both map {entry.kind} {plain(entry.source)}"
                faults.append(ReadingFault(message, "keep one of them, or limit one with only = [places]"))
                break
    return faults
