"""Papers read from other programs' files: BibTeX, RIS, CSL-JSON, ids and links, arXiv's mails, pages of the Hub.

What names an arXiv id becomes that paper; anything else with a title becomes a local paper, which `settle` replaces by
the real one where a search finds it beyond doubt. What can't be used is reported, never dropped silently.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from paperdeck.storage.errors import InvalidInput, PaperdeckError, RateLimited
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.names import split_name
from paperdeck.storage.text.tex import to_unicode

from . import readers
from .records import Imported, Leftover

Search = Callable[[str], Awaitable[Sequence[Paper]]]
"""Papers that a title finds, the best first. Raises SourceError."""

Progress = Callable[[int, int], None]
"""Told how many candidates are settled, and of how many."""

KINDS = {
    "bibtex": readers.from_bibtex,
    "ris": readers.from_ris,
    "csl-json": readers.from_csl,
    "html": readers.from_html,
    "digest": readers.from_digest,
    "page": readers.from_page,
    "ids": readers.from_ids,
}
"""The readers by kind."""

_JSON = re.compile(r"\A\s*(?:\[\s*(?:\{|\])|\{\s*\")")
_BIBTEX = re.compile(r"^\s*@\s*[A-Za-z]+\s*[{(]", re.MULTILINE)
_RIS = re.compile(r"^\s*TY\s{1,2}-", re.MULTILINE)
_HTML = re.compile(r"<(?:!doctype html|html|head|body|article|div)\b", re.IGNORECASE)
_DIGEST = re.compile(r"^arXiv:\S+.*\n(?:.*\n){0,4}?Title:", re.MULTILINE)
_SHORT_TITLE = 20
_ABSTRACT_START = 80


def read_papers(text: str, kind: str | None = None) -> Imported:
    """What a text holds.

    Args:
        text: The content of a file, or what was pasted.
        kind: One of KINDS; None finds it out.

    Raises:
        InvalidInput: there is no such kind, or the text is no JSON although it was said to be.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    wanted = kind or kind_of(text)
    if wanted not in KINDS:
        raise InvalidInput(f"“{wanted}” can't be imported; there are {', '.join(KINDS)}.")
    return _merged(KINDS[wanted](text))


def kind_of(text: str) -> str:
    """What a text seems to be; `ids` if nothing else."""
    patterns = (("csl-json", _JSON), ("ris", _RIS), ("html", _HTML), ("digest", _DIGEST), ("bibtex", _BIBTEX))
    for kind, pattern in patterns:
        if pattern.search(text):
            return kind
    return "page" if readers.looks_like_page(text) else "ids"


def decode_file(data: bytes) -> str:
    """The text of a file: UTF-8, or else what old BibTeX files are written in."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _merged(imported: Imported) -> Imported:
    """Each paper once; of two entries for one, what the first does not know is taken from the second."""
    papers: dict[str, Paper] = {}
    for paper in imported.papers:
        known = papers.get(paper.id)
        papers[paper.id] = _filled(known, paper) if known else paper
    return Imported(tuple(papers.values()), imported.leftovers)


def _filled(known: Paper, other: Paper) -> Paper:
    missing = {
        name: getattr(other, name)
        for name in ("title", "abstract", "authors", "published", "doi", "journal_ref", "keywords", "categories")
        if not getattr(known, name) and getattr(other, name)
    }
    return replace(known, **missing)


# -- titles without an id --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the papers of an import."""

    papers: tuple[Paper, ...]
    """What to add to the library under the source `local`, in order."""
    found: tuple[str, ...]
    """The ids that a search found."""
    local: tuple[str, ...]
    """The ids of papers that stay local."""
    leftovers: tuple[Leftover, ...] = ()
    """Why some of them could not be looked up."""


async def settle(imported: Imported, search: Search | None, progress: Progress | None = None) -> Settled:
    """Look up the titles without an id, and take what is found only if there is no doubt.

    A search that fails leaves the paper local, and is reported; a source that asks us to wait ends the looking up.
    """
    papers: list[Paper] = []
    troubles: list[Leftover] = []
    for done, paper in enumerate(imported.papers, 1):
        match = None
        if search and is_local(paper.id):
            try:
                match = sure_match(paper, await search(to_unicode(paper.title)))
            except PaperdeckError as error:
                troubles.append(Leftover(0, paper.title, f"could not be looked up: {error}"))
                search = None if isinstance(error, RateLimited) else search
        papers.append(match or paper)
        if progress:
            progress(done, len(imported.papers))
    once = {paper.id: paper for paper in papers}
    before = {paper.id for paper in imported.papers}
    return Settled(
        tuple(once.values()),
        tuple(paper_id for paper_id in once if paper_id not in before),
        tuple(paper_id for paper_id in once if is_local(paper_id)),
        tuple(troubles),
    )


def sure_match(wanted: Paper, found: Iterable[Paper]) -> Paper | None:
    """The one paper among those found that is beyond doubt the wanted one, or None.

    The titles must be the same but for case, accents, punctuation and TeX; authors known on both sides must share a
    surname; a short title (“Mamba”) needs authors or the abstract to agree as well.
    """
    title = normal(wanted.title)
    same = {paper.id: paper for paper in found if title and normal(paper.title) == title}
    sure = [paper for paper in same.values() if _agree(wanted, paper, len(title) < _SHORT_TITLE)]
    return sure[0] if len(sure) == 1 else None


def normal(title: str) -> str:
    """The letters and digits of a title, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", to_unicode(title).casefold())
    return "".join(char for char in decomposed if char.isalnum())


def _agree(wanted: Paper, found: Paper, proof_needed: bool) -> bool:
    """Whether nothing speaks against two papers of the same title being one, and something for it if that is needed."""
    if wanted.authors and found.authors:
        return not _surnames(wanted).isdisjoint(_surnames(found))
    if proof_needed:
        start = normal(wanted.abstract)[:_ABSTRACT_START]
        return bool(start) and normal(found.abstract).startswith(start)
    return True


def _surnames(paper: Paper) -> set[str]:
    return {normal(split_name(author).family) for author in paper.authors}
