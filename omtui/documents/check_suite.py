"""The findings of a profile as test results: a test for each check, so that names stay the same from run to run."""

from collections.abc import Sequence

from omtui.checks.finding import Level, ShownFinding
from omtui.checks.formats import sentence
from omtui.checks.registry import Check
from omtui.checks.report import Report
from omtui.checks.running import all_checks
from omtui.documents.junit import Case, Suite


def check_suite(report: Report, *, strict: bool = False) -> Suite:
    """A check with errors (with `strict`, also with warnings) fails; anything else that it finds is its output.

    A check of which every finding was accepted is skipped.
    """
    by_check: dict[str, list[ShownFinding]] = {name: [] for name in all_checks()}
    for result in report.results:
        by_check[result.finding.check].append(result)
    failing: tuple[Level, ...] = ("error", "warning") if strict else ("error",)
    checks = [check for check in all_checks().values() if check.asks_for or by_check[check.id]]
    return Suite(report.profile, [_case(report, check, by_check[check.id], failing) for check in checks])


def _case(report: Report, check: Check, results: Sequence[ShownFinding], failing: Sequence[Level]) -> Case:
    counted = [result for result in results if not result.waived]
    failures = [result for result in counted if result.finding.level in failing]
    failure = None
    if failures:
        first = failures[0]
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        message = f"{first.place}: {first.finding.message}{more}"
        failure = message, first.finding.level, _sentences(failures, report)
    others = [result for result in results if result not in failures]
    return Case(
        f"{report.profile}.{check.step.replace('.', '_')}",
        f"{check.id} {check.title}",
        failure=failure,
        skipped=f"accepted: {results[0].reason}" if results and not counted else "",
        output=_sentences(others, report),
    )


def _sentences(results: Sequence[ShownFinding], report: Report) -> str:
    return "\n".join(sentence(result, report.file) for result in results)
