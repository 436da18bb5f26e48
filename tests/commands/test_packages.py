"""omtui import --fsm: a setup data package is looked into, mapped by a person, and imported or compared."""

import os
import resource
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.commands.conftest import Command
from tests.documents.packages import MAPPING, OBJECTS, SYSTEMS, mapping, package
from tests.documents.test_setup_package import BAD
from tests.terminal.terminal import ROOT


@pytest.fixture
def pod(library: Path) -> Path:
    """A package in the working folder."""
    path = Path("pod.zip")
    path.write_bytes(package())
    return path


@pytest.fixture
def mapped(library: Path, pod: Path) -> Path:
    """The mapping next to the profile."""
    path = library / "dev.fsm.toml"
    path.write_text(MAPPING)
    return path


def test_a_first_look_lists_everything_and_writes_nothing(omtui: Command, library: Path, pod: Path) -> None:
    before = sorted(library.iterdir())
    answer = omtui("import", "--fsm", "pod.zip", "--over", "dev", "--dry-run")
    assert answer.code == 0
    assert "exported 2026-07-20 00:44 from practice-dev1, release 11.13.26.04.0" in answer.out
    for name, rows in OBJECTS.items():
        assert f"{name}: 2 rows, not mapped" in answer.out
        for column in rows[0]:
            assert column in answer.out
    assert "nearest: source_systems.code" in answer.out
    assert "Nothing was written: it would be refused: pod.zip: none of its columns is mapped" in answer.err
    assert sorted(library.iterdir()) == before


def test_without_a_mapping_nothing_is_imported(omtui: Command, library: Path, pod: Path) -> None:
    before = (library / "dev.toml").read_bytes()
    answer = omtui("import", "--fsm", "pod.zip", "--over", "dev")
    assert answer.code == 2
    assert "omtui import --fsm pod.zip --as dev --propose writes a mapping to be filled in" in answer.err
    assert (library / "dev.toml").read_bytes() == before


def test_a_proposal_is_filled_in_and_then_imported(omtui: Command, library: Path, pod: Path) -> None:
    assert omtui("import", "--fsm", "pod.zip", "--over", "dev", "--propose").code == 0
    file = library / "dev.fsm.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(omtui("list").out.splitlines()) == 2  # the names of its columns, and dev: a mapping is no profile
    text = file.read_text()
    assert omtui("import", "--fsm", "pod.zip", "--over", "dev").code == 2  # nothing was guessed
    file.write_text(text.replace('field = ""  # nearest: source_systems.code', 'field = "source_systems.code"'))
    answer = omtui("import", "--fsm", "pod.zip", "--over", "dev")
    assert (answer.code, answer.err) == (0, "dev: changed\n")
    assert omtui("get", "dev", "source_systems[CSS09].code").out == "CSS09\n"
    assert omtui("get", "dev", "source_systems[CSS01].name").out == "Pick system\n"
    assert omtui("undo", "dev").code == 0
    assert omtui("get", "dev", "source_systems[CSS09].code").code == 2


def test_a_second_proposal_adds_only_what_is_new(omtui: Command, library: Path, pod: Path) -> None:
    file = library / "dev.fsm.toml"
    file.write_text("# mine\n" + mapping(("PRACTICE_ORIG_SYSTEM", "OrigSystem", 'field = "source_systems.code"')))
    before = file.read_text()
    assert omtui("import", "--fsm", "pod.zip", "--over", "dev", "--propose").code == 0
    assert file.read_text().startswith(before.rstrip("\n"))
    assert len(tomllib.loads(file.read_text())["map"]) == sum(len(rows[0]) for rows in OBJECTS.values())
    assert "has every column already" in omtui("import", "--fsm", "pod.zip", "--over", "dev", "--propose").err
    file.write_text('schema = 1\nmap = [{ object = "X", column = "Y" }]\n')
    answer = omtui("import", "--fsm", "pod.zip", "--over", "dev", "--propose")
    assert answer.code == 3
    assert "write its entries as [[map]]" in answer.err


def test_a_proposal_for_a_library_that_is_not_there_yet(omtui: Command, home: Path) -> None:
    Path("pod.zip").write_bytes(package())
    words = ("import", "--fsm", "pod.zip", "--as", "new", "--propose", "--library")
    assert omtui(*words, "fresh/library").code == 0
    assert Path("fresh/library/new.fsm.toml").exists()
    answer = omtui(*words, "pod.zip/library")
    assert answer.code == 3
    assert "choose another --library" in answer.err


