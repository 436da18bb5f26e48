"""Taking in what came from elsewhere: looked at first, written on request."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from omtui.credentials.age.recipients import Passphrase
from omtui.credentials.destination import Destination
from omtui.credentials.handover import encrypt_secrets
from omtui.credentials.record import new_record
from omtui.credentials.secret import Secret
from omtui.credentials.store import StoreKind
from tests.compare import test_hand_over as judged
from tests.documents.test_sheets import TYPED
from tests.workbench.conftest import PROFILE, Driven, Open

PASSPHRASE = "Pass phrase of the part 33"
SECRET = "C0nnector-sekret-77"


@pytest.fixture
def came(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


async def looked_at(driven: Driven, file: Path) -> None:
    """`i`, the path, and the answer."""
    await driven.press("i")
    driven.app.screen.query_one("Input").value = str(file)  # type: ignore[attr-defined]
    await driven.press("enter")
    for _ in range(500):
        await driven.pilot.pause(0.01)
        if driven.screen == "ImportScreen" or "import" in driven.shown("#help") or "; " in driven.shown("#help"):
            break


async def until(driven: Driven, screen: str) -> None:
    for _ in range(1000):
        if driven.screen == screen:
            return
        await driven.pilot.pause(0.01)
    raise AssertionError(f"{driven.screen} is in front, not {screen}")


async def test_it_is_shown_before_anything_is_written(open_workbench: Open, library: Path, came: Path) -> None:
    text = judged.HEAD + '[[topology.endpoints]]\nname = "E"\nca_file = "/etc/shadow"\n'
    (came / "x.json").write_bytes(judged.made(text, name="new"))
    async with open_workbench() as driven:
        await looked_at(driven, came / "x.json")
        assert driven.screen == "ImportScreen"
        assert any("outside the profile's folder" in line for line in driven.lines())
        assert "nothing is written yet: i takes it in as new" in driven.shown("#path")
        assert [file.name for file in library.iterdir()] == ["dev.toml"]
        await driven.press("i")
        await until(driven, "LibraryScreen")
        assert "new: imported" in driven.shown("#help")
        assert "/etc" not in (library / "new.toml").read_text()
        assert (library / "new.map.toml").exists()


async def test_one_that_is_here_is_changed_only_when_said_so(open_workbench: Open, library: Path, came: Path) -> None:
    (came / "dev.toml").write_text(PROFILE.replace("25D", "26A"))
    async with open_workbench() as driven:
        await looked_at(driven, came / "dev.toml")
        assert any("pod.release: 25D → 26A" in line for line in driven.lines())
        await driven.press("i")
        assert "dev is here already" in driven.shown("#help")
        assert (library / "dev.toml").read_text() == PROFILE
        await driven.press("o", "n")
        assert (library / "dev.toml").read_text() == PROFILE
        await driven.press("o", "y")
        await until(driven, "LibraryScreen")
        assert (library / "dev.toml").read_text() == PROFILE.replace("25D", "26A")
        await driven.press("enter", "ctrl+z", "ctrl+s")
        assert (library / "dev.toml").read_text() == PROFILE


async def test_production_is_changed_only_by_its_name(open_workbench: Open, library: Path, came: Path) -> None:
    here = PROFILE.replace('"development"', '"production"')
    (library / "dev.toml").write_text(here)
    (came / "dev.toml").write_text(here.replace("25D", "26A"))
    async with open_workbench() as driven:
        await looked_at(driven, came / "dev.toml")
        await driven.press("o", "enter", "escape")
        assert (library / "dev.toml").read_text() == here
        await driven.press("o")
        await driven.type("dev")
        await driven.press("enter")
        await until(driven, "LibraryScreen")
        assert "26A" in (library / "dev.toml").read_text()


async def test_under_another_name(open_workbench: Open, library: Path, came: Path) -> None:
    (came / "dev.toml").write_text(PROFILE.replace("25D", "26A"))
    async with open_workbench() as driven:
        await looked_at(driven, came / "dev.toml")
        await driven.press("n")
        await driven.type("dev2")
        await driven.press("enter", "i")
        await until(driven, "LibraryScreen")
        assert 'name = "dev2"' in (library / "dev2.toml").read_text()
        assert (library / "dev.toml").read_text() == PROFILE


async def test_a_name_that_was_chosen_is_not_lost_silently(open_workbench: Open, library: Path, came: Path) -> None:
    (came / "dev.toml").write_text(PROFILE.replace("25D", "26A"))
    async with open_workbench() as driven:
        await looked_at(driven, came / "dev.toml")
        await driven.press("n")
        await driven.type("dev2")
        await driven.press("enter", "ctrl+q")
        assert driven.screen == "Confirm"
        await driven.press("n")
        assert driven.screen == "ImportScreen"
        await driven.press("escape", "y")
        await until(driven, "LibraryScreen")
        assert not (library / "dev2.toml").exists()


async def test_sheets_with_faults(open_workbench: Open, library: Path, came: Path) -> None:
    (came / "hand.csv").write_text(TYPED)
    async with open_workbench() as driven:
        await looked_at(driven, came / "hand.csv")
        assert any("maybe is not yes or no" in line for line in driven.lines())
        await driven.press("i")
        assert "p takes what can be read" in driven.shown("#help")
        assert not (library / "hand.toml").exists()
        await driven.press("p")
        await until(driven, "LibraryScreen")
        assert (library / "hand.toml").exists()


@pytest.mark.parametrize("content", [b"\x7fELF\0", b"{", b"PK\x03\x04", judged.made(name="../evil")])
async def test_what_is_refused_says_why(open_workbench: Open, library: Path, came: Path, content: bytes) -> None:
    (came / "x.json").write_bytes(content)
    async with open_workbench() as driven:
        await looked_at(driven, came / "x.json")
        assert driven.screen == "LibraryScreen"
        assert "x.json: " in driven.shown("#help")
        assert [file.name for file in library.iterdir()] == ["dev.toml"]


@pytest.fixture
def sealed(came: Path) -> Iterator[Path]:
    record = new_record(Secret(SECRET), frozenset({Destination("https", "old.example", 443, "x")}))
    part = encrypt_secrets("dev", PROFILE.encode(), {"connector01": record}, [Passphrase(Secret(PASSPHRASE), 10)])
    assert isinstance(part, str)
    (came / "x.json").write_bytes(judged.made(PROFILE, name="dev", secrets=part))
    return came / "x.json"


async def test_sealed_secrets_are_kept_for_the_places_of_this_profile(
    open_workbench: Open, library: Path, sealed: Path
) -> None:
    async with open_workbench() as driven:
        secrets = driven.app.workspace.secrets
        secrets.machine.choose(StoreKind.MEMORY)
        await looked_at(driven, sealed)
        await driven.press("i")
        await until(driven, "Confirm")
        await driven.press("y")
        await until(driven, "AskSecret")
        await driven.type(PASSPHRASE)
        await driven.press("enter")
        await until(driven, "Confirm")
        assert PASSPHRASE not in str(driven.app.screen.tree)
        await driven.press("y")
        await until(driven, "LibraryScreen")
        assert "1 secrets kept" in driven.shown("#help")
        session = driven.app.workspace.open("dev")
        facts, _ = secrets.of(session.data)  # type: ignore[union-attr]
        (fact,) = [each for each in facts if each.name == "connector01"]
        assert fact.presence.value == "set"
        assert fact.not_allowed == ()


async def test_a_wrong_passphrase_keeps_nothing(open_workbench: Open, library: Path, sealed: Path) -> None:
    async with open_workbench() as driven:
        driven.app.workspace.secrets.machine.choose(StoreKind.MEMORY)
        await looked_at(driven, sealed)
        await driven.press("i")
        await until(driven, "Confirm")
        await driven.press("y")
        await until(driven, "AskSecret")
        await driven.type("something else")
        await driven.press("enter")
        await until(driven, "LibraryScreen")
        assert "does not open" in driven.shown("#help")


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 50)])
async def test_it_fits_every_size(open_workbench: Open, came: Path, size: tuple[int, int]) -> None:
    (came / "x.json").write_bytes(judged.made(PROFILE, name="new"))
    async with open_workbench(size=size) as driven:
        await looked_at(driven, came / "x.json")
        assert driven.lines()
        await driven.press("down", "end")
        assert driven.shown("#help").strip()


# The other way


async def named(driven: Driven, file: Path) -> None:
    """`e`, and the file's name."""
    await driven.press("e")
    await until(driven, "Ask")
    driven.app.screen.query_one("Input").value = str(file)  # type: ignore[attr-defined]
    await driven.press("enter")
    await until(driven, "Chooser")


