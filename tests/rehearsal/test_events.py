"""Events: every trigger point, raised and for each reason not raised."""

import io
import json

import pytest

from omtui.problem import Wrong
from omtui.rehearsal.changes import HEADER, LINE, OrderChange, compare_orders, read_changes
from omtui.rehearsal.events import RaisedEvent, raised_events
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data

STATUS_EVENT = "Order Header Status Update"


def setup(release: str = "25D", **triggers: dict[str, object]) -> Data:
    points = [
        {"name": name.replace("_", " "), "active": True, "connectors": ["Events"], **more}
        for name, more in triggers.items()
    ]
    return {
        "schema": 1,
        "profile": {"name": "x", "environment": "test"},
        "pod": {"release": release},
        "connectors": [{"name": "Events", "invocation_mode": "Business Event"}],
        "trigger_points": points,
        "status_rule_sets": [{"name": "S", "statuses": [{"value": "SHIPPED", "notify_external_system": True}]}],
        "jeopardy": {
            "priorities": [
                {"name": "LOW", "minimum_score": 10, "maximum_score": 200},
                {"name": "MEDIUM", "minimum_score": 200, "maximum_score": 400},
            ]
        },
    }


def only(data: Data, change: OrderChange) -> RaisedEvent:
    (event,) = raised_events(Indexed(data), [change])
    return event


def status(new: str, old: str = "", entity: str = HEADER) -> OrderChange:
    return OrderChange("1", "", entity, "Status", old, new)


def details(**more: object) -> dict[str, object]:
    return {"details": [{"value": "Submitted", **more}]}


REASONS = [
    ("", setup(Order_Header_Status_Update=details(raise_event=True)), status("Submitted")),
    ("no-change", setup(Order_Header_Status_Update=details(raise_event=True)), status("Submitted", "Submitted")),
    ("not-in-profile", setup(), status("Submitted")),
    ("inactive", setup(Order_Header_Status_Update={**details(raise_event=True), "active": False}), status("Submitted")),
    ("value-not-marked", setup(Order_Header_Status_Update=details(raise_event=True)), status("Closed")),
    ("raise-event-off", setup(Order_Header_Status_Update=details(send_email=True)), status("Submitted")),
    (
        "nobody-listens",
        setup(Order_Header_Status_Update={**details(raise_event=True), "connectors": []}),
        status("Submitted"),
    ),
    ("", setup(Fulfillment_Line_Status_Update={}), status("SHIPPED", "AWAIT_SHIP", LINE)),
    ("status-not-flagged", setup(Fulfillment_Line_Status_Update={}), status("BILLED", "SHIPPED", LINE)),
    (
        "not-supported",
        setup("26C", Jeopardy={"details": [{"value": "LOW", "raise_event": True}]}),
        OrderChange("1", "", action="jeopardy", value="LOW"),
    ),
    ("not-supported", setup("25D", Release_Hold={}), OrderChange("1", "", action="release-hold")),
    ("", setup("26C", Release_Hold={}), OrderChange("1", "", action="release-hold")),
    ("", setup(Split={}), OrderChange("1", "2", action="split")),
    ("", setup(Change_Order_Compensation_Complete={}), OrderChange("1", "", action="compensation")),
]


@pytest.mark.parametrize(("reason", "data", "change"), REASONS)
def test_each_reason(reason: str, data: Data, change: OrderChange) -> None:
    event = only(data, change)
    assert (event.reason, event.fired) == (reason, not reason)
    assert event.connectors == (() if reason else ("Events",))


def test_a_score_that_two_ranges_share_belongs_to_the_lower_priority() -> None:
    data = setup(Jeopardy={"details": [{"value": "LOW", "raise_event": True}]})
    event = only(data, OrderChange("1", "", action="jeopardy", value="200"))
    assert (event.value, event.fired) == ("LOW", True)
    same = only(data, OrderChange("1", "", action="jeopardy", old="150", value="200"))
    assert same.reason == "no-change"


