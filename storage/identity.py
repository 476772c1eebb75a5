"""Decides whether two descriptions are of the same paper, for fetching, adding, importing and title search alike.

They are if they have the same arXiv id; else the same DOI; else the same title, the same first surname and years at
most one apart. They are not if their arXiv ids, DOIs, ISBNs, editions or other facts that distinguish works of a type
(see `kinds`) differ, or if one work can't be of both types; nor if the years are further apart, or the given names of
the first authors begin with different letters and no co-author is shared. A surname alone proves nothing, and neither
does a title without authors, unless the abstracts begin the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

from paperdeck.storage.text.words import edition_number, word_set

from .identifiers import is_local, local_id
from .kinds import PREPRINT, Kind, kind_of
from .paper import Paper
from .text.bibtex import first_and_last
from .text.names import Name, name_of, split_name
from .text.tex import to_unicode

_KEPT_SIGNS = frozenset("+*#<>=≤≥\u0338")  # the last makes = ≠
"""Signs that distinguish titles: C and C++, A* and A, C and C#, p < 2 and p > 2."""
_ARROW = re.compile(r"<[-=]+>|[-=]+>|<-+(?!\d)")
"""An arrow in ASCII, which other sources write as one character or leave out."""
_ABSTRACT_LETTERS = 80
_MIN_ABSTRACT_LETTERS = 40
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
"""Plain letters for those that Unicode doesn't decompose; in lower case."""
_ISBN = re.compile(r"(?<![\d-])(?:97[89][ -]?)?((?:\d[ -]?){9})[\dXx](?![\d-])")
GENERIC = word_set(
    "preface foreword editorial erratum corrigendum introduction abstract addendum contents index acknowledgments "
    "acknowledgements afterword appendix bibliography prologue epilogue retraction obituary frontmatter "
    "guesteditorial editorsnote authorsindex backmatter conclusion bookreview bookreviews lettertotheeditor "
    "letterstotheeditor news newsandviews introductiontothespecialissue introductiontospecialissue fromtheeditor "
    "fromtheeditors editorsintroduction messagefromthechairs inmemoriam tableofcontents correspondence authorsreply"
)
"""Titles that thousands of works share; these also need the same year, and no other venue."""


@lru_cache(maxsize=8192)
def title_key(title: str) -> str:
    """The comparable form of a title: letters and digits without case, accents and TeX, and a few signs."""
    plain = _ARROW.sub("", to_unicode(title).casefold().translate(LETTERS))
    decomposed = unicodedata.normalize("NFKD", plain.replace("<=", "≤").replace(">=", "≥"))
    return "".join(char for char in decomposed if char.isalnum() or char in _KEPT_SIGNS)


def doi_key(doi: str | None) -> str:
    """The comparable form of a DOI: without case and a final full stop."""
    return (doi or "").casefold().rstrip(".,;")


def names_of(paper: Paper) -> tuple[Name, ...]:
    """The names of all authors, in the parts that a source gave, else split by rules."""
    known = {name.text: name for name in map(name_of, paper.names)}
    known |= {f"{name.given} {name.family}": name for name in known.values() if name.is_east_asian}  # as once stored
    readable = (unicodedata.normalize("NFC", to_unicode(author)) for author in paper.authors)
    return tuple(known.get(author) or split_name(author) for author in readable)


def surnames_of(name: Name) -> frozenset[str]:
    """The forms in which other sources may write a surname: `García Márquez` and `Márquez`, `王` and `王小明`."""
    whole = name.family.split()
    forms = [name.family, name.surname, whole[-1] if whole else "", name.text if name.is_east_asian else ""]
    return frozenset(filter(None, map(title_key, forms)))


def year_of(paper: Paper) -> int | None:
    """The year of publication, or of the first version; None if unknown."""
    return int(paper.dated[:4]) if paper.dated else None


def is_same(one: Paper, other: Paper) -> bool:
    """Whether two descriptions are certainly of one paper."""
    return _Description(one).is_same(_Description(other))


def are_two(one: Paper, other: Paper) -> bool:
    """Whether two descriptions are of different publications, perhaps of one work: their DOIs, types or numbers
    differ."""
    return _Description(one).is_another(_Description(other))


