"""The main job: the set-up of the source text is entered by keystrokes, from an empty library, and saved."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

from tests.terminal import Terminal

PROFILES = Path(__file__).parents[2] / "profiles"

RUN = "from omtui.cli import run; raise SystemExit(run())"

CURSOR = "005f87"
"""The colour of the row under the cursor."""


class Person:
    """Somebody who reads the screen and presses keys."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.press = terminal.press
        self.together = terminal.press_together

    def go_to(self, label: str) -> None:
        """Move the cursor to the row with a label, with the arrow keys."""
        pattern = re.compile(rf"\s*(?:[●▲i]\s+)?{re.escape(label)}(?: \*)?(?:\s\s|$)")
        lines = self.terminal.lines()
        rows = [y for y in range(3, len(lines) - 4) if pattern.match(lines[y])]
        here = [y for y in range(3, len(lines) - 4) if self.terminal.cell(5, y).bg == CURSOR]
        assert rows, f"no row {label!r}\n{self.terminal.picture()}"
        steps = rows[0] - here[0]
        if steps:
            self.together(*(["down"] * steps if steps > 0 else ["up"] * -steps))

    def enter(self, label: str, value: str) -> None:
        """Type a value into a field."""
        self.go_to(label)
        self.together("enter", "ctrl+u", *value, "enter")

    def tick(self, label: str) -> None:
        """Turn a field from no to yes."""
        self.go_to(label)
        self.press("space")

    def new(self, key: str = "") -> None:
        """Add a record whose key is typed, empty for none yet; leave the field that is open then."""
        self.together("n", *key, "enter", "escape")


def test_the_source_text_is_entered_by_keystrokes(open_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    library = tmp_path / "library"
    terminal = open_terminal("omtui", "--library", str(library), size=(110, 46))
    terminal.wait_for("No profiles yet")
    person = Person(terminal)
    press, together, enter, tick, new = person.press, person.together, person.enter, person.tick, person.new
    press("n")
    person.together(*"source-text", "enter")
    person.together(*"development", "enter")
    person.together("enter", "enter")  # release and URL are not in the text
    terminal.wait_for("Manage Task Types")

    press("g", "p", "enter")
    enter("Title", "The set-up of the source text, word for word")

    together("g", "f")
    for service in ("OrderInformationService", "OrderFulfillmentResponseService"):
        new(service)
        press("escape")
    press("tab")
    for event in ("OrderStatusUpdated", "SalesOrderNotification"):
        new(f"{event} event")
        enter("Event", event)
        press("escape")

    expected = tomllib.loads((PROFILES / "source-text.toml").read_text())
    together("g", "0")
    for user in expected["integration_users"]:
        new()
        enter("Direction", user["direction"])
        enter("Privileges", ", ".join(user["privileges"]))
        press("escape")

    together("g", "1")
    new("Pick_From_Ravi")
    person.go_to("Tasks")
    new()
    enter("Name", "Pick Carton")

    together("g", "2")
    new()
    person.go_to("Steps")
    new("Pick to be done from Ravi")
    person.go_to("Step")
    press("delete")
    enter("Task Type", "Pick_From_Ravi")
    enter("Task", "Pick Carton")
    enter("Service", "Pick_From_Ravi_Create")

    together("g", "3")
    new("CSS01")
    enter("Type", "Spoke")
    enter("Enable for", "Order Orchestration and Planning")

    together("g", "4")
    new("CSS01")
    enter("Time Zone", "US Eastern Time")
    enter("Order Orchestration Type", "Fulfillment")
    tick("Collections Allowed")

    press("g", "4", "tab")
    new("CSS02")
    enter("Time Zone", "US Eastern Time")
    enter("Version", "Others")
    enter("Order Orchestration Type", "Order Capture")
    tick("Collections Allowed")

    together("g", "5")
    new("Event Connector")
    enter("Target System", "CSS01")
    enter("Invocation Mode", "Business Event")
    press("escape")
    new("Connector01")
    enter("Target System", "CSS01")
    enter("Response Processing Option", "Reject all lines on first error")
    tick("Send Attachments")

    together("g", "7")
    new("Route Invoice Request 01")
    enter("Text of IF", "Item is CM5008 and Task Type is Invoice")
    enter("Text of THEN", "Route to Oracle Fusion Invoicing System")
    for attribute, entity, operator, value in (
        ("Item", "Order Fulfill Line", "=", "CM5008"),
        ("Task Type", "Order Header", "is equal to", "Invoice"),
    ):
        person.go_to("IF")
        new("condition")
        enter("Attribute", attribute)
        enter("Entity", entity)
        enter("Operator", operator)
        enter("Value", value)
        press("escape")
    person.go_to("THEN")
    new("action")
    enter("Value", "Connector01")
    press("escape")
    tick("Active")
    tick("Published")
    terminal.wait_for("use connector Connector01")

    together("g", "8")
    new("Jeopardy")
    tick("Active")
    enter("Associated Connectors", "EventConnector")
    person.go_to("Details")
    new("HIGH")
    tick("Raise Event")

    together("g", "9")
    new("Fulfillment Line Shipment Update")
    tick("Active")
    press("escape")
    for name, value in (("Order Header Status Update", "Submitted"), ("Hold", "Hold")):
        new(name)
        tick("Active")
        person.go_to("Details")
        new(value)
        if name != "Hold":  # Oracle's page for Hold has Active and Send Email Notification only
            tick("Raise Event")
        tick("Send Email Notification")
        press("escape", "escape")

    press("ctrl+s")
    terminal.wait_for("saved source-text.toml")
    press("ctrl+q")
    assert terminal.wait_for_exit() == 0
    assert terminal.modes_left_on() == []
    entered = tomllib.loads((library / "source-text.toml").read_text())
    # What is typed in another case than the list has is entered as the list has it.
    (user,) = (each for each in expected["integration_users"] if "Template interface" in str(each))
    user["privileges"] = [each.replace("Template interface", "Template Interface") for each in user["privileges"]]
    assert entered == expected


def test_the_check_shows_the_faults_of_the_text() -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, "check", "--json", str(PROFILES / "source-text.toml")],
        cwd=PROFILES.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    reported = [finding["id"] for finding in json.loads(done.stdout)["findings"]]
    assert reported.count("S0-02") == 3
    for check in ("S1-09", "S2-02", "S4-01", "S7-03", "S7-10", "S7-15", "S8-01", "S8-06", "S8-13", "P0-02", "P0-07"):
        assert check in reported, check
