"""The app: it builds the screen, owns the session, and puts the parts together."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender

from paperdeck.storage.text.clean import clean_text
from paperdeck.tui.look.symbols import ASCII, UNICODE, AsciiScrollBar
from paperdeck.tui.look.themes import OURS, with_readable_colours
from paperdeck.tui.panes.line_list import LineList
from paperdeck.tui.panes.line_view import LineView

from .downloading import Downloading
from .key_queue import Keystrokes
from .keys.old import APP_KEYS, BY_ID, check_keymap
from .layout import MEDIUM, WIDE

if TYPE_CHECKING:
    from textual.binding import BindingType

    from paperdeck.storage.fetch.endpoints import Endpoints
    from paperdeck.storage.settings.settings import Places
    from paperdeck.tui.model.session import Session

BREAKPOINTS = [(0, "-narrow"), (MEDIUM, "-medium"), (WIDE, "-wide")]
"""Columns from which on there is room for one pane, two, three."""


class Reader(Downloading):
    """Browse, star and copy papers in the terminal."""

    TITLE = "paperdeck"
    CSS_PATH = "look/app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = APP_KEYS
    ENABLE_COMMAND_PALETTE = False  # we have our own
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS

    def __init__(self, session: Session, places: Places, endpoints: Endpoints, *, offline: bool = False) -> None:
        """A reader.

        Args:
            session: What is known and done behind the screen; its first view is opened here.
            places: Where files are.
            endpoints: Where the sources are.
            offline: Whether nothing is fetched unless the reader asks for it.
        """
        super().__init__()
        self.session = session
        self.places = places
        self.endpoints = endpoints
        self.offline = offline
        self._keystrokes = Keystrokes(self, super().on_event)
        self.startup_complaints: list[str] = []
        self.motion = session.settings.look.motion and self.animation_level != "none"
        self.animation_level = "none"  # nothing slides, whatever the setting: a page is there at once
        self._dress()
        self._first_ids = session.open_first_view()
        self.view = session.day_view()

    def get_default_screen(self) -> Screen[None]:
        """The screen with the panes; its name keeps the style sheet's layout off the dialogs.

        It gets its classes and columns before it is mounted, as each change later is a layout and a painting more.
        """
        width = next(name for least, name in reversed(BREAKPOINTS) if self.terminal_width >= least)
        screen: Screen[None] = Screen(id="main", classes=f"-at-list {width}")
        screen.styles.grid_columns = self.columns_for(screen)
        return screen

    def compose(self) -> ComposeResult:
        yield from (self.headline, self.filters, self.filter_box, self.detail, self.papers, self.footline)

    def on_mount(self) -> None:
        self.event_loop = asyncio.get_running_loop()
        keymap, complaints = check_keymap(self.session.settings.keys)
        self.set_keymap(keymap)
        self.startup_complaints += complaints
        self.papers.today = self.session.today
        self.papers.followed = self.session.is_followed
        self.show_hints("list")
        self.papers.show(self._first_ids)
        self.papers.focus()
        self._show_views()
        self.update_headline()
        self.app_resume_signal.subscribe(self, lambda _: self.refresh())  # Textual paints nothing after `fg`
        self.call_after_refresh(self._start_background)

    async def on_event(self, event: events.Event) -> None:
        """Clean what is pasted, as all text from elsewhere; an input would write it to the terminal as it is."""
        if isinstance(event, events.Paste):
            event.text = clean_text(event.text)
        elif isinstance(event, events.Key):
            self.notices_read()
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._keystrokes.take(event)
        else:
            await super().on_event(event)

    @on(events.DescendantFocus)
    def _keep_still(self, event: events.DescendantFocus) -> None:
        """Keep the cursor of whatever is typed into from blinking, if nothing is to move by itself."""
        if not self.motion and getattr(event.widget, "cursor_blink", False):
            setattr(event.widget, "cursor_blink", False)  # noqa: B010  (an input, or an editor)

    def _dress(self) -> None:
        """Put on the theme and the signs that the reader chose."""
        for theme in OURS:
            self.register_theme(theme)
        look = self.session.settings.look
        chosen = (self.session.library.preference("theme"), look.theme)
        name = next((theme for theme in chosen if theme in self.available_themes), OURS[0].name)
        self.set_reactive(App.theme, name)  # set as usual, it would parse and apply the whole style sheet once more
        self._refresh_truecolor_filter(self.ansi_theme)  # else the terminal's own colours would be made into others
        self.symbols = ASCII if look.ascii else UNICODE
        self.papers.symbols = self.filters.symbols = self.detail.symbols = self.symbols
        ScrollBar.renderer = AsciiScrollBar if look.ascii else ScrollBarRender
        self.stylesheet.set_variables(self.get_css_variables())

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme, and what the signs that the reader chose are drawn with."""
        variables = with_readable_colours(self.theme, super().get_css_variables()) | self.symbols.style_variables()
        self.theme_variables = variables
        return variables

    def get_key_display(self, binding: Binding) -> str:
        """The name of a key as it stands on keyboards, with the signs that the reader chose."""
        return self.symbols.keys(super().get_key_display(binding).replace("⏎", "enter"))

    def _start_background(self) -> None:
        from .background import Background

        self.background = Background(self)
        self.background.start()
        if len(self.startup_complaints) > 1:
            from paperdeck.tui.dialogs.text import TextScreen

            complaints = self.symbols.words("\n".join(self.startup_complaints))
            self.push_screen(TextScreen("What is wrong in the settings", complaints))
        elif self.startup_complaints:
            self.say(self.startup_complaints[0], severe=True)
        elif self.session.shelf_shown and self.offline:
            self.background.tell_shelf()

    async def on_unmount(self) -> None:
        self.session.leave()
        if self.background:
            await self.background.close()

    # Help and palette

    def action_help(self) -> None:
        from paperdeck.tui.dialogs.picker import Choice, Picker

        pane = self.focused.BINDINGS if isinstance(self.focused, LineView) else LineList.BINDINGS
        bindings = [binding for binding in (*APP_KEYS, *pane) if isinstance(binding, Binding) and binding.tooltip]
        choices = [Choice(item.action, item.tooltip, self._shown_keys(item)) for item in bindings]
        self.push_screen(Picker("Keys", choices, hint="find a key by what it does; enter runs it"), self._run_chosen)

    def _shown_keys(self, binding: Binding) -> str:
        keys = self.session.settings.keys.get(binding.id or "", binding.key)
        return " ".join(self.get_key_display(Binding(key.strip(), "")) for key in keys.split(","))

    async def _run_chosen(self, action: str | None) -> None:
        ours = any(action == item.action for item in BY_ID.values())
        if action:
            await self.run_action(action, self if ours else self.focused)

    def action_command_palette(self) -> None:
        from paperdeck.tui.dialogs.palette import Palette, papers_titled
        from paperdeck.tui.dialogs.picker import Choice

        bindings = [item for item in BY_ID.values() if not item.action.startswith("view(")]
        choices = [Choice(f"action {item.action}", item.tooltip, self._shown_keys(item)) for item in bindings]
        for number, view in enumerate([*self.session.views(), *self._side_views], 1):
            choices.append(Choice(f"view {view.key}", view.title, str(number) if number < 10 else "", "view"))
        choices += [Choice(f"theme {name}", name, more="theme") for name in self._theme_names()]
        self.push_screen(Palette(choices, partial(papers_titled, self.session)), self._run_found)

    async def _run_found(self, found: str | None) -> None:
        """Do what was chosen in the palette, or go there."""
        kind, _, name = (found or "").partition(" ")
        if kind == "action":
            await self._run_chosen(name)
        elif kind == "theme":
            self._keep_theme(name, self.theme)
        elif kind == "paper":
            self.show_paper(name)
        elif kind == "view":
            self.choose_view(next(view for view in [*self.session.views(), *self._side_views] if view.key == name))

    def action_theme(self) -> None:
        from paperdeck.tui.dialogs.picker import Choice, Picker

        before = self.theme
        choices = [Choice(name, name, self.symbols.selected if name == before else "") for name in self._theme_names()]
        hint = "type to find, enter keeps it, escape goes back"
        picker = Picker("Theme", choices, hint=hint, preview=self._try_theme, first=before)
        self.push_screen(picker, lambda name: self._keep_theme(name, before))

    def _theme_names(self) -> list[str]:
        """All themes, our own first."""
        return sorted(self.available_themes, key=lambda name: (not name.startswith("paperdeck"), name))

    def _try_theme(self, name: str) -> str:
        self.theme = name
        return ""

    def _keep_theme(self, name: str | None, before: str) -> None:
        self.theme = name or before
        if name:
            with self.telling_errors():
                self.session.library.set_preference("theme", name)

    def action_suspend_process(self) -> None:
        """Go back to the shell, if there is one that takes us back."""
        from .job_control import has_job_control

        if has_job_control():
            super().action_suspend_process()
        else:
            self.say("No shell with job control is here to go back to; q quits.")

    # Fetching

    def action_refresh(self) -> None:
        if self.background:
            self.background.refresh(asked=True)

    def action_stop_fetching(self) -> None:
        if self.background:
            self.background.stop_fetching()

    def action_search_hub(self) -> None:
        if self.background:
            self.background.search(self.filter_text)
