"""The commands that hand a set-up over and take one in, for the registry."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON, READ, REASON, UNLOCK

_HAND_OVER = "Hand-over"
_PASSPHRASE_IN = Option("--stdin", "read the passphrase from standard input")

COMMANDS: tuple[Command, ...] = (
    Command(
        "export",
        "one file for a colleague's omtui import",
        "omtui.commands.handing_over:export",
        (READ,),
        (
            Option("--output", "the file to write; - for standard output", "FILE", "-o", kind="file"),
            Option("--secrets", "with the secrets, sealed: --to or --passphrase says how"),
            Option("--to", "seal for this key: age1…, or a line of a .pub file", "RECIPIENT", many=True),
            Option("--passphrase", "seal with a passphrase, which is asked for"),
            _PASSPHRASE_IN,
            JSON,
        ),
        (
            "omtui export vision-dev -o vision-dev.handover.json",
            'omtui export vision-dev -o vision-dev.handover.json --secrets --to "$(cat colleague.pub)"',
        ),
        "The profile to the letter, its mapping, hashes, and the list of credentials to be provided. No history, no "
        "progress. Secrets go along only when asked for, in one sealed part that belongs to this profile alone.",
        _HAND_OVER,
        discreet=True,
    ),
    Command(
        "import",
        "take in a hand-over file, a profile, or a set-up typed as CSV or XLSX sheets",
        "omtui.commands.handing_over:take_in",
        (
            Argument(
                "FILE", "the file, - for standard input; several only for the CSV sheets of one set-up", "+", "file"
            ),
        ),
        (
            Option("--as", "the name it gets here", "NAME"),
            Option("--dry-run", "only show what it brings and would change"),
            Option("--sheet", "read it as sheets, whatever its name"),
            Option("--over", "change the profile of that name that is here, as one change that can be undone"),
            Option("--partly", "take what can be read of sheets with faults"),
            Option("--secrets", "take the sealed secrets, too"),
            Option("--identity", "the private key that opens them", "FILE", kind="file"),
            Option("--older", "also secrets that were set here later than there"),
            _PASSPHRASE_IN,
            UNLOCK,
            REASON,
            JSON,
        ),
        (
            "omtui import vision-dev.handover.json --dry-run",
            "omtui import setup.xlsx --as vision-new",
            "omtui import vision-dev.handover.json --secrets --identity ~/.ssh/id_ed25519",
        ),
        "Whatever comes is untrusted: it is shown what it brings, and what could do harm is refused or taken out, each "
        "with a line that says so. omtui runbook PROFILE -o FILE.xlsx writes the workbook that this reads.",
        _HAND_OVER,
        discreet=True,
    ),
)
"""Export and import."""
