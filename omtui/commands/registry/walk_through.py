"""The commands of the group Walk-through."""

from dataclasses import replace

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, PROFILE, READ, REASON, TAG, UNLOCK

COMMANDS: tuple[Command, ...] = (
    Command(
        "runbook",
        "Write the runbook: every page to open in Fusion, and what to enter there",
        "omtui.commands.documenting:runbook",
        (replace(READ, many="?"),),
        (
            Option("--output", "write to a file: .md, .html, .csv or .xlsx", "FILE", "-o", kind="file"),
            Option(
                "--since",
                "only what differs from this profile, earlier state, or file read out of the pod (.csv, .xlsx, .zip)",
                "PROFILE",
                kind="profile",
            ),
            Option("--after-refresh", "only what a refresh of the pod overwrote, the most harmful first"),
            Option("--template", "write the empty workbook (.xlsx) for people who collect a set-up in a spreadsheet"),
            TAG,
        ),
        (
            "omtui runbook vision-dev -o vision-dev.html",
            "omtui runbook vision-dev --since vision-dev@2026-11-01",
            "omtui runbook vision-test --after-refresh",
            "omtui runbook --template -o set-up.xlsx",
        ),
        "In working order, with the click path, each field and its value, and boxes to sign off. The HTML page has a "
        "button to copy each value. A workbook (.xlsx) holds the set-up itself, with a cover and columns to sign off: "
        "omtui import reads it.",
    ),
    Command(
        "tick",
        "Tick what was entered in the pod",
        "omtui.commands.ticking:tick",
        (
            PROFILE,
            Argument("STEP|PLACE", "a step such as 4.1, deploy or proof; or connectors[Connector01]", "+", "record"),
        ),
        (
            Option("--by", "who entered it; the name of this account if left out", "NAME"),
            Option("--note", "a note to keep with the tick", "TEXT"),
            Option("--skip", "mark it as left out on purpose"),
            Option("--take-back", "remove the tick"),
            JSON,
        ),
        (
            "omtui tick vision-test 'connectors[Connector01]' --by 'A. Admin'",
            "omtui tick vision-test 3 4 4.1",
            "omtui tick vision-test 8 --skip --note 'no jeopardy here'",
        ),
        "Ticks are kept in PROFILE.progress.toml next to the profile, which stays as it is. A record that changes "
        "after its tick is marked again.",
    ),
    Command(
        "refreshed",
        "Note that another pod was copied over this one",
        "omtui.commands.ticking:refreshed",
        (PROFILE,),
        (
            Option("--from", "the profile of the pod that was copied", "SOURCE", kind="profile"),
            Option("--on", "the day of the refresh", "DATE"),
            UNLOCK,
            REASON,
            JSON,
        ),
        ("omtui refreshed vision-test --from vision-prod --on 2026-10-02",),
        "Removes the ticks of what the refresh overwrote: omtui runbook PROFILE --after-refresh lists it, and check "
        "P0-11 reports it until it is ticked again. Ticks from after that day stay.",
    ),
    Command(
        "handout",
        "Write what other teams need: access, network, certificates, credentials",
        "omtui.commands.documenting:handout",
        (
            READ,
            Argument(
                "KIND",
                "access, network, certificates or credentials",
                choices=("access", "network", "certificates", "credentials"),
            ),
        ),
        (Option("--output", "write to a file: .md, .html, .csv or .xlsx", "FILE", "-o", kind="file"), TAG),
        ("omtui handout vision-prod network -o firewall.xlsx", "omtui handout vision-prod access"),
        "access: who gets which role and why. network: which host calls which, on which port, with the last verdict "
        "of omtui probe on this machine. certificates: which, and when they expire. credentials: by name, never a "
        "value.",
    ),
)
