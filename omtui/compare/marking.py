"""Which part of a long text or a URL changed, so that a person sees it at a glance."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_WORDS = 2_000
_WORTH_MARKING = 12


class Segment(NamedTuple):
    """A piece of a text: whether it is in both texts, only in the old or only in the new one."""

    in_old: bool
    in_new: bool
    text: str


def parts(old: str, new: str) -> list[Segment]:
    """Both texts as one sequence of parts, word by word: first what is gone, then what is new.

    Texts that share next to nothing are one part each, because marks all over would hide more than they show. Above
    2,000 words only the beginning and the end that both share are found, so that time stays linear.
    """
    if old == new:
        return [Segment(True, True, old)] if old else []
    ours, theirs = _WORDS.findall(old), _WORDS.findall(new)
    start = _shared(ours, theirs)
    end = _shared(ours[start:][::-1], theirs[start:][::-1])
    one, other = ours[start : len(ours) - end], theirs[start : len(theirs) - end]
    middle = _middle(one, other)
    found = [Segment(True, True, "".join(ours[:start])), *middle, Segment(True, True, "".join(ours[len(ours) - end :]))]
    found = _joined(part for part in found if part.text)
    kept = sum(len(part.text) for part in found if part.in_old and part.in_new)
    if kept * 3 < max(len(old), len(new)):
        return [part for part in (Segment(True, False, old), Segment(False, True, new)) if part.text]
    return found


def is_worth_marking(old: object, new: object) -> bool:
    """Whether marking a part helps: both are texts, and at least one is longer than a word or two."""
    return isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) >= _WORTH_MARKING


def spans(old: str, new: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where the old text lost something and where the new text gained something: starts and ends in each."""
    lost: list[tuple[int, int]] = []
    gained: list[tuple[int, int]] = []
    here = there = 0
    for part in parts(old, new):
        length = len(part.text)
        if not part.in_new:
            lost.append((here, here + length))
        if not part.in_old:
            gained.append((there, there + length))
        here += length * part.in_old
        there += length * part.in_new
    return lost, gained


def _shared(one: list[str], other: list[str]) -> int:
    count = 0
    for mine, its in zip(one, other, strict=False):
        if mine != its:
            break
        count += 1
    return count


def _middle(one: list[str], other: list[str]) -> list[Segment]:
    if len(one) + len(other) > _MOST_WORDS or not one or not other:
        return [Segment(True, False, "".join(one)), Segment(False, True, "".join(other))]
    found = []
    for tag, i, k, j, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Segment(True, True, "".join(one[i:k])))
        else:
            found += [Segment(True, False, "".join(one[i:k])), Segment(False, True, "".join(other[j:m]))]
    return found


def _joined(found: Iterable[Segment]) -> list[Segment]:
    """The parts with neighbours of one kind as one, and in each run of marks first what is gone, then what is new."""
    joined: list[Segment] = []
    lost = gained = ""
    for part in [*found, Segment(True, True, "")]:
        if not part.in_new:
            lost += part.text
        elif not part.in_old:
            gained += part.text
        else:
            joined += [each for each in (Segment(True, False, lost), Segment(False, True, gained)) if each.text]
            lost = gained = ""
            if joined and joined[-1][:2] == (True, True):
                joined[-1] = Segment(True, True, joined[-1].text + part.text)
            elif part.text:
                joined.append(part)
    return joined
