"""The app as a reader uses it: keys in, screen and library out."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Input

from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import FetchSettings, Places, ReadingSettings, Settings
from paperdeck.tui import clipboard
from paperdeck.tui.clipboard import Copied, Way
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, eventually, fill, reading, screen_text, settled
from tests.support.hub import FakeHub, item


@pytest.fixture
def filled(places: Places, make_paper: MakePaper) -> Places:
    """A library of twelve papers: 2611.00012 has most upvotes and comes first; two are of the day before."""
    papers = [make_paper(number) for number in range(1, 11)]
    papers += [make_paper(number, listed=date(2026, 11, 19)) for number in (11, 12)]
    fill(places, papers)
    return places


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the app copies, in place of a clipboard."""
    texts: list[str] = []

    async def copy(text: str, *_: object) -> Copied:
        texts.append(text)
        return Copied(Way.PROGRAM)

    monkeypatch.setattr(clipboard, "copy", copy)
    return texts


# What is shown


async def test_the_newest_day_is_shown_first_with_most_upvotes_on_top(filled: Places) -> None:
    async with reading(filled) as (app, _):
        assert app.session.results.view.key == "day"
        assert list(app.main.papers.ids)[:2] == ["2611.00010", "2611.00009"]
        assert len(app.main.papers.ids) == 10


