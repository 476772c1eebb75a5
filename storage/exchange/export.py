"""Papers written to a file, for other programs and for people."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paperdeck.storage.cite.formats import FORMATS, markdown_link
from paperdeck.storage.cite.work import preprint
from paperdeck.storage.errors import ActionFailed, InvalidInput, StoreError
from paperdeck.storage.paper import Entry, entry_as_json
from paperdeck.storage.text.tex import to_unicode

Progress = Callable[[int, int], None]
"""Told how many papers are written, and of how many."""

_COLUMNS = (
    *("id", "title", "authors", "published", "listed", "updated", "upvotes", "comments", "categories", "keywords"),
    *("organization", "url", "pdf_url", "code_url", "code_stars", "project_url", "doi", "journal_ref", "comment"),
    *("read", "starred", "hidden", "tags", "note", "abstract"),
)
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_AUTHORS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Export:
    """One form of export."""

    name: str
    """The name on the command line."""
    title: str
    """The name in a menu."""
    extension: str
    """The usual extension of a file, without the dot."""
    pieces: Callable[[Sequence[Entry], Mapping[str, str]], Iterator[str]]
    """Writes entries piece by piece, one a paper and perhaps a last one; with citation keys by paper id to be kept."""


def export_text(
    entries: Iterable[Entry], name: str, *, keys: Mapping[str, str] | None = None, progress: Progress | None = None
) -> str:
    """The entries in one of the EXPORTS, as one text; no paper twice.

    Args:
        entries: What to write, in the order wanted.
        name: The form.
        keys: Citation keys by paper id that were given before and must stay.
        progress: Told after each paper.

    Raises:
        InvalidInput: there is no such form.
    """
    if name not in EXPORTS:
        raise InvalidInput(f"“{name}” is no form of export; there are {', '.join(EXPORTS)}.")
    once = list({entry.paper.id: entry for entry in entries}.values())
    written = []
    for done, piece in enumerate(EXPORTS[name].pieces(once, keys or {}), 1):
        written.append(piece)
        if progress:
            progress(min(done, len(once)), len(once))
    return "".join(written)


def export_file(
    entries: Iterable[Entry], path: Path, name: str, *, overwrite: bool = False, progress: Progress | None = None
) -> None:
    """Write the entries to a file, which is whole or not there.

    Raises:
        InvalidInput: there is no such form, or the file exists and must not be replaced.
        ActionFailed: the file can't be written; what was there before stays.
    """
    if not overwrite and path.exists():
        raise InvalidInput(f"{path} exists already; choose another name, or say that it may be replaced.")
    write_export(path, export_text(entries, name, progress=progress))


def write_export(path: Path, text: str) -> None:
    """Put a text in its place at once; a link is followed.

    Raises:
        ActionFailed: it can't be written; what was there before stays.
    """
    from paperdeck.storage.files.atomic import write_file

    target = path.resolve()
    if target.is_dir():
        raise ActionFailed(f"{path} is a folder; give the name of a file in it.")
    if not target.parent.is_dir():
        raise ActionFailed(f"{path} was not saved: there is no folder {target.parent}; make it first.")
    try:
        write_file(target, text.encode())
    except StoreError as error:
        raise ActionFailed(str(error)) from error


def form_of(path: Path) -> str | None:
    """The form of export that a file's extension asks for, if it asks for one."""
    extension = path.suffix.lower().lstrip(".")
    return next((export.name for export in EXPORTS.values() if export.extension == extension), None)


# -- the forms -----------------------------------------------------------------------------------------------------


def _cited(name: str) -> Export:
    """An export in a form of citation."""
    form = FORMATS[name]
    return Export(
        name,
        form.title,
        form.extension,
        lambda entries, keys: form.pieces([entry.paper for entry in entries], known_keys=keys),
    )


def _json(entries: Sequence[Entry], _keys: Mapping[str, str]) -> Iterator[str]:
    for number, entry in enumerate(entries):
        yield (",\n" if number else "[\n") + json.dumps(entry_as_json(entry), ensure_ascii=False)
    yield "\n]\n" if entries else "[]\n"


def _json_lines(entries: Sequence[Entry], _keys: Mapping[str, str]) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(entry_as_json(entry), ensure_ascii=False) + "\n"


def _csv(entries: Sequence[Entry], _keys: Mapping[str, str]) -> Iterator[str]:
    head = _csv_line(_COLUMNS)
    for entry in entries:
        values = entry_as_json(entry)
        yield head + _csv_line([_cell(values[column]) for column in _COLUMNS])
        head = ""
    yield head


def _csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> str:
    """A value as text that no spreadsheet takes for a formula; lists are parted by semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return str(value).lower()
    text = "; ".join(value) if isinstance(value, list) else str(value)
    return "'" + text if text.lstrip(" \u00a0\"'").startswith(_FORMULA_STARTS) else text


def _markdown(entries: Sequence[Entry], _keys: Mapping[str, str]) -> Iterator[str]:
    for entry in entries:
        yield "".join(line + "\n" for line in _markdown_item(entry))


def _markdown_item(entry: Entry) -> Iterator[str]:
    paper, marks = entry.paper, entry.marks
    yield f"- {markdown_link(preprint(paper))}"
    more = len(paper.authors) - _AUTHORS_SHOWN
    by = ", ".join(map(to_unicode, paper.authors[:_AUTHORS_SHOWN])) + (f" and {more} more" if more > 0 else "")
    day = paper.day.isoformat() if paper.day else ""
    tags = " ".join("#" + tag.replace(" ", "-") for tag in sorted(marks.tags))
    if about := " · ".join(filter(None, (by, day, "★" * marks.starred, tags))):
        yield f"  {about}"
    if marks.note:
        yield ""
        yield from (f"  > {line}".rstrip() for line in marks.note.splitlines())
        yield ""


EXPORTS: Mapping[str, Export] = {
    export.name: export
    for export in (
        *map(_cited, ("bibtex", "biblatex", "ris")),
        Export("csv", "Table for a spreadsheet (CSV)", "csv", _csv),
        Export("markdown", "Markdown list", "md", _markdown),
        Export("json", "JSON with everything", "json", _json),
        Export("jsonl", "JSON, one paper a line", "jsonl", _json_lines),
        _cited("csl-json"),
    )
}
"""Every form of export; of two with the same extension, the first is what the extension asks for."""
