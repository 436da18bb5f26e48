from pathlib import Path
from typing import Any

import pytest

from omtui.topology.target import Target, TargetList
from omtui.topology.targets import collect, limited

POD = "https://fa-xxxx-dev1-saasfaprod1.fa.ocs.example"
SOA = "https://soa.pick.example:8002/soa-infra/services/default/ConnectorServiceComposite/connectorprocess_client_ep"


def targets(data: dict[str, Any], **more: Any) -> list[Target]:
    return list(collect(data, **more).targets)


def profile(**tables: Any) -> dict[str, Any]:
    return {"profile": {"name": "p", "environment": "development"}, **tables}


def test_the_pod_gives_its_rest_tier() -> None:
    (pod,) = targets(profile(pod={"url": POD}))
    assert (pod.name, pod.url, pod.expect, pod.caller) == ("pod", f"{POD}/fscmRestApi/resources", "http", "person")
    assert pod.used_by == ("pod.url",)


def test_services_know_their_namespace_and_operations() -> None:
    service = {"name": "OrderFulfillmentResponseService", "operations": ["processFulfillmentResponse"]}
    _, found = targets(profile(pod={"url": POD}, services=[service]))
    assert found.url == f"{POD}/fscmService/OrderFulfillmentResponseService?WSDL"
    assert found.expect == "wsdl"
    assert found.service == "OrderFulfillmentResponseService"
    assert found.namespace == "http://xmlns.oracle.com/apps/scm/doo/taskLayer/commonService/"
    assert found.operations == ("processFulfillmentResponse",)


def test_adf_services_are_looked_for_where_review_topology_says() -> None:
    rows = [{"name": "FSCMServices", "host": "external.example", "port": 8443, "protocol": "https"}]
    found = targets(
        profile(pod={"url": POD}, services=[{"name": "OrderImportService"}], topology={"applications": rows})
    )
    service = next(one for one in found if one.name == "OrderImportService")
    assert service.url == "https://external.example:8443/fscmService/OrderImportService?WSDL"


def test_an_unknown_service_is_reported_not_invented() -> None:
    found = collect(profile(pod={"url": POD}, services=[{"name": "MyService"}]))
    assert [one.name for one in found.targets] == ["pod"]
    assert found.skipped[0].place == "services[MyService]"


def test_a_connector_is_judged_for_fusion() -> None:
    (found,) = targets(profile(connectors=[{"name": "Connector01", "url": SOA}]))
    assert (found.caller, found.role, found.expect) == ("fusion", "connector", "http")
    assert (found.host, found.port) == ("soa.pick.example", 8002)


def test_a_predefined_connector_without_an_address_is_oracles_affair() -> None:
    found = collect(profile(connectors=[{"name": "Fusion-Shipping", "predefined": True}]))
    assert found.targets == ()
    assert found.skipped == ()


def test_hosts_of_two_roles_are_reported_once() -> None:
    host = POD.removeprefix("https://")
    rows = [{"name": name, "host": host.upper(), "port": 443} for name in ("FSCMServices", "FASOA")]
    (pod,) = targets(profile(pod={"url": POD}, topology={"applications": rows}))
    assert pod.used_by == ("pod.url", "topology.applications[FSCMServices]", "topology.applications[FASOA]")
    assert pod.names == ("pod", "FSCMServices", "FASOA")


def test_a_row_on_a_host_of_its_own_is_a_target_of_its_own() -> None:
    rows = [{"name": "FASOA", "host": "soa.example", "port": 443}]
    _, row = targets(profile(pod={"url": POD}, topology={"applications": rows}))
    assert (row.url, row.role) == ("https://soa.example/soa-infra/", "application")


def test_two_connectors_at_one_address_are_probed_once() -> None:
    (found,) = targets(profile(connectors=[{"name": "A", "url": SOA}, {"name": "B", "url": SOA}]))
    assert found.used_by == ("connectors[A]", "connectors[B]")
    both = collect(profile(connectors=[{"name": "A", "url": SOA}, {"name": "B", "url": SOA}]))
    assert limited(both, ["B"]).targets == (found,)


def test_the_more_demanding_caller_judges_a_shared_address() -> None:
    endpoint = {"name": "E", "host": "h.example", "port": 443, "expect": "http", "path": "/x"}
    connector = {"name": "C", "url": "https://h.example/x"}
    (found,) = targets(profile(connectors=[connector], topology={"endpoints": [endpoint]}))
    assert found.caller == "fusion"


def test_equal_names_of_different_tables_stay_apart() -> None:
    endpoint = {"name": "X", "host": "h.example", "port": 9100, "expect": "open"}
    found = targets(profile(connectors=[{"name": "X", "url": SOA}], topology={"endpoints": [endpoint]}))
    assert [one.name for one in found] == ["X", "X (h.example:9100)"]
    assert len(limited(TargetList(tuple(found), ()), ["X"]).targets) == 2


