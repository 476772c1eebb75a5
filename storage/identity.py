"""Decides whether two descriptions are of the same paper, for fetching, adding, importing and title search alike.

They are if they have the same arXiv id; else the same DOI; else the same title, the same first surname and years at
most one apart. They are not if their arXiv ids, DOIs, ISBNs, editions or other facts that distinguish works of a type
(see `kinds` and `Description.traits`) differ, or one work can't be of both types; nor if the years are further apart,
or the given names of the first authors begin with different letters and no co-author is shared. A surname alone proves
nothing. If only one of them names an author, the abstracts must begin the same; if none does, the years must be the
same. Two that earlier versions gave the same id are one, unless such a fact differs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from paperdeck.storage.text.words import edition_number, word_set

from .identifiers import is_local, local_id
from .kinds import PREPRINT, Kind, kind_of
from .paper import Paper
from .text.bibtex import decode, first_and_last
from .text.names import Name, name_of, split_name
from .text.numbers import numbers_in
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
    return Description(one).is_same(Description(other))


def are_two(one: Paper, other: Paper) -> bool:
    """Whether two descriptions are of different publications, perhaps of one work: their DOIs, types or numbers
    differ."""
    return Description(one).is_another(Description(other))


def isbns_in(text: str) -> frozenset[str]:
    """The ISBNs in a text, without prefix and check digit, which differ between ISBN-10 and ISBN-13."""
    return frozenset(re.sub("[ -]", "", found) for found in _ISBN.findall(text))


@lru_cache(maxsize=8192)
def _numbers(value: str) -> tuple[str, ...]:
    """The numbers in a value of BibTeX."""
    return numbers_in(decode(value))


@lru_cache(maxsize=8192)
def _first_page(value: str) -> tuple[str, ...]:
    """The number of the first page in a range in BibTeX, or of an article."""
    return numbers_in(first_and_last(decode(value))[0])


class Trait(NamedTuple):
    """What some fields say about a work, as values by field: the parts of a number, or a text."""

    whole: tuple[tuple[str, tuple[str, ...]], ...]
    ends: frozenset[tuple[str, tuple[str, ...]]]
    """The beginnings and ends of the values: `2019-05` may be called `05`."""

    def is_unlike(self, other: Trait) -> bool:
        """Whether no value of one is the beginning or the end of the other's."""
        return self.ends.isdisjoint(other.whole) and other.ends.isdisjoint(self.whole)


def _trait(values: Sequence[tuple[str, tuple[str, ...]]]) -> Trait:
    lengths = ((field, value, length) for field, value in values for length in range(1, len(value) + 1))
    ends = ((field, end) for field, value, n in lengths for end in (value[:n], value[-n:]))
    return Trait(tuple(values), frozenset(ends))


