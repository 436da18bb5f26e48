"""Where things are kept."""

from pathlib import Path

import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from omtui.store.folders import config_folder, data_folder, library_folder, state_folder, take_over_settings


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


@pytest.mark.parametrize(("platform", "kind"), [("linux", Unix), ("darwin", MacOS)])
@pytest.mark.parametrize("named", [{}, {"XDG_STATE_HOME": "/s", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d"}])
def test_they_are_the_folders_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, platform: str, kind: type[Unix] | type[MacOS], named: dict[str, str]
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    for variable in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    for variable, folder in named.items():
        monkeypatch.setenv(variable, folder)
    theirs = kind("omtui")
    assert state_folder() == theirs.user_state_path
    assert config_folder() == theirs.user_config_path
    assert data_folder() == theirs.user_data_path


def test_settings_of_earlier_versions_are_taken_over_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    former = tmp_path / "home/Library/Preferences/omtui/settings.toml"
    former.parent.mkdir(parents=True)
    former.write_text("theme = 'dark'")
    assert take_over_settings({}) == ""
    monkeypatch.setattr("sys.platform", "darwin")
    settings = config_folder({}) / "settings.toml"
    assert take_over_settings({}) == f"settings.toml is now {settings}; it was moved from {former}"
    assert settings.read_text() == "theme = 'dark'"
    former.write_text("theme = 'light'")
    assert take_over_settings({}) == ""
    assert settings.read_text() == "theme = 'dark'"


def test_an_account_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", none)
    assert state_folder({}) == Path("/nonexistent/.local/state/omtui")
