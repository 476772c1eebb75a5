"""All known papers in memory, ready to be searched at every key.

Two ways lead to an answer. The first page comes from walking down the list in its order and testing paper by paper;
where matches are too rare for that, all segments are scanned at memory speed and the few hits are put in order. Both
work in small pieces, so the thread that draws never waits long for the interpreter.

One thread adds and marks, another searches; a search sees each paper either before or after a change.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain, islice
from operator import attrgetter, itemgetter
from typing import Final, TypeVar

from paperdeck.storage.paper import NO_MARKS, Marks, Paper
from paperdeck.storage.text.fold import fold

from .context import Context
from .match import Matcher, Numbers, matcher_of
from .orders import Orders
from .rank import BY_DATE, Sort, Value, learn_taste, rising
from .segment import CODE, PROJECT, SUMMARY, Folded, Row, Segment, label_number
from .tree import Query

__all__ = ["Context", "Facets", "Index", "Row"]

_ATTRIBUTES: Final = {"stars": "code_stars"}
_BATCH: Final = 500
_SEGMENT_PAPERS: Final = 2000
_RARE: Final = 30
_STEP: Final = 100
_TRIED: Final = 400
_WALKED: Final = 2000

Stop = Callable[[], bool]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Facets:
    """The most frequent keywords and organizations of some papers, each with the number of papers that have it."""

    keywords: tuple[tuple[str, int], ...] = ()
    organizations: tuple[tuple[str, int], ...] = ()


class Index:
    """The index; it holds what it was given and reads no file."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._rows: dict[str, Row] = {}
        self._marks: dict[str, Marks] = {}
        self._segments: list[Segment] = []
        self._orders = Orders(self._values)
        self._labels: dict[int, str] = {}
        self._shared: dict[object, object] = {}
        self._taste: dict[int, float] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, paper_id: object) -> bool:
        return paper_id in self._rows

    def row(self, paper_id: str) -> Row:
        """What the list shows of a paper.

        Raises:
            KeyError: the paper is not in the index.
        """
        return self._rows[paper_id]

    def marks(self, paper_id: str) -> Marks:
        """The marks of a paper."""
        return self._marks.get(paper_id, NO_MARKS)

    # -- changes ---------------------------------------------------------------------------------------------------

    def add(self, papers: Iterable[Paper]) -> None:
        """Take in new papers, and what has changed about known ones."""
        remaining = iter({paper.id: paper for paper in papers}.values())
        while batch := list(islice(remaining, _BATCH)):
            prepared = [(paper, Folded.of(paper), self._new_row(paper)) for paper in batch]
            with self._lock:
                self._add_batch(prepared)

    def set_marks(self, marks: Mapping[str, Marks]) -> None:
        """Replace the marks of these papers; papers that are not in the index yet get theirs when they come."""
        with self._lock:
            for paper_id, new in marks.items():
                if new:
                    self._marks[paper_id] = new
                else:
                    self._marks.pop(paper_id, None)
                row = self._rows.get(paper_id)
                if row is not None:
                    row.segment.set_marks(row.number, new)
            self._forget_taste()

    def _add_batch(self, batch: Sequence[tuple[Paper, Folded, Row]]) -> None:
        """Papers whose text is known keep it and only get a new row; all others go to the end of the last segment."""
        fresh: list[tuple[Folded, Row]] = []
        gone: list[Row] = []
        for paper, folded, row in batch:
            old = self._rows.get(row.id)
            if old is not None:
                gone.append(old)
                if old.segment.texts.holds(old.number, folded):
                    old.segment.replace(row, old.number)
                    continue
                old.segment.drop(old.number)
            fresh.append((folded, row))
            self._name_labels(paper, folded)
        self._append(fresh)
        self._forget_taste()
        self._rows.update((row.id, row) for _, _, row in batch)
        self._orders.change(gone, [row for _, _, row in batch])

    def _append(self, fresh: Sequence[tuple[Folded, Row]]) -> None:
        if not fresh:
            return
        if not self._segments or len(self._segments[-1].rows) >= _SEGMENT_PAPERS:
            self._segments.append(Segment())
        segment = self._segments[-1]
        segment.add(fresh)
        for _, row in fresh:
            marks = self._marks.get(row.id)
            if marks:
                segment.set_marks(row.number, marks)

    def _name_labels(self, paper: Paper, folded: Folded) -> None:
        """Remember how keywords and organizations are written."""
        for keyword, key in zip(paper.keywords, folded.keywords, strict=True):
            self._labels.setdefault(label_number(b"keyword", key), keyword)
        if paper.organization:
            self._labels.setdefault(label_number(b"org", folded.organization), paper.organization)

    def _new_row(self, paper: Paper) -> Row:
        row = Row()
        row.id, row.title, row.byline = paper.id, _shown(paper.title), paper.byline
        row.upvotes, row.comments, row.code_stars = paper.upvotes, paper.comments, paper.code_stars
        row.day = self._share(paper.day)
        row.has = bool(paper.code_url) * CODE | bool(paper.project_url) * PROJECT | bool(paper.ai_summary) * SUMMARY
        row.n_authors = len(paper.authors)
        row.added = self._share(paper.added)
        row.rising = rising(paper.counts, paper.listed)
        row.categories, row.sources = self._share(paper.categories), self._share(paper.sources)
        row.submitter = self._share(paper.submitter)
        return row

    def _share(self, value: T) -> T:
        """The same value as one object, however many papers have it."""
        return self._shared.setdefault(value, value)  # type: ignore[return-value]

    # -- searches --------------------------------------------------------------------------------------------------

    def find(
        self,
        query: Query,
        *,
        context: Context,
        sort: Sort | None = None,
        within: Sequence[str] | None = None,
        limit: int | None = None,
        everything: bool = False,
        stop: Stop | None = None,
    ) -> list[str]:
        """The ids of the papers that match, in order.

        Args:
            query: What to find; an order that it names itself goes first.
            context: When and for whom it is asked.
            sort: The order; None: that of `within`, else by date.
            within: Look only at these papers.
            limit: Give only the first so many; this is much faster for frequent matches.
            everything: Take the query literally; otherwise hidden and muted papers are left out unless it asks for
                them (`is:hidden`, `is:muted`).
            stop: Asked between pieces of work; once it says True, the answer is worthless and comes at once.
        """
        matcher = self._matcher(query, context, everything)
        sort = query.sort or sort
        if within is not None:
            return self._find_within(within, matcher, sort)[:limit]
        order = self._orders_of(sort or BY_DATE)
        if limit is not None:
            page = _walk(order, matcher, limit, stop)
            if page is not None:
                return page
        found = self._scan(matcher, stop)
        if sum(len(numbers) for _, numbers in found) * _RARE < len(order):
            rows = [row for segment, numbers in found for number in numbers if (row := segment.rows[number])]
            rows.sort(key=self._orders.key(sort or BY_DATE))
            return [row.id for row in rows[:limit]]
        hits = {segment: _flags(numbers, len(segment.rows)) for segment, numbers in found}
        ids: list[str] = []
        for piece in pieces(order, stop):
            ids += [row.id for row in piece if hits[row.segment][row.number]]
            if limit is not None and len(ids) >= limit:
                break
        return ids[:limit]

    def count(
        self,
        query: Query,
        *,
        context: Context,
        within: Sequence[str] | None = None,
        everything: bool = False,
        stop: Stop | None = None,
    ) -> int:
        """How many papers match; the arguments are those of `find`."""
        matcher = self._matcher(query, context, everything)
        if within is not None:
            return len(self._find_within(within, matcher, None))
        return sum(len(numbers) for _, numbers in self._scan(matcher, stop))

    def matches(self, paper_id: str, query: Query, context: Context, *, everything: bool = False) -> bool:
        """Whether one paper matches; an unknown one matches nothing."""
        return bool(self._find_within([paper_id], self._matcher(query, context, everything), None))

    def facets(self, ids: Sequence[str], top: int = 8, stop: Stop | None = None) -> Facets:
        """The most frequent keywords and organizations of some papers."""
        keywords, organizations = Counter[int](), Counter[int]()
        for segment, numbers in self._numbers_of(ids, stop).items():
            if stop is not None and stop():
                return Facets()
            labels, whole = segment.labels, len(numbers) == len(segment.rows)
            keywords.update(labels.keywords if whole else chain.from_iterable(map(labels.keywords_of, numbers)))
            organizations.update(labels.organizations if whole else map(labels.organizations.__getitem__, numbers))
        return Facets(self._top(keywords, top), self._top(organizations, top))

    def _numbers_of(self, ids: Sequence[str], stop: Stop | None) -> dict[Segment, list[int]]:
        """Where papers are."""
        numbers: dict[Segment, list[int]] = {}
        for piece in pieces(ids, stop):
            for segment, some in _by_segment(row for key in piece if (row := self._rows.get(key))).items():
                numbers.setdefault(segment, []).extend(some)
        return numbers

    def _top(self, counts: Counter[int], top: int) -> tuple[tuple[str, int], ...]:
        del counts[0]
        return tuple((self._labels[label], count) for label, count in nlargest(top, counts.items(), key=itemgetter(1)))

    @staticmethod
    def _matcher(query: Query, context: Context, everything: bool) -> Matcher:
        return matcher_of((query if everything else query.visible()).node, context)

    def _orders_of(self, sort: Sort) -> list[Row]:
        with self._lock:
            return self._orders.of(sort)

    def _scan(self, matcher: Matcher, stop: Stop | None) -> list[tuple[Segment, Numbers]]:
        """What matches in each segment; of no use once `stop` says so."""
        found: list[tuple[Segment, Numbers]] = []
        for segment in self._segments.copy():
            numbers: Numbers = () if stop is not None and stop() else matcher.scan(segment)
            found.append((segment, numbers))
        return found

    def _find_within(self, ids: Iterable[str], matcher: Matcher, sort: Sort | None) -> list[str]:
        rows = [row for paper_id in ids if (row := self._rows.get(paper_id)) is not None]
        found = _kept(rows, matcher)
        if sort is not None:
            found.sort(key=self._orders.key(sort))
        return [row.id for row in found]

    # -- taste -----------------------------------------------------------------------------------------------------

    def _values(self, key: str) -> Callable[[Row], Value]:
        """What gives the value that rows are ordered by."""
        if key == "date":
            return lambda row: row.day.toordinal() if row.day else None
        if key != "foryou":
            return attrgetter(_ATTRIBUTES.get(key, key))
        weights = self.taste()
        return lambda row: _scores(row.segment, weights)[row.number]

    def taste(self) -> dict[int, float]:
        """The weight of each label that a starred or hidden paper has; see `rank.learn_taste`."""
        with self._lock:
            if self._taste is None:
                self._taste = self._learn()
            return self._taste

    def prepare(self) -> None:
        """Work out now what the next `sort:foryou` would have to wait for."""
        if weights := self.taste():
            for segment in self._segments.copy():  # most of the work, done before others are kept waiting
                _scores(segment, weights)
            self._orders_of(Sort("foryou"))

    def reasons(self, paper: Paper, top: int = 5) -> list[tuple[str, float]]:
        """Why a paper stands where it does in the order `foryou`: its labels with their weights, heaviest first."""
        named = [(b"keyword", text) for text in paper.keywords] + [(b"author", text) for text in paper.authors]
        if paper.organization:
            named.append((b"org", paper.organization))
        weights = self.taste()
        weighed = {text: weights.get(label_number(field, fold(text).encode()), 0.0) for field, text in named}
        heaviest = nlargest(top, weighed.items(), key=lambda item: abs(item[1]))
        return [(text, weight) for text, weight in heaviest if weight]

    def _forget_taste(self) -> None:
        self._taste = None
        self._orders.forget("foryou")

    def _learn(self) -> dict[int, float]:
        liked, disliked = (
            [s.labels.all_of(number) for s in self._segments for number in (s.starred if star else s.hidden)]
            for star in (True, False)
        )
        told = {label for labels in (*liked, *disliked) for label in labels}
        usual: Counter[int] = Counter()
        for segment in self._segments:
            for labels in (segment.labels.keywords, segment.labels.organizations, segment.labels.authors):
                usual.update(filter(told.__contains__, labels))
        return learn_taste(liked, disliked, usual, len(self))


