"""`paperdeck feed`: papers for a feed reader."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.words import count_of

from .command import Command, count, output_options, query_argument
from .common import open_library, print_bytes, tell, tell_troubles, write_text
from .finding.reasons import in_a_line, is_by_taste, reasons_by_id
from .list import select, tell_missing

DEFAULT_LIMIT = 100


def options(parser: ArgumentParser) -> None:
    query_argument(parser, "all")
    parser.add_argument(
        "--limit", type=count, default=DEFAULT_LIMIT, metavar="N", help=f"at most N papers (default: {DEFAULT_LIMIT})"
    )
    parser.add_argument("--why", action="store_true", help="say why each paper suits you; sort:foryou always says so")
    output_options(parser)


def run(options: Namespace) -> int:
    """Print or write a feed of the papers that a query matches; 1 if some are missing."""
    from paperdeck.storage.exchange.feed import feed_text

    library = open_library()
    query = clean_line(" ".join(options.query))
    entries = select(library, query, options.limit)
    unreadable = tell_troubles(library)
    missing = tell_missing(library, query, entries, options.limit)
    reasons = reasons_by_id(library, entries) if options.why or is_by_taste(query) else {}
    whys = {paper_id: in_a_line(found) for paper_id, found in reasons.items()}
    text = feed_text(entries, f"Papers: {query}" if query else "Papers", query, whys)
    if options.output:
        write_text(options.output, text, library.places, force=options.force, unreadable=unreadable)
        tell(f"{count_of(len(entries), 'paper')} in {options.output}.")
    else:
        print_bytes(text.encode(errors="replace"))
    return unreadable or missing


COMMANDS = {
    "feed": Command(
        run,
        options,
        (
            "paperdeck feed -o papers.xml --force",
            "paperdeck feed is:starred -o starred.xml --force",
            "paperdeck feed is:unread since:7d sort:foryou -o for-you.xml --force",
        ),
    )
}
