"""NAME.progress.toml: what of a set-up was entered in the pod, by whom and when.

    schema = 1

    [[done]]
    place = "connectors[Connector01]"
    by = "A. Admin"
    on = 2026-11-23T08:00:00Z
    entered = "sha256:…"

`entered` is a hash of the values as they were entered. When the record's hash is another one by now, it was changed
since and has to be entered again. A place may also be a step ("4.1"), which means all its records, or what comes
after the steps: "deploy" or "proof". The file is kept apart from the profile, so that a promotion never carries it
along.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Literal

from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.setup.catalogue import BY_STEP, TABLES, task_of
from omtui.setup.indexed import Indexed, is_predefined
from omtui.setup.place import NotAPlace, NotFound, Path, Place, found_at, parse, resolve, table_at
from omtui.setup.reading import ReadingFault
from omtui.setup.reading import parse as parse_toml
from omtui.setup.record_hash import canonical, hash_of, record_hash
from omtui.setup.table import Record, Task
from omtui.setup.values import toml, toml_key

SCHEMA: Final = 1

ItemState = Literal["open", "done", "changed", "skipped"]

ENTERED_TABLES: Final = (
    "integration_users",
    "roles",
    "task_types",
    "orchestration_processes",
    "status_rule_sets",
    "source_systems",
    "planning_source_systems",
    "destination_system",
    "upstream_source_systems",
    "connectors",
    "certificates",
    "topology.applications",
    "routing_rules",
    "trigger_points",
    "jeopardy.priorities",
    "jeopardy.thresholds",
    "related_setup",
)
"""Tables whose records are entered, or read, on a page of Oracle's."""


CLOSING_STEPS: Final = ("deploy", "proof")
"""What comes after the setup tasks; each is ticked as a whole."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick."""

    place: str
    by: str = ""
    on: date | None = None
    note: str = ""
    skipped: bool = False
    entered_hash: str = ""
    """The hash of what was entered."""
    more: Mapping[str, object] = field(default_factory=dict)
    """What else the file holds of it: kept."""

    @property
    def when(self) -> str:
        """The day, and the time to the minute where it is known: `2026-11-23 08:15 UTC`, `2026-11-23 18:15 +10:00`."""
        if isinstance(self.on, datetime):
            offset = self.on.isoformat()[-6:].replace("+00:00", "UTC") if self.on.tzinfo else ""
            return f"{self.on:%Y-%m-%d %H:%M} {offset}".rstrip()
        return self.on.isoformat() if self.on else ""


@dataclass(frozen=True, slots=True)
class Progress:
    """All ticks of a profile."""

    ticks: tuple[Tick, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)

    def of(self, place: str) -> Tick | None:
        """The last tick of a place."""
        return next((each for each in reversed(self.ticks) if each.place == place), None)


@dataclass(frozen=True, slots=True)
class Count:
    """How far a step has come. `done` counts what was skipped on purpose, too."""

    done: int
    changed: int
    total: int

    @property
    def words(self) -> str:
        """The count in words: `3 of 5 entered, 1 changed since`; empty where there is nothing to enter."""
        if not self.total:
            return ""
        changed = f", {self.changed} changed since" if self.changed else ""
        return f"{self.done} of {self.total} entered{changed}"

    @property
    def short(self) -> str:
        """The count for a narrow column: `3 of 5`, `3 of 5, 1 changed`, `done`."""
        if self.is_done:
            return "done"
        changed = f", {self.changed} changed" if self.changed else ""
        return f"{self.done} of {self.total}{changed}" if self.total else ""

    @property
    def is_done(self) -> bool:
        """Whether there was something to do, and all of it was done."""
        return 0 < self.total == self.done


