"""The words of findings: values shown safely, lists in words, the name that was probably meant."""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from omtui.checks.secret_texts import hidden
from omtui.plain_text import plain
from omtui.setup.did_you_mean import folded, letters_apart, nearest

_LONGEST = 80
_CANDIDATES = 10_000
"""How many names one `KnownNames` compares letter by letter: thousands of wrong names must not take minutes."""


def quoted(value: object) -> str:
    """A value of the profile in double quotes: harmless, without secrets, and cut when it is very long."""
    return _quoted(str(value))


@lru_cache(maxsize=20_000)  # a dozen checks name the same record
def _quoted(value: str) -> str:
    text = plain(hidden(value))
    return f'"{text[: _LONGEST - 1]}…"' if len(text) > _LONGEST else f'"{text}"'


def listed(values: Iterable[object], last: str = "and", limit: int = 5) -> str:
    """Values in words: `"A", "B" and "C"`. Of a long list the first few and how many more there are."""
    words = [quoted(value) for value in values]
    if len(words) > limit:
        words = [*words[: limit - 1], f"{len(words) - limit + 1} more"]
    return joined(words, last)


def joined(words: Sequence[str], last: str = "and") -> str:
    """Words without quotes: `A, B and C`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def a(noun: str) -> str:
    """A noun with its article: `a connector`, `an integration user`."""
    vowel = noun[:1].lower() in "aeio" or (noun[:1] in "uU" and not noun.lower().startswith(("use", "uni", "ur")))
    return f"{'an' if vowel else 'a'} {noun}"


class KnownNames:
    """Known names to offer for one that was not found.

    Case, spaces, underscores and hyphens are ignored. Asking twice costs once.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self.known = tuple(dict.fromkeys(name for name in known if name))
        self._answers: dict[str, str | None] = {}
        self._left = _CANDIDATES

    def nearest(self, name: str) -> str | None:
        """The name that was probably meant; `None` when none is near."""
        if name not in self._answers:
            self._answers[name] = self._search(name)
        return self._answers[name]

    def offer(self, name: str, otherwise: str) -> str:
        """The fix for a name that was not found: `enter "X"`, or `otherwise` when no name is near."""
        near = self.nearest(name)
        return f"enter {quoted(near)}, the nearest known name, or {otherwise}" if near else otherwise

    def mistyped(self, name: str, letters: int = 2) -> str | None:
        """The known name that is so few letters away; `None` when there is none."""
        key = folded(name)
        if not key or key in self._folded:
            return self._folded.get(key)
        near = [other for other in self._folded if abs(len(other) - len(key)) <= letters]
        if not self._may_compare(near):
            return None
        for apart in range(1, letters + 1):
            for other in near:
                if letters_apart(key, other, apart) == apart < max(len(key), len(other)):
                    return self._folded[other]
        return None

    def _search(self, name: str) -> str | None:
        key = folded(name)
        if not key or key in self._folded:
            return self._folded.get(key)
        shortest, longest = 0.53 * len(key), 1.86 * len(key)  # beyond, no ratio reaches that of `nearest`
        near = [known for other, known in self._folded.items() if shortest <= len(other) <= longest]
        return nearest(name, near) if self._may_compare(near) else None

    @cached_property
    def _folded(self) -> dict[str, str]:
        by_folded: dict[str, str] = {}
        for known in self.known:
            by_folded.setdefault(folded(known), known)
        return by_folded

    def _may_compare(self, names: Sequence[str]) -> bool:
        self._left -= len(names)
        return self._left >= 0
