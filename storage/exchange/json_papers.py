"""Papers in JSON: paperdeck's own, CSL, Zotero's, the Hub's, Semantic Scholar's, Crossref's and arXiv's."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from paperdeck.storage.cite.csl import NAMES, kind_named, record_of_type
from paperdeck.storage.cite.latex import escape
from paperdeck.storage.cite.work import WITHDRAWN, is_usable_key
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.fetch.hub.parser import parse_item
from paperdeck.storage.fetch.values import Unusable
from paperdeck.storage.identifiers import reference_id
from paperdeck.storage.kinds import EVENT, KINDS, OTHER, PREPRINT, Kind
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.text.bibtex import first_and_last, names_in
from paperdeck.storage.text.dates import date_in, partial_date
from paperdeck.storage.text.names import IS_OTHERS, OTHERS, Name, inverted_name, name_of, split_name
from paperdeck.storage.text.words import number_in, with_subtitle, word_set

from .arxiv_snapshot import paper_of
from .decoding import writable_json
from .records import (
    NO_PAPER,
    Imported,
    ImportedItem,
    Leftover,
    fact_in,
    gathered,
    ids_in_numbers,
    item_of,
    item_of_facts,
    note_in,
    people,
    venue_named,
)

_MARKUP = re.compile(r"</?(?:i|b|em|strong|sc|sub|sup|span|p|div|jats:[a-z]+)\b[^>]{0,80}>")
_START = re.compile(r"[\s,]*")
_NEXT_LINE = re.compile(r"\n[^\S\n]*[\[{]")
_IS_FIELD = re.compile(r"[\w -]{1,30}: ?\S")
"""A fact in the note for which Zotero has no field: `PMID: 7`."""
_SHOWN_CHARACTERS = 80
_WORD_JOINER = "\u2060"
_NO_VENUE = re.compile(r"(?i)(?:submitted to|withdrawn|rejected|under review|desk reject)")
_LISTS = (
    *("items", "papers", "data", "results", "references", "works", "library", "entries"),
    *("hits", "hit", "docs", "notes"),
)
"""The keys under which programs put their lists of papers."""

_BOXES = ("message", "result", "response", "hits")
"""Objects in which services wrap their lists."""

_WRAPPERS = ("data", "attributes", "metadata", "info", "citingPaper", "citedPaper", "content")
"""Objects in which services wrap a paper."""

_NO_PAPERS = frozenset({"attachment", "note", "annotation"})


def from_json(text: str) -> Imported:
    """JSON of any kind that names papers: a list, an object with a list in it, one paper, or one per line.

    Raises:
        InvalidInput: it isn't JSON.
    """
    values, broken = _values(writable_json(text))
    found = gathered(_item(entry) for value in values for entry in _entries(value))
    return replace(found, leftovers=(*found.leftovers, *broken))


def _values(text: str) -> tuple[list[Any], list[Leftover]]:
    """The values in a text: one, or several, such as one per line; broken ones are reported.

    Raises:
        InvalidInput: none can be read.
    """
    decoder = json.JSONDecoder()
    values: list[Any] = []
    broken: list[Leftover] = []
    position = _START.match(text).end()  # type: ignore[union-attr]
    while position < len(text):
        try:
            value, position = decoder.raw_decode(text, position)
            values.append(value)
        except (ValueError, RecursionError) as error:
            following = _NEXT_LINE.search(text, position)
            if not values and not following:
                raise InvalidInput(f"Can't import: not valid JSON ({_reason(error)}).") from error
            line = text.count("\n", 0, position) + 1
            broken.append(
                Leftover(line, text[position : position + _SHOWN_CHARACTERS].partition("\n")[0], "is not valid JSON")
            )
            position = following.end() - 1 if following else len(text)
        position = _START.match(text, position).end()  # type: ignore[union-attr]
    return values, broken


def _reason(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return str(error)
    return "a number in it is too long" if isinstance(error, ValueError) else "its parts are too deeply nested"


def _entries(whole: object) -> list[Any]:
    """The descriptions of papers, wherever the program keeps its list."""
    if isinstance(whole, list):
        return whole
    if not isinstance(whole, dict):
        return [whole]
    if box := next((whole[name] for name in _BOXES if isinstance(whole.get(name), dict)), None):
        return _entries(box)
    if "title" not in whole and (listed := next((v for n in _LISTS if isinstance(v := whole.get(n), list)), None)):
        return listed
    if whole and all(isinstance(value, dict) and "title" in value for value in whole.values()):
        return [{"id": key} | value for key, value in whole.items()]
    return [whole]


def _item(entry: object) -> ImportedItem | Leftover:
    if isinstance(entry, str) and (paper_id := reference_id(entry)):
        return ImportedItem(Paper(id=paper_id))
    if not isinstance(entry, dict):
        return Leftover(0, str(entry)[:60], "does not describe a paper")
    if entry.get("itemType") in _NO_PAPERS:
        return Leftover(0, _first(entry, "title", "note"), f"is not a paper (Zotero calls it {entry['itemType']})")
    entry = _unwrapped(entry)
    made = next(filter(None, (read(entry) for read in _READERS)), None)
    shown = _text(entry.get("id")) or _text(entry.get("title")) or json.dumps(entry, ensure_ascii=False)[:60]
    return made or Leftover(0, shown, NO_PAPER)


def _unwrapped(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """A paper unwrapped from the objects of Zotero, Semantic Scholar, DBLP and others, with the usual field names."""
    while "title" not in entry:
        inner = next((entry[name] for name in _WRAPPERS if isinstance(entry.get(name), dict)), None)
        if inner is None:
            break
        entry = {name: v["value"] if isinstance(v, dict) and v.keys() == {"value"} else v for name, v in inner.items()}
    titles = [title.get("title") for title in _dicts(entry.get("titles"))]
    eprints = [eprint.get("value") for eprint in _dicts(entry.get("arxiv_eprints"))]
    eprints += [text for text in _list(entry.get("identifier")) if "arxiv:" in _text(text).lower()]
    authors = [held.get("author") for held in _dicts(entry.get("authorships"))]
    if isinstance(listed := entry.get("authors"), dict):  # DBLP's, where a single author isn't a list
        authors = _list(listed.get("author")) or [listed.get("author")]
    found = {"title": titles[:1], "arxiv_id": eprints[:1], "authors": authors}
    return {**entry, **{name: value for name, value in found.items() if value}} if any(found.values()) else entry


def _own(entry: Mapping[str, Any]) -> ImportedItem | None:
    """The output of `export --to json`."""
    return item_of_facts(entry) if "sources" in entry and "starred" in entry else None


def _hub(entry: Mapping[str, Any]) -> ImportedItem | None:
    """An item of the Hub's Daily Papers, or a paper of its search."""
    held = entry.get("paper")
    inner: Mapping[str, Any] = held if isinstance(held, dict) else entry
    if "publishedAt" not in inner and "paper" not in entry:
        return None
    try:
        return ImportedItem(parse_item({"paper": inner} | {k: v for k, v in entry.items() if inner is not entry}))
    except Unusable:
        return None


