"""export and import: round trips by command, sealed secrets, sheets, and hostile files that change nothing."""

import hashlib
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from omtui.checks.finding import CheckContext
from omtui.compare.difference import difference
from omtui.compare.hand_over import is_hand_over
from omtui.documents.sheets import to_sheets
from omtui.problem import Wrong
from omtui.service.handing_over import Arriving, Packed, Taken, look, pack, profile_text, read_arrived, take_in
from omtui.service.workspace import Workspace
from omtui.setup.indexed import Indexed
from omtui.setup.place import Data
from omtui.store.document import Document
from omtui.store.formatting import canonical_text
from tests.commands.conftest import PROFILE, Command
from tests.compare import test_hand_over as judged
from tests.compare.profiles import profiles
from tests.credentials.desktop import Desktop
from tests.credentials.profiles import TEXT
from tests.credentials.test_no_leaks import leaked_forms
from tests.documents import test_sheets as typed
from tests.documents.csv_files import to_csv_files, to_one_csv
from tests.programs import require
from tests.terminal.terminal import ROOT

SECRET = 'P0d-sekret/"é+ü"-91'
PASSPHRASE = "Pass phrase of the part 33"
SAMPLES = ("vision-dev", "vision-test", "vision-prod", "source-text")


# Round trips


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_goes_round_to_the_letter(omtui: Command, home: Path, name: str) -> None:
    source = ROOT / "profiles" / f"{name}.toml"
    assert omtui("export", str(source), "-o", "over.json").code == 0
    assert Path("over.json").read_bytes().isascii()
    answer = omtui("--library", "lib", "import", "over.json")
    assert answer.code == 0
    assert f"{name}: imported" in answer.err
    for file in (f"{name}.toml", f"{name}.map.toml"):
        source, copy = ROOT / "profiles" / file, Path("lib", file)
        assert copy.exists() == source.exists()
        assert not copy.exists() or copy.read_bytes() == source.read_bytes()
    again = omtui("--library", "lib", "import", "over.json")
    assert again.code == 0
    assert "nothing differs" in again.err


@settings(max_examples=60)
@given(profiles())
def test_any_profile_goes_round(tmp_path_factory: pytest.TempPathFactory, data: Data) -> None:
    folder = tmp_path_factory.mktemp("round")
    workspace = Workspace(folder / "lib", state=folder / "state")
    first = handed_over(workspace, folder, "one", data)
    if not first.incoming.operations:
        assert not difference(data, first.data).changes
    second = handed_over(workspace, folder, "two", first.data)
    assert second.incoming.operations == (), "what was taken in once is harmless"
    assert not difference(first.data, second.data).changes
    taken = take_in(workspace, second)
    assert isinstance(taken, Taken)
    kept = Document.from_bytes(taken.path.read_bytes())
    assert isinstance(kept, Document)
    assert kept.data == second.data


def handed_over(workspace: Workspace, folder: Path, name: str, data: Data) -> Arriving:
    document = Document.from_bytes(canonical_text(data).encode())
    assert isinstance(document, Document)
    content = profile_text(name, document, CheckContext(date.today()))
    assert isinstance(content, bytes)
    packed = pack(name, content, data)
    assert isinstance(packed, Packed)
    file = folder / f"{name}.json"
    file.write_bytes(packed.content)
    read = read_arrived(file)
    assert not isinstance(read, Wrong)
    arriving = look(workspace, [read])
    assert isinstance(arriving, Arriving), arriving
    return arriving


def test_through_a_pipe(omtui: Command, library: Path, type_in: Callable[[str], None]) -> None:
    type_in(omtui("export", "dev", "-o", "-").out)
    assert omtui("import", "-", "--as", "copy").code == 0
    assert (library / "copy.toml").read_text() == PROFILE.replace('name = "dev"', 'name = "copy"')
    type_in(PROFILE)
    assert "cannot be" not in omtui("import", "-", "--as", "third").err
    assert omtui("import", "over.json", "-").code == 2


