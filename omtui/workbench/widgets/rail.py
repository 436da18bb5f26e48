"""The tasks at the left of wide screens: always in view, a click goes there."""

from dataclasses import dataclass

from rich.cells import set_cell_size
from textual import events
from textual.content import Content
from textual.message import Message

from omtui.service.progress import TaskState
from omtui.workbench.signs import Signs
from omtui.workbench.widgets.bars import Bar

WIDTH = 28

STATE_STYLES = {
    "empty": "dim",
    "incomplete": "$text-warning",
    "errors": "$text-error",
    "changed": "$text-warning",
    "warnings": "$text-warning",
    "fine": "$text-success",
    "done": "$text-success",
}


def state_sign(signs: Signs, word: str) -> str:
    """The sign of a task's state."""
    return {
        "empty": signs.empty,
        "incomplete": signs.incomplete,
        "errors": signs.error,
        "changed": signs.again,
        "warnings": signs.warning,
        "fine": signs.fine,
        "done": signs.done,
    }[word]


class Rail(Bar):
    """One line for each task: its state, number and short name."""

    @dataclass
    class TaskClicked(Message):
        """A task was clicked."""

        step: str

    def __init__(self) -> None:
        super().__init__(id="rail")
        self.display = False
        self._steps: list[str] = []

    def show_states(self, states: list[TaskState], here: str, signs: Signs) -> None:
        """Show the state of the tasks, and which one is on the screen."""
        self._steps = [state.task.step for state in states]
        lines = [Content.styled(" Tasks", "dim")]
        for state in states:
            number = state.task.step if state.task.step[0].isdigit() else ""
            text = set_cell_size(f" {number:<4}{state.task.short}", WIDTH - 4)
            style = "bold $foreground on $cursor" if state.task.step == here else ""
            quiet = "dim" if state.word == "empty" and not style else style
            lines.append(
                Content.assemble((f" {state_sign(signs, state.word)} ", STATE_STYLES[state.word]), (text, quiet))
            )
        self.show(Content("\n").join(lines))

    def on_click(self, event: events.Click) -> None:
        """Go to the task that was clicked."""
        number = event.y - 1
        if 0 <= number < len(self._steps):
            self.post_message(self.TaskClicked(self._steps[number]))
