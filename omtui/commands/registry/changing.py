"""The commands of the group Change."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import PROFILE, REASON, UNLOCK, WRITING

COMMANDS: tuple[Command, ...] = (
    Command(
        "set",
        "Set a field",
        "omtui.commands.editing:set_value",
        (
            PROFILE,
            Argument("PLACE", "the field, for example connectors[Connector01].url", kind="place"),
            Argument(
                "VALUE", "a text as it is, everything else as TOML; +=V adds to a list, -=V removes from it", loose=True
            ),
        ),
        WRITING,
        (
            "omtui set vision-dev 'connectors[Connector01].url' https://soa.pick.example:8002/process",
            "omtui set vision-dev 'trigger_points[Hold].connectors' +=EventConnector",
        ),
        "An empty VALUE clears the field. Put -- before a VALUE that begins with two dashes. A whole routing rule is "
        "set in one line: 'Item = CM5008 and Task Type = Invoice -> Connector01'. Findings that the value causes are "
        "shown.",
    ),
    Command(
        "add",
        "Add a record",
        "omtui.commands.editing:add",
        (
            PROFILE,
            Argument("TABLE", "for example connectors, or task_types[Pick].services", kind="table"),
            Argument("KEY", "the key of the new record; leave it out where records have none", "?", loose=True),
            Argument("FIELD=VALUE", "fields and values, as for omtui set", "*", kind="assignment", loose=True),
        ),
        WRITING,
        ("omtui add vision-dev connectors Connector02 target_system=CSS01 send_attachments=true",),
    ),
    Command(
        "remove",
        "Remove a record, or clear a field",
        "omtui.commands.editing:remove",
        (PROFILE, Argument("PLACE", "the record or field", kind="place")),
        WRITING,
        ("omtui remove vision-dev 'connectors[Connector02]'",),
    ),
    Command(
        "rename",
        "Rename a record, and everything that refers to it",
        "omtui.commands.editing:rename",
        (PROFILE, Argument("PLACE", "the record", kind="record"), Argument("NEW", "its new key", loose=True)),
        WRITING,
        ("omtui rename vision-dev 'connectors[Connector01]' PickConnector",),
    ),
    Command(
        "move",
        "Move a record within its list",
        "omtui.commands.editing:move",
        (PROFILE, Argument("PLACE", "the record", kind="record")),
        (
            Option("--before", "move it before this record", "KEY"),
            Option("--after", "move it after this record", "KEY"),
            *WRITING,
        ),
        ("omtui move vision-dev 'routing_rules[Route 02]' --before 'Route 01'",),
    ),
    Command(
        "undo",
        "Undo the last change, or restore an earlier state",
        "omtui.commands.editing:undo",
        (PROFILE,),
        (
            Option("--redo", "redo the last undone change"),
            Option("--to", "restore this state: a time, promoted, or a Git revision", "STATE"),
            Option("--place", "with --to: restore only this place", "PLACE", kind="place"),
            *WRITING,
        ),
        ("omtui undo vision-dev", "omtui undo vision-dev --to 2026-11-20T08:00 --place 'connectors[Connector01]'"),
        "Restoring a state is one change, and can be undone.",
    ),
    Command(
        "ask",
        "Ask for a task's fields with plain prompts",
        "omtui.commands.asking:ask",
        (PROFILE, Argument("STEP", "profile, flow, 0 to 9, 4.1 or related", kind="step")),
        (UNLOCK, REASON),
        ("omtui ask vision-dev 5",),
        "For screen readers and slow connections: one question a line, nothing is drawn. At every question ? shows "
        "help, an empty line keeps the value, - clears it, < goes back, ctrl+d stops and keeps what was entered.",
    ),
    Command(
        "fmt",
        "Format a profile, comments kept",
        "omtui.commands.editing:fmt",
        (PROFILE,),
        (Option("--check", "write nothing; exit with 1 if the layout is not canonical"), *WRITING),
        ("omtui fmt vision-dev", "omtui fmt profiles/vision-dev.toml --check"),
    ),
)
