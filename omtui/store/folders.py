"""Where things are kept: the library, and the folders of this machine for state, configuration and data."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from omtui.plain_text import plain
from omtui.typed_path import typed_path

PENDING = "pending"
"""The folder, in the state folder, of what programs are about to write."""


def library_folder(chosen: str | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """The library: the folder asked for, else `OMTUI_LIBRARY`, else `profiles/` here if it exists, else the user's."""
    if chosen or (chosen := environment.get("OMTUI_LIBRARY")):
        with suppress(RuntimeError):  # ~somebody who is not known here
            return typed_path(chosen)
        return Path(chosen)
    here = Path("profiles")
    return here if here.is_dir() else data_folder(environment) / "profiles"


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Undo, drafts, history and crash reports: what belongs to this machine and can be rebuilt or lost."""
    return _folder(environment, "XDG_STATE_HOME", ".local/state")


def config_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The settings files."""
    return _folder(environment, "XDG_CONFIG_HOME", ".config")


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The user's own library, where no other is chosen, and the vault."""
    return _folder(environment, "XDG_DATA_HOME", ".local/share")


def take_over_settings(environment: Mapping[str, str] = os.environ) -> str:
    """Move the settings out of the folder where omtui had them on macOS before; what to say of it, or nothing."""
    former = _home() / "Library/Preferences/omtui/settings.toml"
    settings = config_folder(environment) / former.name
    if sys.platform == "darwin" and former.exists() and not settings.exists():
        try:
            settings.parent.mkdir(parents=True, exist_ok=True)
            former.rename(settings)
        except OSError as error:
            return f"{plain(former)} is not used any more and cannot be moved to {plain(settings)}: {error.strerror}"
        return f"settings.toml is now {plain(settings)}; it was moved from {plain(former)}"
    return ""


def _folder(environment: Mapping[str, str], variable: str, unix: str) -> Path:
    """The folder of a kind by the platform's custom. XDG says that a relative folder is to be ignored.

    These are the folders of platformdirs, which takes 10 ms to load: every start would pay for it.
    """
    named = environment.get(variable, "")
    if named.startswith("/"):
        return Path(named) / "omtui"
    return _home() / ("Library/Application Support" if sys.platform == "darwin" else unix) / "omtui"


def _home() -> Path:
    """The home folder. A service account may have none: then nothing can be kept there, and a message says so."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/nonexistent")
