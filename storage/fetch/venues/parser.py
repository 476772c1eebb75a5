"""Reads the answers of Crossref, DBLP, the ACL Anthology and Semantic Scholar into records.

Shapes: https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md, https://dblp.org/faq/13501473 (`info` holds
the fields of a record), https://aclanthology.org/faq/bibtex/, https://api.semanticscholar.org/api-docs/graph. As the
sources add and drop fields without notice, a value of the wrong type is an unknown one and nothing here raises but
BadAnswer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from paperdeck.storage.cite.venue_record import VenueRecord
from paperdeck.storage.fetch import values
from paperdeck.storage.fetch.http.answers import BadAnswer
from paperdeck.storage.identifiers import arxiv_reference
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import with_subtitle

MAX_RECORDS = 30
"""Maximum number of records read from one answer."""
_CROSSREF_KINDS = {
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "book-chapter": "incollection",
    "posted-content": "preprint",
}
_DBLP_KINDS = {
    "Journal Articles": "article",
    "Conference and Workshop Papers": "inproceedings",
    "Parts in Books or Collections": "incollection",
    "Informal and Other Publications": "preprint",
    "Informal Publications": "preprint",
}
_PREPRINT_VENUES = frozenset({"corr", "arxiv", "arxiv.org", "arxiv preprint"})
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(\S+)")
_ARXIV_LINK = re.compile(r"(?i)arxiv\.org/(?:abs|pdf)/(\S+)")
_MARKUP = re.compile(r"(?i)</?(?:i|b|u|em|strong|sup|sub|sc|scp|tt|span|mml:[a-z]+)\b[^<>]{0,80}>")
_SERIES = re.compile(r"(?i)lecture notes|communications in computer|ifip advances|springer proceedings")
_HOMONYM = re.compile(r" \d{4}$")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_FIELD = re.compile(r"(?m)^\s*([a-z]+)\s*=\s*(?:\"(.*?)\"|\{(.*?)\}|(\w+))\s*(?:,\s*$|\n?\}\s*$)", re.DOTALL)
_ENTRY = re.compile(r"@(\w+)\s*\{\s*[^,\s]+\s*,")


def crossref_record(answer: object) -> VenueRecord:
    """The work in the answer of `/works/{doi}`.

    Raises:
        BadAnswer: there is none in it.
    """
    work = values.mapping(values.mapping(answer).get("message"))
    if not work:
        raise BadAnswer("an answer without a work")
    kind = values.line(work.get("type"))
    title, subtitle = (_without_markup(next(_texts(work.get(name)), "")) for name in ("title", "subtitle"))
    venue, series = _crossref_venue(work, kind)
    return VenueRecord(
        "crossref",
        title=with_subtitle(title, subtitle),
        authors=tuple(filter(None, map(_crossref_name, _maps(work.get("author"))))),
        year=_crossref_year(work),
        venue=venue,
        kind=_CROSSREF_KINDS.get(kind, kind),
        pages=_pages(work.get("page")) or values.line(work.get("article-number")),
        volume=values.line(work.get("volume")),
        number=values.line(work.get("issue")),
        publisher=values.line(work.get("publisher")),
        doi=_doi(work.get("DOI")),
        ids=tuple(dict.fromkeys(_related(values.mapping(work.get("relation"))))),
        url=values.link(work.get("URL")) or "",
        series=series,
    )


def dblp_records(answer: object) -> list[VenueRecord]:
    """The records in the answer of `/search/publ/api`; a search without a hit has none.

    Raises:
        BadAnswer: it is not such an answer.
    """
    result = values.mapping(values.mapping(answer).get("result"))
    if not result:
        raise BadAnswer("an answer without a result")
    hits = values.mapping(result.get("hits")).get("hit")
    infos = (values.mapping(hit.get("info")) for hit in _maps(hits))
    return [_dblp_record(info) for info in infos if info]


def acl_record(text: str) -> VenueRecord:
    """The entry in a `.bib` file of the Anthology, whose fields are on lines of their own.

    Raises:
        BadAnswer: there is no entry in it.
    """
    entry = _ENTRY.search(text)
    if not entry:
        raise BadAnswer("something that is not BibTeX")
    fields = {found[1]: found[2] or found[3] or found[4] or "" for found in _FIELD.finditer(text, entry.end())}
    url = values.link(fields.get("url", "")) or ""
    acl_id = url.rstrip("/").rpartition("/")[2]
    return VenueRecord(
        "acl",
        title=_plain(fields.get("title", "")),
        authors=tuple(filter(None, map(_plain, re.split(r"\s+and\s+", fields.get("author", ""))))),
        year=_year(fields.get("year")),
        venue=_plain(fields.get("booktitle") or fields.get("journal", "")),
        kind=entry[1].lower(),
        pages=_pages(fields.get("pages")),
        volume=values.line(fields.get("volume")),
        number=values.line(fields.get("number")),
        publisher=_plain(fields.get("publisher", "")),
        doi=_doi(fields.get("doi")),
        ids=(f"acl:{acl_id}",) if acl_id else (),
        url=url,
    )


def s2_records(answer: object, asked: list[str]) -> dict[str, VenueRecord]:
    """The papers in the answer of `/paper/batch`, by the arXiv ids that were asked for; unknown ones are null there.

    Args:
        answer: The parsed JSON.
        asked: The arXiv ids, in the order of the request.

    Raises:
        BadAnswer: it is not such an answer.
    """
    if not isinstance(answer, list) or len(answer) != len(asked):
        raise BadAnswer("something that is not a list of papers")
    return {
        paper_id: _s2_record(found, paper_id)
        for paper_id, found in zip(asked, answer, strict=True)
        if isinstance(found, dict)
    }


# -- parts ---------------------------------------------------------------------------------------------------------


def _dblp_record(info: Mapping[str, Any]) -> VenueRecord:
    venue = ", ".join(_texts(info.get("venue")))
    kind = values.line(info.get("type"))
    links = list(_texts(info.get("ee")))
    key = values.line(info.get("key"))
    own = [f"dblp:{key}"] if key else []
    return VenueRecord(
        "dblp",
        title=_without_markup(values.line(info.get("title"))).removesuffix("."),
        authors=tuple(filter(None, map(_dblp_name, _items(values.mapping(info.get("authors")).get("author"))))),
        year=_year(info.get("year")),
        venue=venue,
        kind="preprint" if venue.lower() in _PREPRINT_VENUES else _DBLP_KINDS.get(kind, kind),
        pages=_pages(info.get("pages")),
        volume=values.line(info.get("volume")),
        number=values.line(info.get("number")),
        publisher=values.line(info.get("publisher")),
        doi=_doi(info.get("doi")) or next(filter(None, map(_doi, links)), ""),
        ids=tuple(dict.fromkeys([*own, *_arxiv_ids([*links, info.get("doi"), info.get("volume")])])),
        url=next(filter(None, map(values.link, links)), None) or values.link(info.get("url")) or "",
    )


def _s2_record(found: Mapping[str, Any], paper_id: str) -> VenueRecord:
    outer, journal = values.mapping(found.get("externalIds")), values.mapping(found.get("journal"))
    place = values.mapping(found.get("publicationVenue"))
    named = (("arxiv", outer.get("ArXiv") or paper_id), ("acl", outer.get("ACL")), ("dblp", outer.get("DBLP")))
    return VenueRecord(
        "s2",
        title=values.line(found.get("title")),
        authors=tuple(filter(None, (values.line(author.get("name")) for author in _maps(found.get("authors"))))),
        year=_year(found.get("year")),
        venue=values.line(place.get("name"), found.get("venue"), journal.get("name")),
        pages=_pages(journal.get("pages")),
        volume=values.line(journal.get("volume")),
        doi="" if _ARXIV_DOI.match(_doi(outer.get("DOI"))) else _doi(outer.get("DOI")),
        ids=tuple(f"{kind}:{name}" for kind, value in named if (name := values.line(value))),
        url=values.link(found.get("url")) or "",
    )


def _crossref_name(author: Mapping[str, Any]) -> str:
    family, given = values.line(author.get("family")), values.line(author.get("given"))
    suffix = values.line(author.get("suffix"))
    if not family:
        return f"{{{group}}}" if (group := values.line(author.get("name"))) else given
    return ", ".join(filter(None, (family, suffix, given)))


def _dblp_name(author: object) -> str:
    """A name; DBLP numbers people of one name: `Yang Liu 0003`."""
    return _HOMONYM.sub("", values.line(author, values.mapping(author).get("text")))


def _crossref_venue(work: Mapping[str, Any], kind: str) -> tuple[str, str]:
    """Where it appeared, and the book's series, which publishers put before the book's title; a journal's second title
    is an abbreviation."""
    venues = [_without_markup(text) for text in _texts(work.get("container-title"))]
    if _CROSSREF_KINDS.get(kind) in ("inproceedings", "incollection") and len(venues) > 1:
        book, series = venues[-1], venues[0]
        return (series, book) if _SERIES.match(book) and not _SERIES.match(series) else (book, series)
    institution = values.line(values.mapping(work.get("institution")).get("name"))
    return next(filter(None, (*venues, institution)), ""), ""


def _crossref_year(work: Mapping[str, Any]) -> int | None:
    for name in ("published-print", "published", "issued", "published-online"):
        parts = values.mapping(work.get(name)).get("date-parts")
        first = parts[0] if isinstance(parts, list) and parts else None
        if isinstance(first, list) and first and (year := _year(first[0])):
            return year
    return None


def _related(relation: Mapping[str, Any]) -> Iterator[str]:
    """The preprints that a publisher names: the ones by arXiv's DOI or link."""
    for name in ("has-preprint", "is-version-of", "has-version", "is-same-as"):
        for item in _maps(relation.get(name)):
            yield from _arxiv_ids([item.get("id")])


