"""The commands of the group The pod."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import READ

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
    Command(
        "payload",
        "Print the body that an external system sends to the pod",
        "omtui.commands.payload:payload",
        (
            READ,
            Argument("KIND", "response, acknowledgement or order", choices=("response", "acknowledgement", "order")),
            Argument("PLACE", "the task type that is answered, or the system that sends the order", "?", "record"),
        ),
        (Option("--output", "write it to this file", "FILE", "-o", kind="file"),),
        ("omtui payload vision-dev response Pick_From_Ravi", "omtui payload vision-dev order -o order.json"),
        "Filled from the set-up, to be pasted into a client. What is not known begins with FILL-IN-, and is listed. "
        "Names are those of Oracle's pages; what no page says is not made up.",
    ),
)
