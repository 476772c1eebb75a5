"""Adds imported entries to the library as papers with their marks, in one deed.

The papers to which they refer are looked up in the library first, then by a search for their titles.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.cite.work import usable_key
from paperdeck.storage.errors import PaperdeckError, RateLimited
from paperdeck.storage.identifiers import Reference, is_local
from paperdeck.storage.identity import doi_key, ids_of, is_same, title_key
from paperdeck.storage.identity_index import IdentityIndex
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.library.papers import Awaited
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.text.clean import clean_tag
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import count_of

from .importing import own_paper, put
from .records import Imported, ImportedItem, Leftover, few_of

if TYPE_CHECKING:
    from paperdeck.storage.fetch.single_papers import LookupResult
    from paperdeck.storage.library.library import Library


Search = Callable[[str], Awaitable[Sequence[Paper]]]
"""Finds papers by a title, the best first, without storing them. Raises SourceError."""
LookUp = Callable[[Sequence[Reference]], Awaitable["LookupResult"]]
"""Brings papers into the library by their ids."""


class ImportOptions(NamedTuple):
    """The options of an import."""

    star: bool = False
    tags: tuple[str, ...] = ()
    tags_from: tuple[str, ...] = ()
    """The fields whose words become tags: `keywords`, `groups`."""
    subject: str = ""
    """The name of the import, such as that of the file."""


class ImportOutcome(NamedTuple):
    """The result of an import."""

    ids: tuple[str, ...]
    """The papers, in the order of the file."""
    messages: tuple[str, ...]
    """Messages for the reader, one sentence each."""
    summary: str
    """The outcome in one sentence."""
    failed: bool
    """Whether the file had no papers, or some of them could not be found."""


async def add_imported(
    imported: Imported,
    library: Library,
    wanted: ImportOptions,
    *,
    search: Search | None = None,
    look_up: LookUp | None = None,
) -> ImportOutcome:
    """Add the entries of a file to the library.

    Args:
        wanted: What to do with the papers.
        search: Searches for titles; None for no lookups.
        look_up: Fetches papers given by id alone; None leaves them for the next connection.

    Raises:
        StoreError: the library can't be read or written.
    """
    settled = await settle(imported, search, known=_alike(library, imported.papers))
    ids = [item.paper.id for item in settled.items]
    before = set(library.papers(ids))
    bare = [item.paper.id for item in settled.items if not item.paper.title and item.paper.id not in before]
    library.add(settled.found, "hf")
    library.add([item.paper for item in settled.items if item.paper.title], "local")
    missing, waiting, troubles = await _completed(bare, look_up)
    if waiting:
        Awaited(library.places).add(waiting)
    there = [paper_id for paper_id in ids if paper_id not in missing]
    brought = [paper_id for paper_id in there if paper_id not in before and paper_id not in waiting]
    if there:
        marks = {item.paper.id: _marks(item, wanted) for item in settled.items if item.paper.id not in missing}
        library.record_added(marks, brought, subject=wanted.subject)
        troubles += _keep_keys(library, [item.paper for item in settled.items if item.paper.id in marks])
    troubles += [f"{paper_id} was not found." for paper_id in missing]
    messages = (*settled.warnings, *map(str, settled.leftovers), *troubles)
    summary = _summary(settled, len(brought), len(there), len(waiting), len(missing))
    return ImportOutcome(tuple(there), messages, summary, bool(missing) or not there)


def _keep_keys(library: Library, papers: Sequence[Paper]) -> list[str]:
    """Store the keys that papers have in a file; returns a message about those that have to change."""
    own = {paper.id: key for paper in papers if (key := usable_key(dict(paper.record).get("@key", "")))}
    stored = library.papers(list(own))
    keys = citation_keys(library, [stored.get(paper.id, paper) for paper in papers if paper.id in own], own)
    changed = [f"“{key}” as “{keys[paper_id]}”" for paper_id, key in own.items() if keys[paper_id] != key]
    if not changed:
        return []
    count = count_of(len(changed), "key")
    return [f"A paper keeps its key for good, so exports write {count} of the file differently: {few_of(changed)}."]


async def _completed(bare: Sequence[str], look_up: LookUp | None) -> tuple[list[str], list[str], list[str]]:
    """Look up papers known only by id. Returns those that don't exist, those to wait for, and what went wrong."""
    if not bare or look_up is None:
        return [], list(bare), []
    answer = await look_up([Reference(paper_id) for paper_id in bare])
    waiting = [paper_id for paper_id in answer.missing if paper_id in answer.unreachable]
    missing = [paper_id for paper_id in answer.missing if paper_id not in answer.unreachable]
    return missing, waiting, [str(error) for error in answer.errors]


