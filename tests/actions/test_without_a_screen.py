"""Actions are plain functions of a small context: they are tested without a screen."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from paperdeck.storage.errors import PaperdeckError
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.search.rank import SORT_KEYS
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.actions import (
    copy,
    days,
    digest,
    download,
    export,
    fetch,
    lists,
    look,
    marks,
    rules,
    undo,
    views,
)
from paperdeck.tui.actions.context import Context
from paperdeck.tui.look.text import UNICODE
from paperdeck.tui.model.arrivals import Where
from paperdeck.tui.model.choice import Accept, Choice, with_words
from paperdeck.tui.model.drafts import open_draft
from paperdeck.tui.model.lists import listed_digest, search_results
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.tasting import TasteItem
from paperdeck.tui.model.views import DIGEST, KEYWORDS, RESULTS, SOURCES, STARRED, TAGS, View
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, fill


class Desk:
    """A context that answers what a test says, and remembers what was said."""

    def __init__(self, session: Session) -> None:
        self.session, self.symbols = session, UNICODE
        self.ids = [session.results.ids[0]]
        self.answer: str | None = None
        self.answers: list[str] = []
        self.offered: list[Choice] = []
        self.free: Callable[[str], str] | None = None
        self.said = ""
        self.refused = ""
        self.copied = ""
        self.focused = ""
        self.view: View | None = None
        self.on_main_screen = True
        self.theme = "paperdeck-dark"
        self.ended = False

    def current(self) -> str | None:
        return self.ids[0] if self.ids else None

    def targets(self) -> list[str]:
        return self.ids

    def selected(self) -> bool:
        return True

    def select(self, rows: Collection[str]) -> None:
        self.ended = True

    def highlighted_view(self) -> View | None:
        return self.view

    def say(self, message: str, *, severe: bool = False) -> None:
        self.said = message

    def clear(self) -> None:
        self.said = ""

    def key_of(self, action_id: str) -> str:
        return f"<{action_id}>"

    async def choose(
        self, title: str, choices: Sequence[Choice], *, free: Callable[[str], str] | None = None, **_: object
    ) -> str | None:
        self.offered, self.free = list(choices), free
        return self.answers.pop(0) if self.answers else self.answer

    async def prompt(
        self, title: str, value: str = "", hint: str = "", accept: Accept | None = None, *, proposal: str = ""
    ) -> str | None:
        if accept and self.answer is not None:
            try:
                if waiting := accept(self.answer):
                    await waiting
            except PaperdeckError as error:
                self.refused = str(error)
        return self.answer

    async def copy(self, text: str, what: str, why: str = "") -> None:
        self.copied = text

    def show_digest(self, digest: object, advice: str) -> bool:
        return True

    def focus(self, pane: str) -> None:
        self.focused = pane

    def themes(self) -> list[str]:
        return ["paperdeck-dark", "nord"]


@pytest.fixture
def desk(places: Places, make_paper: MakePaper) -> Desk:
    """A desk with five papers about search, the first of them current."""
    papers = [make_paper(number, keywords=("search",)) for number in range(1, 6)]
    fill(places, [*papers, make_paper(9, listed=TODAY.replace(day=19))])
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    session.load()
    return Desk(session)


def run(action: Callable[[Context], Coroutine[Any, Any, None] | None], desk: Desk) -> str:
    """Run an action to its end; returns what it said."""
    waiting = action(cast(Context, desk))
    if inspect.isawaitable(waiting):
        asyncio.run(waiting)  # type: ignore[arg-type]
    return desk.said


# Undo


def test_undo_reverses_a_mute_and_leaves_the_star_before_it(desk: Desk) -> None:
    run(marks.star, desk)
    desk.answer = "keywords search"
    run(rules.mute, desk)
    assert run(undo.undo, desk) == "Undid: mute · search", "the name, not the query keyword:=search"
    assert (desk.session.rules.rules.mute, desk.session.marks.of(desk.ids[0]).starred) == ((), True)
    assert run(undo.undo, desk).startswith("Undid: star · ")
    assert not desk.session.marks.of(desk.ids[0]).starred


def test_undo_brings_a_deleted_view_back(desk: Desk) -> None:
    desk.session.rules.save_view("Cats", "cats")
    desk.view = next(view for view in desk.session.views.all() if view.title == "Cats")
    run(views.delete_view, desk)
    assert not desk.session.rules.rules.views
    assert run(undo.undo, desk) == "Undid: delete view · Cats"
    assert desk.session.rules.saved_query("Cats") == "cats"


def test_reads_by_resting_are_never_undone_along_with_a_deed(desk: Desk) -> None:
    run(marks.star, desk)
    marks.rested(cast(Context, desk), desk.session.results.ids[1])
    run(undo.undo, desk)
    assert not desk.session.marks.of(desk.ids[0]).starred
    assert desk.session.marks.of(desk.session.results.ids[1]).read


def test_theme_and_order_are_undone_too(desk: Desk) -> None:
    desk.answer = "nord"
    run(look.theme, desk)
    assert desk.session.library.preference("theme") == "nord"
    said = run(views.next_order, desk)
    assert said == "Sorted by upvotes. Press <next-order> again to sort by recent upvotes."
    assert desk.session.results.sort.key == "upvotes"
    run(views.next_order, desk)
    assert desk.session.results.order_words() == "recent upvotes", (
        "the explanation is for the message, not the top line"
    )
    run(undo.undo, desk)
    assert run(undo.undo, desk).startswith("Undid: order")
    assert desk.session.results.sort.key == "date"
    assert run(undo.undo, desk).startswith("Undid: theme")
    assert desk.session.library.preference("theme") != "nord"


def test_a_view_with_an_order_of_its_own_is_never_said_to_be_sorted_by_day(desk: Desk) -> None:
    ids = list(desk.session.results.ids)
    desk.session.results.show(View("trending", "Trending", within=lambda: ids))
    said = [run(views.next_order, desk) for _ in SORT_KEYS]
    assert said[-1] == "Sorted in this view's own order. Press <next-order> again to sort by upvotes."
    desk.session.results.show(STARRED)
    assert "Sorted by day, newest first." in [run(views.next_order, desk) for _ in SORT_KEYS][-1]


def test_a_message_about_several_papers_counts_those_that_changed(desk: Desk) -> None:
    """“Marked 2 papers as read”, and then “Undid: mark read · 1 paper”."""
    run(marks.star, desk)
    desk.ids = list(desk.session.results.ids[:2])
    assert run(marks.star, desk) == "Starred 1 paper; <undo> undoes it."
    assert run(marks.star, desk) == "Removed the star from 2 papers; <undo> undoes it."


def test_a_digest_that_comes_late_leaves_what_was_opened_meanwhile(desk: Desk) -> None:
    desk.on_main_screen = False
    assert run(digest.show, desk) == "The digest is ready; <digest> shows it."
    assert (desk.session.results.view.key, desk.focused) == ("day", "")


@pytest.mark.parametrize(
    ("maker", "hours", "whose"),
    [
        ("the reader", -1, "Before this session you did: star"),
        ("the reader", 1, "In another window you did: star"),
        ("paperdeck tag", -1, "Before this session “paperdeck tag” did: star"),
        ("paperdeck tag", 1, "Meanwhile “paperdeck tag” did: star"),
    ],
)
def test_a_deed_of_another_process_is_named_before_it_is_undone(desk: Desk, maker: str, hours: int, whose: str) -> None:
    """Yesterday's own deed was “the reader, process 12260 did”, below “Nothing of yours”."""
    paper_id = desk.session.results.ids[3]
    at = desk.session.deeds.began + timedelta(hours=hours)
    library = Library(desk.session.places, clock=at.timestamp, maker=maker)
    library.mark([paper_id], starred=True, label="star")
    desk.session.library.poll()
    desk.session.marks.changed([paper_id])
    said = run(undo.undo, desk)
    assert said.startswith(whose)
    assert said.endswith("; <undo> again undoes that.")
    assert desk.session.marks.of(paper_id).starred
    assert run(undo.undo, desk).startswith("Undid: star")
    assert not desk.session.marks.of(paper_id).starred


