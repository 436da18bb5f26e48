"""S1: task types with their services, tasks and statuses."""

from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.finding import Flaw
from omtui.checks.keys import EXAMPLE, length_flaw, name_flaws
from omtui.checks.registry import check
from omtui.checks.wording import quoted
from omtui.setup.defaults import task_type_services
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, rows, text
from omtui.setup.table import Table
from omtui.setup.task_types import PREDEFINED_TASK_TYPES, SERVICES, TASK_TYPES, TASKS
from omtui.store.change import MISSING, Insert, Set

_PREDEFINED = {name.casefold(): name for name in PREDEFINED_TASK_TYPES}


def _own(setup: Indexed) -> Iterator[tuple[LocatedRecord, str]]:
    """The task types that are not Oracle's, with their names as they are shown."""
    for found in setup.records("task_types"):
        if not is_predefined(found.record):
            yield found, quoted(text(found.record, "name"))


@check("S1-01", "error", "the name of a task type is empty, too long or used twice", oracle_pages.TASK_TYPE)
def name(setup: Indexed) -> Iterator[Flaw]:
    """The page Manage Task Types needs a name of at most 30 characters that no other task type has.

    Why: Oracle makes the services from the name the first time the field is left, and steps and rules use it.
    Fix: Enter a name of 1 to 30 characters of its own.
    """
    return name_flaws(setup, TASK_TYPES, EXAMPLE)


@check("S1-02", "error", "the name of a predefined task type", oracle_pages.STEPS)
def predefined_name(setup: Indexed) -> Iterator[Flaw]:
    """A task type of one's own bears the name of one that Oracle delivers.

    Why: The name is taken. Where Oracle's own task type is meant, it is not entered by hand.
    Fix: Choose another name, or note it with predefined = true.
    """
    # Upper and lower case do not make it another name.
    for found, shown in _own(setup):
        if text(found.record, "name").strip().casefold() in _PREDEFINED:
            fix = "choose another name, or note it with predefined = true when Oracle's own is meant"
            yield Flaw((*found.path, "name"), f"{shown} is the name of a task type of Oracle's", fix)


@check("S1-03", "error", "a task type without a task", oracle_pages.TASK_TYPE)
def no_task(setup: Indexed) -> Iterator[Flaw]:
    """The task type has no task.

    Why: Each task type needs at least one task: a step of an orchestration process names it.
    Fix: Add a task on the tab Tasks.
    """
    # At least one for each task type of one's own.
    for found, shown in _own(setup):
        if not rows(found.record, "tasks"):
            yield Flaw((*found.path, "tasks"), f"{shown} has no task", "add at least one task with code and name")


@check("S1-04", "error", "a service code is empty, too long or used twice", oracle_pages.TASK_TYPE)
def service_code(setup: Indexed) -> Iterator[Flaw]:
    """Each service of a task type needs a code of at most 80 characters of its own.

    Why: Oracle makes the codes from the task type's name, and freezes them on the first save.
    Fix: Note the code as the tab Services shows it.
    """
    for found, _ in _own(setup):
        yield from _within(setup, found, SERVICES, "code")


def _within(setup: Indexed, holder: LocatedRecord, table: Table, name: str) -> Iterator[Flaw]:
    """Empty, too long or repeated values of one field of the records within a task type."""
    field, noun, shown = table.by_name[name], table.singular, quoted(text(holder.record, "name"))
    seen: set[str] = set()
    for path, record in setup.within(holder, table.name):
        value = text(record, name)
        named = text(record, "name" if name == "code" else "code")
        which = f"the {noun} {quoted(named)} of {shown}" if named else f"a {noun} of {shown}"
        flaw = length_flaw((*path, name), field, value, which, advice=EXAMPLE)
        if value in seen and value.strip():
            message = f"another {noun} of {shown} also has the {name} {quoted(value)}"
            yield Flaw((*path, name), message, f"give this one a {name} of its own, or remove it")
        elif flaw:
            yield flaw
        seen.add(value)


@check("S1-05", "warning", "a service code that does not begin with the task type's name", oracle_pages.TASK_TYPE)
def code_of_another_name(setup: Indexed) -> Iterator[Flaw]:
    """The code does not begin with the name of its task type: the task type was renamed after Oracle had made the
    services.

    Why: It works, but Oracle warns that the names will confuse whoever sets up steps later.
    Fix: Before the first save: delete the task type and add it again under its name. Later: leave it and note why.
    """
    for found, shown in _own(setup):
        name = text(found.record, "name")
        for path, record in setup.within(found, "services"):
            code = text(record, "code")
            if code.strip() and name.strip() and not code.startswith(name):
                message = f"the service code {quoted(code)} does not begin with {shown}"
                fix = f"before the first save, add the task type again, so that Oracle makes {quoted(name + ' Create')}"
                yield Flaw((*path, "code"), message, fix)


