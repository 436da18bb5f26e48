"""ask: a task's fields as plain prompts, in a real terminal that can do nothing."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import PROFILE, Command
from tests.terminal import Terminal

OpenTerminal = Callable[..., Terminal]


class Asked:
    """A conversation: each answer is given when the question before it is shown."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.heard = 0

    def answer(self, question: str, answer: str) -> None:
        pattern = re.compile(rf"{re.escape(question)}[^\n]*: *$")
        self.terminal.wait_for(lambda t: pattern.search(t.text().rstrip()))
        if answer == "^D":
            self.terminal.press("ctrl+d")
            return
        if answer:
            self.terminal.type(answer)
        self.terminal.press("enter")
        # What follows ends with another line than the one just answered.
        shown = f"{question}: {answer}".rstrip()
        self.terminal.wait_for(lambda t: not t.text().rstrip().endswith(shown) or t.process.exit_status is not None)


@pytest.fixture
def dev(library: Path) -> Path:
    return library / "dev.toml"


@pytest.fixture
def ask(dev: Path, open_terminal: OpenTerminal) -> Callable[..., Asked]:
    def start(*words: str, **env: str) -> Asked:
        terminal = open_terminal("omtui", "ask", *words, env={"TERM": "dumb", **env}, size=(200, 200))
        return Asked(terminal)

    return start


def data(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text())


def test_one_field_of_a_record(ask: Callable[..., Asked], dev: Path) -> None:
    asked = ask("dev", "5")
    asked.answer("Connectors", "2")
    asked.answer("Target System", "")
    asked.answer("Connector Name", "")
    asked.answer("Connector URL", "")
    asked.answer("Invocation Mode", "")
    asked.answer("Response Processing Option", "3")
    asked.answer("Send Attachments", ">")
    asked.answer("Connectors", "^D")
    assert asked.terminal.wait_for_exit() == 0
    assert data(dev)["connectors"][1]["response_processing"] == "Reject group with lines that contain error"
    assert [line for line in dev.read_text().splitlines() if line not in PROFILE.splitlines()] == [
        'response_processing = "Reject group with lines that contain error"'
    ]
    assert "\x1b" not in asked.terminal.text()


def test_what_each_question_tells(ask: Callable[..., Asked]) -> None:
    asked = ask("dev", "5")
    text = asked.terminal.text
    asked.terminal.wait_for("In Fusion: Setup and Maintenance, Order Management, Orders")
    asked.answer("Connectors", "1")
    asked.terminal.wait_for("Target System (required), 1 of ")
    assert "now: CSS01" in text()
    assert "  1  CSS01" in text()
    asked.answer("Target System", "?")
    asked.terminal.wait_for("A number chooses")
    asked.answer("Target System", "")
    asked.answer("Connector Name", "")
    for label in ("Connector URL", "Invocation Mode", "Response Processing Option", "Send Attachments"):
        asked.answer(label, "")
    asked.terminal.wait_for("has no user name and no CSF key. Fix: enter the user name")
    asked.answer("User Name", "^D")
    assert asked.terminal.wait_for_exit() == 0


def test_choices_by_number_back_and_clear(ask: Callable[..., Asked], dev: Path) -> None:
    asked = ask("dev", "3")
    asked.answer("Source systems", "1")
    asked.answer("Code", "")
    asked.answer("Name", "-")
    asked.answer("Type", "<")
    asked.answer("Name", "=-")
    asked.answer("Type", "2")
    asked.answer("Enable for", "1, Assets")
    asked.answer("Description", "")
    asked.answer("Start Date", "someday")
    asked.terminal.wait_for("someday is not")
    asked.answer("Start Date", "2027-01-31")
    asked.answer("End Date", "^D")
    assert asked.terminal.wait_for_exit() == 0
    system = data(dev)["source_systems"][0]
    assert system["name"] == "-"
    assert system["type"] == "Purchased"
    assert system["enabled_for"] == ["Items", "Assets"]
    assert str(system["start_date"]) == "2027-01-31"


def test_a_new_record_with_records_in_it(ask: Callable[..., Asked], dev: Path) -> None:
    asked = ask("dev", "1")
    asked.answer("Task types", "+")
    asked.answer("Task Type", "Pack")
    asked.answer("Description", "")
    asked.answer("Services", "")
    asked.answer("Tasks", "+")
    asked.answer("Code", "PACK")
    asked.answer("Name", "Pack Carton")
    asked.answer("Display name", ">")
    asked.answer("Tasks", "")
    asked.answer("Statuses", "^D")
    assert asked.terminal.wait_for_exit() == 0
    added = data(dev)["task_types"][1]
    assert added["name"] == "Pack"
    assert [each["operation"] for each in added["services"]] == ["Create", "Inbound"]
    assert added["tasks"] == [{"code": "PACK", "name": "Pack Carton"}]


def test_a_renamed_record_takes_references_along(ask: Callable[..., Asked], dev: Path) -> None:
    asked = ask("dev", "5")
    asked.answer("Connectors", "1")
    asked.answer("Target System", "")
    asked.answer("Connector Name", "PickConnector")
    asked.answer("Connector URL", "^D")
    assert asked.terminal.wait_for_exit() == 0
    assert data(dev)["routing_rules"][0]["then"][0]["value"] == "PickConnector"


