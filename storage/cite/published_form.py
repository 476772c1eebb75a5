"""The published form of a paper, from a proven bibliographic record or from the authors' own statement."""

from __future__ import annotations

from dataclasses import replace

from paperdeck.storage.facts import Fact
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.identity import doi_key, names_of
from paperdeck.storage.paper import Entry, Paper

from .journal_reference import taken_apart
from .venue import PREPRINT, compared, judge, known_records
from .venue_kinds import is_place, is_preprint_doi
from .venue_record import VenueRecord
from .work import Dated, Work, doi_link, plain, preprint, recorded, venue_in

_SHOWN_RECORDS = 2


def published(paper: Paper, cite_as: str = "") -> Work | None:
    """The published form of the paper; None if none is proven or the reader refused it.

    The year is the venue's; without one it is left out, because the preprint's may differ.

    Args:
        cite_as: The reader's choice; see Marks.cite_as.
    """
    if is_local(paper.id) or cite_as == PREPRINT:
        return None
    of = preprint(paper)
    if venue_in(paper.record) and not cite_as:
        return replace(recorded(paper), of=of)
    record = judge(paper, cite_as).printed
    return _of_record(paper, record, of) if record else _in_the_authors_words(paper, of)


def why_not_published(paper: Paper, cite_as: str = "") -> str:
    """One sentence on why a paper is cited as a preprint despite the request for its published form; empty if it
    isn't."""
    if published(paper, cite_as) or is_local(paper.id):
        return ""
    found = judge(paper, cite_as)
    if cite_as == PREPRINT:
        return f"{paper.id} is cited as a preprint, as you chose."
    if found.perhaps:
        places = " or ".join(record.place for record in found.perhaps[:_SHOWN_RECORDS])
        return f"{paper.id} is cited as a preprint; perhaps it appeared in {places}."
    if not found.consulted:
        return f"{paper.id} is cited as a preprint; where it appeared was never looked up."
    return f"{paper.id} is cited as a preprint; no published form of it is known."


def published_facts(entry: Entry) -> list[Fact]:
    """Where a paper was published, as facts to list: proven or chosen, else possible, with the source."""
    if not entry.paper.printed:
        return []
    found = judge(entry.paper, entry.marks.cite_as)
    label, records = ("In print", [found.printed]) if found.printed else ("Perhaps in", list(found.perhaps))
    if entry.marks.cite_as == PREPRINT:
        return [Fact("printed", "In print", "not cited, as you chose")]
    return [Fact("printed", label, f"{record.place} ({record.source})") for record in records if record]


def _of_record(paper: Paper, record: VenueRecord, of: Work) -> Work:
    """The record as a work, with its own title and authors where they differ from the preprint's."""
    known = {name.text: name for name in names_of(paper)}  # as the preprint splits those that both spell alike
    authors = tuple(known.get(name.text, name) for name in record.names) or of.authors
    title = paper.title if compared(paper.title) == compared(record.title) or not record.title else record.title
    parts = {name: getattr(record, name) for name in ("volume", "number", "pages", "series", "publisher")}
    parts["pages"] = parts["pages"].replace("-", "--")
    return replace(
        of,
        paper=replace(paper, title=title),
        title=plain(title),
        authors=authors,
        date=Dated(record.year) if record.year else None,
        venue=plain(record.venue),
        kind=record.kind,
        parts={name: value for name, value in parts.items() if value},
        doi=record.doi or None,
        url=record.url or (f"https://doi.org/{record.doi}" if record.doi else paper.abs_url),
        of=of,
    )


def _in_the_authors_words(paper: Paper, of: Work) -> Work | None:
    """The venue and DOI given to arXiv by the authors, if they name a published work."""
    venue = plain(paper.journal_ref) if is_place(paper.journal_ref or "") else ""
    doi = paper.doi if paper.doi and not is_preprint_doi(paper.doi) and not _is_other(paper) else None
    if not venue and not doi:
        return None
    kind, name, parts, year = taken_apart(venue, int(paper.dated[:4]) if paper.dated else None)
    return replace(
        of,
        date=Dated(year) if year else None,
        venue=name,
        kind=kind,
        parts=parts,
        doi=doi,
        url=doi_link(paper) if doi else paper.abs_url,
        of=of,
    )


def _is_other(paper: Paper) -> bool:
    """Whether a bibliography says that the paper's DOI belongs to a thesis, a preprint or another paper."""
    return any(record.doi == doi_key(paper.doi) for record in known_records(paper) if record.title)
