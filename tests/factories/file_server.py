"""An HTTPS server on the loopback with an authority of its own: it gives the files it was told to."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from tests.factories.broker import Authority


class FileServer(ThreadingHTTPServer):
    """`files` by path; `status` where a path is asked for that has none; what was asked for, with its authorization."""

    def __init__(self, authority: Authority) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.cert_file, authority.key_file)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.authority = authority
        self.files: dict[str, bytes] = {}
        self.status = 404
        self.asked: list[tuple[str, str | None]] = []

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"https://localhost:{self.server_address[1]}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        content = self.server.files.get(self.path)
        self.send_response(self.server.status if content is None else 200)
        self.send_header("Location", self.server.url("/elsewhere"))
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[FileServer]:
    """A server for the length of the block."""
    server = FileServer(Authority(folder))
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
