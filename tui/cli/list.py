"""`paperdeck list`: the papers that a query matches, for people and for programs."""

from __future__ import annotations

import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError, StoreError
from paperdeck.storage.facts import HEAD, Fact, facts_about, facts_of_marks
from paperdeck.storage.fetch.full_text import StoredTexts, text_folder
from paperdeck.storage.files.disk import is_missing
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.queue import Visits
from paperdeck.storage.paper import NO_MARKS, Entry, entry_as_json
from paperdeck.storage.search.implied import depends_on_marks
from paperdeck.storage.search.query import Query, parse
from paperdeck.storage.search.tree import QueryContext
from paperdeck.storage.text.words import count_of

from .command import Command, limit_option, query_argument
from .common import open_library, print_json, reader_settings, tell, tell_troubles, warn
from .show import in_lines, presentation_options
from .taste import check_taste, in_a_line, is_by_taste, reasons_as_json, reasons_by_id

if TYPE_CHECKING:
    from paperdeck.storage.taste.reasons import Reasons

DEFAULT_LIMIT = 50
"""Papers printed without a query or limit; `--json` and `--quiet` print all."""


def options(parser: ArgumentParser) -> None:
    query_argument(parser, "the newest")
    limit_option(parser, " papers")
    parser.add_argument(
        "--why", action="store_true", help="say why each paper suits you, judging by your stars and interests"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="print only ids, one per line")
    presentation_options(parser, "a JSON array of all papers that match")


def run(options: Namespace) -> int:
    """Print the papers that a query matches; without one, the newest."""
    library = open_library()
    query = " ".join(options.query)
    limit = options.limit or (None if query or options.json or options.quiet else DEFAULT_LIMIT)
    entries = select(library, query, limit)
    _tell_settings(library)
    code = tell_troubles(library) or tell_missing(library, query, entries, limit)
    if options.plain and not options.quiet:
        tell(_summary(entries, query, limit))
    if is_by_taste(query) and not options.why:
        check_taste(library, sorted_by_it=True)
    _print(entries, options, reasons_by_id(library, entries) if options.why else None)
    shortened = not options.json and options.limit is None and len(entries) == limit
    if not (options.quiet or options.plain or options.json) and (shortened or sys.stderr.isatty()):
        tell(_summary(entries, query, limit))
    return code


def _tell_settings(library: Library) -> None:
    """Report invalid settings, as invalid mutes and follows change the list."""
    if not is_missing(library.places.config_file):
        reader_settings(library.places)
        warn(*library.rules().complaints)


def tell_missing(library: Library, query: str, entries: Sequence[Entry], limit: int | None) -> int:
    """Report matching papers that have marks but are missing from the library; returns 1 if there are any, else 0."""
    if (limit and len(entries) >= limit) or not depends_on_marks(parse(query)):
        return 0
    from paperdeck.storage.exchange.kept_exports import missing_in_words, missing_papers

    missing = missing_papers(library, query, [entry.paper.id for entry in entries])
    if missing:
        warn(missing_in_words(missing))
    return 1 if missing else 0


def _print(entries: Sequence[Entry], options: Namespace, reasons: Mapping[str, Reasons] | None) -> None:
    """Print papers, with reasons if given."""
    lines = None if reasons is None else {i: in_a_line(found) for i, found in reasons.items()}
    if options.json:
        whys = ({} if reasons is None else reasons_as_json(reasons.get(entry.paper.id)) for entry in entries)
        print_json([entry_as_json(entry) | why for entry, why in zip(entries, whys, strict=True)])
    elif options.quiet:
        for entry in entries:
            print(entry.paper.id)
    elif options.plain:
        for line in entries_as_lines(entries, tex=options.tex, why=lines or {}):
            print(line)
    elif sys.stdout.isatty():
        _print_table(entries, tex=options.tex, why=lines or {})
    else:
        for entry in entries:
            why = () if lines is None else (lines.get(entry.paper.id, ""),)
            print("\t".join((*_columns(entry), *why)))


def _summary(entries: Sequence[Entry], query: str, limit: int | None) -> str:
    """A sentence with the number of papers."""
    if not entries:
        return "No paper matches." if query else "The library is empty; “paperdeck fetch” fills it."
    unread = sum(entry.is_unread for entry in entries)
    starred = sum(entry.marks.starred for entry in entries)
    counts = f"{count_of(len(entries), 'paper')}, {unread:,} unread, {starred:,} starred."
    return f"{counts} --limit N shows more or fewer." if len(entries) == limit else counts


