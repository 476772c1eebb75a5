"""`paperdeck cite`: citations of papers that are named."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from paperdeck.storage.identifiers import Reference, is_local
from paperdeck.storage.library.library import Library

from .command import Command
from .common import ids_of, open_library, paper_of, tell_troubles, warn


def options(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="+", metavar="ID", help="an arXiv id or a link; “paperdeck” is the program itself")
    parser.add_argument(
        "--to", default="bibtex", metavar="FORMAT", help="bibtex (default), biblatex, ris, apa, mla, ieee, …"
    )
    parser.add_argument("--published", action="store_true", help="cite the published paper where it is known")
    parser.add_argument("--complete", action="store_true", help="ask arXiv first for what only it knows, and keep it")


def run(options: Namespace) -> int:
    """Print citations with keys that are unique among them."""
    from paperdeck.storage.cite.formats import cite
    from paperdeck.storage.cite.itself import NAME, paperdeck_itself
    from paperdeck.storage.library.citation_keys import citation_keys

    library, ids = open_library(), ids_of(text for text in options.ids if text != NAME)
    if options.complete:
        complete(library, ids)
    papers = [paper_of(library, paper_id) for paper_id in ids]
    if NAME in options.ids:
        papers.append(paperdeck_itself())
    code = tell_troubles(library)
    keys = citation_keys(library, papers)
    sys.stdout.write(cite(papers, options.to, published=options.published, keys=keys))
    return code


def complete(library: Library, ids: list[str]) -> bool:
    """Ask arXiv once for what only it knows (categories, version, DOI) and keep the answer; whether it was asked."""
    import asyncio

    from .fetch import open_fetcher

    wanted = [
        paper_id for paper_id in ids if not is_local(paper_id) and "arxiv" not in library.provenance(paper_id).values()
    ]

    async def ask() -> None:
        fetcher, _ = open_fetcher(library)
        try:
            for error in (await fetcher.add([Reference(paper_id) for paper_id in wanted])).errors:
                warn(str(error))
        finally:
            await fetcher.close()

    if wanted:
        asyncio.run(ask())
    return bool(wanted)


COMMANDS = {
    "cite": Command(run, options, ("paperdeck cite 2401.12345 >>refs.bib", "paperdeck cite --to apa 2401.12345"))
}
