"""What each type of work is called in every format, which field of BibTeX names its venue, and what is true of it."""

from __future__ import annotations

from typing import NamedTuple

from paperdeck.storage.text.words import word_set


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
    """Zotero's field for the venue; empty if it has none."""
    sort_of: str = ""
    """The type in biblatex of which it is a sort, by `entrysubtype`; empty if biblatex has a type for it."""

    @property
    def is_whole(self) -> bool:
        """Whether it is in nothing else: a book, a thesis, a report."""
        return self.venue in ISSUERS

    @property
    def is_in_a_book(self) -> bool:
        return self.venue == "booktitle"

    @property
    def is_in_a_journal(self) -> bool:
        return self.venue == "journal"

    @property
    def is_part(self) -> bool:
        """Whether it is in a volume, whose ISBN and editors are not its own."""
        return self.is_in_a_book or self.is_in_a_journal

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
        return self.csl in _NUMBERED

    @property
    def has_genre(self) -> bool:
        """Whether it is called something more exact: PhD thesis, Technical report."""
        return self.csl in ("thesis", "report")

    @property
    def has_version(self) -> bool:
        return self.csl in ("software", "dataset")


CONTAINERS = ("journal", "journaltitle", "booktitle")
"""Fields for what contains a work."""
ISSUERS = ("school", "institution", "publisher", "organization", "holder")
"""Fields for who issued a work."""
PREPRINTS = word_set("misc online unpublished electronic preprint")
"""Types of entries that a preprint may have."""
GENRES = {
    "phdthesis": "PhD thesis",
    "mathesis": "Master’s thesis",
    "mastersthesis": "Master’s thesis",
    "bathesis": "Bachelor’s thesis",
    "candthesis": "Candidate thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
}
"""Types of BibTeX and biblatex's words for them in the field `type`."""
_LANDS = {
    "de": ("German", "Germany"),
    "eu": ("European", "European Union"),
    "ep": ("European", "European Union"),
    "fr": ("French", "France"),
    "uk": ("British", "United Kingdom"),
    "us": ("U.S.", "United States"),
}
_WORDS = GENRES | {
    f"{word}{key}": text
    for key, (whose, land) in _LANDS.items()
    for word, text in (("patent", f"{whose} patent"), ("patreq", f"{whose} patent request"), ("country", land))
}
WITH_WORDS = ("type", "address", "location")
"""Fields in which biblatex has key words, such as `patentus`, which it translates."""

_NUMBERED = word_set("report patent dataset software thesis manuscript standard legislation legal_case bill regulation")
_ARTICLE = Kind("article", "journal", "article-journal", "JOUR", "journalArticle", "publicationTitle")
_PRESS = _ARTICLE._replace(sort_of="article")
_BOOK = Kind("book", "publisher", "book", "BOOK", "book", "publisher")
_CHAPTER = Kind("incollection", "booktitle", "chapter", "CHAP", "bookSection", "bookTitle")
_ENTRY = Kind("incollection", "booktitle", "entry-encyclopedia", "ENCYC", "encyclopediaArticle", "encyclopediaTitle")
_TERM = _ENTRY._replace(sort_of="inreference")
_PAPER = Kind("inproceedings", "booktitle", "paper-conference", "CPAPER", "conferencePaper", "proceedingsTitle")
_THESIS = Kind("phdthesis", "school", "thesis", "THES", "thesis", "university")
_REPORT = Kind("techreport", "institution", "report", "RPRT", "report", "institution")
_PAGE = Kind("misc", "howpublished", "webpage", "ELEC", "webpage", "websiteTitle")
_POST = _PAGE._replace(sort_of="online")
_FILM = Kind("misc", "publisher", "motion_picture", "MPCT", "film", "distributor")
_RECORDING = Kind("misc", "publisher", "song", "SOUND", "audioRecording", "label")
_IMAGE = Kind("misc", "howpublished", "graphic", "ART", "artwork", "")
OTHER = Kind("misc", "howpublished", "document", "GEN", "document", "")
"""A work of unknown type."""
_ISSUED = OTHER._replace(venue="publisher", zotero_venue="publisher", sort_of="misc")
_HELD = OTHER._replace(sort_of="misc")

