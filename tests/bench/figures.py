"""What a benchmark reports: figures with their budgets."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value; `budget` is the most it may be, None if it is only reported.

    `detail` says what it was made of, e.g. the two medians of a ratio.
    """

    name: str
    value: float
    unit: str
    budget: float | None
    detail: str = ""

    @property
    def verdict(self) -> str:
        """`ok`, `OVER` or nothing."""
        if self.budget is None:
            return ""
        return "ok" if self.value <= self.budget else "OVER"


def ratio(name: str, value: float, floor: float, budget: float | None, unit: str = "ms") -> Figure:
    """A value against the floor's."""
    return Figure(name, value / floor, "times", budget, f"{value:.4g} {unit} against {floor:.4g} {unit}")


def table(figures: Iterable[Figure]) -> str:
    """The figures as lines of a table."""
    rows = [("", "measured", "budget", "", "")]
    for figure in figures:
        budget = "" if figure.budget is None else _round(figure.budget)
        rows.append((figure.name, f"{_round(figure.value)} {figure.unit}", budget, figure.verdict, figure.detail))
    width = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        f"{row[0]:{width[0]}}  {row[1]:>{width[1]}}  {row[2]:>{width[2]}}  {row[3]:{width[3]}}  {row[4]}".rstrip()
        for row in rows
    )


def _round(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def to_json(figures: Iterable[Figure]) -> str:
    """The figures as a JSON document."""
    return json.dumps([{**asdict(figure), "verdict": figure.verdict} for figure in figures], indent=2) + "\n"
