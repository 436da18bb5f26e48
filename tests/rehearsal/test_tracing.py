"""A line through its process: what each step says, and each kind of gap where the set-up has it."""

import csv
import io
import tomllib
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from omtui.problem import Wrong
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.rehearsal.tracing import ReviewedEndpoint, Trace, TraceStep, find_line, trace
from omtui.setup.indexed import Indexed

SAMPLE = tomllib.loads((Path(__file__).parents[2] / "profiles" / "vision-dev.toml").read_text())
LINE = {
    "OrderNumber": "1001",
    "LineNumber": "1",
    "Process Name": "Vision_Pick_Process",
    "Item": "CM5008",
    "Ordered Quantity": "1200",
    "Destination Shipping Organization": "V1",
    "Business Unit": "Vision Operations",
    "Requested Ship Date": "2027-01-15",
}


def traced(
    data: dict[str, Any] = SAMPLE,
    *lines: dict[str, str],
    order: str = "1001",
    line: str = "",
    process: str = "",
    endpoints: dict[str, ReviewedEndpoint] | None = None,
) -> Trace | Wrong:
    rows = lines or (LINE,)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    orders = read_orders("orders.csv", lambda: io.BytesIO(content), len(content))
    assert not isinstance(orders, Wrong)
    run = Rehearsal(Rehearsed(Indexed(data), datetime(2026, 12, 1, tzinfo=UTC), UTC), orders)
    found = find_line(run, order, line)
    return found if isinstance(found, Wrong) else trace(run, found, "dev", process=process, endpoints=endpoints)


def steps(found: Trace | Wrong) -> dict[object, TraceStep]:
    assert isinstance(found, Trace), found
    return {each.number or each.kind: each for each in found.steps}


def changed(table: str, key: str, /, **fields: object) -> dict[str, Any]:
    """The sample with a record changed; a field that is `None` is taken away."""
    data = deepcopy(SAMPLE)
    for record in data[table]:
        if key in record.values():
            record.update(fields)
            for name in [name for name, value in fields.items() if value is None]:
                del record[name]
    return data


def with_step(number: int, **fields: object) -> dict[str, Any]:
    data = deepcopy(SAMPLE)
    next(each for each in data["orchestration_processes"][0]["steps"] if each["number"] == number).update(fields)
    return data


def test_the_sample_goes_through_without_a_gap() -> None:
    found = traced()
    assert isinstance(found, Trace)
    assert (found.process, found.ships, found.gaps) == ("Vision_Pick_Process", date(2027, 1, 15), 0)
    way = steps(found)
    assert list(way) == ["start", *range(100, 1400, 100), "end"]
    call, wait = way[400], way[500]
    assert (call.kind, call.depth, call.branch) == ("call", 1, "if Ordered quantity is below 100")
    assert (call.connector, call.to) == ("Connector01", "Connector01, Pick system (CSS01), Asynchronous Service")
    assert call.because.startswith("Route picks: ")
    assert "Ordered Quantity 1200" in call.because
    assert (wait.waits_for, wait.ends_with) == ("Pick_From_Ravi_Inbound", "PICKED")
    assert wait.answer is not None
    assert (wait.answer.operation, wait.answer.user) == ("processFulfillmentResponse", "DEV_WMS")
    assert way[100].to == "Oracle's own routing"
    assert way[1100].answer_words == "Oracle's own system answers"
    assert [(each.trigger_point, each.value) for each in way[1100].events] == [
        ("Fulfillment Line Status Update", "SHIPPED")
    ]
    assert [each.trigger_point for each in way["start"].events] == ["Order Header Status Update"]
    assert [each.value for each in way["end"].events] == ["CLOSED", "Closed"]
    assert way[700].branch == "otherwise"


def test_a_line_of_the_other_warehouse_is_answered_by_its_system() -> None:
    line = {**LINE, "Destination Shipping Organization": "V3", "Ordered Quantity": "20"}
    way = steps(traced(SAMPLE, line))
    assert way[400].connector == "Connector3PL"
    assert way[500].answer is not None
    assert way[500].answer.user == "DEV_3PL"


