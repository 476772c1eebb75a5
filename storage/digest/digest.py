"""The best papers of a period in groups: by taste, follows, saved views, and the rest.

A digest is data. `render_text.py`, `render_markdown.py` and `render_html.py` format it; `mail.py` sends it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from paperdeck.storage.digest.delivery.sent import Sent
from paperdeck.storage.errors import StoreError
from paperdeck.storage.facts import Link, links_of
from paperdeck.storage.fetch.staleness import FIRST_DAY
from paperdeck.storage.identifiers import UNDATED
from paperdeck.storage.library.ledger import DAILY, DayRecord, DayState
from paperdeck.storage.library.library import Library
from paperdeck.storage.library.star_watch import news_since, starred_since
from paperdeck.storage.paper import NO_MARKS, Entry, Paper
from paperdeck.storage.search.plain import accepts, select
from paperdeck.storage.search.query import Query, parse
from paperdeck.storage.search.rank import Sort
from paperdeck.storage.search.tree import DayRange, Is, QueryContext
from paperdeck.storage.settings.rules import Rules
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import byline

from .blurb import blurb_of
from .period import Period, back, period_of
from .topics import RisingTopic, rising_topics

FOR_YOU = "For you"
FOLLOWING = "Following"
REST = "The rest"

BEST = Sort("upvotes")
"""The default order."""

_LATEST_LISTING_DAYS = 31
"""Days after its month in which to look for a paper without a line in the ledger."""
_KNOWN = (DayState.COMPLETE, DayState.EMPTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestOptions:
    """What a digest should contain."""

    query: str = ""
    """The query; empty: all papers that are not hidden or muted."""
    period: str = "week"
    """One of `period.PERIODS`."""
    top: int = 10
    """Maximum number of papers shown per group."""
    sort: Sort = BEST
    """The order, best first; an order in the query takes precedence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """One paper in a digest; all text is readable Unicode on one line."""

    id: str
    title: str
    authors: str
    """The first authors, and how many more there are."""
    organization: str
    day: date | None
    upvotes: int | None
    comments: int | None
    code_stars: int | None
    """The code repository's stars; None if there is no code, or they are unknown."""
    summary: str
    by_model: bool
    """Whether a model wrote the summary."""
    links: tuple[Link, ...]
    """The paper's page first, if it has one."""
    new: bool
    """Whether the previous digest did not have it; False if there was none."""
    withdrawn: bool = False
    why: str = ""
    """Why it suits the reader's taste, in one line; may be empty."""

    @property
    def url(self) -> str | None:
        """The page to open."""
        return self.links[0].url if self.links else None


@dataclass(frozen=True, slots=True)
class StarNews:
    """The news of one starred paper in the period."""

    id: str
    title: str
    words: str
    """One line, such as `code is out, upvotes from 12 to 30`."""


@dataclass(frozen=True, slots=True)
class Section:
    """One group of papers, in the order of the digest."""

    name: str
    items: tuple[DigestItem, ...]
    more: int
    """How many papers of the group are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The best papers of a period."""

    query: str
    period: Period
    sort: Sort = BEST
    """The order of the papers in each group."""
    sections: tuple[Section, ...]
    total: int
    """How many papers match in the period, including those left out."""
    per_day: tuple[int, ...]
    """How many of them each day has, oldest first."""
    topics: tuple[RisingTopic, ...]
    """The keywords that grew since the previous period."""
    stars: tuple[StarNews, ...] = ()
    """News of starred papers, seen or not; the newest star first."""
    since: date | None
    """The last day of the previous digest; None if there was none."""
    missing: tuple[date, ...]
    """Days of the period whose Daily Papers are missing or incomplete."""
    begins: date | None = None
    """The first day that was ever asked for, if the period has days before it, which are not among the missing ones."""

    @property
    def items(self) -> list[DigestItem]:
        """All papers in the groups."""
        return [item for section in self.sections for item in section.items]

    @property
    def is_complete(self) -> bool:
        """Whether all days of the period were fetched."""
        return not self.missing and self.begins is None

    @property
    def new(self) -> int:
        """How many of these papers the previous digest did not have."""
        return sum(item.new for item in self.items)


