"""Step 6: each check appears where something is wrong and vanishes when it is fixed."""

from dataclasses import replace
from datetime import date

from omtui.checks.finding import LastReview
from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import CONTEXT, REMOVED, Edits, checked, sound

ADF, SOA = "topology.applications[FSCMServices]", "topology.applications[FASOA]"
L = "topology.endpoints[Label printers]"
R = "connectors[Requests]"
_HOST = "fa-xxxx-test-saasfaprod1.fa.ocs.example"
_SOA_URL = "https://pick-test.partner.example:8002/soa-infra/services/default/x"
_EVENTS_PATH = (
    "/soa-infra/services/default/DooTaskExternalInterfaceVirtualPartnersComposite/businesseventsconnector_client_ep"
)


def _reviewed(on: date, *failed: str) -> object:
    return replace(CONTEXT, last_review=LastReview(on, failed))


CASES = (
    Case("S6-01", {ADF: REMOVED}, "topology.applications", fix="port 443"),
    Case("S6-01", {"topology": REMOVED}, "topology.applications", says="FSCMServices"),
    Case("S6-01", {f"{ADF}.protocol": "http"}, f"{ADF}.protocol", fixed={f"{ADF}.protocol": REMOVED}),
    Case("S6-01", {f"{ADF}.port": 0}, f"{ADF}.port", fixed={f"{ADF}.port": 443}),
    Case("S6-01", {f"{ADF}.port": REMOVED}, f"{ADF}.port", fixed={f"{ADF}.port": 443}),
    Case("S6-02", {SOA: REMOVED, f"{R}.url": _SOA_URL}, "topology.applications", fixed={f"{R}.url": "https://a.example"}),
    Case(
        "S6-02",
        {SOA: REMOVED, f"{L}.path": "/SOA-INFRA/x"},
        "topology.applications",
        fixed={"topology.applications[+]": {"name": "fasoa", "host": _HOST, "port": 443}},
        says='"topology.endpoints[Label printers]"',
    ),
    Case("S6-03", {f"{ADF}.host": "(FADomain,FSCMServices)"}, f"{ADF}.host", fixed={f"{ADF}.host": _HOST}),
    Case("S6-03", {f"{L}.host": "${LabelHost}"}, f"{L}.host", fixed={f"{L}.host": "labels-test.partner.example"}),
    Case("S6-03", {"pod.url": "https://${Host}:${Port}"}, "pod.url", fixed={"pod.url": REMOVED}, says='"${Host}"'),
    *(
        Case("S6-04", {place: value}, place, "warning", fixed={place: fixed}, fix='"INSTANCE.integration.r-1.ocp')
        for place, value, fixed in (
            (f"{R}.url", "https://design.integration.r-1.ocp.example/x", "https://v.integration.r-1.ocp.example/x"),
            (f"{SOA}.host", "Design.integration.r-1.ocp.example", _HOST),
            (f"{L}.host", "design.integration.r-1.ocp.example", "v.integration.r-1.ocp.example"),
        )
    ),
    Case("S6-05", {f"{ADF}.host": "fscm-internal.a.example"}, f"{ADF}.host", "warning", fixed={f"{ADF}.host": _HOST}),
    Case("S6-05", {f"{SOA}.host": "10.0.0.7"}, f"{SOA}.host", "warning", fixed={f"{SOA}.host": _HOST}, says="private"),
    Case(
        "S6-05",
        {f"{R}.url": "https://soahost:8002/x"},
        f"{R}.url",
        "warning",
        fixed={f"{R}.url": "https://soahost.partner.example:8002/x"},
        says="Fusion cannot reach it",
    ),
    Case("S6-06", {f"{ADF}.port": 65536}, f"{ADF}.port", fixed={f"{ADF}.port": 65535}),
    Case("S6-06", {f"{L}.port": -1}, f"{L}.port", fixed={f"{L}.port": 1}),
    Case("S6-06", {f"{ADF}.host": f"https://{_HOST}:443/"}, f"{ADF}.host", fix=f'"{_HOST}", and "443" as'),
    Case("S6-06", {f"{ADF}.host": f"{_HOST}:443"}, f"{ADF}.host", fix=f'enter "{_HOST}"'),
    Case("S6-06", {f"{L}.host": "300.1.1.1"}, f"{L}.host", says="no valid host"),
    Case("S6-06", {f"{L}.host": REMOVED}, f"{L}.host", fixed={f"{L}.of": R}),
    Case("S6-06", {f"{L}.port": REMOVED}, f"{L}.port", fixed={f"{L}.protocol": "https"}),
    Case(
        "S6-07",
        {},
        "topology",
        "warning",
        context=_reviewed(date(2026, 11, 15)),
        fixed_context=_reviewed(date(2026, 11, 16)),
        says="8 days ago",
    ),
    Case(
        "S6-07",
        {},
        "topology",
        "warning",
        context=_reviewed(date(2026, 11, 22), "Requests"),
        fixed_context=_reviewed(date(2026, 11, 22)),
        says='1 target was not as expected: "Requests"',
    ),
    Case(
        "S6-08",
        {"connectors[Events].url": "https://pick-test.partner.example" + _EVENTS_PATH},
        "connectors[Events].url",
        fixed={"connectors[Events].url": "https://a.example" + _EVENTS_PATH.replace("ctor_", "tor_")},
        fix='"businesseventsconnetor_client_ep"',
    ),
)  # fmt: skip


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def _messages(id: str, *edits: Edits) -> list[str]:
    return [finding.message for finding in checked(sound(*edits)) if finding.check == id]


def test_extra_endpoints_may_be_private() -> None:
    assert _messages("S6-05", {f"{L}.host": "10.0.0.7"}) == []


def test_a_token_is_reported_once() -> None:
    findings = checked(sound({f"{ADF}.host": "${Host}"}))
    assert [finding.check for finding in findings] == ["S6-03"]


def test_one_sound_row_of_the_services_is_enough() -> None:
    second = {"name": "FSCMServices", "host": _HOST, "port": 443, "protocol": "https"}
    assert _messages("S6-01", {f"{ADF}.protocol": "http", "topology.applications[+]": second}) == []