def isbns_in(text: str) -> frozenset[str]:
    """The ISBNs in a text, without prefix and check digit, which differ between ISBN-10 and ISBN-13."""
    return frozenset(re.sub("[ -]", "", found) for found in _ISBN.findall(text))


def _are_unlike(one: str, other: str) -> bool:
    """Whether two comparable values are both known and differ in more than a prefix: `tr5` is `5`."""
    short, long = sorted((one, other), key=len)
    return bool(short) and not re.fullmatch(rf"\D*{re.escape(short)}", long)


class _Description:
    """A paper with its identifying features, each of which is worked out at most once, when needed."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.is_local = is_local(paper.id)
        self.doi = doi_key(paper.doi)
        self.year = year_of(paper)

    @cached_property
    def title(self) -> str:
        return title_key(self.paper.title)

    @cached_property
    def abstract(self) -> str:
        """The beginning of the abstract in its comparable form."""
        return title_key(self.paper.abstract)[:_ABSTRACT_LETTERS]

    @cached_property
    def isbns(self) -> frozenset[str]:
        """The ISBNs of a work that isn't in a volume."""
        return frozenset() if self.kind.is_part else isbns_in(self._record.get("isbn", ""))

    @cached_property
    def edition(self) -> str:
        """The edition of a work that isn't in a volume: `2nd` and `Second` are `2`."""
        said = "" if self.kind.is_part else self._record.get("edition", "")
        edition = title_key(said).removesuffix("edition")
        number = re.match(r"\d*", edition)
        return edition_number(edition) or (number[0] if number else "") or edition

    @cached_property
    def _record(self) -> dict[str, str]:
        return dict(self.paper.record)

    @cached_property
    def kind(self) -> Kind:
        if not self.is_local and "@type" not in self._record:
            return PREPRINT
        return kind_of(self._record.get("@type", ""), self._record.get("entrysubtype", ""))

    @cached_property
    def telling(self) -> dict[str, tuple[str, ...]]:
        """The comparable values of the fields in `Kind.tells`, where all of a text are known."""
        named = {fields: tuple(map(self._comparable, fields.split())) for fields in self.kind.tells}
        return {fields: values for fields, values in named.items() if all(values)}

    def _comparable(self, field: str) -> str:
        if field == "pages":
            return title_key(first_and_last(self._record.get("pages", "") or self._record.get("eid", ""))[0])
        return self.venue if field == "booktitle" else title_key(self._record.get(field, ""))

    @cached_property
    def venue(self) -> str:
        return title_key(self.paper.journal_ref or "")

    @property
    def is_generic(self) -> bool:
        return self.title in GENERIC

    @cached_property
    def _names(self) -> tuple[Name, ...]:
        return names_of(self.paper)

    @cached_property
    def surnames(self) -> frozenset[str]:
        """The forms of the first author's surname."""
        return surnames_of(self._names[0]) if self._names else frozenset()

    @cached_property
    def initial(self) -> str:
        """The first letter of the first author's given name, in its comparable form."""
        return title_key(self._names[0].given)[:1] if self._names else ""

    @cached_property
    def _co_authors(self) -> frozenset[str]:
        return frozenset[str]().union(*map(surnames_of, self._names[1:]))

    def is_same(self, other: _Description) -> bool:
        if self.paper.id == other.paper.id:
            return True
        if not (self.is_local or other.is_local) or self.is_another(other):
            return False
        if self.doi and other.doi:
            return True
        return bool(self.title) and self.title == other.title and self._is_near(other) and self._agrees(other)

    def is_another(self, other: _Description) -> bool:
        """Whether their DOIs, types, ISBNs, editions or numbers differ."""
        if self.doi and other.doi:
            return self.doi != other.doi
        if not self.kind.can_be(other.kind) or self._is_told_from(other):
            return True
        if self.isbns and other.isbns:
            return self.isbns.isdisjoint(other.isbns)
        return bool(self.edition and other.edition) and self.edition != other.edition

    def _is_told_from(self, other: _Description) -> bool:
        """Whether a fact that distinguishes works of their kind differs."""
        if self.is_generic and _are_unlike(self.venue, other.venue):
            return True
        both = self.telling.keys() & other.telling.keys()
        return any(all(map(_are_unlike, self.telling[fields], other.telling[fields])) for fields in both)

    def _is_near(self, other: _Description) -> bool:
        """Whether the years are close enough for one paper with that title."""
        if self.year and other.year:
            return abs(self.year - other.year) <= (0 if self.is_generic else 1)
        return not self.is_generic

    def _agrees(self, other: _Description) -> bool:
        """Whether two papers of the same title have the same first author, as far as the names tell, or abstract."""
        if self._names and other._names:
            one_initial = not (self.initial and other.initial) or self.initial == other.initial
            is_shared = one_initial or not self._co_authors.isdisjoint(other._co_authors)
            return is_shared and not self.surnames.isdisjoint(other.surnames)
        shortest = min(len(self.abstract), len(other.abstract))
        return shortest >= _MIN_ABSTRACT_LETTERS and self.abstract[:shortest] == other.abstract[:shortest]

    # -- places in an index ----------------------------------------------------------------------------------------

    def places(self) -> Iterator[tuple[str, ...]]:
        """Where an index holds it: by id, DOI and title; under the title by surname, under that by ISBN."""
        yield from self._by_identifier()
        if self.title:
            yield ("title", self.title)
            for surname in self.surnames or ("",):
                yield ("title", self.title, surname)
                yield from (("title", self.title, surname, isbn) for isbn in self.isbns or ("",))

    def places_of_same(self) -> Iterator[tuple[str, ...]]:
        """Where an index holds all that may be the same, always in the same order."""
        yield from self._by_identifier()
        if self.title and not self.surnames:
            yield ("title", self.title)
        elif self.title:
            for surname in (*sorted(self.surnames), ""):
                found = ("title", self.title, surname)
                yield from ((*found, isbn) for isbn in (*sorted(self.isbns), "")) if self.isbns else (found,)

    def _by_identifier(self) -> Iterator[tuple[str, ...]]:
        yield ("id", self.paper.id)
        if self.doi:
            yield ("doi", self.doi)


