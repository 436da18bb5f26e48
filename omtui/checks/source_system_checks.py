"""S3: trading community source systems."""

from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.finding import CheckContext, Flaw
from omtui.checks.keys import length_flaw
from omtui.checks.moments import has_passed
from omtui.checks.registry import check
from omtui.checks.wording import KnownNames, joined, listed, quoted
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, text, texts
from omtui.setup.place import Path
from omtui.setup.references import mentions
from omtui.setup.source_systems import FOR_ORCHESTRATION, SOURCE_SYSTEMS
from omtui.setup.table import Record
from omtui.store.change import MISSING, Insert, Set

_TYPES = SOURCE_SYSTEMS.by_name["type"].values
_PAGES = {
    "planning_source_systems": "step 4",
    "upstream_source_systems": "step 4.1",
    "connectors": "step 5",
}
"""The tables that name a system on pages of Oracle's, and their steps."""


def _uses(setup: Indexed) -> dict[str, dict[str, None]]:
    """The steps 4, 4.1 and 5 that use each code, in their order; Oracle's own connectors left out."""
    uses: dict[str, dict[str, None]] = {}
    for table, step in _PAGES.items():
        field = "target_system" if table == "connectors" else "code"
        for code, found in setup.by(table, field).items():
            if not all(is_predefined(each.record) for each in found):
                uses.setdefault(code, {})[step] = None
    return uses


@check("S3-01", "error", "a source system code is empty, too long or used twice", oracle_pages.SOURCE_SYSTEMS)
def code(setup: Indexed) -> Iterator[Flaw]:
    """The code of a source system needs 1 to 30 characters, and no other system may have it, also not with other upper
    and lower case.

    Why: The code is the key by which steps 4, 4.1 and 5 name the system, and it cannot be changed after creation.
    Fix: Enter a code of its own of up to 30 characters.
    """
    field = SOURCE_SYSTEMS.by_name["code"]
    seen: dict[str, LocatedRecord] = {}
    for found in setup.records("source_systems"):
        value = text(found.record, "code")
        here = (*found.path, "code")
        first = seen.setdefault(value.strip().casefold(), found)
        if value.strip() and first is not found:
            other = text(first.record, "code")
            differs = "" if other == value else ": only upper and lower case differ"
            message = f"another source system has the code {quoted(other)}{differs}"
            yield Flaw(here, message, "give this one a code of its own, or remove it")
        elif flaw := length_flaw(here, field, value, "the source system"):
            yield flaw


@check("S3-02", "error", "a source system that is neither Spoke nor Purchased", oracle_pages.SOURCE_SYSTEMS)
def system_type(setup: Indexed) -> Iterator[Flaw]:
    """The type of the source system is not one of the two that the page offers.

    Why: Spoke is a legacy or other system, Purchased is data from a third-party provider; there is nothing else.
    Fix: Choose Spoke for every system that works with Order Management.
    """
    # Also when no type is given.
    for path, record in setup.records("source_systems"):
        value = text(record, "type")
        if value not in _TYPES:
            said = f"{quoted(value)} is no type of source system" if value.strip() else "the source system has no type"
            known = KnownNames(_TYPES).nearest(value)
            near = known or "Spoke"
            fix = f"enter {quoted(near)}; the page offers {listed(_TYPES)}"
            yield Flaw((*path, "type"), said, fix, enter=near, chooses=not known)


@check("S3-03", "error", "a system in use that orchestration does not see", oracle_pages.SOURCE_SYSTEMS)
def not_enabled(setup: Indexed) -> Iterator[Flaw]:
    """Step 4, 4.1 or 5 uses the source system, and it is not enabled for Order Orchestration and Planning.

    Why: Oracle says: each import page lists the systems enabled for it. Without the check mark the code does not appear
    and cannot be chosen.
    Fix: Check Enable for Order Orchestration and Planning in step 3.
    """
    uses = _uses(setup)
    for path, record in setup.records("source_systems"):
        value = text(record, "code")
        if value in uses and FOR_ORCHESTRATION not in texts(record, "enabled_for"):
            verb = "uses" if len(uses[value]) == 1 else "use"
            message = f"{joined(list(uses[value]))} {verb} {quoted(value)}, which is not enabled for "
            add = _enable(path, record, [FOR_ORCHESTRATION])
            fix = f'add "{FOR_ORCHESTRATION}"'
            yield Flaw((*path, "enabled_for"), message + FOR_ORCHESTRATION, fix, operations=add)


