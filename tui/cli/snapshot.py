"""`import FILE.jsonl`: all of arXiv, or some of its categories, from its metadata snapshot."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.exchange.arxiv_snapshot import Snapshot
from paperdeck.storage.settings.places import expanded
from paperdeck.storage.text.words import count_of

from .common import open_library, tell, tell_troubles
from .fetch import Bar

_MEGABYTE = 1_000_000
_TOLD_EVERY = 10


def import_snapshot(file: str, categories: Iterable[str]) -> int:
    """Bring the papers of a snapshot into the library."""
    snapshot = Snapshot(expanded(file), categories)
    library = open_library("import")
    note = library.places.state / "import.json"
    estimate = snapshot.estimate(library)
    tell(
        f"About {count_of(estimate.papers, 'paper')}, which take {_size(estimate.needed_bytes)} of disk; "
        f"{_size(estimate.free_bytes)} are free."
    )
    if estimate.needed_bytes > estimate.free_bytes:
        raise InvalidInput("There is too little disk for that; --category narrows it, as in --category 'cs.*'.")
    if snapshot.goes_on(note):
        tell("Going on where the last import of this file was stopped.")
    bar = Bar() if sys.stderr.isatty() else None
    new = unusable = 0
    try:
        for number, done in enumerate(snapshot.bring(library, note)):
            new, unusable = done.new, done.unusable
            if bar:
                bar.show(done.read_bytes // _MEGABYTE, done.total_bytes // _MEGABYTE, f"MB  {new:,} new")
            elif number % _TOLD_EVERY == 0:
                tell(f"{done.read_bytes // _MEGABYTE:,} of {done.total_bytes // _MEGABYTE:,} MB, {new:,} new papers")
    except KeyboardInterrupt:
        if bar:
            bar.clear()
        tell(f"Stopped; {count_of(new, 'new paper')} came. The same command goes on from here.")
        return 130
    if bar:
        bar.clear()
    tell_troubles(library)
    bad = f"; {count_of(unusable, 'line')} held no paper" if unusable else ""
    tell(f"{count_of(new, 'new paper')} from {snapshot.path.name}{bad}.")
    return 0


def _size(number: int) -> str:
    """A number of bytes for a person."""
    if number >= 10**9:
        return f"{number / 10**9:.1f} GB"
    return f"{max(1, number // _MEGABYTE):,} MB"
