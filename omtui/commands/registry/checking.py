"""The commands of the group Check."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, READ, REASON, TAG, UNLOCK

COMMANDS: tuple[Command, ...] = (
    Command(
        "check",
        "Check profiles: what is wrong, and how to fix it",
        "omtui.commands.checking:check",
        (Argument("PROFILE", READ.help, "+", "profile"),),
        (
            Option(
                "--format",
                "text, json, junit, sarif or github",
                "FORMAT",
                choices=("text", "json", "junit", "sarif", "github"),
            ),
            Option("--json", "same as --format json"),
            Option("--strict", "exit with 1 for warnings, too"),
            Option("--credentials", "check which credentials are set in the store (S5-10)"),
            TAG,
            Option(
                "--fix", "carry out the fixes of this check; safe: those that only add what is missing", "ID", many=True
            ),
            Option("--dry-run", "with --fix: only show what would be done"),
            REASON,
            UNLOCK,
        ),
        (
            "omtui check vision-dev",
            "omtui check vision-dev --fix safe --dry-run",
            "omtui check profiles/*.toml --format junit >findings.xml",
        ),
        "Exits with 1 when there is an error, with 2 when a profile cannot be read. --fix writes one change that can "
        "be undone, and exits with 0; with 2 when the check finds nothing, with 3 when a person has to fix it.",
    ),
    Command(
        "impact",
        "Show what an update of the pod changes for a set-up",
        "omtui.commands.impact:impact",
        (Argument("PROFILE", READ.help, "+", "profile"),),
        (
            Option("--to", "the release of the update; pod.next_release, or the next one, if left out", "RELEASE"),
            Option("--from", "the release before it; pod.release if left out", "RELEASE"),
            Option("--output", "write to a file: .md or .html", "FILE", "-o", kind="file"),
            JSON,
        ),
        ("omtui impact vision-prod", "omtui impact profiles/*.toml --to 26D -o update.html"),
        "Findings that appear, get worse, ease or disappear, and waivers that lapse, with the release, Oracle's page, "
        "what to do, and whether before or after the update. Exits with 1 when there is something to do.",
    ),
    Command(
        "explain",
        "Explain a check: what it means, why Oracle asks for it, how to fix it",
        "omtui.commands.checking:explain",
        (Argument("CHECK", "its id, for example S5-02", kind="check"),),
        (JSON,),
        ("omtui explain S5-02",),
    ),
)
