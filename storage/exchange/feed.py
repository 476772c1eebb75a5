"""Papers as an Atom feed (RFC 4287) for any feed reader.

A paper's id in the feed is its page on arXiv, which stays the same whatever is learned about it later; a paper that
isn't on arXiv gets a UUID made from its local id. The same papers always give the same feed.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from html import escape
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

from paperdeck.storage.facts import SHORT_FACTS, Fact, facts_about, links_of, phrase
from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.times import moment_in, stamp

_NAME = "paperdeck"
_ATOM = "http://www.w3.org/2005/Atom"
_MAKER = "https://paperdeck.invalid/"
"""The base of our UUIDs; the address doesn't exist."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

Element = ElementTree.Element


def feed_text(entries: Iterable[Entry], title: str, query: str, whys: Mapping[str, str] = MappingProxyType({})) -> str:
    """The entries as an Atom feed, in the order given; no paper twice.

    Args:
        title: What the feed is about.
        query: The query that found them; the same query gives the same id.
        whys: Why papers suit the reader's taste, by id.
    """
    papers = {entry.paper.id: entry.paper for entry in entries}.values()
    feed = Element("feed", xmlns=_ATOM)
    _put(feed, "id", uuid5(NAMESPACE_URL, f"{_MAKER}feed?{_clean(query)}").urn)
    _put(feed, "title", title)
    _put(feed, "updated", stamp(max(map(_updated, papers), default=_BEGINNING)))
    _put(_put(feed, "author"), "name", _NAME)  # for entries without known authors
    _put(feed, "generator", _NAME)
    for paper in papers:
        _put_paper(feed, paper, whys.get(paper.id, ""))
    ElementTree.indent(feed)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _put_paper(feed: Element, paper: Paper, why: str) -> None:
    entry = _put(feed, "entry")
    _put(entry, "id", paper.abs_url or uuid5(NAMESPACE_URL, f"{_MAKER}{paper.id}").urn)
    _put(entry, "title", " ".join(to_unicode(paper.title).split()) or paper.id)
    if paper.url:
        _put(entry, "link", rel="alternate", type="text/html", href=paper.url)
    _put(entry, "published", stamp(_time_of(paper)))
    _put(entry, "updated", stamp(_updated(paper)))
    for author in paper.authors:
        _put(_put(entry, "author"), "name", to_unicode(author))
    for keyword in paper.keywords or paper.categories:
        _put(entry, "category", term=_clean(keyword))
    _put(entry, "summary", to_unicode(paper.ai_summary or paper.abstract))
    _put(entry, "content", "\n".join(_html(paper, why)), type="html")


def _put(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A new element inside another one."""
    child = ElementTree.SubElement(parent, tag, attributes)
    child.text = _clean(text) or None
    return child


def _clean(text: str) -> str:
    """The text without the characters that XML 1.0 forbids (its production 2, Char)."""
    return _NOT_XML.sub("�", text)


# -- values --------------------------------------------------------------------------------------------------------


def _updated(paper: Paper) -> datetime:
    published = _time_of(paper)
    return max(published, datetime.combine(paper.updated, time(), UTC)) if paper.updated else published


def _time_of(paper: Paper) -> datetime:
    """The paper's day at midnight UTC; if it has none, the time when it was added to the library."""
    if paper.day:
        return datetime.combine(paper.day, time(), UTC)
    return moment_in(paper.added) or _BEGINNING


def _html(paper: Paper, why: str) -> Iterable[str]:
    """Everything about a paper but its title as HTML: the long texts, the short facts, the links."""
    facts = {fact.name: fact for fact in facts_about(paper)}
    by = ", ".join(map(to_unicode, paper.shown_authors))
    if about := " · ".join(filter(None, (by, paper.organization))):
        yield f"<p>{escape(about)}</p>"
    if why:
        yield f"<p><strong>For you:</strong> {escape(why)}</p>"
    for name in ("ai_summary", "abstract"):
        if name in facts:
            yield from _paragraphs(facts[name])
    short = [phrase(facts[name]) for names in SHORT_FACTS for name in names if name in facts]
    yield f"<p>{escape(to_unicode(' · '.join(short)))}</p>"
    links = (f'<a href="{escape(link.url)}">{escape(link.name)}</a>' for link in links_of(paper))
    yield f"<p>{' · '.join(links)}</p>"


def _paragraphs(fact: Fact) -> Iterable[str]:
    label = "" if fact.name == "abstract" else f"<strong>{escape(fact.label)}:</strong> "
    for part in to_unicode(str(fact.value)).split("\n\n"):
        if part.strip():
            yield f"<p>{label}{escape(part)}</p>"
