"""News of starred papers: code, a new version, a venue, many more upvotes, a withdrawal.

News is derived from the former values in the paper's document (see `paper_documents.py`), so it is exactly what fetches
changed since the reader starred the paper, or last saw its news. The first answer of a source is not news.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from paperdeck.storage.paper import ARXIV_OWNS, FactChange, Marks, Paper
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.times import stamp, utc
from paperdeck.storage.text.word_diff import DiffPiece, word_diff

from .paper_documents import comparable

WITHDRAWN: Final = "withdrawn"
VENUE: Final = "venue"
VERSION: Final = "version"
CODE: Final = "code"
PROJECT: Final = "project"
UPVOTES: Final = "upvotes"

MIN_UPVOTES_GAINED: Final = 10
"""Additional upvotes needed before doubled upvotes are news: from 1 to 2 is not."""

_BIBLIOGRAPHIES: Final = {"crossref": "Crossref", "dblp": "DBLP", "acl": "ACL Anthology", "s2": "Semantic Scholar"}
_ARXIV: Final = "arxiv"
_ACCEPTED: Final = re.compile(r"(?i)\b(?:accepted|to appear|appear(?:s|ed)|published|camera[- ]ready|oral|spotlight)\b")


class News(NamedTuple):
    """One piece of news about a paper."""

    kind: str
    """WITHDRAWN, VENUE, VERSION, CODE, PROJECT or UPVOTES."""
    time: str
    """When it was fetched, as `2026-11-20T12:00:00Z`; for upvotes only the day."""
    words: str
    """The news as readable text on one line, such as `code is out`."""
    proof: str = ""
    """The source with a link to check it, on one line."""
    diff: tuple[DiffPiece, ...] = ()
    """For a new version: the changes in the abstract, word by word."""


def news_of(paper: Paper, marks: Marks) -> tuple[News, ...]:
    """The unseen news of a starred paper, most important first; none for other papers."""
    return news_since(paper, max(starred_since(marks), marks.seen)) if marks.starred else ()


def starred_since(marks: Marks) -> str:
    """When a paper was starred, as `2026-11-20T12:00:00Z`; empty if unknown."""
    return stamp(utc(marks.starred_at)) if marks.starred_at else ""


def news_since(paper: Paper, since: str) -> tuple[News, ...]:
    """The news about a paper since a time, such as `2026-11-20T12:00:00Z`; most important first."""
    if not paper.changes and len(paper.counts) < 2:
        return ()
    return tuple(news for find in _FINDERS if (news := find(paper, since)))


def _former(paper: Paper, fact: str, since: str) -> FactChange | None:
    """A fact's value at a time, by its source, if it has changed since.

    For facts that arXiv owns, the Hub's values are ignored once arXiv's are known.
    """
    trusted = _ARXIV if fact in ARXIV_OWNS and _ARXIV in paper.sources else None
    for change in paper.changes:
        if change.fact == fact and change.time > since and trusted in (None, change.source):
            return change if comparable(change.before) != comparable(getattr(paper, fact)) else None
    return None


def _withdrawn(paper: Paper, since: str) -> News | None:
    change = _former(paper, "withdrawn", since)
    if not change or not paper.withdrawn:
        return None
    return News(WITHDRAWN, change.time, "withdrawn", paper.abs_url or "")


def _venue(paper: Paper, since: str) -> News | None:
    return _in_print(paper, since) or _in_the_authors_words(paper, since)


def _in_print(paper: Paper, since: str) -> News | None:
    """News of a bibliographic record that proves the publication."""
    if not paper.printed:
        return None
    from paperdeck.storage.cite.venue import Proof, judge, proof_of

    record = judge(paper).printed
    if record is None or record.fetched <= since:
        return None
    place = " ".join(filter(None, (to_unicode(record.venue), str(record.year or ""))))
    named = proof_of(paper, record) == Proof.NAMED
    how = "the record names the preprint" if named else "title, authors and year agree"
    source = _BIBLIOGRAPHIES.get(record.source, record.source)
    return News(VENUE, record.fetched, f"published: {place}", f"{source}: {how}; {record.url or record.name}")


def _in_the_authors_words(paper: Paper, since: str) -> News | None:
    """News of a journal reference or DOI, or of a comment that says the paper was accepted."""
    for fact, source in (("journal_ref", "the journal reference on arXiv"), ("doi", "the publisher's DOI on arXiv")):
        change, value = _former(paper, fact, since), getattr(paper, fact)
        if change and value:
            from paperdeck.storage.cite.published_form import published

            work = published(paper)
            place = work.venue if work and work.venue else to_unicode(value)
            return News(VENUE, change.time, f"published: {place}", f"{source}: {to_unicode(value)}")
    change = _former(paper, "comment", since)
    if change and paper.comment and _ACCEPTED.search(paper.comment):
        comment = " ".join(to_unicode(paper.comment).split())
        return News(VENUE, change.time, f"its authors say: “{comment}”", "their comment on arXiv")
    return None


def _version(paper: Paper, since: str) -> News | None:
    version, abstract = _former(paper, "version", since), _former(paper, "abstract", since)
    title = _former(paper, "title", since)
    first = version or abstract or title
    if not first:
        return None
    words = f"version {paper.version} is out" if version and paper.version else "its text changed"
    if version and version.before:
        words += f", after version {version.before}"
    if title and title.before:
        words += f"; it was called “{to_unicode(str(title.before))}”"
    before = to_unicode(str(abstract.before or "")) if abstract else ""
    diff = word_diff(before, to_unicode(paper.abstract)) if before else ()
    return News(VERSION, first.time, words, paper.abs_url or "", diff)


def _link(paper: Paper, since: str, *, fact: str, kind: str, first: str, moved: str) -> News | None:
    change, link = _former(paper, fact, since), getattr(paper, fact)
    return News(kind, change.time, moved if change.before else first, link) if change and link else None


def _upvotes(paper: Paper, since: str) -> News | None:
    """News if upvotes doubled since the last snapshot before the time, or since the first one."""
    counts = paper.counts
    if len(counts) < 2 or paper.upvotes is None:
        return None
    half = since[:10], 12 if since[11:13] >= "12" else 0
    earlier = [count for count in counts if (count.day, count.hour) <= half]
    before = (earlier or counts)[-1 if earlier else 0].upvotes
    if paper.upvotes < 2 * before or paper.upvotes - before < MIN_UPVOTES_GAINED:
        return None
    return News(UPVOTES, counts[-1].day, f"upvotes from {before:,} to {paper.upvotes:,}", "the Hub's count")


_FINDERS: Final[tuple[Callable[[Paper, str], News | None], ...]] = (
    *(_withdrawn, _venue, _version),
    partial(_link, fact="code_url", kind=CODE, first="code is out", moved="its code moved"),
    partial(_link, fact="project_url", kind=PROJECT, first="it has a project page", moved="its project page moved"),
    _upvotes,
)
