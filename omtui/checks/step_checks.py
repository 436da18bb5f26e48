"""S2: what the steps of an orchestration process call, wait for and depend on."""

from collections.abc import Iterator
from itertools import pairwise

from omtui.checks import oracle_pages
from omtui.checks.finding import Flaw
from omtui.checks.process_checks import own_processes, own_steps
from omtui.checks.registry import check
from omtui.checks.routing_rules import Rules, TaskRouting
from omtui.checks.wording import KnownNames, listed, quoted
from omtui.setup.connectors import ASYNCHRONOUS, BUSINESS_EVENT
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, text
from omtui.setup.step_order import CONDITIONAL, MERGE, SERVICE, OrderedStep, in_order
from omtui.setup.task_types import PREDEFINED_TASK_TYPES, SUPPLY_TASK_TYPES
from omtui.store.change import MISSING, Insert, Set

_LATER = (ASYNCHRONOUS, BUSINESS_EVENT)
"""Connectors of these modes answer later, if at all."""


def _processes(setup: Indexed) -> Iterator[tuple[LocatedRecord, list[OrderedStep]]]:
    """The processes of one's own with their steps in order."""
    for process in own_processes(setup):
        yield process, in_order(setup.within(process, "steps"))


def _task_type(setup: Indexed, step: LocatedRecord) -> LocatedRecord | None:
    """The task type of a step, when it is of step 1 and not Oracle's own."""
    for found in setup.by_key("task_types").get(text(step.record, "task_type"), ()):
        return None if is_predefined(found.record) else found
    return None


def _is_outbound(setup: Indexed, step: LocatedRecord, task_type: LocatedRecord) -> bool:
    """Whether a step sends a request: it does not wait, and its service is not one that takes an answer."""
    return not flag(step.record, "wait") and _operation(setup, step, task_type) != "Inbound"


def _only(setup: Indexed, task_type: LocatedRecord, operation: str) -> str | None:
    """The only service of an operation."""
    services = [each.record for each in setup.within(task_type, "services")]
    names = [text(each, "name") for each in services if text(each, "operation") == operation]
    return names[0] if len(names) == 1 else None


def _operation(setup: Indexed, step: LocatedRecord, task_type: LocatedRecord) -> str:
    service = text(step.record, "service")
    for found in setup.within(task_type, "services"):
        if text(found.record, "name") == service:
            return text(found.record, "operation")
    return ""


@check("S2-01", "error", "a Service step that calls nothing sound", oracle_pages.STEPS, weakest="warning")
def service_step(setup: Indexed) -> Iterator[Flaw]:
    """A Service step lacks its task type, task or service, or they do not belong together; or its task type is neither
    in step 1 nor known as predefined (a warning, unless it is within two letters of a name of step 1).

    Why: The step's task and service are chosen from those of its task type. Oracle's own task types are many, and no
    public list names them all.
    Fix: Choose task type, task and service of step 1. A task type of Oracle's own is noted with predefined = true.
    """
    # Every step of type Service, which is also the default.
    types = setup.by_key("task_types")
    made_here = KnownNames(types)
    known = KnownNames((*types, *PREDEFINED_TASK_TYPES))
    for step in own_steps(setup):
        if text(step.record, "type") not in ("", SERVICE):
            continue
        for field, label in (("task_type", "task type"), ("task", "task"), ("service", "service")):
            if not text(step.record, field).strip():
                message = f"the Service step {_shown(step)} has no {label}"
                only = _only_one(setup, step, field)
                yield Flaw((*step.path, field), message, f"choose the {label} that the step calls", enter=only)
        name = text(step.record, "task_type")
        if name in types:
            yield from _belonging(setup, step, types[name][0])
        elif name.strip() and name not in PREDEFINED_TASK_TYPES:
            yield _unknown_task_type(step, name, made_here, known)


def _only_one(setup: Indexed, step: LocatedRecord, field: str) -> str | None:
    """The only task of the step's task type, or its only service that asks or takes the answer."""
    task_type = _task_type(setup, step)
    if task_type is None or field == "task_type":
        return None
    if field == "service":
        return _only(setup, task_type, "Inbound" if flag(step.record, "wait") else "Create")
    names = [text(each.record, "name") for each in setup.within(task_type, "tasks")]
    return names[0] if len(names) == 1 else None


