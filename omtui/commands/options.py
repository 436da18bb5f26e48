"""Options and arguments that several commands take."""

from omtui.commands.arguments import Argument, Option

LIBRARY = Option("--library", "the folder of profiles", "DIR", kind="folder")
DEBUG = Option("--debug", "show the traceback of an error in the program")
HELP = Option("--help", "show this help", short="-h")
COMMON = (LIBRARY, DEBUG, HELP)
"""What every command takes."""

JSON = Option("--json", "write one JSON document to standard output")
UNLOCK = Option("--unlock", "allow this command to change the production profile NAME", "NAME", kind="profile")
REASON = Option("--reason", "why it is changed; kept in the log", "TEXT")
TAG = Option("--tag", "only records with this tag", "NAME", many=True)
WRITING = (UNLOCK, REASON, JSON)
"""What every command takes that changes a profile."""

PROFILE = Argument("PROFILE", "a name in the library, or the path of a .toml file", kind="profile")
READ = Argument(
    "PROFILE",
    "a name in the library, the path of a .toml file, or - for standard input; PROFILE@STATE for an earlier state: "
    "a time, or a Git revision",
    kind="profile",
)
