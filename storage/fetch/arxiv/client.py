"""arXiv as a source of papers. All of its hosts share one lane, one request every three seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import quote

from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.http.answers import BadAnswer
from paperdeck.storage.fetch.http.client import (
    BACKGROUND_SECONDS,
    BACKGROUND_WAIT_SECONDS,
    INTERACTIVE_SECONDS,
    MEBIBYTE,
    Answer,
    HttpClient,
    NotModified,
    Request,
)
from paperdeck.storage.fetch.http.connections import host_name
from paperdeck.storage.fetch.http.lanes import ARXIV_INTERVAL_SECONDS, SlowLane
from paperdeck.storage.identifiers import with_own_anchors
from paperdeck.storage.paper import Paper

from .parser import Feed, Listing, parse_feed, parse_listing

LOOK_UP = "look it up on arXiv"
"""The failed task in messages about single papers."""
_HOSTS = ("https://export.arxiv.org", "https://rss.arxiv.org", "https://arxiv.org")
"""The query API, the announcements, and the texts and PDFs."""
PAGE = 100
"""Papers per page; larger pages fail more often."""
_FIRST_PAUSE_SECONDS = 3.0
_HTML_WAIT_SECONDS = 30.0
_PDF_WAIT_SECONDS = 60.0


class Arxiv:
    """Requests to arXiv. Every method raises SourceError, or a subclass, if there is no usable answer."""

    def __init__(
        self, client: HttpClient, endpoints: Endpoints, folder: Path, *, interval: float = ARXIV_INTERVAL_SECONDS
    ) -> None:
        self._client = client
        self._lane = SlowLane(folder, client.timing, interval)
        self._api, self._rss, self._main = [endpoints.arxiv or host for host in _HOSTS]
        self.name = host_name(self._main)
        """arXiv's host, for messages."""

    async def papers(self, ids: Iterable[str], *, patience: float = BACKGROUND_WAIT_SECONDS) -> list[Paper]:
        """Papers by their ids, in that order; those that arXiv does not know are left out."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Paper] = {}
        for start in range(0, len(wanted), PAGE):
            part = wanted[start : start + PAGE]
            params = {"id_list": ",".join(part), "max_results": str(len(part))}
            feed = await self._feed(params, LOOK_UP, patience=patience)
            found.update((paper.id, paper) for paper in feed.papers)
        return [found[paper_id] for paper_id in wanted if paper_id in found]

    async def newest(self, category: str, start: int, total: int = 0) -> Feed:
        """A page of a category's papers, newest submission first. No category is empty, so an empty page is a fault."""
        return await self._search(f"cat:{category}", category, start, max(total, 1))

    async def submitted(self, category: str, since: date, until: date, start: int, total: int = 0) -> Feed:
        """A page of the papers submitted to a category from one day (UTC) to another, newest first."""
        submitted = f"[{since:%Y%m%d}0000 TO {until:%Y%m%d}2359]"
        return await self._search(f"cat:{category} AND submittedDate:{submitted}", category, start, total)

    async def listing(self, category: str, etag: str | None) -> tuple[Listing, str | None] | NotModified:
        """The latest announcement of a category, with the ETag of the answer."""
        request = self._request(f"{self._rss}/rss/{quote(category)}", task=f"fetch {category}", etag=etag)
        return await self._client.ask(request, lambda answer: (parse_listing(answer.body, answer.charset), answer.etag))

    async def full_text(self, paper_id: str, *, awaited: bool = False) -> str:
        """A paper's text as Markdown, from its HTML; papers before December 2023 mostly have none."""
        request = self._request(
            f"{self._main}/html/{quote(paper_id)}",
            task="fetch the text",
            patience=_HTML_WAIT_SECONDS,
            awaited=awaited,
        )
        return await self._client.answer(request, partial(_page, paper_id))

    def pdf(self, paper_id: str) -> Request:
        """The request for a paper's PDF."""
        url = f"{self._main}/pdf/{quote(paper_id)}"
        return self._request(url, task="download the PDF", patience=_PDF_WAIT_SECONDS)

    async def _search(self, query: str, category: str, start: int, total: int) -> Feed:
        """A page of a search that is known to find `total` papers."""
        params = {
            "search_query": query,
            "start": str(start),
            "max_results": str(PAGE),
            "sortBy": "submittedDate",
            "sortOrder": "descending",
        }
        return await self._feed(params, f"fetch {category}", max(0, total - start))

    async def _feed(
        self, params: Mapping[str, str], task: str, minimum: int = 0, *, patience: float = BACKGROUND_WAIT_SECONDS
    ) -> Feed:
        """A page of the API; `minimum` papers are known to be there."""
        request = self._request(f"{self._api}/api/query", params, task=task, patience=patience)
        return await self._client.answer(request, partial(_feed, int(params.get("start", 0)), minimum))

    def _request(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        task: str,
        etag: str | None = None,
        patience: float = BACKGROUND_WAIT_SECONDS,
        awaited: bool = False,
    ) -> Request:
        return Request(
            url=url,
            params=params or {},
            lane=self._lane,
            name=self.name,
            task=task,
            etag=etag,
            cap=24 * MEBIBYTE,
            attempt_seconds=INTERACTIVE_SECONDS if awaited else BACKGROUND_SECONDS,
            patience=patience,
            first_wait=_FIRST_PAUSE_SECONDS,
            awaited=awaited,
            readable=frozenset({200, 400}) if params else frozenset({200}),
        )


def _feed(start: int, minimum: int, answer: Answer) -> Feed:
    """A page of the API; retried if it is empty although there are papers, as arXiv's sometimes are."""
    feed = parse_feed(answer.body, answer.charset, PAGE)
    if not feed.entries and (minimum or start < feed.total):
        raise BadAnswer("an empty page", is_transient=True)
    return feed


def _page(paper_id: str, answer: Answer) -> str:
    if answer.kind not in ("text/html", "application/xhtml+xml"):
        raise BadAnswer("something that is not a web page")
    from .html import markdown_of

    return markdown_of(with_own_anchors(answer.body.decode("utf-8", "replace"), paper_id))
