"""Orders are read whole or not at all: every kind of bad file says what is wrong with it, and where."""

import gzip
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from omtui.problem import Wrong
from omtui.rehearsal import json_orders as reading
from omtui.rehearsal.open_orders import read_orders
from omtui.rehearsal.orders import Orders


def opened(content: bytes, name: str = "orders.csv", encoding: str = "") -> Orders | Wrong:
    return read_orders(name, lambda: io.BytesIO(content), len(content), encoding)


def rows_of(found: Orders | Wrong) -> tuple[list[list[object]], Wrong | None]:
    """All rows, and the problem that ended them."""
    if isinstance(found, Wrong):
        return [], found
    rows: list[list[object]] = []
    for chunk in found.chunks:
        if isinstance(chunk, Wrong):
            return rows, chunk
        rows += map(list, chunk)
    return rows, None


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_the_headings_say_the_delimiter(delimiter: str) -> None:
    found = opened(f"Order{delimiter}Item\n1{delimiter}CM,;|\n".replace("CM,;|", '"CM,;|"').encode())
    assert isinstance(found, Orders)
    assert found.headings == ("Order", "Item")
    assert rows_of(found)[0] == [["1", "CM,;|"]]


def test_excels_first_line_names_the_delimiter() -> None:
    found = opened("\ufeffsep=;\r\nOrder;Item\r\n1;a,b\r\n".encode())
    assert isinstance(found, Orders)
    assert (found.headings, found.first_line) == (("Order", "Item"), 3)
    assert rows_of(found)[0] == [["1", "a,b"]]


def test_a_compressed_file_is_read_by_its_bytes() -> None:
    found = opened(gzip.compress(b"Order,Item\n1,a\n"), "orders.csv.gz")
    assert rows_of(found)[0] == [["1", "a"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "orders.csv is empty"),
        (b"Order\n1\n", "one column: Order"),
        ("Order,Item\n1,Größe\n".encode("latin-1"), "is not UTF-8: byte 16 cannot be read"),
        ("Order,Item\n1,a\n".encode("utf-16"), "is not UTF-8: byte 1 cannot be read"),
        (b'Order,Item\n1,"open\n2,b\n', "line 3: unexpected end of data"),
        (b'Order,Item\n1,"a"b\n', "line 2: "),
        (b"Order,Item\n1,a\x00b\n", "byte 15 is a NUL character"),
        (b"Order,Item\n1," + b"x" * 70_000 + b"\n", "line 2: field larger than"),
        (b"Order,Item\n1," + b"x" * 3_000_000 + b"\n", "a line is longer than"),
        (b",".join(b"c%d" % n for n in range(2_001)) + b"\n", "2,001 columns"),
        (gzip.compress(b"Order,Item\n" + b"1,a\n" * 3_000_000), "more than 200 times its size"),
        (gzip.compress(b"Order,Item\n1,a\n" * 9_000)[:-20], "cannot be read"),
        (b"PK\x03\x04nothing", "is no workbook"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_says_what_is_wrong_and_where(content: bytes, words: str) -> None:
    _, problem = rows_of(opened(content))
    assert problem is not None
    assert words in problem.message
    assert problem.fix


def test_a_file_may_be_read_in_another_encoding() -> None:
    content = "Order,Item\n1,Größe\n".encode("cp1252")
    assert rows_of(opened(content, encoding="cp1252"))[0] == [["1", "Größe"]]


def test_a_row_of_another_width_is_a_row() -> None:
    rows, problem = rows_of(opened(b"Order,Item\n1\n2,a\n3,a,b\n"))
    assert (rows, problem) == ([["1"], ["2", "a"], ["3", "a", "b"]], None)


def test_empty_lines_are_counted() -> None:
    found = opened(b"Order,Item\n\n1,a\n\n")
    assert rows_of(found)[0] == [["1", "a"]]
    assert isinstance(found, Orders)
    assert found.notes == ["2 empty lines are no order lines"]


def test_parquet_is_named() -> None:
    found = opened(b"PAR1", "orders.parquet")
    assert isinstance(found, Wrong)
    assert "--needs" in found.fix


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=300), st.sampled_from([",", ";", "\t", "|"]))
def test_what_is_written_is_read(rows: list[tuple[str, str]], delimiter: str) -> None:
    import csv

    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("Order", "Item"), *rows])
    assert rows_of(opened(text.getvalue().encode()))[0] == [list(row) for row in rows]


# JSON

ORDER = {"OrderNumber": "1", "BuyingPartyName": "Vision", "lines": [{"ProductNumber": "a", "OrderedQuantity": 1.10}]}


@pytest.mark.parametrize(
    "document",
    [
        json.dumps([ORDER]),
        json.dumps({"items": [ORDER], "hasMore": False}),
        json.dumps({"count": 1, "items": [ORDER | {"lines": {"items": ORDER["lines"]}}]}),
        json.dumps(ORDER),
        json.dumps(ORDER) + "\n",
    ],
)
def test_the_shapes_of_orders_in_json(document: str) -> None:
    found = opened(document.encode(), "orders.json")
    assert isinstance(found, Orders)
    assert found.headings == ("OrderNumber", "BuyingPartyName", "lines.ProductNumber", "lines.OrderedQuantity")
    assert rows_of(found)[0] == [["1", "Vision", "a", Decimal("1.1")]]


def test_a_page_after_the_other_is_read_order_by_order(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = "\n".join(json.dumps({"items": [ORDER | {"OrderNumber": str(n)} for n in range(500)]}) for _ in range(3))
    found = opened(pages.encode(), "orders.json")
    rows, problem = rows_of(found)
    assert problem is None
    assert [row[0] for row in rows] == [str(n) for _ in range(3) for n in range(500)]


def test_a_key_that_a_line_lacks_is_missing_there() -> None:
    orders = [ORDER, {"OrderNumber": "2", "lines": [{"ProductNumber": "b"}]}]
    assert rows_of(opened(json.dumps(orders).encode()))[0][1] == ["2", None, "b", None]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[]", "no order lines"),
        (b'[{"OrderNumber": 1}]', "no order lines"),
        (b"[1]", "this is no order"),
        (b'[{"a": 1}', ", is due"),
        (b'[{"a": 1,}]', "character"),
        (b'{"a": 1, "a": 2}', "the key a is there twice"),
        (b"[" * 100_000, "nested more than 50 deep"),
        (b'{"a" 1}', "character 6: : is missing"),
    ],
)
def test_bad_json_says_what_is_wrong(content: bytes, words: str) -> None:
    _, problem = rows_of(opened(content, "orders.json"))
    assert problem is not None
    assert words in problem.message


def test_one_order_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_ORDER", 1_000)
    _, problem = rows_of(opened(json.dumps([{"a": "x" * 200_000}]).encode()))
    assert problem is not None
    assert "one order is larger than" in problem.message


# Workbooks


def test_a_workbook_keeps_numbers_and_texts_apart() -> None:
    book = Workbook()
    book.active.append(["Order", "Item", "Ordered Quantity"])  # type: ignore[union-attr]
    book.active.append(["1", "0012", 1.1])  # type: ignore[union-attr]
    book.active.append([None, None, None])  # type: ignore[union-attr]
    book.active.append(["2", 12, True])  # type: ignore[union-attr]
    content = io.BytesIO()
    book.save(content)
    found = opened(content.getvalue(), "orders.xlsx")
    assert rows_of(found)[0] == [["1", "0012", Decimal("1.1")], ["2", 12, True]]
    assert isinstance(found, Orders)
    assert found.notes == ["an empty row is no order line"]
