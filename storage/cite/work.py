"""What a citation names: a preprint, or the form in which it was published, never a mixture of both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from paperdeck.storage.identifiers import is_local
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.names import Name, split_name
from paperdeck.storage.text.tex import to_unicode

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One thing to cite. What is not known is None or empty, and left out of every format."""

    paper: Paper
    """The paper whose form this is."""
    title: str
    """The title as readable text; the paper's own has its TeX."""
    authors: tuple[Name, ...]
    """All authors, in order."""
    year: int | None = None
    """The year to cite."""
    date: date | None = None
    """The full date, if one is known."""
    arxiv_id: str | None = None
    """The arXiv id, of a preprint only."""
    category: str | None = None
    """The primary arXiv category, of a preprint only."""
    venue: str = ""
    """Where it was published, in the authors' words."""
    doi: str | None = None
    """A bare DOI: arXiv's own for a preprint, the publisher's for a published work."""
    url: str | None = None
    """The page to link."""

    @property
    def link(self) -> str:
        """The link that lists of references show: the DOI's if there is one."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url or ""

    @property
    def abstract(self) -> str:
        """The abstract as readable text on one line."""
        return " ".join(_plain(self.paper.abstract).split())


def preprint(paper: Paper) -> Work:
    """The paper as arXiv has it, dated by its first version; a local paper as it was imported."""
    local = is_local(paper.id)
    return Work(
        paper=paper,
        title=_plain(paper.title),
        authors=_names(paper),
        year=paper.published.year if paper.published else None,
        date=paper.published,
        arxiv_id=None if local else paper.id,
        category=None if local else paper.primary_category,
        venue=_plain(paper.journal_ref) if local else "",
        doi=paper.doi if local else f"10.48550/arXiv.{paper.id}",
        url=paper.project_url or _doi_link(paper) if local else paper.abs_url,
    )


def published(paper: Paper) -> Work | None:
    """The paper as it was published, or None if no journal reference and no publisher's DOI is known.

    The year is the one in the journal reference; without one it is left out, because the preprint's may be another.
    """
    if not is_published(paper):
        return None
    venue = _plain(paper.journal_ref)
    return Work(
        paper=paper,
        title=_plain(paper.title),
        authors=_names(paper),
        year=_year_of(venue, paper.published),
        venue=venue,
        doi=paper.doi,
        url=_doi_link(paper),
    )


def is_published(paper: Paper) -> bool:
    """Whether a published form of a preprint is known."""
    return not is_local(paper.id) and bool(paper.journal_ref or paper.doi)


def _plain(text: str | None) -> str:
    """Readable text, its accents composed, as other programs expect them."""
    return normalize("NFC", to_unicode(text or ""))


def _names(paper: Paper) -> tuple[Name, ...]:
    return tuple(split_name(_plain(author)) for author in paper.authors)


def _doi_link(paper: Paper) -> str | None:
    return f"https://doi.org/{paper.doi}" if paper.doi else None


def _year_of(venue: str, submitted: date | None) -> int | None:
    """The year in a journal reference, if it holds exactly one number that can be it; page numbers look like years."""
    years = {int(found) for found in _YEAR.findall(venue)}
    if submitted:
        years = {year for year in years if -5 <= year - submitted.year <= 15}
    return years.pop() if len(years) == 1 else None
