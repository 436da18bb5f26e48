"""The memory that a program took at most."""

from pathlib import Path


def peak() -> int:
    """The highest resident memory of this process in megabytes.

    Not `ru_maxrss`: a child has in it what its parent held when it was forked, also after it became another program.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024
