"""A test of a set-up in the pod: for each branch of a rule the smallest order line that takes it and no other.

The solver of the checks proposes a line, the rehearsal judges it. When it takes another rule as well, that rule is
excluded and the solver is asked again, until the line takes one branch alone, or it is known that none does.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from omtui.checks.conditions.formula import (
    AllOf,
    AnyOf,
    AttributeTest,
    Formula,
    both,
    comparisons,
    either,
    equals,
    opposite,
)
from omtui.checks.conditions.reasoning import Yes, satisfiable
from omtui.checks.conditions.solving import Undecidable, meets
from omtui.checks.routing_rules import RuleBranch, rules_of
from omtui.documents.test_plan import HandTest, Kind, OrderTest, PlannedTests, Untested, test_number
from omtui.plain_text import few
from omtui.problem import Wrong
from omtui.rehearsal.against import where
from omtui.rehearsal.cells import is_missing
from omtui.rehearsal.columns import OF_THE_REQUEST, ColumnChoice, MappedColumn
from omtui.rehearsal.expecting import is_expectation
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.rehearsal.routing import RequestOutcome, RuleState
from omtui.service.hand_tests import hand_tests
from omtui.setup.comparisons import Attribute, Unreadable, Value, kind_of
from omtui.setup.indexed import Indexed, text
from omtui.setup.place import Path
from omtui.setup.task_types import OPERATIONS

TASK_TYPE, OPERATION = OF_THE_REQUEST[:2]
MOST_TRIES = 40
"""How often a line is proposed for a branch, each time with one more rule excluded."""
MOST_WAYS = 5
"""Towards how many other branches the two sides of a value are tried."""

NO_LINE = "no line can take it"
NEVER_DECIDES = "this value alone never decides"

_SENT = tuple(each for each in OPERATIONS if each != "Inbound")
_SIZES = (
    "is greater than",
    "is greater than or equal to",
    "is less than",
    "is less than or equal to",
    "is between",
    "is in",
)


def planned_tests(setup: Indexed, name: str, rehearsed: Rehearsed) -> PlannedTests:
    """The tests of a profile's rules, events and answers, as of the time of the rehearsal."""
    return _Planning(setup, name, rehearsed).tests()


def with_real_lines(
    plan: PlannedTests, rehearsed: Rehearsed, orders: Orders, choices: Sequence[ColumnChoice]
) -> PlannedTests | Wrong:
    """The same tests with lines of real orders, where one takes the same branch alone and goes the same way."""
    run = Rehearsal(rehearsed, orders, choices=choices)
    lines = _LineJudge(rehearsed)
    wanted = {(test.task_type, test.rule, test.branch): test for test in plan.orders if test.kind != "boundary"}
    found: dict[str, OrderTest] = {}
    for chunk in run.run():
        for line in chunk:
            for request, outcome in run.outcomes.of(line.group):
                key = (request.task_type or "", *_taken_alone(outcome))
                test = wanted.get(key)
                if test is None or test.id in found:
                    continue
                cells = {each.attribute: _as_profile(each, line.row[each.index]) for each in run.judge.columns}
                again = lines.outcome(test.task_type, test.operation, cells)
                if (expectation(again), *_taken_alone(again)) == (test.expected, test.rule, test.branch):
                    order, number = run.role("order", line.row), run.role("line", line.row)
                    source = f"order {order}, line {number}" if order else f"line {line.number + orders.first_line}"
                    found[test.id] = replace(test, cells=cells, source=f"{source} of {orders.name}")
    orders_kept = [
        test for each in plan.orders for test in ((found[each.id], *each.same) if each.id in found else (each,))
    ]
    return run.problem or replace(plan, orders=_with_own_numbers(orders_kept))


class _Line(NamedTuple):
    """A line for a request, and what becomes of it."""

    task_type: str
    operation: str
    cells: Mapping[Attribute, str]
    outcome: RequestOutcome


