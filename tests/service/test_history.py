"""The history of a profile and of one record: followed through moves, renames, undo and what other programs wrote."""

from copy import deepcopy
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.checks.finding import CheckContext
from omtui.compare.difference import difference
from omtui.service import editing
from omtui.service.history import UNSAVED, Event, History, bring_back, history_of, take_back
from omtui.service.session import Session
from omtui.service.workspace import Workspace
from omtui.setup.catalogue import TABLES
from omtui.setup.place import Data, key_text
from omtui.setup.place import Path as ProfilePath
from omtui.store.change import MISSING, Insert, Move, Operation, Remove, Set, apply, value_at
from omtui.store.journal import Journal
from tests.compare.profiles import profiles, relatives
from tests.service.test_comparing import opened as written_down

TEXT = """\
schema = 1

[profile]
name = "dev"
environment = "development"

[[connectors]]
name = "One"
url = "https://one.pick.example"

[[connectors]]
name = "Two"
url = "https://two.pick.example"

[[routing_rules]]
name = "Route"

[[routing_rules.then]]
action = "Set Connector Name"
value = "Two"
"""

TWO: ProfilePath = ("connectors", 1)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "dev.toml").write_text(TEXT)
    return Workspace(folder, state=tmp_path / "state")


def opened(workspace: Workspace) -> Session:
    session = workspace.open("dev")
    assert isinstance(session, Session)
    return session


def change(workspace: Workspace, path: ProfilePath, value: object, reason: str = "") -> None:
    session = opened(workspace)
    session.edit(editing.set_value(session.indexed, path, value), reason)
    session.save()


def history(workspace: Workspace, session: Session | None = None) -> History:
    session = session or opened(workspace)
    return history_of(workspace.journal.of(session.path), session.data, in_file=session.path.read_bytes())


def reported(events: tuple[Event, ...]) -> list[str]:
    return [event.words for event in events]


def test_of_one_record(workspace: Workspace) -> None:
    change(workspace, (*TWO, "url"), "https://new.pick.example", "moved house")
    change(workspace, ("connectors", 0, "url"), "https://other.pick.example")
    session = opened(workspace)
    session.edit(editing.move_record(session.indexed, TWO, 0))
    session.edit(editing.add_record(session.indexed, ("connectors",), "Zero", index=0))
    session.save()
    session.edit(editing.rename_field(session.indexed, TWO, "name", "Second"))
    session.save()
    found = history(workspace)
    assert session.value((*TWO, "name")) == "Second"
    assert reported(found.of(TWO)) == ["Rename connectors[Two] to Second", "Set connectors[Two].url"]
    assert found.of(TWO)[1].reason == "moved house"
    assert reported(found.of((*TWO, "url"))) == ["Set connectors[Two].url"]
    assert reported(found.of(("connectors", 0))) == ["Add connector Zero"]
    assert reported(found.of(("connectors", 2))) == ["Set connectors[One].url"]


def test_what_was_undone_is_followed_too(workspace: Workspace) -> None:
    session = opened(workspace)
    session.edit(editing.remove_record(session.indexed, ("connectors", 0)))
    session.save()
    session.undo()
    session.save()
    change(workspace, (*TWO, "url"), "https://new.pick.example")
    found = history(workspace)
    assert reported(found.of(TWO)) == ["Set connectors[Two].url"]
    assert reported(found.of(("connectors", 0))) == ["undo: Remove connectors[One]"]


def test_what_another_program_wrote(workspace: Workspace) -> None:
    change(workspace, (*TWO, "url"), "https://new.pick.example")
    path = workspace.library.folder / "dev.toml"
    start, end = TEXT.index('[[connectors]]\nname = "One"'), TEXT.index('[[connectors]]\nname = "Two"')
    path.write_text(path.read_text().replace(TEXT[start:end], "").replace("new.pick", "newer.pick"))
    here: ProfilePath = ("connectors", 0)
    assert reported(history(workspace).of(here)) == ["changed by another program since", "Set connectors[Two].url"]
    change(workspace, ("profile", "title"), "x")
    found = history(workspace).of(here)
    assert reported(found) == ["changed by another program", "Set connectors[Two].url"]
    assert found[0].operations == (Set((*TWO, "url"), "https://new.pick.example", "https://newer.pick.example"),)
    assert (found[0].who, bool(found[1].who)) == ("", True)


def test_what_is_not_saved_comes_first(workspace: Workspace) -> None:
    session = opened(workspace)
    session.edit(editing.set_value(session.indexed, (*TWO, "url"), "https://new.pick.example"))
    (event,) = history(workspace, session).of(TWO)
    assert (event.action, event.at, event.state) == (UNSAVED, "", "")


def test_each_state_can_be_looked_at(workspace: Workspace) -> None:
    for number in range(3):
        change(workspace, (*TWO, "url"), f"https://{number}.pick.example")
    found = history(workspace)
    looked_at = [found.look(saved.hash) for saved in found.states]
    urls = [value_at(document.data, (*TWO, "url")) for document in looked_at if document]
    assert urls == [f"https://{name}.pick.example" for name in ("2", "1", "0", "two")]
    assert [event.state for event in found.events] == [saved.hash for saved in found.states]


def test_a_state_is_brought_back_as_one_change(workspace: Workspace) -> None:
    session = opened(workspace)
    session.edit(editing.remove_record(session.indexed, ("connectors", 0)))
    session.edit(editing.set_value(session.indexed, ("profile", "title"), "x"))
    session.save()
    found = history(workspace)
    oldest = found.look(found.states[-1].hash)
    assert oldest is not None
    plan = bring_back(session, oldest.data, "the beginning", returns_to="")
    assert plan is not None
    session.edit(plan)
    assert session.data == oldest.data
    assert plan.label == "Back to the beginning"
    session.undo()
    assert (session.value(("profile", "title")), len(session.records_at(("connectors",)))) == ("x", 1)
    session.redo()
    assert bring_back(session, oldest.data, "the beginning", returns_to="") is None


