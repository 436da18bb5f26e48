"""The encrypted vault: one passphrase or key, one file, nothing lost between two programs."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from omtui.credentials.age.recipients import Identity, Passphrase, new_identity
from omtui.credentials.age.sealing import seal
from omtui.credentials.answer import Absent, Reason, SecretProblem
from omtui.credentials.record import SecretRecord, SecretReference
from omtui.credentials.secret import Secret
from omtui.credentials.store import BoundedStore, StoreState
from omtui.credentials.vault import Vault
from omtui.problem import Done
from tests.credentials.age.test_sealing import make_ssh_key
from tests.credentials.conftest import record_of


def cheap(text: str = "one passphrase for all") -> Passphrase:
    return Passphrase(Secret(text), work_factor=10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own" / "vault.age"


@pytest.fixture
def vault(path: Path) -> Vault:
    made = Vault(path)
    passphrase = cheap()
    assert isinstance(made.create([passphrase], [passphrase]), Done)
    return made


@pytest.fixture
def derived(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The costs of the passphrases derived since the vault was made."""
    costs: list[int] = []
    derive = Passphrase._derive

    def counting(self: Passphrase, salt: bytes, cost: int) -> bytes:
        costs.append(cost)
        return derive(self, salt, cost)

    monkeypatch.setattr(Passphrase, "_derive", counting)
    return costs


def opened(path: Path, *identities: Identity) -> Vault:
    vault = Vault(path)
    assert isinstance(vault.unlock(identities or [cheap()]), Done)
    return vault


def why(answer: object) -> Reason:
    assert isinstance(answer, SecretProblem), answer
    assert answer.fix
    return answer.reason


def test_it_keeps_gives_back_and_deletes(
    vault: Vault, path: Path, reference: SecretReference, record: SecretRecord
) -> None:
    store = BoundedStore(vault)
    assert store.read(reference) == Absent()
    assert isinstance(store.write(reference, record), Done)
    again = opened(path)
    found = again.read(reference)
    assert isinstance(found, SecretRecord)
    assert found.same_as(record)
    assert store.delete(reference) == Done(f"deleted from {vault.where}")
    assert store.delete(reference) == Done(f"there was none in {vault.where}")
    assert again.read(reference) == Absent()


def test_the_file_shows_nothing(vault: Vault, path: Path, reference: SecretReference) -> None:
    assert isinstance(vault.write(reference, record_of("hunter2-hunter2")), Done)
    content = path.read_bytes()
    for known in (b"hunter2", b"vision-dev", b"ocs.example", b"om.integration"):
        assert known not in content
    assert path.stat().st_mode & 0o777 == 0o600


def test_no_vault_and_a_locked_one_are_not_a_missing_secret(
    path: Path, reference: SecretReference, record: SecretRecord, vault: Vault
) -> None:
    nowhere = BoundedStore(Vault(path.with_name("none.age")))
    locked = BoundedStore(Vault(path))
    for store, reason, state in (
        (nowhere, Reason.NO_VAULT, StoreState.UNREACHABLE),
        (locked, Reason.LOCKED, StoreState.LOCKED),
    ):
        assert store.status().state is state
        assert store.status().reason is reason
        for answer in (store.read(reference), store.write(reference, record), store.delete(reference)):
            assert why(answer) is reason
    assert why(nowhere.inner.unlock([cheap()])) is Reason.NO_VAULT  # type: ignore[attr-defined]


def test_a_wrong_passphrase_and_a_changed_file_are_told_alike(vault: Vault, path: Path) -> None:
    wrong = Vault(path).unlock([cheap("another one of those")])
    assert why(wrong) is Reason.WRONG_KEY
    content = bytearray(path.read_bytes())
    at = content.index(b"\n--- ") + 7
    content[at] = ord("A") if content[at] != ord("A") else ord("B")
    path.write_bytes(content)
    changed = Vault(path).unlock([cheap()])
    assert isinstance(wrong, SecretProblem)
    assert isinstance(changed, SecretProblem)
    assert wrong.message == changed.message


