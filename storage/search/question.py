"""One query to the index, with the strategies to answer it."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypeAlias

from paperdeck.storage.identifiers import document_id

from .compile import DAY_BITS, Argument, Compiler, Condition
from .context import Context
from .rank import BY_DATE, WINDOW_HALVES, Gain, Sort, rises
from .scored import Scored
from .tree import Query

if TYPE_CHECKING:
    import sqlite3

BY_DATE_SQL: Final = f"p.row >> {DAY_BITS} desc, ifnull(p.upvotes, 0) desc, p.number"
"""The order by date; it also breaks ties in all other orders."""
_COMPUTED: Final = ("foryou", "rising")
"""Orders without a column."""
_WALKED_ROWS: Final = 2_000
_FEW_ROWS: Final = 3_000
_MOST_TERMS: Final = 240
_NEXT_LETTER: Final = "\U0010ffff"

Scores = Callable[["sqlite3.Connection"], Scored]
"""Computes the scores of papers by the reader's taste."""
Rows: TypeAlias = "array[int]"


class Question:
    """A query and a connection that answers it."""

    def __init__(self, db: sqlite3.Connection, query: Query, context: Context, scores: Scores) -> None:
        self._db, self._node, self._context, self._scores = db, query.node, context, scores
        self._compiler = Compiler(context, by_sets=False)
        self._counted: dict[tuple[str, tuple[Argument, ...]], int] = {}

    def page(self, sort: Sort, limit: int) -> Rows:
        """The first rows, in order."""
        sort = self._told(sort)
        if sort == BY_DATE:
            page = self._walk_days(limit)
        else:
            page = None if sort.key in ("date", *_COMPUTED) else self._walk_values(sort, limit)
        return self.all(sort, limit) if page is None else page

    def all(self, sort: Sort, limit: int | None = None) -> Rows:
        """All rows that match, in order."""
        sort = self._told(sort)
        source, arguments = self._everything()
        end = f" limit {limit}" if limit is not None and sort.key not in _COMPUTED else ""
        rows = self._select(f"select p.row {source} order by {_order_sql(sort)}{end}", arguments)
        return self._ranked(rows, sort)

    def count(self) -> int:
        """How many papers match."""
        return int(self._db.execute(*self.counting()).fetchone()[0])

    def counting(self) -> tuple[str, tuple[Argument, ...]]:
        """The SQL that counts the matches, with its arguments."""
        source, arguments = self._everything()
        return f"select count(*) {source}", arguments

    def within(self, ids: Sequence[str], sort: Sort | None) -> Rows:
        """The matches among some papers, in their order or another."""
        sort = sort and self._told(sort)
        condition = self._compile(by_sets=False)
        numbers = json.dumps([document_id(paper_id) for paper_id in ids])
        text = "join text t on t.row = p.row" if condition.reads_text else ""
        source = f"from json_each(?) wanted cross join paper p on p.number = wanted.value {text} where {condition.sql}"
        order = f" order by {_order_sql(sort)}" if sort else " order by wanted.key"
        rows = self._select(f"select p.row {source}{order}", (numbers, *condition.arguments))
        return self._ranked(rows, sort) if sort else rows

    # -- the first page --------------------------------------------------------------------------------------------

    def _walk_days(self, limit: int) -> Rows | None:
        """Walk down the papers until the page is full; None if sorting is necessary."""
        if self._driver(self._compile(by_sets=False)):
            return None
        select = f"select row from paper order by row desc limit 1 offset {_WALKED_ROWS}"
        last = self._db.execute(select).fetchone()
        page = self._walk(limit, (last[0] >> DAY_BITS << DAY_BITS) - 1 if last else -1, None)  # a whole day
        if len(page) >= limit or last is None:
            return page
        condition = self._compile(by_sets=False, terms=True)
        match = self._compiler.match(condition.grams)
        return self._walk(limit, -1, match) if match else None

    def _walk(self, limit: int, last: int, match: str | None) -> Rows:
        """The first matches, newest first, down to a row."""
        condition = self._compile(by_sets=False)
        match = match or self._compiler.match(condition.grams)
        source, arguments = self._source(condition, match)
        row = "gram.rowid" if match else "p.row"
        sql = f"select p.row, p.upvotes, p.number {source} and {row} > ? order by {row} desc"
        page: Rows = array("q")
        for _, day in groupby(self._db.execute(sql, (*arguments, last)), key=lambda found: found[0] >> DAY_BITS):
            page.extend(row for row, _, _ in sorted(day, key=lambda found: (-(found[1] or 0), found[2])))
            if len(page) >= limit:
                return page[:limit]
        return page

    def _walk_values(self, sort: Sort, limit: int) -> Rows | None:
        """The same, down the papers with the highest (or lowest) values."""
        column, way = sort.key, "" if sort.reverse else " desc"
        known = f"from paper where {column} is not null order by {column}{way}"
        last = self._db.execute(f"select {column} {known} limit 1 offset {_WALKED_ROWS}").fetchone()
        condition = self._compile(by_sets=False)
        if last is None or self._driver(condition):
            return None
        text = "cross join text t on t.row = p.row" if condition.reads_text else ""
        best = f"p.{column} is not null and p.{column} {'<' if sort.reverse else '>'} ?"
        sql = f"select p.row from paper p {text} where {best} and ({condition.sql}) order by {_order_sql(sort)} limit ?"
        page = self._select(sql, (last[0], *condition.arguments, limit))
        return page if len(page) == limit else None

    # -- all of them -----------------------------------------------------------------------------------------------

    def _compile(self, *, by_sets: bool, terms: bool = False) -> Condition:
        self._compiler = Compiler(self._context, self._terms if by_sets or terms else None, by_sets=by_sets)
        return self._compiler.condition(self._node)

    def _driver(self, condition: Condition) -> tuple[str, tuple[Argument, ...]] | None:
        """A select of a few rows that include all matches."""
        for select, arguments in condition.rows:
            if (select, arguments) not in self._counted:
                probe = f"select count(*) from ({select} limit {_FEW_ROWS + 1})"
                self._counted[select, arguments] = self._db.execute(probe, arguments).fetchone()[0]
            if self._counted[select, arguments] <= _FEW_ROWS:
                return select, arguments
        return None

    def _everything(self) -> tuple[str, tuple[Argument, ...]]:
        """The source of all matches. A few candidates are each checked; otherwise each word is looked up."""
        condition = self._compile(by_sets=False, terms=True)
        match = self._compiler.match(condition.grams)
        if not self._driver(condition) and not (match and self._is_rare(match)):
            condition = self._compile(by_sets=True)
        return self._source(condition, match)

    def _is_rare(self, match: str) -> bool:
        sql = "select count(*) from (select rowid from gram where gram match ? limit ?)"
        return bool(self._db.execute(sql, (match, _FEW_ROWS + 1)).fetchone()[0] <= _FEW_ROWS)

    def _source(self, condition: Condition, match: str | None) -> tuple[str, tuple[Argument, ...]]:
        """The source of matches: `from … where …`, with its arguments."""
        text = "cross join text t on t.row = p.row " if condition.reads_text else ""
        if driver := self._driver(condition):
            select, arguments = driver
            source = f"from paper p {text}where p.row in ({select}) and ({condition.sql})"
            return source, (*arguments, *condition.arguments)
        if match is None:
            return f"from paper p {text}where ({condition.sql})", condition.arguments
        days = "and gram.rowid between ? and ? " if condition.days else ""
        tables = f"from gram cross join paper p on p.row = gram.rowid {text}"
        arguments = (match, *(condition.days or ()), *condition.arguments)
        return f"{tables}where gram match ? {days}and ({condition.sql})", arguments

    def _select(self, sql: str, arguments: Iterable[Argument]) -> Rows:
        return array("q", (row for (row,) in self._db.execute(sql, tuple(arguments))))

    def _told(self, sort: Sort) -> Sort:
        """The order to use: by upvotes in place of the taste while there is none."""
        unknown = sort.key == "foryou" and not self._scores(self._db)
        return Sort("upvotes", sort.reverse) if unknown else sort

    def _ranked(self, rows: Rows, sort: Sort) -> Rows:
        """Rows in order by date, sorted into an order without a column."""
        match sort.key:
            case "foryou":
                return self._by_taste(rows, sort)
            case "rising":
                return self._by_rise(rows, sort)
            case _:
                return rows

    def _by_rise(self, rows: Rows, sort: Sort) -> Rows:
        """Sort by rise; rows without a known rise follow in their order."""
        found = rises_in(self._db)
        way = 1 if sort.reverse else -1
        known = sorted((row for row in rows if row in found), key=lambda row: way * found[row])
        return array("q", [*known, *(row for row in rows if row not in found)])

    def _by_taste(self, rows: Rows, sort: Sort) -> Rows:
        """Rows in order by date, sorted by taste."""
        scores = self._scores(self._db)
        way = 1 if sort.reverse else -1
        return array("q", sorted(rows, key=lambda row: way * scores.of(row)))

    def _terms(self, start: str) -> Sequence[str] | None:
        """The trigrams that begin with one or two letters; None if there are too many to be of use."""
        sql = "select term from vocabulary where term >= ? and term < ? limit ?"
        terms = [term for (term,) in self._db.execute(sql, (start, start + _NEXT_LETTER, _MOST_TERMS + 1))]
        return terms if len(terms) <= _MOST_TERMS else None


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
