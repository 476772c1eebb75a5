"""Reads the Hub's answers into Papers.

The Hub's items changed shape many times since 2023: the day of the listing came in March 2025, summaries in May,
organizations in October. Everything but the id and the title may be missing or of the wrong type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from paperdeck.storage.fetch import values
from paperdeck.storage.identifiers import arxiv_reference, hub_page
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.names import without_marks

MAX_COMMENTS = 2_000
"""Comments that are read."""
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,99}/[A-Za-z0-9_.][\w.-]{0,99}")


@dataclass(frozen=True, slots=True)
class Batch:
    """The contents of one answer."""

    papers: tuple[Paper, ...]
    """The papers in the answer's order; one listed on two days is there twice."""
    skipped: int = 0
    """How many items could not be used."""
    undated: frozenset[str] = frozenset()
    """The ids of papers whose item does not itself say on which day it was listed."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A model, a data set or a space on the Hub that names the paper."""

    id: str
    """Its name on the Hub, `owner/name`."""
    url: str
    """Its page."""
    likes: int | None = None
    """The number of likes."""
    downloads: int | None = None
    """Downloads in the last month."""
    about: str = ""
    """Its purpose, in a few words."""


@dataclass(frozen=True, slots=True)
class Details:
    """One paper with what the Hub links to it."""

    paper: Paper
    """The paper itself; the Hub gives no number of comments here."""
    models: tuple[Repository, ...] = ()
    """Some of the models that name it."""
    datasets: tuple[Repository, ...] = ()
    """Some of the data sets that name it."""
    spaces: tuple[Repository, ...] = ()
    """Some of the spaces that name it."""
    totals: tuple[int, int, int] = (0, 0, 0)
    """How many models, data sets and spaces name it in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment in the discussion of a paper."""

    id: str
    """Its id on the Hub."""
    author: str
    """Its author."""
    text: str
    """Its text, as clean Markdown."""
    written: datetime | None = None
    """When it was written, UTC."""
    parent: str | None = None
    """The id of the comment that it answers."""
    reactions: tuple[tuple[str, int], ...] = ()
    """Reactions and how often each was given."""


def parse_daily(items: Sequence[Any], *, asked: date | None = None) -> Batch:
    """The papers of a list of Daily Papers items; what can't be used is skipped and counted.

    Args:
        items: The parsed JSON of `/api/daily_papers` or `/api/papers/search`.
        asked: The requested day; items of eras that don't name their day were listed on it. Without it such
            items have no day: the wrapper's `publishedAt` is a day or more off in a fifth of them.
    """
    found, skipped = values.usable(items, lambda item: (item, parse_item(item, asked=asked)), "the Hub")
    papers: dict[tuple[str, date | None], Paper] = {}
    for _, paper in found:
        papers.setdefault((paper.id, paper.listed), paper)
    undated = {paper.id for item, paper in found if values.day(item["paper"].get("submittedOnDailyAt")) is None}
    return Batch(tuple(papers.values()), skipped, frozenset(undated))


def parse_item(item: object, *, asked: date | None = None) -> Paper:
    """One Daily Papers item as a Paper.

    Raises:
        Unusable: it has no usable id or no title.
    """
    wrapper = values.mapping(item)
    inner = values.mapping(wrapper.get("paper"))
    if not inner:
        raise values.Unusable("not an item with a paper")
    return _paper(inner, wrapper, listed=values.day(inner.get("submittedOnDailyAt")) or asked)


def parse_details(answer: object) -> Details:
    """The answer of `/api/papers/{id}`: the paper and the repositories that name it.

    Raises:
        Unusable: the paper has no usable id or no title.
    """
    inner = values.mapping(answer)
    models, datasets, spaces = (_repositories(inner.get(f"linked{kind}"), folder) for kind, folder in _LINKED)
    totals = [values.count(inner.get(f"numTotal{kind}")) or 0 for kind, _ in _LINKED]
    totals = [max(total, len(some)) for total, some in zip(totals, (models, datasets, spaces), strict=True)]
    paper = _paper(inner, {}, listed=values.day(inner.get("submittedOnDailyAt")))
    return Details(paper, models, datasets, spaces, (totals[0], totals[1], totals[2]))


