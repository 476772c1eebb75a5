"""The index: finds, orders and counts papers in one SQLite file, which holds nothing to display.

The first page comes from walking down the list in its order, as a common word fills a page at once; for rare matches,
each word is looked up and the few hits are sorted. Thread-safe; `stop` cancels a query whose answer is no longer
needed.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from heapq import nlargest
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

from paperdeck.storage.errors import StoreError
from paperdeck.storage.identifiers import document_id
from paperdeck.storage.paper import UNFETCHED, Marks, Paper, ordered_sources
from paperdeck.storage.text.alike import MARK

from .compile import DAY_BITS, NEW, UNREAD, Select
from .database import Database, Stop, Stopped
from .entries import NOWHERE, TermsOf, arrivals_of, put, put_marks, rows_of
from .found import Found, Tally
from .question import Question, Scores, rises_in
from .rank import BY_DATE, UNSCORED, Sort
from .tree import Query, QueryContext

_BATCH_PAPERS: Final = 100
_PIECE_ROWS: Final = 4_000
_LONGEST_WAIT_SECONDS: Final = 0.05
_UNFETCHED: Final = ordered_sources(UNFETCHED)
_FETCHED: Final = f"{'replace(' * len(_UNFETCHED)}sources{', ?, ?)' * len(_UNFETCHED)} <> ?"
_FETCHED_VALUES: Final = (*(value for name in _UNFETCHED for value in (f"{MARK}{name}{MARK}", MARK)), MARK)


class Facets(NamedTuple):
    """The most frequent keywords and organizations of some papers, each with its number of papers."""

    keywords: tuple[tuple[str, int], ...] = ()
    organizations: tuple[tuple[str, int], ...] = ()


class Index:
    """Finds, orders and counts the papers of one library."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        terms_of: TermsOf | None = None,
        scores: Scores | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Opens nothing until it is used.

        Args:
            path: The file; created if missing. None: the index is only in memory.
            terms_of: Gives each paper's data for the ranking.
            scores: Gives the scores for the order `foryou`; without it that order is by upvotes.
            tell: Gets a sentence if the file can't be made, and the index is only in memory.
        """
        self.database = Database(path, tell)
        self.terms_of = terms_of
        self.scores: Scores = scores or (lambda _: UNSCORED)
        self.reaches: str | None = None
        """While files are being read: the current block; papers of newer blocks can already be found."""
        self._lock = Lock()
        self._waiting: dict[str, Marks] = {}  # for the next transaction; replaced with the lock held, never modified
        self._filled: int | None = None

    @property
    def is_current(self) -> bool:
        """Whether it has caught up with all files since it was opened or recreated."""
        return self._filled == self.database.generation

    def caught_up(self, generation: int) -> None:
        """Record that all files were read into this generation of the index file."""
        self._filled, self.reaches = generation, None

    def has_all(self, ids: Sequence[str]) -> bool:
        """Whether it has all of the given papers."""
        select = "select count(*) from paper where number in (select value from json_each(?))"
        with self.database.reading() as db:
            there = db.execute(select, (json.dumps(list(map(document_id, ids))),)).fetchone()[0]
        return bool(there == len(set(ids)))

    def count_fetched(self) -> int:
        """The number of papers that were fetched or imported; those only of the starter shelf don't count."""
        return int(self._fetched("count(*)")[0])

    def has_fetched(self) -> bool:
        """Whether there is such a paper."""
        return self._fetched("1") is not None

    def oldest(self) -> str | None:
        """When the oldest such paper was added, as an ISO time."""
        found: str | None = self._fetched("min(added)")[0]
        return found

    def _fetched(self, expression: str) -> Any:
        with self.database.reading() as db:
            return db.execute(f"select {expression} from paper where {_FETCHED}", _FETCHED_VALUES).fetchone()

    def close(self) -> None:
        """Close the file, at the end of the program."""
        self.database.end()

    # -- changes ---------------------------------------------------------------------------------------------------

    def add(self, papers: Iterable[Paper]) -> None:
        """Add papers without a file, or update indexed ones."""
        known = list(papers)
        for start in range(0, len(known), _BATCH_PAPERS):
            with self.database.writing() as db:
                put(db, ((paper, NOWHERE) for paper in known[start : start + _BATCH_PAPERS]), self.terms_of)

    def set_marks(self, marks: Mapping[str, Marks]) -> None:
        """Mirror marks without blocking; if the index is busy, they are written before the next query."""
        with self._lock:
            self._waiting = {**self._waiting, **marks}  # a new dictionary, as another thread may be writing the old one
        self._mirror()

    def _mirror(self) -> None:
        if waiting := self._waiting:
            with suppress(StoreError), self.database.writing(_LONGEST_WAIT_SECONDS) as db:
                put_marks(db, waiting.items())
                with self._lock:
                    self._waiting = {i: marks for i, marks in self._waiting.items() if waiting.get(i) is not marks}

    # -- questions -------------------------------------------------------------------------------------------------

    def find(
        self,
        query: Query,
        *,
        context: QueryContext,
        sort: Sort | None = None,
        within: Sequence[str] | None = None,
        limit: int | None = None,
        everything: bool = False,
        stop: Stop | None = None,
    ) -> Sequence[str]:
        """The ids of matching papers, in order.

        Args:
            query: The query; its own order, if any, takes precedence.
            context: The time, the last visit and the rules.
            sort: The order; None: that of `within`, else by date.
            within: Search only these papers.
            limit: The maximum number of results; a limit is much faster for frequent matches.
            everything: Take the query literally; otherwise hidden and muted papers are left out unless it mentions
                them (`is:hidden`, `is:muted`).
            stop: Called now and then; True cancels the query.
        """
        sort = query.sort or sort
        try:
            with self._question(query, context, everything, stop) as question:
                if within is not None:
                    rows = question.within(within, sort)
                else:
                    rows = question.page(sort or BY_DATE, limit) if limit is not None else question.all(sort or BY_DATE)
        except Stopped:
            return []
        by_day = within is None and (sort or BY_DATE) == BY_DATE
        return Found(rows if limit is None else rows[:limit], self._ids, by_day=by_day)

    def count(
        self,
        query: Query,
        *,
        context: QueryContext,
        within: Sequence[str] | None = None,
        everything: bool = False,
        stop: Stop | None = None,
    ) -> int:
        """How many papers match; see `find` for the arguments."""
        try:
            with self._question(query, context, everything, stop) as question:
                return question.count() if within is None else len(question.within(within, None))
        except Stopped:
            return 0

    def count_sql(self, query: Query, *, context: QueryContext) -> Select:
        """The SQL that counts the matches, with its arguments; valid as long as the context is."""
        with self._question(query, context, False, None) as question:
            return question.count_sql()

    def upvotes_of(self, days: Iterable[date]) -> list[tuple[str, date, int]]:
        """The papers of some days that have upvotes, each with its day."""
        sql = "select id, upvotes from paper where row between ? and ? and upvotes is not null"
        found: list[tuple[str, date, int]] = []
        with self.database.reading() as db:
            for day in days:
                first = day.toordinal() << DAY_BITS
                found += [(i, day, upvotes) for i, upvotes in db.execute(sql, (first, first + (1 << DAY_BITS) - 1))]
        return found

    def rising(self) -> list[str]:
        """The papers that gain upvotes faster than the mean of their day, fastest first."""
        with self.database.reading() as db:
            found = rises_in(db)
        risen = sorted((row for row in found if found[row] > 0), key=lambda row: (-found[row], -row))
        return self._ids(risen)

    def tally(self, ids: Sequence[str], since: str | None, stop: Stop | None = None) -> Tally:
        """The counts of a list; new papers are those that arrived after a time (ISO 8601 in UTC)."""
        self._mirror()
        sql = f"select sum{UNREAD}, sum{NEW} from paper p where row in (select value from json_each(?))"
        unread = new = 0
        with suppress(Stopped), self.database.reading(stop) as db:
            for piece in _pieces(self._rows(ids)):
                more_unread, more_new = db.execute(sql, (since or "~", json.dumps(piece.tolist()))).fetchone()
                unread, new = unread + (more_unread or 0), new + (more_new or 0)
        return Tally(len(ids), unread, new)

    def unread_among(self, ids: Sequence[str]) -> set[str]:
        """The unread ones among some papers."""
        self._mirror()
        sql = f"select id from paper p where number in (select value from json_each(?)) and {UNREAD}"
        with self.database.reading() as db:
            return {paper_id for (paper_id,) in db.execute(sql, (json.dumps(list(map(document_id, ids))),))}

    def arrivals(self, ids: Iterable[str]) -> dict[str, str]:
        """When papers arrived in the queue, by id; papers that never did are absent."""
        numbers = {document_id(paper_id): paper_id for paper_id in ids}
        with self.database.reading() as db:
            return {numbers[number]: arrived for number, arrived in arrivals_of(db, numbers).items()}

    def without(self, found: Found, ids: Iterable[str]) -> Found:
        """A list without some papers."""
        places = {found.place_of_row(row) for row in self._rows_ever(ids)}
        if places <= {None}:
            return found
        return found.with_rows(array("q", (row for place, row in enumerate(found.rows) if place not in places)))

    def facets(self, ids: Sequence[str], top: int = 8, stop: Stop | None = None) -> Facets:
        """The most frequent keywords and organizations of some papers."""
        counts: Counter[int] = Counter()
        sql = "select labels from paper where row in (select value from json_each(?)) and labels is not null"
        try:
            with self.database.reading(stop) as db:
                for piece in _pieces(self._rows(ids)):
                    for (labels,) in db.execute(sql, (json.dumps(piece.tolist()),)):
                        counts.update(set(array("I", labels)))
                named = dict(db.execute("select number, shown from label where kind = 'org'"))
                organizations = [(named[number], counts.pop(number)) for number in [*counts] if number in named]
                frequent = nlargest(top, counts.items(), key=itemgetter(1))
                shown = "select shown from label where number = ?"
                keywords = [(db.execute(shown, (number,)).fetchone()[0], count) for number, count in frequent]
        except Stopped:
            return Facets()
        return Facets(tuple(keywords), tuple(nlargest(top, organizations, key=itemgetter(1))))

    # -- rows and ids ----------------------------------------------------------------------------------------------

    @contextmanager
    def _question(self, query: Query, context: QueryContext, everything: bool, stop: Stop | None) -> Iterator[Question]:
        self._mirror()
        with self.database.reading(stop) as db:
            yield Question(db, query if everything else query.visible(), context, self.scores)

    def _ids(self, rows: Sequence[int]) -> list[str]:
        """The ids of rows; for a row that is gone, the id of its former paper."""
        wanted = "row in (select value from json_each(?))"
        sql = (
            f"select moved.row, id from moved join paper using (number) where moved.{wanted} "
            f"union all select row, id from paper where {wanted}"
        )
        with self.database.reading() as db:
            known = dict(db.execute(sql, (json.dumps(list(rows)),) * 2))
        return [known.get(row, "") for row in rows]

    def _rows(self, ids: Sequence[str]) -> array[int]:
        """The rows of the indexed papers among some, in their order."""
        if isinstance(ids, Found):
            return ids.rows
        numbers = [document_id(paper_id) for paper_id in ids]
        with self.database.reading() as db:
            known = rows_of(db, numbers)
        return array("q", (known[number].row for number in numbers if number in known))

    def _rows_ever(self, ids: Iterable[str]) -> list[int]:
        """The rows that papers have or had."""
        numbers = json.dumps([document_id(paper_id) for paper_id in ids])
        wanted = "where number in (select value from json_each(?))"
        sql = f"select row from paper {wanted} union all select row from moved {wanted}"
        with self.database.reading() as db:
            return [row for (row,) in db.execute(sql, (numbers, numbers))]


def _pieces(rows: array[int]) -> Iterator[array[int]]:
    return (rows[start : start + _PIECE_ROWS] for start in range(0, len(rows), _PIECE_ROWS))
