"""Routing orders, against reading the same files with `csv.reader` in the same run."""

import copy
import csv
import random
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from omtui.commands.order_files import named_orders
from omtui.problem import Wrong
from omtui.rehearsal.explaining import near_misses
from omtui.rehearsal.job import LinesRead, RehearsalJob
from omtui.rehearsal.live import LiveRehearsal
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.setup.indexed import Indexed
from tests.bench.figures import Figure, ratio
from tests.bench.measure import Bench, NotMeasuredError, Program, in_turns, seconds_of
from tests.bench.orders import write_lines, write_rules
from tests.terminal.keys import bytes_of_key
from tests.terminal.terminal import ROOT, environment
from tests.thorough import THOROUGH

MANY, FEW, LINES = 1_000_000, 12_000, 100_000
_KEYS, _BETWEEN = 100, 0.02
AS_OF = datetime(2026, 11, 30, tzinfo=UTC)

READ = "import csv, sys\nwith open(sys.argv[1], newline='') as file:\n    for _ in csv.reader(file): pass\n"
PEAK = (
    "import sys\nfrom omtui.cli import run\nfrom tests.memory import peak\nrun(sys.argv[1:])\nprint('PEAK', peak())\n"
)


def figures(bench: Bench) -> Iterator[Figure]:
    """The rows of the table of budgets."""
    rules = {count: write_rules(bench.folder / f"rules-{count}.toml", count) for count in (20, 200)}
    odd = write_rules(bench.folder / "odd-200.toml", 200, is_ordinary=False)
    many = write_lines(bench.folder / f"orders-{MANY}.csv", MANY)
    subjects: dict[str, Callable[[], float]] = {
        "csv.reader": partial(bench.cpu_of, sys.executable, "-c", READ, str(many)),
        "200": partial(bench.cpu_of, *_route(rules[200], many), statuses=(1,)),
        "20": partial(bench.cpu_of, *_route(rules[20], many), statuses=(1,)),
    }
    found = {name: median(times) for name, times in in_turns(min(bench.runs, 3), subjects).items()}
    for count, budget in (("200", 5.0), ("20", 2.5)):
        yield ratio(f"rehearsing: {MANY:,} lines, {count} rules", found[count], found["csv.reader"], budget, "s")
    yield from _without_a_common_column(bench, rules[200], odd)
    yield from _few_lines(bench, rules[200])
    yield from _near_misses(bench, rules[200])
    yield from _coverage(bench, rules[200])
    for lines, path in ((FEW, bench.folder / f"orders-{FEW}.csv"), (MANY, many)):
        yield from _edits(rules[200], path, lines, found["csv.reader"])
    yield from _keys_while(bench, rules[200], many)
    if THOROUGH:
        yield from _memory(bench, rules[200], many)


def _route(rules: Path, orders: Path) -> tuple[str, ...]:
    return "omtui", "route", str(rules), str(orders), "--summary"


def _without_a_common_column(bench: Bench, ordinary: Path, odd: Path) -> Iterator[Figure]:
    lines = write_lines(bench.folder / f"orders-{LINES}.csv", LINES)
    subjects: dict[str, Callable[[], float]] = {
        name: partial(seconds_of, partial(_count, rules, lines))
        for name, rules in (("odd", odd), ("ordinary", ordinary))
    }
    found = {name: median(times) for name, times in in_turns(bench.runs, subjects).items()}
    yield ratio("rehearsing: 200 rules without a common column", found["odd"], found["ordinary"], 3, "s")


def _few_lines(bench: Bench, rules: Path) -> Iterator[Figure]:
    lines = write_lines(bench.folder / f"orders-{FEW}.csv", FEW)
    subjects: dict[str, Callable[[], float]] = {
        "route": partial(seconds_of, partial(_count, rules, lines)),
        "read": partial(seconds_of, partial(_read, lines)),
    }
    found = {name: median(times) for name, times in in_turns(bench.runs, subjects).items()}
    yield Figure(f"rehearsing: {FEW:,} lines, file to counts", found["route"], "s CPU", 0.4)
    yield ratio(f"rehearsing: {FEW:,} lines against csv.reader", found["route"] * 1e3, found["read"] * 1e3, 15)