def test_a_confirmation_is_void_after_another_deed(desk: Desk) -> None:
    paper_id = desk.session.results.ids[3]
    Library(desk.session.places, maker="the command line").mark([paper_id], starred=True, label="star")
    desk.session.library.poll()
    run(undo.undo, desk)
    run(marks.mark_read, desk)
    assert run(undo.undo, desk).startswith("Undid: mark read")
    assert Library(desk.session.places).marks(paper_id).starred


# Marks


def test_an_action_on_several_says_so_and_ends_the_selection(desk: Desk) -> None:
    """The selection outlived its action."""
    desk.ids = list(desk.session.results.ids[:3])
    assert run(marks.star, desk) == "Starred 3 papers; <undo> undoes it."
    assert desk.ended


def test_hiding_says_what_it_did(desk: Desk) -> None:
    """`x` showed nothing."""
    said = run(marks.hide, desk)
    assert "Hidden" in said
    assert "<undo>" in said
    assert run(marks.hide, desk) == "No longer hidden."


def test_a_star_is_announced_where_it_is_not_seen(desk: Desk) -> None:
    assert run(marks.star, desk) == ""
    desk.on_main_screen = False
    assert run(marks.star, desk) == "Star removed."


def test_a_tag_that_is_stored_under_another_name_says_so(desk: Desk) -> None:
    """“to read” silently became “to-read”."""
    desk.answer = "to read"
    assert run(marks.tags, desk) == "“to read” is stored as “to-read”."
    assert desk.session.marks.of(desk.ids[0]).tags == {"to-read"}


