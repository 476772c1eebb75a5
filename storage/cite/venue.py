"""Nine rules that decide whether a bibliographic record is the published form of a preprint.

1. Identity before similarity: a record that names the arXiv id, or has the DOI that the authors gave arXiv, is the
   paper, whatever its title; so is one to which Semantic Scholar leads, if the authors agree.
2. Else the titles must be the same but for case, accents, dashes and quotes; digits, `+`, `*` and `#` count. A short
   name before a colon may be missing on one side, if the rest is long. Similarity alone is never enough.
3. The first authors and most of the others must be the same; without authors there is no proof.
4. The year must be possible: usually that of the first version, or up to three years (in a journal five) later.
5. Preprints, theses, submissions, front matter and remarks on other papers don't count. Workshops, Findings and posters
   are named as such, and the main track of the same series takes precedence over them.
6. If two venues remain, neither is chosen; both are shown.
7. A nearly matching record is shown as “perhaps”, for the reader to decide.
8. The reader's choice takes precedence over all rules.
9. Without proof there is no published form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from enum import IntEnum
from typing import NamedTuple

from paperdeck.storage.identity import LETTERS, doi_key, names_of, surnames_of, title_key, year_of
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.names import Name
from paperdeck.storage.text.tex import to_unicode

from .venue_record import (
    VenueRecord,
    is_front_matter,
    is_proceedings,
    is_published,
    is_remark,
    is_shortened,
    is_side_track,
    record_of,
    series_of,
)

PREPRINT = "preprint"
"""The value of Marks.cite_as for “no published form”."""

_SIGNS = frozenset("+*#=<>\u0338")
_LETTERS = LETTERS | str.maketrans({"×": "x", "∗": "*", "⋆": "*"})
_LONG_TITLE_WORDS = 6
"""Minimum number of words after the colon of a title whose short name may be missing elsewhere."""
_SHORT_NAME_WORDS = 3
"""Maximum number of words before the colon of such a title."""
_SHARED_OF_ALL = 0.6
"""Minimum share of all the authors on either side who must be on both."""
_MANY_AUTHORS = 10
"""Minimum length of a list of authors that the other side may cut short."""
_SHARED_OF_FEWER = 0.5
"""Minimum share of the shorter list's authors who must be in the longer one, if that has many."""
_JOURNAL_YEARS = 5
"""Maximum number of years from the preprint to a journal article."""
_OTHER_YEARS = 3
"""Maximum number of years from the preprint to any other publication."""
_NAMED_YEARS = 15
"""Maximum number of years from the preprint to a record that names it, as some journals are slow."""
_SIMILAR_RATIO = 0.9
"""Minimum `difflib` ratio of titles that count as similar."""
_SOURCES = ("dblp", "acl", "crossref")
"""From the least to the most detailed."""


class Proof(IntEnum):
    """How certain it is that a record describes a paper."""

    NONE = 0
    PERHAPS = 1
    ALIKE = 2
    """Title, authors and year agree, or Semantic Scholar says so and the authors agree."""
    NAMED = 3
    """The record names the preprint, or the preprint the record's DOI."""


class Judgement(NamedTuple):
    """What the stored records tell about a paper's published form."""

    printed: VenueRecord | None
    """The published form, if proven or chosen by the reader."""
    perhaps: tuple[VenueRecord, ...]
    """Candidates for the reader to choose from if nothing is proven: near matches, or two exact ones."""
    consulted: tuple[VenueRecord, ...]
    """One record per source consulted, with the date of the answer."""


def judge(paper: Paper, cite_as: str = "") -> Judgement:
    """The published form of a paper, from the facts stored with it.

    Args:
        paper: The paper with its stored records.
        cite_as: The reader's choice; see Marks.cite_as.
    """
    records = known_records(paper)
    consulted = tuple({record.source: record for record in records}.values())
    links = links_of(paper, records)
    graded = [(record, proof_of(paper, record, links)) for record in records if record.title]
    possible = tuple(record for record, proof in graded if proof)
    if cite_as == PREPRINT:
        return Judgement(None, possible, consulted)
    if chosen := next((record for record in possible if record.name == cite_as), None):
        return Judgement(chosen, (), consulted)
    best = _best(paper, [(record, proof) for record, proof in graded if proof >= Proof.ALIKE])
    return Judgement(best, () if best else _each_once(possible), consulted)


def known_records(paper: Paper) -> list[VenueRecord]:
    """The stored bibliographic records of a paper."""
    return [record_of(row) for row in paper.printed]


