"""Names of the source's environment in texts: none gets into the target without a warning."""

from random import Random

import pytest

from omtui.compare.foreign_names import hosts_named
from omtui.compare.mapping import EnvironmentMap, MapEntry
from omtui.compare.operations import applied
from omtui.compare.promotion import Promotion, plan
from omtui.setup.place import Data
from tests.checks.profiles import sound

TEXTS = (
    "https://{}/p",
    "console: https://{}:9000/console, ask Jo",
    "ssh root@{} first",
    "{} is the gateway",
    "Source = {}.",
    "see ({})",
    "https://u@{}/x?y=1",
    "https://gw.x.example/f?to=https://{}:8443/in",
    "oncall@{}",
)
PLACES = (
    "related_setup[Planning switched off].value",
    "related_setup[Planning switched off].note",
    "connectors[Requests].owner",
    "connectors[Requests].description",
    "orchestration_processes[Vision_Pick].assignment",
    "orchestration_processes[Vision_Pick].steps[100].note",
    "routing_rules[Picks].if_text",
)


def planned(source: Data, target: Data, *entries: MapEntry) -> Promotion:
    found = plan(source, target, EnvironmentMap("dev", "test", entries))
    assert isinstance(found, Promotion)
    return found


@pytest.mark.parametrize("form", TEXTS)
def test_a_host_that_the_target_does_not_know_is_a_warning_wherever_it_is(form: str) -> None:
    random = Random(form)
    place = random.choice(PLACES)
    host = f"portal-{random.randrange(99)}.dev.{random.choice(('example', 'acme.com', 'acme.de'))}"
    found = planned(sound({place: form.format(host)}), sound())
    messages = {(each.check, each.where): each.message for each in found.findings}
    assert host in messages["D-08", place]
    known = planned(sound({place: form.format(host)}), sound(), MapEntry("host", host, host))
    assert not [each for each in known.findings if host in each.message]


@pytest.mark.parametrize("form", TEXTS)
@pytest.mark.parametrize("place", PLACES)
def test_a_mapped_host_is_replaced_in_every_text(form: str, place: str) -> None:
    source = sound({place: form.format("pick-test.partner.example")})
    found = planned(source, sound(), MapEntry("host", "pick-test.partner.example", "pick.partner.example"))
    assert "pick-test" not in repr([change.new for change in found.changes if change.where == place])
    assert found.changes


def test_a_host_of_the_source_that_is_there_already_is_a_warning() -> None:
    source = sound({"connectors[Requests].url": "https://only-dev.partner.example/requests"})
    target = sound({"connectors[Requests].note": "as on only-dev.partner.example"})
    found = planned(source, target)
    assert ("D-08", "connectors[Requests].note") in {(each.check, each.where) for each in found.findings}
    assert "only-dev" in repr(applied(target, found.operations)["connectors"])


@pytest.mark.parametrize(
    "text",
    [
        "security@pick.example",
        "e.g. version 1.2",
        "file.toml",
        "docs at https://docs.oracle.com/x",
        "https://localhost:1/",
    ],
)
def test_what_names_no_host_of_an_environment(text: str) -> None:
    found = planned(sound({"connectors[Requests].note": text}), sound())
    assert "D-08" not in {each.check for each in found.findings}


def test_what_is_surely_a_host() -> None:
    found = dict(hosts_named("at https://gateway:8080/x, https://[2001:db8::1]/ and 10.1.2.3; pick.service is a user"))
    assert found == {"gateway": True, "2001:db8::1": True, "10.1.2.3": True, "pick.service": False}