def _has_operation(record: LocatedRecord, operation: str) -> bool:
    services = rows(record.record, "services")
    return any(text(service, "operation").strip().casefold() == operation for service in services)


def _service(task_type: LocatedRecord, operation: str) -> tuple[Insert, ...]:
    """The service as Oracle makes it by itself, to be added; none while the task type has no name."""
    have, name = rows(task_type.record, "services"), text(task_type.record, "name")
    codes = {text(each, "code") for each in have}
    made = [
        each
        for each in (task_type_services(name) if name.strip() else ())
        if text(each, "operation") == operation and text(each, "code") not in codes
    ]
    return tuple(Insert((*task_type.path, "services"), len(have), each) for each in made)


@check("S1-06", "warning", "no service for the answer", oracle_pages.TASK_TYPE)
def no_inbound(setup: Indexed) -> Iterator[Flaw]:
    """The task type has no service with operation Inbound.

    Why: The answer of the external system comes back through the Inbound service. Oracle makes it by itself.
    Fix: Note the Inbound service as the tab Services shows it.
    """
    for found, shown in _own(setup):
        if not _has_operation(found, "inbound"):
            message = f"{shown} has no service with operation Inbound: an answer cannot come back"
            fix = f"add the service {quoted(text(found.record, 'name') + ' Inbound')}, which Oracle makes by itself"
            yield Flaw((*found.path, "services"), message, fix, operations=_service(found, "Inbound"))


@check("S1-07", "error", "no service for the request", oracle_pages.TASK_TYPE)
def no_create(setup: Indexed) -> Iterator[Flaw]:
    """The task type has no service with operation Create.

    Why: The Create service sends the request. Without it no step can ask the external system for anything.
    Fix: Note the Create service as the tab Services shows it.
    """
    for found, shown in _own(setup):
        if not _has_operation(found, "create"):
            message = f"{shown} has no service with operation Create: no request can go out"
            fix = f"add the service {quoted(text(found.record, 'name') + ' Create')}, which Oracle makes by itself"
            yield Flaw((*found.path, "services"), message, fix, operations=_service(found, "Create"))


@check("S1-08", "error", "a task's code or name is empty, too long or used twice", oracle_pages.TASKS)
def task(setup: Indexed) -> Iterator[Flaw]:
    """Each task of a task type needs a code and a name of at most 80 characters of their own.

    Why: A step chooses the task by its name, and the work area of Order Management shows it.
    Fix: Enter code and name as they are on the tab Tasks.
    """
    for found, _ in _own(setup):
        yield from _within(setup, found, TASKS, "code")
        yield from _within(setup, found, TASKS, "name")


@check("S1-09", "warning", "no status ends the task", oracle_pages.TASK_STATUS)
def no_complete_status(setup: Indexed) -> Iterator[Flaw]:
    """None of the statuses of the task type is marked complete.

    Why: A wait step ends only on a status that is marked complete. Without one the order line waits for ever.
    Fix: Under Manage Task Status Conditions, add what the external system sends, and check Mark as Complete.
    """
    for found, shown in _own(setup):
        statuses = rows(found.record, "statuses")
        if not any(flag(status, "complete") for status in statuses):
            message = f"no status of {shown} is marked complete: a wait step can never end"
            fix = "set complete = true on the status that ends the task" if statuses else "add the status that ends it"
            yield Flaw((*found.path, "statuses"), message, fix, operations=_completing(setup, found))


def _completing(setup: Indexed, task_type: LocatedRecord) -> tuple[Set, ...]:
    """Marks the status that ends the task: the only one, or the only one that a wait step waits for."""
    steps = setup.by("orchestration_processes.steps", "task_type").get(text(task_type.record, "name"), ())
    ends = {text(step.record, "exit_criteria") for step in steps if flag(step.record, "wait")}
    statuses = setup.within(task_type, "statuses")
    waited_for = [each for each in statuses if text(each.record, "internal") in ends]
    candidates = waited_for or statuses
    if len(candidates) != 1:
        return ()
    path, status = candidates[0]
    return (Set((*path, "complete"), status.get("complete", MISSING), True),)


@check("S1-10", "info", "a task type that no process uses", oracle_pages.TASKS)
def unused(setup: Indexed) -> Iterator[Flaw]:
    """No step of an orchestration process names the task type.

    Why: A task type does nothing by itself: a step of an orchestration process asks for the work.
    Fix: Add a step that uses it in step 2, or remove the task type.
    """
    used = setup.by("orchestration_processes.steps", "task_type")
    for found, shown in _own(setup):
        name = text(found.record, "name")
        if name.strip() and name not in used:
            yield Flaw(found.path, f"no orchestration process uses {shown}", "add a step that uses it, or remove it")
