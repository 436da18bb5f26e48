"""Every format is read by a parser that we did not write."""

import csv
import io
import json
from html.parser import HTMLParser
from typing import Any

import jsonschema
import pytest
from junitparser import JUnitXml
from prometheus_client.parser import text_string_to_metric_families

from omtui.documents.probe_document import CSV_COLUMNS
from omtui.documents.spreadsheet import cell as spreadsheet_cell
from omtui.practice.practice import Practice
from omtui.practice.profiles import BROKEN, DEV, sample_profiles
from omtui.service.reviewing import report
from omtui.topology import reports
from omtui.topology.evidence import Evidence, HttpFacts, Stop
from omtui.topology.result import ProbeResult, ProbeReview
from omtui.topology.review import run_review
from omtui.topology.target import Skipped, Target
from omtui.topology.targets import collect
from omtui.topology.verdict import judge
from omtui.topology.words import WORDS
from tests.topology.servers import surroundings

EVIL = '=cmd|"/c calc"!A1 </td><script>alert(1)</script> ]]> {x="y"} \\ \x1b[2J\x07\u202e\ud800 \n,;'
NULL = {"type": "null"}
TEXT = {"type": ["string", "null"]}
SCHEMA = {
    "type": "object",
    "required": ["profile", "started", "results", "counts"],
    "properties": {
        "profile": {"type": "string"},
        "started": {"type": "string", "format": "date-time"},
        "counts": {"type": "object", "required": ["ok", "failed"]},
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": [
                    "name", "vantage", "host", "port", "url", "expect", "caller", "outcome", "faults", "ok", "message",
                    "advice", "milliseconds", "addresses", "tls", "http", "wsdl", "machine",
                ],
                "properties": {
                    "name": {"type": "string"},
                    "vantage": {"const": "local"},
                    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
                    "url": TEXT,
                    "expect": {"enum": ["open", "tls", "http", "wsdl", "closed"]},
                    "caller": {"enum": ["fusion", "integration-cloud", "external", "person"]},
                    "outcome": {"enum": sorted(WORDS)},
                    "faults": {"type": "array", "items": {"enum": sorted(WORDS)}},
                    "ok": {"type": "boolean"},
                    "message": {"type": "string", "minLength": 1},
                    "milliseconds": {
                        "type": "object",
                        "required": ["resolve", "connect", "tls", "http"],
                        "additionalProperties": {"type": ["number", "null"], "minimum": 0},
                    },
                    "addresses": {"type": "array", "items": {"type": "string"}},
                    "tls": {"anyOf": [NULL, {
                        "type": "object",
                        "required": ["version", "cipher", "subject", "issuer", "names", "not_before", "not_after",
                                     "days_left", "chain_complete"],
                    }]},
                    "http": {"anyOf": [NULL, {"type": "object", "required": ["status", "server", "location"]}]},
                    "wsdl": {"anyOf": [NULL, {"type": "object", "required": ["service", "namespace", "operations"]}]},
                },
            },
        },
    },
}  # fmt: skip


@pytest.fixture(scope="session")
def reviewed(practice: Practice) -> ProbeReview:
    """A real review of everything the practice shows, healthy and broken."""
    import tomllib

    found = []
    for name in (DEV, BROKEN):
        found += collect(tomllib.loads(sample_profiles(practice)[name])).targets
    return run_review(found, surroundings, profile="practice")


@pytest.fixture
def evil() -> ProbeReview:
    """What a hostile profile and a hostile server might put into a report."""
    target = Target(EVIL, EVIL, 443, EVIL, "https", "http", path="/", used_by=(EVIL,))
    evidence = Evidence(stop=Stop("not-http", EVIL), http=HttpFacts(200, EVIL, EVIL, EVIL, EVIL, EVIL), notes=[EVIL])
    result = ProbeResult(target, EVIL, EVIL, 1000.0, judge(target, evidence, 1000.0), evidence)
    return ProbeReview(EVIL, 1000.0, [result], EVIL, EVIL, skipped=[Skipped(EVIL, EVIL)])


def page(review: ProbeReview) -> str:
    return report(review, "html")


def junit(review: ProbeReview) -> str:
    return report(review, "junit")


def csv_of(review: ProbeReview) -> str:
    return report(review, "csv")


WRITERS = (*reports.FORMATS.values(), page, junit, csv_of)


def test_json_has_the_public_keys(reviewed: ProbeReview) -> None:
    document = json.loads(reports.as_json(reviewed))
    jsonschema.validate(document, SCHEMA, format_checker=jsonschema.FormatChecker())
    assert document["counts"]["ok"] + document["counts"]["failed"] == len(document["results"]) == len(reviewed.results)


def test_the_worst_is_first(reviewed: ProbeReview) -> None:
    outcomes = [row["outcome"] for row in json.loads(reports.as_json(reviewed))["results"]]
    assert outcomes == sorted(outcomes, key=lambda word: WORDS[word].severity)


