"""One to three lines a paper, exactly as wide as the list, whatever the paper is called."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import date
from typing import cast

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from paperdeck.storage.fetch.hub.parser import parse_daily
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.look.text import ASCII
from paperdeck.tui.look.themes import DARK
from paperdeck.tui.model.session import Session
from paperdeck.tui.model.views import Fold, View
from paperdeck.tui.panes.paper_list import PaperList
from paperdeck.tui.panes.paper_row import Facts, row_lines
from tests.support.app_tools import QUIET
from tests.support.hub import item
from tests.support.torture import MARKUP, SEQUENCES, WIDE

MakePaper = Callable[..., Paper]
DAY = date(2026, 11, 20)


class Screenful(App[None]):
    """A list of ten papers' height."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name
        places = Places.find()
        self.session = Session(Library(places), QUIET, places, today=DAY)
        self.session.library.add(papers, "hf")

    def compose(self) -> ComposeResult:
        yield PaperList(self.session)


@asynccontextmanager
async def listing(
    papers: Iterable[Paper], marks: dict[str, Marks] | None = None
) -> AsyncIterator[tuple[PaperList, Pilot[None]]]:
    """The list of these papers on 2026-11-20."""
    papers = list(papers)
    app = Screenful(papers)
    for paper_id, mark in (marks or {}).items():
        app.session.library.mark(
            [paper_id],
            read=mark.read,
            starred=mark.starred,
            hidden=mark.hidden,
            note=mark.note or None,
            add_tags=mark.tags,
        )
    async with app.run_test(size=(80, 20)) as pilot:
        shown = app.query_one(PaperList)
        shown.show([paper.id for paper in papers])
        await pilot.pause()
        yield shown, pilot


def lines(shown: PaperList, index: int, width: int = 80) -> tuple[str, str]:
    """Both lines of a paper."""
    first, second = ("".join(s.text for s in shown.row_segments(index, line, width)) for line in (0, 1))
    return first, second


# -- what is shown ---------------------------------------------------------------------------------------------------


async def test_a_paper_shows_what_a_reader_chooses_by(make_paper: MakePaper) -> None:
    paper = make_paper(2, upvotes=312, comments=7, code_url="https://example.org/code", code_stars=46_200)
    async with listing([paper]) as (shown, _):
        title, meta = lines(shown, 0)
        assert title.strip("▌ ") == paper.title.replace("$O(n^2)$", "O(n²)")
        assert meta.split() == ["▌", "▲", "312", "Ada", "Lovelace", "et", "al.", "code", "46k", "●", "7", "Fri"]


async def test_the_organization_and_the_first_author_look_different(make_paper: MakePaper) -> None:
    async with listing([make_paper(organization="The Lab")]) as (shown, _):
        assert "The Lab · Lovelace et al." in lines(shown, 0)[1]


async def test_facts_that_say_nothing_are_left_out(make_paper: MakePaper) -> None:
    """“● 1” stood in every row."""
    papers = [
        make_paper(1, upvotes=0, comments=None),
        make_paper(2, upvotes=0, comments=1, code_url="https://example.org/code"),
    ]
    async with listing(papers) as (shown, _):
        assert lines(shown, 0)[1].split() == ["▌", "Ada", "Lovelace", "et", "al.", "Fri"]
        assert lines(shown, 1)[1].split() == ["Ada", "Lovelace", "et", "al.", "code", "Fri"]


async def test_the_day_is_not_repeated_in_the_list_of_one_day(make_paper: MakePaper) -> None:
    """“Fri” stood in every row."""
    async with listing([make_paper()]) as (shown, _):
        shown.app.session.results.view = View("day", "Today")  # type: ignore[attr-defined]
        assert "Fri" not in lines(shown, 0)[1]


