"""Getting things out: copying links and citations, opening pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work

from storage.errors import PaperdeckError

from . import clipboard, opening
from .cells import count_of
from .ruling import Ruling

if TYPE_CHECKING:
    from storage.paper import Paper


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
        from .copies import choices_of, preview_of
        from .picker import Picker

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
        with self.telling_errors():
            text = text_of(form, papers)
            what = text if form == PAGE and len(papers) == 1 else name_of(form)
            self.copy_text(text, what if len(papers) == 1 else f"{what} of {count_of(len(papers), 'paper')}")

    @work(group="copy")
    async def copy_text(self, text: str, what: str) -> None:
        """Copy a text by the first way that works, and say which it was."""
        write = self._driver.write if self._driver else None
        try:
            copied = await clipboard.copy(text, write, self.places.state / "copied.txt")
        except PaperdeckError as error:
            self.say(str(error), severe=True)
        else:
            self.say(copied.sentence(what))

    def action_open_link(self, kind: str) -> None:
        """Open one of the paper's links; where there is no browser, show it and copy it."""
        entry = self.current_entry()
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
            self.copy_text(link, link)
        else:
            self.mark(lambda: self.session.mark([paper.id], "read", read=True))
            self.say(f"Opened {link}")
