"""The commands of the group This machine."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON

COMMANDS: tuple[Command, ...] = (
    Command(
        "doctor",
        "Check what works here: terminal, locale, library, state, credential store, proxies, OpenSSH",
        "omtui.commands.diagnosing:doctor",
        (),
        (Option("--no-network", "send nothing to the network"), JSON),
        ("omtui doctor",),
        "Exits with 1 when something needs attention.",
    ),
    Command(
        "completions",
        "Print the completion script of a shell",
        "omtui.commands.completing:completions",
        (Argument("SHELL", "bash, zsh or fish", choices=("bash", "zsh", "fish")),),
        (Option("--line", "the line typed so far (for the script)", "TEXT"),),
        (
            'eval "$(omtui completions bash)"',
            "omtui completions zsh >~/.zfunc/_omtui",
            "omtui completions fish >~/.config/fish/completions/omtui.fish",
        ),
    ),
)
