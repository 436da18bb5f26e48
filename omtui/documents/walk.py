"""The walk-through of a set-up: every page to open in Fusion, in the order in which it works, and what to enter there.

Sections and items are plain values; `runbook_document` makes a document of them. An item is one record, its
lines are what a person does, and a line with a value is one to be pasted into the page.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from omtui.compare.change import Change
from omtui.compare.difference import difference
from omtui.compare.manual import WALK_ORDER, Group, grouped
from omtui.documents.guidance import CHOICES, CLOSING, INTRODUCTION, NAVIGATION, OVERVIEW, PREPARATION
from omtui.documents.lines import LineGroup, TodoLine, changed_lines, record_lines, record_parts
from omtui.documents.progress import ENTERED_TABLES, ItemState, Progress, Tick, states
from omtui.documents.proof import deploy_items, proof_items
from omtui.setup.catalogue import BY_STEP, TABLES, task_of
from omtui.setup.indexed import Indexed, has_tag, is_predefined, text
from omtui.setup.place import Path, found_at, key_text, table_at
from omtui.setup.table import Record, Task

Action = Literal["enter", "change", "replace", "remove", "check"]


@dataclass(frozen=True, slots=True)
class Item:
    """One record to be entered, changed or removed, or one thing to be checked."""

    place: str
    title: str
    action: Action
    lines: tuple[TodoLine, ...] = ()
    parts: tuple[LineGroup, ...] = ()
    """Records inside the record, each with lines of its own."""
    notes: tuple[str, ...] = ()
    state: ItemState = "open"
    done: Tick | None = None
    harm: str = ""
    """After a refresh: why it does harm until it is entered again."""
    path: Path = ()


@dataclass(frozen=True, slots=True)
class WalkSection:
    """One page of Fusion, or one part of the work around it."""

    step: str
    """The number of the setup task; `deploy` and `proof` for what comes after them."""
    title: str
    navigation: tuple[str, ...] = ()
    purpose: str = ""
    hints: tuple[str, ...] = ()
    """Other names of the task, how its new page is switched on, the privilege that it needs."""
    procedure: tuple[str, ...] = ()
    choices: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """What the words of a list mean: label, then word and meaning."""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Runbook:
    """The whole walk-through of one profile."""

    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    introduction: tuple[str, ...]
    sections: tuple[WalkSection, ...]
    scope: str = ""
    """Of what it is a part: only a difference, only some tags, only what a refresh overwrote."""

    @property
    def items(self) -> list[Item]:
        """All items, in the order of the walk."""
        return [item for section in self.sections for item in section.items]


def runbook(
    setup: Indexed,
    *,
    progress: Progress | None = None,
    since: Indexed | None = None,
    since_name: str = "",
    tags: Collection[str] = (),
    today: date | None = None,
) -> Runbook:
    """The walk-through of a profile.

    `since` is an earlier profile, and `since_name` what it is called: only what differs from it is in the walk then.
    `tags` limit it to records that carry one of them. `today` is the day that is printed as the day it was made.
    """
    work = _RunbookWalk(setup, progress, frozenset(tags))
    groups = _groups(setup, since) if since is not None else None
    sections = [work.section(BY_STEP[step], groups) for step in _ORDER]
    full = groups is None and not tags
    if full:
        sections.insert(0, _overview(setup))
    sections += [
        WalkSection(
            "deploy", "Deploy and publish", purpose=CLOSING["deploy"], items=_closing(deploy_items(setup), work, groups)
        ),
        WalkSection("proof", "Proof", purpose=CLOSING["proof"], items=_closing(proof_items(setup), work, groups)),
    ]
    scope = []
    if since is not None:
        scope.append(f"only what differs from {since_name or since.name or 'the earlier profile'}")
    if tags:
        scope.append(f"only what is tagged {', '.join(sorted(tags))}")
    kept = tuple(section for section in sections if section.items or (full and section.step != "related"))
    return Runbook(
        setup.name, _title(setup), _facts(setup, today), INTRODUCTION if full else (), kept, "; ".join(scope)
    )


_ORDER: Final = tuple(step for step in WALK_ORDER if step != "flow")


class _RunbookWalk:
    def __init__(self, setup: Indexed, progress: Progress | None, tags: frozenset[str]) -> None:
        self.setup = setup
        self._tags = tags
        self._progress = progress or Progress()
        self._states: Mapping[Path, ItemState] = states(setup, self._progress) if progress is not None else {}
        self._ticks = {each.place: each for each in self._progress.ticks}

    def section(self, task: Task, groups: Sequence[Group] | None) -> WalkSection:
        """One setup task with what is to be done there."""
        items = list(self._prepared(task, groups))
        if groups is None:
            for table in _in_order(task):
                items += self._items_to_enter(task, table)
        else:
            order = {table: number for number, table in enumerate(_in_order(task))}
            for group in sorted(groups, key=lambda each: order.get(".".join(map(str, each.path[:-1])), 99)):
                items += self._changed(task, group)
        return WalkSection(
            task.step,
            task.title,
            navigation_of(task),
            task.purpose,
            _hints(task),
            (*PREPARATION.get(task.step, ()), *task.procedure),
            CHOICES.get(task.step, ()),
            tuple(items),
        )

    def shows(self, record: Record) -> bool:
        """Whether a record is in the walk at all."""
        return not self._tags or has_tag(record, self._tags)

    def includes(self, path: Path, groups: Sequence[Group] | None) -> bool:
        """Whether what is about a record, a table, or (without a path) the whole set-up is in the walk."""
        if len(path) > 1:
            changed = groups is None or any(group.path == path and group.op != "remove" for group in groups)
            return changed and self.shows(record_at(self.setup, path))
        if not path:
            return groups is None and not self._tags
        if groups is not None and not any(group.path[0] == path[0] for group in groups):
            return False
        return not self._tags or any(self.shows(found.record) for found in self.setup.records(str(path[0])))

    def with_state(self, item: Item) -> Item:
        """The item with what is known of it."""
        step = step_of(self.setup, item.path)
        done = self._ticks.get(item.place) or self._ticks.get(step)
        return replace(item, state=self._states.get(item.path, "open"), done=done)

    def _items_to_enter(self, task: Task, table: str) -> Iterator[Item]:
        if table not in ENTERED_TABLES or (table == "related_setup" and task.step != "related"):
            return
        description = TABLES[table]
        if description.single:
            record = self.setup.single(table)
            if record and self.shows(record):
                yield self.with_state(self.item((table,), table, record, "enter"))
            return
        for path, record in self.setup.records(table):
            is_elsewhere = table == "related_setup" and text(record, "step") in BY_STEP
            if task.holds(table, record) and not is_predefined(record) and self.shows(record) and not is_elsewhere:
                yield self.with_state(self.item(path, table, record, "enter"))

    def _prepared(self, task: Task, groups: Sequence[Group] | None) -> Iterator[Item]:
        """Related set-up that serves this step: it comes first, because the step leans on it."""
        if task.step == "related":
            return
        changed = None if groups is None else {group.path: group for group in groups if group.op != "remove"}
        for path, record in self.setup.records("related_setup"):
            if text(record, "step") == task.step and self.shows(record) and (changed is None or path in changed):
                yield self.with_state(self.item(path, "related_setup", record, "enter"))

    def _changed(self, task: Task, group: Group) -> Iterator[Item]:
        table = table_at(group.path)
        if table is None or table.path not in ENTERED_TABLES:
            return
        if group.op == "remove":
            gone = group.changes[0].old
            if isinstance(gone, dict) and task.holds(table.path, gone) and not is_predefined(gone) and self.shows(gone):
                yield Item(
                    group.where, _named(table.path, gone), "remove", (TodoLine("Delete it in the pod, if it is there"),)
                )
            return
        record = record_at(self.setup, group.path)
        if not task.holds(table.path, record) or is_predefined(record) or not self.shows(record):
            return
        if table.path == "related_setup" and text(record, "step") in BY_STEP:
            return
        if group.op == "add":
            yield self.with_state(self.item(group.path, table.path, record, "enter"))
            return
        setup_changes = [change for change in group.changes if not change.is_state]
        lines = tuple(changed_lines(self.setup, setup_changes))
        if not lines:
            return
        action: Action = "replace" if group.op == "replace" else "change"
        if action == "replace":
            whole = self.item(group.path, table.path, record, "replace")
            yield self.with_state(replace(whole, lines=(*lines, *whole.lines)))
        else:
            yield self.with_state(Item(group.where, _named(table.path, record), action, lines, path=group.path))

    def item(self, path: Path, table: str, record: Record, action: Action) -> Item:
        """A record as what is to be done with it."""
        return Item(
            str(self.setup.place(path)),
            _named(table, record),
            action,
            tuple(record_lines(self.setup, table, record)),
            tuple(record_parts(self.setup, table, record)),
            tuple(_notes(record)),
            path=path,
        )


def navigation_of(task: Task) -> tuple[str, ...]:
    """The click path to a task's page."""
    return NAVIGATION.get(task.step, task.navigation)


