"""A folder of Markdown notes, one a paper, as Obsidian and its kin read them.

A note begins with YAML between two lines `---`. The keys in `OUR_KEYS` are paperdeck's and are kept in step with the
library; every other key, and everything below the YAML, belongs to the reader and is never touched. A note is found by
the id in its YAML (`paperdeck: 2401.12345`), so the reader may rename or move it within the folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from paperdeck.storage.digest.render_markdown import escaped
from paperdeck.storage.errors import ActionFailed, StoreError
from paperdeck.storage.files.atomic import reason_for, write_file
from paperdeck.storage.paper import Entry
from paperdeck.storage.text.tex import to_unicode

OUR_KEYS = (
    *("paperdeck", "citekey", "title", "aliases", "authors", "year", "published", "organization", "url", "pdf", "code"),
    *("doi", "starred", "status", "tags"),
)
"""The keys of the YAML that paperdeck writes, in this order."""
_FENCE = "---"
_KEY = re.compile(r"([A-Za-z0-9_-]+):")
_ID = re.compile(r'paperdeck:\s*"?([^"\s]+)"?\s*')
_LARGEST_NOTE_BYTES = 5_000_000
"""Larger files in the folder are not notes of ours, and are not read."""
_NAME_LENGTH = 80
"""Characters of a title in a file's name; with the key it stays below the 255 bytes that file systems allow."""
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*#^\[\]]+')
"""What no file system, or no link in Obsidian, can hold in a name."""
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
"""Names that Windows keeps for devices."""


class NotesWritten(NamedTuple):
    """What became of the notes of some papers."""

    created: int
    """Papers that had no note yet."""
    updated: int
    """Notes of which the YAML changed."""
    unchanged: int
    """Notes that were up to date."""


def write_notes(entries: Sequence[Entry], folder: Path, keys: Mapping[str, str]) -> NotesWritten:
    """Make or update one note for each paper.

    Args:
        entries: The papers with the reader's marks.
        folder: An existing folder, such as one in an Obsidian vault; notes may lie in folders below it.
        keys: The citation key by paper id.

    Raises:
        ActionFailed: the folder is missing, or a note can't be read or written; notes written before stay.
    """
    if not folder.is_dir():
        raise ActionFailed(f"The notes were not written: there is no folder {folder}; make it first.")
    known = _known_notes(folder)
    counts = {"created": 0, "updated": 0, "unchanged": 0}
    for entry in entries:
        path = known.get(entry.paper.id)
        counts[_write_note(entry, path, folder, keys.get(entry.paper.id, ""))] += 1
    return NotesWritten(**counts)


def safe_name(text: str) -> str:
    """A file's name made of any text: nothing that leads out of the folder or that a file system refuses."""
    name = " ".join(_FORBIDDEN.sub(" ", text).split())[:_NAME_LENGTH].strip(" .")
    return f"_{name}" if not name or _DEVICES.match(name) else name


def _write_note(entry: Entry, path: Path | None, folder: Path, key: str) -> str:
    """Write one note; returns the name of the count that it belongs to."""
    if path is None:
        _save(_free_path(folder, entry, key), _new_note(entry, key))
        return "created"
    old = _read(path)
    new = _with_front_matter(old, entry, key)
    if new == old:
        return "unchanged"
    _save(path, new)
    return "updated"


def _known_notes(folder: Path) -> dict[str, Path]:
    """The notes that name a paper, by its id; of two for one paper, the first by name."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.md")):
        paper_id = _paper_of(path)
        if paper_id:
            found.setdefault(paper_id, path)
    return found


def _paper_of(path: Path) -> str | None:
    """The id in the YAML of a file; None if it is not a note of ours, or can't be read."""
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_NOTE_BYTES:
            return None
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    front, _ = _split(text)
    ids = (_ID.fullmatch(line) for line in front or ())
    return next((match[1] for match in ids if match), None)


