"""Handing over and taking in: round trips, and hostile files."""

import json
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.compare.difference import difference
from omtui.compare.foreign import sum_of
from omtui.compare.hand_over import HandOver, needed_credentials, read, write
from omtui.compare.incoming_profile import IncomingProfile, receive
from omtui.compare.map_file import write as write_mapping
from omtui.compare.mapping import EnvironmentMap, MapEntry
from omtui.compare.operations import applied
from omtui.plain_text import plain
from omtui.setup.reading import ReadingFault
from omtui.store.library import why_not
from tests.checks.profiles import SOUND

AGE = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5cHRpb24=\n-----END AGE ENCRYPTED FILE-----\n"
MAPPING = write_mapping(EnvironmentMap("dev", "test", (MapEntry("host", "a.example", "b.example"),)))


def made(
    profile: str | bytes = SOUND, name: str = "sound", mapping: str | None = MAPPING, secrets: str | None = None
) -> bytes:
    content = profile.encode() if isinstance(profile, str) else profile
    found = write(HandOver(name, content, mapping, (), secrets, "2026-11-23T08:00:00Z", "1.0"))
    assert isinstance(found, bytes)
    return found


def taken_in(content: bytes, **more: Any) -> IncomingProfile:
    found = receive(content, "sound.toml", why_not=why_not, **more)
    assert isinstance(found, IncomingProfile), found
    return found


def refused(content: bytes, file_name: str = "sound.toml", **more: Any) -> ReadingFault:
    found = receive(content, file_name, why_not=why_not, **more)
    assert isinstance(found, ReadingFault), found
    assert plain(found.message) == found.message
    assert plain(found.fix) == found.fix
    return found


def loads(text: str) -> dict[str, object]:
    return tomllib.loads(text, parse_float=Decimal)


# Round trips


@given(st.text(st.characters(blacklist_categories=["Cs"])), st.one_of(st.none(), st.text("a\n\r é漢")))
def test_what_is_written_is_read_to_the_letter(text: str, mapping: str | None) -> None:
    parts = HandOver("name", text.encode(), mapping, (), None, "", "")
    content = write(parts)
    assert isinstance(content, bytes)
    assert content.isascii()
    assert read(content) == parts


@pytest.mark.parametrize("name", ["vision-dev", "vision-test", "vision-prod", "source-text"])
def test_a_profile_goes_round(name: str) -> None:
    text = (Path(__file__).parents[2] / "profiles" / f"{name}.toml").read_bytes()
    data = loads(text.decode())
    content = write(HandOver(name, text, MAPPING, needed_credentials(data), AGE, "2026-11-23", "1.0"))
    assert isinstance(content, bytes)
    found = taken_in(content)
    assert (found.name, found.text, found.operations, found.original) == (name, text, (), text)
    assert found.secrets == AGE
    assert found.mapping is not None
    assert found.data == data
    assert taken_in(text, as_name=name).data == data, "a plain profile is read as well"


def test_line_ends_and_bom_stay() -> None:
    content = ("\ufeff" + SOUND.replace("\n", "\r\n")).encode()
    assert taken_in(made(content)).text == content


def test_the_credentials_to_provide() -> None:
    needed = {each.name: each for each in taken_in(made()).credentials}
    assert needed["requests"].used_by == ("connectors[Requests].credential", "connectors[Events].credential")
    assert needed["requests"].expires_on == "2028-01-31"
    assert "vision" not in needed


def test_it_is_shown_what_would_change() -> None:
    found = taken_in(made())
    existing = loads(SOUND.replace('"vision"', '"other"'))
    assert [change.where for change in found.changes(existing).changes] == [
        "connectors[Requests].user_name",
        "connectors[Events].user_name",
    ]
    assert all(change.op != "remove" for change in found.changes(None).changes)


def test_no_private_state_is_in_it() -> None:
    text = made().decode()
    assert set(json.loads(text)) == {
        "omtui_hand_over",
        "version",
        "made_on",
        "profile",
        "mapping",
        "credentials",
        "sum",
    }


# Hostile files: what holds them together


def changed(edit: Callable[[dict[str, Any]], object], *, fix_sum: bool = True) -> bytes:
    """A hand-over file after an edit; `fix_sum` makes its sum right again, as an attacker would."""
    contents = json.loads(made(secrets=AGE))
    edit(contents)
    if fix_sum:
        contents["sum"] = sum_of(contents)
    return json.dumps(contents).encode()