def test_only_one_record_is_brought_back_and_its_name_is_followed(workspace: Workspace) -> None:
    session = opened(workspace)
    before = deepcopy(session.data)
    session.edit(editing.rename_field(session.indexed, TWO, "name", "Second"))
    session.edit(editing.set_value(session.indexed, ("connectors", 0, "url"), "https://kept.pick.example"))
    plan = bring_back(session, before, "the beginning", TWO, returns_to="")
    assert plan is not None
    session.edit(plan)
    assert session.value((*TWO, "name")) == "Two"
    assert session.value(("routing_rules", 0, "then", 0, "value")) == "Two"
    assert session.value(("connectors", 0, "url")) == "https://kept.pick.example"


def test_production_stays_locked(workspace: Workspace) -> None:
    path = workspace.library.folder / "dev.toml"
    path.write_text(TEXT.replace("development", "production"))
    session = opened(workspace)
    earlier = deepcopy(session.data)
    earlier["profile"]["title"] = "x"  # type: ignore[index]
    plan = bring_back(session, earlier, "then", returns_to="")
    assert plan is not None
    assert "read-only" in str(session.edit(plan))
    assert session.value(("profile", "title")) is MISSING


def step(data: Data, random: Random, number: int) -> Operation:
    """Carry out a random operation on a list of records."""
    records = data.get("connectors", [])
    assert isinstance(records, list)
    at = random.randrange(len(records)) if records else 0
    made: Operation
    match random.randrange(4) if records else 0:
        case 0:
            made = Insert(("connectors",), random.randint(0, len(records)), {"name": f"new {number}"})
        case 1:
            made = Remove(("connectors",), at, records[at])
        case 2:
            made = Move(("connectors",), at, random.randrange(len(records)))
        case _:
            made = Set(("connectors", at, "note"), records[at].get("note", MISSING), f"{number}")
    return apply(data, made)


@given(st.integers(), st.integers(1, 12))
def test_every_record_is_followed_to_its_beginning(seed: int, count: int) -> None:
    data: Data = {"connectors": [{"name": f"old {number}"} for number in range(4)]}
    touched: dict[str, list[int]] = {}
    events = []
    random = Random(seed)
    for number in range(count):
        made = step(data, random, number)
        events.append(Event("", "", "edit", str(number), operations=(made,)))
        records = data.get("connectors", [])
        assert isinstance(records, list)
        if isinstance(made, Insert):
            touched.setdefault(records[made.index]["name"], []).append(number)
        elif isinstance(made, Set):
            touched.setdefault(records[int(made.path[1])]["name"], []).append(number)
    found = History(tuple(reversed(events)))
    records = data.get("connectors", [])
    assert isinstance(records, list)
    for at, record in enumerate(records):
        numbers = [int(event.label) for event in found.of(("connectors", at))]
        assert numbers == touched.get(record["name"], [])[::-1]


def session_of(data: Data) -> Session | None:
    """An open profile that says so; none for random data that is no profile."""
    document = written_down(data, headers=True)
    if document is None:
        return None
    content = document.to_bytes()
    assert isinstance(content, bytes)
    journal = Journal(Path("/dev/null/nowhere"))
    return Session(Path("p.toml"), document, content, lambda: CheckContext(date.today()), lambda: journal)


related = profiles().flatmap(lambda data: st.tuples(st.just(data), relatives(data)))


@settings(max_examples=60)
@given(related)
def test_any_change_alone_is_taken_back(both: tuple[Data, Data]) -> None:
    earlier, now = both
    changes = difference(earlier, now, whole=True).changes
    for change in changes:
        session = session_of(now)
        if session is None:
            return
        plan = take_back(session, earlier, "then", change, returns_to="")
        if plan is None:
            continue
        session.edit(plan)
        left = difference(earlier, session.data, whole=True).changes
        if not keys_repeat_anywhere(earlier, now):
            assert (change.op, change.where) not in {(each.op, each.where) for each in left}
            assert len(left) < len(changes)
        session.undo()
        assert session.data == now


@settings(max_examples=60)
@given(related)
def test_any_record_alone_is_brought_back(both: tuple[Data, Data]) -> None:
    earlier, now = both
    count = len(difference(earlier, now, whole=True).changes)
    for name, records in now.items():
        for at in range(len(records)) if isinstance(records, list) and name in TABLES else ():
            session = session_of(now)
            if session is None:
                return
            plan = bring_back(session, earlier, "then", (name, at), returns_to="")
            if plan is None:
                continue
            session.edit(plan)
            if not keys_repeat_anywhere(earlier, now):
                assert len(difference(earlier, session.data, whole=True).changes) < count


def keys_repeat_anywhere(*datas: Data) -> bool:
    """Whether two records of one list have one key: which of them is which is then a guess."""

    def repeat(value: object, table: str) -> bool:
        if isinstance(value, dict):
            return any(repeat(inner, f"{table}.{name}".lstrip(".")) for name, inner in value.items())
        if not isinstance(value, list):
            return False
        key = TABLES[table].key if table in TABLES else None
        keys = [key_text(record, key) for record in value] if key else []
        return len(set(keys)) != len(keys) or any(repeat(record, table) for record in value)

    return any(repeat(data, "") for data in datas)
