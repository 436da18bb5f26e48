"""The bytes of an orders file: inflated, counted, and never more than the limits allow."""

import gzip
import io
from collections.abc import Callable
from contextlib import closing
from typing import IO, cast

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.orders import LARGEST_ROW, MOST_INFLATED


class TooMuchError(Exception):
    """A limit is passed; the text says which and where."""


class OrdersSource:
    """The bytes of a file, inflated and counted; a line that is too long ends the reading."""

    def __init__(self, open_file: Callable[[], IO[bytes]], size: int | None) -> None:
        self._open_file = open_file
        self._size = size
        self.taken = 0
        self.line_start = 0
        self.has_nuls = False
        """Whether the encoding writes letters with zeros (UTF-16)."""

    def head(self) -> bytes:
        """The first bytes, inflated."""
        with closing(self._stream()) as stream:
            return stream.read(64 * 1024)

    def _stream(self) -> IO[bytes]:
        raw = self._open_file()
        start = raw.read(2)
        raw.seek(0)
        return cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if start == b"\x1f\x8b" else raw

    def text(self, encoding: str, *, has_lines: bool = True) -> io.TextIOWrapper:
        """The text from its beginning."""
        self.taken = self.line_start = 0
        buffered = io.BufferedReader(cast(io.RawIOBase, _Counted(self, self._stream(), has_lines)), 256 * 1024)
        return io.TextIOWrapper(buffered, encoding=encoding, newline="")

    def share(self) -> float:
        """Which part of the file was read; what is packed counts as larger than it is."""
        return min(1.0, self.taken / self._size) if self._size else 1.0

    def count(self, piece: bytes, has_lines: bool) -> None:
        """Note what was read."""
        self.taken += len(piece)
        if self._size is not None and self.taken > MOST_INFLATED * max(self._size, 4096):
            raise TooMuchError(f"it holds more than {MOST_INFLATED} times its size")
        if has_lines:
            if (nul := piece.find(b"\0")) >= 0 and not self.has_nuls:
                raise TooMuchError(f"byte {self.taken - len(piece) + nul + 1:,} is a NUL character")
            end = piece.rfind(b"\n")
            if end >= 0:
                self.line_start = self.taken - len(piece) + end
            elif self.taken - self.line_start > LARGEST_ROW:
                raise TooMuchError(f"a line is longer than {LARGEST_ROW:,} bytes, from byte {self.line_start + 1:,}")


class _Counted(io.RawIOBase):
    """The bytes of a stream, counted."""

    def __init__(self, source: OrdersSource, stream: IO[bytes], has_lines: bool) -> None:
        super().__init__()
        self._source = source
        self._stream = stream
        self._has_lines = has_lines

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        piece = self._stream.read(len(buffer))
        self._source.count(piece, self._has_lines)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()


def reading_problem(name: str, error: Exception, source: "OrdersSource", encoding: str) -> Wrong:
    """Why the bytes of a file could not be read to their end, with the place."""
    file = plain(name)
    if isinstance(error, UnicodeDecodeError):
        at = source.taken - len(error.object) + error.start
        return Wrong(
            f"{file} is not {encoding or 'UTF-8'}: byte {at + 1:,} cannot be read",
            "name its encoding: --encoding latin-1, cp1252, utf-16",
        )
    if isinstance(error, TooMuchError):
        return Wrong(f"{file}: {error}", "is this an orders file?")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or "it ends too early"
    return Wrong(f"{file} cannot be read: {plain(reason)}", "check the file")