def test_a_note_that_was_not_saved_is_reported_with_the_keys_that_restore_it(desk: Desk) -> None:
    for paper in (desk.ids[0], "2611.09999"):
        draft = open_draft(desk.session.drafts, paper, "")
        draft.write("half a thought")
        draft.leave()
    found = desk.session.unsaved_notes()
    assert found == desk.ids, "only papers that can be shown"
    marks.tell_unsaved(cast(Context, desk), found)
    title = desk.session.papers.facts(desk.ids)[0].title
    assert desk.said == f"Your note on “{title}” was not saved; <palette> finds the paper, <note> there restores it."
    marks.tell_unsaved(cast(Context, desk), found * 2)
    assert desk.said.startswith(f"Your notes on 2 papers were not saved, the last one on “{title}”; <palette>")


def test_what_is_muted_is_offered_first_and_unmuted_by_choosing_it(desk: Desk) -> None:
    """`M` again did not take the mute back."""
    desk.answer = "keywords search"
    run(rules.mute, desk)
    run(rules.mute, desk)
    assert (desk.offered[0].value, desk.offered[0].key) == ("keywords search", UNICODE.selected)
    assert desk.said == "search is no longer muted."


def test_a_word_that_the_paper_does_not_have_can_be_muted_as_a_keyword(desk: Desk) -> None:
    """“nothing matches”, and no way on."""
    run(rules.mute, desk)
    assert desk.free and desk.free("video generation") == "Mute “video generation”"
    assert desk.free("Search") == "", "the paper has it"
    desk.answers = ["  video generation ", "keywords"]
    assert run(rules.mute, desk) == "Muted video generation; muted papers are in the view Muted."
    assert desk.session.rules.rules.mute == ('keyword:="video generation"',)
    desk.answer = None
    run(rules.mute, desk)
    assert [choice.text for choice in desk.offered if choice.group == "Also muted"] == ["video generation"]
    desk.answer = desk.offered[-1].value
    assert run(rules.mute, desk) == "video generation is no longer muted."
    assert desk.session.rules.rules.mute == ()


