"""What a person does with secrets, from the first day to the hand-over of a profile."""

from typing import Any

import pytest

from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.keys import identity_from_file
from omtui.credentials.machine import Machine
from omtui.credentials.matrix import Presence
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.secret import Secret
from omtui.credentials.settings import CredentialSettings, Folders
from omtui.credentials.store import BoundedStore, StoreKind, StoreState
from omtui.credentials.uses import uses, uses_of
from omtui.problem import Done, Problem
from omtui.service.former_names import FormerNames
from omtui.service.secrets import NotAllowed
from tests.credentials.conftest import secret_for, secrets_of
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
    assert isinstance(answer, SecretProblem), answer
    assert answer.message
    assert answer.fix
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
    assert why(secrets_of(machine).keep(data, "pod", Secret(VALUE))) is Reason.NO_BUS
    assert why(secrets_of(machine).delete(data, "pod")) is Reason.NO_BUS
    assert why(secret_for(machine, data, uses(data)[0])) is Reason.NO_BUS
    facts, status = secrets_of(machine).of(data)
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
    assert isinstance(machine.choose(StoreKind.VAULT), Done)
    assert why(secrets_of(machine).keep(profile(), "pod", Secret(VALUE))) is Reason.NO_VAULT
    assert machine.status().kind is StoreKind.VAULT
    assert {file.name for file in folders.settings.parent.iterdir() if not file.name.endswith(".lock")} == {
        "credentials.toml"
    }


# Set, use, delete


def test_one_secret_serves_all_its_uses_and_is_changed_once(own: Machine) -> None:
    data = profile()
    assert isinstance(secrets_of(own).keep(data, "pick", Secret("first")), Done)
    assert isinstance(secrets_of(own).keep(data, "pick", Secret("second")), Done)
    for use in uses_of(data, "pick"):
        found = secret_for(own, data, use)
        assert isinstance(found, Secret)
        assert found.reveal() == "second"


def test_an_unknown_name_is_refused_and_not_repeated(own: Machine) -> None:
    """`omtui secret set vision-dev hunter2`: the secret was typed where the name belongs."""
    refused = secrets_of(own).keep(profile(), VALUE, Secret("x"))
    assert why(refused) is Reason.UNKNOWN_CREDENTIAL
    assert VALUE not in repr(refused)
    assert "pod, wms, pick" in repr(refused)


def test_deleting_is_idempotent_and_works_for_what_the_profile_forgot(own: Machine) -> None:
    data = profile()
    secrets_of(own).keep(data, "pod", Secret(VALUE))
    forgotten = profile(pod={})
    deleted = secrets_of(own).delete(forgotten, "pod")
    assert isinstance(deleted, Done)
    assert secrets_of(own).delete(data, "pod") == Done("deleted from memory, until omtui ends")
    assert secret_for(own, data, uses(data)[0]) == Absent()


# Bound to where it may go


def test_an_imported_profile_that_changes_the_host_gets_a_refusal_with_both_hosts(own: Machine) -> None:
    data = profile()
    secrets_of(own).keep(data, "events", Secret(VALUE))
    data["connectors"][2]["url"] = "https://evil.example/om/events"
    refused = secret_for(own, data, uses_of(data, "events")[0])
    assert why(refused) is Reason.BOUND_ELSEWHERE
    assert "events.pick.example" in repr(refused)
    assert "evil.example" in repr(refused)
    assert VALUE not in repr(refused)
    facts, _ = secrets_of(own).of(data)
    assert [one.name for one in facts if one.not_allowed] == ["events"]


def test_a_new_place_is_allowed_only_by_saying_yes_to_just_that(own: Machine) -> None:
    data = profile()
    assert secrets_of(own).not_allowed(data, "events") == Absent()
    assert secrets_of(own).allow(data, "events", []) == Absent()
    secrets_of(own).keep(data, "events", Secret(VALUE))
    data["connectors"][2]["url"] = "https://events-new.pick.example/om/events"
    shown = secrets_of(own).not_allowed(data, "events")
    assert isinstance(shown, NotAllowed)
    assert [place.host for place in shown.new] == ["events-new.pick.example"]
    assert [place.host for place in shown.allowed] == ["events.pick.example"]
    # The profile changes again between showing and saying yes.
    data["connectors"][2]["url"] = "https://evil.example/om/events"
    assert why(secrets_of(own).allow(data, "events", shown.new)) is Reason.BOUND_ELSEWHERE
    data["connectors"][2]["url"] = "https://events-new.pick.example/om/events"
    assert isinstance(secrets_of(own).allow(data, "events", shown.new), Done)
    assert value(own, data, "events") == VALUE


