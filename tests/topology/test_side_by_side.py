"""Reviews made on several machines: laid together where they are of the same profile and target, differences first."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from omtui.problem import Wrong
from omtui.topology.side_by_side import SideBySide, merge_reviews


def result(name: str, outcome: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "vantage": "local", "host": "h", "port": 443, "url": f"https://h/{name}", "expect": "http",
            "outcome": outcome, "ok": outcome == "ok", "message": f"{name}: {outcome}", **more}  # fmt: skip


def written(
    folder: Path, machine: str, started: str, *results: dict[str, Any], vantage: str = "local", file: str = ""
) -> Path:
    path = folder / (file or f"{machine}-{started[:10]}.json")
    document = {"profile": "dev", "started": started, "vantage": vantage, "machine": machine, "results": results,
                "counts": {}, "version": "0.2.0"}  # fmt: skip
    path.write_text(json.dumps(document))
    return path


NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def merged(*files: Path) -> SideBySide:
    found = merge_reviews(files, NOW)
    assert isinstance(found, SideBySide), found
    return found


def test_differences_come_first_and_are_worded(tmp_path: Path) -> None:
    one = written(
        tmp_path, "dmz-1", "2026-12-01T10:00:00Z", result("A", "ok"), result("B", "ok"), result("C", "refused")
    )
    other = written(tmp_path, "laptop", "2026-12-01T11:00:00Z", result("A", "ok"), result("B", "refused"),
                    result("C", "refused"))  # fmt: skip
    found = merged(one, other)
    assert [each.name for each in found.endpoints] == ["B", "C", "A"]
    assert [found.words(each) for each in found.endpoints] == [
        "answers from dmz-1, refused from laptop",
        "refused from dmz-1, laptop",
        "answers from dmz-1, laptop",
    ]
    assert [each.differs for each in found.endpoints] == [True, False, False]
    assert [each.title for each in found.reviews] == ["dmz-1", "laptop"]


def test_only_the_same_target_is_laid_together(tmp_path: Path) -> None:
    one = written(tmp_path, "a", "2026-12-01T10:00:00Z", result("A", "ok"))
    other = written(tmp_path, "b", "2026-12-01T10:00:00Z", result("A", "ok", url="https://elsewhere/"))
    found = merged(one, other)
    assert [each.outcomes for each in found.endpoints] == [("ok", None), (None, "ok")]
    assert found.words(found.endpoints[0]) == "answers from a, not probed from b"
    assert not any(each.differs for each in found.endpoints)
    assert found.unlike.endswith("differ between the reviews: A")
    called = [written(tmp_path, name, "2026-12-01T10:00:00Z", result("A", outcome, caller=caller))
              for name, outcome, caller in (("c", "ok", "person"), ("d", "caller-cannot", "fusion"))]  # fmt: skip
    assert len(merged(*called).endpoints) == 2


def test_no_review_hides_another_of_the_same_machine_and_time(tmp_path: Path) -> None:
    started = "2026-12-01T10:00:00Z"
    one = written(tmp_path, "jump", started, result("A", "ok"))
    other = written(tmp_path, "jump", started, result("A", "refused"), file="other.json")
    found = merged(one, other)
    assert len({each.vantage for each in found.reviews}) == 2
    assert found.words(found.endpoints[0]).count(" from jump, 2026-12-01 10:00:00, ") == 2
    again = merge_reviews([one, other, one], NOW)
    assert isinstance(again, Wrong)
    assert f"{one.name} is named twice" in again.message


def test_a_vantage_point_has_its_own_name_and_times_are_laid_on_one_clock(tmp_path: Path) -> None:
    one = written(tmp_path, "laptop", "2026-12-01T12:00:00+02:00", result("A", "ok"), vantage="dmz-1", file="own.json")
    other = written(tmp_path, "laptop", "2026-12-01T10:30:00", result("A", "ok"))
    found = merged(one, other)
    assert [each.vantage for each in found.reviews] == ["dmz-1", "laptop"]
    assert [f"{each.started:%H:%M}" for each in found.reviews] == ["10:00", "10:30"]


def test_what_was_broken_off_is_not_probed_and_a_closed_port_does_not_answer(tmp_path: Path) -> None:
    one = written(tmp_path, "a", "2026-12-01T10:00:00Z", result("A", "ok", expect="closed"), result("B", "ok"))
    other = written(tmp_path, "b", "2026-12-01T10:00:00Z", result("A", "ok", expect="closed"), result("B", "cancelled"))
    found = merged(one, other)
    assert [found.words(each) for each in found.endpoints] == [
        "closed, as expected, from a, b",
        "answers from a, not probed from b",
    ]
    assert not any(each.differs or each.failed for each in found.endpoints)


def test_old_ones_are_marked_and_two_of_one_machine_have_their_times(tmp_path: Path) -> None:
    one = written(tmp_path, "a", "2026-11-28T09:00:00Z", result("A", "ok"))
    other = written(tmp_path, "a", "2026-12-01T10:00:00+00:00", result("A", "ok"))
    found = merged(one, other)
    assert [each.title for each in found.reviews] == ["a, 2026-11-28 09:00:00, 3 days old", "a, 2026-12-01 10:00:00"]
    assert [each.is_old for each in found.reviews] == [True, False]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("x", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is no review of one profile"),
        ('{"profiles": []}', "is no review of one profile"),
        ('{"profile": "dev", "results": [], "vantage": "local"}', "started is missing"),
        ('{"profile": "dev", "results": [1], "vantage": "local", "started": "2026-12-01"}', "results"),
        ('{"profile": "dev", "results": [], "vantage": "local", "started": "soon"}', "soon is no time"),
        ('{"profile": "dev", "results": [], "vantage": "local", "started": "0001-01-01T00:00+14:00"}', "is no time"),
        ('{"profile": "prod", "results": [], "vantage": "local", "started": "2026-12-01"}', "is a review of prod"),
    ],
)
def test_what_is_no_such_review_is_named(tmp_path: Path, content: str, message: str) -> None:
    good = written(tmp_path, "a", "2026-12-01T10:00:00Z", result("A", "ok"))
    bad = tmp_path / "bad.json"
    bad.write_text(content)
    found = merge_reviews([good, bad], NOW)
    assert isinstance(found, Wrong)
    assert "bad.json" in found.message
    assert message in found.message
    assert isinstance(merge_reviews([good], NOW), Wrong)
    assert isinstance(merge_reviews([good, tmp_path / "none.json"], NOW), Wrong)
