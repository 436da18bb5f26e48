"""What a check means, why Oracle asks for it, where it says so, and how to fix it."""

import re
from dataclasses import dataclass

from omtui.checks.facts.fact import CERTAINTY_WORDS
from omtui.checks.registry import Check
from omtui.checks.running import all_checks
from omtui.checks.wording import KnownNames, quoted


@dataclass(frozen=True, slots=True)
class UnknownCheck:
    """An id that no check has, and the one that was probably meant."""

    id: str
    nearest: str | None

    @property
    def message(self) -> str:
        """One line for people."""
        suggestion = f"; did you mean {self.nearest}?" if self.nearest else ": ids look like S5-02"
        return f"no check has the id {quoted(self.id)}{suggestion}"


def explain(id: str) -> Check | UnknownCheck:
    """The check of an id, typed in upper or lower case; or the nearest id to one that does not exist."""
    checks = all_checks()
    id_text = id.strip().upper()
    return checks.get(id_text) or UnknownCheck(id, _nearest(id_text))


def explanation(check: Check, width: int = 80) -> str:
    """The words of a check as a page for a terminal, lines of at most `width` characters. Addresses are not cut."""
    import textwrap

    def paragraph(label: str, words: str) -> list[str]:
        return textwrap.wrap(
            words,
            max(width, 40),
            initial_indent=f"{label:<9}",
            subsequent_indent=" " * 9,
            break_long_words=False,
            break_on_hyphens=False,
        )

    lines = [f"{check.id}  {check.title}", f"{'level':<9}{check.levels}", ""]
    for label, words in (("meaning", check.meaning), ("why", check.why), ("fix", check.fix)):
        lines += [*paragraph(label, words), ""]
    for fact in check.facts:
        lines += paragraph("Oracle", fact.source.title)
        if fact.source.url:
            lines.append(" " * 9 + fact.source.url)
        lines += paragraph("", f"{fact.text} ({fact.releases}; {CERTAINTY_WORDS[fact.certainty]})")
    return "\n".join(lines) + "\n"


def _nearest(id_text: str) -> str | None:
    """The id that was probably meant: `S52` and `S5-2` mean S5-02."""
    checks = all_checks()
    match = re.fullmatch(r"([A-Z]\d?)[-_ .]?0*(\d{1,2})", id_text)
    if match:
        for group in (match[1], f"S{match[1]}"):
            if (candidate := f"{group}-{int(match[2]):02}") in checks:
                return candidate
        for group in (match[1], f"S{match[1]}"):
            same = [id for id in checks if id.startswith(f"{group}-")]
            if same:
                return min(same, key=lambda id: abs(int(id[-2:]) - int(match[2])))
    return KnownNames(checks).nearest(id_text)
