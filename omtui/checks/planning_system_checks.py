"""S4: planning source systems (step 4), and upstream and fulfillment source systems (step 4.1)."""

from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.facts import news_26b
from omtui.checks.finding import Flaw
from omtui.checks.registry import check
from omtui.checks.routing_rules import Rules
from omtui.checks.wording import KnownNames, quoted
from omtui.setup.connectors import BUSINESS_EVENT
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, text
from omtui.setup.time_zones import PAGE_NAMES, iana_names

_PLANNING = "planning_source_systems"
_UPSTREAM = "upstream_source_systems"
_STEPS = {_PLANNING: "step 4", _UPSTREAM: "step 4.1"}
_CAPTURE = "Order Capture"


def _systems(setup: Indexed) -> Iterator[LocatedRecord]:
    """The records of both pages."""
    yield from setup.records(_PLANNING)
    yield from setup.records(_UPSTREAM)


def _records_of(setup: Indexed, code: str) -> list[LocatedRecord]:
    """The records of one code on both pages."""
    return [found for table in _STEPS for found in setup.by_key(table).get(code, ())]


def _shown(system: LocatedRecord) -> str:
    code = text(system.record, "code")
    return quoted(code) if code else "the system"


@check("S4-01", "error", "a system that step 3 does not know", oracle_pages.PLANNING_SOURCES)
def unknown_code(setup: Indexed) -> Iterator[Flaw]:
    """The code is not defined in step 3.

    Why: The page offers only codes that exist under Manage Trading Community Source Systems.
    Fix: Add the source system in step 3, or choose one of its codes.
    """
    known = setup.by_key("source_systems")
    names = KnownNames(known)
    for found in _systems(setup):
        code = text(found.record, "code")
        if code.strip() and code not in known:
            fix = names.offer(code, f"add {quoted(code)} in step 3")
            near = names.nearest(code)
            yield Flaw((*found.path, "code"), f"{quoted(code)} is not defined in step 3", fix, enter=near)


@check("S4-02", "error", "an External system that orchestrates orders", news_26b.PLANNING_SOURCES)
def external(setup: Indexed) -> Iterator[Flaw]:
    """Version is External, and the system has an order orchestration type.

    Why: External is not integrated with Product Information Management, Trading Community Model and Order Management.
    Systems that work with Order Management are Others.
    Fix: Choose Others.
    """
    for found in _systems(setup):
        kind = text(found.record, "order_orchestration_type")
        if found.record.get("version") == "External" and kind.strip():
            message = f"{_shown(found)} has the type {quoted(kind)} and the version External, which does not work with "
            yield Flaw((*found.path, "version"), message + "Order Management", 'enter "Others"', enter="Others")


@check("S4-03", "error", "no time zone, or one that is not known", news_26b.PLANNING_SOURCES, weakest="warning")
def time_zone(setup: Indexed) -> Iterator[Flaw]:
    """The system has no time zone. A time zone that is not known here is a warning: the list is not complete.

    Why: The page asks for it, and dates of orders and answers are read in it.
    Fix: Enter the name as the page shows it, such as US Eastern Time, or the IANA name.
    """
    destination = LocatedRecord(("destination_system",), setup.single("destination_system"))
    names: KnownNames | None = None
    for found in (*_systems(setup), destination):
        zone = text(found.record, "time_zone")
        here = (*found.path, "time_zone")
        if not zone.strip():
            if found is not destination:
                fix = 'enter the zone as the page shows it, for example "US Eastern Time"'
                yield Flaw(here, f"{_shown(found)} has no time zone", fix)
        elif zone not in PAGE_NAMES and zone not in iana_names():
            names = names or KnownNames((*PAGE_NAMES, *sorted(iana_names())))
            fix = names.offer(zone, "enter the name as the page shows it, or the IANA name")
            yield Flaw(here, f"the time zone {quoted(zone)} is not known", fix, "warning", enter=names.nearest(zone))


