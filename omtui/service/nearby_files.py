"""Files that a person probably means: next to a profile, or in the working folder."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

_MOST: Final = 200


def nearby_files(folders: Iterable[Path], endings: tuple[str, ...], word: str) -> list[Path]:
    """The files in some folders that end so: those with the word in their name first, then the latest."""
    found: dict[Path, float] = {}
    for folder in folders:
        with suppress(OSError):
            for path in folder.iterdir():
                if path.name.lower().endswith(endings) and not path.name.startswith("."):
                    found[path.absolute()] = path.stat().st_mtime
    return sorted(found, key=lambda path: (word not in path.name.lower(), -found[path]))[:_MOST]
