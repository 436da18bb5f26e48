"""A stream out of memory, which cuts what it says wherever the test wants."""

from collections.abc import Sequence
from itertools import pairwise


class Said:
    """Says the given pieces one after the other, then ends (or breaks)."""

    def __init__(self, pieces: Sequence[bytes], *, breaks: OSError | None = None) -> None:
        self._pieces = list(pieces)
        self._breaks = breaks
        self.heard = b""

    async def read(self, maximum: int) -> bytes:
        while self._pieces:
            piece, rest = self._pieces[0][:maximum], self._pieces[0][maximum:]
            if rest:
                self._pieces[0] = rest
            else:
                self._pieces.pop(0)
            if piece:
                return piece
        if self._breaks is not None:
            raise self._breaks
        return b""

    async def write(self, data: bytes) -> None:
        self.heard += data

    def close(self) -> None:
        self._pieces.clear()


def cut(data: bytes, at: Sequence[int]) -> list[bytes]:
    """The data in pieces, cut at the given places."""
    places = sorted({min(place, len(data)) for place in at} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(places)]
