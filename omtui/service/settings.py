"""The settings of this machine: `settings.toml` in the configuration folder. None is needed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from omtui.plain_text import plain
from omtui.setup.reading import ReadingFault, parse
from omtui.store.files import read_file

KNOWN = {"keys": dict, "theme": str, "ascii": bool, "mouse": bool}

LARGEST = 1024 * 1024
"""In bytes; every setting there is takes some hundred."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says. `faults` says what could not be followed, each with the file's name."""

    keys: Mapping[str, object] = field(default_factory=dict)
    theme: str = ""
    ascii_only: bool = False
    mouse: bool | None = None
    faults: tuple[str, ...] = ()


def read_settings(path: Path) -> Settings:
    """The settings in a file; the defaults where there is none. A fault never keeps the program from starting."""
    if not os.path.lexists(path):
        return Settings()
    content = read_file(path, LARGEST, may_be_empty=True)
    found = parse(content.decode("utf-8-sig")) if isinstance(content, bytes) else content
    if not isinstance(found, dict):
        at = found.at if isinstance(found, ReadingFault) else ""
        return Settings(faults=(f"{path.name}{at}: {found.message}; the defaults are used",))
    faults = []
    kept: dict[str, object] = {}
    for name, value in found.items():
        kind = KNOWN.get(name)
        if kind is None:
            faults.append(f"{path.name}: {plain(name)} is no setting; known are {', '.join(KNOWN)}")
        elif not isinstance(value, kind):
            faults.append(f"{path.name}: {name} must be {_KIND_WORDS[kind]}")
        else:
            kept[name] = value
    keys, theme, mouse = kept.get("keys"), kept.get("theme"), kept.get("mouse")
    return Settings(
        keys=keys if isinstance(keys, dict) else {},
        theme=theme if isinstance(theme, str) else "",
        ascii_only=kept.get("ascii") is True,
        mouse=mouse if isinstance(mouse, bool) else None,
        faults=tuple(faults),
    )


_KIND_WORDS = {dict: "a table", str: "a text", bool: "true or false"}
