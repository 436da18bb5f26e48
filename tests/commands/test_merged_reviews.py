"""The command probe --merge."""

from pathlib import Path

import pytest

from tests.commands.conftest import Command
from tests.topology.test_side_by_side import result, written


def test_it_is_shown_written_and_judged(omtui: Command, tmp_path: Path) -> None:
    one = written(tmp_path, "dmz-1", "2026-12-01T10:00:00Z", result("A", "ok"), result("B\x1b[31m", "ok"))
    other = written(tmp_path, "laptop", "2026-12-01T11:00:00Z", result("A", "ok"), result("B\x1b[31m", "refused"))
    answer = omtui("probe", "--merge", str(one), str(other))
    assert answer.code == 1
    assert "1 differ, 0 fail the same everywhere" in answer.out
    assert "answers from dmz-1, refused from laptop" in answer.out
    assert "\x1b" not in answer.out
    document = omtui("probe", "--merge", str(one), str(other), "--json").document
    assert document["counts"] == {"differ": 1, "failed": 1}
    assert [(each["differs"], each["failed"]) for each in document["endpoints"]] == [(True, True), (False, False)]
    assert document["endpoints"][0]["outcomes"] == {"dmz-1": "ok", "laptop": "refused"}
    for ending in ("md", "html", "csv", "xlsx", "json"):
        file = tmp_path / f"merged.{ending}"
        assert omtui("probe", "--merge", str(one), str(other), "-o", str(file)).code == 1
        assert file.stat().st_size > 100
    assert "refused from laptop" in (tmp_path / "merged.md").read_text()


def test_every_endpoint_has_its_row_at_every_width(
    omtui: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omtui.commands.output._is_terminal", lambda stream: True)
    monkeypatch.setenv("NO_COLOR", "1")
    long = "Order fulfillment responses of the second warehouse"
    one = written(tmp_path, "dmz-1.pick.example", "2026-12-01T10:00:00Z", result("A", "ok"), result(long, "ok"),
                  result("Moved", "ok"))  # fmt: skip
    other = written(tmp_path, "laptop", "2026-12-01T11:00:00Z", result("A", "ok"), result(long, "timed-out"),
                    result("Moved", "ok", port=8443, url=None))  # fmt: skip
    for columns in (60, 80, 160):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = omtui("probe", "--merge", str(one), str(other)).out.splitlines()
        assert max(map(len, lines)) <= columns
        heads = next(line for line in lines if line.lstrip().startswith("Endpoint"))
        assert "laptop" in heads
        assert ("Address" in heads) == (columns == 160)
        rows = lines[lines.index(heads) + 1 :]
        assert rows[0].startswith("!  Order")
        assert [row.split()[0] for row in rows if row.startswith(("   A ", "   Moved "))] == ["A", "Moved", "Moved"]
        assert "Not laid together" in " ".join(lines)


def test_reviews_that_agree_and_are_fine_end_well(omtui: Command, tmp_path: Path) -> None:
    files = [str(written(tmp_path, name, "2026-12-01T10:00:00Z", result("A", "ok"))) for name in ("a", "b")]
    assert omtui("probe", "--merge", *files).code == 0
    for words in (
        ["--merge"],
        ["--merge", files[0]],
        ["--merge", *files, "--watch", "9"],
        ["--merge", *files, "-o", "x.pdf"],
    ):
        assert omtui("probe", *words).code == 2, words
