"""What was probably meant by a word that is not known."""

from collections.abc import Iterable, Iterator, Mapping

from omtui.plain_text import few, plain
from omtui.service.outcomes import Wrong
from omtui.setup.did_you_mean import did_you_mean

meant = did_you_mean


def unknown(words: Iterable[str], known: Iterable[str], kind: str) -> Wrong | None:
    """Why words make no sense that limit what a command looks at: one of them is the name of nothing."""
    names = list(dict.fromkeys(known))
    for word in words:
        if word not in names:
            near = meant(word, names)
            fix = f"did you mean {plain(near)}?" if near else f"there are {few(names, 12) or 'none'}"
            return Wrong(f"there is no {kind} {plain(word) or 'without a name'}", fix)
    return None


def unknown_tag(tags: Iterable[str], *profiles: Mapping[str, object]) -> Wrong | None:
    """Why tags make no sense: no record of the profiles has one of them."""
    wanted = list(tags)
    return unknown(wanted, sorted(set(_tags(profiles))), "tag") if wanted else None


def _tags(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        own = value.get("tags")
        yield from (each for each in own if isinstance(each, str)) if isinstance(own, list) else ()
        for inner in value.values():
            yield from _tags(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _tags(inner)
