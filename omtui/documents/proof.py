"""The end of the walk-through: what to release, deploy and publish, and how to prove that it all works."""

from collections.abc import Iterator

from omtui.documents.lines import TodoLine
from omtui.setup.indexed import Indexed, flag, is_predefined, rows, text, texts
from omtui.setup.place import Path
from omtui.setup.routing import SET_CONNECTOR
from omtui.setup.table import Record
from omtui.setup.trigger_points import HEADER_STATUS, HOLD, JEOPARDY, LINE_STATUS
from omtui.setup.wording import condition_words


def deploy_items(setup: Indexed) -> list[tuple[Path, TodoLine]]:
    """Releases, deployments, collections and publications, in their order.

    Each with the record or the table that it is about.
    """
    return list(_deploy(setup))


def proof_items(setup: Indexed) -> list[tuple[Path, TodoLine]]:
    """What to try, from the reachability of the endpoints to the last event."""
    return list(_proof(setup))


def _deploy(setup: Indexed) -> Iterator[tuple[Path, TodoLine]]:
    for table in ("planning_source_systems", "upstream_source_systems"):
        for path, record in setup.records(table):
            if flag(record, "data_cross_reference"):
                yield (
                    path,
                    TodoLine(f"Collect the planning data of {text(record, 'code')}: its values are cross-referenced"),
                )
    for path, record in setup.records("orchestration_processes"):
        if not is_predefined(record):
            name = text(record, "name") or "the orchestration process"
            yield path, TodoLine(f"{name}: Actions > Release, and fix what the validation reports")
            yield path, TodoLine(f"{name}: Actions > Deploy")
    rules = [found for found in setup.records("routing_rules") if not is_predefined(found.record)]
    for path, record in rules:
        if flag(record, "active"):
            yield path, TodoLine(f"{text(record, 'name')}: the rule is active")
        else:
            yield path, TodoLine(f"{text(record, 'name')}: the rule stays inactive, on purpose")
    if rules:
        yield ("routing_rules",), TodoLine("Publish the routing rules: click Publish on their page")


def _proof(setup: Indexed) -> Iterator[tuple[Path, TodoLine]]:
    if setup.name:
        yield (), TodoLine("All endpoints answer as expected", f"omtui probe {setup.name}")
    for path, user in setup.records("integration_users"):
        name, system = text(user, "user_name"), text(user, "system")
        called = f"{name or 'the user'}{f' for {system}' if system else ''}"
        match text(user, "direction"):
            case "upstream" | "both":
                yield path, TodoLine(f"Import an order as {called}: it appears in the work area")
    for path, rule in setup.records("routing_rules"):
        if not is_predefined(rule) and flag(rule, "active"):
            yield from ((path, line) for line in _of_rule(setup, rule))
    for path, process in setup.records("orchestration_processes"):
        if not is_predefined(process):
            yield from ((path, line) for line in _of_process(process))
    for path, point in setup.records("trigger_points"):
        if flag(point, "active"):
            yield from ((path, line) for line in _of_trigger_point(setup, point))
    for path, listener in setup.records("event_subscriptions"):
        yield path, TodoLine(f"{text(listener, 'name')} hears {text(listener, 'event')} when an order changes")


def _of_rule(setup: Indexed, rule: Record) -> Iterator[TodoLine]:
    when = condition_words(rule.get("when")) or "any request"
    for action in rows(rule, "then"):
        if text(action, "action") == SET_CONNECTOR:
            connector = text(action, "value")
            yield TodoLine(f"A request with {when} reaches {connector}{_address(setup, connector)}")


def _of_process(process: Record) -> Iterator[TodoLine]:
    name = text(process, "name") or "the process"
    if text(process, "assignment"):
        yield TodoLine(f"A line with {text(process, 'assignment')} gets the process {name}")
    for step in rows(process, "steps"):
        if flag(step, "wait"):
            status = text(step, "exit_criteria") or "the status that completes it"
            yield TodoLine(f"{name}: the step {text(step, 'name')} goes on when the answer says {status}")


def _of_trigger_point(setup: Indexed, point: Record) -> Iterator[TodoLine]:
    name = text(point, "name")
    to = ", ".join(f"{each}{_address(setup, each)}" for each in texts(point, "connectors"))
    if flag(point, "integration_cloud"):
        to = f"{to} and the subscribers in Integration Cloud" if to else "the subscribers in Integration Cloud"
    hears = f"the event reaches {to}" if to else "the event is raised"
    details = [detail for detail in rows(point, "details") if flag(detail, "raise_event")]
    if not details:
        yield TodoLine(f"{name}: {hears}")
    for detail in details:
        value = text(detail, "value")
        what = {
            JEOPARDY: f"the jeopardy priority becomes {value}",
            HEADER_STATUS: f"an order becomes {value}",
            LINE_STATUS: f"a line becomes {value}",
            HOLD: "a hold is applied",
        }.get(name, f"{value} changes")
        mail = ", and the e-mail goes out" if flag(detail, "send_email") else ""
        yield TodoLine(f"{name}: when {what}, {hears}{mail}")


def _address(setup: Indexed, connector: str) -> str:
    found = setup.by_key("connectors").get(connector)
    url = text(found[0].record, "url") if found else ""
    return f" ({url})" if url else ""
