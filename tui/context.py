"""What actions work with in the running app: the session, the paper that the screen is about, dialogs, the desktop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from paperdeck.storage.errors import ActionFailed, NoteChanged, PaperdeckError

from .panes.status import MESSAGE_LEAST
from .run import Work, function_of, start_worker

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from textual.app import App
    from textual.screen import Screen

    from paperdeck.storage.fetch.fetcher import Fetcher
    from paperdeck.storage.fetch.hub.parser import Comment, Details
    from paperdeck.storage.paper import Entry, Paper

    from .background.syncing import Syncing
    from .look.symbols import Symbols
    from .model.choice import Accept, Choice
    from .model.drafts import Draft, KeepNote
    from .model.session import Session
    from .model.views import View
    from .panes.main_screen import MainScreen
    from .panes.status import Hint
    from .reading.markdown import Block

ASKING = {"reading": "waiting for the text", "search": "waiting for the Hub"}
"""The kinds of work that the reader waits for, and what stopping one is called."""
FETCHING = {"fetch": "fetching", "pdf": "downloading"}
"""The kinds of work that bring something bit by bit, and what stopping one is called."""
_UNTIL_A_KEY_SECONDS = 86_400.0
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
    ) -> None:
        """A context.

        Args:
            app: What dialogs and workers run in.
            session: What is known and chosen.
            main: The screen with the panes.
            symbols: The signs to draw with.
            key_of: Gives the first key of an action, as it is written.
            hints: Gives the keys that matter in a place.
        """
        self._app, self._main, self._hints = app, main, hints
        self.session, self.symbols, self.key_of = session, symbols, key_of
        self.syncing: Syncing | None = None  # there after the first frame
        self._notified_at = 0.0  # on the monotonic clock
        self._starting: set[object] = set()
        self.asking = 0
        """How many actions wait for an answer of the reader."""

    # Running actions

    def run(self, name: str, *arguments: object) -> None:
        """Run the function of an action; what it raises is said. One that waits runs beside the keys."""
        function = partial(function_of(name), self, *arguments)
        if not inspect.iscoroutinefunction(function):
            with self.telling_errors():
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
        """Whether an action has begun that has neither ended nor asked anything: the next key should wait for it."""
        return bool(self._starting)

    def in_background(self, work: Work, kind: str, *, alone: bool = False) -> None:
        start_worker(self._app, partial(self._telling, work), kind, alone=alone)

    async def _telling(self, work: Work) -> None:
        with self.telling_errors():
            await work()

    @contextmanager
    def telling_errors(self) -> Iterator[None]:
        """Say what goes wrong within, and go on."""
        try:
            yield
        except PaperdeckError as error:
            self.say(str(error), severe=True)

    # The paper

    def _front(self) -> Screen[Any]:
        """The screen in front, below dialogs."""
        stack = self._app.screen_stack
        if len(stack) == 1:
            return stack[0]
        from .dialogs.dialog import Dialog

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

    def end_selection(self) -> None:
        if self._front() is self._main:
            self._main.end_selection()

    @property
    def shows_marks(self) -> bool:
        return self._app.screen is self._main

    def highlighted_view(self) -> View | None:
        return self._main.views_pane.highlighted if self._main.pane == "filters" else None

    # Saying

    def say(self, message: str, *, severe: bool = False) -> None:
        self.session.publisher.deliver(partial(self._say, message, severe=severe))

    def _say(self, message: str, *, severe: bool) -> None:
        screen = self._app.screen if self._app.screen_stack else self._main
        line = getattr(screen, "footline", None)
        (line or self._main.footline).say(message, severe=severe)
        if line is None or cell_len(message) > self._app.size.width - 4:
            self._notify(self.symbols.words(message), severe=severe)

    def _notify(self, message: str, *, severe: bool) -> None:
        """Show a notice; where nothing may move by itself, it stays until a key is pressed."""
        self._notified_at = monotonic()
        self._app.notify(
            f"! {message}" if severe else message,
            severity="warning" if severe else "information",
            markup=False,
            timeout=None if getattr(self._app, "motion", True) else _UNTIL_A_KEY_SECONDS,
        )

    def key_pressed(self) -> None:
        """Take away sentences that stay until a key is pressed, unless they came just now."""
        self._main.footline.key_pressed()
        if not getattr(self._app, "motion", True) and monotonic() - self._notified_at > MESSAGE_LEAST:
            self._app.clear_notifications()

    def clear(self) -> None:
        self._main.footline.clear()

    # Dialogs

    async def _ask(self, screen: Screen[str | None]) -> str | None:
        self.asking += 1
        try:
            answered = self._app.push_screen(screen, wait_for_dismiss=True)
            self._starting.discard(_this_run.get())
            return await answered
        finally:
            self.asking -= 1

    async def choose(self, title: str, choices: Sequence[Choice], **options: Any) -> str | None:
        from .dialogs.picker import Picker

        return await self._ask(Picker(title, choices, **options))

    async def prompt(self, title: str, value: str = "", hint: str = "", accept: Accept | None = None) -> str | None:
        from .dialogs.prompt import Prompt

        return await self._ask(Prompt(title, value, hint, accept))

    def _draft(self, entry: Entry) -> Draft:
        from .model.drafts import open_draft

        return open_draft(self.session.places.state / "drafts", entry.paper.id, entry.marks.note)

    def write_note(self, entry: Entry, keep: KeepNote) -> None:
        from .dialogs.note import NoteScreen

        title = f"Note on {entry.paper.title}"
        self._app.push_screen(NoteScreen(title, entry.marks.note, keep, self._draft(entry)))

    def edit_elsewhere(self, entry: Entry, keep: KeepNote) -> None:
        from .editor import edit
        from .model.drafts import keep_edited

        def keep_now(text: str, seen: str) -> None:
            keep(text, seen)

        try:
            keep_edited(self._draft(entry), lambda file: edit(file, self._app.suspend), keep_now)
        except NoteChanged:
            if newer := self.session.entry(entry.paper.id):
                self.write_note(newer, keep)  # it finds the draft, and shows both
        finally:
            self._app.refresh(layout=True)

    async def choose_action(self) -> None:
        from .dialogs.finding import help_dialog

        if action := await self._ask(help_dialog(self._app, self.session)):
            await self.run_textual(action)

    async def find_anything(self) -> None:
        from .dialogs.finding import palette

        found = await self._ask(palette(self._app, self.session, self.themes()))
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
        """Run an action as a binding names it, in the pane that has the focus, else in the screen."""
        screen = self._app.screen
        nodes = (screen.focused or screen, screen)
        node = next((node for node in nodes if hasattr(node, f"action_{action.partition('(')[0]}")), screen)
        await self._app.run_action(action, node)

    # Showing

    def focus(self, pane: str) -> None:
        while self._app.screen is not self._main and len(self._app.screen_stack) > 1:
            self._app.pop_screen()
        self._main.focus_pane(pane)

    def show_page(self, title: str, text: str, hint: str = "esc back") -> None:
        from .dialogs.text import TextScreen

        self._app.push_screen(TextScreen(title, self.symbols.words(text), hint))

    def show_digest(self, text: str) -> None:
        from .dialogs.digest import DigestScreen

        if isinstance(self._app.screen, DigestScreen):
            self._app.screen.text.show(text)
        else:
            self._app.push_screen(DigestScreen(text))

    async def show_full_text(self, paper: Paper, text: str) -> bool:
        from .model.positions import Positions
        from .reading.markdown import read_markdown

        blocks = await asyncio.to_thread(read_markdown, text, self.symbols)
        positions = Positions(self.session.places.state / "positions.json")
        return self._open_reading(paper, paper.title, blocks, positions)

    async def show_discussion(self, paper: Paper, details: Details, comments: Sequence[Comment]) -> bool:
        from .reading.discussion import discussion_blocks

        blocks = await asyncio.to_thread(discussion_blocks, details, comments, self.symbols)
        return self._open_reading(paper, f"On the Hub: {paper.title}", blocks, None)

    def _open_reading(self, paper: Paper, title: str, blocks: Sequence[Block], positions: Any) -> bool:
        """Show a text, unless the reader has turned to something else while it was fetched."""
        from paperdeck.storage.text.clean import clean_line
        from paperdeck.storage.text.tex import to_unicode

        from .reading.screen import ReadingScreen

        shown = clean_line(to_unicode(title))
        if not hasattr(self._app.screen, "current_papers") or self.current() != paper.id:
            self.say(f"“{shown}” is here; go back to it to read it.")
            return False
        self.clear()
        self._app.push_screen(
            ReadingScreen(
                paper.id, shown, blocks, positions=positions, symbols=self.symbols, hints=self._hints("reading")
            )
        )
        return True

    @property
    def text_width(self) -> int:
        return self._app.size.width

    # The look

    @property
    def theme(self) -> str:
        return self._app.theme

    def try_theme(self, name: str) -> None:
        self._app.theme = name

    def themes(self) -> list[str]:
        return sorted(self._app.available_themes, key=lambda name: (not name.startswith("paperdeck"), name))

    # The world

    async def copy(self, text: str, what: str, why: str = "") -> None:
        from . import clipboard

        driver = self._app._driver
        write = driver.write if driver else None
        copied = await clipboard.copy(text, write, self.session.places.state / "copied.txt")
        self.say(why + copied.sentence(what))

    def open_link(self, address: str) -> None:
        from . import browser

        browser.open_link(address)

    def open_file(self, file: Path) -> None:
        from . import browser

        browser.open_file(file)

    # Behind the screen

    async def fetcher(self) -> Fetcher:
        if self.syncing is None:
            raise ActionFailed("paperdeck is just starting; try again.")
        return await self.syncing.fetcher()

    def refresh(self, *, asked: bool = True) -> None:
        self._sync(lambda syncing: syncing.refresh(asked=asked), asked=asked)

    def fetch_history(self, since: date) -> None:
        self._sync(lambda syncing: syncing.history(since), asked=True)

    def _sync(self, begin: Callable[[Syncing], Coroutine[Any, Any, None]], *, asked: bool) -> None:
        if self.syncing is None:
            return
        if not self.syncing.busy:
            self.in_background(partial(begin, self.syncing), "fetch")
        elif asked:
            self.say(f"Fetching already; {self.key_of('stop-fetching')} stops it.")

    def stop_fetching(self, *, everything: bool) -> bool:
        groups = FETCHING | ASKING if everything else ASKING
        running = [worker for worker in self._app.workers if worker.group in groups and not worker.is_finished]
        for worker in running:
            worker.cancel()
        if running:
            names = " and ".join(dict.fromkeys(groups[worker.group] for worker in running))
            resumes = any(worker.group in FETCHING for worker in running)
            self.say(f"Stopped {names}." + (" What came is kept; the next time resumes." if resumes else ""))
            self.session.status.set(trouble="")
        return bool(running)

    def show_trouble(self) -> None:
        """Say on the top line what a source keeps us waiting for, while anything waits."""
        groups = FETCHING | ASKING
        waits = any(worker.group in groups and not worker.is_finished for worker in self._app.workers)
        trouble = self.syncing.waiting if self.syncing and waits else ""
        self.session.status.set(trouble=f"{trouble} · {self.key_of('stop-fetching')} stops" if trouble else "")