def _near_misses(bench: Bench, rules: Path) -> Iterator[Figure]:
    """The near misses of one request that is not routed, with their sentences: what a person waits for."""
    lines = write_lines(bench.folder / f"orders-{FEW}.csv", FEW)
    run = Rehearsal(_rehearsed(rules), _orders(lines))
    asked = [
        (line, request)
        for line in next(run.run())
        for request, outcome in run.outcomes.of(line.group)
        if outcome.outcome == "unrouted"
    ]
    took = [seconds_of(partial(near_misses, run.judge, line.row, request)) * 1000 for line, request in asked]
    yield Figure("rehearsing: near misses of one request", max(took), "ms", 10, f"median {median(took):.2g} ms")


def _coverage(bench: Bench, rules: Path) -> Iterator[Figure]:
    """Which comparisons decide: the near misses of every request, against the routing itself."""
    lines = write_lines(bench.folder / f"orders-{LINES}.csv", LINES)
    subjects: dict[str, Callable[[], float]] = {
        "routing": partial(seconds_of, partial(_count, rules, lines)),
        "coverage": partial(seconds_of, partial(_count, rules, lines, coverage=True)),
    }
    found = {name: median(times) for name, times in in_turns(min(bench.runs, 3), subjects).items()}
    added = found["coverage"] - found["routing"]
    yield ratio("rehearsing: near misses of all requests, against the routing", added, found["routing"], 1.0, "s")


def _edits(rules: Path, orders: Path, count: int, reading: float) -> Iterator[Figure]:
    """From the question what an edit changes to its answer, in the process that keeps the orders."""
    live, source = LiveRehearsal(), random.Random(count)
    data = tomllib.loads(rules.read_text(), parse_float=Decimal)
    saved = rules.read_bytes()
    *_, _ = live.answers(RehearsalJob(data, str(orders)))
    *_, _ = live.answers(RehearsalJob(_edited(source, data), str(orders), before=saved))
    took = [
        seconds_of(partial(_until_counted, live, RehearsalJob(_edited(source, data), str(orders), before=saved)))
        for _ in range(40)
    ]
    slow = quantiles(took, n=20)[18]
    detail = f"median {median(took) * 1e3:.3g} ms CPU"
    budget = 50 if count == FEW else max(300, 400 * reading)
    yield Figure(f"rehearsing: edit of {count:,} lines, p95", slow * 1e3, "ms CPU", budget, detail)


def _edited(source: random.Random, data: dict[str, Any]) -> dict[str, Any]:
    """The rules with one value of one condition changed."""
    data = copy.deepcopy(data)
    condition = source.choice([each for each in source.choice(data["routing_rules"])["when"]["all"] if "value" in each])
    value = condition["value"]
    if isinstance(value, list):
        condition["value"] = [*value[1:], f"{value[0][:-1]}7"]
    elif isinstance(value, date):
        condition["value"] = value + timedelta(20)
    else:
        condition["value"] = f"{value[:-1]}2" if isinstance(value, str) else value + 17
    return data


def _until_counted(live: LiveRehearsal, job: RehearsalJob) -> None:
    """All counts are there; the examples for people are made afterwards."""
    for answer in live.answers(job):
        if isinstance(answer, LinesRead) and answer.counts is not None and answer.counts.is_whole:
            return


