"""One query to the index, with the strategies to answer it."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from paperdeck.storage.identifiers import document_id

from .compile import COMMON, DAY_BITS, MATCHING, Argument, Compiler, Condition, Select, all_of
from .rank import BY_DATE, WINDOW_HALVES, Gain, Scored, Sort, rises
from .tree import Query, QueryContext

if TYPE_CHECKING:
    import sqlite3

BY_DATE_SQL: Final = f"p.row >> {DAY_BITS} desc, ifnull(p.upvotes, 0) desc, p.number"
"""The order by date; it also breaks ties in all other orders."""
_COMPUTED: Final = ("foryou", "rising")
"""Orders without a column."""
_WALKED_ROWS: Final = 2_000
_FEW_ROWS: Final = 3_000
_MAX_TERMS: Final = 240
_LAST_GRAM: Final = "\U0010ffff" * 4

Scores = Callable[["sqlite3.Connection"], Scored]
"""Computes the scores of papers by the reader's taste."""
Rows: TypeAlias = "array[int]"


class Source(NamedTuple):
    """Where matches come from."""

    sql: str
    """`from … where …`."""
    arguments: tuple[Argument, ...]
    row: str = "p.row"
    """The row in the first table, in whose order they can be read without sorting them."""


class Question:
    """A query and a connection that answers it."""

    def __init__(self, db: sqlite3.Connection, query: Query, context: QueryContext, scores: Scores) -> None:
        self._db, self._node, self._context, self._scores = db, query.node, context, scores
        self._condition = Compiler(context).condition(query.node)
        self._is_few: dict[Select, bool] = {}

    def page(self, sort: Sort, limit: int) -> Rows:
        """The first rows, in order."""
        sort = self._effective_sort(sort)
        page = None
        if not self._few_rows():
            if sort == BY_DATE:
                page = self._walk_days(limit)
            elif sort.key not in ("date", *_COMPUTED):
                page = self._walk_values(sort, limit)
        return self.all(sort, limit) if page is None else page

    def all(self, sort: Sort, limit: int | None = None) -> Rows:
        """All rows that match, in order."""
        sort = self._effective_sort(sort)
        source = self._everything()
        if sort == BY_DATE:
            return self._walk(source, limit)
        end = f" limit {limit}" if limit is not None and sort.key not in _COMPUTED else ""
        rows = self._select(f"select p.row {source.sql} order by {_order_sql(sort)}{end}", source.arguments)
        return self._ranked(rows, sort)

    def count(self) -> int:
        """How many papers match."""
        return int(self._db.execute(*self.count_sql()).fetchone()[0])

    def count_sql(self) -> Select:
        """The SQL that counts the matches, with its arguments."""
        source = self._everything()
        return f"select count(*) {source.sql}", source.arguments

    def within(self, ids: Sequence[str], sort: Sort | None) -> Rows:
        """The matches among some papers, in their order or another."""
        sort = sort and self._effective_sort(sort)
        condition, numbers = self._condition, json.dumps([document_id(paper_id) for paper_id in ids])
        tables = f"json_each(?) wanted cross join paper p on p.number = wanted.value {_text_for(condition)}"
        order = _order_sql(sort) if sort else "wanted.key"
        sql = f"select p.row from {tables} where {condition.sql} order by {order}"
        rows = self._select(sql, (numbers, *condition.arguments))
        return self._ranked(rows, sort) if sort else rows

    # -- the first page --------------------------------------------------------------------------------------------

    def _walk_days(self, limit: int) -> Rows | None:
        """Walk down the papers until the page is full; None if all matches have to be found first."""
        select = f"select row from paper order by row desc limit 1 offset {_WALKED_ROWS}"
        last = self._db.execute(select).fetchone()
        source = self._source(self._condition, self._condition.match)
        page = self._walk(source, limit, (last[0] >> DAY_BITS << DAY_BITS) - 1 if last else -1)  # a whole day
        if len(page) >= limit or last is None:
            return page
        match = self._looked_up.match
        return self._walk(self._source(self._condition, match), limit) if match else None

    def _walk(self, source: Source, limit: int | None = None, last: int = -1) -> Rows:
        """The first matches, newest first, down to a row. Reading day by day needs less memory than sorting them."""
        sql = f"select p.row, p.upvotes, p.number {source.sql} and {source.row} > ? order by {source.row} desc"
        page: Rows = array("q")
        for _, day in groupby(self._db.execute(sql, (*source.arguments, last)), key=lambda found: found[0] >> DAY_BITS):
            page.extend(row for row, _, _ in sorted(day, key=lambda found: (-(found[1] or 0), found[2])))
            if limit is not None and len(page) >= limit:
                return page[:limit]
        return page

    def _walk_values(self, sort: Sort, limit: int) -> Rows | None:
        """The same, down the papers with the highest (or lowest) values; None if those with unknown values follow."""
        column, condition = f"p.{sort.key}", self._condition
        way, better = ("", "<") if sort.reverse else (" desc", ">")
        known = Condition(f"{column} is not null")
        wanted = [(known, condition.match)]
        values = f"select {column} from paper p where {known.sql} order by {column}{way}"
        if last := self._db.execute(f"{values} limit 1 offset {_WALKED_ROWS}").fetchone():
            wanted.insert(0, (all_of([known, Condition(f"{column} {better} ?", last)]), None))
        for valued, match in wanted:
            source = self._source(all_of([valued, condition]), match)
            sql = f"select p.row {source.sql} order by {_order_sql(sort)} limit ?"
            page = self._select(sql, (*source.arguments, limit))
            if len(page) == limit:
                return page
        return None

    # -- all of them -----------------------------------------------------------------------------------------------

    def _everything(self) -> Source:
        """The source of all matches. A few candidates are each checked; otherwise each word is looked up."""
        if self._few_rows():
            return self._source(self._condition, None)
        looked_up = self._looked_up
        few = (MATCHING, (looked_up.match,)) if looked_up.match else None
        if looked_up.sql == self._condition.sql or (few and self._are_few(few)):
            return self._source(self._condition, looked_up.match)
        return self._source(looked_up, looked_up.match)

    @cached_property
    def _looked_up(self) -> Condition:
        return Compiler(self._context, self._terms).condition(self._node)

    def _few_rows(self) -> Select | None:
        """A select of a few rows that include all matches."""
        return next(filter(self._are_few, self._condition.rows), None)

    def _are_few(self, rows: Select) -> bool:
        if rows not in self._is_few:
            probe = f"select count(*) from ({rows[0]} limit {_FEW_ROWS + 1})"
            self._is_few[rows] = self._db.execute(probe, rows[1]).fetchone()[0] <= _FEW_ROWS
        return self._is_few[rows]

    def _source(self, condition: Condition, match: str | None) -> Source:
        text = _text_for(condition)
        if few := self._few_rows():
            sql = f"from paper p {text} where p.row in ({few[0]}) and ({condition.sql})"
            return Source(sql, (*few[1], *condition.arguments))
        if match is None:
            return Source(f"from paper p {text} where ({condition.sql})", condition.arguments)
        days = "and gram.rowid between ? and ?" if condition.days else ""
        sql = f"from gram cross join paper p on p.row = gram.rowid {text} where gram match ? {days}"
        arguments = (match, *(condition.days or ()), *condition.arguments)
        return Source(f"{sql} and ({condition.sql})", arguments, "gram.rowid")

    def _select(self, sql: str, arguments: Sequence[Argument]) -> Rows:
        return array("q", (row for (row,) in self._db.execute(sql, arguments)))

    def _terms(self, start: str) -> Sequence[str] | None:
        """The grams that begin with fewer letters; None if there are too many to be of use."""
        most = 0 if start in COMMON else _MAX_TERMS  # SQLite counts the papers of each, which takes long if all have it
        sql = "select term from vocabulary where term >= ? and term < ? limit ?"
        terms = [term for (term,) in self._db.execute(sql, (start, start + _LAST_GRAM, most + 1))]
        return terms if len(terms) <= most else None

    # -- orders without a column -----------------------------------------------------------------------------------

    def _effective_sort(self, sort: Sort) -> Sort:
        """The order to use: by upvotes instead of taste while there is no taste."""
        unknown = sort.key == "foryou" and not self._scores(self._db)
        return Sort("upvotes", sort.reverse) if unknown else sort

    def _ranked(self, rows: Rows, sort: Sort) -> Rows:
        """Rows in order by date, sorted into an order without a column; those with unknown values follow."""
        if sort.key not in _COMPUTED:
            return rows
        value_of = self._scores(self._db).of if sort.key == "foryou" else rises_in(self._db).get
        values = {row: value for row in rows if (value := value_of(row)) is not None}
        way = 1 if sort.reverse else -1
        known = sorted(values, key=lambda row: way * values[row])
        return array("q", [*known, *(row for row in rows if row not in values)])


def _text_for(condition: Condition) -> str:
    """The join with the text, if a condition reads it."""
    return "cross join text t on t.row = p.row" if condition.reads_text else ""


def rises_in(db: sqlite3.Connection) -> dict[int, float]:
    """How fast papers rise compared with those of their day, by row, as far as known."""
    sql = (
        f"select row, row >> {DAY_BITS}, gained, counted from paper "
        f"where counted >= (select max(counted) from paper) - {WINDOW_HALVES}"
    )
    return rises((row, day, Gain(rate, seen)) for row, day, rate, seen in db.execute(sql))


def _order_sql(sort: Sort) -> str:
    match sort.key:
        case key if key in _COMPUTED:
            return BY_DATE_SQL
        case "date":
            if not sort.reverse:
                return BY_DATE_SQL
            return f"p.row < {1 << DAY_BITS}, p.row >> {DAY_BITS}, {BY_DATE_SQL}"
        case column:
            return f"p.{column} is null, p.{column}{'' if sort.reverse else ' desc'}, {BY_DATE_SQL}"