def test_a_dry_run_as_json(omtui: Command, mapped: Path) -> None:
    document = omtui("import", "--fsm", "pod.zip", "--over", "dev", "--dry-run", "--json").document
    assert {"profile", "tables", "changes", "findings"} <= set(document)
    assert (document["profile"], document["release"], document["written"]) == ("dev", "11.13.26.04.0", False)
    first = document["tables"][0]
    assert (first["name"], first["rows"]) == ("PRACTICE_ORIG_SYSTEM", 2)
    assert first["columns"] == list(SYSTEMS[0])
    assert first["mapped"] == list(SYSTEMS[0][:5])
    assert (first["unmapped"], first["ignored"]) == (["Attribute1"], ["CreatedBy"])
    assert [(each["op"], each["where"]) for each in document["changes"]] == [
        ("add", "task_types[Label]"),
        ("change", "source_systems[CSS01].name"),
        ("change", "source_systems[CSS01].start_date"),
        ("add", "source_systems[CSS09]"),
    ]
    assert any(each["where"] == "task_types[Label]" for each in document["findings"])


def test_what_the_package_does_not_have_stays(omtui: Command, library: Path, mapped: Path) -> None:
    before = omtui("show", "dev").out
    assert omtui("add", "dev", "source_systems", "MINE", "name=Mine").code == 0
    assert omtui("set", "dev", "source_systems[CSS01].description", "kept").code == 0
    assert omtui("import", "--fsm", "pod.zip", "--over", "dev").code == 0
    assert omtui("get", "dev", "source_systems[MINE].name").out == "Mine\n"
    assert omtui("get", "dev", "source_systems[CSS01].description").out == "kept\n"
    assert omtui("get", "dev", "task_types[Pick].services[Pick_Create].operation").out == "Create\n"
    assert "# The pick system's own" in (library / "dev.toml").read_text()
    assert before != omtui("show", "dev").out
    answer = omtui("diff", "dev", "pod.zip", "--json")
    assert answer.code == 1
    assert answer.document["only_here"] == ["source_systems[MINE]"]
    assert answer.document["changes"] == answer.document["only_there"] == []


def test_a_new_profile_by_its_own_mapping(omtui: Command, library: Path, mapped: Path) -> None:
    (library / "pod2.fsm.toml").write_text(MAPPING)
    assert omtui("import", "--fsm", "pod.zip", "--as", "pod2").code == 0
    assert omtui("diff", "pod2", "pod.zip").code == 0
    answer = omtui("import", "--fsm", "pod.zip", "--as", "dev")
    assert answer.code == 3
    assert "--over" in answer.err


def test_a_rename_takes_the_mapping_along(omtui: Command, library: Path, mapped: Path) -> None:
    from omtui.store.library import Library

    assert Library(library, library / "trash").rename("dev", "other") == library / "other.toml"
    assert not mapped.exists()
    assert omtui("diff", "other", "pod.zip").code == 1


def test_a_locked_profile_is_not_changed(omtui: Command, library: Path, mapped: Path) -> None:
    profile = library / "dev.toml"
    profile.write_text(profile.read_text().replace('"development"', '"production"'))
    assert omtui("import", "--fsm", "pod.zip", "--over", "dev").code == 3
    assert omtui("import", "--fsm", "pod.zip", "--over", "dev", "--unlock", "dev").code == 0


def test_an_empty_package_is_not_a_pod_without_anything(omtui: Command, library: Path, mapped: Path) -> None:
    before = (library / "dev.toml").read_bytes()
    Path("pod.zip").write_bytes(package({name: rows[:1] for name, rows in OBJECTS.items()}))
    for words in (("import", "--fsm", "pod.zip", "--over", "dev"), ("diff", "dev", "pod.zip")):
        answer = omtui(*words)
        assert answer.code == 2
        assert "the package is empty, which says nothing of the pod" in answer.err
    assert (library / "dev.toml").read_bytes() == before


