"""Lists that are made for a question: what is related, a list in topics, and the best of what was missed."""

from __future__ import annotations

import pytest

from paperdeck.storage.paper import Paper
from paperdeck.storage.search.query import Query, parse
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.model.finder import Wanted
from paperdeck.tui.model.lists import related_view
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.views import View
from tests.support.absence import PAPERS, ROBOTS, session_after_nine_days


@pytest.fixture
def session(places: Places) -> Session:
    return session_after_nine_days(places)


def listed(session: Session, view: View) -> list[str]:
    return list(session.finder.find(Wanted(view, session.results.query, session.results.sort)))


# -- related ---------------------------------------------------------------------------------------------------------


def test_related_papers_are_of_the_same_topic_best_first_and_without_the_paper_itself(session: Session) -> None:
    paper = session.library.paper(ROBOTS[8])
    assert paper
    found = listed(session, related_view(session.library, paper, "it"))
    assert paper.id not in found
    assert set(found[:10]) <= set(ROBOTS)


def test_papers_by_the_same_people_say_by_whom(session: Session) -> None:
    paper = session.library.paper(ROBOTS[8])
    assert paper
    twin = Paper(id="2611.09000", title="Something else", abstract="Entirely.", authors=paper.authors[:2])
    session.library.add([twin], "arxiv")
    session.papers.take([twin.id])
    view = related_view(session.library, paper, "it")
    assert twin.id in listed(session, view)
    assert view.captions[twin.id] == f"also by {paper.authors[0]} and {paper.authors[1]}"


# -- topics ----------------------------------------------------------------------------------------------------------


def fold_newest_day(session: Session) -> tuple[View, list[str]]:
    ids = listed(session, session.views.day())
    return session.topics.fold(session.views.day(), ids), ids


def test_a_folded_day_has_each_paper_once_and_each_row_stands_for_a_topic(session: Session) -> None:
    view, ids = fold_newest_day(session)
    rows = listed(session, view)
    assert len(rows) == len(view.folds) < len(ids)
    assert sorted(view.papers_in(rows)) == sorted(ids)
    assert all(fold.ids[0] == lead for lead, fold in view.folds.items())


def test_interests_and_followed_names_come_first(session: Session) -> None:
    session.library.set_interest("gaussian splatting")
    session.rules.load()
    session.rules.toggle("organizations", "Lab of proofs", mute=False)
    view, _ = fold_newest_day(session)
    assert [fold.name for fold in view.folds.values()][:1] == ["Lab of proofs"]


def test_an_opened_topic_is_a_list_of_its_papers(session: Session) -> None:
    view, _ = fold_newest_day(session)
    lead, fold = next(iter(view.folds.items()))
    opened = session.topics.opened(lead)
    assert opened and opened.is_topic and listed(session, opened) == list(fold.ids)
    assert session.topics.opened("2611.09999") is None


def test_a_topic_says_which_papers_it_stands_for_and_a_pick_why_it_is_there(session: Session) -> None:
    view, _ = fold_newest_day(session)
    lead, fold = next(iter(view.folds.items()))
    session.results.view = view
    assert session.why_here(lead).splitlines()[0] == fold.name
    assert len(session.why_here(lead).splitlines()) == 1 + len(fold.ids)
    session.results.view = session.catch_up.offer(session.catch_up.missed(), 5)
    [pick, *_] = session.catch_up.offered
    assert session.why_here(pick) == session.results.view.captions[pick] != ""
    assert session.why_here("2611.09999") == ""


def test_a_mark_on_a_topic_is_one_deed_on_all_its_papers(session: Session) -> None:
    view, _ = fold_newest_day(session)
    lead, fold = next(iter(view.folds.items()))
    session.marks.toggle(view.papers_in([lead]), "starred", ("star", "unstar"))
    assert all(session.marks.of(paper_id).starred for paper_id in fold.ids)
    session.deeds.undo()
    assert not any(session.marks.of(paper_id).starred for paper_id in fold.ids)


def test_the_papers_of_a_list_are_those_of_its_topics_that_are_not_hidden(session: Session) -> None:
    """`H` marked the first paper of each topic only, and hidden ones that the top line does not count."""
    view, ids = fold_newest_day(session)
    rows = listed(session, view)
    session.marks.mark(ids[:1], "hide", hidden=True)
    assert sorted(session.finder.papers_of(Wanted(view, Query()), rows)) == sorted(ids[1:])
    for literal in (Wanted(view, parse("is:hidden")), Wanted(view._replace(everything=True), Query())):
        assert sorted(session.finder.papers_of(literal, rows)) == sorted(ids)


async def test_the_facets_of_topics_count_all_their_papers(session: Session) -> None:
    view, _ = fold_newest_day(session)
    session.results.show(session.views.day())
    await session.results.find()
    await session.counts.count()
    before = session.counts.facets
    assert before
    session.results.show(view)
    await session.results.find()
    await session.counts.count()
    assert session.counts.facets == before


# -- nine days away, fifteen minutes -----------------------------------------------------------------------------------


def test_nine_days_away_with_fifteen_minutes(session: Session) -> None:
    missed = session.catch_up.missed()
    assert len(missed) == len(PAPERS) - 6
    view = session.catch_up.offer(missed, 15)
    offered = listed(session, view)
    assert len(offered) == 10
    before = session.results.view
    session.results.show(view)
    assert session.results.go_back(), "escape leads out of a list that has no row in the pane"
    assert session.results.view == before
    # what the reader likes leads, each with its reason, and what did best in its day is not left out
    assert len(set(offered) & set(ROBOTS)) >= 7
    assert all(view.captions[paper_id] for paper_id in offered)
    assert any(view.captions[paper_id].startswith("because ★") for paper_id in offered)
    # reading them all ends it
    assert not session.catch_up.is_done
    session.marks.mark(offered, "read", read=True)
    assert session.catch_up.is_done
    rest = session.catch_up.finish()
    assert len(rest) == len(missed) - 10
    deed = session.marks.mark(rest, "catch up", read=True)
    assert (deed.label, len(deed.ids)) == ("catch up", len(rest))
    assert session.catch_up.missed() == ()
    # one undo brings the rest back, and not what was read
    session.deeds.undo()
    assert set(session.catch_up.missed()) == set(rest)


def test_stopping_leaves_what_is_offered_unread(session: Session) -> None:
    missed = session.catch_up.missed()
    offered = listed(session, session.catch_up.offer(missed, 5))
    session.marks.mark(offered[:1], "read", read=True)
    assert not session.catch_up.is_done
    session.marks.mark(session.catch_up.finish(), "catch up", read=True)
    assert sorted(session.catch_up.missed()) == sorted(offered[1:])


def test_without_a_taste_the_best_of_each_day_are_offered(session: Session) -> None:
    session.marks.mark(ROBOTS[:6], "unstar", starred=False)
    view = session.catch_up.offer(session.catch_up.missed(), 15)
    assert all("that day, ▲" in view.captions[paper_id] for paper_id in listed(session, view))


def test_the_same_is_offered_again(session: Session) -> None:
    missed = session.catch_up.missed()
    first = session.catch_up.offer(missed, 30)
    assert listed(session, session.catch_up.offer(tuple(reversed(missed)), 30)) == listed(session, first)
