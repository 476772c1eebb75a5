"""The model: a Paper holds facts, Marks hold the reader's own data, an Entry is both.

Facts come from sources and can be fetched again; marks can't, so the two are never written in one object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple

from .identifiers import hub_page, is_local, month_of
from .text.words import word_set

BYLINE_DOT = " · "
"""The separator between the organization and the first author of a byline."""


class CountsSnapshot(NamedTuple):
    """A snapshot of a paper's counts; two snapshots show how fast it rises."""

    day: str
    """The day of the snapshot, UTC, as `YYYY-MM-DD`."""
    upvotes: int
    """The Hub's upvotes."""
    comments: int
    """The Hub's comments."""
    stars: int
    """The code repository's stars."""
    hour: int = 0
    """12 for the snapshot of a day's second half (UTC), taken while the paper is fresh; else 0."""


class FactChange(NamedTuple):
    """A fact that a source replaced or added later; `storage.library.paper_documents` says which facts are watched."""

    time: str
    """When the change was fetched, as `2026-11-20T12:00:00Z`."""
    source: str
    """The source that changed it: `hf`, `arxiv`."""
    fact: str
    """The field of Paper."""
    before: str | int | bool | None
    """The former value; None if there was none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The facts about one paper. Unknown facts are None or empty; all text is clean and safe to show."""

    id: str
    """The arXiv id without a version, or a local id."""
    title: str = ""
    """The title on one line, with its TeX as the source gave it."""
    abstract: str = ""
    """The abstract, with its TeX as the source gave it."""
    authors: tuple[str, ...] = ()
    """All authors, in the paper's order, as written there; the editors of a work without authors."""
    names: tuple[tuple[str, ...], ...] = ()
    """Names in parts, if a source gave parts: `(family, given, particle, suffix)`, or `(group,)`; see `text.names`."""
    published: date | None = None
    """The day on which the first version was submitted to arXiv; for other papers, the date that their source gives."""
    issued: str | None = None
    """A less precise date of publication, if the source gives no day: `2017` or `2017-06`."""
    updated: date | None = None
    """The day on which the newest known version was submitted."""
    listed: date | None = None
    """The day on which Daily Papers listed it, or arXiv announced it."""
    submitter: str | None = None
    """Who submitted it to Daily Papers."""
    organization: str | None = None
    """The organization, according to the Hub."""
    upvotes: int | None = None
    """The Hub's upvotes."""
    comments: int | None = None
    """The number of comments on the Hub."""
    thumbnail: str | None = None
    """A link to its preview picture."""
    media: tuple[str, ...] = ()
    """Links to pictures and videos that the submitter added."""
    project_url: str | None = None
    """A link to the project's page."""
    code_url: str | None = None
    """A link to the code repository."""
    code_stars: int | None = None
    """The code repository's stars."""
    ai_summary: str | None = None
    """The Hub's summary by a model."""
    keywords: tuple[str, ...] = ()
    """The Hub's keywords by a model."""
    categories: tuple[str, ...] = ()
    """The arXiv categories, the primary one first."""
    version: int | None = None
    """The newest known version."""
    comment: str | None = None
    """The authors' comment on arXiv; it often names the venue."""
    journal_ref: str | None = None
    """Where it was published, according to the authors."""
    doi: str | None = None
    """The publisher's DOI that the authors gave, bare; never arXiv's own."""
    withdrawn: bool = False
    """Whether it was withdrawn."""
    same_as: tuple[str, ...] = ()
    """The local ids that it had before its arXiv paper arrived."""
    record: tuple[tuple[str, str], ...] = ()
    """The imported bibliographic record, if the paper came from one: `@type` and `@key`, then its fields under their
    BibTeX names and in BibTeX notation; an export keeps all of it."""
    printed: tuple[tuple[str, ...], ...] = ()
    """Bibliographic records of its published form, one per line; see `cite.venue_record`. A record without a title
    means that its source has none."""
    sources: tuple[str, ...] = ()
    """The sources that have it, such as `hf` and `arxiv`."""
    added: str | None = None
    """When it was added to this library, as an ISO 8601 time in UTC."""
    counts: tuple[CountsSnapshot, ...] = ()
    """Snapshots of its counts, oldest first."""
    changes: tuple[FactChange, ...] = ()
    """Former values of its facts, oldest first."""

    @property
    def day(self) -> date | None:
        """The day to sort by: when it was listed, else published."""
        return self.listed or self.published

    @property
    def dated(self) -> str | None:
        """The date of publication, as precise as known: `2017-06-12`, `2017-06` (also from an arXiv id) or `2017`."""
        if self.published:
            return self.published.isoformat()
        return self.issued or (None if is_local(self.id) else month_of(self.id))

    @property
    def is_edited(self) -> bool:
        """Whether the `authors` are the editors, as its record says."""
        names = dict(self.record)
        return "editor" in names and "author" not in names

    @property
    def omits_authors(self) -> bool:
        """Whether its record names only some of the `authors`, the others as “and others”."""
        if not self.record:
            return False
        from .text.bibtex import leaves_out

        names = dict(self.record)
        return leaves_out(names.get("author") or names.get("editor") or "")

    @property
    def shown_authors(self) -> tuple[str, ...]:
        """The authors, and “et al.” if its record leaves some out."""
        return (*self.authors, "et al.") if self.omits_authors else self.authors

    @property
    def primary_category(self) -> str | None:
        """The primary arXiv category, if known."""
        return self.categories[0] if self.categories else None

    @property
    def url(self) -> str | None:
        """The page to open: on the Hub if it listed the paper, else on arXiv."""
        if is_local(self.id):
            return self.project_url
        return hub_page(f"papers/{self.id}") if "hf" in self.sources else self.abs_url

    @property
    def abs_url(self) -> str | None:
        """The abstract page on arXiv."""
        return None if is_local(self.id) else f"https://arxiv.org/abs/{self.id}"

    @property
    def pdf_url(self) -> str | None:
        """The PDF on arXiv."""
        return None if is_local(self.id) else f"https://arxiv.org/pdf/{self.id}"

    @property
    def doi_url(self) -> str | None:
        """The publisher's page."""
        return f"https://doi.org/{self.doi}" if self.doi else None

    @property
    def byline(self) -> str:
        """A short byline: `Tencent · Zhao et al.`, or without an organization `Haoyu Zhao et al.`."""
        if not self.authors:
            return self.organization or ""
        first, others = self.authors[0], " et al." if len(self.authors) > 1 or self.omits_authors else ""
        if not self.organization:
            return first + others
        words = first.split()  # longer names need rules to find the family name
        return f"{self.organization}{BYLINE_DOT}{words[1] if others and len(words) == 2 else first}{others}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The reader's marks on a paper."""

    read: bool = False
    """Whether it was read."""
    starred: bool = False
    """Whether it is starred."""
    hidden: bool = False
    """Whether the reader is not interested in it."""
    tags: frozenset[str] = field(default_factory=frozenset)
    """The reader's tags."""
    note: str = ""
    """The reader's note."""
    seen: str = ""
    """The time up to which the reader has seen its news, as `2026-11-20T12:00:00Z`; empty if never."""
    starred_at: float | None = field(default=None, compare=False)
    """When it was starred, in seconds since 1970 UTC; None if it isn't, or the time is unknown."""
    cite_as: str = ""
    """The published form to cite: a record's name, or `preprint` for none; empty: the proven one, if any."""

    def __bool__(self) -> bool:
        return self != NO_MARKS

    @property
    def kept(self) -> bool:
        """Whether the reader kept it: it is starred, tagged or noted."""
        return self.starred or bool(self.tags or self.note)


