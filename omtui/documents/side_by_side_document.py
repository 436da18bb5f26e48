"""Reviews from several machines as a document: one row an endpoint, one column a vantage point."""

from collections.abc import Iterator

from omtui.documents.model import Cell, ReportDocument, StyledText, table_section, tables_document
from omtui.topology.side_by_side import MergedEndpoint, SideBySide


def side_by_side_document(merged: SideBySide) -> ReportDocument:
    """Differences first."""
    notes = [f"{each.vantage}: {each.file}, made {each.started:%Y-%m-%d %H:%M} UTC{' (old)' if each.is_old else ''}"
             for each in merged.reviews]  # fmt: skip
    notes.append(merged.unlike)
    columns = ("Endpoint", "Address", *(each.title for each in merged.reviews), "Seen")
    section = table_section(summary(merged), columns, _rows(merged), "no endpoint was probed")
    return tables_document(f"Topology of {merged.profile}, from {len(merged.reviews)} machines", notes, [section])


def summary(merged: SideBySide) -> str:
    """How many endpoints differ, and how many fail everywhere."""
    differ = sum(each.differs for each in merged.endpoints)
    fail = sum(each.failed and not each.differs for each in merged.endpoints)
    return f"{len(merged.endpoints)} endpoints: {differ} differ, {fail} fail the same everywhere"


def _rows(merged: SideBySide) -> Iterator[tuple[Cell, ...]]:
    for each in merged.endpoints:
        cells = (_cell(*pair) for pair in zip(each.outcomes, each.is_ok, strict=True))
        yield each.name, each.address, *cells, merged.words(each)


def _cell(outcome: str | None, is_ok: bool | None) -> Cell:
    return "not probed" if outcome is None else outcome if is_ok else StyledText(outcome, "bad")


def side_by_side_json(merged: SideBySide) -> dict[str, object]:
    """The same for other programs."""
    names = [each.vantage for each in merged.reviews]
    return {
        "profile": merged.profile,
        "reviews": [
            {"file": each.file, "vantage": each.vantage, "started": each.started.isoformat(), "old": each.is_old}
            for each in merged.reviews
        ],
        "unlike": merged.unlike,
        "endpoints": [_endpoint(merged, each, names) for each in merged.endpoints],
        "counts": {
            "differ": sum(each.differs for each in merged.endpoints),
            "failed": sum(each.failed for each in merged.endpoints),
        },
    }


def _endpoint(merged: SideBySide, each: MergedEndpoint, names: list[str]) -> dict[str, object]:
    return {
        "name": each.name,
        "address": each.address,
        "outcomes": dict(zip(names, each.outcomes, strict=True)),
        "messages": dict(zip(names, each.messages, strict=True)),
        "expect": each.expect,
        "differs": each.differs,
        "failed": each.failed,
        "seen": merged.words(each),
    }
