"""The ledger: the state of each day of each source, and the ids it listed: `ledger/arxiv%3Acs.CL-2026.json`.

A day without a line was never fetched, which tells the fetcher what to fetch and the reader what is missing. One
file per source and year keeps writes small when years are fetched day by day.

A line also says when its papers arrived: `"came": "2026-11-20T09:00:00Z"` for those of the first answer that had any,
and `"later": {"2026-11-20T13:30:00Z": ["2611.00003"]}` for the others. Earlier versions didn't record it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.disk import Signature
from paperdeck.storage.files.documents import Clock, DocumentFiles, Troubles
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import Damaged, Document, FileKind, is_texts
from paperdeck.storage.identifiers import block_of, is_paper_id, month_of, month_of_block

DAILY = "hf"
"""The source name of Daily Papers."""
TRENDING = "hf:trending"
"""The source name of trending papers."""
ARXIV = "arxiv"
"""The name of arXiv as a source, with which those of its categories begin."""
_BUDGET_BYTES = 4_000_000
"""Bytes of ledger files to keep parsed."""
_LONGEST_NAME_CHARACTERS = 100
"""Maximum length of a source's name."""
_ENDING_CHARACTERS = len("-2026.json")


def days_source(category: str) -> str:
    """The source name of an arXiv category's papers by day of submission."""
    return f"{ARXIV}:{category}"


def listing_source(category: str) -> str:
    """The source name of an arXiv category's papers by day of announcement."""
    return f"arxiv-new:{category}"


class DayState(StrEnum):
    """The state of a day of a source."""

    COMPLETE = "complete"
    """All of it."""
    PARTIAL = "partial"
    """Part of it: the source failed midway, or a file with its papers was lost."""
    FAILED = "failed"
    """The fetch failed."""
    EMPTY = "empty"
    """The source listed no papers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRecord:
    """One line of the ledger."""

    source: str
    """The source, such as `hf` or `arxiv:cs.CL`."""
    day: date
    """The day, as the source names it."""
    state: DayState
    """How much of the day is known."""
    fetched_at: str
    """When it was last fetched, as an ISO 8601 time in UTC."""
    ids: tuple[str, ...] = ()
    """The papers, in the source's order."""
    etag: str | None = None
    """The source's ETag, to ask later whether anything changed."""
    error: str | None = None
    """Why the day isn't complete, in one sentence."""


def _is_day(document: Document) -> bool:
    later = document.get("later", {})
    return (
        isinstance(document.get("source"), str)
        and isinstance(document.get("fetched_at"), str)
        and isinstance(document.get("state"), str)
        and document["state"] in _STATES
        and _is_date(document.get("day"))
        and is_texts(document.get("ids"))
        and isinstance(document.get("etag"), str | None)
        and isinstance(document.get("error"), str | None)
        and isinstance(document.get("came"), str | None)
        and isinstance(later, dict)
        and all(map(is_texts, later.values()))
    )


def _is_date(value: object) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


_STATES = frozenset(DayState)


def _number_of(document: Document) -> int:
    return _number(date.fromisoformat(document["day"]))


LEDGER = FileKind("ledger", _is_day, number_of=_number_of)


