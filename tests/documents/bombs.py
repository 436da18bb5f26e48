"""Files that are small and would take much: what a reader of sheets must end soon."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from random import Random

from omtui.documents.setup_workbook import Cover, setup_workbook
from omtui.documents.sheets import to_sheets
from omtui.setup.indexed import Indexed
from tests.checks.profiles import sound

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
START = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"
ENTITY = b'<!DOCTYPE worksheet [<!ENTITY a "%s">]>'


def workbook_parts() -> dict[str, bytes]:
    """The parts of a workbook as omtui writes one."""
    with zipfile.ZipFile(io.BytesIO(setup_workbook(to_sheets(Indexed(sound())), Cover("x")))) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def text(value: bytes) -> bytes:
    """A cell with a text of its own."""
    return b'<c t="inlineStr"><is><t>%s</t></is></c>' % value


def row(*values: bytes) -> bytes:
    """A row of such cells."""
    return b"<row>%s</row>" % b"".join(map(text, values))


def table(title: bytes, heads: Iterable[bytes], rows: Iterable[bytes]) -> Iterator[bytes]:
    """A worksheet that holds one table."""
    yield START + row(title) + row(*heads)
    yield from rows
    yield END


def many(count: int, *pieces: bytes) -> Iterator[bytes]:
    """The same pieces again and again, a thousand at a time."""
    piece = b"".join(pieces) * 1_000
    for _ in range(count // 1_000):
        yield piece


def numbered(count: int, template: bytes) -> Iterator[bytes]:
    """A template with the numbers from 0 in it."""
    for start in range(0, count, 1_000):
        yield b"".join(template.replace(b"%d", b"%d" % number) for number in range(start, start + 1_000))


def between(*pieces: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """Pieces, one after the other."""
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            yield from piece


_CONNECTORS = (b"Connector Name", b"Target System", b"Connector URL", b"User Name")
_RECORD = (b"CSS01", b"https://x.example/a", b"u")
_MERGED = b'<mergeCell ref="A1:A1048576"/>'


def conditions(rows: Iterable[bytes], *more: bytes) -> Iterator[bytes]:
    """A worksheet with a rule and its conditions."""
    rule = row(b"Routing rules") + row(b"Name") + row(b"R") + b"<row/>"
    heads = row(b"Conditions") + row(b"Routing rule", b"Branch", b"Position", b"Attribute", *more)
    return between(START, rule, heads, rows, END)


BOMBS: dict[str, Callable[[], Iterable[bytes]]] = {
    "cells": lambda: between(START, b"<row>", many(20_000, text(b"x")), b"</row>", END),
    "empty cells": lambda: between(START, many(30_000, b"<row>", b"<c/>" * 40, b"</row>"), END),
    "wide": lambda: between(START, many(1_000, row(*[b"xxxxxxxx"] * 200)), END),
    "rows": lambda: between(START, many(200_000, row(b"x")), END),
    "a last row": lambda: between(START, row(b"x"), b'<row r="9999999">', text(b"x"), b"</row>", END),
    "a long cell": lambda: between(START, b'<row><c t="str"><v>', many(15_000_000, b"A"), b"</v></c></row>", END),
    "a longer cell": lambda: between(START, b'<row><c t="str"><v>', many(150_000_000, b"A"), b"</v></c></row>", END),
    "long cells": lambda: table(b"Connectors", _CONNECTORS, many(2_000, row(b"A" * 6_000))),
    "long titles": lambda: between(START, many(1_000, row(b"Conectors" * 700), b"<row/>"), END),
    "a comment": lambda: between(b"<!--", many(10_000_000, b"x"), b"-->", START, END),
    "attributes": lambda: between(b"<worksheet ", numbered(200_000, b'a%d="" '), b">", END),
    "depth": lambda: between(START, many(400_000, b"<a>")),
    "a document type": lambda: between(ENTITY % b"expanded", START, row(b"&a;"), END),
    "a document type far behind": lambda: between(
        b"<!--" + b"x" * 5_000 + b"-->", ENTITY % b"expanded", START, row(b"&a;"), END
    ),
    "a document type in UTF-16": lambda: [
        b"".join(between(b'<?xml version="1.0" encoding="utf-16"?>', ENTITY % b"expanded", START, row(b"&a;"), END))
        .decode()
        .encode("utf-16")
    ],
    "entities": lambda: between(ENTITY % (b"A" * 100_000), START, row(b"&a;" * 9_000), END),
    "another encoding": lambda: [b'<?xml version="1.0" encoding="shift_jis"?>' + START + END],
    "merged": lambda: between(
        START, many(17_000, row(b"x")), b"</sheetData><mergeCells>", many(9_000, _MERGED), b"</mergeCells></worksheet>"
    ),
    "records": lambda: table(b"Connectors", _CONNECTORS, numbered(17_000, row(b"c%d", *_RECORD))),
    "faults": lambda: table(b"Connectors", (b"Connector Name", b"Send Attachments"), many(17_000, row(b"c", b"may"))),
    "records of none": lambda: table(
        b"Tasks of task types", (b"Task type", b"Code"), numbered(17_000, row(b"t", b"%d"))
    ),
    "rows alone": lambda: table(b"Connectors", _CONNECTORS, many(8_000, row(b"Conector"), b"<row/>")),
    "conditions": lambda: conditions(many(17_000, row(b"R", b"", b"AND 1", b"Item"))),
    "branches": lambda: conditions(numbered(17_000, row(b"R", b"ELSE IF %d", b"", b"Item"))),
    "a deep condition": lambda: conditions([row(b"R", b"", b"NOT>" * 8_000, b"Item")]),
    "a deep value": lambda: conditions([row(b"R", b"", b"", b"Item", b"[" * 30_000, b"TOML")], b"Value", b"Type"),
    "long lists": lambda: table(b"Integration users", (b"User name", b"Roles"), many(1_000, row(b"u", b"a," * 3_000))),
}
"""The worksheet of each."""

MOST = 200_000
"""Bytes of each workbook."""


def write_bombs(folder: Path) -> None:
    """A workbook of `MOST` bytes for each, and CSV files."""
    parts = workbook_parts()
    for name, made in BOMBS.items():
        write_bomb(folder / f"{name}.xlsx", parts, {SHEET: made()})
    texts = between(b"<sst>", many(900_000, b"<si><t>x</t></si>"), b"</sst>")
    write_bomb(folder / "shared texts.xlsx", parts, {STRINGS: texts})
    (folder / "rows.csv").write_bytes(b"a\n" * 14_000_000)
    (folder / "columns.csv").write_bytes(b"a" + b"," * 30_000_000)
    (folder / "columns in a quoted row.csv").write_bytes((b'a,"\n",' + b"," * 10_000) * 2_000 + b'"')
    (folder / "a line.csv").write_bytes(b"x" * 30_000_000)
    (folder / "an open quote.csv").write_bytes(b'"' + b"x\n" * 10_000_000)


def write_bomb(path: Path, parts: Mapping[str, bytes], instead: Mapping[str, Iterable[bytes]]) -> None:
    """A workbook with some other parts, filled up: a bigger file may take more."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            with packed.open(name, "w") as out:
                for piece in instead.get(name, [content]):
                    out.write(piece)
        packed.writestr("filling", Random(0).randbytes(max(0, MOST - 3_000 - path.stat().st_size)))