NO_MARKS = Marks()
"""The marks of an untouched paper."""


class Entry(NamedTuple):
    """A paper with the reader's marks on it."""

    paper: Paper
    """The facts."""
    marks: Marks = NO_MARKS
    """The reader's marks."""
    arrived: str | None = None
    """When it arrived in the queue, as an ISO time; empty if the time is unknown, None if it never did."""

    @property
    def is_unread(self) -> bool:
        """Whether it is in the queue, or kept by the reader, and not read."""
        return not self.marks.read and (self.arrived is not None or self.marks.kept)

    def is_new(self, last_visit: str | None) -> bool:
        """Whether it arrived in the queue after a time, given in ISO form; None: nothing is new."""
        if self.arrived is None or last_visit is None:
            return False
        return (self.arrived or self.paper.added or "") > last_visit


# -- facts as plain data -------------------------------------------------------------------------------------------

_DATES = frozenset({"published", "updated", "listed"})
_LISTS = frozenset({"authors", "media", "keywords", "categories", "same_as"})
_TABLES = frozenset({"names", "record", "printed"})
_LIBRARY_FIELDS = frozenset({"sources", "added", "counts", "changes"})
_FACTS = tuple(f.name for f in fields(Paper) if f.name not in _LIBRARY_FIELDS)
_FACT_NAMES = frozenset(_FACTS)

