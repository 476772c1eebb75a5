"""The works that citations describe: a preprint, its published form, or an imported record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from unicodedata import normalize

from paperdeck.storage.identifiers import is_local, names_arxiv
from paperdeck.storage.identity import names_of
from paperdeck.storage.kinds import (
    CONTAINERS,
    EVENT,
    GENRES,
    ISSUERS,
    KINDS,
    LOCALIZED,
    PREPRINT,
    PREPRINTS,
    Kind,
    in_words,
    kind_of,
)
from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.text.bibtex import decode, first_and_last, leaves_out, people_in
from paperdeck.storage.text.dates import date_in, partial_date
from paperdeck.storage.text.names import OTHERS, Name
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import edition_number, word_set

_IN_WORDS = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]+){0,4}")
_TYPE_NAME = re.compile(r"[A-Za-z_-]{2,40}")
ARXIV = "arXiv"
WITHDRAWN = "Withdrawn"
"""The note of a withdrawn paper."""
_FIELDS_OF_WORK = word_set(
    "author editor translator title subtitle year month date day doi url eprint eprinttype eprintclass archiveprefix "
    "primaryclass abstract keywords annote annotation note journal journaltitle booktitle howpublished file groups "
    "crossref"
)


class Dated(NamedTuple):
    """A date as precise as known; unknown parts are 0."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def iso(self) -> str:
        """The date in ISO 8601, with as many parts as are known."""
        parts = (f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part))
        return "-".join(parts)


