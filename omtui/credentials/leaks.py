"""What around this process could show its secrets."""

import os
import resource
from collections.abc import Mapping

_WATCHING = {
    "TEXTUAL_LOG": "Textual writes every key typed and every value entered into that file",
    "TEXTUAL": "Textual's developer tools see every key typed and every value entered",
    "TEXTUAL_SCREENSHOT": "Textual writes a picture of the screen, and of a secret that is shown, into a file",
    "SSLKEYLOGFILE": "the keys of every TLS connection are written into that file",
}


def watchers(environ: Mapping[str, str] | None = None) -> list[str]:
    """What in the environment would record a secret while it is typed, shown or sent."""
    variables = os.environ if environ is None else environ
    found = []
    for name, what in _WATCHING.items():
        value = variables.get(name, "")
        if value and (name != "TEXTUAL" or "devtools" in value):
            found.append(f"{name} is set: {what}")
    return found


def key_log(environ: Mapping[str, str] | None = None) -> str:
    """What would let a secret be read on its way to a server; empty where nothing does."""
    return next((each for each in watchers(environ) if each.startswith("SSLKEYLOGFILE")), "")


def forbid_core_dumps() -> bool:
    """Makes a crash of this process leave no image of its memory on a disk. Cheap: call it at the start."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    return True