def read(text: str) -> Progress | list[ReadingFault]:
    """The ticks that a text holds, or why it cannot be read."""
    data = parse_toml(text)
    if isinstance(data, ReadingFault):
        return [data]
    schema = data.get("schema")
    if isinstance(schema, int) and not isinstance(schema, bool) and schema > SCHEMA:
        return [ReadingFault(f"schema {schema} is newer than this omtui, which knows {SCHEMA}", "use a newer omtui")]
    if schema != SCHEMA or isinstance(schema, bool):
        return [ReadingFault("schema is missing or not 1", "write schema = 1 as the first line")]
    records = data.get("done", [])
    if not isinstance(records, list):
        return [ReadingFault("done is not an array of tables", "write [[done]]")]
    ticks, faults = [], []
    for number, record in enumerate(records, 1):
        found = _tick(record) if isinstance(record, dict) else None
        if found is None:
            faults.append(
                ReadingFault(f"[[done]] number {number} has no place, or a value of the wrong type", "correct it")
            )
        else:
            ticks.append(found)
    more = {name: value for name, value in data.items() if name not in ("schema", "done")}
    return faults or Progress(tuple(ticks), more)


def write(progress: Progress) -> str:
    """The ticks as the text of their file, by place, so that two people's ticks seldom meet in one line."""
    lines = [f"schema = {SCHEMA}"]
    lines += [f"{toml_key(name)} = {toml(value)}" for name, value in progress.more.items()]
    for each in sorted(progress.ticks, key=lambda tick: tick.place):
        lines += ["", "[[done]]", *tick_lines(each)]
    return "\n".join(lines) + "\n"


def tick_lines(tick: Tick) -> list[str]:
    """The fields of a tick as they are written."""
    lines = [f"place = {toml(tick.place)}"]
    if tick.by:
        lines.append(f"by = {toml(tick.by)}")
    if tick.on is not None:
        lines.append(f"on = {_moment(tick.on)}")
    if tick.note:
        lines.append(f"note = {toml(tick.note)}")
    if tick.skipped:
        lines.append("skipped = true")
    if tick.entered_hash:
        lines.append(f"entered = {toml(tick.entered_hash)}")
    return [*lines, *(f"{toml_key(name)} = {toml(value)}" for name, value in tick.more.items())]


def entered_hash(setup: Indexed, place: str) -> str | None:
    """The hash of what is entered for a place or a step; `None` when there is no such place."""
    if place in CLOSING_STEPS:
        return hash_of(_closing_texts(setup, place))
    task = BY_STEP.get(place)
    if task is not None:
        records = [canonical(TABLES[table], record) for table, _, record in _of_task(setup, task)]
        return hash_of(sorted(records))
    path = _path(setup, place)
    table = table_at(path) if isinstance(path, tuple) else None
    record = found_at(setup.data, path) if isinstance(path, tuple) else None
    return record_hash(table, record) if table is not None and isinstance(record, dict) else None


def why_not(setup: Indexed, place: str) -> Wrong | None:
    """Why a text is nothing that can be ticked; `None` when it can."""
    if place in BY_STEP or place in CLOSING_STEPS:
        return None
    path = _path(setup, place)
    if isinstance(path, NotAPlace):
        return Wrong(f"{plain(place)} is no place: column {path.column}, {path.message}", "correct the place")
    if isinstance(path, NotFound):
        return Wrong(f"{plain(place)} names nothing: there is no {plain(path.missing)}", "correct the place")
    if entered_hash(setup, place) is None:
        return Wrong(f"{plain(place)} is no record", "tick the record, for example connectors[Connector01]")
    table = table_at(path)
    holder = next((path[:end] for end in range(len(path) - 1, 0, -1) if _is_entered(path[:end])), None)
    if table is not None and table.path in ENTERED_TABLES:
        return None
    if holder is not None:
        return Wrong(f"{plain(place)} is entered with its record", f"tick {plain(setup.place(holder))}")
    return Wrong(f"{plain(place)} is noted in the profile and entered on no page", "there is nothing to tick")


