"""arXiv as a source of papers: what can be asked. All of its hosts share one lane, one request every three seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit

from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.http.body import BadAnswer
from paperdeck.storage.fetch.http.client import MEBIBYTE, PATIENCE, Answer, HttpClient, NotModified, Request
from paperdeck.storage.fetch.http.lanes import ARXIV_INTERVAL, ArxivLane
from paperdeck.storage.paper import Paper

from .parser import Feed, Listing, parse_feed, parse_listing

PAGE = 100
"""Papers of a page; larger ones fail more often."""
_FIRST_WAIT = 3.0


@dataclass(frozen=True, slots=True)
class Hosts:
    """The bases of arXiv's services."""

    api: str
    """The query API."""
    rss: str
    """The announcements."""
    main: str
    """Full texts and PDFs."""

    @classmethod
    def at(cls, base: str | None) -> Hosts:
        """arXiv's own hosts, or one base for all."""
        if base:
            return cls(base, base, base)
        return cls("https://export.arxiv.org", "https://rss.arxiv.org", "https://arxiv.org")


class Arxiv:
    """Asks arXiv; every method raises SourceError (or its kin) if there is no usable answer."""

    def __init__(
        self, client: HttpClient, endpoints: Endpoints, folder: Path, *, interval: float = ARXIV_INTERVAL
    ) -> None:
        self._client = client
        self._lane = ArxivLane(folder, client.timing, interval)
        self._hosts = Hosts.at(endpoints.arxiv)
        self.name = urlsplit(self._hosts.main).netloc

    async def papers(self, ids: Iterable[str], *, patience: float = PATIENCE) -> list[Paper]:
        """Papers by their ids, in that order; what arXiv does not know is left out."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Paper] = {}
        for start in range(0, len(wanted), PAGE):
            part = wanted[start : start + PAGE]
            params = {"id_list": ",".join(part), "max_results": str(len(part))}
            feed = await self._feed(params, patience=patience)
            found.update((paper.id, paper) for paper in feed.papers)
        return [found[paper_id] for paper_id in wanted if paper_id in found]

    async def newest(self, category: str, start: int, total: int = 0) -> Feed:
        """A page of a category's papers, newest submission first; there is no category without any."""
        return await self._search(f"cat:{category}", start, max(total, 1))

    async def submitted(self, category: str, since: date, until: date, start: int, total: int = 0) -> Feed:
        """A page of the papers that were submitted to a category in a stretch of days (UTC), newest first."""
        stretch = f"[{since:%Y%m%d}0000 TO {until:%Y%m%d}2359]"
        return await self._search(f"cat:{category} AND submittedDate:{stretch}", start, total)

    async def listing(self, category: str, etag: str | None) -> tuple[Listing, str | None] | NotModified:
        """What was last announced in a category, with the ETag of the answer."""
        request = self._request(f"{self._hosts.rss}/rss/{quote(category)}", etag=etag)
        return await self._client.ask(request, lambda answer: (parse_listing(answer.body), answer.etag))

    async def html(self, paper_id: str, *, awaited: bool = False) -> str:
        """A paper's text as HTML; papers before December 2023 mostly have none."""
        request = self._request(f"{self._hosts.main}/html/{quote(paper_id)}", patience=30.0, awaited=awaited)
        found = await self._client.ask(request, _page)
        return "" if isinstance(found, NotModified) else found

    def pdf(self, paper_id: str) -> Request:
        """The request for a paper's PDF."""
        return self._request(f"{self._hosts.main}/pdf/{quote(paper_id)}", patience=60.0)

    async def _search(self, query: str, start: int, total: int) -> Feed:
        """A page of a search of which it is known that it finds so many papers in all."""
        params = {
            "search_query": query,
            "start": str(start),
            "max_results": str(PAGE),
            "sortBy": "submittedDate",
            "sortOrder": "descending",
        }
        return await self._feed(params, start, total)

    async def _feed(
        self, params: Mapping[str, str], start: int = 0, total: int = 0, *, patience: float = PATIENCE
    ) -> Feed:
        """A page; arXiv sometimes gives an empty one where there are papers, and is asked again then."""

        def read(answer: Answer) -> Feed:
            feed = parse_feed(answer.body)
            if not (feed.papers or feed.skipped) and start < max(feed.total, total):
                raise BadAnswer("an empty page")
            return feed

        request = self._request(f"{self._hosts.api}/api/query", params, patience=patience)
        found = await self._client.ask(request, read)
        return Feed((), 0) if isinstance(found, NotModified) else found

    def _request(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        etag: str | None = None,
        patience: float = PATIENCE,
        awaited: bool = False,
    ) -> Request:
        return Request(
            url=url,
            params=params or {},
            lane=self._lane,
            name=self.name,
            etag=etag,
            cap=24 * MEBIBYTE,
            patience=patience,
            first_wait=_FIRST_WAIT,
            awaited=awaited,
            readable=frozenset({200, 400}) if params else frozenset({200}),
        )


def _page(answer: Answer) -> str:
    if answer.kind not in ("text/html", "application/xhtml+xml"):
        raise BadAnswer("it is not a web page")
    return answer.body.decode("utf-8", "replace")
