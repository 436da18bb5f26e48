"""A locked profile, by any name on the command line: nothing of it changes without its own name."""

import os
import shutil
from pathlib import Path

import pytest

from omtui.setup.profile import is_production
from tests.commands.conftest import Command
from tests.thorough import THOROUGH

PLACE = "connectors[Connector01].url"

WRITING: tuple[tuple[str, ...], ...] = (
    ("set", "PROD", PLACE, "https://x.example"),
    ("set", "PROD", "profile.environment", "development"),
    ("add", "PROD", "connectors", "New", "url=https://x.example"),
    ("remove", "PROD", "connectors[Connector01]"),
    ("rename", "PROD", "connectors[Connector01]", "Other"),
    ("move", "PROD", "connectors[Connector01]", "--after", "LabelConnector"),
    ("undo", "PROD"),
    ("undo", "PROD", "--redo"),
    ("undo", "PROD", "--to", "2999-01-01"),
    ("fmt", "PROD"),
    ("merge", "BASE", "PROD", "DEV"),
    ("merge", "BASE", "PROD", "DEV", "--theirs", "profile.title"),
    ("promote", "vision-test", "PROD", "--apply"),
    ("promote", "vision-test", "PROD", "--propose"),
    ("promote", "vision-dev", "PROD", "--propose"),
    ("promote", "vision-test", "PROD", "--propose", "--map", "MAP"),
    ("refreshed", "PROD", "--from", "vision-test", "--on", "2026-10-02"),
    ("import", "DEV", "--as", "vision-prod", "--over"),
    ("import", "DEV", "--as", "vision-prod"),
    ("import", "DEV", "--as", "Vision-Prod", "--over"),
    ("import", "SAME", "--as", "vision-prod", "--over"),
    ("new", "PROD"),
    ("new", "PROD", "--from", "vision-dev"),
    ("export", "vision-dev", "-o", "PROD"),
    ("export", "vision-dev", "-o", "MAP"),
    ("promote", "vision-dev", "vision-test", "--plan", "PROD"),
    ("runbook", "vision-dev", "-o", "PROD"),
    ("handout", "vision-dev", "network", "-o", "PROD"),
    ("compare", "vision-dev", "vision-test", "-o", "PROD"),
    *(("runbook", "vision-dev", "-o", f"LINK.{form}") for form in ("md", "html", "csv", "xlsx")),
    ("compare", "vision-dev", "vision-test", "-o", "LINK.md"),
    ("handout", "vision-dev", "network", "-o", "LINK.csv"),
    ("export", "vision-dev", "-o", "LINK.json"),
    ("promote", "vision-dev", "vision-test", "--plan", "LINK.json"),
)
"""Everything that writes. A tick is not here: it notes what was done in the pod, in a file of its own."""


class Locked:
    """A library with a locked profile, and every way to call its file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "vision-prod.toml"
        self.mapping = folder / "vision-prod.map.toml"
        self.elsewhere = folder.parent / "elsewhere"
        self.elsewhere.mkdir()
        for ending in ("md", "html", "csv", "xlsx", "json"):
            (self.elsewhere / f"link.{ending}").symlink_to(self.file)
        (self.elsewhere / "alias.toml").symlink_to(self.file)
        (self.elsewhere / "alias").symlink_to(self.file)
        (self.elsewhere / "twice.toml").symlink_to("alias.toml")
        (self.elsewhere / "folder").symlink_to(folder)
        (folder / "inside.toml").symlink_to("vision-prod.toml")
        os.link(self.file, self.elsewhere / "hard.toml")
        os.link(self.file, self.elsewhere / "hard")
        shutil.copy(self.file, self.elsewhere / "same.toml")

    @property
    def words(self) -> dict[str, str]:
        """The profile's file by every name that leads to it."""
        here = self.elsewhere
        return {
            "name": "vision-prod",
            "path": str(self.file),
            "relative": os.path.relpath(self.file),
            "through a folder": f"{here}/../{self.folder.name}/./vision-prod.toml",
            "through a linked folder": str(here / "folder" / "vision-prod.toml"),
            "link": str(here / "alias.toml"),
            "link of a link": str(here / "twice.toml"),
            "link of another ending": str(here / "alias"),
            "link of a document's ending": str(here / "link.md"),
            "link in the library": "inside",
            "hard link": str(here / "hard.toml"),
            "hard link of another ending": str(here / "hard"),
            "upper case": "VISION-PROD",
            "ending in upper case": str(self.file.with_name("vision-prod.TOML")),
        }

    def command(self, words: tuple[str, ...], called: str) -> list[str]:
        known = {
            "PROD": called,
            "MAP": str(self.mapping),
            "BASE": str(self.folder / "vision-test.toml"),
            "DEV": str(self.folder / "vision-dev.toml"),
            "SAME": str(self.elsewhere / "same.toml"),
        }
        named = [known.get(word, word) for word in words]
        return [str(self.elsewhere / word.lower()) if word.startswith("LINK.") else word for word in named]

    def state(self) -> dict[str, bytes]:
        """What belongs to the profile."""
        found = {each.name: each.read_bytes() for each in sorted(self.folder.glob("vision-prod*.toml"))}
        return {**found, "same file": str(self.file.stat().st_ino).encode()}