_NOT_IN_KEYS = re.compile(r"[\s,{}()\"#%~\\'=^$&]")
_LONGEST_KEY_CHARACTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One thing to cite. Unknown facts are None or empty, and every format omits them."""

    paper: Paper
    """The paper that this cites."""
    title: str
    """The title as readable text; the paper's own has its TeX."""
    authors: tuple[Name, ...]
    """All authors, in order; the last one is OTHERS if the source leaves some out."""
    editors: tuple[Name, ...] = ()
    """The editors, of this or of the book that contains it."""
    translators: tuple[Name, ...] = ()
    date: Dated | None = None
    """The date of publication, perhaps partial."""
    arxiv_id: str | None = None
    """The arXiv id, for published works too."""
    category: str | None = None
    """The primary arXiv category, for preprints only."""
    venue: str = ""
    """Where it was published: a journal, the title of proceedings or the authors' statement."""
    kind: str = "misc"
    """BibTeX's type."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Volume, pages and similar facts, by BibTeX's field names, as readable text."""
    doi: str | None = None
    """A bare DOI: arXiv's own for a preprint, the publisher's for a published work."""
    url: str | None = None
    """The page to link."""
    record: tuple[tuple[str, str], ...] = ()
    """The imported record, which BibTeX gets unchanged; see Paper.record."""
    entry: Entry | None = None
    """The paper with its marks, if they are requested."""
    of: Work | None = None
    """The preprint of this published form; it determines the key."""

    @property
    def year(self) -> int | None:
        return self.date.year if self.date else None

    @property
    def is_preprint(self) -> bool:
        """Whether it is cited as a preprint of arXiv."""
        return bool(self.arxiv_id) and self.kind == "misc" and self.of is None

    @property
    def own_key(self) -> str:
        """The key of the imported record, without characters that would end it in BibTeX; empty if there is
        none."""
        return usable_key(next((value for name, value in self.paper.record if name == "@key"), ""))

    @property
    def link(self) -> str:
        """The link for a list of references: the DOI's if there is one."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url or ""

    @property
    def abstract(self) -> str:
        """The abstract as readable text on one line."""
        return " ".join(plain(self.paper.abstract).split())

    @property
    def form(self) -> Kind:
        """What the formats call it."""
        form = PREPRINT if self.is_preprint else self._named
        return KINDS[form.alone] if form.alone and not self._contained else form

    @property
    def _named(self) -> Kind:
        return kind_of(self.kind, self.parts.get("entrysubtype", ""))

    @property
    def ris_type(self) -> str:
        """The type in RIS; one that has no other name is that of the file from which the work came."""
        named = (value for name, value in self.record if name == "ris:TY")
        return next(filter(_TYPE_NAME.fullmatch, named), self.form.ris)

    @property
    def container(self) -> str:
        """The journal, book or site that contains it; empty for a work of its own."""
        return self._contained if not self.form.is_whole else ""

    @property
    def _contained(self) -> str:
        """The venue, unless it is the event or the publisher."""
        return "" if self.venue in (self.event_title, *map(self.parts.get, ISSUERS)) else self.venue

    @property
    def event_title(self) -> str:
        """The conference or meeting where it was presented."""
        return self.parts.get(EVENT, "") or (self.venue if self._named.venue == EVENT else "")

    @property
    def event(self) -> str:
        """The event and its place, if nothing contains the work."""
        is_there = self.form.is_held and self.event_title and not self.container
        return ", ".join(filter(None, (self.event_title, self.parts.get("venue", "")))) if is_there else ""

    @property
    def issuer(self) -> str:
        """The publisher; of a thesis or a report the institution; of a preprint its server."""
        if self.is_preprint:
            return ARXIV
        named = (self.parts.get(name, "") for name in (self.form.venue, *ISSUERS) if name in ISSUERS)
        return next(filter(None, named), self.venue if self.form.is_whole else "")

    @property
    def number(self) -> str:
        """The number of the work itself, as of a report or a patent."""
        if self.is_preprint:
            return f"arXiv:{self.arxiv_id}"
        return self.parts.get("number", "") if self.form.has_number else ""

    @property
    def volume(self) -> str:
        return self.parts.get("volume", "")

    @property
    def series_number(self) -> str:
        """The number in the series of a book."""
        is_of_book = self.form.is_whole or (self.form.is_in_a_book and "series" in self.parts)
        return self.parts.get("number", "") if is_of_book and not self.form.number else ""

    @property
    def issue(self) -> str:
        """The issue of a journal."""
        return "" if self.number or self.series_number else self.parts.get("number", "") or self.parts.get("issue", "")

    @property
    def pages(self) -> str:
        """The pages with an en dash, or the number of the article in their place."""
        ranges = map(first_and_last, re.split(r",\s*", self.parts.get("pages", "")))
        return ", ".join("–".join(filter(None, ends)) for ends in ranges).replace("--", "–") or self.parts.get(
            "eid", ""
        )

    @property
    def note(self) -> str:
        """What else its record says about it: `With a foreword`."""
        return decode(dict(self.record).get("note", ""))

    @property
    def is_excerpt(self) -> bool:
        """Whether it is some pages or a chapter of the book that its title names."""
        return self.form.is_whole and bool(self._named.alone or self.chapter)

    @property
    def first_date(self) -> Dated | None:
        """When a reprinted work first appeared."""
        found = re.match(r"\d{4}(?:-\d\d){0,2}(?!\d)", self.parts.get("origdate", ""))
        return dated(found[0]) if found else None

    @property
    def chapter(self) -> str:
        """The number of the chapter in a book."""
        return self.parts.get("chapter", "")

    @property
    def version(self) -> str:
        """The version of a program or of data."""
        return self.parts.get("version", "") if self.form.has_version else ""

    @property
    def publisher_place(self) -> str:
        return self.parts.get("address", "") or self.parts.get("location", "")

    @property
    def edition(self) -> str:
        """The edition: its number, or else what the source says."""
        said = self.parts.get("edition", "")
        return edition_number(said) or said

    @property
    def genre(self) -> str:
        """What a thesis or a report is called: PhD thesis, Technical report, Preprint."""
        kind = "preprint" if self.form == PREPRINT else self.kind
        named = self.parts.get("type", "") or GENRES.get(kind, "")
        return named if self.form.has_genre and named.casefold() != self.form.csl else ""

    @property
    def status(self) -> str:
        """What is said in place of a year: in press, forthcoming."""
        year = decode(dict(self.record).get("year", ""))
        return self.parts.get("pubstate", "") or (year if _IN_WORDS.fullmatch(year) else "")

    @property
    def place(self) -> str:
        """The venue with volume, number and pages, on one line of a list."""
        volume, number = self.volume, self.parts.get("number", "")
        if number:
            volume = f"{volume}({number})" if volume else f"no. {number}"
        return ", ".join(filter(None, (self.venue, volume, self.pages)))


def usable_key(key: str) -> str:
    """A key without the characters that BibTeX or TeX doesn't take in one, or that can't be seen; cut if overlong."""
    return "".join(filter(str.isprintable, _NOT_IN_KEYS.sub("", key)))[:_LONGEST_KEY_CHARACTERS]


def is_usable_key(key: str) -> bool:
    """Whether a key can be one that `usable_key` returned, perhaps with letters added that tell it from others."""
    return 0 < len(key) <= 2 * _LONGEST_KEY_CHARACTERS and key.isprintable() and not _NOT_IN_KEYS.search(key)


def preprint(paper: Paper) -> Work:
    """The paper as on arXiv, dated by its first version; a local paper as imported."""
    if is_local(paper.id):
        return recorded(paper)
    return Work(
        paper=paper,
        title=plain(paper.title),
        authors=names_of(paper),
        date=dated(paper.dated),
        arxiv_id=paper.id,
        category=paper.primary_category,
        doi=f"10.48550/arXiv.{paper.id}",
        url=paper.abs_url,
    )


def as_imported(paper: Paper) -> Work:
    """The paper as in its imported record, if it has one; else as in `preprint`."""
    return recorded(paper) if "@type" in dict(paper.record) else preprint(paper)


def recorded(paper: Paper) -> Work:
    """The paper as in its imported record, which for a local paper may be empty."""
    record, local = dict(paper.record), is_local(paper.id)
    venue = venue_in(paper.record)
    is_preprint = _may_be_preprint(record) and not local and not venue
    return Work(
        paper=paper,
        title=plain(paper.title),
        authors=_authors(paper),
        editors=_people(paper, "editor"),
        translators=_people(paper, "translator"),
        date=dated(paper.dated) if local or is_preprint else dated(date_of(record) or paper.issued),
        arxiv_id=None if local else paper.id,
        category=paper.primary_category if is_preprint else None,
        venue=plain(paper.journal_ref) or venue,
        kind="misc" if is_preprint else record.get("@type", "misc"),
        parts=dict(_parts(paper.record)),
        doi=paper.doi or (f"10.48550/arXiv.{paper.id}" if is_preprint else None),
        url=paper.abs_url if is_preprint else paper.project_url or paper.doi_url or paper.abs_url,
        record=paper.record,
    )


def _authors(paper: Paper) -> tuple[Name, ...]:
    others = (OTHERS,) if leaves_out(dict(paper.record).get("author", "")) else ()
    return () if paper.is_edited else (*names_of(paper), *others)


def _people(paper: Paper, role: str) -> tuple[Name, ...]:
    return tuple(people_in(dict(paper.record).get(role, "")))


def _parts(record: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for name, value in record:
        if name[:1] != "@" and ":" not in name and name not in _FIELDS_OF_WORK and (text := decode(value)):
            yield name, in_words(text) if name in LOCALIZED else text


def venue_in(record: tuple[tuple[str, str], ...]) -> str:
    """The venue that a record names, unless that is arXiv."""
    values = dict(record)
    if _may_be_preprint(values):
        return ""
    venues = (decode(values.get(name, "")) for name in (*CONTAINERS, *ISSUERS))
    return next((venue for venue in venues if venue and not names_arxiv(venue)), "")


def _may_be_preprint(record: Mapping[str, str]) -> bool:
    return record.get("@type", "misc") in PREPRINTS


def date_of(fields: Mapping[str, str]) -> str:
    """The date of an entry as precise as given: biblatex's `date`, else `year`, `month` and `day`; empty if unknown."""
    if date := date_in(decode(fields.get("date", ""))):
        return date
    year, month, day = (decode(fields.get(name, "")) for name in ("year", "month", "day"))
    known = date_in(year)  # which may hold a month
    whole = partial_date(year, month or known[5:7], day)
    return whole if whole.startswith(known) else known


def plain(text: str | None) -> str:
    """Readable text, its accents composed, as other programs expect them."""
    return normalize("NFC", to_unicode(text or ""))


def dated(text: str | None) -> Dated | None:
    return Dated(*map(int, text.split("-"))) if text else None
