"""Reads arXiv's answers into Papers: the Atom feeds of its API and the RSS feeds of its announcements.

The API (https://info.arxiv.org/help/api/user-manual.html) answers an error with a well-formed feed whose only entry
has an id below `arxiv.org/api/errors`; a paper may well be called “Error”. Its layout changed in 2026, so everything is
found by name and never by position.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from paperdeck.storage.errors import InvalidInput, Refused
from paperdeck.storage.fetch import values
from paperdeck.storage.fetch.http.answers import BadAnswer
from paperdeck.storage.identifiers import Reference, arxiv_reference
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.times import moment_in_mail
from paperdeck.storage.text.words import number_in

from .feed_xml import MAX_ENTRIES, read_feed
from .fields import author_names, is_withdrawn, split_creator

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_ERROR = re.compile(r"https?://(?:export\.)?arxiv\.org/api/errors(?:#|$)")
_CATEGORY = re.compile(r"[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?")
_ABS_LINK = re.compile(r"https?://(?:[\w-]+\.)*arxiv\.org/(?:abs|pdf|html)/(\S+)")
_PREAMBLE = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*\S+\s+(?:Abstract:\s*)?")
_ANNOUNCED = frozenset({"new", "cross"})


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of an answer of the API."""

    papers: tuple[Paper, ...]
    """The papers, in the answer's order."""
    total: int
    """How many papers match; arXiv's figure varies between requests."""
    skipped: int = 0
    """How many entries could not be used."""

    @property
    def entries(self) -> int:
        """The number of entries of the page."""
        return len(self.papers) + self.skipped


@dataclass(frozen=True, slots=True)
class Listing:
    """The announcements in a category on one day."""

    papers: tuple[Paper, ...]
    """New papers, and papers of other categories that were added to this one."""
    day: date | None
    """The day of the announcement, as arXiv (US Eastern time) dates it."""
    skipped: int = 0
    """How many items could not be used."""


def check_category(name: str) -> str:
    """The name if it looks like a category (`cs.CL`, `hep-th`).

    Raises:
        InvalidInput: it does not.
    """
    if _CATEGORY.fullmatch(name):
        return name
    raise InvalidInput(f"“{clean_line(name)[:40]}” is not an arXiv category; one looks like cs.CL.")


def parse_feed(body: bytes, charset: str = "", limit: int = MAX_ENTRIES) -> Feed:
    """The papers of an Atom answer.

    Args:
        charset: The character set of its HTTP header, if that names one.
        limit: The largest number of entries that are read.

    Raises:
        BadAnswer: it is not such an answer.
        Refused: it is arXiv's explanation of why there is none.
    """
    root, broken = read_feed(body, charset, "entry", limit)
    if root.tag != f"{_ATOM}feed":
        raise BadAnswer("something that is not a feed")
    entries = root.findall(f"{_ATOM}entry")
    for entry in entries:
        if _ERROR.match(_text(entry, f"{_ATOM}id")):
            reason = values.line(_text(entry, f"{_ATOM}summary"))[:200].rstrip(".")
            raise Refused(f"arXiv refuses the request ({reason or 'it does not say why'})")
    papers, skipped = _usable(entries, _entry)
    return Feed(papers, number_in(_text(root, f"{_SEARCH}totalResults")) or 0, skipped + broken)


def parse_listing(body: bytes, charset: str = "") -> Listing:
    """The papers of an RSS answer; a feed without any is right on weekends and holidays.

    Args:
        charset: The character set of its HTTP header, if that names one.

    Raises:
        BadAnswer: it is not such an answer.
        Refused: there is no such category.
    """
    root, broken = read_feed(body, charset, "item")
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        raise BadAnswer("something that is not a feed")
    if _text(channel, "title").startswith("Feed error"):
        raise Refused(f"arXiv has no such feed ({values.line(_text(channel, 'title'))[:100]})")
    items = [item for item in channel.findall("item") if _text(item, f"{_ARXIV}announce_type") in _ANNOUNCED]
    papers, skipped = _usable(items, _item)
    return Listing(papers, _announced(channel), skipped + broken)


# -- entries and items ---------------------------------------------------------------------------------------------


def _usable(items: Iterable[Element], read: Callable[[Element], Paper]) -> tuple[tuple[Paper, ...], int]:
    """The papers, each once, and the number of items that were skipped."""
    found, skipped = values.usable(items, read, "arXiv's feed")
    papers: dict[str, Paper] = {}
    for paper in found:
        papers.setdefault(paper.id, paper)
    return tuple(papers.values()), skipped


def _entry(entry: Element) -> Paper:
    title = values.line(_text(entry, f"{_ATOM}title"))
    reference = values.check_identity(_reference(_text(entry, f"{_ATOM}id")), title)
    abstract, comment = values.paragraphs(_text(entry, f"{_ATOM}summary")), _text(entry, f"{_ARXIV}comment")
    names = (_text(author, f"{_ATOM}name") for author in entry.findall(f"{_ATOM}author"))
    return Paper(
        id=reference.id,
        version=reference.version,
        title=title,
        abstract=abstract,
        authors=author_names(names),
        published=values.day(_text(entry, f"{_ATOM}published")),
        updated=values.day(_text(entry, f"{_ATOM}updated")),
        categories=_categories(entry),
        comment=values.line(comment) or None,
        journal_ref=values.line(_text(entry, f"{_ARXIV}journal_ref")) or None,
        doi=values.doi(_text(entry, f"{_ARXIV}doi")) or None,
        withdrawn=is_withdrawn(comment, abstract),
    )


def _item(item: Element) -> Paper:
    title = values.line(_text(item, "title"))
    known = _reference(_text(item, "guid").removeprefix("oai:arXiv.org:")) or _reference(_text(item, "link"))
    reference = values.check_identity(known, title)
    categories = [_string(category) for category in item.findall("category")]
    return Paper(
        id=reference.id,
        version=reference.version,
        title=title,
        abstract=values.paragraphs(_PREAMBLE.sub("", _text(item, "description"), count=1)),
        authors=split_creator(_text(item, _CREATOR)),
        listed=_announced(item),
        categories=tuple(name for name in categories if _CATEGORY.fullmatch(name)),
        journal_ref=values.line(_text(item, f"{_ARXIV}journal_reference")) or None,
        doi=values.doi(_text(item, f"{_ARXIV}DOI")) or None,
    )


def _categories(entry: Element) -> tuple[str, ...]:
    """arXiv's own categories, the primary one first; ACM and MSC codes among them are left out."""
    primary = entry.find(f"{_ARXIV}primary_category")
    found = [primary] if primary is not None else []
    names = [element.get("term", "") for element in [*found, *entry.findall(f"{_ATOM}category")]]
    return tuple(dict.fromkeys(name for name in names if _CATEGORY.fullmatch(name)))


def _announced(element: Element) -> date | None:
    """The day in `pubDate` as written: midnight in US Eastern time."""
    moment = moment_in_mail(_text(element, "pubDate"))
    return moment.date() if moment else None


def _reference(text: str) -> Reference | None:
    """The paper that an id or a link on any of arXiv's hosts names."""
    on_arxiv = _ABS_LINK.match(text)
    return arxiv_reference(on_arxiv[1] if on_arxiv else text)


def _text(element: Element, name: str) -> str:
    """The text of a child, or an empty text."""
    child = element.find(name)
    return "" if child is None else _string(child)


def _string(element: Element) -> str:
    return "".join(element.itertext()).strip()
