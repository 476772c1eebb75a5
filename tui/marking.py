"""What the reader makes of papers: stars, read, hidden, tags, notes, selections; and taking it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from paperdeck.tui.look.cells import count_of

from .moving import Moving

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Deed
    from paperdeck.tui.model.drafts import Draft

MANY = 300
"""Papers of which the marks are changed in a thread, as it takes longer than a frame."""


class Marking(Moving):
    """The actions that change marks; each acts on the selection, else on the paper under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self._one_by_one = asyncio.Lock()

    def show_marks(self, ids: Sequence[str]) -> None:
        """Show changed marks wherever they are seen."""
        if not ids:
            return
        self.papers.refresh_papers(ids)
        if self.papers.current in ids:
            self.show_detail()
        self.update_headline()
        self.refresh_views()
        if self.background:
            self.background.marks_changed()

    def _toggle(self, field: str, on: str, off: str) -> None:
        ids = self.targets()

        def told() -> str:
            did = on if getattr(self.session.marks(ids[0]), field) else off
            return f"{did}: {count_of(len(ids), 'paper')}; {self.key_of('undo')} undoes."

        self._change(ids, partial(self.session.toggle, ids, field, (on, off)), told)

    def _change(self, ids: Sequence[str], change: Callable[[], Deed], told: Callable[[], str]) -> None:
        """Change marks, and say so if it is about several papers; of one paper it is done when this returns."""
        if len(ids) > MANY:
            self._change_many(change, told)
            return
        self.mark(change)
        if len(ids) > 1:
            self.say(told())

    @work(group="marking")
    async def _change_many(self, change: Callable[[], Deed], told: Callable[[], str]) -> None:
        """Change marks in a thread; they are shown once they are on disk, and changes are made in their order."""
        async with self._one_by_one:
            with self.telling_errors():
                step = await asyncio.to_thread(change)
                self.show_marks(step.ids)
                self.say(told())

    def action_star(self) -> None:
        self._toggle("starred", "star", "unstar")

    def action_mark_read(self) -> None:
        self._toggle("read", "mark read", "mark unread")

    def action_hide(self) -> None:
        self._toggle("hidden", "not interested", "interested again")

    # Undo

    def action_undo(self) -> None:
        self._step(self.session.undo, "Undid", "Nothing to undo.")

    def action_redo(self) -> None:
        self._step(self.session.redo, "Redid", "Nothing to redo.")

    @work(group="marking")
    async def _step(self, step_once: Callable[[], Deed | None], did: str, nothing: str) -> None:
        """Take a change back, or make it again, in a thread: it may be about thousands of papers."""
        async with self._one_by_one:
            with self.telling_errors():
                self._tell_step(await asyncio.to_thread(step_once), did, nothing)

    def _tell_step(self, step: object, did: str, nothing: str) -> None:
        from paperdeck.storage.library.library import Deed

        if not isinstance(step, Deed):
            self.say(nothing)
            return
        self.show_marks(step.ids)
        row = self.session.row(step.ids[0]) if len(step.ids) == 1 else None
        self.say(f"{did}: {step.label} · {row.title if row else count_of(len(step.ids), 'paper')}")

    # Selecting

    def action_select(self) -> None:
        papers = self.papers
        if papers.current:
            papers.select(papers.selection ^ {papers.current})
            papers.selected_from = papers.current
            papers.move_cursor(papers.cursor + 1)
            self.update_headline()

    def action_select_range(self) -> None:
        papers = self.papers
        if papers.current:
            start = papers.index_of(papers.selected_from)
            first, last = sorted((papers.cursor if start is None else start, papers.cursor))
            papers.select({*papers.selection, *papers.ids[first : last + 1]})
            papers.selected_from = papers.current
            self.update_headline()

    def action_select_all(self) -> None:
        papers = self.papers
        everything = set(papers.ids)
        papers.select(() if papers.selection == everything else everything)
        self.update_headline()

    # Tags and notes

    def action_tags(self) -> None:
        from paperdeck.tui.dialogs.picker import Choice, Picker

        ids = self.targets()
        if not ids:
            return
        common = frozenset.intersection(*(self.session.marks(paper_id).tags for paper_id in ids))
        known = sorted(self.session.tags())
        choices = [Choice(tag, tag, self.symbols.selected if tag in common else "") for tag in known]
        row = self.session.row(ids[0]) if len(ids) == 1 else None
        title = f"Tags of “{row.title}”" if row else f"Tags of {count_of(len(ids), 'paper')}: put on, or take off"
        picker = Picker(title, choices, hint="a tag that exists, or a new one", free=lambda tag: f"new: {tag}")
        self.push_screen(picker, lambda tag: self._tag(ids, tag, common))

    def _tag(self, ids: Sequence[str], name: str | None, common: frozenset[str]) -> None:
        if not name:
            return
        with self.telling_errors():
            tag = self.session.clean_tag(name)
            change = {"remove_tags": [tag]} if tag in common else {"add_tags": [tag]}
            label = f"tag {tag}" if "add_tags" in change else f"untag {tag}"
            self._change(
                ids,
                partial(self.session.mark, ids, label, **change),
                lambda: f"{label}: {count_of(len(ids), 'paper')}; {self.key_of('undo')} undoes.",
            )

    def action_note(self) -> None:
        from paperdeck.tui.dialogs.note import NoteScreen

        if entry := self.current_entry():
            title = f"Note on {entry.paper.title}"
            paper_id, note = entry.paper.id, entry.marks.note
            self.push_screen(NoteScreen(title, note, partial(self._keep_note, paper_id), self._draft(paper_id, note)))

    def action_note_elsewhere(self) -> None:
        """Edit the note in the reader's own editor."""
        from paperdeck.storage.errors import NoteChanged, PaperdeckError
        from paperdeck.tui.editor import edit
        from paperdeck.tui.model.drafts import keep_edited

        if entry := self.current_entry():
            draft = self._draft(entry.paper.id, entry.marks.note)
            try:
                keep_edited(draft, lambda file: edit(file, self.suspend), partial(self._keep_note, entry.paper.id))
            except NoteChanged:
                self.action_note()  # it finds the draft, and shows both
            except PaperdeckError as error:
                self.say(str(error), severe=True)
            self.refresh(layout=True)

    def _draft(self, paper_id: str, note: str) -> Draft:
        from paperdeck.tui.model.drafts import open_draft

        return open_draft(self.places.state / "drafts", paper_id, note)

    def _keep_note(self, paper_id: str, text: str, seen: str) -> None:
        self.show_marks(self.session.mark([paper_id], "note", note=text.strip(), expected_note=seen).ids)
