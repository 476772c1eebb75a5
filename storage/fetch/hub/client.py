"""The Hub as a source of papers: what can be asked, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar
from urllib.parse import quote, urlsplit

from paperdeck.storage.errors import SourceError
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.http.body import BadAnswer, read_json
from paperdeck.storage.fetch.http.client import MEBIBYTE, PATIENCE, Answer, HttpClient, NotModified, Request
from paperdeck.storage.fetch.http.lanes import hub_lanes
from paperdeck.storage.text.clean import clean_text

from .parser import Batch, Comment, Details, Unusable, parse_comments, parse_daily, parse_details

T = TypeVar("T")

PAGE = 100
"""Items of a page; the Hub allows no more, and gives 50 if it isn't told."""
SEARCH_LIMIT = 120
"""The most results of a search."""
_QUERY_LIMIT = 250
MOST_PAGES = 60
"""The most pages of one question, should the Hub go on for ever."""
_SOON = 20.0
"""Seconds that somebody who waits for an answer is ready to wait for the budget."""


class Hub:
    """Asks the Hub; every method raises SourceError (or its kin) if there is no usable answer."""

    def __init__(self, client: HttpClient, endpoints: Endpoints) -> None:
        self._client, self._base, self._token = client, endpoints.hub, endpoints.token
        self._api, self._pages = hub_lanes(client.timing)
        self.name = urlsplit(self._base).netloc or "The Hub"

    @property
    def delay(self) -> float:
        """Seconds until the Hub may be asked again, by its own budget."""
        return self._api.delay

    async def day(self, day: date, etag: str | None = None) -> tuple[Batch, str | None] | NotModified:
        """The papers listed on a day, all pages of them, with the ETag of the answer if it was one page."""
        found = await self._page({"date": day.isoformat()}, 0, etag, asked=day)
        if isinstance(found, NotModified):
            return found
        batch, size, tag = found
        if size < PAGE:
            return batch, tag
        return (await self._pages_of({"date": day.isoformat()}, batch, 1, asked=day))[0], None

    async def month(self, month: str) -> Batch:
        """The papers listed in a month (`2025-03`), all pages of them."""
        batch, moved = await self._pages_of({"month": month}, Batch(()), 0)
        if moved:  # votes moved papers across the pages while they were read, and may have hidden one
            batch, _ = await self._pages_of({"month": month}, batch, 0)
        return batch

    async def trending(self) -> Batch:
        """The papers that trend, of all times, by the Hub's own order."""
        found = await self._page({"sort": "trending"}, 0, patience=_SOON, awaited=True)
        return found[0] if not isinstance(found, NotModified) else Batch(())

    async def search(self, query: str, limit: int) -> Batch:
        """The papers that fit a query best; all that the Hub has, not only listed ones."""
        params = {"q": query[:_QUERY_LIMIT], "limit": str(max(1, min(limit, SEARCH_LIMIT)))}
        return await self._get("/api/papers/search", lambda answer: _batch(answer, None)[0], params)

    async def paper(self, paper_id: str) -> Details:
        """One paper, with the models, data sets and spaces that name it."""
        return await self._get(f"/api/papers/{quote(paper_id)}", _details)

    async def comments(self, paper_id: str) -> list[Comment]:
        """The discussion of one paper."""
        read = _reading(parse_comments)
        return await self._get(f"/api/papers/{quote(paper_id)}", read, {"field": "comments"})

    async def full_text(self, paper_id: str, *, awaited: bool = False) -> str:
        """A paper's text as the Hub makes it from arXiv's HTML; for a paper without that, the Hub's own page."""
        request = self._request(f"/papers/{quote(paper_id)}.md", {}, patience=_SOON, pages=True, awaited=awaited)
        found = await self._client.ask(request, _markdown)
        return "" if isinstance(found, NotModified) else found

    async def _pages_of(
        self, params: Mapping[str, str], batch: Batch, start: int, *, asked: date | None = None
    ) -> tuple[Batch, bool]:
        """The batch with the pages from `start` on, and whether a page repeated papers of one before."""
        moved, last = False, Batch(())
        for number in range(start, MOST_PAGES):
            found = await self._page(params, number, asked=asked)
            assert not isinstance(found, NotModified)  # only an ETag brings it
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
        patience: float = PATIENCE,
        awaited: bool = False,
    ) -> tuple[Batch, int, str | None] | NotModified:
        query = {**params, "limit": str(PAGE), **({"p": str(number)} if number else {})}
        request = self._request("/api/daily_papers", query, etag=etag, patience=patience, awaited=awaited)
        return await self._client.ask(request, lambda answer: (*_batch(answer, asked), answer.etag))

    async def _get(self, path: str, read: Callable[[Answer], T], params: Mapping[str, str] | None = None) -> T:
        """One answer that somebody waits for."""
        found = await self._client.ask(self._request(path, params or {}, patience=_SOON, awaited=True), read)
        if isinstance(found, NotModified):
            raise SourceError(f"{self.name} gave no answer.")
        return found

    def _request(
        self,
        path: str,
        params: Mapping[str, str],
        *,
        etag: str | None = None,
        patience: float = PATIENCE,
        pages: bool = False,
        awaited: bool = False,
    ) -> Request:
        return Request(
            url=self._base + path,
            params=params,
            lane=self._pages if pages else self._api,
            name=self.name,
            etag=etag,
            token=self._token,
            cap=32 * MEBIBYTE,
            patience=patience,
            awaited=awaited,
        )


def _batch(answer: Answer, asked: date | None) -> tuple[Batch, int]:
    """The papers of a page, and how many items it had."""
    items = read_json(answer.body)
    if not isinstance(items, list):
        raise BadAnswer("it is not a list of papers")
    return parse_daily(items, asked=asked), len(items)


def _reading(parse: Callable[[object], T]) -> Callable[[Answer], T]:
    return lambda answer: parse(read_json(answer.body))


def _details(answer: Answer) -> Details:
    try:
        return parse_details(read_json(answer.body))
    except Unusable as reason:
        raise BadAnswer(str(reason)) from reason


def _markdown(answer: Answer) -> str:
    text = answer.body.decode("utf-8", "replace")
    if answer.kind == "text/html" or text.lstrip()[:1] == "<":
        raise BadAnswer("a web page instead of Markdown")
    return clean_text(text)
