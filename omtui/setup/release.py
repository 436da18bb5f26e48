"""Releases of Oracle Fusion Cloud Applications: four a year, 25D before 26A."""

import re
from dataclasses import dataclass

_RELEASE = re.compile(r"([0-9]{2})([A-D])")


@dataclass(frozen=True, slots=True, order=True)
class Release:
    """A quarterly release, for example 26C. Releases compare by time."""

    year: int
    letter: str

    def __str__(self) -> str:
        return f"{self.year:02}{self.letter}"

    @classmethod
    def parse(cls, text: object) -> "Release | None":
        """Read `26C`; `None` for anything else."""
        match = _RELEASE.fullmatch(text.strip().upper()) if isinstance(text, str) else None
        return cls(int(match[1]), match[2]) if match else None

    @property
    def next(self) -> "Release":
        """The release after it."""
        return Release(self.year, chr(ord(self.letter) + 1)) if self.letter < "D" else Release(self.year + 1, "A")


NEWEST = Release(26, "D")
"""The newest release whose rules are known here; a pod without a release is judged by it, one level lower."""
