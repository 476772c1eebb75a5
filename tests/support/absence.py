"""A reader who was away for nine days, and what came meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

from paperdeck.storage.files.small import remember
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.model.session import Session
from tests.support.app_tools import QUIET, TODAY
from tests.taste.made_library import library as made_papers

MADE = made_papers(each=45)
AWAY_DAYS = 9


def papers_of_nine_days() -> list[Paper]:
    """180 papers on four topics, 20 a day, the first of each day with the most upvotes."""
    papers = []
    for number, facts in enumerate(MADE.papers.values()):
        listed = TODAY - timedelta(days=AWAY_DAYS - 1 - number // 20)
        papers.append(
            Paper(
                id=facts.id.replace("2601.", "2611."),
                title=facts.title,
                abstract=facts.abstract,
                authors=facts.authors,
                organization=facts.organization,
                published=listed,
                listed=listed,
                upvotes=40 - number % 20,
            )
        )
    return papers


PAPERS = papers_of_nine_days()
ROBOTS = [paper.id for paper in PAPERS if paper.organization == "Lab of robots"]


def session_after_nine_days(places: Places) -> Session:
    """A reader who was away for nine days and likes robots."""
    library = Library(places)
    library.record_follow_starts({"hf": date(2026, 1, 1)})
    library.add(PAPERS, "hf")
    for day in {paper.listed for paper in PAPERS if paper.listed}:
        ids = tuple(paper.id for paper in PAPERS if paper.listed == day)
        record = DayRecord(source="hf", day=day, state=DayState.COMPLETE, fetched_at="2026-11-20T12:00:00Z", ids=ids)
        library.ledger.record(record)
    library.mark(ROBOTS[:6], starred=True, read=True)
    remember(places.visits, "at", "2000-01-01T00:00:00+00:00")
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.rules.load()
    session.load()
    return session
