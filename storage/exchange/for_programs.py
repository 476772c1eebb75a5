"""Papers for another program: its standard input, and the values of placeholders in its arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.paper import Entry, entry_as_json
from paperdeck.storage.settings.commands import fields_in, filled
from paperdeck.storage.text.clean import clean_line, clean_text
from paperdeck.storage.text.tex import to_unicode

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library

PdfFiles = Mapping[str, Path]
"""The PDFs on this machine, by paper id."""


def command_for(program: Sequence[str], entries: Sequence[Entry], library: Library, files: PdfFiles) -> list[str]:
    """The command line of a program, with its placeholders filled in.

    Args:
        program: The program and its arguments.
        library: Gives citation keys.
        files: The PDFs.

    Raises:
        ActionFailed: a paper lacks a value.
    """
    names = fields_in(program)
    keys = citation_keys(library, [entry.paper for entry in entries]) if names & {"key", "bibtex"} else {}
    values = [{name: _value(name, entry, keys, files) for name in names} for entry in entries]
    for entry, given in zip(entries, values, strict=True):
        if missing := next((name for name in given if not given[name] and name not in ("authors", "year")), None):
            raise ActionFailed(f"“{_title(entry)}” has no value for {{{missing}}}.")
    return filled(program, values)


def input_for(kind: str, entries: Sequence[Entry], library: Library, files: PdfFiles) -> bytes:
    """The standard input of a program.

    Args:
        kind: One of `settings.commands.INPUTS`.
        library: Gives citation keys.
        files: The PDFs.
    """
    match kind:
        case "json":
            import orjson

            return orjson.dumps([entry_as_json(entry) for entry in entries], option=orjson.OPT_INDENT_2) + b"\n"
        case "bibtex":
            papers = [entry.paper for entry in entries]
            text = cite(papers, "bibtex", keys=citation_keys(library, papers))
        case "text":
            text = "\n\n".join(map(_as_text, entries)) + "\n"
        case "path":
            text = "".join(f"{files[entry.paper.id]}\n" for entry in entries)
        case _:
            text = ""
    return text.encode(errors="replace")


def _value(name: str, entry: Entry, keys: Mapping[str, str], files: PdfFiles) -> str:
    paper = entry.paper
    match name:
        case "title":
            return _title(entry)
        case "authors":
            return ", ".join(paper.shown_authors)
        case "year":
            return str(paper.day.year) if paper.day else ""
        case "pdf":
            return str(files.get(paper.id, ""))
        case "bibtex":
            return cite([paper], "bibtex", keys=keys)
        case "key":
            return keys.get(paper.id, "")
        case _:
            return str(getattr(paper, name) or "")


def _title(entry: Entry) -> str:
    return clean_line(to_unicode(entry.paper.title))


def _as_text(entry: Entry) -> str:
    paper = entry.paper
    head = "\n".join(filter(None, (_title(entry), ", ".join(paper.shown_authors), paper.url)))
    note = f"Note: {entry.marks.note}" if entry.marks.note else ""
    return "\n\n".join(filter(None, (head, clean_text(to_unicode(paper.abstract)), note)))
