"""From the command to a stable first screen, on a profile of 200 records."""

from collections.abc import Iterator
from functools import partial

from tests.bench.figures import Figure, ratio
from tests.bench.measure import Bench, in_turns, median_of, start_of

RECORDS = 200
BYTES = 45_000


def figures(bench: Bench) -> Iterator[Figure]:
    """Time, memory and bytes against the floor."""
    found = in_turns(
        bench.runs,
        {
            "floor": partial(start_of, bench, bench.floor(RECORDS)),
            "workbench": partial(start_of, bench, bench.workbench(RECORDS)),
        },
    )
    floor, workbench = found["floor"], found["workbench"]

    def against_floor(name: str, figure: str, budget: float | None) -> Figure:
        ours, theirs = (median_of(side, lambda start: float(getattr(start, figure))) for side in (workbench, floor))
        return ratio(f"start: {name}", ours, theirs, budget)

    yield against_floor("stable", "stable", 1.25)
    yield against_floor("first paint", "painted", None)
    yield against_floor("CPU", "cpu", None)
    memory = [median_of(side, lambda start: start.memory / 1e6) for side in (workbench, floor)]
    detail = f"{memory[0]:.1f} MB against {memory[1]:.1f} MB"
    yield Figure("start: memory above the floor", memory[0] - memory[1], "MB", 30, detail)
    written = [median_of(side, lambda start: start.written) for side in (workbench, floor)]
    yield Figure("start: bytes written", written[0], "B", BYTES, f"floor {written[1]:,.0f} B")
