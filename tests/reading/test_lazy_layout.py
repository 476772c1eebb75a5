"""Long texts: only what is seen is laid out, and what is seen stays where it is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.tui.model.positions import BEGINNING, Place
from paperdeck.tui.reading.layout import LazyLayout
from paperdeck.tui.reading.markdown import Block, BlockKind
from tests.support.examples import examples

TABLE = Block(BlockKind.TABLE, rows=(("a", "b"), ("word " * 30, "x")), right=(False, False))
"""Higher than it is estimated."""
FORMULA = Block(BlockKind.FORMULA, r"\mathcal{L} \mathcal{M} \mathcal{N} \alpha \beta \gamma " * 20)
"""Lower than it is estimated."""


def text(number: int) -> Block:
    """A block of one line."""
    return Block(BlockKind.TEXT, f"paragraph {number}")


def sample() -> list[Block]:
    """Blocks that are higher, lower and as high as estimated."""
    return [block for number in range(40) for block in (text(number), TABLE, FORMULA)]


def seen(layout: LazyLayout, y: int, height: int) -> list[tuple[int, int]]:
    """Which blocks and lines are in a window."""
    return [layout.at(line) for line in range(y, y + height)]


def test_only_what_is_in_the_window_is_laid_out() -> None:
    layout = LazyLayout(sample(), 40)
    layout.lay_window(0, 10)
    assert not layout.complete
    assert 0 < len(layout._laid) < 10


def test_what_is_seen_stays_when_the_rest_is_laid_out() -> None:
    layout = LazyLayout(sample(), 40)
    y = layout.lay_window(layout.height // 2, 10)
    before = seen(layout, y, 10)
    while not layout.complete:
        y = layout.lay_some(y, 0)
        assert seen(layout, y, 10) == before


def test_scrolling_up_moves_what_was_seen_by_as_much() -> None:
    layout = LazyLayout(sample(), 40)
    y = layout.lay_window(layout.height // 2, 10)
    top = layout.at(y)
    up = layout.lay_window(y - 4, 10)
    assert layout.at(up + 4) == top


def test_the_end_is_the_end() -> None:
    layout = LazyLayout(sample(), 40)
    y = layout.lay_window(10**6, 10)
    assert y + 10 == layout.height
    assert layout.at(layout.height - 1)[0] == len(layout.blocks) - 1


def test_a_text_that_fits_into_the_window_begins_at_its_beginning() -> None:
    assert LazyLayout([text(1)], 40).lay_window(5, 100) == 0


def test_a_text_without_blocks_has_no_lines() -> None:
    layout = LazyLayout([], 40)
    assert (layout.height, layout.complete, layout.place_at(0), layout.lay_window(3, 10)) == (0, True, BEGINNING, 3)


def test_a_place_is_found_again_in_another_width() -> None:
    blocks = [Block(BlockKind.TEXT, f"w{number} " * 200) for number in range(5)]
    wide, narrow = LazyLayout(blocks, 80), LazyLayout(blocks, 30)
    place = wide.place_at(wide.line_at(Place(3, 0)) + 4)
    line = narrow.line_at(place)
    block, number = narrow.at(line)
    found = narrow.laid(block).lines[number - narrow.laid(block).gap]
    assert block == place.block
    assert found.start <= place.offset < found.end + 1


def test_a_place_of_another_edition_of_the_text_is_forgiven() -> None:
    layout = LazyLayout([text(1)], 40)
    assert layout.line_at(Place(99, 5)) == 0
    assert layout.line_at(Place(0, 9_999)) == layout.height - 1


@settings(max_examples=examples(50))
@given(st.lists(st.integers(-30, 30), max_size=12), st.integers(5, 100), st.integers(1, 30))
def test_a_window_never_leaves_the_text(moves: list[int], width: int, height: int) -> None:
    layout, y = LazyLayout(sample()[:30], width), 0
    for move in moves:
        y = layout.lay_window(y + move, height)
        assert 0 <= y <= max(0, layout.height - height)
        assert all(layout.at(line)[0] in layout._laid for line in range(y, y + min(height, layout.height)))
