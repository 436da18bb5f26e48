"""The comparison of several environments as a document."""

from collections.abc import Mapping
from typing import Final

from omtui.compare.table import ComparisonRow, ProfileComparison
from omtui.documents.model import Cell, ReportDocument, Style, StyledText, table_section, tables_document
from omtui.setup.catalogue import BY_STEP
from omtui.setup.values import shown
from omtui.setup.wording import condition_words, records_words


def comparison_tables(comparison: ProfileComparison, *, changed: bool = False) -> ReportDocument:
    """One table a setup task: a row for each place, a column for each profile with its value.

    `changed` leaves out the rows on which all profiles agree.
    """
    rows = comparison.changed if changed else comparison.rows
    by_step: dict[str, list[ComparisonRow]] = {}
    for row in rows:
        by_step.setdefault(row.step, []).append(row)
    columns = ("Place", *comparison.profiles, "What is there")
    sections = [
        table_section(_title(step), columns, (_cells(comparison, row) for row in its)) for step, its in by_step.items()
    ]
    other = sum(1 for row in comparison.rows if not row.is_same)
    note = "All profiles agree." if not other else f"{other} of {len(comparison.rows)} places are not the same."
    how = f"Compared with {comparison.profiles[0]}, or with the first profile that has the place." if rows else ""
    return tables_document(f"Comparison: {', '.join(comparison.profiles)}", (note, how), sections)


_STYLES: Final[Mapping[str, Style]] = {"same": "good", "other": "warn", "missing": "bad"}


def _cells(comparison: ProfileComparison, row: ComparisonRow) -> tuple[Cell, ...]:
    return row.where, *(StyledText(cell, _STYLES[cell]) for cell in row.cells), _values(comparison, row)


def _values(comparison: ProfileComparison, row: ComparisonRow) -> str:
    """The values of a field where they differ, one line a profile."""
    if not row.field or row.is_same:
        return ""
    return "\n".join(
        f"{name}: {value_words(value)}"
        for name, value in zip(comparison.profiles, row.values, strict=True)
        if value is not None
    )


def value_words(value: object) -> str:
    """A value in the cell of a table."""
    if isinstance(value, dict):
        return condition_words(value)
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return records_words(value)
    return shown(value)


def _title(step: str) -> str:
    task = BY_STEP.get(step)
    if task is None:
        return "Profile and pod"
    return f"{step} {task.short}" if step[:1].isdigit() else task.short
