"""The known name that was probably meant by one that was not found."""

from collections.abc import Iterable
from difflib import SequenceMatcher


def folded(name: str) -> str:
    """The name without what people mix up: case, spaces and line breaks of any kind, underscores, hyphens."""
    return "".join(name.casefold().split()).replace("_", "").replace("-", "")


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, or `None` when none is near.

    Names that differ only in case, spaces, underscores or hyphens are the same to a reader and come first.
    """
    key = folded(name)
    if not key:
        return None
    best: tuple[float, str] | None = None
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(key)
    for candidate in known:
        other = folded(candidate)
        if other == key:
            return candidate
        matcher.set_seq1(other)
        if matcher.real_quick_ratio() < 0.7 or matcher.quick_ratio() < 0.7:
            continue
        ratio = matcher.ratio()
        if ratio >= 0.7 and (best is None or ratio > best[0]):
            best = (ratio, candidate)
    return best[1] if best else None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Like `nearest`; else the only known name with the same letters in another order, or that begins so."""
    names = list(dict.fromkeys(each for each in known if each))
    if near := nearest(name, names):
        return near
    letters = folded(name)
    if len(letters) < 2:
        return None
    swapped = [each for each in names if sorted(folded(each)) == sorted(letters)]
    begun = [each for each in names if folded(each).startswith(letters)]
    return next((found[0] for found in (swapped, begun) if len(found) == 1), None)


def letters_apart(one: str, other: str, limit: int = 2) -> int:
    """How many letters must be typed, removed or replaced to get from one name to the other; `limit + 1` if more."""
    more = limit + 1
    if abs(len(one) - len(other)) > limit:
        return more
    # Only places that lie at most `limit` apart can matter: time grows with the length, not with its square.
    row = {place: place for place in range(min(limit, len(other)) + 1)}
    for number, letter in enumerate(one, 1):
        above, row = row, {}
        for place in range(max(0, number - limit), min(len(other), number + limit) + 1):
            if place == 0:
                row[place] = number
                continue
            replaced = above.get(place - 1, more) + (letter != other[place - 1])
            row[place] = min(replaced, above.get(place, more) + 1, row.get(place - 1, more) + 1)
        if min(row.values()) > limit:
            return more
    return min(row[len(other)], more)