def test_the_mapping_goes_along(omtui: Command, library: Path) -> None:
    (library / "dev.map.toml").write_text(f"# kept\n{judged.MAPPING}")
    assert "with its mapping" in omtui("export", "dev", "-o", "over.json").err
    assert "with its mapping" in omtui("import", "over.json", "--as", "copy").err
    assert (library / "copy.map.toml").read_text() == f"# kept\n{judged.MAPPING}"
    (library / "third.map.toml").write_text("# mine")
    assert "third.map.toml is there already" in omtui("import", "over.json", "--as", "third").err
    assert (library / "third.map.toml").read_text() == "# mine"


def test_no_private_state_goes_along(omtui: Command, library: Path) -> None:
    (library / "dev.progress.toml").write_text("schema = 1\n# my notes")
    omtui("set", "dev", "pod.release", "26A", "--reason", "a reason of mine")
    assert omtui("export", "dev", "-o", "over.json").code == 0
    content = Path("over.json").read_text()
    assert "my notes" not in content
    assert "a reason of mine" not in content
    assert str(library) not in content
    assert stat.S_IMODE(Path("over.json").stat().st_mode) == 0o600


def test_an_earlier_state_and_standard_output(omtui: Command, library: Path) -> None:
    answer = omtui("export", "dev", "-o", "-")
    assert is_hand_over(answer.out.encode())
    Path("over.json").write_text(answer.out)
    omtui("set", "dev", "pod.release", "26A")
    shown = omtui("import", "over.json", "--dry-run").out
    assert "pod.release: 26A → 25D" in shown


def test_it_is_told_what_is_to_be_provided(omtui: Command, library: Path, home: Path) -> None:
    answer = omtui("export", str(ROOT / "profiles/vision-dev.toml"), "-o", "over.json", "--json")
    assert answer.document["secrets"] == []
    assert "dev-pick" in answer.document["to_be_provided"]
    document = omtui("import", "over.json", "--json").document
    needed = {each["name"]: each for each in document["credentials"]}
    assert "connectors[Connector01].credential" in needed["dev-pick"]["used_by"]
    assert document["written"] is True
    assert document["is_new"] is True


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("dev",), "--output is missing"),
        (("dev", "-o", "x", "--to", "age1x"), "add --secrets"),
        (("dev", "-o", "x", "--secrets", "--passphrase", "--to", "age1x"), "exclude each other"),
        (("dev", "-o", "x", "--secrets", "--stdin"), "--stdin gives the passphrase"),
        (("dev", "-o", "-", "--json"), "both write to standard output"),
        (("nobody", "-o", "x"), "there is no profile nobody"),
        (("dev", "hunter2", "-o", "x"), "a word too many"),
    ],
)
def test_export_that_makes_no_sense(omtui: Command, library: Path, words: tuple[str, ...], shown: str) -> None:
    answer = omtui("export", *words)
    assert (answer.code, answer.out) == (2, "")
    assert shown in answer.err
    assert "hunter2" not in answer.err
    assert not Path("x").exists()


def test_only_a_hand_over_is_replaced(omtui: Command, library: Path) -> None:
    answer = omtui("export", "dev", "-o", "profiles/dev.toml")
    assert answer.code == 3
    assert "is no hand-over file" in answer.err
    assert (library / "dev.toml").read_text() == PROFILE
    for _ in range(2):
        assert omtui("export", "dev", "-o", "over.json").code == 0


def test_a_profile_with_a_secret_in_it_is_not_handed_over(omtui: Command, library: Path) -> None:
    file = library / "dev.toml"
    file.write_text(PROFILE.replace("https://soa.pick.example:8002/other", "https://u:hunter2@soa.pick.example/"))
    answer = omtui("export", "dev", "-o", "over.json")
    assert answer.code == 3
    assert "connectors[Connector02].url" in answer.err
    assert "hunter2" not in answer.err
    assert not Path("over.json").exists()


