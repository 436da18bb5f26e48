"""What a person does with secrets, from the first day to the hand-over of a profile."""

from typing import Any

import pytest

from omtui.credentials import keyring_verbs
from omtui.credentials.answer import Absent, Completed, Declined, Found, Unavailable
from omtui.credentials.machine import Machine
from omtui.credentials.matrix import Presence
from omtui.credentials.reason import Reason
from omtui.credentials.reference import SecretReference
from omtui.credentials.secret import Secret
from omtui.credentials.settings import CredentialSettings, Folders
from omtui.credentials.store import BoundedStore, StoreKind, StoreState
from omtui.credentials.uses import uses, uses_of
from omtui.credentials.vault_verbs import (
    add_recipient,
    identity_from_file,
    init_vault,
    lock_vault,
    rekey_vault,
    remove_recipient,
    unlock_vault,
    vault_recipients,
)
from omtui.credentials.verbs import (
    Moved,
    NotAllowed,
    allow_destinations,
    delete_profile_secrets,
    delete_secret,
    list_all,
    list_secrets,
    move_secrets,
    not_allowed,
    rename_profile_secrets,
    rename_secret,
    secret_for,
    set_secret,
)
from tests.credentials.desktop import Desktop
from tests.credentials.profiles import profile

PASSPHRASE = "a passphrase of several words"
VALUE = "hunter2-hunter2"


@pytest.fixture
def own(machine: Machine) -> Machine:
    """A machine on which memory was chosen."""
    machine.choose(StoreKind.MEMORY)
    return machine


def why(answer: object) -> Reason:
    assert isinstance(answer, Unavailable | Declined), answer
    assert answer.detail
    assert answer.remedy
    return answer.reason


def value(machine: Machine, data: dict[str, Any], name: str) -> str:
    found = secret_for(machine, data, uses_of(data, name)[0])
    assert isinstance(found, Secret), found
    return found.reveal()


def chosen(machine: Machine) -> StoreKind | None:
    settings = machine.settings()
    assert isinstance(settings, CredentialSettings)
    return settings.store


# Without any store


def test_on_a_host_without_a_keyring_every_verb_says_why_and_what_to_do(machine: Machine) -> None:
    data = profile()
    assert why(set_secret(machine, data, "pod", Secret(VALUE))) is Reason.NO_BUS
    assert why(delete_secret(machine, data, "pod")) is Reason.NO_BUS
    assert why(secret_for(machine, data, uses(data)[0])) is Reason.NO_BUS
    facts, status = list_secrets(machine, data)
    assert {one.presence for one in facts} == {Presence.UNKNOWN}
    assert status.state is StoreState.UNREACHABLE
    assert chosen(machine) is None
    assert not machine.folders.settings.exists()


def test_the_choices_are_told_with_what_makes_them_possible(machine: Machine) -> None:
    choices = {choice.kind: choice for choice in machine.choices()}
    assert list(choices) == [StoreKind.KEYRING, StoreKind.SESSION, StoreKind.VAULT, StoreKind.COMMAND, StoreKind.MEMORY]
    assert not choices[StoreKind.KEYRING].possible
    assert "D-Bus" in choices[StoreKind.KEYRING].detail
    assert choices[StoreKind.VAULT].possible
    assert choices[StoreKind.MEMORY].possible
    assert not choices[StoreKind.COMMAND].possible


def test_nothing_is_kept_elsewhere_in_a_stores_stead(machine: Machine, folders: Folders) -> None:
    assert isinstance(machine.choose(StoreKind.VAULT), Completed)
    assert why(set_secret(machine, profile(), "pod", Secret(VALUE))) is Reason.NO_VAULT
    assert machine.status().kind is StoreKind.VAULT
    assert {file.name for file in folders.settings.parent.iterdir() if not file.name.endswith(".lock")} == {
        "credentials.toml"
    }


# Set, use, delete


def test_one_secret_serves_all_its_uses_and_is_changed_once(own: Machine) -> None:
    data = profile()
    assert isinstance(set_secret(own, data, "pick", Secret("first")), Completed)
    assert isinstance(set_secret(own, data, "pick", Secret("second")), Completed)
    for use in uses_of(data, "pick"):
        found = secret_for(own, data, use)
        assert isinstance(found, Secret)
        assert found.reveal() == "second"


def test_an_unknown_name_is_refused_and_not_repeated(own: Machine) -> None:
    """`omtui secret set vision-dev hunter2`: the secret was typed where the name belongs."""
    refused = set_secret(own, profile(), VALUE, Secret("x"))
    assert why(refused) is Reason.UNKNOWN_CREDENTIAL
    assert VALUE not in repr(refused)
    assert "pod, wms, pick" in repr(refused)


