"""The findings of one profile as every output format shows them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from omtui.checks.finding import LEVELS, Level, ShownFinding
from omtui.checks.profile_checks import unreadable_findings
from omtui.plain_text import plain
from omtui.setup.place import Data, place_of
from omtui.setup.reading import ReadingFault


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one profile.

    `file` is the path as it is to be shown to other programs, relative to where they work; empty when the profile did
    not come from a file.
    """

    profile: str
    release: str | None
    results: Sequence[ShownFinding]
    file: str = ""
    environment: str = ""

    @property
    def counts(self) -> dict[Level, int]:
        """How many findings count, by level. Accepted ones do not."""
        return count([self])

    @property
    def accepted(self) -> int:
        """How many findings were accepted."""
        return sum(result.waived for result in self.results)


def count(reports: Iterable[Report]) -> dict[Level, int]:
    """How many findings of several profiles count, by level."""
    found = Counter(result.finding.level for report in reports for result in report.results if not result.waived)
    return {level: found[level] for level in LEVELS}


def failed(reports: Iterable[Report], *, strict: bool = False) -> bool:
    """Whether the command ends with 1: there is an error, or, when strict, a warning."""
    counts = count(reports)
    return bool(counts["error"] or (strict and counts["warning"]))


def unreadable_results(faults: Sequence[ReadingFault], data: Data | None = None) -> list[ShownFinding]:
    """The findings of a file that is no profile, with lines where they are known."""
    findings = unreadable_findings(faults)
    return [
        ShownFinding(finding, plain(place_of(data, finding.path)) if data and finding.path else "", fault.line)
        for finding, fault in zip(findings, faults, strict=True)
    ]
