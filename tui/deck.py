"""What the parts of the app share: the session, the panes, and a way to say something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import App
from textual.screen import Screen
from textual.widgets import Input

from paperdeck.storage.errors import PaperdeckError
from paperdeck.tui.look.symbols import UNICODE, Symbols
from paperdeck.tui.panes.detail import Detail
from paperdeck.tui.panes.paper_list import PaperList
from paperdeck.tui.panes.status import MESSAGE_LEAST, Footline, Headline
from paperdeck.tui.panes.views_pane import FilterPane

if TYPE_CHECKING:
    from paperdeck.storage.fetch.endpoints import Endpoints
    from paperdeck.storage.library.library import Deed
    from paperdeck.storage.paper import Entry, Marks
    from paperdeck.storage.search.index import Row
    from paperdeck.storage.settings.settings import Places
    from paperdeck.tui.model.session import Session
    from paperdeck.tui.model.views import View

    from .background import Background


_UNTIL_A_KEY = 86_400.0  # seconds; a notice has to have some


_KEY_PAUSE = 0.12
"""Seconds without a key after which what waits in `give_way` goes on."""
_MOST_GIVEN_WAY = 0.5
"""Seconds that it waits at most; a key that is held must not hold up a fetch for ever."""


class Deck(App[None]):
    """The base of the app's parts; each part adds the actions of one kind."""

    session: Session
    """What is known and done behind the screen."""
    places: Places
    """Where files are."""
    endpoints: Endpoints
    """Where the sources are."""
    background: Background | None = None
    """What loads and fetches; there after the first frame."""
    view: View
    """The view that the list shows."""
    symbols: Symbols = UNICODE
    """The signs to draw with."""
    motion: bool = True
    """Whether anything on the screen may move by itself."""
    event_loop: asyncio.AbstractEventLoop
    """The loop that the app runs in."""

    def __init__(self) -> None:
        super().__init__()
        self.key_at = 0.0
        """When a key was pressed last, on the monotonic clock."""
        self.headline = Headline()
        """The top line."""
        self.filters = FilterPane(id="filters")
        """The filter pane."""
        self.filter_box = Input(placeholder="/ filter", id="filter-box", compact=True, select_on_focus=False)
        """The box above the list."""
        self.papers = PaperList(self._row_of, self._marks_of, id="list")
        """The list."""
        self.detail = Detail(id="detail")
        """The detail pane."""
        self.footline = Footline()
        """The bottom line."""
        self._notified_at = 0.0  # on the monotonic clock

    def _row_of(self, paper_id: str) -> Row | None:
        return self.session.row(paper_id)

    def _marks_of(self, paper_id: str) -> Marks:
        return self.session.marks(paper_id)

    @property
    def main_screen(self) -> Screen[object]:
        """The screen with the panes, whatever dialog lies on it."""
        return self.screen_stack[0]

    @property
    def alive(self) -> bool:
        """Whether there is a screen to show anything on; a thread may end after the app did."""
        return self.papers.is_attached

    def say(self, message: str, *, severe: bool = False) -> None:
        """Tell the reader something: on the bottom line, or as a notice if that is hidden or too short for it."""
        self.footline.say(message, severe=severe)
        hidden = self.alive and self.screen is not self.main_screen
        if hidden or cell_len(message) > self.size.width - 4:
            self._notify(self.symbols.words(message), severe)

    def _notify(self, message: str, severe: bool) -> None:
        """Show a notice; where nothing may move by itself, it stays until a key is pressed."""
        self._notified_at = monotonic()
        self.notify(
            f"! {message}" if severe else message,
            severity="warning" if severe else "information",
            markup=False,
            timeout=None if self.motion else _UNTIL_A_KEY,
        )

    def notices_read(self) -> None:
        """A key is pressed: notices that stay until then go, unless they came just now."""
        if not self.motion and monotonic() - self._notified_at > MESSAGE_LEAST:
            self.clear_notifications()

    async def give_way(self) -> None:
        """Wait while keys come, but not for long: what goes on behind the screen would keep them waiting."""
        end = monotonic() + _MOST_GIVEN_WAY
        while monotonic() - self.key_at < _KEY_PAUSE and monotonic() < end:  # noqa: ASYNC110 - keys set no event
            await asyncio.sleep(_KEY_PAUSE / 4)

    def later(self, callback: Callable[..., object], *arguments: object) -> None:
        """Have something called in the app's own thread, from another one, without waiting for it.

        Textual's `call_from_thread` waits, which would be for ever in a thread that outlives the app.
        """
        with suppress(RuntimeError):  # the app has ended
            self.event_loop.call_soon_threadsafe(callback, *arguments)

    @contextmanager
    def telling_errors(self) -> Iterator[None]:
        """Say what goes wrong within, and go on."""
        try:
            yield
        except PaperdeckError as error:
            self.say(str(error), severe=True)

    def targets(self) -> list[str]:
        """The papers that an action is about: the selection, else the one under the cursor."""
        selection = self.papers.selection
        if selection:
            return [paper_id for paper_id in self.papers.ids if paper_id in selection]
        return [self.papers.current] if self.papers.current else []

    def current_entry(self) -> Entry | None:
        """The paper under the cursor."""
        with self.telling_errors():
            return self.session.entry(self.papers.current)
        return None

    def mark(self, change: Callable[[], Deed]) -> None:
        """Change marks and show it; if it can't be stored, say so, and nothing has changed."""
        with self.telling_errors():
            self.show_marks(change().ids)

    def show_marks(self, ids: Sequence[str]) -> None:
        """Show changed marks wherever they are seen."""
        raise NotImplementedError

    def show_view(self, view: View) -> None:
        """Show another view."""
        raise NotImplementedError

    def show_detail(self) -> None:
        """Show the paper under the cursor in the detail pane."""
        raise NotImplementedError

    def focus_pane(self, name: str) -> None:
        """Give the focus to a pane."""
        raise NotImplementedError
