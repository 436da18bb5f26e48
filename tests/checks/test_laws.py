"""Laws that hold for every readable profile, however wrong it is."""

import json
from datetime import date

from hypothesis import given, settings

from omtui.checks.finding import LEVELS, CheckContext, LastReview
from omtui.checks.formats import MACHINE_FORMATS, text
from omtui.checks.neighbours import Neighbours
from omtui.checks.report import Report
from omtui.checks.running import all_checks, results, run
from omtui.documents.check_suite import check_suite
from omtui.documents.junit import to_junit
from omtui.plain_text import plain
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data, Place, found_at, parse, resolve
from omtui.setup.reading import verify
from tests.setup.strategies import profiles
from tests.thorough import examples

TODAY = date(2026, 11, 23)

thorough = settings(max_examples=examples(150))


def context(other: Data) -> CheckContext:
    return CheckContext(
        TODAY,
        Neighbours({"other": other}),
        "here",
        ("A", "B"),
        LastReview(date(2026, 11, 1), ("x",)),
        [{"place": "5", "on": TODAY}],
    )


@thorough
@given(profiles(), profiles())
def test_every_finding_can_be_shown_and_found_again(data: Data, other: Data) -> None:
    assert verify(data) == []
    other["profile"] = {"name": "other", "environment": "production"}
    setup = Indexed(data)
    findings = run(setup, context(other))
    shown = results(setup, findings, TODAY)
    for result in shown:
        finding = result.finding
        assert finding.check in all_checks()
        assert finding.level in LEVELS
        for words in (finding.message, finding.fix, result.place):
            assert words
            assert plain(words) == words
        place = parse(str(setup.place(finding.path)))
        assert isinstance(place, Place)
        path = resolve(data, place)
        element = isinstance(finding.path[-1], int) and not isinstance(found_at(data, finding.path), dict)
        assert element or path == finding.path
    report = Report("here", None, shown, "here.toml")
    assert text([report])
    for write in MACHINE_FORMATS.values():
        write([report])
    assert to_junit("omtui check", [check_suite(report)])
    assert len(json.loads(MACHINE_FORMATS["json"]([report]))["findings"]) == len(findings)


@thorough
@given(profiles())
def test_the_same_profile_always_has_the_same_findings(data: Data) -> None:
    """Neither the order of asking nor an earlier run changes what is reported; nothing is reported twice."""
    first = run(Indexed(data), CheckContext(TODAY))
    assert first == run(Indexed(data), CheckContext(TODAY))
    assert len(set(first)) == len(first)


@thorough
@given(profiles())
def test_what_is_accepted_no_longer_counts(data: Data) -> None:
    """A waiver for each finding accepts all of them, and no waiver makes a new finding but of its own kind."""
    setup = Indexed(data)
    findings = run(setup, CheckContext(TODAY))
    places = {(result.finding.check, result.place) for result in results(setup, findings, TODAY)}
    looked_at = {"reason": "looked at", "level": "error"}
    waivers = [{"check": check, "where": place, **looked_at} for check, place in sorted(places)]
    accepted = Indexed({**data, "waivers": waivers})
    left = [each for each in results(accepted, run(accepted, CheckContext(TODAY)), TODAY) if not each.waived]
    assert {each.place.partition("[")[0] for each in left} <= {"waivers"}
