"""The main screen: its panes, their focus and widths, and whatever follows the cursor."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Input

from paperdeck.storage.search.query import hub_words
from paperdeck.storage.text.words import count_of
from paperdeck.tui.keys import bindings
from paperdeck.tui.model.changed import Changed, ListChange
from paperdeck.tui.model.views import VISIT
from paperdeck.tui.run import RunAction

from .arrangement import BREAKPOINTS, Arrangement
from .cursor_follower import CursorFollower
from .detail import Detail
from .filter_box import FilterBox
from .footline import Footline, Hint
from .headline import Headline
from .paper_list import PaperList
from .views_pane import ViewsPane

if TYPE_CHECKING:
    from paperdeck.tui.look.text import Symbols
    from paperdeck.tui.model.session import Session

PANES = ("views", "list", "detail")
"""The panes by their names in the style sheet, from left to right."""


class MainScreen(Screen[None]):
    """The views pane, the list with its filter box, and the paper, between the top line and the bottom line."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("main")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#list"

    def __init__(self, session: Session, symbols: Symbols, hints: Callable[[str], tuple[Hint, ...]]) -> None:
        """Its classes and columns are set before it is mounted, as each later change costs a layout and a repaint."""
        self.arrangement = Arrangement(session.places.state / "layout.json", session.settings.look.density)
        super().__init__(id="main", classes=f"-at-list {self.arrangement.size_class}")
        self._session, self._hints = session, hints
        self.stop_waiting: Callable[[], bool] = lambda: False
        """Stops the work that the reader is waiting for. Returns False if there is none."""
        self.headline = Headline()
        self.views_pane = ViewsPane(session)
        self.filter_box = FilterBox(session)
        self.papers = PaperList(session, self.arrangement.lines)
        self.detail = Detail()
        self.footline = Footline()
        self.views_pane.symbols = self.papers.symbols = self.detail.symbols = symbols
        self.follower = CursorFollower(session, self.papers, self.detail, self._may_rest)
        self._columns = self.arrangement.columns(at_views=False)
        self.styles.grid_columns = self._columns
        self._dragging = False

    def compose(self) -> ComposeResult:
        yield from (self.headline, self.views_pane, self.filter_box, self.detail, self.papers, self.footline)

    def on_mount(self) -> None:
        session = self._session
        session.results.where, session.results.painted = self.papers.where, self.papers.painted
        session.publisher.listen(self.changed)
        self.show_hints()
        self.papers.show(session.results.ids)
        self.views_pane.show_coverage()
        self.show_headline()

    def current_papers(self) -> list[str]:
        """The papers for an action: the selection, else the one under the cursor."""
        papers = self.papers
        rows = papers.selected() if papers.selection else [papers.current] if papers.current else []
        return list(self._session.results.view.papers_in(rows))

    # Changes of the model

    def changed(self, changed: Changed) -> None:
        """Repaint the parts that a change affects."""
        if not self.papers.is_attached:
            return
        if changed.query:
            self._find()
        if changed.offers:
            self.papers.cover()
            self.show_hints()
            self.footline.complaint = self.filter_box.complaint
        if changed.results:
            self._show_results(changed.results)
        if changed.marks or changed.papers:
            self.papers.refresh_papers(touched := changed.marks | changed.papers)
            if self.papers.current in touched:
                self.follower.show()
        if changed.taste:
            self.papers.rows_changed()
            self.follower.show()
        if changed.library or changed.rules or changed.back:
            self._follow_library(rules=changed.rules)
        if changed.days:
            self.views_pane.show_coverage()
        elif changed.counts or changed.rules:
            self.views_pane.show()
        if changed.marks or changed.rules or changed.library or changed.results or changed.taste:
            self._count()
        if changed.counts:
            self.follower.show_empty_message()
        if changed.counts or changed.results:
            self.show_hints()
        self.show_headline()

    def _find(self) -> None:
        results = self._session.results
        self.filter_box.show()
        self.footline.complaint = self.filter_box.complaint
        if results.wrong:
            self.papers.rows_changed()  # other words are highlighted
            self.follower.show()
            return
        self.workers.cancel_group(self, "count")  # it starts again with the new list
        self._search(results.find)

    def _show_results(self, change: ListChange) -> None:
        results = self._session.results
        if change is ListChange.COMPLETED:
            self.papers.complete(results.ids)
        elif change is ListChange.MERGED:
            self.papers.replace_anchored(results.ids)
        else:
            self.papers.show(results.ids, current=results.place[0], offset=results.place[1])

    def _follow_library(self, *, rules: bool) -> None:
        """Update the list after papers or rules changed, without a jump."""
        if rules:
            self.papers.rows_changed()
        session, shown = self._session, self._session.results.view
        if session.follow_library():
            self._search(session.results.refresh)
        elif session.results.view.key != shown.key and not session.views.by_key(shown.key):
            self.footline.say(f"The view “{shown.title}” is gone; this is “{session.results.view.title}”.")

    @work(group="find", exclusive=True)
    async def _search(self, search: Callable[[], Awaitable[None]]) -> None:
        await search()

    @work(group="count", exclusive=True)
    async def _count(self) -> None:
        await self._session.counts.count()

    def show_headline(self) -> None:
        """Update the top line: the view, its counts, and the state of fetching."""
        self.headline.show(self._session, self.papers.selected_papers)

    # Panes

    def focus_pane(self, name: str) -> None:
        """Focus a pane, and make it as wide as it needs to be."""
        self.update_classes(_classes_at(name), animate=False)
        self.set_focus({"views": self.views_pane, "list": self.papers, "detail": self.detail}[name])
        if name == "views":
            self.views_pane.go_to_current()
        self.set_columns()

    def on_descendant_focus(self) -> None:
        self.update_classes(_classes_at(self.pane), animate=False)
        self.show_hints()
        self.follower.rest()
        self.follower.show_empty_message()

    @property
    def pane(self) -> str:
        """The pane that has the focus; the filter box belongs to the list."""
        if self.focused is self.detail:
            return "detail"
        return "views" if self.focused is self.views_pane else "list"

    def show_hints(self) -> None:
        """Show the most useful keys of the focused pane, or for the selected papers."""
        place, selected = self.pane, self.papers.selected_papers
        place = _list_hints(self._session) if place == "list" else place
        if self.focused is self.filter_box:
            place, selected = _filter_hints(self._session), 0
        self.footline.about = f"{selected:,} selected" if selected else ""
        self.footline.hints = self._hints("selection" if selected else place)

    def set_columns(self) -> None:
        columns = self.arrangement.columns(at_views=self.has_class("-at-views"))
        if columns != self._columns:  # otherwise every resize would cost two layouts
            self._columns = columns
            self.styles.grid_columns = columns

    def _may_rest(self) -> bool:
        """Whether the list or the paper has the focus, and nothing covers them."""
        return self.app.app_focus and self.app.screen is self and self.focused in (self.papers, self.detail)

    # Actions of the screen

    def action_pane(self, step: int) -> None:
        if self.focused is self.filter_box and step > 0 and self.filter_box.complete():
            return
        self.focus_pane(PANES[(PANES.index(self.pane) + step) % len(PANES)])

    def action_filter(self) -> None:
        if self.focused is not self.filter_box:
            self.focus_pane("list")
            self.set_focus(self.filter_box)

    def action_recall(self, step: int) -> None:
        self.action_filter()
        self.filter_box.recall(step)

    def action_back(self) -> None:
        if self.stop_waiting() or (self._session.completing.chosen is not None and self._session.completing.close()):
            return
        if self.pane == "list" and self.papers.selection and self.focused is not self.filter_box:
            self.select(())
            self.papers.chosen.end()  # also those that the filter hides
        elif self.pane == "list":
            results = self._session.results
            if results.text and not results.filter_set_by_key:
                results.set_filter("")
            else:
                results.go_back()
        self.focus_pane("list")

    def action_read(self) -> None:
        if self.focused is self.filter_box:
            self.focus_pane("list")
        elif self.focused is self.views_pane:
            if view := self.views_pane.highlighted:
                self.post_message(RunAction("views.choose_view", view))
        elif self.papers.current in self._session.results.view.folds:
            self.post_message(RunAction("lists.open_topic", self.papers.current))
        elif current := self.papers.current:
            self.post_message(RunAction("marks.set_read", current))
            self.focus_pane("detail")

    def action_page_or_next(self) -> None:
        if not self.detail.page_down():
            self.action_unread(1)

    def action_unread(self, step: int) -> None:
        wanted = self._session.results.wanted
        place = self._session.finder.next_unread(wanted, self.papers.ids, self.papers.cursor, step)
        if place is not None:
            self.papers.move_cursor(place)
        else:
            self.footline.say("No unread paper further on." if step > 0 else "No unread paper further up.")

    def action_select(self, what: str) -> None:
        {"one": self.papers.toggle_selected, "range": self.papers.select_range}[what]()
        self.show_hints()
        self.show_headline()

    def select(self, rows: Collection[str]) -> None:
        """Select exactly these rows of the list, or none if they are selected already."""
        if rows or self.papers.selection:
            self.papers.select(() if self.papers.selection == set(rows) else rows)
            self.show_hints()
            self.show_headline()

    def action_raw(self) -> None:
        self.footline.say("Mathematics as TeX source." if self.detail.toggle_raw() else "Mathematics as readable text.")

    def action_arrange(self, what: str, more: int) -> None:
        """Give the list more of the screen (`percent`), or each paper more lines (`lines`); or less."""
        arrangement = self.arrangement
        if what == "percent":
            arrangement.percent += more
            self.set_columns()
        else:
            arrangement.lines += more
            self.papers.set_lines(arrangement.lines)
            self.footline.say(f"{count_of(arrangement.lines, 'line')} for each paper.")
        arrangement.remember()

    # Events

    @on(Input.Submitted, "#filter-box")
    def _filter_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_pane("list")

    @on(PaperList.Highlighted)
    def _paper_highlighted(self) -> None:
        self.follower.moved()

    @on(PaperList.Opened)
    def _paper_opened(self) -> None:
        self.action_read()

    def on_resize(self, event: events.Resize) -> None:
        self.arrangement.width = event.size.width
        self.set_columns()
        if self.papers.row_height != self.arrangement.lines:
            self.papers.set_lines(self.arrangement.lines)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        on_border = event.screen_x in (self.detail.region.x, self.detail.region.x - 1)
        self._dragging = bool(self.detail.display and self.papers.display and on_border)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragging:
            left, right = self.papers.region.x, self.detail.region.right
            self.arrangement.percent = round(100 * (event.screen_x - left) / max(1, right - left))
            self.set_columns()

    def on_mouse_up(self) -> None:
        if self._dragging:
            self._dragging = False
            self.arrangement.remember()


def _filter_hints(session: Session) -> str:
    """The name of the hints for the filter box. A filter without words offers no search of the Hub."""
    if session.completing.offers:
        return "completing"
    text = session.results.text
    return "filter" if not text.strip() or hub_words(text) else "filter without words"


def _list_hints(session: Session) -> str:
    """The name of the hints for the list. While papers that arrived since the last visit are unread, the hints include
    the key that marks them read, or the one that goes to them."""
    if session.results.complete and not session.results.ids:
        return "no papers"
    if not session.counts.unread.get(VISIT.key):
        return "list"
    return "new papers" if session.results.view.key == VISIT.key else "new papers elsewhere"


def _classes_at(name: str) -> dict[str, bool]:
    """The classes that tell the style rules which pane is in use; changed at once, as each change costs."""
    return {f"-at-{pane}": pane == name for pane in PANES}
