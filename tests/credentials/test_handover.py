"""The hand-over part: sealed for somebody, bound to one profile, opened whole or not at all."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from omtui.credentials.age.recipients import Passphrase, new_identity
from omtui.credentials.age.sealing import seal_armoured
from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.handover import (
    HandedOver,
    SecretChange,
    encrypt_secrets,
    incoming,
    open_secrets,
    profile_digest,
)
from omtui.credentials.keys import passphrase_recipient, read_identity, recipients_of
from omtui.credentials.record import SecretRecord, SecretReference, new_record
from omtui.credentials.secret import Secret
from omtui.credentials.store import BoundedStore, MemoryStore
from tests.credentials.age.test_sealing import make_ssh_key
from tests.credentials.conftest import record_of
from tests.credentials.test_matrix import Failing

PROFILE = b'schema = 1\n\n[profile]\nname = "vision-dev"\n'
KEY = new_identity()


def records() -> dict[str, SecretRecord]:
    return {"pod": record_of("secret of the pod"), "pick": record_of("päss\nof pick")}


def sealed() -> bytes:
    part = encrypt_secrets("vision-dev", PROFILE, records(), [KEY.recipient])
    assert isinstance(part, str)
    return part.encode()


def why(answer: object) -> Reason:
    assert isinstance(answer, SecretProblem), answer
    assert answer.fix
    return answer.reason


def test_the_receiver_gets_everything_and_when_it_was_sealed() -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    opened = open_secrets(sealed(), PROFILE, [KEY])
    assert isinstance(opened, HandedOver)
    assert opened.profile == "vision-dev"
    assert before <= opened.created
    assert set(opened.records) == {"pod", "pick"}
    assert opened.records["pick"].secret.reveal() == "päss\nof pick"
    assert opened.records["pod"].destinations == records()["pod"].destinations


def test_the_part_is_armoured_text_and_shows_nothing() -> None:
    text = sealed().decode("ascii")
    assert text.startswith("-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert text.endswith("-----END AGE ENCRYPTED FILE-----\n")
    assert "vision" not in text


def test_line_ends_of_a_mail_program_do_not_break_it() -> None:
    assert isinstance(
        open_secrets(sealed().replace(b"\n", b"\r\n"), PROFILE.replace(b"\n", b"\r\n"), [KEY]), HandedOver
    )


@pytest.mark.parametrize(
    "profile", [b"", PROFILE + b"x", PROFILE.replace(b"dev", b"prd"), PROFILE[:-1], PROFILE.replace(b"1", b"1 ")]
)
def test_it_opens_for_its_own_profile_only(profile: bytes) -> None:
    assert why(open_secrets(sealed(), profile, [KEY])) is Reason.OTHER_PROFILE


def test_every_change_of_the_part_is_refused() -> None:
    part = sealed()
    for at in range(0, len(part), 7):
        changed = part[:at] + (b"A" if part[at : at + 1] != b"A" else b"B") + part[at + 1 :]
        assert isinstance(open_secrets(changed, PROFILE, [KEY]), SecretProblem), at
        assert isinstance(open_secrets(part[:at], PROFILE, [KEY]), SecretProblem), at


def test_somebody_elses_key_opens_nothing() -> None:
    assert why(open_secrets(sealed(), PROFILE, [new_identity()])) is Reason.WRONG_KEY
    assert why(open_secrets(sealed(), PROFILE, [])) is Reason.WRONG_KEY
    assert why(open_secrets(sealed(), PROFILE, [Passphrase(Secret("x"))])) is Reason.WRONG_KEY


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"kind": "omtui secrets", "v": 2}',
        json.dumps(
            {"kind": "other", "v": 1, "profile": "", "profile_sha256": "", "created": "", "secrets": {}}
        ).encode(),
        json.dumps(
            {
                "kind": "omtui secrets",
                "v": 1,
                "profile": "vision-dev",
                "profile_sha256": profile_digest(PROFILE),
                "created": "2026-11-23T10:00:00+00:00",
                "secrets": {"pod": {"v": 1, "value": "x"}},
            }
        ).encode(),
    ],
)
def test_what_somebody_else_sealed_for_us_is_refused_whole(content: bytes) -> None:
    assert why(open_secrets(seal_armoured(content, [KEY.recipient]).encode(), PROFILE, [KEY])) is Reason.DAMAGED


def test_a_passphrase_has_the_same_cost_everywhere() -> None:
    recipients = passphrase_recipient(Secret("four words and more"))
    assert isinstance(recipients, list)
    part = encrypt_secrets("vision-dev", PROFILE, records(), recipients)
    assert isinstance(part, str)
    import base64

    header = base64.b64decode("".join(part.splitlines()[1:-1]))
    assert header.splitlines()[1].endswith(b" 17")
    assert isinstance(open_secrets(part.encode(), PROFILE, [Passphrase(Secret("four words and more"))]), HandedOver)
    wrong = open_secrets(part.encode(), PROFILE, [Passphrase(Secret("four words and less"))])
    assert why(wrong) is Reason.WRONG_KEY
    assert why(open_secrets(part.encode(), PROFILE, [Passphrase(Secret("x"), highest=16)])) is Reason.TOO_COSTLY


@pytest.mark.parametrize(
    "weak", ["", "brief", "elevenchars", "aaaaaaaaaaaaaaaaaaaa", "abababababababab", "            "]
)
def test_a_weak_passphrase_is_refused_and_not_repeated(weak: str) -> None:
    refused = passphrase_recipient(Secret(weak))
    assert why(refused) is Reason.WEAK_PASSPHRASE
    assert not weak.strip() or weak not in repr(refused)


def test_nobody_or_nothing_to_hand_over() -> None:
    assert why(recipients_of([])) is Reason.BAD_RECIPIENT
    assert why(recipients_of([str(KEY.recipient)] * 21)) is Reason.BAD_RECIPIENT
    assert why(encrypt_secrets("vision-dev", PROFILE, {}, [KEY.recipient])) is Reason.EMPTY


@pytest.mark.parametrize("kind", ["ecdsa", "rsa-short"])
def test_keys_that_cannot_be_sealed_for(tmp_path: Path, kind: str) -> None:
    public = make_ssh_key(tmp_path / "id", kind).with_suffix(".pub").read_text()
    refused = recipients_of([str(KEY.recipient), public])
    assert why(refused) is Reason.BAD_RECIPIENT
    assert isinstance(refused, SecretProblem)
    assert refused.message.startswith("recipient 2: ")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "age1",
        "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
        "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIA==",
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-ed25519 !!!!",
        "ssh-dss AAAAB3NzaC1kc3M=",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIJ",
        "\x1b]52;c;x\x07",
        "-oProxyCommand=x",
    ],
)
def test_text_that_is_no_key(line: str) -> None:
    refused = recipients_of([line])
    assert why(refused) is Reason.BAD_RECIPIENT
    assert "\x1b" not in repr(refused)


def test_a_private_key_given_by_mistake_is_not_repeated(tmp_path: Path) -> None:
    ssh = make_ssh_key(tmp_path / "id", "ed25519").read_text()
    for private in (KEY.secret.reveal(), KEY.secret.reveal().lower(), ssh):
        refused = recipients_of([private])
        assert why(refused) is Reason.BAD_RECIPIENT
        assert isinstance(refused, SecretProblem)
        assert "private" in refused.message
        for piece in private.split():
            assert len(piece) < 10 or piece not in repr(refused)


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_a_protected_ssh_key_asks_for_its_passphrase(tmp_path: Path, kind: str) -> None:
    file = make_ssh_key(tmp_path / "id", kind, passphrase="of the key")
    text = Secret(file.read_text())
    from omtui.credentials.age.fault import BadKey

    without, wrong = read_identity(text), read_identity(text, Secret("another"))
    assert isinstance(without, BadKey)
    assert without.needs_passphrase
    assert isinstance(wrong, BadKey)
    assert wrong.needs_passphrase
    right = read_identity(text, Secret("of the key"))
    assert not isinstance(right, BadKey)
    recipients = recipients_of([file.with_suffix(".pub").read_text()])
    assert isinstance(recipients, list)
    part = encrypt_secrets("vision-dev", PROFILE, records(), recipients)
    assert isinstance(part, str)
    assert isinstance(open_secrets(part.encode(), PROFILE, [right]), HandedOver)


def test_a_protected_ssh_key_without_the_package_says_what_is_needed(tmp_path: Path) -> None:
    file = make_ssh_key(tmp_path / "id", "ed25519", passphrase="of the key")
    script = f"""
