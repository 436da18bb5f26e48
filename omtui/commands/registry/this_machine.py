"""The commands of the group This machine."""

from omtui.commands.arguments import Argument, Command, Option
from omtui.commands.options import JSON

COMMANDS: tuple[Command, ...] = (
    Command(
        "help",
        "Show the help of a command, or a topic: git, keys, offline, passwords, ssh",
        "omtui.commands.helping:show_help",
        (Argument("COMMAND", "a command, or a topic", "*"),),
        (),
        ("omtui help check", "omtui help passwords"),
    ),
    Command(
        "keys",
        "Show the keys of the workbench, with yours from settings.toml",
        "omtui.cli:keys",
        (),
        (Option("--markdown", "as Markdown tables"),),
        ("omtui keys", "omtui keys --markdown >keys.md"),
    ),
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