def make_digest(
    library: Library, rules: Rules, options: DigestOptions, *, until: date, today: date, earlier: Sequence[Sent] = ()
) -> Digest:
    """Collect a digest.

    Args:
        rules: The reader's follows, mutes and saved views.
        options: What it should contain.
        until: The last day it may cover; usually yesterday, which is over and has its votes.
        today: The day, in UTC, that `since:7d` in a query counts from.
        earlier: Earlier digests of the same query to the same place.

    Raises:
        QueryError: the query can't be understood.
        StoreError: the library can't be read.
    """
    query = _query_of(options)
    period = _period(library, options, until, earlier)
    context = QueryContext(today=today, muted=rules.muted_queries, followed=rules.followed_queries)
    entries = _candidates(library, Period(period.before.first, period.last))
    scores = _scores(library, entries)
    within = [Query(DayRange("date", f"{days.first}..{days.last}")) for days in (period, period.before)]
    found, found_before = (select(entries, query & days, context, scores=scores) for days in within)
    last = [sent for sent in earlier if sent.last < period.last]
    likely = _for_you(library, found, scores)
    missing, begins = _missing(library, period, today)
    return Digest(
        query=options.query,
        period=period,
        sort=query.sort or options.sort,
        sections=_sections(found, rules, context, options.top, last, likely, library.taste.why),
        total=len(found),
        per_day=_per_day(found, period),
        topics=rising_topics(_papers(found), _papers(found_before)),
        stars=_news_of_stars(library, period),
        since=max((sent.last for sent in last), default=None),
        missing=missing,
        begins=begins,
    )


def _query_of(options: DigestOptions) -> Query:
    """The query with its order, without hidden and muted papers."""
    query = parse(options.query).visible()
    return Query(query.node, query.sort or options.sort)


def _period(library: Library, options: DigestOptions, until: date, earlier: Sequence[Sent]) -> Period:
    previous = max((sent.last for sent in earlier if sent.last < until), default=None)
    newest = _newest_day(library, until) if options.period == "day" else None
    return period_of(options.period, until, newest=newest, previous=previous)


def _papers(entries: Iterable[Entry]) -> list[Paper]:
    return [entry.paper for entry in entries]


# -- where to look -------------------------------------------------------------------------------------------------


def _newest_day(library: Library, until: date) -> date | None:
    """The newest day up to `until` on which a source listed papers."""
    return max((record.day for record in _records(library) if record.ids and record.day <= until), default=None)


def _records(library: Library) -> Iterator[DayRecord]:
    """The days of all sources."""
    for source in library.ledger.sources():
        yield from library.ledger.days(source).values()


def _candidates(library: Library, span: Period) -> list[Entry]:
    """All papers that may fall into the span, without reading the whole library.

    A paper belongs to the day on which a source listed it, which is in the ledger, or else to the day of publication,
    which determines its month.
    """
    start = back(span.first, _LATEST_LISTING_DAYS).isoformat()[:7]
    papers = {
        paper.id: paper for month in library.months() if start <= month != UNDATED for paper in library.month(month)
    }
    wanted = {paper_id for record in _records(library) if record.day in span for paper_id in record.ids}
    marks = library.all_marks()
    papers |= library.papers(sorted(wanted - papers.keys()))
    arrivals = library.queue.arrivals()
    return [Entry(paper, marks.get(paper.id, NO_MARKS), arrivals.get(paper.id)) for paper in papers.values()]


def _scores(library: Library, entries: Iterable[Entry]) -> dict[str, float]:
    """The score of each paper by the reader's taste; empty without one."""
    with suppress(StoreError):  # a digest works without taste, for example without an index
        if not library.taste.has_material:
            return {}
        library.indexing.catch_up()
        if library.taste.current().profile:
            return {entry.paper.id: library.taste.score(entry.paper) for entry in entries}
    return {}


def _for_you(library: Library, found: Iterable[Entry], scores: Mapping[str, float]) -> list[str]:
    """The unstarred papers that the reader will probably like, best first."""
    minimum = library.taste.learned.min_likely_score
    unstarred = (entry.paper.id for entry in found if not entry.marks.starred)
    likely = [paper_id for paper_id in unstarred if scores.get(paper_id, 0.0) >= minimum]
    return sorted(likely, key=lambda paper_id: -scores[paper_id])


