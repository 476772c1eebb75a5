"""CSL-JSON, which pandoc, Zotero and every CSL processor read.

Format: https://docs.citationstyles.org/en/stable/specification.html (1.0.2, where `article` is a preprint).
"""

from __future__ import annotations

import re
from typing import Any

from paperdeck.storage.kinds import EVENT, KINDS, OTHER, Kind, names_by, record_of
from paperdeck.storage.text.names import OTHERS, Name, without_particle

from .rest import rest_of
from .work import WITHDRAWN, Dated, Work

_MARKUP = re.compile(r"<(?=/?(?:i|b|sc|sub|sup|span)\b)", re.IGNORECASE)
FIELDS = {
    "volume": "volume",
    "ISSN": "issn",
    "ISBN": "isbn",
    "edition": "edition",
    "collection-title": "series",
    "event-title": EVENT,
    "event-place": "venue",
    "chapter-number": "chapter",
    "number-of-pages": "pagetotal",
    "PMID": "pmid",
    "version": "version",
}
"""Fields of CSL that hold the same as a field of BibTeX."""

TYPES = {
    **names_by("csl"),
    **names_by("zotero"),
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "proceedings": "proceedings",
    "book-chapter": "incollection",
    "book-section": "incollection",
    "reference-entry": "inreference",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "dissertation": "thesis",
    "book-part": "incollection",
    "book-set": "book",
    "book-series": "book",
    "podcast": "audio",
    "radioBroadcast": "broadcast",
    "email": "letter",
}
"""Types of CSL, Zotero and Crossref and the types of BibTeX that mean the same."""

NAMES = FIELDS | {
    "publisher": "publisher",
    "publisher-place": "address",
    "place": "address",
    "page": "pages",
    "pages": "pages",
    "series": "series",
    "genre": "type",
    "collection-number": "number",
    "number": "number",
    "article-number": "eid",
    "issue": "number",
    "event": EVENT,
    "status": "pubstate",
    "note": "note",
}
"""Fields of CSL, Zotero and Crossref and the fields of BibTeX that mean the same; the last one counts."""


def kind_named(named: str) -> Kind:
    """The kind of work that has a name in CSL, Zotero or Crossref."""
    return KINDS.get(TYPES.get(named, ""), OTHER)


def record_of_type(named: str) -> dict[str, str]:
    """The fields of a record that give a type of CSL, Zotero or Crossref; none for an unknown one."""
    return record_of(TYPES.get(named, ""))


_WORD_JOINER = "\u2060"


def item(work: Work, key: str) -> dict[str, Any]:
    """One work as an item; unknown values are left out.

    The arXiv id is the number of a preprint only: styles print the number of an article in place of its pages.
    """
    arxiv = f"arXiv:{work.arxiv_id}" if work.arxiv_id else ""
    fields = {
        "id": key,
        "type": work.form.csl,
        "title": _plain(work.title),
        "author": [author(name) for name in work.authors],
        "editor": [author(name) for name in work.editors],
        "translator": [author(name) for name in work.translators],
        "issued": _parts_of(work.date),
        "original-date": _parts_of(work.first_date),
        "genre": _plain(work.genre),
        work.form.csl_issuer: _plain(work.issuer),
        "status": WITHDRAWN.lower() if work.paper.withdrawn else _plain(work.status),
        "edition": _plain(work.edition),
        "publisher-place": _plain(work.publisher_place),
        "number": _plain(work.number),
        "note": "" if work.is_preprint else arxiv or _plain(work.note),
        "container-title": _plain(work.container),
        "collection-number": _plain(work.series_number),
        "issue": _plain(work.issue),
        "page": _plain(work.pages.replace("–", "-")),
        "DOI": work.doi,
        "URL": work.url,
        "abstract": _plain(work.abstract if work.entry is None else work.paper.abstract),
        **_marks(work),
    }
    return _parts(work) | {name: value for name, value in fields.items() if value}


def _parts(work: Work) -> dict[str, str]:
    if work.is_preprint:
        version = work.paper.version or 1
        return {"version": str(version)} if version > 1 else {}
    texts = {name: _plain(work.parts.get(field, "")) for name, field in FIELDS.items()}
    return {name: text for name, text in (texts | {"event-title": _plain(work.event_title)}).items() if text}


def _marks(work: Work) -> dict[str, Any]:
    """If requested, the reader's tags and note, and every fact without a CSL field."""
    if work.entry is None:
        return {}
    marks = work.entry.marks
    tags = ", ".join(sorted(marks.tags))
    return {"keyword": tags, "annote": _plain(marks.note), "custom": {"paperdeck": rest_of(work.entry)}}


def author(name: Name) -> dict[str, str]:
    """A name with its parts, or a group as one literal; pandoc takes “others” for “et al.”"""
    if name == OTHERS:
        return {"literal": "others"}
    if name.whole:
        return {"literal": name.text}
    given, dropping = without_particle(name.given)
    parts = {
        "family": name.family,
        "given": given,
        "dropping-particle": dropping,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}


def _parts_of(date: Dated | None) -> dict[str, list[list[int]]]:
    return {"date-parts": [[part for part in date if part]]} if date else {}


def _plain(text: str) -> str:
    """The text with an invisible joiner inside each `<i>`, so that no processor reads it as markup."""
    return _MARKUP.sub("<" + _WORD_JOINER, text)
