"""A document replaces an older one of its kind, and nothing else."""

from pathlib import Path

import openpyxl
import pytest

from tests.commands.conftest import Command, home, omtui, samples  # noqa: F401 - fixtures

FOREIGN = {
    "empty object": b"{}\n",
    "package": b'{"name": "my package"}\n',
    "spread": b'{\n  "name": "my package"\n}\n',
    "notes": b"# Notes\n\nMine.\n",
    "page": b'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n<title>Mine</title>\n',
    "table": b"Name,Amount\na,1\n",
    "profile": b'schema = 1\n\n[profile]\nname = "a"\nenvironment = "development"\n',
    "archive": b"PK\x03\x04and what follows",
    "bytes": bytes(range(256)),
}

WRITING = (
    *(("runbook", "vision-dev", f"x.{form}") for form in ("md", "html", "csv", "xlsx")),
    *(("handout", "vision-dev", kind, f"x.{form}") for kind in ("access", "network") for form in ("md", "html", "csv")),
    ("handout", "vision-dev", "credentials", "x.xlsx"),
    *(("compare", "vision-dev", "vision-test", f"x.{form}") for form in ("md", "html", "csv", "xlsx")),
    ("export", "vision-dev", "x.json"),
)


def write(omtui: Command, words: tuple[str, ...]) -> int:  # noqa: F811
    return omtui("--library", "profiles", *words[:-1], "-o", words[-1]).code


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_a_foreign_file_stays_and_an_older_document_is_replaced(
    omtui: Command,  # noqa: F811
    samples: Path,  # noqa: F811
    tmp_path: Path,
    words: tuple[str, ...],
) -> None:
    file = tmp_path / words[-1]
    fine = (0, 1)  # compare judges
    for name, content in FOREIGN.items():
        file.write_bytes(content)
        assert write(omtui, words) == 3, name
        assert file.read_bytes() == content, name
        file.unlink()
    target = tmp_path / "target"
    file.symlink_to(target)
    if words[0] != "export":  # a hand-over is written to what a link leads to, if that is one
        assert write(omtui, words) == 3
        assert not target.exists()
    file.unlink()
    file.write_bytes(b"")  # as mktemp leaves it
    if words[0] != "export":
        assert write(omtui, words) in fine
    file.unlink()
    assert write(omtui, words) in fine
    omtui("--library", "profiles", "set", "vision-dev", "profile.title", "Another: 7")
    omtui("--library", "profiles", "set", "vision-dev", "pod.release", "26A")
    assert write(omtui, words) in fine, "an older document is replaced"


def test_a_document_of_another_kind_stays(omtui: Command, samples: Path, tmp_path: Path) -> None:  # noqa: F811
    for form in ("md", "html", "csv"):
        for first, second in (("network", "access"), ("access", "credentials")):
            assert write(omtui, ("handout", "vision-dev", first, f"y.{form}")) == 0
            before = (tmp_path / f"y.{form}").read_bytes()
            if form != "html":  # pages of one family begin alike
                assert write(omtui, ("handout", "vision-dev", second, f"y.{form}")) == 3
                assert (tmp_path / f"y.{form}").read_bytes() == before
            (tmp_path / f"y.{form}").unlink()


def test_a_workbook_that_people_filled_in_stays(omtui: Command, samples: Path, tmp_path: Path) -> None:  # noqa: F811
    assert write(omtui, ("runbook", "vision-dev", "x.xlsx")) == 0
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    book.properties.lastModifiedBy = "A. Admin"
    book.save(tmp_path / "x.xlsx")
    before = (tmp_path / "x.xlsx").read_bytes()
    assert write(omtui, ("runbook", "vision-dev", "x.xlsx")) == 3
    assert (tmp_path / "x.xlsx").read_bytes() == before