def _split(text: str) -> tuple[list[str] | None, str]:
    """The lines of the YAML and what follows its closing line; None for a text that does not begin with YAML."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return None, text
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == _FENCE:
            return lines[1:number], "\n".join(lines[number + 1 :])
    return None, text


def _with_front_matter(text: str, entry: Entry, key: str) -> str:
    """The note with our keys renewed; the reader's own keys stand behind them, as they were written."""
    front, body = _split(text)
    ours = _front_matter(entry, key)
    return "\n".join([_FENCE, *ours, *_lines_of_others(front or []), _FENCE, body])


def _lines_of_others(front: Sequence[str]) -> Iterator[str]:
    """The lines of the YAML that belong to keys of the reader's, comments and indented lines included."""
    theirs = True
    for line in front:
        if match := _KEY.match(line):
            theirs = match[1] not in OUR_KEYS
        elif line and not line.startswith((" ", "\t", "-")):
            theirs = True  # a comment at the margin
        if theirs:
            yield line


def _front_matter(entry: Entry, key: str) -> Iterator[str]:
    """Our keys as lines of YAML; a text is written as JSON, which YAML reads as that text and nothing else."""
    for name, value in _values(entry, key).items():
        if isinstance(value, list):
            yield f"{name}:"
            yield from (f"  - {_scalar(item)}" for item in value)
        elif value is not None and value != "":
            yield f"{name}: {_scalar(value)}"


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f").replace("\u2028", "\\u2028")


def _values(entry: Entry, key: str) -> dict[str, Any]:
    paper, marks = entry.paper, entry.marks
    title = to_unicode(paper.title)
    published = paper.published.isoformat() if paper.published else None
    values = {
        "paperdeck": paper.id,
        "citekey": key,
        "title": title,
        "aliases": [title] if title else [],
        "authors": [to_unicode(author) for author in paper.authors],
        "year": int(published[:4]) if published else None,
        "published": published,
        "organization": paper.organization,
        "url": paper.url,
        "pdf": paper.pdf_url,
        "code": paper.code_url,
        "doi": paper.doi,
        "starred": marks.starred,
        "status": "read" if marks.read else "unread",
        "tags": [_tag(tag) for tag in sorted(marks.tags)],
    }
    return {name: values[name] for name in OUR_KEYS}


def _tag(tag: str) -> str:
    """A tag as Obsidian allows it: no blanks, and not digits alone."""
    name = re.sub(r"[^\w/-]+", "-", tag).strip("-")
    return f"t{name}" if name.isdecimal() else name


def _new_note(entry: Entry, key: str) -> str:
    """A whole new note; from then on all below the YAML is the reader's."""
    paper = entry.paper
    lines = [_FENCE, *_front_matter(entry, key), _FENCE, "", f"# {_shown(paper.title) or paper.id}", ""]
    if paper.abstract:
        lines += [f"> {_shown(paper.abstract)}", ""]
    if entry.marks.note:
        lines += [*entry.marks.note.splitlines(), ""]
    return "\n".join(lines)


def _shown(text: str) -> str:
    """Foreign text so that Markdown and Obsidian show it as it is: `%%` would hide what follows it."""
    return escaped(" ".join(to_unicode(text).split())).replace("%", "\\%")


def _free_path(folder: Path, entry: Entry, key: str) -> Path:
    """A name that no file has yet: the citation key, as Zotero's plug-ins name notes, else the title."""
    base = safe_name(f"@{key}" if key else to_unicode(entry.paper.title) or entry.paper.id)
    path, number = folder / f"{base}.md", 2
    while path.exists() or path.is_symlink():
        path, number = folder / f"{base} {number}.md", number + 1
    return path


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise ActionFailed(f"{path} was not updated: it can't be read ({error}).") from error


def _save(path: Path, text: str) -> None:
    try:
        write_file(path, text.encode())
    except StoreError as error:
        raise ActionFailed(str(error)) from error
    except OSError as error:
        raise ActionFailed(f"{path} was not saved: {reason_for(error)}.") from error
