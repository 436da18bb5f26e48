"""The commands of the group The pod."""

from omtui.commands.arguments import Argument, Command, Option

COMMANDS: tuple[Command, ...] = (
    Command(
        "query",
        "Print SQL that reads a setup task out of the pod",
        "omtui.commands.query:query",
        (Argument("STEP", "a step such as 3 or 5", kind="step"),),
        (Option("--dialect", "the database; oracle if left out", "NAME", choices=("oracle",)),),
        ("omtui query 5",),
        "For a BI Publisher data model over Oracle's published tables. A comment names table and column of each field, "
        "how sure that is, and what cannot be had. Columns are named as the fields of a profile.",
    ),
)