def _semantic_scholar(entry: Mapping[str, Any]) -> ImportedItem | None:
    ids = entry.get("externalIds")
    if not isinstance(ids, dict):
        return None
    facts = {
        "title": _text(entry.get("title")),
        "abstract": _text(entry.get("abstract")),
        "authors": [_text(name.get("name")) for name in _dicts(entry.get("authors"))],
        "date": date_in(entry.get("publicationDate")) or partial_date(entry.get("year")),
        "journal_ref": venue_named(_text(entry.get("venue"))),
        "doi": _text(ids.get("DOI")),
        "url": _text(entry.get("url")),
    }
    return item_of(facts, [_text(ids.get("ArXiv"))])


def _arxiv(entry: Mapping[str, Any]) -> ImportedItem | None:
    """An object of arXiv's own list of metadata."""
    if "authors_parsed" not in entry and not isinstance(entry.get("versions"), list):
        return None
    paper = paper_of(entry)
    return ImportedItem(paper) if paper else None


def _csl(entry: Mapping[str, Any]) -> ImportedItem | None:
    """CSL-JSON, Crossref's answers and Zotero's JSON, which use mostly the same names."""
    listed = entry.get("author") or entry.get("authors")
    if isinstance(listed, str):  # as BibTeX or tables list them
        listed = names_in(re.sub(r"[;|]", " and ", listed))
    authors = map(_name, _list(listed))
    others = ([*map(_name, _list(entry.get(role))), *_creators(entry, {role})] for role in ("editor", "translator"))
    shown, roles = people([*authors, *_creators(entry, _AUTHORS)], *others)
    form = kind_named(_first(entry, "itemType", "type"))
    places = () if form.is_whole else (form.in_zotero.get(form.venue, ""), *_VENUES, *(_EVENTS * form.is_held))
    venue = _first(entry, *places)
    facts = {
        "title": with_subtitle(_first(entry, *_TITLES), _first(entry, "subtitle")),
        "abstract": _first(entry, "abstract", "abstractNote", "summary"),
        "authors": shown,
        "date": _date(entry, *_DATE_FIELDS),
        "journal_ref": "" if _NO_VENUE.match(venue) else venue_named(venue),
        "doi": _first(entry, "DOI", "doi"),
        "url": _first(entry, "URL", "url"),
        "comment": _first(entry, "comment"),
        "version": number_in(_first(entry, "version")) if _is_of_arxiv(entry, form) else None,
        "record": (*_kept(entry), *roles.items()),
        "withdrawn": (_first(entry, "status") or fact_in(_extra(entry), "status")).lower() == WITHDRAWN.lower(),
    }
    own = [_first(entry, name) for name in _OWN_PLACES]
    own += [value for name in ("number", "id") if "arxiv" in (value := _first(entry, name)).lower() or name == "id"]
    own += ids_in_numbers(*(map(partial(_first, entry), names) for names in (_PREPRINT_PLACES, _NUMBERS)))
    other = [line for name in _OTHER_PLACES for line in _first(entry, name).splitlines()]
    words = {"keywords": tuple(_tags(entry))}
    custom = entry.get("custom")
    rest = custom.get("paperdeck") if isinstance(custom, dict) else None
    return item_of(facts, own, [*other, venue], rest=rest, marks=Marks(note=_notes(entry)), words=words)