def test_a_typed_name_is_an_organization_or_an_author_if_papers_have_it_as_one(desk: Desk) -> None:
    """The keyword “NVIDIA”, which no paper has, was followed."""
    [paper] = desk.session.papers.facts(desk.ids)
    other = replace(paper, id="2611.00099", organization="Cat Lab", authors=("Ada Kahn",), keywords=("cooks",))
    desk.session.library.add([other], "hf")
    desk.session.papers.take([other.id])
    for name in ("cat lab", "Ada Kahn", "cooks"):
        desk.answer = name
        run(rules.follow, desk)
    followed = desk.session.rules.rules
    assert (followed.organizations, followed.authors, followed.keywords) == (("cat lab",), ("Ada Kahn",), ("cooks",))
    assert not run(undo.undo, desk).startswith("Nothing")


def test_a_name_that_no_paper_has_yet_is_what_the_reader_says_it_is(desk: Desk) -> None:
    """A person whose first paper was still to come was followed as a keyword, which never matched."""
    desk.answers = ["Yifan Yu", "authors"]
    assert run(rules.follow, desk) == "Following Yifan Yu."
    assert [choice.text for choice in desk.offered] == ["author", "organization", "keyword"]
    assert desk.session.rules.rules.authors == ("Yifan Yu",)
    desk.answers, desk.answer = ["Ann Roe"], None
    run(rules.follow, desk)
    assert desk.session.rules.rules.authors == ("Yifan Yu",)


def test_a_keyword_of_other_papers_can_be_followed_and_unfollowed_from_any(desk: Desk) -> None:
    [paper] = desk.session.papers.facts(desk.ids)
    desk.session.library.add([replace(paper, id="2611.00099", keywords=("robots",))], "hf")
    desk.session.papers.take(["2611.00099"])
    desk.answers = ["cooks", "keywords"]
    assert run(rules.follow, desk) == "Following cooks."
    run(undo.undo, desk)
    desk.session.marks.mark(["2611.00099"], "hide", hidden=True)
    desk.answer = "robots"
    assert run(rules.follow, desk) == "Following robots.", "a hidden paper has it"
    desk.answer = None
    run(rules.follow, desk)
    assert (desk.offered[-1].text, desk.offered[-1].group) == ("robots", "Also followed")
    desk.answer = desk.offered[-1].value
    assert run(rules.follow, desk) == "You no longer follow robots."


def test_what_is_hidden_is_not_marked_with_the_rest_of_the_list(desk: Desk) -> None:
    """“65 papers” in the top line, and then “Marked 66 papers”."""
    hidden = desk.ids[0]
    run(marks.hide, desk)
    assert run(marks.mark_list_read, desk).startswith(f"Marked {len(desk.session.results.ids) - 1} papers in")
    assert not desk.session.marks.of(hidden).read


@pytest.mark.parametrize(("change", "label"), [(marks.mark_read, "Marked {} as"), (marks.hide, "Hid {}")])
def test_what_was_done_to_several_is_a_sentence(desk: Desk, change: Callable[[Context], None], label: str) -> None:
    desk.ids = list(desk.session.results.ids[:3])
    assert run(change, desk).startswith(label.format("3 papers"))


def test_tagging_several_is_a_sentence(desk: Desk) -> None:
    desk.ids, desk.answer = list(desk.session.results.ids[:2]), "thesis"
    assert run(marks.tags, desk) == "Tagged thesis: 2 papers; <undo> undoes it."
    desk.ids.append(desk.session.results.ids[2])
    assert run(marks.tags, desk) == "Tagged thesis: 1 paper; <undo> undoes it.", "the others had it"
    assert run(marks.tags, desk) == "Removed the tag thesis from 3 papers; <undo> undoes it."


# Views, days, copies


@pytest.mark.parametrize(
    ("is_complete", "said"), [(True, "No papers match"), (False, "has not been fetched yet. {fetch-history}")]
)
def test_an_empty_digest_says_whether_its_days_were_fetched(desk: Desk, is_complete: bool, said: str) -> None:
    desk.session.views.put(listed_digest("week", "Papers of the week", (), is_complete=is_complete))
    view = desk.session.views.by_key(DIGEST)
    assert view
    assert said in view.empty


