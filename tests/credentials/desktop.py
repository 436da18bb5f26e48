"""A desktop session's D-Bus and GNOME keyring, started for a test on a private bus, without a screen.

Not the program's own private session: tests of that one must not rest on its own code.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

PASSWORD = "test-pw"
_CONFIGURATION = """<busconfig><type>session</type><keep_umask/><listen>unix:dir={run}</listen>
<auth>EXTERNAL</auth><policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"""


class Desktop:
    """A private bus; the keyring on it can be started, locked, stopped, killed and started again."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="om-test-"))
        self.home = self.folder / "home"
        self.run = self.folder / "run"
        self.home.mkdir()
        self.run.mkdir(mode=0o700)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.run),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CONFIG_HOME": str(self.home / "config"),
        }
        self.keyring: subprocess.Popen[bytes] | None = None
        self.bus = self._start_bus()

    def start_keyring(self, password: str | None = PASSWORD) -> None:
        """Starts the daemon; None leaves it without a password: empty the first time, locked later on."""
        command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
        command += ["--control-directory", str(self.run / "keyring")]
        self.keyring = subprocess.Popen(
            command if password is None else [*command, "--unlock"],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert self.keyring.stdin is not None
        self.keyring.stdin.write((password or "").encode())
        self.keyring.stdin.close()
        self._wait_for_keyring()

    def stop(self) -> None:
        """Wedges the keyring: it is there and never answers."""
        self._keyring().send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._keyring().send_signal(signal.SIGCONT)

    def stop_bus(self) -> None:
        self.bus.send_signal(signal.SIGSTOP)

    def kill_bus(self) -> None:
        self.bus.kill()
        self.bus.wait()

    def kill_keyring(self) -> None:
        self._keyring().kill()
        self._keyring().wait()

    def lock(self) -> None:
        """Locks the default keyring again."""
        from secretstorage import Collection

        connection = self._connected()
        try:
            Collection(connection).lock()
        finally:
            connection.close()

    def close(self) -> None:
        for process in (self.keyring, self.bus):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder)

    def __enter__(self) -> "Desktop":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keyring(self) -> "subprocess.Popen[bytes]":
        assert self.keyring is not None
        return self.keyring

    def _start_bus(self) -> "subprocess.Popen[bytes]":
        configuration = self.folder / "bus.conf"
        configuration.write_text(_CONFIGURATION.format(run=self.run))
        reading, writing = os.pipe()
        command = ["dbus-daemon", "--config-file", str(configuration), "--nofork", "--nopidfile"]
        bus = subprocess.Popen(
            [*command, f"--print-address={writing}"],
            pass_fds=(writing,),
            env=self.environment,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.address = answer.readline().strip()
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.address
        return bus

    def _connected(self) -> Any:
        from jeepney.bus import get_connectable_addresses
        from jeepney.io.blocking import DBusConnection, prep_socket

        return DBusConnection(prep_socket(next(iter(get_connectable_addresses(self.address)))))

    def _wait_for_keyring(self) -> None:
        from jeepney import HeaderFields, MatchRule, message_bus
        from jeepney.io.blocking import Proxy

        name = "org.freedesktop.secrets"
        connection = self._connected()
        try:
            rule = MatchRule(
                type="signal",
                sender="org.freedesktop.DBus",
                member="NameOwnerChanged",
                interface="org.freedesktop.DBus",
            )
            rule.add_arg_condition(0, name)
            bus = Proxy(message_bus, connection, timeout=5)
            bus.AddMatch(rule)
            with connection.filter(rule, bufsize=8) as changes:
                # A daemon killed a moment ago may still be listed; the name's owner decides.
                while not bus.NameHasOwner(name)[0]:
                    assert HeaderFields.path in connection.recv_until_filtered(changes, timeout=5).header.fields
        finally:
            connection.close()