def test_a_record_is_removed(ask: Callable[..., Asked], dev: Path) -> None:
    asked = ask("dev", "5")
    asked.answer("Connectors", "-2")
    asked.terminal.wait_for("Removed.")
    asked.answer("Connectors", "^D")
    assert asked.terminal.wait_for_exit() == 0
    assert len(data(dev)["connectors"]) == 1


def test_conditions_of_a_rule(ask: Callable[..., Asked], dev: Path) -> None:
    asked = ask("dev", "7")
    asked.answer("Routing rules", "1")
    for question in ("Name", "Description", "Text of IF"):
        asked.answer(question, "")
    asked.answer("IF", "2")
    for question in ("Attribute", "Entity", "Operator"):
        asked.answer(question, "")
    asked.answer("Value", "12")
    asked.answer("IF", "+")
    asked.answer("Attribute", "Customer")
    asked.answer("Entity", "")  # filled in from the attribute
    asked.answer("Operator", "")
    asked.answer("Value", "Acme")
    asked.answer("IF", "^D")
    assert asked.terminal.wait_for_exit() == 0
    conditions = data(dev)["routing_rules"][0]["when"]["all"]
    assert conditions[1]["value"] == 12
    assert conditions[2] == {
        "entity": "Order Header",
        "attribute": "Customer",
        "operator": "is equal to",
        "value": "Acme",
    }


def test_what_was_entered_survives_the_end_of_the_terminal(ask: Callable[..., Asked], dev: Path) -> None:
    asked = ask("dev", "5")
    asked.answer("Connectors", "1")
    asked.answer("Target System", "")
    asked.answer("Connector Name", "")
    asked.answer("Connector URL", "https://typed.example/before-the-line-was-lost")
    asked.terminal.wait_for("Invocation Mode (")
    asked.terminal.hang_up()
    assert asked.terminal.wait_for_exit() == 129
    assert data(dev)["connectors"][0]["url"] == "https://typed.example/before-the-line-was-lost"


def test_what_a_killed_run_left_is_taken_up(ask: Callable[..., Asked], dev: Path) -> None:
    import signal

    asked = ask("dev", "5")
    asked.answer("Connectors", "1")
    asked.answer("Target System", "")
    asked.answer("Connector Name", "")
    asked.answer("Connector URL", "https://typed.example/before-the-kill")
    asked.terminal.wait_for("Invocation Mode (")
    asked.terminal.send_signal(signal.SIGKILL)
    assert asked.terminal.wait_for_exit() == -signal.SIGKILL
    assert dev.read_text() == PROFILE
    again = ask("dev", "5")
    again.terminal.wait_for("1 unsaved changes of")
    again.answer("Connectors", "^D")
    assert again.terminal.wait_for_exit() == 0
    assert data(dev)["connectors"][0]["url"] == "https://typed.example/before-the-kill"


def test_foreign_text_commands_no_terminal(ask: Callable[..., Asked], dev: Path) -> None:
    dev.write_text(PROFILE.replace("Pick system", "\\u001b]0;title\\u0007\\u001b[2J"))
    asked = ask("dev", "3")
    asked.answer("Source systems", "1")
    asked.answer("Code", "")
    asked.terminal.wait_for("␛]0;title␇␛[2J")
    asked.answer("Name", "^D")
    assert asked.terminal.wait_for_exit() == 0
    assert asked.terminal.title != "title"


def test_every_step_can_be_asked_for(ask: Callable[..., Asked], dev: Path) -> None:
    from omtui.setup.catalogue import BY_STEP

    for step in BY_STEP:
        asked = ask("dev", step)
        asked.terminal.wait_for("ctrl+d stops and keeps")
        asked.terminal.wait_until_quiet()
        asked.terminal.press("ctrl+d")
        assert asked.terminal.wait_for_exit() == 0
    assert dev.read_text() == PROFILE


class TestRefused:
    def test_where_nobody_is_to_be_asked(self, omtui: Command, dev: Path, program: Callable[..., Any]) -> None:
        done = program("ask", "dev", "5")
        assert (done.returncode, done.stdout) == (3, b"")
        assert b"standard input is no terminal" in done.stderr

    def test_a_step_that_is_none(self, omtui: Command, dev: Path) -> None:
        answer = omtui("ask", "dev", "44")
        assert answer.code == 2
        assert "there is no step 44" in answer.err

    def test_production_that_is_locked(self, ask: Callable[..., Asked], dev: Path) -> None:
        dev.write_text(PROFILE.replace('"development"', '"production"'))
        asked = ask("dev", "5")
        assert asked.terminal.wait_for_exit() == 3
        assert "--unlock dev" in asked.terminal.text()
        unlocked = ask("dev", "5", "--unlock", "dev")
        unlocked.answer("Connectors", "^D")
        assert unlocked.terminal.wait_for_exit() == 0
