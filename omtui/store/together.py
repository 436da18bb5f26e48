"""Files that change with a profile's, as one: what is written next to it, and what gets another name.

All of it can be done again and taken back, from any state that a killed program left.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.store.files import content_hash, read_bytes, read_hash, write_file
from omtui.store.splice import Splice, between_contents


@dataclass(frozen=True, slots=True)
class CompanionFile:
    """A file that is written with the profile: the piece of its text that changes, all of it where there was none."""

    path: str
    splice: Splice
    is_new: bool = False

    @classmethod
    def of(cls, path: Path, before: bytes | None, after: bytes) -> CompanionFile:
        """What makes one content of a file of another; `None` where there is no file yet."""
        return cls(str(path), between_contents(before or b"", after), before is None)

    def write(self) -> Problem | None:
        """Write the file, unless that is done or another program changed it; why it could not be written."""
        if self.is_new and os.path.lexists(self.path):
            return None
        content = b"" if self.is_new else read_bytes(self.path, may_be_empty=True)
        if isinstance(content, Problem):
            return content if os.path.lexists(self.path) else None
        new = self.splice.applied_to(content)
        if new is None:
            return None
        written = write_file(self.path, new, None if self.is_new else content_hash(content))
        return written if isinstance(written, Problem) else None


@dataclass(frozen=True, slots=True)
class FileMove:
    """A file that gets another name, where nothing is yet."""

    source: str
    target: str

    @property
    def is_begun(self) -> bool:
        """Whether the file has the new name; perhaps also the old one still."""
        return os.path.lexists(self.target) and (not os.path.lexists(self.source) or self._is_both)

    @property
    def _is_both(self) -> bool:
        one, other = Path(self.source).lstat(), Path(self.target).lstat()
        if one.st_dev != other.st_dev:
            return read_hash(self.source) == read_hash(self.target) is not None
        return os.path.samestat(one, other)

    def make(self) -> None:
        """Give the file its new name, also when another program takes it at this moment. Raises `OSError`."""
        if not os.path.lexists(self.source):
            return
        try:
            os.link(self.source, self.target, follow_symlinks=False)
        except FileExistsError:
            if not self._is_both:
                raise
        except OSError as error:  # another file system, or one without hard links
            if os.path.lexists(self.target):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
            if error.errno != errno.EXDEV:
                Path(self.source).rename(self.target)
                return
            import shutil

            part = f"{self.target}.part"
            shutil.copy2(self.source, part, follow_symlinks=False)
            Path(part).replace(self.target)
        Path(self.source).unlink()


def carry_out(moves: Sequence[FileMove], files: Sequence[CompanionFile]) -> Problem | None:
    """Give all files their new names and write the others, as far as that is not done; why it could not be done."""
    for each in moves:
        try:
            each.make()
        except OSError as error:
            return Problem(
                f"{plain(each.source)} cannot be moved: {_why(error)}", "check the permission of both folders"
            )
    return next((failure for each in files if (failure := each.write()) is not None), None)


def take_back(moves: Sequence[FileMove], files: Sequence[CompanionFile]) -> Problem | None:
    """Undo what was done of it; why that could not be done."""
    for each in files:
        if each.is_new and read_bytes(each.path) == each.splice.after.encode("utf-8", "surrogateescape"):
            with suppress(OSError):
                Path(each.path).unlink()
    written = [replace(each, splice=each.splice.inverse()) for each in files if not each.is_new]
    begun = [FileMove(each.target, each.source) for each in reversed(moves) if each.is_begun]
    return carry_out((), written) or carry_out(begun, ())


def _why(error: OSError) -> str:
    return plain(error.strerror or error).lower()
