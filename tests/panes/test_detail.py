"""The detail pane shows everything that is known, as plain words: nothing in a paper is ever taken for markup."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from paperdeck.storage.fetch.hub.parser import parse_item
from paperdeck.storage.paper import Entry, FactChange, Marks, Paper
from paperdeck.storage.text.clean import clean_text
from paperdeck.tui.look.text import ASCII, UNICODE
from paperdeck.tui.panes.detail import MAX_CHARACTERS, MAX_COLUMNS, Detail, below, describe
from tests.support.hub import item
from tests.support.torture import MARKUP, SEQUENCES, WIDE

MakePaper = Callable[..., Paper]
BARE = Paper(id="2611.00001", title="A Title")


def text_of(paper: Paper, marks: Marks | None = None, **how: Any) -> str:
    """What the pane says of a paper, as plain text."""
    return describe(Entry(paper, marks or Marks()), **how).plain


OURS = re.compile(r"open\('(page|pdf)'\)|by\('(author|keyword)', \d+\)|unfold_authors")
"""The actions that the pane itself makes of a paper without further links."""


def actions(text: Content) -> list[str]:
    """The actions that the mouse can reach in a text."""
    return [span.style.meta["@click"] for span in text.spans if not isinstance(span.style, str) and span.style.meta]


# -- what became of it -----------------------------------------------------------------------------------------------


def test_the_news_of_a_starred_paper_is_shown_with_its_proof_and_the_words_that_changed() -> None:
    paper = replace(
        BARE,
        abstract="We try twelve models.",
        version=2,
        code_url="https://code.test/x",
        sources=("hf",),
        changes=(
            FactChange("2026-11-20T12:00:00Z", "hf", "abstract", "We try ten models."),
            FactChange("2026-11-20T12:00:00Z", "hf", "code_url", None),
            FactChange("2026-11-20T12:00:00Z", "hf", "version", 1),
        ),
    )
    text = text_of(paper, Marks(starred=True, starred_at=datetime(2026, 11, 19, tzinfo=UTC).timestamp()))
    assert "News since you starred it" in text
    assert "version 2 is out, after version 1" in text
    assert "We try [-ten-] {+twelve+} models." in text
    assert "code is out · https://code.test/x" in text
    assert "News" not in text_of(paper, Marks(starred=True, starred_at=datetime(2026, 11, 21, tzinfo=UTC).timestamp()))
    assert "News" not in text_of(paper)


def test_the_reason_for_a_paper_is_above_it_and_is_not_markup() -> None:
    text = below("because ★ [red]minWM[/]", describe(Entry(BARE, Marks())), UNICODE)
    assert text.plain.startswith("because ★ [red]minWM[/]\n\nA Title")
    assert below("", Content("x"), UNICODE).plain == "x"


# -- the text --------------------------------------------------------------------------------------------------------


def test_everything_known_is_shown_in_the_order_of_interest(make_paper: MakePaper) -> None:
    paper = make_paper(
        title="Bounds of $O(n^2)$",
        organization="The Lab",
        submitter="Grace Hopper",
        categories=("cs.CL", "stat.ML"),
        comment="Accepted at a venue",
        doi="10.1000/182",
        version=3,
        upvotes=1,
        comments=2,
        code_url="https://example.org/code",
        code_stars=1234,
        project_url="https://example.org/",
        ai_summary="A model says this.",
        keywords=("bounds", "cats"),
    )
    marks = Marks(starred=True, tags=frozenset({"later", "bounds"}), note="Read the appendix.")
    assert text_of(paper, marks) == (
        "Bounds of O(n²)\n"
        "Ada Lovelace, Author Number1\n"
        "The Lab · 2611.00001 · version 3\n"
        "published 18 Nov · listed 20 Nov 2026\n"
        "submitted by Grace Hopper · cs.CL, stat.ML\n"
        "Accepted at a venue · doi:10.1000/182\n"
        "▲ 1 upvote   ● 2 comments   code with 1.2k stars\n"
        "page   pdf   code   project\n"
        "★ starred   #bounds   #later\n"
        "\nNote\nRead the appendix.\n"
        "\nAbstract\nWe look at case number 1 and find that it behaves.\n"
        "\nSummary by a model\nA model says this.\n"
        "\nKeywords\nbounds · cats"
    )


def test_a_note_of_a_megabyte_is_shown_in_part(make_paper: MakePaper) -> None:
    """Moving onto such a paper took seconds."""
    text = text_of(make_paper(), Marks(note="some words " * 100_000))
    assert len(text) < 6_000
    assert "… 1,09" in text
    assert "more characters" in text


def test_unknown_facts_are_left_out_of_the_text() -> None:
    assert text_of(BARE) == "A Title\nAuthors unknown\n2611.00001\npublished Nov 2026\npage   pdf"


def test_a_withdrawn_paper_says_so(make_paper: MakePaper) -> None:
    assert "\nwithdrawn\n" in text_of(make_paper(withdrawn=True))


def test_mathematics_is_readable_or_as_written(make_paper: MakePaper) -> None:
    paper = make_paper(abstract=r"At most $\alpha \leq n^2$ steps.")
    assert "At most α ≤ n² steps." in text_of(paper)
    assert r"At most $\alpha \leq n^2$ steps." in text_of(paper, raw=True)


def test_links_are_words_that_open_them(make_paper: MakePaper) -> None:
    text = describe(Entry(make_paper(project_url="https://example.org/")))
    links = [action for action in actions(text) if action.startswith("open")]
    assert links == ["open('page')", "open('pdf')", "open('project')"]


def test_editors_are_named_as_editors(make_paper: MakePaper) -> None:
    paper = make_paper(
        1, authors=("Ann Roe", "Bob Doe"), record=(("@type", "book"), ("editor", "Roe, Ann and Doe, Bob"))
    )
    assert "\nAnn Roe, Bob Doe (editors)\n" in text_of(paper)
    assert "editors" not in text_of(replace(paper, record=(*paper.record, ("author", "Roe, Ann"))))


def test_an_author_and_a_keyword_can_be_pressed(make_paper: MakePaper) -> None:
    text = describe(Entry(make_paper(keywords=("search",))))
    assert {"by('author', 0)", "by('author', 1)", "by('keyword', 0)"} < set(actions(text))


def test_there_are_signs_in_ascii() -> None:
    paper = Paper(id="2611.00001", title="T", upvotes=1, code_stars=2, keywords=("a", "b"))
    assert text_of(paper, Marks(starred=True, tags=frozenset({"t"})), symbols=ASCII).isascii()


def test_the_authors_abstract_is_no_dimmer_than_a_models_summary(make_paper: MakePaper) -> None:
    """The generated summary stood first, in italics, under a heading in the accent."""
    text = describe(Entry(make_paper(ai_summary="A model says this.", abstract="We say that.")))
    assert text.plain.index("We say that.") < text.plain.index("Summary by a model") < text.plain.index("A model says")
    assert {span.style for span in text.spans if isinstance(span.style, str)} == {
        "bold",
        "underline",
        "$foreground-muted",
    }


@pytest.mark.parametrize("where", ["abstract", "title", "ai_summary"])
def test_only_the_beginning_of_a_megabyte_is_shown(make_paper: MakePaper, where: str) -> None:
    shown = text_of(make_paper(**{where: "word " * 200_000}))
    assert len(shown) < MAX_CHARACTERS + 1000
    assert ("more characters" in shown) == (where != "title")


def test_short_facts_go_on_another_line_rather_than_apart(make_paper: MakePaper) -> None:
    assert "\npublished 18 Nov\nlisted 20 Nov 2026\n" in text_of(make_paper(), width=35)


# -- many authors ----------------------------------------------------------------------------------------------------


def test_664_authors_are_folded(make_paper: MakePaper) -> None:
    names = tuple(f"Author {number}" for number in range(1, 665))
    text = describe(Entry(make_paper(authors=names)))
    assert text.plain.split("\n")[1].endswith("Author 11, Author 12 and 652 more")
    assert "unfold_authors" in actions(text)
    assert ", ".join(names) in text_of(make_paper(authors=names), all_authors=True)


@pytest.mark.parametrize(("count", "ending"), [(12, "Author 12"), (13, "Author 13"), (14, "Author 12 and 2 more")])
def test_folding_never_hides_a_single_author(make_paper: MakePaper, count: int, ending: str) -> None:
    authors = tuple(f"Author {number}" for number in range(1, count + 1))
    assert text_of(make_paper(authors=authors)).split("\n")[1].endswith(ending)


# -- nothing is markup -----------------------------------------------------------------------------------------------

TEXT_FIELDS = ("title", "abstract", "organization", "submitter", "comment", "journal_ref", "doi", "ai_summary")


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_shown_literally_in_every_place(text: str) -> None:
    fields: dict[str, Any] = dict.fromkeys(TEXT_FIELDS, text)
    paper = Paper(id="2611.00001", authors=(text,), keywords=(text,), categories=(text,), **fields)
    described = describe(Entry(paper, Marks(note=text, tags=frozenset({text}))), raw=True)
    assert described.plain.count(text) == len(TEXT_FIELDS) + 5
    assert all(OURS.fullmatch(action) for action in actions(described))


@given(st.text(alphabet="[]/@=()'\"\\ $abclick.red", max_size=40))
def test_no_text_makes_an_action_or_a_crash(text: str) -> None:
    paper = Paper(id="2611.00001", title=text, abstract=text, authors=(text, text), organization=text, keywords=(text,))
    described = describe(Entry(paper, Marks(note=text)))
    assert all(OURS.fullmatch(action) for action in actions(described))


def test_the_words_of_the_filter_are_marked_without_changing_the_text(make_paper: MakePaper) -> None:
    entry = Entry(make_paper(title="[bold] Cats and [/] cats", upvotes=3), Marks(starred=True))
    marked = describe(entry, words=[("cats", None), ("2026", "listed"), ("star", None), ("vote", None)])
    assert marked.plain == describe(entry).plain
    found = [span for span in marked.spans if span.style == "underline $accent"]
    assert [marked.plain[span.start : span.end] for span in found] == ["Cats", "cats"], "not our own words"


# -- in the pane -----------------------------------------------------------------------------------------------------


class Pane(App[None]):
    """A detail pane and nothing else."""

    def compose(self) -> ComposeResult:
        yield Detail()


@asynccontextmanager
async def pane(size: tuple[int, int] = (60, 12)) -> AsyncIterator[tuple[Detail, Pilot[None]]]:
    app = Pane()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        shown = app.query_one(Detail)
        shown.focus()
        yield shown, pilot


def drawn(shown: Detail) -> list[str]:
    return [shown.render_line(y).text for y in range(shown.size.height)]


async def test_tortured_papers_fill_the_pane_and_no_cell_more() -> None:
    async with pane() as (shown, _):
        for text in [*MARKUP, *WIDE, *(f"before {sequence} after" for sequence in SEQUENCES.values())]:
            entry = item(
                "2611.00001", text, date(2026, 11, 20), summary=text, authors=[{"name": text}], ai_keywords=[text]
            )
            shown.show(Entry(parse_item(entry), Marks(note=clean_text(text))))
            for line in drawn(shown):
                assert cell_len(line) == shown.line_width
                assert all(ord(char) >= 32 and not 127 <= ord(char) < 160 for char in line)


async def test_another_paper_starts_at_its_top_and_the_same_stays(make_paper: MakePaper) -> None:
    paper = make_paper(abstract="word " * 500)
    async with pane() as (shown, pilot):
        shown.show(Entry(paper))
        await pilot.press("ctrl+d")
        offset = shown.scroll_offset.y
        shown.show(Entry(paper, Marks(starred=True)))
        assert shown.scroll_offset.y == offset > 0
        shown.show(Entry(make_paper(2)))
        assert shown.scroll_offset.y == 0


async def test_a_line_of_text_is_never_longer_than_one_can_follow(make_paper: MakePaper) -> None:
    """At 200 columns, the text took what the titles lacked."""
    async with pane(size=(130, 12)) as (shown, _):
        shown.show(Entry(make_paper(abstract="word " * 100)))
        assert max(len(line.rstrip()) for line in drawn(shown)) <= MAX_COLUMNS + 1


async def test_paging_reaches_the_end_and_says_so(make_paper: MakePaper) -> None:
    async with pane() as (shown, _):
        shown.show(Entry(make_paper(abstract="word " * 500 + "END", keywords=())))
        pages = 0
        while shown.page_down():
            pages += 1
        assert pages > 1
        assert "END" in "".join(drawn(shown))


async def test_keys_scroll(make_paper: MakePaper) -> None:
    async with pane() as (shown, pilot):
        shown.show(Entry(make_paper(abstract="word " * 500)))
        offsets = []
        for key in ("j", "j", "k", "G", "j", "g", "k"):
            await pilot.press(key)
            offsets.append(shown.scroll_offset.y)
        end = int(shown.max_scroll_y)
        assert offsets == [1, 2, 1, end, end, 0, 0]


async def test_any_size_will_do(make_paper: MakePaper) -> None:
    async with pane() as (shown, pilot):
        shown.show(Entry(make_paper(abstract=" ".join(WIDE))))
        for size in [(20, 5), (2, 2), (1, 1), (3, 40), (60, 12)]:
            await pilot.resize_terminal(*size)
            await pilot.press("j", "G")
            assert {cell_len(line) for line in drawn(shown)} <= {max(0, shown.line_width)}
