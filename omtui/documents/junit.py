"""Test results as JUnit XML, for programs that run builds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from omtui.plain_text import plain, plain_lines


@dataclass(frozen=True, slots=True)
class Case:
    """One test. It passed, unless it has a failure (message, kind, details) or a reason why it was skipped."""

    classname: str
    name: str
    seconds: float = 0
    failure: tuple[str, str, str] | None = None
    skipped: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests that belong together; `more` are further attributes, such as a timestamp."""

    name: str
    cases: Sequence[Case]
    more: Mapping[str, str] = field(default_factory=dict)


def to_junit(name: str, suites: Sequence[Suite]) -> str:
    """The results of a program."""
    root = Element("testsuites", name=name)
    total: Counter[str] = Counter()
    for suite in suites:
        element = SubElement(root, "testsuite", name=_attribute(suite.name))
        for case in suite.cases:
            _add(element, case)
        counts = {
            "tests": len(suite.cases),
            "failures": sum(case.failure is not None for case in suite.cases),
            "errors": 0,
            "skipped": sum(bool(case.skipped) for case in suite.cases),
        }
        total.update(counts)
        element.attrib.update({key: str(count) for key, count in counts.items()}, time=_time(suite.cases))
        element.attrib.update({key: _attribute(value) for key, value in suite.more.items()})
    root.attrib.update({key: str(total[key]) for key in ("tests", "failures", "errors")})
    root.set("time", _time([case for suite in suites for case in suite.cases]))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + str(tostring(root, encoding="unicode")) + "\n"


def _add(suite: Element, case: Case) -> None:
    names = {"classname": _attribute(case.classname), "name": _attribute(case.name)}
    element = SubElement(suite, "testcase", names, time=_time([case]))
    if case.failure is not None:
        message, kind, details = case.failure
        failure = SubElement(element, "failure", message=_attribute(message), type=_attribute(kind))
        failure.text = _xml(plain_lines(details))
    if case.skipped:
        SubElement(element, "skipped", message=_attribute(case.skipped))
    if case.output:
        SubElement(element, "system-out").text = _xml(plain_lines(case.output))


def _time(cases: Sequence[Case]) -> str:
    seconds = sum(case.seconds for case in cases)
    return f"{seconds:.3f}" if seconds else "0"


def _attribute(value: str) -> str:
    return _xml(plain(value))


def _xml(text: str) -> str:
    """A harmless text without the two letters that XML 1.0 cannot hold."""
    return text.replace("\ufffe", "").replace("\uffff", "")
