"""The commands of the group Hand-over."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, READ, REASON, UNLOCK

_PASSPHRASE_IN = Option("--stdin", "read the passphrase from standard input")

COMMANDS: tuple[Command, ...] = (
    Command(
        "export",
        "Export a profile as one file for a colleague",
        "omtui.commands.handing_over:export",
        (READ,),
        (
            Option("--output", "the file to write; - for standard output", "FILE", "-o", kind="file"),
            Option("--secrets", "include the secrets, sealed with --to or --passphrase"),
            Option("--to", "seal for this key: age1…, or a line of a .pub file", "RECIPIENT", many=True),
            Option("--passphrase", "seal with a passphrase (prompts for it)"),
            _PASSPHRASE_IN,
            JSON,
        ),
        (
            "omtui export vision-dev -o vision-dev.handover.json",
            'omtui export vision-dev -o vision-dev.handover.json --secrets --to "$(cat colleague.pub)"',
        ),
        "Contains the exact profile, its mapping, hashes, and the list of credentials to be provided; no history and "
        "no progress. Secrets are included only with --secrets, in one sealed part for this profile alone.",
        discreet=True,
    ),
    Command(
        "import",
        "Import a hand-over file, a profile, CSV or XLSX sheets, or a setup data package",
        "omtui.commands.handing_over:take_in",
        (
            Argument(
                "FILE", "the file, or - for standard input; several only for the CSV sheets of one set-up", "+", "file"
            ),
        ),
        (
            Option("--as", "the name of the profile here", "NAME"),
            Option("--dry-run", "show what it brings and would change, write nothing"),
            Option("--sheet", "read it as sheets, with any name"),
            Option(
                "--over",
                "change the existing profile of that name, as one change that can be undone; with --fsm: --over NAME",
            ),
            Option("--partly", "import what can be read of sheets with faults"),
            Option(
                "--fsm", "read it as a setup data package, exported from Setup and Maintenance as CSV files in a ZIP"
            ),
            Option("--propose", "with --fsm: write every column to NAME.fsm.toml, for its field to be filled in"),
            Option("--secrets", "import the sealed secrets, too"),
            Option("--identity", "the private key that opens them", "FILE", kind="file"),
            Option("--older", "replace secrets that were set here later, too"),
            _PASSPHRASE_IN,
            UNLOCK,
            REASON,
            JSON,
        ),
        (
            "omtui import vision-dev.handover.json --dry-run",
            "omtui import setup.xlsx --as vision-new",
            "omtui import vision-dev.handover.json --secrets --identity ~/.ssh/id_ed25519",
            "omtui import --fsm source-systems.zip --over vision-dev --dry-run",
            "omtui import --fsm source-systems.zip --over vision-dev --propose",
        ),
        "Files are untrusted: omtui shows what a file brings, and refuses or removes what could do harm, with a line "
        "for each. omtui runbook PROFILE -o FILE.xlsx writes a workbook that this reads. Of a setup data package only "
        "the columns are read that NAME.fsm.toml maps to fields; it adds and changes records, and never removes any.",
        discreet=True,
    ),
)