@check("S4-04", "error", "a system in use without an order orchestration type", oracle_pages.INTEGRATE_SOURCES)
def no_type(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """A connector or a routing rule uses the system, and neither step 4 nor 4.1 says whether it captures or fulfills
    orders.

    Why: The type is what enables a system for order orchestration.
    Fix: Choose Fulfillment for a system that gets requests, Order Capture for one that sends orders.
    """
    # Reported once for each code, at its first record.
    used = _used_systems(setup, rules)
    reported: set[str] = set()
    for found in _systems(setup):
        code = text(found.record, "code")
        if code not in used or code in reported:
            continue
        if not any(text(each.record, "order_orchestration_type").strip() for each in _records_of(setup, code)):
            reported.add(code)
            message = f"{used[code]} uses {quoted(code)}, which has no order orchestration type"
            fix = 'enter "Fulfillment" for a system that gets requests, "Order Capture" for one that sends orders'
            yield Flaw((*found.path, "order_orchestration_type"), message, fix)


def _used_systems(setup: Indexed, rules: Rules) -> dict[str, str]:
    """The systems that step 5 or step 7 uses, and by what."""
    used: dict[str, str] = {}
    for _, connector in setup.records("connectors"):
        if not is_predefined(connector):
            used.setdefault(text(connector, "target_system"), f"the connector {quoted(text(connector, 'name'))}")
    for rule, _, leaf in rules.comparisons:
        if text(leaf, "attribute") == "Source Order System":
            value = leaf.get("value")
            for code in value if isinstance(value, list) else [value]:
                used.setdefault(str(code), f"the routing rule {quoted(rule.name)}")
    used.pop("", None)  # what names no system uses none
    return used


@check("S4-05", "error", "requests go to a system that captures orders", oracle_pages.INTEGRATE_SOURCES)
def capture_fulfills(setup: Indexed) -> Iterator[Flaw]:
    """A connector that carries fulfillment requests has a target system of type Order Capture.

    Why: A system of type Order Capture sends orders; requests go to systems of type Fulfillment. A connector that only
    carries business events may notify a system that captures orders.
    Fix: Choose Fulfillment, or let the connector target the system that fulfills.
    """
    # Reported at the type of the system.
    for found in _systems(setup):
        if found.record.get("order_orchestration_type") != _CAPTURE:
            continue
        for _, connector in setup.by("connectors", "target_system").get(text(found.record, "code"), ()):
            mode = text(connector, "invocation_mode")
            if mode and mode != BUSINESS_EVENT and not is_predefined(connector):
                name = quoted(text(connector, "name"))
                message = f"the connector {name} sends requests to {_shown(found)}, which is of type Order Capture"
                fix = 'enter "Fulfillment", or give the connector another target system'
                here = (*found.path, "order_orchestration_type")
                yield Flaw(here, message, fix, enter="Fulfillment", chooses=True)
                break


@check("S4-06", "warning", "cross-referencing without collected data", oracle_pages.CROSS_REFERENCES)
def not_collected(setup: Indexed) -> Iterator[Flaw]:
    """Cross-referencing is on, and no data collection is noted.

    Why: Values are looked up in what was collected. Without a cross-reference an order fails at submit, and a request
    ends in error.
    Fix: Run the collection, then note its day under collected_on; or switch cross-referencing off.
    """
    # A day noted on either page serves both.
    for found in _systems(setup):
        if flag(found.record, "data_cross_reference"):
            code = text(found.record, "code")
            if not any(each.record.get("collected_on") for each in (found, *_records_of(setup, code))):
                message = f"cross-referencing is on for {_shown(found)}, and no data collection is noted"
                fix = "note the day of the collection, or set data_cross_reference = false"
                yield Flaw((*found.path, "collected_on"), message, fix)


@check("S4-07", "warning", "a rule resolves cross-references that are off", oracle_pages.ROUTING_ACTIONS)
def resolves_in_vain(setup: Indexed, rules: Rules) -> Iterator[Flaw]:
    """A routing rule sets Resolve Cross-Reference for Customer to Yes for a connector whose target system has
    cross-referencing off.

    Why: The rule asks Order Management to replace customers by cross-references that the system does not keep.
    Fix: Enter No in the rule, or switch cross-referencing on in steps 4 and 4.1.
    """
    for branch in rules.branches:
        resolving = [
            action
            for action in branch.actions
            if text(action.record, "action") == "Resolve Cross-Reference for Customer"
            and action.record.get("value") == "Yes"
        ]
        if not resolving:
            continue
        for _, name in branch.connectors:
            for system in _off(setup, name):
                message = f"{quoted(name)} goes to {quoted(system)}, whose cross-referencing is off"
                fix = f'enter "No", or set data_cross_reference = true for {quoted(system)}'
                yield Flaw((*resolving[0].path, "value"), message, fix, enter="No", chooses=True)


def _off(setup: Indexed, connector: str) -> Iterator[str]:
    """The target system of a connector, when it is described and its cross-referencing is off."""
    for found in setup.by_key("connectors").get(connector, ())[:1]:
        code = text(found.record, "target_system")
        records = _records_of(setup, code)
        if records and not any(flag(each.record, "data_cross_reference") for each in records):
            yield code


@check("S4-08", "error", "Collections Allowed is off", oracle_pages.PLANNING_SOURCES)
def collections_off(setup: Indexed) -> Iterator[Flaw]:
    """Collections Allowed is switched off for the system.

    Why: Oracle asks to make sure that the check box is enabled; collections and orchestration rest on it.
    Fix: Check Collections Allowed.
    """
    for found in _systems(setup):
        if found.record.get("collections_allowed") is False:
            message = f"Collections Allowed is off for {_shown(found)}"
            yield Flaw((*found.path, "collections_allowed"), message, "set collections_allowed = true", enter=True)


@check("S4-09", "warning", "the two pages disagree", oracle_pages.ONE_RECORD)
def pages_disagree(setup: Indexed) -> Iterator[Flaw]:
    """The same code has different values in step 4 and in step 4.1.

    Why: Both pages seem to write one record: what is saved last wins.
    Fix: Enter the same values on both pages.
    """
    # Each field that is given on both pages. Reported in step 4.1. Two names of one time zone are no difference.
    planning = setup.by_key(_PLANNING)
    for found in setup.records(_UPSTREAM):
        code = text(found.record, "code")
        for _, other in planning.get(code, ())[:1]:
            for field in _COMPARED:
                mine, theirs = found.record.get(field), other.get(field)
                if mine is None or theirs is None or _zone(field, mine) == _zone(field, theirs):
                    continue
                message = f"{field} of {quoted(code)} is {_word(mine)} here and {_word(theirs)} in step 4"
                fix = f"enter {_word(theirs)}, or change step 4"
                yield Flaw((*found.path, field), message, fix, enter=theirs, chooses=True)


_COMPARED = ("time_zone", "version", "order_orchestration_type", "data_cross_reference", "collections_allowed")


def _zone(field: str, value: object) -> object:
    return PAGE_NAMES.get(str(value), value) if field == "time_zone" else value


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else quoted(value)
