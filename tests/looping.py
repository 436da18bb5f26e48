"""One test that goes through many cases and lists those that fail."""

from collections.abc import Callable, Iterable
from typing import Any


def loop_over(
    names: str, cases: Iterable[Any], ids: Iterable[str] | None = None
) -> Callable[[Any], Callable[[], None]]:
    """Like `pytest.mark.parametrize`, but as one test: for cases that are many, quick and alike.

    All cases are tried. The failure names each offender with its own message.
    """
    rows = [tuple(case) if "," in names else (case,) for case in cases]
    labels = list(ids) if ids is not None else [", ".join(map(repr, row)) for row in rows]

    def decorate(test: Callable[..., None]) -> Callable[[], None]:
        def loop() -> None:
            offenders = []
            for label, row in zip(labels, rows, strict=True):
                try:
                    test(*row)
                except AssertionError as error:
                    offenders.append(f"{label}: {error}")
            assert not offenders, f"{len(offenders)} of {len(rows)}\n" + "\n".join(offenders)

        loop.__name__, loop.__doc__ = test.__name__, test.__doc__
        return loop

    return decorate
