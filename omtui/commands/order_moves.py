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
        found = RoutingChanges()
        for _, found in compare_runs(run, Rehearsal(then, orders, task_type=task_type, choices=choices)):  # noqa: B007
            pass
        if run.problem is not None:
            return run.problem
        moves.counts.update(found.counts)
        for move, line in found.examples.items():
            order, number = run.role("order", line.row), run.role("line", line.row)
            place = f"line {orders.first_line + line.number:,} of {orders.name}"
            moves.examples.setdefault(move, f"order {order}, line {number}" if order and values else place)
        moves.changed += found.changed
        moves.changed_lines += found.changed_lines
        moves.requests += found.requests
        moves.lines += found.lines
        moves.is_weighted = moves.is_weighted or "weight" in run.columns.roles
    return moves
