"""Every type of work: its name in each format, which fields hold its facts there, what its number stands for, and which
facts distinguish it from another work of the same title."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from paperdeck.storage.text.words import word_pairs, word_set


class Kind(NamedTuple):
    """One type of work."""

    bibtex: str
    """The type in the standard styles of BibTeX."""
    venue: str
    """BibTeX's field for what contains it, where it was held, or who issued a work of its own."""
    csl: str
    ris: str
    zotero: str
    in_zotero: Mapping[str, str] = {}
    """Zotero's fields for the facts of the work, by BibTeX's names."""
    sort_of: str = ""
    """The biblatex type that `entrysubtype` narrows down to this one; empty if biblatex has a type for it."""
    family: str = ""
    """Works of different families, whose types nobody mixes up, are never the same; empty for one of its own."""
    distinct_by: tuple[str, ...] = ()
    """BibTeX fields that distinguish works of the same title; fields in one text do so only together."""
    number: str = ""
    """What its number counts: OWN, the work itself; ISSUE; empty: for a book its place in a series, else the issue."""
    numbered: str = ""
    """The word before its own number: Patent."""
    csl_issuer: str = "publisher"
    """CSL's field for who issued it."""
    is_italic: bool = False
    """Whether its title is in italics, like a book's, rather than in quotation marks."""
    alone: str = ""
    """The type to use instead if there is no venue: in BibTeX's own `inbook`, the title is the book's."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing else contains it, as a book, a thesis or a report."""
        return self.venue in ISSUERS

    @property
    def is_in_a_book(self) -> bool:
        return self.venue == "booktitle"

    @property
    def is_in_a_journal(self) -> bool:
        return self.venue == "journal"

    @property
    def is_part(self) -> bool:
        """Whether it is in a volume, whose ISBN and editors aren't its own."""
        return self.is_in_a_book or self.is_in_a_journal

    @property
    def is_held(self) -> bool:
        """Whether it may be known by an event alone, like a talk, or a paper without proceedings."""
        return self.venue == EVENT or self.csl == "paper-conference"

    @property
    def is_press(self) -> bool:
        return self.zotero in ("newspaperArticle", "magazineArticle")

    @property
    def is_page(self) -> bool:
        """Whether it is on a site."""
        return self.csl in ("webpage", "post-weblog", "post")

    @property
    def has_number(self) -> bool:
        """Whether its number identifies the work itself, rather than an issue or a place in a series."""
        return self.number == OWN

    @property
    def has_genre(self) -> bool:
        """Whether it has a more exact name: PhD thesis, Technical report."""
        return self.csl in ("thesis", "report", "article")

    @property
    def has_version(self) -> bool:
        return self.csl in ("software", "dataset")

    @property
    def own_family(self) -> str:
        """The family, which may be this type alone."""
        return self.family or self.csl

    @property
    def traits(self) -> tuple[str, ...]:
        """All fields that distinguish works of the same title, as in `distinct_by`."""
        own = ("number",) if self.has_number else ()
        return (*self.distinct_by, *own, *(("version",) if self.has_version else ()))

    @property
    def is_paper(self) -> bool:
        """Whether it is, or may be, a paper in print or a draft of one."""
        return self.family in (ANY, TEXT, PAPER)

    def can_be(self, other: Kind) -> bool:
        """Whether two may be the same work; a draft may be one of any text, `misc` and a web page anything."""
        families = {self.own_family, other.own_family}
        return len(families) == 1 or ANY in families or (TEXT in families and families <= _TEXTS)


CONTAINERS = ("journal", "journaltitle", "booktitle")
"""Fields for what contains a work."""
ISSUERS = ("school", "institution", "publisher", "organization", "holder")
"""Fields for who issued a work."""
EVENT = "eventtitle"
"""The field for the conference or meeting where a work was presented."""
PREPRINTS = word_set("misc online unpublished electronic preprint")
"""Types of entries that a preprint may have."""
OWN, ISSUE = "own", "issue"
ANY, TEXT, PAPER = "any", "text", "paper"
"""Families: of works that may be anything, of texts of unknown type, and of papers, printed or presented."""
_TEXTS = frozenset({TEXT, PAPER, "book", "report"})
_PLACE = ("volume pages",)


