"""Papers in BibTeX and biblatex files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from paperdeck.storage.cite.bibtex import without_source
from paperdeck.storage.cite.rest import rest_from_tex
from paperdeck.storage.cite.work import WITHDRAWN, date_of, usable_key
from paperdeck.storage.kinds import PREPRINTS, kind_of
from paperdeck.storage.paper import Marks
from paperdeck.storage.text.bibtex import decode, decode_lines, may_be_two, names_in, split_names
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.words import count_of, with_subtitle, word_set

from .bibtex_reader import BibEntry, read_bibtex
from .decoding import rest_in
from .records import (
    NO_PAPER,
    Imported,
    ImportedItem,
    Leftover,
    bare_doi,
    doubt_about,
    few_of,
    find_only_id,
    gathered,
    ids_in_numbers,
    item_of,
    venue_named,
)

_VOLUMES = word_set("proceedings mvproceedings collection mvcollection book mvbook periodical reference xdata")
"""Types of entries that contain others; they are not papers themselves if an entry refers to them."""

_NOT_KEPT = frozenset({"paperdeck", "crossref", "xdata"})
_NOT_INHERITED = word_set(
    "title subtitle titleaddon author key ids crossref xref xdata entryset entrysubtype execute label options "
    "presort related relatedoptions relatedstring relatedtype shorthand shorthandintro sortkey abstract doi url "
    "pages file note keywords annote annotation eprint"
)
_NOTES = ("annote", "annotation", "comment", "review")
_NO_PLACES = word_set(
    "title subtitle titleaddon shorttitle maintitle author editor abstract keywords groups file code crossref xref "
    "xdata related cites references eprint paperdeck annote annotation comment review"
)
"""Fields in which an arXiv id is never the entry's own; in any other, people put it if they have no better place."""

_PREPRINT_PLACES = ("journal", "journaltitle", "publisher", "institution", "organization", "howpublished")
_NUMBERS = ("number", "volume", "pages", "eid")
"""Fields in which a bare number is an arXiv id if one of the places is arXiv."""

_WORDS = (
    *(("keywords", "mendeley-tags"), ("groups", "mendeley-groups"), ("groups", "mendeley-folders")),
    *(("keywords", "keywords"), ("groups", "groups")),
)
"""The possible sources of tags, with their fields; of two fields in an entry, the last one counts."""

_ARXIV_FIELD = re.compile(r"arxiv[\W_]?(?:id|number|no|identifier|eprint)?")
_DBLP_KEY = re.compile(r"(?i)\bcorr/abs-(?P<month>\d{4})-(?P<number>\d{4,5})$")
_ID_IN_CRUFT = re.compile(r"id='([A-Za-z.-]+)'")
_SAYS_WITHDRAWN = re.compile(rf"(?i)^\s*(?:\{{*{WITHDRAWN}\}}*[\s.]*$|{WITHDRAWN}\.\s+)")
_READ = re.compile(r"(?i)^(?:read|skimmed|done)$")
_OURS = word_set(
    "author title year month date eprint eprinttype eprintclass archiveprefix primaryclass doi url howpublished "
    "abstract keywords annote annotation paperdeck"
)
"""Fields of a preprint that are rewritten from its known facts."""


def from_bibtex(text: str) -> Imported:
    """BibTeX and biblatex."""
    found = list(read_bibtex(text))
    volumes = _used_volumes([entry for entry in found if isinstance(entry, BibEntry)])
    doubt = dict.fromkeys(_doubtful(found))
    warnings = doubt_about(list(doubt), "BibTeX takes them for one; “and” between them makes two")
    changed = _changed_keys(entry.key for entry in found if isinstance(entry, BibEntry))
    return replace(gathered(_made(entry, volumes) for entry in found), warnings=(*warnings, *changed))