def test_a_credential_moved_to_another_user_is_refused(own: Machine) -> None:
    data = profile()
    secrets_of(own).keep(data, "pick", Secret(VALUE))
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
    assert isinstance(secrets_of(own).keep(data, name, Secret(VALUE)), Done)
    assert value(own, data, name) == VALUE
    assert not (tmp_path / "ran").exists()


def test_a_copied_profile_has_no_secrets_until_they_are_entered(own: Machine) -> None:
    secrets_of(own).keep(profile(), "pod", Secret(VALUE))
    copy = profile(profile={"name": "vision-test"})
    assert secret_for(own, copy, uses(copy)[0]) == Absent()


# The keyring


def test_the_keyring_is_chosen_by_the_first_secret_it_keeps(
    desktop: Desktop, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
    data = profile()
    assert isinstance(secrets_of(machine).keep(data, "pod", Secret(VALUE)), Done)
    assert chosen(machine) is StoreKind.KEYRING
    # A fault that passes changes nothing of the choice, and nothing is written elsewhere.
    desktop.stop()
    assert why(secrets_of(machine).keep(data, "pod", Secret("other"))) is Reason.TIMED_OUT
    assert chosen(machine) is StoreKind.KEYRING
    desktop.go_on()
    assert value(machine, data, "pod") == VALUE


def test_unlocking_from_inside_the_program(bus: Desktop, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    bus.start_keyring(None)
    assert machine.choices()[0].possible
    assert machine.choices()[0].title == "The system's keyring, unlocked here"
    assert why(secrets_of(machine).keep(profile(), "pod", Secret(VALUE))) is Reason.NO_KEYRING
    assert isinstance(machine.unlock_keyring(Secret("a new long one"), create=True), Done)
    assert isinstance(secrets_of(machine).keep(profile(), "pod", Secret(VALUE)), Done)
    assert value(machine, profile(), "pod") == VALUE


# The vault


@pytest.fixture
def with_vault(machine: Machine) -> Machine:
    assert isinstance(machine.init_vault(passphrase=Secret(PASSPHRASE)), Done)
    return machine


def another_command(folders: Folders) -> Machine:
    return Machine(folders, environ={})


def test_one_passphrase_for_a_session(with_vault: Machine, folders: Folders) -> None:
    data = profile()
    assert chosen(with_vault) is StoreKind.VAULT
    for name in ("pod", "wms"):
        assert isinstance(secrets_of(with_vault).keep(data, name, Secret(f"{VALUE} {name}")), Done)
    assert value(with_vault, data, "wms") == f"{VALUE} wms"
    later = another_command(folders)
    assert later.status().state is StoreState.LOCKED
    assert why(secrets_of(later).keep(data, "pod", Secret("x"))) is Reason.LOCKED
    assert why(later.unlock_vault(passphrase=Secret("another passphrase"))) is Reason.WRONG_KEY
    assert isinstance(later.unlock_vault(passphrase=Secret(PASSPHRASE)), Done)
    assert value(later, data, "pod") == f"{VALUE} pod"
    assert isinstance(later.lock(), Done)
    assert later.status().state is StoreState.LOCKED


def test_further_commands_find_it_open_for_some_minutes(with_vault: Machine, folders: Folders) -> None:
    data = profile()
    secrets_of(with_vault).keep(data, "pod", Secret(VALUE))
    with_vault.close()
    assert why(secret_for(another_command(folders), data, uses(data)[0])) is Reason.LOCKED
    assert another_command(folders).unlock_vault(passphrase=Secret(PASSPHRASE), minutes=1) == Done(
        f"the encrypted vault {folders.vault} is open"
    )
    assert value(another_command(folders), data, "pod") == VALUE
    another_command(folders).lock()
    assert why(secret_for(another_command(folders), data, uses(data)[0])) is Reason.LOCKED


def test_where_nothing_is_kept_between_commands_that_is_told(
    with_vault: Machine, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omtui.credentials.kernel_cache.platform.machine", lambda: "unknown")
    answer = another_command(folders).unlock_vault(passphrase=Secret(PASSPHRASE), minutes=1)
    assert isinstance(answer, Done)
    assert "this command only" in answer.message


def test_a_vault_for_ssh_keys(machine: Machine, folders: Folders, tmp_path: Any) -> None:
    from tests.credentials.age.test_sealing import make_ssh_key

    first, second = make_ssh_key(tmp_path / "one", "ed25519"), make_ssh_key(tmp_path / "two", "rsa")
    lines = [key.with_suffix(".pub").read_text() for key in (first, second)]
    assert isinstance(machine.init_vault(recipients=lines[:1]), Done)
    data = profile()
    assert isinstance(secrets_of(machine).keep(data, "pod", Secret(VALUE)), Done)
    assert isinstance(machine.add_recipient(lines[1]), Done)
    assert len(machine.vault_recipients()) == 2  # type: ignore[arg-type]
    later = another_command(folders)
    assert why(later.unlock_vault(passphrase=Secret(PASSPHRASE))) is Reason.WRONG_KEY
    identity = identity_from_file(second)
    assert isinstance(identity, Secret)
    assert isinstance(later.unlock_vault(identity=identity), Done)
    assert value(later, data, "pod") == VALUE
    assert why(later.remove_recipient("ssh-ed25519 AAAA")) is Reason.BAD_RECIPIENT
    assert isinstance(later.remove_recipient(lines[0]), Done)
    assert why(later.remove_recipient(lines[1])) is Reason.BAD_RECIPIENT
    first_text = identity_from_file(first)
    assert isinstance(first_text, Secret)
    assert why(another_command(folders).unlock_vault(identity=first_text)) is Reason.WRONG_KEY


def test_from_a_passphrase_to_keys_and_back(with_vault: Machine, folders: Folders, tmp_path: Any) -> None:
    from omtui.credentials.age.recipients import new_identity

    data = profile()
    secrets_of(with_vault).keep(data, "pod", Secret(VALUE))
    key = new_identity()
    assert why(with_vault.add_recipient(str(key.recipient))) is Reason.BAD_RECIPIENT
    assert isinstance(with_vault.rekey_vault(recipients=[str(key.recipient)]), Done)
    assert isinstance(secrets_of(with_vault).keep(data, "wms", Secret("while open")), Done)
    later = another_command(folders)
    assert isinstance(later.unlock_vault(identity=key.secret), Done)
    assert value(later, data, "pod") == VALUE
    assert isinstance(later.rekey_vault(passphrase=Secret(PASSPHRASE + " new")), Done)
    assert isinstance(secrets_of(later).keep(data, "wms", Secret("again")), Done)
    last = another_command(folders)
    assert isinstance(last.unlock_vault(passphrase=Secret(PASSPHRASE + " new")), Done)
    assert value(last, data, "wms") == "again"


def test_a_vault_needs_one_good_way_to_open_it(machine: Machine) -> None:
    assert why(machine.init_vault()) is Reason.BAD_RECIPIENT
    assert why(machine.init_vault(passphrase=Secret(PASSPHRASE), recipients=["age1"])) is Reason.BAD_RECIPIENT
    assert why(machine.init_vault(passphrase=Secret("brief"))) is Reason.WEAK_PASSPHRASE
    assert why(machine.init_vault(recipients=["age1qq"])) is Reason.BAD_RECIPIENT
    assert why(machine.unlock_vault(passphrase=Secret(PASSPHRASE))) is Reason.NO_VAULT
    assert chosen(machine) is None


def test_a_vault_is_never_written_over(with_vault: Machine) -> None:
    assert why(with_vault.init_vault(passphrase=Secret(PASSPHRASE))) is Reason.EXISTS


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
        secrets_of(own).keep(data, "pod", Secret(f"{VALUE} {data['profile']['name']}"))
    assert why(secrets_of(own).move(dev, StoreKind.VAULT)) is Reason.NO_VAULT
    assert value(own, dev, "pod") == f"{VALUE} vision-dev"
    machine_vault = own.vault()
    assert not isinstance(machine_vault, SecretProblem)
    from omtui.credentials.age.recipients import Passphrase

    cheap = Passphrase(Secret(PASSPHRASE), work_factor=10)
    machine_vault.create([cheap], [cheap])
    moved = secrets_of(own).move(dev, StoreKind.VAULT)
    assert isinstance(moved, list)
    assert [one.reference for one in moved if isinstance(one.outcome, Done)] == [SecretReference("vision-dev", "pod")]
    assert chosen(own) is StoreKind.VAULT
    assert isinstance(secrets_of(own).move(test, StoreKind.VAULT, source=StoreKind.MEMORY), list)
    assert value(own, test, "pod") == f"{VALUE} vision-test"
    memory = own.store_of(StoreKind.MEMORY)
    assert isinstance(memory, BoundedStore)
    assert memory.read(SecretReference("vision-dev", "pod")) == Absent()
    assert why(secrets_of(own).move(dev, StoreKind.VAULT)) is Reason.NOT_CHOSEN


def test_a_move_that_meets_another_secret_leaves_both(own: Machine) -> None:
    from omtui.credentials.age.recipients import Passphrase
    from tests.credentials.conftest import record_of

    data = profile()
    secrets_of(own).keep(data, "pod", Secret(VALUE))
    vault = own.vault()
    assert not isinstance(vault, SecretProblem)
    cheap = Passphrase(Secret(PASSPHRASE), work_factor=10)
    vault.create([cheap], [cheap])
    vault.write(SecretReference("vision-dev", "pod"), record_of("another"))
    moved = secrets_of(own).move(data, StoreKind.VAULT)
    assert isinstance(moved, list)
    assert why(moved[0].outcome) is Reason.EXISTS
    assert chosen(own) is StoreKind.MEMORY
    assert value(own, data, "pod") == VALUE


def test_one_by_name_moves_and_the_choice_stays(own: Machine) -> None:
    from omtui.credentials.age.recipients import Passphrase

    data = profile()
    for name in ("pod", "wms"):
        secrets_of(own).keep(data, name, Secret(VALUE))
    vault = own.vault()
    assert not isinstance(vault, SecretProblem)
    cheap = Passphrase(Secret(PASSPHRASE), work_factor=10)
    vault.create([cheap], [cheap])
    moved = secrets_of(own).move(data, StoreKind.VAULT, names=["wms"])
    assert isinstance(moved, list)
    assert len(moved) == 1
    assert chosen(own) is StoreKind.MEMORY
    assert value(own, data, "pod") == VALUE
    assert isinstance(vault.read(SecretReference("vision-dev", "wms")), SecretRecord)


def test_a_commands_secrets_do_not_move(own: Machine) -> None:
    assert why(secrets_of(own).move(profile(), StoreKind.COMMAND)) is Reason.READ_ONLY


def test_a_secret_follows_its_credentials_new_name(own: Machine) -> None:
    data = profile()
    secrets = secrets_of(own)
    secrets.keep(data, "pod", Secret(VALUE))
    assert secrets.take_over(data, "pod", "pod sign-in").message.startswith("kept in memory")
    data["pod"]["credential"] = "pod sign-in"
    assert value(own, data, "pod sign-in") == VALUE
    nothing = Problem("the store has no secret under that name", "look up what the credential was called before")
    assert secrets.take_over(data, "pod sign-in", "pod sign-in") == nothing
    assert secrets.take_over(data, "wms", "wms 2") == nothing


def test_secrets_follow_a_profile_that_got_another_name(own: Machine, tmp_path: Any) -> None:
    data = profile()
    former = FormerNames(tmp_path)
    secrets = secrets_of(own, former)
    assert secrets.bring() is None
    secrets.keep(data, "pod", Secret(VALUE))
    note = former.note("vision-dev", "vision-dev2", ["pod", "wms"])
    assert note.write() is None
    assert secrets.bring() == Done("1 secret went along")
    assert former.left() == []
    data["profile"]["name"] = "vision-dev2"
    assert value(own, data, "pod") == VALUE


def test_a_whole_library_at_once(own: Machine) -> None:
    dev, test = profile(), profile(profile={"name": "vision-test"})
    secrets_of(own).keep(dev, "pod", Secret(VALUE))
    shown, status = secrets_of(own).over([dev, test])
    assert status.state is StoreState.READY
    cell = shown.cell("pod", "vision-dev")
    assert cell is not None
    assert cell.presence is Presence.SET
    missing = [one for one in shown.cells.values() if one.presence is Presence.MISSING and one.uses]
    assert len(missing) == 11


# A command


def test_a_command_of_the_settings_file(machine: Machine, folders: Folders) -> None:
    folders.configuration.mkdir(parents=True)
    folders.settings.write_text(
        'store = "command"\n[[command]]\narguments = ["echo", "secret-of-{profile}-{credential}"]\n'
    )
    data = profile()
    facts, status = secrets_of(machine).of(data)
    assert status.where == "a command of yours (echo)"
    assert facts[0].presence is Presence.MISSING
    assert why(secrets_of(machine).keep(data, "pod", Secret("typed"))) is Reason.READ_ONLY
    assert isinstance(secrets_of(machine).keep(data, "pod", Secret("secret-of-vision-dev-pod")), Done)
    assert value(machine, data, "pod") == "secret-of-vision-dev-pod"
    data["pod"]["url"] = "https://evil.example"
    assert why(secret_for(machine, data, uses(data)[0])) is Reason.BOUND_ELSEWHERE


def test_a_broken_settings_file_stops_everything_and_changes_nothing(machine: Machine, folders: Folders) -> None:
    folders.configuration.mkdir(parents=True)
    folders.settings.write_text("store = 'plain'")
    data = profile()
    assert why(secrets_of(machine).keep(data, "pod", Secret(VALUE))) is Reason.SETTINGS_BROKEN
    assert why(secret_for(machine, data, uses(data)[0])) is Reason.SETTINGS_BROKEN
    assert machine.status().reason is Reason.SETTINGS_BROKEN
    assert isinstance(machine.choices(), list)
    assert folders.settings.read_text() == "store = 'plain'"
