"""A stand-in for the server of Zotero's connector, on loopback, in the shape that its documentation gives."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any


class StandIn(ThreadingHTTPServer):
    """A Zotero that keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.items: list[dict[str, Any]] = []
        self.sessions: list[str] = []
        self.ping_status, self.status = 200, 201
        self.may_answer = threading.Event()
        """Cleared to make it hang."""
        self.may_answer.set()
        self.trickles = ""
        """`head` or `body`: that part of an answer never ends."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answers(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        known = self.path == "/connector/ping" and self.headers["X-Zotero-Connector-API-Version"] == "3"
        self._answer(self.server.ping_status if known else 404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/connector/saveItems" or self.headers["Content-Type"] != "application/json":
            self._answer(400)
            return
        if self.server.status == 201:
            self.server.sessions.append(body["sessionID"])
            self.server.items += body["items"]
        self._answer(self.server.status)

    def _answer(self, status: int) -> None:
        self.server.may_answer.wait(10)
        self.send_response(status)
        if not self.server.trickles:
            self.send_header("Content-Length", "0")
        if self.server.trickles != "head":
            self.end_headers()
        with suppress(OSError):  # the other side has gone
            while self.server.trickles:
                self.wfile.write(b"X-More: more\r\n")
                self.wfile.flush()
                sleep(0.01)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@contextmanager
def zotero_running() -> Iterator[StandIn]:
    """A stand-in that answers while this is open."""
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.may_answer.set()
        server.trickles = ""
        server.shutdown()
        thread.join()
        server.server_close()