# What is here already


def test_a_profile_that_is_here_is_changed_only_when_said_so(omtui: Command, library: Path) -> None:
    omtui("export", "dev", "-o", "over.json")
    omtui("set", "dev", "connectors[Connector01].url", "https://other.example/")
    before = (library / "dev.toml").read_bytes()
    answer = omtui("import", "over.json")
    assert answer.code == 3
    assert "--as NAME, or change the one that is here: --over" in answer.err
    assert "connectors[Connector01].url" in answer.out
    assert (library / "dev.toml").read_bytes() == before
    answer = omtui("import", "over.json", "--over", "--reason", "back to what was agreed")
    assert answer.code == 0
    assert (library / "dev.toml").read_text() == PROFILE, "comments and layout of the file that is here stay"
    assert "back to what was agreed" in omtui("log", "dev").out
    assert omtui("undo", "dev").code == 0
    assert (library / "dev.toml").read_bytes() == before


def test_a_name_in_other_letters_is_the_same_name(omtui: Command, library: Path) -> None:
    omtui("export", "dev", "-o", "over.json")
    omtui("set", "dev", "pod.release", "26A")
    answer = omtui("import", "over.json", "--as", "DEV")
    assert answer.code == 3
    assert "there is a profile called dev already" in answer.err
    assert omtui("import", "over.json", "--as", "DEV", "--over").code == 3
    assert [file.name for file in library.iterdir()] == ["dev.toml"]


def test_production_is_changed_only_when_unlocked(omtui: Command, samples: Path) -> None:
    omtui("export", "vision-prod", "-o", "over.json")
    file = samples / "vision-prod.toml"
    content = file.read_text().replace('release = "25D"', 'release = "26A"')
    file.write_text(content)
    assert 'release = "26A"' in content
    answer = omtui("import", "over.json", "--over")
    assert answer.code == 3
    assert "--unlock vision-prod" in answer.err
    assert file.read_text() == content
    assert omtui("import", "over.json", "--over", "--unlock", "vision-dev").code == 3
    assert omtui("import", "over.json", "--over", "--unlock", "vision-prod").code == 0
    assert 'release = "25D"' in file.read_text()


def test_a_dry_run_writes_nothing(omtui: Command, library: Path, tmp_path: Path) -> None:
    omtui("export", "dev", "-o", "over.json")
    before = everything(tmp_path)
    answer = omtui("import", "over.json", "--as", "new", "--dry-run")
    assert answer.code == 0
    assert "new here as new; it brings: " in answer.out
    assert "Connectors 2" in answer.out
    assert omtui("import", "over.json", "--dry-run", "--json").document["written"] is False
    assert everything(tmp_path) == before


# Sheets


def test_the_workbook_of_the_runbook_goes_round(omtui: Command, samples: Path) -> None:
    assert omtui("runbook", "vision-dev", "-o", "vision-dev.xlsx").code == 0
    assert "nothing differs" in omtui("import", "vision-dev.xlsx").err
    assert omtui("import", "vision-dev.xlsx", "--as", "again").code == 0
    assert omtui("diff", "vision-dev", "again").code == 0


def test_csv_files_one_for_each_step(omtui: Command, samples: Path) -> None:
    document = Document.from_bytes((samples / "vision-dev.toml").read_bytes())
    assert isinstance(document, Document)
    sheets = to_sheets(Indexed(document.data))
    files = []
    for title, content in to_csv_files(sheets).items():
        files.append(f"{title}.csv")
        Path(files[-1]).write_bytes(content)
    assert omtui("import", *files, "--as", "again").code == 0
    assert omtui("diff", "vision-dev", "again").code == 0
    Path("all.csv").write_bytes(to_one_csv(sheets))
    Path("all.data").write_bytes(to_one_csv(sheets))
    assert omtui("import", "all.csv", "--as", "third").code == 0
    assert omtui("import", "all.data", "--sheet", "--as", "fourth").code == 0
    assert omtui("diff", "third", "fourth").code == 0