def tick(
    progress: Progress,
    setup: Indexed,
    place: str,
    *,
    by: str,
    on: date,
    note: str = "",
    skipped: bool = False,
    gone: Collection[str] = (),
) -> Progress | Wrong:
    """Mark a record or a step as entered (or left out on purpose). A tick that is there is renewed.

    A step's tick renews those of its records that were changed since. `gone` are places of records that the profile
    does not have and a refresh brought into the pod: their tick says that they were removed there.
    """
    if place in gone:
        return _with(progress, Tick(place, by, on, note, skipped, REMOVED))
    if (refusal := why_not(setup, place)) is not None:
        return refusal
    name = canonical_place(setup, place)
    if name in BY_STEP:
        for where, state, now in _own_ticks(setup, progress, BY_STEP[name]):
            if state == "changed":
                old = progress.of(where)
                progress = _with(progress, Tick(where, by, on, old.note if old else "", skipped, now))
    return _with(progress, Tick(name, by, on, note, skipped, entered_hash(setup, name) or ""))


REMOVED: Final = "removed"
"""What the tick of a record has for a hash that was removed in the pod: when it comes into the profile, it is open."""


def _with(progress: Progress, made: Tick) -> Progress:
    """The ticks with one more, or with one renewed."""
    old = progress.of(made.place)
    kept = tuple(each for each in progress.ticks if each.place != made.place)
    return replace(progress, ticks=(*kept, replace(made, more=old.more if old else {})))


def _own_ticks(setup: Indexed, progress: Progress, task: Task) -> Iterator[tuple[str, ItemState, str]]:
    """The records of a step that have a tick of their own: place, state, and their hash now."""
    ticks = {each.place: each for each in progress.ticks}
    for table, path, record in _of_task(setup, task):
        place = str(setup.place(path))
        if place in ticks:
            now = record_hash(TABLES[table], record)
            yield place, _state(ticks[place], now), now


def without_step(progress: Progress, setup: Indexed, step: str, overwritten: Collection[str]) -> Progress:
    """The ticks without that of a step; what it meant and was not overwritten is ticked by itself from here on."""
    whole = progress.of(step)
    if whole is None:
        return progress
    kept = untick(progress, [step])
    if _state(whole, entered_hash(setup, step) or "") == "changed":
        return kept  # which of its records were entered as they are is not known
    ticked = {each.place for each in kept.ticks}
    own = []
    for table, path, record in _of_task(setup, BY_STEP[step]):
        place = str(setup.place(path))
        if place not in ticked and place not in overwritten:
            own.append(replace(whole, place=place, entered_hash=record_hash(TABLES[table], record)))
    return replace(kept, ticks=(*kept.ticks, *own))


def canonical_place(setup: Indexed, place: str) -> str:
    """The name under which a place is ticked, however it was typed."""
    path = _path(setup, place) if place not in (*BY_STEP, *CLOSING_STEPS) else None
    return str(setup.place(path)) if isinstance(path, tuple) else place


def untick(progress: Progress, places: Sequence[str]) -> Progress:
    """Take ticks away, of records and of the steps that are named."""
    gone = frozenset(places)
    return replace(progress, ticks=tuple(each for each in progress.ticks if each.place not in gone))


def renamed(progress: Progress, old: Place, new: Place) -> Progress:
    """The ticks after a record got another name: they go with it, and it counts as changed since.

    A tick that was made under the new name already is newer, and stays.
    """
    taken = {each.place for each in progress.ticks}

    def moved(each: Tick) -> Tick:
        place = parse(each.place)
        if isinstance(place, Place) and place.within(old):
            return replace(each, place=str(Place((*new.parts, *place.parts[len(old.parts) :]))))
        return each

    ticks = [(each, moved(each)) for each in progress.ticks]
    return replace(progress, ticks=tuple(new for old, new in ticks if old.place == new.place or new.place not in taken))