def _unknown_task_type(step: LocatedRecord, name: str, made_here: KnownNames, known: KnownNames) -> Flaw:
    mistyped = made_here.mistyped(name)
    note = "if it is Oracle's own, note it in step 1 with predefined = true"
    fix = f"enter {quoted(mistyped)}" if mistyped else known.offer(name, note)
    message = f"the task type {quoted(name)} is neither in step 1 nor known as Oracle's own"
    near = mistyped or known.nearest(name)
    return Flaw((*step.path, "task_type"), message, fix, "error" if mistyped else "warning", enter=near)


def _belonging(setup: Indexed, step: LocatedRecord, task_type: LocatedRecord) -> Iterator[Flaw]:
    """Whether task and service are of the task type; those of Oracle's own are not known."""
    if is_predefined(task_type.record):
        return
    for field, inner, label in (("task", "tasks", "task"), ("service", "services", "service")):
        name = text(step.record, field)
        records = setup.within(task_type, inner)
        known = [text(found.record, "name") for found in records]
        if not name.strip() or name in known:
            continue
        by_code = {text(found.record, "code"): text(found.record, "name") for found in records}
        owner = quoted(text(task_type.record, "name"))
        message = f"{quoted(name)} is no {label} of {owner}"
        otherwise = f"choose one of {listed(known, 'or')}" if any(known) else f"add the {label} to {owner} in step 1"
        near = by_code.get(name)
        fix = f"enter its name {quoted(near)}, not the code" if near else KnownNames(known).offer(name, otherwise)
        yield Flaw((*step.path, field), message, fix, enter=near or KnownNames(known).nearest(name))


