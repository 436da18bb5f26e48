"""Setup data packages: what their manifest says, and what is said of files that only look like one."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtui.documents.setup_package import MANIFEST, SetupPackage, is_secret_column, read_package
from omtui.problem import Problem
from tests.documents.packages import OBJECTS, SYSTEMS, archive, csv_of, entries_of, manifest, package

SYSTEM = "PRACTICE_ORIG_SYSTEM"
ALL = {name: rows[0] for name, rows in OBJECTS.items()}


def read(content: bytes) -> SetupPackage:
    found = read_package(content, ALL)
    assert isinstance(found, SetupPackage), found
    return found


def test_a_package_says_what_its_manifest_says() -> None:
    found = read(package())
    assert (found.release, found.environment) == ("11.13.26.04.0", "practice-dev1")
    assert (found.process, found.made_on) == ("Practice_20260720_004405_432", "2026-07-20 00:44:05.432")
    assert [(each.name, each.count) for each in found.objects] == [(name, 2) for name in OBJECTS]
    assert {each.name: (each.columns, *each.rows) for each in found.objects} == {
        name: tuple(map(tuple, rows)) for name, rows in OBJECTS.items()
    }
    assert found.notes == ()


def test_of_columns_that_nobody_wants_no_cell_is_kept() -> None:
    found = read_package(package(), {SYSTEM: ["OrigSystem"]})
    assert isinstance(found, SetupPackage)
    assert found.objects[0].rows == (("CSS01", *[""] * 6), ("CSS09", *[""] * 6))
    assert found.objects[1].count == 2


@pytest.mark.parametrize("name", ["Password", "CLIENT_SECRET", "X.AccessToken", "ServicePassword", "pwd"])
def test_a_column_that_looks_like_a_secret_is_never_read(name: str) -> None:
    rows = (("OrigSystem", name), ("CSS01", "s3cret-word"))
    found = read_package(package({SYSTEM: rows}), {SYSTEM: rows[0]})
    assert isinstance(found, SetupPackage)
    assert found.objects[0].secret_columns == [name]
    assert "s3cret-word" not in repr(found)


@pytest.mark.parametrize("name", ["CsfKey", "OrigSystem", "PARENT.Key", "PassThroughFlag", "KeystoreRecipientAlias"])
def test_a_column_that_only_sounds_like_it_is_read(name: str) -> None:
    assert not is_secret_column(name)


# Shapes of packages


def with_mark() -> bytes:
    return archive({**entries_of(), f"{SYSTEM}.csv": b"\xef\xbb\xbf" + csv_of(SYSTEMS)})


def with_line_feeds() -> bytes:
    entries = entries_of()
    return archive({name: content.replace(b"\r\n", b"\n") for name, content in entries.items()})


def without_quotes() -> bytes:
    return archive({**entries_of(), f"{SYSTEM}.csv": csv_of(SYSTEMS).replace(b'"', b"").replace(b"system, new", b"x")})


def in_a_folder() -> bytes:
    return archive({f"export/{name}": content for name, content in entries_of().items()})


def in_a_package() -> bytes:
    return archive({"Tasks/1.zip": package()})


def in_a_batch() -> bytes:
    return archive({MANIFEST: manifest(OBJECTS).encode(), "B/1_BATCH.zip": archive(entries_of()), "log.txt": b"fine"})


def with_folders() -> bytes:
    return archive({"empty/": b"", **entries_of()})


def stored() -> bytes:
    return archive(entries_of(), zipfile.ZIP_STORED)


def with_more_in_front() -> bytes:
    return b"some bytes" + package()


SHAPES: tuple[Callable[[], bytes], ...] = (
    package, with_mark, with_line_feeds, without_quotes, in_a_folder, in_a_package, in_a_batch, with_folders, stored,
    with_more_in_front,
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_packages_of_many_shapes_are_read(shape: Callable[[], bytes]) -> None:
    found = read(shape())
    assert [(each.name, each.count) for each in found.objects] == [(name, 2) for name in OBJECTS]
    assert found.objects[0].columns == SYSTEMS[0]
    assert [row[0] for row in found.objects[0].rows] == ["CSS01", "CSS09"]


def test_batches_of_one_object_are_one() -> None:
    batches = {f"{n}_BATCH.zip": archive({f"{SYSTEM}.csv": csv_of((SYSTEMS[0], SYSTEMS[n]))}) for n in (1, 2)}
    found = read(archive({MANIFEST: manifest({SYSTEM: SYSTEMS}).encode(), **batches}))
    assert [row[0] for row in found.objects[0].rows] == ["CSS01", "CSS09"]


def test_an_object_without_a_file_or_rows_is_empty() -> None:
    found = read(archive({MANIFEST: manifest(OBJECTS).encode(), f"{SYSTEM}.csv": b""}))
    assert found.is_empty
    assert found.objects[0].columns == SYSTEMS[0]
    assert not read(package()).is_empty


def test_what_is_worth_knowing_is_noted() -> None:
    lost = {**entries_of(status="COMPLETED_WARNINGS"), "OTHER.csv": csv_of(SYSTEMS), "x.xml": b"<a/>"}
    lost[f"{SYSTEM}.csv"] = csv_of([row[:2] for row in SYSTEMS])
    notes = "\n".join(read(archive(lost)).notes)
    assert "ended as COMPLETED_WARNINGS" in notes
    assert "left out: OTHER.csv" in notes
    assert "not read: x.xml" in notes
    assert f"{SYSTEM}.csv lacks columns that the manifest names: OrigSystemType, " in notes


# Files that are none


def with_flag(content: bytes, bits: int) -> bytes:
    """The first entry with other flags, in both of its headers."""
    changed = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.index(mark) + at
        changed[place : place + 2] = struct.pack("<H", bits)
    return bytes(changed)


def damaged() -> bytes:
    content = bytearray(archive({**entries_of(), f"{SYSTEM}.csv": csv_of(SYSTEMS)}, zipfile.ZIP_STORED))
    content[content.index(b"Pick system, new")] ^= 1
    return bytes(content)


def a_link() -> bytes:
    out = io.BytesIO(package())
    with zipfile.ZipFile(out, "a") as packed:
        entry = zipfile.ZipInfo("link.csv")
        entry.external_attr = 0o120777 << 16
        packed.writestr(entry, "/etc/passwd")
    return out.getvalue()


def twice() -> bytes:
    return archive({**entries_of(), f"{SYSTEM}.CSV".lower(): b"x"})


def bomb(name: str) -> bytes:
    return archive({**entries_of(), name: b'"a"\r\n' * 20_000_000})


def lying_about_its_size() -> bytes:
    """An entry that says it has ten bytes, and unpacks to more than is read."""
    content = bytearray(bomb("big.csv"))
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(b"big.csv"))
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(content)


def nested(depth: int) -> bytes:
    content = package()
    for number in range(depth):
        content = archive({f"{number}.zip": content})
    return content


def with_csv(content: bytes) -> bytes:
    return archive({**entries_of(), f"{SYSTEM}.csv": content})


def with_manifest(text: str) -> bytes:
    return archive({**entries_of(), MANIFEST: text.encode()})


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'

BAD: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "no archive": (lambda: b"a text", "the package", "is no whole ZIP"),
    "cut off": (lambda: package()[:-200], "the package", "is no whole ZIP"),
    "only its head": (lambda: package()[:200], "the package", "is no whole ZIP"),
    "a wrong sum": (damaged, f"{SYSTEM}.csv", "is damaged"),
    "encrypted": (lambda: with_flag(package(), 1), MANIFEST, "is encrypted"),
    "a path upwards": (lambda: archive({**entries_of(), "../x.csv": b"a"}), "../x.csv", "leads out"),
    "a path in the middle": (lambda: archive({**entries_of(), "a/../../x.csv": b"a"}), "a/../../x.csv", "leads out"),
    "an absolute path": (lambda: archive({**entries_of(), "/etc/x.csv": b"a"}), "/etc/x.csv", "leads out"),
    "a drive": (lambda: archive({**entries_of(), "C:x.csv": b"a"}), "C:x.csv", "leads out"),
    "a backslash": (lambda: archive({**entries_of(), "..\\x.csv": b"a"}), "..\\x.csv", "leads out"),
    "an escape": (lambda: archive({**entries_of(), "\x1b[2J.csv": b"a"}), "␛[2J.csv", "no proper name"),
    "a nul": (lambda: package().replace(b"PRACTICE_TASKS.csv", b"PRACTICE\0TASKS.csv"), "PRACTICE", "no proper name"),
    "a link": (a_link, "link.csv", "is a link"),
    "a name twice": (twice, f"{SYSTEM}.csv".lower(), "is there twice"),
    "another packing": (lambda: archive(entries_of(), zipfile.ZIP_LZMA), MANIFEST, "is packed in a way"),
    "a big csv": (lambda: bomb("big.csv"), "big.csv", "when it is unpacked, too many"),
    "a big file of no use": (lambda: bomb("big.bin"), "big.bin", "when it is unpacked, too many"),
    "a wrong size": (lying_about_its_size, "big.csv", "is damaged"),
    "many entries": (lambda: archive(dict.fromkeys(map(str, range(2_100)), b"")), "the package", "more entries"),
    "archives in archives": (lambda: nested(4), "3.zip, 2.zip, 1.zip", "in archives"),
    "a damaged inner one": (lambda: archive({**entries_of(), "1.zip": b"PK\x03\x04x"}), "1.zip", "is no whole ZIP"),
    "no manifest": (lambda: archive({"x.csv": csv_of(SYSTEMS)}), "", f"no {MANIFEST} is in it"),
    "a workbook": (lambda: archive({"xl/workbook.xml": b"<workbook/>"}), "", f"no {MANIFEST} is in it"),
    "a manifest of another kind": (lambda: with_manifest("<html/>"), MANIFEST, "begins with html"),
    "a broken manifest": (lambda: with_manifest(manifest(OBJECTS)[:-30]), MANIFEST, "is damaged"),
    "a manifest with entities": (lambda: with_manifest(ENTITY + manifest(OBJECTS)), MANIFEST, "no export uses"),
    "a deep manifest": (
        lambda: with_manifest("<MigrationProcessCSVMetadataVO>" * 200), MANIFEST, "no export uses"
    ),
    "an object without a name": (
        lambda: with_manifest(manifest({"": SYSTEMS})), MANIFEST, "BusinessObjectShortName"
    ),
    "an open quote": (lambda: with_csv(b'"OrigSystem"\r\n"CSS01\r\n'), f"{SYSTEM}.csv", "no CSV"),
    "a short row": (lambda: with_csv(b"A,B\r\nx,y\r\nx\r\n"), f"{SYSTEM}.csv", "row 3 has 1 cells below 2 columns"),
    "a column twice": (lambda: with_csv(b"A,A\r\nx,y\r\n"), f"{SYSTEM}.csv", "the column A is there twice"),
    "a column without a name": (lambda: with_csv(b"A,\r\nx,y\r\n"), f"{SYSTEM}.csv", "column 2 has no name"),
    "nuls": (lambda: with_csv(b"A,B\r\nx,\0\r\n"), f"{SYSTEM}.csv", "NUL"),
    "many columns": (lambda: with_csv(b",".join(b"c%d" % n for n in range(300))), f"{SYSTEM}.csv", "300 columns"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_package_is_an_error_with_the_entry(name: str) -> None:
    make, entry, message = BAD[name]
    found = read_package(make(), ALL)
    assert isinstance(found, Problem), found
    assert found.message.startswith(entry), found
    assert message in found.message, found
    assert found.fix


@given(st.integers(min_value=0), st.binary(min_size=1, max_size=4))
def test_a_package_with_any_byte_changed_is_read_or_refused(place: int, other: bytes) -> None:
    content = bytearray(package())
    place %= len(content)
    content[place : place + len(other)] = other
    assert isinstance(read_package(bytes(content), ALL), SetupPackage | Problem)


@given(st.binary(max_size=300))
def test_any_entry_is_read_or_refused(content: bytes) -> None:
    for name in (MANIFEST, f"{SYSTEM}.csv", "1.zip"):
        assert isinstance(read_package(archive({**entries_of(), name: content}), ALL), SetupPackage | Problem)