def new_local_id(paper: Paper) -> str:
    """An id for a paper without a known arXiv id, made of what identifies it, so that all devices make the same one."""
    known = _Description(paper)
    if known.doi:
        return local_id(known.doi, "")
    family = title_key(names_of(paper)[0].family) if paper.authors else ""
    told = (" ".join(values) for _, values in sorted(known.telling.items()))
    kind = "" if known.kind.is_paper else known.kind.csl
    apart = (*told, kind, known.venue if known.is_generic else "")
    first = " ".join(filter(None, (family, known.initial, *sorted(known.isbns), known.edition, *apart)))
    return local_id(f"{known.title} {known.year or ''}", first)


class IdentityIndex:
    """Papers indexed by their identifying features, so that each new one is compared with few."""

    def __init__(self, papers: Iterable[Paper] = ()) -> None:
        self._by_place: dict[tuple[str, ...], list[_Description]] = {}
        for paper in papers:
            self.add(paper)

    def add(self, paper: Paper) -> None:
        known = _Description(paper)
        for place in known.places():
            self._by_place.setdefault(place, []).append(known)

    def same(self, paper: Paper) -> list[Paper]:
        """All indexed papers that are certainly this one; not those with a description that is certainly of another."""
        wanted = _Description(paper)
        near = (known for place in wanted.places_of_same() for known in self._by_place.get(place, ()))
        alike = list({id(known): known for known in near}.values())
        others = {known.paper.id for known in alike if known.paper.id != paper.id and wanted.is_another(known)}
        same = {known.paper.id: known.paper for known in alike if wanted.is_same(known)}
        return [known for paper_id, known in same.items() if paper_id not in others]

    def find(self, paper: Paper) -> Paper | None:
        """The same paper among the indexed ones, preferably on arXiv; None if there is none, or several on arXiv."""
        same = self.same(paper)
        if own := next((known for known in same if known.id == paper.id), None):
            return own
        best = [known for known in same if not is_local(known.id)] or same
        return best[0] if len(best) == 1 or (best and is_local(best[0].id)) else None


_REMARK = re.compile(
    r"(?i)^(?:a )?(?:comment|reply|response|rejoinder|remark|note|erratum|discussion)s? (?:on|to|for)\b"
)


def is_about_another(title: str) -> bool:
    """Whether a title is that of a comment on another paper, which may name that paper's id."""
    return bool(_REMARK.match(to_unicode(title).strip("“”\"' ")))
