"""NAME.map.toml: reading, the most exact entry, hosts in URLs and texts, and the proposal."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.compare.map_file import read, rewrite, write
from omtui.compare.map_lookup import AmbiguousEntries, MapLookup, Mapped
from omtui.compare.mapping import EnvironmentMap, MapEntry, host_and_port
from omtui.compare.proposal import propose
from omtui.compare.translation import translate
from omtui.setup.place import Place, parse
from tests.checks.profiles import REMOVED, sound

HEAD = 'schema = 1\nsource = "dev"\ntarget = "test"\n'


def place(text: str) -> Place:
    found = parse(text)
    assert isinstance(found, Place)
    return found


HERE = place("connectors[Requests].url")


def lookup(*entries: MapEntry) -> MapLookup:
    return MapLookup(EnvironmentMap("dev", "test", entries))


def line(kind: str = "host", source: str = "a.example", target: str = "b.example", more: str = "") -> str:
    return f'[[map]]\nkind = "{kind}"\nfrom = "{source}"\nto = "{target}"\n{more}\n'


words = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
entries = st.builds(
    MapEntry,
    st.sampled_from(("host", "url", "user_name", "credential", "code", "value", "role", "ssh")),
    words.filter(bool),
    words,
    st.lists(st.sampled_from(("connectors[A]", 'connectors["]"].url', "topology.endpoints")), unique=True).map(tuple),
    words,
)


@given(st.builds(EnvironmentMap, words, words, st.lists(entries, max_size=4).map(tuple)))
def test_what_is_written_is_read(mapping: EnvironmentMap) -> None:
    found = read(write(mapping))
    if isinstance(found, list):
        assert all("both map" in fault.message for fault in found), "only entries that cannot both hold are refused"
    else:
        assert found == mapping


COMMENTED = """\
# agreed with the pick team
schema = 1
source = "dev"  # theirs, "not" ours
target = "test"

# the pick system
[[map]]
kind = "host"
from = "a.example"
to = "b.example"  # since May