import pathlib, sys
sys.modules["bcrypt"] = None
from omtui.credentials.keys import read_identity
from omtui.credentials.secret import Secret
print(read_identity(Secret(pathlib.Path({str(file)!r}).read_text()), Secret("of the key")).reason)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert "pip install bcrypt" in done.stdout


def test_a_passphrase_for_a_key_that_needs_none_does_no_harm(tmp_path: Path) -> None:
    from omtui.credentials.age.fault import BadKey

    text = Secret(make_ssh_key(tmp_path / "id", "ed25519").read_text())
    assert not isinstance(read_identity(text, Secret("x")), BadKey)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        "AGE-SECRET-KEY-1QQ",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n",
        "-----BEGIN PRIVATE KEY-----",
        "hunter2",
    ],
)
def test_text_that_is_no_private_key(text: str) -> None:
    from omtui.credentials.age.fault import BadKey

    answer = read_identity(Secret(text))
    assert isinstance(answer, BadKey)
    assert "hunter2" not in answer.reason


def test_what_an_import_would_change_is_arrived_without_values() -> None:
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)

    def at(text: str, moment: datetime) -> SecretRecord:
        return new_record(Secret(text), frozenset(), moment)

    opened = HandedOver(
        "vision-dev",
        new,
        {"a": at("aa", new), "b": at("bb", new), "c": at("cc", old), "d": at("dd", new)},
    )
    store = BoundedStore(MemoryStore())
    for name, record in {"b": at("bb", old), "c": at("other", new), "d": at("other", old)}.items():
        store.write(SecretReference("copy", name), record)
    arrived = incoming(opened, "copy", store.read)
    assert isinstance(arrived, list)
    assert {one.credential: one.change for one in arrived} == {
        "a": SecretChange.NEW,
        "b": SecretChange.SAME,
        "c": SecretChange.OLDER,
        "d": SecretChange.CHANGED,
    }
    assert "other" not in repr(arrived)