def proof_of(paper: Paper, record: VenueRecord, links: frozenset[str] = frozenset()) -> Proof:
    """How certain it is that a record is the published form of a paper.

    Args:
        links: Names of records to which Semantic Scholar leads from the paper's arXiv id.
    """
    if not is_published(record) or is_front_matter(paper.title) or is_remark(record.title) != is_remark(paper.title):
        return Proof.NONE
    authors = _Authors(paper, record)
    if _is_named(paper, record):
        return Proof.NAMED if authors.overlap and _in_time(paper, record, named=True) else Proof.PERHAPS
    if is_shortened(record.title) and not is_shortened(paper.title):
        return Proof.PERHAPS if authors.agree else Proof.NONE
    if links.intersection(_names(record)):
        return Proof.ALIKE if authors.agree and _in_time(paper, record) else Proof.PERHAPS
    if not same_title(paper.title, record.title):
        return Proof.PERHAPS if authors.agree and _is_similar(paper.title, record.title) else Proof.NONE
    if record.kind == "incollection" and not is_proceedings(record):
        return Proof.PERHAPS if authors.agree else Proof.NONE
    if authors.agree and _in_time(paper, record):
        return Proof.ALIKE
    return Proof.PERHAPS if authors.overlap else Proof.NONE


def _is_named(paper: Paper, record: VenueRecord) -> bool:
    return _has_same_doi(paper, record) or paper.id in record.arxiv_ids


def _has_same_doi(paper: Paper, record: VenueRecord) -> bool:
    return bool(record.doi) and record.doi.casefold() == doi_key(paper.doi)


def links_of(paper: Paper, records: Iterable[VenueRecord]) -> frozenset[str]:
    """The names of records to which Semantic Scholar leads from the paper's id."""
    own = (record for record in records if record.source == "s2" and paper.id in record.arxiv_ids)
    return frozenset(name for record in own for name in _names(record) if not name.startswith("arxiv:"))


def _names(record: VenueRecord) -> list[str]:
    """The DOI and the ids of a record; the Anthology's DOIs hold its ids."""
    of_acl = record.doi.removeprefix("10.18653/v1/") if record.doi.startswith("10.18653/v1/") else ""
    return [*record.ids, *([f"doi:{record.doi}"] if record.doi else []), *([f"acl:{of_acl}"] if of_acl else [])]


