"""Getting things out: copying links and citations, opening pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from paperdeck.storage.errors import PaperdeckError
from paperdeck.storage.facts import links_of
from paperdeck.tui.look.cells import count_of

from . import browser as opening
from . import clipboard
from .ruling import Ruling

if TYPE_CHECKING:
    from paperdeck.storage.paper import Paper

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Copying(Ruling):
    """The actions that copy and open; each acts on the selection, else on the paper under the cursor."""

    def target_papers(self) -> list[Paper]:
        """The papers that are copied, in the order of the list."""
        with self.telling_errors():
            return self.session.papers(self.targets())
        return []

    def action_copy_link(self) -> None:
        self.copy_as("page")

    def action_copy_bibtex(self) -> None:
        self.copy_as("bibtex")

    def action_copy_menu(self) -> None:
        from paperdeck.tui.dialogs.picker import Picker

        from .copies import choices_of, preview_of

        papers = self.target_papers()
        if papers:
            title = f"Copy {count_of(len(papers), 'paper')} as"
            choices = choices_of(papers, self.session.last_copy)
            self.push_screen(
                Picker(title, choices, instant=True, preview=lambda form: preview_of(form, papers)), self.copy_as
            )

    def copy_as(self, form: str | None) -> None:
        """Copy the papers in one of the forms of the copy menu."""
        from .copies import PAGE, name_of, text_of

        papers = self.target_papers()
        if not form or not papers:
            return
        self.session.last_copy = form
        one = len(papers) == 1
        what = "" if one and form == PAGE else name_of(form)
        self.copy_made(partial(text_of, form, papers), what if one else f"{what} of {count_of(len(papers), 'paper')}")

    @work(group="copy")
    async def copy_made(self, make: Callable[[], str], what: str) -> None:
        """Copy a text that takes a while to make; a thread makes it."""
        with self.telling_errors():
            text = await asyncio.to_thread(make)
            self.copy_text(text, what or text)

    @work(group="copy")
    async def copy_text(self, text: str, what: str, why: str = "") -> None:
        """Copy a text by the first way that works, and say which it was, and why if that isn't plain."""
        write = self._driver.write if self._driver else None
        try:
            copied = await clipboard.copy(text, write, self.places.state / "copied.txt")
        except PaperdeckError as error:
            self.say(str(error), severe=True)
        else:
            self.say(why + copied.sentence(what))

    def action_links(self) -> None:
        """Let one of the paper's links be chosen by its letter."""
        from paperdeck.tui.dialogs.picker import Choice, Picker

        entry = self.current_entry()
        if entry:
            links = links_of(entry.paper)
            choices = [Choice(link, name, letter, link) for letter, (name, link) in zip(_LETTERS, links, strict=False)]
            self.push_screen(Picker("Open", choices, instant=True), self._open)

    def action_open_link(self, kind: str) -> None:
        """Open one of the paper's links by its name."""
        entry = self.current_entry()
        if entry is None:
            return
        link = dict(links_of(entry.paper)).get(kind)
        if link:
            self._open(link)
        else:
            self.say(f"This paper has no {kind} link.")

    def _open(self, link: str | None) -> None:
        """Open a link; where there is no browser, show it and copy it."""
        current = self.papers.current
        if not link or not current:
            return
        try:
            opening.open_link(link)
        except PaperdeckError as error:
            self.copy_text(link, link, f"{error} ")
        else:
            self.mark(lambda: self.session.mark([current], "read", read=True))
            self.say(f"Opened {link}")
