"""`paperdeck cite`: citations of the named papers."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.identifiers import Reference, is_local
from paperdeck.storage.library.library import Library

from .command import Command
from .common import ids_of, open_library, paper_of, tell, tell_troubles, warn

if TYPE_CHECKING:
    from paperdeck.storage.errors import PaperdeckError
    from paperdeck.storage.paper import Paper

_NAMED_PAPERS = 3
"""Maximum number of papers named in the warning about preprints."""


def options(parser: ArgumentParser) -> None:
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


def run(options: Namespace) -> int:
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


COMMANDS = {
    "cite": Command(run, options, ("paperdeck cite 2401.12345 >>refs.bib", "paperdeck cite --to apa 2401.12345"))
}
