"""The papers, in blocks of at most 1,000 ids: `papers/2611/03.json` holds 2611.03000 to 2611.03999.

A look-up by id reads one small file, and a write rewrites one, so the cost of neither grows with the library. Earlier
versions kept one file per month, `papers/2026-11.json`. Such a file is read for papers that no block has, and split
into blocks by the first write to its month.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import Signature, is_there, signature_of
from paperdeck.storage.files.documents import Clock, DocumentFiles, Troubles, scan
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import Damaged, Document, DocumentFile, Draft, Unreadable, paused_collector
from paperdeck.storage.files.small import read_json, write_json
from paperdeck.storage.identifiers import (
    UNDATED,
    block_of,
    check_id,
    document_id,
    grouped,
    is_local,
    is_month,
    is_paper_id,
    month_of,
    month_of_block,
)
from paperdeck.storage.paper import Paper, paper_in
from paperdeck.storage.text.times import stamp, utc

from .paper_documents import PAPERS, is_paper, merged

if TYPE_CHECKING:
    from paperdeck.storage.identity_index import IdentityIndex
    from paperdeck.storage.settings.places import Places

_BUDGET_BYTES = 12_000_000
"""Bytes of files of papers to keep parsed."""
_BLOCKS_AT_ONCE = 16
"""Maximum number of blocks written in one transaction."""


class PaperBlocks(DocumentFiles):
    """All papers. Thread-safe."""

    def __init__(
        self, folder: Path, lock: WriterLock, clock: Clock, troubles: Troubles, doubt: Callable[[str], None]
    ) -> None:
        """Opens no file until it is used. `doubt` is called, in the lock, with each block whose papers were lost."""
        super().__init__(PAPERS, _BUDGET_BYTES, lock, clock, troubles)
        self.folder = folder
        self._doubt = doubt

    def path(self, block: str) -> Path:
        """The file of a block, or of a month that isn't split yet."""
        return self.folder / f"{block}.json"

    def blocks(self) -> dict[str, Signature]:
        """The signature of every file of papers by block, newest month first."""
        try:
            found = self._scan()
            self.unreadable.pop(self.folder, None)
            return found
        except StoreError as error:
            self.unreadable[self.folder] = str(error)
            self.troubles.complain(str(error))
            return {}

    def _scan(self) -> dict[str, Signature]:
        """Find every file.

        Raises:
            StoreError: a folder can't be read.
        """
        months = {name[:-5]: signature for name, signature in scan(self.folder, _is_month_file).items()}
        found = months | self._blocks_in(_folders(self.folder))
        return {block: found[block] for block in sorted(found, key=_newest_last, reverse=True)}

    def local_blocks(self) -> dict[str, Signature]:
        """The signatures of the files with papers without an arXiv id; old files may hold other papers too."""
        try:
            found, whole = self._blocks_in(["local"]), signature_of(self.path(UNDATED))
        except StoreError:
            return {}
        return found | ({UNDATED: whole} if whole else {})

    def _blocks_in(self, folders: Iterable[str]) -> dict[str, Signature]:
        files = ((folder, scan(self.folder / folder, _is_block_file)) for folder in folders)
        return {f"{folder}/{name[:-5]}": signature for folder, found in files for name, signature in found.items()}

    def of_block(self, block: str) -> list[Paper]:
        """Every paper of one file."""
        with self.uncached(self.path(block)), paused_collector():
            return [paper_in(document) for document in self.documents_in(self.path(block))]

    def months(self) -> list[str]:
        """The months that have papers, newest first, undated papers last."""
        return list(dict.fromkeys(map(month_of_block, self.blocks())))

    def month(self, name: str) -> list[Paper]:
        """Every paper of one month. The files are not kept in memory afterwards."""
        found: dict[str, Document] = {}
        for block in [block for block in self.blocks() if month_of_block(block) == name]:
            with self.uncached(self.path(block)), paused_collector():
                documents = self.documents_in(self.path(block))
                # the file of the whole month comes last; papers in its blocks are newer
                found = {document["id"]: document for document in documents} | found
        return [paper_in(document) for document in found.values()]

    def documents(self, ids: Iterable[str]) -> dict[str, Document]:
        """The documents of papers, by id, in the order given; unknown ids are absent."""
        wanted = list(ids)
        known: dict[str, Document] = {}
        for block, members in grouped(filter(is_paper_id, wanted), block_of).items():
            known |= self.read(self.path(block), partial(_find, ids=members)) or {}
            missing = [paper_id for paper_id in members if paper_id not in known]
            if missing and is_there(whole := self.path(month_of_block(block))):
                known |= self.read(whole, partial(_find, ids=missing)) or {}
        return {paper_id: known[paper_id] for paper_id in wanted if paper_id in known}

    def add(self, papers: Iterable[Paper], source: str) -> tuple[list[str], list[str]]:
        """Merge papers. Returns the new ids and those whose facts changed, in the order given."""
        latest = {paper.id: paper for paper in papers}
        for paper_id in latest:
            check_id(paper_id)
        new: set[str] = set()
        changed: set[str] = set()
        for month in {month_of(paper_id) for paper_id in latest}:
            self._split(month)
        now = stamp(utc(self.clock()))

        def merge(file: Draft, members: list[str]) -> None:
            updates = []
            for paper_id in members:
                old = file.get(number := document_id(paper_id))
                document = merged(old, latest[paper_id], source, now)
                if old is None:
                    new.add(paper_id)
                elif old.get("sources", {}).get(source) != document["sources"][source]:
                    changed.add(paper_id)
                if document != old:
                    updates.append((number, document))
            if updates:
                file.replace(updates)

        self._change(latest, merge)
        return [i for i in latest if i in new], [i for i in latest if i in changed]

    def _change(self, ids: Iterable[str], change: Callable[[Draft, list[str]], None]) -> None:
        """Change the blocks of papers, a few in each transaction; `change` is called with the papers of each block."""
        for blocks in _at_once(grouped(ids, block_of)):
            with self.writing(*map(self.path, blocks)) as files:
                for file, members in zip(files, blocks.values(), strict=True):
                    change(file, members)

    def _split(self, month: str) -> None:
        """Split the file of a whole month into blocks, if there is one.

        The blocks are complete before the file is removed, so after a kill in between the month is split again.
        """
        whole = self.path(month)
        if signature_of(whole) is None:
            return
        with self.lock, self.uncached(whole):
            self.repair(whole)
            self.put_back(self.take(whole, DocumentFile.documents))
            with suppress(OSError):
                whole.unlink()
        with self.memory:
            self._known.pop(month, None)

    def remove(self, ids: Iterable[str]) -> list[Document]:
        """Remove papers. Returns their documents, for `put_back`.

        Only for papers that no source lists and that the reader did not keep: those whose adding is undone, and those
        that the reader removes. Their documents stay in the journal. Nothing else ever removes a paper.
        """
        wanted = self.documents(ids)
        for month in {month_of(paper_id) for paper_id in wanted}:
            self._split(month)
        self._change(wanted, lambda file, members: file.remove(map(document_id, members)))
        return list(wanted.values())

    def put_back(self, documents: Iterable[Document]) -> None:
        """Restore papers from `remove`; a paper that has returned meanwhile stays as it is."""
        valid = {document["id"]: document for document in documents if is_paper(document)}

        def put(file: Draft, members: list[str]) -> None:
            pairs = ((document_id(paper_id), valid[paper_id]) for paper_id in members)
            if missing := [(number, document) for number, document in pairs if not file.get(number)]:
                file.replace(missing)

        self._change(valid, put)

    def watch(self) -> None:
        """Notice what other processes change from now on; `poll` returns it."""
        if not self.is_watching:
            self.changed(self.blocks())

    def poll(self) -> frozenset[str]:
        """The months whose files another process changed since the last poll, or since `watch`; at first none."""
        return frozenset(map(month_of_block, self.changed(self.blocks())))

    def name_of(self, path: Path) -> str:
        """The block in a file."""
        return path.stem if path.parent == self.folder else f"{path.parent.name}/{path.stem}"

    def lost(self, path: Path, aside: Path, damage: Damaged) -> None:
        """Report a lost file, also to the ledger, so that the days of its papers are fetched again."""
        block = self.name_of(path)
        self.troubles.tell(
            f"{block}.json of the papers {damage}; it is kept as {aside.name}, and its papers are fetched again."
        )
        self._doubt(block)


