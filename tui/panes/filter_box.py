"""The box above the list, for a query; its completions cover the first lines of the list."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import work
from textual.binding import BindingType
from textual.geometry import Size
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widgets import Input

from paperdeck.storage.text.clean import for_screen
from paperdeck.tui.keys import bindings
from paperdeck.tui.look.text import fit, fit_right
from paperdeck.tui.run import RunAction

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

    from paperdeck.tui.look.text import Symbols
    from paperdeck.tui.model.completing import Completing
    from paperdeck.tui.model.session import Session

ABOUT = "words, or a field: is:unread author:… since:7d"
"""The placeholder of the focused box."""
MAX_LINES = 8
"""Lines of the list that completions cover."""
_MIN_CELLS = 12  # of the longest completion beside its description


class FilterBox(Input):
    """Filters the session's results by the typed query."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("filter")

    virtual_size = Reactive(Size(0, 0), layout=False)
    """The size of the text. The box keeps its own, so a letter needs no layout of the screen, a fifth of its time."""

    def __init__(self, session: Session) -> None:
        super().__init__(placeholder="/ filter", id="filter-box", compact=True, select_on_focus=False)
        self._session = session
        self._unfocused = self.placeholder
        self._pasting = False

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        session, text = self._session, self.value  # the event may be about an older value
        if not self.has_focus or session.earlier_filters.is_recalled(text):
            session.completing.close()
        else:
            session.completing.typed(text, self.cursor_position)
        session.results.set_filter(text)
        if session.completing.wants_more:
            self._look_up()
        if self._pasting:
            self._pasting = False
            self._open_named_paper()

    @property
    def complaint(self) -> str:
        """The error in the query; empty while there are completions, as the query isn't finished then."""
        results, completing = self._session.results, self._session.completing
        return "" if self.has_focus and completing.offers else results.wrong

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Insert the chosen completion; without one, open the paper that the query names, and let the screen react."""
        if self._session.completing.chosen is not None and self.complete():
            event.stop()
        else:
            self._open_named_paper()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the key of “cut” to the screen while nothing is selected: there, by default, it stops fetching."""
        return not (action == "cut" and self.selection.is_empty)

    def on_paste(self, event: events.Paste) -> None:
        self._pasting = True

    def _open_named_paper(self) -> None:
        """If the query is only an id or a link, open that paper, wherever it is."""
        results = self._session.results
        paper_id = None if results.wrong else results.query.only_paper()
        if paper_id and list(results.ids) != [paper_id]:
            self.post_message(RunAction("views.open_paper", paper_id))

    def on_focus(self) -> None:
        self.placeholder = ABOUT

    def on_blur(self) -> None:
        """Close the completions, and remember a filter that is in use."""
        self.placeholder = self._unfocused
        session, text = self._session, self.value
        session.completing.close()
        if text.strip() and not session.results.wrong:
            session.earlier_filters.use(text)
            self._save_filters()

    @work(group="complete", exclusive=True)
    async def _look_up(self) -> None:
        await self._session.completing.look_up()

    @work(group="keep", exclusive=True)
    async def _save_filters(self) -> None:
        await asyncio.to_thread(self._session.earlier_filters.save)

    def complete(self) -> bool:
        """Insert the chosen completion, or the first one; False if there are none."""
        taken = self._session.completing.take()
        if taken:
            self.value, self.cursor_position = taken
        return taken is not None

    def recall(self, step: int) -> None:
        """Choose another completion, or recall another filter; with neither, offer the fields."""
        session = self._session
        completing, earlier = session.completing, session.earlier_filters
        if completing.offers and (step > 0 or completing.chosen is not None):
            completing.move(step)
        elif step > 0 and not earlier.is_recalled(self.value):
            completing.typed(self.value, self.cursor_position)
            completing.list_fields()
        elif (filter_ := earlier.step(step, self.value)) is not None:
            self.value = filter_
            self.cursor_position = len(filter_)

    def show(self) -> None:
        """Show the filter of the results, and whether it is valid."""
        results = self._session.results
        if self.value != results.text:
            self.value = results.text
            self.cursor_position = len(results.text)
        self.set_class(bool(results.text), "-used")
        self.set_class(bool(results.wrong), "-wrong")


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
