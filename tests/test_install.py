"""`install.sh` of the offline bundle: what goes wrong is told before anything is written.

That it installs is shown by .ci/run, in a network namespace without a route.
"""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.terminal.terminal import ROOT


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "a bundle"
    folder.mkdir()
    shutil.copy(ROOT / ".ci/install.sh", folder)
    (folder / "VERSION").write_text("1.2.3\n")
    (folder / "wheels").mkdir()
    (folder / "wheels/a-1.0-py3-none-any.whl").write_bytes(b"a wheel")
    files = [file for file in folder.rglob("*") if file.is_file()]
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder)}\n" for file in files]
    (folder / "SHA256SUMS").write_text("".join(sums))
    return folder


def install(bundle: Path, prefix: str, **environment: str) -> str:
    done = subprocess.run(
        ["sh", str(bundle / "install.sh"), prefix],
        env={"PATH": "/usr/bin:/bin", "HOME": str(bundle.parent), **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    return done.stderr


def test_a_damaged_copy_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "VERSION").write_text("1.2.4\n")
    assert "damaged or incomplete" in install(bundle, str(tmp_path / "there"))
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("name", ["wheels/a-9.9-py3-none-any.whl", "wheels/a b.whl", "sitecustomize.py", "wheels/.pth"])
def test_a_file_that_is_not_listed_is_refused(bundle: Path, tmp_path: Path, name: str) -> None:
    (bundle / name).write_bytes(b"mine")
    message = install(bundle, str(tmp_path / "there"))
    assert "SHA256SUMS does not list" in message
    assert name in message
    assert not (tmp_path / "there").exists()


def test_a_link_that_is_not_listed_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "wheels/a-9.9-py3-none-any.whl").symlink_to(tmp_path / "elsewhere")
    assert "SHA256SUMS does not list" in install(bundle, str(tmp_path / "there"))


def test_another_python_is_refused(bundle: Path, tmp_path: Path) -> None:
    message = install(bundle, str(tmp_path / "there"), PYTHON="no-such-python")
    assert "no CPython 3.11 for Linux" in message
    assert "PYTHON=" in message
    assert not (tmp_path / "there/share").exists()


def test_a_prefix_that_cannot_be_made_is_told(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "name another: ./install.sh PREFIX" in install(bundle, str(tmp_path / "file/there"))
