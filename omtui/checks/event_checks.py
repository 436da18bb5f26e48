"""S8: business event trigger points (steps 8 and 9), and the scores behind Jeopardy."""

from collections.abc import Iterator

from omtui.checks import oracle_pages
from omtui.checks.facts import news_26c
from omtui.checks.finding import Flaw, Level
from omtui.checks.registry import check, level_on
from omtui.checks.wording import KnownNames, listed, quoted
from omtui.setup.connectors import BUSINESS_EVENT
from omtui.setup.did_you_mean import folded
from omtui.setup.hosts import host_of, is_integration_cloud
from omtui.setup.indexed import Indexed, LocatedRecord, flag, is_predefined, rows, text, texts
from omtui.setup.release import Release
from omtui.setup.table import Record
from omtui.setup.trigger_points import (
    ATTRIBUTE_UPDATE,
    HEADER_STATUS,
    HEADER_STATUSES,
    HOLD,
    JEOPARDY,
    JEOPARDY_PRIORITIES,
    LINE_STATUS,
    ORDER_ATTRIBUTES,
    RELEASE_HOLD,
    TRIGGER_POINT_NAMES,
    WITH_DETAILS,
)
from omtui.store.change import MISSING, Remove, Set

_MOST_ATTRIBUTES = 10
_26C = Release(26, "C")
"""From this release on Jeopardy is no event any more, and Release Hold is one."""
_CALLED_OTHERWISE = {
    "fulfillmentlineshipmentupdate": LINE_STATUS,
    "fulfillmentlineshipment": LINE_STATUS,
    "holdapplied": HOLD,
    "splitorderline": "Split",
    "holdreleased": RELEASE_HOLD,
}
"""Other words for trigger points: of the source text, and of the readiness notes of 26C."""


def _trigger_points(setup: Indexed) -> Iterator[tuple[LocatedRecord, str]]:
    """All trigger points, with their names."""
    for found in setup.records("trigger_points"):
        yield found, text(found.record, "name")


def _raising(trigger: Record) -> list[Record]:
    """The details that raise the event."""
    return [detail for detail in rows(trigger, "details") if flag(detail, "raise_event")]


def _is_ticked_by_value(trigger: Record) -> bool:
    """Whether only ticked values raise the event; for the others `active` does."""
    return text(trigger, "name") in WITH_DETAILS


def _is_raised(trigger: Record) -> bool:
    """Whether the event is ever raised."""
    return flag(trigger, "active") and (bool(_raising(trigger)) or not _is_ticked_by_value(trigger))


@check("S8-01", "error", "an associated connector that cannot hear events", oracle_pages.SEND_NOTIFICATIONS)
def connector(setup: Indexed) -> Iterator[Flaw]:
    """The connector is not in step 5, or its invocation mode is not Business Event.

    Why: The page offers connectors of mode Business Event only. Order Management calls them with another message than a
    fulfillment request.
    Fix: Enter the name of a connector of step 5 as it is there, or set its invocation mode to Business Event.
    """
    known = setup.by_key("connectors")
    names: KnownNames | None = None
    for found, name in _trigger_points(setup):
        for number, connector in enumerate(texts(found.record, "connectors")):
            here = (*found.path, "connectors", number)
            if connector not in known:
                names = names or KnownNames(known)
                message = f"{quoted(name)} names the connector {quoted(connector)}, which is not in step 5"
                fix = names.offer(connector, "add the connector in step 5")
                near = names.nearest(connector)
                fits = near and text(known[near][0].record, "invocation_mode") == BUSINESS_EVENT
                yield Flaw(here, message, fix, enter=near if fits else None)
                continue
            record = known[connector][0].record
            mode = text(record, "invocation_mode")
            if mode != BUSINESS_EVENT and not is_predefined(record):
                said = f"is of mode {quoted(mode)}" if mode else "has no invocation mode"
                message = f"{quoted(name)} names the connector {quoted(connector)}, which {said}"
                fix = f"choose a connector of mode {BUSINESS_EVENT}, or set the mode of {quoted(connector)} to it"
                yield Flaw(here, message, fix)


@check("S8-02", "warning", "active, and never raised", oracle_pages.EMAIL)
def never_raised(setup: Indexed) -> Iterator[Flaw]:
    """The trigger point is active, and none of its values raises the event.

    Why: Active is only the master switch: each value has a box of its own, Raise Event.
    Fix: Check Raise Event for the values that should be reported.
    """
    # Jeopardy, header statuses and attributes.
    for found, name in _trigger_points(setup):
        if flag(found.record, "active") and _is_ticked_by_value(found.record) and not _raising(found.record):
            fix = "add a value with raise_event = true"
            if details := rows(found.record, "details"):
                fix = f"set raise_event = true, for example for {quoted(text(details[0], 'value'))}"
            yield Flaw((*found.path, "details"), f"{quoted(name)} is active, and no value raises the event", fix)


