"""Looks up in bibliographies where papers were published, with as few requests as possible, and keeps the records.

In this order, until a paper's published form is proven: Crossref by the DOI that the authors gave, DBLP by the title,
and Semantic Scholar by the arXiv id, for the ids under which Crossref, the ACL Anthology and DBLP have the paper. A
source is queried again about a paper after AGAIN_DAYS, and only if nothing is proven by then: what is a preprint today
may be published next year. A source that fails isn't queried again in this lookup.

None of the bibliographies needs a key. Each gets one request at a time, at the interval that its operators ask for or
well below their limit, and never the same request twice. `storage.cite` judges what their records prove.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from paperdeck.storage.cite.venue import Proof, judge, known_records, links_of, proof_of
from paperdeck.storage.cite.venue_record import VenueRecord, is_front_matter, is_preprint_doi, row_of
from paperdeck.storage.errors import NotFound, SourceError
from paperdeck.storage.fetch.http.answers import read_json
from paperdeck.storage.fetch.http.client import MEBIBYTE, Answer, HttpClient, Request
from paperdeck.storage.fetch.http.connections import host_name
from paperdeck.storage.fetch.http.lanes import SlowLane
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.identity import doi_key
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.times import stamp, utc

from .parser import MAX_RECORDS, acl_record, crossref_record, dblp_records, s2_records

AGAIN_DAYS = 30
"""Days after which a source is queried again about a paper with nothing proven."""
_MAX_RECORDS = 12
"""Maximum number of records kept per paper."""

Records = list[VenueRecord]
Ask = Callable[[], Awaitable[Records]]

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


# -- the lookup --------------------------------------------------------------------------------------------------------


def are_due(papers: Iterable[Paper], now: datetime) -> list[Paper]:
    """The papers that a lookup may still help."""
    return [paper for paper in papers if not _is_proven(paper) and not {"dblp", "s2"} <= _fresh(paper, now)]


class VenueLookup:
    """Looks up some papers, once."""

    def __init__(self, venues: Venues, clock: Callable[[], float]) -> None:
        self._venues, self._now = venues, utc(clock())
        self.errors: dict[str, SourceError] = {}
        """What went wrong, by source."""

    async def ask(self, papers: Sequence[Paper]) -> AsyncGenerator[Paper, None]:
        """Yields papers with new records, some of them twice. Never raises SourceError."""
        rest: list[Paper] = []
        for asked in are_due([paper for paper in papers if not is_local(paper.id)], self._now):
            paper = await self._by_title(await self._by_doi(asked))
            if paper is not asked:
                yield paper
            rest += [] if _is_proven(paper) or "s2" in _fresh(paper, self._now) else [paper]
        found = await self._try("s2", partial(self._ids_of, rest)) if rest else None
        if found is None:
            return
        by_id = {paper_id: record for record in found for paper_id in record.arxiv_ids}
        for paper in rest:
            own = [by_id[paper.id]] if paper.id in by_id else []
            yield await self._followed(self._with(paper, "s2", own), own)

    async def _ids_of(self, papers: Sequence[Paper]) -> Records:
        """Semantic Scholar's ids of papers, each with the arXiv id that it was asked for, and without its own words."""
        found = await self._venues.by_arxiv_ids(paper.id for paper in papers)
        return [
            record._replace(ids=tuple(dict.fromkeys((f"arxiv:{paper_id}", *record.ids))), authors=(), venue="")
            for paper_id, record in found.items()
        ]

    async def _by_doi(self, paper: Paper) -> Paper:
        """Crossref's record of the DOI that the authors gave."""
        doi = doi_key(paper.doi)
        if not doi or is_preprint_doi(doi) or "crossref" in _fresh(paper, self._now):
            return paper
        found = await self._try("crossref", partial(self._venues.by_doi, doi))
        return paper if found is None else self._with(paper, "crossref", found, all_of_them=True)

    async def _by_title(self, paper: Paper) -> Paper:
        """DBLP's records of the title."""
        if _is_proven(paper) or "dblp" in _fresh(paper, self._now) or is_front_matter(paper.title):
            return paper
        found = await self._try("dblp", partial(self._venues.by_title, paper.title))
        return paper if found is None else self._with(paper, "dblp", found)

    async def _followed(self, paper: Paper, leads: Records) -> Paper:
        """The records to which Semantic Scholar leads."""
        for source, ask in [step for lead in leads for step in self._steps(lead)]:
            if not _is_proven(paper) and (found := await self._try(source, ask)):
                same = [record for record in known_records(paper) if record.source == source and record.title]
                paper = self._with(paper, source, [*same, *found], all_of_them=bool(same))
        return paper

    def _steps(self, lead: VenueRecord) -> Iterator[tuple[str, Ask]]:
        """The source to query for a record that Semantic Scholar names."""
        ids = [name.partition(":") for name in lead.ids]
        for kind, _, name in ids:
            if kind == "acl":
                yield "acl", partial(self._venues.by_acl_id, name)
        if lead.doi and not is_preprint_doi(lead.doi):
            yield "crossref", partial(self._venues.by_doi, lead.doi)
        if any(kind == "dblp" and not name.startswith("journals/corr/") for kind, _, name in ids):
            yield "dblp", partial(self._venues.by_title, lead.title)

    async def _try(self, source: str, ask: Ask) -> Records | None:
        """The records of a source; None if it can't be reached."""
        if source in self.errors:
            return None
        try:
            return await ask()
        except SourceError as error:
            self.errors[source] = error
            return None

    def _with(self, paper: Paper, source: str, found: Records, *, all_of_them: bool = False) -> Paper:
        """The paper with a source's records of it, or with one that says that the source has none."""
        others = [record for record in known_records(paper) if record.source != source]
        links = links_of(paper, [*others, *found])
        is_any = all_of_them or source == "s2"
        useful = [record for record in found if is_any or proof_of(paper, record, links) > Proof.NONE]
        kept = useful[:_MAX_RECORDS] or [VenueRecord(source, fetched=stamp(self._now))]
        return replace(paper, printed=tuple(map(row_of, [*others, *kept])))


def _is_proven(paper: Paper) -> bool:
    return judge(paper).printed is not None


def _fresh(paper: Paper, now: datetime) -> set[str]:
    """The sources queried recently about a paper; a time in the future, which a wrong clock gave, doesn't count."""
    since = stamp(now - timedelta(days=AGAIN_DAYS))
    return {record.source for record in known_records(paper) if since <= record.fetched <= stamp(now)}
