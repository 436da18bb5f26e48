"""Paths as people type them."""

import os
from pathlib import Path


def typed_path(text: str) -> Path:
    """The path of a typed name; `~` is a home folder.

    `~name` of a user that this machine does not know stays as typed, as in a shell: `Path.expanduser` would raise. No
    file has a NUL in its name: shown as its picture it is a name like any other that does not exist.
    """
    return Path(os.path.expanduser(text.replace("\0", "\u2400")))  # noqa: PTH111 - see above
