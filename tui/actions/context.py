"""What an action may use: a small interface that the app fills in, and tests can too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import date

    from paperdeck.storage.fetch.fetcher import Fetcher
    from paperdeck.storage.fetch.hub.parser import Comment, Details
    from paperdeck.storage.paper import Entry, Paper
    from paperdeck.tui.look.symbols import Symbols
    from paperdeck.tui.model.choice import Accept, Choice
    from paperdeck.tui.model.drafts import KeepNote
    from paperdeck.tui.model.session import Session
    from paperdeck.tui.model.views import View
    from paperdeck.tui.run import Work


class Programs(Protocol):
    """Programs that the reader wants run; see `context.programs.Programs`."""

    async def run(self, title: str, words: Sequence[str], data: bytes, *, mode: str, seconds: float) -> str:
        """Run a program, and return what it printed if it was waited for.

        Raises:
            ActionFailed: there is no such program, it can't be started, failed, took too long or printed too much.
        """

    def edit_settings(self, file: Path) -> None:
        """Let the reader's own editor edit the settings file, and wait for it.

        Raises:
            ActionFailed: there is no editor, or it failed.
        """


class Context(Protocol):
    """All that an action may ask for. An action that asks the reader something, or waits, is `async`."""

    @property
    def session(self) -> Session:
        """What is known and chosen."""

    @property
    def symbols(self) -> Symbols:
        """The symbols to draw with."""

    # The paper

    def current(self) -> str | None:
        """The id of the paper that the screen is about."""

    def targets(self) -> list[str]:
        """The ids that an action is about: the selection, else the current paper."""

    def selected(self) -> bool:
        """Whether several papers are selected."""

    def end_selection(self) -> None:
        """Select nothing any more: the action that the papers were selected for is done."""

    @property
    def shows_marks(self) -> bool:
        """Whether the screen in front shows the marks of its papers, so that a change need not be said."""

    def highlighted_view(self) -> View | None:
        """The view under the cursor, while the focus is in the pane of views."""

    # Saying and asking

    asking: int
    """How many actions wait for an answer of the reader."""

    def say(self, message: str, *, severe: bool = False) -> None:
        """Show a sentence on the bottom line of the screen in front. May be called in a thread."""

    def clear(self) -> None:
        """Take away the sentence on the bottom line."""

    def key_of(self, action_id: str) -> str:
        """The first key of an action, as it is written."""

    async def choose(
        self,
        title: str,
        choices: Sequence[Choice],
        *,
        hint: str = "type to find, enter chooses",
        free: Callable[[str], str] | None = None,
        instant: bool = False,
        preview: Callable[[str], str] | None = None,
        first: str | None = None,
        accept: Accept | None = None,
    ) -> str | None:
        """Let the reader choose; the value chosen, or None. The arguments are those of `dialogs.picker.Picker`."""

    async def prompt(self, title: str, value: str = "", hint: str = "", accept: Accept | None = None) -> str | None:
        """Let the reader type a line.

        Args:
            title: What is asked for.
            value: What stands there at first.
            hint: What stands in the empty line.
            accept: Does what the line is for while the prompt is open, and keeps it open by raising PaperdeckError.
        """

    def write_note(self, entry: Entry, keep: KeepNote) -> None:
        """Open the note editor on the screen; `keep` stores what was written."""

    def edit_elsewhere(self, entry: Entry, keep: KeepNote) -> None:
        """Let the reader's own editor edit a note, and wait for it; `keep` stores what was written.

        Raises:
            PaperdeckError: there is no editor, or the note was not stored.
        """

    # Showing

    def show_page(self, title: str, text: str, hint: str = "esc back") -> None:
        """Show a page of plain text."""

    def show_digest(self, text: str) -> None:
        """Show a digest, in place of the one that is shown already."""

    async def show_full_text(self, paper: Paper, text: str) -> bool:
        """Show the full text of a paper, in Markdown; False: the reader has turned to something else by now."""

    async def show_discussion(self, paper: Paper, details: Details, comments: Sequence[Comment]) -> bool:
        """Show what the Hub says about a paper; False: the reader has turned to something else by now."""

    def focus(self, pane: str) -> None:
        """Go back to the main screen and give the focus to a pane: `filters`, `list` or `detail`."""

    async def choose_action(self) -> None:
        """Show the help; an action chosen there runs."""

    async def find_anything(self) -> None:
        """Show the palette; what is chosen there runs or opens."""

    @property
    def text_width(self) -> int:
        """Columns of the screen."""

    # The look

    @property
    def theme(self) -> str:
        """The name of the theme."""

    def try_theme(self, name: str) -> None:
        """Put a theme on."""

    def themes(self) -> list[str]:
        """The names of all themes, our own first."""

    # The world

    async def copy(self, text: str, what: str, why: str = "") -> None:
        """Copy a text and say how.

        Args:
            text: The text.
            what: What it is, for the sentence about it.
            why: A sentence before that.
        """

    async def open_link(self, address: str, *, as_pdf: bool = False) -> None:
        """Open an address in the browser, or that of a PDF in the program that the reader has set for PDFs.

        Raises:
            ActionFailed: there is no browser, or it failed at once.
        """

    async def open_file(self, file: Path) -> None:
        """Open a file in the program for its kind.

        Raises:
            ActionFailed: there is no such program, or it failed at once.
        """

    @property
    def programs(self) -> Programs:
        """Programs of the reader's own."""

    # Behind the screen

    async def fetcher(self) -> Fetcher:
        """What asks the Hub and arXiv."""

    def in_background(self, work: Work, kind: str, *, alone: bool = False) -> None:
        """Run something beside the keys.

        Args:
            work: Begins it.
            kind: What it is, for stopping it: `fetch`, `pdf`, `reading`, `search` …
            alone: Whether it ends what of this kind still runs.
        """

    def refresh(self) -> None:
        """Fetch the papers of the last days now."""

    def fetch_history(self, since: date) -> None:
        """Fetch all days since one that are not complete."""

    def stop_fetching(self, *, everything: bool) -> bool:
        """Stop what the reader waits for, or everything that is fetched; False: there was nothing."""