def _alike(library: Library, papers: Iterable[Paper]) -> IdentityIndex:
    """The papers of the library that may match those of a file."""
    wanted = list(papers)
    titles = {title_key(paper.title) for paper in wanted if is_local(paper.id)} - {""}
    dois = {doi_key(paper.doi) for paper in wanted} - {""}
    known = IdentityIndex(library.papers([paper_id for paper in wanted for paper_id in ids_of(paper)]).values())
    if titles:
        for month in library.months():
            for paper in library.month(month):
                if doi_key(paper.doi) in dois or title_key(paper.title) in titles:
                    known.add(paper)
    return known


def _marks(item: ImportedItem, wanted: ImportOptions) -> Marks:
    """An entry's marks, with the wanted ones and the tags that its keywords become."""
    words = (word for name in wanted.tags_from for word in item.words.get(name, ()))
    tags = {"-".join(word.split())[:60].strip("-") for word in words} - {""} | set(map(clean_tag, wanted.tags))
    return replace(item.marks, starred=item.marks.starred or wanted.star, tags=item.marks.tags | tags)


def _summary(settled: Settled, new: int, papers: int, waiting: int, missing: int) -> str:
    """The summary of an import: each entry became a paper, was merged with one, or is reported."""
    known = papers - new - waiting
    parts = [f"{new:,} new", f"{known:,} already known"]
    parts += [f"{waiting:,} to be completed at the next connection"] if waiting else []
    of_them = [f"{len(settled.found):,} found by title"] if settled.found else []
    unasked = len(settled.not_looked_up)
    unmatched = len(settled.local) - unasked
    of_them += [f"{unmatched:,} without a sure match on the Hub"] if unmatched else []
    of_them += [f"{unasked:,} not looked up"] if unasked else []
    text = "; of them ".join(filter(None, (", ".join(parts), ", ".join(of_them))))
    text = f"{count_of(papers, 'paper')}: {text}."
    them = "it" if unasked == 1 else "them"
    again = f" Importing again online looks {them} up and keeps your marks." if unasked else ""
    rest = [f"{count_of(settled.joined, 'entry', 'entries')} merged with others"] if settled.joined else []
    unused = sum(not leftover.read for leftover in settled.leftovers) + missing
    rest += [f"{count_of(unused, 'entry', 'entries')} not used, see above"] if unused else []
    text = f"{text} {'; '.join(rest)}." if rest else text
    return text + again


# -- settling ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settled(Imported):
    """The contents of a file after matching: the items are what to add to the library under the source `local`."""

    found: tuple[Paper, ...] = ()
    """The papers that a search found, as their source describes them."""
    not_looked_up: tuple[str, ...] = ()
    """The ids of local papers that were not looked up: nothing could be asked, or no answer came."""

    @property
    def local(self) -> tuple[str, ...]:
        """The ids of papers that stay local."""
        return tuple(item.paper.id for item in self.items if is_local(item.paper.id))


async def settle(imported: Imported, search: Search | None, *, known: IdentityIndex | None = None) -> Settled:
    """Identify the papers behind entries without an arXiv id, where it is certain.

    Args:
        imported: What was read.
        search: Searches for a title; None for no lookups. A paper for which it fails stays local, and is reported.
        known: Papers of the library.
    """
    library, warnings, troubles = known or IdentityIndex(), list(imported.warnings), list(imported.leftovers)
    once: dict[str, ImportedItem] = {}
    found: dict[str, Paper] = {}
    answered = set[str]()
    for given in imported.items:
        item = own_paper(given, library, warnings)
        match = library.find(item.paper) if is_local(item.paper.id) else None
        paper_id = match.id if match else item.paper.id
        if search and is_local(paper_id):
            real, error = await _searched(item.paper, search)
            if error is None:
                answered.add(paper_id)
            else:
                troubles.append(Leftover(0, item.paper.title, f"could not be looked up: {error}", read=True))
                search = None if isinstance(error, RateLimited) else search
            if real:
                match = found[real.id] = real
        put(once, item, match, warnings)
    return Settled(
        tuple(once.values()),
        tuple(troubles),
        imported.joined + len(imported.items) - len(once),
        tuple(warnings),
        tuple(found.values()),
        tuple(paper_id for paper_id in once if is_local(paper_id) and paper_id not in answered),
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