@check("S2-02", "error", "a request whose answer nobody waits for", oracle_pages.CONNECT, weakest="warning")
def nobody_waits(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """A step sends the request of a custom task type through a connector that answers later (Asynchronous Service or
    Business Event), and no later step of the same task type waits. A warning when no routing rule says which connector
    is used.

    Why: The processes of Oracle's that were read pair the step that asks with one that waits: an immediate answer does
    not cover a long-running task. Without the wait the line goes on before the work is done.
    Fix: Add a wait step after it: same task type and task, the Inbound service, and the status that ends it.
    """
    # A wait in another branch does not count.
    routing: TaskRouting | None = None
    for _, steps in _processes(setup):
        waits: dict[str, list[tuple[int, OrderedStep]]] = {}
        for number, step in enumerate(steps):
            if flag(step.found.record, "wait"):
                waits.setdefault(text(step.found.record, "task_type"), []).append((number, step))
        for number, step in enumerate(steps):
            task_type = _task_type(setup, step.found) if step.kind == SERVICE else None
            if task_type is None or not _is_outbound(setup, step.found, task_type):
                continue
            name = text(task_type.record, "name")
            if _is_awaited(step, number, waits.get(name, [])):
                continue
            routing = routing or rules.by_task_type()
            modes = [mode for connector in routing.connectors(name) for mode in _modes(setup, connector)]
            if modes and not any(mode in _LATER for mode in modes):
                continue
            later = [mode for mode in modes if mode in _LATER]
            yield _not_awaited(step.found, name, later, _waiting(setup, step.found, task_type, steps))


def _is_awaited(step: OrderedStep, number: int, waits: list[tuple[int, OrderedStep]]) -> bool:
    """Whether a wait step that comes later can run for the same order line."""
    for place, wait in reversed(waits):
        if place <= number:
            return False
        if not wait.excludes(step):
            return True
    return False


def _modes(setup: Indexed, connector: str) -> Iterator[str]:
    """The mode of a connector of step 5 that is not Oracle's own."""
    for found in setup.by_key("connectors").get(connector, ()):
        mode = text(found.record, "invocation_mode")
        if mode and not is_predefined(found.record):
            yield mode


def _waiting(
    setup: Indexed, step: LocatedRecord, task_type: LocatedRecord, steps: list[OrderedStep]
) -> tuple[Insert, ...]:
    """The wait step for a request, right after it, where there is one service, one status and a free number for it."""
    inbound = [
        text(each.record, "name")
        for each in setup.within(task_type, "services")
        if text(each.record, "operation") == "Inbound"
    ]
    ends, number, index = _complete(setup, task_type), step.record.get("number"), step.path[-1]
    numbers = [each.found.record.get("number") for each in steps]
    if len(inbound) != 1 or len(ends) != 1 or not isinstance(number, int) or not isinstance(index, int):
        return ()
    later = min((each for each in numbers if isinstance(each, int) and each > number), default=number + 200)
    if later - number < 2:
        return ()
    wait = {"number": (number + later) // 2, "name": f"Wait for {text(step.record, 'name')}"[:80], "type": SERVICE}
    wait |= {"task_type": text(task_type.record, "name"), "task": text(step.record, "task"), "service": inbound[0]}
    return (Insert(step.path[:-1], index + 1, wait | {"wait": True, "exit_criteria": ends[0]}),)


def _not_awaited(step: LocatedRecord, task_type: str, modes: list[str], wait: tuple[Insert, ...]) -> Flaw:
    who = f"the connector is of mode {quoted(modes[0])}" if modes else "no routing rule says which connector is used"
    message = f"{_shown(step)} sends a request, no later step of {quoted(task_type)} waits for the answer, and {who}"
    fix = f"add a wait step of {quoted(task_type)} after it, with the Inbound service and the status that ends it"
    if not modes:
        fix += ", unless the connector answers at once"
    return Flaw(step.path, message, fix, None if modes else "warning", operations=wait, chooses=not modes)


@check("S2-03", "error", "a wait step that cannot end", oracle_pages.PROCESS_STATUS)
def endless_wait(setup: Indexed) -> Iterator[Flaw]:
    """The wait step names no exit criteria, or a status that the task type does not mark complete.

    Why: A wait step ends on the status named in its exit criteria, and only statuses that say that the task is done can
    be chosen there. The order line would wait for ever.
    Fix: Enter the internal value of a status that the task type marks complete.
    """
    # The statuses of Oracle's own task types are not known, and not judged.
    for step in own_steps(setup):
        if not flag(step.record, "wait"):
            continue
        here = (*step.path, "exit_criteria")
        status = text(step.record, "exit_criteria")
        task_type = _task_type(setup, step)
        if not status.strip():
            fix = "enter the status that ends the wait"
            ends = _complete(setup, task_type) if task_type else []
            if ends:
                fix = f"enter {listed(ends, 'or')}"
            only = ends[0] if len(ends) == 1 else None
            yield Flaw(here, f"the wait step {_shown(step)} has no exit criteria", fix, enter=only)
        elif task_type and status not in _complete(setup, task_type):
            yield _wrong_exit(setup, here, status, task_type)


def _complete(setup: Indexed, task_type: LocatedRecord) -> list[str]:
    """The internal values of the statuses that end a task."""
    statuses = setup.within(task_type, "statuses")
    return [text(found.record, "internal") for found in statuses if flag(found.record, "complete")]


def _wrong_exit(setup: Indexed, path: tuple[str | int, ...], status: str, task_type: LocatedRecord) -> Flaw:
    owner = quoted(text(task_type.record, "name"))
    statuses = [found.record for found in setup.within(task_type, "statuses")]
    ends = _complete(setup, task_type)
    otherwise = f"choose {listed(ends, 'or')}" if ends else f"add a status of {owner} that is marked complete"
    if any(text(each, "internal") == status for each in statuses):
        message = f"{quoted(status)} is not marked complete for {owner}: the wait cannot end on it"
        complete = _completed(setup, task_type, status)
        return Flaw(
            path, message, f"set complete = true on that status, or {otherwise}", operations=complete, chooses=True
        )
    internal = next((text(each, "internal") for each in statuses if text(each, "display") == status), "")
    fix = f"enter its internal value {quoted(internal)}" if internal else KnownNames(ends).offer(status, otherwise)
    near = internal or KnownNames(ends).nearest(status) or (ends[0] if len(ends) == 1 else None)
    return Flaw(path, f"{owner} has no status {quoted(status)}", fix, enter=near if near in ends else None)


def _completed(setup: Indexed, task_type: LocatedRecord, status: str) -> tuple[Set, ...]:
    return tuple(
        Set((*path, "complete"), record.get("complete", MISSING), True)
        for path, record in setup.within(task_type, "statuses")
        if text(record, "internal") == status
    )


@check("S2-04", "error", "a branch without a condition", oracle_pages.STEPS)
def branch_without_condition(setup: Indexed) -> Iterator[Flaw]:
    """The step right after a Conditional step has no branching condition.

    Why: The Conditional step opens branches; the condition on the step after it says which lines take the branch.
    Fix: Enter the branching condition on that step, or mark it Otherwise.
    """
    for _, steps in _processes(setup):
        for step, next_step in pairwise(steps):
            record = next_step.found.record
            if step.kind != CONDITIONAL or text(record, "condition").strip() or flag(record, "otherwise"):
                continue
            message = f"{_shown(next_step.found)} follows the Conditional step {_shown(step.found)} without a condition"
            yield Flaw((*next_step.found.path, "condition"), message, "enter the branching condition")


@check("S2-05", "warning", "branches that never meet", oracle_pages.STEPS)
def no_merge(setup: Indexed) -> Iterator[Flaw]:
    """No Merge step follows the Conditional step.

    Why: A Merge step is where branches reunite. Without it nothing says where they end.
    Fix: Add a step of type Merge after the last branch.
    """
    for _, steps in _processes(setup):
        last = max((number for number, step in enumerate(steps) if step.kind == MERGE), default=-1)
        for number, step in enumerate(steps):
            if step.kind == CONDITIONAL and number > last:
                message = f"no Merge step follows the Conditional step {_shown(step.found)}"
                numbers = [n for each in steps if isinstance(n := each.found.record.get("number"), int)]
                merge = {"number": max(numbers, default=0) // 100 * 100 + 100, "name": "Merge", "type": MERGE}
                add = (Insert(step.found.path[:-1], len(steps), merge),)
                fix = "add a step of type Merge after the last branch"
                yield Flaw(step.found.path, message, fix, operations=add, chooses=True)


@check("S2-06", "error", "supply after billing", oracle_pages.STEPS)
def supply_after_billing(setup: Indexed) -> Iterator[Flaw]:
    """A scheduling, reservation or shipment step runs after an invoice step.

    Why: A line that went to billing can no longer be updated.
    Fix: Number the invoice step after the others.
    """
    # An invoice step in another branch does not count.
    for _, steps in _processes(setup):
        invoices: list[OrderedStep] = []
        for step in steps:
            task_type = text(step.found.record, "task_type")
            if task_type == "Invoice":
                invoices.append(step)
            elif task_type in SUPPLY_TASK_TYPES:
                before = next((invoice for invoice in invoices if not invoice.excludes(step)), None)
                if before is not None:
                    message = f"the {task_type} step {_shown(step.found)} runs after the Invoice step "
                    message += _shown(before.found)
                    yield Flaw(step.found.path, message, "give it a number below that of the Invoice step")


@check("S2-12", "error", "a step that depends on one that does not come before it", oracle_pages.OWN)
def impossible_dependency(setup: Indexed) -> Iterator[Flaw]:
    """The step depends on a step that does not exist in the process, or that comes later.

    Why: Steps run by number: the dependency could never be met. No page of Oracle's is needed to know it.
    Fix: Enter the number of an earlier step.
    """
    for process in own_processes(setup):
        steps = setup.within(process, "steps")
        numbers = {found.record.get("number") for found in steps}
        for path, step in steps:
            needed, number = step.get("depends_on"), step.get("number")
            if not isinstance(needed, int):
                continue
            here = (*path, "depends_on")
            if needed not in numbers:
                yield Flaw(here, f"there is no step {needed} in this process", "enter the number of an earlier step")
            elif isinstance(number, int) and needed >= number:
                which = "itself" if needed == number else f"step {needed}, which comes later"
                yield Flaw(here, f"the step {number} depends on {which}", "enter the number of an earlier step")


@check("S2-13", "warning", "an Inbound service that asks", oracle_pages.TASK_TYPE)
def inbound_asks(setup: Indexed) -> Iterator[Flaw]:
    """A step that does not wait names a service of operation Inbound.

    Why: The Inbound service takes an answer. A step that sends a request names the Create service.
    Fix: Choose the Create service, or make it a wait step.
    """
    for step in own_steps(setup):
        task_type = _task_type(setup, step)
        if task_type is None or flag(step.record, "wait"):
            continue
        if _operation(setup, step, task_type) == "Inbound":
            message = f"{quoted(text(step.record, 'service'))} takes an answer, and this step does not wait"
            fix = "choose the Create service, or set wait = true with the status that ends it"
            yield Flaw((*step.path, "service"), message, fix, enter=_only(setup, task_type, "Create"), chooses=True)


@check("S2-17", "warning", "a Create service that waits", oracle_pages.TASK_TYPE)
def create_waits(setup: Indexed) -> Iterator[Flaw]:
    """A wait step names a service of operation Create.

    Why: The Create service sends a request. A wait step names the Inbound service, which takes the answer.
    Fix: Choose the Inbound service.
    """
    for step in own_steps(setup):
        task_type = _task_type(setup, step) if flag(step.record, "wait") else None
        if task_type is None or _operation(setup, step, task_type) != "Create":
            continue
        services = setup.within(task_type, "services")
        inbound = [text(each.record, "name") for each in services if text(each.record, "operation") == "Inbound"]
        message = f"{quoted(text(step.record, 'service'))} sends a request, and this step waits for an answer"
        fix = f"choose {listed(inbound, 'or')}" if inbound else "choose the Inbound service"
        yield Flaw((*step.path, "service"), message, fix, enter=_only(setup, task_type, "Inbound"))


@check("S2-18", "warning", "work that cannot be changed or canceled", oracle_pages.TASK_TYPE)
def cannot_be_canceled(setup: Indexed) -> Iterator[Flaw]:
    """The process has the change mode Advanced and waits for a task type that has neither a service of operation Change
    nor one of operation Cancel.

    Why: When the order is revised while the external system works on it, Order Management has no service to report it.
    What the change modes do is known from the field, not from a page of Oracle's.
    Fix: Add a service of operation Cancel (or Change) to the task type in step 1, if the system can take it.
    """
    # Reported once for each task type of one's own that a process waits for.
    for process in own_processes(setup):
        if text(process.record, "change_mode").casefold() != "advanced":
            continue
        seen: set[str] = set()
        for step in setup.within(process, "steps"):
            task_type = _task_type(setup, step) if flag(step.record, "wait") else None
            name = text(step.record, "task_type")
            if task_type is None or name in seen:
                continue
            seen.add(name)
            services = setup.within(task_type, "services")
            if not {"Change", "Cancel"} & {text(each.record, "operation") for each in services}:
                message = f"the process takes changes (Advanced), and {quoted(name)} has no service to Change or Cancel"
                fix = "add a service of operation Cancel in step 1, or choose another change mode"
                yield Flaw((*step.path, "task_type"), message, fix)


@check("S2-19", "warning", "a reservation before the schedule", oracle_pages.RESERVE_LATER)
def reservation_first(setup: Indexed) -> Iterator[Flaw]:
    """A Reservation step runs before the Schedule step of the same order line.

    Why: The schedule chooses the warehouse and the date for which stock is reserved.
    Fix: Number the Schedule step before the Reservation step.
    """
    # A Schedule step in another branch does not count, nor one when another schedule comes first.
    for _, steps in _processes(setup):
        reserved: list[OrderedStep] = []
        scheduled: list[OrderedStep] = []
        for step in steps:
            task_type = text(step.found.record, "task_type")
            if task_type == "Reservation" and all(each.excludes(step) for each in scheduled):
                reserved.append(step)
            elif task_type == "Schedule":
                scheduled.append(step)
                for first in (each for each in reserved if not each.excludes(step)):
                    message = f"{_shown(first.found)} reserves before {_shown(step.found)} schedules"
                    yield Flaw(first.found.path, message, "give it a number above that of the Schedule step")
                reserved = [each for each in reserved if each.excludes(step)]


def _shown(step: LocatedRecord) -> str:
    name, number = text(step.record, "name"), text(step.record, "number")
    return f"{quoted(name)} ({number})" if name and number else quoted(name or number or "without a name")
