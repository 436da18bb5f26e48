"""A finding in full: what is wrong, why, what to do, where Oracle says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from omtui.plain_text import plain
from omtui.setup.wording import place_words

if TYPE_CHECKING:
    from omtui.checks.finding import ShownFinding


def finding_detail(shown: ShownFinding, style_of: Callable[[str], str], rehearsed: str = "") -> Content:
    """The whole of a finding, with what `omtui explain` says; `rehearsed` is what orders say of it."""
    from omtui.checks.explaining import UnknownCheck, explain
    from omtui.checks.facts.fact import CERTAINTY_WORDS

    finding = shown.finding
    parts = [
        Content.styled(plain(place_words(shown.place)), "bold"),
        Content.styled(plain(finding.message), style_of(finding.level)),
        Content.styled(rehearsed, "bold $accent"),
        _part("Fix", finding.fix),
    ]
    check = explain(finding.check)
    if not isinstance(check, UnknownCheck):
        parts += [_part("What it means", check.meaning), _part("Why", check.why), _part("What to do", check.fix)]
        for fact in check.facts:
            words = f"{fact.text} ({fact.releases}; {CERTAINTY_WORDS[fact.certainty]})"
            source = "\n".join(filter(None, (fact.source.title, fact.source.url)))
            parts.append(Content.assemble(("Oracle\n", "bold $accent"), f"{plain(words)}\n", (source, "dim")))
    parts.append(Content.styled(f"{finding.check}, {finding.level}, {plain(shown.place)}", "dim"))
    return Content("\n\n").join(part for part in parts if part.plain)


def _part(title: str, text: str) -> Content:
    if not text:
        return Content("")
    return Content.assemble((f"{title}\n", "bold $accent"), plain(text))