class LocalPapers:
    """Matches newly arrived arXiv papers with the local papers that they are, which are read again after a change."""

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
            from paperdeck.storage.identity_index import IdentityIndex

            papers = (paper for block in state for paper in self._papers.of_block(block))
            self._known = IdentityIndex(paper for paper in papers if is_local(paper.id)) if state else None
            self._state = state
        return self._known


def as_arxiv_paper(local: Paper, real: Paper) -> Paper:
    """A local paper's facts for its arXiv paper: all but the date, which may be a venue's."""
    known = dict.fromkeys((*real.same_as, *local.same_as, local.id))
    return replace(local, id=real.id, published=None, issued=None, same_as=tuple(known))


class Awaited:
    """Papers known only by id, because the reader added them while offline. Safe with several processes.

    Their ids are kept in `awaited.json` in the state folder until a source describes them; they can be marked before
    that.
    """

    def __init__(self, places: Places) -> None:
        self._path = places.state / "awaited.json"
        self._lock = WriterLock(places.locks / "awaited.lock")

    def ids(self) -> list[str]:
        """The ids, in the order in which they were added; none if the file is damaged.

        Raises:
            StoreError: the file can't be read.
        """
        try:
            ids = read_json(self._path)
        except Unreadable:
            return []
        listed = ids if isinstance(ids, list) else []
        return [paper_id for paper_id in listed if isinstance(paper_id, str) and is_paper_id(paper_id)]

    def add(self, ids: Iterable[str]) -> None:
        """Add ids.

        Raises:
            StoreError: the file can't be written.
        """
        with self._lock:
            known = self.ids()
            self._write(dict.fromkeys([*known, *ids]), known)

    def arrived(self, ids: Iterable[str]) -> None:
        """Drop papers from the list.

        Raises:
            StoreError: the file can't be written.
        """
        gone = set(ids)
        with self._lock:
            known = self.ids()
            self._write((paper_id for paper_id in known if paper_id not in gone), known)

    def _write(self, ids: Iterable[str], before: list[str]) -> None:
        wanted = list(ids)
        if wanted != before:
            write_json(self._path, wanted)


