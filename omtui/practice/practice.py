"""The practice pod as a whole: starts on loopback, says where it is, ends and leaves nothing."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

from omtui.practice.authority import Authority, server_context
from omtui.practice.behaviours import FullQueue, free_port
from omtui.practice.lessons import HEALTHY, LESSONS, certificates
from omtui.practice.pod import external_site, pod_site
from omtui.practice.server import Behaviour, Listener, pages

HOST = "127.0.0.1"
DEFAULT_RELEASE = "25D"


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
        # Its name says what it is, for whoever finds it in a trust store.
        root = Authority.root("omtui practice root, not for real use")
        self.ca_file.write_bytes(root.pem())
        identity = root.issue()
        context = server_context(identity, folder)
        pod = await self._listen(lambda base: pages(pod_site(base, self.release, identity)), context, self._port)
        self.pod_port = pod.port
        external = await self._listen(lambda base: pages(external_site(base)), context)
        self.external_port = external.port
        if self._with_lessons:
            await self._start_lessons(folder, root)

    async def _start_lessons(self, folder: Path, root: Authority) -> None:
        identities = certificates(root)
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


@contextlib.contextmanager
def running(*, port: int = 0, release: str = DEFAULT_RELEASE, lessons: bool = True) -> Iterator[Practice]:
    """A practice in a thread of its own, for programs without an event loop.

    Entering raises OSError when the port is taken. Leaving waits until everything is closed.
    """
    practice = Practice(port=port, release=release, lessons=lessons)
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        end = asyncio.Event()
        try:
            await practice.start()
            started.set_result((asyncio.get_running_loop(), end))
        except OSError as error:
            started.set_exception(error)
            return
        finally:
            started.cancel()  # after any other failure, nobody waits for ever
        try:
            await end.wait()
        finally:
            await practice.stop()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="omtui practice", daemon=True)
    thread.start()
    try:
        loop, end = started.result()
        try:
            yield practice
        finally:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(end.set)
    finally:
        thread.join()