@check("S8-03", "warning", "values are ticked, and the trigger point is not active", oracle_pages.EMAIL)
def ticked_and_not_active(setup: Indexed) -> Iterator[Flaw]:
    """Values raise the event or send an e-mail, but the trigger point itself is switched off.

    Why: Without Active no value does anything.
    Fix: Set active = true, or untick the values.
    """
    for found, name in _trigger_points(setup):
        if flag(found.record, "active"):
            continue
        ticked = [
            text(detail, "value")
            for detail in rows(found.record, "details")
            if flag(detail, "raise_event") or flag(detail, "send_email")
        ]
        if ticked:
            message = f"{quoted(name)} is not active, and values are ticked: {listed(ticked)}"
            fix = "set active = true, or untick the values"
            yield Flaw((*found.path, "active"), message, fix, enter=True, chooses=True)


@check("S8-04", "error", "an e-mail without its event", oracle_pages.EMAIL)
def email_without_event(setup: Indexed) -> Iterator[Flaw]:
    """Send Email Notification is checked for a value that does not raise the event.

    Why: E-mails go out only when the event itself is raised.
    Fix: Check Raise Event as well.
    """
    # Where values raise the event; for the other trigger points `active` does.
    for found, name in _trigger_points(setup):
        if not _is_ticked_by_value(found.record):
            continue
        for path, detail in setup.within(found, "details"):
            if flag(detail, "send_email") and not flag(detail, "raise_event"):
                message = f"{quoted(text(detail, 'value'))} of {quoted(name)} sends an e-mail and raises no event"
                fix = "set raise_event = true: without it no e-mail goes out"
                raised = Set((*path, "raise_event"), detail.get("raise_event", MISSING), True)
                yield Flaw((*path, "send_email"), message, fix, operations=(raised,))


@check("S8-05", "warning", "line statuses, and none is marked", oracle_pages.NOTIFICATIONS)
def no_status_marked(setup: Indexed) -> Iterator[Flaw]:
    """Fulfillment Line Status Update is active, and no status rule set marks a status Notify External System.

    Why: Which statuses are reported is chosen in the status rule set of the orchestration process, not on this page.
    Fix: Mark the statuses in the status rule set of the process, for example SHIPPED, and release it again.
    """
    # Also the short form in the process counts.
    marked = any(flag(found.record, "notify_external_system") for found in setup.records("status_rule_sets.statuses"))
    if marked or any(
        texts(found.record, "notify_external_system") for found in setup.records("orchestration_processes")
    ):
        return
    for found, name in _trigger_points(setup):
        if name == LINE_STATUS and flag(found.record, "active"):
            message = f"{quoted(name)} is active, and no status rule set marks a status Notify External System"
            fix = "set notify_external_system = true for a status of the status rule set, for example SHIPPED"
            yield Flaw(found.path, message, fix)


@check("S8-14", "warning", "line statuses are marked where no process reads them", oracle_pages.NOTIFICATIONS)
def marked_set_unused(setup: Indexed) -> Iterator[Flaw]:
    """Fulfillment Line Status Update is active, and no process uses a status rule set that marks a status Notify
    External System.

    Why: The status rule set counts through the process that names it. One that none names reports nothing.
    Fix: Name the status rule set in the process, under Status Rule Set.
    """
    # A process that is obsolete uses none. Where nothing is marked at all, S8-05 reports it.
    processes = [
        found.record for found in setup.records("orchestration_processes") if found.record.get("status") != "Obsolete"
    ]
    used = {text(process, "status_rule_set") for process in processes}
    marked = [
        text(found.record, "name")
        for found in setup.records("status_rule_sets")
        if any(flag(status, "notify_external_system") for status in rows(found.record, "statuses"))
    ]
    if not marked or used.intersection(marked) or any(texts(each, "notify_external_system") for each in processes):
        return
    for found, name in _trigger_points(setup):
        if name == LINE_STATUS and flag(found.record, "active"):
            message = f"{quoted(name)} is active, and no process uses the status rule set {listed(marked, 'or')}"
            fix = f"set status_rule_set = {quoted(marked[0])} in the process"
            own = setup.records("orchestration_processes")
            name_it = [Set((*each.path, "status_rule_set"), MISSING, marked[0]) for each in own]
            only = name_it if len(own) == 1 and "status_rule_set" not in own[0].record else []
            yield Flaw(found.path, message, fix, operations=(*only,), chooses=len(marked) > 1)


