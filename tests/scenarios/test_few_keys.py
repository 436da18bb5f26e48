"""A newcomer's run: the set-up of the source text from an empty library, with few keys beside the text itself.

Counted is every key that is no character of a value. A rule typed in one line is a value, so is the yes of a yes/no.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path

from omtui.setup.routing import operator_word
from tests.terminal import Terminal

PROFILES = Path(__file__).parents[2] / "profiles"

MOST = 110
"""Keys that are no character of a value; 166 when this was written, of a part of the set-up."""


class Hand:
    """Presses keys and counts those that only lead somewhere: all but the letters of the values."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.keys: list[str] = []

    def press(self, keys: str) -> None:
        """Keys that lead somewhere, by their names."""
        self.type("", keys)

    def type(self, value: str, keys: str = "") -> None:
        """A value, then keys."""
        together: list[str] = [*value]
        for key in keys.split():
            self.keys.append(key)
            together.append(key)
            if key == "escape":  # a terminal sends it alone
                self.terminal.press_together(*together)
                together.clear()
        if together:
            self.terminal.press_together(*together)


def test_the_source_text_needs_few_keys_beside_itself(open_terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    library = tmp_path / "library"
    terminal = open_terminal("omtui", "--library", str(library), size=(110, 46))
    terminal.wait_for("No profiles yet")
    hand = Hand(terminal)
    press, type_ = hand.press, hand.type
    expected = tomllib.loads((PROFILES / "source-text.toml").read_text())

    press("n")
    type_("source-text", "enter")
    type_("development", "enter enter enter")  # release and URL are not in the text
    terminal.wait_for("Manage Task Types")
    press("f8 enter tab")
    type_("The set-up of the source text, word for word", "f8")

    press("n")
    type_("OrderInformationService", "enter ctrl+n")
    type_("OrderFulfillmentResponseService", "enter escape escape tab n")
    type_("OrderStatusUpdated event", "enter")
    type_("OrderStatusUpdated", "ctrl+n")
    type_("SalesOrderNotification event", "enter")
    type_("SalesOrderNotification", "f8")

    for user, last in zip(expected["integration_users"], ("ctrl+n", "f8"), strict=True):
        press("enter" if last == "f8" else "n enter")  # the text names no user
        type_(user["direction"], "tab")
        type_(", ".join(user["privileges"]), last)

    press("n")
    type_("Pick_From_Ravi", "enter tab enter enter")  # tasks; the text gives no code
    type_("Pick Carton", "f8")

    press("n enter insert enter")  # which process is not said; a step
    type_("Pick to be done from Ravi", "enter")
    type_("Pick_From_Ravi", "tab")
    type_("Pick Carton", "tab")
    type_("Pick_From_Ravi_Create", "enter home delete f8")  # the text gives no number

    press("n")
    type_("CSS01", "enter tab")
    type_("Spoke", "tab")
    type_("Order Orchestration and Planning", "f8")

    press("n")
    type_("CSS01", "enter")
    type_("US Eastern Time", "tab tab")
    type_("Fulfillment", "tab tab")
    type_("yes", "f8")

    press("tab n")
    type_("CSS02", "enter")
    type_("US Eastern Time", "tab")
    type_("Others", "tab")
    type_("Order Capture", "tab tab")
    type_("yes", "f8")

    press("n")
    type_("Event Connector", "enter")
    type_("CSS01", "tab tab")
    type_("Business Event", "ctrl+n")
    type_("Connector01", "enter")
    type_("CSS01", "tab tab tab")
    type_("Reject all lines on first error", "tab")
    type_("yes", "f8 f8")

    press("n")
    type_("Route Invoice Request 01", "enter tab")
    type_("Item is CM5008 and Task Type is Invoice", "enter i")
    type_("Item = CM5008 and Task Type = Invoice -> Connector01", "enter")
    press("enter")
    type_("Route to Oracle Fusion Invoicing System", "tab tab")
    type_("yes", "tab")
    type_("yes", "f8")

    press("n")
    type_("Jeopardy", "enter")
    type_("yes", "tab")
    type_("EventConnector", "insert")
    type_("HIGH", "enter")
    type_("yes", "f8")

    press("n")
    type_("Fulfillment Line Shipment Update", "enter")
    type_("yes", "ctrl+n")
    type_("Order Header Status Update", "enter")
    type_("yes", "insert")
    type_("Submitted", "enter")
    type_("yes", "tab")
    type_("yes", "enter escape ctrl+n")
    type_("Hold", "enter")
    type_("yes", "insert")
    type_("Hold", "enter tab")
    type_("yes", "ctrl+s")
    terminal.wait_for("saved source-text.toml")
    press("ctrl+q")
    assert terminal.wait_for_exit() == 0
    entered = tomllib.loads((library / "source-text.toml").read_text())
    # What the list has in another case is entered as the list has it, and a sign as the operator that it means.
    (user,) = (each for each in expected["integration_users"] if "Template interface" in str(each))
    user["privileges"] = [each.replace("Template interface", "Template Interface") for each in user["privileges"]]
    for condition in expected["routing_rules"][0]["when"]["all"]:
        condition["operator"] = operator_word(condition["operator"])
    assert entered == expected
    assert len(hand.keys) <= MOST, f"{len(hand.keys)}: {' '.join(hand.keys)}"