def expectation(outcome: RequestOutcome) -> str:
    """What is expected of a line, as a cell says it; a connector whose name no cell can hold is just `(routed)`."""
    word = where(outcome)
    return word if is_expectation(word) and word == word.strip() else f"({outcome.outcome})"


def _branch_words(branch: RuleBranch) -> str:
    return f"{branch.rule.name}{f' (ELSE {branch.number})' if branch.number else ''}"


def _number_taken(state: RuleState) -> int | None:
    return None if state.taken is None or state.open else state.rule.branches.index(state.taken)


def _takes_only(branch: RuleBranch, outcome: RequestOutcome) -> bool:
    """Whether a line takes a branch for sure, and no other rule even perhaps."""
    states = [state for state in outcome.states if not state.missing]
    return [(each.rule.path, _number_taken(each)) for each in states] == [(branch.rule.path, branch.number)]


def _may_take(branch: RuleBranch, outcome: RequestOutcome) -> bool:
    """Whether a line takes a branch, for sure or perhaps."""
    return any(
        branch.number in (each.rule.branches.index(taken) for taken in filter(None, (each.taken, *each.open)))
        for each in outcome.states
        if each.rule.path == branch.rule.path
    )


def _renamed(of: Formula, attribute: Attribute, to: Attribute) -> Formula:
    """The same formula, on another attribute."""
    if isinstance(of, AttributeTest):
        if of.attribute != attribute:
            return of
        return AttributeTest(to, of.test, of.values, of.must_pass, of.holds_without_value)
    parts = tuple(_renamed(part, attribute, to) for part in of.parts)
    return AllOf(parts) if isinstance(of, AllOf) else AnyOf(parts)


def _with_own_numbers(tests: Sequence[OrderTest]) -> tuple[OrderTest, ...]:
    """Each line once, and each number once: rules may have one name. The order of the rules decides nothing."""
    kept: dict[object, OrderTest] = {}
    first: dict[int, object] = {}
    for each in sorted(tests, key=lambda each: (each.kind == "boundary", each.id)):
        line = (each.task_type, each.operation, tuple(sorted(each.cells.items())))
        if line in kept:
            kept[line] = replace(kept[line], same=(*kept[line].same, each))
        else:
            kept[line] = each
            first[id(each)] = line
    by_number: dict[str, list[object]] = {}
    for cells in sorted(kept, key=str):
        by_number.setdefault(kept[cells].id, []).append(cells)
    numbered = {
        line: replace(kept[line], id=f"{key}-{number}" if number > 1 else key)
        for key, lines in by_number.items()
        for number, line in enumerate(lines, 1)
    }
    return tuple(numbered[first[id(each)]] for each in tests if id(each) in first)


def _taken_alone(outcome: RequestOutcome) -> tuple[str, int]:
    """The rule and the branch that are taken alone; no rule where none is taken."""
    taken = [state for state in outcome.states if state.taken and not state.open and not state.missing]
    if not taken:
        return "", 0
    if len(taken) > 1 or any(state.open for state in outcome.states):
        return "", -1
    [state] = taken
    assert state.taken is not None
    return state.rule.name, state.rule.branches.index(state.taken)


def _as_profile(column: MappedColumn, cell: object) -> str:
    """A cell as it is read without a mapping: dates of a format and decimal commas are written out."""
    choice = column.choice
    kind = "date" if choice and choice.format else "number" if choice and choice.decimal == "," else None
    value = cell if kind is None or is_missing(cell) else column.read(cell, kind)  # type: ignore[arg-type]
    return cell_of(cell if isinstance(value, Unreadable) else value)


class _LineJudge:
    """Judges lines one by one."""

    def __init__(self, rehearsed: Rehearsed) -> None:
        asked = rehearsed.engine.request_attributes
        self.attributes = tuple(sorted(rehearsed.rules.attributes))
        self.asks_operation = any(each[1] == OPERATION[1] for each in asked)
        names = (TASK_TYPE, *((OPERATION,) if self.asks_operation else ()), *self.attributes)
        headings = tuple(f"{attribute} ({entity})" for entity, attribute in names)
        self._run = Rehearsal(rehearsed, Orders("", headings, iter(())))
        self._width = len(headings)

    def outcome(self, task_type: str, operation: str, cells: Mapping[Attribute, str]) -> RequestOutcome:
        """What becomes of a line."""
        row = [task_type, *((operation,) if self.asks_operation else ())]
        row += [cells.get(each, "") for each in self.attributes]
        [group] = self._run.judge.numbers([row], self._width)
        [(_, outcome)] = self._run.outcomes.of(group)
        return outcome


