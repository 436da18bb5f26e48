"""P0-06 and P0-10: hosts and URLs of another environment appear, and vanish with one's own."""

from omtui.setup.place import Data
from tests.checks.cases import Case, appears, each_case, each_fixed_case, vanishes
from tests.checks.profiles import REMOVED, Edits, checked, sound, with_others

_PRODUCTION_POD = "fa-xxxx-saasfaprod1.fa.ocs.example"
_PRODUCTION: Edits = {
    "profile.name": "prod",
    "profile.environment": "production",
    "pod.url": f"https://{_PRODUCTION_POD}",
    "topology.applications[FSCMServices].host": _PRODUCTION_POD,
    "topology.applications[FASOA].host": "soa.vision.example",
    "connectors[Requests].url": "https://pick.partner.example/requests",
    "connectors[Events].url": "https://pick.partner.example/events",
    "topology.endpoints[Label printers].host": "labels.partner.example",
}


def production(*edits: Edits) -> Data:
    return sound(_PRODUCTION, *edits)


PRODUCTION = with_others(prod=production())

CASES = (
    Case(
        "P0-06",
        {"pod.url": f"https://{_PRODUCTION_POD.upper()}/"},
        "pod.url",
        context=PRODUCTION,
        says='"prod" (production)',
    ),
    Case(
        "P0-06",
        {
            "pod.url": f"https://{_PRODUCTION_POD}",
            "topology.applications[FSCMServices].host": _PRODUCTION_POD,
            "connectors[Events].url": f"https://{_PRODUCTION_POD}/events",
        },
        "pod.url",
        context=PRODUCTION,
        says="2 more places",
    ),
    Case(
        "P0-06",
        {"connectors[Requests].url": "https://soa.vision.example:8002/soa-infra/x"},
        "connectors[Requests].url",
        context=PRODUCTION,
    ),
    Case(
        "P0-06",
        {"related_setup[Planning switched off].value": f"https://{_PRODUCTION_POD}/x"},
        "related_setup[Planning switched off].value",
        context=PRODUCTION,
    ),
    Case(
        "P0-10",
        {"connectors[Requests].url": "https://PICK.partner.example:443/requests/"},
        "connectors[Requests].url",
        context=PRODUCTION,
    ),
    Case(
        "P0-10",
        {"connectors[Requests].url": "https://pick.partner.example/requests-test"},
        "connectors[Requests].url",
        "warning",
        context=PRODUCTION,
        says="also called",
    ),
    Case(
        "P0-10",
        {"topology.endpoints[Label printers].host": "labels.partner.example"},
        "topology.endpoints[Label printers].host",
        context=PRODUCTION,
        fixed={"topology.endpoints[Label printers].expect": "closed"},
    ),
    Case(
        "P0-10",
        {
            "topology.endpoints[Label printers].host": "labels.partner.example",
            "topology.endpoints[Label printers].port": 22,
        },
        "topology.endpoints[Label printers].host",
        "warning",
        context=PRODUCTION,
        fixed={"topology.endpoints[Label printers].host": "labels-test.partner.example"},
    ),
)


@each_case(CASES)
def test_appears(case: Case) -> None:
    appears(case)


@each_fixed_case(CASES)
def test_vanishes(case: Case) -> None:
    vanishes(case)


def test_nothing_is_reported_on_production() -> None:
    """A pair with one pod is reported on the copy, and production URLs belong to production."""
    copy = sound(
        {"pod.url": f"https://{_PRODUCTION_POD}", "connectors[Requests].url": "https://pick.partner.example/requests"}
    )
    assert checked(production(), with_others(sound=copy)) == []
    assert {f.check for f in checked(copy, PRODUCTION)} == {"P0-05", "P0-06", "P0-10"}


def test_a_test_pod_in_a_production_profile_is_reported_there() -> None:
    spoilt = production({"connectors[Requests].url": "https://fa-xxxx-test-saasfaprod1.fa.ocs.example/x"})
    assert ("P0-06", ("connectors", 0, "url")) in [
        (f.check, f.path) for f in checked(spoilt, with_others(test=sound()))
    ]
    assert "P0-06" not in {f.check for f in checked(sound(), with_others(prod=spoilt))}


def test_copies_of_one_environment_are_not_compared() -> None:
    assert checked(sound(), with_others(copy=sound())) == []


def test_loopback_is_everywhere() -> None:
    practice = sound({"profile.environment": "practice", "pod.url": "https://127.0.0.1:8443", "pod.release": "25D"})
    mine = {"pod.url": "https://127.0.0.1:8443", "topology.endpoints[Label printers]": REMOVED}
    found = {f.check for f in checked(sound(mine), with_others(practice=practice, prod=production()))}
    assert not found & {"P0-06", "P0-10"}
