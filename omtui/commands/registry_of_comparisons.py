"""The commands of the group Compare, for the registry."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, TAG, WRITING

_COMPARE = "Compare"
_STATES = (
    "a name in the library, the path of a .toml file, or - for standard input; PROFILE@STATE for an earlier state: a "
    "time, promoted, or a Git revision"
)

COMMANDS: tuple[Command, ...] = (
    Command(
        "diff",
        "what differs between two profiles, or a profile and its earlier state",
        "omtui.commands.comparing:diff",
        (Argument("A", _STATES, kind="profile"), Argument("B", "what is compared with it", kind="profile")),
        (
            Option("--step", "only this step: profile, flow, 0 to 9, 4.1 or related", "STEP", many=True, kind="step"),
            TAG,
            Option("--markdown", "as Markdown, for a ticket or a merge request"),
            JSON,
        ),
        (
            "omtui diff vision-dev vision-test --step 5",
            "omtui diff vision-dev@2026-11-20 vision-dev",
            "omtui diff vision-dev@HEAD vision-dev --markdown",
        ),
        "By key, never by position: + added, - removed, ~ changed or renamed, -/+ what Oracle freezes and a pod has to "
        "delete and create. Ends with 1 when anything differs.",
        _COMPARE,
    ),
    Command(
        "compare",
        "several environments: same, other, missing",
        "omtui.commands.comparing:compare",
        (Argument("PROFILE", "two profiles or more; all of the library if left out", "*", "profile"),),
        (
            Option("--changed", "only where they are not all the same"),
            Option("--output", "write to a file: .html, .xlsx, .md or .csv", "FILE", "-o", kind="file"),
            JSON,
        ),
        (
            "omtui compare vision-dev vision-test vision-prod --changed",
            "omtui compare vision-dev vision-test vision-prod -o environments.xlsx",
        ),
        "One row a place, one column a profile. Each is compared with the first that has the place. Ends with 1 when "
        "anything is not the same.",
        _COMPARE,
    ),
    Command(
        "merge",
        "two people's changes of one profile, together, by key",
        "omtui.commands.merging:merge",
        (
            Argument("BASE", "what both started from: a profile, PROFILE@STATE, or an empty file", kind="profile"),
            Argument("OURS", "the profile that is changed, or the file that Git hands over", kind="profile"),
            Argument("THEIRS", "what the other one made of it", kind="profile"),
        ),
        (
            Option("--ours", "settle the conflict at this place: keep what stands in OURS", "PLACE", many=True),
            Option("--theirs", "settle the conflict at this place: take what stands in THEIRS", "PLACE", many=True),
            Option("--print", "write the result to standard output and nothing into OURS"),
            *WRITING,
        ),
        (
            "omtui merge vision-dev@HEAD vision-dev ~/theirs/vision-dev.toml",
            "omtui merge vision-dev@promoted vision-dev vision-design --theirs 'connectors[Connector01].url'",
        ),
        "Ends with 3 while there are conflicts. Of each, what stands in OURS stays, all else is merged, and the file "
        "can be read; the file that Git hands over has a comment CONFLICT at the place. As Git's merge driver: "
        "git config merge.omtui.driver 'omtui merge %O %A %B', and in .gitattributes *.toml merge=omtui.",
        _COMPARE,
    ),
)
