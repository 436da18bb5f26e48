"""Sheets from anywhere: with any content: little memory, little time, and an outcome."""

import io
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from omtui.documents.sheet_files import read_sheets
from omtui.documents.sheets_reading import from_sheets
from omtui.problem import Problem
from tests.documents.bombs import BOMBS, SHEET, workbook_parts, write_bombs
from tests.thorough import THOROUGH

MEGABYTES = 300
SECONDS = 5


def within_budget() -> None:
    """Memory is limited a little above the budget: what is mapped and never touched counts here, too."""
    resource.setrlimit(resource.RLIMIT_AS, ((MEGABYTES + 300) << 20, (MEGABYTES + 300) << 20))


@pytest.mark.timeout(300)
def test_small_files_take_little(tmp_path: Path) -> None:
    files, library = tmp_path / "files", tmp_path / "library"
    files.mkdir()
    library.mkdir()
    write_bombs(files)
    ran = subprocess.run(
        [sys.executable, "-m", "tests.documents.sheet_reader", files, library],
        cwd=Path(__file__).parents[2],
        preexec_fn=within_budget,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = [line.split("\t") for line in ran.stdout.splitlines()]
    assert {name for name, *_ in found} == {each.name for each in files.iterdir()}
    assert [line for line in found if float(line[1]) > SECONDS or int(line[2]) > MEGABYTES] == []
    shown = {name: text for name, _, _, text in found}
    for name in shown:
        if "document type" in name or name == "entities.xlsx":
            assert "no spreadsheet writes" in shown[name]
    assert "damaged" in shown["another encoding.xlsx"]
    assert set(shown) >= {f"{name}.xlsx" for name in BOMBS}


def packed_again(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


PARTS = workbook_parts()
WORKBOOK = packed_again(PARTS)
damages = st.lists(st.tuples(st.integers(0, 2**31), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6)


def damaged(content: bytes, damage: list[tuple[int, bytes]]) -> bytes:
    found = bytearray(content)
    for place, piece in damage:
        at = place % len(found)
        found[at : at + len(piece)] = piece
    return bytes(found)


@settings(max_examples=5_000 if THOROUGH else 150)
@given(damages)
def test_damaged_bytes_of_a_workbook_end_in_an_outcome(damage: list[tuple[int, bytes]]) -> None:
    found = read_sheets(damaged(WORKBOOK, damage), "x")
    if not isinstance(found, Problem):
        from_sheets(found)


@settings(max_examples=5_000 if THOROUGH else 100)
@given(st.sampled_from((SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")), damages)
@example(SHEET, [(0, b"<?xml version='1.0' encoding='zip'?>")])
@example("xl/styles.xml", [(0, b"\xff\xfe")])
def test_damaged_parts_of_a_workbook_end_in_an_outcome(part: str, damage: list[tuple[int, bytes]]) -> None:
    found = read_sheets(packed_again(PARTS | {part: damaged(PARTS[part], damage)}), "x")
    if not isinstance(found, Problem):
        from_sheets(found)


@pytest.mark.parametrize("cut", range(0, 60, 3))
def test_a_flipped_byte_in_a_compressed_part_is_damage(cut: int) -> None:
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as packed:
        start = packed.getinfo(SHEET).header_offset + 30 + len(SHEET) + 5 + cut
    content = bytearray(WORKBOOK)
    content[start] ^= 0xFF
    found = read_sheets(bytes(content), "x")
    assert isinstance(found, Problem)
    assert (found.message, found.fix) == (
        "the workbook is damaged",
        "open it in a spreadsheet and save it again",
    )
