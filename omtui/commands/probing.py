"""The topology review as a command: probe."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from omtui.commands.arguments import ParsedArguments
from omtui.commands.output import INTERRUPTED, Output
from omtui.commands.profile_arguments import Reading, read, refused, several, unknown_name, unknown_tag, wrong
from omtui.commands.progress_line import ProgressLine
from omtui.plain_text import plain
from omtui.problem import Wrong
from omtui.service.reviewing import (
    FORMAT_BY_ENDING,
    LOCAL,
    Reviewing,
    history_key,
    put,
    report,
    report_of_several,
    targets_of,
)
from omtui.store.folders import state_folder
from omtui.topology.probe_history import ProbeHistory
from omtui.topology.targets import limited
from omtui.typed_path import typed_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omtui.topology.result import ProbeResult, ProbeReview
    from omtui.topology.target import TargetList

LEAST_WAIT = 5.0
"""Seconds between two rounds of `--watch`, at least: other people's servers are visited."""

_ONE_ONLY = ("junit", "csv", "prometheus", "html")


def probe(args: ParsedArguments, out: Output) -> int:
    """Review the topology of one or several profiles, or lay reviews side by side."""
    if args.flag("--merge"):
        from omtui.commands.merged_reviews import merge

        return merge(args, out)
    style = _style(args)
    words = several(args, out)
    refusal = _misuse(args, style, len(words))
    if refusal is not None:
        return wrong(args, out, refusal)
    readings, unreadable = [], False
    for word in words:
        reading = read(args, word)
        if isinstance(reading, Reading):
            readings.append(reading)
        else:
            unreadable = True
            wrong(args, out, reading)
    if not readings:
        return 2
    if (nothing := unknown_tag(args.texts("--tag"), *(each.data for each in readings))) is not None:
        return wrong(args, out, nothing)
    found = [targets_of(each.data, each.path, tags=args.texts("--tag")) for each in readings]
    unknown = _unknown_name(args.texts("--only"), found)
    if unknown is not None:
        return wrong(args, out, unknown)
    for reading, each in zip(readings, found, strict=True):
        if not each.targets:
            out.message(f"omtui probe: {reading.name} names no endpoint to probe")
    targets = [limited(each, args.texts("--only")) for each in found]
    wait = float(args.text("--watch", "0"))
    while True:
        reviews = _round(args, out, readings, targets)
        if code := _hand_over(args, out, reviews, style):
            return code
        if len(reviews) < len(readings) or any(each.interrupted for each in reviews):
            _report_interrupted(out, reviews)
            return INTERRUPTED
        if not wait:
            break
        time.sleep(wait)
    if unreadable:
        return 2
    return int(not all(each.passed(strict=args.flag("--strict")) for each in reviews))


def _style(args: ParsedArguments) -> str:
    """The format: the option, else the file's ending, else text."""
    if args.flag("--json"):
        return "json"
    ending = Path(args.text("--output")).suffix.lower()
    return args.text("--format", FORMAT_BY_ENDING.get(ending, "text"))


def _misuse(args: ParsedArguments, style: str, profiles: int) -> Wrong | None:
    """What of the options makes no sense."""
    if args.flag("--json") and args.text("--format", "json") != "json":
        return Wrong(f"--json and --format {args.text('--format')} contradict each other", "give one of them")
    for vantage in args.texts("--from"):
        if vantage not in (LOCAL, "all"):
            return Wrong(f"{plain(vantage)} cannot be probed from", "leave --from out: local is this machine")
    if profiles > 1 and style in _ONE_ONLY:
        return Wrong(f"the format {style} takes one profile", "probe them one after the other, or take text or json")
    if args.flag("--watch"):
        try:
            seconds = float(args.text("--watch"))
        except ValueError:
            seconds = -1.0
        if not LEAST_WAIT <= seconds <= 86_400 * 7:
            return Wrong(f"{plain(args.text('--watch'))} is no time to wait", f"give seconds, {LEAST_WAIT:g} or more")
    return None


def _unknown_name(names: Sequence[str], found: Sequence[TargetList]) -> Wrong | None:
    return unknown_name(names, (name for each in found for target in each.targets for name in target.names), "endpoint")


def _round(
    args: ParsedArguments, out: Output, readings: Sequence[Reading], targets: Sequence[TargetList]
) -> list[ProbeReview]:
    """Probe every profile once. An interruption ends the round."""
    reviews = []
    for reading, found in zip(readings, targets, strict=True):
        # An earlier state, or standard input, says nothing about the present profile.
        kept = reading.path is not None and bool(reading.file)
        progress = _Progress(out, len(found.targets))
        reviewing = Reviewing(
            reading.name,
            found,
            history=ProbeHistory(state_folder(args.environment)) if kept else None,
            key=history_key(reading.path) if reading.path else "",
            partial=bool(args.texts("--only") or args.texts("--tag")),
            on_result=progress.count,
        )
        try:
            reviews.append(reviewing.run())
        finally:
            progress.end()
        if reviewing.trouble:
            out.message(f"omtui probe: {reviewing.trouble}")
        if reviews[-1].interrupted:
            break
    return reviews


def _report_interrupted(out: Output, reviews: Sequence[ProbeReview]) -> None:
    done = sum(1 for each in reviews for result in each.results if result.verdict.outcome != "cancelled")
    out.message(
        f"omtui probe: interrupted; {done} of {sum(len(each.results) for each in reviews)} endpoints were probed"
    )


# The answer


def _hand_over(args: ParsedArguments, out: Output, reviews: Sequence[ProbeReview], style: str) -> int:
    """Write the report to the file or standard output; an exit code when that cannot be done."""
    written = _written(out, reviews, style)
    name = args.optional("--output")
    if name is None:
        out.write(written)
        if out.stdout is not None:
            out.stdout.flush()
        return 0
    if (problem := put(typed_path(name), written)) is not None:
        return refused(args, out, problem)
    failed = sum(each.counts["failed"] for each in reviews)
    ok = sum(each.counts["ok"] for each in reviews)
    out.message(f"{ok} ok, {failed} failed; written to {plain(name)}")
    return 0


def _written(out: Output, reviews: Sequence[ProbeReview], style: str) -> str:
    if style == "text":
        several = len(reviews) > 1
        parts = [report(each, style, width=out.width or 100) for each in reviews]
        heads = [f"{out.bold(plain(each.profile))}\n" if several else "" for each in reviews]
        return "\n".join(head + part for head, part in zip(heads, parts, strict=True))
    if len(reviews) == 1:
        return report(reviews[0], style)
    return report_of_several(reviews)


class _Progress:
    """How far a review is."""

    def __init__(self, out: Output, total: int) -> None:
        self._line = ProgressLine(out)
        self._total, self._done, self._failed = total, 0, 0
        self.end = self._line.end

    def count(self, result: ProbeResult) -> None:
        """One more endpoint is done."""
        self._done += 1
        self._failed += not result.ok
        self._line.show(self._words)

    def _words(self, seconds: float) -> str:
        rate = self._done / seconds
        left = (self._total - self._done) / rate
        return f"{self._done} of {self._total} endpoints, {self._failed} failed, {rate:.0f}/s, {left:.0f} s left"
