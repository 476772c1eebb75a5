"""Statistics of all indexed papers, and the papers that can be ranked; saved in a file and updated from the index.

Both are derived from the index's log of terms and belong to one index file: a new index has a new identity, which makes
the saved data invalid. The file may be deleted at any time.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.disk import read_file, write_files
from paperdeck.storage.taste.corpus import Corpus
from paperdeck.storage.taste.papers import StoredTerms, terms_from_bytes
from paperdeck.storage.taste.pool import Pool

if TYPE_CHECKING:
    import sqlite3

MAX_RANKED: Final = 20_000
"""The newest papers are ranked, at most this many: they take about 35 MB while a taste is learned."""

MAX_UNSAVED: Final = 200
"""Changes before both are saved again; applying that many at the next start costs about 50 ms."""

_MAGIC: Final = b"paperdeck ranked 1\n"
_SIZE_BYTES: Final = 8
_FRESH_SHARE: Final = 0.8


class Ranked(NamedTuple):
    """The papers in the engine's form."""

    corpus: Corpus
    """Statistics of all papers."""
    pool: Pool
    """The papers that can be ranked."""


class RankedPapers:
    """Follows the index. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        """Opens no file until it is used; `path` is the file to save both in."""
        self._path = path
        self._held: tuple[str, Ranked] | None = None
        self._seen = 0
        self._unsaved = 0

    def follow(self, db: sqlite3.Connection) -> Ranked:
        """Both, updated from the index. Call `release` afterwards."""
        [identity] = db.execute("select value from meta where name = 'identity'").fetchone()
        if self._held is None or self._held[0] != identity:
            self._held = (identity, self._read(identity) or self._anew(db))
        with suppress(OverflowError):
            self._take(db, self._held[1])
            return self._saved_if_due(*self._held)
        self._held = (identity, self._anew(db))
        return self._saved_if_due(*self._held)

    def release(self) -> None:
        """Free the memory; reading the file again takes 6 ms for a thousand papers."""
        if self._unsaved < MAX_UNSAVED:
            self._held = None

    def _take(self, db: sqlite3.Connection, ranked: Ranked) -> None:
        """Apply the changes since the last update.

        Raises:
            OverflowError: the pool is full.
        """
        sql = "select serial, id, change, terms from terms where serial > ? order by serial"
        for serial, paper_id, change, content in db.execute(sql, (self._seen,)).fetchall():
            paper = terms_from_bytes(content)
            if change < 0:
                ranked.corpus.remove(paper.terms, paper.labels)
                ranked.pool.remove(paper_id)
            else:
                self._add(ranked, paper_id, paper)
            self._seen = serial
            self._unsaved += 1

    def _add(self, ranked: Ranked, paper_id: str, paper: StoredTerms) -> None:
        ranked.pool.add(paper_id, paper.terms, paper.labels)
        ranked.corpus.add(paper.terms, paper.labels)
        if len(ranked.pool.ids) > MAX_RANKED:
            raise OverflowError

    def _anew(self, db: sqlite3.Connection) -> Ranked:
        """Rebuild both; the pool of a large library gets its newest papers, with room for more."""
        ranked = Ranked(Corpus(), Pool())
        [self._seen] = db.execute("select ifnull(max(serial), 0) from terms").fetchone()
        [many] = db.execute("select count(*) > ? from paper", (MAX_RANKED,)).fetchone()
        sql = (
            "select paper.id, terms from paper join terms on serial = "
            "(select max(serial) from terms t where t.id = paper.id) where change > 0 order by row desc limit ?"
        )
        papers = db.execute(sql, (int(MAX_RANKED * _FRESH_SHARE) if many else MAX_RANKED,)).fetchall()
        for paper_id, content in reversed(papers):
            self._add(ranked, paper_id, terms_from_bytes(content))
        self._unsaved = len(papers)
        return ranked

    # -- the file ----------------------------------------------------------------------------------------------------

    def _read(self, identity: str) -> Ranked | None:
        """Read the saved data, if it belongs to this index."""
        try:
            found = read_file(self._path)
            if found is None or not found[0].startswith(_MAGIC + identity.encode()):
                return None
            at = len(_MAGIC) + len(identity)
            sizes = [int.from_bytes(found[0][at + start : at + start + _SIZE_BYTES], "little") for start in (0, 8)]
            self._seen, middle = sizes[0], at + 2 * _SIZE_BYTES + sizes[1]
            ranked = Ranked(
                Corpus.from_bytes(found[0][at + 2 * _SIZE_BYTES : middle]), Pool.from_bytes(found[0][middle:])
            )
        except (StoreError, ValueError, OverflowError):
            return None
        self._unsaved = 0
        return ranked

    def _saved_if_due(self, identity: str, ranked: Ranked) -> Ranked:
        """The same, after saving both if much has changed."""
        if self._unsaved >= MAX_UNSAVED:
            corpus, pool = ranked.corpus.to_bytes(), ranked.pool.to_bytes()
            sizes = (self._seen.to_bytes(_SIZE_BYTES, "little"), len(corpus).to_bytes(_SIZE_BYTES, "little"))
            parts = [_MAGIC, identity.encode(), *sizes, corpus, pool]
            with suppress(StoreError):  # without the file only the next start takes longer
                write_files({self._path: parts}, private=True, durable=False)
                self._unsaved = 0
        return ranked
