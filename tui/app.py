"""The app: it owns the session and the panes, hands what the session says down to them, and acts on keys."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Input

from storage.errors import PaperdeckError
from storage.shelf import SHELF_NOTICE

from . import clipboard, opening
from .cells import count_of
from .detail import Detail
from .filters import FilterPane
from .keys import APP_KEYS, HINTS
from .line_list import LineList
from .paper_list import PaperList
from .session import Session, Wanted, keep_in_place
from .status import Footline, Headline
from .symbols import ASCII, UNICODE
from .themes import OURS

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.timer import Timer

    from storage.config import Endpoints, Places
    from storage.paper import Entry

    from .views import View

FIRST_PAGE = 200
"""Papers that are found and shown before all of them are counted."""
DETAIL_PAUSE = 0.12
"""Seconds between two paintings of the detail pane while the cursor runs."""


class Reader(App[None]):
    """Browse, star and copy papers in the terminal."""

    TITLE = "paperdeck"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = APP_KEYS
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [(0, "-narrow"), (80, "-medium"), (120, "-wide")]
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [(0, "-low"), (14, "-tall")]
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, session: Session, places: Places, endpoints: Endpoints) -> None:
        super().__init__()
        self.session = session
        self.places = places
        self.endpoints = endpoints
        self.animation_level = "none"
        self._first_ids = session.open_first_view()
        self._view: View = session.day_view()
        self._filter_text = ""
        self._untouched = True  # until the reader moves, the newest papers may come in above the cursor
        self._kept: dict[str, tuple[str | None, int]] = {}  # where the cursor was, by view
        self._held_back: list[str] | None = None  # a newer list, which waits for the reader
        self._resting: Timer | None = None
        self._counts: dict[str, int] = {}
        self._detail_timer: Timer | None = None
        self._detail_shown = 0.0  # when, on the monotonic clock
        self.startup_complaints: list[str] = []

    # Building the screen

    def compose(self) -> ComposeResult:
        yield Headline()
        yield FilterPane(id="filters")
        yield Input(placeholder="/ filter", id="filter-box", compact=True, select_on_focus=False)
        yield Detail(id="detail")
        yield PaperList(self.session.row, self.session.marks, id="list")
        yield Footline()

    def on_mount(self) -> None:
        for theme in OURS:
            self.register_theme(theme)
        look = self.session.settings.look
        self.theme = look.theme if look.theme in self.available_themes else OURS[0].name
        symbols = ASCII if look.ascii else UNICODE
        self.papers.symbols = self.filters.symbols = self.detail.symbols = symbols
        self.papers.today = self.session.today
        self.set_keymap(dict(self.session.settings.keys))
        self.screen.add_class("-at-list")
        self.papers.show(self._first_ids)
        self.papers.focus()
        self._show_views()
        self._update_headline()
        self.call_after_refresh(self._start_background)

    @property
    def papers(self) -> PaperList:
        """The list."""
        return self.query_one(PaperList)

    @property
    def filters(self) -> FilterPane:
        """The filter pane."""
        return self.query_one(FilterPane)

    @property
    def detail(self) -> Detail:
        """The detail pane."""
        return self.query_one(Detail)

    @property
    def filter_box(self) -> Input:
        """The box above the list."""
        return self.query_one("#filter-box", Input)

    def say(self, message: str, *, severe: bool = False) -> None:
        """Tell the reader something on the bottom line."""
        self.query_one(Footline).say(message, severe=severe)

    # Work behind the screen

    def _start_background(self) -> None:
        from .background import Background

        self.background = Background(self)
        self.background.start()
        if self.startup_complaints:
            self.say(" ".join(self.startup_complaints), severe=True)
        elif self.session.shelf_shown:
            self.say(SHELF_NOTICE)

    def library_changed(self, ids: Sequence[str] = ()) -> None:
        """Papers came in or were counted anew: bring the list and the counts up to date, without a jump."""
        self.papers.refresh_papers(ids)
        if self._view.key == "shelf" and not self.session.shelf_shown:
            self._view = self.session.day_view()
            self._untouched = True
        elif self._view.key == "day":
            self._view = self.session.day_view()
        self._find(arriving=True)
        self._count()

    # Showing a view

    def _wanted(self) -> Wanted | None:
        """What the list is to show; None while the filter box holds no query, after saying what is wrong."""
        try:
            wanted = self.session.wanted(self._view, self._filter_text)
        except PaperdeckError as error:
            self.filter_box.add_class("-wrong")
            self.say(str(error), severe=True)
            return None
        if self.filter_box.has_class("-wrong"):
            self.filter_box.remove_class("-wrong")
            self.query_one(Footline).clear()
        return wanted

    def show_view(self, view: View) -> None:
        """Show another view, at the place where the reader left it."""
        self._remember_place()
        self._view = view
        self._held_back = None
        self._untouched = True
        self._show_waiting()
        self._find()
        self._show_views()

    def _find(self, *, arriving: bool = False) -> None:
        wanted = self._wanted()
        if wanted is not None:
            self._find_worker(wanted, arriving)

    @work(exclusive=True, group="find")
    async def _find_worker(self, wanted: Wanted, arriving: bool) -> None:
        given_up = False
        find = partial(self.session.find, wanted, stop=lambda: given_up)
        try:
            if not arriving and len(self.session.index) > FIRST_PAGE:
                self._show_found(await asyncio.to_thread(find, FIRST_PAGE))
            found = await asyncio.to_thread(find)
        finally:
            given_up = True
        if arriving:
            self._take_arrivals(found)
        else:
            self._show_found(found)

    def _show_found(self, found: Sequence[str]) -> None:
        key = self._place_key()
        current, offset = self._kept.get(key, (None, 0))
        if list(found) == list(self.papers.ids):
            current, offset = self.papers.current, self.papers.cursor_line
        self.papers.show(found, current=current, offset=offset)
        self._update_headline()

    def _take_arrivals(self, found: list[str]) -> None:
        """Let new papers into the list where nothing moves under the reader's eyes; else hold them back."""
        shown = self.papers.ids
        merged = keep_in_place(shown, found)
        if merged == list(shown):
            return
        if self._untouched:
            self._held_back = None
            self.papers.show(found)
        elif self._changes_nothing_in_sight(merged):
            self._held_back = None
            self.papers.replace_anchored(merged)
        else:
            self._held_back = found
        self._show_waiting()
        self._update_headline()

    def _changes_nothing_in_sight(self, merged: Sequence[str]) -> bool:
        visible = self.papers.visible_rows
        window = self.papers.ids[visible.start : visible.stop]
        if not window or len(window) < self.papers.size.height // self.papers.row_height:
            return False
        start = merged.index(window[0])
        return list(merged[start : start + len(window)]) == list(window)

    def _show_waiting(self) -> None:
        """Say on the top line how many papers wait to be let into the list."""
        waiting = len(set(self._held_back or ()) - set(self.papers.ids))
        self.query_one(Headline).waiting = f"{waiting:,} new: press ." if waiting else ""

    def _remember_place(self) -> None:
        self._kept[self._place_key()] = (self.papers.current, self.papers.cursor_line)

    def _place_key(self) -> str:
        return f"{self._view.key} {self._filter_text}"

    def _show_views(self) -> None:
        self.filters.show(self.session.views(), self._counts, self._view.key)

    @work(exclusive=True, group="count")
    async def _count(self) -> None:
        """Count every view again, a little later, so that a burst of changes is counted once."""
        await asyncio.sleep(0.05)
        given_up = False
        try:
            for view in self.session.views():
                self._counts[view.key] = await asyncio.to_thread(self.session.count, view, lambda: given_up)
        finally:
            given_up = True
        self._show_views()
        self._update_headline()

    def _update_headline(self) -> None:
        headline = self.query_one(Headline)
        view, session = self._view, self.session
        day = session.day or session.newest_day()
        title = view.title
        if view.key == "day" and day:
            title = f"{view.title}, {day:%a} {day.day} {day:%b}"
        headline.view = f"paperdeck   {title}"
        ids = self.papers.ids
        unread = sum(not session.marks(paper_id).read for paper_id in ids)
        headline.counts = f"{count_of(len(ids), 'paper')} · {unread:,} unread" if ids else ""

    # What follows the cursor and the focus

    @on(LineList.Highlighted, "#list")
    def _paper_highlighted(self, event: LineList.Highlighted) -> None:
        event.stop()
        self._rest()
        if self._detail_timer:  # while a key is held the detail pane follows a few times a second
            return
        pause = DETAIL_PAUSE - (monotonic() - self._detail_shown)
        if pause > 0:
            self._detail_timer = self.set_timer(pause, self._show_detail)
        else:  # the row first: it is small, and what the eye follows
            self.call_after_refresh(self._show_detail)

    def _show_detail(self) -> None:
        if self._detail_timer:
            self._detail_timer.stop()
            self._detail_timer = None
        self._detail_shown = monotonic()
        entry = self._current_entry()
        if entry is None:
            self.detail.show_text(Content.styled(self._why_empty(), "$foreground-muted"))
        else:
            self.detail.show(entry)

    def _why_empty(self) -> str:
        if self._filter_text:
            return f"Nothing in “{self._view.title}” matches this filter. Press escape to clear it."
        return self._view.empty

    def _current_entry(self) -> Entry | None:
        try:
            return self.session.entry(self.papers.current)
        except PaperdeckError as error:
            self.say(str(error), severe=True)
            return None

    def _rest(self) -> None:
        """Start to wait: a paper on which the cursor rests long enough counts as read."""
        if self._resting:
            self._resting.stop()
        seconds = self.session.settings.reading.read_after
        current = self.papers.current
        if seconds and current and not self._untouched and not self.session.marks(current).read:
            self._resting = self.set_timer(seconds, partial(self._rested, current))

    def _rested(self, paper_id: str) -> None:
        if self.papers.current == paper_id and self.app_focus and self.screen is self.screen_stack[0]:
            self._mark([paper_id], "read", read=True)

    def on_descendant_focus(self) -> None:
        pane = self._pane()
        for name in ("filters", "list", "detail"):
            self.screen.set_class(name == pane, f"-at-{name}")
        hints = "filter" if self.focused is self.filter_box else pane
        self.query_one(Footline).hints = HINTS[hints]

    def _pane(self) -> str:
        focused = self.focused
        if focused is self.detail:
            return "detail"
        return "filters" if focused is self.filters else "list"

    def on_key(self) -> None:
        self._untouched = False

    def on_mouse_down(self) -> None:
        self._untouched = False

    # Moving about

    def action_pane(self, step: int) -> None:
        """Give the focus to the next pane, showing it if there is no room for all."""
        order = ["filters", "list", "detail"]
        self.focus_pane(order[(order.index(self._pane()) + step) % len(order)])

    def focus_pane(self, name: str) -> None:
        """Give the focus to a pane."""
        for pane in ("filters", "list", "detail"):
            self.screen.set_class(pane == name, f"-at-{pane}")
        self.query_one(f"#{name}").focus()

    def action_back(self) -> None:
        if self.focused is self.filter_box or self._pane() == "list":
            if self._filter_text:
                self.filter_box.value = ""
        self.focus_pane("list")

    def action_read(self) -> None:
        if self.focused is self.filters:
            if view := self.filters.highlighted:
                self.show_view(view)
                self.focus_pane("list")
            return
        if current := self.papers.current:
            self._mark([current], "read", read=True)
            self.focus_pane("detail")

    def action_page_or_next(self) -> None:
        if not self.detail.page_down():
            self.action_unread(1)

    def action_unread(self, step: int) -> None:
        """Go to the next unread paper in a direction."""
        ids = self.papers.ids
        index = self.papers.cursor + step
        while 0 <= index < len(ids):
            if not self.session.marks(ids[index]).read:
                self.papers.move_cursor(index)
                return
            index += step
        self.say("No unread paper further on." if step > 0 else "No unread paper further up.")

    def action_view(self, number: int) -> None:
        if view := self.session.view_of_key(number):
            self.session.day = None
            self.show_view(self.session.views()[number - 1])
            self.focus_pane("list")

    def action_day(self, step: int) -> None:
        day = self.session.neighbour_day(step)
        if day is None:
            self.say("No earlier day is in the library." if step < 0 else "This is the newest day.")
            return
        self._remember_place()
        self.session.day = None if day == self.session.newest_day() else day
        self.show_view(self.session.day_view())

    @on(LineList.Chosen, "#filters")
    def _view_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        if view := self.filters.view_at(event.index):
            self.show_view(view)

    @on(LineList.Chosen, "#list")
    def _paper_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        if event.again:
            self.action_read()

    # Filtering

    def action_filter(self) -> None:
        self.focus_pane("list")
        self.filter_box.focus()

    @on(Input.Changed, "#filter-box")
    def _filter_changed(self, event: Input.Changed) -> None:
        event.stop()
        if not self._filter_text:
            self._remember_place()
        self._filter_text = event.value
        self.filter_box.set_class(bool(event.value), "-used")
        self._find()

    @on(Input.Submitted, "#filter-box")
    def _filter_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_pane("list")

    def action_show_new(self) -> None:
        if self._held_back is not None:
            self.papers.replace_anchored(keep_in_place(self.papers.ids, self._held_back))
            self._held_back = None
            self._show_waiting()
            self._update_headline()

    # Marks

    def targets(self) -> list[str]:
        """The papers that an action is about: the selection, else the one under the cursor."""
        if self.papers.selection:
            return [paper_id for paper_id in self.papers.ids if paper_id in self.papers.selection]
        return [self.papers.current] if self.papers.current else []

    def _mark(self, ids: Sequence[str], label: str, **changes: object) -> None:
        try:
            step = self.session.mark(ids, label, **changes)
        except PaperdeckError as error:
            self.say(str(error), severe=True)
        else:
            self._marks_shown(step.ids)

    def _toggle(self, field: str, labels: tuple[str, str]) -> None:
        try:
            step = self.session.toggle(self.targets(), field, labels)
        except PaperdeckError as error:
            self.say(str(error), severe=True)
        else:
            self._marks_shown(step.ids)

    def _marks_shown(self, ids: Sequence[str]) -> None:
        """Show changed marks everywhere."""
        if not ids:
            return
        self.papers.refresh_papers(ids)
        if self.papers.current in ids:
            self._show_detail()
        self._update_headline()
        self._count()

    def marks_changed_elsewhere(self, ids: Sequence[str]) -> None:
        """Show the changes of another instance or device."""
        self._marks_shown(ids)

    def action_star(self) -> None:
        self._toggle("starred", ("star", "unstar"))

    def action_mark_read(self) -> None:
        self._toggle("read", ("mark read", "mark unread"))

    def action_hide(self) -> None:
        self._toggle("hidden", ("not interested", "interested again"))

    def action_undo(self) -> None:
        self._step_back_or_forth(undo=True)

    def action_redo(self) -> None:
        self._step_back_or_forth(undo=False)

    def _step_back_or_forth(self, *, undo: bool) -> None:
        try:
            step = self.session.undo() if undo else self.session.redo()
        except PaperdeckError as error:
            self.say(str(error), severe=True)
            return
        if step is None:
            self.say("Nothing to undo." if undo else "Nothing to redo.")
            return
        self._marks_shown(step.ids)
        self.say(f"{'Undid' if undo else 'Redid'}: {step.label} · {self._name_of(step.ids)}")

    def _name_of(self, ids: Sequence[str]) -> str:
        row = self.session.row(ids[0]) if len(ids) == 1 else None
        return row.title if row else count_of(len(ids), "paper")

    # Copying and opening

    def action_copy_link(self) -> None:
        if entry := self._current_entry():
            self._copy(entry.paper.url or "", "the link")

    def action_copy_bibtex(self) -> None:
        from storage.cite import bibtex

        if entry := self._current_entry():
            self._copy(bibtex.entry(entry.paper), "the BibTeX entry")

    @work(group="copy")
    async def _copy(self, text: str, what: str) -> None:
        write = self._driver.write if self._driver else None
        try:
            copied = await clipboard.copy(text, write, self.places.state / "copied.txt")
        except PaperdeckError as error:
            self.say(str(error), severe=True)
        else:
            self.say(copied.sentence(what))

    def action_open_link(self, kind: str) -> None:
        """Open one of the paper's links; where there is no browser, show it and copy it."""
        entry = self._current_entry()
        if entry is None:
            return
        paper = entry.paper
        links = {"page": paper.url, "pdf": paper.pdf_url, "code": paper.code_url, "project": paper.project_url}
        link = links.get(kind)
        if not link:
            self.say(f"This paper has no {kind} link.")
            return
        try:
            opening.open_link(link)
        except PaperdeckError:
            self._copy(link, link)
        else:
            self._mark([paper.id], "read", read=True)
            self.say(f"Opened {link}")

    # The rest

    def action_raw(self) -> None:
        self.say("Mathematics as TeX source." if self.detail.toggle_raw() else "Mathematics as readable text.")

    def action_unfold_authors(self) -> None:
        self.detail.unfold_authors()

    def action_refresh(self) -> None:
        self.background.fetch(force=True)

    def action_help(self) -> None:
        from .help import HelpScreen

        self.push_screen(HelpScreen(), self._run_from_help)

    async def _run_from_help(self, action: str | None) -> None:
        if action:
            await self.run_action(action, self.focused if self.focused else self)

    @property
    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)
