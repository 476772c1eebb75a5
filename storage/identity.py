"""Decides whether two descriptions are of the same paper, for fetching, adding, importing and title search alike.

They are if they have the same arXiv id; else the same DOI; else the same title, the same first surname and years at
most one apart. Different arXiv ids, DOIs, ISBNs of books or editions, years further apart, or first authors whose given
names begin with different letters and who share no co-author make them two papers. A surname alone proves nothing, and
neither does a title without authors, unless the abstracts begin the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from paperdeck.storage.text.words import word_pairs, word_set

from .identifiers import is_local, local_id
from .paper import Paper
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
_EDITIONS = word_pairs("first 1 second 2 third 3 fourth 4 fifth 5 sixth 6 seventh 7 eighth 8 ninth 9 tenth 10")
_IN_VOLUMES = word_set("article inproceedings incollection inbook conference inreference suppbook")
"""Types of works in a volume, whose ISBN is only that of the volume."""
GENERIC = word_set(
    "preface foreword editorial erratum corrigendum introduction abstract addendum contents index acknowledgments "
    "acknowledgements afterword appendix bibliography prologue epilogue retraction obituary frontmatter "
    "guesteditorial editorsnote authorsindex backmatter conclusion bookreview bookreviews lettertotheeditor "
    "letterstotheeditor news newsandviews introductiontothespecialissue introductiontospecialissue fromtheeditor "
    "fromtheeditors editorsintroduction messagefromthechairs inmemoriam tableofcontents correspondence authorsreply"
)
"""Titles that thousands of works share; these also need the same year."""


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
    if one.id == other.id:
        return True
    if not is_local(one.id) and not is_local(other.id):
        return False
    if are_two(one, other):
        return False
    if one.doi and other.doi:
        return True
    title = title_key(one.title)
    return bool(title) and title == title_key(other.title) and _agree(one, other, title in GENERIC)


def are_two(one: Paper, other: Paper) -> bool:
    """Whether two descriptions are of different publications, perhaps of one work: their DOIs, ISBNs or editions
    differ."""
    if one.doi and other.doi:
        return doi_key(one.doi) != doi_key(other.doi)
    (isbns, edition), (others, other_edition) = _edition(one), _edition(other)
    if isbns and others:
        return isbns.isdisjoint(others)
    return bool(edition and other_edition) and edition != other_edition


def isbns_in(text: str) -> frozenset[str]:
    """The ISBNs in a text, without prefix and check digit, which differ between ISBN-10 and ISBN-13."""
    return frozenset(re.sub("[ -]", "", found) for found in _ISBN.findall(text))


def _edition(paper: Paper) -> tuple[frozenset[str], str]:
    """The ISBNs and the edition of a work that isn't in a volume: `2nd` and `Second` are `2`."""
    record = dict(paper.record)
    edition = title_key(record.get("edition", "")).removesuffix("edition")
    number = re.match(r"\d*", edition)
    numbered = _EDITIONS.get(edition) or (number[0] if number else "") or edition
    return (frozenset(), "") if record.get("@type") in _IN_VOLUMES else (isbns_in(record.get("isbn", "")), numbered)


def _agree(one: Paper, other: Paper, generic: bool) -> bool:
    """Whether two papers of the same title have the same first author, or abstract, and about the same year."""
    years = (year_of(one), year_of(other))
    if years[0] and years[1] and abs(years[0] - years[1]) > (0 if generic else 1):
        return False
    if generic and None in years:
        return False
    if one.authors and other.authors:
        return _share_authors(names_of(one), names_of(other))
    starts = (title_key(one.abstract)[:_ABSTRACT_LETTERS], title_key(other.abstract)[:_ABSTRACT_LETTERS])
    shortest = min(map(len, starts))
    return shortest >= _MIN_ABSTRACT_LETTERS and starts[0][:shortest] == starts[1][:shortest]


def _share_authors(one: tuple[Name, ...], other: tuple[Name, ...]) -> bool:
    """Whether two lists of authors begin with the same person, as far as the names tell."""
    if surnames_of(one[0]).isdisjoint(surnames_of(other[0])):
        return False
    initials = {_initial(one[0]), _initial(other[0])} - {""}
    first, second = (frozenset[str]().union(*map(surnames_of, names[1:])) for names in (one, other))
    return len(initials) < 2 or not first.isdisjoint(second)


def _initial(name: Name) -> str:
    """The first letter of the given name, in its comparable form."""
    return title_key(name.given)[:1]


def new_local_id(paper: Paper) -> str:
    """An id for a paper without a known arXiv id, made of what identifies it, so that all devices make the same one."""
    if paper.doi:
        return local_id(doi_key(paper.doi), "")
    name = names_of(paper)[0] if paper.authors else Name("")
    isbns, edition = _edition(paper)
    first = " ".join(filter(None, (title_key(name.family), _initial(name), *sorted(isbns), edition)))
    return local_id(f"{title_key(paper.title)} {year_of(paper) or ''}", first)


class IdentityIndex:
    """Papers indexed by their identifying features, so that each new one is compared with few."""

    def __init__(self, papers: Iterable[Paper] = ()) -> None:
        self._by_key: dict[str, list[Paper]] = {}
        for paper in papers:
            self.add(paper)

    def add(self, paper: Paper) -> None:
        for key in _keys(paper):
            self._by_key.setdefault(key, []).append(paper)

    def same(self, paper: Paper) -> list[Paper]:
        """All indexed papers that are certainly this one."""
        alike = {known.id: known for key in _keys(paper) for known in self._by_key.get(key, ())}
        return [known for known in alike.values() if is_same(paper, known)]

    def find(self, paper: Paper) -> Paper | None:
        """The same paper among the indexed ones, preferably on arXiv; None if there is none, or several on arXiv."""
        same = self.same(paper)
        if own := next((known for known in same if known.id == paper.id), None):
            return own
        best = [known for known in same if not is_local(known.id)] or same
        return best[0] if len(best) == 1 or (best and is_local(best[0].id)) else None


def _keys(paper: Paper) -> Iterator[str]:
    yield paper.id
    if paper.doi:
        yield f"doi:{doi_key(paper.doi)}"
    if key := title_key(paper.title):
        yield f"title:{key}"


_REMARK = re.compile(
    r"(?i)^(?:a )?(?:comment|reply|response|rejoinder|remark|note|erratum|discussion)s? (?:on|to|for)\b"
)


def is_about_another(title: str) -> bool:
    """Whether a title is that of a comment on another paper, which may name that paper's id."""
    return bool(_REMARK.match(to_unicode(title).strip("“”\"' ")))