# not known yet
[[map]]
kind = "credential"
from = "x"
to = ""
"""


def test_comments_stay_with_their_entry() -> None:
    mapping = read(COMMENTED)
    assert isinstance(mapping, EnvironmentMap)
    assert rewrite(COMMENTED, mapping) == COMMENTED
    filled = mapping.with_entry(MapEntry("credential", "x", "y", note="asked"))
    new = rewrite(COMMENTED, filled.with_entry(MapEntry("user_name", "u", "v")))
    assert new == COMMENTED.replace('to = ""', 'to = "y"\nnote = "asked"') + (
        '\n[[map]]\nkind = "user_name"\nfrom = "u"\nto = "v"\n'
    )
    changed = rewrite(COMMENTED, filled.with_entry(MapEntry("host", "a.example", "c.example")))
    assert 'to = "c.example"  # since May' in changed
    renamed = rewrite(COMMENTED, EnvironmentMap("other", "test", mapping.entries))
    assert renamed == COMMENTED.replace('"dev"', '"other"')
    fewer = rewrite(COMMENTED, mapping.without(mapping.entries[0]))
    assert "since May" not in fewer
    assert "# agreed" in fewer
    assert "# not known yet" in fewer


@given(
    st.lists(entries, max_size=4).map(tuple),
    st.lists(entries, max_size=4).map(tuple),
)
def test_what_is_rewritten_is_read(one: tuple[MapEntry, ...], other: tuple[MapEntry, ...]) -> None:
    before, after = EnvironmentMap("a", "b", one), EnvironmentMap("a", "b", other)
    found = read(rewrite(write(before), after))
    assert found == after or isinstance(read(write(after)), list)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = [", "not TOML"),
        ("", "schema is missing"),
        (HEAD.replace("1", "2"), "schema 2 is newer"),
        (HEAD.replace("1", '"1"'), "schema is not 1"),
        ('schema = 1\nsource = "dev"\n', "target is missing"),
        (HEAD + line(kind="hots"), "[[map]] number 1: hots is no kind"),
        (HEAD + '[[map]]\nkind = "host"\nfrom = "a"\n', "[[map]] number 1: to is missing"),
        (HEAD + line() + line(source="c.example", more="tp = 1"), "[[map]] number 2: tp is not known"),
        (HEAD + line(more="only = 3"), "[[map]] number 1: only: a list is expected"),
        (HEAD + line(more='only = ["connectors["]'), "is no place"),
        (HEAD + line() + line(source="A.Example."), "number 1 and number 2 both map host"),
        (HEAD + line(more='only = ["pod", "connectors[A]"]') + line(more='only = ["connectors[A]"]'), "both map"),
        (HEAD + line(source=""), "maps an empty text"),
        (HEAD + "x = 1e99999999999999999999", "number is too large"),
        (HEAD + "x = " + "9" * 5000, "number is too large"),
        ("x = \0", "NUL"),
        ("a." * 60 + "b = 1", "dotted key"),
    ],
)
def test_what_is_wrong_is_reported(text: str, words: str) -> None:
    faults = read(text)
    assert isinstance(faults, list)
    assert any(words in fault.message for fault in faults), faults
    assert all(fault.fix for fault in faults)


def test_every_fault_is_reported_with_an_offer() -> None:
    faults = read(HEAD + line(kind="urls") + line(source="c", more="notes = 1"))
    assert isinstance(faults, list)
    assert [fault.fix for fault in faults] == ["did you mean url?", "write note"]


@pytest.mark.parametrize(
    ("source", "target", "url", "expected"),
    [
        ("a.example", "b.example", "https://a.example/x?y#z", "https://b.example/x?y#z"),
        ("a.example", "b.example", "https://A.EXAMPLE:8443/x", "https://b.example:8443/x"),
        ("a.example", "b.example:9", "https://a.example:8443/x", "https://b.example:9/x"),
        ("a.example:8443", "b.example:9", "https://a.example:8443/x", "https://b.example:9/x"),
        ("a.example:443", "b.example:9", "https://a.example/x", "https://b.example:9/x"),
        ("a.example:8443", "b.example", "https://a.example:8443/x", "https://b.example/x"),
        ("a.example", "b.example", "https://user:secret@a.example/x", "https://b.example/x"),
        ("::1", "2001:db8::1", "http://[::1]:80/x", "http://[2001:db8::1]:80/x"),
        ("a.example", "b.example", "https://a.example.evil.example/x", None),
        ("a.example:8443", "b.example", "https://a.example/x", None),
        ("a.example", "b.example", "no url", None),
    ],
)
def test_a_host_in_a_url(source: str, target: str, url: str, expected: str | None) -> None:
    found = lookup(MapEntry("host", source, target)).url(url, HERE)
    assert (found.value if isinstance(found, Mapped) else found) == expected


def test_the_most_exact_entry_wins() -> None:
    host = MapEntry("host", "a.example", "host")
    port = MapEntry("host", "a.example:8443", "port")
    start = MapEntry("url", "https://a.example:8443/x", "https://start.example")
    longer = MapEntry("url", "https://a.example:8443/x/y", "https://longer.example")
    here = MapEntry("host", "a.example", "here", ("connectors[Requests]",))
    url = "https://a.example:8443/x/y/z"
    chosen = []
    given_entries = [host, port, start, longer, here]
    for count in range(1, 6):
        found = lookup(*given_entries[:count]).url(url, HERE)
        assert isinstance(found, Mapped)
        chosen.append(found.entry.target)
    assert chosen == ["host", "port", "https://start.example", "https://longer.example", "here"]
    found = lookup(*given_entries).url(url, place("connectors[Other].url"))
    assert isinstance(found, Mapped)
    assert found.value == "https://longer.example/z"


def test_a_url_goes_on_at_a_border_only() -> None:
    found = lookup(MapEntry("url", "https://a.example/x", "https://b.example/y"))
    assert found.url("https://a.example/xyz", HERE) is None
    assert isinstance(found.url("https://a.example/x", HERE), Mapped)
    assert isinstance(found.url("HTTPS://A.example/x?z", HERE), Mapped)


def test_two_equal_ones_are_an_error() -> None:
    one, other = MapEntry("value", "x", "1", ("connectors",)), MapEntry("value", "x", "2", ("connectors",))
    assert isinstance(lookup(one, other).value(("value",), "x", HERE), AmbiguousEntries)


def test_an_empty_target_maps_nothing() -> None:
    assert lookup(MapEntry("host", "a.example", "")).url("https://a.example/", HERE) is None


def test_hosts_in_texts() -> None:
    found = lookup(MapEntry("host", "a.example", "b.example"))
    text = "see https://a.example:8443/x, A.example or sub.a.example (not a.example.org)"
    assert found.in_text(text, {"a.example"}, HERE) == (
        "see https://b.example:8443/x, b.example or sub.a.example (not a.example.org)"
    )
    assert found.in_text(text, set(), HERE) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.example", ("a.example", None)),
        ("A.Example.", ("a.example", None)),
        ("a.example:8443", ("a.example", 8443)),
        ("[::1]:22", ("::1", 22)),
        ("::1", ("::1", None)),
    ],
)
def test_host_and_port(text: str, expected: tuple[str, int | None]) -> None:
    assert host_and_port(text) == expected


def test_a_proposal_says_what_both_say() -> None:
    target = sound(
        {
            "connectors[Requests].url": "https://pick-prod.partner.example/requests",
            "connectors[Requests].user_name": "vision-prod",
            "connectors[Events].url": "https://events.partner.example/v2/events",
            "integration_users[WMS].user_name": "WMS_PROD",
            "pod.url": "https://fa-xxxx-saasfaprod1.fa.ocs.example",
            "topology.applications[FSCMServices].host": "fa-xxxx-saasfaprod1.fa.ocs.example",
            "topology.endpoints[Label printers].port": 9200,
        }
    )
    mapping = propose(sound(), target).mapping
    proposed = {(entry.kind, entry.source, entry.target, entry.only) for entry in mapping.entries}
    assert ("host", "fa-xxxx-test-saasfaprod1.fa.ocs.example", "fa-xxxx-saasfaprod1.fa.ocs.example", ()) in proposed
    assert ("host", "pick-test.partner.example", "pick-prod.partner.example", ()) in proposed
    assert ("host", "pick-test.partner.example", "events.partner.example", ("connectors[Events].url",)) in proposed
    assert "url" not in {kind for kind, *_ in proposed}, "a path is no address: its change travels"
    assert ("user_name", "vision", "vision-prod", ()) in proposed
    assert ("user_name", "WMS", "WMS_PROD", ()) in proposed
    assert ("host", "labels-test.partner.example:9100", "labels-test.partner.example:9200", ()) in proposed
    assert read(write(mapping)) == mapping


def test_what_the_target_does_not_know_is_to_be_filled_in() -> None:
    target = sound({"connectors[Requests]": REMOVED, "connectors[Events]": REMOVED, "certificates[pick]": REMOVED})
    proposed = propose(sound(), target)
    open_ = {(entry.kind, entry.source): entry.note for entry in proposed.to_fill_in}
    assert open_["host", "pick-test.partner.example"] == "needed by connectors[Requests].url and 1 more"
    assert ("user_name", "vision") in open_
    assert ("credential", "requests") not in open_, "the target knows a credential of that name"
    assert propose(sound(), target, proposed.mapping).added == (), "what was proposed is not proposed again"


def test_a_proposal_keeps_what_is_there() -> None:
    own = EnvironmentMap("dev", "test", (MapEntry("host", "pick-test.partner.example", "mine.example", (), "by hand"),))
    found = propose(sound(), sound({"connectors[Requests].url": "https://other.example/requests"}), own)
    assert found.mapping.entries[0] == own.entries[0]
    assert all(entry.source != "pick-test.partner.example" for entry in found.added)


def test_translation_leaves_behind_what_never_travels() -> None:
    done = translate(sound({"orchestration_processes[Vision_Pick].effective_start": date(2026, 1, 1)}), lookup())
    assert not {"profile", "pod", "waivers", "schema"} & set(done.data)
    text = repr(done.data)
    for word in ("'status'", "'published'", "'deployed'", "'read_on'", "'subject'", "'expires_on'"):
        assert word not in text
    assert "effective_start" in text
    assert {what.place for what in done.unmapped.values()} >= {
        "connectors[Requests].url",
        "connectors[Requests].user_name",
        "services[OrderFulfillmentResponseService].called_by",
        "topology.applications[FASOA].host",
        "event_subscriptions[cloud].url",
    }


def test_translation_maps_references_alike() -> None:
    done = translate(
        sound({"routing_rules[Picks].note": "see https://pick-test.partner.example/help"}),
        lookup(
            MapEntry("user_name", "WMS", "WMS_PROD"),
            MapEntry("code", "PICK", "PICKP"),
            MapEntry("host", "pick-test.partner.example", "pick.partner.example:8443"),
            MapEntry("host", "labels-test.partner.example:9100", "labels.partner.example:9200"),
            MapEntry("value", "No", "Yes", ("related_setup",)),
        ),
    )
    data = done.data
    assert data["services"][0]["called_by"] == ["WMS_PROD"]  # type: ignore[index]
    assert data["integration_users"][0]["user_name"] == "WMS_PROD"  # type: ignore[index]
    assert data["integration_users"][0]["system"] == "PICKP"  # type: ignore[index]
    assert data["source_systems"][0]["code"] == data["planning_source_systems"][0]["code"] == "PICKP"  # type: ignore[index]
    assert data["connectors"][0]["url"] == "https://pick.partner.example:8443/requests"  # type: ignore[index]
    assert data["topology"]["endpoints"][0]["host"] == "labels.partner.example"  # type: ignore[index,call-overload]
    assert data["topology"]["endpoints"][0]["port"] == 9200  # type: ignore[index,call-overload]
    assert data["related_setup"][0]["value"] == "Yes"  # type: ignore[index]
    assert data["routing_rules"][0]["note"] == "see https://pick.partner.example:8443/help"  # type: ignore[index]
