"""A bibliography's record of the published form of a paper, in one form for all sources, and what its venue is:
published or not, main track or side event, and the series."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from paperdeck.storage.identity import GENERIC, title_key
from paperdeck.storage.text.names import Name, inverted_name, name_of, split_name
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import number_in

_GAP = "; "
"""The separator of authors, and of ids, in a stored record."""


class VenueRecord(NamedTuple):
    """One record of a source, cleaned but not judged; unknown values are empty."""

    source: str
    """`crossref`, `dblp`, `acl` or `s2` (Semantic Scholar)."""
    title: str = ""
    """The title on one line, without DBLP's final full stop; may contain TeX."""
    authors: tuple[str, ...] = ()
    """The authors in order: `Family, Given` or `{A Group}` if the source has parts and groups, else as written."""
    year: int | None = None
    """The year of publication, as the venue gives it."""
    venue: str = ""
    """The journal, or the title of the proceedings: `Proc. of …`, `NeurIPS`."""
    kind: str = ""
    """BibTeX's type: `article`, `inproceedings`, `incollection`; or `preprint`; else the source's own word."""
    pages: str = ""
    """`821-854`, with a single hyphen."""
    volume: str = ""
    """The volume."""
    number: str = ""
    """The issue."""
    publisher: str = ""
    """The publisher."""
    doi: str = ""
    """The DOI, bare and in lower case."""
    ids: tuple[str, ...] = ()
    """Other identifiers: `arxiv:2401.12345`, `acl:2023.acl-long.48`, `dblp:conf/acl/ChangSRM23`."""
    url: str = ""
    """Its page."""
    fetched: str = ""
    """When it was fetched, as `2026-11-20T12:00:00Z`."""
    series: str = ""
    """The series of the book: `Lecture Notes in Computer Science`."""

    @property
    def names(self) -> tuple[Name, ...]:
        """The authors' names in parts."""
        return tuple(map(_name, self.authors))

    @property
    def arxiv_ids(self) -> tuple[str, ...]:
        """The arXiv ids that the record itself names."""
        return tuple(name.removeprefix("arxiv:") for name in self.ids if name.startswith("arxiv:"))

    @property
    def place(self) -> str:
        """Venue and year in short: `Journal of Tests 4(2), 1–9, 2022`."""
        number = f"({self.number})" if self.number else ""
        where = f"{self.venue} {self.volume}{number}".strip()
        year = "" if str(self.year) in where else str(self.year or "")
        return ", ".join(filter(None, (where, self.pages.replace("-", "–"), year)))

    @property
    def name(self) -> str:
        """Distinguishes it from other records of the same paper: `doi:10.1000/xyz`, `dblp:conf/acl/ChangSRM23`, or its
        page."""
        own = [name for name in self.ids if not name.startswith("arxiv:")]
        return f"doi:{self.doi}" if self.doi else own[0] if own else self.url or f"{self.source}:{self.venue}"


def _name(author: str) -> Name:
    if author.startswith("{") and author.endswith("}"):
        return name_of((author[1:-1],))
    parts = author.split(", ")
    return split_name(author) if len(parts) == 1 else inverted_name(parts[0], parts[-1], parts[1] * (len(parts) > 2))


def row_of(record: VenueRecord) -> tuple[str, ...]:
    """The stored form of the record: one text per field, in order, without empty ones at the end."""
    lists = {"authors": _GAP.join(name.replace(";", ",") for name in record.authors), "ids": _GAP.join(record.ids)}
    year = str(record.year or "")
    texts = [str(value) for value in record._replace(year=year, **lists)]  # type: ignore[arg-type]
    while texts and not texts[-1]:
        del texts[-1]
    return tuple(texts)


def record_of(row: Sequence[str]) -> VenueRecord:
    """The record written by `row_of`."""
    values = dict(zip(VenueRecord._fields, row, strict=False))
    year = values.pop("year", "")
    lists = {name: tuple(filter(None, values.pop(name, "").split(_GAP))) for name in ("authors", "ids")}
    return VenueRecord(**{"source": ""} | values, year=number_in(year), authors=lists["authors"], ids=lists["ids"])


# -- kinds of venues ---------------------------------------------------------------------------------------------------

PRINTED_KINDS = frozenset({"article", "inproceedings", "incollection"})
"""BibTeX's types of published forms; a thesis, a book or a whole volume is another work."""

