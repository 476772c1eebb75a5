"""`paperdeck fetch`: the same fetcher as the app's, with a bar on a terminal and a line a day in a pipe."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from storage.config import Endpoints, Places, load_settings

from .common import open_library, tell, tell_troubles

if TYPE_CHECKING:
    from storage.fetch.fetcher import Progress


def fetch(options: Namespace) -> int:
    """Fetch what is stale; 1 if anything could not be fetched."""
    return asyncio.run(_fetch(options))


async def _fetch(options: Namespace) -> int:
    from storage.fetch.fetcher import Fetcher

    settings, complaints = load_settings(Places.find().config_file)
    for complaint in complaints:
        tell(complaint)
    library = open_library()
    fetcher = Fetcher(library, Endpoints.find())
    try:
        events = fetcher.refresh(options.days or settings.fetch.days, force=bool(options.days))
        failed = await _show(events)
    finally:
        await fetcher.close()
    tell_troubles(library)
    return 1 if failed else 0


async def _show(events: AsyncIterator[Progress]) -> int:
    """Follow the events; returns how many steps failed."""
    bar = _Bar() if sys.stderr.isatty() else None
    failed = new = steps = 0
    said: set[str] = set()
    async for event in events:
        steps += 1
        new += len(event.new)
        if event.error:
            failed += 1
            if str(event.error) not in said:
                said.add(str(event.error))
                if bar:
                    bar.clear()
                tell(f"paperdeck: {event.error}")
        if bar:
            bar.show(event)
        elif not event.error:
            day = event.day.isoformat() if event.day else event.label
            print(f"{day}\t{event.state or ''}\t{event.papers}\t{len(event.new)}", flush=True)
    if bar:
        bar.clear()
        tell(f"{new:,} new papers." if steps else "Everything is fresh; nothing was asked.")
    return failed


class _Bar:
    """A progress bar on the terminal's current line."""

    def show(self, event: Progress) -> None:
        """Draw how far the run is."""
        width = 24
        filled = round(width * event.done / max(1, event.total))
        line = f"{'█' * filled}{'░' * (width - filled)} {event.done}/{event.total}  {event.label}"
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the bar away."""
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
