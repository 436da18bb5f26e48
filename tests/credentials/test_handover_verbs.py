"""A profile with its secrets goes from one colleague's machine to another's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from omtui.credentials.age.recipients import new_identity
from omtui.credentials.answer import Absent, Completed, Declined, Unavailable
from omtui.credentials.handover import HandedOver, SecretChange, encrypt_secrets, open_secrets, recipients_of
from omtui.credentials.handover_verbs import Gathered, compare_incoming, gather_secrets, keep_incoming
from omtui.credentials.machine import Machine
from omtui.credentials.reason import Reason
from omtui.credentials.secret import Secret
from omtui.credentials.settings import Folders
from omtui.credentials.store import StoreKind
from omtui.credentials.uses import uses_of
from omtui.credentials.verbs import secret_for, set_secret
from tests.credentials.profiles import TEXT, profile

KEY = new_identity()


@pytest.fixture
def sender(machine: Machine) -> Machine:
    machine.choose(StoreKind.MEMORY)
    for name in ("pod", "pick"):
        assert isinstance(set_secret(machine, profile(), name, Secret(f"secret of {name}")), Completed)
    return machine


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(Folders(tmp_path / "other" / "config", tmp_path / "other" / "data"), environ={})
    made.choose(StoreKind.MEMORY)
    yield made
    made.lock()


def handed_over(sender: Machine) -> HandedOver:
    gathered = gather_secrets(sender, profile())
    assert isinstance(gathered, Gathered)
    recipients = recipients_of([str(KEY.recipient)])
    assert isinstance(recipients, list)
    part = encrypt_secrets("vision-dev", TEXT.encode(), gathered.records, recipients)
    assert isinstance(part, str)
    opened = open_secrets(part.encode(), TEXT.encode(), [KEY])
    assert isinstance(opened, HandedOver)
    return opened


def test_what_is_missing_is_named(sender: Machine) -> None:
    gathered = gather_secrets(sender, profile())
    assert isinstance(gathered, Gathered)
    assert set(gathered.records) == {"pod", "pick"}
    assert gathered.missing == ("wms", "events", "label-key", "pick-key", "spare")
    some = gather_secrets(sender, profile(), ["pod", "wms"])
    assert isinstance(some, Gathered)
    assert (set(some.records), some.missing) == ({"pod"}, ("wms",))


def test_a_store_that_cannot_answer_hands_nothing_over(tmp_path: Path) -> None:
    nowhere = Machine(Folders(tmp_path / "c", tmp_path / "d"), environ={})
    answer = gather_secrets(nowhere, profile())
    assert isinstance(answer, Unavailable)
    assert answer.reason is Reason.NO_BUS


def test_the_receiver_keeps_what_he_said_yes_to(sender: Machine, receiver: Machine) -> None:
    opened = handed_over(sender)
    shown = compare_incoming(receiver, profile(), opened)
    assert isinstance(shown, list)
    assert {one.credential: one.change for one in shown} == {"pod": SecretChange.NEW, "pick": SecretChange.NEW}
    kept = keep_incoming(receiver, profile(), opened, ["pick", "events"])
    assert isinstance(kept, list)
    assert isinstance(kept[0].outcome, Completed)
    assert kept[1].outcome == Absent()
    secret = secret_for(receiver, profile(), uses_of(profile(), "pick")[0])
    assert isinstance(secret, Secret)
    assert secret.reveal() == "secret of pick"
    assert secret_for(receiver, profile(), uses_of(profile(), "pod")[0]) == Absent()
    again = compare_incoming(receiver, profile(), opened)
    assert isinstance(again, list)
    assert {one.credential: one.change for one in again} == {"pod": SecretChange.NEW, "pick": SecretChange.SAME}


def test_a_secret_is_bound_to_the_receivers_places_not_to_the_senders(sender: Machine, receiver: Machine) -> None:
    mine = profile()
    mine["connectors"][0]["url"] = mine["connectors"][1]["url"] = "https://soa.mine.example:8002/x"
    opened = handed_over(sender)
    assert isinstance(keep_incoming(receiver, mine, opened, ["pick"]), list)
    assert isinstance(secret_for(receiver, mine, uses_of(mine, "pick")[0]), Secret)
    elsewhere = secret_for(receiver, profile(), uses_of(profile(), "pick")[0])
    assert isinstance(elsewhere, Declined)
    assert elsewhere.reason is Reason.BOUND_ELSEWHERE


def test_an_old_part_played_again_is_told_as_older(sender: Machine, receiver: Machine) -> None:
    opened = handed_over(sender)
    assert isinstance(set_secret(receiver, profile(), "pod", Secret("rotated since")), Completed)
    shown = compare_incoming(receiver, profile(), opened)
    assert isinstance(shown, list)
    assert {one.credential: one.change for one in shown} == {"pod": SecretChange.OLDER, "pick": SecretChange.NEW}
    assert all(one.handed_over_on for one in shown)


def test_a_name_the_profile_does_not_know_is_refused(sender: Machine, receiver: Machine) -> None:
    opened = handed_over(sender)
    kept = keep_incoming(receiver, profile(pod={}), opened, ["pod"])
    assert isinstance(kept, list)
    assert isinstance(kept[0].outcome, Declined)
    assert kept[0].outcome.reason is Reason.UNKNOWN_CREDENTIAL