def _changed_keys(keys: Iterable[str]) -> Iterator[str]:
    """A warning about keys that BibTeX doesn't take, and that an export therefore writes differently."""
    used = {key: usable_key(clean_line(key)) for key in keys}
    changed = [f"“{key}” as “{new}”" for key, new in used.items() if new != key]
    if changed:
        count = count_of(len(changed), "key")
        yield f"Exports write {count} without characters that BibTeX refuses: {few_of(changed)}."


def _doubtful(found: Sequence[BibEntry | Leftover]) -> Iterator[str]:
    """Authors such as `Ann Roe, Bob Doe`, unless the others show that the family comes first."""
    for entry in found:
        names = split_names(entry.fields.get("author", "")) if isinstance(entry, BibEntry) else []
        if len(names) == 1 or any("," not in name for name in names):
            yield from (decode(name) for name in names if may_be_two(name))


def _used_volumes(entries: list[BibEntry]) -> dict[str, BibEntry]:
    """The entries that others refer to by `crossref` or `xdata`, by their keys in lower case."""
    by_key = {entry.key.lower(): entry for entry in entries}
    wanted = {key for entry in entries for key in _parents(entry)}
    return {key: by_key[key] for key in wanted & by_key.keys()}


def _parents(entry: BibEntry) -> Iterator[str]:
    for name in ("crossref", "xdata"):
        yield from (key.strip().lower() for key in entry.fields.get(name, "").split(",") if key.strip())


def _made(entry: BibEntry | Leftover, volumes: Mapping[str, BibEntry]) -> ImportedItem | Leftover:
    if isinstance(entry, Leftover):
        return entry
    shown = f"@{entry.kind} {entry.key}".strip()
    if entry.key.lower() in volumes and entry.kind in _VOLUMES:
        return Leftover(entry.line, shown, "is a volume that contains other entries, not a paper")
    if entry.kind in ("set", "xdata"):
        return Leftover(entry.line, shown, "is not a paper")
    fields = without_source(entry.kind, _with_inherited(entry, volumes, 0))
    whole = BibEntry(entry.kind, entry.key, entry.line, fields)
    return _item(whole) or Leftover(entry.line, shown, NO_PAPER)


def _with_inherited(entry: BibEntry, volumes: Mapping[str, BibEntry], depth: int) -> dict[str, str]:
    """An entry's fields, including those inherited from the volume that contains it."""
    fields = dict(entry.fields)
    for key in _parents(entry):
        if (parent := volumes.get(key)) is None or depth > 4:
            continue
        inherited = _with_inherited(parent, volumes, depth + 1)
        if parent.kind == "xdata":
            fields = inherited | fields
            continue
        form = kind_of(entry.kind)
        if form.is_part and "title" in inherited and "booktitle" not in inherited:
            fields.setdefault("journaltitle" if form.is_in_a_journal else "booktitle", inherited["title"])
        fields = {name: value for name, value in inherited.items() if name not in _NOT_INHERITED} | fields
    return fields


def _item(entry: BibEntry) -> ImportedItem | None:
    fields = entry.fields
    facts = {
        "title": _title(entry),
        "abstract": decode_lines(fields.get("abstract", "")),
        "authors": names_in(fields.get("author") or fields.get("editor") or ""),
        "date": date_of(fields),
        "journal_ref": _venue(entry),
        "doi": fields.get("doi") or bare_doi(fields.get("note", "")) or "",
        "url": _link(fields),
        "keywords": _listed(entry.text("keywords")),
        "categories": [_category(fields)],
        "record": _record(entry),
        "withdrawn": bool(_SAYS_WITHDRAWN.match(fields.get("note", ""))),
    }
    listed = ((name, _listed(entry.text(field))) for name, field in _WORDS if fields.get(field))
    words = {name: tuple(words) for name, words in listed}
    own = [*_own_ids(fields), fields.get("doi", ""), _DBLP_KEY.sub(r"arXiv:\g<month>.\g<number>", entry.key)]
    other = [value for name, value in fields.items() if name not in _NO_PLACES]
    rest = rest_in(rest_from_tex(fields.get("paperdeck", "")))
    return item_of(facts, own, other, rest=rest, marks=_marks(entry), line=entry.line, words=words)


