"""A test of a set-up in the pod: for each branch of a rule the smallest order line that takes it and no other.

The solver of the checks proposes a line, the rehearsal judges it. When it takes another rule as well, that rule is
excluded and the solver is asked again, until the line takes one branch alone, or it is known that none does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256

from omtui.checks.conditions.formula import AttributeTest, Formula, comparisons, equals, opposite
from omtui.checks.conditions.reasoning import Yes, satisfiable
from omtui.checks.conditions.solving import Undecidable
from omtui.checks.routing_rules import RuleBranch, rules_of
from omtui.documents.test_plan import HandTest, NoLine, OrderTest, PlannedTests
from omtui.plain_text import few
from omtui.problem import Wrong
from omtui.rehearsal.against import where
from omtui.rehearsal.changes import HEADER, LINE, STATUS, OrderChange
from omtui.rehearsal.columns import OF_THE_REQUEST, ColumnChoice
from omtui.rehearsal.events import REASONS, raised_events
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.rehearsal.routing import RequestOutcome
from omtui.setup.answers import answerers
from omtui.setup.comparisons import Attribute, Value
from omtui.setup.events import ATTRIBUTE_UPDATE, HEADER_STATUS, HOLD, JEOPARDY, LINE_STATUS, RELEASE_HOLD
from omtui.setup.indexed import Indexed, flag, rows, text
from omtui.setup.place import Path

TASK_TYPE, OPERATION = OF_THE_REQUEST[:2]
MOST_TRIES = 40
"""How often a line is proposed for a branch, each time with one more rule excluded."""

_SIZES = ("is greater than", "is greater than or equal to", "is less than", "is less than or equal to", "is between")


def planned_tests(setup: Indexed, name: str, rehearsed: Rehearsed) -> PlannedTests:
    """The tests of a profile's rules, events and answers, as of the time of the rehearsal."""
    return _Planning(setup, name, rehearsed).tests()


def with_real_lines(
    plan: PlannedTests, rehearsed: Rehearsed, orders: Orders, choices: Sequence[ColumnChoice]
) -> PlannedTests | Wrong:
    """The same tests with lines of real orders, where one takes the same branch alone and goes the same way."""
    run = Rehearsal(rehearsed, orders, choices=choices)
    lines = _Lines(rehearsed)
    wanted = {(test.task_type, test.rule, test.branch): test for test in plan.orders if test.kind != "boundary"}
    found: dict[str, OrderTest] = {}
    for chunk in run.run():
        for line in chunk:
            for request, outcome in run.outcomes.of(line.group):
                key = (request.task_type or "", *_taken_alone(outcome))
                test = wanted.get(key)
                if test is None or test.id in found:
                    continue
                cells = {each.attribute: str(line.row[each.index] or "") for each in run.judge.columns}
                if where(lines.outcome(test.task_type, test.operation, cells)) == test.expected:
                    order, number = run.role("order", line.row), run.role("line", line.row)
                    source = f"order {order}, line {number}" if order else f"line {line.number + orders.first_line}"
                    found[test.id] = replace(test, cells=cells, source=f"{source} of {orders.name}")
    return run.problem or replace(plan, orders=tuple(found.get(each.id, each) for each in plan.orders))


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


