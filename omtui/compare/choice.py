"""Which records of a source are to be promoted: those that were chosen, and what they refer to."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from omtui.compare.binding import NEVER
from omtui.problem import Problem
from omtui.setup.catalogue import child
from omtui.setup.did_you_mean import nearest
from omtui.setup.indexed import Indexed, has_tag, tags_of
from omtui.setup.place import NotAPlace, NotFound, Path, Place, found_at, parse, resolve
from omtui.setup.references import mentions, targets


@dataclass(slots=True)
class ChosenRecords:
    """The chosen records, by their paths in the source. Records inside records come with them."""

    records: dict[Path, str] = field(default_factory=dict)
    """The reason why a record comes along; empty for one that was chosen itself."""
    fields: dict[Path, frozenset[str]] = field(default_factory=dict)
    """Where only some fields of a record were chosen: their names."""
    is_all: bool = True
    """Nothing was named: everything is promoted."""


def head(path: Path) -> Path:
    """The path of the record at the top of a table, or of the single table, that holds a path."""
    name = ""
    for number, part in enumerate(path):
        if isinstance(part, int):
            return path[: number + 1]
        inner = child(name, part)
        name = inner.path if inner else ""
    return path[:1]


def heads(data: dict[str, object]) -> Iterator[Path]:
    """The paths of all records at the top of a table, and of single tables with fields of their own."""
    for name, value in data.items():
        if isinstance(value, list):
            yield from ((name, number) for number in range(len(value)))
        elif isinstance(value, dict):
            inner = [(key, each) for key, each in value.items() if isinstance(each, list) and child(name, key)]
            for key, each in inner:
                yield from ((name, key, number) for number in range(len(each)))
            if len(inner) < len(value):
                yield (name,)


def choose(
    source: Indexed, only: Sequence[str] = (), tags: Collection[str] = (), without: Sequence[str] = ()
) -> ChosenRecords | Problem:
    """The records to promote: all, or those named or tagged with all they refer to; less those left out.

    A place may name a table, a record, or a field of one.
    """
    for tag in tags:
        if not any(_carries(found_at(source.data, path), (tag,)) for path in heads(source.data)):
            near = nearest(tag, sorted(set(tags_of(source.data))))
            return Problem(f"no record has the tag {tag}", f"did you mean {near}?" if near else "see the tags field")
    choice = ChosenRecords(is_all=not only and not tags)
    named = _paths(source, only)
    left_out = _paths(source, without)
    if isinstance(named, Problem):
        return named
    if isinstance(left_out, Problem):
        return left_out
    for text, path in zip(only, named, strict=True):
        if not any(_touches(each, path) for each in heads(source.data)):
            return Problem(f"{text} names nothing: the source has none", "name what the source has")
    partly: defaultdict[Path, set[str] | None] = defaultdict(set)
    for path in heads(source.data):
        if only and not any(_touches(path, each) for each in named):
            continue
        if tags and not _carries(found_at(source.data, path), tags):
            continue
        choice.records[path] = ""
    for path in named:
        record = head(path)
        names = partly[record]
        if len(path) <= len(record):
            partly[record] = None
        elif names is not None:
            names.add(str(path[len(record)]))
    choice.fields = {path: frozenset(names) for path, names in partly.items() if names}
    if only or tags:
        _bring_along(source, choice)
    for path in [each for each in choice.records if any(each[: len(left)] == left for left in left_out)]:
        del choice.records[path]
    return choice


def _bring_along(source: Indexed, choice: ChosenRecords) -> None:
    """What the chosen records name, what that names, and so on."""
    named: defaultdict[Path, dict[Path, None]] = defaultdict(dict)
    for mention in mentions(source):
        for target in targets(source, mention):
            named[head(mention.path)].setdefault(head(target.path))
    for found in source.records("topology.endpoints"):
        place = parse(str(found.record.get("of", "")))
        path = resolve(source.data, place) if isinstance(place, Place) else None
        if isinstance(path, tuple):
            named[found.path].setdefault(head(path))
    waiting = deque(choice.records)
    while waiting:
        path = waiting.popleft()
        for other in named.get(path, ()):
            if other not in choice.records:
                choice.records[other] = str(source.place(path))
                waiting.append(other)


def _paths(source: Indexed, places: Sequence[str]) -> list[Path] | Problem:
    found: list[Path] = []
    for text in places:
        place = parse(text)
        if isinstance(place, NotAPlace):
            return Problem(f"{text} is no place: column {place.column}, {place.message}", "correct the place")
        path = resolve(source.data, place)
        if isinstance(path, NotFound):
            near = nearest(path.missing.strip("[]"), path.known)
            return Problem(f"{text} names nothing: there is no {path.missing}", f"did you mean {near}?" if near else "")
        if path[0] in NEVER:
            return Problem(f"{path[0]} is never promoted", "it says what the environment itself is")
        if found_at(source.data, path) is None and len(path) > 1 and not isinstance(path[-1], str):
            return Problem(f"{text} names nothing", "correct the place")
        found.append(path)
    return found


def _touches(path: Path, named: Path) -> bool:
    """Whether a record is what was named, inside it, or holds it."""
    short = min(len(path), len(named))
    return path[:short] == named[:short] and not (len(path) == 1 and len(named) > 1 and _is_nested(named))


def _is_nested(path: Path) -> bool:
    """Whether a path leads to the records inside a single table, which are not the table's own fields."""
    return child(str(path[0]), str(path[1])) is not None


def _carries(value: object, tags: Collection[str]) -> bool:
    """Whether a record, or one inside it, has one of some tags."""
    if not isinstance(value, dict):
        return False
    return has_tag(value, tags) or any(
        _carries(item, tags) for inner in value.values() if isinstance(inner, list) for item in inner
    )
