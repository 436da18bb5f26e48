"""Columns: exact names are taken, what is merely alike is offered."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from omtui.rehearsal.cells import DateFormat, read_cell
from omtui.rehearsal.columns import ColumnChoice, map_columns
from omtui.setup.comparisons import Attribute, Unreadable, ValueKind

ITEM = ("Order Fulfill Line", "Item")
QUANTITY = ("Order Fulfill Line", "Ordered Quantity")
CUSTOMER = ("Order Header", "Customer")
WANTED = [ITEM, QUANTITY, CUSTOMER]


@pytest.mark.parametrize(
    ("heading", "attribute"),
    [
        ("Item", ITEM),
        ("Item (Order Fulfill Line)", ITEM),
        ("Order Fulfill Line.Item", ITEM),
        ("Order Fulfill Line: Item", ITEM),
        ("\ufeffitem", ITEM),
        ("ORDERED_QUANTITY", QUANTITY),
        ("ordered\u00a0 quantity", QUANTITY),
        ("ProductNumber", ITEM),
        ("lines.ProductNumber", ITEM),
        ("BuyingPartyName", CUSTOMER),
        ("ProductId", None),
        ("Items", None),
        ("Task Type", ("Order Header", "Task Type")),
        ("Process Name", ("Orchestration Process", "Process Name")),
    ],
)
def test_what_a_heading_names(heading: str, attribute: Attribute | None) -> None:
    found = map_columns(["Remark", heading], WANTED, UTC)
    assert [each.attribute for each in found.columns] == ([attribute] if attribute else [])


def test_an_attribute_of_two_entities_needs_its_entity() -> None:
    found = map_columns(["Status", "Item"], [("Order Header", "Status"), ("Order Line", "Status"), ITEM], UTC)
    assert [each.heading for each in found.columns] == ["Item"]
    assert found.refused == ["Status is on Order Header and Order Line: name it Status (Order Header), or map it"]


def test_two_columns_for_one_attribute_are_both_named() -> None:
    found = map_columns(["Item", "ProductNumber", "Customer"], WANTED, UTC)
    assert [each.attribute for each in found.columns] == [CUSTOMER]
    assert found.refused == ["Item and ProductNumber are both Item (Order Fulfill Line): the mapping must choose one"]
    chosen = map_columns(["Item", "ProductNumber"], WANTED, UTC, [ColumnChoice("ProductNumber", *ITEM)])
    assert [each.heading for each in chosen.columns] == ["ProductNumber"]


def test_a_column_may_be_left_out() -> None:
    found = map_columns(["Item", "Customer"], WANTED, UTC, [ColumnChoice("customer", ignore=True)])
    assert [each.attribute for each in found.columns] == [ITEM]


@pytest.mark.parametrize(
    ("headings", "order", "line"),
    [
        (["Order", "Line", "Item"], 0, 1),
        (["OrderNumber", "lines.FulfillLineId", "lines.LineNumber"], 0, 1),
        (["Order Number", "Line Number", "Order"], 0, 1),
        (["Item", "Customer"], None, None),
    ],
)
def test_order_and_line_are_found(headings: list[str], order: int | None, line: int | None) -> None:
    roles = map_columns(headings, WANTED, UTC).roles
    assert (roles.get("order"), roles.get("line")) == (order, line)


def test_the_nearest_heading_is_offered() -> None:
    found = map_columns(["Item", "Custmer"], WANTED, UTC)
    assert found.nearest_heading(CUSTOMER) == "Custmer"
    assert found.nearest_heading(QUANTITY) == ""


# Cells

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        (" 5.0 ", "number", Decimal("5.0")),
        ("-.5e2", "number", Decimal(-50)),
        ("5.", "number", None),
        ("12,5", "number", None),
        ("1_000", "number", None),
        ("NaN", "number", None),
        ("٣", "number", None),
        ("9" * 101, "number", None),
        ("2026-11-30", "date", date(2026, 11, 30)),
        ("2026-11-30 12:00", "date", NOON),
        ("2026-11-30T12:00:00Z", "date", NOON),
        ("2026-11-30T17:30:00.0+05:30", "date", NOON),
        ("2026-02-30", "date", None),
        ("30-NOV-26", "date", None),
        ("20261130", "date", None),
        ("yes", "boolean", True),
        ("N", "boolean", False),
        ("1", "boolean", None),
        (Decimal(1), "text", None),
        (True, "number", None),
        (" as it is ", "text", " as it is "),
    ],
)
def test_a_cell_is_read_or_not_and_never_guessed(cell: object, kind: ValueKind, value: object) -> None:
    found = read_cell(cell, kind)
    assert isinstance(found, Unreadable) if value is None else (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("cell", "kind", "hint"),
    [
        ("12,5", "number", 'decimal comma: decimal = "," in the mapping'),
        ("1.000,00", "number", 'decimal comma: decimal = "," in the mapping'),
        ("30-NOV-26", "date", 'format = "DD-MON-YY" in the mapping'),
        ("03/04/2026", "date", 'format = "MM/DD/YYYY" in the mapping, or DD/MM/YYYY'),
        ("soon", "date", ""),
    ],
)
def test_the_mapping_is_offered(cell: str, kind: ValueKind, hint: str) -> None:
    found = read_cell(cell, kind)
    assert isinstance(found, Unreadable)
    assert found.hint == hint


@pytest.mark.parametrize(
    ("form", "cell", "value"),
    [
        ("DD-MON-YY", "30-nov-26", date(2026, 11, 30)),
        ("DD.MM.YYYY HH24:MI", "30.11.2026 12:00", NOON),
        ("MM/DD/YYYY HH12:MI:SS AM", "11/30/2026 12:00:00 PM", NOON),
        ("MM/DD/YYYY HH12:MI:SS AM", "11/30/2026 13:00:00 PM", None),
        ("YYYYMMDD", "20261131", None),
    ],
)
def test_dates_of_another_format(form: str, cell: str, value: object) -> None:
    found = DateFormat(form).read(cell)
    assert isinstance(found, Unreadable) if value is None else found == value


@pytest.mark.parametrize("form", ["", "MM/DD", "DD DD YYYY", "YYYY"])
def test_a_format_needs_a_day_and_a_year_once(form: str) -> None:
    assert not DateFormat.is_format(form)