def _arxiv_ids(texts: Iterable[object]) -> Iterator[str]:
    for text in filter(None, (values.line(text) for text in texts)):
        found = _ARXIV_DOI.search(text.lower()) or _ARXIV_LINK.search(text)
        number = found[1] if found else text.removeprefix("abs/") if text.startswith("abs/") else ""
        if number and (reference := arxiv_reference(number.removesuffix(".pdf"))):
            yield f"arxiv:{reference.id}"


def _without_markup(text: str) -> str:
    """The text without HTML's tags and entities, which publishers and DBLP leave in titles."""
    return values.line(unescape(_MARKUP.sub("", text)))


def _doi(value: object) -> str:
    """A DOI in lower case; empty for a text that goes on after one, as that may be a part of it."""
    found = values.doi(value)
    return found.lower() if values.line(value).endswith(found) else ""


def _pages(value: object) -> str:
    return re.sub(r"\s*[-–—]+\s*", "-", values.line(value))


def _year(value: object) -> int | None:
    found = _YEAR.fullmatch(str(value).strip())
    return int(found[0]) if found else None


def _plain(value: str) -> str:
    return values.line(to_unicode(" ".join(value.split())).replace("{", "").replace("}", ""))


def _items(value: object) -> list[object]:
    """A list as it is, and a single value as a list of one: DBLP writes a single author without the list."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return items[: values.MAX_AUTHORS]


def _texts(value: object) -> Iterator[str]:
    return filter(None, (values.line(item) for item in _items(value)[:MAX_RECORDS]))


def _maps(value: object) -> list[Mapping[str, Any]]:
    return [item for item in _items(value) if isinstance(item, dict)]
