"""S2: orchestration process definitions and their steps."""

from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.facts import news_26b
from omtui.checks.finding import CheckContext, Flaw
from omtui.checks.keys import length_flaw
from omtui.checks.moments import has_passed, is_after
from omtui.checks.registry import check
from omtui.checks.wording import quoted
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, text
from omtui.setup.processes import ORCHESTRATION_PROCESSES, PLANNING_FIELDS, PREDEFINED_PROCESSES, STEPS
from omtui.store.change import MISSING, Set

_PREDEFINED = {name.casefold() for name in PREDEFINED_PROCESSES}


def own_processes(setup: Indexed) -> Iterator[LocatedRecord]:
    """The processes that are not Oracle's."""
    return (found for found in setup.records("orchestration_processes") if not is_predefined(found.record))


def own_steps(setup: Indexed) -> Iterator[LocatedRecord]:
    """The steps of these processes."""
    return (step for process in own_processes(setup) for step in setup.within(process, "steps"))


def _called(process: LocatedRecord) -> str:
    name = text(process.record, "name")
    return quoted(name) if name else "the process"


@check("S2-07", "error", "the name of a predefined process", oracle_pages.PROCESSES)
def predefined_name(setup: Indexed) -> Iterator[Flaw]:
    """A process of one's own bears the name of one that Oracle delivers.

    Why: Oracle says: use a predefined process as it is, or duplicate it and change the copy; never modify it.
    Fix: Duplicate the predefined process, give the copy another name and note copied_from; or, when Oracle's own is
    meant as it is, note it with predefined = true.
    """
    # Upper and lower case do not make it another name.
    for found in own_processes(setup):
        name = text(found.record, "name")
        if name.strip().casefold() in _PREDEFINED:
            fix = "rename it after the copy made by Actions > Duplicate, or note predefined = true"
            yield Flaw((*found.path, "name"), f"{quoted(name)} is the name of a process of Oracle's", fix)


@check("S2-08", "error", "a process name, step name or step number that the page refuses", oracle_pages.STEPS)
def names_and_numbers(setup: Indexed) -> Iterator[Flaw]:
    """The name of a process or step is empty or longer than 80 characters, a process name is used twice, or a step
    number is used twice in its process.

    Why: Steps run by number and are distinguished by it; processes are assigned by name.
    Fix: Enter a name of 1 to 80 characters; give each step a number of its own.
    """
    # Oracle's own processes only must not be noted twice.
    field = ORCHESTRATION_PROCESSES.by_name["name"]
    seen: set[str] = set()
    for found in setup.records("orchestration_processes"):
        here, name = (*found.path, "name"), text(found.record, "name")
        if name in seen and name.strip():
            yield Flaw(here, f"another process is also called {quoted(name)}", "give this one a name of its own")
        elif not is_predefined(found.record) and (flaw := length_flaw(here, field, name, "the process", called=_NAME)):
            yield flaw
        seen.add(name)
        if not is_predefined(found.record):
            yield from _steps(setup, found)


_NAME = "the name "


def _steps(setup: Indexed, process: LocatedRecord) -> Iterator[Flaw]:
    numbers: dict[object, str] = {}
    for path, step in setup.within(process, "steps"):
        name, number = text(step, "name"), step.get("number")
        if flaw := length_flaw((*path, "name"), STEPS.by_name["name"], name, "the step", called=_NAME):
            yield flaw
        if number in numbers:
            message = f"the step {quoted(numbers[number])} of {_called(process)} also has the number {number}"
            free = _free(setup, process)
            yield Flaw((*path, "number"), message, f"enter a free number, for example {free}", enter=free, chooses=True)
        if number is not None:
            numbers.setdefault(number, name)


