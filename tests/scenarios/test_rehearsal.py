"""Orders through the rules, in a real terminal: what is not routed, why, and what an edit of the rule changes."""

import csv
import tomllib
from collections.abc import Callable
from pathlib import Path

from tests.terminal import Terminal

PROFILE = """\
schema = 1

[profile]
name = "dev"
environment = "development"

[[task_types]]
name = "Pick"

[[connectors]]
name = "WarehouseConnector"

[[routing_rules]]
name = "Many"
active = true
published = true

[routing_rules.when]
all = [
    { entity = "Order Header", attribute = "Task Type", operator = "is equal to", value = "Pick" },
    { entity = "Order Fulfill Line", attribute = "Ordered Quantity", operator = ">=", value = 10 },
]

[[routing_rules.then]]
action = "Set Connector Name"
value = "WarehouseConnector"
"""


def test_the_unrouted_are_found_and_the_rule_is_fixed(open_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "dev.toml").write_text(PROFILE)
    with (library / "orders.csv").open("w", newline="") as file:
        rows = ((5000 + number, 1, "Pick", 4 + number % 100) for number in range(12_000))
        csv.writer(file).writerows([("Order", "Line", "Task Type", "Ordered Quantity"), *rows])
    terminal = open_terminal("omtui", "--library", str(library), "dev", size=(120, 40))
    terminal.wait_for("Manage Task Types")
    terminal.press("R")
    terminal.wait_for("Orders to rehearse")
    terminal.press("enter")
    terminal.wait_for("720 unrouted")
    terminal.press("enter")
    terminal.wait_for("Lines")
    terminal.wait_for("5000")
    terminal.press("enter")
    terminal.wait_for("x Ordered Quantity 4 is not greater than or equal to 10")
    terminal.press("escape", "escape", "escape")
    terminal.press("g", "7")
    terminal.wait_for("takes 11,280 of 12,000 requests of orders.csv")
    terminal.press("enter", "i")
    terminal.wait_for("-> WarehouseConnector")
    terminal.press("ctrl+u", *"Task Type = Pick and Ordered Quantity >= 6 -> WarehouseConnector", "enter")
    terminal.wait_for("your edit: 480 requests of 480 lines change connector")
    terminal.press("ctrl+s")
    terminal.wait_for("saved dev.toml")
    terminal.press("down")
    terminal.wait_for(lambda seen: "takes 11,760 of 12,000 requests" in seen.text() and "your edit" not in seen.text())
    rule = tomllib.loads((library / "dev.toml").read_text())["routing_rules"][0]
    assert rule["when"]["all"][1]["value"] == 6
    terminal.press("ctrl+q")
    terminal.wait_for_exit()
    plan = tmp_path / "tests.csv"
    for words in (("testplan", "dev", "-o", str(plan)), ("route", "dev", "--expect", str(plan))):
        command = open_terminal("omtui", "--library", str(library), *words, size=(120, 40))
        command.wait_for_exit()
        assert command.exit_status == 0, command.picture()
    command.wait_for("expectations are met")
    assert not [path.name for path in (tmp_path / "home").rglob("*") if path.is_file() and b"5011" in path.read_bytes()]
