"""The texts of a digest that all formats share."""

from __future__ import annotations

from collections.abc import Iterator

from paperdeck.storage.search.rank import Sort
from paperdeck.storage.text.words import count_of, short_day, short_title, weekday

from .digest import Digest, DigestItem
from .topics import RisingTopic, blocks_of

NAME = "paperdeck"
EMPTY = "No papers match in this period."
BY_MODEL = "summary by a model"

DOT = "\u00a0· "
"""Separates facts on a line; a line never begins with the dot."""

FETCH = "“paperdeck fetch --since {}” fetches them."
PER_DAY = "Papers per day"
LINKS = ("page", "code", "project")
"""The links of a paper that are written out."""
_FEW_DAYS = 10
_MAX_STARS = 6
_TITLE_CHARACTERS = 40


def title(digest: Digest) -> str:
    """The heading: `Papers of 16 to 22 Nov 2026`."""
    return f"Papers of {digest.period}"


def facts(digest: Digest) -> str:
    """The number of papers, and how many of the listed ones are new."""
    shown = len(digest.items)
    parts = [count_of(digest.total, "paper")]
    if shown < digest.total:
        alone = len(digest.sections) == 1  # else each group has its best, one of them by taste
        which = _which(digest.sort) if alone else ""
        parts.append(f"{which}{shown:,} shown")
    if digest.since is not None:
        new = "all" if digest.new == shown > 0 else f"{digest.new:,}"
        parts.append(f"{new} new since the digest up to {short_day(digest.since)}")
    return ", ".join(parts)


def _which(sort: Sort) -> str:
    """What the first papers of an order are; empty if no word says it."""
    if sort.key == "date":
        return "the oldest " if sort.reverse else "the newest "
    return "" if sort.reverse else "the best "


def facts_of_list(digest: Digest) -> str:
    """The same above a list without headings, with the groups in their order: `…, 12 shown: For you 2, The rest 10`."""
    sizes = ", ".join(f"{section.name} {len(section.items)}" for section in digest.sections)
    return f"{facts(digest)}: {sizes}" if len(digest.sections) > 1 else facts(digest)


def overview(digest: Digest, advice: str = FETCH) -> Iterator[tuple[str, str]]:
    """What is known about the whole period, by name; empty values are left out.

    Args:
        advice: How to fetch missing days, as a sentence; `{}` stands for the first of them.
    """
    known = (
        ("Query", digest.query),
        (PER_DAY, per_day(digest)),
        ("Rising", ", ".join(map(topic, digest.topics))),
        ("Your stars", stars(digest)),
        ("Gaps", gaps(digest, advice)),
        ("Earlier", earlier(digest, advice)),
    )
    yield from ((name, text) for name, text in known if text)


def gaps(digest: Digest, advice: str = FETCH) -> str:
    """A warning if days are missing, else empty; see `overview` for the advice."""
    if not digest.missing:
        return ""
    days = [short_day(day) for day in digest.missing]
    named = ", ".join(days) if len(days) <= _FEW_DAYS else f"{len(days)} days"
    return f"Not fetched, or only in part: {named}. {advice.format(min(digest.missing))}"


def earlier(digest: Digest, advice: str = FETCH) -> str:
    """A sentence on the days of the period before the first one that was ever asked for; else nothing."""
    if digest.begins is None:
        return ""
    return f"The days before {short_day(digest.begins)} have not been fetched yet. {advice.format(digest.period.first)}"


def per_day(digest: Digest) -> str:
    """The papers per day as blocks between the names of the first and the last day; empty for a single day."""
    if len(digest.per_day) < 2 or not digest.total:
        return ""
    first, last = digest.period.first, digest.period.last
    names = (weekday(first), weekday(last)) if len(digest.per_day) <= 7 else (short_day(first), short_day(last))
    return f"{names[0]} {blocks_of(digest.per_day)} {names[1]}, at most {max(digest.per_day):,}"


def topic(rising: RisingTopic) -> str:
    """A topic with its numbers: `world models 4 (was 1)`."""
    return f"{rising.keyword} {rising.count:,} (was {rising.before:,})"


def stars(digest: Digest) -> str:
    """News of starred papers: `minWM: code is out; AgentDoG: version 2 is out`; empty without news."""
    sentences = [f"{short_title(news.title, _TITLE_CHARACTERS)}: {news.words}" for news in digest.stars[:_MAX_STARS]]
    left = len(digest.stars) - len(sentences)
    return "; ".join([*sentences, more(left)] if left else sentences)


def counts(item: DigestItem) -> str:
    """Whether a paper was withdrawn, and its known votes, comments and stars: `▲ 76 · code with 1,234 stars`."""
    parts = ["withdrawn"] if item.withdrawn else []
    parts += [] if item.upvotes is None else [f"▲ {item.upvotes:,}"]
    if item.comments:
        parts.append(count_of(item.comments, "comment"))
    if item.code_stars:
        parts.append(f"code with {count_of(item.code_stars, 'star')}")
    return DOT.join(parts)


def counts_and_news(item: DigestItem, new: bool) -> str:
    """The same, and whether it is new; may be empty."""
    return DOT.join(filter(None, (counts(item), "new" if new else "")))


def why(item: DigestItem) -> str:
    """Why a paper suits the reader's taste: `For you because ★ minWM · world model`."""
    return f"For you {item.why}"


def by_model(item: DigestItem) -> str:
    """What follows a summary that a model wrote; else nothing."""
    return f" ({BY_MODEL})" if item.by_model else ""


def is_marked_new(item: DigestItem, digest: Digest) -> bool:
    """Whether to mark a paper as new; not if all are."""
    return item.new and digest.new < len(digest.items)


def origin(item: DigestItem) -> str:
    """The byline and the day."""
    day = short_day(item.day).replace(" ", "\u00a0") if item.day else ""
    return DOT.join(filter(None, (item.authors, item.organization, day)))


def more(count: int) -> str:
    """How many papers of a group are not shown."""
    return f"and {count_of(count, 'more paper')}"