class Description:
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
    def traits(self) -> dict[str, Trait]:
        """What distinguishes it from works of the same title: values by fields that do so together, if all are known.

        Nothing else decides which facts of a work are compared, and how.
        """
        named = {fields: [(field, self._value(field)) for field in fields.split()] for fields in self.kind.traits}
        found = {self._label(fields): _trait(values) for fields, values in named.items() if all(v for _, v in values)}
        if self.is_generic and self._venue:
            found["venue"] = _trait([("venue", (self._venue,))])
        if self.isbns:
            found["isbn"] = _trait([("isbn", (isbn,)) for isbn in sorted(self.isbns)])
        return found

    @cached_property
    def features(self) -> Hashable:
        """All that is compared."""
        people = (self.surnames, self.initial, self._co_authors)
        traits = (self.kind.own_family, self.edition, *self.traits.items())
        return (self.ids, self.doi, self.title, self.abstract, self.year, people, traits)

    def _label(self, fields: str) -> str:
        """The fields; with the family for its own numbers, which other families count differently."""
        return fields if fields in self.kind.distinct_by else f"{fields} of {self.kind.own_family}"

    def _value(self, field: str) -> tuple[str, ...]:
        """A field in comparable form; empty if it says nothing, as IEEE's volume 99 with number PP before printing."""
        if field == "booktitle":
            return (self._venue,) if self._venue else ()
        if field == "volume" and title_key(self._record.get("number", "")) == "pp":
            return ()
        if field == "pages":
            return _first_page(self._record.get("pages", "") or self._record.get("eid", ""))
        return _numbers(self._record.get(field, ""))

    @cached_property
    def _venue(self) -> str:
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

    def is_same(self, other: Description) -> bool:
        if self.paper.id == other.paper.id:
            return True
        if not (self.is_local or other.is_local) or self.is_another(other):
            return False
        if (self.doi and other.doi) or any(known in other.ids for known in self.ids):
            return True
        return bool(self.title) and self.title == other.title and self._is_near(other) and self._agrees(other)

    def is_another(self, other: Description) -> bool:
        """Whether their DOIs, types, ISBNs, editions or numbers differ."""
        if self.doi and other.doi:
            return self.doi != other.doi
        if not self.kind.can_be(other.kind):
            return True
        for fields, trait in self.traits.items():
            if (others := other.traits.get(fields)) and trait.is_unlike(others):
                return True
        is_edition_compared = not (self.isbns and other.isbns)
        return is_edition_compared and bool(self.edition and other.edition) and self.edition != other.edition

    def _is_near(self, other: Description) -> bool:
        """Whether the years are close enough for one paper with that title."""
        if self.year and other.year:
            return abs(self.year - other.year) <= (0 if self.is_generic else 1)
        return not self.is_generic

    def _agrees(self, other: Description) -> bool:
        """Whether two papers of the same title agree on the first author, as far as the names tell, or on the abstract.

        Of two that name nobody, the year is enough.
        """
        if self._names and other._names:
            one_initial = not (self.initial and other.initial) or self.initial == other.initial
            is_shared = one_initial or not self._co_authors.isdisjoint(other._co_authors)
            return is_shared and not self.surnames.isdisjoint(other.surnames)
        if not (self._names or other._names) and self.year == other.year:
            return True
        shortest = min(len(self.abstract), len(other.abstract))
        return shortest >= _MIN_ABSTRACT_LETTERS and self.abstract[:shortest] == other.abstract[:shortest]

    # -- places in an index ----------------------------------------------------------------------------------------

    def places(self) -> Iterator[tuple[str, ...]]:
        """Where an index holds it: by id, DOI and title; under the title by surname."""
        yield from self._by_identifier()
        if self.title:
            yield ("title", self.title)
            yield from (("title", self.title, surname) for surname in self.surnames or ("",))

    def places_of_same(self) -> Iterator[tuple[str, ...]]:
        """Where an index holds all that may be the same, always in the same order."""
        yield from self._by_identifier()
        if self.title and not self.surnames:
            yield ("title", self.title)
        elif self.title:
            yield from (("title", self.title, surname) for surname in (*sorted(self.surnames), ""))

    def _by_identifier(self) -> Iterator[tuple[str, ...]]:
        yield from (("id", paper_id) for paper_id in self.ids)
        if self.doi:
            yield ("doi", self.doi)

    # -- ids ---------------------------------------------------------------------------------------------------------

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Its id, and the one that it has, or would have, from earlier versions."""
        made = [self.made_id()] if self.is_local and not self.doi else []
        return tuple(dict.fromkeys((self.paper.id, *made)))

    def made_id(self, *apart: str) -> str:
        """An id made of title, year, first author, ISBNs and edition, and of other facts that distinguish works.

        Without others it is the id that earlier versions gave.
        """
        family = title_key(self._names[0].family) if self._names else ""
        first = " ".join(filter(None, (family, self.initial, *sorted(self.isbns), self.edition, *apart)))
        return local_id(f"{self.title} {self.year or ''}", first)


def new_local_id(paper: Paper) -> str:
    """An id for a paper without a known arXiv id, made of what identifies it, so that all devices make the same one."""
    known = Description(paper)
    if known.doi:
        return local_id(known.doi, "")
    traits = (values for fields, values in sorted(known.traits.items()) if fields != "isbn")
    values = (" ".join(value) for values in traits for _, value in values.whole)
    return known.made_id(*values, "" if known.kind.is_paper else known.kind.csl)


def ids_of(paper: Paper) -> tuple[str, ...]:
    """The ids under which a library may hold this very description: its own first, and that from earlier versions."""
    return Description(paper).ids


_REMARK = re.compile(
    r"(?i)^(?:a )?(?:comment|reply|response|rejoinder|remark|note|erratum|discussion)s? (?:on|to|for)\b"
)


def is_about_another(title: str) -> bool:
    """Whether a title is that of a comment on another paper, which may name that paper's id."""
    return bool(_REMARK.match(to_unicode(title).strip("“”\"' ")))
