"""Large profiles: 10,000 records against 200 and against reading the file, and growth from 1,000 to 20,000."""

import math
import time
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from statistics import median

from tests.bench.commands import JUDGED, SMALL
from tests.bench.figures import Figure, ratio
from tests.bench.keys import TO_A_FIELD
from tests.bench.measure import Bench, Program, in_turns, median_of, start_of
from tests.bench.start import RECORDS

LARGE = 10_000
FEW, MANY = 1_000, 20_000
PLACE = "connectors[Standard00001].description"


def figures(bench: Bench) -> Iterator[Figure]:
    """The workbench on a large profile, `set` and `check` on it, and how both grow."""
    starts = in_turns(
        bench.runs,
        {
            "large": partial(start_of, bench, bench.workbench(LARGE)),
            "small": partial(start_of, bench, bench.workbench(RECORDS)),
        },
    )
    many, few = (median_of(starts[name], lambda start: start.stable) for name in ("large", "small"))
    yield ratio("large: workbench stable", many, few, 2.5)
    memory = median_of(starts["large"], lambda start: start.memory / 1e6)
    yield Figure("large: memory of the workbench", memory, "MB", None)
    yield _saving(bench)
    yield from _commands(bench)
    yield from _growth(bench)


def _saving(bench: Bench) -> Figure:
    with Program(bench, bench.workbench(LARGE)) as program:
        program.start()
        program.go(TO_A_FIELD[:-1])
        costs = []
        for number in range(bench.runs):
            program.go((("enter",), (chr(ord("a") + number % 26),)))
            before = bench.profile(LARGE).read_bytes()
            costs.append(program.press("ctrl+s").cpu)
            if bench.profile(LARGE).read_bytes() == before:
                return Figure("large: saving one edit", math.inf, "ms CPU", 150, "ctrl+s did not change the file")
    return Figure("large: saving one edit", median(costs), "ms CPU", 150, f"most: {max(costs):.0f} ms")


def _edit(bench: Bench, records: int) -> Callable[[], float]:
    """Measures `omtui set` of a value that is another each time."""
    numbers = count(1)
    profile = str(bench.profile(records))
    return lambda: bench.cpu_of("omtui", "set", profile, PLACE, f"Edit {next(numbers)}")


def _check(bench: Bench, records: int) -> Callable[[], float]:
    """Measures `omtui check`."""
    return partial(bench.cpu_of, "omtui", "check", str(bench.profile(records)), statuses=JUDGED)


def _loads(bench: Bench) -> float:
    text = bench.profile(LARGE).read_text()
    before = time.process_time()
    tomllib.loads(text)
    return time.process_time() - before


def _commands(bench: Bench) -> Iterator[Figure]:
    subjects: dict[str, Callable[[], float]] = {
        "loads": partial(_loads, bench),
        "set": _edit(bench, LARGE),
        "check": _check(bench, LARGE),
    }
    found = in_turns(bench.runs, subjects)
    loads = median(found["loads"]) * 1000
    yield ratio("large: omtui set against one loads", median(found["set"]) * 1000, loads, 3.5)
    yield ratio("large: omtui check against one loads", median(found["check"]) * 1000, loads, 6)


def _growth(bench: Bench) -> Iterator[Figure]:
    """Times are without what the command costs on next to nothing."""
    sizes = (SMALL, FEW, MANY)
    subjects: dict[str, Callable[[int], Callable[[], float]]] = {
        "set": partial(_edit, bench),
        "check": partial(_check, bench),
    }
    for name, subject in subjects.items():
        found = in_turns(min(bench.runs, 3), {str(size): subject(size) for size in sizes})
        least, few, many = (median(found[str(size)]) * 1000 for size in sizes)
        most = (MANY * math.log(MANY)) / (FEW * math.log(FEW))
        yield ratio(f"large: growth of {name} from 1,000 to 20,000", many - least, few - least, most)
