"""Settings of any content never keep the program from starting: what cannot be followed is reported."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.credentials.answer import SecretProblem
from omtui.credentials.settings import CredentialSettings, Folders
from omtui.credentials.settings import read_settings as read_credential_settings
from omtui.service.settings import Settings, read_settings
from omtui.workbench.keymap import keymap
from omtui.workbench.themes import known_theme

values = st.sampled_from(
    (
        "true",
        "1",
        "-1",
        "1e999",
        "nan",
        "inf",
        "9" * 5000,
        "0x" + "f" * 5000,
        '""',
        '"~nobody9/x"',
        '"x/y"',
        '"/x\\u0000"',
        "[" * 3000 + "]" * 3000,
        "[[1]]",
        "{}",
        "2026-01-01",
        '"save"',
        '["ctrl+s", 1]',
        '"light"',
        '"\\ud800"',
    )
)
names = st.sampled_from(
    (
        "theme",
        "ascii",
        "mouse",
        "keys",
        "keys.save",
        "schema",
        "store",
        "vault_file",
        "highest_work_factor",
        "relock_minutes",
        "command",
        "a." * 3000 + "b",
        "seconds",
    )
)
lines = st.lists(st.tuples(names, values).map(" = ".join), max_size=4).map("\n".join)
commands = st.tuples(values, values).map(
    lambda each: f"[[command]]\narguments = {each[0]}\n[[command]]\narguments = ['x']\nseconds = {each[1]}\n"
)
contents = st.binary(max_size=60) | st.one_of(lines, commands).map(lambda text: text.encode("utf-8", "surrogatepass"))


@settings(max_examples=100)
@given(contents)
def test_any_bytes_are_followed_or_reported(tmp_path: Path, content: bytes) -> None:
    tmp_path.chmod(0o700)
    for name in ("settings.toml", "credentials.toml"):
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o600)
    found = read_settings(tmp_path / "settings.toml")
    assert all("\n" not in each for each in (*found.faults, *keymap(found.keys).faults))
    assert found.faults or isinstance(found, Settings)
    kept = read_credential_settings(Folders(tmp_path, tmp_path), {})
    assert isinstance(kept, CredentialSettings | SecretProblem)
    if isinstance(kept, CredentialSettings):
        assert kept.vault_file.is_absolute()
        assert all(each.seconds > 0 for each in kept.commands)


@pytest.mark.parametrize("sort", ["pipe", "folder", "loop", "dangling"])
def test_what_is_no_file(tmp_path: Path, sort: str) -> None:
    path = tmp_path / "settings.toml"
    if sort == "pipe":
        os.mkfifo(path)
    elif sort == "folder":
        path.mkdir()
    else:
        path.symlink_to(path if sort == "loop" else tmp_path / "gone")
    found = read_settings(path)
    assert "the defaults are used" in found.faults[0]


def test_no_file_and_an_empty_one(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "settings.toml") == Settings()
    (tmp_path / "settings.toml").write_bytes(b"\n")
    assert read_settings(tmp_path / "settings.toml") == Settings()


def test_words_for_themes() -> None:
    assert known_theme("light") == "omtui-light"
    assert known_theme("nord") == "nord"
    assert known_theme("lihgt") is None
