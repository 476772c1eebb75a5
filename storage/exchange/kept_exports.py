"""Kept exports: files, and folders of notes, that are rewritten when stars, tags or notes change.

A LaTeX project or Zotero can watch such a file. It keeps the citation keys that it once gave. The kept files of this
device are listed in `exports.json` in the state folder.

A kept file never gets worse silently. It is left as it is, and the reason is reported, if another program changed it,
if a file of the library can't be read, or if a paper that it should list is missing from the library: one that it
listed before, or one whose marks match the query.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from paperdeck.storage.cite.keys import unique_keys
from paperdeck.storage.errors import FileInTheWay, InvalidInput, PaperdeckError, StoreError
from paperdeck.storage.files.disk import is_file, is_folder, is_missing, is_there, read_file, reason_for
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.output import check_output, write_output
from paperdeck.storage.files.small import FORM, read_record, write_json
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.search.implied import implied
from paperdeck.storage.search.query import parse
from paperdeck.storage.settings.places import absolute
from paperdeck.storage.settings.settings import Places
from paperdeck.storage.text.words import count_of

from .export import EXPORTS, PLAIN, CitationOptions, export_text, unknown_export
from .notes_folder import write_notes

Select = Callable[[str], Iterable[Entry]]
"""Finds the entries that a query matches."""

_log = logging.getLogger(__name__)

NOTES = "notes"
"""The format of a folder with one Markdown note per paper."""
_NAMED_PAPERS = 3
"""How many missing papers a message names."""


@dataclass(frozen=True, slots=True)
class KeptExport:
    """One kept file."""

    path: str
    """The file or folder, as an absolute path."""
    form: str
    """The export format, or `notes`."""
    query: str
    """Which papers, such as `is:starred` or `tag:thesis`."""
    keys: dict[str, str] = field(default_factory=dict)
    """All citation keys it has used, by paper id."""
    digest: str = ""
    """A hash of the last content written, to detect changes by other programs."""
    ids: list[str] | None = None
    """The ids written last; None if an earlier version wrote the file."""
    published: bool = False
    """Whether it cites the published form of papers where one is known."""
    with_marks: bool = False
    """Whether it includes tags, notes and all other facts."""

    @property
    def listed(self) -> Iterable[str]:
        """The papers that the file lists now, or may list."""
        return self.keys if self.ids is None else self.ids

    @property
    def citation(self) -> CitationOptions:
        """How its papers are cited."""
        return CitationOptions(published=self.published, with_marks=self.with_marks)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The result of refreshing one kept export."""

    path: str
    papers: int = 0
    """How many papers match."""
    written: bool = False
    """Whether the file changed."""
    error: str | None = None
    """Why it was not written, in one sentence."""


def kept_exports(places: Places) -> list[KeptExport]:
    """The kept files, by path.

    Raises:
        StoreError: their record can't be read.
    """
    return read_record(places.exports, _all_kept, "set up the kept exports again")


def start_keeping(
    library: Library,
    path: Path,
    form: str,
    query: str,
    *,
    select: Select,
    citation: CitationOptions = PLAIN,
    force: bool = False,
) -> Refreshed:
    """Write a file now and on every refresh. A file that is already kept keeps its keys.

    Args:
        library: Where the papers and the record of the kept files are.
        path: The file, or an existing folder for notes.
        form: One of EXPORTS, or NOTES.
        query: Which papers.
        select: Finds the entries for the query.
        citation: How the papers are cited.
        force: Replace a file that isn't ours, which is kept next to it as `NAME~`, and write what can be read.

    Raises:
        InvalidInput: the format is unknown.
        FileInTheWay: a file that isn't ours is there.
        ActionFailed: the file can't be written.
        StoreError: the record can't be read or written, or papers or marks are missing.
    """
    path = absolute(path)
    if form not in EXPORTS and form != NOTES:
        raise InvalidInput(unknown_export(form))
    places = library.places
    with _lock(places):
        others = {kept.path: kept for kept in kept_exports(places)}
        before = others.pop(str(path), None)
        _check_place(path, form, is_new=before is None, force=force)
        wanted = _continued(before, path, form, query, citation)
        kept, refreshed = _written(wanted, library, select, force=force)
        _remember(places, [*others.values(), kept])
    return refreshed


