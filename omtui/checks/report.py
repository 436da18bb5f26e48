"""The findings of one profile as every output format shows them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from omtui.checks.finding import LEVELS, CheckContext, Level, ShownFinding
from omtui.checks.profile_checks import unreadable_findings
from omtui.checks.running import results, run
from omtui.plain_text import plain
from omtui.setup.indexed import Indexed, text
from omtui.setup.place import Data, Path, place_of
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


def report_on(
    setup: Indexed,
    context: CheckContext,
    *,
    file: str = "",
    line_of: Callable[[Path], int | None] = lambda path: None,
) -> Report:
    """Checks a profile and reports on it. The file's name counts where the profile states another."""
    found = results(setup, run(setup, context), context.today, line_of)
    release = text(setup.single("pod"), "release") or None
    return Report(context.file_name or setup.name, release, found, file, setup.environment)


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
