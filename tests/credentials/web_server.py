"""A web server on loopback that asks for a sign-in, and writes down everything it is sent."""

import base64
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from omtui.practice.authority import Authority, ServerIdentity, server_context

USER, PASSWORD = "pick.service", "hunter2-hunter2"

Answer = Callable[["Server", str | None], tuple[int, dict[str, str]]]
"""From the server and the Authorization header to status and headers."""


def basic(user: str = USER, password: str = PASSWORD) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def asks_for_sign_in(server: "Server", authorization: str | None) -> tuple[int, dict[str, str]]:
    if authorization == basic():
        return 200, {}
    return 401, {"WWW-Authenticate": 'Basic realm="weblogic"'}


class Server:
    """Runs until the block ends. `authorizations` holds the header of every request, None where there was none."""

    def __init__(
        self, answer: Answer = asks_for_sign_in, *, tls: ServerIdentity | None = None, folder: Path | None = None
    ):
        self.authorizations: list[str | None] = []
        self.requests: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.authorizations.append(self.headers.get("Authorization"))
                server.requests.append(self.requestline)
                status, headers = answer(server, self.headers.get("Authorization"))
                body = f"you sent {self.headers.get('Authorization')}".encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_CONNECT = do_GET  # noqa: N815

            def log_message(self, format: str, *values: object) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.scheme = "http" if tls is None else "https"
        if tls is not None:
            assert folder is not None
            context = server_context(tls, folder)
            assert isinstance(context, ssl.SSLContext)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def url(self, path: str = "/om/events", host: str = "localhost") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def secrets_sent(self) -> int:
        return sum(1 for one in self.authorizations if one is not None)

    def __enter__(self) -> "Server":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def authority(folder: Path) -> tuple[Authority, Path]:
    """An authority and the file to trust it by."""
    made = Authority.root("Example CA")
    file = folder / "ca.pem"
    file.write_bytes(made.pem())
    return made, file
