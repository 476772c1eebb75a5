"""Which papers a command is about: those that a query matches, or quickly the newest ones."""

from __future__ import annotations

from datetime import UTC, date, datetime

from paperdeck.storage.fetch.full_text import StoredTexts, text_folder
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import NO_MARKS, Entry, Paper
from paperdeck.storage.search.query import parse
from paperdeck.storage.settings.remembered import last_visit


def select(library: Library, query: str, limit: int | None) -> list[Entry]:
    """The entries that a query matches, in its order (newest first if it names none).

    Args:
        library: Where to look.
        query: A query; empty means all papers that are not hidden.
        limit: The most entries to return; None for all.

    Raises:
        QueryError: the query can't be understood.
    """
    parsed = parse(query)
    rules = library.rules()
    if not parsed and parsed.sort is None and limit and not rules.mute:
        return newest(library, limit)
    from paperdeck.storage.search.context import Context
    from paperdeck.storage.search.plain import select as matching

    context = Context(
        today=datetime.now(UTC).date(),
        last_visit=last_visit(library.places.state / "visit.json"),
        muted=rules.muted_queries(),
        followed=rules.followed_queries(),
        fulltexts=StoredTexts(text_folder(library.places)).ids(),
    )
    marks = library.all_marks()
    entries = [
        Entry(paper, marks.get(paper.id, NO_MARKS)) for month in library.months() for paper in library.month(month)
    ]
    return matching(entries, parsed.visible(), context, limit=limit)


def newest(library: Library, limit: int) -> list[Entry]:
    """The newest papers that are not hidden, where nothing is muted, without reading the whole library.

    Months are read from the newest. A paper of an older month can only belong among the first if it was listed
    lately, and then the ledger of listed days names it; or it was published in that month, which ends the search.
    """
    listed = library.days("hf")
    found: dict[str, Paper] = {}
    for month in library.months():
        found |= {paper.id: paper for paper in library.month(month)}
        entries = _best(library, found, limit)
        if len(entries) == limit and month != "undated":
            oldest = entries[-1].paper.day or date.min
            if oldest >= date.fromisoformat(f"{month}-01"):
                late = [i for day, record in listed.items() if day >= oldest for i in record.ids if i not in found]
                found |= library.papers(late)
                break
    return _best(library, found, limit)


def _best(library: Library, papers: dict[str, Paper], limit: int) -> list[Entry]:
    ordered = sorted(papers.values(), key=lambda p: (-(p.day or date.min).toordinal(), -(p.upvotes or 0), p.id))
    entries: list[Entry] = []
    for paper in ordered:
        marks = library.marks(paper.id)
        if not marks.hidden:
            entries.append(Entry(paper, marks))
        if len(entries) == limit:
            break
    return entries
