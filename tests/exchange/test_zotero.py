"""Papers go to the Zotero on this machine, in the shape that its connector server documents."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from paperdeck.storage.errors import ActionFailed, InvalidInput
from paperdeck.storage.exchange.zotero import ZOTERO, endpoint_from, not_sent, send_to_zotero

ENTRY = "@misc{lovelace2024sorting,\n  title = {On Sorting},\n}\n"


class StandIn(ThreadingHTTPServer):
    """A Zotero that keeps what it was sent."""

    status = 201

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.received: list[tuple[str, str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    """Zotero's answers."""

    server: StandIn

    def do_GET(self) -> None:
        self._answer(200 if self.headers["X-Zotero-Connector-API-Version"] == "3" else 412, b"Zotero is running")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path.partition("?")[0], body.decode()))
        self._answer(self.server.status, json.dumps([{"itemType": "preprint"}]).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@pytest.fixture
def zotero() -> Iterator[StandIn]:
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_bibliography_is_imported_and_the_items_are_counted(zotero: StandIn) -> None:
    assert send_to_zotero(ENTRY, zotero.address) == 1
    assert zotero.received == [("/connector/import", ENTRY)]


def test_a_zotero_that_is_not_running_is_one_sentence() -> None:
    with pytest.raises(ActionFailed, match="Start Zotero and try again"):
        send_to_zotero(ENTRY, "http://127.0.0.1:9")


def test_a_refusal_is_one_sentence(zotero: StandIn) -> None:
    zotero.status = 500
    with pytest.raises(ActionFailed, match="answered 500"):
        send_to_zotero(ENTRY, zotero.address)


def test_papers_go_to_no_other_machine() -> None:
    assert endpoint_from({}) == ZOTERO
    assert endpoint_from({"PAPERDECK_ZOTERO_ENDPOINT": "http://localhost:1/"}) == "http://localhost:1"
    for address in ("http://example.org", "https://127.0.0.1", "file:///etc", "http://127.0.0.1@example.org"):
        with pytest.raises(InvalidInput):
            endpoint_from({"PAPERDECK_ZOTERO_ENDPOINT": address})


def test_no_paper_is_sent_twice() -> None:
    assert not_sent(["a", "b", "a", "c"], ["b"]) == ["a", "c"]
