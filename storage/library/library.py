"""The library: the only door to the papers, the ledger, and the journal of what the reader did; it feeds the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import Signature, signature_of
from paperdeck.storage.files.documents import Clock, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import Document
from paperdeck.storage.identifiers import block_of, month_of_block
from paperdeck.storage.library.journal.device_files import DeviceFiles
from paperdeck.storage.library.journal.history import JOINED, READER, RESTED, Deed
from paperdeck.storage.library.journal.journal import Journal
from paperdeck.storage.paper import Entry, Marks, Paper, paper_in, provenance
from paperdeck.storage.settings.settings import Places, load_settings
from paperdeck.storage.text.words import count_of

from .ledger import DayRecord, DayState, Ledger
from .paper_documents import is_paper
from .papers import LocalPapers, PaperBlocks, as_arxiv_paper
from .queue import Queue
from .taste import Taste, packed_terms

if TYPE_CHECKING:
    from paperdeck.storage.search.index import Index

_SUBJECT_CHARACTERS = 200
"""Maximum length of the text that names a deed's papers."""

__all__ = ["RESTED", "Added", "Changes", "DayRecord", "DayState", "Deed", "Library"]


class Added(NamedTuple):
    """The result of adding papers."""

    new: tuple[str, ...]
    """Ids that were not in the library before, in the order given."""
    changed: tuple[str, ...]
    """Ids that were in the library before, and whose facts changed."""


class Changes(NamedTuple):
    """What other processes and devices changed since the last poll."""

    months: frozenset[str]
    """Months whose papers changed."""
    marks: frozenset[str]
    """Ids whose marks changed."""
    rules: bool = False
    """Whether views, rules or preferences changed."""
    days: bool = False
    """Whether the ledger of days changed."""

    def __bool__(self) -> bool:
        return bool(self.months or self.marks or self.rules or self.days)


class Indexing:
    """Keeps an index current, and opens it on first use."""

    def __init__(
        self,
        open_index: Callable[[], Index],
        papers: PaperBlocks,
        files: DeviceFiles,
        current_marks: Callable[[], tuple[Mapping[str, Marks], bool]],
        queue: Queue,
    ) -> None:
        self._open_index, self._papers, self._queue = open_index, papers, queue
        self._files, self._current_marks = files, current_marks
        self._index: Index | None = None

    @property
    def index(self) -> Index:
        """The index; `catch_up` makes it current."""
        if self._index is None:
            self._index = self._open_index()
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
        from paperdeck.storage.search.catch_up import catch_up, catch_up_arrivals, catch_up_marks
        from paperdeck.storage.search.glance import state_of_files

        catch_up_arrivals(self.index.database, self._queue.files(), self._queue.arrivals_in)
        if ids is None:
            catch_up_marks(self.index, state_of_files(self._files.folder), self._current_marks)
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