def item_for(setup: Indexed, path: Path, progress: Progress | None = None) -> Item | None:
    """One record as an item of the walk, for a screen that shows one at a time."""
    table = table_at(path)
    record = record_at(setup, path)
    if table is None or not record:
        return None
    work = _RunbookWalk(setup, progress, frozenset())
    return work.with_state(work.item(path, table.path, record, "enter"))


def _groups(setup: Indexed, since: Indexed) -> list[Group]:
    changes: Sequence[Change] = difference(since.data, setup.data).changes
    return grouped(changes, setup.data, since.data)


def _closing(
    found: Sequence[tuple[Path, TodoLine]], work: _RunbookWalk, groups: Sequence[Group] | None
) -> tuple[Item, ...]:
    """What to do at the end, as items to be checked off: all, or what concerns changed records.

    The path of a table means all its records, those that were removed included.
    """
    items = []
    for path, line in found:
        if work.includes(path, groups):
            is_record = len(path) > 1
            place = str(work.setup.place(path)) if is_record else ""
            lines = (line,) if line.value is not None else ()
            items.append(Item(place, line.text, "check", lines, path=path if is_record else ()))
    return tuple(items)


def _overview(setup: Indexed) -> WalkSection:
    """The flow: nothing is entered for it, and everything serves it."""
    task = BY_STEP["flow"]
    items = []
    for table in ("services", "event_subscriptions"):
        for path, record in setup.records(table):
            lines = tuple(record_lines(setup, table, record, own=True))
            notes = tuple(_notes(record))
            items.append(Item(str(setup.place(path)), _named(table, record), "check", lines, notes=notes, path=path))
    return WalkSection("flow", "What flows", (), task.purpose, OVERVIEW, (), (), tuple(items))


