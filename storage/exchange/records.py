"""What readers of foreign files make: papers, and what could not be used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.identifiers import UNDATED, local_id, parse_reference
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.clean import clean_line, clean_paragraphs, web_link
from paperdeck.storage.text.tex import to_unicode

_HIDDEN_ID = re.compile(
    r"(?i)(?:\barxiv[:.\s]\s*|arxiv\.org/(?:abs|pdf|html)/|\babs/|huggingface\.co/papers/)"
    r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?"
)
_ARXIV_DOI = re.compile(r"(?i)^10\.48550/arxiv\.")
_DOI = re.compile(r"(?i)^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(?P<doi>10\.\d{4,9}/\S+)$")
_YEAR = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something in a file that could not be used."""

    line: int
    """Where it stands, from 1; 0 when that means nothing."""
    text: str
    """Its beginning."""
    reason: str
    """What is wrong with it, as the end of a sentence."""

    def __str__(self) -> str:
        place = f"Line {self.line}: " if self.line else ""
        shown = self.text if len(self.text) <= 60 else self.text[:59] + "…"
        return f"{place}“{shown}” {self.reason.removesuffix('.')}."


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held."""

    papers: tuple[Paper, ...] = ()
    """The papers, in order; those without an arXiv id have a local one."""
    leftovers: tuple[Leftover, ...] = ()
    """What could not be used."""


def paper_of(references: list[str], facts: dict[str, Any], month_known: bool = True) -> Paper | None:
    """A paper from what a file said of it, cleaned; None if it has neither an arXiv id nor a title.

    Args:
        references: Texts that may name an arXiv id, the most telling first.
        facts: Fields of a Paper, as text from elsewhere.
        month_known: Whether more than the year of `published` is known.
    """
    facts = {name: value for name, value in _cleaned(facts).items() if value}
    paper_id = find_id(references)
    title = facts.get("title", "")
    if paper_id is None and not title:
        return None
    if paper_id is None:
        published = facts.get("published")
        month = published.strftime("%Y-%m") if published and month_known else UNDATED
        first = next(iter(facts.get("authors", ())), "")
        paper_id = local_id(to_unicode(title), first, month)
        facts["project_url"] = web_link(facts.pop("url", None))
    facts.pop("url", None)
    return Paper(id=paper_id, **facts)


def _cleaned(facts: dict[str, Any]) -> dict[str, Any]:
    cleaned = dict(facts)
    for name in ("title", "journal_ref"):
        cleaned[name] = clean_line(facts.get(name) or "")
    cleaned["abstract"] = clean_paragraphs(facts.get("abstract") or "")
    for name in ("authors", "keywords", "categories"):
        cleaned[name] = tuple(filter(None, map(clean_line, facts.get(name) or ())))
    cleaned["doi"] = bare_doi(facts.get("doi") or "")
    return cleaned


def find_id(references: list[str]) -> str | None:
    """The arXiv id that one of the texts is, or else holds."""
    for text in filter(None, references):
        try:
            reference = parse_reference(text)
        except InvalidInput:
            continue
        return reference.id
    hidden = filter(None, map(_HIDDEN_ID.search, filter(None, references)))
    return next((find_id([found["id"]]) for found in hidden), None)


def bare_doi(text: str) -> str | None:
    """A publisher's DOI without its link; None for arXiv's own, which follows from the id."""
    found = _DOI.match(text.strip())
    return None if found is None or _ARXIV_DOI.match(found["doi"]) else found["doi"]


def day_of(year: object, month: object = None, day: object = None) -> date | None:
    """A date of which the day, or the month and the day, may be unknown: their first is taken."""
    found = _YEAR.search(str(year or ""))
    if not found:
        return None
    whole = date(int(found["year"]), 1, 1)
    try:
        return whole.replace(month=int(str(month)), day=int(str(day or 1)))
    except ValueError:
        return whole
