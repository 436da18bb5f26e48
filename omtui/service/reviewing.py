"""Topology reviews for both fronts: what is probed, one review on its way, and what is kept of it.

Light until a review begins: `omtui check` and the workbench's first screen import this module too.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omtui import __version__
from omtui.plain_text import plain
from omtui.problem import Problem
from omtui.service.key_priority import KeyPriority
from omtui.setup.place import Data, Place, parse
from omtui.topology.cancellation import Cancellation
from omtui.topology.probe_history import EndpointState, ProbeHistory, ReviewComparison
from omtui.topology.target import TargetList
from omtui.topology.targets import collect

if TYPE_CHECKING:
    from omtui.checks.finding import LastReview
    from omtui.topology.probe_context import ProbeContext
    from omtui.topology.result import ProbeResult, ProbeReview

LOCAL = "local"
"""The only place that is probed from: this machine."""


def history_key(path: Path) -> str:
    """Under which name the history knows a profile: two libraries may hold profiles of one name."""
    return str(path.absolute())


def targets_of(data: Data, path: Path | None, *, tags: Sequence[str] = ()) -> TargetList:
    """What a profile leans on, limited to records with one of the tags."""
    return collect(data, folder=path.absolute().parent if path is not None else None, tags=tags)


def last_states(state: Path, path: Path) -> Mapping[str, EndpointState]:
    """The last state of each endpoint of a profile by name; none where nothing is kept or can be read."""
    return {each.name: each for each in ProbeHistory(state).latest(history_key(path))}


def reviewed_endpoints(state: Path, path: Path, data: Data) -> Iterator[tuple[str, EndpointState]]:
    """The places of records that lean on an endpoint, each with how the last review found it, if it is still that."""
    states = last_states(state, path)
    for target in targets_of(data, path).targets if states else ():
        last = states.get(target.name)
        if last is not None and (last.host, last.port) == (target.host, target.port):
            for used_by in target.used_by:
                if isinstance(place := parse(used_by), Place):
                    yield str(place.record), last


def last_review(state: Path, path: Path, data: Data) -> LastReview | None:
    """What the checks may know of the last review: `None` where none of this profile is kept on this machine.

    Its day is that of the endpoint that was not looked at for longest; endpoints that the profile no longer has do
    not count. Costs a look for a file where no review was ever kept.
    """
    states = last_states(state, path)
    if not states:
        return None
    from omtui.checks.finding import LastReview

    current = [states[target.name] for target in targets_of(data, path).targets if target.name in states]
    if not current:
        return None
    failed = tuple(each.name for each in current if not each.ok)
    return LastReview(date.fromtimestamp(min(each.at for each in current)), failed)


def endpoint_history(state: Path, path: Path, name: str) -> Sequence[EndpointState]:
    """The last states of one endpoint, the oldest first; none where nothing can be read."""
    return ProbeHistory(state).series(history_key(path), name)


def last_changes(state: Path, path: Path) -> ReviewComparison | None:
    """What the newest whole review of a profile found otherwise than the one before; `None` without two."""
    return ProbeHistory(state).changes_since_last(history_key(path))


class Reviewing:
    """One review: probes, keeps each result as it arrives, can be ended at any moment and from any thread.

    `trouble` says why results could not be kept; the review itself goes on without.
    """

    def __init__(
        self,
        profile: str,
        found: TargetList,
        *,
        history: ProbeHistory | None = None,
        key: str = "",
        partial: bool = False,
        on_result: Callable[[ProbeResult], None] | None = None,
    ) -> None:
        self.profile = profile
        self.found = found
        self.trouble = ""
        self._history, self._key, self._partial = history, key or profile, partial
        self._on_result = on_result
        self._cancellation = Cancellation()

    def cancel(self) -> None:
        """Asks for the end; what was finished stays."""
        self._cancellation.cancel()

    def run(self, around: Callable[[], ProbeContext] | None = None) -> ProbeReview:
        """Probe everything; blocks until it is over. In the main thread Ctrl+C ends it in good order."""
        from omtui.topology.probe_context import ProbeContext
        from omtui.topology.review import run_review

        keeper = _Keeper(self._history, self._key, partial=self._partial) if self._history is not None else None

        def arrived(result: ProbeResult) -> None:
            if keeper is not None:
                keeper.keep(result)
            if self._on_result is not None:
                self._on_result(result)

        interrupted = True
        try:
            done = run_review(
                self.found.targets,
                around or ProbeContext,
                profile=self.profile,
                skipped=self.found.skipped,
                on_result=arrived,
                cancellation=self._cancellation,
            )
            interrupted = done.interrupted
        finally:
            if keeper is not None:
                self.trouble = keeper.end(interrupted=interrupted)
        return done


class _Keeper:
    """Writes results in a thread of its own, so that no probe waits for a disk.

    What waits is written together: a program that is killed loses at most what arrived within the last commit's time.
    """

    def __init__(self, history: ProbeHistory, key: str, *, partial: bool) -> None:
        self._history, self._key, self._partial = history, key, partial
        self._waiting: queue.SimpleQueue[ProbeResult | None] = queue.SimpleQueue()
        self._started = time.time()
        self._interrupted = False
        self._trouble = ""
        self._thread = threading.Thread(target=self._write, name="review history", daemon=True)
        self._thread.start()

    def keep(self, result: ProbeResult) -> None:
        """Takes a result; returns at once."""
        self._waiting.put(result)

    def end(self, *, interrupted: bool) -> str:
        """Waits until everything is written; why it was not, in words."""
        self._interrupted = interrupted
        self._waiting.put(None)
        self._thread.join()
        return self._trouble

    def _write(self) -> None:
        is_kept = self._write_all()
        self._trouble = self._history.trouble
        if not is_kept:
            self._trouble = f"the results are not in the history: {self._trouble}"

    def _write_all(self) -> bool:
        """Whether all was kept. What does not work once is not tried again."""
        review = self._history.begin(
            self._key, LOCAL, socket.gethostname(), __version__, self._started, partial=self._partial
        )
        while review:
            batch = [self._waiting.get()]
            with suppress(queue.Empty):
                while batch[-1] is not None:
                    batch.append(self._waiting.get_nowait())
            results = [each for each in batch if each is not None]
            if results and not self._history.record(review, *results):
                return False
            if batch[-1] is None:
                return self._history.finish(review, time.time(), interrupted=self._interrupted)
        return False


class LiveReview:
    """A review in a thread of its own, for a screen that looks now and then what has arrived.

    Nothing here waits: `take` gives what arrived since it was asked last.
    """

    def __init__(
        self,
        profile: str,
        found: TargetList,
        *,
        history: ProbeHistory | None,
        key: str,
        partial: bool,
        around: Warm,
        key_priority: KeyPriority,
    ) -> None:
        self.total = len(found.targets)
        self.started = time.monotonic()
        self.review: ProbeReview | None = None
        self._arrived: queue.SimpleQueue[ProbeResult] = queue.SimpleQueue()
        self._around = around
        self._key_priority = key_priority
        self._reviewing = Reviewing(profile, found, history=history, key=key, partial=partial, on_result=self._take_in)
        self._thread = threading.Thread(target=self._run, name="topology review", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether probes are still on their way."""
        return self._thread.is_alive()

    @property
    def trouble(self) -> str:
        """Why results could not be kept."""
        return self._reviewing.trouble

    def cancel(self) -> None:
        """Asks for the end."""
        self._reviewing.cancel()

    def wait(self, seconds: float) -> None:
        """Waits for the end, but not longer than this."""
        self._thread.join(seconds)

    def take(self) -> list[ProbeResult]:
        """The results that arrived since it was asked last."""
        arrived: list[ProbeResult] = []
        with suppress(queue.Empty):
            while True:
                arrived.append(self._arrived.get_nowait())
        return arrived

    def _take_in(self, result: ProbeResult) -> None:
        self._arrived.put(result)
        self._key_priority.give_way()

    def _run(self) -> None:
        self.review = self._reviewing.run(self._around.surroundings)