async def test_bold_is_the_row_under_the_cursor_which_is_as_bright_as_an_unread_one(make_paper: MakePaper) -> None:
    """A paper that was read became the palest row of the list under the cursor."""
    marks = {f"2611.0000{number}": Marks(read=True) for number in (2, 3)}
    async with listing(map(make_paper, (1, 2, 3)), marks) as (shown, _):
        shown.move_cursor(2)
        styles = [style for index in range(3) if (style := shown.row_segments(index, 0, 80)[-2].style)]
        assert [bool(style.bold) for style in styles] == [False, False, True]
        assert [style.color == styles[0].color for style in styles] == [True, False, True]


async def test_read_hidden_and_starred_look_different_without_colour(make_paper: MakePaper) -> None:
    marks = {"2611.00001": Marks(read=True), "2611.00002": Marks(hidden=True), "2611.00003": Marks(starred=True)}
    async with listing(map(make_paper, (1, 2, 3, 4)), marks) as (shown, _):
        shown.move_cursor(3)
        assert [lines(shown, index)[0][:4] for index in range(4)] == [" ·  ", " x  ", "  ★ ", "▌   "]
        assert "hidden" in lines(shown, 1)[1]


# -- titles ------------------------------------------------------------------------------------------------------------

LONG = "A Title That Is Long Enough to Need Four Lines of a Narrow List and Is Read Whole All the Same by Everybody"


def text_of(shown: PaperList, index: int, width: int) -> list[str]:
    """The lines of a paper, without the signs before them."""
    height = shown.height_of(index)
    return ["".join(s.text for s in shown.row_segments(index, line, width))[4:].rstrip() for line in range(height)]


async def test_a_title_takes_the_lines_it_needs_and_facts_what_is_left(make_paper: MakePaper) -> None:
    titles = ("Short", "Two lines of a title that is longer", LONG[:53])
    papers = [make_paper(number, title=title, upvotes=7) for number, title in enumerate(titles, 1)]
    async with listing(papers) as (shown, _):
        assert text_of(shown, 0, 30) == ["Short", "▲ 7  Ada Lovelace e…  Fri", ""]
        assert text_of(shown, 1, 30) == ["Two lines of a title that", "is longer", "▲ 7  Ada Lovelace e…  Fri"]
        assert text_of(shown, 2, 30) == [
            "A Title That Is Long",
            "Enough to Need Four Lines",
            "of a N           ▲ 7  Fri",
        ]


async def test_the_title_under_the_cursor_is_whole_in_every_density(make_paper: MakePaper) -> None:
    papers = [make_paper(number, title=LONG) for number in (1, 2, 3)]
    async with listing(papers) as (shown, pilot):
        await pilot.resize_terminal(36, 20)
        for density in (1, 2, 3):
            shown.set_lines(density)
            shown.move_cursor(1)
            await pilot.pause()
            drawn = [shown.render_line(y).text for y in range(shown.virtual_size.height)]
            whole = " ".join(line[4:].strip() for line in drawn if line.startswith(("▌", "▏")))
            assert LONG in " ".join(whole.split())
            others = [line for line in drawn if not line.startswith(("▌", "▏"))]
            assert len(others) == 2 * density
            assert any("…" in line for line in others)


async def test_a_title_that_takes_fewer_lines_than_before_is_painted(make_paper: MakePaper) -> None:
    """After a resize from 30 to 120 columns, and after a fetch with another title, the app ended here."""
    async with listing([make_paper(1, title=LONG), make_paper(2)]) as (shown, pilot):
        await pilot.resize_terminal(36, 20)
        shown.set_lines(1)
        await pilot.pause()
        assert shown.height_of(0) > shown.row_height
        last = shown.height_of(0) - 1
        assert cell_len("".join(segment.text for segment in shown.row_segments(0, last, 120))) == 120
        assert isinstance(pilot.app, Screenful)
        session = pilot.app.session
        session.library.add([make_paper(1, title="Short")], "hf")
        session.papers.take(["2611.00001"])
        shown.refresh_papers({"2611.00001"})
        assert shown.height_of(0) == shown.row_height
        assert "Short" in shown.render_line(0).text


