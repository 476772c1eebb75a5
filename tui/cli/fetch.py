"""`fetch`, `add`, `pack`: the app's fetcher, with a progress bar on a terminal, and one line per step in a pipe."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from paperdeck.storage.errors import InvalidInput, NotFound, PaperdeckError, RateLimited, Unreachable
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.fetch.full_text import StoredTexts, text_folder
from paperdeck.storage.identifiers import parse_reference
from paperdeck.storage.paper import Marks
from paperdeck.storage.settings.settings import FetchSettings
from paperdeck.storage.text.clean import for_screen
from paperdeck.storage.text.words import count_of

from .command import Command, count, day, limit_option, marking_options, query_argument
from .common import open_library, reader_settings, tell, tell_troubles, warn
from .list import refresh_kept, select

if TYPE_CHECKING:
    from paperdeck.storage.fetch.fetcher import Fetcher
    from paperdeck.storage.fetch.run import Progress
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.settings.settings import Settings

_MAX_DAYS = 3660
"""About ten years, more than Daily Papers has."""
_NOTIFIED_TITLES = 3
"""Maximum number of titles in a desktop notification."""
WAIT_SECONDS = 0.4
"""Interval between checks for a pending wait."""


def fetch_options(parser: ArgumentParser) -> None:
    default = FetchSettings().days
    parser.add_argument("--days", type=_days, metavar="N", help=f"the last N days (default: the setting, {default})")
    parser.add_argument("--since", type=day, metavar="DATE", help="all incomplete days from DATE on")
    parser.add_argument("--until", type=day, metavar="DATE", help="with --since: no day after DATE")
    parser.add_argument("--force", action="store_true", help="fetch days again even if they are up to date")
    parser.add_argument("--notify", action="store_true", help="show a desktop notification if there are new papers")


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="+", metavar="ID|URL", help="an arXiv id or a link to arXiv, the Hub or alphaXiv")
    marking_options(parser)


def _days(text: str) -> int:
    days = count(text)
    if days > _MAX_DAYS:
        raise argparse.ArgumentTypeError(f"at most {_MAX_DAYS} days")
    return days


def fetch(options: Namespace) -> int:
    """Fetch stale days, or a range of days; returns 1 if anything could not be fetched."""
    return asyncio.run(_fetch(options))


def add(options: Namespace) -> int:
    """Add single papers to the library; returns 1 if any was not found."""
    return asyncio.run(_add(options))


@asynccontextmanager
async def fetching(library: Library, settings: Settings | None = None) -> AsyncIterator[tuple[Fetcher, Bar]]:
    """A fetcher that is closed at the end, and a progress bar, in place of which waits for a source are shown.

    Args:
        library: Stores what is fetched.
        settings: The reader's settings, if they were loaded already.
    """
    from paperdeck.storage.fetch.fetcher import Fetcher

    categories = (settings or reader_settings(library.places)).fetch.categories
    fetcher = Fetcher(library, Endpoints.find(), categories=categories, notify=_report)
    bar = Bar()
    watching = asyncio.create_task(_show_waits(fetcher, bar))
    try:
        yield fetcher, bar
    finally:
        watching.cancel()
        bar.clear()
        await fetcher.close()


def _report(sentence: str) -> None:
    Bar().clear()  # a wait may be on the line
    warn(sentence)


async def _fetch(options: Namespace) -> int:
    if options.until and not options.since:
        raise InvalidInput("--until needs --since.")
    library, new = open_library(), list[str]()
    settings = reader_settings(library.places)
    async with fetching(library, settings) as (fetcher, bar):
        if options.since:
            events = fetcher.backfill(options.since, options.until, force=options.force)
        else:
            events = fetcher.refresh(options.days or settings.fetch.days, force=options.force)
        failed = await _show_events(events, new, bar)
    tell_troubles(library)
    if options.notify and new:
        _show_notification(library, new)
    return 1 if failed else 0


def _show_notification(library: Library, new: Sequence[str]) -> None:
    """Show a desktop notification with the number of new papers and the first titles; report a failure."""
    from paperdeck.storage.errors import ActionFailed
    from paperdeck.storage.text.clean import clean_line
    from paperdeck.storage.text.tex import to_unicode
    from paperdeck.tui.notification import notify

    papers = library.papers(new[:_NOTIFIED_TITLES]).values()
    titles = [clean_line(to_unicode(paper.title)) for paper in papers]
    more = [f"and {len(new) - len(titles):,} more"] if len(new) > len(titles) else []
    try:
        notify(f"paperdeck: {count_of(len(new), 'new paper')}", "\n".join(titles + more))
    except ActionFailed as error:
        warn(error)


async def _show_events(events: AsyncGenerator[Progress, None], new: list[str], bar: Bar) -> bool:
    """Show the events as they come, collect new papers, and show at the end what failed; returns whether anything did.

    A failure that is shown earlier looks like the end, while other days are still being fetched.
    """
    failures: dict[str, None] = {}
    papers = 0
    try:
        async with aclosing(events):
            async for event in events:
                new += event.new
                papers += event.papers
                if event.error:
                    failures[str(event.error)] = None
                if bar.is_shown:
                    bar.show(event.done, event.total, f"{event.label}  {bar.counted(papers)}")
                elif not event.error:
                    print(_line(event), flush=True)
    finally:
        bar.clear()
        warn(*failures)
    if bar.is_shown and (papers or new or not failures):
        tell(f"{count_of(len(new), 'new paper')}." if papers or new else "Nothing new.")
    return bool(failures)


def _line(event: Progress) -> str:
    """An event as tab-separated text: source, day (or another label), state, papers, new papers."""
    what = event.day.isoformat() if event.day else event.label
    return f"{event.source}\t{what}\t{event.state or ''}\t{event.papers}\t{len(event.new)}"


async def _add(options: Namespace) -> int:
    references = [parse_reference(text) for text in options.ids]
    library = open_library("add")
    async with fetching(library) as (fetcher, _):
        result = await fetcher.add(references)
    missing = (f"{paper_id} was not found." for paper_id in result.missing if paper_id not in result.unreachable)
    warn(*result.errors, *missing)
    there = list(dict.fromkeys(reference.id for reference in references if reference.id not in result.missing))
    for paper_id in there:
        print(paper_id)
    marks = Marks(starred=bool(options.star), tags=frozenset(options.tag or ()))
    titles = [paper.title for paper in library.papers(there).values()]
    subject = titles[0] if len(titles) == 1 else ""
    if marks or result.new:
        library.record_added(dict.fromkeys(there, marks), result.new, label="add", subject=subject)
        refresh_kept(library)
    tell_troubles(library)
    return 1 if result.missing else 0


async def _show_waits(fetcher: Fetcher, bar: Bar) -> None:
    while True:
        waiting = fetcher.waiting
        bar.wait(f"{waiting}; ctrl+c stops" if waiting else "")
        await asyncio.sleep(WAIT_SECONDS)


class Bar:
    """A progress bar on the terminal's current line, with the rate and the remaining time; none without a terminal."""

    _WIDTH_CELLS = 24

    def __init__(self) -> None:
        self.is_shown = sys.stderr.isatty()
        """Whether there is a terminal."""
        self._started = monotonic()
        self._progress = self._waiting = ""

    def show(self, done: int, total: int, words: str) -> None:
        filled = round(self._WIDTH_CELLS * done / max(1, total))
        bar = "█" * filled + "░" * (self._WIDTH_CELLS - filled)
        self._progress = f"{bar} {done}/{total}  {words}{self._left(done, total)}"
        self._waiting = ""
        self._draw(self._progress)

    def wait(self, words: str) -> None:
        """Draw a wait in place of the progress; empty: the progress again."""
        if words != self._waiting:
            self._waiting = words
            self._draw(words or self._progress)

    def counted(self, papers: int) -> str:
        """The count so far and, once known, the rate: `1,200 papers (40/s)`."""
        spent = monotonic() - self._started
        return f"{papers:,} papers" + (f" ({papers / spent:,.0f}/s)" if papers and spent >= 1 else "")

    def clear(self) -> None:
        self._progress = self._waiting = ""
        self._draw("")

    def _draw(self, words: str) -> None:
        """Replace the line, cut at the terminal's width, as the next one would cover only a part of a longer one."""
        if not self.is_shown:
            return
        sys.stderr.write(f"\r\x1b[K{for_screen(words)[: shutil.get_terminal_size().columns - 1]}")
        sys.stderr.flush()

    def _left(self, done: int, total: int) -> str:
        spent = monotonic() - self._started
        if not done or done >= total or spent < 1:
            return ""
        seconds = int(spent / done * (total - done))
        return f"  {seconds // 60}:{seconds % 60:02} left"


