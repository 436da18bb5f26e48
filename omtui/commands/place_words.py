"""Completions of a place: tables, records, fields."""

import re
from collections.abc import Iterator

from omtui.setup.catalogue import TABLES, child, children
from omtui.setup.place import Data, Selector, keys

_WHOLE_PART = re.compile(r'([A-Za-z_][\w-]*)((?:\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])?)\.')


def place_words(data: Data, kind: str, begun: str, table: str = "") -> Iterator[str]:
    """Places of a profile that begin like the text, one level further. One that ends with a dot goes on.

    `kind` says what is asked for: a `place` of any kind, a `record`, a `table` that takes records, or an `assignment`
    to a field of the given table.
    """
    if kind == "assignment":
        yield from _assignments(re.sub(r"\[[^\]]*\]", "", table), begun)
        return
    here: object = data
    path = ""
    end = 0
    while match := _WHOLE_PART.match(begun, end):
        name, selector = match.groups()
        here, path = _inside(here, path, name, selector)
        end = match.end()
    if isinstance(here, dict):
        for word in _next(here, path, kind):
            yield begun[:end] + word


def _next(here: Data, path: str, kind: str) -> Iterator[str]:
    inner = children(path)
    for name, table in inner.items():
        if table.single:
            if kind == "place" or children(table.path):
                yield f"{name}."
        elif kind == "table":
            yield name
        if not table.single:
            records = here.get(name)
            go_on = kind == "place" or any(not each.single for each in children(table.path).values())
            for key in _selectors(records, table.key):
                if kind != "table":
                    yield f"{name}{key}"
                if go_on:
                    yield f"{name}{key}."
    if kind == "place":
        known = TABLES[path].by_name if path in TABLES else {}
        yield from (name for name in dict.fromkeys((*known, *here)) if name not in inner)


def _inside(here: object, path: str, name: str, selector: str) -> tuple[object, str]:
    inner = child(path, name)
    value = here.get(name) if isinstance(here, dict) else None
    where = inner.path if inner else f"{path}.{name}".lstrip(".")
    if not selector:
        return (value if isinstance(value, dict) else {}), where
    key = inner.key if inner else None
    if isinstance(value, list):
        for text, record in zip(_selectors(value, key), value, strict=False):
            if text == selector:
                return record, where
    return {}, where


def _selectors(records: object, key: str | None) -> Iterator[str]:
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        return
    seen: dict[str, int] = {}
    for word in keys(records, key):
        seen[word] = seen.get(word, 0) + 1
        yield str(Selector(word, seen[word] if key else 1))


def _assignments(table: str, begun: str) -> Iterator[str]:
    description = TABLES.get(table)
    if description is None:
        return
    for field in description.fields:
        if field.name != description.key:
            yield f"{field.name}="
            if begun.startswith(f"{field.name}="):
                words = ("true", "false") if field.kind == "boolean" else field.values
                yield from (f"{field.name}={word}" for word in words)
