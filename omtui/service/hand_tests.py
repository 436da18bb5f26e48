"""What is tried in the pod by hand: what raises an event and who hears of it, and what ends the wait of a line."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from omtui.documents.test_plan import HandTest, Untested, test_number
from omtui.rehearsal.changes import HEADER, LINE, STATUS, OrderChange
from omtui.rehearsal.events import COMPENSATION, LINE_CLOSED, REASONS, SPLIT, raised_events
from omtui.setup.answers import answerers
from omtui.setup.indexed import Indexed, flag, is_predefined, rows, text, texts
from omtui.setup.task_types import PREDEFINED_TASK_TYPES
from omtui.setup.trigger_points import ATTRIBUTE_UPDATE, HEADER_STATUS, HOLD, JEOPARDY, LINE_STATUS, RELEASE_HOLD

_ACTIONS = {
    HOLD: ("hold", "Put an order on hold"),
    RELEASE_HOLD: ("release-hold", "Release the hold of an order"),
    SPLIT: ("split", "Split a line"),
    COMPENSATION: ("compensation", "Submit a change of an order, and wait for compensation"),
}
_WITHOUT_VALUES = {
    HEADER_STATUS: "no status is entered",
    LINE_STATUS: "no line status notifies an external system",
    ATTRIBUTE_UPDATE: "no attribute is entered",
    JEOPARDY: "no priority is entered",
}


def hand_tests(setup: Indexed, connectors: Mapping[str, Collection[str]]) -> Iterator[HandTest | Untested]:
    """The tests of trigger points, then those of wait steps, and which of them have none.

    `connectors` are those that task types are routed to.
    """
    yield from _events(setup)
    yield from _answers(setup, connectors)


def _events(setup: Indexed) -> Iterator[HandTest | Untested]:
    for trigger in setup.records("trigger_points"):
        name = text(trigger.record, "name")
        what = f"trigger point {name}"
        if not flag(trigger.record, "active"):
            yield Untested(what, "it is not active")
            continue
        step = "8" if name == JEOPARDY else "9"
        values = list(filter(None, (text(each, "value") for each in rows(trigger.record, "details"))))
        changes = list(_changes(setup, name, values))
        if not changes:
            yield Untested(what, _WITHOUT_VALUES.get(name, "what raises its event is not known"))
        for do, change in changes:
            for event in raised_events(setup, [change]):
                if event.trigger_point != name:
                    continue
                hears = [f"connector {each}" for each in event.connectors]
                hears += ["Integration Cloud"] if event.public_event else []
                hears += ["by e-mail, whom the page names"] if event.email else []
                expected = (
                    f"the event is raised: {', '.join(hears)}" if event.fired else f"no event: {REASONS[event.reason]}"
                )
                yield HandTest(test_number("event", name, event.value), step, do, expected, ", ".join(hears))


def _changes(setup: Indexed, point: str, values: Sequence[str]) -> Iterator[tuple[str, OrderChange]]:
    match point:
        case _ if point == HEADER_STATUS:
            for value in values:
                yield f"Bring an order to status {value}", OrderChange("1", "", HEADER, STATUS, "", value)
        case _ if point == LINE_STATUS:
            for value in _flagged(setup):
                yield f"Bring a line to status {value}", OrderChange("1", "1", LINE, STATUS, "", value)
        case _ if point == LINE_CLOSED:
            yield "Let a line go through its last step", OrderChange("1", "1", LINE, STATUS, "", "CLOSED")
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


def _flagged(setup: Indexed) -> Iterable[str]:
    """The line statuses of which other systems hear, each once."""
    statuses = (each for found in setup.records("status_rule_sets") for each in rows(found.record, "statuses"))
    flagged = [text(each, "value") for each in statuses if flag(each, "notify_external_system")]
    for process in setup.records("orchestration_processes"):
        flagged += texts(process.record, "notify_external_system")
    return dict.fromkeys(flagged)


def _answers(setup: Indexed, connectors: Mapping[str, Collection[str]]) -> Iterator[HandTest | Untested]:
    for process in setup.records("orchestration_processes"):
        for step in setup.within(process, "steps"):
            if not flag(step.record, "wait"):
                continue
            status, name, process_name, task_type = (
                *(text(step.record, key) for key in ("exit_criteria", "name")),
                text(process.record, "name"), text(step.record, "task_type"),
            )  # fmt: skip
            if not status:
                what = f"step {step.record.get('number')} {name} of {process_name}"
                yield Untested(what, "it waits, and no exit criteria say which status ends the wait")
                continue
            call, who = _answer(setup, task_type, connectors.get(task_type, ()))
            do = f"{call}, with status {status} for a line that waits in {name}"
            expected = f"the line leaves step {step.record.get('number')} {name} of {process_name}"
            yield HandTest(test_number("answer", process_name, name), "2", do, expected, who)


def _answer(setup: Indexed, task_type: str, connectors: Collection[str]) -> tuple[str, str]:
    """What brings the status of a task type, and who. Only a user of a system that is asked may answer."""
    targets = {
        text(each.record, "target_system") for name in connectors for each in setup.by_key("connectors").get(name, ())
    }
    able = [each for each in answerers(setup) if each.brings_a_status and each.system in ("", *targets)]
    if able and targets:
        return f"Call {able[0].words}", able[0].user
    holders = setup.by_key("task_types").get(task_type, ())
    if task_type in PREDEFINED_TASK_TYPES or any(is_predefined(each.record) for each in holders):
        return "Let Oracle's own system do the work", "Oracle"
    return "Answer the request", ""
