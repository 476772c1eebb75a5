"""Papers in JSON: paperdeck's own, CSL, Zotero's, the Hub's, Semantic Scholar's, Crossref's and arXiv's."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from paperdeck.storage.cite.latex import escape
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.fetch.hub.parser import Unusable, parse_item
from paperdeck.storage.paper import Marks
from paperdeck.storage.text.names import Name, inverted_name, name_of, split_name

from .records import (
    NO_PAPER,
    Imported,
    Item,
    Leftover,
    date_in,
    gathered,
    item_of,
    item_of_facts,
    partial_date,
    with_rest,
)

_MARKUP = re.compile(r"</?(?:i|b|em|strong|sc|sub|sup|span|p|div|jats:[a-z]+)\b[^>]{0,80}>")
_WORD_JOINER = "\u2060"
_ARXIV_VENUE = re.compile(r"(?i)\barxiv\b|\bcorr\b")
_LISTS = ("items", "papers", "data", "results", "references", "works", "library", "entries")
"""Under which names the programs keep their lists of papers."""

TYPES = {
    "article-journal": "article",
    "journalArticle": "article",
    "journal-article": "article",
    "article-magazine": "article",
    "paper-conference": "inproceedings",
    "conferencePaper": "inproceedings",
    "proceedings-article": "inproceedings",
    "book": "book",
    "chapter": "incollection",
    "bookSection": "incollection",
    "book-chapter": "incollection",
    "thesis": "phdthesis",
    "report": "techreport",
}
"""Types of CSL, Zotero and Crossref and the types of BibTeX that mean the same."""

FIELDS = {
    "volume": "volume",
    "issue": "number",
    "page": "pages",
    "pages": "pages",
    "publisher": "publisher",
    "ISSN": "issn",
    "ISBN": "isbn",
    "publisher-place": "address",
    "place": "address",
    "edition": "edition",
    "collection-title": "series",
    "series": "series",
}
"""Fields of CSL, Zotero and Crossref and the fields of BibTeX that mean the same."""


def from_json(text: str) -> Imported:
    """JSON of any kind that names papers: a list, an object with a list in it, one paper, or one a line.

    Raises:
        InvalidInput: it isn't JSON.
    """
    try:
        lines = text.strip().startswith("{") and "\n{" in text
        whole = [json.loads(line) for line in text.splitlines() if line.strip()] if lines else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"Can't import: not valid JSON ({error}).") from error
    return gathered(map(_item, _entries(whole)))


def _entries(whole: object) -> list[Any]:
    """The descriptions of papers, wherever the program keeps its list."""
    if isinstance(whole, list):
        return whole
    if isinstance(whole, dict):
        if isinstance(message := whole.get("message"), dict):
            return _entries(message)
        for name in _LISTS:
            if isinstance(listed := whole.get(name), list) and "title" not in whole:
                return listed
    return [whole]


def _item(entry: object) -> Item | Leftover:
    if isinstance(entry, dict) and isinstance(entry.get("data"), dict) and "title" not in entry:
        entry = entry["data"]  # as Zotero's server wraps its items
    if not isinstance(entry, dict):
        return Leftover(0, str(entry)[:60], "does not describe a paper")
    made = next(filter(None, (read(entry) for read in _READERS)), None)
    return made or Leftover(0, _text(entry.get("id")) or _text(entry.get("title")), NO_PAPER)


def _own(entry: Mapping[str, Any]) -> Item | None:
    """The output of `export --to json`."""
    return item_of_facts(entry) if "sources" in entry and "starred" in entry else None


def _hub(entry: Mapping[str, Any]) -> Item | None:
    """An item of the Hub's Daily Papers, or a paper of its search."""
    held = entry.get("paper")
    inner: Mapping[str, Any] = held if isinstance(held, dict) else entry
    if "publishedAt" not in inner and "paper" not in entry:
        return None
    try:
        return Item(parse_item({"paper": inner} | {k: v for k, v in entry.items() if inner is not entry}))
    except Unusable:
        return None


def _semantic_scholar(entry: Mapping[str, Any]) -> Item | None:
    ids = entry.get("externalIds")
    if not isinstance(ids, dict):
        return None
    facts = {
        "title": _text(entry.get("title")),
        "abstract": _text(entry.get("abstract")),
        "authors": [_text(name.get("name")) for name in _dicts(entry.get("authors"))],
        "date": date_in(entry.get("publicationDate")) or partial_date(entry.get("year")),
        "journal_ref": "" if _ARXIV_VENUE.search(venue := _text(entry.get("venue"))) else venue,
        "doi": _text(ids.get("DOI")),
        "url": _text(entry.get("url")),
    }
    return item_of(facts, [_text(ids.get("ArXiv"))])


def _arxiv(entry: Mapping[str, Any]) -> Item | None:
    """A line of arXiv's own list of metadata."""
    if "authors_parsed" not in entry and not isinstance(entry.get("versions"), list):
        return None
    first = next(iter(_dicts(entry.get("versions"))), {})
    parsed = [name for name in entry.get("authors_parsed") or () if isinstance(name, list) and name]
    names = [name_of((_text(n[0]), _text("".join(n[1:2])), "", _text("".join(n[2:3])))) for n in parsed]
    facts = {
        "title": _text(entry.get("title")),
        "abstract": _text(entry.get("abstract")),
        "authors": names or re.split(r",\s*(?:and\s+)?|\s+and\s+", _text(entry.get("authors"))),
        "date": date_in(re.sub(r"\d\d:\d\d.*", "", _text(first.get("created")))),
        "journal_ref": _text(entry.get("journal-ref")),
        "doi": _text(entry.get("doi")),
        "categories": _text(entry.get("categories")).split(),
        "comment": _text(entry.get("comments")) or None,
    }
    return item_of(facts, [_text(entry.get("id"))])


