"""A small Hub (and arXiv) on loopback that misbehaves on demand.

    hub = FakeHub(today=date(2026, 11, 20))
    hub.list_day(date(2026, 11, 19), item("2611.00001", "A Title", upvotes=3))
    hub.start()
    hub.faults = ["503", "cut"]      # one fault for each of the next requests
    hub.always = "reset"             # or the same one for all
    hub.broken = ("/rss",)           # or a proxy's page for all paths with these beginnings
    hub.etags, hub.dates = False, True   # answers carry a date instead of an ETag; hub.lengths: a Content-Length
    hub.redirects["/pdf/x"] = "https://…"
    hub.bodies["/api/query"] = b"…"  # always the same answer for a path
    hub.empty_pages = 2              # arXiv's later pages are empty this many times
    ...
    hub.log                          # [("/api/daily_papers?date=2026-11-19&limit=100", 200), ...]
    hub.headers                      # what came with each request
    hub.stop()

Faults: a status ("503", "429 7": with Retry-After 7), "cut" (half a body), "html" (a proxy's page), "reset" (no
answer), "hang" (no answer until stop), "stall" (half a body, and nothing more until stop).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from email.message import Message
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Item = dict[str, Any]
DATE = "Fri, 20 Nov 2026 12:00:00 GMT"
"""When all files were last changed, if the Hub sends dates."""


def item(paper_id: str, title: str = "", day: date | None = None, **fields: Any) -> Item:
    """A Daily Papers item in today's shape; without a day, in the older shape that didn't name it."""
    paper = {
        "id": paper_id,
        "title": title or f"Paper {paper_id}",
        "summary": f"What {paper_id} is about.",
        "authors": [{"name": "Ada Lovelace", "hidden": False}, {"name": "Alan Turing", "hidden": False}],
        "publishedAt": "2026-11-01T12:00:00.000Z",
        "upvotes": 0,
        **fields,
    }
    if day:
        paper["submittedOnDailyAt"] = f"{day}T00:00:00.000Z"
    return {"paper": paper, "title": paper["title"], "publishedAt": "2026-11-01T08:00:00.000Z", "numComments": 0}


class FakeHub:
    """Days of items, an HTTP server in a thread, and a list of faults."""

    def __init__(self, today: date = date(2026, 11, 20)) -> None:
        self.today = today
        self.days: dict[date, list[Item]] = {}
        self.comments: dict[str, list[Item]] = {}
        self.markdown: dict[str, str] = {}
        self.html: dict[str, str] = {}
        self.pdfs: dict[str, bytes] = {}
        self.announced: list[str] = []
        self.announced_links: dict[str, str] = {}
        self.withdrawn: set[str] = set()
        self.versions: dict[str, int] = {}
        self.faults: list[str] = []
        self.always = ""
        self.log: list[tuple[str, int]] = []
        self.headers: list[Message] = []
        self.etags = True
        self.dates = False
        self.lengths = True
        self.redirects: dict[str, str] = {}
        self.bodies: dict[str, bytes] = {}
        self.broken: tuple[str, ...] = ()
        self.empty_pages = 0
        self.on_request: Callable[[str], object] = lambda path: None
        self._stopping = threading.Event()
        self._server: ThreadingHTTPServer | None = None

    # -- what is there -------------------------------------------------------------------------------------------

    def list_day(self, day: date, *items: Item, names_day: bool = True) -> None:
        """List items on a day, as the Hub does: by upvotes."""
        for one in items:
            if names_day:
                one["paper"]["submittedOnDailyAt"] = f"{day}T00:00:00.000Z"
        self.days[day] = sorted(items, key=lambda one: -one["paper"]["upvotes"])

    @property
    def papers(self) -> dict[str, Item]:
        """All items by id."""
        return {one["paper"]["id"]: one for items in self.days.values() for one in items}

    def asked(self, part: str = "") -> list[str]:
        """The requests whose path and query hold some text."""
        return [path for path, _ in self.log if part in path]

    # -- the server ----------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The base address."""
        assert self._server, "start() first"
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> FakeHub:
        """Listen on a free port."""
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening, and release every request that hangs."""
        self._stopping.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def hang(self) -> None:
        """Don't answer until stop()."""
        self._stopping.wait()

    # -- answers -------------------------------------------------------------------------------------------------

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, str, bytes]:
        """Status, media type and body for a request."""
        if path in self.bodies:
            return 200, "text/plain", self.bodies[path]
        if path == "/api/daily_papers":
            return self._daily(query)
        if path == "/api/papers/search":
            words = query["q"].lower().split()
            found = [one for one in self.papers.values() if all(w in one["paper"]["title"].lower() for w in words)]
            return _json(found[: int(query.get("limit", 20))])
        if path.startswith("/api/papers/"):
            return self._paper(path.removeprefix("/api/papers/"), query)
        if path == "/api/query":
            return self._atom(query)
        if path.startswith("/rss/"):
            return 200, "application/rss+xml", _rss([self.papers[key] for key in self.announced], self.announced_links)
        return self._file(path)

    def _daily(self, query: Mapping[str, str]) -> tuple[int, str, bytes]:
        if "date" in query and date.fromisoformat(query["date"]) > self.today:
            return _json({"error": "date is in the future"}, 400)
        if "date" in query:
            items = self.days.get(date.fromisoformat(query["date"]), [])
        elif "month" in query:
            items = [one for day in sorted(self.days) if f"{day:%Y-%m}" == query["month"] for one in self.days[day]]
        else:
            items = sorted(self.papers.values(), key=lambda one: -(one["paper"].get("githubStars") or 0))
        limit, page = int(query.get("limit", 50)), int(query.get("p", 0))
        return _json(items[page * limit : (page + 1) * limit])

    def _paper(self, paper_id: str, query: Mapping[str, str]) -> tuple[int, str, bytes]:
        if paper_id not in self.papers:
            return _json({"error": "Paper not found"}, 404)
        paper = dict(self.papers[paper_id]["paper"])
        paper |= {"linkedModels": [{"id": "lab/model", "likes": 5, "downloads": 70}], "numTotalModels": 9}
        if query.get("field") == "comments":
            paper["comments"] = self.comments.get(paper_id, [])
        return _json(paper)

    def _file(self, path: str) -> tuple[int, str, bytes]:
        kind, _, name = path.removeprefix("/").partition("/")
        if kind == "papers" and name.removesuffix(".md") in self.markdown:
            return 200, "text/markdown; charset=utf-8", self.markdown[name.removesuffix(".md")].encode()
        if kind == "html" and name in self.html:
            return 200, "text/html; charset=utf-8", self.html[name].encode()
        if kind == "pdf" and name in self.pdfs:
            return 200, "application/pdf", self.pdfs[name]
        return 404, "text/html", b"<!doctype html><title>404</title>"

    def _atom(self, query: Mapping[str, str]) -> tuple[int, str, bytes]:
        start, size = int(query.get("start", 0)), int(query.get("max_results", 10))
        if start and self.empty_pages:
            self.empty_pages -= 1
            return 200, "application/atom+xml", atom_feed("", total=0).encode()
        items = sorted(self.papers.values(), key=lambda one: one["paper"]["publishedAt"], reverse=True)
        if "id_list" in query:
            items = [one for one in items if one["paper"]["id"] in query["id_list"].split(",")]
        entries = "".join(self._entry(one["paper"]) for one in items[start : start + size])
        return 200, "application/atom+xml", atom_feed(entries, total=len(items)).encode()

    def _entry(self, paper: Item) -> str:
        comment = "This paper has been withdrawn by the authors" if paper["id"] in self.withdrawn else "9 pages"
        names = "".join(f"<author><name>{escape(author['name'])}</name></author>" for author in paper["authors"])
        return (
            f"<entry><id>http://arxiv.org/abs/{paper['id']}v{self.versions.get(paper['id'], 1)}</id>"
            f"<title>{escape(paper['title'])}</title><summary>{escape(paper['summary'])}</summary>{names}"
            f"<published>{paper['publishedAt'][:19]}Z</published><updated>{paper['publishedAt'][:19]}Z</updated>"
            f"<arxiv:comment>{comment}</arxiv:comment>"
            "<arxiv:primary_category term='cs.CL'/><category term='cs.CL'/></entry>"
        )


