"""Where things are kept."""

from pathlib import Path

import pytest

from omtui.store.folders import config_folder, data_folder, library_folder, state_folder


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("sys.platform", "linux")


def test_the_library_is_what_is_asked_for_first(tmp_path: Path) -> None:
    asked = {"OMTUI_LIBRARY": "/named"}
    assert library_folder("/asked", asked) == Path("/asked")
    assert library_folder("~/asked", asked) == tmp_path / "home" / "asked"
    assert library_folder("~nobody-of-this-name/x", asked) == Path("~nobody-of-this-name/x")
    assert library_folder(None, asked) == Path("/named")
    assert library_folder(None, {}) == tmp_path / "home" / ".local/share/omtui/profiles"
    (tmp_path / "profiles").mkdir()
    assert library_folder(None, {}) == Path("profiles")
    assert library_folder(None, asked) == Path("/named")


def test_folders_follow_the_base_directory_specification(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert state_folder({}) == home / ".local/state/omtui"
    assert config_folder({}) == home / ".config/omtui"
    assert data_folder({}) == home / ".local/share/omtui"
    named = {"XDG_STATE_HOME": "/s", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d"}
    assert [folder(named) for folder in (state_folder, config_folder, data_folder)] == [
        Path("/s/omtui"),
        Path("/c/omtui"),
        Path("/d/omtui"),
    ]
    assert state_folder({"XDG_STATE_HOME": "relative"}) == home / ".local/state/omtui"


def test_an_account_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", none)
    assert state_folder({}) == Path("/nonexistent/.local/state/omtui")
