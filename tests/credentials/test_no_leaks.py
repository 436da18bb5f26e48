"""After a whole day with secrets there is none of them in any file, any log, or anything that was shown."""

import base64
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.traceback import Traceback

from omtui.credentials.answer import SecretProblem
from omtui.credentials.destination import Destination
from omtui.credentials.record import SecretReference, release
from omtui.credentials.store import BoundedStore, MemoryStore
from omtui.plain_text import plain
from tests.credentials.conftest import record_of
from tests.credentials.full_session import Crashing
from tests.credentials.web_server import Server
from tests.programs import require

SECRETS = ['P0d-sekret/"é+ü"-91', "wms&<sekret>%20-77", "Ev3nts:sekret\\n-55", "Pass phrase of the vault 33"]


def leaked_forms(secret: str) -> set[bytes]:
    """The forms of the issue, and base64 in any position; made here, not by the program's own list."""
    data = secret.encode()
    whole = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        repr(data)[2:-1],
        data.hex(),
    }
    # Twelve bytes in the middle, at each of the three positions they may have: sixteen signs of base64 less the rim.
    middle = {base64.b64encode(data[at : at + 12]).decode() for at in range(3)}
    return {form.encode() for form in whole | middle}


def assert_clean(content: bytes, where: object) -> None:
    for number, secret in enumerate(SECRETS):
        for form in leaked_forms(secret):
            assert form not in content, f"secret {number} as {form!r} in {where}"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for name in ("home", "home/tmp", "home/run"):
        (tmp_path / name).mkdir(mode=0o700)
    return tmp_path / "home"


ATTACKS = [
    "\x1b]52;c;aGk=\x07",
    "\x9b31m",
    "\x1b[2J",
    "\x1bP",
    "\u202e",
    "\u2066",
    "\r\n2026 INFO all is well",
    "[@click=app.quit]x[/]",
]


def test_a_full_session_leaves_and_shows_nothing(home: Path) -> None:
    require("dbus-daemon")
    require("gnome-keyring-daemon")

    def echoes(server: Server, authorization: str | None) -> tuple[int, dict[str, str]]:
        sent = base64.b64decode(authorization.split()[1]).decode() if authorization else ""
        return 401, {"WWW-Authenticate": "Basic realm=x", "X-You-Sent": quote(sent), "X-Raw": authorization or ""}

    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "LANG": "C.UTF-8",
    }
    script = str(Path(__file__).with_name("full_session.py"))
    with Server(echoes) as server:
        done = subprocess.run(
            [
                sys.executable,
                script,
                server.url("/om/events?token=sekret-token"),
            ],
            input="\0".join(SECRETS).encode(),
            capture_output=True,
            timeout=100,
            check=False,
            env=environment,
            cwd=home,
        )
        assert server.secrets_sent == 1
    assert done.returncode == 0, done.stderr.decode()
    assert (home / "tmp" / "ended").exists()
    assert_clean(done.stdout, "standard output")
    assert_clean(done.stderr, "standard error")
    files = [file for file in home.rglob("*") if file.is_file()]
    names = {file.name for file in files}
    assert {"vault.age", "credentials.toml", "sign-ins.json", "debug.log", "handover.toml"} <= names
    assert any(file.suffix == ".keyring" for file in files)
    for file in files:
        assert_clean(file.read_bytes(), file)
        assert_clean(file.name.encode(), "a file name")
    log = (home / "debug.log").read_text()
    assert "httpcore" in log
    assert "sekret-token" not in log
    for file in files:
        if file.name in ("vault.age", "credentials.toml", "sign-ins.json") or file.suffix == ".keyring":
            assert file.stat().st_mode & 0o077 == 0, file


def test_the_search_would_find_what_it_looks_for() -> None:
    """A test that cannot fail proves nothing: each form is found where it is."""
    for secret in SECRETS:
        for form in leaked_forms(secret):
            with pytest.raises(AssertionError):
                assert_clean(b"before " + form + b" after", "here")
        for before in (b"", b"u:", b"us:"):
            with pytest.raises(AssertionError):
                assert_clean(base64.b64encode(before + secret.encode() + b"!!"), "here")


@pytest.mark.parametrize("locals_shown", [True, False])
def test_a_crash_of_a_store_shows_no_variable_of_its_frames(locals_shown: bool) -> None:
    """A crash screen prints the values of variables; an error from a store has no frames to take them from."""
    crashing = Crashing()
    reference = SecretReference("vision-dev", "pod")
    crashing.write(reference, record_of(SECRETS[0]))
    out = io.StringIO()
    with pytest.raises(LookupError) as failure:
        BoundedStore(crashing).read(reference)
    error = failure.value
    frames = Traceback.from_exception(type(error), error, error.__traceback__, show_locals=locals_shown)
    Console(file=out, width=300, color_system=None).print(frames)
    # The message itself is the library's; only the frames are ours to take away.
    shown = out.getvalue().replace(f"could not use {SECRETS[0]}", "")
    assert SECRETS[0] not in shown
    assert "headers" not in shown
    assert "Traceback" in "".join(getattr(error, "__notes__", []))
    assert SECRETS[0] not in "".join(getattr(error, "__notes__", []))


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=20),
    st.sampled_from(ATTACKS),
)
def test_foreign_text_in_what_is_shown_is_plain(text: str, attack: str) -> None:
    hostile = text + attack
    answers: list[object] = [
        release(plain(hostile), record_of("hunter2-hunter2"), Destination("https", "evil.example", 443, hostile)),
        BoundedStore(MemoryStore()).read(SecretReference(hostile, hostile)),
    ]
    for answer in answers:
        for shown in (getattr(answer, "detail", ""), getattr(answer, "remedy", "")):
            assert shown == plain(shown)
    assert isinstance(answers[0], SecretProblem)
