"""A folder of Markdown notes, one per paper, for Obsidian and similar programs.

A note begins with YAML between two lines `---`. The keys in `OUR_KEYS` are paperdeck's and are updated from the
library; every other key, and everything below the YAML, belongs to the reader and is never touched. So do the tags
that the reader adds to `tags`: `paperdeck-tags` lists those that are ours. A note is found by the id in its YAML
(`paperdeck: 2401.12345`), so the reader may rename or move it within the folder.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

from paperdeck.storage.digest.render_markdown import escaped
from paperdeck.storage.errors import ActionFailed, FileInTheWay
from paperdeck.storage.files.disk import is_file, is_folder, is_link, reason_for
from paperdeck.storage.files.output import write_output
from paperdeck.storage.paper import Entry
from paperdeck.storage.text.tex import to_unicode

from .decoding import writable_json

OUR_KEYS = (
    *("paperdeck", "citekey", "title", "authors", "year", "published", "withdrawn", "organization", "url", "pdf"),
    *("code", "doi", "starred", "read", "tags", "paperdeck-tags"),
)
"""The keys of the YAML that paperdeck writes, in this order."""
_FENCE = "---"
_BYTE_ORDER_MARK = "\ufeff"
_KEY = re.compile(r"([A-Za-z0-9_-]+):")
_ITEM = re.compile(r"\s*-\s+(.+)")
_QUOTED = r"""\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'"""
_WHOLE_LINE_SCALAR = re.compile(rf"{_QUOTED}|\S.*")
_INLINE_SCALAR = re.compile(rf"""{_QUOTED}|[^\s,\[\]"'][^,\[\]]*""")
_COMMENT = re.compile(r"(?:^|\s)#")
_ID = re.compile(r"""paperdeck:\s*["']?([^"'\s]+)["']?\s*""")
_LARGEST_NOTE_BYTES = 5_000_000
"""Larger files in the folder are not notes of ours, and are not read."""
_LONGEST_FENCE_CHARACTERS = 16
"""Characters of a first line that may still open the YAML."""
_NAME_BYTES = 150
"""Maximum number of bytes of a file's name without its suffix: file systems allow 255; sync programs append to it."""
_ATTEMPTS = 3
"""Attempts to write a note that another program keeps changing."""
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*#^\[\]]+')
"""Characters not allowed in file names or in Obsidian's links."""
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])\s*(\.|$)")
"""Names that Windows reserves for devices."""
_NOT_IN_YAML = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that JSON leaves as they are but YAML requires to be escaped."""


class NotesWritten(NamedTuple):
    """The result of writing notes."""

    created: int
    """Papers that had no note yet."""
    updated: int
    """Notes whose YAML changed."""
    unchanged: int
    """Notes that were up to date."""

    @property
    def any(self) -> bool:
        """Whether a file was written."""
        return bool(self.created or self.updated)


def make_folder(folder: Path) -> None:
    """Make the folder for notes, but not its parents, so that a typo or an unmounted disk isn't turned into a folder.

    Raises:
        ActionFailed: it can't be made.
    """
    try:
        folder.mkdir(exist_ok=True)
    except FileNotFoundError:
        raise ActionFailed(f"No note was written: there is no folder {folder.parent}; make it first.") from None
    except FileExistsError:
        raise ActionFailed(f"No note was written: {folder} is not a folder; choose another name.") from None
    except (OSError, ValueError) as error:
        reason = reason_for(error) if isinstance(error, OSError) else error
        raise ActionFailed(f"No note was written: {folder} can't be made ({reason}).") from error


def write_notes(
    entries: Iterable[Entry], folder: Path, keys: Mapping[str, str], former: Iterable[Entry] = ()
) -> NotesWritten:
    """Create or update one note per paper. A note that can't be written doesn't stop the others.

    Args:
        entries: The papers with the reader's marks.
        folder: An existing folder, such as one in an Obsidian vault; notes may be in folders below it.
        keys: The citation key by paper id.
        former: Papers whose existing notes are updated; no new ones are created for them.

    Raises:
        ActionFailed: the folder is missing, or a note can't be read or written; the other notes are written.
    """
    if not is_folder(folder):
        raise ActionFailed(f"The notes were not written: there is no folder {folder}; make it first.")
    taken, known = _names_in(folder), _known_notes(folder)
    counts, failures = {"created": 0, "updated": 0, "unchanged": 0}, []
    wanted = {entry.paper.id: entry for entry in entries}
    others = {entry.paper.id: entry for entry in former if entry.paper.id not in wanted}
    for paper_id, entry in (wanted | others).items():
        path, key = known.get(paper_id), keys.get(paper_id, "")
        try:
            if path is not None:
                counts[_update(path, entry, key)] += 1
            elif paper_id in wanted:
                counts[_create(folder, entry, key, taken)] += 1
        except ActionFailed as error:
            failures.append(str(error))
    if failures:
        more = f" {len(failures) - 1} more could not be written." if len(failures) > 1 else ""
        raise ActionFailed(failures[0] + more)
    return NotesWritten(**counts)


def safe_name(text: str) -> str:
    """A file name made from any text: it stays in the folder, and every file system accepts it."""
    words = " ".join(_FORBIDDEN.sub(" ", text).split())
    name = words.encode(errors="replace")[:_NAME_BYTES].decode(errors="ignore").strip(" .")
    return f"_{name}" if not name or _DEVICES.match(name) else name


def _comparable(name: str) -> str:
    """The form in which names are equal for file systems that ignore case and the encoding of accents."""
    return normalize("NFC", name).casefold()


# -- the files -----------------------------------------------------------------------------------------------------


def _update(path: Path, entry: Entry, key: str) -> str:
    """Update the YAML of a note; returns `updated` or `unchanged`."""
    for _ in range(_ATTEMPTS):
        old = _read(path)
        new = _with_front_matter(old, entry, key)
        if new == old:
            return "unchanged"
        try:
            _save(path, new, before=old)
        except FileInTheWay:
            continue  # changed since it was read
        return "updated"
    raise ActionFailed(f"{path} was not updated: another program keeps changing it; try again later.")


def _create(folder: Path, entry: Entry, key: str, taken: set[str]) -> str:
    """Write a new note under an unused name: the citation key, as Zotero's plug-ins name notes, else the title.

    Returns `created`, or what `_update` does if another paperdeck has created the note since the folder was read.
    """
    base = safe_name(f"@{key}" if key else to_unicode(entry.paper.title) or entry.paper.id)
    name, number = f"{base}.md", 2
    while True:
        if _comparable(name) not in taken:
            taken.add(_comparable(name))
            try:
                _save(folder / name, _new_note(entry, key))
            except FileInTheWay:
                if _paper_of(folder / name) == entry.paper.id:
                    return _update(folder / name, entry, key)
            else:
                return "created"
        name, number = f"{base} {number}.md", number + 1


def _names_in(folder: Path) -> set[str]:
    try:
        return {_comparable(path.name) for path in folder.iterdir()}
    except OSError as error:
        raise ActionFailed(f"The notes were not written: {folder} can't be read ({reason_for(error)}).") from error


def _known_notes(folder: Path) -> dict[str, Path]:
    """Notes by the id of their paper.

    If a paper has several, the one with the shortest name counts: when a note was changed in two places, sync programs
    save a copy under a longer name.
    """
    found: dict[str, Path] = {}
    for path in sorted(_notes_in(folder), key=lambda path: (len(path.name), path)):
        paper_id = _paper_of(path)
        if paper_id:
            found.setdefault(paper_id, path)
    return found


def _notes_in(folder: Path) -> Iterator[Path]:
    """All Markdown files except those in hidden folders, such as `.trash` and `.obsidian`, or linked ones."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in names if name.lower().endswith(".md") and not name.startswith("."))


