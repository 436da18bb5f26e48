"""The output formats, read back by parsers that are not ours."""

import json
import re
from datetime import date
from xml.etree import ElementTree

import jsonschema
import pytest

from omtui.checks.formats import MACHINE_FORMATS, github, sarif, text
from omtui.checks.formats import json as as_json
from omtui.checks.report import Report, failed, unreadable_results
from omtui.checks.running import all_checks, results, run
from omtui.documents.check_suite import check_suite
from omtui.documents.junit import to_junit
from omtui.setup.indexed import Indexed
from omtui.setup.reading import ReadingFault, parse
from tests.checks.profiles import CONTEXT, REMOVED, sound

_WAIVER = {"check": "S2-10", "reason": "is deployed, on Monday", "until": date(2027, 6, 30)}
_NASTY = 'a,b:c%\r\n::error::x"<&>]]>\x1b[31m\ufffe 針'


def junit(reports: list[Report], *, strict: bool = False) -> str:
    return to_junit("omtui check", [check_suite(each, strict=strict) for each in reports])


WRITERS = {"text": text, "junit": junit, **MACHINE_FORMATS}


def report(*edits: dict[str, object], name: str = "dev", file: str = "profiles/vision dev.toml") -> Report:
    setup = Indexed(sound(*edits))
    found = results(setup, run(setup, CONTEXT), CONTEXT.today, lambda path: 7 if len(path) > 2 else None)
    release = str(setup.release) if setup.release else None
    return Report(name, release, found, file, setup.environment)


def spoilt(name: str = "dev") -> Report:
    """Two errors, one warning, one accepted warning, one info, with a name that every format has to escape."""
    return report(
        {
            "task_types[Pick].tasks[PICK_CARTON].code": "",
            "orchestration_processes[Vision_Pick].deployed": False,
            "orchestration_processes[Vision_Pick].assignment": REMOVED,
            "source_systems[PICK].type": _NASTY,
            "orchestration_processes[Vision_Pick].steps[100].lead_time": "2 days",
            "waivers[+]": _WAIVER,
        },
        name=name,
    )


def test_counts_leave_out_what_was_accepted() -> None:
    assert spoilt().counts == {"error": 2, "warning": 2, "info": 1}
    assert spoilt().accepted == 1
    assert report().counts == {"error": 0, "warning": 0, "info": 0}


def test_only_errors_fail_unless_strict() -> None:
    warned = report({"orchestration_processes[Vision_Pick].assignment": REMOVED})
    assert failed([spoilt()])
    assert not failed([warned])
    assert failed([report(), warned], strict=True)
    accepted = report({"orchestration_processes[Vision_Pick].deployed": False, "waivers[+]": _WAIVER})
    assert not failed([accepted], strict=True)


def test_json_has_the_keys_of_the_contract() -> None:
    found = json.loads(as_json([spoilt()]))
    assert set(found) == {"profile", "release", "findings", "counts"}
    assert (found["profile"], found["release"]) == ("dev", "25D")
    for finding in found["findings"]:
        assert list(finding) == ["id", "level", "where", "line", "message", "fix", "waived", "operations"]
    assert [finding["waived"] for finding in found["findings"]].count(True) == 1
    assert found["counts"] == {"error": 2, "warning": 2, "info": 1}


def test_json_of_several_profiles() -> None:
    found = json.loads(as_json([spoilt("dev"), report(name="test")]))
    assert [each["profile"] for each in found["profiles"]] == ["dev", "test"]
    assert found["counts"] == {"error": 2, "warning": 2, "info": 1}


def test_text_groups_by_task_and_breaks_lines() -> None:
    output = text([spoilt()], width=60)
    assert "\x1b" not in output
    headings = [line for line in output.splitlines() if line and not line.startswith(" ")]
    assert headings == [
        "dev (test, 25D): 2 errors, 2 warnings, 1 info (1 accepted)",
        "Step 1  Manage Task Types",
        "Step 2  Manage Orchestration Process Definitions",
        "Step 3  Manage Trading Community Source Systems",
        "dev: 2 errors, 2 warnings, 1 info (1 accepted)",
    ]
    body = [line for line in output.splitlines() if line.startswith(" " * 12)]
    assert body
    assert all(len(line) <= 60 for line in body)
    assert "accepted: is deployed, on Monday" in output
    assert "fix: " in output


def test_text_without_findings_says_so() -> None:
    assert text([report()]) == "dev (test, 25D): nothing to report\n"
    assert text([report(), report(name="two")]).endswith("2 profiles: nothing to report\n")


def test_colour_only_when_asked() -> None:
    coloured = text([spoilt()], colour=True)
    assert "\x1b[1;31merror" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == text([spoilt()])


@pytest.mark.parametrize("name", WRITERS)
def test_no_format_lets_a_control_character_through(name: str) -> None:
    output = WRITERS[name]([spoilt()])
    assert not set(output) & {chr(code) for code in range(32) if chr(code) != "\n"}


def test_junit_counts_its_cases() -> None:
    root = ElementTree.fromstring(junit([spoilt(), report(name="test")]))
    assert root.tag == "testsuites"
    assert [suite.get("name") for suite in root] == ["dev", "test"]
    for suite in root:
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))
    dev, test = root
    assert (dev.get("failures"), dev.get("skipped")) == ("2", "1")
    assert (test.get("failures"), test.get("skipped")) == ("0", "0")
    failure = dev.find("testcase/failure")
    assert failure is not None
    assert failure.get("message", "").startswith("task_types[Pick].tasks[].code: ")
    assert "(profiles/vision dev.toml:7)" in (failure.text or "")
    names = [case.get("name", "") for case in test.findall("testcase")]
    assert len(names) == len(set(names))
    warned = next(case for case in dev if case.get("name", "").startswith("S2-11"))
    assert warned.find("failure") is None
    assert "warning" in warned.findtext("system-out", "")


