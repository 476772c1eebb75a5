"""Matches newly arrived arXiv papers with the local papers that they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from paperdeck.storage.files.disk import Signature
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.paper import Paper

from .papers import PaperBlocks

if TYPE_CHECKING:
    from paperdeck.storage.identity_index import IdentityIndex


class LocalPapers:
    """The local papers; they are read again after their files changed."""

    def __init__(self, papers: PaperBlocks) -> None:
        self._papers = papers
        self._state: Mapping[str, Signature] = {}
        self._known: IdentityIndex | None = None

    def arrived(self, papers: Iterable[Paper]) -> dict[str, str]:
        """The certain matches among the given papers: the arXiv paper's id by the local paper's."""
        known = self._read()
        if known is None:
            return {}
        found: dict[str, set[str]] = {}
        for paper in papers:
            if not is_local(paper.id):
                for local in known.same(paper):
                    found.setdefault(local.id, set()).add(paper.id)
        return {local_id: min(ids) for local_id, ids in found.items() if len(ids) == 1}

    def _read(self) -> IdentityIndex | None:
        state = self._papers.local_blocks()
        if state != self._state:
            self._known = self._read_all(state) if state else None
            self._state = state
        return self._known

    def _read_all(self, blocks: Iterable[str]) -> IdentityIndex:
        from paperdeck.storage.identity_index import IdentityIndex

        papers = (paper for block in blocks for paper in self._papers.of_block(block))
        return IdentityIndex(paper for paper in papers if is_local(paper.id))


def as_arxiv_paper(local: Paper, real: Paper) -> Paper:
    """A local paper's facts for its arXiv paper: all but the date, which may be a venue's."""
    known = dict.fromkeys((*real.same_as, *local.same_as, local.id))
    return replace(local, id=real.id, published=None, issued=None, same_as=tuple(known))
