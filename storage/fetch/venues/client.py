"""Bibliographies that know where a preprint was published: Crossref, DBLP, the ACL Anthology, Semantic Scholar.

None of them needs a key. Each gets one request at a time, at the interval that its operators ask for or well below
their limit, and never the same request twice. `storage.cite` judges what their records prove.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from paperdeck.storage.cite.venue_record import VenueRecord
from paperdeck.storage.errors import NotFound
from paperdeck.storage.fetch.http.answers import read_json
from paperdeck.storage.fetch.http.client import MEBIBYTE, Answer, HttpClient, Request
from paperdeck.storage.fetch.http.connections import host_name
from paperdeck.storage.fetch.http.lanes import SlowLane
from paperdeck.storage.text.times import stamp, utc

from .parser import MAX_RECORDS, acl_record, crossref_record, dblp_records, s2_records

BATCH = 500
"""Maximum number of ids per request to Semantic Scholar."""
_TASK = "look up where it was published"
_WAIT_SECONDS = 20.0
_S2_FIELDS = "externalIds,title,authors,year,venue,publicationVenue,journal,url"
_DOI = re.compile(r"10\.\d{4,9}/\S{1,200}")
_ACL_ID = re.compile(r"\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4}")
_OF_ARXIV = "10.48550/"
_TITLE_CHARACTERS = 300


class _Service(NamedTuple):
    base: str
    interval: float
    """Seconds between two requests."""


SERVICES: Mapping[str, _Service] = {
    "crossref": _Service("https://api.crossref.org", 0.5),  # 5 a second without an address
    "dblp": _Service("https://dblp.org", 2.0),  # asks for a crawl delay without giving a figure
    "acl": _Service("https://aclanthology.org", 1.0),
    "s2": _Service("https://api.semanticscholar.org", 3.1),  # 100 in 5 minutes, shared by everybody
}
"""Where each source is, and the interval between two requests to it."""


class Venues:
    """Requests to bibliographies. Every method raises SourceError, or a subclass, if there is no usable answer."""

    def __init__(
        self,
        client: HttpClient,
        folder: Path,
        *,
        base: str | None = None,
        clock: Callable[[], float] = time.time,
        patient: bool = True,
    ) -> None:
        """Clients for all sources; connections are opened with the first request.

        Args:
            client: The HTTP client.
            folder: Where the time of the last request is kept for other processes.
            base: One base for all sources, such as a replay on loopback; None means their own.
            clock: Seconds since 1970.
            patient: Whether to keep the intervals; False in tests only.
        """
        self._client, self._clock = client, clock
        self._bases = {name: base or service.base for name, service in SERVICES.items()}
        self._lanes = {
            name: SlowLane(folder, client.timing, service.interval if patient else 0.0, name=name, host=name)
            for name, service in SERVICES.items()
        }
        self._known: dict[tuple[str, str], list[VenueRecord]] = {}

    async def by_doi(self, doi: str) -> list[VenueRecord]:
        """Crossref's record of a DOI; none if it has none, as for arXiv's own DOIs and for what is not a DOI."""
        if not _DOI.fullmatch(doi) or doi.lower().startswith(_OF_ARXIV):
            return []
        path = f"/works/{quote(doi, safe='')}"
        return await self._once("crossref", doi.lower(), path, lambda answer: [crossref_record(_json(answer))])

    async def by_title(self, title: str) -> list[VenueRecord]:
        """DBLP's records for the words of a title, its best matches first; similar titles are among them."""
        words = " ".join(re.findall(r"[^\W_]+", title))[:_TITLE_CHARACTERS]
        if not words:
            return []
        params = {"q": words, "format": "json", "h": str(MAX_RECORDS), "c": "0"}
        path = "/search/publ/api"
        return await self._once("dblp", words.casefold(), path, lambda answer: dblp_records(_json(answer)), params)

    async def by_acl_id(self, acl_id: str) -> list[VenueRecord]:
        """The ACL Anthology's record of an id such as `2023.acl-long.48` or `P19-1001`; none if it has none."""
        if not _ACL_ID.fullmatch(acl_id):
            return []
        return await self._once("acl", acl_id, f"/{acl_id}.bib", lambda answer: [acl_record(_text(answer))])

    async def by_arxiv_ids(self, ids: Iterable[str]) -> dict[str, VenueRecord]:
        """Semantic Scholar's records by arXiv id, for their DOI, DBLP and ACL ids; its venue names are unreliable."""
        wanted = list(dict.fromkeys(ids))
        fresh = [paper_id for paper_id in wanted if ("s2", paper_id) not in self._known]
        for start in range(0, len(fresh), BATCH):
            part = fresh[start : start + BATCH]
            found = await self._s2_records(part)
            for paper_id in part:
                self._known["s2", paper_id] = self._dated([found[paper_id]] if paper_id in found else [])
        return {paper_id: record for paper_id in wanted for record in self._known["s2", paper_id]}

    async def _once(
        self,
        source: str,
        key: str,
        path: str,
        read: Callable[[Answer], list[VenueRecord]],
        params: Mapping[str, str] | None = None,
    ) -> list[VenueRecord]:
        """The records of a request that is sent once; a source that does not know the thing has none."""
        if (source, key) not in self._known:
            try:
                found = await self._client.answer(self._request(source, path, params or {}), read)
            except NotFound:
                found = []
            self._known[source, key] = self._dated(found)
        return list(self._known[source, key])

    def _dated(self, records: list[VenueRecord]) -> list[VenueRecord]:
        now = stamp(utc(self._clock()))
        return [record._replace(fetched=now) for record in records]

    async def _s2_records(self, ids: list[str]) -> dict[str, VenueRecord]:
        content = json.dumps({"ids": [f"ARXIV:{paper_id}" for paper_id in ids]}).encode()
        request = self._request("s2", "/graph/v1/paper/batch", {"fields": _S2_FIELDS}, content)
        return await self._client.answer(request, lambda answer: s2_records(_json(answer), ids))

    def _request(self, source: str, path: str, params: Mapping[str, str], content: bytes | None = None) -> Request:
        base = self._bases[source]
        return Request(
            url=base + path,
            params=params,
            content=content,
            lane=self._lanes[source],
            name=host_name(base),
            task=_TASK,
            extra={"Content-Type": "application/json"} if content else {},
            cap=10 * MEBIBYTE,
            patience=_WAIT_SECONDS,
            awaited=True,
        )


def _json(answer: Answer) -> object:
    return read_json(answer.body)


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8", "replace")