def test_strict_junit_fails_on_warnings() -> None:
    root = ElementTree.fromstring(junit([spoilt()], strict=True))
    assert root.get("failures") == "4"


_SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {"type": "array", "items": {"$ref": "#/definitions/run"}},
    },
    "additionalProperties": False,
    "definitions": {
        "message": {
            "type": "object",
            "required": ["text"],
            "properties": {"text": {"type": "string"}},
            "additionalProperties": False,
        },
        "level": {"enum": ["none", "note", "warning", "error"]},
        "run": {
            "type": "object",
            "required": ["tool"],
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "properties": {
                        "driver": {
                            "type": "object",
                            "required": ["name"],
                            "properties": {
                                "name": {"type": "string"},
                                "version": {"type": "string"},
                                "rules": {
                                    "type": "array",
                                    "uniqueItems": True,
                                    "items": {"$ref": "#/definitions/rule"},
                                },
                            },
                            "additionalProperties": False,
                        }
                    },
                    "additionalProperties": False,
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": {"$ref": "#/definitions/result"}},
            },
            "additionalProperties": False,
        },
        "rule": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": "string"},
                "shortDescription": {"$ref": "#/definitions/message"},
                "fullDescription": {"$ref": "#/definitions/message"},
                "help": {"$ref": "#/definitions/message"},
                "helpUri": {"type": "string", "pattern": "^https://"},
                "defaultConfiguration": {
                    "type": "object",
                    "properties": {"level": {"$ref": "#/definitions/level"}},
                    "additionalProperties": False,
                },
            },
            "additionalProperties": False,
        },
        "result": {
            "type": "object",
            "required": ["message"],
            "properties": {
                "ruleId": {"type": "string"},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "level": {"$ref": "#/definitions/level"},
                "message": {"$ref": "#/definitions/message"},
                "locations": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "physicalLocation": {
                                "type": "object",
                                "required": ["artifactLocation"],
                                "properties": {
                                    "artifactLocation": {
                                        "type": "object",
                                        "properties": {"uri": {"type": "string", "pattern": "^[^ ]+$"}},
                                        "additionalProperties": False,
                                    },
                                    "region": {
                                        "type": "object",
                                        "properties": {"startLine": {"type": "integer", "minimum": 1}},
                                        "additionalProperties": False,
                                    },
                                },
                                "additionalProperties": False,
                            },
                            "logicalLocations": {
                                "type": "array",
                                "uniqueItems": True,
                                "items": {
                                    "type": "object",
                                    "properties": {"fullyQualifiedName": {"type": "string"}},
                                    "additionalProperties": False,
                                },
                            },
                        },
                        "additionalProperties": False,
                    },
                },
                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
                "suppressions": {
                    "type": "array",
                    "uniqueItems": True,
                    "items": {
                        "type": "object",
                        "required": ["kind"],
                        "properties": {
                            "kind": {"enum": ["inSource", "external"]},
                            "justification": {"type": "string"},
                        },
                        "additionalProperties": False,
                    },
                },
            },
            "additionalProperties": False,
        },
    },
}
"""The part of the SARIF 2.1.0 schema (OASIS) that concerns what is written here, with its names, types and words."""


def test_sarif_keeps_the_schema() -> None:
    output = json.loads(sarif([spoilt(), report(name="test")]))
    jsonschema.validate(output, _SARIF)
    (run_,) = output["runs"]
    rules = run_["tool"]["driver"]["rules"]
    assert len(rules) == len(all_checks())
    for result in run_["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    accepted = [result for result in run_["results"] if result["suppressions"]]
    assert [result["ruleId"] for result in accepted] == ["S2-10"]
    marks = [result["partialFingerprints"]["omtuiFinding/v1"] for result in run_["results"]]
    assert len(marks) == len(set(marks))


def test_sarif_levels_and_uris() -> None:
    (run_,) = json.loads(sarif([spoilt()]))["runs"]
    found = {result["ruleId"]: result for result in run_["results"]}
    assert found["S2-09"]["level"] == "note"
    location = found["S1-08"]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "profiles/vision%20dev.toml"
    assert location["physicalLocation"]["region"] == {"startLine": 7}
    assert location["logicalLocations"] == [{"fullyQualifiedName": "task_types[Pick].tasks[].code"}]


def test_github_escapes_what_would_be_a_command() -> None:
    lines = github([spoilt()]).splitlines()
    assert len(lines) == 5
    commands = [
        re.fullmatch(r"::(error|warning|notice) (file=[^,:]+),line=\d+,title=([^,:]+)::(.+)", line) for line in lines
    ]
    assert all(commands)
    kinds = [command[1] for command in commands if command]
    assert sorted(kinds) == ["error", "error", "notice", "warning", "warning"]
    assert "%0AFix" in lines[0]
    assert not any("Fix" in line.split("::")[0] for line in lines)
    nasty = next(line for line in lines if "S3-02" in line)
    assert "a,b:c%25" in nasty


def test_an_unreadable_file_is_a_finding_in_every_format() -> None:
    fault = parse("schema = 1\nprofile = ")
    assert isinstance(fault, ReadingFault)
    broken = Report("dev", None, unreadable_results([fault]), "dev.toml")
    (finding,) = json.loads(as_json([broken]))["findings"]
    assert (finding["id"], finding["line"], finding["where"]) == ("P0-01", 2, "")
    assert "P0-01" in text([broken])
    assert ElementTree.fromstring(junit([broken])).get("failures") == "1"
    jsonschema.validate(json.loads(sarif([broken])), _SARIF)
    assert github([broken]).startswith("::error file=dev.toml,line=2,title=P0-01")
