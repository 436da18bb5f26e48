"""What a key costs in the open workbench, on a profile of 200 records."""

import statistics
from collections.abc import Iterator, Sequence

from tests.bench.figures import Figure, ratio
from tests.bench.measure import Bench, Program, Repaint
from tests.bench.start import RECORDS

TO_A_LIST = (("g", "5"),)
TO_A_FIELD = (("g", "5"), ("enter",), ("enter",))
SCREENS = tuple("0123456789")

MOVE_BYTES = 2_000
TYPING_BYTES = 1_500
SCREEN_BYTES = {(80, 24): 16_000, (120, 40): 30_000}

_MOVES = ("down",) * 10 + ("up",) * 10
_IDLE_SECONDS = 5.0


def figures(bench: Bench) -> Iterator[Figure]:
    """Moves in a list, typing, changes of the screen, and doing nothing."""
    yield from _moves(bench)
    for size, budget in SCREEN_BYTES.items():
        with Program(bench, bench.workbench(RECORDS), size) as program:
            program.start()
            changes = [program.press("g", number) for number in SCREENS]
            most = max(range(len(changes)), key=lambda number: changes[number].written)
            name = f"change of screen at {size[0]}x{size[1]}"
            yield Figure(f"keys: {name}", changes[most].written, "B", budget, f"most: g {SCREENS[most]}")
            times = [change.milliseconds for change in changes]
            yield Figure(f"keys: {name}", statistics.median(times), "ms", None, f"most: {max(times):.3g} ms")
    with Program(bench, bench.workbench(RECORDS)) as program:
        program.start()
        program.go(TO_A_FIELD)
        typed = [program.press(character) for character in "A text of 24 characters."]
        most_bytes = max(repaint.written for repaint in typed)
        yield Figure("keys: a typed character", most_bytes, "B", TYPING_BYTES, _percentiles(typed))
        before, cpu = len(program.pieces), program.process.cpu_seconds()
        program.process.read_for(_IDLE_SECONDS)
        written = sum(len(piece) for _, piece in program.pieces[before:])
        used = (program.process.cpu_seconds() - cpu) / _IDLE_SECONDS * 100
        yield Figure("keys: written while idle", written, "B", 0, f"in {_IDLE_SECONDS:g} s, {used:.2f} % CPU")


def _moves(bench: Bench) -> Iterator[Figure]:
    """Key by key in turns, both programs being open, so that both meet the same machine."""
    moves: dict[str, list[Repaint]] = {"floor": [], "workbench": []}
    with (
        Program(bench, bench.floor(RECORDS)) as floor,
        Program(bench, bench.workbench(RECORDS)) as workbench,
    ):
        floor.start()
        workbench.start()
        workbench.go(TO_A_LIST)
        for number in range(max(2, bench.runs)):
            sides = [("floor", floor), ("workbench", workbench)][:: 1 if number % 2 else -1]
            for key in _MOVES:
                for name, program in sides:
                    moves[name].append(program.press(key))
    ours, theirs = (
        statistics.median(repaint.milliseconds for repaint in moves[side]) for side in ("workbench", "floor")
    )
    yield ratio("keys: a move in a list with the pane, p50", ours, theirs, 2.0)
    times = [repaint.milliseconds for repaint in moves["workbench"]]
    detail = f"floor {_percentile([repaint.milliseconds for repaint in moves['floor']]):.3g} ms"
    yield Figure("keys: a move in a list with the pane, p99", _percentile(times), "ms", 16, detail)
    most = max(repaint.written for repaint in moves["workbench"])
    detail = f"floor {max(repaint.written for repaint in moves['floor']):,} B"
    yield Figure("keys: a move in a list with the pane", most, "B", MOVE_BYTES, detail)


def _percentile(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]


def _percentiles(repaints: Sequence[Repaint]) -> str:
    times = [repaint.milliseconds for repaint in repaints]
    return f"repaint p50 {statistics.median(times):.3g} ms, p99 {_percentile(times):.3g} ms"
