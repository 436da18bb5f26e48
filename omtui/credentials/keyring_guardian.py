"""The process that holds a private keyring session: a D-Bus and a GNOME keyring that end when it ends.

Run as a script by `keyring_session`, with nothing but the standard library, so that it starts in some 20 ms.
It ends both programs when its standard input closes: that happens however the program that started it ends,
even by SIGKILL. When this process itself is killed, the kernel ends them (Linux).

Arguments: a fresh folder for the sockets, the folder of the keyring's files. Standard input: four bytes of
length and the password, then nothing until the end. Standard output: one line, the address of the bus.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

_CONFIGURATION = """<busconfig><type>session</type><keep_umask/><listen>unix:dir={folder}</listen>
<auth>EXTERNAL</auth><policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""
"""No service folders: nothing is ever started by the bus, so no dialogue and no noise on the terminal."""

IN_USE = "in use"
"""The line in place of an address when another private session holds the keyring's files."""

_PR_SET_PDEATHSIG = 1
_KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "USER", "LOGNAME")


def main() -> NoReturn:
    """Starts both, waits for the end of standard input, ends both."""
    run, data = sys.argv[1:3]
    password = _password()
    with (Path(data) / "session.lock").open("w") as lock:
        try:
            # Two daemons on the same files each write what they know and lose what the other wrote.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stdout.write(IN_USE + "\n")
            shutil.rmtree(run, ignore_errors=True)
            sys.exit(0)
        _hold(run, data, password)
    sys.exit(0)


def _hold(run: str, data: str, password: bytes) -> None:
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    environment |= {"XDG_RUNTIME_DIR": run, "XDG_DATA_HOME": data, "XDG_CONFIG_HOME": f"{data}/config"}
    started: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        address = _start_bus(run, environment, started)
        environment["DBUS_SESSION_BUS_ADDRESS"] = address
        _start_keyring(run, environment, password, started)
        sys.stdout.write(address + "\n")
        sys.stdout.flush()
        while os.read(0, 1024):
            pass
    finally:
        for process in reversed(started):
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()
        shutil.rmtree(run, ignore_errors=True)


def _password() -> bytes:
    length = int.from_bytes(_exactly(4), "big")
    return _exactly(length)


def _exactly(count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = os.read(0, count - len(data))
        if not more:
            sys.exit(1)
        data += more
    return data


def _start_bus(run: str, environment: dict[str, str], started: list[subprocess.Popen[bytes]]) -> str:
    configuration = Path(run) / "bus.conf"
    configuration.write_text(_CONFIGURATION.format(folder=run), encoding="utf-8")
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as answer:
        command = [
            "dbus-daemon",
            "--config-file",
            str(configuration),
            "--nofork",
            "--nopidfile",
            f"--print-address={writing}",
        ]
        started.append(_start(command, environment, pass_fds=(writing,)))
        os.close(writing)
        return answer.readline().decode("utf-8").strip()


def _start_keyring(
    run: str, environment: dict[str, str], password: bytes, started: list[subprocess.Popen[bytes]]
) -> None:
    command = [
        "gnome-keyring-daemon",
        "--foreground",
        "--components=secrets",
        "--control-directory",
        f"{run}/keyring",
        "--unlock",
    ]
    process = _start(command, environment, stdin=subprocess.PIPE)
    started.append(process)
    assert process.stdin is not None
    process.stdin.write(password)
    process.stdin.close()


def _start(
    command: list[str], environment: dict[str, str], *, stdin: int = subprocess.DEVNULL, pass_fds: tuple[int, ...] = ()
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        env=environment,
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=pass_fds,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )


def _end_with_parent() -> None:
    # Between fork and exec, in a process of one thread: the one place where this is safe.
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    main()
