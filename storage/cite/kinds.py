"""What each type of work is called in every format, and which field of BibTeX names its venue."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """One type of work."""

    bibtex: str
    """The type in the standard styles of BibTeX."""
    venue: str
    """BibTeX's field for what contains it, or for who issued a work of its own."""
    csl: str
    ris: str
    zotero: str
    zotero_venue: str
    """Zotero's field for the venue."""

    @property
    def is_whole(self) -> bool:
        """Whether it is in nothing else: a book, a thesis, a report."""
        return self.venue in ISSUERS

    @property
    def is_in_a_book(self) -> bool:
        return self.venue == "booktitle"

    @property
    def has_number(self) -> bool:
        """Whether its number identifies the work itself, rather than an issue or a place in a series."""
        return self.csl in _NUMBERED


CONTAINERS = ("journal", "journaltitle", "booktitle")
"""Fields for what contains a work."""
ISSUERS = ("school", "institution", "publisher", "organization", "holder")
"""Fields for who issued a work."""

_NUMBERED = frozenset({"report", "patent", "dataset", "software", "thesis", "manuscript"})
_BOOK = Kind("book", "publisher", "book", "BOOK", "book", "publisher")
_CHAPTER = Kind("incollection", "booktitle", "chapter", "CHAP", "bookSection", "bookTitle")
_PAPER = Kind("inproceedings", "booktitle", "paper-conference", "CPAPER", "conferencePaper", "proceedingsTitle")
_THESIS = Kind("phdthesis", "school", "thesis", "THES", "thesis", "university")
_REPORT = Kind("techreport", "institution", "report", "RPRT", "report", "institution")
_PAGE = Kind("misc", "howpublished", "webpage", "ELEC", "webpage", "websiteTitle")
OTHER = Kind("misc", "howpublished", "document", "GEN", "document", "publisher")
"""A work of unknown type."""

KINDS = {
    "article": Kind("article", "journal", "article-journal", "JOUR", "journalArticle", "publicationTitle"),
    "magazine": Kind("article", "journal", "article-magazine", "MGZN", "magazineArticle", "publicationTitle"),
    "newspaper": Kind("article", "journal", "article-newspaper", "NEWS", "newspaperArticle", "publicationTitle"),
    "inproceedings": _PAPER,
    "conference": _PAPER,
    "incollection": _CHAPTER,
    "inbook": _CHAPTER,
    "bookinbook": _CHAPTER,
    "suppbook": _CHAPTER,
    "suppcollection": _CHAPTER,
    "inreference": Kind(
        "incollection", "booktitle", "entry-encyclopedia", "ENCYC", "encyclopediaArticle", "encyclopediaTitle"
    ),
    "book": _BOOK,
    "mvbook": _BOOK,
    "collection": _BOOK,
    "mvcollection": _BOOK,
    "reference": _BOOK,
    "mvreference": _BOOK,
    "proceedings": _BOOK._replace(bibtex="proceedings"),
    "mvproceedings": _BOOK._replace(bibtex="proceedings"),
    "manual": _BOOK._replace(bibtex="manual", venue="organization"),
    "booklet": _BOOK._replace(bibtex="booklet"),
    "thesis": _THESIS,
    "phdthesis": _THESIS,
    "mastersthesis": _THESIS._replace(bibtex="mastersthesis"),
    "report": _REPORT,
    "techreport": _REPORT,
    "dataset": Kind("misc", "publisher", "dataset", "DATA", "dataset", "repository"),
    "software": Kind("misc", "publisher", "software", "COMP", "computerProgram", "company"),
    "patent": Kind("misc", "holder", "patent", "PAT", "patent", "assignee"),
    "online": _PAGE,
    "electronic": _PAGE,
    "www": _PAGE,
    "webpage": _PAGE,
    "unpublished": Kind("unpublished", "howpublished", "manuscript", "GEN", "manuscript", ""),
}
"""Every type by its name in BibTeX or biblatex, and the sorts of article by biblatex's `entrysubtype`."""

_SORTS = ("magazine", "newspaper")


def kind_of(type_: str, sort: str = "") -> Kind:
    """The kind of an entry with a type and perhaps an `entrysubtype`."""
    return KINDS[sort] if type_ == "article" and sort in _SORTS else KINDS.get(type_, OTHER)


def record_of(name: str) -> dict[str, str]:
    """The fields of a record that give one of KINDS."""
    return {"@type": "article", "entrysubtype": name} if name in _SORTS else {"@type": name}


def names_by(format_: str) -> dict[str, str]:
    """The first of KINDS for each name that a format has for types."""
    found: dict[str, str] = {}
    for name, kind in KINDS.items():
        found.setdefault(getattr(kind, format_), name)
    return found
