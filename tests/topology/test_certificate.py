import time
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.practice.authority import Authority, ServerIdentity, self_signed
from omtui.topology.certificate import Certificate, anchors_for, explain, names_match, read


@pytest.mark.parametrize(
    ("names", "host", "matches"),
    [
        (("h.example",), "h.example", True),
        (("H.Example",), "h.EXAMPLE.", True),
        (("*.pick.example",), "soa.pick.example", True),
        (("*.pick.example",), "pick.example", False),
        (("*.pick.example",), "a.b.pick.example", False),
        (("*.example",), "pick.example", False),
        (("*",), "h", False),
        (("s*.pick.example",), "soa.pick.example", False),
        (("a.*.example",), "a.b.example", False),
        (("127.0.0.1",), "127.0.0.1", True),
        (("::1",), "0:0:0:0:0:0:0:1", True),
        (("*.0.0.1",), "127.0.0.1", False),
        (("xn--mnchen-3ya.example",), "münchen.example", True),
        ((), "h.example", False),
    ],
)
def test_names(names: tuple[str, ...], host: str, matches: bool) -> None:
    assert names_match(names, host) is matches


def ders(identity: ServerIdentity) -> list[bytes]:
    from cryptography.hazmat.primitives.serialization import Encoding

    return [one.public_bytes(Encoding.DER) for one in (identity.certificate, *identity.chain)]


def chain(identity: ServerIdentity) -> list[Certificate]:
    return [one for one in map(read, ders(identity)) if one is not None]


ROOT = Authority.root("Pick root")
LINK = ROOT.intermediate("Pick intermediate")
FOREIGN = Authority.root("Somebody else")
NOW = time.time()


def explained(identity: ServerIdentity, *trusted: Authority) -> list[str]:
    sent = chain(identity)
    anchors = [authority.identity.certificate for authority in trusted]
    return [word for word, _ in explain(sent, anchors_for(sent, anchors), NOW)]


def test_a_sound_chain_needs_no_explanation() -> None:
    assert explained(ROOT.issue(), ROOT, FOREIGN) == []
    assert explained(LINK.issue(), ROOT) == []


def test_the_order_of_what_is_sent_does_not_matter() -> None:
    second = LINK.intermediate("Pick issuing")
    identity = second.issue()
    for order in permutations(identity.chain):
        assert explained(ServerIdentity(identity.certificate, identity.key, order), ROOT) == []


def test_self_signed_is_the_leaf() -> None:
    assert explained(self_signed(), ROOT) == ["certificate-self-signed"]


def test_a_foreign_root_is_untrusted_whether_it_is_sent_or_not() -> None:
    leaf = FOREIGN.issue()
    assert explained(leaf, ROOT) == ["certificate-untrusted"]
    sent = ServerIdentity(leaf.certificate, leaf.key, (FOREIGN.identity.certificate,))
    assert explained(sent, ROOT) == ["certificate-untrusted"]


def test_a_missing_link_is_a_link_missing() -> None:
    assert explained(LINK.issue(send_chain=False), ROOT) == ["certificate-chain-incomplete"]


def test_an_expired_link_is_reported_next_to_everything_else() -> None:
    old = ROOT.intermediate("Pick intermediate of old", days=(-400, -3))
    assert explained(old.issue(), ROOT) == ["certificate-intermediate-expired"]
    foreign = FOREIGN.intermediate("Else intermediate of old", days=(-400, -3))
    assert explained(foreign.issue(), ROOT) == ["certificate-intermediate-expired", "certificate-untrusted"]


def test_strangers_in_the_chain_form_none() -> None:
    leaf = LINK.issue(send_chain=False)
    muddled = ServerIdentity(leaf.certificate, leaf.key, (FOREIGN.identity.certificate,))
    assert explained(muddled, ROOT) == ["certificate-chain-incomplete"]


def test_facts() -> None:
    one = read(ders(ROOT.issue(("soa.pick.example", "10.0.0.1"), rsa_bits=1024))[0])
    assert one is not None
    assert one.facts.subject == "CN=soa.pick.example"
    assert one.facts.names == ("soa.pick.example", "10.0.0.1")
    assert one.facts.key == "RSA 1024"
    assert "1024" in one.facts.weakness
    assert not one.facts.self_signed
    assert one.facts.days_left(NOW) in (347, 348)


def test_the_systems_own_authorities_can_be_read() -> None:
    import ssl

    context = ssl.create_default_context()
    for der in context.get_ca_certs(binary_form=True):
        assert read(der) is not None


@given(st.binary(max_size=200))
def test_garbage_is_no_certificate(data: bytes) -> None:
    assert read(data) is None


@given(st.integers(0, 600), st.integers(0, 255))
def test_a_damaged_certificate_never_raises(at: int, value: int) -> None:
    der = bytearray(_DER)
    der[at % len(der)] = value
    damaged = read(bytes(der))
    if damaged is not None:
        explain([damaged], [ROOT.identity.certificate], NOW)


_DER = ders(ROOT.issue())[0]