def _enable(path: Path, record: Record, names: list[str]) -> tuple[Insert, ...]:
    have = texts(record, "enabled_for")
    return tuple(Insert((*path, "enabled_for"), len(have) + number, name) for number, name in enumerate(names))


@check("S3-04", "warning", "a cross-reference that cannot be looked up", oracle_pages.CROSS_REFERENCES)
def cross_reference(setup: Indexed) -> Iterator[Flaw]:
    """Cross-referencing is on for the system (step 4 or 4.1), but it is not enabled for Items or for Trading Community
    Members.

    Why: Items are cross-referenced by the item's spoke system, customers by the original system reference, and both
    exist only for systems enabled for them.
    Fix: Check Enable for Items and Enable for Trading Community Members in step 3, or switch cross-referencing off.
    """
    for path, record in setup.records("source_systems"):
        value = text(record, "code")
        missing = [name for name in ("Items", "Trading Community Members") if name not in texts(record, "enabled_for")]
        if missing and any(
            flag(found.record, "data_cross_reference")
            for table in ("planning_source_systems", "upstream_source_systems")
            for found in setup.by_key(table).get(value, ())
        ):
            message = f"cross-referencing is on for {quoted(value)}, which is not enabled for {joined(missing, 'or')}"
            fix = f"add {listed(missing)}, or set data_cross_reference = false in step 4 and 4.1"
            add = _enable(path, record, missing)
            yield Flaw((*path, "enabled_for"), message, fix, operations=add, chooses=True)


@check("S3-05", "warning", "a source system whose end date has passed", oracle_pages.SOURCE_SYSTEMS)
def ended(setup: Indexed, context: CheckContext) -> Iterator[Flaw]:
    """The end date of the source system lies in the past.

    Why: From that day on the source system is no longer active.
    Fix: Remove the end date, or enter a later one.
    """
    for path, record in setup.records("source_systems"):
        end = record.get("end_date")
        if has_passed(end, context.today):
            message = f"{quoted(text(record, 'code'))} ended on {end}"
            remove = Set((*path, "end_date"), end, MISSING)
            fix = "remove the end date, or enter a later one"
            yield Flaw((*path, "end_date"), message, fix, operations=(remove,), chooses=True)


@check("S3-06", "warning", "purchased data that captures or fulfills orders", oracle_pages.SOURCE_SYSTEMS)
def purchased(setup: Indexed) -> Iterator[Flaw]:
    """The source system is of type Purchased, and step 4, 4.1 or 5 uses it to capture or fulfill orders.

    Why: Purchased is for data from a third-party provider, Spoke for a system that works with Order Management.
    Fix: Make a source system of type Spoke for it.
    """
    # Systems with an order orchestration type, and targets of connectors.
    uses = _uses(setup)
    for path, record in setup.records("source_systems"):
        if record.get("type") != "Purchased":
            continue
        value = text(record, "code")
        types = [
            text(found.record, "order_orchestration_type")
            for table in ("planning_source_systems", "upstream_source_systems")
            for found in setup.by_key(table).get(value, ())
        ]
        if _PAGES["connectors"] in uses.get(value, ()) or any(types):
            does = "captures orders" if "Order Capture" in types else "fulfills orders"
            message = f"{quoted(value)} {does} and is of type Purchased"
            yield Flaw((*path, "type"), message, 'enter "Spoke"', enter="Spoke")


@check("S3-07", "info", "a source system that nothing uses", oracle_pages.INTEGRATE_SOURCES)
def unused(setup: Indexed) -> Iterator[Flaw]:
    """No other step names the source system.

    Why: A source system does nothing by itself. It may be left over, or its step may be missing.
    Fix: Enter it in step 4 or 4.1 and 5, or remove it.
    """
    # By the references that the fields of all steps make.
    used = {mention.name for mention in mentions(setup) if mention.reference.table == "source_systems"}
    for path, record in setup.records("source_systems"):
        value = text(record, "code")
        if value.strip() and value not in used:
            yield Flaw(path, f"no other step uses {quoted(value)}", "enter it in step 4 or 4.1, or remove it")