def test_rows_with_faults_are_taken_only_when_said_so(omtui: Command, library: Path, mapped: Path) -> None:
    rows = (SYSTEMS[0], (*SYSTEMS[1][:3], "perhaps", *SYSTEMS[1][4:]))
    Path("pod.zip").write_bytes(package({"PRACTICE_ORIG_SYSTEM": rows}))
    answer = omtui("import", "--fsm", "pod.zip", "--over", "dev")
    assert answer.code == 3
    assert "PRACTICE_ORIG_SYSTEM.csv, D2: perhaps is not yes or no" in answer.out
    assert omtui("import", "--fsm", "pod.zip", "--over", "dev", "--partly").code == 0


def test_a_secret_is_neither_shown_nor_kept(omtui: Command, library: Path, mapped: Path) -> None:
    rows = [(*row, secret) for row, secret in zip(SYSTEMS, ("UserPassword", "s3cret-one", "s3cret-two"), strict=True)]
    Path("pod.zip").write_bytes(package({"PRACTICE_ORIG_SYSTEM": rows}))
    answer = omtui("import", "--fsm", "pod.zip", "--over", "dev", "--dry-run")
    assert "looks like a secret: not read" in answer.out
    omtui("import", "--fsm", "pod.zip", "--over", "dev")
    assert "s3cret" not in answer.out + answer.err + (library / "dev.toml").read_text()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_package_changes_nothing(name: str, omtui: Command, library: Path, mapped: Path) -> None:
    before = {each.name: each.read_bytes() for each in library.iterdir()}
    make, entry, message = BAD[name]
    Path("pod.zip").write_bytes(make())
    for words in (("import", "--fsm", "pod.zip", "--over", "dev"), ("diff", "dev", "pod.zip")):
        answer = omtui(*words)
        assert answer.code == 2
        assert f"pod.zip: {entry}" in answer.err
        assert message in answer.err
        assert "\x1b" not in answer.err
        assert answer.out == ""
    assert {each.name: each.read_bytes() for each in library.iterdir()} == before


MISUSE = {
    ("--fsm", "pod.zip", "other.zip"): "--fsm reads one package",
    ("--fsm", "pod.zip", "--over", "nobody"): "there is no profile nobody",
    ("--fsm", "pod.zip", "--as", "../x"): "is no name of a profile",
    ("--fsm", "a.zip", "b.zip", "--over"): "which of the two is the package?",
    ("--fsm", "pod.zip", "--secrets"): "--secrets has no part in a setup data package",
    ("--fsm", "pod.zip", "--propose", "--dry-run"): "leave one of them out",
    ("--fsm", "none.zip"): "none.zip",
    ("pod.zip", "--propose"): "add --fsm",
}


@pytest.mark.parametrize("words", MISUSE)
def test_wrong_usage(words: tuple[str, ...], omtui: Command, pod: Path) -> None:
    answer = omtui("import", *words)
    assert answer.code == 2, answer
    assert MISUSE[words] in answer.err


def test_a_mapping_that_is_wrong_is_wrong_usage(omtui: Command, mapped: Path) -> None:
    mapped.write_text(MAPPING.replace("source_systems.code", "source_systems.cod"))
    for words in (("import", "--fsm", "pod.zip", "--over", "dev"), ("diff", "dev", "pod.zip")):
        answer = omtui(*words)
        assert answer.code == 2
        assert "source_systems.cod is no field; did you mean source_systems.code?" in answer.err


def test_a_hundred_thousand_rows_take_little(library: Path) -> None:
    heads = (*SYSTEMS[0], *(f"Attribute{n}" for n in range(2, 20)))
    rows = [
        heads,
        *((f"CSS{n:06}", f"System {n}", *["SPOKE", "Y", "2026/11/20", "U"], *["x"] * 19) for n in range(100_000)),
    ]
    Path("pod.zip").write_bytes(package({"PRACTICE_ORIG_SYSTEM": rows}))
    (library / "dev.fsm.toml").write_text(MAPPING)
    program = (
        "import sys; from omtui.cli import run; code = run(sys.argv[1:]); from tests.memory import peak; "
        "print(peak(), file=sys.stderr)"
    )
    for words in (("diff", "dev", "pod.zip"), ("import", "--fsm", "pod.zip", "--over", "dev", "--dry-run")):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ran = subprocess.run(
            [sys.executable, "-c", program, *words],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 10
        assert "source_systems[CSS099999]" in ran.stdout or "100,000 rows" in ran.stderr
        assert int(ran.stderr.splitlines()[-1]) < 300