def _scores(segment: Segment, weights: dict[int, float]) -> list[float]:
    """How near each paper of a segment is to what was starred; kept for as long as these weights are."""
    kept = segment.kept.get("scores")
    if kept and kept[0] is weights:
        scores: list[float] = kept[1]
    else:
        scores = segment.labels.scores(weights)
        segment.kept["scores"] = weights, scores
    return scores


def pieces(items: Sequence[T], stop: Stop | None) -> Iterator[Sequence[T]]:
    """A long list in pieces that take about a millisecond each; no more of them once `stop` says so."""
    for start in range(0, len(items), _WALKED):
        if stop is not None and stop():
            return
        yield items[start : start + _WALKED]


def _shown(title: str) -> str:
    if not any(sign in title for sign in "\\${"):
        return title
    from paperdeck.storage.text.tex import to_unicode

    return to_unicode(title)


def _walk(order: Sequence[Row], matcher: Matcher, limit: int, stop: Stop | None) -> list[str] | None:
    """The first page by testing rows in their order; None if matches are too rare to fill it soon."""
    page: list[str] = []
    for start in range(0, min(len(order), _WALKED), _STEP):
        if stop is not None and stop():
            return []
        page += (row.id for row in _kept(order[start : start + _STEP], matcher))
        if len(page) >= limit:
            return page[:limit]
        if start >= _TRIED and len(page) * _WALKED < limit * start:
            return None
    return page if len(order) <= _WALKED else None


def _kept(rows: Sequence[Row], matcher: Matcher) -> list[Row]:
    """Those of the rows that match, in their order."""
    kept = {segment: set(matcher.keep(segment, numbers)) for segment, numbers in _by_segment(rows).items()}
    return [row for row in rows if row.number in kept[row.segment]]


def _flags(numbers: Numbers, size: int) -> bytearray:
    """A set of numbers as a byte each, which takes a hundredth of the memory."""
    flags = bytearray(size)
    for number in numbers:
        flags[number] = 1
    return flags


def _by_segment(rows: Iterable[Row]) -> dict[Segment, list[int]]:
    numbers: dict[Segment, list[int]] = {}
    for row in rows:
        numbers.setdefault(row.segment, []).append(row.number)
    return numbers