class Library(Journal):
    """Access to all stored data. Thread-safe; papers and journal have separate locks, so stars never wait for a fetch.

    Files are opened on first use. All methods raise only StoreError and InvalidInput.
    """

    def __init__(self, places: Places, *, clock: Clock = time.time, maker: str = READER) -> None:
        """The library in some folders; its files are opened on first use.

        Args:
            places: The folders; they need not exist.
            clock: Seconds since 1970.
            maker: Who makes the deeds, as shown in the history: `the reader`, `the command line` …
        """
        self._troubles = Troubles()
        locks = places.locks
        ledger_lock, papers_lock = WriterLock(locks / "ledger.lock"), WriterLock(locks / "papers.lock")
        self.ledger = Ledger(places.ledger, ledger_lock, clock, self._troubles)
        """The days that were fetched."""
        self._papers = PaperBlocks(places.papers, papers_lock, clock, self._troubles, self.ledger.doubt)
        self._local = LocalPapers(self._papers)
        super().__init__(places, self._papers, self.ledger, clock, self._troubles, maker)
        self.taste = Taste(
            places.cache / "ranked.bin", lambda: self.indexing.index, self.papers, self.rules, self.all_marks
        )
        """The reader's taste."""
        self.queue = Queue(self.ledger, self, lambda: load_settings(places.config_file)[0].fetch, clock)
        """The papers that arrived from followed sources."""
        self.indexing = Indexing(self._open_index, self._papers, self.files, self._merged.current_marks, self.queue)
        """Keeps this library's index current."""

    def _open_index(self) -> Index:
        from paperdeck.storage.search.index import Index

        file, tell = self.places.index_file, self._troubles.complain
        return Index(file, terms_of=packed_terms, scores=self.taste.scored, tell=tell)

    @property
    def stores(self) -> tuple[PaperBlocks, Ledger, DeviceFiles]:
        """The files of papers, ledger and journal, for maintenance."""
        return self._papers, self.ledger, self.files

    @property
    def troubles(self) -> list[str]:
        """Messages about damage found and repaired. Clear the list after showing it."""
        return self._troubles

    def unreadable_files(self) -> list[str]:
        """A sentence for each file that can't be read completely now, so papers or marks may be missing."""
        return [sentence for store in self.stores for sentence in store.unreadable.values()]

    # -- facts -------------------------------------------------------------------------------------------------------

    def add(self, papers: Iterable[Paper], source: str) -> Added:
        """Merge a source's facts with the known ones; nothing is ever deleted.

        Args:
            papers: The papers, with this source's facts.
            source: `hf`, `arxiv`, `shelf`, `local` or `bibliographies`.
        """
        given = list(papers)
        new, changed = self._papers.add(given, source)
        self._join(self._local.arrived(given))
        return Added(tuple(new), tuple(changed))

    def _join(self, pairs: Mapping[str, str]) -> None:
        """Merge local papers with their arXiv papers, marks included; each pair only once, so that an undo lasts."""
        real = self.papers(pairs.values())
        wanted = {old: new for old, new in pairs.items() if new in real and old not in real[new].same_as}
        if not wanted:
            return
        documents = self._papers.documents(wanted)
        local = {paper_id: paper_in(document) for paper_id, document in documents.items()}
        subject = ", ".join(paper.title for paper in local.values())[:_SUBJECT_CHARACTERS]
        self.mark_each({}, label=JOINED, subject=subject, into=wanted, gone=documents.values())
        self._papers.add([as_arxiv_paper(paper, real[wanted[paper.id]]) for paper in local.values()], "local")
        self._papers.remove(local)

    def paper(self, paper_id: str) -> Paper | None:
        """One paper, or None if the library doesn't have it."""
        return self.papers([paper_id]).get(paper_id)

    def papers(self, ids: Iterable[str]) -> dict[str, Paper]:
        """Papers by id, in the order given; unknown ids are absent."""
        wanted = list(ids)
        known = self.indexing.documents(wanted)
        if missing := [paper_id for paper_id in wanted if paper_id not in known]:
            known |= self._papers.documents(missing)
        return {paper_id: paper_in(known[paper_id]) for paper_id in wanted if paper_id in known}

    def entries(self, ids: Iterable[str]) -> list[Entry]:
        """Papers with marks and arrival in the queue, in the order given; unknown ids are absent."""
        papers = self.papers(ids)
        arrivals = self.indexing.arrivals(papers) if self.indexing.in_use else self.queue.arrivals()
        marks = self.marks_among(papers)
        return [Entry(paper, marks[paper_id], arrivals.get(paper_id)) for paper_id, paper in papers.items()]

    def why_kept(self, ids: Iterable[str]) -> dict[str, str]:
        """For papers that can't be removed, the reason, worded to follow “as”; removable papers are absent."""
        wanted = list(ids)
        known, listed = self._papers.documents(wanted), self.ledger.listed()
        why: dict[str, str] = {}
        for paper_id in wanted:
            if paper_id not in known:
                why[paper_id] = "it is not in the library"
            elif paper_id in listed:
                why[paper_id] = "Daily Papers or arXiv listed it"
            elif self.marks(paper_id).kept:
                why[paper_id] = "you starred or tagged it, or wrote a note"
        return why

    def remove(self, ids: Iterable[str]) -> Deed:
        """Remove papers, as one deed, which can be undone; those in `why_kept` stay."""
        wanted = list(ids)
        kept = self.why_kept(wanted)
        documents = self._papers.documents(paper_id for paper_id in wanted if paper_id not in kept)
        papers = [paper_in(document) for document in documents.values()]
        subject = papers[0].title if len(papers) == 1 else count_of(len(papers), "paper")
        deed = self.mark_each({}, label="remove", subject=subject, gone=documents.values())
        self._papers.remove(documents)
        return deed._replace(ids=tuple(documents))

    def months(self) -> list[str]:
        """The months that have papers, as `YYYY-MM`, newest first; `undated` is last."""
        return self._papers.months()

    def month(self, name: str) -> list[Paper]:
        """Every paper of one month."""
        return self._papers.month(name)

    def provenance(self, paper_id: str) -> dict[str, str]:
        """For each known fact of a paper, the source that gave it."""
        document = self._papers.documents([paper_id]).get(paper_id)
        return provenance(document["sources"]) if document else {}

    # -- adding ------------------------------------------------------------------------------------------------------

    def record_added(
        self, marks: Mapping[str, Marks], brought: Iterable[str], *, label: str = "import", subject: str = ""
    ) -> Deed:
        """Record that papers were added, as one deed with their marks.

        Args:
            marks: The marks to add, by paper.
            brought: The papers that were not in the library before; undo removes them, redo restores them. Those that
                took the place of a local paper stay, as that paper was there.
            label: The deed: `import` or `add`.
            subject: What was added: the name of the imported file, or the title of the paper.
        """
        documents = self._papers.documents(brought)
        own = {paper_id: document for paper_id, document in documents.items() if not paper_in(document).same_as}
        sources = {paper_id: sorted(document["sources"]) for paper_id, document in own.items()}
        return self.mark_each(marks, label=label, subject=subject, brought=sources)

    # -- changes from outside ------------------------------------------------------------------------------------------

    def watch(self) -> None:
        """Let the next poll report the papers that other processes change from now on; call it before reading them."""
        self._papers.watch()

    def poll(self) -> Changes:
        """What other processes and devices changed since the last poll; costs a few directory scans."""
        days = self.ledger.poll()
        marks, rules = self.poll_journal()
        return Changes(self._papers.poll(), marks, rules, days)


def _valid_paper(document: Document) -> Paper | None:
    return paper_in(document) if is_paper(document) else None