KINDS = {
    "article": _ARTICLE,
    "magazine": _PRESS._replace(csl="article-magazine", ris="MGZN", zotero="magazineArticle"),
    "newspaper": _PRESS._replace(csl="article-newspaper", ris="NEWS", zotero="newspaperArticle"),
    "review": _ARTICLE._replace(csl="review"),
    "bookreview": _ARTICLE._replace(csl="review-book", sort_of="review"),
    "inproceedings": _PAPER,
    "conference": _PAPER,
    "incollection": _CHAPTER,
    "inbook": _CHAPTER,
    "bookinbook": _CHAPTER,
    "suppbook": _CHAPTER,
    "suppcollection": _CHAPTER,
    "inreference": _ENTRY,
    "dictionaryentry": _TERM._replace(
        csl="entry-dictionary", ris="DICT", zotero="dictionaryEntry", zotero_venue="dictionaryTitle"
    ),
    "entry": _TERM._replace(csl="entry"),
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
    "periodical": _ISSUED._replace(csl="periodical", ris="JFULL", sort_of=""),
    "thesis": _THESIS,
    "phdthesis": _THESIS,
    "mastersthesis": _THESIS._replace(bibtex="mastersthesis"),
    "report": _REPORT,
    "techreport": _REPORT,
    "dataset": Kind("misc", "publisher", "dataset", "DATA", "dataset", "repository"),
    "software": Kind("misc", "publisher", "software", "COMP", "computerProgram", "company"),
    "patent": Kind("misc", "holder", "patent", "PAT", "patent", "assignee"),
    "standard": Kind("misc", "organization", "standard", "STAND", "standard", "organization"),
    "jurisdiction": Kind("misc", "howpublished", "legal_case", "CASE", "case", "reporter"),
    "legislation": Kind("misc", "howpublished", "legislation", "STAT", "statute", "code"),
    "bill": _HELD._replace(csl="bill", ris="BILL", zotero="bill", zotero_venue="code"),
    "regulation": _HELD._replace(csl="regulation", ris="LEGAL"),
    "legal": OTHER._replace(csl="treaty"),
    "hearing": _ISSUED._replace(csl="hearing", ris="HEAR", zotero="hearing"),
    "movie": _FILM,
    "video": _FILM._replace(ris="VIDEO", zotero="videoRecording", zotero_venue="studio"),
    "broadcast": _ISSUED._replace(csl="broadcast", zotero="tvBroadcast", zotero_venue="network"),
    "audio": _RECORDING,
    "music": _RECORDING,
    "score": _ISSUED._replace(csl="musical_score", ris="MUSIC"),
    "performance": OTHER._replace(csl="performance"),
    "event": _HELD._replace(csl="event"),
    "speech": _HELD._replace(csl="speech", zotero="presentation", zotero_venue="meetingName"),
    "interview": _HELD._replace(csl="interview", zotero="interview"),
    "letter": Kind("misc", "howpublished", "personal_communication", "PCOMM", "letter", ""),
    "image": _IMAGE,
    "artwork": _IMAGE,
    "figure": _IMAGE._replace(csl="figure", ris="FIGURE", sort_of="image"),
    "map": _ISSUED._replace(csl="map", ris="MAP", zotero="map"),
    "online": _PAGE,
    "electronic": _PAGE,
    "www": _PAGE,
    "webpage": _PAGE,
    "blog": _POST._replace(csl="post-weblog", ris="BLOG", zotero="blogPost", zotero_venue="blogTitle"),
    "forum": _POST._replace(csl="post", zotero="forumPost", zotero_venue="forumTitle"),
    "pamphlet": _ISSUED._replace(csl="pamphlet", ris="PAMP"),
    "classic": _ISSUED._replace(csl="classic", ris="CLSWK"),
    "papers": _HELD._replace(csl="collection"),
    "unpublished": Kind("unpublished", "howpublished", "manuscript", "GEN", "manuscript", ""),
}
"""Every type by its name in BibTeX or biblatex, or, if it is a sort of one, by the word for `entrysubtype`."""


def kind_of(type_: str, sort: str = "") -> Kind:
    """The kind of an entry with a type and perhaps an `entrysubtype`, which counts if it is of that type in BibTeX."""
    kind, finer = KINDS.get(type_, OTHER), KINDS.get(sort, OTHER)
    return finer if sort in KINDS and finer.bibtex == kind.bibtex else kind


def in_words(text: str) -> str:
    """What a key word of biblatex in one of WITH_WORDS means; any other text as it is."""
    return _WORDS.get(text.casefold(), text)


def record_of(name: str) -> dict[str, str]:
    """The fields of a record that give one of KINDS; none for another name."""
    if name not in KINDS:
        return {}
    sort_of = KINDS[name].sort_of
    return {"@type": sort_of, "entrysubtype": name} if sort_of else {"@type": name}


def names_by(format_: str) -> dict[str, str]:
    """The first of KINDS for each name that a format has for types, except that for works of unknown type."""
    found: dict[str, str] = {}
    for name, kind in KINDS.items():
        found.setdefault(getattr(kind, format_), name)
    found.pop(getattr(OTHER, format_), None)
    return found
