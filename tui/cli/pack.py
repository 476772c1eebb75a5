"""`pack`: fetches the full texts of a whole view, to read them offline."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from paperdeck.storage.errors import NotFound, PaperdeckError, RateLimited, Unreachable
from paperdeck.storage.fetch.full_text import StoredTexts, text_folder
from paperdeck.storage.text.words import count_of

from .command import Command, limit_option, query_argument
from .common import open_library, tell_troubles, warn
from .fetch import Bar, fetching
from .list import select

if TYPE_CHECKING:
    from paperdeck.storage.fetch.fetcher import Fetcher

LAST_WEEK = "since:7d"
"""The default query."""
_UNREACHABLE_IN_A_ROW = 2
_LONGEST_WAIT_SECONDS = 330.0
"""Longest rate-limit wait, in seconds; the Hub's windows last 300 s."""


def options(parser: ArgumentParser) -> None:
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


COMMANDS = {"pack": Command(pack, options, ("paperdeck pack", "paperdeck pack is:starred --limit 20"))}
