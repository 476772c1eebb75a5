"""`paperdeck zotero`: papers for the Zotero that runs on this machine."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from paperdeck.storage.paper import Entry
from paperdeck.storage.text.words import count_of
from paperdeck.tui.cli.command import Command, ids_argument
from paperdeck.tui.cli.common import ids_of, open_library, paper_of, tell, tell_troubles


def options(parser: ArgumentParser) -> None:
    ids_argument(parser)
    parser.add_argument("--again", action="store_true", help="also send papers that were sent before")


def run(options: Namespace) -> int:
    """Send papers to Zotero: all of them or, if one is unknown, none."""
    from paperdeck.storage.exchange.zotero import endpoint_from, send_to_zotero
    from paperdeck.storage.library.citation_keys import citation_keys

    library = open_library()
    papers = [paper_of(library, paper_id) for paper_id in ids_of(options.ids)]
    entries = [Entry(paper, library.marks(paper.id)) for paper in papers]
    keys, code = citation_keys(library, papers), tell_troubles(library)
    sent = send_to_zotero(entries, keys, library.places, endpoint_from(os.environ), again=options.again)
    if sent.sent:
        tell(f"{count_of(sent.sent, 'paper')} sent to Zotero, into the collection that is selected there.")
    if sent.before:
        tell(f"{count_of(sent.before, 'paper')} sent before; --again sends what Zotero has a second time.")
    return code


COMMANDS = {
    "zotero": Command(
        run,
        options,
        ("paperdeck zotero 2401.12345", "paperdeck zotero --again 2401.12345"),
        "Zotero must be running. Tags and notes go with the papers.\n"
        "“paperdeck list -q is:starred | xargs paperdeck zotero” sends everything you starred.",
    )
}