async def test_the_detail_pane_shows_the_paper_under_the_cursor(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("j")
        await eventually(lambda: "case number 9" in screen_text(app))


async def test_an_empty_view_says_what_it_is_for(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("5")
        await settled(pilot)
        assert "star with s" in screen_text(app)


async def test_the_pane_counts_the_papers_of_each_view(filled: Places) -> None:
    async with reading(filled) as (app, _):
        assert (
            app.session.counts.papers["all"],
            app.session.counts.papers["unread"],
            app.session.counts.papers["starred"],
        ) == (12, 12, 0)


async def test_a_view_is_found_again_as_it_was_left(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("j", "j", "j", "3")
        await settled(pilot)
        await pilot.press("1")
        await settled(pilot)
        assert app.main.papers.current == "2611.00007"


async def test_hostile_titles_are_shown_as_they_are(places: Places, make_paper: MakePaper) -> None:
    titles = [
        "on [0,1) intervals",
        "[/] closes nothing",
        "[@click=app.quit]Q[/]",
        "ends with \\",
        "[bold",
        "$5 and 100%",
    ]
    fill(places, [make_paper(number, title=title, upvotes=100 - number) for number, title in enumerate(titles, 1)])
    async with reading(places) as (app, _):
        text = screen_text(app)
        assert all(title in text for title in titles)


# Marks


async def test_skimming_is_not_reading(filled: Places) -> None:
    settings = Settings(reading=ReadingSettings(read_after=30), fetch=FetchSettings(every_minutes=0))
    async with reading(filled, settings) as (app, pilot):
        await pilot.press("j", "j", "j")
        assert not any(app.session.marks.of(paper_id).read for paper_id in app.main.papers.ids)


async def test_resting_on_a_paper_reads_it(filled: Places) -> None:
    settings = Settings(reading=ReadingSettings(read_after=0.05), fetch=FetchSettings(every_minutes=0))
    async with reading(filled, settings) as (app, pilot):
        await pilot.press("j")
        await eventually(lambda: app.session.marks.of("2611.00009").read)


async def test_a_read_paper_stays_in_the_list_of_unread_ones_until_the_view_is_left(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("4")
        await settled(pilot)
        await pilot.press("m")
        await settled(pilot)
        assert app.main.papers.current == "2611.00010"
        await pilot.press("3", "4")
        await settled(pilot)
        assert "2611.00010" not in app.main.papers.ids


async def test_a_selection_is_marked_and_undone_as_one_step(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("v", "j", "j", "V", "s")
        starred = {paper_id for paper_id in app.main.papers.ids if app.session.marks.of(paper_id).starred}
        assert starred == {"2611.00010", "2611.00009", "2611.00008", "2611.00007"}
        await pilot.press("u")
        await eventually(lambda: not any(app.session.marks.of(paper_id).starred for paper_id in app.main.papers.ids))


async def test_a_star_of_another_instance_appears_by_itself(filled: Places) -> None:
    async with reading(filled) as (app, _):
        Library(filled).mark(["2611.00008"], starred=True)
        await eventually(lambda: app.session.marks.of("2611.00008").starred, 3)
        assert app.main.papers.current == "2611.00010"


async def test_a_tag_is_typed_and_becomes_a_view(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("t", *"to read", "enter")
        await settled(pilot)
        assert app.session.marks.of("2611.00010").tags == {"to-read"}
        assert "to-read" in screen_text(app)


async def test_a_note_is_kept_and_shown(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("e", *"well put", "escape")
        await settled(pilot)
        assert Library(filled).marks("2611.00010").note == "well put"
        assert "well put" in screen_text(app)


async def test_a_change_that_cannot_be_stored_is_refused_in_one_sentence(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        marks = filled.data / "marks"
        shutil.rmtree(marks)
        marks.write_text("a file in the way")
        await pilot.press("s")
        assert not app.session.marks.of("2611.00010").starred
        assert app.main.footline.severe
        marks.unlink()


# Filtering


async def test_typing_narrows_the_list_and_escape_frees_it(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", *"cats")
        await settled(pilot)
        assert {"2611.00002", "2611.00007"} == set(app.main.papers.ids)
        await pilot.press("enter", "escape")
        await settled(pilot)
        assert len(app.main.papers.ids) == 10


async def test_a_wrong_query_keeps_the_list_and_says_where_it_is_wrong(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        app.session.results.set_filter("cats")
        await settled(pilot)
        app.session.results.set_filter("cats auther:x")
        await settled(pilot)
        assert {"2611.00002", "2611.00007"} == set(app.main.papers.ids)
        assert "did you mean" in screen_text(app)


async def test_a_facet_narrows_and_frees(places: Places, make_paper: MakePaper) -> None:
    fill(places, [make_paper(n, keywords=("diffusion",) if n < 3 else ("search",)) for n in range(1, 8)])
    async with reading(places) as (app, pilot):
        facet = next(view for view in app.session.counts.facets if view.title == "diffusion")
        app.context.run("views.choose_view", facet)
        await settled(pilot)
        assert len(app.main.papers.ids) == 2
        app.context.run("views.choose_view", facet)
        await settled(pilot)
        assert len(app.main.papers.ids) == 7


async def test_a_saved_view_appears_in_the_pane(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("slash", *"cats", "enter", "W", *"My cats", "enter")
        await settled(pilot)
        assert "My cats" in screen_text(app)
        assert "My cats" in {view.name for view in Library(filled).rules().views}


async def test_muting_a_keyword_moves_its_papers_to_the_muted_view(places: Places, make_paper: MakePaper) -> None:
    fill(places, [make_paper(n, keywords=("hype",) if n == 5 else ()) for n in range(1, 6)])
    async with reading(places) as (app, pilot):
        await pilot.press("M", *"hype", "enter")
        await settled(pilot)
        await pilot.press("3")
        await settled(pilot)
        assert "2611.00005" not in app.main.papers.ids
        muted = next(view for view in app.session.views.all() if view.key == "muted")
        app.session.results.show(muted)
        await settled(pilot)
        assert list(app.main.papers.ids) == ["2611.00005"]


# Copying and opening


async def test_the_copy_menu_copies_the_whole_selection(filled: Places, copied: list[str]) -> None:
    async with reading(filled) as (_, pilot):
        await pilot.press("v", "v", "c", "n")
        await settled(pilot)
        assert copied == ["2611.00010\n2611.00009"]


async def test_without_a_browser_the_link_is_shown_and_copied(filled: Places, copied: list[str]) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("O")
        await settled(pilot)
        assert copied == ["https://arxiv.org/pdf/2611.00010"]
        assert "https://arxiv.org/pdf/2611.00010" in screen_text(app)


async def test_the_selection_is_exported_and_a_file_is_never_overwritten(filled: Places, tmp_path: Path) -> None:
    target = tmp_path / "two.bib"
    async with reading(filled) as (app, pilot):
        await pilot.press("v", "v", "X", *"biblatex", "enter")
        app.screen.query_one(Input).value = str(target)
        await pilot.press("enter")
        await settled(pilot)
        assert target.read_text().count("@online{") == 2
        before = target.read_text()
        await pilot.press("X", "enter")
        app.screen.query_one(Input).value = str(target)
        await pilot.press("enter")
        await settled(pilot)
        assert target.read_text() == before
        assert "already exists" in screen_text(app)


async def test_a_theme_is_tried_while_choosing_and_remembered_when_chosen(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("T", *"ed-l")
        await pilot.pause()
        assert app.theme == "solarized-light"
        await pilot.press("escape")
        assert app.theme == "paperdeck-dark"
        await pilot.press("T", *"k-l", "enter")
        await settled(pilot)
        assert Library(filled).preference("theme") == "paperdeck-light"
        await pilot.press("T")
        await pilot.pause()
        assert app.theme == "paperdeck-light"


async def test_the_list_gets_more_room_and_keeps_it(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        before = app.main.papers.size.width
        for word in ("wider", "wider", "narrower"):
            await pilot.press("ctrl+p", *word, "enter")
            await settled(pilot)
        wider = app.main.papers.size.width
        assert wider > before
    async with reading(filled) as (app, pilot):
        await pilot.pause()
        assert app.main.papers.size.width == wider


async def test_papers_get_fewer_lines_by_a_key_and_keep_them(filled: Places) -> None:
    """A title is cut in one line and whole in three; the settings say how many there are at first."""
    settings = QUIET._replace(look=QUIET.look._replace(density=2))
    async with reading(filled, settings) as (app, pilot):
        assert app.main.papers.row_height == 2
        await pilot.press("less_than_sign", "less_than_sign")
        assert app.main.papers.row_height == 1
    async with reading(filled, settings) as (app, pilot):
        assert app.main.papers.row_height == 1
        await pilot.press("greater_than_sign")
        assert app.main.papers.row_height == 2


@pytest.mark.parametrize(("columns", "lines"), [(80, 3), (120, 3), (200, 2)])
async def test_a_paper_has_as_many_lines_as_most_titles_need(filled: Places, columns: int, lines: int) -> None:
    async with reading(filled, size=(columns, 30)) as (app, pilot):
        assert app.main.papers.row_height == lines
        await pilot.resize_terminal(120, 30)
        await settled(pilot)
        assert app.main.papers.row_height == 3


async def test_a_key_can_be_moved_and_a_wrong_one_or_a_wrong_theme_is_reported(filled: Places) -> None:
    keys, look = {"star": "asterisk", "starr": "z"}, QUIET.look._replace(theme="drakula")
    async with reading(filled, QUIET._replace(keys=keys, look=look)) as (app, pilot):
        assert "did you mean “dracula”" in app.startup_complaints[0]
        await pilot.press("escape", "asterisk")
        assert app.session.marks.of("2611.00010").starred
        assert any("did you mean “star”" in complaint for complaint in app.startup_complaints)


# Fetching


async def test_an_empty_library_without_network_shows_the_starter_shelf(places: Places) -> None:
    async with reading(places) as (app, pilot):
        assert app.session.results.view.key == "shelf"
        assert len(app.main.papers.ids) > 30
        await pilot.press("s")
        first = app.main.papers.current
        assert first
        assert Library(places).marks(first).starred
        assert Library(places).paper(first) is not None


async def test_fetched_papers_take_the_place_of_the_shelf(places: Places) -> None:
    hub = FakeHub()
    hub.list_day(date(2026, 11, 20), item("2611.00001", "Fresh from the Hub", upvotes=3))
    hub.start()
    try:
        async with reading(places, hub=hub.url) as (app, _):
            await eventually(lambda: list(app.main.papers.ids) == ["2611.00001"])
            assert "Fresh from the Hub" in screen_text(app)
    finally:
        hub.stop()


async def test_what_the_key_fetches_is_shown_and_says_so(filled: Places) -> None:
    hub = FakeHub()
    hub.start()
    try:
        async with reading(filled, hub=hub.url, size=(40, 20)) as (app, pilot):
            await settled(pilot)
            await pilot.press("j")
            hub.list_day(date(2026, 11, 20), item("2611.00090", "Late from the Hub", upvotes=300))
            await pilot.press("r")
            await eventually(lambda: "2611.00090" in app.main.papers.ids)
            assert not app.session.waiting
            hub.list_day(date(2026, 11, 20), item("2611.00091", "Later from the Hub", upvotes=100))
            await pilot.press("g", "r", "j")
            await eventually(lambda: app.session.waiting)
            assert "2611.00091" not in app.main.papers.ids, "the reader has gone on"
            assert ". shows 1" in screen_text(app).splitlines()[0]
    finally:
        hub.stop()


async def test_a_failing_hub_is_reported_once_and_the_papers_stay(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("r")
        await settled(pilot)
        assert app.main.headline.freshness.startswith("last fetch failed")
        assert len(app.main.papers.ids) == 10


async def test_new_papers_never_move_the_cursor(filled: Places, make_paper: MakePaper) -> None:
    async with reading(filled, size=(120, 60)) as (app, pilot):
        await pilot.press("3")
        await settled(pilot)
        await pilot.press("j", "j")
        line = app.main.papers.cursor_line
        Library(filled).add([make_paper(50, upvotes=500), make_paper(51, upvotes=400)], "hf")
        await eventually(lambda: app.main.headline.waiting, 4)
        assert (app.main.papers.current, app.main.papers.cursor_line) == ("2611.00008", line)
        await pilot.press("full_stop")
        await settled(pilot)
        assert app.main.papers.current == "2611.00008"
        assert app.main.papers.ids[0] == "2611.00050"


# Sizes


@pytest.mark.parametrize("size", [(250, 70), (120, 40), (100, 30), (60, 20), (40, 10), (20, 5), (1, 1)])
async def test_every_size_can_be_used(filled: Places, size: tuple[int, int]) -> None:
    async with reading(filled, size=size) as (app, pilot):
        await pilot.press("j", "enter", "escape", "tab", "tab", "tab", "question_mark", "escape", "s")
        assert app.session.marks.of("2611.00009").starred


async def test_a_resize_keeps_the_cursor(filled: Places) -> None:
    async with reading(filled, QUIET) as (app, pilot):
        await pilot.press("j", "j", "j")
        await pilot.resize_terminal(50, 12)
        await pilot.resize_terminal(200, 60)
        await pilot.pause()
        assert app.main.papers.current == "2611.00007"


async def test_in_one_pane_an_empty_list_says_why_itself(filled: Places) -> None:
    async with reading(filled, size=(40, 12)) as (app, pilot):
        await pilot.press("5")
        await settled(pilot)
        assert "star with s" in " ".join(screen_text(app).split())
        await pilot.resize_terminal(120, 12)
        await settled(pilot)
        assert screen_text(app).count("star with s") == 1


async def test_the_first_view_is_the_newest_day_after_another_was_shown(filled: Places) -> None:
    async with reading(filled) as (app, pilot):
        await pilot.press("left_square_bracket")
        await settled(pilot)
        await pilot.press("3")
        await settled(pilot)
        await pilot.press("1")
        await settled(pilot)
        assert app.session.results.view.title == "Today"
