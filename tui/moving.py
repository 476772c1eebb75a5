"""Going about: panes, views, days, unread papers, the filter box."""

from __future__ import annotations

from datetime import date

from textual import events, on
from textual.binding import Binding
from textual.widgets import Input

from paperdeck.storage.search.dates import start_of
from paperdeck.storage.search.query import field_query
from paperdeck.tui.look.cells import count_of
from paperdeck.tui.model.facets import has_facet, with_facet, without_facet
from paperdeck.tui.model.views import ALL, View
from paperdeck.tui.panes.coverage import day_at
from paperdeck.tui.panes.line_list import LineList
from paperdeck.tui.panes.status import Hint

from .keys.old import BY_ID, HINTS
from .listing import Listing

PANES = ("filters", "list", "detail")
STRETCHES = (
    ("30d", "the last 30 days"),
    ("3m", "the last 3 months"),
    ("this-year", "this year"),
    ("last-year", "last year, and this one"),
    ("2023-05", "everything since May 2023"),
)
"""How far back to fetch, as `since:` of a query says it, and in words."""


class Moving(Listing):
    """The actions that only change what is looked at."""

    # Panes

    def action_pane(self, step: int) -> None:
        self.focus_pane(PANES[(PANES.index(self._pane()) + step) % len(PANES)])

    def focus_pane(self, name: str) -> None:
        """Give the focus to a pane, showing it if there is no room for all."""
        for pane in PANES:
            self.main_screen.set_class(pane == name, f"-at-{pane}")
        self.main_screen.set_focus(self.main_screen.query_one(f"#{name}"))

    def on_descendant_focus(self) -> None:
        if self.screen is not self.main_screen:
            return
        pane = self._pane()
        for name in PANES:
            self.screen.set_class(name == pane, f"-at-{name}")
        self.show_hints("filter" if self.focused is self.filter_box else pane)

    def show_hints(self, place: str) -> None:
        """Show the keys that matter at a place, as the reader set them."""
        self.footline.hints = tuple(
            Hint(self.key_of(name), does, f"app.{BY_ID[name].action}") for name, does in HINTS[place]
        )

    def key_of(self, name: str) -> str:
        """The first key of an action as it is written."""
        keys = self.session.settings.keys.get(name, BY_ID[name].key)
        return self.get_key_display(Binding(keys.partition(",")[0].strip(), ""))

    def _pane(self) -> str:
        if self.focused is self.detail:
            return "detail"
        return "filters" if self.focused is self.filters else "list"

    async def action_back(self) -> None:
        if self.background and self.background.stop_asking():
            return
        at_list = self._pane() == "list"
        if at_list and self.papers.selection and self.focused is not self.filter_box:
            self.papers.select(())
            self.update_headline()
        elif at_list and self.filter_text:
            self.set_filter("")
        self.focus_pane("list")

    # Papers

    def action_read(self) -> None:
        if self.focused is self.filter_box:
            self.focus_pane("list")
        elif self.focused is self.filters:
            if view := self.filters.highlighted:
                self.choose_view(view)
        elif current := self.papers.current:
            self.mark(lambda: self.session.mark([current], "read", read=True))
            self.focus_pane("detail")

    def action_page_or_next(self) -> None:
        if not self.detail.page_down():
            self.action_unread(1)

    def action_unread(self, step: int) -> None:
        ids = self.papers.ids
        index = self.papers.cursor + step
        while 0 <= index < len(ids):
            if not self.session.marks(ids[index]).read:
                self.papers.move_cursor(index)
                return
            index += step
        self.say("No unread paper further on." if step > 0 else "No unread paper further up.")

    @on(LineList.Chosen, "#list")
    def _paper_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        if event.again:
            self.action_read()

    # Views and days

    def choose_view(self, view: View) -> None:
        """Act on a line of the filter pane: a view is shown, a facet narrows the list or frees it again."""
        if view.narrows:
            change = without_facet if has_facet(self.filter_text, view.query) else with_facet
            with self.telling_errors():
                self.set_filter(change(self.filter_text, view.query))
            return
        if view.key == self.view.key and self.session.day:  # the day that is shown already: back to the newest one
            self.session.day = None
            view = self.session.day_view()
        if view.key == "trending" and self.background:
            self.background.ask_trending()
        self.show_view(view)
        self.focus_pane("list")

    @on(LineList.Chosen, "#filters")
    def _view_chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        if view := self.filters.view_at(event.index):
            self.choose_view(view)

    def action_view(self, number: int) -> None:
        if view := self.session.view_of_key(number):
            self.choose_view(view)

    def action_day(self, step: int) -> None:
        day = self.session.neighbour_day(step)
        if day is None:
            self.say("No earlier day is in the library; R fetches more." if step < 0 else "This is the newest day.")
        else:
            self.go_to_day(day.isoformat())

    def on_click(self, event: events.Click) -> None:
        """A click on a sign of the coverage strip of Daily Papers goes to its day."""
        pane = self.filters.region
        if self.screen is not self.main_screen or not pane.contains(event.screen_x, event.screen_y):
            return
        line = event.screen_y - pane.y + self.filters.scroll_offset.y
        above = self.filters.row_count() - len(self._coverage()) + 2  # an empty line and the heading
        day = day_at(line - above, event.screen_x - pane.x - 1, self.session.today)
        if day:
            self._go_to_sign(day)

    def _go_to_sign(self, day: date) -> None:
        record = self.session.library.day("hf", day)
        if record and record.ids:
            self.go_to_day(day.isoformat())
        else:
            asked = "Nothing was listed on" if record and record.state == "empty" else "Nothing is here yet of"
            self.say(f"{asked} {day:%a} {day.day} {day:%b}.")

    def action_pick_day(self) -> None:
        from paperdeck.tui.dialogs.picker import Choice, Picker

        choices = [
            Choice(day.isoformat(), f"{day:%a} {day.day:>2} {day:%b %Y}", more=count_of(number, "paper"))
            for day, number in self.session.days_with_counts()
        ]
        self.push_screen(Picker("Go to a day", choices, hint="a part of the date, such as 2026-11"), self.go_to_day)

    def go_to_day(self, iso_day: str | None) -> None:
        """Show the papers of a day."""
        if iso_day:
            self.session.go_to_day(iso_day)
            self.show_view(self.session.day_view())
            self.focus_pane("list")

    def action_pick_history(self) -> None:
        """Let the reader choose from which day on to fetch."""
        from paperdeck.tui.dialogs.picker import Choice, Picker

        choices = [Choice(since, text) for since, text in STRETCHES]
        hint = "a stretch, or a day such as 2025-01-01"
        self.push_screen(Picker("Fetch the papers of", choices, hint=hint, free=self._since_words), self._fetch_since)

    def _since_words(self, typed: str) -> str:
        try:
            day = start_of(typed, self.session.today)
        except ValueError:
            return ""
        return f"every day since {day.day} {day:%b %Y}"

    def _fetch_since(self, since: str | None) -> None:
        if since and self.background:
            self.background.fetch_history(start_of(since, self.session.today))

    def action_next_order(self) -> None:
        order = self.session.next_order()
        self.find()
        if self.session.sort.key == "foryou" and not self.session.has_taste():
            self.say("Sorted by your taste, of which nothing is known yet: star papers with s.")
        else:
            self.say(f"Sorted by {order}.")

    # The filter box

    def action_filter(self) -> None:
        self.focus_pane("list")
        self.main_screen.set_focus(self.filter_box)

    @on(Input.Submitted, "#filter-box")
    def _filter_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_pane("list")

    # More of the same

    def action_more_like(self) -> None:
        from paperdeck.tui.dialogs.picker import Choice, Picker

        entry = self.current_entry()
        if entry:
            paper = entry.paper
            named = [("author", name) for name in paper.authors] + [("keyword", name) for name in paper.keywords]
            if paper.organization:
                named.insert(0, ("org", paper.organization))
            kinds = {"org": "organization"}
            choices = [Choice(str(field_query(kind, name)), name, more=kinds.get(kind, kind)) for kind, name in named]
            self.push_screen(Picker("Show all papers by or about", choices), self._show_query)

    def action_by_author(self, number: int) -> None:
        """Show the papers of the author with this number."""
        if (entry := self.current_entry()) and number < len(entry.paper.authors):
            self._show_query(str(field_query("author", entry.paper.authors[number])))

    def action_by_keyword(self, number: int) -> None:
        """Show the papers with the keyword with this number."""
        if (entry := self.current_entry()) and number < len(entry.paper.keywords):
            self._show_query(str(field_query("keyword", entry.paper.keywords[number])))

    def show_paper(self, paper_id: str) -> None:
        """Show one paper, wherever it is."""
        self._show_query(paper_id)

    def _show_query(self, query: str | None) -> None:
        """Show all papers that match a query."""
        if query:
            self.show_view(ALL)
            self.set_filter(query)
            self.focus_pane("list")

    # The rest

    def action_raw(self) -> None:
        self.say("Mathematics as TeX source." if self.detail.toggle_raw() else "Mathematics as readable text.")

    def action_unfold_authors(self) -> None:
        self.detail.unfold_authors()
