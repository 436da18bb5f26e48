"""Files that a person probably means."""

from pathlib import Path

from omtui.service.nearby_files import nearby_files
from omtui.service.rehearsing import ENDINGS


def test_those_of_the_word_come_first_and_hidden_ones_not_at_all(tmp_path: Path) -> None:
    for name in ("a.csv", "b.JSON", "c.xlsx", "my-Orders.csv.gz", "e.toml", "f.txt", ".g.csv"):
        (tmp_path / name).write_text("")
    first, *rest = nearby_files([tmp_path, tmp_path / "none"], ENDINGS, "order")
    assert first.name == "my-Orders.csv.gz"
    assert {path.name for path in rest} == {"a.csv", "b.JSON", "c.xlsx"}