ARXIV_OWNS = word_set("title abstract authors published updated categories version comment journal_ref doi")
"""Fields in which arXiv takes precedence over the Hub; in all others the Hub does."""

BIBLIOGRAPHIES = "bibliographies"
"""The joint source name of Crossref, DBLP and the like; each record also names its own."""
_RANK = (BIBLIOGRAPHIES, "local", "shelf", "arxiv", "hf")
"""Sources in ascending precedence, except for fields that arXiv owns."""
UNFETCHED = frozenset({"shelf", BIBLIOGRAPHIES})
"""Sources that bring no paper: a library whose papers have no other source still shows the starter shelf."""


def facts_of(paper: Paper) -> dict[str, Any]:
    """The paper's known facts as JSON values; unknown ones are left out, so that they never hide a known value."""
    facts: dict[str, Any] = {}
    for name in _FACTS:
        value = getattr(paper, name)
        if value is None or value is False or value in ("", ()):
            continue
        facts[name] = _as_json(name, value)
    return facts


def _as_json(name: str, value: Any) -> Any:
    if name in _DATES:
        return value.isoformat() if value else None
    if name in _TABLES:
        return [list(line) for line in value]
    return list(value) if name in _LISTS else value


def merge_sources(by_source: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The facts of all sources merged by precedence; arXiv wins in the fields that it owns."""
    if len(by_source) == 1:
        return dict(*by_source.values())
    merged: dict[str, Any] = {}
    for name in ordered_sources(by_source):
        merged.update(by_source[name])
    for name in ARXIV_OWNS & by_source.get("arxiv", {}).keys():
        merged[name] = by_source["arxiv"][name]
    return merged


def provenance(by_source: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """For each known fact, the source that gave it."""
    given = {fact: name for name in ordered_sources(by_source) for fact in by_source[name]}
    return given | dict.fromkeys(ARXIV_OWNS & by_source.get("arxiv", {}).keys(), "arxiv")


def ordered_sources(names: Iterable[str]) -> list[str]:
    """The sources in ascending precedence."""
    return sorted(names, key=lambda name: (_RANK.index(name) if name in _RANK else -1, name))


def paper_from(facts: Mapping[str, Any], **library_fields: Any) -> Paper:
    """A Paper from the facts that `facts_of` wrote; unknown keys are skipped."""
    values = dict(facts) if facts.keys() <= _FACT_NAMES else {name: facts[name] for name in _FACT_NAMES & facts.keys()}
    if _is_invented(values):
        values["issued"] = values.pop("published")[:4]
    for name in _DATES:
        if name in values:
            values[name] = date.fromisoformat(values[name])
    for name in _LISTS:
        if name in values:
            values[name] = tuple(values[name])
    for name in _TABLES & values.keys():
        values[name] = tuple([tuple(line) for line in values[name]])
    return Paper(**values, **library_fields)


def paper_in(document: Mapping[str, Any]) -> Paper:
    """The paper in a stored document, merged from all its sources."""
    sources = document["sources"]
    return paper_from(
        merge_sources(sources),
        sources=tuple(sources) if len(sources) == 1 else tuple(reversed(ordered_sources(sources))),
        added=document.get("added"),
        counts=tuple([CountsSnapshot(*line) for line in document.get("counts", ())]),
        changes=tuple([FactChange(*line) for line in document.get("changes", ())]),
    )


def _is_invented(facts: Mapping[str, Any]) -> bool:
    """Whether this is the first of January that earlier versions made of a year without a month."""
    return str(facts.get("published", "")).endswith("-01-01") and str(facts["id"]).startswith("local-undated")


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """The entry as the command line prints it: every documented key, ISO dates, null for unknown values."""
    paper, marks = entry.paper, entry.marks
    values = {name: _as_json(name, getattr(paper, name)) for name in _FACTS}
    return values | {
        "published": paper.dated,
        "url": paper.url,
        "pdf_url": paper.pdf_url,
        "sources": list(paper.sources),
        "read": marks.read,
        "starred": marks.starred,
        "hidden": marks.hidden,
        "tags": sorted(marks.tags),
        "note": marks.note,
        "cite_as": marks.cite_as,
    }