async def test_it_is_handed_over_without_secrets(open_workbench: Open, library: Path, came: Path) -> None:
    async with open_workbench() as driven:
        await named(driven, came / "x.json")
        await driven.press("enter")
        await until(driven, "LibraryScreen")
        assert "to be provided: connector01" in driven.shown("#help")
        await looked_at(driven, came / "x.json")
        assert any("nothing differs" in line for line in driven.lines())


async def test_it_is_handed_over_with_sealed_secrets(open_workbench: Open, library: Path, came: Path) -> None:
    async with open_workbench() as driven:
        secrets = driven.app.workspace.secrets
        secrets.machine.choose(StoreKind.MEMORY)
        session = driven.app.workspace.open("dev")
        secrets.keep(session.data, "connector01", Secret(SECRET))  # type: ignore[union-attr]
        for again, words in (("another one", "not the same"), (PASSPHRASE, "sealed in it: connector01")):
            await named(driven, came / "x.json")
            await driven.press("down", "enter")
            for typed in (PASSPHRASE, again):
                await until(driven, "AskSecret")
                await driven.type(typed)
                await driven.press("enter")
            await until(driven, "LibraryScreen")
            for _ in range(500):
                if words in driven.shown("#help"):
                    break
                await driven.pilot.pause(0.01)
            assert words in driven.shown("#help")
        assert SECRET not in (came / "x.json").read_text()


async def test_a_profile_with_a_secret_in_it_is_not_handed_over(open_workbench: Open, library: Path) -> None:
    (library / "dev.toml").write_text(PROFILE.replace("https://soa", "https://me:hunter2@soa"))
    async with open_workbench() as driven:
        await driven.press("e")
        assert driven.screen == "LibraryScreen"
        assert "looks like a secret is in connectors[Connector01].url" in driven.shown("#help")
