"""`paperdeck venue`: where papers were published, and which form to cite."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import InvalidInput

from .cite import complete
from .command import Command, ids_argument, json_option
from .common import ids_of, open_library, paper_of, print_rows, tell, tell_troubles
from .list import refresh_kept

if TYPE_CHECKING:
    from paperdeck.storage.cite.venue import Judgement
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.paper import Paper


def options(parser: ArgumentParser) -> None:
    ids_argument(parser)
    parser.add_argument(
        "--complete", action="store_true", help="look it up in arXiv and bibliographies first, and store it"
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--refuse", action="store_true", help="cite the preprint, even if it was published")
    choice.add_argument("--choose", metavar="NAME", help="cite this record, such as doi:10.1000/xyz")
    choice.add_argument("--reset", action="store_true", help="let the evidence decide again")
    json_option(parser, "a JSON array")


def run(options: Namespace) -> int:
    """Store the reader's choice, then print where papers were published; returns 1 if no paper has a record."""
    library, ids = open_library("venue"), ids_of(options.ids)
    for paper_id in ids:
        paper_of(library, paper_id)
    if options.complete:
        complete(library, ids, published=True)
    _decide(library, ids, options)
    lines = [line for paper_id in ids for line in _lines(library, paper_of(library, paper_id))]
    tell_troubles(library)
    print_rows(lines, as_json=options.json)
    return 0 if any(line["state"] == "published" for line in lines) else 1


def _decide(library: Library, ids: list[str], options: Namespace) -> None:
    """Store the reader's choice.

    Raises:
        InvalidInput: the chosen record is unknown.
    """
    from paperdeck.storage.cite.venue import PREPRINT, judge

    if options.choose:
        for paper_id in ids:
            known = judge(paper_of(library, paper_id), options.choose)
            if known.printed is None or known.printed.name != options.choose:
                raise InvalidInput(
                    f"{paper_id} has no record “{options.choose}”; “paperdeck venue {paper_id}” lists them all."
                )
    word = PREPRINT if options.refuse else options.choose if options.choose else "" if options.reset else None
    if word is not None:
        deed = library.mark(ids, cite_as=word, label="choose what is cited")
        refresh_kept(library)
        tell(f"venue: {len(deed.ids)} changed")


def _lines(library: Library, paper: Paper) -> list[dict[str, Any]]:
    """Where a paper was published, one line per record."""
    from paperdeck.storage.cite.published_form import published
    from paperdeck.storage.cite.venue import PREPRINT, judge

    word = library.marks(paper.id).cite_as
    found = judge(paper, word)
    records = [("published", found.printed)] if found.printed else [("perhaps", record) for record in found.perhaps]
    if word == PREPRINT:
        records = [("refused", record) for _, record in records]
    lines = [
        _line(paper, state, record.place, record.name, record.source, record.fetched[:10]) for state, record in records
    ]
    work = published(paper, word)
    if work and not found.printed:  # in the words of the authors
        lines.insert(0, _line(paper, "published", work.place, f"doi:{work.doi}" if work.doi else "", "arxiv", ""))
    return lines or [_line(paper, *_nothing(found, word))]


def _nothing(found: Judgement, word: str) -> tuple[str, str, str, str, str]:
    """The end of the line for a paper without a record."""
    from paperdeck.storage.cite.venue import PREPRINT

    state = "refused" if word == PREPRINT else "preprint" if found.consulted else "not looked up"
    sources = ", ".join(record.source for record in found.consulted)
    return state, "", "", sources, max((record.fetched[:10] for record in found.consulted), default="")


def _line(paper: Paper, state: str, place: str, name: str, source: str, asked: str) -> dict[str, Any]:
    return {"id": paper.id, "state": state, "place": place, "name": name, "source": source, "asked": asked}


COMMANDS = {
    "venue": Command(
        run,
        options,
        (
            "paperdeck venue 1706.03762 --complete",
            "paperdeck venue 1801.01290 --choose dblp:conf/icml/HaarnojaZAL18",
            "paperdeck venue 1801.01290 --refuse",
        ),
        "Each line has the id, the state (published, perhaps, refused, preprint, not looked up), the place,\n"
        "the name for --choose, the source, and the date of its answer.",
    )
}
