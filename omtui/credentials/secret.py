"""A value that does not show itself: not in a log, a traceback, a pickle, a screen or a message."""

import hmac
import weakref
from collections.abc import Callable
from threading import RLock
from typing import NoReturn

_HIDDEN = "(hidden)"

_alive: "weakref.WeakValueDictionary[int, Secret]" = weakref.WeakValueDictionary()
_alive_lock = RLock()


class Secret:
    """A password, passphrase or key. Only `reveal` gives the text, so a search for it finds every use.

    Printing, formatting and logging show a mark; pickling and JSON refuse. Two secrets are compared with
    `matches`, in constant time; `==` compares identity, so that no message of a failed comparison shows one.
    Copies are the object itself, so an undo buffer holds nothing that `forget` does not reach.
    The text lives in this process's memory as Python keeps it: it is not wiped, only dropped.
    """

    __slots__ = ("__text", "__weakref__")

    def __init__(self, value: str) -> None:
        """Keeps the text.

        Raises:
            ValueError: for text that is no Unicode (lone surrogates): no store could keep it. Without the text.
        """
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise ValueError("a secret must be text that can be written as UTF-8")
        # In a closure: what lists an object's attributes finds a function and not the text.
        self.__text: Callable[[], str] | None = lambda: value
        with _alive_lock:
            _alive[id(self)] = self

    def reveal(self) -> str:
        """The text. Keep it out of variables: pass the call itself to what needs the text.

        Raises:
            RuntimeError: after `forget`.
        """
        if self.__text is None:
            raise RuntimeError("this secret was forgotten")
        return self.__text()

    def forget(self) -> None:
        """Drops the text; `reveal` is an error from now on."""
        self.__text = None

    @property
    def forgotten(self) -> bool:
        """Whether `forget` was called."""
        return self.__text is None

    @property
    def is_empty(self) -> bool:
        """Whether the text is empty (an empty password can be kept like any other)."""
        return self.reveal() == ""

    def matches(self, other: "Secret") -> bool:
        """Whether both hold the same text, compared in constant time."""
        return hmac.compare_digest(self.reveal().encode(), other.reveal().encode())

    def __repr__(self) -> str:
        return f"Secret{_HIDDEN}"

    def __str__(self) -> str:
        return _HIDDEN

    def __format__(self, specification: str) -> str:
        return _HIDDEN

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is never pickled")


def texts_held() -> list[str]:
    """The texts of all secrets this process still holds: for `redact`, and for nothing else."""
    with _alive_lock:
        secrets = list(_alive.values())
    return [secret.reveal() for secret in secrets if not secret.forgotten]