def _missing(library: Library, period: Period, today: date) -> tuple[tuple[date, ...], date | None]:
    """The incomplete days, in a library that has Daily Papers at all, and its first day if the period begins before.

    Days before the reader began to follow Daily Papers aren't gaps unless some of them were fetched. Days before Daily
    Papers began and days to come can't be fetched, so they are none either.
    """
    days = library.ledger.days(DAILY)
    wanted = [day for day in period.days if FIRST_DAY <= day <= today]
    if not days or not wanted:
        return (), None
    missing = tuple(day for day in wanted if day not in days or days[day].state not in _KNOWN)
    start = library.follow_starts().get(DAILY)
    if start is None or wanted[0] >= start or any(day in days for day in wanted if day < start):
        return missing, None
    return tuple(day for day in missing if day >= start), start


def _news_of_stars(library: Library, period: Period) -> tuple[StarNews, ...]:
    """The news of starred papers in the period, counted from when each was starred."""
    stars = {paper_id: marks for paper_id, marks in library.all_marks().items() if marks.starred}
    newest = sorted(stars, key=lambda paper_id: (starred_since(stars[paper_id]), paper_id), reverse=True)
    news: list[StarNews] = []
    for paper in library.papers(newest).values():
        since = max(starred_since(stars[paper.id]), period.first.isoformat())
        found = [news.words for news in news_since(paper, since) if news.time[:10] <= period.last.isoformat()]
        if found:
            news.append(StarNews(paper.id, _title_of(paper), ", ".join(found)))
    return tuple(news)


# -- what to show --------------------------------------------------------------------------------------------------


def _per_day(entries: Iterable[Entry], period: Period) -> tuple[int, ...]:
    counts = Counter(entry.paper.day for entry in entries)
    return tuple(counts[day] for day in period.days)


def _sections(
    found: Iterable[Entry],
    rules: Rules,
    context: QueryContext,
    top: int,
    earlier: Sequence[Sent],
    likely: Iterable[str],
    why: Callable[[Paper], str],
) -> tuple[Section, ...]:
    """The groups that have papers; each paper is in the first one that it belongs to."""
    groups = [(FOLLOWING, Query(Is("following")))]
    groups += [(view.name, parse(view.query).visible()) for view in rules.views]
    known = {paper_id for sent in earlier for paper_id in sent.ids} if earlier else None
    by_id = {entry.paper.id: entry for entry in found}
    sections = [_section(FOR_YOU, [by_id.pop(paper_id) for paper_id in likely], known, top, why)]
    left = list(by_id.values())
    for name, query in [*groups, (REST, Query())]:
        inside = [entry for entry in left if accepts(query.node, entry, context)]
        taken = {entry.paper.id for entry in inside}
        left = [entry for entry in left if entry.paper.id not in taken]
        sections.append(_section(name, inside, known, top))
    return tuple(section for section in sections if section.items)


def _section(
    name: str, entries: Sequence[Entry], known: set[str] | None, top: int, why: Callable[[Paper], str] = lambda _: ""
) -> Section:
    items = tuple(_item(entry.paper, known, why(entry.paper)) for entry in entries[:top])
    return Section(name, items, len(entries) - len(items))


def _title_of(paper: Paper) -> str:
    return " ".join(to_unicode(paper.title).split()) or paper.id


def _item(paper: Paper, known: set[str] | None, why: str) -> DigestItem:
    summary, by_model = blurb_of(paper)
    return DigestItem(
        id=paper.id,
        title=_title_of(paper),
        authors=byline(paper.authors, readable=to_unicode) + ", et al." * paper.omits_authors,
        organization=paper.organization or "",
        day=paper.day,
        upvotes=paper.upvotes,
        comments=paper.comments,
        code_stars=paper.code_stars if paper.code_url else None,
        summary=summary,
        by_model=by_model,
        links=tuple(link for link in links_of(paper) if not link.name.startswith("media")),
        new=known is not None and paper.id not in known,
        withdrawn=paper.withdrawn,
        why=why,
    )
