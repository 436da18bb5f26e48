"""Files that only this user may read: found safe before they are read, replaced whole when they are written."""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from omtui.credentials.answer import Reason, SecretProblem
from omtui.plain_text import plain
from omtui.store.files import lock_within, replacement, sync_folder

LARGEST = 16 * 1024 * 1024
"""In bytes; the files kept this way are some kilobytes."""

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_private(path: Path, *, public: bool = False) -> bytes | SecretProblem | None:
    """The bytes of a file that belongs to this user and nobody else can read or write; `None` where there is none.

    With `public` others may read it, and a link is followed: for settings, which must be this user's own and
    hold no secret. A pipe, a device or a folder is refused without waiting on it.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags | (0 if public else os.O_NOFOLLOW))
    except FileNotFoundError:
        return None
    except OSError as error:
        return _not_a_file(path) if path.is_symlink() or path.is_dir() else _cannot("read", path, error)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            return _not_a_file(path)
        if fault := _fault(found, _OTHERS_WRITE if public else _OTHERS):
            return _insecure(f"{plain(path)} {fault}", 600, path)
        if unsafe := folder_fault(path.parent):
            return unsafe
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        return _cannot("read", path, error)
    finally:
        os.close(descriptor)


def replace_private(path: Path, content: bytes) -> SecretProblem | None:
    """Writes a file with mode 0600, whole or not at all; its folder is made with mode 0700 if need be.

    The new content is on the disk before it takes the old one's name, so a crash or a full disk leaves the old
    file as it was. A link in the file's place is not followed, it is refused.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        return _cannot("make the folder of", path, error)
    if unsafe := folder_fault(path.parent):
        return unsafe
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return _not_a_file(path)
    try:
        with replacement(path, content) as temporary:
            temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        return _cannot("write", path, error)
    return None


@contextlib.contextmanager
def locked(path: Path, seconds: float = 5.0) -> Iterator[SecretProblem | None]:
    """Holds the lock that guards changes of a file, or yields why not; waits at most so many seconds.

    The lock is a file next to it, never the file itself, which is replaced at every change.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = path.with_name(f".{path.name}.lock")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        yield _cannot("lock", path, error)
        return
    busy = SecretProblem(f"another program is changing {plain(path)}", "Try again in a moment.", Reason.BUSY)
    try:
        yield None if lock_within(descriptor, seconds) else busy
    finally:
        os.close(descriptor)


def folder_fault(folder: Path) -> SecretProblem | None:
    """Why a folder is not safe for a private file: others may put a file of their own in its place."""
    try:
        found = folder.stat()
    except OSError as error:
        return _cannot("look at", folder, error)
    fault = _fault(found, _OTHERS_WRITE)
    return _insecure(f"the folder {plain(folder)} {fault}", 700, folder) if fault else None


def _insecure(message: str, mode: int, path: Path) -> SecretProblem:
    return SecretProblem(message, f"If it is yours: chmod {mode} {plain(path)}", Reason.INSECURE)


def _fault(found: os.stat_result, forbidden: int) -> str:
    if found.st_uid != os.getuid():
        return "belongs to another user"
    if found.st_mode & forbidden:
        return "can be changed by others" if found.st_mode & _OTHERS_WRITE else "can be read by others"
    return ""


def _not_a_file(path: Path) -> SecretProblem:
    return SecretProblem(
        f"{plain(path)} is a link, a folder, a pipe or far too large, not the plain file it should be",
        "Look what it is and move it away.",
        Reason.NOT_A_FILE,
    )


def _cannot(what: str, path: Path, error: OSError) -> SecretProblem:
    return SecretProblem(
        f"cannot {what} {plain(path)}: {plain(error.strerror or type(error).__name__)}",
        "See that the folder is yours and the disk is not full.",
        Reason.CANNOT_WRITE,
    )