class Warm:
    """Surroundings whose slow parts (imports, the system's certificates) are made ready ahead, in a thread."""

    def __init__(self) -> None:
        self._trust: Any = None
        self._thread = threading.Thread(target=self._warm, name="probe warm-up", daemon=True)
        self._thread.start()

    def surroundings(self) -> ProbeContext:
        """Fresh surroundings with the trust store that is ready, or will be in a moment."""
        from omtui.topology.probe_context import ProbeContext

        self._thread.join()
        return ProbeContext(trust=self._trust)

    def _warm(self) -> None:
        from omtui.topology.review import warm_up

        self._trust = warm_up()


# Reports

FORMAT_BY_ENDING = {
    ".json": "json", ".xml": "junit", ".csv": "csv", ".prom": "prometheus", ".html": "html", ".htm": "html",
}  # fmt: skip
"""The format that the ending of a file's name asks for; text for any other."""


def report(review: ProbeReview, style: str, *, width: int = 100) -> str:
    """A review in one of the formats of `omtui probe`."""
    if style in ("html", "csv", "junit"):
        return _document(review, style)
    from omtui.topology import reports

    return reports.text(review, width=width) if style == "text" else reports.FORMATS[style](review)


def _document(review: ProbeReview, style: str) -> str:
    from omtui.documents import probe_document
    from omtui.documents.junit import to_junit
    from omtui.documents.page import to_html
    from omtui.documents.spreadsheet import to_csv

    match style:
        case "html":
            return to_html(probe_document.probe_document(review))
        case "csv":
            return to_csv(probe_document.probe_rows(review))
    return to_junit("omtui probe", [probe_document.probe_suite(review)])


def report_of_several(reviews: Sequence[ProbeReview]) -> str:
    """The reviews of several profiles as one JSON document."""
    from omtui.topology.reports import several_as_json

    return several_as_json(reviews)


def write_report(review: ProbeReview, path: Path) -> Problem | None:
    """Write a review to a file in the format of its ending; why not, when that cannot be done."""
    return put(path, report(review, FORMAT_BY_ENDING.get(path.suffix.lower(), "text")))


def put(path: Path, content: str | bytes | Iterable[str], *, mode: int = 0o644) -> Problem | None:
    """Replace a document as a whole, so that nobody reads half of one; why not, when it cannot be written.

    What is no such document, and what a link leads to, is not replaced. A large one comes in pieces, the first of which
    is its beginning. `mode` is that of a new file.
    """
    from omtui.service.replacing import why_not_replaced
    from omtui.store.files import replace_file

    texts = iter([content] if isinstance(content, str | bytes) else content)
    pieces = (each.encode() if isinstance(each, str) else each for each in texts)
    first = next(pieces, b"")
    try:
        if refusal := why_not_replaced(path, first):
            return Problem(refusal)
    except (OSError, ValueError) as error:  # a name may hold what no file system takes
        return Problem(f"{plain(path)} cannot be written: {plain(getattr(error, 'strerror', None) or error)}")
    return replace_file(path, chain((first,), pieces), mode=mode)
