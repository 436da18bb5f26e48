"""Private files: what is unsafe is refused, what is written is whole or not there."""

import os
import signal
import stat
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import pytest

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.private_file import locked, read_private, replace_private


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own" / "vault.age"
    assert replace_private(path, b"content") is None
    return path


def why(answer: object) -> Reason:
    assert isinstance(answer, SecretProblem), answer
    return answer.reason


def test_only_the_owner_can_read_whatever_the_mask_says(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "a" / "b" / "file"
        assert replace_private(path, b"content") is None
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read_private(path) == b"content"


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    assert read_private(tmp_path / "no" / "file") is None


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o666, 0o620])
def test_a_file_that_others_can_reach_is_refused_like_ssh_does(file: Path, mode: int) -> None:
    file.chmod(mode)
    answer = read_private(file)
    assert why(answer) is Reason.INSECURE
    assert isinstance(answer, SecretProblem)
    assert "chmod 600" in answer.fix


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_can_write_to_is_refused(file: Path, mode: int) -> None:
    file.parent.chmod(mode)
    assert why(read_private(file)) is Reason.INSECURE
    assert why(replace_private(file, b"x")) is Reason.INSECURE


def test_settings_may_be_read_but_not_written_by_others(file: Path) -> None:
    file.chmod(0o644)
    assert read_private(file, public=True) == b"content"
    file.chmod(0o664)
    assert why(read_private(file, public=True)) is Reason.INSECURE


def test_a_file_of_another_user_is_refused(file: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(file, 65534, 65534)
    assert why(read_private(file)) is Reason.INSECURE


def test_a_link_is_neither_read_nor_followed(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "bashrc"
    target.write_text("mine")
    target.chmod(0o600)
    file.unlink()
    file.symlink_to(target)
    assert why(read_private(file)) is Reason.NOT_A_FILE
    assert why(replace_private(file, b"x")) is Reason.NOT_A_FILE
    assert target.read_text() == "mine"
    file.unlink()
    file.symlink_to(tmp_path / "nowhere")
    assert why(replace_private(file, b"x")) is Reason.NOT_A_FILE


def test_a_pipe_a_device_and_a_folder_are_refused_without_waiting(file: Path, tmp_path: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)
    assert why(read_private(file)) is Reason.NOT_A_FILE
    assert why(replace_private(file, b"x")) is Reason.NOT_A_FILE
    file.unlink()
    file.mkdir()
    assert why(read_private(file)) is Reason.NOT_A_FILE
    assert why(replace_private(file, b"x")) is Reason.NOT_A_FILE
    assert why(read_private(Path("/dev/zero"))) is Reason.NOT_A_FILE


def test_a_name_that_somebody_made_before_is_not_written_into(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = file.parent / "target"
    target.write_text("mine")
    monkeypatch.setattr("secrets.token_hex", lambda count: "known")
    mark = f"{zlib.crc32(os.fsencode(file.name)):08x}"
    (file.parent / f".omtui-{mark}-known.tmp").symlink_to(target)
    assert isinstance(replace_private(file, b"x"), SecretProblem)
    assert target.read_text() == "mine"
    assert read_private(file) == b"content"


def test_a_full_disk_leaves_the_old_file(file: Path) -> None:
    script = f"""
import resource, signal, pathlib
from omtui.credentials.private_file import replace_private
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
print(replace_private(pathlib.Path({str(file)!r}), bytes(5000)).reason)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout.strip() == "cannot-write", done.stderr
    assert read_private(file) == b"content"
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_kill_at_any_moment_leaves_one_whole_file(file: Path) -> None:
    script = f"""
import pathlib
from omtui.credentials.private_file import replace_private
print("go", flush=True)
number = 0
while True:
    number += 1
    assert replace_private(pathlib.Path({str(file)!r}), str(number % 10).encode() * 50_000) is None
"""
    for delay in range(5):
        program = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert program.stdout is not None
        program.stdout.readline()
        seen = file.read_bytes()
        for _ in range(delay * 3):
            while file.read_bytes() == seen:
                pass
            seen = file.read_bytes()
        program.send_signal(signal.SIGKILL)
        program.wait()
        program.stdout.close()
        content = read_private(file)
        assert isinstance(content, bytes)
        assert len(set(content)) == 1 or content == b"content"


def test_the_lock_keeps_others_out_and_is_not_waited_for_for_ever(file: Path) -> None:
    with locked(file, 1) as fault:
        assert fault is None
        with locked(file, 0.05) as second:
            assert why(second) is Reason.BUSY
    with locked(file, 1) as fault:
        assert fault is None


def test_changes_under_the_lock_lose_nothing(file: Path) -> None:
    assert replace_private(file, b"0") is None

    def count() -> None:
        for _ in range(25):
            with locked(file, 30) as fault:
                assert fault is None
                before = read_private(file)
                assert isinstance(before, bytes)
                assert replace_private(file, str(int(before) + 1).encode()) is None

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_private(file) == b"100"


def test_where_no_lock_can_be_made_it_says_so() -> None:
    with locked(Path("/proc/none/vault.age"), 1) as fault:
        assert why(fault) is Reason.CANNOT_WRITE