CONTAINERS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "only spaces": (b"  \n ", "empty"),
    "not UTF-8": (b"schema = 1 \xff", "not UTF-8"),
    "not UTF-8 JSON": (b'{"a": "\xff"}', "not UTF-8"),
    "a NUL": (b"schema = 1\n\0", "NUL"),
    "binary": (b"PK\x03\x04\x14\x00\x06\x00", "NUL"),
    "no JSON": (b"{", "cannot be read"),
    "half of it": (made()[: len(made()) // 2], "cannot be read"),
    "another JSON": (b'{"a": 1}', "no hand-over"),
    "deeply nested": (b'{"a":' * 100_000, "cannot be read"),
    "many digits": (b'{"omtui_hand_over": ' + b"9" * 5000 + b"}", "cannot be read"),
    "NaN": (b'{"omtui_hand_over": NaN}', "no number"),
    "a name twice": (b'{"omtui_hand_over": 1, "omtui_hand_over": 1}', "twice"),
    "oversize": (b"{" + b" " * 48_000_001, "bytes"),
    "oversize profile": (b"# " + b"x" * 16_000_001, "bytes"),
    "newer format": (changed(lambda c: c.update(omtui_hand_over=2)), "newer"),
    "unknown format": (changed(lambda c: c.update(omtui_hand_over="1")), "unknown format"),
    "format true": (changed(lambda c: c.update(omtui_hand_over=True)), "unknown format"),
    "no profile": (changed(lambda c: c.pop("profile")), "profile is missing"),
    "profile a list": (changed(lambda c: c.update(profile=[])), "profile: a table is expected"),
    "name a number": (changed(lambda c: c["profile"].update(name=7)), "profile: name: a text is expected"),
    "lines a text": (changed(lambda c: c["profile"].update(lines="x")), "profile: lines: a list is expected"),
    "wrong hash": (changed(lambda c: c["profile"]["lines"].append("x = 1\n")), "hash of the part profile"),
    "no hash": (changed(lambda c: c["profile"].pop("sha256")), "hash of the part profile"),
    "wrong hash of the mapping": (changed(lambda c: c["mapping"]["lines"].pop()), "hash of the part mapping"),
    "wrong hash of the secrets": (changed(lambda c: c["secrets"]["lines"].pop()), "hash of the part secrets"),
    "secrets a text": (changed(lambda c: c.update(secrets="x")), "secrets: a table is expected"),
    "mapping a number": (changed(lambda c: c.update(mapping=3)), "mapping: a table is expected"),
    "wrong sum": (changed(lambda c: c.update(version="2.0"), fix_sum=False), "sum of the file"),
    "no sum": (changed(lambda c: c.pop("sum"), fix_sum=False), "sum of the file"),
}


@pytest.mark.parametrize("case", CONTAINERS)
def test_a_broken_file_is_refused(case: str) -> None:
    content, words = CONTAINERS[case]
    assert words in refused(content).message


# Hostile files: the profile in them

HEAD = 'schema = 1\n[profile]\nname = "x"\nenvironment = "test"\n'

PROFILES: dict[str, tuple[str, str]] = {
    "no TOML": ("schema = ", "not TOML"),
    "newer schema": ("schema = 2\n", "newer than this omtui"),
    "no schema": ('[profile]\nname = "x"\nenvironment = "test"', "schema is missing"),
    "no profile": ("schema = 1\n", "[profile] is missing"),
    "wrong type": ("connectors = 3\n" + HEAD, "not an array of tables"),
    "deep": (HEAD + "a = " + "[" * 200 + "]" * 200, "deep"),
    "long dotted key": ("a." * 5000 + "b = 1", "dotted key"),
    "huge number": (HEAD + "a = " + "9" * 5000, "number"),
    "huge exponent": (HEAD + "a = 1e999999999999999999999", "number"),
    "escape in a key": (HEAD + '[[connectors]]\n"na\\u001bme" = 1\n', "key holds characters"),
    "direction mark in a key": (HEAD + '"\\u202Egnp.exe" = 1\n', "key holds characters"),
    "raw control character": (HEAD + "# \x1b[2J\n", "not TOML"),
    "double key": (HEAD + "[pod]\n[pod]\n", "not TOML"),
}


@pytest.mark.parametrize("case", PROFILES)
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_broken_profile_is_refused(case: str, wrapped: bool) -> None:
    text, words = PROFILES[case]
    assert words in refused(made(text) if wrapped else text.encode()).message


NAMES = [
    "../evil",
    "..",
    ".",
    ".hidden",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "C:evil",
    "",
    " ",
    "x" * 300,
    "a\0b",
    "a\x1b[31mb",
    "a\u202eb",
    "con",
    "vision.map",
    "vision.progress",
    "-rf",
    "a\nb",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leaves_the_library_is_refused(name: str) -> None:
    assert "cannot be the name" in refused(made(name=name)).message
    assert "cannot be the name" in refused(made(), as_name=name).message
    assert "cannot be the name" in refused(SOUND.encode(), f"{name}.toml").message
    assert taken_in(made(name=name), as_name="good").name == "good"


CLEANED: dict[str, tuple[str, str, str]] = {
    "escape sequence": ('[pod]\nuser_name = "a\\u001b]0;evil\\u0007b"', "pod.user_name", "cannot be seen"),
    "direction marks": ('[pod]\nuser_name = "abc\\u202Egnp.exe"', "pod.user_name", "cannot be seen"),
    "raw direction marks": ('[pod]\nuser_name = "abc\u202egnp.exe"', "", "the first in line 6"),
    "raw C1 control": ("# \x9b2J\n", "", "the first in line 5"),
    "zero width": ('[pod]\nuser_name = "ad\\u200Bmin"', "pod.user_name", "cannot be seen"),
    "carriage return": ('[pod]\nuser_name = "a\\rb"', "pod.user_name", "cannot be seen"),
    "in a list": ('[[roles]]\ncode = "R"\nprivileges = ["a\\u0000b"]', "roles[R].privileges", "cannot be seen"),
    "absolute file": (
        '[[topology.endpoints]]\nname = "E"\nca_file = "/etc/shadow"',
        "topology.endpoints[E].ca_file",
        "outside",
    ),
    "climbing file": (
        '[[topology.endpoints]]\nname = "E"\nca_file = "x/../../y"',
        "topology.endpoints[E].ca_file",
        "outside",
    ),
    "home file": (
        '[[topology.endpoints]]\nname = "E"\nca_file = "~/.ssh/id"',
        "topology.endpoints[E].ca_file",
        "outside",
    ),
    "Windows file": (
        "[[topology.endpoints]]\nname = 'E'\nca_file = 'C:\\x'",
        "topology.endpoints[E].ca_file",
        "outside",
    ),
    "network file": (
        "[[topology.endpoints]]\nname = 'E'\nca_file = '\\\\h\\x'",
        "topology.endpoints[E].ca_file",
        "outside",
    ),
    "file URL": ('[[connectors]]\nname = "C"\nurl = "file:///etc/passwd"', "connectors[C].url", "http"),
    "javascript URL": ('[[connectors]]\nname = "C"\nurl = "javascript:alert(1)"', "connectors[C].url", "http"),
    "gopher": ('[pod]\nurl = "gopher://x/"', "pod.url", "http"),
    "token from a file": ('[pod]\ntoken_url = "FILE:/x"', "pod.token_url", "http"),
    "option as a host": (
        '[[topology.vantage_points]]\nname = "V"\nssh = "-oProxyCommand=touch /tmp/x"',
        "topology.vantage_points[V].ssh",
        "option or a command",
    ),
    "command as a host": (
        '[[topology.vantage_points]]\nname = "V"\nssh = "host;touch x"',
        "topology.vantage_points[V].ssh",
        "option or a command",
    ),
    "substitution as a host": (
        '[[topology.endpoints]]\nname = "E"\nhost = "$(id).example"',
        "topology.endpoints[E].host",
        "option or a command",
    ),
    "follows another folder": (
        '[profile]\nname = "x"\nenvironment = "test"\nfollows = "../../x"',
        "profile.follows",
        "library",
    ),
}


@pytest.mark.parametrize("case", CLEANED)
def test_what_can_do_harm_is_made_harmless(case: str) -> None:
    text, where, words = CLEANED[case]
    found = taken_in(made(("schema = 1\n" if text.startswith("[profile]") else HEAD) + text))
    matching = [notice for notice in found.notices if notice.where == where and words in notice.message]
    assert matching, found.notices
    assert all(plain(notice.message) == notice.message for notice in found.notices)
    written = loads(found.text.decode())
    assert applied(written, list(found.operations)) == found.data
    assert not any(bad in repr(found.data) for bad in ("\\x1b", "\\u202e", "\\x9b", "\\u200b", "\\x00", "\\r"))
    assert not any(
        bad in repr(found.data) for bad in ("/etc", "..", "file:", "javascript", "gopher", "Proxy", "touch", "$(")
    )
    assert "\x9b" not in found.text.decode()
    assert "\u202e" not in found.text.decode()


def test_lines_and_tabs_may_be_in_a_note() -> None:
    found = taken_in(made(HEAD + '[[roles]]\ncode = "R"\nnote = "one\\n\\ttwo"\n'))
    assert found.operations == ()
    assert found.notices == ()


LOOKED_AT: dict[str, tuple[str, str]] = {
    "waivers": ('[[waivers]]\ncheck = "P0-04"\nreason = "trust me"', "accepted findings"),
    "production open": ('[profile]\nname = "x"\nenvironment = "production"\nread_only = false', "read_only is false"),
    "loopback": ('[[connectors]]\nname = "C"\nurl = "http://127.0.0.1:8080/"', "inside your own network"),
    "metadata": ('[[topology.endpoints]]\nname = "E"\nhost = "169.254.169.254"', "inside your own network"),
    "markup": ('[[roles]]\ncode = "R"\nnote = "<script>alert(1)</script>"', "markup or a formula"),
    "Textual markup": ("[[roles]]\ncode = 'R'\nnote = '[@click=app.quit]x[/]'", "markup or a formula"),
    "formula": ('[[roles]]\ncode = "R"\nnote = "=HYPERLINK(1)"', "markup or a formula"),
    "command": ('[[credentials]]\nname = "c"\ncommand = ["rm", "-rf"]', "nothing that a profile names is ever run"),
    "a file to bring": ('[[topology.endpoints]]\nname = "E"\nca_file = "own.pem"', "did not come with it"),
}


@pytest.mark.parametrize("case", LOOKED_AT)
def test_what_should_be_known(case: str) -> None:
    text, words = LOOKED_AT[case]
    found = taken_in(made(("schema = 1\n" if text.startswith("[profile]") else HEAD) + text))
    assert any(words in notice.message for notice in found.notices), found.notices
    assert found.operations == ()


MAPPINGS: dict[str, tuple[str, str]] = {
    "no TOML": ("x", "mapping is left out"),
    "newer": ("schema = 2", "mapping is left out"),
    "file URL": (
        write_mapping(EnvironmentMap("a", "b", (MapEntry("url", "https://x.example", "file:///etc"),))),
        "no web address",
    ),
    "option": (
        write_mapping(EnvironmentMap("a", "b", (MapEntry("ssh", "x", "-oProxyCommand=x"),))),
        "leads to no host",
    ),
    "escape": (write_mapping(EnvironmentMap("a", "b", (MapEntry("value", "x", "\x1b[2J"),))), "cannot be seen"),
}


@pytest.mark.parametrize("case", MAPPINGS)
def test_a_hostile_mapping(case: str) -> None:
    text, words = MAPPINGS[case]
    found = taken_in(made(mapping=text))
    assert any(words in notice.message for notice in found.notices)
    assert found.mapping is None or found.mapping.entries == ()


@pytest.mark.parametrize(
    "secrets", ["x", "-----BEGIN AGE ENCRYPTED FILE-----\n$(id)\n-----END AGE ENCRYPTED FILE-----\n"]
)
def test_what_is_no_sealed_part_is_left_out(secrets: str) -> None:
    found = taken_in(made(secrets=secrets))
    assert found.secrets is None
    assert any("sealed part" in notice.message for notice in found.notices)


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_end_in_an_answer(content: bytes) -> None:
    assert isinstance(receive(content, "x.toml", why_not=why_not), (IncomingProfile, ReadingFault))


@settings(max_examples=300)
@given(st.data())
def test_any_damage_ends_in_an_answer(data: st.DataObject) -> None:
    content = bytearray(made(secrets=AGE))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = receive(bytes(content), "x.toml", why_not=why_not)
    if isinstance(found, IncomingProfile):
        assert not difference(found.data, loads(SOUND), whole=True), "all that is taken in was handed over so"