class Ledger(DocumentFiles):
    """The lines of all sources. Thread-safe."""

    def __init__(self, folder: Path, lock: WriterLock, clock: Clock, troubles: Troubles) -> None:
        """Opens no file until it is used."""
        super().__init__(LEDGER, _BUDGET_BYTES, lock, clock, troubles)
        self._folder = folder
        self._newest: dict[str, DayRecord | None] = {}
        self._sources: list[str] | None = None

    def poll(self) -> bool:
        """Whether other processes changed anything since the last poll; the first one returns False.

        After the first poll, `newest` and `sources` answer from memory between polls.
        """
        changed = self.changed(self.list_files(self._folder, _is_year))
        if changed:
            self._forget()
        return bool(changed)

    def wrote(self, path: Path) -> None:
        """Forget what may have changed."""
        self._forget()

    def _forget(self) -> None:
        self._newest, self._sources = {}, None

    def sources(self) -> list[str]:
        """Every source ever fetched."""
        if self._sources is None or not self.is_watching:
            self._sources = sorted({self.source_of(name) for name in self.list_files(self._folder, _is_year)})
        return list(self._sources)

    def files(self, sources: Collection[str]) -> dict[str, Signature]:
        """The files of some sources by name, with their signatures.

        Raises:
            StoreError: the folder can't be read.
        """
        wanted = set(map(_name, sources))
        return self.list_files(self._folder, lambda name: name[:-_ENDING_CHARACTERS] in wanted and _is_year(name))

    @staticmethod
    def source_of(name: str) -> str:
        """The source of a file."""
        return unquote(name[:-_ENDING_CHARACTERS])

    def arrivals(self, name: str, since: date) -> dict[str, str]:
        """When each paper of a file arrived, for days from `since` on; an empty text if that wasn't recorded.

        Args:
            name: A name from `files`.
            since: The first day.
        """
        arrivals: dict[str, str] = {}
        first = since.isoformat()
        for document in self.documents_in(self._folder / name):
            if document["day"] >= first:
                for paper_id, came in _arrivals_of(document).items():
                    arrivals[paper_id] = min(came, arrivals.get(paper_id, came))
        return arrivals

    def listed(self) -> set[str]:
        """Every paper that a source lists on any day; trending papers are left out, as they can be fetched again."""
        names = (name for name in self.list_files(self._folder, _is_year) if self.source_of(name) != TRENDING)
        lines = (line for name in names for line in self.documents_in(self._folder / name))
        return {paper_id for line in lines for paper_id in line["ids"]}

    def day(self, source: str, day: date) -> DayRecord | None:
        """One line."""
        document = self.read(self._path(source, day.year), lambda file: file.get(_number(day)))
        return _record_of(document) if document else None

    def days(self, source: str) -> dict[date, DayRecord]:
        """All lines of a source, oldest first."""
        names = sorted(self.files([source]))
        documents = [document for name in names for document in self.documents_in(self._folder / name)]
        records = map(_record_of, sorted(documents, key=lambda document: document["day"]))
        return {record.day: record for record in records}

    def newest(self, source: str) -> DayRecord | None:
        """The line of the newest day with papers."""
        if not self.is_watching:
            return self._read_newest(source)
        if source not in self._newest:
            self._newest[source] = self._read_newest(source)
        return self._newest[source]

    def _read_newest(self, source: str) -> DayRecord | None:
        """Find the newest day. Reads only the newest file, as the first frame waits for it."""
        for name in sorted(self.files([source]), reverse=True):
            documents = [document for document in self.documents_in(self._folder / name) if document["ids"]]
            if documents:
                return _record_of(max(documents, key=lambda document: document["day"]))
        return None

    def record(self, *records: DayRecord) -> None:
        """Replace days' lines; ids that only the old line has are kept at the end."""
        files: dict[Path, dict[int, DayRecord]] = {}
        for record in records:
            files.setdefault(self._path(record.source, record.day.year), {})[_number(record.day)] = record
        for path, lines in files.items():
            with self.writing(path) as (file,):
                documents = {number: _merged_document(file.get(number), line) for number, line in lines.items()}
                changed = [(number, new) for number, new in documents.items() if new != file.get(number)]
                if changed:
                    file.replace(changed)

    def doubt(self, block: str) -> None:
        """Mark the complete days with papers of a lost block as partial."""
        for name in self.list_files(self._folder, _is_year):
            with self.writing(self._folder / name) as (file,):
                doubtful = [document for document in file.documents() if _lists(document, block)]
                month = month_of_block(block)
                doubt = {"state": "partial", "etag": None, "error": f"A file with papers of {month} was lost."}
                if doubtful:
                    file.replace([(_number_of(document), document | doubt) for document in doubtful])

    def _path(self, source: str, year: int) -> Path:
        return self._folder / f"{_name(source)}-{year:04}.json"

    def lost(self, path: Path, aside: Path, damage: Damaged) -> None:
        """Report a lost file. Its days are unknown now, so they will be fetched again."""
        self.troubles.tell(
            f"{path.name} of the ledger {damage}; it is kept as {aside.name}, and its days are fetched again."
        )


def _name(source: str) -> str:
    """The source in a file name."""
    if not source or len(source) > _LONGEST_NAME_CHARACTERS:
        raise InvalidInput(f"“{source[:40]}” can't be the name of a source.")
    return quote(source, safe="")


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def _is_year(name: str) -> bool:
    return name.endswith(".json") and name[-10:-9] == "-" and name[-9:-5].isdecimal() and len(name) > 10


def _record_of(document: Document) -> DayRecord:
    return DayRecord(
        source=document["source"],
        day=date.fromisoformat(document["day"]),
        state=DayState(document["state"]),
        fetched_at=document["fetched_at"],
        ids=tuple(document["ids"]),
        etag=document.get("etag"),
        error=document.get("error"),
    )


def _document_of(record: DayRecord) -> Document:
    return asdict(record) | {"day": record.day.isoformat(), "state": record.state.value, "ids": list(record.ids)}


def _merged_document(old: Mapping[str, Any] | None, record: DayRecord) -> Document:
    """A line as a document, with each paper's arrival, and at the end the ids that only the old line has."""
    known = old["ids"] if old else []
    document = _document_of(replace(record, ids=tuple(dict.fromkeys([*record.ids, *known]))))
    if not old or not known:
        return document | ({"came": record.fetched_at} if record.ids else {})
    later = dict(old.get("later", {}))
    if fresh := [paper_id for paper_id in dict.fromkeys(record.ids) if paper_id not in set(known)]:
        later[record.fetched_at] = [*later.get(record.fetched_at, []), *fresh]
    times = {"came": old.get("came"), "later": later}
    return document | {name: value for name, value in times.items() if value}


def _arrivals_of(document: Mapping[str, Any]) -> dict[str, str]:
    """When each paper of a line arrived."""
    arrivals = dict.fromkeys(document["ids"], document.get("came") or "")
    return arrivals | {paper_id: time for time, ids in document.get("later", {}).items() for paper_id in ids}


def _lists(document: Document, block: str) -> bool:
    if document["state"] != DayState.COMPLETE:
        return False
    name_of = block_of if "/" in block else month_of
    return any(is_paper_id(paper_id) and name_of(paper_id) == block for paper_id in document["ids"])
