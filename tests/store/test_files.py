"""Files: everything that cannot be read is reported in a line; a write is whole or not at all."""

import os
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from omtui.problem import Problem
from omtui.store import files
from omtui.store.files import ChangedOnDisk, WrittenFile, content_hash, read_file, read_hash, write_file

OLD = b"old = 1\n" * 1000
NEW = b"new = 2\n" * 5000


def in_child(work: Callable[[], str], user: int | None = None) -> str:
    """What a child process answers that does the work, perhaps as another user."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = "the child failed"
        try:
            if user is not None:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
            answer = work()
        finally:
            os.write(writing, answer.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read().decode()
    os.waitpid(child, 0)
    return answer


def inside(folder: Path) -> list[str]:
    """The names of all that is in a folder, hidden files too."""
    return sorted(file.name for file in folder.iterdir())


def as_nobody(work: Callable[[], str]) -> str:
    """What the work answers for a user who is not the administrator (to whom nothing is forbidden)."""
    return in_child(work, 65534) if os.geteuid() == 0 else work()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may come into."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o700)
    shutil.rmtree(folder)


def message_of(path: Path | str) -> str:
    """The one line that says why a file is not readable."""
    found = read_file(path)
    assert isinstance(found, Problem), found
    assert found.message.isprintable()
    assert found.fix.isprintable()
    return found.message


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(OLD)
    assert read_file(path) == OLD
    assert read_hash(path) == content_hash(OLD)


def test_what_cannot_be_read_is_reported(tmp_path: Path) -> None:
    assert "there is no file" in message_of(tmp_path / "absent.toml")
    assert "is a folder" in message_of(tmp_path)
    empty = tmp_path / "empty.toml"
    empty.write_bytes(b"")
    assert "is empty" in message_of(empty)
    empty.write_bytes(b" \n\n")
    assert "is empty" in message_of(empty)
    assert "there is no file" in message_of(empty / "inside.toml")
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"a = 1\nb = '\xe9'\n")
    assert "not UTF-8 text (line 2)" in message_of(latin)
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    assert "a link that leads to itself" in message_of(loop)
    dangling = tmp_path / "dangling.toml"
    dangling.symlink_to(tmp_path / "nowhere")
    assert "there is no file" in message_of(dangling)
    assert "too long" in message_of(tmp_path / ("x" * 300))
    assert "no file name" in message_of("a\0b.toml")
    assert "no file name" in message_of("\udfff\ud800.toml")
    assert "a device" in message_of("/dev/null")
    named = tmp_path / "socket.toml"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(named))
        assert "is a socket" in message_of(named)


def test_a_name_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in message_of(tmp_path / "\x1b[31mred\n.toml")


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    assert "is a pipe" in message_of(pipe)
    assert read_hash(pipe) is None
    assert isinstance(write_file(pipe, NEW, None), Problem)


def test_a_file_that_is_too_big_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.toml"
    path.write_bytes(b"x" * 100)
    assert isinstance(read_file(path, limit=99), Problem)
    assert read_file(path, limit=100) == b"x" * 100
    os.truncate(path, files.LIMIT + 1)
    assert "bigger than 16 MB" in message_of(path)


def test_a_file_without_permission(open_folder: Path) -> None:
    path = open_folder / "secret.toml"
    path.write_bytes(OLD)
    path.chmod(0)
    assert "may not be read" in as_nobody(lambda: message_of(path))
    path.chmod(0o644)
    open_folder.chmod(0o700)
    if os.geteuid() == 0:
        assert "may not be read" in as_nobody(lambda: message_of(path))


def test_a_file_that_grows_while_it_is_read_is_bounded() -> None:
    found = read_file("/proc/self/maps", limit=64)  # says that it is empty, and is not
    assert isinstance(found, Problem)
    assert "bigger" in found.message


def test_a_write_replaces_what_was_read_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    assert write_file(path, OLD, None) == WrittenFile(content_hash(OLD))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert write_file(path, NEW, None) == ChangedOnDisk(content_hash(OLD))
    assert write_file(path, NEW, content_hash(b"other")) == ChangedOnDisk(content_hash(OLD))
    assert path.read_bytes() == OLD
    assert write_file(path, NEW, content_hash(OLD)) == WrittenFile(content_hash(NEW))
    assert path.read_bytes() == NEW
    path.unlink()
    assert write_file(path, NEW, content_hash(NEW)) == ChangedOnDisk(None)
    assert inside(tmp_path) == []


def test_the_mode_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(OLD)
    for mode in (0o644, 0o640, 0o664, 0o600):
        path.chmod(mode)
        content = f"mode = {mode}\n".encode()
        assert isinstance(write_file(path, content, read_hash(path)), WrittenFile)
        assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only the administrator can give files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(OLD)
    os.chown(path, 65534, 65534)
    assert isinstance(write_file(path, NEW, content_hash(OLD)), WrittenFile)
    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65534)


def test_a_link_is_followed_to_its_target(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "real.toml"
    target.write_bytes(OLD)
    link = tmp_path / "link.toml"
    link.symlink_to("elsewhere/real.toml")
    assert isinstance(write_file(link, NEW, content_hash(OLD)), WrittenFile)
    assert link.is_symlink()
    assert target.read_bytes() == NEW
    assert inside(tmp_path) == ["elsewhere", "link.toml"]
    target.unlink()
    assert isinstance(write_file(link, OLD, None), WrittenFile)
    assert target.read_bytes() == OLD


def test_where_it_cannot_write_it_says_why(tmp_path: Path) -> None:
    assert isinstance(write_file(tmp_path, NEW, None), Problem)
    for path in (tmp_path / "no" / "a.toml", Path("/proc/a.toml"), tmp_path / ("x" * 300), Path("a\0b")):
        failed = write_file(path, NEW, None)
        assert isinstance(failed, Problem)
        assert failed.message.isprintable()
        assert failed.fix
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    assert isinstance(write_file(loop, NEW, None), Problem)


def test_a_read_only_folder_and_a_read_only_file(open_folder: Path) -> None:
    path = open_folder / "a.toml"
    path.write_bytes(OLD)
    path.chmod(0o666)

    def write() -> str:
        found = write_file(path, NEW, content_hash(OLD))
        return found.message if isinstance(found, Problem) else "written"

    open_folder.chmod(0o555)
    assert "may not be written to" in as_nobody(write)
    open_folder.chmod(0o777)
    path.chmod(0o444)
    assert "write-protected" in as_nobody(write)
    assert path.read_bytes() == OLD
    assert inside(open_folder) == ["a.toml"]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False
    )
    if mount.returncode:
        pytest.skip("mounting a file system needs the administrator; the next test fills a file instead")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_leaves_the_old_file(tiny_disk: Path) -> None:
    path = tiny_disk / "a.toml"
    path.write_bytes(OLD)
    failed = write_file(path, NEW * 10, content_hash(OLD))
    assert isinstance(failed, Problem)
    assert "no space left" in failed.message
    assert path.read_bytes() == OLD
    assert inside(tiny_disk) == ["a.toml"]


def test_a_file_that_may_not_grow_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(OLD)

    def write() -> str:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        found = write_file(path, NEW, content_hash(OLD))
        return found.message if isinstance(found, Problem) else "written"

    assert "bigger than this system allows" in in_child(write)
    assert path.read_bytes() == OLD
    assert inside(tmp_path) == ["a.toml"]


def test_kill_at_any_moment_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(OLD)
    random = Random(1)
    times = 60 * int(os.environ.get("OMTUI_THOROUGH", "1"))
    seen = set()
    for _ in range(times):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, b"x")
            while True:
                current = path.read_bytes()
                write_file(path, NEW if current == OLD else OLD, content_hash(current))
        os.read(reading, 1)
        select.select([], [], [], random.random() * 0.02)  # some moment of its work
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)
        content = path.read_bytes()
        assert content in (OLD, NEW)
        seen.add(content)
    assert len(seen) == 2
    # What killed programs left behind goes with a later write.
    for file in tmp_path.iterdir():
        os.utime(file, (0, 0))
    assert isinstance(write_file(path, b"x = 1\n", read_hash(path)), WrittenFile)
    assert inside(tmp_path) == ["a.toml"]


WRITER = """
import sys
from pathlib import Path
from omtui.store.files import WrittenFile, content_hash, write_file

