"""Papers for a screen reader or a braille display: one fact a line in whole words, nothing padded, cut or drawn.

A line is as long as its fact; the terminal or the display breaks it. Counts stand without a separator of thousands,
which a voice of another language would take for a decimal one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from datetime import date

    from paperdeck.storage.paper import Entry, Marks, Paper

MOST_AUTHORS = 20
"""From so many authors on, all their names are the last that is said of a paper."""
_FIRST_AUTHORS = 3
_STYLED = re.compile("[\u2102-\u2131\u2133-\u2138\u2145-\u2149\U0001d400-\U0001d7ff]")

Facts = Iterable[tuple[str, object]]


def entries_as_lines(entries: Sequence[Entry], *, tex: bool) -> Iterator[str]:
    """The lines of a list: for each paper its place, what one chooses by, and the id to ask for more by.

    Args:
        entries: The papers.
        tex: Whether mathematics stays TeX source.
    """
    for number, entry in enumerate(entries, 1):
        if number > 1:
            yield ""
        yield f"Paper {number} of {len(entries)}"
        paper = entry.paper
        yield from _lines([*_head(paper), *_state(entry.marks, noted=True), ("Id", paper.id)], tex)


def entry_as_lines(entry: Entry, *, tex: bool) -> Iterator[str]:
    """The lines of one paper: everything that is known of it, the short facts first.

    Args:
        entry: The paper.
        tex: Whether mathematics stays TeX source.
    """
    paper, marks = entry.paper, entry.marks
    yield from _lines([*_head(paper), *_state(marks), *_more(paper)], tex)
    texts = (("Note", marks.note), ("Summary by a model", paper.ai_summary), ("Abstract", paper.abstract))
    yield from _lines(texts, tex)
    if len(paper.authors) > MOST_AUTHORS:
        yield f"All {len(paper.authors)} authors: {', '.join(paper.authors)}"


def _head(paper: Paper) -> Facts:
    yield "Title", paper.title
    yield "Authors", _authors(paper.authors)
    yield "Organization", paper.organization
    yield ("Listed", spoken_day(paper.listed)) if paper.listed else ("Published", spoken_day(paper.published))
    yield "Withdrawn", "yes, by its authors" if paper.withdrawn else None
    yield "Upvotes", paper.upvotes
    yield "Comments", paper.comments
    if paper.code_url:
        yield "Code", f"yes, stars: {paper.code_stars}" if paper.code_stars else "yes"


def _more(paper: Paper) -> Facts:
    if paper.listed:
        yield "Published", spoken_day(paper.published)
    yield "Version", paper.version
    yield "Submitted by", paper.submitter
    yield "Categories", ", ".join(paper.categories)
    yield "Keywords", ", ".join(paper.keywords)
    yield "Remark of the authors", paper.comment
    yield "Published in", paper.journal_ref
    yield "Id", paper.id
    yield "DOI", paper.doi
    yield "Page", paper.url
    yield "PDF", paper.pdf_url
    yield "Code at", paper.code_url
    yield "Project at", paper.project_url


def _state(marks: Marks, *, noted: bool = False) -> Facts:
    states = ["read" if marks.read else "unread"]
    states += ["starred"] if marks.starred else []
    states += ["not interested"] if marks.hidden else []
    states += ["with a note"] if noted and marks.note else []
    yield "State", ", ".join(states)
    yield "Tags", ", ".join(sorted(marks.tags))


def _authors(names: Sequence[str]) -> str:
    if len(names) <= MOST_AUTHORS:
        return ", ".join(names)
    return f"{', '.join(names[:_FIRST_AUTHORS])} and {len(names) - _FIRST_AUTHORS} more"


def _lines(facts: Facts, tex: bool) -> Iterator[str]:
    for name, value in facts:
        if value not in (None, ""):
            yield f"{name}: {spoken(str(value), tex=tex)}"


def spoken(text: str, *, tex: bool) -> str:
    """The text with mathematics as voices can say it, or as TeX source.

    Letters in the alphabets of mathematics (𝒪, ℝ, 𝐱) become ordinary ones: most voices leave out the others, or spell
    their numbers. Indices and powers stay, as they are said.
    """
    if tex:
        return text
    from paperdeck.storage.text.tex import to_unicode

    return _STYLED.sub(lambda found: normalize("NFKC", found[0]), to_unicode(text))


def spoken_day(day: date | None) -> str:
    """A day in words: Friday 20 November 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}" if day else ""