def test_deleting_is_idempotent_and_works_for_what_the_profile_forgot(own: Machine) -> None:
    data = profile()
    set_secret(own, data, "pod", Secret(VALUE))
    forgotten = profile(pod={})
    deleted = delete_secret(own, forgotten, "pod")
    assert isinstance(deleted, Completed)
    assert deleted.changed
    assert delete_secret(own, data, "pod") == Completed("deleted from memory, until omtui ends", changed=False)
    assert secret_for(own, data, uses(data)[0]) == Absent()


def test_a_use_without_an_address_gets_nothing(own: Machine) -> None:
    data = profile()
    set_secret(own, data, "events", Secret(VALUE))
    del data["connectors"][2]["url"]
    assert why(secret_for(own, data, uses_of(data, "events")[0])) is Reason.NO_DESTINATION


# Bound to where it may go


def test_an_imported_profile_that_changes_the_host_gets_a_refusal_with_both_hosts(own: Machine) -> None:
    data = profile()
    set_secret(own, data, "events", Secret(VALUE))
    data["connectors"][2]["url"] = "https://evil.example/om/events"
    refused = secret_for(own, data, uses_of(data, "events")[0])
    assert why(refused) is Reason.BOUND_ELSEWHERE
    assert "events.pick.example" in repr(refused)
    assert "evil.example" in repr(refused)
    assert VALUE not in repr(refused)
    facts, _ = list_secrets(own, data)
    assert [one.name for one in facts if one.not_allowed] == ["events"]


def test_a_new_place_is_allowed_only_by_saying_yes_to_just_that(own: Machine) -> None:
    data = profile()
    assert not_allowed(own, data, "events") == Absent()
    assert allow_destinations(own, data, "events", []) == Absent()
    set_secret(own, data, "events", Secret(VALUE))
    data["connectors"][2]["url"] = "https://events-new.pick.example/om/events"
    shown = not_allowed(own, data, "events")
    assert isinstance(shown, NotAllowed)
    assert [place.host for place in shown.new] == ["events-new.pick.example"]
    assert [place.host for place in shown.allowed] == ["events.pick.example"]
    # The profile changes again between showing and saying yes.
    data["connectors"][2]["url"] = "https://evil.example/om/events"
    assert why(allow_destinations(own, data, "events", shown.new)) is Reason.BOUND_ELSEWHERE
    data["connectors"][2]["url"] = "https://events-new.pick.example/om/events"
    assert isinstance(allow_destinations(own, data, "events", shown.new), Completed)
    assert value(own, data, "events") == VALUE


def test_a_credential_moved_to_another_user_is_refused(own: Machine) -> None:
    data = profile()
    set_secret(own, data, "pick", Secret(VALUE))
    data["connectors"][0]["user_name"] = "admin"
    assert why(secret_for(own, data, uses_of(data, "pick")[0])) is Reason.BOUND_ELSEWHERE
    assert isinstance(secret_for(own, data, uses_of(data, "pick")[1]), Secret)