_TITLES = ("title", *(form.in_zotero["title"] for form in KINDS.values() if "title" in form.in_zotero), "subject")
_VENUES = ("container-title", "publicationTitle", "journal_ref", "journal", "venue")
_EVENTS = ("event-title", "event", "conferenceName")
_OWN_PLACES = (*("DOI", "doi", "archive_location", "archiveID", "arxiv_id", "arxivId", "arxiv", "eprint", "entry_id"),)
_PREPRINT_PLACES = (*_VENUES, "publisher", "repository", "archive", "source", "libraryCatalog")
_NUMBERS = ("number", "volume", "issue", "page", "pages")
"""Fields in which a bare number is an arXiv id if one of the places is arXiv."""
_OTHER_PLACES = ("URL", "url", "note", "extra", "number", "journalAbbreviation", "volume", "page", "repository")
_READERS: tuple[Callable[[Mapping[str, Any]], ImportedItem | None], ...] = (_own, _semantic_scholar, _arxiv, _hub, _csl)


# -- parts -------------------------------------------------------------------------------------------------------------


_AUTHORS = word_set(
    "author inventor programmer director presenter podcaster artist performer cartographer interviewee sponsor"
)
"""What Zotero calls those who made a work, by its type."""


def _creators(entry: Mapping[str, Any], roles: Collection[str]) -> list[Name | str]:
    """The people of some roles in an item of Zotero."""
    return [_name(name) for name in _dicts(entry.get("creators")) if name.get("creatorType", "author") in roles]


def _name(name: object) -> Name | str:
    if isinstance(name, Name):
        return name
    if not isinstance(name, dict):
        return split_name(name) if isinstance(name, str) and ", " in name else name if isinstance(name, str) else ""
    texts = {part: value for part, value in name.items() if isinstance(value, str)}
    family, given = (next(filter(None, map(texts.get, names)), "") for names in _NAME_PARTS)
    if not family:
        whole = next(filter(None, map(texts.get, _WHOLE_NAMES)), given)
        if IS_OTHERS.fullmatch(whole):
            return OTHERS
        return name_of((whole,)) if texts.keys() & _OF_WHOLE_NAMES else split_name(whole)
    given = f"{given} {texts.get('dropping-particle', '')}".strip()
    particle, suffix = texts.get("non-dropping-particle", ""), texts.get("suffix", "")
    return name_of((family, given, particle, suffix)) if particle else inverted_name(family, given, suffix)


_NAME_PARTS = (("family", "lastName", "familyName"), ("given", "firstName", "givenName"))
_OF_WHOLE_NAMES = frozenset({"literal", "creatorType", "sequence"})
"""Fields with which CSL, Zotero and Crossref give a name of no parts."""
_WHOLE_NAMES = ("literal", "name", "display_name", "full_name", "text")


