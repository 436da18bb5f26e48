"""Where things are kept: the library, and the folders of this machine for state, configuration and data."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

PENDING = "pending"
"""The folder, in the state folder, of what programs are about to write."""


def library_folder(chosen: str | None = None, environment: Mapping[str, str] = os.environ) -> Path:
    """The library: the folder asked for, else `OMTUI_LIBRARY`, else `profiles/` here if it exists, else the user's."""
    if chosen or (chosen := environment.get("OMTUI_LIBRARY")):
        with suppress(RuntimeError):  # ~somebody who is not known here
            return Path(chosen).expanduser()
        return Path(chosen)
    here = Path("profiles")
    return here if here.is_dir() else data_folder(environment) / "profiles"


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Undo, drafts, history and crash reports: what belongs to this machine and can be rebuilt or lost."""
    return (
        _folder(environment, "XDG_STATE_HOME", ".local/state", "Library/Application Support", "LOCALAPPDATA") / "omtui"
    )


def config_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The settings file."""
    return _folder(environment, "XDG_CONFIG_HOME", ".config", "Library/Preferences", "APPDATA") / "omtui"


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The user's own library, where no other is chosen."""
    return _folder(environment, "XDG_DATA_HOME", ".local/share", "Library/Application Support", "APPDATA") / "omtui"


def _folder(environment: Mapping[str, str], variable: str, unix: str, macos: str, windows: str) -> Path:
    """The base folder of a kind by the platform's custom. XDG says that a relative folder is to be ignored."""
    if sys.platform == "win32":
        return Path(environment.get(windows) or _home() / "AppData" / "Local")
    named = environment.get(variable, "")
    if named.startswith("/"):
        return Path(named)
    return _home() / (macos if sys.platform == "darwin" else unix)


def _home() -> Path:
    """The home folder. A service account may have none: then nothing can be kept there, and a message says so."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/nonexistent")
