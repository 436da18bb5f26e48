"""The command of the group Compare that changes another environment's profile, for the registry."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import TAG, WRITING

COMMANDS: tuple[Command, ...] = (
    Command(
        "promote",
        "carry a set-up over to another environment",
        "omtui.commands.promoting:promote",
        (
            Argument("SOURCE", "what is carried over: a profile, or PROFILE@STATE", kind="profile"),
            Argument("TARGET", "the profile that gains it", kind="profile"),
        ),
        (
            Option("--map", "the mapping of the two; TARGET.map.toml if left out", "FILE", kind="file"),
            Option("--propose", "write what both profiles tell, and what is to be filled in, to the mapping"),
            Option("--only", "only this record, with what it refers to", "PLACE", many=True),
            Option("--without", "leave this record out", "PLACE", many=True),
            TAG,
            Option(
                "--remove", "take away this record that only the target has; all for all of them", "PLACE", many=True
            ),
            Option("--keep-target", "where both changed it: the target's value stays", "PLACE", many=True),
            Option("--take-source", "where both changed it: the source's value is taken", "PLACE", many=True),
            Option(
                "--plan", "write the plan to a file; with --apply, carry out the one of this file", "FILE", kind="file"
            ),
            Option("--apply", "change the target's profile"),
            Option("--ticket", "the change ticket, kept in the log: omtui log TARGET --ticket finds it", "TEXT"),
            Option(
                "--output", "write the plan for the ticket, with boxes to approve", "FILE.md|.html", "-o", kind="file"
            ),
            *WRITING,
        ),
        (
            "omtui promote vision-dev vision-test --propose",
            "omtui promote vision-dev vision-test",
            "omtui promote vision-dev vision-test --plan release-7.json",
            "omtui promote vision-dev vision-test -o CHG0003.html --ticket CHG0003",
            'omtui promote vision-dev vision-test --plan release-7.json --apply --reason "release 7"',
        ),
        "Hosts, users and credentials are told in the target's terms, by the mapping; states of the pod and passwords "
        "never travel. Nothing is written without --apply, which is one change: omtui undo TARGET takes it back. Since "
        "the last promotion, what was changed in the target stays; what both changed is asked for. Against the chain "
        "(production to test), only what the source changed itself since comes back. Ends with 3 when something "
        "is to be settled first, or when the plan is stale.",
        "Compare",
    ),
)