def test_sheets_with_faults_are_taken_only_when_said_so(omtui: Command, library: Path) -> None:
    Path("hand.csv").write_text(typed.TYPED)
    answer = omtui("import", "hand.csv")
    assert answer.code == 3
    assert "3 cells could not be read" in answer.err
    assert "hand, D4: maybe is not yes or no; type yes or no" in answer.out
    assert not (library / "hand.toml").exists()
    assert omtui("import", "hand.csv", "--partly").code == 0
    assert omtui("get", "hand", "connectors[Connector01].url").out == "https://soa.pick.example\n"


def test_sheets_without_a_set_up(omtui: Command, library: Path) -> None:
    Path("sums.csv").write_text("Month,Sum\nMay,5\n")
    answer = omtui("import", "sums.csv")
    assert answer.code == 2
    assert "no table of a set-up is in it" in answer.err
    assert "omtui runbook PROFILE -o FILE.xlsx" in answer.err


# Hostile files


def everything(folder: Path) -> dict[str, object]:
    """All that is below a folder: names, kinds, contents."""
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = str(path.readlink())
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).digest()
        else:
            found[name] = stat.S_IFMT(path.lstat().st_mode)
    return found


Making = Callable[[Path], object]


def holding(content: bytes) -> Making:
    return lambda path: path.write_bytes(content)


def beyond_measure(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"{")
        file.truncate(60_000_000)


def zipped(**parts: bytes) -> bytes:
    return typed._packed(**parts)


