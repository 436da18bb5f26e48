"""`python -m tests.kills [ENOSPC|EIO…] [COMMAND…]`: kills each command at every system call that writes.

With the name of an error that call fails in place of it. Prints the figures.
"""

import errno
import sys
import tempfile
from pathlib import Path

from tests.kills.harness import COMMANDS, Kills

if __name__ == "__main__":
    words = sys.argv[1:]
    failure = getattr(errno, words.pop(0)) if words and words[0].isupper() else 0
    total = 0
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, Kills(Path(folder)) as kills:
        for name in words or COMMANDS:
            points = list(kills.kill_everywhere(name, 1, failure))
            bad = [(number, words) for number, words in points if words]
            total += len(points)
            wrong += len(bad)
            print(f"{name}: {len(points)} points, {len(bad)} wrong", flush=True)
            for number, words in bad[:5]:
                print(f"  at {number}: {words}", flush=True)
    print(f"{total} points, {wrong} wrong")
    sys.exit(1 if wrong else 0)