async def test_rows_are_found_where_they_are_painted(make_paper: MakePaper) -> None:
    papers = [make_paper(number, title=LONG if number % 3 else "Short") for number in range(1, 30)]
    async with listing(papers) as (shown, pilot):
        await pilot.resize_terminal(30, 20)
        shown.set_lines(2)
        for cursor in (0, 2, 1, 7, 28, 4):
            shown.move_cursor(cursor)
            places = [shown.row_at(y) for y in range(shown.virtual_size.height)]
            assert places == [(row, line) for row in range(29) for line in range(shown.height_of(row))]
            assert [places[shown.top_of(row)] for row in range(29)] == [(row, 0) for row in range(29)]


async def test_marks_have_signs_too_not_only_colours(make_paper: MakePaper) -> None:
    marks = {"2611.00002": Marks(starred=True), "2611.00003": Marks(note="n", tags=frozenset({"t"}))}
    async with listing(map(make_paper, (1, 2, 3, 4)), marks) as (shown, _):
        shown.select(["2611.00004"])
        drawn = ["\n".join(lines(shown, index)) for index in range(4)]
        assert ["★" in text for text in drawn] == [False, True, False, False]
        assert ["✎#" in text for text in drawn] == [False, False, True, False]
        assert ["✓" in text for text in drawn] == [False, False, False, True]
        assert ["▌" in text for text in drawn] == [True, False, False, False]


async def test_papers_that_are_selected_again_when_the_list_is_whole_look_selected(make_paper: MakePaper) -> None:
    """After a filter was cleared, its first page was painted before the selection came back."""
    papers = [make_paper(1), make_paper(2)]
    async with listing(papers) as (shown, pilot):
        results = cast(Screenful, pilot.app).session.results
        results.complete = True
        shown.show(["2611.00001", "2611.00002"])
        shown.select(["2611.00001"])
        shown.show(["2611.00002"])
        results.complete = False
        shown.show(["2611.00001", "2611.00002"])
        await pilot.pause()
        assert "✓" not in painted(shown)
        results.complete = True
        shown.complete(["2611.00001", "2611.00002"])
        assert "✓" in painted(shown)


def painted(shown: PaperList) -> str:
    return "\n".join(strip.text for strip in shown.render_lines(shown.size.region))


async def test_there_are_signs_in_ascii(make_paper: MakePaper) -> None:
    async with listing([make_paper(1, code_stars=3)], {"2611.00001": Marks(starred=True, note="n")}) as (shown, _):
        shown.symbols = ASCII
        assert "".join(lines(shown, 0)).isascii()


async def test_a_paper_that_is_not_loaded_yet_shows_its_id(make_paper: MakePaper) -> None:
    async with listing([make_paper()]) as (shown, _):
        shown.show(["2611.00001", "2611.99999"])
        assert "2611.99999" in lines(shown, 1)[0]


# -- widths ----------------------------------------------------------------------------------------------------------


def torture() -> list[Paper]:
    """Papers with every title of the torture, as they come from the Hub."""
    texts = [*MARKUP, *WIDE, *(f"before {sequence} after" for sequence in SEQUENCES.values())]
    fields = {"upvotes": 1234, "githubRepo": "https://example.org/code", "githubStars": 99_999_999}
    items = [
        item(f"2611.{n:05}", text, DAY, organization={"fullname": text}, **fields)
        for n, text in enumerate(texts, start=1)
    ]
    papers = parse_daily(items).papers
    assert len(papers) == len(texts)
    return list(papers)


async def test_each_line_fills_exactly_its_width() -> None:
    papers = torture()
    marks = {paper.id: Marks(starred=True, note="n", tags=frozenset({"t"})) for paper in papers[::2]}
    async with listing(papers, marks) as (shown, _):
        for width in [*range(1, 60), 79, 80, 120, 200]:
            for index in range(len(papers)):
                assert {cell_len(line) for line in lines(shown, index, width)} == {width}, (index, width)


