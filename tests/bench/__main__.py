"""Measure omtui against its budgets: `python -m tests.bench`.

Ends with 1 when a figure is over its budget or could not be measured.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import commands, comparing, keys, large, probing, promoting, rehearsing, start
from tests.bench.figures import Figure, table, to_json
from tests.bench.measure import Bench, NotMeasuredError

BENCHES: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "start": start.figures,
    "keys": keys.figures,
    "commands": commands.figures,
    "large": large.figures,
    "promoting": promoting.figures,
    "comparing": comparing.figures,
    "probing": probing.figures,
    "rehearsing": rehearsing.figures,
}


def main() -> int:
    """Parse the command line, measure, and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=BENCHES, help="can be given several times")
    parser.add_argument("--runs", type=int, default=7, metavar="N", help="measurements of each thing (7)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    options = parser.parse_args()
    found: list[Figure] = []
    failed = False
    with tempfile.TemporaryDirectory(prefix="omtui-bench-") as folder:
        bench = Bench(runs=options.runs, folder=Path(folder))
        for name in options.only or BENCHES:
            print(f"{name} …", file=sys.stderr)
            try:
                for figure in BENCHES[name](bench):
                    found.append(figure)  # one by one: what was measured before a failure is kept
            except NotMeasuredError as error:
                failed = True
                print(f"{name}: could not be measured: {error}", file=sys.stderr)
    print(table(found))
    if options.json:
        options.json.write_text(to_json(found))
    return 1 if failed or any(figure.verdict == "OVER" for figure in found) else 0


if __name__ == "__main__":
    sys.exit(main())