def _kind(names: str, in_zotero: str = "", **more: Any) -> Kind:
    """A type of work.

    Args:
        names: BibTeX's type, the field for the venue, and the types of CSL, RIS and Zotero.
        in_zotero: Pairs of BibTeX's and Zotero's fields for the same.
        more: Other fields of Kind.
    """
    bibtex, venue, csl, ris, zotero = names.split()
    return Kind(bibtex, venue, csl, ris, zotero, word_pairs(in_zotero), **more)


def _like(kind: Kind, names: str, in_zotero: str = "", **more: Any) -> Kind:
    """A type that differs from another one in its names in CSL, RIS and Zotero, and in Zotero's fields."""
    csl, ris, zotero = names.split()
    return kind._replace(csl=csl, ris=ris, zotero=zotero, in_zotero=word_pairs(in_zotero), **more)


_VOLUME = "volume volume pages pages publisher publisher address place edition edition series series "
_VOLUME += "number seriesNumber isbn ISBN "
_SERIAL = "journal publicationTitle pages pages issn ISSN "
_ARTICLE = _kind(
    "article journal article-journal JOUR journalArticle",
    _SERIAL + "volume volume number issue series series",
    family=PAPER,
    distinct_by=_PLACE,
)
_PRESS = _ARTICLE._replace(sort_of="article")
_BOOK = _kind(
    "book publisher book BOOK book",
    "publisher publisher volume volume address place edition edition series series number seriesNumber isbn ISBN "
    "pagetotal numPages",
    distinct_by=("volume",),
    is_italic=True,
)
_CHAPTER = _kind(
    "incollection booktitle chapter CHAP bookSection",
    _VOLUME + "booktitle bookTitle",
    family=PAPER,
    distinct_by=(*_PLACE, "booktitle pages", "chapter"),
)
_ENTRY = _like(_CHAPTER, "entry-encyclopedia ENCYC encyclopediaArticle", _VOLUME + "booktitle encyclopediaTitle")
_TERM = _ENTRY._replace(sort_of="inreference")
_PAPER = _kind(
    "inproceedings booktitle paper-conference CPAPER conferencePaper",
    "booktitle proceedingsTitle eventtitle conferenceName volume volume pages pages publisher publisher address place "
    "series series isbn ISBN",
    family=PAPER,
    distinct_by=_PLACE,
)
_THESIS = _kind(
    "phdthesis school thesis THES thesis",
    "school university address place type thesisType pagetotal numPages",
    family="book",
    number=OWN,
)
_REPORT = _kind(
    "techreport institution report RPRT report",
    "institution institution address place pages pages number reportNumber type reportType series seriesTitle",
    number=OWN,
)
_PAGE = _kind("misc howpublished webpage ELEC webpage", "howpublished websiteTitle", family=ANY)
_POST = _PAGE._replace(sort_of="online")
_FILM = _kind("misc publisher motion_picture MPCT film", "publisher distributor")
_RECORDING = _kind(
    "misc publisher song SOUND audioRecording",
    "publisher label series seriesTitle volume volume address place",
)
_IMAGE = _kind("misc howpublished graphic ART artwork")
OTHER = _kind("misc howpublished document GEN document", "publisher publisher", family=ANY)
"""A work of unknown type."""
_ISSUED = OTHER._replace(venue="publisher", sort_of="misc", family="")
_HELD = OTHER._replace(sort_of="misc", family="")
PREPRINT = _kind(
    "misc organization article MANSCPT preprint",
    "organization repository number archiveID type genre address place",
    sort_of="online",
    family=TEXT,
    number=OWN,
)
"""A preprint on a server other than arXiv."""

