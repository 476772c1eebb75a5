"""Two lines a paper, exactly as wide as the list, whatever the paper is called."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import date

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from paperdeck.storage.fetch.hub.parser import parse_daily
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.look.symbols import ASCII
from paperdeck.tui.look.themes import DARK
from paperdeck.tui.model.session import Session
from paperdeck.tui.panes.paper_list import PaperList
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
        assert meta.split() == ["▌", "▲", "312", "●", "7", "code", "46k", "Ada", "Lovelace", "Fri"]


async def test_the_organization_comes_before_the_first_author(make_paper: MakePaper) -> None:
    async with listing([make_paper(organization="The Lab")]) as (shown, _):
        assert "The Lab" in lines(shown, 0)[1]
        assert "Ada" not in lines(shown, 0)[1]


async def test_nothing_is_said_of_what_is_zero_or_unknown(make_paper: MakePaper) -> None:
    papers = [make_paper(1, upvotes=0, comments=None), make_paper(2, code_url="https://example.org/code")]
    async with listing(papers) as (shown, _):
        assert lines(shown, 0)[1].split() == ["▌", "Ada", "Lovelace", "Fri"]
        assert "code" in lines(shown, 1)[1]


async def test_unread_is_bold_and_read_is_muted_but_never_under_the_cursor(make_paper: MakePaper) -> None:
    marks = {f"2611.0000{number}": Marks(read=True) for number in (2, 3)}
    async with listing(map(make_paper, (1, 2, 3)), marks) as (shown, _):
        shown.move_cursor(2)
        styles = [style for index in range(3) if (style := shown.row_segments(index, 0, 80)[-1].style)]
        assert [bool(style.bold) for style in styles] == [True, False, False]
        assert [style.color == styles[0].color for style in styles] == [True, False, True]


async def test_marks_have_signs_too_not_only_colours(make_paper: MakePaper) -> None:
    marks = {"2611.00002": Marks(starred=True), "2611.00003": Marks(note="n", tags=frozenset({"t"}))}
    async with listing(map(make_paper, (1, 2, 3, 4)), marks) as (shown, _):
        shown.select(["2611.00004"])
        drawn = ["\n".join(lines(shown, index)) for index in range(4)]
        assert ["★" in text for text in drawn] == [False, True, False, False]
        assert ["✎#" in text for text in drawn] == [False, False, True, False]
        assert ["✓" in text for text in drawn] == [False, False, False, True]
        assert ["▌" in text for text in drawn] == [True, False, False, False]


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
        for index in range(7):  # those behind are TeX to us
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
