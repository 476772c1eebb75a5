"""What a screen reader gets: one fact a line, in whole words, with nothing cut, padded or drawn."""

from __future__ import annotations

import re
from datetime import date
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as some

from paperdeck.storage.cite.venue import PREPRINT
from paperdeck.storage.cite.venue_record import VenueRecord, row_of
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry, Marks, Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.__main__ import main
from paperdeck.tui.cli.list import entries_as_lines
from paperdeck.tui.cli.show import MAX_AUTHORS, entry_as_lines, spoken
from tests.conftest import MakePaper
from tests.support.app_tools import fill
from tests.support.torture import MARKUP, WIDE

Capture = pytest.CaptureFixture[str]
ONE = "2611.00001"


def lines_of(make_paper: MakePaper, marks: Marks | None = None, **facts: object) -> list[str]:
    """The lines that describe one paper in full."""
    return list(entry_as_lines(Entry(make_paper(1, **facts), marks or Marks()), tex=False))


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Library:
    """Three papers, one of them starred."""
    library = fill(places, [make_paper(number) for number in (1, 2, 3)])
    library.mark([ONE], starred=True)
    return library


def test_a_list_is_numbered_papers_with_an_empty_line_between(library: Library, capsys: Capture) -> None:
    assert main(["list", "--plain", "sort:-upvotes"]) == 0
    captured = capsys.readouterr()
    assert captured.err == "3 papers, 3 unread, 1 starred.\n"
    papers = captured.out.split("\n\n")
    assert [paper.splitlines()[0] for paper in papers] == ["Paper 1 of 3", "Paper 2 of 3", "Paper 3 of 3"]
    assert papers[0].splitlines()[1:] == [
        "Title: On [0,1) Intervals and Other Brackets 1",
        "Authors: Ada Lovelace, Author Number1",
        "Listed: Friday 20 November 2026",
        "Upvotes: 1",
        "Comments: 0",
        "State: unread, starred",
        "Id: 2611.00001",
    ]


def test_an_empty_list_says_so_in_words(capsys: Capture) -> None:
    assert main(["list", "--plain"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "The library is empty; “paperdeck fetch” fills it.\n"


def test_one_paper_is_described_in_full(library: Library, capsys: Capture) -> None:
    assert main(["show", "--plain", ONE]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Title: ")
    assert "State: unread, starred" in lines
    assert "Page: https://huggingface.co/papers/2611.00001" in lines
    assert lines[-1] == "Abstract: We look at case number 1 and find that it behaves."


def test_state_is_given_in_words(make_paper: MakePaper) -> None:
    marks = Marks(read=True, starred=True, hidden=True, tags=frozenset({"thesis", "later"}), note="Two\nlines.")
    full = lines_of(make_paper, marks)
    assert "State: read, starred, hidden" in full
    assert "Tags: later, thesis" in full
    assert "Note: Two\nlines." in full
    assert "Note: yes" in entries_as_lines([Entry(make_paper(1), marks)], tex=False)


def test_many_authors_are_named_last(make_paper: MakePaper) -> None:
    names = tuple(f"Author Number{number}" for number in range(664))
    lines = lines_of(make_paper, authors=names)
    assert "Authors: Author Number0, Author Number1, Author Number2 and 661 more" in lines
    assert lines[-1] == f"All 664 authors: {', '.join(names)}"
    assert f"Authors: {', '.join(names[:MAX_AUTHORS])}" in lines_of(make_paper, authors=names[:MAX_AUTHORS])


def test_what_is_unknown_is_not_mentioned(make_paper: MakePaper) -> None:
    lines = lines_of(make_paper, upvotes=None, comments=None, listed=None, published=date(2026, 11, 1))
    names = {line.partition(":")[0] for line in lines}
    assert names == {"Title", "Authors", "Published", "Id", "Page", "PDF", "Abstract"}
    assert "Published: Sunday 1 November 2026" in lines


@pytest.mark.parametrize("title", [*MARKUP, *WIDE, "a" * 4000])
def test_a_title_is_never_cut_or_padded(make_paper: MakePaper, title: str) -> None:
    line = lines_of(make_paper, title=title)[0]
    assert line == f"Title: {spoken(title, tex=False)}"
    assert "…" not in line or "…" in title


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"in $\mathcal{O}(n^2)$ steps", "in O(n²) steps"),
        (r"$\mathbf{x} \in \mathbb{R}^d$", "x ∈ Rᵈ"),
        (r"$\alpha$-divergence", "α-divergence"),
        ("plain words", "plain words"),
    ],
)
def test_mathematical_letters_become_ones_that_voices_know(tex: str, said: str) -> None:
    assert spoken(tex, tex=False) == said
    assert spoken(tex, tex=True) == tex


@given(some.text(max_size=80))
def test_no_styled_letter_is_left(text: str) -> None:
    styled = re.findall("[\U0001d400-\U0001d7ff]", spoken(text, tex=False))
    assert {category(letter) for letter in styled} <= {"Cn"}, "only code points that Unicode leaves unassigned"


def test_tex_can_be_requested(places: Places, make_paper: MakePaper, capsys: Capture) -> None:
    fill(places, [make_paper(1, title="Sorting in $O(n^2)$")])
    for form in (["show", ONE, "--plain"], ["show", ONE], ["list", "--plain"]):
        assert main(form) == 0
        assert "Sorting in O(n²)" in capsys.readouterr().out
        assert main([*form, "--tex"]) == 0
        assert "Sorting in $O(n^2)$" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["list"], ["show", ONE]])
def test_plain_and_json_exclude_each_other(command: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--plain", "--json"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith("argument --json: not allowed with argument --plain\n")


def test_where_a_paper_appeared_is_given_with_its_source(make_paper: MakePaper) -> None:
    title = "Sorting Sheep by Weight"
    records = [
        VenueRecord("dblp", title, ("Lovelace, Ada",), 2026, f"{venue} 2026", "inproceedings", ids=(f"dblp:conf/{n}",))
        for n, venue in enumerate(("Sheep", "Goats"))
    ]
    one, two = (
        make_paper(1, title=title, authors=("Ada Lovelace",), printed=tuple(map(row_of, records[:count])))
        for count in (1, 2)
    )

    def facts(paper: Paper, cite_as: str = "") -> list[str]:
        lines = entry_as_lines(Entry(paper, Marks(cite_as=cite_as)), tex=False)
        return [line for line in lines if line.startswith(("In print", "Perhaps in"))]

    assert facts(one) == ["In print: Sheep 2026 (dblp)"]
    assert facts(two) == ["Perhaps in: Sheep 2026 (dblp)", "Perhaps in: Goats 2026 (dblp)"]
    assert facts(two, records[1].name) == ["In print: Goats 2026 (dblp)"]
    assert facts(one, PREPRINT) == ["In print: not cited, as you chose"]