def states(setup: Indexed, progress: Progress) -> dict[Path, ItemState]:
    """The state of each record that is entered in the pod. A tick of the record itself outweighs one of its step."""
    found: dict[Path, ItemState] = {}
    of_step: dict[str, ItemState] = {}
    ticks = {each.place: each for each in progress.ticks}
    for table, path, record in to_enter(setup):
        place = str(setup.place(path))
        tick_of_it = ticks.get(place)
        if tick_of_it is not None:
            found[path] = _state(tick_of_it, record_hash(TABLES[table], record))
            continue
        task = task_of(table, record)
        step = task.step if task else ""
        if step not in of_step:
            whole = ticks.get(step)
            of_step[step] = "open" if whole is None else _state(whole, entered_hash(setup, step) or "")
        found[path] = of_step[step]
    return found


def counts(setup: Indexed, progress: Progress) -> dict[str, Count]:
    """How far each step has come, by its number or word; and the whole under an empty text.

    `deploy` and `proof` count as one each, where there is something to deploy or to prove.
    """
    totals: dict[str, list[ItemState]] = {step: [] for step in (*BY_STEP, *CLOSING_STEPS)}
    known = states(setup, progress)
    for table, path, record in to_enter(setup):
        task = task_of(table, record)
        if task is not None:
            totals[task.step].append(known[path])
    for step in CLOSING_STEPS:
        if known and _closing_texts(setup, step):
            totals[step].append(closing_state(setup, progress, step))
    found = {step: _count(all_states) for step, all_states in totals.items()}
    found[""] = _count([state for all_states in totals.values() for state in all_states])
    return found


def closing_state(setup: Indexed, progress: Progress, step: str) -> ItemState:
    """The state of `deploy` or `proof`."""
    ticked = progress.of(step)
    return "open" if ticked is None else _state(ticked, entered_hash(setup, step) or "")


def to_enter(setup: Indexed) -> Iterator[tuple[str, Path, Record]]:
    """Every record that is entered in the pod, table by table; Oracle's own are not."""
    for name in ENTERED_TABLES:
        table = TABLES[name]
        if table.single:
            record = setup.single(name)
            if record:
                yield name, (name,), record
        else:
            for found in setup.records(name):
                if not is_predefined(found.record):
                    yield name, found.path, found.record


def _of_task(setup: Indexed, task: Task) -> Iterator[tuple[str, Path, Record]]:
    for table, path, record in to_enter(setup):
        if task_of(table, record) == task:
            yield table, path, record


def _moment(on: date) -> str:
    moment = toml(on)
    return f"{moment.removesuffix('+00:00')}Z" if moment.endswith("+00:00") else moment


def _closing_texts(setup: Indexed, step: str) -> list[str]:
    """What is to be done at the end, in words; without values, so that the profile's own name says nothing."""
    from omtui.documents.proof import deploy_items, proof_items

    return sorted(line.text for _, line in {"deploy": deploy_items, "proof": proof_items}[step](setup))


def _is_entered(path: Path) -> bool:
    table = table_at(path)
    return table is not None and table.path in ENTERED_TABLES and (table.single or isinstance(path[-1], int))


def _state(tick_of_it: Tick, now: str) -> ItemState:
    if tick_of_it.entered_hash and tick_of_it.entered_hash != now:
        return "changed"
    return "skipped" if tick_of_it.skipped else "done"


def _count(all_states: Sequence[ItemState]) -> Count:
    done = sum(state in ("done", "skipped") for state in all_states)
    return Count(done, all_states.count("changed"), len(all_states))


def _tick(record: Mapping[str, object]) -> Tick | None:
    place, on, skipped = record.get("place"), record.get("on"), record.get("skipped", False)
    texts = [record.get(name, "") for name in ("by", "note", "entered")]
    if not isinstance(place, str) or not isinstance(skipped, bool) or not all(isinstance(each, str) for each in texts):
        return None
    if on is not None and not isinstance(on, date):
        return None
    by, note, entered = map(str, texts)
    known = ("place", "by", "on", "note", "skipped", "entered")
    return Tick(place, by, on, note, skipped, entered, {k: v for k, v in record.items() if k not in known})


def _path(setup: Indexed, place: str) -> Path | NotAPlace | NotFound:
    parsed = parse(place)
    return parsed if isinstance(parsed, NotAPlace) else resolve(setup.data, parsed)