def _continued(before: KeptExport | None, path: Path, form: str, query: str, citation: CitationOptions) -> KeptExport:
    """The export to write, with the keys of the one that is replaced, and its papers if the query is the same."""
    before = before or KeptExport(str(path), form, query)
    listed = list(before.listed) if (before.form, before.query) == (form, query) else []
    return KeptExport(str(path), form, query, before.keys, before.digest, listed, *citation)


def _check_place(path: Path, form: str, *, is_new: bool, force: bool) -> None:
    """Raise for a path that can't be kept, and for a file that isn't ours."""
    if form == NOTES:
        if not is_folder(path):
            raise InvalidInput(f"There is no folder {path} for the notes; make it first.")
        return
    if is_there(path) and not is_file(path):
        raise InvalidInput(f"{path} is not a file, so it can't be kept; choose another name.")
    if is_new:
        check_output(path, force=force)


def stop_keeping(places: Places, path: Path) -> bool:
    """Stop updating a file. Returns False if it wasn't kept.

    Raises:
        StoreError: the record can't be read or written.
    """
    wanted = str(absolute(path))
    with _lock(places):
        exports = kept_exports(places)
        rest = [kept for kept in exports if kept.path != wanted]
        if rest != exports:
            _remember(places, rest)
    return rest != exports


def refresh_exports(library: Library, select: Select, *, force: bool = False) -> list[Refreshed]:
    """Rewrite the kept files that are out of date; a failure does not stop the others.

    Args:
        library: Where the papers and the record of the kept files are.
        select: Finds the entries for a query.
        force: Write even if papers are missing or another program changed the file; the old content stays as `NAME~`.

    Raises:
        StoreError: the record can't be read or written.
    """
    places = library.places
    if is_missing(places.exports):
        return []
    with _lock(places):
        before = kept_exports(places)
        results = [_try_written(kept, library, select, force) for kept in before]
        if (after := [kept for kept, _ in results]) != before:
            _remember(places, after)
    return [refreshed for _, refreshed in results]


def missing_papers(library: Library, query: str, found: Iterable[str]) -> list[str]:
    """The papers whose marks match a query and that were not found because the library doesn't have them.

    Args:
        library: Where the papers and the marks are.
        found: The ids that the query found.
    """
    wanted = implied(parse(query).visible(), library.all_marks(), set(found))
    return _absent(library, wanted)


def why_incomplete(library: Library) -> str | None:
    """Why results may lack papers, marks or citation keys at the moment; None if everything can be read."""
    library.all_marks()
    library.given_keys()
    library.months()
    return next(iter(library.unreadable_files()), None)


# -- writing one file ----------------------------------------------------------------------------------------------