def _own_ids(fields: Mapping[str, str]) -> Iterator[str]:
    """The values of the fields for an arXiv id."""
    archive = re.sub(r"[^a-z]", "", (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").lower())
    if archive.startswith("arxiv") or archive == "axv":
        eprint = re.sub(r"[{}]", "", fields.get("eprint", ""))
        yield eprint
        if eprint.isdecimal() and len(eprint) == 7:  # the old form, with its archive in another field
            yield f"{_category(fields).partition('.')[0]}/{eprint}"
    yield from (value for name, value in fields.items() if _ARXIV_FIELD.fullmatch(name))
    yield from ids_in_numbers(*([fields.get(name, "") for name in names] for names in (_PREPRINT_PLACES, _NUMBERS)))
    if "arxiv" in (fields.get("archive") or fields.get("repository") or "").lower():
        yield fields.get("archivelocation") or fields.get("archive_location") or ""


def _title(entry: BibEntry) -> str:
    title = entry.text("title") or entry.text("maintitle") or ("" if entry.text("author") else entry.text("booktitle"))
    return with_subtitle(title, entry.text("subtitle"))


def _venue(entry: BibEntry) -> str:
    """Where it was published: never arXiv, which isn't a venue."""
    names = ("journal", "journaltitle", "booktitle", "howpublished", "school", "institution", "publisher")
    venues = (venue_named(entry.text(name)) for name in names)
    return next((venue for venue in venues if venue and "://" not in venue), "")


def _category(fields: Mapping[str, str]) -> str:
    category = fields.get("primaryclass") or fields.get("eprintclass") or ""
    if cruft := _ID_IN_CRUFT.search(category):  # as arXiv itself wrote it in June 2024
        return cruft[1]
    return decode(category)


def _link(fields: Mapping[str, str]) -> str:
    link = fields.get("url") or fields.get("link") or ""
    if not link and (found := re.search(r"\\url\{([^{}]+)\}", fields.get("howpublished", "") + fields.get("note", ""))):
        link = found[1]
    return re.sub(r"\\(?=[_&%#~$])|^\{|\}$", "", re.sub(r"^\\url", "", link.strip()))


def _listed(text: str) -> list[str]:
    return [word for word in re.split(r"\s*[,;]\s*", text) if word]


def _marks(entry: BibEntry) -> Marks:
    """The marks in an entry: a note, and whether the paper was read."""
    notes = [decode_lines(entry.fields.get(name, "")) for name in _NOTES]
    note = decode_lines(_note(entry.fields))
    if not find_only_id(_note(entry.fields)) and not note.startswith(("http://", "https://")):
        notes.append(note)
    read = bool(_READ.match(entry.fields.get("readstatus", "").strip()))
    return Marks(note="\n".join(dict.fromkeys(filter(None, notes))), read=read)


def _note(fields: Mapping[str, str]) -> str:
    """The note of an entry, without that the paper was withdrawn."""
    return _SAYS_WITHDRAWN.sub("", fields.get("note", ""), count=1)


def _record(entry: BibEntry) -> tuple[tuple[str, str], ...]:
    """The fields of an entry to keep verbatim; of a plain preprint only its key."""
    fields = dict(entry.fields) | {"note": _note(entry.fields)}
    fields = {name: " ".join(value.split()) for name, value in fields.items() if name not in _NOT_KEPT}
    if not fields["note"]:
        del fields["note"]
    head = (("@type", entry.kind), ("@key", entry.key))
    if entry.kind in PREPRINTS and fields.keys() <= _OURS and (fields.get("eprint") or "paperdeck" in entry.fields):
        return head[1:] if entry.key else ()
    return (*head, *fields.items())