def test_an_override_changes_how_a_records_target_is_probed(tmp_path: Path) -> None:
    override = {
        "name": "how", "of": "connectors[Connector01]", "expect": "wsdl", "path": "/contract?WSDL", "status": [200],
        "service": "S", "namespace": "urn:x", "operations": ["o"], "tls_name": "t.example", "ca_file": "ca.pem",
        "minimum_tls": "1.3", "client_certificate": "me", "timeout": 2, "caller": "external",
    }  # fmt: skip
    found = collect(
        profile(connectors=[{"name": "Connector01", "url": SOA}], topology={"endpoints": [override]}), folder=tmp_path
    )
    assert found.skipped == ()
    (target,) = found.targets
    assert target.url == "https://soa.pick.example:8002/contract?WSDL"
    assert (target.expect, target.status, target.service, target.namespace) == ("wsdl", (200,), "S", "urn:x")
    assert (target.operations, target.tls_name, target.ca_file) == (("o",), "t.example", str(tmp_path / "ca.pem"))
    assert (target.minimum_tls, target.client_certificate, target.timeout) == ("1.3", "me", 2.0)
    assert target.caller == "external"


def test_an_override_of_nothing_is_reported() -> None:
    found = collect(profile(topology={"endpoints": [{"name": "how", "of": "connectors[Nobody]"}]}))
    assert found.skipped[0].place == "topology.endpoints[how]"


@pytest.mark.parametrize(
    ("fields", "scheme", "expect", "url"),
    [
        ({"port": 9100}, "tcp", "open", None),
        ({"port": 443}, "https", "http", "https://h.example/"),
        ({}, "https", "http", "https://h.example/"),
        ({"port": 8443, "expect": "http"}, "https", "http", "https://h.example:8443/"),
        ({"port": 80, "expect": "http"}, "http", "http", "http://h.example/"),
        ({"port": 8080, "protocol": "http"}, "http", "http", "http://h.example:8080/"),
        ({"port": 22, "expect": "closed"}, "tcp", "closed", None),
        ({"port": 636, "expect": "tls"}, "tcp", "tls", None),
        ({"port": 8443, "protocol": "https", "expect": "tls"}, "https", "tls", None),
        ({"port": 8443, "expect": "wsdl", "path": "s?WSDL"}, "https", "wsdl", "https://h.example:8443/s?WSDL"),
        ({"port": 8443, "protocol": "tcp", "expect": "wsdl"}, "https", "wsdl", "https://h.example:8443/"),
    ],
)
def test_extra_endpoints(fields: dict[str, Any], scheme: str, expect: str, url: str | None) -> None:
    (found,) = targets(profile(topology={"endpoints": [{"name": "E", "host": "h.example", **fields}]}))
    assert (found.scheme, found.expect, found.url) == (scheme, expect, url)


@pytest.mark.parametrize(
    "url",
    [
        "", "soa.pick.example/x", "ftp://h.example/x", "https://server:port/x", "https://h.example:portsoa-infra/x",
        "https://${Host}/x", "https://(FADomain,FSCMServices)/x", "https://h.example:99999/x", "https:///x",
        "https://bad host.example/x", "https://[::1/x",
    ],
)  # fmt: skip
def test_what_is_no_address_is_skipped_with_a_reason(url: str) -> None:
    found = collect(profile(connectors=[{"name": "C", "url": url}]))
    assert found.targets == ()
    assert found.skipped[0].place == "connectors[C]"
    assert found.skipped[0].reason


@pytest.mark.parametrize("port", [0, -1, 65536, True, "443", None])
def test_a_port_that_is_none_is_skipped(port: object) -> None:
    endpoint = {"name": "E", "host": "h.example", "expect": "open", "port": port}
    assert collect(profile(topology={"endpoints": [endpoint]})).targets == ()


def test_a_user_in_a_url_is_never_sent_along() -> None:
    (found,) = targets(profile(connectors=[{"name": "C", "url": "https://me:secret@h.example/x"}]))
    assert found.url == "https://h.example/x"


def test_ipv6_addresses() -> None:
    (found,) = targets(profile(connectors=[{"name": "C", "url": "https://[fd00::1]:8443/x"}]))
    assert (found.host, found.url) == ("fd00::1", "https://[fd00::1]:8443/x")


def test_limits_by_tag() -> None:
    connectors = [
        {"name": "A", "url": "https://a.example/", "tags": ["3PL"]},
        {"name": "B", "url": "https://b.example/"},
    ]
    assert [one.name for one in targets(profile(connectors=connectors), tags=["3PL"])] == ["A"]


def test_only_a_practice_environment_takes_its_private_authority_for_public() -> None:
    connectors = [{"name": "A", "url": "https://a.example/"}]
    assert not targets({"profile": {"environment": "test"}, "connectors": connectors})[0].private_authority
    assert targets({"profile": {"environment": "practice"}, "connectors": connectors})[0].private_authority


def test_an_unfinished_profile_gives_no_error() -> None:
    assert targets({}) == []
    assert targets({"topology": {}, "connectors": [{}], "services": [{}], "pod": {}}) == []
    wrong = {"topology": {"endpoints": [{}, {"host": "  "}], "applications": [{"name": "FASOA"}]}}
    assert collect(wrong).targets == ()


def test_places_are_quoted_when_the_key_needs_it() -> None:
    found = targets(profile(connectors=[{"name": name, "url": SOA} for name in ("a", "a]b", "a")]))
    assert [each for target in found for each in target.used_by] == [
        "connectors[a]", 'connectors["a]b"]', "connectors[a#2]",
    ]  # fmt: skip
    override = {"name": "how", "of": 'connectors["A"]', "timeout": 1.0}
    connectors = [{"name": "A", "url": SOA}]
    (found,) = targets(profile(connectors=connectors, topology={"endpoints": [override]}))
    assert found.timeout == 1.0