@pytest.mark.parametrize(
    ("action", "view"), [(days.before, "day 2026-11-19"), (lists.catch_up, "day"), (digest.show, DIGEST)]
)
def test_who_goes_to_a_day_catches_up_or_lists_a_digest_leaves_the_starter_shelf(
    places: Places, make_paper: MakePaper, action: Callable[[Context], Coroutine[Any, Any, None]], view: str
) -> None:
    """The days behind the shelf and the digest had no papers, and nothing was missed, below “241 arrived”."""
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    session.load()
    assert session.papers.shelf
    papers = [make_paper(1), make_paper(2, listed=TODAY.replace(day=19))]
    fill(places, papers)
    session.papers.take([paper.id for paper in papers])
    session.arrived([paper.id for paper in papers])
    run(action, Desk(session))
    assert (session.papers.shelf, session.results.view.key) == ((), view)
    session.papers.close()


def test_who_catches_up_before_the_first_fetch_is_told_to_fetch(places: Places) -> None:
    """“Nothing was missed: everything from the last two weeks is read.”, offline, without any paper."""
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    assert session.papers.shelf  # “No papers yet.”, below the forty on the screen
    said = run(lists.catch_up, Desk(session))
    assert said.startswith("Nothing has been missed yet: these are papers to start with. <refresh> fetches")
    session.papers.close()


def test_marks_on_the_starter_shelf_keep_it_and_for_you_says_what_is_missing(places: Places) -> None:
    """“Nothing is starred yet”, and the advice to star papers, below a starred one."""
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    session.load()
    shelf, desk = session.papers.shelf, Desk(session)
    for teaches, remark, said in (
        (lambda: None, "nothing is starred yet", "Your taste isn't known yet: star papers with <star>"),
        (lambda: session.marks.mark(shelf[:1], "star", starred=True), "your taste isn't known yet", _ON_THE_SHELF),
        (lambda: session.tasting.add_interest("agents"), "your taste isn't known yet", _ON_THE_SHELF),
    ):
        teaches()
        session.tasting.follow()
        view = session.views.by_key("foryou")
        assert view
        views.choose_view(cast(Context, desk), view)
        assert view.remark == f"by upvotes: {remark}"
        assert desk.said.startswith(said)
    session.marks.mark(shelf[1:2], "note", note="later")
    session.marks.mark(shelf[2:3], "tag", add_tags=["thesis"])
    session.papers.take(shelf)
    assert (session.waiting, session.papers.shelf, session.papers.has_fetched()) == (0, shelf, False)
    session.library.add([Paper(id=shelf[3], title="Mine")], "local")
    session.papers.take(shelf)
    assert session.waiting == 1, "what the reader imports ends the shelf"
    session.papers.close()


_ON_THE_SHELF = (
    "Your taste counts once papers are fetched: For you shows unread papers of the last 7 days; <refresh> fetches them."
)


def test_keys_pressed_before_the_card_of_the_first_start_keep_it_away(places: Places) -> None:
    """On a slow machine the card came over a list in use, and swallowed the next key."""
    session = Session(Library(places), QUIET, places, today=TODAY)
    session.open_first_view()
    assert session.wants_welcome
    session.acted()
    assert not session.wants_welcome
    session.papers.close()


def test_a_selection_ends_before_its_papers_are_removed(desk: Desk, make_paper: MakePaper) -> None:
    """The list said that selected papers were missing, in place of what was done."""
    papers = [make_paper(number) for number in (901, 902)]
    desk.session.library.add(papers, "search")
    desk.ids = [paper.id for paper in papers]
    desk.session.papers.take(desk.ids)
    there: list[bool] = []
    desk.select = lambda rows: there.append(bool(desk.session.papers.row(desk.ids[0])))  # type: ignore[method-assign]
    assert run(views.remove_papers, desk) == "Removed 2 papers; <undo> brings them back."
    assert there == [True]