@check("S8-06", "error", "Jeopardy is not supported any more", news_26c.JEOPARDY_GONE, since="26C", before="info")
def jeopardy(setup: Indexed) -> Iterator[Flaw]:
    """The Jeopardy event is active. From 26C it is no longer supported and cannot be enabled.

    Why: The path is closing: what relies on the event hears nothing after the update to 26C.
    Fix: Before the update, let the channel system hear Order Header Status Update or Order Attribute Update; then
    switch Jeopardy off.
    """
    for found, name in _trigger_points(setup):
        if name == JEOPARDY and flag(found.record, "active"):
            gone = setup.release is None or setup.release >= _26C
            when = "is not supported from 26C on" if gone else f"works on {setup.release}, and no longer from 26C on"
            fix = "set active = false, and report the delay by another event, for example Order Attribute Update"
            yield Flaw((*found.path, "active"), f"the event {quoted(name)} {when}", fix, enter=False)


@check("S8-07", "warning", "raised, and nobody listens", oracle_pages.BUSINESS_EVENTS)
def nobody_listens(setup: Indexed) -> Iterator[Flaw]:
    """The event is raised, and neither a connector nor a subscription of Integration Cloud is noted.

    Why: An event that no system hears is work for nothing. E-mails need no listener: where only they are wanted, accept
    the finding.
    Fix: Associate a connector, or note the subscription: integration_cloud = true, or a record of event_subscriptions.
    """
    # A subscription of the flow counts once the trigger point notes that it is heard there.
    subscriptions = setup.records("event_subscriptions")
    for found, name in _trigger_points(setup):
        record = found.record
        if not _is_raised(record) or texts(record, "connectors") or flag(record, "integration_cloud"):
            continue
        if name not in TRIGGER_POINT_NAMES:  # S8-13 reports it
            continue
        sending = _raising(record) if _is_ticked_by_value(record) else rows(record, "details")
        mails = any(flag(detail, "send_email") for detail in sending)
        but = ": only e-mails go out" if mails else ""
        message = f"{quoted(name)} is raised, and no connector and no subscription is noted{but}"
        fix = "enter a connector of mode Business Event, or set integration_cloud = true"
        if subscriptions:
            fix += f" if the subscription {quoted(text(subscriptions[0].record, 'name'))} hears it"
        yield Flaw((*found.path, "connectors"), message, fix)


@check("S8-08", "error", "connectors where the page hides them", news_26c.ASSOCIATION, weakest="warning")
def association_hidden(setup: Indexed) -> Iterator[Flaw]:
    """Connectors are associated, and the pod is noted as hiding the association (a warning from 26C when that is not
    noted).

    Why: From 26C the page hides the association in every environment in which no event has a connector yet. A test pod
    can show it while production does not.
    Fix: Subscribe in Integration Cloud instead. Where the page does show connectors, note pod.connector_association =
    "shown".
    """
    noted = text(setup.single("pod"), "connector_association")
    level: Level | None = "error" if noted == "hidden" else None
    if not noted:
        level = level_on(setup.release, _26C, "warning")
    if level is None:
        return
    for found, name in _trigger_points(setup):
        if not texts(found.record, "connectors"):
            continue
        if noted:
            message = f"{quoted(name)} has connectors, and the page of this pod hides them"
            fix = "subscribe in Integration Cloud, set integration_cloud = true, and remove the connectors"
        else:
            message = f"{quoted(name)} has connectors, which the page may hide from 26C on"
            fix = 'look at the page of this pod, and note pod.connector_association = "shown" or "hidden"'
        yield Flaw((*found.path, "connectors"), message, fix, level)


@check("S8-09", "warning", "many attributes are watched", oracle_pages.BUSINESS_EVENTS)
def many_attributes(setup: Indexed) -> Iterator[Flaw]:
    """Order Attribute Update raises the event for more than 10 attributes.

    Why: Every change of each of them is a message. Oracle advises not to enable attribute events unless they are
    required.
    Fix: Untick the attributes that no consumer reads.
    """
    for found, name in _trigger_points(setup):
        count = len(_raising(found.record))
        if name == ATTRIBUTE_UPDATE and count > _MOST_ATTRIBUTES:
            message = f"{quoted(name)} raises the event for {count} attributes"
            yield Flaw((*found.path, "details"), message, f"keep those that are needed, at most {_MOST_ATTRIBUTES}")


@check("S8-10", "info", "a hold is reported, its release is not", news_26c.RELEASE_HOLD)
def hold_without_release(setup: Indexed) -> Iterator[Flaw]:
    """Hold is active. It is raised when a hold is applied; its release is another event from 26C, Release Hold.

    Why: A consumer that stops on a hold and waits for the release waits for ever.
    Fix: From 26C activate Release Hold as well. Before, warn the consumer that no release is sent.
    """
    # Not when Release Hold is active too.
    active = {name: found for found, name in _trigger_points(setup) if flag(found.record, "active")}
    if HOLD in active and RELEASE_HOLD not in active:
        there = _has_release_hold(setup.release)
        fix = "activate Release Hold as well" if there else "warn the consumer: Release Hold comes with 26C"
        message = f"{quoted(HOLD)} is raised when a hold is applied, not when it is released"
        yield Flaw((*active[HOLD].path, "active"), message, fix)


