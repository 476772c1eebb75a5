"""Papers read from other programs' files: BibTeX, RIS, JSON, tables, lists, arXiv's emails and pages of the Hub.

What names an arXiv id becomes that paper; anything else with a title becomes a local paper, which `adding.settle`
replaces by the paper on arXiv where the match is certain. What can't be used is reported, never dropped silently: every
entry of a file is a paper, was merged with one, or is reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import SequenceMatcher

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.identity import are_two, new_local_id, title_key
from paperdeck.storage.identity_index import IdentityIndex
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.text.clean import clean_line

from . import lists, readers
from .bibtex_papers import from_bibtex
from .decoding import decode_file, is_binary
from .json_papers import from_json
from .records import Imported, ImportedItem
from .ris_papers import from_ris
from .tables import from_csv


def _from_html(text: str) -> Imported:
    """A saved page: links to papers name their ids; if there are none, its text is read as any other text."""
    shown, linked = readers.read_page(text)
    if linked.items:
        return linked
    kind = kind_of(shown)
    read = KINDS["page" if kind in ("html", "ids") else kind](shown)
    return read if read.items or read.leftovers else readers.from_references(text)


KINDS: Mapping[str, Callable[[str], Imported]] = {
    "bibtex": from_bibtex,
    "ris": from_ris,
    "csl-json": from_json,
    "csv": from_csv,
    "markdown": lists.from_markdown,
    "html": _from_html,
    "digest": readers.from_digest,
    "page": readers.from_page,
    "ids": readers.from_ids,
}
"""The readers by kind."""

_PATTERNS = (
    ("csl-json", re.compile(r"\A\s*(?:\[\s*(?:\{|\])|\{\s*\")")),
    ("ris", re.compile(r"^[^\S\n]*TY\s{1,2}-", re.MULTILINE)),
    ("bibtex", re.compile(r"^[^\S\n]*@\s*[A-Za-z][\w.+-]*\s*[{(]", re.MULTILINE)),
    ("html", re.compile(r"\A\s*<|<(?:!doctype html|html|head|body|article|div)\b", re.IGNORECASE)),
    ("digest", re.compile(r"^arXiv:\S.*\n(?:.*\n){0,4}?Title:", re.MULTILINE)),
    (
        "csv",
        re.compile(r"(?i)\A\s*+\"?(?:[\w .-]+\"?[,;\t]\"?)*(?:title|doi|arxiv[ _]?id)\"?(?:[,;\t]|\s*$)", re.MULTILINE),
    ),
)
"""How a text of each kind looks; the first one counts."""
_UNREAD = (
    (re.compile(r"\A\s*PMID\s?- ", re.MULTILINE), "of PubMed (.nbib)"),
    (re.compile(r"\A\s*%[0A-Z@] \S[^\n]*\n%[0A-Z@] "), "of EndNote (.enw)"),
    (re.compile(r"\A\s*(?:FN [^\n]*\n(?:VR [^\n]*\n)?|PT [A-Z]\n)(?:PT|AU) "), "of Web of Science (.ciw)"),
    (re.compile(r"\A\s*RT [A-Z][^\n]*\n[A-Z][A-Z0-9] "), "of RefWorks"),
    (re.compile(r"^cff-version:", re.MULTILINE), "in the Citation File Format (.cff)"),
    (
        re.compile(
            r"\A(?:[ \t]*(?:[#%][^\n]*|---[^\n]*)?\n)*+"
            r"(?:references:[ \t]*\n|[^\s:]+:[ \t]*\n[ \t]+(?:type|title|author|date|parent|url|serial-number):)"
        ),
        "in YAML",
    ),
    (re.compile(r"\A\s*<\?xml[^>]*>\s*(?:<!--.*?-->\s*)?<(?:mods\w*|xml|b:Sources|OAI-PMH)\b", re.DOTALL), "in XML"),
)
_BINARY = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a packed file"),
    (b"\x1f\x8b", "a packed file"),
    (b"BZh", "a packed file"),
    (b"\xfd7zXZ", "a packed file"),
    (b"7z\xbc\xaf", "a packed file"),
    (b"Rar!", "a packed file"),
    (b"SQLite format 3", "a database"),
    (b"\xd0\xcf\x11\xe0", "a document of Office"),
    (b"{\\rtf", "a document in RTF"),
)
"""The first bytes of files that aren't text."""

_TOO_DEEP = "Can't import: its parts are inside each other too deeply; export it again as BibTeX or RIS."
_LIKE_SHARE = 0.75
"""Minimum similarity of the titles of two entries with the same arXiv id, from 0 to 1."""


def read_file(data: bytes) -> Imported:
    """The contents of a file; see read_papers.

    Raises:
        InvalidInput: the kind can't be read, or the text looks like JSON but isn't.
    """
    unknown = "a file without text" if is_binary(data) else ""
    if binary := next((name for start, name in _BINARY if data.startswith(start)), unknown):
        raise InvalidInput(f"Can't import {binary}; export BibTeX or RIS from the program that made it.")
    try:
        decoded = decode_file(data)
    except RecursionError:
        raise InvalidInput(_TOO_DEEP) from None
    imported = read_papers(decoded.text)
    return replace(imported, warnings=(decoded.warning, *imported.warnings)) if decoded.warning else imported