class _Planning:
    def __init__(self, setup: Indexed, name: str, rehearsed: Rehearsed) -> None:
        self._setup, self._name, self._rehearsed = setup, name, rehearsed
        self._rules = rules_of(setup, rehearsed.rules.as_of.date())
        self._zone = rehearsed.rules.zone
        self._lines = _LineJudge(rehearsed)
        every = (*self._rules.own, *self._rules.predefined)
        self._branches = {(rule.path, branch.number): branch for rule in every for branch in rule.branches}
        requests = Rehearsal(rehearsed, Orders("", (), iter(()))).requests.everything
        self._operations: dict[str, list[str]] = {}
        """What each task type is asked for, as far as it is known."""
        for task_type, operation in requests:
            self._operations.setdefault(task_type or "", []).extend([operation] if operation else [])
        noted = (text(each.record, "name") for each in setup.records("task_types"))
        self._sent = list(filter(None, self._operations))
        self._task_types = list(dict.fromkeys((*self._sent, *filter(None, noted))))

    def tests(self) -> PlannedTests:
        """All of them."""
        found: list[OrderTest | Untested] = []
        for rule in self._rules.own:
            for branch in rule.branches:
                base = self._of_branch(branch)
                found += [base, *(self._boundaries(branch, base) if isinstance(base, OrderTest) else ())]
        found += map(self._of_no_rule, self._sent)
        lines = _with_own_numbers([each for each in found if isinstance(each, OrderTest)])
        connectors: dict[str, dict[str, None]] = {}
        for each in lines:
            connectors.setdefault(each.task_type, {})[each.expected] = None
        by_hand = list(hand_tests(self._setup, connectors))
        return PlannedTests(
            self._name,
            self._lines.attributes,
            lines,
            tuple(each for each in (*found, *by_hand) if isinstance(each, Untested)),
            tuple(each for each in by_hand if isinstance(each, HandTest)),
            self._lines.asks_operation,
        )

    # Order lines

    def _of_branch(self, branch: RuleBranch) -> OrderTest | Untested:
        what = _branch_words(branch)
        if branch.whole is None:
            return Untested(what, "when it is taken cannot be said")
        why = "no task type of the profile can take it"
        for task_type in self._candidates(branch):
            found = self._alone(branch, task_type)
            if not isinstance(found, str):
                line = self._smallest(found, lambda each: _takes_only(branch, each.outcome))
                key = test_number("rule", task_type, branch.rule.name, str(branch.number))
                return self._test(key, "rule", f"takes {what}", line, branch)
            why = found
        return Untested(what, why)

    def _candidates(self, branch: RuleBranch) -> list[str]:
        names, excluded = branch.task_types
        return [each for each in self._task_types if each not in names] if excluded else sorted(names)

    def _alone(self, branch: RuleBranch | None, task_type: str, *wanted: Formula) -> _Line | str:
        """A line that takes one branch and no other rule, or no rule at all; why there is none."""
        own = [] if branch is None else [self._whole(branch)]
        if self._lines.asks_operation:  # no request is without one
            own.append(either(equals(OPERATION, each) for each in self._operations.get(task_type) or _SENT))
        avoided: dict[tuple[Path, int], Formula] = {}
        names: dict[str, None] = {}
        who = "that takes it" if branch else "of this task type"
        for _ in range(MOST_TRIES):
            found = satisfiable(*own, equals(TASK_TYPE, task_type), *wanted, *avoided.values(), zone=self._zone)
            if isinstance(found, Undecidable):
                return f"it cannot be decided: {found.reason}"
            if not isinstance(found, Yes):
                also = f"{'one of ' if len(names) > 1 else ''}{few(list(names))}{', too' if branch else ''}"
                return f"each line {who} takes {also}" if avoided else NO_LINE
            line = self._line(task_type, *self._cells(found.witness))
            states = {state.rule.path: state for state in line.outcome.states}
            if branch is not None:
                state = states.pop(branch.rule.path, None)
                if state is not None and state.missing:
                    return f"the rule is {state.missing}"
                if state is None or _number_taken(state) != branch.number:
                    return "the line that the conditions ask for cannot be written"
            others = [state for state in states.values() if not state.missing]
            if not others:
                return line
            for state in sorted(others, key=lambda each: each.rule.name):
                names[state.rule.name] = None
                for taken in filter(None, (state.taken, *state.open)):
                    key = state.rule.path, state.rule.branches.index(taken)
                    other = self._branches.get(key)
                    if other is None or other.whole is None or key in avoided:
                        if state.open:
                            return f"{state.rule.name} cannot be evaluated for the lines that were tried"
                        return f"each line that was tried takes {state.rule.name}{', too' if branch else ''}"
                    avoided[key] = opposite(self._whole(other))
        return f"{MOST_TRIES} lines were tried, and each takes {'another' if branch else 'a'} rule"

    def _of_no_rule(self, task_type: str) -> OrderTest | Untested:
        """A line that takes no rule; the first try has no value at all."""
        found = self._alone(None, task_type)
        if isinstance(found, str):
            return Untested(f"no rule for {task_type}", found)
        line = self._smallest(found, lambda each: _taken_alone(each.outcome) == ("", 0))
        return self._test(test_number("none", task_type), "none", "takes no rule", line)

    def _whole(self, branch: RuleBranch) -> Formula:
        """When a branch is taken. Task type and operation are the request's, on any entity that a condition names."""
        assert branch.whole is not None
        whole = branch.whole
        for attribute in {each.attribute for each in comparisons(whole)}:
            for asked in (TASK_TYPE, OPERATION):
                whole = _renamed(whole, attribute, asked) if attribute[1] == asked[1] else whole
        return whole

    def _line(self, task_type: str, operation: str, cells: Mapping[Attribute, str]) -> _Line:
        return _Line(task_type, operation, cells, self._lines.outcome(task_type, operation, cells))

    def _smallest(self, line: _Line, is_right: Callable[[_Line], bool]) -> _Line:
        """The line without the values that it does not need; one may be needed only while another is there."""
        for attribute in sorted(line.cells):
            rest = {each: cell for each, cell in line.cells.items() if each != attribute}
            smaller = self._line(line.task_type, line.operation, rest)
            if is_right(smaller):
                return self._smallest(smaller, is_right)
        return line

    def _test(self, key: str, kind: Kind, what: str, line: _Line, branch: RuleBranch | None = None) -> OrderTest:
        rule, number = (branch.rule.name, branch.number) if branch else ("", 0)
        expected = expectation(line.outcome)
        return OrderTest(key, kind, what, line.task_type, line.operation, line.cells, expected, rule, number)

    def _cells(self, witness: Mapping[Attribute, Value | None]) -> tuple[str, dict[Attribute, str]]:
        cells = {each: cell_of(value) for each, value in witness.items() if value is not None}
        operation = next((cells.pop(each) for each in list(cells) if each[1] == OPERATION[1]), "")
        return operation, {each: cell for each, cell in cells.items() if each[1] != TASK_TYPE[1]}

    def _boundaries(self, branch: RuleBranch, base: OrderTest) -> Iterator[OrderTest | Untested]:
        """For each number and date that a branch compares with: the values on both sides, where the ways part."""
        seen: set[tuple[Attribute, str, str]] = set()
        for comparison in comparisons(branch.own) if branch.own is not None else ():
            for below, above in _sides(comparison, self._zone):
                key = (comparison.attribute, cell_of(below), cell_of(above))
                if key in seen:
                    continue
                seen.add(key)
                lines = self._pair(branch, base.task_type, comparison, below, above)
                what = f"{_branch_words(branch)}: {comparison.attribute[1]}"
                if isinstance(lines, str):
                    yield Untested(f"{what} at {key[1]} and {key[2]}", lines)
                    continue
                for line in lines:
                    cell = line.cells[comparison.attribute]
                    number = test_number("boundary", base.id, *comparison.attribute, *key[1:], cell)
                    yield self._test(number, "boundary", f"{what} at {cell}", line, branch)

    def _pair(
        self, branch: RuleBranch, task_type: str, comparison: AttributeTest, below: Value, above: Value
    ) -> tuple[_Line, _Line] | str:
        """Two lines that differ in one value: one takes the branch, one does not, and best it goes elsewhere."""
        attribute = comparison.attribute
        beyond = (f"beyond {attribute[0]}", attribute[1])
        inside, outside = (below, above) if meets(below, (comparison,), self._zone) else (above, below)
        best: tuple[_Line, _Line] | None = None
        why = ""

        def other_side(line: _Line) -> _Line:
            return self._line(task_type, line.operation, {**line.cells, attribute: cell_of(outside)})

        for elsewhere in self._elsewhere(branch):
            wanted = (equals(attribute, inside), equals(beyond, outside), _renamed(elsewhere, attribute, beyond))
            found = self._alone(branch, task_type, *wanted)
            if isinstance(found, str):
                why = found  # the last way is the widest: its reason is the reason
                continue
            why = "the line that was found takes another way for another reason"
            line = self._line(task_type, found.operation, {**found.cells, attribute: cell_of(inside)})
            goes = where(other_side(line).outcome)

            def is_right(each: _Line, goes: str = goes) -> bool:
                if attribute not in each.cells or not _takes_only(branch, each.outcome):
                    return False
                other = other_side(each).outcome
                return where(other) == goes and not _may_take(branch, other)

            line = self._smallest(line, is_right)
            if is_right(line) and goes not in ("(cannot-evaluate)", "(ambiguous)"):
                pair = (line, other_side(line)) if inside is below else (other_side(line), line)
                if goes != where(line.outcome):
                    return pair
                best = best or pair
        return best or (NEVER_DECIDES if why == NO_LINE else why)

    def _elsewhere(self, branch: RuleBranch) -> Iterator[Formula]:
        """What may become of a line that misses a branch barely: first what another connector shows."""
        others = [each for each in branch.rule.branches if each is not branch and each.whole is not None]
        own = opposite(self._whole(branch))
        yield both([own, *(opposite(self._whole(each)) for each in others)])
        connectors = {name for _, name in branch.connectors}
        for other in [each for each in others if {name for _, name in each.connectors} != connectors][:MOST_WAYS]:
            yield self._whole(other)
        yield own


def cell_of(value: object) -> str:
    """A value as a cell of an orders file."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float() | Decimal():
            return f"{Decimal(str(value)):f}"
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _sides(comparison: AttributeTest, zone: tzinfo) -> Iterator[tuple[Value, Value]]:
    """Next to each number and date of a comparison: two values of which one meets it."""
    for value in comparison.values if comparison.test in _SIZES else ():
        if kind_of(value) not in ("number", "date"):
            continue
        try:
            below, at, above = _neighbours(value)
        except (OverflowError, ArithmeticError):  # the last days of the calendar have no neighbours
            continue
        for first, second in ((below, at), (at, above)):
            if meets(first, (comparison,), zone) is not meets(second, (comparison,), zone):
                yield first, second
                if comparison.test == "is in":
                    break


def _neighbours(value: object) -> tuple[Value, Value, Value]:
    if isinstance(value, date):
        moment = timedelta(seconds=1) if isinstance(value, datetime) else timedelta(days=1)
        return value - moment, value, value + moment
    number = Decimal(str(value))
    exponent = number.as_tuple().exponent
    step = Decimal(1).scaleb(min(-2, exponent if isinstance(exponent, int) else 0))
    return number - step, number, number + step
