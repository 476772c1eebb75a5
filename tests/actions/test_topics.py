"""Lists that a key makes of a list, such as topics, and the way back."""

from __future__ import annotations

from typing import cast

import pytest

from paperdeck.storage.settings.settings import Places
from paperdeck.tui.actions import lists, views
from paperdeck.tui.actions.context import Context
from paperdeck.tui.model.views import ALL
from tests.actions.test_without_a_screen import Desk
from tests.conftest import MakePaper
from tests.support.absence import session_after_nine_days


@pytest.fixture
async def desk(places: Places) -> Desk:
    """All papers of nine days, with a filter."""
    session = session_after_nine_days(places)
    session.results.show(ALL)
    session.results.set_filter("-title:1")
    await session.results.find()
    return Desk(session)


@pytest.mark.parametrize("by_key", [True, False], ids=["by the key that folds", "by going back"])
async def test_the_filter_is_in_the_topics_and_comes_back_with_the_list(desk: Desk, *, by_key: bool) -> None:
    """`escape` emptied the box, and the topics stayed those of the filter."""
    results = desk.session.results
    before = list(results.ids)
    await lists.fold(cast(Context, desk))
    await results.find()
    assert (results.view.title, results.view.remark, results.text) == ("All in topics", "of “-title:1”", "")
    assert sorted(results.view.papers_in(results.ids)) == sorted(before)
    if by_key:
        await lists.fold(cast(Context, desk))
    else:
        assert results.go_back()
    await results.find()
    assert (results.view, results.text, list(results.ids)) == (ALL, "-title:1", before)


async def test_a_filter_typed_in_topics_is_about_papers_and_unfolds_them(desk: Desk) -> None:
    """It was held against the first paper of each topic, whose other papers were neither found nor left out."""
    results = desk.session.results
    await lists.fold(cast(Context, desk))
    await results.find()
    hidden = next(fold.ids[1] for fold in results.view.folds.values() if len(fold.ids) > 1)
    results.set_filter(hidden)
    await results.find()
    assert (results.view, results.text, list(results.ids)) == (ALL, f"-title:1 {hidden}", [hidden])


async def test_the_key_that_folds_leads_from_a_topic_to_the_topics(desk: Desk) -> None:
    results = desk.session.results
    await lists.fold(cast(Context, desk))
    folded = results.view
    lists.open_topic(cast(Context, desk), next(iter(folded.folds)))
    await lists.fold(cast(Context, desk))
    assert results.view == folded


async def test_papers_like_one_are_shown_without_the_filter_that_led_to_it(desk: Desk) -> None:
    """Most of them lack its words."""
    results = desk.session.results
    desk.ids = list(results.ids[:1])
    await lists.show_related(cast(Context, desk))
    assert (results.text, results.view.aside) == ("", True)
    assert results.go_back()
    assert (results.view, results.text) == (ALL, "-title:1")


async def test_quotation_marks_of_tex_are_readable_in_lists(desk: Desk, make_paper: MakePaper) -> None:
    """A title with no other TeX stayed as it was."""
    session = desk.session
    paper = make_paper(title="``Soft'' prompts")
    session.library.add([paper], "hf")
    await session.index_and_show([paper.id])
    row = session.papers.row(paper.id)
    desk.ids = [paper.id]
    await lists.show_related(cast(Context, desk))
    assert (row and row.title, session.results.view.title) == ("“Soft” prompts", "Like “Soft” prompts")


async def test_a_facet_in_topics_joins_the_filter_or_leaves_it(desk: Desk) -> None:
    results = desk.session.results
    results.set_filter("-title:1 OR title:2")
    for text in ("(-title:1 OR title:2) is:unread", "-title:1 OR title:2"):
        await results.find()
        await lists.fold(cast(Context, desk))
        await results.find()
        assert results.view.folds
        results.toggle_facet("is:unread")
        assert (results.view, results.text) == (ALL, text)


async def test_topics_are_saved_as_the_list_that_they_fold(desk: Desk) -> None:
    await lists.fold(cast(Context, desk))
    await desk.session.results.find()
    desk.answer = "Mine"
    await views.save_view(cast(Context, desk))
    assert desk.session.rules.saved_query("Mine") == "-title:1"
