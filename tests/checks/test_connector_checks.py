"""Step 5: each check appears where something is wrong and vanishes when it is fixed."""

from dataclasses import replace
from datetime import date

from omtui.checks.wording import quoted
from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import CONTEXT, REMOVED, Edits, checked, sound

R, E = "connectors[Requests]", "connectors[Events]"
_URL = "https://pick-test.partner.example/requests"
_RELEASE = {"pod.release": "26C"}
_NO_RELEASE: Edits = {"pod.release": REMOVED}
_NEW = {
    "name": "Further",
    "target_system": "PICK",
    "url": "https://pick-test.partner.example/further",
    "user_name": "vision",
    "credential": "requests",
    "invocation_mode": "Asynchronous Service",
}


def _url(value: str) -> Edits:
    return {f"{R}.url": value}


def _named(name: str) -> Edits:
    """The connector of requests under another name, with the rule that uses it."""
    return {
        f"{R}.name": name,
        "routing_rules[Picks].then[0].value": name,
        "routing_rules[Picks].then_text": REMOVED,
    }


CASES = (
    Case("S5-01", {"connectors[+]": {**_NEW, "name": " "}}, 'connectors[" "].name', says="no name"),
    Case("S5-01", _named("R" * 121), f"connectors[{'R' * 121}].name", says="121 characters", fix="by 1"),
    Case("S5-01", {"connectors[+]": {**_NEW, "name": "Events"}}, "connectors[Events#2].name", says='"Events"'),
    *(
        Case("S5-02", _url(url), f"{R}.url", fixed=_url(_URL), says=says, fix=fix)
        for url, says, fix in (
            ("pick-test.partner.example/requests", "absolute", '"https://pick-test.partner.example/requests"'),
            ("/requests", "absolute", "https://"),
            ("ftp://pick-test.partner.example/", "absolute", '"https://pick-test.partner.example/"'),
            ("https:\\\\pick-test.partner.example\\x", "absolute", '"https://pick-test.partner.example/x"'),
            ("https:///requests", "absolute", "https://"),
            (_URL + "/" + "x" * 1000, "1043 characters", "shorter"),
            ("https://pick-test.partner.example/my requests", "space", '"https://pick-test.partner.example/myrequests"'),
            (" " + _URL, "space", f'enter "{_URL}"'),
            (_URL + "\n", "line break", f'enter "{_URL}"'),
            ("https://server/soa-infra/x", 'host "server" is a placeholder', "external system"),
            ("https://<host>/x", 'host "<host>" is a placeholder', "external system"),
            ("https://your-cloud-hostname.example/x", "placeholder", "external system"),
            ("https://pick-test.partner.example:port/x", 'port "port"', "443"),
            ("https://pick-test.partner.example:70000/x", "65535", "443"),
            ("https://pick-test.partner.example:0/x", "65535", "443"),
            ("https://pick_-.partner..example/x", "no valid host", "correct the host"),
            ("https://pick-test.partner.example:8002soa-infra/services", '":8002soa-infra"', '":8002/soa-infra"'),
            ("${ScmSoaAppHostToken}/x", '"${ScmSoaAppHostToken}"', "host and port"),
            ("https://(FADomain,FSCMServices)/x", '"(FADomain,FSCMServices)"', "host and port"),
        )
    ),
    Case("S5-03", _url("http://pick-test.partner.example/requests"), f"{R}.url", "warning", fixed=_url(_URL)),
    Case(
        "S5-03",
        {**_url("HTTP://pick-test.partner.example:80/requests"), "profile.environment": "production"},
        f"{R}.url",
        fixed=_url(_URL),
        fix="its port",
    ),
    Case("S5-04", {f"{R}.user_name": REMOVED}, f"{R}.user_name", fixed={f"{R}.csf_key": "pick-key"}),
    Case(
        "S5-04",
        {f"{R}.credential": REMOVED, f"{R}.invocation_mode": "Synchronous Service"},
        f"{R}.credential",
        fixed={f"{R}.credential": "requests"},
        fix='"requests"',
    ),
    Case("S5-05", {f"{R}.csf_key": "k"}, f"{R}.csf_key", "warning", fixed={f"{R}.user_name": REMOVED}),
    *(
        Case("S5-06", {**_url(f"https://{host}/x"), **_RELEASE}, f"{R}.url", "warning", fixed=_url(_URL), says=says)
        for host, says in (
            ("fa-xxxx-test-saasfaprod1.fa.ocs.example", "[pod]"),
            ("fa-yyyy-dev1-saasfaprod1.fa.ocs.example", "a Fusion pod"),
            ("vision.integration.region-1.ocp.example", "Integration Cloud"),
            ("objectstorage.region-1.oraclecloud.com", "Oracle's cloud"),
        )
    ),
    Case("S5-06", _url("https://yyyy.fa.us2.example/x"), f"{R}.url", "warning", fixed=_url(_URL)),
    Case(
        "S5-06",
        {**_url("https://yyyy.fa.us2.example/x"), **_NO_RELEASE},
        f"{R}.url",
        "warning",
        fixed=_url(_URL),
    ),
    Case(
        "S5-06",
        {**_url("https://soa.vision.example/x"), "topology.applications[FASOA].host": "SOA.vision.example."},
        f"{R}.url",
        "warning",
        fixed={"topology.applications[FASOA].host": "fa-xxxx-test-saasfaprod1.fa.ocs.example"},
        says="[topology]",
    ),
    Case(
        "S5-07",
        {f"{E}.url": "https://vision.integration.region-1.ocp.example/ic/api"},
        f"{E}.url",
        "warning",
        fixed={f"{E}.invocation_mode": "Asynchronous Service"},
        fix="subscribe",
    ),
    Case("S5-08", {f"{R}.target_system": "Pick_"}, f"{R}.target_system", says="step 4 or 4.1", fix='enter "PICK"'),
    Case(
        "S5-08",
        {"planning_source_systems[PICK]": REMOVED, E: REMOVED},
        f"{R}.target_system",
        fixed={"upstream_source_systems[+]": {"code": "PICK"}},
        says="not in step 4 or 4.1",
    ),
    Case(
        "S5-08",
        {"source_systems[PICK]": REMOVED, E: REMOVED},
        f"{R}.target_system",
        fixed={"source_systems[+]": {"code": "PICK"}},
        says="not in step 3",
        fix='add "PICK" in step 3',
    ),
    Case(
        "S5-09",
        {f"{R}.user_name": "other"},
        f"{R}.user_name",
        "warning",
        fixed={f"{R}.target_system": "SHOP"},
        says='"Requests" and "Events" share the target system "PICK"',
    ),
    Case(
        "S5-09",
        {f"{E}.user_name": REMOVED, f"{E}.credential": REMOVED, f"{E}.csf_key": "key"},
        f"{R}.user_name",
        "warning",
        fixed={f"{E}.csf_key": REMOVED},
    ),
    Case(
        "S5-10",
        {E: REMOVED},
        f"{R}.credential",
        "warning",
        context=replace(CONTEXT, credential_names={"Requests "}),
        fixed_context=replace(CONTEXT, credential_names={"requests"}),
        fixed={},
        fix='enter "Requests "',
    ),
    Case(
        "S5-11",
        {f"{R}.invocation_mode": "Synchronous Service"},
        f"{R}.invocation_mode",
        "warning",
        fixed={"orchestration_processes[Vision_Pick].steps[200]": REMOVED},
        says='"Wait for pick"',
    ),
    Case(
        "S5-11",
        {f"{R}.invocation_mode": "Synchronous Service", "routing_rules[Picks].when.operator": "is not equal to"}
        | {"routing_rules[Picks].when.value": "Invoice"},
        f"{R}.invocation_mode",
        "warning",
        fixed={"routing_rules[Picks].active": False},
    ),
    Case(
        "S5-12",
        {f"{R}.invocation_mode": "Asynchronous"},
        f"{R}.invocation_mode",
        fixed={f"{R}.invocation_mode": "Asynchronous Service"},
        fix='enter "Asynchronous Service"',
    ),
    Case("S5-12", {f"{R}.invocation_mode": "Queue"}, f"{R}.invocation_mode", fix='"Business Event"'),
    Case(
        "S5-12",
        {f"{R}.response_processing": "Reject all lines at first error"},
        f"{R}.response_processing",
        "warning",
        fixed={f"{R}.response_processing": "Reject All Lines on First Error"},
        fix='"Reject all lines on first error"',
    ),
    Case("S5-13", _url(f"{_URL}?WSDL"), f"{R}.url", "warning", fixed=_url(_URL), fix=f'enter "{_URL}"'),
    Case("S5-13", _url(f"{_URL}?a=b&wsdl "), f"{R}.url", "warning", fixed=_url(_URL), says='"&wsdl"'),
    Case(
        "S5-14",
        {f"{R}.keystore_alias": "Pick"},
        f"{R}.keystore_alias",
        "warning",
        fixed={f"{R}.keystore_alias": "pick"},
        fix='enter "pick"',
    ),
    Case(
        "S5-14",
        {"certificates[pick].expires_on": date(2026, 11, 22)},
        f"{R}.keystore_alias",
        "warning",
        fixed={"certificates[+]": {"alias": "pick", "expires_on": date(2026, 11, 23)}},
        says="expired on 2026-11-22",
    ),
    Case(
        "S5-15",
        {"connectors[+]": _NEW},
        "connectors[Further]",
        "info",
        fixed={"routing_rules[Picks].otherwise[+]": {"action": "Set Connector Name", "value": "Further"}},
    ),
    *(
        Case("S5-16", {**_named(name), **_RELEASE}, f"connectors[{name}].name", "warning", says=f'"{prefix}"')
        for name, prefix in (("DOO_Pick", "DOO"), ("ora_pick", "ora_"), ("OracleX", "Oracle"), ("Fusion-P", "Fusion"))
    ),
    Case("S5-16", {**_named("doo_pick"), **_NO_RELEASE}, "connectors[doo_pick].name", "info", says='"doo"'),
    Case(
        "S5-17",
        {"credentials[requests].expires_on": date(2026, 11, 22), "credentials[requests].owner": "it@partner.example"},
        "credentials[requests].expires_on",
        fixed={"credentials[requests].expires_on": date(2026, 12, 24)},
        says="expired on 2026-11-22",
        fix='renew it with "it@partner.example"',
    ),
    *(
        Case("S5-17", {"certificates[pick].expires_on": day}, "certificates[pick].expires_on", "warning", says=says)
        for day, says in (
            (date(2026, 11, 23), "today"),
            (date(2026, 11, 24), "tomorrow"),
            (date(2026, 12, 23), "in 30 days, on 2026-12-23"),
        )
    ),
)  # fmt: skip