def _find(file: DocumentFile, ids: Iterable[str]) -> dict[str, Document]:
    found = ((paper_id, file.get(document_id(paper_id))) for paper_id in ids)
    return {paper_id: document for paper_id, document in found if document and document["id"] == paper_id}


def _at_once(blocks: dict[str, list[str]]) -> Iterator[dict[str, list[str]]]:
    """Blocks in groups small enough for one transaction in memory."""
    names = sorted(blocks)
    for start in range(0, len(names), _BLOCKS_AT_ONCE):
        yield {name: blocks[name] for name in names[start : start + _BLOCKS_AT_ONCE]}


def _folders(folder: Path) -> list[str]:
    """The folders of blocks; none if the folder doesn't exist."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if _is_folder(entry.name)]
    except OSError:
        return []  # reading the blocks reports the reason


def _newest_last(block: str) -> tuple[str, str]:
    month = month_of_block(block)
    return ("" if month == UNDATED else month), ("" if "/" not in block else block)


def _is_folder(name: str) -> bool:
    return name == "local" or (len(name) == 4 and name.isdecimal())


def _is_month_file(name: str) -> bool:
    return name.endswith(".json") and is_month(name[:-5])


def _is_block_file(name: str) -> bool:
    return name.endswith(".json") and name[0] != "."
