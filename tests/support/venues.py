"""Crossref, DBLP, the ACL Anthology and Semantic Scholar on loopback, all on one base.

The shapes are the documented ones (see storage/fetch/venues/parser.py); the records are small and written for tests.

    venues = FakeVenues().start()
    venues.works["10.1000/xyz"] = work("A Title", "Journal of Tests", 2022, ("Lovelace", "Ada"))
    venues.infos.append(info("A Title.", "NeurIPS", 2022, "Ada Lovelace", ee="https://…"))
    venues.entries["2023.acl-long.48"] = entry("2023.acl-long.48", "A Title", "Proceedings of …", 2023, "Lovelace, Ada")
    venues.papers["2401.12345"] = {"externalIds": {"ArXiv": "2401.12345", "DOI": "10.1000/xyz"}, "title": "A Title"}
    Endpoints(venues=venues.url)
    venues.log                       # ["GET /works/10.1000%2Fxyz", "POST /graph/v1/paper/batch", …]
    venues.status = 429              # every answer from now on
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]


def work(title: str, container: str, year: int, *authors: tuple[str, str], **fields: Any) -> Json:
    """A work of Crossref."""
    return {
        "type": "journal-article",
        "title": [title],
        "container-title": [container],
        "author": [{"family": family, "given": given, "sequence": "first"} for family, given in authors],
        "issued": {"date-parts": [[year, 3, 1]]},
        **fields,
    }


def info(title: str, venue: str, year: int, *authors: str, **fields: Any) -> Json:
    """The `info` of one of DBLP's hits; a single author is given without a list."""
    people: list[Json] = [{"@pid": f"00/{number}", "text": name} for number, name in enumerate(authors, 1)]
    return {
        "authors": {"author": people[0] if len(people) == 1 else people},
        "title": title,
        "venue": venue,
        "year": str(year),
        "type": "Conference and Workshop Papers",
        "access": "open",
        "key": f"conf/test/{len(title)}",
        "url": "https://dblp.org/rec/conf/test/1",
        **fields,
    }


def entry(acl_id: str, title: str, booktitle: str, year: int, *authors: str) -> str:
    """A file of the Anthology."""
    names = "  and\n      ".join(authors)
    return (
        f'@inproceedings{{key-{year},\n    title = "{title}",\n    author = "{names}",\n'
        f'    editor = "Roe, Ann",\n    booktitle = "{booktitle}",\n    month = jul,\n    year = "{year}",\n'
        '    address = "Toronto, Canada",\n    publisher = "Association for Computational Linguistics",\n'
        f'    url = "https://aclanthology.org/{acl_id}/",\n    doi = "10.18653/v1/{acl_id}",\n    pages = "821--854",\n'
        '    abstract = "We say year = 1999, and more."\n}\n'
    )


class FakeVenues:
    """Records of four sources, and an HTTP server in a thread."""

    def __init__(self) -> None:
        self.works: dict[str, Json] = {}
        self.infos: list[Json] = []
        self.entries: dict[str, str] = {}
        self.papers: dict[str, Json] = {}
        self.log: list[str] = []
        self.status = 200
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        """The base address."""
        assert self._server, "start() first"
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> FakeVenues:
        """Listen on a free port."""
        handler = type("Handler", (_Handler,), {"venues": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def answer(self, path: str, body: bytes) -> tuple[int, str]:
        """Status and body for a request."""
        url = urlsplit(path)
        name = unquote(url.path)
        if name.startswith("/works/"):
            found = self.works.get(name.removeprefix("/works/"))
            envelope = {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": found}
            return (200, json.dumps(envelope)) if found else (404, "Resource not found.")
        if name == "/search/publ/api":
            return 200, json.dumps(self._hits(dict(parse_qsl(url.query))["q"]))
        if name == "/graph/v1/paper/batch":
            ids = [key.removeprefix("ARXIV:") for key in json.loads(body)["ids"]]
            return 200, json.dumps([self.papers.get(key) for key in ids])
        if name.endswith(".bib") and name[1:-4] in self.entries:
            return 200, self.entries[name[1:-4]]
        return 404, "<!DOCTYPE html><title>404</title>"

    def _hits(self, words: str) -> Json:
        wanted = words.lower().split()
        infos = [one for one in self.infos if all(word in one["title"].lower() for word in wanted)]
        hits: Json = {"@total": str(len(infos)), "@computed": "0", "@sent": str(len(infos)), "@first": "0"}
        if infos:  # there is no empty list
            hits["hit"] = [{"@score": "9", "@id": str(number), "info": one} for number, one in enumerate(infos)]
        return {"result": {"query": words, "status": {"@code": "200", "text": "OK"}, "hits": hits}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    venues: FakeVenues

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        self.venues.log.append(f"{self.command} {self.path}")
        status, text = self.venues.answer(self.path, body) if self.venues.status == 200 else (self.venues.status, "{}")
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