@check("S8-11", "warning", "one system hears twice", oracle_pages.BUSINESS_EVENTS)
def heard_twice(setup: Indexed) -> Iterator[Flaw]:
    """A system gets the event through a connector and through Integration Cloud.

    Why: Both channels deliver every event, so the system gets everything twice.
    Fix: Keep one: remove the connector from the trigger point, or end the subscription.
    """
    # By the target system of the connector and the system of the subscription, or by the connector's URL.
    subscribed = {text(found.record, "system") for found in setup.records("event_subscriptions")}
    connectors = setup.by_key("connectors")
    for found, name in _trigger_points(setup):
        record = found.record
        cloud = flag(record, "integration_cloud") or bool(subscribed)
        if not cloud or not _is_raised(record):
            continue
        for number, connector in enumerate(texts(record, "connectors")):
            for named in connectors.get(connector, ())[:1]:
                system, url = text(named.record, "target_system"), text(named.record, "url")
                if system and system in subscribed:
                    who = f"the system {quoted(system)}"
                elif is_integration_cloud(host_of(url)):
                    who = "Integration Cloud"
                elif flag(record, "integration_cloud") and not subscribed - {""}:
                    who = f"the system {quoted(system)}, if Integration Cloud passes it on to it,"
                else:
                    continue
                message = f"{who} hears {quoted(name)} through {quoted(connector)} and through Integration Cloud"
                fix = f"remove {quoted(connector)} here, or end the subscription"
                remove = Remove((*found.path, "connectors"), number, connector)
                here = (*found.path, "connectors", number)
                yield Flaw(here, message, fix, operations=(remove,), chooses=True)


@check(
    "S8-13",
    "error",
    "a trigger point or value that does not exist",
    oracle_pages.NOTIFICATIONS,
    news_26c.RELEASE_HOLD,
    weakest="info",
)
def unknown_name(setup: Indexed) -> Iterator[Flaw]:
    """The page has no such trigger point, or Jeopardy no such priority; or Release Hold is used before 26C. Header
    statuses and attributes that are not known are reported for information: customers add their own.

    Why: The rows of the page are fixed and none can be added.
    Fix: Enter the name as the page shows it. What is called Fulfillment Line Shipment Update elsewhere is Fulfillment
    Line Status Update, with the status marked in the status rule set.
    """
    names = KnownNames(TRIGGER_POINT_NAMES)
    for found, name in _trigger_points(setup):
        here = (*found.path, "name")
        if name == RELEASE_HOLD and not _has_release_hold(setup.release):
            message = f"{quoted(name)} comes with 26C, and the pod is on {setup.release}"
            yield Flaw(here, message, "remove it until the pod is updated")
        elif name.strip() and name not in TRIGGER_POINT_NAMES:
            suggestion = _CALLED_OTHERWISE.get(folded(name)) or names.nearest(name)
            message = f"there is no trigger point {quoted(name)}"
            yield Flaw(
                here,
                message,
                f"enter {quoted(suggestion)}" if suggestion else f"enter {listed(TRIGGER_POINT_NAMES, 'or', 12)}",
                enter=None if suggestion in setup.by_key("trigger_points") else suggestion,
            )
        yield from _unknown_values(setup, found, name)


def _unknown_values(setup: Indexed, trigger: LocatedRecord, name: str) -> Iterator[Flaw]:
    """Values of Jeopardy are a closed list; header statuses and attributes are not."""
    known = {JEOPARDY: JEOPARDY_PRIORITIES, HEADER_STATUS: HEADER_STATUSES, ATTRIBUTE_UPDATE: ORDER_ATTRIBUTES}.get(
        name
    )
    if known is None:
        return
    names, spelled_otherwise = KnownNames(known), {folded(each) for each in known}
    for path, detail in setup.within(trigger, "details"):
        value = text(detail, "value")
        if not value.strip() or value in known:
            continue
        here = (*path, "value")
        near = names.nearest(value)
        near = None if near in {text(each, "value") for each in rows(trigger.record, "details")} else near
        if name == JEOPARDY:
            if value.upper() not in known:
                fix = f"enter {listed(known, 'or')}"
                yield Flaw(here, f"Jeopardy has no priority {quoted(value)}", fix, enter=near)
        elif name == HEADER_STATUS or folded(value) not in spelled_otherwise:
            noun = "header status" if name == HEADER_STATUS else "attribute"
            fix = names.offer(value, "leave it, if the page of this pod shows it so")
            yield Flaw(
                here,
                f"the {noun} {quoted(value)} is not among those known here",
                fix,
                "info",
                enter=near,
            )


def _has_release_hold(release: Release | None) -> bool:
    return release is None or release >= _26C