def test_a_store_that_cannot_answer_stops_the_comparison() -> None:
    opened = HandedOver("vision-dev", datetime.now(UTC), {"a": record_of("x")})
    assert why(incoming(opened, "vision-dev", Failing(Reason.LOCKED).read)) is Reason.LOCKED
    damaged = incoming(opened, "vision-dev", Failing(Reason.DAMAGED).read)
    assert isinstance(damaged, list)
    assert damaged[0].change is SecretChange.UNKNOWN


def test_the_age_command_opens_a_part(tmp_path: Path) -> None:
    from tests.programs import require

    (tmp_path / "key").write_text(KEY.secret.reveal())
    done = subprocess.run(
        [require("age"), "-d", "-i", str(tmp_path / "key")], input=sealed(), capture_output=True, timeout=30, check=True
    )
    assert json.loads(done.stdout)["profile"] == "vision-dev"


def test_a_part_from_the_future_does_not_keep_later_secrets_out() -> None:
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    for made, set_on in ((now.replace(year=2035), now.replace(year=2035)), (now, now.replace(year=2035))):
        dated = {"pod": SecretRecord(Secret("false"), frozenset(), set_on)}
        part = encrypt_secrets("vision-dev", PROFILE, dated, [KEY.recipient], made)
        assert isinstance(part, str)
        opened = open_secrets(part.encode(), PROFILE, [KEY], now)
        assert isinstance(opened, HandedOver)
        assert opened.created <= now
        store = MemoryStore()
        store.write(SecretReference("vision-dev", "pod"), opened.records["pod"])
        later = {"pod": SecretRecord(Secret("genuine"), frozenset(), now + timedelta(minutes=1))}
        genuine = encrypt_secrets("vision-dev", PROFILE, later, [KEY.recipient], now + timedelta(minutes=2))
        assert isinstance(genuine, str)
        next_one = open_secrets(genuine.encode(), PROFILE, [KEY], now + timedelta(days=1))
        assert isinstance(next_one, HandedOver)
        [found] = incoming(next_one, "vision-dev", store.read)  # type: ignore[arg-type,misc]
        assert found.change is SecretChange.CHANGED