def test_wrong_and_changed_cost_the_same(vault: Vault, path: Path, derived: list[int]) -> None:
    """Both pay for one derivation, which is all the time it takes; the answer is the same for both."""
    content = path.read_bytes()
    at = content.index(b"\n--- ") + 7
    changed = content[:at] + (b"A" if content[at : at + 1] != b"A" else b"B") + content[at + 1 :]
    for data, passphrase in ((content, "wrong"), (changed, "one passphrase for all"), (changed, "wrong")):
        path.write_bytes(data)
        derived.clear()
        assert isinstance(Vault(path).unlock([cheap(passphrase)]), SecretProblem)
        assert derived == [10]


@pytest.mark.parametrize("damage", ["truncate", "junk", "empty", "other"])
def test_a_damaged_file_is_told_and_never_written_over(
    vault: Vault, path: Path, damage: str, record: SecretRecord
) -> None:
    content = path.read_bytes()
    changed = {
        "truncate": content[:-5],
        "junk": content + b"junk",
        "empty": b"",
        "other": b"just a text\n",
    }[damage]
    path.write_bytes(changed)
    assert why(Vault(path).unlock([cheap()])) is Reason.DAMAGED
    assert why(vault.write(SecretReference("a", "b"), record)) is Reason.DAMAGED
    assert why(Vault(path).create([cheap()], [cheap()])) is Reason.EXISTS
    assert path.read_bytes() == changed


def test_content_that_is_not_ours_is_told(path: Path, vault: Vault) -> None:
    for content in (
        b"",
        b"[]",
        b'{"v": 2}',
        b'{"v":1,"recipients":[],"secrets":[["a","b",{}]]}',
        b"[" * 100_000,
        b"\xff",
    ):
        path.write_bytes(seal(content, [cheap()]))
        assert why(Vault(path).unlock([cheap()])) is Reason.DAMAGED


def test_a_dear_vault_is_refused_before_anything_is_derived(path: Path, derived: list[int]) -> None:
    path.write_bytes(path.read_bytes().replace(b" 10\n", b" 22\n", 1))
    costly = Vault(path).unlock([cheap()])
    assert why(costly) is Reason.TOO_COSTLY
    assert "backup" not in str(costly), "nothing is wrong with the file"
    assert derived == []


def test_it_opens_once_and_is_not_derived_again(
    vault: Vault, path: Path, reference: SecretReference, record: SecretRecord, derived: list[int]
) -> None:
    again = opened(path)
    for _ in range(20):
        again.read(reference)
    assert len(derived) == 1
    again.write(reference, record)
    again.read(reference)
    assert len(derived) == 2  # a fresh salt each time it is written