_NOT_PRINTED = re.compile(
    r"(?i)\b(?:corr|[a-z]*r?xiv|vixra|e-?prints?|preprints?|ssrn|research ?square|openreview"
    r"|zenodo|figshare|authorea|osf|hal|under (?:double[- ]blind )?review|in review|in (?:preparation|submission)"
    r"|submitted|submission|rejected|desk reject(?:ed)?|withdrawn|blog(?: ?post| ?track)?s?|thesis|theses|dissertation"
    r"|tech(?:nical|\.)? reports?|white ?papers?|lecture notes on|homepage|github"
    r"|working papers?|optimi[sz]ation online|electron(?:ic|\.)? colloquium|computing research repository|open archive"
    r"|qeios|kaggle|hugging ?face|semantic scholar|researchgate|towards data science|wikipedia|papers ?with ?code"
    r"|acl arr|arr|(?:master|bachelor|diplom)arbeit|habilitation|keynote|invited talk|public comment"
    r"|^(?:medium|dataset|slides|patent|us patent|to appear|cold spring harbor laboratory)$)\b"
)
_NOT_YET = re.compile(r"(?i)\b(?:accepted|to appear|to be (?:published|presented)|in press|forthcoming|conditional)")
_PREPRINT_SERVERS = re.compile(
    r"(?i)10\.(?:48550|5281|6084|2139|21203|36227|20944|31234|31219|31235|31222|17605|26434|22541|7490)/"
    r"|10\.1101/(?:\d{6}|20\d\d\.)"
)
"""DOIs of arXiv, Zenodo, figshare, SSRN, Research Square, OSF, bioRxiv and similar servers."""

_SIDE_TRACK = re.compile(
    r"(?i)\bworkshops?\b|@|\bfindings\b|\b(?:cvpr|iccv|eccv|wacv)w\b|\babstracts?\b|\bposters?\b|\bdemo(?:s|nstrations?)?\b|\btutorials?\b"
    r"|\bcompanion\b|\bdoctoral\b|\bstudents?\b|\bchallenges?\b|\binvited\b|\blate[- ]breaking\b|\bshared tasks?\b"
    r"|\bsatellite\b|\btiny papers?\b|\bsystem descriptions?\b"
)
_REMARK = re.compile(
    r"(?i)^(?:(?:author|publisher|editorial)s? )?(?:correction|corrigendum|corrigenda|erratum|errata|retract\w*"
    r"|addendum|supplement\w*|expression of concern|comments?|commentary|reply|response|rejoinder|discussion"
    r"|review of|summary of|withdrawn|removed)\b(?!-)"
)
_TAKEN_BACK = re.compile(r"(?i)[\[(](?:retracted|withdrawn|removed)(?: article)?[\])]?$")
_SHORTENED = re.compile(
    r"(?i)\s*[\[(](?:extended |student |short |poster )?(?:abstract|poster|paper|demo(?:nstration)?|invited talk|talk|"
    r"tutorial|keynote|doctoral consortium|reproducibility report|supplementary material)(?: paper| abstract)?[\])]"
    r"\s*\.?$"
    r"|^(?:poster|demo(?:nstration)?|tutorial|brief announcement|artifact|invited (?:talk|paper)|keynote"
    r"|extended abstract) ?: |(?:: | [–—-] )(?:extended abstract|rcr report|supplementary material)\.?$"
)
_FRONT_MATTER = re.compile(
    r"(?i)^(?:front ?matter|back ?matter|table of contents|title page|proceedings of\b.*|preface\b.{0,40}"
    r"|message from\b.*|(?:guest )?editors?['’]? .*|editorial\b.*|foreword\b.*|welcome\b.*|author index|list of\b.*)"
)
_PROCEEDINGS = re.compile(
    r"(?i)\bproc(?:eedings|\.)|\bconference\b|\bsymposium\b|\bworkshops?\b|[–—-] [A-Z]{3,}\w* (?:19|20)\d\d"
)

