"""Which credential is set where."""

import pytest

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.matrix import Presence, credential_facts, list_document, matrix
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.store import BoundedStore, MemoryStore
from omtui.credentials.uses import destinations, uses_of
from tests.credentials.conftest import record_of
from tests.credentials.profiles import profile


class Failing(MemoryStore):
    """Fails for one reason, always or for one credential; counts how often it is asked."""

    def __init__(self, reason: Reason, name: str | None = None) -> None:
        super().__init__()
        self.reason = reason
        self.name = name
        self.asked = 0

    def read(self, reference: SecretReference) -> SecretRecord | Absent | SecretProblem:
        self.asked += 1
        if self.name in (None, reference.name):
            return SecretProblem("it failed", "fix it", self.reason)
        return super().read(reference)


@pytest.fixture
def store() -> BoundedStore:
    kept = BoundedStore(MemoryStore())
    data = profile()
    for name in ("pod", "pick"):
        kept.write(
            SecretReference("vision-dev", name), record_of(f"secret of {name}", *destinations(uses_of(data, name)))
        )
    return kept


def test_set_and_missing_with_where_and_since_when(store: BoundedStore) -> None:
    facts = {one.name: one for one in credential_facts(profile(), store)}
    assert facts["pod"].presence is Presence.SET
    assert facts["pod"].set_on is not None
    assert [use.place for use in facts["pick"].uses] == ["connectors[Connector01]", "connectors[Connector 02]"]
    assert facts["events"].presence is Presence.MISSING
    assert facts["spare"].uses == ()
    assert "secret of" not in repr(facts)


def test_a_changed_host_is_told_before_anything_is_sent(store: BoundedStore) -> None:
    data = profile()
    data["connectors"][1]["url"] = "https://evil.example:8002/"
    facts = {one.name: one for one in credential_facts(data, store)}
    assert [use.place for use in facts["pick"].not_allowed] == ["connectors[Connector 02]"]
    assert facts["pod"].not_allowed == ()


def test_without_a_store_nothing_is_known_and_nothing_missing() -> None:
    facts = credential_facts(profile(), None)
    assert {one.presence for one in facts} == {Presence.UNKNOWN}
    document = list_document(profile(), facts, None)
    assert document["backend"] is None
    assert document["credentials"][0] == {  # type: ignore[index]
        "name": "pod",
        "used_by": ["pod"],
        "present": None,
        "set_on": None,
    }


def test_a_store_that_cannot_answer_is_asked_once() -> None:
    failing = Failing(Reason.LOCKED)
    shown = matrix([profile(), profile(profile={"name": "vision-test"})], failing)
    assert failing.asked == 1
    assert {one.problem for one in shown.cells.values()} == {SecretProblem("it failed", "fix it", Reason.LOCKED)}
    assert {one.presence for one in shown.cells.values()} == {Presence.UNKNOWN}


def test_one_damaged_entry_is_its_own_trouble() -> None:
    failing = Failing(Reason.DAMAGED, "wms")
    facts = {one.name: one for one in credential_facts(profile(), failing)}
    assert facts["wms"].presence is Presence.UNKNOWN
    assert facts["pick"].presence is Presence.MISSING
    assert facts["pick"].problem is None


def test_the_matrix_shows_what_is_missing_where(store: BoundedStore) -> None:
    other = profile(profile={"name": "vision-test"}, integration_users=[])
    shown = matrix([profile(), other], store)
    assert shown.profiles == ("vision-dev", "vision-test")
    assert shown.names == ("pod", "wms", "pick", "events", "label-key", "pick-key", "spare")
    assert shown.cell("wms", "vision-test") is None
    pod_here, pod_there = shown.cell("pod", "vision-dev"), shown.cell("pod", "vision-test")
    assert pod_here is not None
    assert pod_there is not None
    assert (pod_here.presence, pod_there.presence) == (Presence.SET, Presence.MISSING)
    missing = {key for key, one in shown.cells.items() if one.presence is Presence.MISSING}
    assert {("spare", "vision-dev"), ("events", "vision-dev")} <= missing
