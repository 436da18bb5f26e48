"""`python -m tests.kills [COMMAND…]`: kills each command at every system call that writes, and prints the figures."""

import sys
import tempfile
from pathlib import Path

from tests.kills.harness import COMMANDS, Kills

if __name__ == "__main__":
    total = 0
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, Kills(Path(folder)) as kills:
        for name in sys.argv[1:] or COMMANDS:
            points = list(kills.kill_everywhere(name))
            bad = [(number, words) for number, words in points if words]
            total += len(points)
            wrong += len(bad)
            print(f"{name}: {len(points)} kills, {len(bad)} wrong", flush=True)
            for number, words in bad[:5]:
                print(f"  at {number}: {words}", flush=True)
    print(f"{total} kills, {wrong} wrong")
    sys.exit(1 if wrong else 0)
