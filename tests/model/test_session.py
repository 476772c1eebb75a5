"""What a session knows without a screen: what is saved, what is new, what there is to look at."""

from __future__ import annotations

import asyncio

import pytest

from paperdeck.storage.files.small import remember
from paperdeck.storage.library.citation_keys import citation_keys
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.search.rank import Sort
from paperdeck.storage.settings.settings import FetchSettings, Places
from paperdeck.tui.actions.copy import choices_of, previewed
from paperdeck.tui.model.arrivals import Where
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.views import ALL, SOURCES, UNREAD, View
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, fill


@pytest.fixture
def session(places: Places, make_paper: MakePaper) -> Session:
    """A session with three papers, all loaded; the reader was here before they came."""
    fill(places, [make_paper(number, keywords=("agents",)) for number in (1, 2, 3)])
    remember(places.visits, "at", "2000-01-01T00:00:00+00:00")
    return loaded(places)


def loaded(places: Places, categories: tuple[str, ...] = ()) -> Session:
    """A session of this library."""
    settings = QUIET._replace(fetch=FetchSettings(every_minutes=0, categories=categories))
    session = Session(Library(places), settings, places, today=TODAY)
    session.rules.load()
    session.load()
    return session


def sources_of(session: Session) -> list[str]:
    return [view.title for view in session.views.all() if view.section == SOURCES]


def whole_query(session: Session, view: View, text: str) -> str:
    """The query that is saved for a view and what stands in the filter box."""
    session.results.view = view
    session.results.set_filter(text)
    return session.results.whole_query()


# Other instances


def test_papers_that_another_instance_adds_right_after_the_loading_are_noticed(
    session: Session, places: Places, make_paper: MakePaper
) -> None:
    later = loaded(places)  # its index is current, so it reads no file of papers
    Library(places).add([make_paper(4)], "hf")
    assert later.library.poll().months == {"2026-11"}


# What the list shows


def test_a_muted_paper_says_what_mutes_it(session: Session) -> None:
    assert session.why_here("2611.00001") == ""
    session.rules.toggle("keywords", "agents", mute=True)
    session.rules.toggle("authors", "Ada Lovelace", mute=True)
    assert session.why_here("2611.00001") == "Muted: agents, Ada Lovelace"


# Saving


def test_a_saved_alternative_stays_within_its_view(session: Session) -> None:
    assert whole_query(session, UNREAD, "alpha OR beta") == "is:unread (alpha OR beta)"


def test_the_order_that_was_chosen_is_saved_too(session: Session) -> None:
    assert session.results.order_words() == ""
    session.results.sort = Sort("stars")
    assert whole_query(session, UNREAD, "") == "is:unread sort:stars"
    assert session.results.order_words() == "stars of the code"


def test_the_order_in_the_filter_goes_first(session: Session) -> None:
    session.results.sort = Sort("stars")
    assert whole_query(session, ALL, "cats sort:upvotes") == "cats sort:upvotes"


def test_a_filter_that_is_not_a_query_cannot_be_saved(session: Session) -> None:
    assert whole_query(session, ALL, "cats OR") == ""


def test_only_a_view_with_a_fixed_list_has_no_query(session: Session) -> None:
    assert session.views.day().is_list
    assert not UNREAD.is_list


# Views


def test_a_saved_view_counts_what_arrived_since_the_last_visit(session: Session) -> None:
    session.rules.save_view("Agents", "keyword:agents -upvotes:3")
    session.rules.load()
    saved = next(view for view in session.views.all() if view.title == "Agents")
    assert session.finder.count_new(saved) == 2
    assert session.finder.count_new(ALL) == 0


def test_a_saved_view_that_is_shown_follows_its_name_and_its_query_and_leads_to_the_day_when_deleted(
    session: Session,
) -> None:
    """The head kept the old name; after the view was deleted too."""
    results, rules = session.results, session.rules

    def shown() -> tuple[str, str]:
        session.follow_library()
        return results.view.title, results.view.query

    rules.save_view("Robots", "robots")
    rules.save_view("Agents", "agents")
    saved = session.views.by_key("saved Agents")
    assert saved
    session.show(saved)
    rules.rename_view("Agents", "Helpers")
    assert shown() == ("Helpers", "agents")
    rules.save_view("Helpers", "agents -robots")
    assert shown() == ("Helpers", "agents -robots")
    session.show_query("2611.00001")
    rules.rename_view("Helpers", "Colleagues")
    assert shown() == ("All", "")
    results.go_back()
    assert shown() == ("Colleagues", "agents -robots")
    rules.delete_view("Robots")
    assert shown() == ("Colleagues", "agents -robots"), "another one was deleted"
    rules.delete_view("Colleagues")
    assert session.follow_library() is False, "the other list is found, not this one again"
    assert results.view.key == "day"
    session.deeds.undo()
    assert session.views.by_key("saved Colleagues")


