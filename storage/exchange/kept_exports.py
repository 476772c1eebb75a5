"""Files that are kept in step: exports that are written again when stars or tags change.

A LaTeX project or Zotero can watch such a file. It keeps the citation keys that it once gave. What was kept is
remembered on this device, in `exports.json` of the state folder. A file that somebody else changed is left alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from paperdeck.storage.cite.formats import works_of
from paperdeck.storage.cite.keys import assign_keys
from paperdeck.storage.errors import InvalidInput, PaperdeckError, StoreError
from paperdeck.storage.files.atomic import reason_for, write_file
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.identifiers import is_paper_id
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry
from paperdeck.storage.settings.paths import expanded
from paperdeck.storage.settings.settings import Places

from .export import EXPORTS, export_text, write_export

Select = Callable[[str], Iterable[Entry]]
"""The entries that a query matches."""


@dataclass(frozen=True, slots=True)
class KeptExport:
    """One file that is kept in step."""

    path: str
    """The file, as an absolute path."""
    form: str
    """The form of export."""
    query: str
    """Which papers, such as `is:starred` or `tag:thesis`."""
    keys: dict[str, str] = field(default_factory=dict)
    """The citation keys that it ever gave, by paper id."""
    digest: str = ""
    """A digest of what was written last, to see whether somebody else changed the file."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of one kept export."""

    path: str
    papers: int = 0
    """How many papers match."""
    written: bool = False
    """Whether the file changed."""
    error: str | None = None
    """Why it was not written, in one sentence."""


def kept_exports(places: Places) -> list[KeptExport]:
    """The files that are kept in step, by path.

    Raises:
        StoreError: the record of them can't be read.
    """
    path = _record(places)
    try:
        return [KeptExport(**item) for item in json.loads(path.read_bytes())]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(f"{path} can't be read: {reason_for(error)}.") from error
    except (ValueError, TypeError) as error:
        raise StoreError(f"{path} is damaged; delete it and set up the exports again.") from error


def keep_in_step(
    library: Library,
    places: Places,
    path: Path,
    form: str,
    query: str,
    *,
    select: Select | None = None,
    overwrite: bool = False,
) -> Refreshed:
    """Write a file now and whenever it is refreshed; a file that is kept already is taken over with its keys.

    Raises:
        InvalidInput: there is no such form, or a foreign file is in the way and must not be replaced.
        ActionFailed: the file can't be written.
        StoreError: the record can't be read or written.
    """
    path = expanded(path).absolute()
    if form not in EXPORTS:
        raise InvalidInput(f"“{form}” is no form of export; there are {', '.join(EXPORTS)}.")
    with _lock(places):
        others = {kept.path: kept for kept in kept_exports(places)}
        before = others.pop(str(path), None)
        if before is None and path.exists() and not overwrite:
            raise InvalidInput(f"{path} exists already; choose another name, or say that it may be replaced.")
        wanted = KeptExport(str(path), form, query, before.keys if before else {})
        kept, refreshed = _written(wanted, select or _marked(library), overwrite=True)
        _remember(places, [*others.values(), kept])
    return refreshed


def stop_keeping(places: Places, path: Path) -> bool:
    """Leave a file as it is from now on. False: it was not kept.

    Raises:
        StoreError: the record can't be read or written.
    """
    wanted = str(expanded(path).absolute())
    with _lock(places):
        exports = kept_exports(places)
        rest = [kept for kept in exports if kept.path != wanted]
        if rest != exports:
            _remember(places, rest)
    return rest != exports


def refresh_exports(library: Library, places: Places, select: Select | None = None) -> list[Refreshed]:
    """Write again what is kept in step and is no longer right; what fails does not stop the others.

    Args:
        library: Where the papers are.
        places: Where the record of the exports is.
        select: Finds entries for a query; without it only `is:starred`, `tag:NAME` and ids are understood.

    Raises:
        StoreError: the record can't be read or written.
    """
    if not _record(places).exists():
        return []
    choose = select or _marked(library)
    with _lock(places):
        before = kept_exports(places)
        results = [_try_written(kept, choose) for kept in before]
        if (after := [kept for kept, _ in results]) != before:
            _remember(places, after)
    return [refreshed for _, refreshed in results]


def _try_written(kept: KeptExport, select: Select) -> tuple[KeptExport, Refreshed]:
    try:
        return _written(kept, select)
    except PaperdeckError as error:
        return kept, Refreshed(kept.path, error=str(error))


def _written(kept: KeptExport, select: Select, *, overwrite: bool = False) -> tuple[KeptExport, Refreshed]:
    """Write one export if it is not right, in the order of the ids, so that a change moves nothing else."""
    entries = sorted(select(kept.query), key=lambda entry: entry.paper.id)
    keys = kept.keys | assign_keys(works_of([entry.paper for entry in entries]), kept.keys)
    text = export_text(entries, kept.form, keys=keys)
    digest, found = _digest(text.encode()), _digest_of(Path(kept.path))
    written = found != digest
    if written and found not in (None, kept.digest) and not overwrite:
        raise InvalidInput(f"{kept.path} was changed by another program and is left alone; keep it in step anew.")
    if written:
        write_export(Path(kept.path), text)
    return replace(kept, keys=keys, digest=digest), Refreshed(kept.path, len(entries), written)


def _marked(library: Library) -> Select:
    """Finds entries by their marks alone, which needs no search."""

    def select(query: str) -> list[Entry]:
        kind, _, value = query.strip().partition(":")
        if is_paper_id(query.strip()):
            ids = [query.strip()]
        elif query.strip() == "is:starred":
            ids = [paper_id for paper_id, marks in library.all_marks().items() if marks.starred]
        elif kind == "tag" and value and " " not in value:
            ids = [paper_id for paper_id, marks in library.all_marks().items() if value in marks.tags]
        else:
            raise InvalidInput(f"“{query}” can't be kept in step here; is:starred and tag:NAME can.")
        return [Entry(paper, library.marks(paper_id)) for paper_id, paper in library.papers(ids).items()]

    return select


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _digest_of(path: Path) -> str | None:
    """The digest of a file, or None if there is none."""
    try:
        return _digest(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path} can't be read: {reason_for(error)}.") from error


def _record(places: Places) -> Path:
    return places.state / "exports.json"


def _lock(places: Places) -> WriterLock:
    return WriterLock(places.state / "exports.lock")


def _remember(places: Places, exports: Iterable[KeptExport]) -> None:
    records = [asdict(kept) for kept in sorted(exports, key=lambda kept: kept.path)]
    write_file(_record(places), json.dumps(records, ensure_ascii=False, indent=1).encode())
