"""The published form of a paper, from a proven bibliographic record or from the authors' own statement."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from paperdeck.storage.facts import Fact
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.identity import doi_key, names_of
from paperdeck.storage.paper import Entry, Paper

from .venue import PREPRINT, compared, judge, known_records
from .venue_record import VenueRecord, is_conference, is_journal, is_place, is_preprint_doi
from .work import Dated, Work, plain, preprint, recorded, venue_in

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
    kind, name, parts, year = _taken_apart(venue, int(paper.dated[:4]) if paper.dated else None)
    return replace(
        of,
        date=Dated(year) if year else None,
        venue=name,
        kind=kind,
        parts=parts,
        doi=doi,
        url=paper.doi_url if doi else paper.abs_url,
        of=of,
    )


def _is_other(paper: Paper) -> bool:
    """Whether a bibliography says that the paper's DOI belongs to a thesis, a preprint or another paper."""
    return any(record.doi == doi_key(paper.doi) for record in known_records(paper) if record.title)


# -- the authors' words ------------------------------------------------------------------------------------------------
#
# Authors write as they like. Only forms with one reading are taken apart; all others stay whole, because a wrong volume
# is worse than none. A number that can be a year is never a volume, and a page only beside the year.

_YEAR = r"(?:19|20)\d\d"
_LONE_YEAR = re.compile(rf"(?<![\d.]){_YEAR}(?![\d.]*\d)")
_NUMBER = rf"(?!{_YEAR}\b)\d{{1,4}}"
_PAGE = r"[A-Za-z]?\d{1,9}[A-Z]?(?:\s*[-–]+\s*[A-Za-z]?\d{1,9})?"
_ISSUE = rf"(?:\s*\((?P<issue>{_NUMBER})\)|[, ]*(?:no\.?|issue|number)\s*(?P<number>[\d-]{{1,8}}))?"
_LEAD = re.compile(r"(?:[Pp]ublished|[Aa]ppear(?:ed|s)|[Pp]rinted) (?:in|at):? +")
_PAGES = re.compile(
    r"(?i)\b(?:pp?|pages?|seiten)\.?\s*[a-z]?\d[\w.]*(?:\s*[-–]+\s*[\w.]+)?|\b\d{3,}\s*[-–]+\s*\d{2,}|:\s*\d+"
)
_ARTICLE = re.compile(
    r"(?P<journal>[^\W\d_][^\d,(;]{1,79}?)"
    r"(?:[, ] *|(?<=\.)|(?<=\b[A-Z])|(?<=JHEP|JCAP)|(?<=JINST))(?:[Vv]ol(?:ume|\.)?:?\s*|Tome\s+)?"
    rf"(?:(?P<first>{_YEAR}), *)?(?P<volume>{_NUMBER}[A-Z]?)\b(?:\s*\((?P<year>{_YEAR})\))?{_ISSUE}"
    rf"(?:[,:; ]+(?:pp?\.?\s*|pages?\s+)?(?P<pages>{_PAGE}))?"
    rf"(?:[,. ]*\((?P<closing>{_YEAR})\)|[,. ]+(?P<last>{_YEAR}))?\.?"
)
_OF_SCIENCE = re.compile(
    rf"PoS[ (]*(?P<volume>[A-Z][A-Za-z-]*\d{{2,4}})[ )]*(?:\((?P<year>{_YEAR})\)[, ]*)?(?P<pages>\d{{1,4}})"
)
_NAME_AND_YEAR = re.compile(rf"(?P<name>[^\d]*[^\W\d_][.)]?)(?:,? +{_YEAR}| *\({_YEAR}\))\.?")
_EVENT = re.compile(
    rf"(?:[Ii]n:? +)?(?P<name>.+?)(?:, *(?P<before>{_YEAR}))?"
    r"(?:[,.:;]? +\(?(?:pp?\.|[Pp]ages?) *(?P<pages>\d+(?:\s*[-–]+\s*\d+)?)\)?)?"
    rf"(?:, *(?P<last>{_YEAR})| *\((?P<closing>{_YEAR})\))?\.?"
)
_EVENT_AND_YEAR = re.compile(rf"(?P<name>[^\d]+) +{_YEAR}(?:[,:] *(?P<pages>\d+\s*[-–]+\s*\d+))?")


class _Reference(NamedTuple):
    """A journal reference as BibTeX's type, venue, other fields and year; without a year if that isn't certain."""

    kind: str
    venue: str
    parts: dict[str, str]
    year: int | None


def _taken_apart(statement: str, submitted: int | None) -> _Reference:
    """What a journal reference says, taken apart only where it has one reading.

    Args:
        statement: The authors' words.
        submitted: The year of the first version.
    """
    venue = _LEAD.sub("", statement.strip(), count=1)
    year = _year_in(venue, submitted)
    if is_conference(venue):
        return _event(venue, year)
    return _article(venue, year) or _named(venue, year)


def _article(venue: str, year: int | None) -> _Reference | None:
    """An article with its volume."""
    if found := _OF_SCIENCE.fullmatch(venue):
        stated = int(found["year"]) if found["year"] else year
        return _Reference("article", "PoS", {"volume": found["volume"], "pages": found["pages"]}, stated)
    if not (found := _ARTICLE.fullmatch(venue)):
        return None
    years = {int(text) for text in found.group("first", "year", "closing", "last") if text}
    pages = found["pages"]
    is_year = bool(pages and not years and re.fullmatch(_YEAR, pages))  # “19, 2018” may end with the year
    if len(years) > 1 or ((is_year or (found["last"] and not pages)) and not year):
        return None
    pages = "" if is_year else pages
    values = {"volume": found["volume"], "number": found["number"] or found["issue"], "pages": pages}
    parts = {name: _range(value) for name, value in values.items() if value}
    return _Reference("article", _journal(found["journal"]), parts, years.pop() if years else year)


def _journal(name: str) -> str:
    """The name of a journal; the full stop after its last word is an abbreviation's, except after a single word."""
    return name.rstrip(" .") if len(re.findall(r"\w+", name)) == 1 else name.rstrip()


def _named(venue: str, year: int | None) -> _Reference:
    """A journal without a volume, or a venue of unknown kind with all its words."""
    found = _NAME_AND_YEAR.fullmatch(venue) if year else None
    if found and is_journal(found["name"]):
        return _Reference("article", _journal(found["name"]), {}, year)
    return _Reference("misc", venue, {}, year)


def _event(venue: str, year: int | None) -> _Reference:
    """A paper at a conference: its pages if they are named as such, and the name without the closing year."""
    found = _EVENT_AND_YEAR.fullmatch(venue) or _EVENT.fullmatch(venue)
    name, pages = (found["name"], found["pages"]) if found else (venue, None)
    if dated := _EVENT_AND_YEAR.fullmatch(name):
        name = dated["name"]
    if not year or _PAGES.search(name) or re.search(r", \d+\w?$", name):
        return _Reference("inproceedings", venue, {}, year)
    name = name.rstrip(" ,")
    return _Reference("inproceedings", name, {"pages": _range(pages)} if pages else {}, year)


def _range(pages: str) -> str:
    return re.sub(r"\s*[-–]+\s*", "--", pages)


def _year_in(venue: str, submitted: int | None) -> int | None:
    """The year in a journal reference, if exactly one number can be a year; page numbers look like years too."""
    years = {int(found) for found in _LONE_YEAR.findall(_PAGES.sub(" ", venue))}
    if submitted:
        years = {year for year in years if -5 <= year - submitted <= 15}
    return years.pop() if len(years) == 1 else None
