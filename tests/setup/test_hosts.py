"""What a host is, by its name."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.setup.hosts import (
    environment_hint,
    host_kind,
    host_of,
    is_host,
    is_integration_cloud,
    pod_hosts,
    private_reason,
    split_url,
    token_in,
    without_sign_in,
)


@pytest.mark.parametrize(
    "host",
    [
        "fa-xxxx-saasfaprod1.fa.ocs.example",
        "fa-xxxx-test-saasfaprod1.fa.ocs.example",
        "fa-xxxx-dev13-saasfaprod1.fa.ocs.oraclecloud.com",
        "login-xxxx-saasfaprod1.fa.ocs.oraclecloud.com",
        "visionx.fa.ocs.example",
        "vision-orders.fa.example",
        "xxxx-test.fa.us2.example",
        "xxxx.fs.us2.example",
        "xxxx-dev3.fa.em1.ukg.example",
        "XXXX-TEST.FS.us2.oraclecloud.com.",
    ],
)
def test_forms_of_pod_hosts(host: str) -> None:
    assert host_kind(host) == "pod"


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("design.integration.region-1.ocp.example", "integration design-time"),
        ("design.integration.eu-frankfurt-1.ocp.oraclecloud.com", "integration design-time"),
        ("om-dev.integration.region-1.ocp.example", "integration run-time"),
        ("om-tenancy-fr.integration.ocp.oraclecloud.com", "integration run-time"),
        ("objectstorage.region-1.oraclecloud.com", "oracle"),
        ("oraclecloud.com", "oracle"),
        ("soa.pick.example", "other"),
        ("fa-xxxx-saasfaprod1.fa.ocs.oraclecloud.com.evil.test", "other"),
        ("notoraclecloud.com", "other"),
        ("example", "other"),
        ("", "other"),
    ],
)
def test_other_kinds(host: str, kind: str) -> None:
    assert host_kind(host) == kind
    assert is_integration_cloud(host) == kind.startswith("integration")


@pytest.mark.parametrize(
    ("host", "hint"),
    [
        ("fa-xxxx-test-saasfaprod1.fa.ocs.example", "test"),
        ("fa-xxxx-dev1-saasfaprod1.fa.ocs.example", "development"),
        ("xxxx-dev.anything.invalid", "development"),
        ("fa-xxxx-saasfaprod1.fa.ocs.example", None),
        ("latest-devices.pick.example", None),
        ("pick.x-test.example", None),
    ],
)
def test_the_first_label_hints_at_the_environment(host: str, hint: str | None) -> None:
    assert environment_hint(host) == hint


def test_a_url_is_split_even_when_its_port_is_none() -> None:
    assert split_url("HTTPS://User:x@Soa.Pick.example:8002/a/b?WSDL#top") == (
        "https",
        "soa.pick.example",
        "8002",
        "/a/b",
        "?WSDL",
        "#top",
    )
    assert split_url("https://server:portsoa-infra/services") == (
        "https",
        "server",
        "portsoa-infra",
        "/services",
        "",
        "",
    )
    assert split_url("https://[2001:db8::1]:443/") == ("https", "2001:db8::1", "443", "/", "", "")
    assert split_url("soa.pick.example/orders") is None
    assert host_of("mailto:someone@pick.example") == ""


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("https://(FADomain,FSCMServices)/x", "(FADomain,FSCMServices)"),
        ("${ORA_FSCM_SERVICESAPPHostToken}", "${ORA_FSCM_SERVICESAPPHostToken}"),
        ("https://pick.example/orders(1)", None),
    ],
)
def test_tokens_of_the_topology(name: str, token: str | None) -> None:
    assert token_in(name) == token


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("10.1.2.3", "a private address"),
        ("172.16.0.1", "a private address"),
        ("172.32.0.1", None),
        ("192.168.0.9", "a private address"),
        ("169.254.1.1", "a private address"),
        ("100.64.0.1", "a private address"),
        ("127.0.0.1", "an address of the machine itself"),
        ("192.0.2.7", None),
        ("::1", "an address of the machine itself"),
        ("fd00::1", "a private address"),
        ("fe80::1", "a private address"),
        ("2001:db8::1", None),
        ("localhost", "a name of the machine itself"),
        ("fusionhost", "a name without a domain"),
        ("soa.corp", "a name of an internal network"),
        ("commoninternal.pick.example", "an internal virtual host by its name"),
        ("fscm-internal-1.pick.example", "an internal virtual host by its name"),
        ("internals.pick.example", None),
        ("pick.example", None),
        ("(FADomain,FSCMServices)", None),
        ("no host", None),
    ],
)
def test_hosts_that_only_the_inside_reaches(host: str, reason: str | None) -> None:
    assert private_reason(host) == reason


@pytest.mark.parametrize("name", ["pick.example", "a", "under_score.pick.example", "192.0.2.1", "::1", "fe80::1%eth0"])
def test_valid_hosts(name: str) -> None:
    assert is_host(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-a.example",
        "a-.example",
        "a..example",
        "a b",
        "https://a.example",
        "a.example:443",
        "a/b",
        "a\n",
        "x" * 64 + ".example",
        "256.1.1.1",
        "010.1.1.1",
        "1.2.3",
        "::1::",
        "12345::",
        "1:2:3",
    ],
)
def test_invalid_hosts(name: str) -> None:
    assert not is_host(name)


@given(st.one_of(st.ip_addresses(), st.text("0123456789abcdef:.", max_size=30)))
def test_addresses_are_judged_as_the_standard_library_does(address: object) -> None:
    name = str(address)
    try:
        ipaddress.ip_address(name)
        right = True
    except ValueError:
        right = False
    if ":" in name or all(letter in "0123456789." for letter in name):
        assert is_host(name) == right


def test_the_profile_says_which_hosts_are_its_pods() -> None:
    data = {
        "pod": {"url": "https://Fusion.vision.example"},
        "topology": {"applications": [{"name": "FASOA", "host": "soa.vision.example."}, {"name": "X"}]},
    }
    assert list(pod_hosts(data)) == [
        (("pod", "url"), "fusion.vision.example"),
        (("topology", "applications", 0, "host"), "soa.vision.example"),
    ]


@given(
    st.text(st.characters(exclude_characters="/?#\\"), min_size=1), st.sampled_from(("", "/", "/a@b", "?c@d", "#e@f"))
)
def test_the_last_at_sign_before_the_path_ends_the_sign_in(sign_in: str, rest: str) -> None:
    for host in ("host.example:8443", "[2001:db8::1]:8443"):
        found = split_url(f"https://{sign_in}@{host}{rest}")
        assert found == split_url(f"https://{host}{rest}")
        assert without_sign_in(f"https://{sign_in}@{host}{rest}") == (f"https://{host}{rest}", sign_in)


@pytest.mark.parametrize(
    "url", ["https://bob:p/w@host.example/", "https://bob:p?w@host.example", "https://bob:p#w@h/x"]
)
def test_a_password_that_no_reader_can_distinguish_from_a_path_leaves_no_host(url: str) -> None:
    assert split_url(url) is None
    assert host_of(url) == ""
