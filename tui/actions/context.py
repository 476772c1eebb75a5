"""The context that actions work with: a small interface implemented by the app and by tests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date

    from paperdeck.storage.digest.digest import Digest
    from paperdeck.storage.fetch.fetcher import Fetcher
    from paperdeck.storage.fetch.hub.parser import Comment, Details
    from paperdeck.storage.paper import Entry, Paper
    from paperdeck.tui.look.text import Symbols
    from paperdeck.tui.model.choice import Accept, Choice
    from paperdeck.tui.model.drafts import KeepNote
    from paperdeck.tui.model.session import Session
    from paperdeck.tui.model.views import View
    from paperdeck.tui.run import Work


class Context(Protocol):
    """What actions can use. An action that prompts the reader, or waits, is `async`."""

    @property
    def session(self) -> Session:
        """The state of the session."""

    @property
    def symbols(self) -> Symbols:
        """The symbols to draw with."""

    # The paper

    def current(self) -> str | None:
        """The id of the current paper."""

    def targets(self) -> list[str]:
        """The ids to act on: the selection, else the current paper."""

    def selected(self) -> bool:
        """Whether several papers are selected."""

    def select(self, rows: Collection[str]) -> None:
        """Select exactly these rows of the list, or none if they are selected already.

        An action on the selected papers ends by selecting none.
        """

    @property
    def on_main_screen(self) -> bool:
        """Whether the main screen is in front: it shows the marks of its papers, and nothing was opened over it."""

    def highlighted_view(self) -> View | None:
        """The view under the cursor, while the focus is in the views pane."""

    # Messages and dialogs

    asking: int
    """The number of actions waiting for the reader's answer."""

    def say(self, message: str, *, severe: bool = False) -> None:
        """Show a message on the bottom line of the front screen. May be called in a thread."""

    def clear(self) -> None:
        """Clear the message on the bottom line."""

    def key_of(self, action_id: str) -> str:
        """The displayed name of an action's first key."""

    async def choose(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        hint: str = "type to find, enter chooses",
        free: Callable[[str], str] | None = None,
        free_last: bool = False,
        instant: bool = False,
        preview: Callable[[str], str] | None = None,
        first: str | None = None,
        accept: Accept | None = None,
        later: Callable[[], Sequence[Choice]] | None = None,
        tried: bool = False,
    ) -> str | None:
        """Let the reader choose; returns the value, or None. See `dialogs.picker.Picker` for the arguments."""

    async def prompt(
        self, title: str, value: str = "", hint: str = "", accept: Accept | None = None, *, proposal: str = ""
    ) -> str | None:
        """Let the reader type a line.

        Args:
            title: What the line is for.
            value: The reader's own text, to be edited.
            hint: The placeholder of the empty line.
            accept: Acts on the line while the prompt is open; raising PaperdeckError keeps it open.
            proposal: A proposed text in place of `value`, which typing replaces.
        """

    def write_note(self, entry: Entry, keep: KeepNote) -> None:
        """Open the note editor on the screen; `keep` stores the text."""

    def edit_elsewhere(self, entry: Entry, keep: KeepNote) -> None:
        """Edit a note in the reader's own editor and wait for it; `keep` stores the text.

        Raises:
            PaperdeckError: there is no editor, or the note was not stored.
        """

    # Showing

    def show_page(self, title: str, text: str) -> None:
        """Show a page of plain text."""

    def show_digest(self, digest: Digest, advice: str) -> bool:
        """Show a digest, replacing one already shown; `advice` says how to fetch missing days.

        Returns False if the reader has moved on.
        """

    async def show_full_text(self, paper: Paper, text: str) -> bool:
        """Show the full text of a paper, in Markdown. Returns False if the reader has moved on."""

    async def show_discussion(self, paper: Paper, details: Details, comments: Sequence[Comment]) -> bool:
        """Show the Hub's discussion of a paper. Returns False if the reader has moved on."""

    def focus(self, pane: str) -> None:
        """Go back to the main screen and focus a pane: `views`, `list` or `detail`."""

    async def choose_action(self) -> None:
        """Show the help; choosing an action runs it."""

    async def find_anything(self) -> None:
        """Show the palette; choosing an entry runs or opens it."""

    @property
    def text_width(self) -> int:
        """Columns of the screen."""

    # The look

    theme: str
    """The name of the theme; setting it applies the theme."""

    def themes(self) -> list[str]:
        """The names of all themes, our own first."""

    # Outside the app

    async def copy(self, text: str, what: str, why: str = "") -> None:
        """Copy a text and report how: its name in the message is `what`, and `why` is a sentence before it."""

    async def open_link(self, address: str, *, as_pdf: bool = False) -> None:
        """Open an address in the browser, or a PDF's address in the configured program for PDFs.

        Raises:
            ActionFailed: there is no browser, or it failed at once.
        """

    async def open_file(self, file: Path) -> None:
        """Open a file in the program for its kind.

        Raises:
            ActionFailed: there is no such program, or it failed at once.
        """

    async def run_program(self, title: str, words: Sequence[str], data: bytes, *, mode: str, seconds: float) -> str:
        """Run a program; returns its output, if the mode waits for it. See `context.programs.Programs.run`.

        Raises:
            ActionFailed: there is no such program, it can't be started, failed, took too long or printed too much.
        """

    def edit_settings(self, file: Path) -> None:
        """Edit the settings file in the reader's own editor and wait for it.

        Raises:
            ActionFailed: there is no editor, or it failed.
        """

    # Background work

    async def fetcher(self) -> Fetcher:
        """The fetcher."""

    def in_background(self, work: Work, kind: str, *, alone: bool = False, awaits: str = "", again: str = "") -> None:
        """Run work in the background. A failure is shown with deed, reason and remedy.

        Args:
            work: Creates the coroutine.
            kind: The kind of work, for stopping it: `fetch`, `pdf`, `reading`, `search` …
            alone: Whether it cancels running work of the same kind.
            awaits: What the reader waits for, such as `the full text`; shown with the time and the key that stops it.
            again: The keys that try again, with `{star}` for the key of an action; empty: those of the running action.
        """

    def refresh(self) -> None:
        """Fetch the papers of the last few days now."""

    def fetch_history(self, since: date) -> None:
        """Fetch the incomplete days since a date."""

    def stop_fetching(self, *, everything: bool) -> bool:
        """Stop the work that the reader is waiting for, else all fetching. Returns False if nothing was running."""
