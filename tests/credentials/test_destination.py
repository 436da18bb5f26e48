"""Where a secret may go is compared exactly, and every trick to send it elsewhere is refused with both hosts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.destination import Destination, NoDestination, destination, endpoint, without_sign_in
from omtui.credentials.record import from_text, release, to_text
from omtui.credentials.secret import Secret
from omtui.setup.hosts import ascii_name, host_name, reached_at
from omtui.topology.targets import collect
from tests.credentials.conftest import record_of

URL = "https://soa.pick.example:8002/soa-infra/services"
HERE = Destination("https", "soa.pick.example", 8002, "pick.service")


def test_a_url_names_scheme_host_and_port() -> None:
    assert destination(URL, "pick.service") == HERE
    assert destination("HTTPS://SOA.Pick.example.:8002", "pick.service") == HERE
    assert destination("https://pod.example", "u") == Destination("https", "pod.example", 443, "u")
    assert destination("http://[::1]/x", "u") == Destination("http", "::1", 80, "u")
    assert destination("https://[2001:DB8:0::1]:8443/", "u") == Destination("https", "2001:db8::1", 8443, "u")
    assert endpoint("https", "2001:db8::1", 9100) == Destination("https", "2001:db8::1", 9100, "")
    assert str(destination("https://[::1]/", "u")) == "https://[::1]:443 as u"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "soa.pick.example",
        "https://",
        "https:///path",
        "https://soa.pick.example\\@evil.example/",
        "https://soa.pick.example@evil.example/",
        "https://soa.pick.example:8002@evil.example/",
        "https://soa.pick.example:99999/",
        "https://soa.pick.example:0/",
        "https://soa pick.example/",
        "https://soa.pick.example/\nHost: evil.example",
        "https://soa.pick.example\x00.evil.example/",
        "https://-oProxyCommand=evil/",
        "https://soa..example/",
        "ftp://soa.pick.example/",
        "https://[::1/",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_two_readers_could_read_differently_is_none(url: str) -> None:
    assert isinstance(destination(url, "u"), NoDestination)


@pytest.mark.parametrize("host", ["a/b", "user@host", "", "a b", "-oProxyCommand=x", "a?b"])
def test_a_host_field_that_holds_more_than_a_host_is_none(host: str) -> None:
    assert isinstance(endpoint("https", host, 443), NoDestination)


def test_the_secret_goes_where_it_was_entered_for() -> None:
    released = release("connector01", record_of("hunter2", HERE), HERE)
    assert isinstance(released, Secret)
    assert released.reveal() == "hunter2"


@pytest.mark.parametrize(
    ("url", "user", "named"),
    [
        ("https://evil.example:8002/", "pick.service", "evil.example"),
        ("http://soa.pick.example:8002/", "pick.service", "clear text"),
        ("https://soa.pick.example/", "pick.service", "https://soa.pick.example:443"),
        ("https://soa.pick.example:8002/", "admin", "as admin"),
        ("https://soa.pick.example.evil.example:8002/", "pick.service", "soa.pick.example.evil.example"),
        ("https://sоa.pick.example:8002/", "pick.service", "xn--"),  # a Cyrillic o
    ],
)
def test_anywhere_else_is_refused_with_both_hosts_and_no_secret(url: str, user: str, named: str) -> None:
    place = destination(url, user)
    assert isinstance(place, Destination)
    refused = release("connector01", record_of("hunter2", HERE), place)
    assert isinstance(refused, SecretProblem)
    assert refused.reason is Reason.BOUND_ELSEWHERE
    assert "https://soa.pick.example:8002 as pick.service" in refused.message
    assert named in refused.message
    assert "hunter2" not in refused.message + refused.fix


def test_foreign_text_in_a_refusal_is_harmless() -> None:
    place = Destination("https", "evil.example", 443, "\x1b]52;c;aGk=\x07admin\u202e")
    refused = release("c", record_of("hunter2", HERE), place)
    assert isinstance(refused, SecretProblem)
    assert "\x1b" not in refused.message
    assert "\u202e" not in refused.message


LABELS = st.text(st.characters(categories=("Ll", "Lu", "Lo", "Nd", "Mn")), min_size=1, max_size=8)
NAMES = st.lists(st.one_of(LABELS, st.sampled_from(("straße", "BÜCHER", "ς", "受注", "x_y"))), min_size=1, max_size=3)


@given(NAMES, st.sampled_from((".", "。", "．")))
def test_a_secret_goes_to_the_very_name_that_the_probe_asks_and_the_checks_compare(labels: list[str], dot: str) -> None:
    name = f"{dot.join(labels)}.example"
    url = f"https://{name}:8443/x"
    probed = collect({"connectors": [{"name": "c", "url": url}]}).targets
    compared = reached_at(url)
    assert compared is not None
    found = destination(url, "u")
    if isinstance(found, Destination):
        assert found.host == compared.host
        assert {ascii_name(each.host).lower() for each in probed} <= {found.host}
    assert destination(f"https://{compared.host}:8443/x", "u") == found
    assert host_name(compared.host) == compared.host


def test_a_sharp_s_is_no_double_s() -> None:
    assert destination("https://straße.example", "u") == Destination("https", "xn--strae-oqa.example", 443, "u")


@given(st.text(), st.builds(Destination, st.text(), st.text(), st.integers(0, 65535), st.text()))
def test_a_record_reads_back_as_it_was_written(value: str, place: Destination) -> None:
    record = record_of(value, place)
    read = from_text(to_text(record))
    assert read is not None
    assert read.same_as(record)


@given(st.text())
def test_what_is_no_record_is_none(text: str) -> None:
    assert from_text(text) is None
    assert from_text('{"v":2}') is None
    assert from_text("[" * 100_000) is None


def test_a_password_typed_into_an_address_comes_out_of_it() -> None:
    split = without_sign_in("https://om.user:hunter%402@pod.example:8443/path?x=1@2")
    assert split.url == "https://pod.example:8443/path?x=1@2"
    assert split.user == "om.user"
    assert split.secret is not None
    assert split.secret.reveal() == "hunter@2"
    assert without_sign_in("https://pod.example/a@b") == without_sign_in("https://pod.example/a@b")
    assert without_sign_in("https://pod.example/a@b").url == "https://pod.example/a@b"
    assert without_sign_in("https://user@pod.example/").secret is None
