"""The practice pod as a whole: starts on loopback, says where it is, ends and leaves nothing."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.practice.authority import Authority, server_context
from omtui.practice.server import Listener, pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from omtui.practice.behaviours import FullQueue
    from omtui.practice.server import Behaviour

HOST = "127.0.0.1"
DEFAULT_RELEASE = "25D"


@dataclass(frozen=True, slots=True)
class Authorities:
    """Who vouches for what: `root` is the practice authority, `foreign` one that nobody knows of."""

    root: Authority
    intermediate: Authority
    expired_intermediate: Authority
    foreign: Authority

    @classmethod
    def made(cls) -> Authorities:
        """New ones. The root's name says what it is, for whoever finds it in a trust store."""
        root = Authority.root("omtui practice root, not for real use")
        return cls(
            root,
            root.intermediate("omtui practice intermediate"),
            root.intermediate("omtui practice intermediate of old", days=(-400, -5)),
            Authority.root("somebody else's authority"),
        )


class Practice:
    """A pod, an external system with two connectors, and (unless `lessons` is false) the broken endpoints.

    Inside an event loop: `await start()`, `await stop()`. From anywhere else: `with running(...)`.
    `port` is the pod's; the external system takes the next free one, the lessons any.
    """

    def __init__(self, *, port: int = 0, release: str = DEFAULT_RELEASE, lessons: bool = True) -> None:
        self.release = release
        self._port = port
        self._with_lessons = lessons
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._listeners: list[Listener] = []
        self._queues: list[FullQueue] = []
        self.authorities: Authorities | None = None
        self.pod_port = 0
        self.external_port = 0
        self.lesson_ports: dict[str, int] = {}

    @property
    def pod_url(self) -> str:
        """The pod's address."""
        return f"https://{HOST}:{self.pod_port}"

    @property
    def external_url(self) -> str:
        """The external system's address."""
        return f"https://{HOST}:{self.external_port}"

    @property
    def ca_file(self) -> Path:
        """The practice authority's certificate, for `ca_file`; gone when the practice ends."""
        assert self._folder is not None, "the practice is not running"
        return Path(self._folder.name) / "practice-root.pem"

    async def start(self) -> None:
        """Listens. Raises OSError when the port is taken."""
        self._folder = tempfile.TemporaryDirectory(prefix="omtui-practice-")
        try:
            await self._start(Path(self._folder.name))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Closes every port and removes every file. May be called twice."""
        await asyncio.gather(*(listener.stop() for listener in self._listeners))
        self._listeners.clear()
        for queue in self._queues:
            queue.stop()
        self._queues.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    async def _start(self, folder: Path) -> None:
        from omtui.practice.pod import external_site, pod_site

        self.authorities = authorities = Authorities.made()
        self.ca_file.write_bytes(authorities.root.pem())
        identity = authorities.root.issue()
        context = server_context(identity, folder)
        pod = await self._listen(lambda base: pages(pod_site(base, self.release, identity)), context, self._port)
        self.pod_port = pod.port
        external = await self._listen(lambda base: pages(external_site(base)), context)
        self.external_port = external.port
        if self._with_lessons:
            await self._start_lessons(folder, authorities)

    async def _start_lessons(self, folder: Path, authorities: Authorities) -> None:
        from omtui.practice.behaviours import FullQueue, free_port
        from omtui.practice.lessons import HEALTHY, LESSONS, certificates

        identities = certificates(authorities)
        for lesson in (*LESSONS, *HEALTHY):
            if lesson.outcome == "refused":
                self.lesson_ports[lesson.name] = free_port()
            elif lesson.queue:
                queue = FullQueue()
                self._queues.append(queue)
                queue.start()
                self.lesson_ports[lesson.name] = queue.port
            else:
                context = None
                if lesson.identity is not None:
                    context = server_context(identities[lesson.identity], folder)
                    if lesson.context is not None:
                        lesson.context(context)
                        if context.verify_mode == ssl.CERT_REQUIRED:
                            context.load_verify_locations(self.ca_file)
                listener = await self._listen(lesson.behaviour, context)
                self.lesson_ports[lesson.name] = listener.port

    async def _listen(
        self, make: Callable[[str], Behaviour], context: ssl.SSLContext | None, port: int = 0
    ) -> Listener:
        listener = Listener(make, context=context, host=HOST, port=port)
        self._listeners.append(listener)
        await listener.start()
        return listener


class running:  # noqa: N801 - reads as the context manager it is
    """A practice in a thread of its own, for programs without an event loop: `with running() as practice:`.

    Entering raises OSError when the port is taken. Leaving waits until everything is closed.
    """

    def __init__(self, *, port: int = 0, release: str = DEFAULT_RELEASE, lessons: bool = True) -> None:
        self._practice = Practice(port=port, release=release, lessons=lessons)
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="omtui practice", daemon=True)

    def __enter__(self) -> Practice:
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self._practice

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop is not None
        assert self._end is not None
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        try:
            await self._practice.start()
        except OSError as error:
            self._failure = error
            return
        finally:
            self._started.set()
        try:
            await self._end.wait()
        finally:
            await self._practice.stop()
