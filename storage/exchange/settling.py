"""Finds the papers that imported entries refer to: in the library first, then by a search for their titles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from paperdeck.storage.errors import PaperdeckError, RateLimited
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.identity import is_same
from paperdeck.storage.identity_index import IdentityIndex
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.tex import to_unicode

from .importing import own_paper, put
from .records import Imported, ImportedItem, Leftover

Search = Callable[[str], Awaitable[Sequence[Paper]]]
"""Finds papers by a title, the best first, without storing them. Raises SourceError."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The result of matching an import."""

    items: tuple[ImportedItem, ...]
    """What to add to the library under the source `local`, in order, each paper once."""
    found: tuple[Paper, ...] = ()
    """The papers that a search found, as their source describes them."""
    known: tuple[str, ...] = ()
    """The ids of papers without an arXiv id that are already in the library."""
    local: tuple[str, ...] = ()
    """The ids of papers that stay local."""
    not_looked_up: tuple[str, ...] = ()
    """Those of them that were not looked up: nothing could be asked, or no answer came."""
    joined: int = 0
    """How many entries turned out to be duplicates."""
    leftovers: tuple[Leftover, ...] = ()
    """Errors from lookups."""
    warnings: tuple[str, ...] = ()
    """Warnings for the reader, in whole sentences."""


async def settle(imported: Imported, search: Search | None, *, known: IdentityIndex | None = None) -> Settled:
    """Identify the papers behind entries without an arXiv id, where it is certain.

    Args:
        imported: What was read.
        search: Searches for a title; None for no lookups. A paper for which it fails stays local, and is reported.
        known: Papers of the library.
    """
    library, warnings = known or IdentityIndex(), list[str]()
    troubles: list[Leftover] = []
    once: dict[str, ImportedItem] = {}
    there: list[str] = []
    found: dict[str, Paper] = {}
    answered = set[str]()
    for given in imported.items:
        item = own_paper(given, library, warnings)
        match = library.find(item.paper) if is_local(item.paper.id) else None
        if match:
            there.append(match.id)
        if search and is_local(match.id if match else item.paper.id):
            real, error = await _searched(item.paper, search)
            if error is None:
                answered.add(match.id if match else item.paper.id)
            else:
                troubles.append(Leftover(0, item.paper.title, f"could not be looked up: {error}"))
                search = None if isinstance(error, RateLimited) else search
            if real:
                match = found[real.id] = real
        put(once, item, match, warnings)
    local = tuple(paper_id for paper_id in once if is_local(paper_id))
    return Settled(
        tuple(once.values()),
        tuple(found.values()),
        tuple(dict.fromkeys(there)),
        local,
        tuple(paper_id for paper_id in local if paper_id not in answered),
        len(imported.items) - len(once),
        tuple(troubles),
        tuple(warnings),
    )


async def _searched(paper: Paper, search: Search) -> tuple[Paper | None, PaperdeckError | None]:
    """The certain match for a title, or why the search failed."""
    try:
        return sure_match(paper, await search(to_unicode(paper.title))), None
    except PaperdeckError as error:
        return None, error


def sure_match(wanted: Paper, found: Iterable[Paper]) -> Paper | None:
    """The one certain match among the results, or None; see `storage.identity`."""
    same = {paper.id: paper for paper in found if is_same(wanted, paper)}
    return next(iter(same.values())) if len(same) == 1 else None
