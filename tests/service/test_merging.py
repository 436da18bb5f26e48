"""Progress and map files of two people, merged: laws."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from omtui.compare import map_file
from omtui.compare.mapping import EnvironmentMap, MapEntry, identity
from omtui.documents import progress
from omtui.documents.progress import Progress, Tick
from omtui.service.merging import MergedFile, entry_name, kind_of, merge_files
from tests.thorough import THOROUGH

PLACES = ("1", "4.1", "deploy", "connectors[A]", 'connectors["a]b"]', "connectors[A#2]", "destination_system")
MOMENTS: tuple[date | None, ...] = (
    None,
    date(2026, 11, 30),
    datetime(2026, 11, 30, 10),
    datetime(2026, 11, 30, 10, tzinfo=UTC),
    datetime(2026, 11, 30, 11, tzinfo=timezone(timedelta(hours=1))),
    datetime(2026, 11, 30, 12, 0, 1, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
)
ticks = st.builds(
    Tick,
    st.sampled_from(PLACES),
    st.sampled_from(("", "Anna", "Ben")),
    st.sampled_from(MOMENTS),
    st.sampled_from(("", "a note")),
    st.booleans(),
    st.sampled_from(("", "sha256:1", "sha256:2")),
    st.sampled_from(({}, {"ticket": "CHG1"})),
)
progresses = st.lists(ticks, max_size=6, unique_by=lambda each: each.place).map(lambda found: Progress(tuple(found)))

entries = st.builds(
    MapEntry,
    st.sampled_from(("host", "url", "credential")),
    st.sampled_from(("x.example", "X.example", "https://x.example/a", "c")),
    st.sampled_from(("", "one", "two")),
    st.sampled_from(((), ("connectors[A]",), ("connectors[A]", "connectors[B].url"))),
    st.sampled_from(("", "a note", 'with a " and # in it')),
)


def _is_read(found: EnvironmentMap) -> bool:
    return isinstance(map_file.read(map_file.write(found)), EnvironmentMap)


maps = st.lists(entries, max_size=4).map(lambda found: EnvironmentMap("a", "b", tuple(found))).filter(_is_read)
comment_lists = st.lists(st.sampled_from(("# one", "# two # three", "# CONFLICT?")), max_size=4)


def _merged(base: Progress | None, ours: Progress, theirs: Progress) -> Progress:
    found = merge_files(
        "progress", None if base is None else progress.write(base), progress.write(ours), progress.write(theirs)
    )
    assert isinstance(found, MergedFile)
    read = progress.read(found.content.decode())
    assert isinstance(read, Progress)
    return read


def test_of_two_ticks_the_later_one_counts() -> None:
    earlier = Progress((Tick("1", "Anna", datetime(2026, 11, 30, 10, tzinfo=UTC)),))
    later = Progress((Tick("1", "Ben", datetime(2026, 11, 30, 10, 0, 1)),))  # without a zone: UTC
    for ours, theirs in ((earlier, later), (later, earlier)):
        tick = _merged(None, ours, theirs).of("1")
        assert tick is not None
        assert tick.by == "Ben"


@settings(max_examples=2000 if THOROUGH else 50)
@given(st.none() | progresses, progresses, progresses)
def test_ticks_merged_in_any_order_are_equal_and_none_is_lost(
    base: Progress | None, ours: Progress, theirs: Progress
) -> None:
    merged = _merged(base, ours, theirs)
    assert progress.write(merged) == progress.write(_merged(base, theirs, ours))
    before = base or Progress()
    for place in PLACES:
        b, o, t, m = (each.of(place) for each in (before, ours, theirs, merged))
        if o is None and t is None:
            assert m is None
        elif m is None:
            assert b in (o, t), "only what one side took back and the other left alone is gone"
            assert None in (o, t)
        else:
            assert m in (o, t)


@settings(max_examples=50)
@given(progresses, progresses)
def test_ticks_that_only_one_side_changed_are_that_side_s(base: Progress, changed: Progress) -> None:
    for merged in (_merged(base, changed, base), _merged(base, base, changed), _merged(base, changed, changed)):
        assert sorted(merged.ticks, key=lambda each: each.place) == sorted(changed.ticks, key=lambda each: each.place)


def _with_remarks(found: EnvironmentMap, lines: Sequence[str]) -> str:
    """A map as a file in which comments are above some entries."""
    head, *blocks = map_file.write(found).split("\n[[map]]\n")
    rest = [f"\n{line}" for line in lines[: len(blocks)]]
    rest += [""] * (len(blocks) - len(rest))
    return head + "".join(f"{line}\n[[map]]\n{block}" for line, block in zip(rest, blocks, strict=True))


@settings(max_examples=2000 if THOROUGH else 50)
@given(st.none() | maps, maps, maps, comment_lists, comment_lists, st.data())
def test_no_entry_and_no_comment_of_a_map_is_lost(
    base: EnvironmentMap | None,
    ours: EnvironmentMap,
    theirs: EnvironmentMap,
    mine: list[str],
    its: list[str],
    data: st.DataObject,
) -> None:
    texts = (None if base is None else map_file.write(base), _with_remarks(ours, mine), _with_remarks(theirs, its))
    found = merge_files("map", *texts)
    assert isinstance(found, MergedFile)
    text = found.content.decode()
    merged = map_file.read(text)
    assert isinstance(merged, EnvironmentMap), "what comes out can always be read"
    b, o, t, m = (
        {identity(entry): entry for entry in each.entries} for each in (base or merged_none, ours, theirs, merged)
    )
    named = {each.where.removesuffix(f".{each.field}") for each in found.conflicts}
    assert text.count("# CONFLICT map[") == len(found.conflicts)
    for key in {*o, *t}:
        if key in m:
            assert m[key].target in {each[key].target for each in (o, t) if key in each}
        else:
            sides = [each.get(key) for each in (o, t)]
            taken_away = None in sides and b.get(key) in sides
            entry = o.get(key) or t[key]
            claimed = any(entry_name(other) in named for other in m.values())
            assert taken_away or claimed or entry_name(entry) in named
    for line, side in ((mine, o), (its, t)):
        for comment, key in zip(line, side, strict=False):
            if key in m:
                assert comment in text
    if found.conflicts:
        where = data.draw(st.sampled_from(found.conflicts)).where
        for side in ("ours", "theirs"):
            decided = merge_files("map", *texts, {where: side})
            assert isinstance(decided, MergedFile)
            assert where not in {each.where for each in decided.open}
            assert isinstance(map_file.read(decided.content.decode()), EnvironmentMap)


merged_none = EnvironmentMap("", "")


def test_a_file_is_known_by_its_name_or_by_what_is_in_it() -> None:
    assert kind_of("dev.progress.toml", "<<<<<<<") == "progress"
    assert kind_of(".merge_file_a", "schema = 1\n") == "progress"
    assert kind_of(".merge_file_a", 'schema = 1\n[[done]]\nplace = "1"\n') == "progress"
    assert kind_of(".merge_file_a", 'schema = 1\nsource = "a"\ntarget = "b"\n') == "map"
    assert kind_of("dev.toml", 'schema = 1\n[profile]\nname = "dev"\n') is None
    assert kind_of(".merge_file_a", 'schema = 1\nprofile = { name = "dev" }\ndone = []\n') is None
