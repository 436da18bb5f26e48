"""Programs that tests need besides Python, and what a machine lacks."""

import os
import shutil
from collections.abc import Iterable
from typing import Final

import pytest

PACKAGES: Final = {
    "age": "age",
    "age-keygen": "age",
    "bash": "bash",
    "cc": "build-essential",
    "dbus-daemon": "dbus-daemon",
    "fish": "fish",
    "git": "git",
    "gnome-keyring-daemon": "gnome-keyring",
    "gpg": "gnupg",
    "ip": "iproute2",
    "openssl": "openssl",
    "pass": "pass",
    "rsvg-convert": "librsvg2-bin",
    "strace": "strace",
    "tmux": "tmux",
    "zsh": "zsh",
}
"""Which of Debian's packages brings a program; those of .ci/packages."""

_NEEDS: Final = "needs the program "


def require(program: str) -> str:
    """The path of a program that a test cannot do without.

    Where it is missing the test is skipped on a person's machine, and fails in CI, which installs it. Ask for it
    before anything else: `left_out` counts what was skipped so.
    """
    path = shutil.which(program, path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin")))
    if path is None:
        package = PACKAGES[program]
        if os.environ.get("CI"):
            pytest.fail(f"{_NEEDS}{program}, and CI has to install {package} (see .ci/packages)")
        pytest.skip(f"{_NEEDS}{program}")
    return path


def left_out(reasons: Iterable[str]) -> str:
    """One line on the tests that were skipped for want of a program; empty where none was."""
    programs = [reason.partition(_NEEDS)[2] for reason in reasons if _NEEDS in reason]
    if not programs:
        return ""
    packages = " ".join(sorted({PACKAGES[program] for program in programs}))
    tests = "1 test was" if len(programs) == 1 else f"{len(programs)} tests were"
    return f"{tests} left out; on Debian these packages bring what they need: apt-get install {packages}"
