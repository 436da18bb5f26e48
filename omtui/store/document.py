"""A profile as its text and its data at once: every operation changes both, and the text only where it must.

The data is what `tomllib` reads. The text is cut into blocks (`omtui.store.blocks`) when the first operation or the
first question for a line comes, so that opening a big profile costs its parsing and no more. What no operation touches
is written byte for byte as it was read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.setup.place import Data, Path, place_of
from omtui.setup.reading import ReadingFault, parse, verify
from omtui.store.change import Insert, Operation, apply, fits, inverse, same

if TYPE_CHECKING:
    from omtui.store.splice import Splice
    from omtui.store.text import Text

WHOLE = 1_000_000
"""Up to how many characters a text is read back whole before it is written; above, only what was touched."""

_BOM = b"\xef\xbb\xbf"


class Document:
    """The text and the data of a profile (or of a file next to it)."""

    def __init__(self, text: str, data: Data, *, original: bytes) -> None:
        self.data = data
        self._original = original
        self._output: bytes | None = original
        self.newline = "\r\n" if text[: text.find("\n") + 1].endswith("\r\n") else "\n"
        self._last_newline = "" if text.endswith("\n") else self.newline
        self._unread = text
        """The whole text, while it is not cut into blocks or nothing was changed since it was last joined."""
        self._is_read = True
        """Whether the data is what was read from `_unread`."""
        self._is_doubtful = False
        """Whether nothing but reading the whole text back shows that it says what the data is."""
        self._text: Text | None = None

    @classmethod
    def from_bytes(
        cls, content: bytes, verified: Callable[[Data], list[ReadingFault]] = verify
    ) -> Self | list[ReadingFault]:
        """Read a file's content. `verified` finds what is wrong in this kind of file; a profile by default."""
        plain_content = content.removeprefix(_BOM)
        try:
            text = plain_content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = plain_content.count(b"\n", 0, error.start) + 1
            column = error.start - plain_content.rfind(b"\n", 0, error.start)
            return [ReadingFault("the file is not UTF-8 text", "save it as UTF-8 in an editor", line, column)]
        data = parse(text)
        if isinstance(data, ReadingFault):
            return [data]
        read = cls(text, data, original=content)
        return [read._placed(fault) for fault in verified(data)] or read

    def _placed(self, fault: ReadingFault) -> ReadingFault:
        """The fault with the line and column of the value that it is about."""
        if fault.line is not None or not fault.path or (found := self.position(fault.path)) is None:
            return fault
        return replace(fault, line=found[0], column=found[1])

    def line(self, path: Path) -> int | None:
        """The line of a record's header, a field's key or a list's element; of what holds it when it is not there."""
        found = self.position(path)
        return found[0] if found else None

    def position(self, path: Path) -> tuple[int, int] | None:
        """The line and column (both from 1) where the record, field or element at a path starts in the text.

        What is not there has the position of the innermost thing around it that is; `None` when there is none.
        """
        text = self._cut()
        for length in range(len(path), 0, -1):
            if found := text.position(path[:length]):
                return found
        return None

    def text(self) -> str:
        """The text as it is now, unchecked."""
        if self._text is not None and not self._unread:
            text = self._text.blocks.text()
            self._unread = text.removesuffix(self._last_newline) if self._last_newline else text
        return self._unread

    def perform(self, operation: Operation) -> Operation:
        """Change data and text. Returns the operation as performed: that one is for the journal.

        Raises `ValueError` when the data is not what the operation was made for (`omtui.store.change.fits`).
        """
        performed = apply(self.data, operation)
        self._write(performed)
        return performed

    def _write(self, performed: Operation) -> None:
        """Make the text follow an operation."""
        # Imported here: a command that only reads does without all that knows how text is changed.
        from omtui.store.text_edit import edit

        text = self._cut()
        self._changed()
        edit(text, performed, self.data)

    def perform_all(self, operations: Sequence[Operation]) -> bool:
        """Perform operations one after the other. False, and nothing is done, when one does not fit."""
        if (done := self._applied(operations)) is None:
            return False
        self._revert(done)
        for operation in operations:
            self.perform(operation)
        return True

    def _applied(self, operations: Sequence[Operation]) -> list[Operation] | None:
        """Change the data by all operations, as performed; `None`, and nothing is changed, when one does not fit."""
        done: list[Operation] = []
        for operation in operations:
            if not fits(self.data, operation):
                self._revert(done)
                return None
            done.append(apply(self.data, operation))
        return done

    def _revert(self, done: Sequence[Operation]) -> None:
        for each in reversed(done):
            apply(self.data, inverse(each))

    def replay(self, splice: Splice, operations: Sequence[Operation]) -> bool:
        """Replace a piece of the text as it was replaced before, the data with it.

        False, and nothing is done, when text or data are not what the splice and the operations were made for.
        """
        text = splice.applied(self.text())
        if text is None or self._applied(operations) is None:
            return False
        # What a splice gives is as right as the text that it is given: asked here, for the blocks are forgotten now.
        self._is_doubtful = self._is_doubtful or (len(text) > WHOLE and not self._reads_back(self.text()))
        self.use_text(text)
        return True

    def use_text(self, text: str) -> None:
        """Use another text that says what the data is."""
        self._text = None
        self._unread = text
        self._output = None
        self._is_read = False
        self._last_newline = "" if text.endswith("\n") else self.newline

    def text_at(self, path: Path) -> tuple[str, ...]:
        """The text of a record, header by header, with its comments; empty where it is not in one piece."""
        return self._cut().texts_at(path)

    def insert_as_text(self, operation: Insert, texts: tuple[str, ...]) -> Operation:
        """Insert a record with the text that it has elsewhere, where that fits; else with one of our own."""
        text = self._cut()
        new, above = text.fitting(operation.path, operation.index, texts)
        if above is None:
            return self.perform(operation)
        before = self.text()
        performed = apply(self.data, operation)
        self._changed()
        text.attach((*operation.path, operation.index), new, above)
        if not (all(text.agrees(each, self.data) for each in new if each.body) and text.blocks.is_sound()):
            self.use_text(before)
            self._write(performed)
        return performed

    def to_bytes(self) -> bytes | Problem:
        """The file's new content, once it is sure that it reads back as the data; else why not."""
        if self._output is not None:
            return self._output
        text = self.text()
        try:
            content = self.encoded(text)
        except UnicodeEncodeError:
            where = plain(place_of(self.data, _surrogate(self.data, ()) or ()))
            message = f"{where} holds half a character (a lone surrogate), which no file can hold"
            return Problem(message, "enter it again")
        if not self._reads_back(text):
            return Problem("the text would not read back as what was meant; nothing was written", "undo the last edit")
        if self._text is not None:
            self._text.touched.clear()
            self._text.headers_moved = False
        self._output = content
        return content

    def encoded(self, text: str) -> bytes:
        """A text as the bytes of this file: with its byte order mark, if it has one."""
        return (_BOM if self._original.startswith(_BOM) else b"") + text.encode("utf-8")

    def _cut(self) -> Text:
        if self._text is None:
            from omtui.store.text import Text  # not before there is a change

            self._text = Text(self._unread + self._last_newline, self.newline)
        return self._text

    def _changed(self) -> None:
        """The blocks say something else now than the text that was joined, and than the file."""
        self._unread = ""
        self._output = None
        self._is_read = False

    def _reads_back(self, text: str) -> bool:
        changes = self._text
        if self._is_read:
            return True
        if len(text) > WHOLE and not self._is_doubtful:
            if changes is None:
                return True  # as a splice left it, which knows the sum of the whole text
            if len(changes.touched) <= 100 and all(changes.agrees(each, self.data) for each in changes.touched):
                return not changes.headers_moved or changes.blocks.is_sound()
        try:
            return same(tomllib.loads(text, parse_float=Decimal), self.data)
        except tomllib.TOMLDecodeError:
            return False


def _surrogate(value: object, path: Path) -> Path | None:
    """The path of a text with a lone surrogate, or of what holds such a key."""
    if isinstance(value, str):
        return path if any("\ud800" <= letter <= "\udfff" for letter in value) else None
    if isinstance(value, dict):
        for key, inner in value.items():
            found = path if _surrogate(key, ()) is not None else _surrogate(inner, (*path, key))
            if found is not None:
                return found
    if isinstance(value, list):
        for number, inner in enumerate(value):
            if (found := _surrogate(inner, (*path, number))) is not None:
                return found
    return None