def test_an_email_for_a_header_status_goes_only_with_its_event() -> None:
    """Vector 11: Send Email is checked and Raise Event is not."""
    assert not only(setup(Order_Header_Status_Update=details(send_email=True)), status("Submitted")).email
    both = details(send_email=True, raise_event=True)
    assert only(setup(Order_Header_Status_Update=both), status("Submitted")).email


def test_an_email_for_a_hold_needs_no_raise_event() -> None:
    """Oracle, Administer Email Messaging (24C): Active and Send Email Notification."""
    data = setup(Hold={"connectors": [], "details": [{"value": "Hold", "send_email": True}]})
    event = only(data, OrderChange("1", "", action="hold", value="CREDIT"))
    assert (event.fired, event.email, event.connectors) == (True, True, ())


def test_a_line_that_closes_raises_two_events() -> None:
    data = setup(Fulfillment_Line_Status_Update={}, Fulfillment_Line_Closed={})
    found = raised_events(Indexed(data), [status("CLOSED", "BILLED", LINE)])
    assert [(each.trigger_point, each.fired) for each in found] == [
        ("Fulfillment Line Status Update", False),
        ("Fulfillment Line Closed", True),
    ]


def test_integration_cloud_hears_the_public_event() -> None:
    data = setup(Split={"connectors": [], "integration_cloud": True})
    assert only(data, OrderChange("1", "", action="split")).public_event == "SalesOrderNotification"


def test_an_attribute_is_compared_with_empty_as_nothing() -> None:
    data = setup(Order_Attribute_Update={"details": [{"value": "Item", "raise_event": True}]})
    assert only(data, OrderChange("1", "1", LINE, "Item", "", "")).reason == "no-change"
    assert only(data, OrderChange("1", "1", LINE, "Item", "", "A")).fired


# Files


def read(text: str) -> list[OrderChange] | Wrong:
    content = text.encode()
    return read_changes("changes.csv", lambda: io.BytesIO(content), len(content))


def test_changes_are_read_by_the_names_of_their_columns() -> None:
    found = read("Action;Order;Value\nHold;7;CREDIT\n")
    assert found == [OrderChange("7", "", action="hold", value="CREDIT")]


WRONG = {
    "order,what\n1,x\n": "holds no changes",
    "order,action\n1,hodl\n": "line 2: hodl is no action; did you mean hold?",
    "order,action\n1,hold\n,hold\n": "line 3: the order is missing",
    "order,attribute,action\n1,Item,hold\n": "line 2: it must have an attribute or an action",
    "order,attribute,action\n1,,\n": "line 2: it must have an attribute or an action",
    'order,action\n1,"hold\n': "line 2",
}


def test_a_bad_file_says_where_it_is_bad() -> None:
    for text, message in WRONG.items():
        found = read(text)
        assert isinstance(found, Wrong), text
        assert message in str(found), (text, str(found))


def test_two_files_of_orders_are_compared_line_by_line() -> None:
    before = [
        {
            "OrderNumber": "7",
            "StatusCode": "OPEN",
            "lines": [{"FulfillLineId": 1, "ProductNumber": "A", "StatusCode": "AWAIT_SHIP"}],
        }
    ]
    after = [
        {
            "OrderNumber": "7",
            "StatusCode": "CLOSED",
            "lines": [{"FulfillLineId": 1, "ProductNumber": "B", "StatusCode": "SHIPPED"}],
        }
    ]
    files = [json.dumps(each).encode() for each in (before, after)]
    found = compare_orders(
        *[("x.json", (lambda content=content: io.BytesIO(content)), len(content)) for content in files]
    )
    assert not isinstance(found, Wrong)
    assert set(found) == {
        OrderChange("7", "", HEADER, "Status", "OPEN", "CLOSED"),
        OrderChange("7", "1", LINE, "Item", "A", "B"),
        OrderChange("7", "1", LINE, "Status", "AWAIT_SHIP", "SHIPPED"),
    }
