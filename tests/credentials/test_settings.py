"""The settings of this machine for secrets: kept, visible, and never guessed when it cannot be read."""

from pathlib import Path

import pytest

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.command_store import SecretCommand
from omtui.credentials.settings import CredentialSettings, Folders, choose_store, read_settings
from omtui.credentials.store import StoreKind
from omtui.problem import Done

WRITTEN = """# my machine
schema = 1
store = "keyring"   # for now
highest_work_factor = 20

[[command]]  # the team's
credential = "pod"
arguments = ["pass", "show", "omtui/{profile}/{credential}"]
seconds = 5
"""


def write(folders: Folders, text: str) -> Path:
    folders.configuration.mkdir(parents=True)
    folders.settings.write_text(text)
    folders.settings.chmod(0o644)
    return folders.settings


def read(folders: Folders, **environ: str) -> CredentialSettings:
    settings = read_settings(folders, environ)
    assert isinstance(settings, CredentialSettings), settings
    return settings


def test_nobody_has_chosen_at_first(folders: Folders) -> None:
    settings = read(folders)
    assert settings.store is None
    assert settings.vault_file == folders.vault
    assert not folders.configuration.exists()


def test_a_choice_is_remembered(folders: Folders) -> None:
    for kind in StoreKind:
        assert isinstance(choose_store(folders, kind), Done)
        assert read(folders).store is kind
        assert str(folders.settings) in read(folders).chosen_by
        assert choose_store(folders, kind) == Done(f"secrets are kept in: {kind}")


def test_everything_else_in_the_file_stays(folders: Folders) -> None:
    write(folders, WRITTEN)
    assert isinstance(choose_store(folders, StoreKind.VAULT), Done)
    assert folders.settings.read_text() == WRITTEN.replace('"keyring"', '"vault"')
    settings = read(folders)
    assert settings.highest_work_factor == 20
    assert settings.commands == (SecretCommand(("pass", "show", "omtui/{profile}/{credential}"), None, "pod", 5.0),)


@pytest.mark.parametrize("start", ["", "schema = 1\n", "# mine\nrelock_minutes = 5\n\n# the team's command\n"])
def test_a_first_choice_parts_no_comment_from_what_it_belongs_to(folders: Folders, start: str) -> None:
    text = start + '[[command]]\narguments = ["pass", "show", "x"]\n'
    write(folders, text)
    assert isinstance(choose_store(folders, StoreKind.COMMAND), Done)
    assert folders.settings.read_text().endswith(text)
    assert read(folders).store is StoreKind.COMMAND
    assert len(read(folders).commands) == 1


def test_a_link_to_a_persons_dotfiles_stays_a_link(folders: Folders, tmp_path: Path) -> None:
    folders.configuration.mkdir(parents=True)
    target = tmp_path / "dotfiles" / "credentials.toml"
    target.parent.mkdir()
    target.write_text(WRITTEN)
    folders.settings.symlink_to(target)
    assert isinstance(choose_store(folders, StoreKind.MEMORY), Done)
    assert folders.settings.is_symlink()
    assert 'store = "memory"' in target.read_text()


def test_the_environment_chooses_for_one_run(folders: Folders) -> None:
    write(folders, WRITTEN)
    settings = read(folders, OMTUI_STORE="memory")
    assert settings.store is StoreKind.MEMORY
    assert "OMTUI_STORE" in settings.chosen_by
    assert read(folders, OMTUI_STORE="").store is StoreKind.KEYRING
    assert "memory" not in folders.settings.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "store = ",
        "store = 'plain'",
        "store = 1",
        "store = []",
        "schema = 2",
        "sotre = 'vault'",
        "highest_work_factor = 40",
        "highest_work_factor = 10",
        "highest_work_factor = true",
        "highest_work_factor = '18'",
        "relock_minutes = 0",
        "relock_minutes = 'x'",
        "vault_file = 1",
        "command = 'pass show x'",
        "[[command]]\narguments = 'pass show x'",
        "[[command]]\narguments = []",
        "[[command]]\narguments = ['pass', 1]",
        '[[command]]\narguments = ["pass", "a\\u0000b"]',
        "[[command]]\narguments = ['pass']\nshell = true",
        "[[command]]\narguments = ['pass']\nseconds = 3600",
        "[[command]]\narguments = ['pass']\nprofile = 1",
        "a = " + "[" * 5000,
        "\x1b]52;c;x\x07",
    ],
)
def test_a_file_that_cannot_be_understood_is_never_replaced_by_a_guess(folders: Folders, text: str) -> None:
    write(folders, text)
    for answer in (read_settings(folders, {}), choose_store(folders, StoreKind.VAULT)):
        assert isinstance(answer, SecretProblem)
        assert answer.reason is Reason.SETTINGS_BROKEN
        assert "\x1b" not in answer.message
    assert folders.settings.read_text() == text


def test_bytes_that_are_no_text_are_broken_too(folders: Folders) -> None:
    write(folders, "")
    folders.settings.write_bytes(b"\xff\xfe")
    answer = read_settings(folders, {})
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.SETTINGS_BROKEN


def test_a_file_that_others_can_write_could_name_their_command(folders: Folders) -> None:
    write(folders, WRITTEN).chmod(0o666)
    answer = read_settings(folders, {})
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.INSECURE


def test_a_wrong_variable_is_told(folders: Folders) -> None:
    answer = read_settings(folders, {"OMTUI_STORE": "plaintext\x1b"})
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.SETTINGS_BROKEN
    assert "\x1b" not in answer.message


def test_where_nothing_can_be_written_the_choice_says_so(folders: Folders) -> None:
    folders.configuration.parent.parent.mkdir(exist_ok=True)
    folders.configuration.parent.write_text("a file where the folder should be")
    answer = choose_store(folders, StoreKind.VAULT)
    assert isinstance(answer, SecretProblem)
    assert answer.reason is Reason.CANNOT_WRITE


def test_plain_text_is_not_among_the_choices() -> None:
    assert {kind.value for kind in StoreKind} == {"keyring", "session", "vault", "memory", "command"}
