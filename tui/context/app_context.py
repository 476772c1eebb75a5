"""The context of actions in the running app: session, current paper, dialogs, desktop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Collection, Sequence
from contextvars import ContextVar
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from paperdeck.storage.errors import NoteChanged
from paperdeck.tui.keys import action_of
from paperdeck.tui.run import Work

from .programs import Programs
from .sources import Sources
from .texts import Texts
from .voice import Voice, running

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from paperdeck.storage.digest.digest import Digest
    from paperdeck.storage.paper import Entry
    from paperdeck.tui.keys import Action
    from paperdeck.tui.look.text import Symbols
    from paperdeck.tui.model.choice import Accept, Choice
    from paperdeck.tui.model.drafts import Draft, KeepNote
    from paperdeck.tui.model.session import Session
    from paperdeck.tui.model.views import View
    from paperdeck.tui.panes.footline import Hint
    from paperdeck.tui.panes.main_screen import MainScreen

_this_run: ContextVar[object] = ContextVar("the run of the action that asks", default=None)


class AppContext:
    """The context of the running app; see `actions.context.Context`."""

    def __init__(
        self,
        app: App[None],
        session: Session,
        main: MainScreen,
        symbols: Symbols,
        key_of: Callable[[str], str],
        hints: Callable[[str], tuple[Hint, ...]],
        own: Sequence[Action],
    ) -> None:
        self._app, self._main, self._hints = app, main, hints
        self.session, self.symbols, self.key_of = session, symbols, key_of
        self.voice = Voice(app, main, symbols, session.publisher, key_of)
        self.say, self.clear = self.voice.say, self.voice.clear
        self.sources = Sources(app, self, self.voice.show_waiting)
        self.fetcher, self.refresh = self.sources.fetcher, self.sources.refresh
        self.fetch_history, self.stop_fetching = self.sources.fetch_history, self.sources.stop_fetching
        programs = Programs(app, session.settings.open)
        self.run_program, self.edit_settings = programs.run, programs.edit_settings
        self.open_link, self.open_file = programs.open_link, programs.open_file
        self._own = own
        texts = Texts(app, self, hints, own)
        self.show_full_text, self.show_discussion = texts.show_full_text, texts.show_discussion
        self._starting: set[object] = set()
        self.asking = 0
        """The number of actions waiting for the reader's answer."""

    # Running actions

    def run_action(self, action_id: str) -> None:
        """Run an action by its id; if it fails, the message names its key to try again."""
        token = running.set(f"{{{action_id}}}")
        try:
            self.begin(action_of(action_id).run)
        finally:
            running.reset(token)

    def begin(self, name: str, *arguments: object) -> None:
        """Run the function of an action that the reader asked for, by a key, a click or a paste."""
        if name != action_of("undo").run:  # an offered deed must be named again before it is undone
            self.session.deeds.withdraw()
        with self.voice.deed():
            self.run(name, *arguments)

    def run(self, name: str, *arguments: object) -> None:
        """Run the function of an action and show its errors. An async one runs in the background."""
        function = partial(function_of(name), self, *arguments)
        if not inspect.iscoroutinefunction(function):
            with self.voice.telling():
                function()
            return
        self.in_background(partial(self._run, function), name)

    async def _run(self, function: Work) -> None:
        run = object()
        self._starting.add(run)
        _this_run.set(run)
        try:
            await function()
        finally:
            self._starting.discard(run)

    @property
    def is_starting(self) -> bool:
        """Whether a running action has not yet opened a dialog, so the next key should wait."""
        return bool(self._starting)

    def in_background(self, work: Work, kind: str, *, alone: bool = False, awaits: str = "", again: str = "") -> None:
        # a coroutine function rather than a coroutine, so that work that is cancelled early never starts
        reporting = cast(Callable[[], None], partial(self._reporting, work, again or running.get()))
        self._app.run_worker(reporting, group=kind, exclusive=alone)
        if awaits:
            self.sources.wait_for(awaits, kind)

    async def _reporting(self, work: Work, again: str) -> None:
        with self.voice.telling(again):
            await work()

    def stop_waiting(self) -> bool:
        """Stop the work that the reader is waiting for; False if there is none."""
        return self.stop_fetching(everything=False)

    # The paper

    def _front(self) -> Screen[Any]:
        """The front screen that isn't a dialog."""
        stack = self._app.screen_stack
        if len(stack) == 1:
            return stack[0]
        from paperdeck.tui.dialogs.dialog import Dialog

        return next(screen for screen in reversed(stack) if not isinstance(screen, Dialog))

    def current(self) -> str | None:
        if self._front() is self._main:
            return self._main.papers.current
        ids = self.targets()
        return ids[0] if ids else None

    def targets(self) -> list[str]:
        current_papers: Callable[[], list[str]] = getattr(self._front(), "current_papers", list)
        return current_papers()

    def selected(self) -> bool:
        return self._front() is self._main and bool(self._main.papers.selection)

    def select(self, rows: Collection[str]) -> None:
        if self._front() is self._main:
            self._main.select(rows)

    @property
    def on_main_screen(self) -> bool:
        return self._app.screen is self._main

    def highlighted_view(self) -> View | None:
        return self._main.views_pane.highlighted if self._main.pane == "views" else None

    # Dialogs

    async def _ask(self, screen: Screen[str | None]) -> str | None:
        self.asking += 1
        try:
            answered = self._app.push_screen(screen, wait_for_dismiss=True)
            self._starting.discard(_this_run.get())
            return await asyncio.shield(answered)  # a dialog can still be closed after its action was cancelled
        finally:
            self.asking -= 1

    async def choose(self, title: str, choices: Sequence[Choice], **options: Any) -> str | None:
        from paperdeck.tui.dialogs.picker import Picker

        return await self._ask(Picker(title, choices, **options))

    async def prompt(
        self, title: str, value: str = "", hint: str = "", accept: Accept | None = None, *, proposal: str = ""
    ) -> str | None:
        from paperdeck.tui.dialogs.prompt import Prompt

        return await self._ask(Prompt(title, value, hint, accept, proposal=proposal))

    def _draft(self, entry: Entry) -> Draft:
        from paperdeck.tui.model.drafts import open_draft

        return open_draft(self.session.drafts, entry.paper.id, entry.marks.note)

    def write_note(self, entry: Entry, keep: KeepNote) -> None:
        from paperdeck.tui.dialogs.note import NoteScreen

        title = f"Note on {entry.paper.title}"
        self._app.push_screen(NoteScreen(title, entry.marks.note, keep, self._draft(entry)))

    def edit_elsewhere(self, entry: Entry, keep: KeepNote) -> None:
        from paperdeck.tui.editor import edit
        from paperdeck.tui.model.drafts import keep_edited

        try:
            keep_edited(self._draft(entry), lambda file: edit(file, self._app.suspend), keep)
        except NoteChanged:
            if newer := self.session.entry(entry.paper.id):
                self.write_note(newer, keep)  # it finds the draft, and shows both texts
        finally:
            self._app.refresh(layout=True)

    async def choose_action(self) -> None:
        from paperdeck.tui.dialogs.finding import help_dialog

        if action := await self._ask(help_dialog(self._app, self.session, self._own)):
            await self.run_textual(action)

    async def find_anything(self) -> None:
        from paperdeck.tui.dialogs.finding import palette

        found = await self._ask(palette(self._app, self.session, self.themes(), self._own))
        kind, _, name = (found or "").partition(" ")
        if kind == "action":
            await self.run_textual(name)
        elif kind == "theme":
            self.run("look.keep_theme", name)
        elif kind == "paper":
            self.run("views.show_query", name)
        elif kind == "view":
            views = [*self.session.views.all(), *self.session.counts.facets]
            self.run("views.choose_view", next(view for view in views if view.key == name))

    async def run_textual(self, action: str) -> None:
        """Run a Textual action, in the focused pane, else in the screen."""
        screen = self._app.screen
        nodes = (screen.focused or screen, screen)
        node = next((node for node in nodes if hasattr(node, f"action_{action.partition('(')[0]}")), screen)
        await self._app.run_action(action, node)

    # Showing

    def focus(self, pane: str) -> None:
        from paperdeck.tui.dialogs.dialog import Dialog

        # a dialog that was opened while an action waited stays, with what was typed in it
        while self._app.screen is not self._main and not isinstance(self._app.screen, Dialog):
            self._app.pop_screen()
        self._main.focus_pane(pane)

    def welcome(self, *, offline: bool) -> None:
        """Show the welcome card. Closing it doesn't count as using the list, so papers may still be added."""
        from paperdeck.tui.dialogs.welcome import Welcome

        def closed(_: None) -> None:
            self.session.results.untouched = True

        self._app.push_screen(Welcome(self.key_of, offline=offline), closed)

    def show_page(self, title: str, text: str) -> None:
        from paperdeck.tui.dialogs.text import TextScreen

        self._app.push_screen(TextScreen(title, self.symbols.words(text), self._hints("page")))

    def show_digest(self, digest: Digest, advice: str) -> bool:

        from paperdeck.tui.keys.own import bind_own
        from paperdeck.tui.reading.digest import DigestScreen

        replaced = isinstance(self._app.screen, DigestScreen)
        if not replaced and not self.on_main_screen:  # it must not cover an open dialog
            return False
        screen = DigestScreen(digest, advice, self.symbols, self._hints("digest"))
        bind_own(screen, "digest", self._own)
        (self._app.switch_screen if replaced else self._app.push_screen)(screen)
        return True

    @property
    def text_width(self) -> int:
        return self._app.size.width

    # The look

    @property
    def theme(self) -> str:
        return self._app.theme

    @theme.setter
    def theme(self, name: str) -> None:
        self._app.theme = name

    def themes(self) -> list[str]:
        return sorted(self._app.available_themes, key=lambda name: (not name.startswith("paperdeck"), name))

    # Outside the app

    async def copy(self, text: str, what: str, why: str = "") -> None:
        from paperdeck.tui import clipboard

        driver = self._app._driver
        write = driver.write if driver else None
        copied = await clipboard.copy(text, write, self.session.places.state / "copied.txt")
        self.say(why + copied.sentence(what))


def function_of(name: str) -> Callable[..., Any]:
    """The function of an action, such as `marks.star`; its module in `actions` is imported on first use."""
    module, _, function = name.partition(".")
    found: Callable[..., Any] = getattr(import_module(f"paperdeck.tui.actions.{module}"), function)
    return found
