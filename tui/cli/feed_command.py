"""`paperdeck feed`: papers for a feed reader."""

from __future__ import annotations

import sys
from argparse import Namespace

from paperdeck.storage.settings.paths import expanded
from paperdeck.storage.text.clean import clean_line

from .common import open_library, tell, tell_troubles
from .selecting import select


def feed(options: Namespace) -> int:
    """Print or write a feed of the papers that a query matches."""
    from paperdeck.storage.exchange.feed import Head, feed_text
    from paperdeck.storage.files.output import write_output

    library = open_library()
    query = clean_line(" ".join(options.query))
    entries = select(library, query, options.limit)
    tell_troubles(library)
    text = feed_text(entries, options.to, Head(f"Papers: {query}" if query else "Papers", query))
    if options.output:
        write_output(expanded(options.output), text.encode(errors="replace"), force=options.force)
        tell(f"{len(entries):,} papers are in {options.output}.")
    else:
        sys.stdout.buffer.write(text.encode(errors="replace"))
        sys.stdout.buffer.flush()
    return 0
