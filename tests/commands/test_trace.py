"""trace: one line through its process, as a picture, as JSON and as a page."""

import csv
import os
import stat
from pathlib import Path

import pytest

from tests.commands.conftest import Command
from tests.commands.test_route import HEADINGS, LINES


@pytest.fixture
def orders(tmp_path: Path, samples: Path) -> str:
    with (tmp_path / "orders.csv").open("w", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *LINES])
    return str(tmp_path / "orders.csv")


def test_the_picture(omtui: Command, orders: str) -> None:
    answer = omtui("trace", "vision-dev", orders, "--order", "1001", "--line", "2")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("Order 1001, line 2 of 2\nVision_Pick_Process of vision-dev, without a ship date")
    assert "Connector3PL, 3PL warehouse (CSS03), Asynchronous Service" in answer.out
    assert "─✗ GAP      no connector: no rule is true for the line; the nearest is Route Invoice" in answer.out
    assert answer.out.endswith("are not rehearsed.\n")
    assert "\x1b" not in answer.out
    assert omtui("trace", "vision-dev", orders, "--order", "1001", "--ascii").out.isascii()


def test_json_has_the_keys_of_the_contract(omtui: Command, orders: str) -> None:
    answer = omtui("trace", "vision-dev", orders, "--order", "1001", "--json", "--as-of", "2026-12-01")
    assert answer.err == "omtui trace: order 1001 has the lines 1, 2; --line names another\n"
    document = answer.document
    assert (document["order"], document["line"], document["gaps"]) == ("1001", "1", 0)
    keys = {
        "number",
        "task_type",
        "service",
        "connector",
        "because",
        "waits_for",
        "ends_with",
        "answer",
        "events",
        "gaps",
    }
    assert all(keys <= each.keys() for each in document["steps"])
    way = {each["number"]: each for each in document["steps"]}
    assert list(way) == list(range(100, 1400, 100))
    assert way[400]["connector"] == "Connector01"
    assert (way[400]["answer"], way[400]["waits_for"]) == (None, None)
    assert way[500]["ends_with"] == "PICKED"
    assert way[500]["answer"] == {
        "service": "OrderFulfillmentResponseService",
        "operation": "processFulfillmentResponse",
        "user": "DEV_WMS",
    }
    assert way[1100]["events"][0]["trigger_point"] == "Fulfillment Line Status Update"
    assert document["start"]["events"][0]["value"] == "Submitted"


def test_a_page_is_for_the_owner_only(omtui: Command, orders: str, tmp_path: Path) -> None:
    words = ("trace", "vision-dev", orders, "--order", "1002", "-o")
    page = tmp_path / "order.html"
    answer = omtui(*words, str(page))
    assert (answer.code, answer.out) == (0, "")
    assert "GAP: no connector that is sure" in page.read_text()
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert omtui(*words, str(page)).code == 0, "its own page is written again"
    page.write_text("mine\n")
    assert omtui(*words, str(page)).code == 3
    assert page.read_text() == "mine\n"
    assert omtui(*words, str(tmp_path / "order.csv")).code == 2
    assert not (tmp_path / "order.csv").exists()


def test_the_last_review_is_on_its_way(omtui: Command, orders: str) -> None:
    assert omtui("probe", "vision-dev", "--only", "LabelConnector").code == 1
    found = omtui("trace", "vision-dev", orders, "--order", "1002", "--json").document["steps"]
    gaps = {each["number"]: each["gaps"] for each in found}
    assert gaps[600][0].startswith("the endpoint of LabelConnector failed the review of 20")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("orders.csv",), "--order is missing"),
        (("orders.csv", "--order", "9"), "there is no order 9 in orders.csv; it has 1001, 1002"),
        (("orders.csv", "--order", "1001", "--line", "9"), "order 1001 has no line 9; it has 1, 2"),
        (("nothing.csv", "--order", "1"), "cannot be read"),
        (("orders.csv", "--order", "1001", "--process", "X"), "the profile has no process X"),
        (("orders.csv", "--order", "1001", "--as-of", "soon"), "soon is no time"),
        (("orders.csv", "--order", "1001", "--columns", "nothing.toml"), "cannot be read"),
    ],
)
def test_wrong_usage(omtui: Command, orders: str, words: tuple[str, ...], message: str) -> None:
    assert Path(orders).parent == Path.cwd()
    answer = omtui("trace", "vision-dev", *words)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err


def test_nothing_of_an_order_is_stored(omtui: Command, orders: str, home: Path, tmp_path: Path) -> None:
    Path(orders).write_text(Path(orders).read_text().replace("1002", "SECRET77"))
    assert omtui("trace", "vision-dev", orders, "--order", "SECRET77").code == 0
    kept = [Path(folder) / name for folder, _, names in os.walk(tmp_path) for name in names]
    assert [path for path in kept if b"SECRET77" in path.read_bytes()] == [Path(orders)]
