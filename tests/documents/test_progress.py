"""Ticks: written and read, renewed, counted, and marked again when what was entered changed."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.documents.progress import (
    Progress,
    Tick,
    counts,
    entered_hash,
    read,
    renamed,
    states,
    tick,
    to_enter,
    untick,
    write,
)
from omtui.problem import Wrong
from omtui.setup.catalogue import BY_STEP
from omtui.setup.indexed import Indexed
from omtui.setup.place import Place, parse
from tests.checks.profiles import Edits, sound
from tests.compare.profiles import shuffled

ON = datetime(2026, 11, 23, 8, tzinfo=UTC)
PLACE = "connectors[Requests]"


def setup(*edits: Edits) -> Indexed:
    return Indexed(sound(*edits))


def ticked(
    place: str = PLACE, at: Indexed | None = None, progress: Progress | None = None, skipped: bool = False
) -> Progress:
    found = tick(progress or Progress(), at or setup(), place, by="A. Admin", on=ON, skipped=skipped)
    assert isinstance(found, Progress)
    return found


def state(progress: Progress, *edits: Edits, place: str = PLACE) -> str:
    at = setup(*edits)
    return {str(at.place(path)): each for path, each in states(at, progress).items()}[place]


words = st.text(st.characters(blacklist_categories=["Cs"]), max_size=10)
dates = st.one_of(st.none(), st.just(ON), st.dates(date(2020, 1, 1)))
ticks = st.builds(Tick, words, words, dates, words, st.booleans(), words, st.just({}))


@given(st.lists(ticks, max_size=5, unique_by=lambda each: each.place))
def test_what_is_written_is_read(all_ticks: list[Tick]) -> None:
    found = read(write(Progress(tuple(all_ticks))))
    assert isinstance(found, Progress)
    assert sorted(found.ticks, key=lambda each: each.place) == sorted(all_ticks, key=lambda each: each.place)


def test_what_is_not_known_stays() -> None:
    text = 'schema = 1\nown = "x"\n\n[[done]]\nplace = "4.1"\nmore = 3\n'
    found = read(text)
    assert isinstance(found, Progress)
    assert write(found) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x", "not TOML"),
        ("", "schema is missing"),
        ("schema = 2", "newer"),
        ("schema = true", "schema is missing or not 1"),
        ("schema = 1\ndone = 3", "not an array"),
        ("schema = 1\n[[done]]\nby = 'x'", "number 1 has no place"),
        ("schema = 1\n[[done]]\nplace = 'x'\non = 'yesterday'", "number 1"),
        ("schema = 1\n[[done]]\nplace = 'x'\n[[done]]\nplace = 3", "number 2"),
    ],
)
def test_what_is_no_progress(text: str, words: str) -> None:
    found = read(text)
    assert isinstance(found, list)
    assert words in found[0].message


def test_a_tick_and_what_undoes_it() -> None:
    progress = ticked()
    assert state(progress) == "done"
    assert state(progress, {f"{PLACE}.url": "https://other.example"}) == "changed"
    assert state(Progress()) == "open"
    assert state(untick(progress, [PLACE])) == "open"
    assert state(ticked(skipped=True)) == "skipped"


@pytest.mark.parametrize(
    "edit",
    [
        {f"{PLACE}.note": "new", f"{PLACE}.owner": "x", f"{PLACE}.tags": ["a"]},
        {"connectors[Events].url": "https://other.example"},
    ],
)
def test_what_is_not_entered_changes_nothing(edit: Edits) -> None:
    assert state(ticked(), edit) == "done"


def test_a_state_of_the_pod_is_not_entered() -> None:
    place = "orchestration_processes[Vision_Pick]"
    progress = ticked(place)
    assert state(progress, {f"{place}.deployed": False, f"{place}.status": "Editing"}, place=place) == "done"
    assert state(progress, {f"{place}.steps[100].name": "x"}, place=place) == "changed"


def test_the_order_says_nothing() -> None:
    import random

    data = sound(
        {
            "routing_rules[Picks].when": {
                "all": [{"attribute": "A", "operator": "="}, {"attribute": "B", "operator": "is equal to"}]
            }
        }
    )
    turned = shuffled(data, random.Random(3))
    for place in ("integration_users[WMS]", "task_types[Pick]", "routing_rules[Picks]", "5", "9"):
        assert entered_hash(Indexed(data), place) == entered_hash(Indexed(turned), place)
    assert entered_hash(Indexed(data), "nothing[x]") is None


def test_a_tick_is_renewed() -> None:
    later = tick(ticked(), setup(), PLACE, by="B", on=date(2027, 1, 1), note="again")
    assert isinstance(later, Progress)
    (only,) = later.ticks
    assert (only.by, only.on, only.note) == ("B", date(2027, 1, 1), "again")


def test_a_step_means_its_records() -> None:
    progress = ticked("5")
    assert state(progress) == "done"
    assert state(progress, {"connectors[Events].url": "https://other.example"}) == "changed"
    assert (
        state(ticked(PLACE, setup({"connectors[Events].url": "x"}), progress), {"connectors[Events].url": "x"})
        == "done"
    )


@pytest.mark.parametrize(
    ("place", "words"),
    [("connectors[", "no place"), ("connectors[X]", "names nothing"), (f"{PLACE}.url", "no record"), ("", "no place")],
)
def test_what_cannot_be_ticked(place: str, words: str) -> None:
    found = tick(Progress(), setup(), place, by="A", on=ON)
    assert isinstance(found, Wrong)
    assert words in found.message


def test_a_rename_takes_ticks_along() -> None:
    old, new = parse(PLACE), parse("connectors[New]")
    assert isinstance(old, Place)
    assert isinstance(new, Place)
    progress = renamed(ticked(), old, new)
    assert [each.place for each in progress.ticks] == ["connectors[New]"]
    assert state(progress, {f"{PLACE}.name": "New"}, place="connectors[New]") == "changed"


def test_counts() -> None:
    at = setup({"connectors[+]": {"name": "Oracle's", "predefined": True}})
    found = counts(at, ticked(at=at))
    assert (found["5"].done, found["5"].total) == (1, 3), (
        "two connectors and a certificate; Oracle's own is not entered"
    )
    assert found["5"].words == "1 of 3 entered"
    assert found[""].total == len(list(to_enter(at))) + 2, "to deploy, and to prove, are one each"
    assert (found["deploy"].words, found[""].short) == ("0 of 1 entered", f"1 of {found[''].total}")
    assert counts(Indexed({}), Progress())["5"].words == ""
    changed = counts(setup({f"{PLACE}.url": "x"}), ticked())
    assert changed["5"].words == "0 of 3 entered, 1 changed since"


RECORDS = [str(setup().place(path)) for _, path, _ in to_enter(setup())]
STEPS = [step for step in BY_STEP if counts(setup(), Progress())[step].total]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(RECORDS), max_size=5),
    st.lists(st.sampled_from(STEPS), max_size=3),
    st.sets(st.sampled_from(("connectors[Requests].url", "source_systems[WMS].name", "roles[VISION_RESPONSES].name"))),
    st.booleans(),
    st.sampled_from(STEPS),
)
def test_after_a_step_was_ticked_it_counts_as_entered(
    own: list[str], steps: list[str], changed: set[str], skipped: bool, step: str
) -> None:
    """Also when records of it have ticks of their own, from before a change."""
    progress = Progress()
    for place in (*own, *steps):
        progress = ticked(place, progress=progress, skipped=skipped)
    edits = [{where: "another"} for where in changed if where.rpartition(".")[0] in RECORDS]
    after = setup(*edits)
    before = states(after, progress)
    progress = ticked(step, after, progress)
    assert counts(after, progress)[step].is_done
    for path, state_now in states(after, progress).items():
        if before[path] in ("done", "skipped"):
            assert state_now in ("done", "skipped")
    assert {each.place for each in progress.ticks} == {*own, *steps, step}


def test_a_tick_of_what_was_removed_says_nothing_of_a_record_that_comes_later() -> None:
    place = "connectors[OnlyProd]"
    progress = tick(Progress(), setup(), place, by="A", on=ON, gone=[place])
    assert isinstance(progress, Progress)
    assert read(write(progress)) == progress
    assert state(progress, {"connectors[Requests].name": "OnlyProd"}, place=place) == "changed"