# -- titles ------------------------------------------------------------------------------------------------------------


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same; a short name before the colon may be missing on one side."""
    if compared(one) == compared(other):
        return bool(compared(one))
    return _without_name(one) == compared(other) or _without_name(other) == compared(one)


def compared(title: str) -> str:
    """The parts of a title that are compared: letters, digits with their decimal points, and signs that distinguish
    titles."""
    text = unicodedata.normalize("NFKD", to_unicode(title).casefold().translate(_LETTERS)).translate(_LETTERS)
    text = re.sub(r"(?<!\d)\.|\.(?!\d)", "", text)
    return "".join(char for char in text if char.isalnum() or char in _SIGNS or char == ".")


def _without_name(title: str) -> str | None:
    """The title without the short name before its first colon, if the rest can stand alone; else None."""
    name, colon, rest = to_unicode(title).partition(":")
    is_name = len(name.split()) <= _SHORT_NAME_WORDS and not re.search(r"\d|\b[IVX]+$|\+|\*", name)
    return compared(rest) if colon and is_name and len(rest.split()) >= _LONG_TITLE_WORDS else None


def _is_similar(one: str, other: str) -> bool:
    first, second = title_key(one), title_key(other)
    return bool(first) and SequenceMatcher(None, first, second, autojunk=False).ratio() >= _SIMILAR_RATIO


# -- authors -----------------------------------------------------------------------------------------------------------


class _Authors:
    """Compares the authors of a paper with those of a record."""

    def __init__(self, paper: Paper, record: VenueRecord) -> None:
        self._ours, self._theirs = names_of(paper), record.names
        self._shared = _shared(self._ours, self._theirs)

    @property
    def overlap(self) -> bool:
        """Whether they have an author in common, or one side names none."""
        return bool(self._shared) or not (self._ours and self._theirs)

    @property
    def agree(self) -> bool:
        """Whether the first authors and most of the others are the same."""
        if not (self._ours and self._theirs) or not self._same_first:
            return False
        fewer, more = sorted((len(self._ours), len(self._theirs)))
        if self._shared >= _SHARED_OF_ALL * (fewer + more - self._shared):
            return True
        return more >= _MANY_AUTHORS and fewer > 2 and self._shared >= _SHARED_OF_FEWER * fewer

    @property
    def _same_first(self) -> bool:
        """Whether the first authors have the same surname; without two others in common, given names must agree too."""
        first, second = self._ours[0], self._theirs[0]
        if _is_same_person(first, second):
            return True
        return not surnames_of(first).isdisjoint(surnames_of(second)) and self._shared >= 2


def _shared(ours: Sequence[Name], theirs: Sequence[Name]) -> int:
    """The number of people in both lists."""
    by_word: dict[str, list[int]] = {}
    for number, name in enumerate(theirs):
        for word in _words_of(name):
            by_word.setdefault(word, []).append(number)
    taken: set[int] = set()
    for name in ours:
        near = {number for word in _words_of(name) for number in by_word.get(word, ())} - taken
        same = next((number for number in sorted(near) if _is_same_person(name, theirs[number])), None)
        taken |= {same} if same is not None else set()
    return len(taken)


def _is_same_person(one: Name, other: Name) -> bool:
    """Whether two names may belong to one person: the surname and the beginning of a given name, in either order."""
    swapped = Name(other.given, other.family) if other.given else other
    return any(
        not surnames_of(one).isdisjoint(surnames_of(name)) and _can_be_one(one.given, name.given)
        for name in (other, swapped)
    )


def _can_be_one(given: str, other: str) -> bool:
    words, others = _parts_of(given), _parts_of(other)
    return not words or not others or any(a.startswith(b) or b.startswith(a) for a in words for b in others)


def _parts_of(given: str) -> list[str]:
    return list(filter(None, map(title_key, re.split(r"[\s.\-‐]+", given))))


def _words_of(name: Name) -> frozenset[str]:
    return surnames_of(name) | ({title_key(name.given)} if name.given else frozenset[str]())


# -- years and venues --------------------------------------------------------------------------------------------------


def _in_time(paper: Paper, record: VenueRecord, *, named: bool = False) -> bool:
    """Whether the year of a record is possible for a paper; only its own DOI allows the year before the preprint."""
    first = year_of(paper)
    if not first or not record.year:
        return False
    years = record.year - first
    if not named:
        return 0 <= years <= (_JOURNAL_YEARS if record.kind == "article" else _OTHER_YEARS)
    return (-1 if _has_same_doi(paper, record) else 0) <= years <= _NAMED_YEARS


def _best(paper: Paper, proven: Sequence[tuple[VenueRecord, Proof]]) -> VenueRecord | None:
    """The record to cite, if all proven records agree on the venue."""
    named = [record for record, proof in proven if proof == Proof.NAMED]
    groups = _by_venue(named or [record for record, _ in proven])
    if len(groups) > 1 and paper.journal_ref:
        series = series_of(paper.journal_ref)
        groups = [group for group in groups if series_of(group[0].venue) == series] or groups
    return max(groups[0], key=_detail) if len(groups) == 1 else None


def _by_venue(records: Iterable[VenueRecord]) -> list[list[VenueRecord]]:
    """The records grouped by venue and year; a main track replaces its workshops and posters."""
    groups: list[list[VenueRecord]] = []
    for record in records:
        near = [group for group in groups if any(_is_same_venue(record, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([record, *(other for group in near for other in group)])
    tracks = ([one for one in group if not is_side_track(one)] or group for group in groups)
    return [edition for group in tracks for edition in _editions(group)]


def _is_same_venue(one: VenueRecord, other: VenueRecord) -> bool:
    return bool(one.doi and one.doi == other.doi) or series_of(one.venue) == series_of(other.venue)


def _editions(group: Sequence[VenueRecord]) -> list[list[VenueRecord]]:
    """Records of one series, separated by year; a record may name the year before or after the event."""
    editions: list[list[VenueRecord]] = []
    for record in sorted(group, key=lambda record: record.year or 0):
        if editions and (record.year or 0) - (editions[-1][0].year or 0) <= 1:
            editions[-1].append(record)
        else:
            editions.append([record])
    return editions


def _detail(record: VenueRecord) -> tuple[bool, bool, int]:
    known = bool(record.pages), bool(record.doi)
    return (*known, _SOURCES.index(record.source) if record.source in _SOURCES else -1)


def _each_once(records: Iterable[VenueRecord]) -> tuple[VenueRecord, ...]:
    return tuple({record.name: record for record in records}.values())