def parse_comments(answer: object) -> list[Comment]:
    """The comments in the answer of `/api/papers/{id}?field=comments`; hidden and empty ones are left out."""
    found = values.mapping(answer).get("comments")
    comments = (_comment(values.mapping(item)) for item in values.items(found, MAX_COMMENTS))
    return [comment for comment in comments if comment.id and comment.text]


# -- parts of an item ----------------------------------------------------------------------------------------------

_LINKED = (("Models", ""), ("Datasets", "datasets/"), ("Spaces", "spaces/"))


def _paper(inner: Mapping[str, Any], wrapper: Mapping[str, Any], *, listed: date | None) -> Paper:
    title = values.line(inner.get("title"), wrapper.get("title"))
    reference = values.check_identity(arxiv_reference(inner.get("id")), title)
    organization = values.mapping(inner.get("organization")) or values.mapping(wrapper.get("organization"))
    return Paper(
        id=reference.id,
        version=reference.version,
        title=title,
        abstract=values.paragraphs(inner.get("summary"), wrapper.get("summary")),
        authors=_authors(inner.get("authors")),
        published=values.day(inner.get("publishedAt")),
        listed=listed,
        submitter=_submitter(inner, wrapper),
        organization=values.line(organization.get("fullname"), organization.get("name")) or None,
        upvotes=values.count(inner.get("upvotes")),
        comments=values.count(wrapper.get("numComments")),
        thumbnail=values.link(wrapper.get("thumbnail")),
        media=values.links(inner.get("mediaUrls") or wrapper.get("mediaUrls") or [wrapper.get("mediaUrl")]),
        project_url=values.link(inner.get("projectPage")),
        code_url=_code_link(inner.get("githubRepo")),
        code_stars=values.count(inner.get("githubStars")),
        ai_summary=values.paragraphs(inner.get("ai_summary")) or None,
        keywords=values.lines(inner.get("ai_keywords")),
        withdrawn=values.day(inner.get("withdrawnAt")) is not None,
    )


def _authors(value: object) -> tuple[str, ...]:
    items = values.items(value, values.MAX_AUTHORS)
    names = (values.line(item if isinstance(item, str) else values.mapping(item).get("name")) for item in items)
    return tuple(filter(None, map(without_marks, names)))


def _submitter(inner: Mapping[str, Any], wrapper: Mapping[str, Any]) -> str | None:
    person = values.mapping(inner.get("submittedOnDailyBy")) or values.mapping(wrapper.get("submittedBy"))
    return values.line(person.get("fullname"), person.get("name"), person.get("user")) or None


def _code_link(value: object) -> str | None:
    """The link to a repository; the Hub also writes `owner/name` for one on GitHub."""
    if isinstance(value, str) and _REPOSITORY.fullmatch(value.strip()):
        return f"https://github.com/{value.strip()}"
    return values.link(value)


def _repositories(value: object, folder: str) -> tuple[Repository, ...]:
    found = (_repository(values.mapping(item), folder) for item in values.items(value))
    return tuple(repository for repository in found if repository)


def _repository(item: Mapping[str, Any], folder: str) -> Repository | None:
    name = item.get("id")
    if not isinstance(name, str) or not (_REPOSITORY.fullmatch(name) or re.fullmatch(r"[\w.-]{1,100}", name)):
        return None
    return Repository(
        name,
        hub_page(f"{folder}{name}"),
        values.count(item.get("likes")),
        values.count(item.get("downloads")),
        values.line(item.get("shortDescription"), item.get("ai_short_description"), item.get("pipeline_tag")),
    )


def _comment(item: Mapping[str, Any]) -> Comment:
    data, author = values.mapping(item.get("data")), values.mapping(item.get("author"))
    latest = values.mapping(data.get("latest"))
    parent = data.get("parentCommentId")
    return Comment(
        id=values.line(item.get("id")),
        author=values.line(author.get("fullname"), author.get("name")) or "somebody",
        text="" if data.get("hidden") else values.text(latest.get("raw")),
        written=values.moment(item.get("createdAt")),
        parent=values.line(parent) or None,
        reactions=_reactions(data.get("reactions")),
    )


def _reactions(value: object) -> tuple[tuple[str, int], ...]:
    items = map(values.mapping, values.items(value, 50))
    found = ((values.line(item.get("reaction")), values.count(item.get("count"))) for item in items)
    return tuple((sign, number) for sign, number in found if sign and number)
