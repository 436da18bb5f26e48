"""A profile in a Git working copy: its branch, and whether the file differs from what is committed.

Git itself is only asked for what is in its store. `ask` is the only place where omtui starts Git, because a working
copy may come from anybody: an archive that was unpacked here belongs to whoever unpacked it, so Git trusts its
configuration and its hooks.
"""

import os
from pathlib import Path
from typing import Literal

from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.store.files import LIMIT, read_file

PATIENCE = 20.0
"""How long Git may take when somebody asked for a revision, in seconds."""

QUICKLY = 2.0
"""How long it may take next to other work, in seconds."""

_KEPT = frozenset(
    {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES"}
    | {"GIT_DISCOVERY_ACROSS_FILESYSTEM"}
)
"""Of Git's variables those that a person sets for a machine. The others are what Git hands to the hooks and merge
drivers of one working copy (the file may be in another), or name programs."""

_VARIABLES = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    # An older Git knows nothing of the line above: then no way to fetch is allowed, `ext::` among them.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_LITERAL_PATHSPECS": "1",
    "LC_ALL": "C",
}

_SETTINGS = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", os.devnull),
    ("core.sshCommand", "false"),
    ("core.gitProxy", "false"),
    ("core.askPass", "false"),
    ("core.editor", "false"),
    ("core.pager", "cat"),
    ("core.alternateRefsCommand", "false"),
    ("credential.helper", ""),
    ("diff.external", ""),
    ("log.showSignature", "false"),
    ("gpg.program", "false"),
    ("gpg.openpgp.program", "false"),
    ("gpg.x509.program", "false"),
    ("gpg.ssh.program", "false"),
    ("gpg.ssh.defaultKeyCommand", "false"),
    ("protocol.allow", "never"),
)
"""Every setting that names a program for any command of Git and is not chosen by name (`diff.NAME.textconv`, filters,
merge drivers, aliases, remotes): those are not used by what is asked here, or need one of these to be reached."""

Committed = Literal["same", "differs", "new", "unknown"]
"""How a file compares to the last commit; `new` when that does not have it."""


def branch_of(path: Path) -> str | None:
    """The branch of the working copy that a file lies in, read without starting Git; `None` outside of one."""
    folder = _git_folder(Path(os.path.realpath(path)).parent)
    head = _head(folder / "HEAD") if folder else ""
    if not head:
        return None
    name = head.removeprefix("ref: refs/heads/")
    return plain(name) if name != head else f"no branch, at {plain(head[:8])}"


def committed(path: Path) -> Committed:
    """Whether a file differs from what is committed. Ends of lines do not count: Git may store them otherwise."""
    content = read_file(path)
    if isinstance(content, Problem):
        return "unknown"
    stored = ask(path, "cat-file", "blob", f"HEAD:./{path.name}", patience=QUICKLY)
    if isinstance(stored, Problem):
        return "unknown"
    if not stored:
        return "new"
    return "same" if _lines(stored) == _lines(content) else "differs"


Question = Literal["cat-file", "merge-file", "rev-list", "rev-parse"]
"""The commands of Git that are used: they read its store, and no setting adds to what they do. `log`, `show` and
`diff` would check signatures and convert texts, if the working copy's configuration says so."""


def ask(path: Path, question: Question, *words: str, patience: float = PATIENCE) -> bytes | Problem:
    """What Git answers in a file's folder; empty when it refuses. It runs no program that the working copy names."""
    import subprocess

    settings = [word for name, value in _SETTINGS for word in ("-c", f"{name}={value}")]
    place = ["--no-pager", "--no-optional-locks", "-C", str(path.parent)]
    command = ["git", *settings, *place, question, *words]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    environment = kept | _VARIABLES
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, timeout=patience, check=False
        )
    except FileNotFoundError:
        return Problem("there is no program git here to ask for a revision", "install it, or write a time")
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return Problem("git does not answer", "try git log in the profile's folder")
    if done.returncode or len(done.stdout) > LIMIT:
        return b""
    return done.stdout


def _git_folder(folder: Path) -> Path | None:
    for each in (folder, *folder.parents):
        mark = each / ".git"
        if (mark / "HEAD").is_file():
            return mark
        if mark.is_file():  # a linked working tree, or a submodule
            named = _head(mark)
            return (each / named.removeprefix("gitdir: ")) if named.startswith("gitdir: ") else None
    return None


def _head(file: Path) -> str:
    """The first line of one of Git's own small files; empty when it cannot be read."""
    try:
        with file.open("rb") as stream:
            lines = stream.read(4096).decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return lines[0].strip() if lines else ""


def _lines(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def merge_texts(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """Three texts merged line by line, as Git does it; `None` where they clash, or without Git."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="omtui-") as folder:
        names = []
        for name, content in (("ours", ours), ("base", base), ("theirs", theirs)):
            names.append(str(Path(folder, name)))
            Path(folder, name).write_bytes(content)
        merged = ask(Path(folder, "ours"), "merge-file", "-p", "--quiet", *names)
    return merged if isinstance(merged, bytes) and merged else None