# -- full texts ----------------------------------------------------------------------------------------------------


LAST_WEEK = "since:7d"
"""The default query."""
_UNREACHABLE_IN_A_ROW = 2
_LONGEST_WAIT_SECONDS = 330.0
"""Longest rate-limit wait, in seconds; the Hub's windows last 300 s."""


def pack_options(parser: ArgumentParser) -> None:
    query_argument(parser, LAST_WEEK)
    limit_option(parser, " papers")


def pack(options: Namespace) -> int:
    """Fetch missing full texts of the papers that match a query; returns 1 if any failed."""
    return asyncio.run(_pack(options))


async def _pack(options: Namespace) -> int:
    library = open_library()
    query = " ".join(options.query) or LAST_WEEK
    ids = [entry.paper.id for entry in select(library, query, options.limit)]
    stored = StoredTexts(text_folder(library.places)).ids()
    wanted = [paper_id for paper_id in ids if paper_id not in stored]
    if not ids:
        warn(f"no paper in the library matches “{query}”.")
    async with fetching(library) as (fetcher, bar):
        packing = Packing(fetcher, bar=bar)
        await packing.run(wanted)
    packing.tell_end(len(ids) - len(wanted))
    tell_troubles(library)
    return 1 if packing.failed else 0


@dataclass(slots=True)
class Packing:
    """Fetches texts one by one, at the pace that the sources allow."""

    fetcher: Fetcher
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    """Waits for some seconds."""
    fetched: list[str] = field(default_factory=list)
    """Papers whose text was fetched."""
    failed: dict[str, PaperdeckError] = field(default_factory=dict)
    """The errors of the others, by paper."""
    bar: Bar = field(default_factory=Bar)
    """The progress bar."""

    async def run(self, ids: Sequence[str]) -> None:
        """Fetch the texts of papers; gives up early without a network."""
        unreachable = 0
        for number, paper_id in enumerate(ids):
            self.bar.show(number, len(ids), paper_id)
            error = await self._fetch(paper_id)
            self._tell(paper_id, error)
            unreachable = unreachable + 1 if isinstance(error, Unreachable) else 0
            if unreachable == _UNREACHABLE_IN_A_ROW:
                break

    async def _fetch(self, paper_id: str) -> PaperdeckError | None:
        """Fetch one text, waiting once if a source asks for it; returns the error, if any."""
        for may_wait in (True, False):
            try:
                await self.fetcher.full_text(paper_id)
            except RateLimited as error:
                if may_wait and error.wait <= _LONGEST_WAIT_SECONDS:
                    await self.sleep(error.wait)
                    continue
                return error
            except PaperdeckError as error:
                return error
            return None
        return None

    def _tell(self, paper_id: str, error: PaperdeckError | None) -> None:
        if error:
            self.failed[paper_id] = error
        else:
            self.fetched.append(paper_id)
        if not self.bar.is_shown:
            print(f"{paper_id}\t{'failed' if error else 'fetched'}", flush=True)

    def tell_end(self, there: int) -> None:
        """Report texts fetched, stored before, and missing."""
        here = f"; {there:,} stored already" if there else ""
        warn(f"{count_of(len(self.fetched), 'text')} fetched{here}.")
        without = [paper_id for paper_id, error in self.failed.items() if isinstance(error, NotFound)]
        if without:
            warn(f"there is no text of {', '.join(without)}.")
        reasons = {str(error): paper_id for paper_id, error in self.failed.items() if paper_id not in without}
        warn(*(f"{paper_id}: {reason}" for reason, paper_id in reasons.items()))


COMMANDS = {
    "fetch": Command(
        fetch,
        fetch_options,
        ("paperdeck fetch", "paperdeck fetch --since 2026-11-01", "paperdeck fetch --notify"),
        "In a pipe, each line has the source, the day or what else was fetched, its\n"
        "state, the number of papers and the number of new ones, separated by tabs.",
    ),
    "add": Command(
        add, add_options, ("paperdeck add 2401.12345 --star", "paperdeck add https://arxiv.org/abs/2401.12345")
    ),
    "pack": Command(pack, pack_options, ("paperdeck pack", "paperdeck pack is:starred --limit 20")),
}
