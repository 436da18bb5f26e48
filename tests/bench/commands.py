"""Commands without a screen, in CPU time of the whole process."""

from collections.abc import Iterator
from functools import partial
from statistics import median

from tests.bench.figures import Figure, ratio
from tests.bench.measure import Bench, in_turns

SMALL = 25
JUDGED = (0, 1)
"""The exit statuses of a command that judges."""


def figures(bench: Bench) -> Iterator[Figure]:
    """Starting costs against `python -c pass`."""
    small = str(bench.profile(SMALL))
    found = in_turns(
        bench.runs,
        {
            "python -c pass": partial(bench.cpu_of, "python", "-c", "pass"),
            "omtui --version": partial(bench.cpu_of, "omtui", "--version"),
            "omtui --help": partial(bench.cpu_of, "omtui", "--help"),
            "omtui check": partial(bench.cpu_of, "omtui", "check", small, statuses=JUDGED),
        },
    )
    nothing = median(found.pop("python -c pass"))
    budgets = {"omtui --version": 3, "omtui --help": 6, "omtui check": 20}
    for name, values in found.items():
        yield ratio(f"commands: {name}", median(values) * 1000, nothing * 1000, budgets[name])
