"""Programs that tests need beside Python."""

import os
import shutil

import pytest


def require(program: str) -> str:
    """The path of a program a test cannot do without.

    Where it is missing the test is skipped on a person's machine, and fails in CI, which installs it.
    """
    path = shutil.which(program, path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin")))
    if path is None:
        reason = f"needs the program {program}"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}, and CI has to install it (see .ci/run)")
        pytest.skip(reason)
    return path