def test_a_pdf_is_that_of_one_paper(desk: Desk) -> None:
    """With others selected, that of the paper under the cursor was downloaded."""
    desk.ids = list(desk.session.results.ids[:2])
    assert run(download.download_pdf, desk).startswith("<download-pdf> takes one paper: end the selection with <back>")
    assert desk.session.downloads == {}


def test_an_empty_list_has_no_topics_to_speak_of(desk: Desk) -> None:
    """“These papers fall into no topics”, where there were none."""
    desk.session.results.set_first([])
    assert not run(lists.fold, desk)


def test_a_search_on_the_hub_is_closed_with_delete(desk: Desk) -> None:
    session = desk.session
    session.views.put(search_results("cats", (desk.ids[0],)))
    desk.view = session.views.by_key(RESULTS)
    assert desk.view
    session.results.show(desk.view)
    said = run(views.delete_view, desk)
    assert said == "Closed “Search: cats”; <undo> opens it again. Its papers are still in the library."
    assert (session.views.by_key(RESULTS), session.results.view.key) == (None, "day")


def test_a_search_or_a_digest_that_was_closed_is_opened_again_by_undo(desk: Desk) -> None:
    """`u` right after it undid an older deed."""
    run(marks.star, desk)
    desk.session.views.put(search_results("cats", (desk.ids[0],)))
    run(digest.show, desk)
    for key in (DIGEST, RESULTS):
        desk.view = desk.session.views.by_key(key)
        assert desk.view
        assert "<undo> opens it again." in run(views.delete_view, desk)
        assert run(undo.undo, desk) == f"Opened “{desk.view.title}” again."
        assert desk.session.results.view.key == key
        assert run(undo.redo, desk).startswith(f"Closed “{desk.view.title}”")
        run(undo.undo, desk)
    assert run(views.delete_view, desk)
    run(marks.star, desk)
    assert run(undo.undo, desk).startswith("Undid: unstar"), "a later deed comes first"


def test_the_list_of_a_digest_is_of_the_period_whose_text_was_read(desk: Desk) -> None:
    """Closing it and undoing that opened another digest than was in the list."""
    run(digest.show, desk)
    for _ in range(2):
        run(digest.next_period, desk)
        assert desk.session.results.view.title == desk.session.views.made[DIGEST].view.title


def test_the_first_list_opens_again_where_it_was_left(desk: Desk) -> None:
    results = desk.session.results
    results.where = lambda: Where(first=0, last=9, cursor=2, line=1)
    left = results.ids[2]
    results.set_filter("qqq")
    asyncio.run(results.find())
    results.where = Where
    results.set_filter("")
    asyncio.run(results.find())
    assert results.place == (left, 1)


def test_a_view_that_is_built_in_stays(desk: Desk) -> None:
    desk.view = STARRED
    assert "built in" in run(views.delete_view, desk)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (View("tag thesis", "thesis", section=TAGS), "to remove a tag: <read>, <select-all>, <tags>, then its name."),
        (View("keyword cats", "cats", section=KEYWORDS), "keywords come from the papers."),
        (View("source hf", "Daily Papers", section=SOURCES), "config.toml lists the categories."),
        (View(RESULTS, "Search: cats"), "<delete-view> closes this one."),
    ],
)
def test_a_row_that_is_not_a_saved_view_says_where_it_comes_from(desk: Desk, view: View, said: str) -> None:
    """A tag was called built in."""
    desk.view = view
    assert run(views.rename_view, desk).endswith(said)


@pytest.mark.parametrize("named", ["2611.00002", "https://arxiv.org/abs/2611.00002"])
def test_a_search_for_an_id_or_a_link_opens_the_paper(desk: Desk, named: str) -> None:
    """The Hub's search knows neither."""
    desk.session.results.set_filter(named)
    run(views.search_hub, desk)
    assert (desk.session.results.view.key, desk.session.results.text) == ("all", "2611.00002")