_NAMED_FIRST: Final = {
    "0": ("roles", "integration_users"),
    "2": ("status_rule_sets", "orchestration_processes"),
    "5": ("certificates", "connectors"),
    "8": ("jeopardy.priorities", "jeopardy.thresholds", "trigger_points"),
}
"""Where one table of a page names another: what is named comes first."""


def _in_order(task: Task) -> tuple[str, ...]:
    return _NAMED_FIRST.get(task.step, task.tables)


def _hints(task: Task) -> tuple[str, ...]:
    hints = []
    if task.page:
        hints.append(f"The page is headed {task.page}.")
    if task.other_names:
        hints.append(f"Also called: {', '.join(task.other_names)}.")
    if task.redwood:
        hints.append(f"Redwood page: {task.redwood}.")
    if task.privilege:
        hints.append(f"Needs the privilege {task.privilege}.")
    return tuple(hints)


def _named(table: str, record: Record) -> str:
    """What a record is called in a heading."""
    description = TABLES[table]
    word = description.singular
    name = key_text(record, description.key)
    if not name:
        first_text = next((value for each in description.columns if isinstance(value := record.get(each), str)), "")
        name = first_text or ("" if description.single else "without a name")
    return f"{word[:1].upper()}{word[1:]} {name}".rstrip()


def _notes(record: Record) -> Iterator[str]:
    if note := text(record, "note"):
        yield note
    if owner := text(record, "owner"):
        yield f"Owner: {owner}"


def step_of(setup: Indexed, path: Path) -> str:
    """The step of the setup task to which a record belongs; empty where it belongs to none."""
    table = table_at(path) if path else None
    task = task_of(table.path, record_at(setup, path)) if table else None
    return task.step if task else ""


def record_at(setup: Indexed, path: Path) -> Record:
    """The record at a path; empty where there is none."""
    found = found_at(setup.data, path) if path else None
    return found if isinstance(found, dict) else {}


def _title(setup: Indexed) -> str:
    return text(setup.single("profile"), "title") or setup.name


def _facts(setup: Indexed, today: date | None) -> tuple[tuple[str, str], ...]:
    head, pod = setup.single("profile"), setup.single("pod")
    facts = [
        ("Environment", " ".join(filter(None, (text(head, "environment"), text(head, "stage"))))),
        ("Pod", text(pod, "url")),
        ("Release", text(pod, "release")),
        ("What for", text(head, "description")),
        ("Made on", today.isoformat() if today else ""),
    ]
    return tuple((label, value) for label, value in facts if value)
