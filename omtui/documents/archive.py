"""Reads the parts of a ZIP archive that may come from anywhere: nothing is unpacked to disk, and all is bounded.

XML goes in pieces to a parser that refuses document types, the way to entities that grow without bound.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from omtui.documents.sheet import Budget
from omtui.problem import Problem

DEEPEST: Final = 100
MOST_PARTS: Final = 2_000
LONGEST_TOKEN: Final = 1_000_000
"""Bytes of one tag or comment: the parser keeps and reads again what has not ended."""

_PIECE: Final = 65_536

Attributes = dict[str, str]

ZIP_FAULTS: Final = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)
"""What `zipfile` raises for damage of one kind or another."""


class StopReadingError(Exception):
    """Ends the reading of an archive; `why` is for people."""

    def __init__(self, why: Problem) -> None:
        self.why = why


def stop_if(why: Problem | None) -> None:
    """End the reading, if there is a reason."""
    if why is not None:
        raise StopReadingError(why)


def has_too_many_parts(content: bytes) -> bool:
    """Whether an archive names more parts than are read; looked up before a list of them is made."""
    return content.count(b"PK\x01\x02") > MOST_PARTS


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive, what is read of it, and what is said of one that is damaged, or that no program writes."""

    packed: zipfile.ZipFile
    budget: Budget
    damaged: Problem
    foreign: Problem

    def parse(
        self,
        part: str,
        start: Callable[[str, Attributes], None],
        text: Callable[[str], None] | None = None,
        end: Callable[[str], None] | None = None,
    ) -> None:
        """Read one part as XML. Names of elements are given without their namespace."""
        depth = 0

        def opened(name: str, attributes: Attributes) -> None:
            nonlocal depth
            depth += 1
            if depth > DEEPEST:
                raise StopReadingError(self.foreign)
            stop_if(self.budget.spend("elements"))
            start(name.rpartition(":")[2], attributes)

        def closed(name: str) -> None:
            nonlocal depth
            depth -= 1
            if end is not None:
                end(name.rpartition(":")[2])

        def refused(*_: object) -> None:
            raise StopReadingError(self.foreign)

        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refused
        parser.StartElementHandler, parser.EndElementHandler = opened, closed
        if text is not None:
            parser.CharacterDataHandler = text
        fed = 0
        for piece in self.pieces(part):
            fed += len(piece)
            try:
                parser.Parse(piece, not piece)
            except (ExpatError, ValueError, LookupError):  # the latter two for an encoding that it does not know
                raise StopReadingError(self.damaged) from None
            if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                raise StopReadingError(self.foreign)

    def pieces(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, an empty piece last."""
        try:
            info = self.packed.getinfo(part)
        except KeyError:
            raise StopReadingError(self.damaged) from None
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise StopReadingError(self.foreign)  # others take memory as the file says
        with self.packed.open(info) as unpacking:
            while piece := unpacking.read(_PIECE):
                stop_if(self.budget.spend("bytes when it is unpacked", len(piece)))
                yield piece
        yield b""