def test_junit(reviewed: ProbeReview) -> None:
    suites = JUnitXml.fromstring(junit(reviewed).encode())
    (suite,) = list(suites)
    cases = list(suite)
    counts = reviewed.counts
    assert (suite.tests, suite.failures, len(cases)) == (len(reviewed.results), counts["failed"], len(reviewed.results))
    assert sum(case.is_failure for case in cases) == counts["failed"]
    failed = next(case for case in cases if case.name == "Expired")
    assert failed.result[0].type == "certificate-expired"
    assert "expired" in failed.result[0].message


def test_csv(reviewed: ProbeReview) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(reviewed)), strict=True))
    assert len(rows) == len(reviewed.results)
    assert tuple(rows[0]) == CSV_COLUMNS
    expired = next(row for row in rows if row["name"] == "Expired")
    assert (expired["outcome"], expired["ok"]) == ("certificate-expired", "no")
    assert expired["certificate_days_left"] == "-12"


def test_prometheus(reviewed: ProbeReview) -> None:
    families = {family.name: family for family in text_string_to_metric_families(reports.prometheus(reviewed))}
    ok = {sample.labels["name"]: sample.value for sample in families["omtui_probe_ok"].samples}
    assert ok == {result.target.name: float(result.ok) for result in reviewed.results}
    ends = {s.labels["name"]: s.value for s in families["omtui_probe_certificate_not_after_seconds"].samples}
    assert ends["Expired"] == reviewed_named(reviewed, "Expired").evidence.tls.leaf.not_after  # type: ignore[union-attr]
    outcomes = {s.labels["name"]: s.labels["outcome"] for s in families["omtui_probe_outcome"].samples}
    assert outcomes["Filtered"] == "timed-out"
    phases = {s.labels["phase"] for s in families["omtui_probe_duration_seconds"].samples}
    assert phases == {"resolve", "connect", "tls", "http", "wsdl"}


def reviewed_named(review: ProbeReview, name: str) -> ProbeResult:
    return next(result for result in review.results if result.target.name == name)


def test_text_is_narrow_and_says_what_to_do(reviewed: ProbeReview) -> None:
    text = reports.text(reviewed, width=80)
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "FAIL  certificate-expired" in text
    assert "-> Have it renewed." in text
    counts = reviewed.counts
    assert f"{counts['ok']} ok ({counts['warned']} with a warning), {counts['failed']} failed" in text
    assert "no probe from here can show" in " ".join(text.split())


class Page(HTMLParser):
    """Tags and attributes of a page, and whether its tags close."""

    VOID = ("meta", "br", "wbr")

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_one_file_that_loads_nothing(reviewed: ProbeReview) -> None:
    parsed = Page(page(reviewed))
    assert parsed.open == []
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & set(parsed.tags)
    assert not [name for name, _ in parsed.attributes if name.startswith("on") or name in ("src", "href")]
    assert "default-src 'none'" in dict(parsed.attributes).get("content", "") or "default-src 'none'" in page(reviewed)
    assert "url(" not in page(reviewed)
    for result in reviewed.results:
        assert result.target.name in parsed.text
        assert result.verdict.outcome in parsed.text


def test_foreign_text_does_no_harm_in_any_format(evil: ProbeReview) -> None:
    for write in WRITERS:
        written = write(evil)
        assert not any(harm in written for harm in ("\x1b", "\x07", "\u202e", "\ud800"))
        written.encode("utf-8")
    json.loads(reports.as_json(evil))
    (suite,) = list(JUnitXml.fromstring(junit(evil).encode()))
    assert suite.failures == 1
    assert list(text_string_to_metric_families(reports.prometheus(evil)))
    rows = list(csv.reader(io.StringIO(csv_of(evil)), strict=True))
    assert len(rows) == 2
    assert not [cell for cell in rows[1] if cell[:1] in ("=", "+", "-", "@")]
    parsed = Page(page(evil))
    assert parsed.open == []
    assert "script" not in parsed.tags


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        (" =1", "' =1"),
        ("+49", "'+49"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        (-1, "-1"),
        (1.5, "1.5"),
        (None, ""),
        ("plain", "plain"),
    ],
)
def test_cells(value: Any, cell: str) -> None:
    assert spreadsheet_cell(value) == cell


def test_an_empty_review_is_a_report_too() -> None:
    empty = ProbeReview("p", 1000.0, [], machine="here")
    for write in WRITERS:
        assert write(empty)
    assert empty.passed(strict=True)
    assert list(JUnitXml.fromstring(junit(empty).encode()))


def test_an_interrupted_review_says_so() -> None:
    broken_off = ProbeReview("p", 1000.0, [], machine="here", interrupted=True)
    assert "interrupted" in reports.text(broken_off)
    assert "interrupted" in page(broken_off)
    assert broken_off.document()["interrupted"] is True