def _keys_while(bench: Bench, rules: Path, many: Path) -> Iterator[Figure]:
    """From a key to what it draws, while many lines are read and while edits of few are judged."""
    with _rehearsing(bench, rules, many, MANY) as program:
        times = _moves(program, _KEYS)
        program.press("R")
        if "read" not in program.screen_text():
            raise NotMeasuredError(f"the lines were read before all keys were pressed\n{program.screen_text()}")
    with _rehearsing(bench, rules, None, MANY) as program:
        yield _keys(f"{MANY:,} lines are read", times, 50, _moves(program, _KEYS))
    found: list[list[float]] = []
    for orders in (bench.folder / f"orders-{FEW}.csv", None):
        with _rehearsing(bench, rules, orders, FEW) as program:
            program.wait_until_quiet(1.0)
            program.go((("g", "7"), ("enter",), ("i",)))
            program.go((("ctrl+u", *"Task Type = Pick -> Connector01", "enter"),))
            program.wait_until_quiet(1.0)
            found.append([])
            for number in range(_KEYS // 2):
                _drawn(program, "ctrl+y" if number % 2 else "ctrl+z")
                found[-1] += _moves(program, 2)
            program.wait_until_quiet(1.0)
            if orders is not None and "your edit" not in program.screen_text():
                raise NotMeasuredError(f"no edit is judged\n{program.screen_text()}")
    yield _keys(f"edits of {FEW:,} lines are judged", found[0], 25, found[1])


@contextmanager
def _rehearsing(bench: Bench, rules: Path, orders: Path | None, count: int) -> Iterator[Program]:
    """The workbench, just after the orders were chosen, if there are some."""
    library = bench.folder / f"library-{count}"
    library.mkdir(exist_ok=True)
    shutil.copy(rules, library / "rehearsed.toml")
    chosen = library / "chosen-orders.csv"
    if orders is not None and not chosen.exists():
        chosen.symlink_to(orders)
    with Program(bench, ("omtui", str(library / "rehearsed.toml"))) as program:
        program.start()
        if orders is not None:
            program.press("R")
            program.press(*"chosen")
            program.process.write(bytes_of_key("enter"))
            program.process.read_for(1.0)
            program.press("escape")
        yield program


def _drawn(program: Program, key: str) -> float:
    """Milliseconds from a key to the first that is drawn."""
    before, pressed = len(program.pieces), time.perf_counter()
    program.process.write(bytes_of_key(key))
    while len(program.pieces) == before and time.perf_counter() < pressed + 5:
        program.process.read(pressed + 5)
    program.process.read_for(_BETWEEN)
    return (program.pieces[before][0] - pressed) * 1000


def _moves(program: Program, count: int) -> list[float]:
    return [_drawn(program, "up" if number % 2 else "down") for number in range(count)]


def _keys(what: str, times: list[float], budget: float, floor: list[float]) -> Figure:
    most, floors = (quantiles(each, n=100, method="inclusive")[98] for each in (times, floor))
    detail = f"p50 {median(times):.3g} ms; without orders p50 {median(floor):.3g} ms, p99 {floors:.3g} ms"
    return Figure(f"rehearsing: key while {what}, p99", most, "ms", budget, detail)


def _memory(bench: Bench, rules: Path, many: Path) -> Iterator[Figure]:
    more = write_lines(bench.folder / f"orders-{5 * MANY}.csv", 5 * MANY)
    nothing, one, five = (
        _peak_of(bench, *words)
        for words in (("check", str(rules)), *(_route(rules, each)[1:] for each in (many, more)))
    )
    yield Figure(f"rehearsing: memory of {MANY:,} lines", one - nothing, "MB", 80, f"beyond {nothing} MB of check")
    yield ratio(f"rehearsing: memory of {5 * MANY:,} lines", five, one, 1.5, "MB")


def _peak_of(bench: Bench, *words: str) -> int:
    """The most memory that a command held, in megabytes."""
    ran = subprocess.run(
        (sys.executable, "-c", PEAK, *words),
        capture_output=True, text=True, cwd=ROOT, env=environment(bench.home, {}), check=True,
    )  # fmt: skip
    return int(ran.stdout.split()[-1])


def _rehearsed(rules: Path) -> Rehearsed:
    return Rehearsed(Indexed(tomllib.loads(rules.read_text(), parse_float=Decimal)), AS_OF, UTC)


def _orders(lines: Path) -> Orders:
    orders = named_orders(str(lines), "")
    if isinstance(orders, Wrong):
        raise NotMeasuredError(str(orders))
    return orders


def _count(rules: Path, lines: Path, *, coverage: bool = False) -> None:
    run = Rehearsal(_rehearsed(rules), _orders(lines), coverage=coverage)
    run.count_all()
    run.counts()
    if run.coverage is not None:
        run.coverage.decided(run.group_counts)


def _read(lines: Path) -> None:
    with lines.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass
