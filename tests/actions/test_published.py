"""Where a paper appeared: looked up at a key, copied, chosen, refused, and taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from paperdeck.storage.cite.venue import PREPRINT
from paperdeck.storage.cite.venue_record import VenueRecord, row_of
from paperdeck.storage.errors import SourceError, Unreachable
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import BIBLIOGRAPHIES, Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.actions import copy, undo
from paperdeck.tui.actions.copy import copy_published, published_form
from paperdeck.tui.model.changed import Changed
from paperdeck.tui.model.session import Session
from paperdeck.tui.run import Work
from tests.actions.test_without_a_screen import Desk, desk, run
from tests.support.app_tools import QUIET, TODAY

assert desk  # the fixture

NOW = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
ASKED = (row_of(VenueRecord("dblp", fetched=NOW)), row_of(VenueRecord("s2", fetched=NOW)))


class Bibliographies:
    """A fetcher that finds what a test says."""

    def __init__(self, desk: Desk, *venues: str) -> None:
        self._desk, self._venues = desk, venues
        self.asked = 0
        self.errors: list[SourceError] = []

    async def look_up_published(self, papers: Sequence[Paper], report: object = None) -> list[SourceError]:
        self.asked += 1
        if not self.errors:
            for paper in papers:
                know(self._desk, paper.id, *self._venues)
        return self.errors


def know(desk: Desk, paper_id: str, *venues: str) -> None:
    """Store what bibliographies said about where a paper appeared."""
    library = desk.session.library
    paper = library.paper(paper_id)
    assert paper
    records = [
        VenueRecord(
            "dblp", paper.title, paper.authors, 2026, venue, "inproceedings", ids=(f"dblp:{venue}",), fetched=NOW
        )
        for venue in venues
    ]
    library.add([Paper(id=paper_id, printed=(*map(row_of, records), *ASKED))], BIBLIOGRAPHIES)


def with_fetcher(desk: Desk, fetcher: Bibliographies) -> None:
    """Let the desk look things up at once, as if it were beside the keys."""
    waiting: list[Work] = []

    async def give() -> Bibliographies:
        return fetcher

    desk.fetcher = give  # type: ignore[attr-defined]
    desk.in_background = lambda work, kind, **_: waiting.append(work)  # type: ignore[attr-defined]
    desk.asking = 0  # type: ignore[attr-defined]
    desk.waiting = waiting  # type: ignore[attr-defined]


def press(desk: Desk) -> str:
    """Press the key and let what it began come to its end."""
    run(published_form, desk)
    for work in desk.waiting:  # type: ignore[attr-defined]
        asyncio.run(work())
    desk.waiting.clear()  # type: ignore[attr-defined]
    return desk.said


def test_where_there_is_no_paper_nothing_is_said_of_one(desk: Desk) -> None:
    desk.ids = []
    assert run(published_form, desk) == ""


def test_the_published_form_is_looked_up_once_and_copied(desk: Desk) -> None:
    fetcher = Bibliographies(desk, "ICML")
    with_fetcher(desk, fetcher)
    desk.answer = "dblp:ICML"
    press(desk)
    press(desk)
    assert fetcher.asked == 1
    assert desk.copied.startswith("@inproceedings{lovelace2026")
    assert [choice.value for choice in desk.offered] == ["dblp:ICML", PREPRINT]
    assert desk.session.marks.of(desk.ids[0]).cite_as == "", "what is proven need not be kept"


def test_the_reader_refuses_and_undo_reverses_that(desk: Desk) -> None:
    know(desk, desk.ids[0], "ICML")
    desk.answer = PREPRINT
    run(published_form, desk)
    assert desk.copied.startswith("@misc{")
    assert desk.session.marks.of(desk.ids[0]).cite_as == PREPRINT
    run(copy_published, desk)
    assert desk.copied.startswith("@misc{")
    assert run(undo.undo, desk).startswith("Undid: choose what is cited · ")
    run(copy_published, desk)
    assert desk.copied.startswith("@inproceedings{")


def test_the_reader_chooses_one_of_two_venues(desk: Desk) -> None:
    know(desk, desk.ids[0], "ICML", "KDD")
    desk.answer = None
    run(published_form, desk)
    assert [(choice.text, choice.group) for choice in desk.offered] == [
        ("ICML, 2026", "Perhaps"),
        ("KDD, 2026", "Perhaps"),
        ("arXiv, as a preprint", "Otherwise"),
    ]
    assert desk.copied == ""
    run(copy_published, desk)
    assert desk.copied.startswith("@misc{")
    desk.answer = "dblp:KDD"
    run(published_form, desk)
    assert "KDD" in desk.copied


def test_what_fails_is_reported_and_nothing_is_copied(desk: Desk) -> None:
    fetcher = Bibliographies(desk)
    fetcher.errors = [Unreachable("no connection (dblp.org)", task="look up where it was published")]
    with_fetcher(desk, fetcher)
    said = press(desk)
    assert said == "Could not look up where it was published: no connection (dblp.org). <published-form> tries again."
    assert desk.copied == ""


def test_a_look_up_that_fails_changes_nothing(desk: Desk) -> None:
    fetcher = Bibliographies(desk)
    fetcher.errors = [Unreachable("no connection (dblp.org)", task="look up where it was published")]
    with_fetcher(desk, fetcher)
    told: list[Changed] = []
    desk.session.publisher.listen(told.append)
    press(desk)
    assert not told


def test_looking_up_a_paper_of_the_starter_shelf_leaves_the_shelf(places: Places) -> None:
    """Offline, the other forty were gone for good, below “1 arrived”."""
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    session.load()
    shelf, desk = session.papers.shelf, Desk(session)
    fetcher = Bibliographies(desk, "ICML")
    with_fetcher(desk, fetcher)
    desk.answer = "dblp:ICML"
    fetcher.errors = [Unreachable("no connection (dblp.org)", task="look up where it was published")]
    for errors in (fetcher.errors, []):
        fetcher.errors = errors
        press(desk)
        assert session.follow_library()
        assert (session.waiting, session.papers.shelf, session.results.view.key) == (0, shelf, "shelf")
    assert desk.copied.startswith("@inproceedings{")
    session.papers.close()
    again = Session(Library(places), QUIET, places, today=TODAY)
    again.open_first_view()
    assert again.papers.shelf == shelf
    again.papers.close()


def test_a_reader_who_went_on_is_not_asked(desk: Desk) -> None:
    with_fetcher(desk, Bibliographies(desk, "ICML"))
    run(published_form, desk)
    desk.ids = [desk.session.results.ids[1]]
    for work in desk.waiting:  # type: ignore[attr-defined]
        asyncio.run(work())
    assert not desk.offered
    assert desk.said == "1 paper of 1 looked up is published."


def test_several_papers_are_copied_as_they_are_proven(desk: Desk) -> None:
    desk.ids = list(desk.session.results.ids[:3])
    know(desk, desk.ids[0], "ICML")
    know(desk, desk.ids[1])
    know(desk, desk.ids[2], "KDD")
    run(published_form, desk)
    kinds = [line.partition("{")[0] for line in desk.copied.splitlines() if line.startswith("@")]
    assert kinds == ["@inproceedings", "@misc", "@inproceedings"]


def test_the_copy_menu_offers_it(desk: Desk) -> None:
    know(desk, desk.ids[0], "ICML")
    desk.answer = "published"
    run(copy.copy_menu, desk)
    assert desk.copied.startswith("@inproceedings{")


def test_a_paper_that_is_not_on_arxiv_has_no_other_form(desk: Desk) -> None:
    desk.session.library.add([Paper(id="local-undated-538992ee82a3", title="Mine")], "local")
    desk.session.papers.take(["local-undated-538992ee82a3"])
    desk.ids = ["local-undated-538992ee82a3"]
    assert run(published_form, desk) == (
        "There is no other form, as no arXiv id is known for this imported paper. "
        "Importing its file again looks for it by title, and keeps your marks."
    )