_URL = "connectors[Requests].url"
_HOST = "https://pick-test.partner.example"
CASES = (
    *CASES,
    *(
        Case("S5-18", {_URL: f"{_HOST}{wrong}"}, _URL, "warning", fixed={_URL: f"{_HOST}{right}"}, fix=fix)
        for wrong, right, fix in (
            ("/r.svc?singleWsdl", "/r.svc", '/r.svc"'),
            ("/r?wsdl=1", "/r", '/r"'),
            ("/r?WSDL&v=2", "/r?v=2", '/r?v=2"'),
            ("/r?v=2&wsdl=x", "/r?v=2", '/r?v=2"'),
            ("/r?a=1&singleWsdl&b=2", "/r?a=1&b=2", '/r?a=1&b=2"'),
            ("/r?xsd=1", "/r?xsdt=1", '/r"'),
            ("/r?xsd=orders.xsd", "/r/wsdl", '/r"'),
            ("/r.wsdl", "/r.wsdls", "soap:address"),
            ("/R.WSDL?x=1", "/wsdl/r", "soap:address"),
            ("/r#part", "/r", '/r"'),
            ("/r?x=1#", "/r?x=1", '/r?x=1"'),
            ("/r?wsdl#part", "/r", '/r#part"'),
        )
    ),
    *(
        Case(
            "S5-19", {_URL: f"https://{host}/r"}, _URL, "warning", fixed={_URL: f"{_HOST}/r_r?a_b=1"}, says="underscore"
        )
        for host in ("pick_test.partner.example", "pick.part_ner.example:8443", "a_.example")
    ),
)


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def _messages(id: str, *edits: Edits) -> list[str]:
    return [finding.message for finding in checked(sound(*edits)) if finding.check == id]