def read_papers(text: str) -> Imported:
    """The contents of a text, the content of a file or what was pasted; each paper once.

    Raises:
        InvalidInput: the kind can't be read, or the text looks like JSON but isn't.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        return merged(KINDS[kind_of(text)](text))
    except RecursionError:
        raise InvalidInput(_TOO_DEEP) from None


def kind_of(text: str) -> str:
    """The kind of a text; `ids` if no other fits.

    Raises:
        InvalidInput: it is of a kind that can't be read.
    """
    for pattern, program in _UNREAD:
        if pattern.search(text):
            raise InvalidInput(f"Files {program} can't be imported; export RIS or BibTeX there and import that.")
    for kind, pattern in _PATTERNS:
        if pattern.search(text):
            return kind
    if lists.looks_like_list(text):
        return "markdown"
    return "page" if readers.looks_like_page(text) else "ids"


def merged(imported: Imported) -> Imported:
    """Each paper once; an entry gets the facts that it lacks from later entries for the same paper."""
    warnings = list(imported.warnings)
    known = IdentityIndex(item.paper for item in imported.items if item.sure)
    once: dict[str, ImportedItem] = {}
    for given in imported.items:
        item = own_paper(given, known, warnings)
        found = known.find(item.paper)
        known.add(put(once, item, found, warnings))
    papers = once.values()
    return Imported(
        tuple(papers), imported.leftovers, len(imported.items) - len(papers), tuple(map(clean_line, warnings))
    )


def own_paper(item: ImportedItem, known: IdentityIndex, warnings: list[str]) -> ImportedItem:
    """The entry, without an arXiv id found in a comment if the title contradicts it."""
    if item.sure or is_local(item.paper.id):
        return item
    found = known.find(item.paper)
    if found is None or not differ(item.paper.title, found.title):
        return item
    warnings.append(f"“{item.paper.title[:60]}” names {found.id}, but that is “{found.title[:60]}”; both are kept.")
    return item._replace(paper=replace(item.paper, id=new_local_id(item.paper)))


def differ(one: str, other: str) -> bool:
    """Whether two titles are too different to be of one paper."""
    first, second = title_key(one), title_key(other)
    if not first or not second or first.startswith(second) or second.startswith(first):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() < _LIKE_SHARE


def put(once: dict[str, ImportedItem], item: ImportedItem, found: Paper | None, warnings: list[str]) -> Paper:
    """Add an entry; another one for the same paper is merged with the first, and named if it has a key of its own.

    Args:
        once: The entries so far, by the id of the paper.
        item: The entry.
        found: The known paper that it describes. If another entry for it has a different DOI or ISBN, this one stays a
            paper of its own.

    Returns:
        The paper as the entry describes it, with the id under which it was added.
    """
    paper = replace(item.paper, id=found.id) if found else item.paper
    if (known := once.get(paper.id)) and paper.id != item.paper.id and are_two(known.paper, paper):
        paper = item.paper
    known = once.get(paper.id)
    item = item._replace(paper=paper)
    once[paper.id] = joined(known, item) if known else item
    if known:
        first, second = (dict(entry.paper.record).get("@key", "") for entry in (known, item))
        if first and second and first != second:
            warnings.append(f"“{first}” and “{second}” are the same paper, which gets the key “{first}”.")
    return paper


def joined(known: ImportedItem, other: ImportedItem) -> ImportedItem:
    """Two entries of one paper, merged."""
    words = {
        name: tuple(dict.fromkeys((*known.words.get(name, ()), *other.words.get(name, ()))))
        for name in known.words.keys() | other.words.keys()
    }
    return known._replace(
        paper=filled(known.paper, other.paper), marks=joined_marks(known.marks, other.marks), words=words
    )


def filled(known: Paper, other: Paper) -> Paper:
    """A paper with missing facts filled in from another description of it; of another venue, only those of the text."""
    venues = {title_key(paper.journal_ref) for paper in (known, other) if paper.journal_ref}
    names = ("title", "abstract", "authors", "names", "keywords", "categories", *(_OF_PRINT if len(venues) < 2 else ()))
    missing = {name: getattr(other, name) for name in names if not getattr(known, name)}
    return replace(known, **missing)


_OF_PRINT = ("published", "issued", "doi", "journal_ref", "record", "project_url")


def joined_marks(one: Marks, other: Marks) -> Marks:
    """All marks of two descriptions of one paper."""
    notes: Iterable[str] = dict.fromkeys(filter(None, (one.note, other.note)))
    return Marks(
        read=one.read or other.read,
        starred=one.starred or other.starred,
        hidden=one.hidden and other.hidden,
        tags=one.tags | other.tags,
        note="\n".join(notes),
        cite_as=one.cite_as or other.cite_as,
    )
