"""The completions of the filter box, as lines that cover the first rows of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from paperdeck.storage.text.clean import for_screen
from paperdeck.tui.look.cells import fit, fit_right

if TYPE_CHECKING:
    from rich.style import Style

    from paperdeck.tui.look.symbols import Symbols
    from paperdeck.tui.model.completing import Completing

MAX_LINES = 8
"""Lines of the list that completions cover."""
_MIN_CELLS = 12  # of the longest completion beside its description


def offer_lines(completing: Completing, width: int, symbols: Symbols, styles: Mapping[str, Style]) -> list[Strip]:
    """The completions, scrolled so that the chosen one is visible."""
    offers, chosen = completing.offers, completing.chosen
    first = max(0, (chosen or 0) - MAX_LINES + 1)
    shown = offers[first : first + MAX_LINES]
    about = [_about(completing.count_of(offer), offer.about) for offer in shown]
    texts = [for_screen(offer.text) for offer in shown]
    room = _room_for(texts, width)
    return [
        _line(text, detail, room, width, symbols, styles, here=first + number == chosen)
        for number, (text, detail) in enumerate(zip(texts, about, strict=True))
    ]


def _room_for(texts: Sequence[str], width: int) -> int:
    """Cells of the column of completions."""
    return max(_MIN_CELLS, min(max(map(cell_len, texts), default=0), width - 2 * _MIN_CELLS))


def _about(count: int | None, about: str) -> str:
    return f"{count:,}" if count is not None else about if not about.replace(",", "").isdigit() else ""


def _line(
    text: str, about: str, room: int, width: int, symbols: Symbols, styles: Mapping[str, Style], *, here: bool
) -> Strip:
    ground = styles["offer-here" if here else "offer"]
    # the border tells them from the rows that they cover, where all colours are the terminal's
    sign, style = (symbols.bar, styles["bar"]) if here else (symbols.border, styles["meta"])
    detail = fit_right(about, 9) if about.replace(",", "").isdigit() else f"  {about}"
    line = [
        Segment(f"{sign}   ", ground + style),
        Segment(fit(text, room, symbols.ellipsis), ground),
        Segment(fit(detail, max(0, width - room - 5), symbols.ellipsis), ground if here else ground + styles["meta"]),
    ]
    return Strip(line).adjust_cell_length(width, ground)