async def test_each_line_stays_in_its_width_segment_by_segment() -> None:
    papers = torture()
    async with listing(papers) as (shown, _):
        for index in range(len(papers)):
            for line in (0, 1):
                segments = shown.row_segments(index, line, 70)
                assert sum(cell_len(segment.text) for segment in segments) == 70
                assert all(
                    ord(char) >= 32 and not 127 <= ord(char) < 160 for segment in segments for char in segment.text
                )


async def test_markup_in_a_title_is_shown_as_it_is() -> None:
    async with listing(torture()) as (shown, _):
        for index in range(7):  # those after it are TeX to us
            assert MARKUP[index] in lines(shown, index, 200)[0]


# -- changing rows ---------------------------------------------------------------------------------------------------


async def test_new_rows_do_not_move_the_paper_under_the_cursor(make_paper: MakePaper) -> None:
    async with listing(map(make_paper, range(1, 61))) as (shown, pilot):
        shown.move_cursor(30)
        current, line = shown.current, shown.cursor_line
        fresh = [f"2611.{n:05}" for n in range(100, 140)]
        shown.replace_anchored([*fresh, *shown.ids])
        await pilot.pause()
        assert (shown.current, shown.cursor_line) == (current, line)


async def test_when_the_paper_is_gone_the_first_one_is_shown(make_paper: MakePaper) -> None:
    async with listing(map(make_paper, range(1, 61))) as (shown, _):
        shown.move_cursor(30)
        shown.show(["2611.00001", "2611.00002"], current="2611.00031", offset=4)
        assert shown.current == "2611.00001"
        shown.show([])
        assert shown.current is None
        assert shown.row_count() == 0


async def test_only_changed_papers_in_sight_are_painted_again(
    make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listing(map(make_paper, range(1, 61))) as (shown, _):
        painted: list[int] = []
        monkeypatch.setattr(shown, "refresh_row", painted.append)
        shown.refresh_papers(["2611.00003", "2611.00050"])
        assert painted == [2]


# -- topics ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("lines", [2, 3])
def test_why_a_paper_is_there_has_a_line_below_any_title(*, lines: int, whole: bool) -> None:
    """At 40x20 a starred paper with a long title did not say its news."""
    facts = Facts(upvotes="▲ 233", name="code is out · upvotes from 76 to 233", when="20 Nov", is_caption=True)
    for title in ("Short", "A title of two lines that is not short", "Words of a title that is far too long " * 4):
        made = row_lines(title, facts, 36, lines, "…", whole=whole)
        assert "code is out · upvotes from 76 to 233" in [line.facts.strip() for line in made]
        assert whole or len(made) == lines
        assert len({cell_len(line.title + line.facts) for line in made}) == 1
    cut = row_lines("Words of a title that is far too long " * 4, facts, 36, lines, "…", whole=False)
    assert cut[-2].title.endswith("…")
    assert row_lines("Short", facts, 80, lines, "…", whole=False)[1].facts.split("  ")[0] == "▲ 233"


async def test_a_topic_is_a_row_that_shows_what_all_its_papers_have(make_paper: MakePaper) -> None:
    papers = [make_paper(number) for number in (1, 2, 3)]
    one, two, three = (paper.id for paper in papers)
    async with listing(papers, {one: Marks(read=True, starred=True)}) as (shown, pilot):
        assert isinstance(pilot.app, Screenful)
        session = pilot.app.session
        folds = {one: Fold("video", (one, two)), three: Fold("robots", (three,))}
        session.results.view = View("topics", "In topics", folds=folds, captions={one: "First · Second"})
        shown.show([one, three])
        await pilot.pause()
        lines = [shown.render_line(line).text for line in range(2)]
        assert "+ video · 2 papers" in lines[0]
        assert "First · Second" in lines[1]
        assert "★" not in lines[0]
        session.marks.mark([two], "star", starred=True)
        shown.refresh_papers({two})
        await pilot.pause()
        assert "★ + video" in shown.render_line(0).text