def _paper_of(path: Path) -> str | None:
    """The id in the YAML of a file; None if it is not a note of ours, or can't be read."""
    try:
        if is_link(path) or not is_file(path) or path.stat().st_size > _LARGEST_NOTE_BYTES:
            return None
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            if file.readline(_LONGEST_FENCE_CHARACTERS).rstrip() != _FENCE:
                return None
            for line in file:
                if line.rstrip() == _FENCE:
                    return None
                if match := _ID.fullmatch(line.rstrip()):
                    return match[1]
    except (OSError, ValueError):
        pass
    return None


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise ActionFailed(f"{path} was not updated: it can't be read ({error}).") from error


def _save(path: Path, text: str, *, before: str | None = None) -> None:
    """Write a note: a new one or, if `before` is given, one that still has that text.

    Raises:
        FileInTheWay: the file has another text by now.
        ActionFailed: it can't be written.
    """
    is_ours = None if before is None else before.encode().__eq__
    write_output(path, text.encode(errors="replace"), private=True, is_ours=is_ours)


# -- the YAML ------------------------------------------------------------------------------------------------------


def _split(text: str) -> tuple[list[str] | None, str]:
    """The lines of the YAML, and the text below it; None for the lines if the text doesn't begin with YAML."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return None, text
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == _FENCE:
            return lines[1:number], "\n".join(lines[number + 1 :])
    return None, text


def _with_front_matter(text: str, entry: Entry, key: str) -> str:
    """The note with our keys updated; the reader's own keys follow them unchanged."""
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    front, body = _split(text.removeprefix(mark))
    end = "\r" if text.removeprefix(mark).startswith(f"{_FENCE}\r") else ""
    ours = (line + end for line in _front_matter(entry, key, _reader_tags(front or [])))
    return mark + "\n".join([_FENCE + end, *ours, *_reader_lines(front or []), _FENCE + end, body])


