"""The settings of this machine: `settings.toml` in the configuration folder. None is needed."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.setup.reading import ReadingFault, parse
from omtui.store.files import read_file, replace_file

KNOWN = {"keys": dict, "theme": str, "ascii": bool, "mouse": bool, "pane": bool, "welcomed": bool}

LARGEST = 1024 * 1024
"""In bytes; every setting there is takes some hundred."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says. `faults` says what could not be followed, each with the file's name."""

    keys: Mapping[str, object] = field(default_factory=dict)
    theme: str = ""
    ascii_only: bool = False
    mouse: bool | None = None
    pane: bool | None = None
    welcomed: bool = False
    """Whether the first steps were shown."""
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
    keys, theme, mouse, pane = (kept.get(name) for name in ("keys", "theme", "mouse", "pane"))
    return Settings(
        keys=keys if isinstance(keys, dict) else {},
        theme=theme if isinstance(theme, str) else "",
        ascii_only=kept.get("ascii") is True,
        mouse=mouse if isinstance(mouse, bool) else None,
        pane=pane if isinstance(pane, bool) else None,
        welcomed=kept.get("welcomed") is True,
        faults=tuple(faults),
    )


def keep_setting(path: Path, name: str, value: bool) -> Problem | None:
    """Write one setting into the file; every other line stays. A file that cannot be read is left alone."""
    text = ""
    if os.path.lexists(path):
        content = read_file(path, LARGEST, may_be_empty=True)
        found = parse(content.decode("utf-8-sig")) if isinstance(content, bytes) else content
        if not isinstance(content, bytes) or not isinstance(found, dict):
            return Problem(f"{path.name} cannot be read", "correct it")
        text = content.decode("utf-8-sig")
    line = f"{name} = {'true' if value else 'false'}"
    head, bracket, tables = text.partition("\n[") if not text.startswith("[") else ("", "[", text[1:])
    head, count = re.subn(rf"(?m)^{name}\s*=.*$", line, head)
    written = f"{head}{bracket}{tables}" if count else f"{line}\n{text}"
    if not isinstance(parse(written), dict):
        return Problem(f"{path.name} cannot be changed safely", f"write {line} into it")
    path.parent.mkdir(parents=True, exist_ok=True)
    return replace_file(path, written.encode())


_KIND_WORDS = {dict: "a table", str: "a text", bool: "true or false"}
