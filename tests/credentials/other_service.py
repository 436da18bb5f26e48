"""A Secret Service that is not GNOME's: locked, without the internal interface, and willing only to ask on a screen."""

import threading
from collections import deque
from types import TracebackType

from jeepney import HeaderFields, Message, MessageType, message_bus, new_error, new_method_return
from jeepney.bus import get_connectable_addresses
from jeepney.io.blocking import DBusConnection, Proxy, prep_socket

_COLLECTION = "/org/freedesktop/secrets/collection/kdewallet"


class OtherService:
    """Answers on the bus from a thread until the block ends; `asked` holds the methods called.

    `locked` is what its collection says of itself; anything that needs the person is answered with a prompt.
    """

    def __init__(self, address: str, *, locked: bool = True) -> None:
        self._connection = DBusConnection(prep_socket(next(iter(get_connectable_addresses(address)))))
        Proxy(message_bus, self._connection, timeout=5).RequestName("org.freedesktop.secrets")
        self._locked = locked
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.asked: deque[str] = deque()

    def __enter__(self) -> "OtherService":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        import socket

        self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._connection.close()

    def _serve(self) -> None:
        while True:
            try:
                message = self._connection.receive()
            except ConnectionError:
                return
            if message.header.message_type is MessageType.method_call:
                self._connection.send(self._answer(message))

    def _answer(self, message: Message) -> Message:
        method = message.header.fields[HeaderFields.member]
        self.asked.append(method)
        if method == "ReadAlias":
            return new_method_return(message, "o", (_COLLECTION,))
        if method == "Get":
            value = ("b", self._locked) if message.body[1] == "Locked" else ("s", "kdewallet")
            return new_method_return(message, "v", (value,))
        if method == "OpenSession" and message.body[0] == "plain":
            return new_method_return(message, "vo", (("s", ""), "/org/freedesktop/secrets/session/1"))
        if method == "OpenSession":
            return new_error(message, "org.freedesktop.DBus.Error.NotSupported", "s", ("",))
        if method == "SearchItems":
            return new_method_return(message, "ao", ([],))
        if method == "CreateItem":
            return new_method_return(message, "oo", ("/", "/org/freedesktop/secrets/prompt/1"))
        return new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", (f"no {method}",))
