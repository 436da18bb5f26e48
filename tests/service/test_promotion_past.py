"""What histories do to a promotion: roll-backs, renames, the way back with a hot-fix, and tickets."""

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from omtui.compare.map_file import write
from omtui.compare.promotion import Promotion, PromotionRequest
from omtui.problem import Done
from omtui.service import editing, history
from omtui.service.promoting import Promoting
from omtui.service.session import Session
from omtui.service.workspace import Workspace
from omtui.setup.place import parse, resolve
from omtui.store.change import MISSING, Set
from omtui.store.document import Document
from omtui.store.files import content_hash
from tests.compare.environments import Environment, mapping
from tests.thorough import THOROUGH

SEEDS = range(60 if THOROUGH else 4)
CHAIN = ("dev", "sit", "prod")


class Chain:
    """Three environments in a library, with the mappings of their chain."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)
        self.library = folder / "profiles"
        self.library.mkdir(parents=True)
        self.state = folder / "state"
        first = Environment("dev", self.random).profile()
        first["connectors"] = [Environment("dev", self.random).connector(f"C{n}") for n in (1, 2, 3)]
        first["routing_rules"] = [Environment("dev", self.random).rule(f"R{n}") for n in (1, 2)]
        for name, environment in zip(CHAIN, ("development", "test", "test"), strict=True):
            own = Environment(name, self.random).profile()
            head = f'schema = 1\n\n[profile]\nname = "{name}"\nenvironment = "{environment}"\n'
            (self.library / f"{name}.toml").write_text(head)
            data = {"pod": own["pod"]} | {table: each for table, each in first.items() if name == "dev"}
            data = {table: value for table, value in data.items() if table not in ("schema", "profile")}
            steps = tuple(Set((table,), MISSING, value) for table, value in data.items())
            session = self.open(name)
            session.edit(editing.Plan("Fill in", steps, ()))
            assert isinstance(session.save(), Done)
        for source, target in pairwise(CHAIN):
            (self.library / f"{target}.map.toml").write_text(write(mapping(source, target, self.random)))

    def open(self, name: str) -> Session:
        session = Workspace(self.library, state=self.state).open(name)
        assert isinstance(session, Session)
        return session

    def set(self, name: str, place: str, value: object) -> None:
        session = self.open(name)
        where = parse(place)
        path = resolve(session.data, where)  # type: ignore[arg-type]
        assert isinstance(path, tuple), place
        session.edit(editing.set_value(session.indexed, path, value))
        assert isinstance(session.save(), Done)

    def promoting(self, source: str, target: str) -> Promoting:
        workspace = Workspace(self.library, state=self.state)
        first, other = workspace.open(source), workspace.open(target)
        assert isinstance(first, Session)
        assert isinstance(other, Session)
        found = Promoting.between(workspace, source, first.data, other, source_path=first.path)
        assert isinstance(found, Promoting)
        return found

    def plan(self, source: str, target: str) -> Promotion:
        found = self.promoting(source, target).plan(PromotionRequest())
        assert isinstance(found, Promotion)
        return found

    def promote(self, source: str, target: str, reason: str = "") -> Promotion:
        promoting = self.promoting(source, target)
        found = promoting.plan(PromotionRequest())
        assert isinstance(found, Promotion)
        outcome = promoting.apply(found, reason)
        assert isinstance(outcome, Done), (outcome, found.findings, found.conflicts)
        return found

    def go_back(self, name: str, content: bytes, place: str = "") -> None:
        session = self.open(name)
        earlier = Document.from_bytes(content)
        assert isinstance(earlier, Document)
        path = resolve(session.data, parse(place)) if place else None  # type: ignore[arg-type]
        words, returns_to = "before", content_hash(content)
        plan = history.bring_back(session, earlier.data, words, path, returns_to=returns_to)  # type: ignore[arg-type]
        assert plan is not None
        session.edit(plan)
        assert isinstance(session.save(), Done)

    def bytes_of(self, name: str) -> bytes:
        return (self.library / f"{name}.toml").read_bytes()


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    found = Chain(tmp_path, 1)
    found.promote("dev", "sit")
    found.promote("sit", "prod")
    return found


def wheres(found: Promotion) -> list[str]:
    return [change.where for change in found.changes]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_roll_back_does_not_count_as_the_will_of_the_target(tmp_path: Path, seed: int) -> None:
    chain = Chain(tmp_path, seed)
    chain.promote("dev", "sit")
    chain.set("sit", "connectors[C2].note", "sit's own")
    before = chain.bytes_of("sit")
    chain.set("dev", "connectors[C1].note", "release 2")
    chain.set("dev", "routing_rules[R1].then[0].value", "C3")
    chain.set("dev", "connectors[C3].description", "release 2")
    chain.set("sit", "connectors[C3].owner", "sit")
    first = chain.promote("dev", "sit")
    assert first.changes
    chain.go_back("sit", before)
    again = chain.plan("dev", "sit")
    assert wheres(again) == wheres(first)
    assert "connectors[C2].note" not in wheres(again)
    chain.promote("dev", "sit")
    assert chain.plan("dev", "sit").is_empty


def test_a_roll_back_of_one_place_opens_that_place(chain: Chain) -> None:
    before = chain.bytes_of("sit")
    chain.set("dev", "connectors[C1].note", "release 2")
    chain.set("dev", "connectors[C2].note", "release 2")
    chain.promote("dev", "sit")
    chain.go_back("sit", before, "connectors[C1]")
    assert wheres(chain.plan("dev", "sit")) == ["connectors[C1].note"]


def test_what_a_person_types_stays_although_it_was_so_before(chain: Chain) -> None:
    chain.set("dev", "connectors[C1].note", "one")
    chain.promote("dev", "sit")
    chain.set("dev", "connectors[C1].note", "two")
    chain.promote("dev", "sit")
    chain.set("sit", "connectors[C1].note", "one")
    found = chain.plan("dev", "sit")
    assert (found.is_empty, [each.where for each in found.kept]) == (True, ["connectors[C1].note"])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("home", ["sit", "dev"])
def test_a_hot_fix_in_production_comes_back_alone(tmp_path: Path, seed: int, home: str) -> None:
    chain = Chain(tmp_path, seed)
    chain.promote("dev", "sit")
    chain.promote("sit", "prod")
    chain.set("dev", "connectors[C1].description", "newer in development")
    chain.set("sit", "connectors[C2].description", "newer in test")
    chain.set("prod", "routing_rules[R1].then[0].value", "C3")
    chain.set("prod", "connectors[C3].note", "hot-fix")
    found = chain.promote("prod", home)
    changed = {where for where in wheres(found) if not where.startswith("routing_rules[R1].then")}
    assert changed == {"connectors[C3].note"}
    assert chain.plan("prod", home).is_empty


def test_a_rename_that_the_history_knows_is_a_rename(chain: Chain) -> None:
    session = chain.open("dev")
    path = resolve(session.data, parse("routing_rules[R1]"))  # type: ignore[arg-type]
    assert isinstance(path, tuple)
    session.edit(editing.rename_field(session.indexed, path, "name", "Main"))
    assert isinstance(session.save(), Done)
    chain.set("dev", "routing_rules[Main].then[0].value", "C3")
    session = chain.open("dev")
    path = resolve(session.data, parse("routing_rules[R2]"))  # type: ignore[arg-type]
    assert isinstance(path, tuple)
    session.edit(editing.remove_record(session.indexed, path))
    assert isinstance(session.save(), Done)
    found = chain.promote("dev", "sit")
    assert [change.op for change in found.changes if change.table == "routing_rules"] == ["rename"]
    assert not [each for each in found.findings if each.check == "D-07"]
    assert chain.plan("dev", "sit").is_empty


def test_the_ticket_is_the_first_word_of_a_reason() -> None:
    assert history.with_ticket("CHG0003", "release 7") == "[CHG0003] release 7"
    assert history.with_ticket("", "release 7") == "release 7"
    for reason, ticket in (("[CHG0003] release 7", "CHG0003"), ("[CHG0003]", "CHG0003"), ("see [1]", "")):
        assert history.Event("", "", "edit", "", reason).ticket == ticket