def _try_written(kept: KeptExport, library: Library, select: Select, force: bool) -> tuple[KeptExport, Refreshed]:
    try:
        return _written(kept, library, select, force=force)
    except FileInTheWay:
        why = "was changed by another program and was left alone; “paperdeck exports --refresh --force” replaces it"
        return kept, Refreshed(kept.path, error=f"{kept.path} {why}.")
    except PaperdeckError as error:
        _log.info("kept export: %s", error)
        return kept, Refreshed(kept.path, error=str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop the others or the reader
        _log.warning("kept export %s", kept.path, exc_info=True)
        name = type(error).__name__
        details = f"there was an error ({name}); “paperdeck exports --refresh --log FILE” writes its details"
        why = reason_for(error) if isinstance(error, OSError) else details
        return kept, Refreshed(kept.path, error=f"{kept.path} was left as it is: {why}.")


def _written(
    kept: KeptExport, library: Library, select: Select, *, force: bool = False
) -> tuple[KeptExport, Refreshed]:
    """Write one export if it is out of date, in order of ids, so that a change moves nothing else."""
    entries = sorted(select(kept.query), key=lambda entry: entry.paper.id)
    ids = [entry.paper.id for entry in entries]
    missing = _what_is_missing(kept, library, entries)
    if missing and not force:
        raise StoreError(f"{kept.path} was left as it is: {missing}")
    keys = _keys(kept, library, [entry.paper for entry in entries])
    if kept.form == NOTES:
        digest, written = "", write_notes(entries, Path(kept.path), keys, library.entries(kept.keys)).any
    else:
        digest, written = _write_file(kept, entries, keys, is_complete=not missing, force=force)
    _log.debug("kept export %s: %d papers, %s", kept.path, len(ids), "written" if written else "as it was")
    return replace(kept, keys=keys, digest=digest, ids=ids), Refreshed(kept.path, len(entries), written)


def _keys(kept: KeptExport, library: Library, papers: Iterable[Paper]) -> dict[str, str]:
    """The keys in the file: each paper keeps the one that it had there, also under an earlier id; new ones differ.

    The library may know a new paper by a key that the file has for another, as another device may have given it first.
    """
    wanted = {paper.id: paper for paper in papers}
    moved = {paper.id: kept.keys[old] for paper in wanted.values() for old in paper.same_as if old in kept.keys}
    known = moved | kept.keys
    return known | unique_keys(citation_keys(library, wanted.values(), known), known)


def _write_file(
    kept: KeptExport, entries: Sequence[Entry], keys: dict[str, str], *, is_complete: bool, force: bool
) -> tuple[str, bool]:
    """Write a kept file if it is out of date. Returns the hash of its content and whether it changed."""
    content = export_text(entries, kept.form, keys=keys, citation=kept.citation).encode(errors="replace")
    digest, path = _digest(content), Path(kept.path)
    written = _digest_of(path) != digest
    if written:
        is_ours = (lambda old: _digest(old) == kept.digest) if is_complete else None  # the fuller one stays as NAME~
        private = EXPORTS[kept.form].private or kept.with_marks
        write_output(path, content, force=force, private=private, is_ours=is_ours)
    return digest, written


def _what_is_missing(kept: KeptExport, library: Library, entries: Iterable[Entry]) -> str | None:
    """Why a file would be incomplete, as the end of a sentence; None: it would be complete."""
    if why := why_incomplete(library):
        return why
    found = {paper_id for entry in entries for paper_id in (entry.paper.id, *entry.paper.same_as)}
    gone = _absent(library, [paper_id for paper_id in kept.listed if paper_id not in found])
    if gone:
        removed = library.history.removed()
        gone = [paper_id for paper_id in gone if paper_id not in removed]
    missing = list(dict.fromkeys([*gone, *missing_papers(library, kept.query, found)]))
    return missing_in_words(missing) if missing else None


def missing_in_words(missing: Sequence[str]) -> str:
    """The missing papers and the remedy, as the end of a sentence."""
    papers, verb = count_of(len(missing), "paper"), "is" if len(missing) == 1 else "are"
    if len(missing) <= _NAMED_PAPERS:
        remedy = f"“paperdeck add {' '.join(missing)}” fetches {'it' if len(missing) == 1 else 'them'}"
    else:
        remedy = f"“paperdeck add ID …” fetches them ({', '.join(missing[:_NAMED_PAPERS])}, …)"
    return f"{papers} {verb} missing from the library; {remedy}."


def _absent(library: Library, ids: Sequence[str]) -> list[str]:
    """Those of some papers that the library doesn't have."""
    known = library.papers(ids) if ids else {}
    return [paper_id for paper_id in ids if paper_id not in known]


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _digest_of(path: Path) -> str | None:
    """The hash of a file; None if there is none.

    Raises:
        StoreError: it can't be read, or isn't a file but, for example, a pipe, where writing might never end.
    """
    found = read_file(path) if is_there(path) else None
    return _digest(found[0]) if found else None


# -- the record ----------------------------------------------------------------------------------------------------


def _lock(places: Places) -> WriterLock:
    return WriterLock(places.state / "exports.lock")


def _all_kept(value: Any) -> list[KeptExport]:
    items = value["exports"] if isinstance(value, dict) else value  # earlier versions wrote a list
    return [_kept_from(item) for item in items or ()]


def _kept_from(item: dict[str, Any]) -> KeptExport:
    """One kept file of the record.

    Raises:
        ValueError, TypeError: it has another shape.
    """
    kept = KeptExport(**item)
    texts = (kept.path, kept.form, kept.query, kept.digest, *(kept.ids or ()))
    flags = (kept.published, kept.with_marks)
    if not isinstance(kept.keys, dict) or not all(isinstance(flag, bool) for flag in flags):
        raise ValueError("not the record of a kept export")
    if not all(isinstance(text, str) for text in (*texts, *kept.keys.values())):
        raise ValueError("not the record of a kept export")
    return kept


def _remember(places: Places, exports: Iterable[KeptExport]) -> None:
    records = [asdict(kept) for kept in sorted(exports, key=lambda kept: kept.path)]
    write_json(places.exports, {"form": FORM, "exports": records})