def atom_feed(entries: str, total: int = 1) -> str:
    """An answer of arXiv's API around some entries."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:arxiv='http://arxiv.org/schemas/atom' xmlns:opensearch='http://a9.com/-/spec/opensearch/1.1/'>"
        f"<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"
    )


def _rss(items: list[Item], links: Mapping[str, str]) -> bytes:
    entries = "".join(
        f"<item><title>{escape(one['paper']['title'])}</title>"
        f"<guid>{links.get(one['paper']['id'], 'oai:arXiv.org:' + one['paper']['id'] + 'v1')}</guid>"
        f"<description>arXiv:{one['paper']['id']}v1 Announce Type: new \nAbstract: {escape(one['paper']['summary'])}"
        "</description><category>cs.CL</category><pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>"
        "<arxiv:announce_type>new</arxiv:announce_type>"
        "<dc:creator>Ada Lovelace (London), Alan Turing</dc:creator></item>"
        for one in items
    )
    names = "xmlns:arxiv='http://arxiv.org/schemas/atom' xmlns:dc='http://purl.org/dc/elements/1.1/'"
    head = "<title>cs.CL updates</title><pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>"
    return f"<rss {names} version='2.0'><channel>{head}{entries}</channel></rss>".encode()


def _json(value: object, status: int = 200) -> tuple[int, str, bytes]:
    return status, "application/json; charset=utf-8", json.dumps(value).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: FakeHub
    headers: Message

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        with suppress(ConnectionResetError, BrokenPipeError):  # the client went away
            super().handle()

    def do_GET(self) -> None:
        hub = self.hub
        hub.headers.append(self.headers)
        hub.on_request(self.path)
        fault = hub.faults.pop(0) if hub.faults else hub.always
        fault = "html" if self.path.startswith(hub.broken) else fault
        status, _, wait = fault.partition(" ")
        if fault in ("reset", "hang"):
            hub.log.append((self.path, 0))
            if fault == "hang":
                hub.hang()
            self.close_connection = True
        elif self.path in hub.redirects:
            self._send(302, "text/plain", b"", {"Location": hub.redirects[self.path]})
        elif fault == "html":
            self._send(200, "text/html", b"<!doctype html><title>504</title>")
        elif status.isdecimal():
            self._send(int(status), "application/json", b'{"error": "not now"}', {"Retry-After": wait} if wait else {})
        else:
            url = urlsplit(self.path)
            answer = hub.answer(unquote(url.path), dict(parse_qsl(url.query)))
            self._send(*answer, cut=fault in ("cut", "stall"))
            if fault == "stall":
                self.wfile.flush()
                hub.hang()

    def _send(
        self, status: int, kind: str, body: bytes, headers: Mapping[str, str] | None = None, *, cut: bool = False
    ) -> None:
        etag = f'"{hashlib.sha1(body).hexdigest()[:16]}"'
        extra = dict(headers or {})
        if status == 200 and self.hub.etags:
            extra["ETag"] = etag
            if self.headers["If-None-Match"] == etag:
                status, body = 304, b""
            status, body = self._part(status, body, etag, extra)
        elif status == 200 and self.hub.dates:
            extra["Last-Modified"] = DATE
            status, body = self._part(status, body, DATE, extra)
        self.hub.log.append((self.path, status))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if self.hub.lengths:
            self.send_header("Content-Length", str(len(body)))
        else:
            self.send_header("Connection", "close")
        for name, value in extra.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = cut

    def _part(self, status: int, body: bytes, validator: str, extra: dict[str, str]) -> tuple[int, bytes]:
        """The rest of a file, if the client has part of this edition of it already."""
        wanted = self.headers["Range"]
        if status != 200 or not wanted or self.headers["If-Range"] != validator:
            return status, body
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        extra["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return 206, body[start:]