def test_two_programs_lose_nothing(vault: Vault, path: Path) -> None:
    wrong: list[object] = []

    def keep(name: str) -> None:
        own = opened(path)
        for number in range(5):
            answer = own.write(SecretReference(name, str(number)), record_of(f"{name} {number}"))
            if not isinstance(answer, Done):
                wrong.append(answer)

    threads = [threading.Thread(target=keep, args=(f"profile{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    references = [SecretReference(f"profile{number}", str(each)) for number in range(4) for each in range(5)]
    assert [one for one in references if not isinstance(vault.read(one), SecretRecord)] == []


def test_two_processes_set_the_same_and_the_last_one_wins_whole(
    vault: Vault, path: Path, reference: SecretReference
) -> None:
    script = f"""
import pathlib, sys
from omtui.credentials.vault import Vault
from omtui.credentials.record import SecretReference
from omtui.problem import Done
from tests.credentials.test_vault import cheap, opened
from tests.credentials.conftest import record_of
own = opened(pathlib.Path({str(path)!r}))
for number in range(10):
    kept = own.write(SecretReference("vision-dev", "pod"), record_of(f"{{sys.argv[1]}} {{number}}"))
    assert isinstance(kept, Done)
"""
    root = Path(__file__).parents[2]
    programs = [
        subprocess.Popen([sys.executable, "-c", script, name], env=os.environ | {"PYTHONPATH": str(root)})
        for name in ("one", "two")
    ]
    assert [program.wait(60) for program in programs] == [0, 0]
    found = vault.read(reference)
    assert isinstance(found, SecretRecord)
    assert found.secret.reveal() in ("one 9", "two 9")


def test_locking_lets_everything_go_but_not_what_is_in_use(vault: Vault, reference: SecretReference) -> None:
    mine = record_of("hunter2-hunter2")
    assert isinstance(vault.write(reference, mine), Done)
    found = vault.read(reference)
    assert isinstance(found, SecretRecord)
    held = vault._opened
    assert held is not None
    passphrase = held.identities[0]
    vault.lock()
    assert found.secret.reveal() == "hunter2-hunter2"
    assert mine.secret.reveal() == "hunter2-hunter2"
    assert all(kept.secret.forgotten for kept in held.records.values())
    assert isinstance(passphrase, Passphrase)
    assert passphrase.secret.forgotten
    assert why(vault.read(reference)) is Reason.LOCKED


def test_it_locks_itself_after_some_time_without_use(path: Path, vault: Vault, reference: SecretReference) -> None:
    now = 1000.0
    own = Vault(path, relock_after=60, clock=lambda: now)
    assert isinstance(own.unlock([cheap()]), Done)
    now += 59
    assert own.read(reference) == Absent()
    now += 59
    assert own.read(reference) == Absent()
    now += 60
    assert own.status().state is StoreState.LOCKED
    assert why(own.read(reference)) is Reason.LOCKED


def test_sealed_for_keys_it_opens_with_any_of_them(
    tmp_path: Path, path: Path, reference: SecretReference, record: SecretRecord
) -> None:
    from omtui.credentials.keys import read_identity, read_recipient

    ssh = make_ssh_key(tmp_path / "id", "ed25519")
    recipient, identity = read_recipient(ssh.with_suffix(".pub").read_text()), read_identity(Secret(ssh.read_text()))
    key = new_identity()
    vault = Vault(path)
    assert isinstance(vault.create([key.recipient, recipient], []), Done)  # type: ignore[list-item]
    assert isinstance(vault.write(reference, record), Done)
    for opener in (key, identity):
        again = opened(path, opener)  # type: ignore[arg-type]
        assert isinstance(again.read(reference), SecretRecord)
        assert again.recipients() == (str(key.recipient), str(recipient))
    assert why(Vault(path).unlock([new_identity()])) is Reason.WRONG_KEY
    assert Vault(path).opens_with_passphrase() is False


def test_rekeying_shuts_the_old_key_out_and_keeps_the_secrets(
    vault: Vault, path: Path, reference: SecretReference, record: SecretRecord
) -> None:
    assert isinstance(vault.write(reference, record), Done)
    elsewhere = opened(path)
    new = cheap("a new passphrase now")
    assert isinstance(vault.rekey([new], [new]), Done)
    assert isinstance(vault.read(reference), SecretRecord)
    assert why(Vault(path).unlock([cheap()])) is Reason.WRONG_KEY
    assert isinstance(opened(path, cheap("a new passphrase now")).read(reference), SecretRecord)
    # Another program that had it open notices, and does not go on with what it had.
    answer = elsewhere.write(reference, record)
    assert why(answer) is Reason.WRONG_KEY
    assert why(elsewhere.read(reference)) is Reason.LOCKED


def test_a_vault_that_others_can_reach_is_refused(vault: Vault, path: Path, reference: SecretReference) -> None:
    path.chmod(0o644)
    assert why(vault.read(reference)) is Reason.INSECURE
    assert vault.status().reason is Reason.INSECURE


def test_the_age_command_opens_the_vault(
    path: Path, tmp_path: Path, reference: SecretReference, record: SecretRecord
) -> None:
    """Nobody is locked in: what is in the vault can be had without this program."""
    from tests.programs import require

    key = new_identity()
    vault = Vault(path)
    assert isinstance(vault.create([key.recipient], [key]), Done)
    assert isinstance(vault.write(reference, record), Done)
    (tmp_path / "key").write_text(key.secret.reveal())
    done = subprocess.run(
        [require("age"), "-d", "-i", str(tmp_path / "key"), str(path)], capture_output=True, timeout=30, check=True
    )
    assert b"correct horse" in done.stdout
