"""Papers written to a file, for other programs and for people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from paperdeck.storage.cite.formats import FORMATS, in_array
from paperdeck.storage.cite.published_form import published
from paperdeck.storage.cite.work import Work, as_imported
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.output import check_output, write_output
from paperdeck.storage.paper import Entry, entry_as_json
from paperdeck.storage.text.words import list_in_words

from .lists import list_of
from .tables import table_of

Progress = Callable[[int, int], None]
"""Called with the number of papers written so far, and the total."""


class CitationOptions(NamedTuple):
    """How the papers of an export are cited."""

    published: bool = False
    """Whether to cite the published form of a paper where one is known."""
    with_marks: bool = False
    """Whether a citation includes the reader's tags and note, and everything else that is known about the paper."""


PLAIN = CitationOptions()
"""As preprints, and without marks."""


@dataclass(frozen=True, slots=True)
class Export:
    """One export format."""

    name: str
    """The name on the command line."""
    title: str
    """The name in a menu."""
    extension: str
    """The usual extension of a file, without the dot."""
    pieces: Callable[[Sequence[Entry], Mapping[str, str], CitationOptions], Iterator[str]]
    """Writes entries piece by piece: one per paper, perhaps a last one. Gets the citation keys to keep, by paper id."""
    private: bool = False
    """Whether it holds notes, so a new file is readable only by its owner."""


def export_text(
    entries: Iterable[Entry],
    name: str,
    *,
    keys: Mapping[str, str] | None = None,
    citation: CitationOptions = PLAIN,
    progress: Progress | None = None,
) -> str:
    """The entries in one of the EXPORTS as one text; no paper twice.

    Args:
        entries: What to write, in the order wanted.
        name: The format.
        keys: Citation keys by paper id that were given before and must stay.
        citation: How papers are cited.
        progress: Called after each paper.

    Raises:
        InvalidInput: the format is unknown.
    """
    if name not in EXPORTS:
        raise InvalidInput(unknown_export(name))
    once = list({entry.paper.id: entry for entry in entries}.values())
    written = []
    for done, piece in enumerate(EXPORTS[name].pieces(once, keys or {}, citation), 1):
        written.append(piece)
        if progress:
            progress(min(done, len(once)), len(once))
    return "".join(written)


def export_file(
    entries: Iterable[Entry],
    path: Path,
    name: str,
    *,
    force: bool = False,
    keys: Mapping[str, str] | None = None,
    citation: CitationOptions = PLAIN,
    progress: Progress | None = None,
) -> None:
    """Write the entries to a file; see `storage.files.output` for what is replaced and how.

    Raises:
        InvalidInput: the format is unknown.
        FileInTheWay: the file exists and `force` was not given.
        ActionFailed: the file can't be written; what was there before stays.
    """
    check_output(path, force=force)
    text = export_text(entries, name, keys=keys, citation=citation, progress=progress)
    write_output(path, text.encode(errors="replace"), force=force, private=EXPORTS[name].private or citation.with_marks)


def unknown_export(name: str) -> str:
    """The sentence about a format that doesn't exist."""
    return f"Unknown export format “{name[:30]}”. Choose from {list_in_words(EXPORTS, 'or')}."


def form_of(path: Path) -> str | None:
    """The export format that goes with a file's extension, if any does."""
    extension = path.suffix.lower().lstrip(".")
    return next((export.name for export in EXPORTS.values() if export.extension == extension), None)


# -- the formats -----------------------------------------------------------------------------------------------------


def _cited(name: str) -> Export:
    """An export in a citation format."""
    form = FORMATS[name]
    return Export(
        name,
        form.title,
        form.extension,
        lambda entries, keys, citation: form.pieces(_works(entries, citation), keys),
    )


def _works(entries: Sequence[Entry], citation: CitationOptions) -> list[Work]:
    """What to cite for each paper: the reader's own record, or the published form if requested and known."""
    works = [
        (citation.published and published(entry.paper, entry.marks.cite_as)) or as_imported(entry.paper)
        for entry in entries
    ]
    if not citation.with_marks:
        return works
    return [replace(work, entry=entry) for work, entry in zip(works, entries, strict=True)]


def _markdown(entries: Sequence[Entry], _keys: object, citation: CitationOptions) -> Iterator[str]:
    return list_of(entries, whole=citation.with_marks)


def _json(entries: Sequence[Entry], *_: object) -> Iterator[str]:
    return in_array(map(_as_json, entries))


def _json_lines(entries: Sequence[Entry], *_: object) -> Iterator[str]:
    return (_as_json(entry) + "\n" for entry in entries)


def _as_json(entry: Entry) -> str:
    return json.dumps(entry_as_json(entry), ensure_ascii=False)


EXPORTS: Mapping[str, Export] = {
    export.name: export
    for export in (
        *map(_cited, ("bibtex", "biblatex", "ris")),
        Export("csv", "Table for a spreadsheet (CSV)", "csv", lambda entries, *_: table_of(entries), private=True),
        Export("markdown", "Markdown list", "md", _markdown, private=True),
        Export("json", "JSON with everything", "json", _json, private=True),
        Export("jsonl", "JSON, one paper per line", "jsonl", _json_lines, private=True),
        _cited("csl-json"),
    )
}
"""Every export format; of two with the same extension, the first goes with it."""
