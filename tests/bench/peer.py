"""The peer of the topology review: Debian's prometheus-blackbox-exporter, asked for as many probes at once."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from tests.bench.fleet import CA_FILE, NAME, Endpoint
from tests.bench.measure import NotMeasuredError

PROGRAM = "prometheus-blackbox-exporter"
_SETTINGS = """\
modules:
  fleet:
    prober: http
    timeout: 5s
    http:
      preferred_ip_protocol: ip4
      tls_config: {{ca_file: {ca_file}, server_name: {name}}}
"""


class Peer:
    """The exporter as a daemon, from `with` to its end."""

    def __init__(self, folder: Path) -> None:
        if shutil.which(PROGRAM) is None:
            raise NotMeasuredError(f"there is no {PROGRAM}: it is the peer; Debian has it as a package of that name")
        self._settings = folder / "peer.yml"
        self._settings.write_text(_SETTINGS.format(ca_file=folder / CA_FILE, name=NAME))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = int(free.getsockname()[1])

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [PROGRAM, f"--config.file={self._settings}", f"--web.listen-address=127.0.0.1:{self._port}",
             "--log.level=error"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + 20
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 1):
                return self
            if time.monotonic() > end or self._process.poll() is not None:
                raise NotMeasuredError(f"{PROGRAM} does not listen")
            time.sleep(0.05)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()

    def cpu_seconds(self) -> float:
        """What it has used so far; the driver's part is not in it."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_memory(self) -> int:
        """Bytes at most so far."""
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        return 0

    def visit(self, found: Sequence[Endpoint], at_once: int) -> set[str]:
        """Has every endpoint probed; the names of those that it calls healthy."""
        return asyncio.run(self._visit(found, at_once))

    async def _visit(self, found: Sequence[Endpoint], at_once: int) -> set[str]:
        healthy: set[str] = set()
        waiting = iter(found)

        async def ask() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            for endpoint in waiting:
                target = quote(f"https://{endpoint.host}:{endpoint.port}/", safe="")
                writer.write(f"GET /probe?module=fleet&target={target} HTTP/1.1\r\nHost: peer\r\n\r\n".encode())
                head = await reader.readuntil(b"\r\n\r\n")
                if b"\nprobe_success 1" in await _body(reader, head.lower()):
                    healthy.add(endpoint.name)
            writer.close()

        await asyncio.gather(*(ask() for _ in range(at_once)))
        return healthy


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if b"content-length:" in head:
        return await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


@contextmanager
def peer(folder: Path) -> Iterator[Peer]:
    """The exporter, set up for the fleet whose authority is in a folder."""
    with Peer(folder) as running:
        yield running