path, mine = Path(sys.argv[1]), sys.argv[2]
count = 0
while count < 40:
    content = path.read_bytes()
    found = write_file(path, content + f"{mine}{count}\\n".encode(), content_hash(content))
    count += isinstance(found, WrittenFile)
"""


def test_two_programs_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"start\n")
    command = [sys.executable, "-c", WRITER, str(path)]
    programs = [subprocess.Popen([*command, name]) for name in ("a", "b", "c")]
    assert [program.wait(60) for program in programs] == [0, 0, 0]
    lines = path.read_text().split()
    assert sorted(lines) == sorted(["start", *(f"{name}{number}" for name in "abc" for number in range(40))])
    for name in "abc":  # and each one's own are in order
        assert [line for line in lines if line[0] == name] == [f"{name}{number}" for number in range(40)]


def test_two_programs_cannot_both_make_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    maker = "import sys; from omtui.store.files import *; print(type(write_file(sys.argv[1], b'x = 1', None)).__name__)"
    command = [sys.executable, "-c", maker, str(path)]
    programs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = sorted(program.communicate(timeout=60)[0].strip() for program in programs)
    assert answers == ["ChangedOnDisk", "ChangedOnDisk", "ChangedOnDisk", "WrittenFile"]


def test_a_lock_that_is_held_for_too_long_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    monkeypatch.setattr(files, "LOCK_PATIENCE", 0.05)
    handle = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        failed = write_file(tmp_path / "a.toml", NEW, None)
    finally:
        os.close(handle)
    assert isinstance(failed, Problem)
    assert "another program" in failed.message
    assert isinstance(write_file(tmp_path / "a.toml", NEW, None), WrittenFile)
