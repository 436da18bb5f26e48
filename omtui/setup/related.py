"""What else the integration depends on: set-up of other tasks, profile options, parameters."""

from omtui.setup.field import Field
from omtui.setup.profile import STEP_WORDS
from omtui.setup.table import Table, Task

_PAGE = "the page of the task that the record names"

RELATED_SETUP = Table(
    path="related_setup",
    title="Related set-up",
    singular="related set-up",
    key="name",
    columns=("name", "task", "setting", "value", "level", "step"),
    help="In the runbook, in differences and promotions like every other record.",
    source=_PAGE,
    own_fields=(
        Field("name", "Name", required=True, help="What it is for.", own=True),
        Field("task", "Task", required=True, help="Oracle's task, for example Manage Administrator Profile Values."),
        Field("setting", "Setting", help="What is set, for example ORA_FOM_RW_MANAGE_BUSINESS_EVENTS."),
        Field("value", "Value", help="What to enter."),
        Field("level", "Level", help="Of a profile option: the level, for example Site."),
        Field("step", "Step", values=STEP_WORDS, help="The step that it serves.", own=True),
    ),
)

TASK = Task(
    step="related",
    short="Related set-up",
    title="Related set-up",
    tables=("related_setup",),
    offering="",
    functional_area="",
    purpose="Profile options, parameters, value sets and opt-ins that the eleven tasks lean on and that nobody "
    "remembers in the next environment.",
    procedure=("Open the task named in the record, and enter the value.",),
)