KINDS = {
    "article": _ARTICLE,
    "magazine": _like(_PRESS, "article-magazine MGZN magazineArticle", _SERIAL + "volume volume number issue"),
    "newspaper": _like(_PRESS, "article-newspaper NEWS newspaperArticle", _SERIAL + "address place edition edition"),
    "review": _ARTICLE._replace(csl="review"),
    "bookreview": _ARTICLE._replace(csl="review-book", sort_of="review"),
    **dict.fromkeys(("inproceedings", "conference"), _PAPER),
    "incollection": _CHAPTER,
    "inbook": _CHAPTER._replace(alone="book", family=TEXT),
    **dict.fromkeys(("bookinbook", "suppbook", "suppcollection"), _CHAPTER),
    "inreference": _ENTRY,
    "dictionaryentry": _like(_TERM, "entry-dictionary DICT dictionaryEntry", _VOLUME + "booktitle dictionaryTitle"),
    "entry": _TERM._replace(csl="entry"),
    **dict.fromkeys(("book", "mvbook", "collection", "mvcollection", "reference", "mvreference"), _BOOK),
    **dict.fromkeys(("proceedings", "mvproceedings"), _BOOK._replace(bibtex="proceedings")),
    "manual": _BOOK._replace(bibtex="manual", venue="organization"),
    "booklet": _BOOK._replace(bibtex="booklet"),
    "periodical": _ISSUED._replace(
        csl="periodical", ris="JFULL", sort_of="", distinct_by=("volume", "number"), number=ISSUE, is_italic=True
    ),
    **dict.fromkeys(("thesis", "phdthesis"), _THESIS),
    "mastersthesis": _THESIS._replace(bibtex="mastersthesis"),
    **dict.fromkeys(("report", "techreport"), _REPORT),
    "dataset": _kind(
        "misc publisher dataset DATA dataset",
        "publisher repository version versionNumber address repositoryLocation",
        number=OWN,
    ),
    "software": _kind(
        "misc publisher software COMP computerProgram",
        "publisher company version versionNumber address place isbn ISBN series seriesTitle",
        number=OWN,
    ),
    "patent": _kind(
        "misc holder patent PAT patent",
        "holder assignee number patentNumber address place pages pages",
        number=OWN,
        numbered="Patent",
    ),
    "standard": _kind(
        "misc organization standard STAND standard",
        "organization organization number number version versionNumber address place",
        family="report",
        number=OWN,
        is_italic=True,
    ),
    "jurisdiction": _kind(
        "misc howpublished legal_case CASE case",
        "title caseName howpublished reporter institution court number docketNumber volume reporterVolume "
        "pages firstPage",
        number=OWN,
        csl_issuer="authority",
    ),
    "legislation": _kind(
        "misc howpublished legislation STAT statute",
        "title nameOfAct howpublished code number publicLawNumber volume codeNumber pages pages",
        number=OWN,
        csl_issuer="authority",
    ),
    "bill": _like(
        _HELD,
        "bill BILL bill",
        "howpublished code number billNumber institution legislativeBody volume codeVolume pages codePages",
        number=OWN,
        csl_issuer="authority",
    ),
    "regulation": _HELD._replace(csl="regulation", ris="LEGAL", number=OWN),
    "legal": OTHER._replace(csl="treaty", family=""),
    "hearing": _like(
        _ISSUED,
        "hearing HEAR hearing",
        "institution committee publisher publisher number documentNumber pages pages address place",
        number=OWN,
    ),
    "movie": _FILM,
    "video": _like(
        _FILM,
        "motion_picture VIDEO videoRecording",
        "publisher studio series seriesTitle volume volume address place",
    ),
    "broadcast": _like(
        _HELD,
        "broadcast GEN tvBroadcast",
        "booktitle programTitle publisher network number episodeNumber address place",
        venue="booktitle",
        number=OWN,
    ),
    **dict.fromkeys(("audio", "music"), _RECORDING),
    "score": _ISSUED._replace(csl="musical_score", ris="MUSIC"),
    "performance": OTHER._replace(csl="performance", family=""),
    "event": _HELD._replace(csl="event"),
    "speech": _like(
        _HELD, "speech GEN presentation", "eventtitle meetingName address place", venue=EVENT, family=PAPER
    ),
    "interview": _like(_HELD, "interview GEN interview"),
    "letter": _kind("misc howpublished personal_communication PCOMM letter"),
    **dict.fromkeys(("image", "artwork"), _IMAGE),
    "figure": _IMAGE._replace(csl="figure", ris="FIGURE", sort_of="image"),
    "map": _like(
        _ISSUED,
        "map MAP map",
        "publisher publisher address place edition edition series seriesTitle isbn ISBN",
    ),
    **dict.fromkeys(("online", "electronic", "www", "webpage"), _PAGE),
    "blog": _like(_POST, "post-weblog BLOG blogPost", "howpublished blogTitle"),
    "forum": _like(_POST, "post ELEC forumPost", "howpublished forumTitle"),
    "preprint": PREPRINT,
    "pamphlet": _ISSUED._replace(csl="pamphlet", ris="PAMP"),
    "classic": _ISSUED._replace(csl="classic", ris="CLSWK"),
    "papers": _HELD._replace(csl="collection"),
    "unpublished": _kind(
        "unpublished howpublished manuscript GEN manuscript",
        "address place pagetotal numPages",
        family=TEXT,
        number=OWN,
    ),
}
"""Every type by its name in BibTeX or biblatex, or, if it is a sort of one, by the word for `entrysubtype`."""


