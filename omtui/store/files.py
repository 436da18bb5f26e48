"""Reading and replacing files so that nothing is lost: no block on a pipe, no half file, no silent overwrite."""

import errno
import fcntl
import os
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from omtui.plain_text import plain
from omtui.problem import Problem

LIMIT = 16 * 1024 * 1024
"""How big a profile may be, in bytes. Ten thousand records take three million."""

LOCK_PATIENCE = 5.0
"""How long a write waits, in seconds, for another program that writes to the same folder."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """The file holds the new bytes; `hash` is theirs."""

    hash: str


@dataclass(frozen=True, slots=True)
class ChangedOnDisk:
    """Nothing was written: the file is not what it was when it was read. `hash` is `None` when it is gone."""

    hash: str | None


WriteOutcome: TypeAlias = WrittenFile | ChangedOnDisk | Problem


def content_hash(content: bytes) -> str:
    """By which a later save knows the content again."""
    import hashlib  # reading alone needs none

    return "sha256:" + hashlib.sha256(content).hexdigest()


def read_file(path: str | os.PathLike[str], limit: int = LIMIT, *, may_be_empty: bool = False) -> bytes | Problem:
    """The content of a text file. The problem names folders, pipes, devices, empty, too big and non-UTF-8 files.

    Never blocks on a pipe or a device.
    """
    content = read_bytes(path, limit, may_be_empty=may_be_empty)
    if isinstance(content, Problem):
        return content
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Problem(f"{plain(path)} is not UTF-8 text (line {line})", "save it as UTF-8 in an editor")
    return content


def read_bytes(path: str | os.PathLike[str], limit: int = LIMIT, *, may_be_empty: bool = False) -> bytes | Problem:
    """The content of a file of any kind, as `read_file` reads it, but for what only a text must be."""
    name = plain(path)
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to waits for ever.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        return Problem(*_reading_failed(name, error))
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return Problem(f"{name} is {_kind(status.st_mode)}, not a file", "name a .toml file")
        if status.st_size > limit:
            return Problem(*_too_big(name, limit))
        content = _read(handle, limit + 1)
    except OSError as error:
        return Problem(*_reading_failed(name, error))
    finally:
        os.close(handle)
    if len(content) > limit:
        return Problem(*_too_big(name, limit))
    if not may_be_empty and not content.strip():
        return Problem(f"{name} is empty", "start a profile with omtui new")
    return content


def read_hash(path: str | os.PathLike[str]) -> str | None:
    """The hash of a file's content now; `None` when there is no readable file."""
    content = read_bytes(path, sys.maxsize, may_be_empty=True)
    return content_hash(content) if isinstance(content, bytes) else None


def write_file(path: str | os.PathLike[str], content: bytes, expected: str | None) -> WriteOutcome:
    """Replace a file by new content, whole or not at all.

    `expected` is the hash of what was read; `None` means that the file must not be there yet. A link is followed to
    its target. The mode (0600 for a new file), and where possible the owner and the access list, stay.
    """
    name = plain(path)
    try:
        target = Path(os.path.realpath(path))
        with _locked(target.parent) as held:
            if not held:
                return Problem(f"another program is writing next to {name}", "try again")
            return _replace(target, name, content, expected)
    except (OSError, ValueError) as error:
        return Problem(*_writing_failed(name, error))


def _replace(target: Path, name: str, content: bytes, expected: str | None) -> WriteOutcome:
    try:
        status = target.stat()
    except FileNotFoundError:
        status = None
    if status is not None and not stat.S_ISREG(status.st_mode):
        return Problem(f"{name} is {_kind(status.st_mode)}, not a file", "choose another name")
    current = read_hash(target) if status is not None else None
    if status is not None and current is None:
        return Problem(f"{name} cannot be read", "check its permission")
    if current != expected:
        return ChangedOnDisk(current)
    if os.statvfs(target.parent).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    if status is not None and not os.access(target, os.W_OK):
        return Problem(f"{name} is write-protected", "chmod u+w lifts that; nothing was written")

    def prepared(handle: int) -> None:
        if status is not None:
            _take_over(handle, target, status)

    with replacement(target, content, prepared) as temporary:
        # As late as possible: an editor knows nothing of the lock.
        if status is None:
            try:
                os.link(temporary, target)  # unlike a rename, this fails when the name was taken meanwhile
            except FileExistsError:
                return ChangedOnDisk(read_hash(target))
            except OSError:  # a file system without hard links
                if target.exists():
                    return ChangedOnDisk(read_hash(target))
                temporary.replace(target)
        else:
            if (now := read_hash(target)) != expected:
                return ChangedOnDisk(now)
            temporary.replace(target)
    with suppress(OSError):  # some file systems cannot; the content itself is safe already
        sync_folder(target.parent)
    return WrittenFile(content_hash(content))