_SERIES = {
    "neurips": r"\bneurips\b|\bnips\b|neural information processing systems",
    "icml": r"\bicml\b|\binternational conference on machine learning\b(?! and)",
    "iclr": r"\biclr\b|international conference on learning representations",
    "naacl": r"\bnaacl\b|north american chapter",
    "eacl": r"\beacl\b|european chapter of the association",
    "aacl": r"\baacl\b|asia-pacific chapter",
    "acl": r"\bacl\b|meeting of the association for computational",
    "emnlp": r"\bemnlp\b|empirical methods in natural language",
    "cvpr": r"\bcvprw?\b|conference on computer vision and pattern recognition",
    "iccv": r"\biccvw?\b|international conference on computer vision\b(?! theory)",
    "eccv": r"\beccvw?\b|european conference on computer vision",
    "aaai": r"\baaai\b",
    "ijcai": r"\bijcai\b|international joint conferences? on artificial",
    "aistats": r"\baistats\b|artificial intelligence and statistics",
    "colm": r"\bcolm\b|conference on language model(?:ing|s)",
    "kdd": r"\bkdd\b|knowledge discovery (?:and|&) data mining",
    "jmlr": r"\bjmlr\b|j(?:ournal of|\.) mach(?:ine|\.) learn(?:ing|\.) res(?:earch|\.)",
    "tmlr": r"\btmlr\b|trans(?:actions|\.) (?:on )?mach(?:ine|\.) learn(?:ing|\.) res(?:earch|\.)",
    "tacl": r"\btacl\b|trans\. assoc\. comput|transactions of the association for computational",
    "pami": r"\bt?pami\b|pattern anal(?:ysis|\.)(?: and)? mach(?:ine|\.) intell(?:igence|\.)",
}
"""Series whose names bibliographies write in short or in full."""
_SERIES_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _SERIES.items()}
_JOURNALS = frozenset({"jmlr", "tmlr", "tacl", "pami"})
_OF_A_JOURNAL = re.compile(
    r"(?i)\bjournal\b|\bj\. |\btrans(?:actions|\.) |\bl(?:etters|ett\.)|\brev(?:iews?\b|\.)|\bann(?:als?\b|\.)|\bacta\b"
    r"|\bbull(?:etin\b|\.)|\bmagazine\b|^(?:nature|science|cell|pnas|jhep|theoretical computer science)$"
)
_OF_AN_EVENT = re.compile(
    r"(?i)\bproc(?:eedings|\.)|\bconf(?:erence\b|\.)(?!:? ser)"
    r"|\bworkshops?\b|\bsymp(?:osium\b|\.)|\badvances in neural\b"
)
_OF_A_LEARNED_SOCIETY = re.compile(
    r"(?i)proc(?:eedings|\.)?(?: of)?(?: the)? (?:[\w.]+ ){0,4}"
    r"(?:acad(?:emy\b|\.)|soc(?:iety\b|\.)|inst(?:itute\b|itution\b|\.)|vldb\b|ieee(?=,? \d|$)"
    r"|acm (?:on|program|meas|interact)\b)"
)
_DETAIL = re.compile(r"\([^)]*\)|\b(?:19|20)\d\d\b|\b\d+(?:st|nd|rd|th)\b|\bvol(?:ume|\.)? ?\d+\b")
_COMMON = frozenset({"proceedings", "proc", "of", "the", "in", "on", "annual", "and", "international", "part"})


def is_published(record: VenueRecord) -> bool:
    """Whether a record names a venue that publishes papers, and a type of work that can be a paper."""
    is_kind = record.source != "s2" and record.kind in PRINTED_KINDS
    is_named = bool(record.venue) and not any(map(_NOT_PRINTED.search, (record.venue, record.publisher)))
    return is_kind and is_named and not is_preprint_doi(record.doi) and not is_front_matter(record.title)


def is_front_matter(title: str) -> bool:
    """Whether a title is shared by thousands of works, such as a preface's."""
    text = to_unicode(title).strip(" .")
    return title_key(text) in GENERIC or bool(_FRONT_MATTER.fullmatch(text))


def is_preprint_doi(doi: str | None) -> bool:
    """Whether a DOI belongs to a server for preprints, reports or data, which doesn't publish."""
    return bool(_PREPRINT_SERVERS.match(doi or ""))


def is_place(words: str) -> bool:
    """Whether the authors' statement names a venue where the paper has appeared, rather than one where it was
    submitted."""
    return not (_NOT_PRINTED.search(words) or _NOT_YET.search(words))


def is_remark(title: str) -> bool:
    """Whether a title is that of a work about another one, such as a correction."""
    text = to_unicode(title).strip("“”\"' [(")
    return bool(_REMARK.match(text) or _TAKEN_BACK.search(text))


def is_shortened(title: str) -> bool:
    """Whether a title says that only an abstract, a poster or a talk was printed."""
    return bool(_SHORTENED.search(title))


def is_side_track(record: VenueRecord) -> bool:
    """Whether it appeared outside the main track: at a workshop, in Findings, as a poster."""
    return bool(_SIDE_TRACK.search(record.venue)) or is_shortened(record.title)


def is_proceedings(record: VenueRecord) -> bool:
    """Whether a book is the proceedings of a conference."""
    return bool(_PROCEEDINGS.search(record.venue))


def is_conference(venue: str) -> bool:
    """Whether authors name a conference; the proceedings of a learned society are a journal."""
    if _OF_AN_EVENT.search(_OF_A_LEARNED_SOCIETY.sub(" ", venue, count=1)):
        return True
    return series_of(venue) in _SERIES.keys() - _JOURNALS and not _OF_A_JOURNAL.search(venue)


def is_journal(name: str) -> bool:
    """Whether a name without volume and pages is certainly that of a journal."""
    is_learned = bool(_OF_A_LEARNED_SOCIETY.match(name))
    return is_learned or bool(_OF_A_JOURNAL.search(name)) or series_of(name) in _JOURNALS


def series_of(venue: str) -> str:
    """A short name of the venue's series, the same for all its spellings."""
    plain = _DETAIL.sub(" ", to_unicode(venue).replace("@", " @ "))
    for name, pattern in _SERIES_PATTERNS.items():
        if pattern.search(plain):
            return name
    words = re.findall(r"[^\W_]+", plain.casefold())
    return " ".join(word for word in words if word not in _COMMON and not word.isdecimal())