def entries_as_lines(
    entries: Sequence[Entry], *, tex: bool, why: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    """The list for a screen reader: for each paper its number, the most useful facts, why it suits, and its id."""
    for number, entry in enumerate(entries, 1):
        if number > 1:
            yield ""
        yield f"Paper {number} of {len(entries)}"
        yield from in_lines(_head(entry), tex)
        if reason := why.get(entry.paper.id):
            yield from in_lines([Fact("why", "For you", reason)], tex)


def _head(entry: Entry) -> Iterator[Fact]:
    facts = {fact.name: fact for fact in facts_about(entry.paper)}
    unneeded = {"published"} if "listed" in facts else set()
    yield from (facts[name] for name in HEAD if name in facts and name not in unneeded)
    yield from (fact for fact in facts_of_marks(entry) if fact.name != "note")
    if entry.marks.note:
        yield Fact("note", "Note", "yes")
    yield facts["id"]


def _columns(entry: Entry) -> tuple[str, ...]:
    paper = entry.paper
    day = paper.day.isoformat() if paper.day else ""
    upvotes = "" if paper.upvotes is None else str(paper.upvotes)
    title = f"(withdrawn) {paper.title}" if paper.withdrawn else paper.title
    return paper.id, day, upvotes, "*" if entry.marks.starred else "", title, paper.byline


def _print_table(entries: Sequence[Entry], *, tex: bool, why: Mapping[str, str]) -> None:
    """Aligned columns as wide as the terminal; unread papers are bold, as in the app."""
    from paperdeck.storage.text.tex import to_unicode

    width = shutil.get_terminal_size().columns
    plain = os.environ.get("TERM", "dumb") == "dumb" or "NO_COLOR" in os.environ
    bold, normal = ("", "") if plain else ("\x1b[1m", "\x1b[m")
    if entries:
        print(_table_row(("id", "day", "votes", "", "title", "by"), width))
    for entry in entries:
        paper_id, day, upvotes, star, title, byline = _columns(entry)
        row = _table_row((paper_id, day, upvotes, star, title if tex else to_unicode(title), byline), width)
        print(f"{bold}{row}{normal}" if entry.is_unread else row)
        if reason := why.get(paper_id):
            print(f"  {reason}")


def _table_row(columns: tuple[str, ...], width: int) -> str:
    from paperdeck.tui.look.text import fit, fit_right

    paper_id, day, upvotes, star, title, byline = columns
    head = f"{fit(star, 1)} {fit(paper_id, 11)} {fit(day, 10)} {fit_right(upvotes, 5)}  "
    room = max(20, width - len(head) - 1)
    by = min(28, room // 3)
    return f"{head}{fit(title, room - by - 2)}  {fit(byline, by).rstrip()}"


# -- finding papers ----------------------------------------------------------------------------------------------------

_QUIET_SECONDS = 2.0
"""Seconds of indexing before a message explains the wait."""
_BATCH_PAPERS = 500


def select(library: Library, query: str, limit: int | None = None) -> list[Entry]:
    """The entries that a query matches, in its order (newest first if it names none), at most `limit`.

    Raises:
        QueryError: the query can't be understood.
    """
    parsed = parse(query)
    if not library.months():
        return []
    context = context_of(library)
    try:
        library.indexing.catch_up(progress=_IndexingNotice().show)
        found = library.indexing.index.find(parsed, context=context, limit=limit)
        return _entries(library, found)
    except StoreError:  # for example, the index's folder isn't writable; searching without it takes longer
        return _without_index(library, parsed, context, limit)


def context_of(library: Library) -> QueryContext:
    """The context of a query: the time, the reader's rules and the last visit."""
    rules = library.rules()
    return QueryContext(
        today=datetime.now(UTC).date(),
        last_visit=Visits(library.places.visits).since,
        muted=rules.muted_queries,
        followed=rules.followed_queries,
        fulltexts=StoredTexts(text_folder(library.places)).ids(),
    )


def _entries(library: Library, ids: Sequence[str]) -> list[Entry]:
    pieces = (ids[start : start + _BATCH_PAPERS] for start in range(0, len(ids), _BATCH_PAPERS))
    return [entry for piece in pieces for entry in library.entries(piece)]


def _without_index(library: Library, query: Query, context: QueryContext, limit: int | None) -> list[Entry]:
    from paperdeck.storage.search.plain import select as matching

    marks, arrivals = library.all_marks(), library.queue.arrivals()
    papers = (paper for month in library.months() for paper in library.month(month))
    entries = [Entry(paper, marks.get(paper.id, NO_MARKS), arrivals.get(paper.id)) for paper in papers]
    return matching(entries, query.visible(), context, limit=limit)


class _IndexingNotice:
    """Explains the delay while a library is indexed for the first time."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._shown = ""

    def show(self, month: str) -> None:
        """Name the month being read, once indexing has taken a while."""
        if monotonic() - self._began > _QUIET_SECONDS and month != self._shown:
            tell(f"Indexing the papers of {month}; this happens only once.")
            self._shown = month


def refresh_kept(library: Library) -> None:
    """Rewrite the kept exports after a change of marks; a failure is reported."""
    if is_missing(library.places.exports):
        return  # most readers have none, and needn't wait for an import
    from paperdeck.storage.exchange.kept_exports import refresh_exports

    try:
        results = refresh_exports(library, partial(select, library))
    except PaperdeckError as error:
        warn(error)
    else:
        warn(*filter(None, (result.error for result in results)))


COMMANDS = {
    "list": Command(
        run,
        options,
        (
            "paperdeck list is:unread since:7d",
            "paperdeck list 'upvotes:>20' author:bengio -survey --limit 10",
            "paperdeck list is:starred -q | xargs paperdeck cite",
        ),
        "Quote characters special to your shell, such as > and ( ). In a pipe, each line\n"
        "has the id, day, upvotes, “*” if starred, title and byline, separated by tabs.",
    )
}
