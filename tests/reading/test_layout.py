"""Blocks in lines: nothing is wider than the room, nothing is lost, tables line up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from paperdeck.tui.reading.layout import MEASURE_CELLS, Laid, Line, estimated_height, lay_out, wrap
from paperdeck.tui.reading.markdown import Block, BlockKind, read_markdown
from tests.support.examples import examples
from tests.support.torture import WIDE

TABLE = "| Model | Data | Score |\n|---|---|---:|\n| Ours, with care | lots of it | 91.5 |\n| Theirs | some | 9.1 |"


def lines_of(laid: Laid) -> list[str]:
    """The lines as they are shown."""
    return [line.prefix + laid.text[line.start : line.end] for line in laid.lines]


def laid_lines(source: str, width: int) -> list[str]:
    """The lines of the first block of a text."""
    return lines_of(lay_out(read_markdown(source)[0], width))


def test_words_are_wrapped_between_words() -> None:
    assert [("one two three"[a:b]) for a, b in wrap("one two three", 8)] == ["one two", "three"]


def test_a_word_wider_than_the_line_is_divided() -> None:
    assert ["abcdefgh"[a:b] for a, b in wrap("abcdefgh", 3)] == ["abc", "def", "gh"]


def test_a_line_break_is_kept() -> None:
    assert [(a, b) for a, b in wrap("a\n\nb", 9)] == [(0, 1), (2, 2), (3, 4)]


@settings(max_examples=examples(100))
@given(st.text(alphabet="ab \n深é👍", max_size=80), st.integers(2, 20))
def test_wrapping_loses_no_word_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = [text[start:end] for start, end in wrap(text, width)]
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)


@pytest.mark.parametrize("text", WIDE)
@pytest.mark.parametrize("width", [2, 7, 40])
def test_wide_text_keeps_to_the_width(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in lines_of(lay_out(Block(BlockKind.TEXT, text), width)))


def test_prose_keeps_to_the_measure_however_much_room_there_is() -> None:
    assert max(map(len, laid_lines("word " * 100, 200))) <= MEASURE_CELLS


def test_an_item_has_a_hanging_indent() -> None:
    assert laid_lines("- one two three", 9) == ["• one two", "  three"]


def test_a_formula_is_centred_row_by_row() -> None:
    lines = laid_lines("$$\\begin{aligned} a &= b^2 \\\\ c &= d \\end{aligned}$$", 20)
    assert [line.strip() for line in lines] == ["a = b²", "c = d"]
    assert lines[0].startswith("       a")


def test_code_is_cut_and_not_wrapped() -> None:
    assert laid_lines("```\na  b\n    cdefgh\n```", 6) == ["a  b", "    cd", "efgh"]


def test_a_table_lines_up() -> None:
    assert laid_lines(TABLE, 60) == [
        "Model            Data        Score",
        "───────────────  ──────────  ─────",
        "Ours, with care  lots of it   91.5",
        "Theirs           some          9.1",
    ]


def test_a_table_gets_narrower_columns_before_it_is_given_up() -> None:
    assert laid_lines(TABLE, 28) == [
        "Model      Data       Score",
        "─────────  ─────────  ─────",
        "Ours,      lots of     91.5",
        "with care  it              ",
        "Theirs     some         9.1",
    ]


def test_where_a_table_has_no_room_its_rows_become_text() -> None:
    lines = laid_lines(TABLE, 14)
    assert all(cell_len(line) <= 14 for line in lines)
    assert " ".join(lines).split()[:9] == ["Ours,", "with", "care:", "Data", "lots", "of", "it,", "Score", "91.5"]


def test_a_phrase_that_wraps_is_whole_in_the_text() -> None:
    laid = lay_out(Block(BlockKind.TEXT, "one two three"), 8)
    assert "two three" in laid.text
    assert laid.line_of(laid.text.index("three")) == laid.gap + 1


def test_the_spans_of_a_line_are_cut_to_it() -> None:
    laid = lay_out(Block(BlockKind.TEXT, "**aa bb**"), 2)
    assert [laid.text[s.start : s.end] for s in laid.spans_of(laid.lines[1])] == ["bb"]
    assert not list(laid.spans_of(Line(0, 0)))


def test_the_estimate_is_close() -> None:
    block = Block(BlockKind.TEXT, "some words of usual length, not too long. " * 40)
    assert abs(estimated_height(block, 80) - lay_out(block, 80).height) <= 3