@pytest.mark.parametrize("filter_", ["is:starred", "tag:none -cats", "is:stared"])
def test_a_filter_without_words_is_not_sent_to_the_hub(desk: Desk, filter_: str) -> None:
    """It was asked for “is:starred”, which left an empty view of that name."""
    desk.session.results.set_filter(filter_)
    said = run(views.search_hub, desk)
    assert said.startswith("The Hub searches for words, and this filter has none for it.")
    assert said.endswith("<filter>, the words, then <search-hub>.")
    assert desk.session.views.by_key(RESULTS) is None


def test_a_view_without_a_name_is_refused_in_the_prompt(desk: Desk) -> None:
    desk.session.results.set_filter("cats")
    desk.answer = "  "
    run(views.save_view, desk)
    assert desk.refused == "A name is needed; type one."
    assert not desk.session.rules.rules.views


def test_a_view_is_shown_and_the_focus_goes_to_the_list(desk: Desk) -> None:
    views.choose_view(cast(Context, desk), STARRED)
    assert (desk.session.results.view.key, desk.focused) == ("starred", "list")


def test_the_day_before_is_shown(desk: Desk) -> None:
    run(days.before, desk)
    assert desk.session.results.view.title == "Thu 19 Nov 2026"
    assert "<fetch-history>" in run(days.before, desk)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-11-19", ""),
        ("2025-01-01", "Nothing has been fetched yet for Wed 1 Jan 2025; <fetch-history> fetches older days."),
        ("2030-01-01", "Tue 1 Jan 2030 is still to come."),
    ],
)
def test_a_typed_day_without_papers_says_why(desk: Desk, typed: str, said: str) -> None:
    """“nothing matches”, and no way on; the example in the hint, 2026-11, matched nothing either."""
    desk.answer = typed
    assert run(days.pick, desk) == said
    assert (desk.session.results.view.title == "Thu 19 Nov 2026") == (not said)
    assert all(with_words(desk.offered, date) for date in ("2026-11", "2026-11-1", "2026-11-19", "19 nov"))
    assert desk.free
    assert desk.free("1 January") == ""
    assert desk.free("2025-01-01") == "Go to Wed 1 Jan 2025"


def test_no_history_begins_tomorrow(desk: Desk) -> None:
    """It was asked for, refused, and the top line said that the last fetch had failed."""
    run(fetch.fetch_history, desk)
    assert desk.free
    assert desk.free("2026-11-20") == "every day since 20 Nov 2026"
    assert desk.free("2026-11-21") == ""


def test_the_chosen_format_is_copied_and_remembered(desk: Desk) -> None:
    desk.answer = "id"
    run(copy.copy_menu, desk)
    assert desk.copied == desk.ids[0]
    assert desk.session.last_copy == "id"


# Other programs


def test_the_selection_becomes_notes_in_a_folder(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    desk.answer = "notes"  # the form, and then the folder
    assert run(export.export, desk) == "Notes in notes: 1 new, 0 updated, 0 as before"
    assert desk.ended
    (note,) = (tmp_path / "notes").iterdir()
    assert f'paperdeck: "{desk.ids[0]}"' in note.read_text(encoding="utf-8")


def test_the_list_becomes_a_feed(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the reader said how to get one."""
    monkeypatch.chdir(tmp_path)
    desk.ids = list(desk.session.results.ids)
    desk.answer = "feed"  # the form, and then the file
    assert run(export.export, desk).startswith("5 papers in ")
    text = (tmp_path / "feed").read_text(encoding="utf-8")
    assert "http://www.w3.org/2005/Atom" in text
    assert text.count("<entry>") == 5


def test_what_was_learned_can_be_added_as_an_interest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dialog promised it, and asked only whether more or less of it was wanted."""
    item = TasteItem("words", "attention", None, learned=True)
    monkeypatch.setattr(desk.session.tasting, "learned", lambda: [item])
    answers = iter([item.value, "interest", None])

    async def choose(title: str, choices: Sequence[Choice], **options: Any) -> str | None:
        if "later" in options:
            options["later"]()
        return next(answers)

    monkeypatch.setattr(desk, "choose", choose)
    assert run(rules.my_taste, desk) == "Interested in “attention”; <undo> undoes it."
    assert desk.session.rules.rules.interests == ("attention",)
