"""Long texts: only what is seen is laid out, and what is seen stays where it is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.tui.model.positions import BEGINNING, Place
from paperdeck.tui.reading.galley import Galley
from paperdeck.tui.reading.markdown import Block, Kind

TABLE = Block(Kind.TABLE, rows=(("a", "b"), ("word " * 30, "x")), right=(False, False))
"""Higher than it is estimated."""
FORMULA = Block(Kind.FORMULA, r"\mathcal{L} \mathcal{M} \mathcal{N} \alpha \beta \gamma " * 20)
"""Lower than it is estimated."""


def text(number: int) -> Block:
    """A block of one line."""
    return Block(Kind.TEXT, f"paragraph {number}")


def sample() -> list[Block]:
    """Blocks that are higher, lower and as high as estimated."""
    return [block for number in range(40) for block in (text(number), TABLE, FORMULA)]


def seen(galley: Galley, y: int, height: int) -> list[tuple[int, int]]:
    """Which blocks and lines are in a window."""
    return [galley.at(line) for line in range(y, y + height)]


def test_only_what_is_in_the_window_is_laid_out() -> None:
    galley = Galley(sample(), 40)
    galley.lay_window(0, 10)
    assert not galley.complete
    assert 0 < len(galley._laid) < 10


def test_what_is_seen_stays_when_the_rest_is_laid_out() -> None:
    galley = Galley(sample(), 40)
    y = galley.lay_window(galley.height // 2, 10)
    before = seen(galley, y, 10)
    while not galley.complete:
        y = galley.lay_some(y, 0)
        assert seen(galley, y, 10) == before


def test_scrolling_up_moves_what_was_seen_by_as_much() -> None:
    galley = Galley(sample(), 40)
    y = galley.lay_window(galley.height // 2, 10)
    top = galley.at(y)
    up = galley.lay_window(y - 4, 10)
    assert galley.at(up + 4) == top


def test_the_end_is_the_end() -> None:
    galley = Galley(sample(), 40)
    y = galley.lay_window(10**6, 10)
    assert y + 10 == galley.height
    assert galley.at(galley.height - 1)[0] == len(galley.blocks) - 1


def test_a_text_that_fits_into_the_window_begins_at_its_beginning() -> None:
    assert Galley([text(1)], 40).lay_window(5, 100) == 0


def test_a_text_without_blocks_has_no_lines() -> None:
    galley = Galley([], 40)
    assert (galley.height, galley.complete, galley.place_at(0), galley.lay_window(3, 10)) == (0, True, BEGINNING, 3)


def test_a_place_is_found_again_in_another_width() -> None:
    blocks = [Block(Kind.TEXT, f"w{number} " * 200) for number in range(5)]
    wide, narrow = Galley(blocks, 80), Galley(blocks, 30)
    place = wide.place_at(wide.line_at(Place(3, 0)) + 4)
    line = narrow.line_at(place)
    block, number = narrow.at(line)
    found = narrow.laid(block).lines[number - narrow.laid(block).gap]
    assert block == place.block
    assert found.start <= place.offset < found.end + 1


def test_a_place_of_another_edition_of_the_text_is_forgiven() -> None:
    galley = Galley([text(1)], 40)
    assert galley.line_at(Place(99, 5)) == 0
    assert galley.line_at(Place(0, 9_999)) == galley.height - 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-30, 30), max_size=12), st.integers(5, 100), st.integers(1, 30))
def test_a_window_never_leaves_the_text(moves: list[int], width: int, height: int) -> None:
    galley, y = Galley(sample()[:30], width), 0
    for move in moves:
        y = galley.lay_window(y + move, height)
        assert 0 <= y <= max(0, galley.height - height)
        assert all(galley.at(line)[0] in galley._laid for line in range(y, y + min(height, galley.height)))
