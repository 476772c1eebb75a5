"""Looks up in bibliographies where papers were published, with as few requests as possible, and keeps the records.

In this order, until a paper's published form is proven: Crossref by the DOI that the authors gave, DBLP by the title,
and Semantic Scholar by the arXiv id, for the ids under which Crossref, the ACL Anthology and DBLP have the paper. A
source is queried again about a paper after AGAIN_DAYS, and only if nothing is proven by then: what is a preprint today
may be published next year. A source that fails isn't queried again in this lookup.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from paperdeck.storage.cite.venue import Proof, judge, known_records, links_of, proof_of
from paperdeck.storage.cite.venue_record import VenueRecord, is_front_matter, is_preprint_doi, row_of
from paperdeck.storage.errors import SourceError
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.identity import doi_key
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.times import stamp, utc

from .client import Venues

AGAIN_DAYS = 30
"""Days after which a source is queried again about a paper with nothing proven."""
_MAX_RECORDS = 12
"""Maximum number of records kept per paper."""

Records = list[VenueRecord]
Ask = Callable[[], Awaitable[Records]]


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
