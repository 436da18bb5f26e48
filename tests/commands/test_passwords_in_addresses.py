"""A password that somebody left in an address is not shown by what people read; scripts get the file's values."""

import json
import re
from itertools import cycle
from pathlib import Path
from random import Random

import pytest

from tests.commands.conftest import Command
from tests.thorough import THOROUGH

PASSWORD = "Hunter2Pw9"

RANDOM = Random(31)


def odd() -> str:
    return "".join(RANDOM.choices("@:!$%&'()*+,;=<>[]^`{|}~._-\u00e9\u4e2d", k=5))


ADDRESSES = (
    f"https://bob:{PASSWORD}@x.example/a",
    f"https://:{PASSWORD}@x.example",
    f"https://x.example/?password={PASSWORD}",
    f"https://x.example/?a=1&api_key={PASSWORD}&b=2",
    f"https://x.example/;token={PASSWORD}",
    f"https://x.example/#client_secret={PASSWORD}",
    f"https://x.example/?X-Access-Token={PASSWORD}",
    f"see https://bob:{PASSWORD}@x.example/a for more",
    f"https://bob@corp:x@{PASSWORD}@x.example/a",
    f"https://bob:<x>'@{PASSWORD}.example.com@x.example:8443/a",
    f"https://bob:a b{PASSWORD} c.example@x.example/a",
    f"https://bob:a/{PASSWORD}@x.example/a",
    *(f"https://bob{odd()}:{odd()}{PASSWORD}{odd()}@x.example/a" for _ in range(60 if THOROUGH else 3)),
)


AT_ONCE = 1 if THOROUGH else 3
"""Addresses in one profile, which take turns in its fields."""


@pytest.mark.parametrize("start", range(0, len(ADDRESSES), AT_ONCE))
def test_nothing_that_people_read_shows_it(omtui: Command, samples: Path, tmp_path: Path, start: int) -> None:
    addresses = ADDRESSES[start : start + AT_ONCE]
    file = samples / "vision-dev.toml"
    text = file.read_text()
    for field in ("url", "note", "description"):
        turns = cycle(addresses)
        text = re.sub(
            rf'^{field} = "[^"]*"',
            lambda _, name=field, each=turns: f'{name} = "{next(each)}"',
            text,
            flags=re.MULTILINE,
        )
    assert all(text.count(each) > 3 for each in addresses)
    file.write_text(text)
    commands: list[tuple[str, ...]] = [
        ("show", "vision-dev"),
        ("diff", "vision-test", "vision-dev"),
        ("diff", "vision-dev", "vision-test", "--markdown"),
        ("compare", "vision-dev", "vision-test"),
        ("check", "vision-dev"),
        *(("check", "vision-dev", "--format", each) for each in ("json", "junit", "sarif", "github")),
        ("promote", "vision-dev", "vision-test"),
        ("promote", "vision-test", "vision-dev"),
        ("runbook", "vision-dev"),
        ("secret", "list", "vision-dev"),
        ("usages", "vision-dev", "source_systems[CSS01]"),
        *(("set", "vision-dev", "connectors[Connector01].url", each) for each in addresses),
        *(("add", "vision-dev", "connectors", f"New {each}", f"url={each}") for each in addresses),
        ("log", "vision-dev"),
        ("list",),
        ("list", "--json"),
        ("check", "vision-dev", "--json"),
        *(("runbook", "vision-dev", "-o", f"out.{each}") for each in ("md", "html", "csv")),
        *(("handout", "vision-dev", kind, "-o", f"{kind}.html") for kind in ("access", "network", "credentials")),
        ("compare", "vision-dev", "vision-test", "-o", "compare.html"),
    ]
    for words in commands:
        answer = omtui("--library", "profiles", *words)
        assert PASSWORD not in answer.out + answer.err, words
    # Scripts get the values of the file, and no piece of one as a host.
    plan = omtui("--library", "profiles", "promote", "vision-dev", "vision-test", "--json").out
    for address in addresses:
        plan = plan.replace(json.dumps(address)[1:-1], "")
    assert PASSWORD not in plan
    for document in (each for each in tmp_path.iterdir() if each.is_file()):
        assert PASSWORD.encode() not in document.read_bytes(), document
    assert PASSWORD in omtui("--library", "profiles", "get", "vision-dev", "pod.url").out


@pytest.mark.parametrize(
    "command", [("set", "vision-dev", "connectors[Connector01].url"), ("add", "vision-dev", "connectors", "New")]
)
def test_set_and_add_report_it_alike(omtui: Command, samples: Path, command: tuple[str, ...]) -> None:
    put = "{}" if command[0] == "set" else "url={}"
    answer = omtui("--library", "profiles", *command, put.format(f"https://bob:{PASSWORD}@x.example/a"))
    assert "the password in it was left out" in answer.err
    assert PASSWORD not in (samples / "vision-dev.toml").read_text()
    if command[0] == "add":
        omtui("--library", "profiles", "undo", "vision-dev")
    answer = omtui("--library", "profiles", *command, put.format(f"https://x.example/?password={PASSWORD}"))
    assert "what looks like a password is in the address" in answer.err
