"""Which record uses which credential, and where the secret would go."""

import time
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.credentials.destination import Destination, NoDestination
from omtui.credentials.matrix import credential_facts
from omtui.credentials.uses import (
    Use,
    all_noted,
    credential_names,
    destinations,
    uses,
    uses_by_name,
    uses_of,
)
from tests.credentials.profiles import profile

POD_URL = "https://fa-vision-dev1.fa.ocs.example"
PICK = Destination("https", "soa.pick.example", 8002, "pick.service")


def test_every_use_is_found_with_its_place_and_its_destination() -> None:
    pod = Destination("https", "fa-vision-dev1.fa.ocs.example", 443, "om.integration")
    wms = Destination("https", "fa-vision-dev1.fa.ocs.example", 443, "WMS_DOWNSTREAM")
    assert uses(profile()) == [
        Use("pod", "pod", pod, POD_URL, True),
        Use("integration_users[WMS_DOWNSTREAM]", "wms", wms, POD_URL, True),
        Use("connectors[Connector01]", "pick", PICK, "https://soa.pick.example:8002/soa-infra/services"),
        Use("connectors[Connector 02]", "pick", PICK, "https://soa.pick.example:8002/soa-infra/other"),
        Use(
            "connectors[EventConnector]",
            "events",
            Destination("https", "events.pick.example", 443, "pick.events"),
            "https://events.pick.example/om/events",
        ),
        Use("topology.endpoints[Label gateway]", "label-key", Destination("https", "labels.pick.example", 9100, "")),
        Use("topology.endpoints[Pick over TLS]", "pick-key", Destination("https", "soa.pick.example", 8002, "")),
    ]


def test_one_credential_used_twice_goes_to_one_place() -> None:
    assert len(uses_of(profile(), "pick")) == 2
    assert destinations(uses_of(profile(), "pick")) == {PICK}


def test_names_come_once_each_in_the_order_of_the_set_up() -> None:
    assert credential_names(profile()) == ["pod", "wms", "pick", "events", "label-key", "pick-key", "spare"]


def test_a_pod_that_signs_in_by_oauth_sends_the_clients_secret_to_the_token_address_only() -> None:
    pod = {
        "url": POD_URL,
        "credential": "pod",
        "authentication": "oauth",
        "token_url": "https://idcs-1.identity.oraclecloud.example/oauth2/v1/token",
        "client_id": "client",
    }
    (use,) = uses_of(profile(pod=pod), "pod")
    assert use.destination == Destination("https", "idcs-1.identity.oraclecloud.example", 443, "client")
    assert use.url == ""


def test_what_is_noted() -> None:
    assert all_noted(profile())["pick"].owner == "security@pick.example"
    assert all_noted(profile())["pick"].expires_on == date(2027, 1, 31)
    assert "pod" not in all_noted(profile())


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"connectors": []},
        {"connectors": [{}]},
        {"connectors": [{"credential": "x"}]},
        {"connectors": [{"credential": "x", "url": "not a url", "name": 'a]"b'}]},
        {"topology": {"endpoints": [{"client_certificate": "x", "of": "connectors[None]"}]}},
        {"topology": {"endpoints": [{"client_certificate": "x", "of": "]["}]}},
        {"topology": {"endpoints": [{"client_certificate": "x", "host": "a b", "port": 1}]}},
        {"topology": {"endpoints": [{"client_certificate": "x", "host": "a"}]}},
        {"pod": {"credential": "x", "authentication": "oauth"}},
    ],
)
def test_what_is_incomplete_has_no_destination_and_is_no_crash(broken: dict[str, Any]) -> None:
    for use in uses(broken):
        assert isinstance(use.destination, NoDestination)
        assert use.destination.reason
    credential_facts(broken, None)


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "pod",
                        "connectors",
                        "integration_users",
                        "topology",
                        "endpoints",
                        "credentials",
                        "credential",
                        "url",
                        "user_name",
                        "name",
                        "of",
                        "port",
                        "host",
                        "profile",
                        "client_certificate",
                        "expires_on",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_shape_of_a_profile_makes_it_crash(data: object) -> None:
    if isinstance(data, dict):
        credential_facts(data, None)


def test_all_at_once_says_what_one_by_one_says() -> None:
    data = profile()
    by_name = uses_by_name(data)
    assert list(by_name) == credential_names(data)
    assert by_name == {name: uses_of(data, name) for name in by_name}
    assert list(all_noted(data)) == ["pick", "spare"]


def test_two_thousand_connectors_are_looked_through_at_once() -> None:
    connectors = [
        {"name": f"C{number}", "url": f"https://h{number}.example/", "user_name": "u", "credential": f"c{number}"}
        for number in range(2000)
    ]
    started = time.process_time()
    facts = credential_facts(profile(connectors=connectors), None)
    assert len(facts) > 2000
    assert time.process_time() - started < 1
