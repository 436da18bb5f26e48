"""A private keyring session: an own D-Bus with an own, unlocked GNOME keyring, for hosts without a desktop.

Its keyring is a file of its own, encrypted with a password of its own, so that neither a desktop's keyring nor
its password is touched. It ends with the program that started it.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from omtui.credentials.answer import Reason, SecretProblem
from omtui.credentials.bus import BadAddressError, connect
from omtui.credentials.deadline import readable_within
from omtui.credentials.keyring_guardian import IN_USE
from omtui.credentials.secret import Secret
from omtui.credentials.secret_service import SecretServiceStore
from omtui.credentials.store import StoreKind

PROGRAMS = ("dbus-daemon", "gnome-keyring-daemon")
"""What a private session is made of."""

_START_SECONDS = 5.0
_END_SECONDS = 2.0
_LONGEST_FOLDER = 60
_WHERE = "a private keyring session (GNOME keyring)"


class KeyringSession:
    """A running private session. `close` ends it; so does the end of this program, however it ends."""

    def __init__(self, guardian: "subprocess.Popen[bytes]", address: str, run: str) -> None:
        self._guardian = guardian
        self._run = run
        self.address = address
        self.store = SecretServiceStore(address, StoreKind.SESSION, _WHERE)

    @property
    def environment(self) -> dict[str, str]:
        """The variables for a program that is to use this session (`omtui keyring session -- PROGRAM`).

        For that program the session's keyring is the system's own, whichever store this machine uses.
        """
        return os.environ | {"DBUS_SESSION_BUS_ADDRESS": self.address, "OMTUI_STORE": StoreKind.KEYRING.value}

    @property
    def running(self) -> bool:
        """Whether the session is still there."""
        return self._guardian.poll() is None

    def close(self) -> None:
        """Ends the session and waits until its programs are gone."""
        if self._guardian.stdin is not None:
            self._guardian.stdin.close()
        try:
            self._guardian.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            # Its programs end with it: the kernel sees to that.
            self._guardian.kill()
            self._guardian.wait()
        if self._guardian.stdout is not None:
            self._guardian.stdout.close()
        shutil.rmtree(self._run, ignore_errors=True)


def session_exists(data: Path) -> bool:
    """Whether a private keyring was made before: its password is asked for once then, else twice."""
    return any((data / "keyrings").glob("*.keyring"))


def start_session(password: Secret, data: Path) -> KeyringSession | SecretProblem:
    """Starts a private session on the keyring in the folder `data`, made with this password if there is none.

    Takes some 100 ms and at most 5 s. A wrong password is `SecretProblem` with reason `DENIED`.
    """
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        return SecretProblem(
            f"a private keyring session needs {' and '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} "
            "not installed",
            "Install them (Debian: gnome-keyring, dbus), or use the encrypted vault (omtui vault init).",
            Reason.NOT_HERE,
        )
    if password.is_empty:
        return SecretProblem(
            "a keyring with an empty password is not encrypted", "Choose a password.", Reason.WEAK_PASSPHRASE
        )
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        run = tempfile.mkdtemp(prefix="omtui-", dir=_short_run_folder())
    except OSError as error:
        return SecretProblem(
            f"no folder could be made for a private keyring session ({error.strerror})",
            "See that the home and the run-time folder can be written to.",
            Reason.CANNOT_WRITE,
        )
    session = _start(password, data, run)
    if isinstance(session, SecretProblem):
        return session
    problem = session.store.status().problem
    if problem is None:
        return session
    session.close()
    if problem.reason is Reason.LOCKED:
        # The daemon reports success for a wrong password too: only the state shows it.
        return SecretProblem("that is not the private keyring's password", "Type it again.", Reason.DENIED)
    return problem


def _start(password: Secret, data: Path, run: str) -> KeyringSession | SecretProblem:
    script = Path(__file__).with_name("keyring_guardian.py")
    guardian = subprocess.Popen(
        [sys.executable, "-I", "-S", str(script), run, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Ctrl+C in the terminal is for the program in front, not for its keyring.
        start_new_session=True,
    )
    assert guardian.stdin is not None
    assert guardian.stdout is not None
    deadline = time.monotonic() + _START_SECONDS
    secret = password.reveal().encode()
    try:
        guardian.stdin.write(len(secret).to_bytes(4, "big") + secret)
        guardian.stdin.flush()
        ready = readable_within(_START_SECONDS, guardian.stdout.fileno())
        address = guardian.stdout.readline().decode().strip() if ready else ""
    except BrokenPipeError:
        address = ""
    finally:
        del secret
    session = KeyringSession(guardian, address, run)
    if address == IN_USE:
        session.close()
        return SecretProblem(
            "another omtui of this user holds the private keyring session",
            "End that one, or use the encrypted vault, which several may share (omtui vault init).",
            Reason.BUSY,
        )
    if address and _owned(address, deadline):
        return session
    session.close()
    return SecretProblem(
        "the private keyring session did not start",
        "Try dbus-daemon and gnome-keyring-daemon by hand, or use the encrypted vault (omtui vault init).",
        Reason.TIMED_OUT if address else Reason.WENT_AWAY,
    )


def _owned(address: str, deadline: float) -> bool:
    """Waits until the keyring has taken its name on the bus."""
    from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
    from jeepney.io.blocking import Proxy  # type: ignore[import-untyped]

    try:
        with closing(connect(address, max(0.1, deadline - time.monotonic()))) as connection:
            while time.monotonic() < deadline:
                if Proxy(message_bus, connection).NameHasOwner("org.freedesktop.secrets")[0]:
                    return True
                time.sleep(0.01)
    except (OSError, BadAddressError):
        return False
    return False


def _short_run_folder() -> str:
    """Where sockets go: their whole path may have some 100 characters only."""
    folders = [os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir()]
    short = (folder for folder in folders if 0 < len(folder) < _LONGEST_FOLDER and os.access(folder, os.W_OK))
    return next(short, "/tmp")