def test_every_fault_of_a_url_is_reported_and_none_that_follows_from_another() -> None:
    url = "https://server:portsoa-infra/services/default/Fulfillment/fulfillmentrequest_client_ep?WSDL"
    assert _messages("S5-02", _url(url)) == [
        'a slash is missing after the port: ":portsoa-infra"',
        'the host "server" is a placeholder',
        'the port "port" is not a number',
    ]
    assert len(_messages("S5-02", _url("(FADomain,FSCMServices)/x"))) == 1
    assert _messages("S5-02", _url("https://User@[2001:db8::1]:8443/orders?a=b")) == []


def test_a_missing_url_is_reported_once() -> None:
    findings = [f for f in checked(sound({f"{R}.url": REMOVED})) if f.path[0] == "connectors"]
    assert [finding.check for finding in findings] == ["P0-07"]


def test_oracles_own_connectors_are_not_judged() -> None:
    own = {"name": "Connect to Oracle Shipping System", "predefined": True}
    odd = {**own, "name": "ORA_ODD", "url": "http://server:port", "target_system": "NONE", "invocation_mode": "x"}
    assert (
        checked(sound(_RELEASE, {"connectors[+]": own}, {"connectors[+]": odd, "pod.connector_association": "shown"}))
        == []
    )
    assert _messages("S5-01", {"connectors[+]": own}, {"connectors[+]": own}) != []


def test_a_practice_pod_on_loopback_is_no_oracle_host_to_its_connectors() -> None:
    loopback = {
        "profile.environment": "practice",
        "pod.url": "https://127.0.0.1:8443",
        **{f"topology.applications[{name}].host": "127.0.0.1" for name in ("FSCMServices", "FASOA")},
        **_url("https://127.0.0.1:9443/pick"),
    }
    assert [f.check for f in checked(sound(loopback)) if f.path[0] in ("connectors", "topology")] == []


def test_a_name_that_only_looks_like_a_prefix() -> None:
    assert _messages("S5-16", _RELEASE, _named("Doors_Connector")) == []
    assert _messages("S5-16", _named("DOO_Pick")) == []


def test_without_a_store_nothing_is_reported_of_it() -> None:
    assert _messages("S5-10", {f"{R}.credential": "nobody knows"}) == []


def test_secrets_in_a_url_are_not_shown() -> None:
    messages = _messages("S5-02", _url("https://user:Pass-w0rd@server/x y")) + _messages(
        "S5-06", _url("https://u:Pass-w0rd@a.fa.us2.example")
    )
    assert messages
    assert not any("Pass-w0rd" in message for message in messages)
    assert "•••" in quoted("https://user:Pass-w0rd@server/x")
