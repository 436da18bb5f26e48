"""The commands of the group Read."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, PROFILE, READ

COMMANDS: tuple[Command, ...] = (
    Command(
        "get",
        "Print one value",
        "omtui.commands.reading:get",
        (READ, Argument("PLACE", "for example connectors[Connector01].url", kind="place")),
        (JSON,),
        ("omtui get vision-dev 'connectors[Connector01].url'",),
        "Prints a text as it is, everything else as TOML. On a terminal, control characters are replaced by visible "
        "signs; a pipe or a file gets the exact value.",
    ),
    Command(
        "usages",
        "List what refers to a record",
        "omtui.commands.reading:usages",
        (READ, Argument("PLACE", "the record, for example connectors[Connector01]", kind="record")),
        (JSON,),
        ("omtui usages vision-dev 'connectors[Connector01]'",),
    ),
    Command(
        "log",
        "Show who changed what, when and why",
        "omtui.commands.history:log",
        (PROFILE,),
        (
            Option("--place", "only changes of this place", "PLACE", kind="place"),
            Option("--ticket", "only changes for this change ticket", "TEXT"),
            JSON,
        ),
        ("omtui log vision-dev", "omtui log vision-dev --place 'connectors[Connector01]'"),
        "Lists changes by other programs, too, without a name. The hash of each entry covers the one before it, so a "
        "changed or removed entry is detected. omtui diff and omtui undo --to take the times as printed here.",
    ),
    Command(
        "schema",
        "Print the JSON Schema of a profile, for editors",
        "omtui.commands.reading:schema",
        examples=("omtui schema >profile.schema.json",),
    ),
)
