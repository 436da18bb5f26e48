"""What an update of the pod changes, as a document for the change board."""

from collections.abc import Iterable, Iterator

from omtui.checks.impact import Impact, UpdateImpact
from omtui.documents.model import Cell, ReportDocument, Section, StyledText, table_section, tables_document

_COLUMNS = ("", "Release", "Check", "Level", "Place", "What", "What to do", "When", "Source")
_LEVEL_STYLES = {"error": "bad", "warning": "warn"}
BOX = "☐"

WHEN_WORDS = {
    "before": "before the update",
    "after": "after the update",
    "either": "before or after the update",
}


def impact_document(impacts: Iterable[UpdateImpact]) -> ReportDocument:
    """One section for each profile, one row for each change."""
    sections = tuple(_section(each) for each in impacts)
    return tables_document("What the update changes", ("From the facts known to omtui; no pod was asked.",), sections)


def heading(each: UpdateImpact) -> str:
    """Which profile, from where to where, and on which day."""
    on = f", on {each.on}" if each.on else ""
    return f"{each.profile}: {each.start} to {each.to}{on}"


def summary(each: UpdateImpact) -> str:
    """How many changes there are, in words."""
    words = {"appears": "appear", "worsens": "worsen", "eases": "ease", "disappears": "disappear"}
    said = []
    for kind, number in each.counts.items():
        many = words.get(kind, "waivers lapse")
        one = "waiver lapses" if kind == "waiver-lapses" else kind
        if number:
            said.append(f"{number} {one if number == 1 else many}")
    return ", ".join(said) or "nothing changes"


def level_words(change: Impact) -> str:
    """What became of it: `error (was info)`."""
    now = change.level or "gone"
    was = f"was {change.was}" if change.was and change.was != change.level else ""
    lapsed = "waiver lapses" if change.kind == "waiver-lapses" else "accepted" if change.waived else ""
    more = ", ".join(filter(None, (was, lapsed)))
    return f"{now} ({more})" if more else now


def _section(each: UpdateImpact) -> Section:
    title = f"{heading(each)} ({summary(each)})"
    return table_section(f"{title}. {each.note}" if each.note else title, _COLUMNS, _rows(each), "nothing changes")


def _rows(each: UpdateImpact) -> Iterator[tuple[Cell, ...]]:
    for change in each.changes:
        style = _LEVEL_STYLES.get(change.level or "")
        words = level_words(change)
        level = StyledText(words, "bad" if style == "bad" else "warn") if style else words
        box = BOX if change.matters else ""
        where = change.where or "the profile"
        row = (box, str(change.release), change.check, level, where, change.message, change.fix)
        yield (*row, WHEN_WORDS[change.when], change.source)
