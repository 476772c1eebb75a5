"""The app: wires session, screen, context and background work together, and contains no feature."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App
from textual.binding import Binding
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.widgets import Input

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.identifiers import parse_reference

from .context.app_context import AppContext
from .key_queue import Keystrokes, pasted
from .keys import HINTS, action_of, keys_of, spoken_key, with_keys
from .look.text import ASCII, UNICODE
from .look.themes import OWN_THEMES, complaints_about_theme, with_readable_colours
from .panes.arrangement import BREAKPOINTS
from .panes.footline import Hint
from .panes.main_screen import MainScreen
from .run import Failed, RunAction, Tell

if TYPE_CHECKING:
    from paperdeck.storage.fetch.endpoints import Endpoints

    from .background.running import Background
    from .keys import Action
    from .model.changed import Changed
    from .model.session import Session


class AsciiScrollBar(ScrollBarRender):
    """A scroll bar of whole cells."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]


class Reader(App[None]):
    """Browse, star and copy papers in the terminal."""

    TITLE = "paperdeck"
    CSS_PATH = "look/app.tcss"
    ENABLE_COMMAND_PALETTE = False  # we have our own
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS: ClassVar = []

    def __init__(self, session: Session, endpoints: Endpoints, *, offline: bool = False) -> None:
        look = session.settings.look
        self.symbols = ASCII if look.ascii else UNICODE
        """The symbols to draw with."""
        super().__init__()
        self.session, self.endpoints, self.offline = session, endpoints, offline
        self.startup_complaints: list[str] = []
        """Sentences about invalid settings and rules."""
        self.background: Background | None = None
        """The background work; created after the first frame."""
        self.motion = look.motion and self.animation_level != "none"
        """Whether anything on the screen may move by itself."""
        self.animation_level = "none"  # no sliding animation, whatever the setting
        session.open_first_view()
        self.startup_complaints += session.rules.rules.complaints
        self.startup_complaints += complaints_about_theme(session.settings)
        self._apply_look(self._chosen_theme())
        if session.settings.keys:
            self._check_keys()
        own, complaints = self._own_commands()
        self.startup_complaints += complaints
        hints = cache(self._hints)  # the keys are read once, so each place keeps its hints
        self.main = MainScreen(session, self.symbols, hints)
        """The screen with the panes."""
        if own:
            from .keys.own import bind_own

            bind_own(self.main, "main", own)
        self.context = AppContext(self, session, self.main, self.symbols, self._spoken_key, hints, own)
        """The context of actions."""
        self.main.stop_waiting = self.context.stop_waiting
        self._keystrokes = Keystrokes(self, super().on_event, self._is_busy)

    def _is_busy(self) -> bool:
        """Whether the next key waits: for a dialog that an action may open, or for the list that it will act on."""
        if self.context.is_starting:
            return True
        return self.session.results.is_settling and not isinstance(self.focused, Input)

    def _chosen_theme(self) -> str:
        return self.session.library.preference("theme") or self.session.settings.look.theme

    def _apply_look(self, theme: str) -> None:
        """Apply the theme and symbols chosen by the reader."""
        for own in OWN_THEMES:
            self.register_theme(own)
        name = theme if theme in self.available_themes else OWN_THEMES[0].name
        self.set_reactive(App.theme, name)  # the property would parse and apply the whole style sheet once more
        self._refresh_truecolor_filter(self.ansi_theme)  # otherwise the terminal's own colours would be converted
        ScrollBar.renderer = ScrollBarRender if self.symbols is UNICODE else AsciiScrollBar
        self.stylesheet.set_variables(self.get_css_variables())

    def _changed(self, changed: Changed) -> None:
        """Apply the theme set by an undo or another instance."""
        if changed.rules and (name := self._chosen_theme()) in self.available_themes and name != self.theme:
            self.theme = name

    def get_default_screen(self) -> Screen[None]:
        return self.main

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme, and variables for the reader's symbols."""
        variables = with_readable_colours(self.theme, super().get_css_variables()) | self.symbols.style_variables()
        self.theme_variables = variables
        return variables

    def get_key_display(self, binding: Binding) -> str:
        """The name of a key as on keyboards, in the reader's symbols."""
        return self.symbols.keys(super().get_key_display(binding).replace("⏎", "enter"))

    # Keys

    def key_of(self, action_id: str) -> str:
        """The displayed name of an action's first key."""
        keys = keys_of(action_of(action_id), self.session.settings.keys)
        return self.get_key_display(Binding(keys[0], "")) if keys else ""

    def _spoken_key(self, action_id: str) -> str:
        return spoken_key(action_id, self.key_of)

    def _hints(self, place: str) -> tuple[Hint, ...]:
        shown = ((names.split(), does) for names, does in HINTS[place])
        hints = (Hint(" ".join(map(self.key_of, ids)), does, action_of(ids[0]).click) for ids, does in shown)
        return tuple(hint for hint in hints if hint.key.strip())

    def _check_keys(self) -> None:
        """Keep only the valid keys of the settings."""
        from .keys.own import check_keymap

        keys, complaints = check_keymap(self.session.settings.keys)
        self.session.settings = self.session.settings._replace(keys=keys)
        self.startup_complaints += complaints

    def _own_commands(self) -> tuple[list[Action], list[str]]:
        """The reader's own commands as actions; their module is only imported if there are any."""
        settings = self.session.settings
        if not settings.commands:
            return [], []
        from .keys.own import own_actions

        return own_actions(settings.commands, settings.keys)

    def action_run_command(self, number: int) -> None:
        self.context.begin("open.run_command", number)

    def action_run(self, action_id: str) -> None:
        self.context.run_action(action_id)

    async def on_event(self, event: events.Event) -> None:
        """Clean pasted text, queue keys, and record activity."""
        if isinstance(event, events.Paste):
            event.text = pasted(event.text, in_one_line=isinstance(self.focused, Input))
        elif isinstance(event, (events.Key, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)):
            self.session.acted()
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.context.voice.key_pressed()
            if self.background:
                self.background.idle.pressed()
            await self._keystrokes.take(event)
        else:
            await super().on_event(event)

    def on_paste(self, event: events.Paste) -> None:
        """Open the paper whose id or link is pasted where nothing is typed."""
        with suppress(InvalidInput):
            if self.screen is self.main:
                self.context.begin("views.open_paper", parse_reference(event.text).id)

    @on(RunAction)
    def _run(self, event: RunAction) -> None:
        (self.context.begin if event.asked else self.context.run)(event.name, *event.arguments)

    @on(Tell)
    def _tell(self, event: Tell) -> None:
        sentence = with_keys(event.sentence, self.key_of) if event.names_keys else event.sentence
        self.context.say(sentence, severe=event.severe)

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self.context.voice.tell_failures(event.errors, event.action)

    @on(events.DescendantFocus)
    def _stop_blinking(self, event: events.DescendantFocus) -> None:
        """Stop the text cursor from blinking if motion is off."""
        if not self.motion and getattr(event.widget, "cursor_blink", False):
            setattr(event.widget, "cursor_blink", False)  # noqa: B010  (an input or an editor)

    def action_help_quit(self) -> None:
        """Explain how to quit, after ctrl+c."""
        self.context.say(f"{self._spoken_key('quit')} in the list quits; everything is saved already.")

    def action_suspend_process(self) -> None:
        """Suspend to the shell, if it has job control."""
        from .job_control import has_job_control

        if has_job_control():
            super().action_suspend_process()
        else:
            self.context.say(f"There is no shell with job control to return to; {self._spoken_key('quit')} quits.")

    # Start and end

    def on_mount(self) -> None:
        self.session.publisher.deliver = _in_this_thread()
        self.session.publisher.listen(self._changed)
        if keymap := self.session.settings.keys:
            from .keys.own import for_textual

            self.set_keymap(for_textual(keymap))
        self.app_resume_signal.subscribe(self, lambda _: self.refresh())  # Textual paints nothing after `fg`
        self.call_after_refresh(self._start_background)

    def _start_background(self) -> None:
        from .background.running import Background

        context = self.context
        self.background = Background(
            self.session,
            self.endpoints,
            self.post_message,
            run=context.in_background,
            refresh=context.refresh,
            show_waits=context.sources.show_waits,
        )
        context.sources.syncing = self.background.syncing
        self.background.start(self.set_interval, offline=self.offline)
        if len(self.startup_complaints) > 1:
            self.context.show_page("Problems in the settings", "\n".join(self.startup_complaints))
        elif self.startup_complaints:
            self.context.say(self.startup_complaints[0], severe=True)
        elif self.session.wants_welcome:
            self.context.welcome(offline=self.offline)
        elif self.offline:
            self.background.syncing.tell_shelf()

    async def on_unmount(self) -> None:
        self.session.visits.note()
        if self.background:
            await self.background.close()
        self.session.papers.close()


def _in_this_thread() -> Callable[[Callable[[], None]], None]:
    """A function that runs calls from any thread in the current one, without waiting for them.

    Textual's `call_from_thread` waits, and would wait forever in a thread that outlives the app.
    """
    loop, here = asyncio.get_running_loop(), threading.get_ident()

    def deliver(call: Callable[[], None]) -> None:
        if threading.get_ident() == here:
            call()
        else:
            with suppress(RuntimeError):  # the app has ended
                loop.call_soon_threadsafe(call)

    return deliver