@pytest.fixture
def locked(samples: Path) -> Locked:
    return Locked(samples)


CALLED = (
    "name",
    "path",
    "relative",
    "through a folder",
    "through a linked folder",
    "link",
    "link of a link",
    "link of another ending",
    "link of a document's ending",
    "link in the library",
    "hard link",
    "hard link of another ending",
    "upper case",
    "ending in upper case",
)


MOST_TELLING = ("name", "link", "link of another ending", "link in the library", "hard link of another ending")


@pytest.mark.parametrize("called", CALLED if THOROUGH else MOST_TELLING)
def test_no_command_changes_a_locked_profile_without_its_own_name(omtui: Command, locked: Locked, called: str) -> None:
    before = locked.state()
    word = locked.words[called]
    for words in WRITING:
        takes_unlock = words[0] not in ("new", "export", "runbook", "handout", "compare")
        wrong = ("", "vision-dev", "alias", "VISION-PROD") if THOROUGH or words[0] in ("set", "merge") else ("",)
        for unlock in wrong if takes_unlock else ("",):
            named = locked.command(words, word)
            answer = omtui("--library", "profiles", *named, *(("--unlock", unlock) if unlock else ()))
            assert answer.err, "it says why"
            assert "fault of the program" not in answer.err, answer.err
            assert locked.state() == before, (named, unlock)


def test_its_own_name_unlocks_it_by_whatever_name_it_is_called(omtui: Command, locked: Locked) -> None:
    for number, called in enumerate(
        ("name", "path", "through a linked folder", "link", "link of a link", "link in the library")
    ):
        word, value = locked.words[called], f"https://x{number}.example"
        answer = omtui("--library", "profiles", "set", word, PLACE, value)
        assert answer.code == 3
        assert "--unlock vision-prod allows" in answer.err, called
        assert omtui("--library", "profiles", "set", word, PLACE, value, "--unlock", "vision-prod").code == 0, called
        assert value.encode() in locked.file.read_bytes()


@pytest.mark.parametrize(
    "word", ["Production", "PRODUCTION", "prod", "production ", " production", "Test", "dev", "live", "", "\u202etset"]
)
def test_what_is_not_exactly_another_environment_is_locked(omtui: Command, samples: Path, word: str) -> None:
    assert is_production(word)
    file = samples / "vision-prod.toml"
    escaped = word.replace("\u202e", "\\u202e")
    file.write_text(file.read_text().replace('environment = "production"', f'environment = "{escaped}"', 1))
    before = file.read_bytes()
    answer = omtui("--library", "profiles", "set", "vision-prod", PLACE, "https://x.example")
    assert answer.code == 3
    assert "read-only" in answer.err
    assert file.read_bytes() == before
    opened = omtui("--library", "profiles", "set", "vision-prod", PLACE, "https://x.example", "--unlock", "vision-prod")
    assert opened.code == 0


def test_ticks_need_no_name_because_they_note_what_was_done_in_the_pod(omtui: Command, locked: Locked) -> None:
    before = locked.file.read_bytes()
    assert omtui("--library", "profiles", "tick", "vision-prod", "0").code == 0
    assert locked.file.read_bytes() == before
