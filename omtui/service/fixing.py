"""Carries out the fixes that checks give with their findings: what is done is what helps, and harms nothing else."""

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from omtui.checks.finding import CheckContext, Finding
from omtui.checks.running import run
from omtui.plain_text import few
from omtui.problem import Problem
from omtui.service.editing import Plan, is_referred_to
from omtui.setup.indexed import Indexed
from omtui.setup.place import table_at
from omtui.setup.reading import verify
from omtui.setup.references import rename
from omtui.setup.values import shown
from omtui.store.change import MISSING, Insert, Operation, Remove, Set, apply, fits, value_at


@dataclass(frozen=True, slots=True)
class Fixes:
    """One change that carries out several fixes; for each what was done, or why not."""

    plan: Plan
    done: tuple[str, ...]
    left: tuple[str, ...]


def fix(setup: Indexed, finding: Finding, context: CheckContext, before: Sequence[Finding]) -> Plan | Problem:
    """The change that carries out the fix of a finding, or why that cannot be done by itself.

    `before` is all that is wrong now.
    """
    where = setup.place(finding.path)
    if not finding.operations:
        return Problem(f"{finding.check} at {where} needs a person", finding.fix)
    operations = tuple(_with_references(setup, finding.operations))
    data = copy.deepcopy(setup.data)
    for operation in operations:
        if not fits(data, operation):
            return Problem(f"{finding.check} at {where} does not fit what the profile says", finding.fix)
        apply(data, operation)
    if faults := verify(data):
        return Problem(f"the fix of {finding.check} at {where} does not fit: {faults[0].message}", finding.fix)
    after = run(Indexed(data), context)
    if _counts(after)[finding.check] >= _counts(before)[finding.check]:
        return Problem(f"the fix of {finding.check} at {where} does not help", finding.fix)
    if worse := _counts(each for each in after if each.level == "error") - _counts(
        each for each in before if each.level == "error"
    ):
        said = [f"{each.check} {each.message}" for each in after if each.check in worse]
        return Problem(f"the fix of {finding.check} at {where} leads to {few(said, 1)}", finding.fix)
    label = f"Fix {finding.check}: {'; '.join(words(setup, each) for each in finding.operations)}"
    return Plan(label, operations, finding.path)


def fix_all(setup: Indexed, context: CheckContext, is_meant: Callable[[Finding], bool]) -> Fixes:
    """The fixes of all findings that are meant, one after the other, as one change."""
    data = copy.deepcopy(setup.data)
    done: dict[str, None] = {}
    left: dict[str, None] = {}
    operations: list[Operation] = []
    tried: set[tuple[str, str, str]] = set()
    while True:
        now = Indexed(data)
        before = run(now, context)
        found = [(each, (each.check, str(now.place(each.path)), each.message)) for each in before]
        finding, key = next(((each, key) for each, key in found if is_meant(each) and key not in tried), (None, None))
        if finding is None or key is None:
            break
        tried.add(key)
        plan = fix(now, finding, context, before)
        if isinstance(plan, Problem):
            left[f"{plan}"] = None
            continue
        done[plan.label.removeprefix("Fix ")] = None
        data = copy.deepcopy(data)
        operations += (apply(data, each) for each in plan.operations)
    return Fixes(Plan(f"Fix {few(list(done), 3)}", tuple(operations), ()), tuple(done), tuple(left))


def _counts(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(each.check for each in findings)


def words(setup: Indexed, operation: Operation) -> str:
    """What an operation does, in a few words: `connectors[X].url "old" → "new"`."""
    where = setup.place(operation.path)
    match operation:
        case Set(_, old, new) if new is MISSING:
            return f"{where} {shown(old)} is taken away"
        case Set(_, old, new):
            return f"{where} {'' if old is MISSING else f'{shown(old)} '}→ {shown(new)}"
        case Insert(_, _, record):
            return f"{where} + {_named(record)}"
        case Remove(_, _, record):
            return f"{where} - {_named(record)}"
    return f"{where} is moved"


def _named(record: object) -> str:
    if not isinstance(record, dict):
        return shown(record)
    return next((shown(record[key]) for key in ("name", "code", "action") if key in record), "")


def _with_references(setup: Indexed, operations: Iterable[Operation]) -> Iterator[Operation]:
    """The operations; a new name for a record is a rename, which takes along what names it."""
    for operation in operations:
        table = table_at(operation.path[:-1])
        name = str(operation.path[-1])
        if (
            isinstance(operation, Set)
            and table
            and operation.old
            and is_referred_to(table, name)
            and _is_text(operation)
        ):
            for edit in rename(setup, operation.path[:-1], name, str(operation.new)):
                if edit.path != operation.path:
                    yield Set(edit.path, value_at(setup.data, edit.path), edit.value)
        yield operation


def _is_text(operation: Set) -> bool:
    return isinstance(operation.old, str) and isinstance(operation.new, str)