class _Lines:
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
        self._lines = _Lines(rehearsed)
        every = (*self._rules.own, *self._rules.predefined)
        self._branches = {(rule.path, branch.number): branch for rule in every for branch in rule.branches}
        sent = (request.task_type for request in Rehearsal(rehearsed, Orders("", (), iter(()))).requests.everything)
        noted = (text(each.record, "name") for each in setup.records("task_types"))
        self._sent = list(dict.fromkeys(filter(None, sent)))
        self._task_types = list(dict.fromkeys((*self._sent, *filter(None, noted))))

    def tests(self) -> PlannedTests:
        """All of them."""
        orders: list[OrderTest] = []
        without: list[NoLine] = []
        for rule in self._rules.own:
            for branch in rule.branches:
                found = self._of_branch(branch)
                if isinstance(found, NoLine):
                    without.append(found)
                else:
                    orders.append(found)
                    orders += self._boundaries(branch, found)
        for task_type in self._sent:
            nothing = self._of_no_rule(task_type)
            (orders if isinstance(nothing, OrderTest) else without).append(nothing)  # type: ignore[arg-type]
        unique = {(each.task_type, each.operation, frozenset(each.cells.items())): each for each in reversed(orders)}
        lines = tuple(each for each in orders if each in unique.values())
        hand = (*self._events(), *self._answers())
        attributes, asks = self._lines.attributes, self._lines.asks_operation
        return PlannedTests(self._name, attributes, lines, tuple(without), hand, asks)

    # Order lines

    def _of_branch(self, branch: RuleBranch) -> OrderTest | NoLine:
        what = f"{branch.rule.name}{f' (ELSE {branch.number})' if branch.number else ''}"
        if branch.whole is None:
            return NoLine(what, "when it is taken cannot be said")
        why = "no task type of the profile can take it"
        for task_type in self._candidates(branch):
            found = self._alone(branch, task_type)
            if not isinstance(found, str):
                operation, cells, outcome = found
                key = _id("rule", task_type, branch.rule.name, str(branch.number))
                return OrderTest(key, "rule", f"takes {what}", task_type, operation, cells, where(outcome),
                                 branch.rule.name, branch.number)  # fmt: skip
            why = found
        return NoLine(what, why)

    def _candidates(self, branch: RuleBranch) -> list[str]:
        names, excluded = branch.task_types
        return [each for each in self._task_types if each not in names] if excluded else sorted(names)

    def _alone(self, branch: RuleBranch, task_type: str) -> tuple[str, dict[Attribute, str], RequestOutcome] | str:
        """A line that takes one branch and no other rule that sets a connector; why there is none."""
        assert branch.whole is not None
        avoided: dict[str, Formula] = {}
        for _ in range(MOST_TRIES):
            found = satisfiable(branch.whole, equals(TASK_TYPE, task_type), *avoided.values(), zone=self._zone)
            if isinstance(found, Undecidable):
                return f"it cannot be decided: {found.reason}"
            if not isinstance(found, Yes):
                return f"each line that takes it takes {few(list(avoided))}, too" if avoided else "no line can take it"
            operation, cells = self._cells(found.witness)
            outcome = self._lines.outcome(task_type, operation, cells)
            own = next((state for state in outcome.states if state.rule.path == branch.rule.path), None)
            if own is not None and own.missing:
                return f"the rule is {own.missing}"
            if own is None or own.taken is None or own.rule.branches.index(own.taken) != branch.number:
                return "the line that the conditions ask for cannot be written"
            others = [state for state in outcome.states if state is not own and not state.missing]
            if not others:
                return operation, cells, outcome
            for state in others:
                for taken in (state.taken, *state.open):
                    if taken is None:
                        continue
                    other = self._branches.get((state.rule.path, state.rule.branches.index(taken)))
                    if other is None or other.whole is None or state.rule.name in avoided:
                        return f"each line that was tried takes {state.rule.name}, too"
                    avoided[state.rule.name] = opposite(other.whole)
        return f"{MOST_TRIES} lines were tried, and each takes another rule, too"

    def _of_no_rule(self, task_type: str) -> OrderTest | NoLine:
        """A line that takes no rule; the first try has no value at all."""
        avoided: dict[tuple[Path, int], Formula] = {}
        what = f"no rule for {task_type}"
        for _ in range(MOST_TRIES):
            found = satisfiable(equals(TASK_TYPE, task_type), *avoided.values(), zone=self._zone)
            if not isinstance(found, Yes):
                return NoLine(what, "each line of this task type takes a rule")
            operation, cells = self._cells(found.witness)
            outcome = self._lines.outcome(task_type, operation, cells)
            taken = [state for state in outcome.states if not state.missing]
            if not taken:
                key = _id("none", task_type)
                return OrderTest(key, "none", "takes no rule", task_type, operation, cells, where(outcome))
            for state in taken:
                for each in filter(None, (state.taken, *state.open)):
                    key_of = state.rule.path, state.rule.branches.index(each)
                    branch = self._branches.get(key_of)
                    if branch is None or branch.whole is None or key_of in avoided:
                        return NoLine(what, f"each line that was tried takes {state.rule.name}")
                    avoided[key_of] = opposite(branch.whole)
        return NoLine(what, f"{MOST_TRIES} lines were tried, and each takes a rule")

    def _cells(self, witness: Mapping[Attribute, Value | None]) -> tuple[str, dict[Attribute, str]]:
        cells = {each: cell_of(value) for each, value in witness.items() if value is not None}
        operation = next((cells.pop(each) for each in list(cells) if each[1] == OPERATION[1]), "")
        return operation, {each: cell for each, cell in cells.items() if each[1] != TASK_TYPE[1]}

    def _boundaries(self, branch: RuleBranch, base: OrderTest) -> Iterator[OrderTest]:
        """For each number and date that a branch compares with: the values on both sides, where the ways part."""
        seen: set[tuple[Attribute, str]] = set()
        for comparison in comparisons(branch.own) if branch.own is not None else ():
            if comparison.attribute[1] in (TASK_TYPE[1], OPERATION[1]):
                continue
            for threshold in _thresholds(comparison):
                key = (comparison.attribute, cell_of(threshold))
                if key not in seen:
                    seen.add(key)
                    yield from self._pair(branch, base, comparison.attribute, threshold)

    def _pair(
        self, branch: RuleBranch, base: OrderTest, attribute: Attribute, threshold: Decimal | date
    ) -> Iterator[OrderTest]:
        near = [cell_of(each) for each in _neighbours(threshold)]
        judged = []
        for cell in near:
            cells = {**base.cells, attribute: cell}
            judged.append((cells, self._lines.outcome(base.task_type, base.operation, cells)))
        for below, above in ((0, 1), (1, 2)):
            if _taken_alone(judged[below][1]) != _taken_alone(judged[above][1]):
                for number in (below, above):
                    cells, outcome = judged[number]
                    what = f"{branch.rule.name}: {attribute[1]} at {near[number]}"
                    key = _id("boundary", base.id, *attribute, near[number])
                    yield replace(base, id=key, kind="boundary", what=what, cells=cells, expected=where(outcome))

    # By hand

    def _events(self) -> Iterator[HandTest]:
        for trigger in self._setup.records("trigger_points"):
            if not flag(trigger.record, "active"):
                continue
            name = text(trigger.record, "name")
            for do, change in self._changes(name, [text(each, "value") for each in rows(trigger.record, "details")]):
                for event in raised_events(self._setup, [change]):
                    if event.trigger_point != name:
                        continue
                    told = [f"connector {each}" for each in event.connectors]
                    told += ["Integration Cloud"] if event.public_event else []
                    told += ["by e-mail, whom the page names"] if event.email else []
                    expected = (
                        f"the event is raised: {', '.join(told)}"
                        if event.fired
                        else f"no event: {REASONS[event.reason]}"
                    )
                    yield HandTest(_id("event", name, event.value), "9", do, expected, ", ".join(told))

    def _changes(self, point: str, values: Sequence[str]) -> Iterator[tuple[str, OrderChange]]:
        match point:
            case _ if point == HEADER_STATUS:
                for value in values:
                    yield f"Bring an order to status {value}", OrderChange("1", "", HEADER, STATUS, "", value)
            case _ if point == LINE_STATUS:
                for value in self._flagged():
                    yield f"Bring a line to status {value}", OrderChange("1", "1", LINE, STATUS, "", value)
            case _ if point == ATTRIBUTE_UPDATE:
                for value in values:
                    yield f"Change {value} of a submitted order", OrderChange("1", "1", LINE, value, "1", "2")
            case _ if point == JEOPARDY:
                for value in values:
                    change = OrderChange("1", "1", "", "", "", "", "jeopardy", value)
                    yield f"Delay a line until its jeopardy priority is {value}", change
            case _ if point in _ACTIONS:
                action, do = _ACTIONS[point]
                yield do, OrderChange("1", "1", action=action, value="")
            case _:
                return

    def _flagged(self) -> Iterator[str]:
        for rule_set in self._setup.records("status_rule_sets"):
            for status in rows(rule_set.record, "statuses"):
                if flag(status, "notify_external_system"):
                    yield text(status, "value")

    def _answers(self) -> Iterator[HandTest]:
        who = [each for each in answerers(self._setup) if each.brings_a_status]
        for process in self._setup.records("orchestration_processes"):
            for step in self._setup.within(process, "steps"):
                status = text(step.record, "exit_criteria")
                if not flag(step.record, "wait") or not status:
                    continue
                name, process_name = text(step.record, "name"), text(process.record, "name")
                call = f"Call {who[0].words}" if who else "Answer the request"
                do = f"{call}, with status {status} for a line that waits in {name}"
                expected = f"the line leaves step {step.record.get('number')} {name} of {process_name}"
                yield HandTest(_id("answer", process_name, name), "2", do, expected, who[0].user if who else "")


_ACTIONS = {
    HOLD: ("hold", "Put an order on hold"),
    RELEASE_HOLD: ("release-hold", "Release the hold of an order"),
    "Split": ("split", "Split a line"),
    "Change Order Compensation Complete": ("compensation", "Submit a change of an order, and wait for compensation"),
}


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


def _thresholds(comparison: AttributeTest) -> Iterator[Decimal | date]:
    for value in comparison.values if comparison.test in _SIZES else ():
        if isinstance(value, date):
            yield value
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            yield Decimal(str(value))


def _neighbours(threshold: Decimal | date) -> tuple[object, object, object]:
    if isinstance(threshold, Decimal):
        exponent = threshold.as_tuple().exponent
        step = Decimal(1).scaleb(min(-2, exponent if isinstance(exponent, int) else 0))
        return threshold - step, threshold, threshold + step
    moment = timedelta(seconds=1) if isinstance(threshold, datetime) else timedelta(days=1)
    return threshold - moment, threshold, threshold + moment


def _id(*what: str) -> str:
    """The same for the same test, also when rules are reordered."""
    return f"T-{sha256('|'.join(what).encode()).hexdigest()[:6].upper()}"