def test_a_renamed_view_opens_where_it_was_left(session: Session) -> None:
    results = session.results
    session.rules.save_view("Agents", "agents")
    saved = session.views.by_key("saved Agents")
    assert saved
    session.show(saved)
    asyncio.run(results.find())
    session.rules.rename_view("Agents", "Helpers")
    session.follow_library()
    results.where = lambda: Where(cursor=1, line=1)
    left = results.ids[1]
    session.show(ALL)
    session.show(session.views.by_key("saved Helpers") or ALL)
    asyncio.run(results.find())
    assert (results.view.title, results.place) == ("Helpers", (left, 1))


def test_one_source_needs_no_views_of_sources(session: Session) -> None:
    assert sources_of(session) == []


def test_each_source_has_a_view_once_a_category_is_followed(session: Session, places: Places) -> None:
    assert sources_of(loaded(places, ("cs.CL",))) == ["Daily Papers", "arXiv", "arXiv cs.CL"]


# Rules and taste


def test_who_follows_what_is_muted_is_told_which_wins(session: Session) -> None:
    session.rules.toggle("keywords", "agents", mute=True)
    assert "also muted, and muting wins" in session.rules.toggle("keywords", "agents", mute=False)


@pytest.mark.parametrize("mute", [True, False])
def test_a_rule_about_a_name_in_another_case_is_the_same_rule(session: Session, places: Places, *, mute: bool) -> None:
    paper = Paper(id="2611.00001", organization="NVIDIA")
    rules = (
        '[mute]\nqueries = ["org:=nvidia", "org:=NVIDIA"]' if mute else '[follow]\norganizations = ["nvidia", "NVIDIA"]'
    )
    places.config_file.parent.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text(rules, encoding="utf-8")
    session.rules.load()
    session.rules.toggle("keywords", "agents", mute=mute)
    session.rules.toggle("keywords", "Agents", mute=mute)
    assert [rule.on for rule in session.rules.about(paper, mute=mute)] == [True]
    assert session.rules.elsewhere(paper, mute=mute) == []
    session.rules.toggle("organizations", "Nvidia", mute=mute)
    assert session.rules.elsewhere(paper, mute=mute) == session.rules.about(paper, mute=mute)[1:]
    session.library.undo()
    session.rules.load()
    assert len(session.rules.rules.mute or session.rules.rules.organizations) == 2


def test_a_mute_elsewhere_is_named_by_what_it_mutes(session: Session) -> None:
    paper, others = Paper(id="2611.00001"), ("org:=KAIST", 'author:="Yi Li"', "keyword:agents -survey")
    for query in others:
        session.library.mute(query)
    session.rules.load()
    named = [(rule.kind, rule.value, rule.name) for rule in session.rules.elsewhere(paper, mute=True)]
    assert named == [
        ("organizations", "KAIST", "KAIST"),
        ("authors", "Yi Li", "Yi Li"),
        (None, "keyword:agents -survey", "keyword:agents -survey"),
    ]
    session.rules.toggle("organizations", "KAIST", mute=True)
    assert list(session.rules.rules.mute) == list(others[1:])


def test_there_is_no_taste_before_the_first_star(session: Session) -> None:
    assert not session.tasting.has_material
    session.marks.mark(["2611.00001"], "star", starred=True)
    assert session.tasting.has_material


# Copying


def test_the_format_that_was_copied_last_is_on_top_at_the_next_start(session: Session, places: Places) -> None:
    session.last_copy = "ieee"
    assert choices_of([], loaded(places).last_copy)[0].value == "ieee"


def test_no_two_forms_have_the_same_name(session: Session) -> None:
    names = [choice.text for choice in choices_of([], "page")]
    assert len(set(names)) == len(names)
    assert "Link" not in names


def test_a_preview_has_the_citation_key_that_is_copied(session: Session) -> None:
    papers = session.papers.facts(["2611.00001", "2611.00002"])
    foreign = citation_keys(session.library, papers[:1], {papers[0].id: "foo"})
    preview = previewed(session, papers)("bibtex")
    assert citation_keys(session.library, papers[:1]) == foreign == {"2611.00001": "foo"}
    keys = citation_keys(session.library, papers)
    assert all(key in preview for key in keys.values())


def test_a_preview_says_how_many_papers_it_leaves_out(session: Session, make_paper: MakePaper) -> None:
    lines = previewed(session, [make_paper(number) for number in range(1, 24)])("id").splitlines()
    assert lines[19:] == ["2611.00020", "and 3 more papers"]