def replace_file(
    path: str | os.PathLike[str], content: bytes | Iterable[bytes], *, mode: int = 0o644
) -> Problem | None:
    """Replace a document by a new one, whole or not at all; why not, when that failed. The old one is not read.

    A link is followed, a device or a pipe is written to. `mode` is that of a new file. A large document comes in
    pieces.
    """
    name = plain(path)
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                stream.writelines([content] if isinstance(content, bytes) else content)
            return None
        new_mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else mode
        with replacement(target, content, lambda handle: os.fchmod(handle, new_mode)) as temporary:
            temporary.replace(target)
    except (OSError, ValueError) as error:
        return Problem(*_writing_failed(name, error))
    return None


def sync_folder(folder: Path) -> None:
    """See to it that a name given in a folder is safe on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def replacement(
    target: Path, content: bytes | Iterable[bytes], prepare: Callable[[int], object] | None = None
) -> Iterator[Path]:
    """A file next to the target with its new content, as `write_new` writes it; it is gone afterwards in any case."""
    from secrets import token_hex

    mark = f".omtui-{zlib.crc32(os.fsencode(target.name)):08x}-"
    _sweep(target.parent, mark)
    temporary = target.with_name(f"{mark}{token_hex(6)}.tmp")
    write_new(temporary, content, prepare)
    try:
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()


def write_new(path: Path, content: bytes | Iterable[bytes], prepare: Callable[[int], object] | None = None) -> None:
    """Write a file that is not there yet, safe on the disk; where that fails, there is none.

    Only this user can read it, unless `prepare`, which is called with the open file, changes that.

    Raises:
        OSError: it could not be written, or is there already.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        for piece in [content] if isinstance(content, bytes) else content:
            view = memoryview(piece)
            while view:
                view = view[os.write(handle, view) :]
        if prepare is not None:
            prepare(handle)
        os.fsync(handle)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(handle)


def _take_over(handle: int, target: Path, status: os.stat_result) -> None:
    """Give the new file the old one's owner, access list and mode, as far as this user may."""
    with suppress(OSError):
        os.fchown(handle, -1, status.st_gid)
        os.fchown(handle, status.st_uid, -1)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for attribute in os.listxattr(target):
                with suppress(OSError):
                    os.setxattr(handle, attribute, os.getxattr(target, attribute))
    os.fchmod(handle, stat.S_IMODE(status.st_mode))


def _sweep(folder: Path, mark: str) -> None:
    """Remove temporary files that a killed program left behind."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(mark) and entry.name.endswith(".tmp"):
                with suppress(OSError):
                    if time.time() - entry.stat(follow_symlinks=False).st_mtime > 60:
                        Path(entry.path).unlink()


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Hold the folder against other programs of this kind. Gives false when one holds it for too long.

    The lock is on the folder itself, so that no file is left when the program dies. Where a file system knows no
    such lock, the comparison of hashes right before the replacement is all there is.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield lock_within(handle, LOCK_PATIENCE)
    finally:
        os.close(handle)


def lock_within(handle: int, seconds: float) -> bool:
    """Hold an open file or folder against other programs until it is closed; false when another holds it for longer."""
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        except OSError:  # a file system without such locks
            return True
        else:
            return True


def _read(handle: int, most: int) -> bytes:
    parts = []
    while most > 0 and (part := os.read(handle, min(most, 1024 * 1024))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def _kind(mode: int) -> str:
    return next((word for test, word in _KINDS if test(mode)), "something else")


def _too_big(name: str, limit: int) -> tuple[str, str]:
    return f"{name} is bigger than {limit // (1024 * 1024)} MB", "is this a profile?"


def _reading_failed(name: str, error: OSError | ValueError) -> tuple[str, str]:
    if isinstance(error, ValueError):
        return f"{name} is no file name", "name a .toml file"
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return f"there is no file {name}", "check the name; omtui list shows the library"
        case errno.EACCES | errno.EPERM:
            return f"{name} may not be read", "check its permission and its folder's"
        case errno.ELOOP:
            return f"{name} is a link that leads to itself", "name the file itself"
        case errno.ENXIO:
            return f"{name} is a socket, not a file", "name a .toml file"
        case errno.ENAMETOOLONG:
            return f"the name {name[:60]}… is too long", "choose a shorter name"
    return f"{name} cannot be read: {_reason(error)}", "check the disk or the connection to it"


def _writing_failed(name: str, error: OSError | ValueError) -> tuple[str, str]:
    kept = "the file is as it was"
    if isinstance(error, ValueError):
        return f"{name} is no file name", "choose another name"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"no space left for {name}; {kept}", "free some space and save again"
        case errno.EROFS:
            return f"{name} is on a read-only file system", "save under another name"
        case errno.EACCES | errno.EPERM:
            return f"the folder of {name} may not be written to", "check its permission, or save under another name"
        case errno.ENOENT | errno.ENOTDIR:
            return f"the folder of {name} is not there", "create it, or save under another name"
        case errno.ELOOP:
            return f"{name} is a link that leads to itself", "choose another name"
        case errno.ENAMETOOLONG:
            return f"the name {name[:60]}… is too long", "choose a shorter name"
        case errno.EFBIG:
            return f"{name} would be bigger than this system allows; {kept}", "check ulimit -f"
    return f"{name} cannot be written: {_reason(error)}; {kept}", "check the disk or the connection to it"


def _reason(error: OSError) -> str:
    return plain(os.strerror(error.errno) if error.errno else str(error)).lower()
