"""`omtui ask`: a task's fields as plain prompts, one question a line.

For screen readers, bad lines and terminals that can do nothing. Nothing is drawn and nothing moves; every answer is
kept at once, and the file is written when a record is done and however the questions end.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import Output
from omtui.commands.profile_arguments import open_for_change, refused, report_news, saved_or_refused, wrong
from omtui.plain_text import plain, plain_lines
from omtui.problem import Problem, Wrong
from omtui.service import editing
from omtui.service.editing import Plan
from omtui.service.session import Session
from omtui.setup.catalogue import BY_STEP, TABLES
from omtui.setup.field import Field
from omtui.setup.indexed import title_of
from omtui.setup.limits import fault_of
from omtui.setup.place import Path
from omtui.setup.references import choices, conditions
from omtui.setup.table import Record, Table, Task
from omtui.setup.values import from_form, shown, split_list
from omtui.setup.wording import comparison_words, condition_words, summary
from omtui.store.change import MISSING

MOST_CHOICES = 20
"""So many choices are read out; ? reads all."""


@dataclass(frozen=True, slots=True)
class KeepValue:
    """The answer leaves things as they are."""


@dataclass(frozen=True, slots=True)
class GoBack:
    """The answer goes back to the question before."""


@dataclass(frozen=True, slots=True)
class LeaveRecord:
    """The answer leaves the record."""


class StoppedError(Exception):
    """Ctrl+D ends the questions. What was entered stays."""


def ask(args: ParsedArguments, out: Output) -> int:
    """Ask for the fields of a task."""
    step = args.text("STEP")
    if step not in BY_STEP:
        return wrong(args, out, Wrong(f"there is no step {plain(step)}", f"steps are {', '.join(BY_STEP)}"))
    if sys.stdin is None or not sys.stdin.isatty():
        advice = "omtui set and omtui add take values without asking"
        return refused(args, out, Problem("nobody is there to ask: standard input is no terminal", advice))
    session = open_for_change(args, out, keeps_drafts=True)
    if isinstance(session, int):
        return session
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    with suppress(ImportError):
        import readline  # noqa: F401 - lets a person correct what is typed
    if (resumed := session.resume()) is not None:
        say(f"{resumed.count} unsaved changes of {resumed.since} are taken up; omtui undo takes them back one by one.")
        for lost in resumed.lost:
            say(f"Not taken up: {plain(lost)}.")
    asking = _Asking(session, args.text("--reason"))
    try:
        asking.task(step)
    except StoppedError:
        print()
    finally:
        code = asking.finish(args, out)
    return code


class _Asking:
    """The questions about one profile."""

    def __init__(self, session: Session, reason: str) -> None:
        self._session = session
        self._reason = reason
        self._trouble: Problem | None = None

    # What is asked for

    def task(self, step: str) -> None:
        """All tables of a task, one after the other."""
        task = BY_STEP[step]
        say(f"{f'Step {step}, ' if step[0].isdigit() else ''}{task.title}.")
        if task.purpose:
            say(task.purpose)
        if task.offering:
            say(f"In Fusion: {', '.join(task.navigation)}.")
        say("At every question: ? help, empty keeps, - clears, < back, > leaves the record, ctrl+d stops and keeps.")
        for path in task.tables:
            table = TABLES[path]
            if table.parent and not TABLES[table.parent].single:
                continue  # asked with the record that holds it
            if table.single:
                say("")
                say(f"{table.title}.")
                self._fields(table, tuple(path.split(".")))
            else:
                self._records(table, tuple(path.split(".")), task)

    def _records(self, table: Table, rows: Path, task: Task | None = None) -> None:
        """The records of a list: one after the other is chosen and asked for."""
        while True:
            records = [
                (number, record)
                for number, record in enumerate(self._session.records_at(rows))
                if task is None or task.holds(table.path, record)
            ]
            say("")
            say(f"{table.title}: {len(records) or 'none'}.")
            for count, (_, record) in enumerate(records, 1):
                say(f"  {count}  {plain(_name(table, record))}")
            offered = "number to change, -number to remove, " if records else ""
            answer = self._read(f"{table.title}: {offered}+ for a new one, empty continues")
            if answer in ("", "<", ">"):
                return
            if answer == "?":
                say(table.help)
            elif answer == "+":
                self._new_record(table, rows)
            elif answer.lstrip("-").isdecimal() and 1 <= int(answer.lstrip("-")) <= len(records):
                path = (*rows, records[int(answer.lstrip("-")) - 1][0])
                if answer.startswith("-"):
                    self._edit(editing.remove_record(self._session.indexed, path))
                    say(f"Removed. omtui undo {plain(self._session.name)} brings it back.")
                else:
                    self._record(table, path)
            else:
                say(f"{plain(answer)} is none of them.")

    def _new_record(self, table: Table, rows: Path) -> None:
        key: object = None
        if table.key:
            field = table.by_name[table.key]
            answer = self._field(field, (*rows, len(self._session.records_at(rows)), table.key), {}, "new")
            if isinstance(answer, (KeepValue, GoBack, LeaveRecord)) or answer is MISSING:
                return
            key = answer
        plan = editing.add_record(self._session.indexed, rows, key)
        if self._edit(plan):
            self._record(table, plan.path, skip=table.key)

    def _record(self, table: Table, path: Path, skip: str | None = None) -> None:
        self._fields(table, path, skip)
        for result in self._session.results_at(path):
            say(f"{result.finding.level}: {result.finding.message}. Fix: {result.finding.fix}.")
        self.save()

    def _fields(self, table: Table, path: Path, skip: str | None = None) -> None:
        """One field after the other; `<` goes back to the one before."""
        fields = [field for field in table.page_fields if field.name != skip]
        number = 0
        while number < len(fields):
            field = fields[number]
            here = (*path, field.name)
            count = f"{number + 1} of {len(fields)}"
            if field.kind == "records":
                self._records(TABLES.get(f"{table.path}.{field.name}") or TABLES["routing_rules.then"], here)
                number += 1
                continue
            if field.kind == "condition":
                self._conditions(field, here)
                number += 1
                continue
            answer = self._field(field, here, self._record_at(path), count)
            if isinstance(answer, LeaveRecord):
                return
            if isinstance(answer, GoBack):
                number = max(number - 1, 0)
                continue
            if not isinstance(answer, KeepValue):
                self._give(table, field, path, answer)
            number += 1

    def _give(self, table: Table, field: Field, path: Path, value: object) -> None:
        """Give a field its answer; a change of what others refer to takes them along."""
        here = (*path, field.name)
        session = self._session
        is_named = isinstance(path[-1], int) and editing.is_referred_to(table, field.name)
        if is_named and value is not MISSING and session.value(here) is not MISSING:
            self._edit(editing.rename_field(session.indexed, path, field.name, value))
        else:
            self._edit(editing.set_value(session.indexed, here, value))
        if fault := fault_of(field, None if value is MISSING else value):
            say(f"Kept, but {fault}.")

    def _conditions(self, field: Field, here: Path) -> None:
        """The comparisons of a rule, in their order."""
        table = TABLES["routing_rules.when"]
        while True:
            node = self._session.value(here)
            leaves = list(conditions(here, node))
            say("")
            say(f"{field.label}: {plain(condition_words(node)) or 'no condition'}.")
            for number, (_, leaf) in enumerate(leaves, 1):
                say(f"  {number}  {plain(comparison_words(leaf))}")
            offered = "number to change, " if leaves else ""
            answer = self._read(f"{field.label}: {offered}+ for one more that must hold too, empty continues")
            if answer in ("", "<", ">"):
                return
            if answer == "?":
                say(f"{table.help} Any and not are entered in the workbench.")
            elif answer == "+":
                self._new_condition(table, here, node)
            elif answer.isdecimal() and 1 <= int(answer) <= len(leaves):
                self._fields(table, leaves[int(answer) - 1][0])
            else:
                say(f"{plain(answer)} is none of them.")

    def _new_condition(self, table: Table, here: Path, node: object) -> None:
        session = self._session
        all_of = node.get("all") if isinstance(node, dict) else None
        if isinstance(all_of, list):
            plan = editing.add_record(session.indexed, (*here, "all"))
        else:
            first = [node] if isinstance(node, dict) and node else []
            fresh: dict[str, object] = {"operator": "is equal to"}
            plan = editing.set_value(session.indexed, here, {"all": [*first, fresh]})
            plan = Plan(plan.label, plan.operations, (*here, "all", len(first)))
        if self._edit(plan):
            self._fields(table, plan.path)

    # One question

    def _field(self, field: Field, here: Path, record: Record, count: str) -> object:
        """What a person answers for a field: a value, `MISSING` to clear it, or what to do instead."""
        current = record.get(field.name)
        offered = choices(self._session.indexed, record, field, here[:-1])
        if field.kind == "boolean":
            offered = ["yes", "no"]
        say("")
        limits = f" ({field.limits})" if field.limits else ""
        say(f"{field.label}{limits}, {count}.")
        say(f"  now: {plain(shown(current)) or 'empty'}")
        if current is None and field.default is not None:
            say(f"  Oracle's default: {plain(shown(field.default))}")
        for result in self._session.results_at(here):
            say(f"  {result.finding.level}: {result.finding.message}. Fix: {result.finding.fix}.")
        if not field.closed or field.kind != "boolean":
            self._say_choices(offered, all_of_them=False)
        while True:
            answer = self._read(field.label)
            if answer == "":
                return KeepValue()
            if answer == "<":
                return GoBack()
            if answer == ">":
                return LeaveRecord()
            if answer == "?":
                self._help(field, offered)
                continue
            if answer == "-":
                return MISSING
            value = self._meant(field, answer, offered, current)
            if not isinstance(value, Problem):
                return value
            say(f"{value.message}: {value.fix}.")

    def _meant(self, field: Field, answer: str, offered: Sequence[str], current: object) -> object | Problem:
        """The value of an answer: a choice by its number, or what was typed; after = it is taken literally."""
        if answer.startswith("="):
            return from_form(field, answer[1:], current)
        if field.kind == "list":
            return [_chosen(part, offered) for part in split_list(answer)]
        return from_form(field, _chosen(answer, offered), current)

    def _help(self, field: Field, offered: Sequence[str]) -> None:
        if field.help:
            say(field.help)
        if field.limits:
            say(f"Limits: {field.limits}.")
        if field.source:
            say(f"Source: {field.source}.")
        if field.kind in ("list", "integers"):
            say("Several are separated by commas. The answer replaces the present value.")
        if field.kind == "date":
            say("For example 2026-11-20, or 2026-11-20T08:00:00Z.")
        self._say_choices(offered, all_of_them=True)
        if offered:
            say("A number chooses; after = an answer is taken literally, also ?, -, < and numbers.")

    def _say_choices(self, offered: Sequence[str], *, all_of_them: bool) -> None:
        shown_now = offered if all_of_them else offered[:MOST_CHOICES]
        for number, word in enumerate(shown_now, 1):
            say(f"  {number}  {plain(word)}")
        if len(shown_now) < len(offered):
            say(f"  and {len(offered) - len(shown_now)} more; ? reads all")

    def _read(self, question: str) -> str:
        try:
            return input(f"{plain(question)}: ").strip(" ")
        except EOFError:
            raise StoppedError from None

    # What becomes of it

    def _edit(self, plan: Plan) -> bool:
        outcome = self._session.edit(plan, self._reason)
        if isinstance(outcome, Problem):
            say(f"{outcome}.")
            return False
        return True

    def save(self) -> None:
        """Write what was entered so far."""
        if self._session.unsaved:
            self._trouble = saved_or_refused(self._session)
            if self._trouble:
                say(f"Not written: {plain(self._trouble)}.")

    def finish(self, args: ParsedArguments, out: Output) -> int:
        """Write what is left; the exit code."""
        if self._session.unsaved:
            self._trouble = saved_or_refused(self._session)
        report_news(args, out, self._session)
        if self._trouble:
            return refused(args, out, self._trouble)
        out.message(f"{self._session.name}: what was entered is in {plain(self._session.path)}")
        return 0

    def _record_at(self, path: Path) -> Record:
        record = self._session.value(path)
        return record if isinstance(record, dict) else {}


def say(line: str) -> None:
    """One line for the person. Lines are not broken: screen readers and narrow terminals do that better."""
    print(plain_lines(line))


def _name(table: Table, record: Record) -> str:
    title = title_of(table.path, record)
    more = summary(table, record)
    return f"{title}: {more}" if title and more and more != title else title or more or "without a name"


def _chosen(answer: str, offered: Sequence[str]) -> str:
    """The choice that an answer means by its number; an answer that is itself a choice stays what it is."""
    if answer.isdecimal() and answer not in offered and 1 <= int(answer) <= len(offered):
        return offered[int(answer) - 1]
    return answer
