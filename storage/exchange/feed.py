"""Feeds of papers for any feed reader: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1.

A paper's id in a feed is its page on arXiv, which stays the same whatever is learnt about it later; one that arXiv does
not have gets a UUID made from its local id. The same papers always give the same feed.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.facts import links_of
from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.sites import hub_page
from paperdeck.storage.text.tex import to_unicode

_NAME = "paperdeck"
_ATOM = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_JSON_VERSION = "https://jsonfeed.org/version/1.1"
_MAKER = "https://paperdeck.invalid/"
"""What our UUIDs are made from; nothing is there."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

Element = ElementTree.Element


@dataclass(frozen=True, slots=True)
class Head:
    """What a feed is about."""

    title: str
    query: str = ""

    @property
    def id(self) -> str:
        """The same for the same query."""
        return uuid5(NAMESPACE_URL, f"{_MAKER}feed?{self.query}").urn


@dataclass(frozen=True, slots=True)
class _Post:
    """One paper as all forms show it; its text has no character that XML forbids."""

    id: str
    url: str | None
    title: str
    html: str
    summary: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    keywords: tuple[str, ...]


def feed_text(entries: Iterable[Entry], form: str, head: Head) -> str:
    """The entries as a feed, in the order given.

    Args:
        entries: The papers.
        form: One of FEEDS.
        head: What the feed is about.

    Raises:
        InvalidInput: there is no such form.
    """
    if form not in FEEDS:
        raise InvalidInput(f"“{form}” is no form of feed; there are {', '.join(FEEDS)}.")
    papers = {entry.paper.id: entry.paper for entry in entries}
    return FEEDS[form](Head(_clean(head.title), _clean(head.query)), [_post(paper) for paper in papers.values()])


def _clean(text: str) -> str:
    """The text without the characters that XML 1.0 forbids (its production 2, Char)."""
    return _NOT_XML.sub("�", text)


# -- posts ---------------------------------------------------------------------------------------------------------


def _post(paper: Paper) -> _Post:
    published = _time_of(paper)
    revised = datetime.combine(paper.updated, time(), UTC) if paper.updated else published
    title = " ".join(to_unicode(paper.title).split())
    return _Post(
        id=paper.abs_url or uuid5(NAMESPACE_URL, f"{_MAKER}{paper.id}").urn,
        url=paper.url,
        title=_clean(title or paper.id),
        html=_clean("\n".join(_html(paper))),
        summary=_clean(to_unicode(paper.ai_summary or paper.abstract)),
        published=published,
        updated=max(published, revised),
        authors=tuple(_clean(to_unicode(author)) for author in paper.authors),
        keywords=tuple(map(_clean, paper.keywords or paper.categories)),
    )


def _time_of(paper: Paper) -> datetime:
    """The day of the paper at midnight UTC; of one without, when it came into the library."""
    if paper.day:
        return datetime.combine(paper.day, time(), UTC)
    try:
        known = datetime.fromisoformat(paper.added or "")
    except ValueError:
        return _BEGINNING
    return known if known.tzinfo else known.replace(tzinfo=UTC)


def _html(paper: Paper) -> Iterable[str]:
    """The whole of a paper's text and links as HTML."""
    by = ", ".join(map(to_unicode, paper.authors))
    yield f"<p>{escape(' · '.join(filter(None, (by, paper.organization))))}</p>" if by or paper.organization else ""
    if paper.ai_summary:
        yield f"<p><strong>Summary by a model:</strong> {escape(to_unicode(paper.ai_summary))}</p>"
    yield from (f"<p>{escape(part)}</p>" for part in to_unicode(paper.abstract).split("\n\n") if part.strip())
    if paper.comment:
        yield f"<p>{escape(to_unicode(paper.comment))}</p>"
    links = (f'<a href="{escape(link.url)}">{escape(link.name)}</a>' for link in links_of(paper))
    yield f"<p>{' · '.join(links)}</p>"


# -- forms ---------------------------------------------------------------------------------------------------------


def _atom(head: Head, posts: Sequence[_Post]) -> str:
    feed = Element("feed", xmlns=_ATOM)
    _put(feed, "id", head.id)
    _put(feed, "title", head.title)
    _put(feed, "updated", _rfc3339(_newest(posts)))
    _put(_put(feed, "author"), "name", _NAME)  # for entries whose authors nobody knows
    _put(feed, "generator", _NAME)
    for post in posts:
        entry = _put(feed, "entry")
        _put(entry, "id", post.id)
        _put(entry, "title", post.title)
        if post.url:
            _put(entry, "link", rel="alternate", type="text/html", href=post.url)
        _put(entry, "published", _rfc3339(post.published))
        _put(entry, "updated", _rfc3339(post.updated))
        for author in post.authors:
            _put(_put(entry, "author"), "name", author)
        for keyword in post.keywords:
            _put(entry, "category", term=keyword)
        _put(entry, "summary", post.summary)
        _put(entry, "content", post.html, type="html")
    return _written(feed)


def _rss(head: Head, posts: Sequence[_Post]) -> str:
    names = {"xmlns:dc": _DUBLIN_CORE, "xmlns:content": _CONTENT}
    rss = Element("rss", {"version": "2.0", **names})
    channel = _put(rss, "channel")
    _put(channel, "title", head.title)
    _put(channel, "link", hub_page("papers"))
    _put(channel, "description", f"Papers from a {_NAME} library" + (f": {head.query}" if head.query else ""))
    _put(channel, "lastBuildDate", format_datetime(_newest(posts)))
    _put(channel, "generator", _NAME)
    for post in posts:
        item = _put(channel, "item")
        _put(item, "title", post.title)
        if post.url:
            _put(item, "link", post.url)
        _put(item, "guid", post.id, isPermaLink="false")
        _put(item, "pubDate", format_datetime(post.published))
        if post.authors:
            _put(item, "dc:creator", ", ".join(post.authors))
        for keyword in post.keywords:
            _put(item, "category", keyword)
        _put(item, "description", escape(post.summary))  # readers take this for HTML
        _put(item, "content:encoded", post.html)
    return _written(rss)


def _json(head: Head, posts: Sequence[_Post]) -> str:
    feed = {
        "version": _JSON_VERSION,
        "title": head.title,
        "home_page_url": hub_page("papers"),
        "items": [_json_item(post) for post in posts],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _json_item(post: _Post) -> dict[str, Any]:
    item = {
        "id": post.id,
        "url": post.url,
        "title": post.title,
        "content_html": post.html,
        "summary": post.summary,
        "date_published": _rfc3339(post.published),
        "date_modified": _rfc3339(post.updated),
        "authors": [{"name": author} for author in post.authors],
        "tags": list(post.keywords),
    }
    return {name: value for name, value in item.items() if value}


def _newest(posts: Sequence[_Post]) -> datetime:
    return max((post.updated for post in posts), default=_BEGINNING)


def _rfc3339(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _put(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A new element inside another one."""
    child = ElementTree.SubElement(parent, tag, attributes)
    child.text = _clean(text) or None
    return child


def _written(root: Element) -> str:
    ElementTree.indent(root)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + ElementTree.tostring(root, encoding="unicode") + "\n"


FEEDS: Mapping[str, Callable[[Head, Sequence[_Post]], str]] = {"atom": _atom, "rss": _rss, "jsonfeed": _json}
"""The forms of feed, each with what writes it."""
