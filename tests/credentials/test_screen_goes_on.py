"""A keyring that hangs holds up neither a Textual screen nor its end."""

import os
import subprocess
import sys
from pathlib import Path

from tests.credentials.desktop import Desktop

APP = """
import time
from textual.app import App
from omtui.credentials.deadline import call_off_loop
from omtui.credentials.machine import Machine
from omtui.credentials.record import SecretReference

class Screen(App):
    def on_mount(self):
        self.ticks = []
        self.worst = 0.0
        self.run_worker(self.look())
        self.set_interval(0.02, self.tick)

    async def look(self):
        store = Machine().store()
        await call_off_loop(lambda: store.read(SecretReference("vision-dev", "pod")))
        self.ticks.append("answered")

    def tick(self):
        now = time.perf_counter()
        if self.ticks:
            self.worst = max(self.worst, now - self.ticks[-1])
        self.ticks.append(now)
        if len(self.ticks) == 60:
            self.exit()

app = Screen()
app.run(headless=True)
left = time.perf_counter()
assert "answered" not in app.ticks
print("worst", app.worst)
import atexit
atexit.register(lambda: print("left", time.perf_counter() - left))
"""


def test_it_draws_on_and_leaves_within_a_second(desktop: Desktop) -> None:
    desktop.stop()
    done = subprocess.run(
        [sys.executable, "-c", APP],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(desktop.home),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "DBUS_SESSION_BUS_ADDRESS": desktop.address,
            "TERM": "xterm-256color",
        },
    )
    desktop.go_on()
    assert done.returncode == 0, done.stderr
    printed = dict(line.split() for line in done.stdout.splitlines() if line.startswith(("worst", "left")))
    assert float(printed["worst"]) < 0.5
    assert float(printed["left"]) < 1.0