def _csl(entry: Mapping[str, Any]) -> Item | None:
    """CSL-JSON, Crossref's answers and Zotero's JSON, which name most things alike."""
    authors = [_name(name) for name in _list(entry.get("author") or entry.get("authors"))]
    creators = [name for name in _dicts(entry.get("creators")) if name.get("creatorType", "author") == "author"]
    venue = _first(
        entry, "container-title", "publicationTitle", "proceedingsTitle", "bookTitle", "journal_ref", "journal"
    )
    subtitle = _first(entry, "subtitle")
    title = _first(entry, "title")
    facts = {
        "title": f"{title}: {subtitle}" if title and subtitle else title,
        "abstract": _first(entry, "abstract", "abstractNote", "summary"),
        "authors": [*authors, *map(_name, creators)],
        "date": _date(entry),
        "journal_ref": "" if _ARXIV_VENUE.search(venue) else venue,
        "doi": _first(entry, "DOI", "doi"),
        "url": _first(entry, "URL", "url"),
        "version": int(version) if (version := _first(entry, "version")).isdecimal() else None,
        "record": _kept(entry),
    }
    own = [_first(entry, name) for name in ("DOI", "archive_location", "archiveID", "arxiv_id", "arxivId", "eprint")]
    own += [value for name in ("number", "id") if "arxiv" in (value := _first(entry, name)).lower() or name == "id"]
    other = [line for name in _OTHER_PLACES for line in _first(entry, name).splitlines()]
    words = {"keywords": tuple(_tags(entry))}
    made = item_of(facts, own, [*other, venue], marks=Marks(note=_notes(entry)), words=words)
    custom = entry.get("custom")
    return with_rest(made, custom.get("paperdeck") if isinstance(custom, dict) else None) if made else None


_OTHER_PLACES = ("URL", "url", "note", "extra", "number", "journalAbbreviation", "volume", "page", "repository")
_READERS: tuple[Callable[[Mapping[str, Any]], Item | None], ...] = (_own, _semantic_scholar, _arxiv, _hub, _csl)


# -- parts -------------------------------------------------------------------------------------------------------------


def _name(name: object) -> Name | str:
    if not isinstance(name, dict):
        return name if isinstance(name, str) else ""
    texts = {part: value for part, value in name.items() if isinstance(value, str)}
    family, given = (texts.get(part) or texts.get(other, "") for part, other in _NAME_PARTS)
    if not family:
        whole = texts.get("literal") or texts.get("name") or given
        return name_of((whole,)) if "literal" in texts or "creatorType" in texts else split_name(whole)
    particle = " ".join(filter(None, (texts.get(part) for part in ("dropping-particle", "non-dropping-particle"))))
    suffix = texts.get("suffix", "")
    return name_of((family, given, particle, suffix)) if particle else inverted_name(family, given, suffix)


_NAME_PARTS = (("family", "lastName"), ("given", "firstName"))


def _date(entry: Mapping[str, Any]) -> str:
    """The date, in parts or as a text."""
    issued = entry.get("issued") or entry.get("published") or entry.get("date") or entry.get("publication_date")
    if not isinstance(issued, dict):
        return date_in(issued if isinstance(issued, str | int) else entry.get("year"))
    parts = [*_list(next(iter(_list(issued.get("date-parts"))), ())), "", "", ""]
    return partial_date(*parts[:3]) or date_in(issued.get("raw") or issued.get("literal"))


def _kept(entry: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The fields of an item to keep: type, key and venue, by BibTeX's names."""
    kind = TYPES.get(_first(entry, "type", "itemType"))
    key = _first(entry, "citation-key", "citationKey", "citekey") or (_first(entry, "id") if "type" in entry else "")
    fields = {FIELDS[name]: value for name in FIELDS if (value := _first(entry, name)) and value != "arXiv"}
    head = ([("@type", kind)] if kind else []) + (
        [("@key", key)] if re.fullmatch(r"[A-Za-z][\w:.+/-]{1,60}", key) else []
    )
    return (*head, *((name, escape(value)) for name, value in fields.items()))


def _tags(entry: Mapping[str, Any]) -> Iterator[str]:
    """Zotero's tags, or the keywords of CSL."""
    for tag in _list(entry.get("tags")):
        yield _text(tag.get("tag")) if isinstance(tag, dict) else _text(tag)
    yield from filter(None, re.split(r"\s*[,;]\s*", _first(entry, "keyword")))


def _notes(entry: Mapping[str, Any]) -> str:
    notes = [_first(entry, "annote", "annotation")]
    notes += [_text(note.get("note")) if isinstance(note, dict) else _text(note) for note in _list(entry.get("notes"))]
    return "\n".join(html.unescape(re.sub(r"<[^>]{0,200}>", "", note)).strip() for note in notes if note)


def _first(entry: Mapping[str, Any], *names: str) -> str:
    """The first of some fields that holds a text."""
    return next(filter(None, (_text(entry.get(name)) for name in names)), "")


def _text(value: object) -> str:
    """A text, or the first of a list of texts, without mark-up."""
    if isinstance(value, list):
        value = next(iter(value), "")
    text = _MARKUP.sub("", str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return html.unescape(text).replace(_WORD_JOINER, "") if "&" in text or _WORD_JOINER in text else text


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]
