"""The commands of the group Compare."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, REASON, TAG, UNLOCK, WRITING

_STATES = (
    "a name in the library, the path of a .toml file, or - for standard input; PROFILE@STATE for an earlier state: a "
    "time, promoted, or a Git revision"
)

COMMANDS: tuple[Command, ...] = (
    Command(
        "diff",
        "Compare two profiles, or a profile with an earlier state",
        "omtui.commands.comparing:diff",
        (
            Argument("A", _STATES, kind="profile"),
            Argument(
                "B",
                "the profile or state to compare it with, or a .csv, .xlsx or .zip file read out of the pod",
                kind="profile",
            ),
        ),
        (
            Option(
                "--step",
                "compare only this step: profile, flow, 0 to 9, 4.1 or related",
                "STEP",
                many=True,
                kind="step",
            ),
            TAG,
            Option(
                "--accept",
                "take over what the file read out of the pod says at this record or field; all takes over everything",
                "PLACE",
                many=True,
            ),
            REASON,
            UNLOCK,
            Option("--markdown", "write Markdown, for a ticket or a merge request"),
            JSON,
        ),
        (
            "omtui diff vision-dev vision-test --step 5",
            "omtui diff vision-dev@2026-11-20 vision-dev",
            "omtui diff vision-dev@HEAD vision-dev --markdown",
            "omtui diff vision-dev connectors.csv",
            "omtui diff vision-dev source-systems.zip",
        ),
        "Compares by key, never by position: + added, - removed, ~ changed or renamed, -/+ frozen by Oracle: the pod "
        "has to delete and create it. A .zip is a setup data package, read by NAME.fsm.toml (see omtui import --fsm). "
        "Exits with 1 when anything differs.",
    ),
    Command(
        "compare",
        "Compare several environments: same, other, missing",
        "omtui.commands.comparing:compare",
        (Argument("PROFILE", "two or more profiles; the whole library if left out", "*", "profile"),),
        (
            Option("--changed", "only places that are not the same everywhere"),
            Option("--output", "write to a file: .html, .xlsx, .md or .csv", "FILE", "-o", kind="file"),
            JSON,
        ),
        (
            "omtui compare vision-dev vision-test vision-prod --changed",
            "omtui compare vision-dev vision-test vision-prod -o environments.xlsx",
        ),
        "One row a place, one column a profile. Each is compared with the first that has the place. Exits with 1 when "
        "anything is not the same.",
    ),
    Command(
        "merge",
        "Merge two people's changes of one profile, by key",
        "omtui.commands.merging:merge",
        (
            Argument("BASE", "what both started from: a profile, PROFILE@STATE, or an empty file", kind="profile"),
            Argument("OURS", "the profile to change, or the file that Git passes", kind="profile"),
            Argument("THEIRS", "the other person's version", kind="profile"),
        ),
        (
            Option("--ours", "settle the conflict at this place with the value of OURS", "PLACE", many=True),
            Option("--theirs", "settle the conflict at this place with the value of THEIRS", "PLACE", many=True),
            Option("--print", "write the result to standard output, not to OURS"),
            *WRITING,
        ),
        (
            "omtui merge vision-dev@HEAD vision-dev ~/theirs/vision-dev.toml",
            "omtui merge vision-dev@promoted vision-dev vision-design --theirs 'connectors[Connector01].url'",
        ),
        "Exits with 3 while there are conflicts: each keeps the value of OURS, everything else is merged, and the "
        "file stays readable. In the file that Git passes, a comment CONFLICT marks the place. As Git's merge driver: "
        "git config merge.omtui.driver 'omtui merge %O %A %B', and in .gitattributes *.toml merge=omtui.",
    ),
    Command(
        "promote",
        "Promote a set-up to another environment",
        "omtui.commands.promoting:promote",
        (
            Argument("SOURCE", "the profile to promote, or PROFILE@STATE", kind="profile"),
            Argument("TARGET", "the profile to change", kind="profile"),
        ),
        (
            Option("--map", "the mapping of the two; TARGET.map.toml if left out", "FILE", kind="file"),
            Option("--propose", "write a proposal to the mapping: what both profiles say, and what is to be filled in"),
            Option("--only", "only this record, with what it refers to", "PLACE", many=True),
            Option("--without", "leave this record out", "PLACE", many=True),
            TAG,
            Option(
                "--remove", "remove this record, which only the target has; all for all of them", "PLACE", many=True
            ),
            Option("--keep-target", "keep the target's value at a place that both changed", "PLACE", many=True),
            Option("--take-source", "take the source's value at a place that both changed", "PLACE", many=True),
            Option(
                "--plan", "write the plan to a file; with --apply, apply the plan in this file", "FILE", kind="file"
            ),
            Option("--apply", "change the target's profile"),
            Option(
                "--orders",
                "say which of these orders change connector by it in the target",
                "FILE",
                many=True,
                kind="file",
            ),
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
            "omtui promote vision-dev vision-test --orders last-year.csv",
            "omtui promote vision-dev vision-test -o CHG0003.html --ticket CHG0003",
            'omtui promote vision-dev vision-test --plan release-7.json --apply --reason "release 7"',
        ),
        "Shows the plan; --apply carries it out as one change, which omtui undo TARGET takes back. The mapping "
        "translates hosts, users and credentials into the target's; the state of the pod and passwords are never "
        "promoted. What changed in the target since the last promotion stays; what changed in both is a conflict to "
        "settle. Against the chain (production to test), only the source's own changes are promoted. Exits with 3 "
        "when something is to be settled first, or when the plan is stale.",
    ),
)