GAPS: list[tuple[str, dict[str, Any], dict[str, str], object, str]] = [
    ("no rule", SAMPLE, {"Item": "cm5008"}, 1200, "no connector: no rule is true for the line; the nearest is Route"),
    ("not a number", SAMPLE, {"Ordered Quantity": "12,5"}, 400, "no connector that is sure"),
    (
        "two rules",
        {**SAMPLE, "routing_rules": [*SAMPLE["routing_rules"], {
            **SAMPLE["routing_rules"][1], "name": "Too", "then": [{"action": "Set Connector Name", "value": "Other"}],
        }]},
        {}, 600, "no connector: rules for LabelConnector, Other are true, and Oracle names no winner",
    ),
    ("no such connector", changed("connectors", "LabelConnector", name="X"), {}, 600, "LabelConnector is not in step"),
    ("nobody calls", {**SAMPLE, "services": []}, {}, 500, "nobody answers: no user of Pick system (CSS01) calls"),
    (
        "only acknowledged",
        changed("services", "OrderFulfillmentResponseService", operations=["processAcknowledgement"]),
        {}, 500, "nobody answers: OrderFulfillmentResponseService, operation processAcknowledgement, as DEV_WMS brings",
    ),
    ("no exit criteria", with_step(500, exit_criteria=""), {}, 500, "the wait names no exit criteria"),
    ("not complete", with_step(500, exit_criteria="PICKING"), {}, 500,
     "PICKING is not marked complete for Pick_From_Ravi; complete are PICKED, SHORT"),
    ("nobody asks", with_step(400, type="Merge"), {}, 500, "no earlier step asks for Pick_From_Ravi"),
    ("nobody waits", with_step(500, wait=False), {}, 400, "nobody waits for the answer"),
    ("certificate", SAMPLE, {"Requested Ship Date": "2035-03-02"}, 400,
     "the certificate pick-system-dev of Connector01 ends on 2035-03-01, before the line ships on 2035-03-02"),
    ("credential", SAMPLE, {"Requested Ship Date": "2035-02-01"}, 600, "credential dev-pick of LabelConnector ends"),
    ("a moment", changed("credentials", "dev-pick", expires_on=datetime(2026, 1, 1, tzinfo=UTC)),
     {"Requested Ship Date": ""}, 400, "ends on 2026-01-01, before 2026-12-01"),
    ("an event's connector", SAMPLE, {"Requested Ship Date": "2035-02-01"}, "end", "dev-pick of EventConnector"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "cells", "at", "words"), [each[1:] for each in GAPS], ids=[each[0] for each in GAPS])
def test_a_gap_is_where_it_is(data: dict[str, Any], cells: dict[str, str], at: object, words: str) -> None:
    way = steps(traced(data, {**LINE, **cells}))
    assert any(words in gap for gap in way[at].gaps), way[at].gaps


def test_the_last_day_of_a_certificate_is_no_gap_nor_is_its_end_when_the_order_comes() -> None:
    assert steps(traced(SAMPLE, {**LINE, "Requested Ship Date": "2035-01-31"}))[400].gaps == ()
    late = steps(traced(SAMPLE, {**LINE, "Requested Ship Date": "2036-01-01"}))
    assert late["end"].gaps
    assert late["start"].gaps == ()


def test_a_wait_in_another_branch_is_no_wait() -> None:
    assert "nobody waits" in steps(traced(with_step(800, wait=False)))[700].gaps[0]


def test_what_the_last_review_found() -> None:
    failed = ReviewedEndpoint(False, "refused", date(2026, 11, 30))
    short = ReviewedEndpoint(True, "ok", date(2026, 11, 30), date(2027, 1, 14))
    way = steps(traced(endpoints={"Connector01": failed, "LabelConnector": short}))
    assert way[400].gaps == ("the endpoint of Connector01 failed the review of 2026-11-30: refused",)
    assert way[600].gaps == (
        "the endpoint's certificate of LabelConnector ends on 2027-01-14, before the line ships on 2027-01-15",
    )


def test_the_line_is_found_among_others() -> None:
    lines = [LINE, {**LINE, "OrderNumber": "1002"}, {**LINE, "LineNumber": "2", "Item": "AS"}]
    found = traced(SAMPLE, *lines)
    assert isinstance(found, Trace)
    assert (found.line.line, found.line.lines) == ("1", ("1", "2"))
    other = traced(SAMPLE, *lines, line="2")
    assert isinstance(other, Trace)
    assert "AS" in other.line.row


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"order": "9"}, "there is no order 9 in orders.csv; it has 1001"),
    ({"line": "9"}, "order 1001 has no line 9; it has 1"),
    ({"process": "vision_pick_process"}, "did you mean Vision_Pick_Process?"),
    ({"process": "ShipOrderGenericProcess"}, "the profile notes no steps of ShipOrderGenericProcess"),
]


@pytest.mark.parametrize(("asked", "words"), WRONG)
def test_what_cannot_be_traced(asked: dict[str, Any], words: str) -> None:
    found = traced(SAMPLE, **asked)
    assert isinstance(found, Wrong)
    assert words in str(found)


def test_a_line_without_a_process_or_an_order() -> None:
    nameless = {name: value for name, value in LINE.items() if name != "Process Name"}
    found = traced(SAMPLE, nameless)
    assert isinstance(found, Wrong)
    assert "--process" in found.fix
    assert isinstance(traced(SAMPLE, nameless, process="Vision_Pick_Process"), Trace)
    assert "which order" in str(traced(SAMPLE, {"Item": "CM5008", "Ordered Quantity": "1"}))