def kind_of(type_: str, sort: str = "") -> Kind:
    """The kind of an entry with a type and perhaps an `entrysubtype`, which counts if both are one type in BibTeX."""
    kind, finer = KINDS.get(type_, OTHER), KINDS.get(sort, OTHER)
    return finer if sort in KINDS and finer.bibtex == kind.bibtex else kind


def record_of(name: str) -> dict[str, str]:
    """The fields of a record that give one of KINDS; none for another name."""
    if name not in KINDS:
        return {}
    sort_of = KINDS[name].sort_of
    return {"@type": sort_of, "entrysubtype": name} if sort_of else {"@type": name}


def of_arxiv(record: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The record of an arXiv paper without the type preprint, which is understood; a BibTeX record stays as it is."""
    fields = dict(record)
    if "title" in fields or kind_of(fields.get("@type", ""), fields.get("entrysubtype", "")) != PREPRINT:
        return record
    return tuple(field for field in record if field[0] not in ("@type", "entrysubtype"))


def names_by(format_: str) -> dict[str, str]:
    """The first of KINDS for each name that a format has for types, except that for works of unknown type."""
    found: dict[str, str] = {}
    for name, kind in KINDS.items():
        found.setdefault(getattr(kind, format_), name)
    found.pop(getattr(OTHER, format_), None)
    return found


# -- biblatex's keys ---------------------------------------------------------------------------------------------------

GENRES = {
    "phdthesis": "PhD thesis",
    "mathesis": "Master’s thesis",
    "mastersthesis": "Master’s thesis",
    "bathesis": "Bachelor’s thesis",
    "candthesis": "Candidate thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
    "preprint": "Preprint",
}
"""What BibTeX's types, and biblatex's keys in the field `type`, call a work."""
_COUNTRIES = {
    "de": ("German", "Germany"),
    "eu": ("European", "European Union"),
    "ep": ("European", "European Union"),
    "fr": ("French", "France"),
    "uk": ("British", "United Kingdom"),
    "us": ("U.S.", "United States"),
}
_WORDS = GENRES | {"inpress": "in press", "inpreparation": "in preparation"}
_WORDS |= {
    f"{word}{key}": text
    for key, (adjective, name) in _COUNTRIES.items()
    for word, text in (
        ("patent", f"{adjective} patent"),
        ("patreq", f"{adjective} patent request"),
        ("country", name),
    )
}
LOCALIZED = ("type", "address", "location", "pubstate")
"""Fields in which biblatex takes keys, such as `patentus`, that it puts into the reader's language."""


def in_words(text: str) -> str:
    """What one of biblatex's keys in a field of LOCALIZED means; any other text stays as it is."""
    return _WORDS.get(text.casefold(), text)