def _reader_lines(front: Sequence[str]) -> Iterator[str]:
    """The YAML lines of the reader's own keys, comments and indented lines included."""
    theirs = True
    for line in front:
        if match := _KEY.match(line):
            theirs = match[1] not in OUR_KEYS
        elif line.strip() and not line.startswith((" ", "\t", "-")):
            theirs = True  # a comment at the margin
        if theirs:
            yield line


def _reader_tags(front: Sequence[str]) -> list[str]:
    """The tags in the YAML that paperdeck did not write."""
    ours = set(_list_in(front, "paperdeck-tags"))
    return [tag for tag in _list_in(front, "tags") if tag not in ours]


def _list_in(front: Sequence[str], name: str) -> list[str]:
    """The items of a list in the YAML: in brackets on one or more lines, or one per line."""
    found: list[str] = []
    inside = False
    for line in front:
        if match := _KEY.match(line):
            inside, line = match[1] == name, line[match.end() :]
        elif line[:1] not in (" ", "\t", "-", ""):
            inside = False  # a key with other characters, or a comment
        if inside:
            item = _ITEM.match(line)
            found += _scalars(item[1], _WHOLE_LINE_SCALAR) if item else _scalars(line, _INLINE_SCALAR)
    return [text for text in found if text]


def _scalars(line: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """The texts of a line, up to a comment."""
    for match in pattern.finditer(line):
        if match[0][0] in "\"'":
            yield _text_of(match[0])
            continue
        text, *comment = _COMMENT.split(match[0], 1)
        yield _text_of(text)
        if comment:
            return


def _text_of(scalar: str) -> str:
    """A YAML scalar as text, with or without quotation marks."""
    text = scalar.strip()
    if len(text) < 2 or text[0] != text[-1] or text[0] not in "\"'":
        return text
    try:
        return str(json.loads(writable_json(text))) if text[0] == '"' else text[1:-1].replace("''", "'")
    except ValueError:
        return text[1:-1]


def _front_matter(entry: Entry, key: str, more_tags: Sequence[str] = ()) -> Iterator[str]:
    """Our keys as lines of YAML."""
    values = _values(entry, key)
    ours = values["paperdeck-tags"]
    values["tags"] = [*ours, *(tag for tag in dict.fromkeys(more_tags) if tag not in ours)]
    for name in OUR_KEYS:
        yield from _lines_of(name, values[name])


def _lines_of(name: str, value: Any) -> Iterator[str]:
    """One key with its value; nothing for an empty value."""
    if isinstance(value, list):
        if value:
            yield f"{name}:"
            yield from (f"  - {_scalar(item)}" for item in value)
    elif value is not None and value != "":
        yield f"{name}: {_scalar(value)}"


def _scalar(value: Any) -> str:
    """A value as JSON, which YAML reads as the same value."""
    text = json.dumps(value, ensure_ascii=False).encode(errors="replace").decode()
    return _NOT_IN_YAML.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _values(entry: Entry, key: str) -> dict[str, Any]:
    paper, marks = entry.paper, entry.marks
    published = paper.dated
    return {
        "paperdeck": paper.id,
        "citekey": key,
        "title": to_unicode(paper.title),
        "authors": [to_unicode(author) for author in paper.authors],
        "year": int(published[:4]) if published else None,
        "published": published,
        "withdrawn": paper.withdrawn or None,
        "organization": paper.organization,
        "url": paper.url,
        "pdf": paper.pdf_url,
        "code": paper.code_url,
        "doi": paper.doi,
        "starred": marks.starred,
        "read": marks.read,
        "paperdeck-tags": list(dict.fromkeys(filter(None, map(_tag, sorted(marks.tags))))),
    }


def _tag(tag: str) -> str:
    """A tag as Obsidian allows it: no spaces, and not only digits."""
    name = re.sub(r"[^\w/-]+", "-", tag).strip("-")
    return f"t{name}" if name.isdecimal() else name


def _new_note(entry: Entry, key: str) -> str:
    """A whole new note; afterwards, everything below the YAML belongs to the reader, and so does the alias in it."""
    paper = entry.paper
    title = to_unicode(paper.title)
    alias = _lines_of("aliases", [title] if title else [])
    lines = [_FENCE, *_front_matter(entry, key), *alias, _FENCE, "", f"# {_shown(paper.title) or paper.id}", ""]
    if paper.abstract:
        lines += [f"> {_shown(paper.abstract)}", ""]
    if entry.marks.note:
        lines += [*entry.marks.note.splitlines(), ""]
    return "\n".join(lines)


def _shown(text: str) -> str:
    """Untrusted text, escaped so that Markdown and Obsidian show it as it is: `%%` would hide what follows it."""
    return escaped(" ".join(to_unicode(text).split())).replace("%", "\\%")
