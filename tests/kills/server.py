"""Runs commands of omtui in children of its own, which the preloaded library kills at a given call.

A line of JSON on standard input is a command: its words, at which writing system call it is killed (0: nowhere), before
or after that call, and with which error the call fails in place of that (0: none). A line of JSON answers: the exit
status, what it wrote, and how many such calls it made.
"""

import ctypes
import importlib
import json
import os
import pkgutil
import sys
import tempfile

from omtui import commands, compare, documents, service, setup, store
from omtui.cli import run as omtui
from omtui.problem import Done
from omtui.service.workspace import Workspace
from omtui.store.folders import library_folder


def run(words: list[str], number: int, behind: bool, failure: int) -> dict[str, object]:
    """One command in a child."""
    library = ctypes.CDLL(None)
    with tempfile.TemporaryFile() as written, tempfile.TemporaryFile() as count:
        child = os.fork()
        if child == 0:
            code = 70
            try:
                os.dup2(written.fileno(), 1)
                os.dup2(written.fileno(), 2)
                sys.argv = ["omtui", *words]
                if failure:
                    library.omtui_fail_at(number, failure)
                else:
                    library.omtui_kill_at(number, behind)
                code = act(words[1:]) if words[0] == "workspace" else omtui(words)
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                made = library.omtui_seen()
                library.omtui_kill_at(0, 0)
                os.write(count.fileno(), str(made).encode())
                os._exit(code)
        _, status = os.waitpid(child, 0)
        written.seek(0)
        count.seek(0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "out": written.read().decode("utf-8", "replace"),
            "calls": int(count.read() or b"0"),
        }


def act(words: list[str]) -> int:
    """What only the workbench does with whole profiles."""
    workspace = Workspace(library_folder())
    if words[0] == "restore":
        outcome = workspace.restore(next(each for each in workspace.library.trashed() if each.name == words[1]))
    else:
        outcome = getattr(workspace, words[0])(*words[1:])
    print(outcome)
    return 0 if isinstance(outcome, Done) else 3


def _know_everything() -> None:
    """Load what commands use, so that no child has to."""
    for package in (commands, compare, documents, service, setup, store):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


if __name__ == "__main__":
    _know_everything()
    for line in sys.stdin:
        print(json.dumps(run(*json.loads(line))), flush=True)
