"""A profile with its secrets goes from one colleague's machine to another's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from omtui.credentials.age.recipients import new_identity
from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.handover import HandedOver, SecretChange
from omtui.credentials.machine import Machine
from omtui.credentials.secret import Secret
from omtui.credentials.settings import Folders
from omtui.credentials.store import StoreKind
from omtui.credentials.uses import uses_of
from omtui.problem import Done
from omtui.service.sealed_secrets import KeptSecrets, Sealed, compare, keep, seal, unseal
from tests.credentials.conftest import secret_for, secrets_of
from tests.credentials.profiles import TEXT, profile

KEY = new_identity()


@pytest.fixture
def sender(machine: Machine) -> Machine:
    machine.choose(StoreKind.MEMORY)
    for name in ("pod", "pick"):
        assert isinstance(secrets_of(machine).keep(profile(), name, Secret(f"secret of {name}")), Done)
    return machine


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(Folders(tmp_path / "other" / "config", tmp_path / "other" / "data"), environ={})
    made.choose(StoreKind.MEMORY)
    yield made
    made.lock()


def sealed(sender: Machine) -> Sealed | SecretProblem:
    return seal(secrets_of(sender), "vision-dev", TEXT.encode(), profile(), [KEY.recipient])


def handed_over(sender: Machine) -> HandedOver:
    part = sealed(sender)
    assert isinstance(part, Sealed)
    opened = unseal(secrets_of(sender), part.armoured, TEXT.encode(), identity=KEY.secret)
    assert isinstance(opened, HandedOver)
    return opened


def test_what_is_missing_is_named(sender: Machine) -> None:
    part = sealed(sender)
    assert isinstance(part, Sealed)
    assert set(part.names) == {"pod", "pick"}
    assert part.missing == ("wms", "events", "label-key", "pick-key", "spare")


def test_a_store_that_cannot_answer_hands_nothing_over(tmp_path: Path) -> None:
    answer = sealed(Machine(Folders(tmp_path / "c", tmp_path / "d"), environ={}))
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.NO_BUS


def test_the_receiver_keeps_what_he_said_yes_to(sender: Machine, receiver: Machine) -> None:
    opened = handed_over(sender)
    shown = compare(secrets_of(receiver), profile(), opened)
    assert isinstance(shown, list)
    assert {one.credential: one.change for one in shown} == {"pod": SecretChange.NEW, "pick": SecretChange.NEW}
    kept = keep(secrets_of(receiver), profile(), opened, ["pick", "events"])
    assert kept == KeptSecrets(("pick",), ())
    secret = secret_for(receiver, profile(), uses_of(profile(), "pick")[0])
    assert isinstance(secret, Secret)
    assert secret.reveal() == "secret of pick"
    assert secret_for(receiver, profile(), uses_of(profile(), "pod")[0]) == Absent()
    again = compare(secrets_of(receiver), profile(), opened)
    assert isinstance(again, list)
    assert {one.credential: one.change for one in again} == {"pod": SecretChange.NEW, "pick": SecretChange.SAME}


def test_a_secret_is_bound_to_the_receivers_places_not_to_the_senders(sender: Machine, receiver: Machine) -> None:
    mine = profile()
    mine["connectors"][0]["url"] = mine["connectors"][1]["url"] = "https://soa.mine.example:8002/x"
    opened = handed_over(sender)
    assert isinstance(keep(secrets_of(receiver), mine, opened, ["pick"]), KeptSecrets)
    assert isinstance(secret_for(receiver, mine, uses_of(mine, "pick")[0]), Secret)
    elsewhere = secret_for(receiver, profile(), uses_of(profile(), "pick")[0])
    assert isinstance(elsewhere, SecretProblem)
    assert elsewhere.reason is Reason.BOUND_ELSEWHERE


def test_an_old_part_played_again_is_told_as_older(sender: Machine, receiver: Machine) -> None:
    opened = handed_over(sender)
    assert isinstance(secrets_of(receiver).keep(profile(), "pod", Secret("rotated since")), Done)
    shown = compare(secrets_of(receiver), profile(), opened)
    assert isinstance(shown, list)
    assert {one.credential: one.change for one in shown} == {"pod": SecretChange.OLDER, "pick": SecretChange.NEW}
    assert all(one.handed_over_on for one in shown)


def test_a_name_the_profile_does_not_know_is_refused(sender: Machine, receiver: Machine) -> None:
    opened = handed_over(sender)
    kept = keep(secrets_of(receiver), profile(pod={}), opened, ["pod"])
    fault = "pod: the profile has no credential of that name. Leave this secret out."
    assert kept == KeptSecrets((), (fault,))