REFUSED: dict[str, tuple[str, Making, str]] = {
    **{
        f"file: {case}": ("evil.json" if content[:1] == b"{" else "evil.toml", holding(content), shown)
        for case, (content, shown) in judged.CONTAINERS.items()
        if len(content) < 1_000_000 and case not in ("empty", "only spaces", "binary")
    },
    **{
        f"profile: {case}": ("evil.json", holding(judged.made(text)), shown)
        for case, (text, shown) in judged.PROFILES.items()
    },
    **{
        f"name: {case!r}": ("evil.json", holding(judged.made(name=case)), "cannot be the name") for case in judged.NAMES
    },
    **{
        f"sheets: {case}": ("evil.xlsx", holding(content), shown)
        for case, (content, shown) in typed.HOSTILE.items()
        if len(content) < 1_000_000
    },
    "nothing": ("evil.json", lambda path: None, "there is no file"),
    "empty": ("evil.json", holding(b""), "is empty"),
    "a folder": ("evil.json", lambda path: path.mkdir(), "is a folder"),
    "a pipe": ("evil.json", os.mkfifo, "is a pipe"),
    "a link to itself": ("evil.json", lambda path: path.symlink_to(path), "leads to itself"),
    "a device": ("evil.json", lambda path: path.symlink_to("/dev/zero"), "not a file"),
    "beyond measure": ("evil.json", beyond_measure, "is bigger than"),
    "an archive": ("evil.zip", holding(zipped(a=b"b")), "no workbook"),
    "an archive with a way out": ("evil.zip", holding(zipped(**{"..__..__evil": b"b"})), "no workbook"),
    "a tar": ("evil.tar", holding(b"evil.toml" + b"\0" * 600), "NUL"),
    "a program": ("evil", holding(b"\x7fELF\x02\x01\x01" + b"\0" * 50), "NUL"),
    "a shell script": ("evil.sh", holding(b"#!/bin/sh\ntouch pwned\n"), "not TOML"),
    "a name of the file": (".evil.toml", holding(judged.SOUND.encode()), "cannot be the name"),
    "a name like an option": ("-evil.toml", holding(judged.SOUND.encode()), "cannot be the name"),
    "a name in a sheet": ("evil.csv", holding(b"Profile\nName,../evil\n\nPod\nURL,https://x.example\n"), "cannot be"),
    "a duplicate": ("dev.toml", holding(PROFILE.replace("25D", "26A").encode()), "there is a profile called dev"),
    "a duplicate in other letters": ("DEV.toml", holding(PROFILE.encode()), "there is a profile called dev"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_refused_and_nothing_is_written(
    omtui: Command, library: Path, tmp_path: Path, case: str
) -> None:
    name, make, shown = REFUSED[case]
    if case == "a duplicate in other letters":
        omtui("set", "dev", "pod.release", "26A")
    file = tmp_path / "in" / name
    file.parent.mkdir()
    make(file)
    before = everything(tmp_path)
    answer = omtui("import", str(file))
    assert answer.code in (2, 3)
    assert shown in answer.err
    last = answer.err.splitlines()[-1]
    assert last.startswith("omtui import: ")
    assert len(last) < 600
    assert not any(sign in answer.err + answer.out for sign in "\x1b\x9b\x07\u202e\u200b\r")
    assert "fault of the program" not in answer.err
    assert everything(tmp_path) == before


def test_there_are_enough_of_them() -> None:
    assert len(REFUSED) >= 40


@pytest.mark.parametrize("case", judged.CLEANED)
def test_what_can_do_harm_is_taken_out_and_reported(omtui: Command, library: Path, tmp_path: Path, case: str) -> None:
    text, where, shown = judged.CLEANED[case]
    profile = ("schema = 1\n" if text.startswith("[profile]") else judged.HEAD) + text
    Path("in.json").write_bytes(judged.made(profile, name="taken"))
    before = everything(tmp_path)
    answer = omtui("import", "in.json")
    assert answer.code == 0
    assert where in answer.out
    assert shown in answer.out
    after = everything(tmp_path)
    new = {each for each in after if each not in before and not each.startswith("home")}
    assert new == {"profiles/taken.toml", "profiles/taken.map.toml"}
    assert {name: after[name] for name in before} == before
    content = (library / "taken.toml").read_text()
    assert not any(sign in content for sign in "\x1b\x9b\u202e\u200b\0")
    for part in ("/etc", "..", "file:", "javascript", "gopher", "Proxy", "touch", "$(", "\\u001b", "\\u202E"):
        assert part not in content
    assert omtui("check", "taken").code in (0, 1)


def test_markup_stays_text(omtui: Command, library: Path) -> None:
    text = "[@click=app.quit]x[/] <script>alert(1)</script>"
    Path("in.json").write_bytes(judged.made(f"{judged.HEAD}[[roles]]\ncode = 'R'\nname = '{text}'\n", name="taken"))
    answer = omtui("import", "in.json")
    assert "markup or a formula" in answer.out
    assert omtui("get", "taken", "roles[R].name").out == f"{text}\n"


# Sealed secrets


@pytest.fixture
def keyring(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[[str], None]
) -> Iterator[Path]:
    """`vision-dev` in the library, its pod's secret in an open keyring."""
    require("dbus-daemon")
    require("gnome-keyring-daemon")
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "vision-dev.toml").write_text(TEXT.lstrip())
    with Desktop() as desktop:
        desktop.start_keyring()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
        yield folder


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Puts a text on standard input."""

    def put(text: str) -> None:
        file = tmp_path / "standard-input"
        file.write_bytes(text.encode())
        stream = file.open(encoding="utf-8")
        file.unlink()
        monkeypatch.setattr(sys, "stdin", stream)

    return put


def is_clean(content: bytes) -> bool:
    return not any(form in content for form in leaked_forms(SECRET) | leaked_forms(PASSPHRASE))


def test_sealed_with_a_passphrase(omtui: Command, keyring: Path, type_in: Callable[[str], None]) -> None:
    type_in(SECRET)
    assert omtui("secret", "set", "vision-dev", "pod", "--stdin").code == 0
    type_in(PASSPHRASE)
    answer = omtui("export", "vision-dev", "-o", "over.json", "--secrets", "--passphrase", "--stdin", "--json")
    assert answer.document["secrets"] == ["pod"]
    assert "wms" in answer.document["to_be_provided"]
    assert is_clean(Path("over.json").read_bytes())

    shown = omtui("import", "over.json", "--as", "copy")
    assert shown.code == 0
    assert "the same command with --secrets takes them" in shown.err

    type_in("not " + PASSPHRASE)
    wrong = omtui("import", "over.json", "--as", "third", "--secrets", "--stdin")
    assert wrong.code == 3
    assert "does not open" in wrong.err
    assert not (keyring / "third.toml").exists(), "nothing is half taken in"

    type_in(PASSPHRASE)
    taken = omtui("import", "over.json", "--as", "copy", "--secrets", "--stdin")
    assert taken.code == 0
    assert "pod: kept (new here" in taken.err
    assert is_clean((shown.out + shown.err + taken.out + taken.err).encode())
    states = {
        each["name"]: each["present"] for each in omtui("secret", "list", "copy", "--json").document["credentials"]
    }
    assert states["pod"] is True
    assert states["wms"] is False

    type_in(PASSPHRASE)
    again = omtui("import", "over.json", "--as", "copy", "--secrets", "--stdin")
    assert "pod: nothing to do (the same as here)" in again.err


def test_sealed_for_a_key(omtui: Command, keyring: Path, tmp_path: Path, type_in: Callable[[str], None]) -> None:
    from omtui.credentials.age.recipients import new_identity

    key = new_identity()
    file = tmp_path / "key.txt"
    file.touch(0o600)
    file.write_text(key.secret.reveal() + "\n" if hasattr(key, "secret") else str(key))
    type_in(SECRET)
    omtui("secret", "set", "vision-dev", "pod", "--stdin")
    assert omtui("export", "vision-dev", "-o", "over.json", "--secrets", "--to", str(key.recipient)).code == 0

    shown = omtui("import", "over.json", "--as", "copy", "--secrets")
    assert shown.code == 3
    assert "--identity FILE" in shown.err

    dry = omtui("import", "over.json", "--as", "copy", "--secrets", "--identity", str(file), "--dry-run")
    assert dry.code == 0
    assert "its sender allowed it at https://" in dry.out
    assert not (keyring / "copy.toml").exists()
    done = omtui("import", "over.json", "--as", "copy", "--secrets", "--identity", str(file), "--json")
    assert done.document["secrets_kept"] == ["pod"]


def test_a_newer_secret_is_not_replaced_by_an_older_one(
    omtui: Command, keyring: Path, type_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(SECRET)
    omtui("secret", "set", "vision-dev", "pod", "--stdin")
    type_in(PASSPHRASE)
    omtui("export", "vision-dev", "-o", "over.json", "--secrets", "--passphrase", "--stdin")
    from omtui.credentials import record

    class Later(record.datetime):  # type: ignore[name-defined,misc]
        @classmethod
        def now(cls, zone: Any = None) -> Any:
            return super().now(zone).replace(year=2090)

    monkeypatch.setattr(record, "datetime", Later)
    type_in("another secret")
    omtui("secret", "set", "vision-dev", "pod", "--stdin")
    type_in(PASSPHRASE)
    answer = omtui("import", "over.json", "--secrets", "--stdin")
    assert "pod: left as it is; --older replaces it" in answer.err
    type_in(PASSPHRASE)
    assert "pod: kept" in omtui("import", "over.json", "--secrets", "--stdin", "--older").err


def test_a_host_that_came_with_an_import_gets_no_secret(
    omtui: Command, keyring: Path, type_in: Callable[[str], None]
) -> None:
    """The profile keeps its name and its credentials, and leads elsewhere: the secret stays where it is."""
    type_in(SECRET)
    omtui("secret", "set", "vision-dev", "pick", "--stdin")
    Path("vision-dev.toml").write_text(TEXT.lstrip().replace("soa.pick.example", "soa.pick.evil.example"))
    shown = omtui("import", "vision-dev.toml", "--over")
    assert shown.code == 0
    assert "evil" in shown.out
    answer = omtui("secret", "test", "vision-dev", "pick", "--at", "connectors[Connector01]")
    assert answer.code == 3
    assert "soa.pick.example" in answer.err
    assert "soa.pick.evil.example" in answer.err
    assert is_clean((answer.out + answer.err).encode())


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ((), "no recipient is named"),
        (("--to", "age1nonsense"), "that is no recipient"),
        (("--to", "ecdsa-sha2-nistp256 AAAA"), "only ssh-ed25519 and ssh-rsa"),
        (("--to", "AGE-SECRET-KEY-1QQQQ"), "that is a private key"),
    ],
)
def test_a_recipient_that_cannot_be(omtui: Command, library: Path, words: tuple[str, ...], shown: str) -> None:
    answer = omtui("export", "dev", "-o", "over.json", "--secrets", *words)
    assert answer.code == 3
    assert shown in answer.err
    assert "QQQQ" not in answer.err
    assert not Path("over.json").exists()


@pytest.mark.parametrize("weak", ["", "zwerg", "aaaaaaaaaaaaaaaaaaaa"])
def test_a_weak_passphrase(omtui: Command, library: Path, type_in: Callable[[str], None], weak: str) -> None:
    type_in(weak)
    answer = omtui("export", "dev", "-o", "over.json", "--secrets", "--passphrase", "--stdin")
    assert answer.code == 3
    assert "weak" in answer.err
    assert not weak or weak not in answer.err
    assert not Path("over.json").exists()


def test_a_part_of_another_profile(omtui: Command, keyring: Path, type_in: Callable[[str], None]) -> None:
    """The sealed part of one file in another, all hashes made right again: it does not belong there."""
    from omtui.compare.foreign import sum_of

    type_in(SECRET)
    omtui("secret", "set", "vision-dev", "pod", "--stdin")
    type_in(PASSPHRASE)
    omtui("export", "vision-dev", "-o", "over.json", "--secrets", "--passphrase", "--stdin")
    contents = json.loads(Path("over.json").read_text())
    text = "".join(contents["profile"]["lines"]).replace("https://", "https://evil.example/?", 1)
    contents["profile"].update(lines=[text], sha256=hashlib.sha256(text.encode()).hexdigest())
    contents["sum"] = sum_of(contents)
    Path("evil.json").write_text(json.dumps(contents))
    type_in(PASSPHRASE)
    answer = omtui("import", "evil.json", "--as", "evil", "--secrets", "--stdin")
    assert answer.code == 3
    assert "belong to another profile" in answer.err
    assert not (keyring / "evil.toml").exists()


def test_without_a_store_nothing_is_taken_in_by_halves(
    omtui: Command, library: Path, type_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    Path("in.json").write_bytes(judged.made(secrets=judged.AGE, name="taken"))
    type_in(PASSPHRASE)
    answer = omtui("import", "in.json", "--secrets", "--stdin")
    assert answer.code == 3
    assert not (library / "taken.toml").exists()


def test_an_earlier_state_is_handed_over_under_the_profile_s_name(
    omtui: Command, library: Path, tmp_path: Path
) -> None:
    """And a file that is older than what is here is called older."""
    from datetime import UTC, datetime

    state = f"dev@{datetime.now(UTC).isoformat(timespec='seconds')}"
    assert omtui("set", "dev", "pod.release", "26A").code == 0
    assert omtui("export", f"dev@{datetime.now(UTC).year + 1}-01-01", "-o", str(tmp_path / "x.omtui")).code == 0, state
    omtui("set", "dev", "pod.release", "26B")
    os.utime(library / "dev.toml", (4e9, 4e9))
    answer = omtui("import", str(tmp_path / "x.omtui"), "--dry-run")
    assert "dev@" not in answer.out
    assert "it is older than dev here, which was changed on 2096-10-02" in answer.out