@pytest.mark.parametrize("name", ["cmd:touch ran", "env:HOME", "file:/etc/passwd", "!touch ran", "$(touch ran)"])
def test_a_profile_cannot_name_a_command_a_file_or_a_variable(
    own: Machine, name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A credential's name is a name and nothing else."""
    monkeypatch.chdir(tmp_path)
    data = profile(pod={"url": "https://pod.example", "user_name": "u", "credential": name})
    assert secret_for(own, data, uses(data)[0]) == Absent()
    assert isinstance(set_secret(own, data, name, Secret(VALUE)), Completed)
    assert value(own, data, name) == VALUE
    assert not (tmp_path / "ran").exists()


def test_a_copied_profile_has_no_secrets_until_they_are_entered(own: Machine) -> None:
    set_secret(own, profile(), "pod", Secret(VALUE))
    copy = profile(profile={"name": "vision-test"})
    assert secret_for(own, copy, uses(copy)[0]) == Absent()


# The keyring


def test_the_keyring_is_chosen_by_the_first_secret_it_keeps(
    desktop: Desktop, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
    data = profile()
    assert isinstance(set_secret(machine, data, "pod", Secret(VALUE)), Completed)
    assert chosen(machine) is StoreKind.KEYRING
    # A fault that passes changes nothing of the choice, and nothing is written elsewhere.
    desktop.stop()
    assert why(set_secret(machine, data, "pod", Secret("other"))) is Reason.TIMED_OUT
    assert chosen(machine) is StoreKind.KEYRING
    desktop.go_on()
    assert value(machine, data, "pod") == VALUE


def test_unlocking_from_inside_the_program(bus: Desktop, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    bus.start_keyring(None)
    assert machine.choices()[0].possible
    assert machine.choices()[0].title == "The system's keyring, unlocked here"
    assert why(set_secret(machine, profile(), "pod", Secret(VALUE))) is Reason.NO_KEYRING
    assert isinstance(keyring_verbs.unlock_keyring(machine, Secret("a new long one"), create=True), Completed)
    assert isinstance(set_secret(machine, profile(), "pod", Secret(VALUE)), Completed)
    assert value(machine, profile(), "pod") == VALUE


# The vault


@pytest.fixture
def with_vault(machine: Machine) -> Machine:
    assert isinstance(init_vault(machine, passphrase=Secret(PASSPHRASE)), Completed)
    return machine


def another_command(folders: Folders) -> Machine:
    return Machine(folders, environ={})


def test_one_passphrase_for_a_session(with_vault: Machine, folders: Folders) -> None:
    data = profile()
    assert chosen(with_vault) is StoreKind.VAULT
    for name in ("pod", "wms"):
        assert isinstance(set_secret(with_vault, data, name, Secret(f"{VALUE} {name}")), Completed)
    assert value(with_vault, data, "wms") == f"{VALUE} wms"
    later = another_command(folders)
    assert later.status().state is StoreState.LOCKED
    assert why(set_secret(later, data, "pod", Secret("x"))) is Reason.LOCKED
    assert why(unlock_vault(later, passphrase=Secret("another passphrase"))) is Reason.WRONG_KEY
    assert isinstance(unlock_vault(later, passphrase=Secret(PASSPHRASE)), Completed)
    assert value(later, data, "pod") == f"{VALUE} pod"
    assert isinstance(lock_vault(later), Completed)
    assert later.status().state is StoreState.LOCKED


def test_further_commands_find_it_open_for_some_minutes(with_vault: Machine, folders: Folders) -> None:
    data = profile()
    set_secret(with_vault, data, "pod", Secret(VALUE))
    with_vault.close()
    assert why(secret_for(another_command(folders), data, uses(data)[0])) is Reason.LOCKED
    assert unlock_vault(another_command(folders), passphrase=Secret(PASSPHRASE), minutes=1) == Completed(
        f"the encrypted vault {folders.vault} is open"
    )
    assert value(another_command(folders), data, "pod") == VALUE
    lock_vault(another_command(folders))
    assert why(secret_for(another_command(folders), data, uses(data)[0])) is Reason.LOCKED


def test_where_nothing_is_kept_between_commands_that_is_told(
    with_vault: Machine, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omtui.credentials.kernel_cache.platform.machine", lambda: "unknown")
    answer = unlock_vault(another_command(folders), passphrase=Secret(PASSPHRASE), minutes=1)
    assert isinstance(answer, Completed)
    assert "this command only" in answer.detail


def test_a_vault_for_ssh_keys(machine: Machine, folders: Folders, tmp_path: Any) -> None:
    from tests.credentials.age.test_sealing import make_ssh_key

    first, second = make_ssh_key(tmp_path / "one", "ed25519"), make_ssh_key(tmp_path / "two", "rsa")
    lines = [key.with_suffix(".pub").read_text() for key in (first, second)]
    assert isinstance(init_vault(machine, recipients=lines[:1]), Completed)
    data = profile()
    assert isinstance(set_secret(machine, data, "pod", Secret(VALUE)), Completed)
    assert isinstance(add_recipient(machine, lines[1]), Completed)
    assert len(vault_recipients(machine)) == 2  # type: ignore[arg-type]
    later = another_command(folders)
    assert why(unlock_vault(later, passphrase=Secret(PASSPHRASE))) is Reason.WRONG_KEY
    identity = identity_from_file(second)
    assert isinstance(identity, Secret)
    assert isinstance(unlock_vault(later, identity=identity), Completed)
    assert value(later, data, "pod") == VALUE
    assert why(remove_recipient(later, "ssh-ed25519 AAAA")) is Reason.BAD_RECIPIENT
    assert isinstance(remove_recipient(later, lines[0]), Completed)
    assert why(remove_recipient(later, lines[1])) is Reason.BAD_RECIPIENT
    first_text = identity_from_file(first)
    assert isinstance(first_text, Secret)
    assert why(unlock_vault(another_command(folders), identity=first_text)) is Reason.WRONG_KEY


def test_from_a_passphrase_to_keys_and_back(with_vault: Machine, folders: Folders, tmp_path: Any) -> None:
    from omtui.credentials.age.recipients import new_identity

    data = profile()
    set_secret(with_vault, data, "pod", Secret(VALUE))
    key = new_identity()
    assert why(add_recipient(with_vault, str(key.recipient))) is Reason.BAD_RECIPIENT
    assert isinstance(rekey_vault(with_vault, recipients=[str(key.recipient)]), Completed)
    assert isinstance(set_secret(with_vault, data, "wms", Secret("while open")), Completed)
    later = another_command(folders)
    assert isinstance(unlock_vault(later, identity=key.secret), Completed)
    assert value(later, data, "pod") == VALUE
    assert isinstance(rekey_vault(later, passphrase=Secret(PASSPHRASE + " new")), Completed)
    assert isinstance(set_secret(later, data, "wms", Secret("again")), Completed)
    last = another_command(folders)
    assert isinstance(unlock_vault(last, passphrase=Secret(PASSPHRASE + " new")), Completed)
    assert value(last, data, "wms") == "again"


def test_a_vault_needs_one_good_way_to_open_it(machine: Machine) -> None:
    assert why(init_vault(machine)) is Reason.BAD_RECIPIENT
    assert why(init_vault(machine, passphrase=Secret(PASSPHRASE), recipients=["age1"])) is Reason.BAD_RECIPIENT
    assert why(init_vault(machine, passphrase=Secret("brief"))) is Reason.WEAK_PASSPHRASE
    assert why(init_vault(machine, recipients=["age1qq"])) is Reason.BAD_RECIPIENT
    assert why(unlock_vault(machine, passphrase=Secret(PASSPHRASE))) is Reason.NO_VAULT
    assert chosen(machine) is None


def test_a_vault_is_never_written_over(with_vault: Machine) -> None:
    assert why(init_vault(with_vault, passphrase=Secret(PASSPHRASE))) is Reason.EXISTS


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_a_private_key_that_others_can_read_is_refused(tmp_path: Any, mode: int) -> None:
    from tests.credentials.age.test_sealing import make_ssh_key

    key = make_ssh_key(tmp_path / "id", "ed25519")
    key.chmod(mode)
    answer = identity_from_file(key)
    assert isinstance(answer, Secret) if mode == 0o600 else why(answer) is Reason.INSECURE
    assert why(identity_from_file(tmp_path / "none")) is Reason.BAD_RECIPIENT


# Moving and renaming


def test_everything_moves_to_another_store_and_the_choice_with_it(own: Machine) -> None:
    dev, test = profile(), profile(profile={"name": "vision-test"})
    for data in (dev, test):
        set_secret(own, data, "pod", Secret(f"{VALUE} {data['profile']['name']}"))
    assert why(move_secrets(own, [dev, test], StoreKind.VAULT)) is Reason.NO_VAULT
    assert value(own, dev, "pod") == f"{VALUE} vision-dev"
    machine_vault = own.vault()
    assert not isinstance(machine_vault, Unavailable)
    from omtui.credentials.age.recipients import Passphrase

    cheap = Passphrase(Secret(PASSPHRASE), work_factor=10)
    machine_vault.create([cheap], [cheap])
    moved = move_secrets(own, [dev, test], StoreKind.VAULT)
    assert isinstance(moved, list)
    assert [one.reference for one in moved if isinstance(one.outcome, Completed)] == [
        SecretReference("vision-dev", "pod"),
        SecretReference("vision-test", "pod"),
    ]
    assert chosen(own) is StoreKind.VAULT
    assert value(own, test, "pod") == f"{VALUE} vision-test"
    memory = own.store_of(StoreKind.MEMORY)
    assert isinstance(memory, BoundedStore)
    assert memory.read(SecretReference("vision-dev", "pod")) == Absent()
    assert why(move_secrets(own, [dev], StoreKind.VAULT)) is Reason.NOT_CHOSEN


def test_a_move_that_meets_another_secret_leaves_both(own: Machine) -> None:
    from omtui.credentials.age.recipients import Passphrase
    from tests.credentials.conftest import record_of

    data = profile()
    set_secret(own, data, "pod", Secret(VALUE))
    vault = own.vault()
    assert not isinstance(vault, Unavailable)
    cheap = Passphrase(Secret(PASSPHRASE), work_factor=10)
    vault.create([cheap], [cheap])
    vault.write(SecretReference("vision-dev", "pod"), record_of("another"))
    moved = move_secrets(own, [data], StoreKind.VAULT)
    assert isinstance(moved, list)
    assert why(moved[0].outcome) is Reason.EXISTS
    assert chosen(own) is StoreKind.MEMORY
    assert value(own, data, "pod") == VALUE


def test_one_by_name_moves_and_the_choice_stays(own: Machine) -> None:
    from omtui.credentials.age.recipients import Passphrase

    data = profile()
    for name in ("pod", "wms"):
        set_secret(own, data, name, Secret(VALUE))
    vault = own.vault()
    assert not isinstance(vault, Unavailable)
    cheap = Passphrase(Secret(PASSPHRASE), work_factor=10)
    vault.create([cheap], [cheap])
    moved = move_secrets(own, [data], StoreKind.VAULT, names=["wms"])
    assert isinstance(moved, list)
    assert len(moved) == 1
    assert chosen(own) is StoreKind.MEMORY
    assert value(own, data, "pod") == VALUE
    assert isinstance(vault.read(SecretReference("vision-dev", "wms")), Found)


def test_a_commands_secrets_do_not_move(own: Machine) -> None:
    assert why(move_secrets(own, [profile()], StoreKind.COMMAND)) is Reason.READ_ONLY


def test_secrets_follow_a_rename(own: Machine) -> None:
    data = profile()
    set_secret(own, data, "pod", Secret(VALUE))
    renamed = rename_profile_secrets(own, "vision-dev", "vision-dev2", ["pod", "wms"])
    assert isinstance(renamed, list)
    assert isinstance(renamed[0].outcome, Completed)
    assert renamed[1] == Moved(SecretReference("vision-dev", "wms"), Absent())
    data["profile"]["name"] = "vision-dev2"
    assert value(own, data, "pod") == VALUE
    again = rename_secret(own, data, "pod", "pod sign-in")
    assert isinstance(again, list)
    assert isinstance(again[0].outcome, Completed)
    data["pod"]["credential"] = "pod sign-in"
    assert value(own, data, "pod sign-in") == VALUE
    assert rename_secret(own, data, "pod sign-in", "pod sign-in") == []


def test_all_secrets_of_a_profile_go_with_it(own: Machine) -> None:
    dev, test = profile(), profile(profile={"name": "vision-test"})
    for data in (dev, test):
        set_secret(own, data, "pod", Secret(VALUE))
    gone = delete_profile_secrets(own, dev)
    assert isinstance(gone, list)
    assert [one.reference.name for one in gone if isinstance(one.outcome, Completed) and one.outcome.changed] == ["pod"]
    assert secret_for(own, dev, uses(dev)[0]) == Absent()
    assert value(own, test, "pod") == VALUE


def test_a_whole_library_at_once(own: Machine) -> None:
    dev, test = profile(), profile(profile={"name": "vision-test"})
    set_secret(own, dev, "pod", Secret(VALUE))
    shown, status = list_all(own, [dev, test])
    assert status.state is StoreState.READY
    cell = shown.cell("pod", "vision-dev")
    assert cell is not None
    assert cell.presence is Presence.SET
    assert len(shown.missing) == 11


# A command


def test_a_command_of_the_settings_file(machine: Machine, folders: Folders) -> None:
    folders.configuration.mkdir(parents=True)
    folders.settings.write_text(
        'store = "command"\n[[command]]\narguments = ["echo", "secret-of-{profile}-{credential}"]\n'
    )
    data = profile()
    facts, status = list_secrets(machine, data)
    assert status.where == "a command of yours (echo)"
    assert facts[0].presence is Presence.MISSING
    assert why(set_secret(machine, data, "pod", Secret("typed"))) is Reason.READ_ONLY
    assert isinstance(set_secret(machine, data, "pod", Secret("secret-of-vision-dev-pod")), Completed)
    assert value(machine, data, "pod") == "secret-of-vision-dev-pod"
    data["pod"]["url"] = "https://evil.example"
    assert why(secret_for(machine, data, uses(data)[0])) is Reason.BOUND_ELSEWHERE


def test_a_broken_settings_file_stops_everything_and_changes_nothing(machine: Machine, folders: Folders) -> None:
    folders.configuration.mkdir(parents=True)
    folders.settings.write_text("store = 'plain'")
    data = profile()
    assert why(set_secret(machine, data, "pod", Secret(VALUE))) is Reason.SETTINGS_BROKEN
    assert why(secret_for(machine, data, uses(data)[0])) is Reason.SETTINGS_BROKEN
    assert machine.status().reason is Reason.SETTINGS_BROKEN
    assert isinstance(machine.choices(), list)
    assert folders.settings.read_text() == "store = 'plain'"
