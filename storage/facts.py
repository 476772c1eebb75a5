"""The facts and links of a paper as labels and values, in one list for every place that shows them.

`facts_about(paper)` lists the most useful facts first. A writer walks the list and formats each value by its kind; it
never takes a fact from the paper directly, so a new fact appears everywhere at once. The command line (`show`,
`show --plain`, `list --plain`), the feed and the digest work this way.

The detail pane uses the same list: title, authors and long texts (`FactKind.TEXT`) get sections of their own; short
facts become phrases such as “listed 20 Nov 2026” or “76 upvotes” (`phrase`), one line for each group of `SHORT_FACTS`.
Links come from `links_of(paper)`, whose names are also the ids of the actions that open them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.text.words import count_of, long_day, month_or_year

if TYPE_CHECKING:
    from paperdeck.storage.paper import Entry, Paper

Value = str | int | date | tuple[str, ...]


class FactKind:
    """The kind of a fact's value."""

    LINE = "line"
    """One line of text that may hold TeX."""
    TEXT = "text"
    """Paragraphs that may hold TeX."""
    NAMES = "names"
    """A tuple of names."""
    DAY = "day"
    """A date, or the words for a month or a year if no day is known."""
    COUNT = "count"
    """A number of things."""
    ID = "id"
    """An identifier, to be shown as it is."""
    LINK = "link"
    """A URL, to be shown as it is."""


class Fact(NamedTuple):
    """One known fact."""

    name: str
    """Its id: mostly the name of the field of Paper or Marks."""
    label: str
    """Its label in a list: `Published in`."""
    value: Value
    kind: str = FactKind.LINE
    """One of FactKind."""


class Link(NamedTuple):
    """A link and its target's name."""

    name: str
    """`page`, `pdf`, `code`, `project`, `arXiv`, `publisher`, `media 1` …"""
    url: str


ORIGIN = ("organization", "id", "version")
DAYS = ("published", "listed")
SUBMISSION = ("submitter", "categories")
IN_PRINT = ("comment", "journal_ref", "doi")
COUNTS = ("upvotes", "comments", "code_stars")
SHORT_FACTS = (ORIGIN, DAYS, ("withdrawn",), SUBMISSION, IN_PRINT, COUNTS)
"""The names of the facts that share a line, in the order of the lines."""


def facts_about(paper: Paper) -> list[Fact]:
    """The known facts of a paper, most useful first."""
    return [fact for fact in _facts(paper) if fact.value not in (None, "", ())]


def _facts(paper: Paper) -> Iterator[Fact]:
    yield Fact("title", "Title", paper.title)
    yield Fact("authors", "Editors" if paper.is_edited else "Authors", paper.shown_authors, FactKind.NAMES)
    yield Fact("organization", "Organization", paper.organization or "")
    yield Fact("listed", "Listed", paper.listed or "", FactKind.DAY)
    yield Fact("published", "Published", paper.published or month_or_year(paper.dated or ""), FactKind.DAY)
    yield Fact("withdrawn", "Withdrawn", "yes" if paper.withdrawn else "")
    yield Fact("upvotes", "Upvotes", _count(paper.upvotes), FactKind.COUNT)
    yield Fact("comments", "Comments", _count(paper.comments), FactKind.COUNT)
    yield Fact("code_stars", "Code stars", _count(paper.code_stars) if paper.code_url else "", FactKind.COUNT)
    yield Fact("version", "Version", paper.version or "", FactKind.ID)
    yield Fact("submitter", "Submitted by", paper.submitter or "")
    yield Fact("categories", "Categories", paper.categories, FactKind.NAMES)
    yield Fact("keywords", "Keywords", paper.keywords, FactKind.NAMES)
    yield Fact("comment", "Remark", paper.comment or "")
    yield Fact("journal_ref", "Published in", paper.journal_ref or "")
    yield Fact("id", "Id", paper.id, FactKind.ID)
    yield Fact("doi", "DOI", paper.doi or "", FactKind.ID)
    links = {link.name: link.url for link in links_of(paper)}
    labels = {"page": "Page", "pdf": "PDF", "code": "Code at", "project": "Project at"}
    yield from (Fact(name, label, links.get(name, ""), FactKind.LINK) for name, label in labels.items())
    yield Fact("ai_summary", "Summary by a model", paper.ai_summary or "", FactKind.TEXT)
    yield Fact("abstract", "Abstract", paper.abstract, FactKind.TEXT)


def _count(number: int | None) -> int | str:
    return "" if number is None else number


HEAD = ("title", "authors", "organization", "listed", "published", "withdrawn", "upvotes", "comments", "code")
"""The names of the facts that help to choose from a list."""


def facts_of_entry(entry: Entry) -> list[Fact]:
    """The facts and marks of a paper: short ones first, long texts last."""
    facts, marks = facts_about(entry.paper), facts_of_marks(entry)
    head = [fact for fact in facts if fact.name in HEAD]
    more = [fact for fact in facts if fact.name not in HEAD and fact.kind != FactKind.TEXT]
    texts = [fact for fact in (*marks, *facts) if fact.kind == FactKind.TEXT]
    return [*head, *(fact for fact in marks if fact.kind != FactKind.TEXT), *more, *texts]


def facts_of_marks(entry: Entry) -> list[Fact]:
    """The marks of a paper as facts: state, tags and note."""
    marks = entry.marks
    states = ["read"] if marks.read else ["unread"] if entry.is_unread else []
    states += ["starred"] if marks.starred else []
    states += ["hidden"] if marks.hidden else []
    facts = [Fact("state", "State", tuple(states), FactKind.NAMES)] if states else []
    facts += [Fact("tags", "Tags", tuple(sorted(marks.tags)), FactKind.NAMES)] if marks.tags else []
    return facts + ([Fact("note", "Note", marks.note, FactKind.TEXT)] if marks.note else [])


def phrase(fact: Fact) -> str:
    """A short fact as part of a line, without its label: `listed 20 Nov 2026`, `version 2`, `76 upvotes`."""
    value = fact.value
    match fact.name:
        case "published" | "listed" if isinstance(value, date):
            return f"{fact.name} {long_day(value)}"
        case "published":
            return f"published {value}"
        case "version":
            return f"version {value}"
        case "submitter":
            return f"submitted by {value}"
        case "withdrawn":
            return "withdrawn"
        case "doi":
            return f"doi:{value}"
        case "upvotes" | "comments" | "code_stars" if isinstance(value, int):
            return count_of(value, {"upvotes": "upvote", "comments": "comment", "code_stars": "star"}[fact.name])
        case _:
            return ", ".join(value) if isinstance(value, tuple) else str(value)


def links_of(paper: Paper) -> tuple[Link, ...]:
    """All links of a paper, each URL once; the page to open is the first if there is one."""
    named = (
        ("page", paper.url),
        ("pdf", paper.pdf_url),
        ("code", paper.code_url),
        ("project", paper.project_url),
        ("arXiv", paper.abs_url),
        ("publisher", paper.doi_url),
        *((f"media {number}", url) for number, url in enumerate(paper.media, 1)),
    )
    once: dict[str, str] = {}
    for name, url in named:
        if url:
            once.setdefault(url, name)
    return tuple(Link(name, url) for url, name in once.items())
