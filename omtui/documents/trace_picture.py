"""A traced order line as a picture in text: the line runs down, what is asked goes out to the right and comes back."""

from collections.abc import Iterator
from itertools import chain, pairwise, repeat, zip_longest
from typing import Final, NamedTuple

from omtui.documents.model import Style, StyledText
from omtui.plain_text import plain
from omtui.rehearsal.rehearsing import WHAT_IT_IS_NOT
from omtui.rehearsal.tracing import Trace, TraceStep
from omtui.text_width import padded, width_of, wrapped

WIDE: Final = 120
"""From how many columns on what is asked is at the right of the steps, else below them."""

BRANCHES: Final = "Branching conditions are words: which branch the line takes is not judged, so each is followed."

STEP_SIGNS: Final = {"start": "○", "call": "→", "wait": "◷", "branch": "◇", "merge": "◆", "end": "●"}
_TO_ASCII: Final = str.maketrans("○→◷◇◆●│─├▶◀✗›", "o>~?=*|-|><x>")
_LABEL: Final = 9


PictureLine = tuple[StyledText, ...]


class Detail(NamedTuple):
    """One thing that is to say of a step; `way` is where it goes: out, back, or nowhere."""

    label: str
    text: str
    style: Style = ""
    way: str = ""


def step_details(step: TraceStep) -> Iterator[Detail]:
    """What is to say of a step, gaps last."""
    if step.to:
        yield Detail("to", step.to, "good", "▶")
    if step.because:
        yield Detail("because", step.because, "pale")
    if step.ends_with:
        yield Detail("until", plain(step.ends_with), "strong")
    if step.answer_words:
        yield Detail("answer", step.answer_words, way="◀" if step.answer else "")
    for event in step.events:
        value = f": {event.value}" if event.value else ""
        yield Detail("event", plain(f"{event.trigger_point}{value}, to {event.heard_by}"), way="▶")
    for gap in step.gaps:
        yield Detail("GAP", gap, "bad", "✗")


def step_service(step: TraceStep) -> str:
    """What a step calls, and for which lines."""
    only = f", only for {step.only_for}" if step.only_for else ""
    return plain(" › ".join(filter(None, (step.task_type, step.service))) + only)


def trace_head(trace: Trace) -> tuple[str, str]:
    """Which line of which order this is, and by what it was judged."""
    line = trace.line
    more = f" of {len(line.lines)}" if len(line.lines) > 1 else ""
    ships = f"ships on {trace.ships}" if trace.ships else "without a ship date"
    rules = f"{'published' if trace.is_published else 'draft'} rules as of {trace.as_of:%Y-%m-%d %H:%M}"
    basis = f"{trace.process} of {trace.profile}, {ships}; {rules}"
    return plain(f"Order {line.order}, line {line.line}{more}"), plain(basis)


def trace_verdict(trace: Trace) -> StyledText:
    """Whether there is a gap, and where."""
    names = {"start": "the start", "end": "the end"}
    where = [names.get(each.kind, f"step {plain(each.number)}") for each in trace.steps if each.gaps]
    if not where:
        return StyledText("No gap on its way.", "good")
    return StyledText(f"{trace.gaps} gap{'s' if trace.gaps > 1 else ''}: {', '.join(where)}.", "bad")


def trace_picture(trace: Trace, width: int, *, ascii_only: bool = False) -> list[PictureLine]:
    """The lines of the picture, none wider than there is room."""
    title, basis = trace_head(trace)
    verdict = trace_verdict(trace)
    notes = [BRANCHES, WHAT_IT_IS_NOT] if any(each.branch for each in trace.steps) else [WHAT_IT_IS_NOT]
    lines = [*_words(title, "strong", width), *_words(basis, "pale", width), *_words(*verdict, width), ()]
    digits = max(len(_number(each)) for each in trace.steps)
    for step, following in pairwise(chain(trace.steps, (None,))):
        assert step is not None
        if step.branch:
            words = wrapped(plain(step.branch), max(10, width - 5 - 3 * step.depth))
            lead = f"  {'│  ' * (step.depth - 1)}"
            lines += [(StyledText(f"{lead}{'│  ' if n else '├─ '}{each}", "pale"),) for n, each in enumerate(words)]
        lines += _step(step, digits, width, is_last=following is None)
        depth = min(step.depth, following.depth - bool(following.branch)) if following else 0
        lines.append((StyledText(f"  {'│  ' * depth}│", "pale"),) if following else ())
    for note in notes:
        lines += _words(note, "pale", width)
    if not ascii_only:
        return lines
    return [tuple(StyledText(each.text.translate(_TO_ASCII), each.style) for each in line) for line in lines]


def _number(step: TraceStep) -> str:
    return plain(step.number) if step.number is not None else ""


def _words(text: str, style: Style, width: int) -> Iterator[PictureLine]:
    yield from ((StyledText(each, style),) for each in wrapped(text, width))


def _step(step: TraceStep, digits: int, width: int, *, is_last: bool) -> Iterator[PictureLine]:
    """The step at the left; what is to say of it at the right, or below it where there is not the room."""
    is_wide = width >= WIDE
    rail = StyledText(f"  {'│  ' * step.depth}", "pale")
    number = f"{_number(step):>{digits}}  " if step.number is not None else ""
    indent = len(rail.text) + 3 + len(number)
    right = width * 2 // 5 if is_wide else indent
    room = max(10, (right if is_wide else width) - indent - 1)
    down = StyledText(padded(" " if is_last else "│", 3 + len(number)), "pale")
    name_style: Style = "bad" if step.gaps else "strong"
    names = [StyledText(each, name_style) for each in wrapped(plain(step.name) or "without a name", room)]
    names += [StyledText(each, "pale") for each in wrapped(step_service(step), room) if each]
    leads = chain((StyledText(f"{STEP_SIGNS[step.kind]}  {number}", name_style),), repeat(down))
    heads = [(rail, lead, name) for name, lead in zip(names, leads, strict=False)]
    details = _details(step, max(10, width - right - 4 - _LABEL))
    if not is_wide:
        yield from heads
    for head, detail in zip_longest(heads if is_wide else (), details):
        before: PictureLine = head or (rail, down)
        if detail is None:
            yield before
            continue
        label, text, style, way = detail
        across = "─" * (right + 1 - sum(width_of(each.text) for each in before))
        arrow = {"": f" {' ' * len(across)}  ", "◀": f" ◀{across} "}.get(way, f" {across}{way} ")
        lead_style: Style = "bad" if style == "bad" else "pale"
        yield (
            *before,
            StyledText(arrow, style),
            StyledText(padded(label, _LABEL), lead_style),
            StyledText(text, style),
        )


def _details(step: TraceStep, room: int) -> Iterator[Detail]:
    """What is to say of a step, on lines with as much room."""
    for each in step_details(step):
        first, *rest = wrapped(each.text, room)
        yield each._replace(text=first)
        yield from (Detail("", line, each.style) for line in rest)
