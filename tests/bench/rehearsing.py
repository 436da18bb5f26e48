"""Routing orders, against reading the same files with `csv.reader` in the same run."""

import csv
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median

from omtui.commands.order_files import named_orders
from omtui.problem import Wrong
from omtui.rehearsal.explaining import near_misses
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed
from omtui.setup.indexed import Indexed
from tests.bench.figures import Figure, ratio
from tests.bench.measure import Bench, NotMeasuredError, in_turns, seconds_of
from tests.bench.orders import write_lines, write_rules
from tests.terminal.terminal import ROOT, environment
from tests.thorough import THOROUGH

MANY, FEW, LINES = 1_000_000, 12_000, 100_000
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
