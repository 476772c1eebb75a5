"""`cite` and `venue`: citations of papers, and where they were published."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.identifiers import Reference, is_local
from paperdeck.storage.library.library import Library

from .command import Command, ids_argument, json_option
from .common import ids_of, open_library, paper_of, print_rows, tell, tell_troubles, warn

if TYPE_CHECKING:
    from paperdeck.storage.cite.venue import Judgement
    from paperdeck.storage.errors import PaperdeckError
    from paperdeck.storage.paper import Paper

_NAMED_PAPERS = 3
"""Maximum number of papers named in the warning about preprints."""


def cite_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "ids", nargs="+", metavar="ID", help="an arXiv id or a link; “paperdeck” cites the program itself"
    )
    parser.add_argument(
        "--to",
        default="bibtex",
        metavar="FORMAT",
        help="bibtex (default), bibtex-ascii, biblatex, ris, csl-json, apa, mla, chicago, "
        "chicago-notes, ieee, markdown, link, id, title or abstract",
    )
    completing_options(parser)


def completing_options(parser: ArgumentParser) -> None:
    parser.add_argument("--published", action="store_true", help="cite the published paper where it is known")
    asks = "first fetch the facts that only arXiv has and, with --published, look the paper up in bibliographies"
    parser.add_argument("--complete", action="store_true", help=asks)


def print_citations(options: Namespace) -> int:
    """Print citations with unique keys."""
    from paperdeck.storage.cite.formats import cite, format_named
    from paperdeck.storage.cite.own_citation import NAME, own_work
    from paperdeck.storage.library.citation_keys import citation_keys

    form = format_named(options.to)
    library, ids = open_library(), ids_of(text for text in options.ids if text != NAME)
    if options.complete:
        complete(library, ids, published=options.published)
    papers = [paper_of(library, paper_id) for paper_id in ids]
    if NAME in options.ids:
        papers.append(own_work())
    keys = citation_keys(library, papers) if form.has_keys else {}
    code = tell_troubles(library)
    marks = library.marks_among(paper.id for paper in papers) if options.published else {}
    cite_as = {paper_id: mark.cite_as for paper_id, mark in marks.items()}
    sys.stdout.write(cite(papers, options.to, published=options.published, keys=keys, cite_as=cite_as))
    if options.published:
        tell_preprints(library, papers)
    return code


def complete(library: Library, ids: list[str], *, published: bool = False) -> bool:
    """Fetch the missing facts from the sources once, and store them. Returns whether anything was fetched."""
    import asyncio

    from .fetch import fetching

    real = [paper_id for paper_id in ids if not is_local(paper_id)]
    wanted = [paper_id for paper_id in real if "arxiv" not in library.provenance(paper_id).values()]

    async def ask() -> None:
        errors: list[PaperdeckError] = []
        async with fetching(library) as (fetcher, bar):
            if wanted:
                errors += (await fetcher.add([Reference(paper_id) for paper_id in wanted])).errors
            if published:
                papers = list(library.papers(real).values())
                errors += await fetcher.look_up_published(papers, partial(bar.show, words="papers looked up"))
        warn(*dict.fromkeys(map(str, errors)))

    if wanted or (published and real):
        asyncio.run(ask())
    return bool(wanted or published)


def tell_preprints(library: Library, papers: Sequence[Paper]) -> None:
    """Name papers cited as preprints despite --published, with the reason."""
    from paperdeck.storage.cite.published_form import why_not_published

    reasons = [why_not_published(paper, library.marks(paper.id).cite_as) for paper in papers]
    known = [reason for reason in reasons if reason]
    for reason in known[:_NAMED_PAPERS]:
        tell(reason)
    if len(known) > _NAMED_PAPERS:
        tell(f"{len(known) - _NAMED_PAPERS} more are cited as preprints.")
    if any("never looked up" in reason for reason in known):
        tell("--complete looks it up; “paperdeck venue ID” says what is known.")


# -- venues --------------------------------------------------------------------------------------------------------


def venue_options(parser: ArgumentParser) -> None:
    ids_argument(parser)
    parser.add_argument(
        "--complete", action="store_true", help="look it up in arXiv and bibliographies first, and store it"
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--refuse", action="store_true", help="cite the preprint, even if it was published")
    choice.add_argument("--choose", metavar="NAME", help="cite this record, such as doi:10.1000/xyz")
    choice.add_argument("--reset", action="store_true", help="let the evidence decide again")
    json_option(parser, "a JSON array")


def venue(options: Namespace) -> int:
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
        from .list import refresh_kept

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
    "cite": Command(
        print_citations, cite_options, ("paperdeck cite 2401.12345 >>refs.bib", "paperdeck cite --to apa 2401.12345")
    ),
    "venue": Command(
        venue,
        venue_options,
        (
            "paperdeck venue 1706.03762 --complete",
            "paperdeck venue 1801.01290 --choose dblp:conf/icml/HaarnojaZAL18",
            "paperdeck venue 1801.01290 --refuse",
        ),
        "Each line has the id, the state (published, perhaps, refused, preprint, not looked up), the place,\n"
        "the name for --choose, the source, and the date of its answer.",
    ),
}
