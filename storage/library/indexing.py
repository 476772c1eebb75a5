"""Feeds a library's papers, marks and arrivals to its index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import Signature, signature_of
from paperdeck.storage.files.sealed import Document
from paperdeck.storage.identifiers import block_of, month_of_block
from paperdeck.storage.paper import Marks, Paper

from .paper_documents import is_paper, paper_of
from .papers import PaperBlocks
from .queue import Queue

if TYPE_CHECKING:
    from paperdeck.storage.search.entries import TermsOf
    from paperdeck.storage.search.index import Index
    from paperdeck.storage.search.question import Scores


class Indexing:
    """Keeps an index current, and opens it on first use."""

    def __init__(
        self,
        path: Path,
        papers: PaperBlocks,
        marks_folder: Path,
        current_marks: Callable[[], tuple[Mapping[str, Marks], bool]],
        queue: Queue,
        *,
        terms_of: TermsOf | None = None,
        scores: Scores | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`path` is the index file; see `Index` for the keyword arguments."""
        self._path, self._papers, self._queue = path, papers, queue
        self._marks_folder, self._current_marks = marks_folder, current_marks
        self._terms_of, self._scores, self._tell = terms_of, scores, tell
        self._index: Index | None = None

    @property
    def index(self) -> Index:
        """The index; `catch_up` makes it current."""
        if self._index is None:
            from paperdeck.storage.search.index import Index

            self._index = Index(self._path, terms_of=self._terms_of, scores=self._scores, tell=self._tell)
        return self._index

    @property
    def in_use(self) -> bool:
        """Whether the index is open, so a query is cheap."""
        return self._index is not None

    def close(self) -> None:
        """Close the index, at the end of the program."""
        if self._index is not None:
            self._index.close()

    def catch_up(
        self,
        ids: Iterable[str] | None = None,
        *,
        stop: Callable[[], bool] = lambda: False,
        rest: Callable[[float], None] = lambda _: None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Update the index from the files.

        Args:
            ids: Read only the files of these papers, and the ledger, as nothing else has changed. None: read all
                files, and the marks.
            stop: Called now and then; True stops the work.
            rest: Called with the seconds that each step took, so that other threads get their turn.
            progress: Called with each month before it is read.

        Raises:
            StoreError: the index can't be used.
        """
        from paperdeck.storage.search.arrivals import catch_up_arrivals
        from paperdeck.storage.search.catch_up import catch_up, catch_up_marks
        from paperdeck.storage.search.glance import state_of_files

        catch_up_arrivals(self.index.database, self._queue.files(), self._queue.arrivals_in)
        if ids is None:
            catch_up_marks(self.index, state_of_files(self._marks_folder), self._current_marks)
        catch_up(
            self.index,
            lambda block: self._papers.raw(self._papers.path(block)),
            _valid_paper,
            self._all_blocks() if ids is None else self._blocks_of(ids),
            whole=ids is None,
            stop=stop,
            rest=rest,
            progress=lambda block: progress(month_of_block(block)),
        )
        if ids is None and self.index.is_current:
            self._queue.begin(self.index.oldest)
            catch_up_arrivals(self.index.database, self._queue.files(), self._queue.arrivals_in)

    def arrivals(self, ids: Iterable[str]) -> dict[str, str]:
        """When papers arrived in the queue, from the index; empty if it can't be used."""
        with suppress(StoreError):
            return self.index.arrivals(ids)
        return {}

    def documents(self, ids: list[str]) -> dict[str, Document]:
        """The documents of papers, read at their offsets in the files; empty while the index isn't open."""
        if self._index is None:
            return {}
        from paperdeck.storage.search.catch_up import documents

        with suppress(StoreError):
            return documents(self._index, self._papers.folder, ids)
        return {}

    def _all_blocks(self) -> dict[str, Signature] | None:
        """The existing blocks with their signatures; None if they can't be listed."""
        blocks = self._papers.blocks()
        return None if self._papers.folder in self._papers.unreadable else blocks

    def _blocks_of(self, ids: Iterable[str]) -> dict[str, Signature]:
        """The existing blocks that hold these papers, with their signatures."""
        touched = {block: signature_of(self._papers.path(block)) for block in set(map(block_of, ids))}
        return {block: signature for block, signature in touched.items() if signature}


def _valid_paper(document: Document) -> Paper | None:
    return paper_of(document) if is_paper(document) else None
