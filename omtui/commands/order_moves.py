"""Which orders change connector when one set of rules takes the place of another: as text, as rows, and as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from omtui.commands.columns import table
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.rehearsal.against import RouteMove, RoutingChanges, compare_runs
from omtui.rehearsal.columns import ColumnChoice
from omtui.rehearsal.orders import Orders
from omtui.rehearsal.rehearsing import Rehearsal, Rehearsed

HEADINGS = ("Task type", "From", "To", "Requests", "Example")


@dataclass
class OrderMoves:
    """What changes connector, in all files."""

    counts: Counter[RouteMove] = field(default_factory=Counter)
    examples: dict[RouteMove, str] = field(default_factory=dict)
    changed: Decimal | int = 0
    """Requests that go elsewhere."""
    changed_lines: Decimal | int = 0
    requests: Decimal | int = 0
    lines: Decimal | int = 0
    is_weighted: bool = False
    """Whether a column says how many lines a row is for: then all are sums of weights."""

    def add(self, other: "OrderMoves") -> None:
        """Take in what changes connector in another file."""
        self.counts.update(other.counts)
        self.examples = other.examples | self.examples
        self.changed += other.changed
        self.changed_lines += other.changed_lines
        self.requests += other.requests
        self.lines += other.lines
        self.is_weighted = self.is_weighted or other.is_weighted

    def sentence(self) -> str:
        """The numbers in one line."""
        of = f"(of {self.requests:,} of {self.lines:,})"
        weighted = " All counts are sums of weights." if self.is_weighted else ""
        return f"{self.changed:,} requests of {self.changed_lines:,} lines change connector {of}.{weighted}"

    def rows(self) -> Iterator[tuple[str, ...]]:
        """A row for each way, the most frequent first."""
        for each, count in self.counts.most_common():
            task_type, before, after = each.task_type or "(not known)", each.before or "-", each.after or "-"
            yield plain(task_type), plain(before), plain(after), f"{count:,}", plain(self.examples[each])

    def text(self, width: int | None) -> Iterator[str]:
        """The sentence, and the table."""
        yield self.sentence()
        if self.counts:
            yield from table(HEADINGS, list(self.rows()), width)

    def to_json(self) -> dict[str, object]:
        """The keys of `route --against`."""
        changes = [
            {
                "task_type": each.task_type,
                "from": each.before or None,
                "to": each.after or None,
                "count": number_of(count),
                "example": self.examples[each],
            }
            for each, count in self.counts.most_common()
        ]
        return {"changes": changes, "changed": number_of(self.changed), "of": number_of(self.requests)}


def number_of(count: Decimal | int) -> float | int:
    """A count for JSON: a sum of weights may have a fraction."""
    return count if isinstance(count, int) else float(count)


def compare_orders(
    now: Rehearsed,
    then: Rehearsed,
    files: Sequence[Orders],
    choices: Sequence[ColumnChoice],
    task_type: str = "",
    *,
    values: bool = True,
) -> OrderMoves | Wrong:
    """The lines of all files by the rules as they are, `then`, and as they would be, `now`.

    Without `values` the examples name no order.
    """
    moves = OrderMoves()
    for orders in files:
        run = Rehearsal(now, orders, task_type=task_type, choices=choices)
        moves.add(moves_of(run, then, choices, values=values))
        if run.problem is not None:
            return run.problem
    return moves


def moves_of(run: Rehearsal, then: Rehearsed, choices: Sequence[ColumnChoice], *, values: bool = True) -> OrderMoves:
    """The same of one file; `run` is it by the rules as they would be."""
    found = RoutingChanges()
    other = Rehearsal(then, run.orders, task_type=run.requests.only, choices=choices)
    for _, found in compare_runs(run, other):  # noqa: B007
        pass
    moves = OrderMoves(Counter(found.counts), {}, found.changed, found.changed_lines, found.requests, found.lines)
    for move, line in found.examples.items():
        order, number = run.role("order", line.row), run.role("line", line.row)
        place = f"line {run.orders.first_line + line.number:,} of {run.orders.name}"
        moves.examples[move] = f"order {order}, line {number}" if order and values else place
    moves.is_weighted = "weight" in run.columns.roles
    return moves