def _date(entry: Mapping[str, Any], *names: str) -> str:
    """The date in the first of some fields that has one, in parts or as a text."""
    issued = next(filter(None, map(entry.get, names)), None)
    if isinstance(issued, list):
        issued = issued[0]
    if not isinstance(issued, dict):
        return date_in(issued) if isinstance(issued, str | int) else ""
    listed = issued.get("date-parts")
    first = listed[0] if isinstance(listed, list) and listed else listed
    parts = [*(first if isinstance(first, list) else [first]), "", "", ""]
    return (
        partial_date(*parts[:3])
        or partial_date(issued.get("year"), issued.get("month"), issued.get("day"))
        or date_in(issued.get("raw") or issued.get("literal"))
    )


_DATE_FIELDS = (
    *("issued", "published", "published-print", "published-online", "posted", "date", "publication_date", "pubdate"),
    *("preprint_date", "issueDate", "dateEnacted", "dateDecided", "year", "publication_year", "publicationYear"),
)


_KEYS = ("citation-key", "citationKey", "citekey")


def _kept(entry: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The fields of an item to keep: type, key and venue, by BibTeX's names."""
    named = _first(entry, "itemType", "type")
    key = _first(entry, *_KEYS) or fact_in(_extra(entry), "citation key")
    key = key or (_first(entry, "id") if "type" in entry else "")
    fields, form = record_of_type(named), kind_named(named)
    names = ({"container-title": "series"} if form.is_whole else {}) | NAMES | _names_in_zotero(form)
    names |= {form.csl_issuer: "institution"} if form.csl_issuer not in NAMES else {}
    fields |= {"@key": key} if is_usable_key(key) and not key.isdecimal() else {}
    own = "itemType" in entry or _is_of_arxiv(entry, form)
    for name, field in names.items():
        value = _first(entry, name)
        if not value or _is_no_fact(name, value) or (name == "version" and own):
            continue
        if field == "number" and name == "number" and form.is_in_a_journal:  # of the article, not of the issue
            field = "eid"
        fields[field] = escape("--".join(filter(None, first_and_last(value))) if field == "pages" else value)
    fields |= {"origdate": first} if (first := _date(entry, "original-date", "originalDate")) else {}
    return tuple(fields.items())


def _is_no_fact(name: str, value: str) -> bool:
    """Whether a field repeats what is known already: that it is on arXiv or withdrawn, or a fact of “Extra”."""
    is_of_extra = name == "note" and bool(_IS_FIELD.match(value))
    is_withdrawal = name == "status" and value.lower() == WITHDRAWN.lower()
    return "arxiv" in value.lower() or value == "Preprint" or is_of_extra or is_withdrawal


def _names_in_zotero(form: Kind) -> dict[str, str]:
    """BibTeX's fields by those of Zotero's type, without the venue of a work that is in something else."""
    names = {name: field for field, name in form.in_zotero.items() if field != "title"}
    if not form.is_whole and form.venue != EVENT:
        names.pop(form.in_zotero.get(form.venue, ""), None)
    return {name: "publisher" if field == form.venue and form.is_whole else field for name, field in names.items()}


def _is_of_arxiv(entry: Mapping[str, Any], form: Kind) -> bool:
    """Whether “version” is that of an arXiv preprint; in Zotero's items it counts the changes of the item."""
    return "itemType" not in entry and form in (OTHER, PREPRINT)


def _tags(entry: Mapping[str, Any]) -> Iterator[str]:
    """Zotero's tags, or the keywords of CSL."""
    for tag in _list(entry.get("tags")):
        yield _text(tag.get("tag")) if isinstance(tag, dict) else _text(tag)
    yield from filter(None, re.split(r"\s*[,;]\s*", _first(entry, "keyword")))


def _notes(entry: Mapping[str, Any]) -> str:
    annotated = entry.get("annote") or entry.get("annotation")
    notes = [*(_list(annotated) or [annotated]), *_list(entry.get("notes"))]
    texts = (note.get("note") if isinstance(note, dict) else note for note in notes)
    return "\n".join(filter(None, (note_in(text) for text in texts if isinstance(text, str))))


def _extra(entry: Mapping[str, Any]) -> str:
    """Zotero's field “Extra”, which CSL calls a note."""
    return _first(entry, "extra", "note")


def _first(entry: Mapping[str, Any], *names: str) -> str:
    """The first of some fields that holds a text."""
    return next(filter(None, (_text(entry.get(name)) for name in names)), "")


def _text(value: object) -> str:
    """A text, or the first of a list of texts, without markup."""
    if isinstance(value, list):
        value = next(iter(value), "")
    text = _MARKUP.sub("", str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return html.unescape(text).replace(_WORD_JOINER, "") if "&" in text or _WORD_JOINER in text else text


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]