def _free(setup: Indexed, process: LocatedRecord) -> int:
    """The next round hundred after the last step, as Oracle numbers its own."""
    numbers = [found.record.get("number") for found in setup.within(process, "steps")]
    return (max((number for number in numbers if isinstance(number, int)), default=0) // 100 + 1) * 100


@check(
    "S2-09",
    "warning",
    "a planning attribute that Oracle removes",
    news_26b.PLANNING_ATTRIBUTES,
    since="26D",
    before="info",
)
def planning_attribute(setup: Indexed) -> Iterator[Flaw]:
    """One of the six planning attributes is set: Default Lead Time, Lead-Time UOM, Lead-Time Expression, Next Expected
    Task Status, Planning Default Branch or Fulfillment Completion Step.

    Why: Oracle removes orchestration process planning with 26D; its attributes disappear from the page.
    Fix: Leave the attribute out; note elsewhere what people read it for.
    """
    for path, step in own_steps(setup):
        for field in PLANNING_FIELDS:
            if step.get(field):
                where = (*path, field)
                message = f"{field} is set: Oracle removes orchestration process planning with 26D"
                yield Flaw(where, message, "leave it out", operations=(Set(where, step[field], MISSING),))


@check("S2-20", "info", "a copy of the old predefined process", news_26b.ENHANCED_PROCESS, since="26B")
def old_process(setup: Indexed) -> Iterator[Flaw]:
    """The process is a copy of DOO_OrderFulfillmentGenericProcess.

    Why: Since 26B there is DOO_Enhanced_OrderFulfillmentProcess, which Oracle recommends to use at the next earliest
    opportunity: with the old one a lock may stay, and holds stay on change orders.
    Fix: After the update to 26B, duplicate the enhanced process, add the own steps to the copy, test it, and assign new
    orders to it.
    """
    for found in own_processes(setup):
        if (
            text(found.record, "copied_from").strip().casefold() in _GENERIC
            and found.record.get("status") != "Obsolete"
        ):
            message = f"{_called(found)} is a copy of DOO_OrderFulfillmentGenericProcess, which Oracle asks to replace"
            fix = "plan a copy of DOO_Enhanced_OrderFulfillmentProcess with the same steps of your own"
            yield Flaw((*found.path, "copied_from"), message, fix)


_GENERIC = ("doo_orderfulfillmentgenericprocess", "orderfulfillmentgenericprocess")


@check("S2-10", "warning", "released but not deployed", oracle_pages.DEPLOY)
def not_deployed(setup: Indexed) -> Iterator[Flaw]:
    """The process is released and was not deployed on this pod.

    Why: An order that needs it stops with: the orchestration process didn't start because it isn't deployed.
    Fix: Choose Actions > Deploy, then note deployed = true.
    """
    for found in own_processes(setup):
        if found.record.get("status") == "Released" and not flag(found.record, "deployed"):
            message = f"{_called(found)} is released but not deployed"
            yield Flaw((*found.path, "deployed"), message, "deploy it, then set deployed = true", enter=True)


@check("S2-15", "warning", "a process that is not in force today", oracle_pages.PROCESS_DATES)
def not_in_force(setup: Indexed, context: CheckContext) -> Iterator[Flaw]:
    """The effective start lies in the future, or the effective end in the past.

    Why: An order outside of the effective dates gets no process and stops with an error.
    Fix: Correct the date, or set the process to Obsolete when it is meant to be over.
    """
    # Every process of one's own that is not obsolete; one that ends before it starts is reported by S2-14.
    for found in own_processes(setup):
        start, end = found.record.get("effective_start"), found.record.get("effective_end")
        if found.record.get("status") == "Obsolete" or is_after(start, end):
            continue
        if is_after(start, context.today):
            message = f"{_called(found)} is in force only from {start} on: no order gets it before"
            yield Flaw((*found.path, "effective_start"), message, "enter an earlier start, or wait for that day")
        if has_passed(end, context.today):
            message = f"{_called(found)} has been in force until {end}: no order gets it any more"
            yield Flaw((*found.path, "effective_end"), message, "enter a later end, or set the status to Obsolete")


@check("S2-16", "warning", "deployed, and never released", oracle_pages.DEPLOY)
def deployed_and_new(setup: Indexed) -> Iterator[Flaw]:
    """The process is noted as New and as deployed.

    Why: Only a released process can be deployed: one of the two is wrong, and a walk-through relies on both.
    Fix: Look at the process in the pod, and note its status and whether it is deployed.
    """
    # One in status Editing may be deployed in an earlier version.
    for found in own_processes(setup):
        if found.record.get("status") == "New" and flag(found.record, "deployed"):
            message = f"{_called(found)} is noted as New and as deployed: only a released process is deployed"
            yield Flaw((*found.path, "deployed"), message, 'set status = "Released", or deployed = false')


@check("S2-11", "warning", "no process assignment noted", oracle_pages.PROCESSES)
def no_assignment(setup: Indexed) -> Iterator[Flaw]:
    """Nothing says which order lines get this process.

    Why: Without an assignment rule or default process Oracle cannot assign a process, and the order stops.
    Fix: Set the assignment rule or the default process in Fusion, and note it in words under assignment.
    """
    for found in own_processes(setup):
        if not text(found.record, "assignment").strip() and found.record.get("status") != "Obsolete":
            message = f"no assignment is noted for {_called(found)}: no order line gets it"
            yield Flaw(
                (*found.path, "assignment"), message, "note which lines get it, for example Order type = STANDARD"
            )


@check("S2-14", "error", "effective start after effective end", oracle_pages.OWN)
def start_after_end(setup: Indexed) -> Iterator[Flaw]:
    """The process ends before it starts.

    Why: It is never in force. No page of Oracle's is needed to know it.
    Fix: Correct one of the two dates.
    """
    for found in own_processes(setup):
        start, end = found.record.get("effective_start"), found.record.get("effective_end")
        if is_after(start, end):
            message = f"{_called(found)} starts on {start}, after its end on {end}"
            yield Flaw((*found.path, "effective_start"), message, "correct the start or the end")
