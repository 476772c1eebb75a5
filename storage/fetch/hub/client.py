"""The Hub as a source of papers."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import quote

from paperdeck.storage.fetch import values
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.http.answers import BadAnswer, read_json
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
from paperdeck.storage.fetch.http.lanes import hub_lanes
from paperdeck.storage.identifiers import with_own_anchors
from paperdeck.storage.text.clean import clean_text

from .parser import Batch, Comment, Details, parse_comments, parse_daily, parse_details

log = logging.getLogger(__name__)


PAGE = 100
"""Items per page: the Hub's maximum; its default is 50."""
SEARCH_LIMIT = 120
"""Largest number of search results."""
_QUERY_CHARACTERS = 250
"""Longest search query, in characters; the Hub refuses longer ones."""
MAX_PAGES = 60
"""Maximum number of pages of one answer, in case the Hub never ends it."""
_INTERACTIVE_WAIT_SECONDS = 20.0
"""Longest rate-limit wait for an interactive request."""
_PREAMBLE = re.compile(r"\A(?:(?:Title|URL Source|Published Time|Markdown Content):[^\n]*\n+)+")
_DAILY = "fetch Daily Papers"


class Hub:
    """Requests to the Hub. Every method raises SourceError, or a subclass, if there is no usable answer."""

    def __init__(self, client: HttpClient, endpoints: Endpoints) -> None:
        self._client, self._base, self._token = client, endpoints.hub, endpoints.token
        self._api, self._pages = hub_lanes(client.timing)
        self.name = host_name(self._base) or "The Hub"
        """The Hub's host, for messages."""

    @property
    def delay(self) -> float:
        """Seconds until the Hub's own budget admits a request."""
        return self._api.delay

    async def day(self, day: date, etag: str | None = None) -> tuple[Batch, str | None] | NotModified:
        """All papers listed on a day, with the ETag of the answer if it was a single page."""
        found = await self._page({"date": day.isoformat()}, 0, etag, asked=day)
        if isinstance(found, NotModified):
            return found
        batch, size, tag = found
        if size < PAGE:
            return batch, tag
        return (await self._pages_of({"date": day.isoformat()}, batch, 1, asked=day))[0], None

    async def month(self, month: str) -> Batch:
        """All papers listed in a month (`2025-03`)."""
        batch, moved = await self._pages_of({"month": month}, Batch(()), 0)
        if moved:  # votes moved papers between pages while they were read, and may have hidden one
            batch, _ = await self._pages_of({"month": month}, batch, 0)
        return batch

    async def trending(self) -> Batch:
        """The trending papers of all time, in the Hub's own order."""
        found = await self._page({"sort": "trending"}, 0, awaited=True, task="fetch the trending papers")
        return found[0] if not isinstance(found, NotModified) else Batch(())

    async def search(self, query: str, limit: int) -> Batch:
        """The papers that match a query best, among all that the Hub has."""
        wanted = max(1, min(limit, SEARCH_LIMIT))
        params = {"q": query[:_QUERY_CHARACTERS], "limit": str(wanted)}
        request = self._request("/api/papers/search", params, task="search the Hub", awaited=True)
        return await self._client.answer(request, lambda answer: _batch(answer, None, wanted)[0])

    async def paper(self, paper_id: str, task: str = "fetch the discussion") -> Details:
        """One paper, with the models, data sets and spaces that name it."""
        request = self._request(f"/api/papers/{quote(paper_id)}", {}, task=task, awaited=True)
        return await self._client.answer(request, _details)

    async def comments(self, paper_id: str) -> list[Comment]:
        params = {"field": "comments"}
        request = self._request(f"/api/papers/{quote(paper_id)}", params, task="fetch the discussion", awaited=True)
        return await self._client.answer(request, lambda answer: parse_comments(read_json(answer.body)))

    async def full_text(self, paper_id: str, *, awaited: bool = False) -> str:
        """A paper's text as the Hub makes it from arXiv's HTML; without that, the text of the Hub's own page."""
        path = f"/papers/{quote(paper_id)}.md"
        request = self._request(path, {}, task="fetch the text", pages=True, awaited=awaited)
        return with_own_anchors(await self._client.answer(request, _markdown), paper_id)

    async def _pages_of(
        self, params: Mapping[str, str], batch: Batch, start: int, *, asked: date | None = None
    ) -> tuple[Batch, bool]:
        """The batch with the pages from `start` on, and whether a page repeated papers of an earlier one."""
        moved, last = False, Batch(())
        for number in range(start, MAX_PAGES):
            found = await self._page(params, number, asked=asked)
            assert not isinstance(found, NotModified)  # only a request with an ETag gets that
            page, size, _ = found
            known = {(paper.id, paper.listed) for paper in batch.papers}
            fresh = tuple(paper for paper in page.papers if (paper.id, paper.listed) not in known)
            batch = Batch(batch.papers + fresh, batch.skipped + page.skipped, batch.undated | page.undated)
            moved = moved or len(fresh) < len(page.papers)
            if size < PAGE or page == last:
                break
            last = page
        return batch, moved

    async def _page(
        self,
        params: Mapping[str, str],
        number: int,
        etag: str | None = None,
        *,
        asked: date | None = None,
        awaited: bool = False,
        task: str = _DAILY,
    ) -> tuple[Batch, int, str | None] | NotModified:
        """One page, its number of items, and its ETag."""
        query = {**params, "limit": str(PAGE), **({"p": str(number)} if number else {})}
        request = self._request("/api/daily_papers", query, task=task, etag=etag, awaited=awaited)
        return await self._client.ask(request, lambda answer: (*_batch(answer, asked, PAGE), answer.etag))

    def _request(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        task: str,
        etag: str | None = None,
        pages: bool = False,
        awaited: bool = False,
    ) -> Request:
        return Request(
            url=self._base + path,
            params=params,
            lane=self._pages if pages else self._api,
            name=self.name,
            task=task,
            etag=etag,
            token=self._token,
            cap=32 * MEBIBYTE,
            attempt_seconds=INTERACTIVE_SECONDS if awaited else BACKGROUND_SECONDS,
            patience=_INTERACTIVE_WAIT_SECONDS if awaited or pages else BACKGROUND_WAIT_SECONDS,
            awaited=awaited,
        )


def _batch(answer: Answer, asked: date | None, limit: int) -> tuple[Batch, int]:
    """The papers of a page, and its number of items; a page holds at most what was asked for."""
    items = read_json(answer.body)
    if not isinstance(items, list):
        raise BadAnswer("something that is not a list of papers")
    extra = len(items) - limit
    batch = parse_daily(items[:limit], asked=asked)
    if extra <= 0:
        return batch, len(items)
    log.info("the Hub sent %d items where %d were asked for", len(items), limit)
    return replace(batch, skipped=batch.skipped + extra), 0


def _details(answer: Answer) -> Details:
    try:
        return parse_details(read_json(answer.body))
    except values.Unusable as reason:
        raise BadAnswer(f"an answer without a paper ({reason})") from reason


def _markdown(answer: Answer) -> str:
    text = answer.body.decode("utf-8", "replace")
    if answer.kind == "text/html" or text.lstrip()[:1] == "<":
        raise BadAnswer("a web page instead of Markdown", is_transient=True)
    return _PREAMBLE.sub("", clean_text(text))
