"""What was probably meant by a word that is not known."""

from collections.abc import Iterable

from omtui.setup.nearest import folded, nearest


def meant(typed: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant: a near one, one with two letters swapped, the only one that begins so."""
    words = list(dict.fromkeys(word for word in known if word))
    if near := nearest(typed, words):
        return near
    letters = folded(typed)
    if len(letters) < 2:
        return None
    swapped = [word for word in words if sorted(folded(word)) == sorted(letters)]
    begun = [word for word in words if folded(word).startswith(letters)]
    return next((found[0] for found in (swapped, begun) if len(found) == 1), None)
