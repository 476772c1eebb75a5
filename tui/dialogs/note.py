"""The note on a paper, in an editor on the screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.widgets import Static, TextArea

from paperdeck.storage.errors import NoteChanged, PaperdeckError
from paperdeck.tui.keys import bindings
from paperdeck.tui.model.choice import Choice
from paperdeck.tui.model.drafts import joined

from .dialog import Dialog
from .picker import Picker

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from paperdeck.tui.model.drafts import Draft, KeepNote

DRAFT_SECONDS = 0.2
"""Delay between a change and saving the draft."""
FOOTER = "esc saves, ctrl+g discards"
WRAP_CHARACTERS = 200_000
"""Longest text with wrapped lines, in characters; wrapping longer ones takes seconds."""


class NoteScreen(Dialog[None]):
    """Edits a note; the text is saved however the editor ends, unless it is discarded."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("note")

    def __init__(self, title: str, note: str, keep: KeepNote, draft: Draft) -> None:
        """An editor of the current note, or of the text of a draft that was left behind."""
        super().__init__(title)
        self._keep, self._draft = keep, draft
        self._note, text = (draft.before, draft.text) if draft.written_at else (note, note)
        self._area = TextArea(text, compact=True, soft_wrap=len(text) < WRAP_CHARACTERS)
        self._writing = False  # whether a write of the draft is pending
        self._done = False

    def contents(self) -> ComposeResult:
        yield self._area
        yield Static(FOOTER, classes="dialog-footer", markup=False)

    def on_mount(self) -> None:
        self._area.focus()
        self._area.move_cursor(self._area.document.end)
        if when := self._draft.written_at:
            self.say(f"Restored what was not saved on {when.day} {when:%b at %H:%M}.")

    def on_unmount(self) -> None:
        """Save the note if the app ends while it is being edited."""
        if not self._done:
            try:
                self._save()
            except PaperdeckError:
                self._write_draft()
            else:
                self._draft.remove()
        self._draft.leave()

    # The draft

    @on(TextArea.Changed)
    def _write_draft_soon(self) -> None:
        if not self._writing:
            self._writing = True
            self.set_timer(DRAFT_SECONDS, self._write_draft)

    def _write_draft(self) -> None:
        self._writing = False
        if not self._done:
            self._draft.write(self._area.text)

    # Leaving

    def action_discard(self) -> None:
        self._leave_for_good()

    def action_keep(self) -> None:
        self.say("")
        self.is_answering = True
        try:
            self._save()
        except NoteChanged as error:
            self._choose_side(error.note)
        except PaperdeckError as error:
            self._write_draft()
            self.say(str(error), severe=True)
        else:
            self._leave_for_good()
        finally:
            self.is_answering = False

    def _save(self) -> None:
        text = self._area.text
        if text != self._note:
            self._keep(text, self._note)
        self._done = True

    def _leave_for_good(self) -> None:
        self._done = True
        self._draft.remove()
        self.dismiss()

    # Conflicts

    def _choose_side(self, theirs: str) -> None:
        """Show the changed note, and let the reader choose between the two."""
        mine = self._area.text
        texts = {"join": joined(self._note, mine, theirs), "mine": mine, "theirs": theirs}
        choices = [
            Choice("join", "Merge both and keep writing", "j"),
            Choice("mine", "Keep mine", "m"),
            Choice("theirs", "Use the other version", "t"),
        ]
        title = "The note was changed elsewhere while you wrote"
        picker = Picker(title, choices, instant=True, preview=lambda side: texts[side] or "(no note)")
        self.app.push_screen(picker, partial(self._side_chosen, theirs, texts))

    def _side_chosen(self, theirs: str, texts: dict[str, str], side: str | None) -> None:
        if side is None:
            self.say("The note was changed elsewhere while you wrote; yours is not saved yet.", severe=True)
            return
        self._note = theirs
        if side == "theirs":
            self._leave_for_good()
        elif side == "mine":
            self.action_keep()
        else:
            self._area.text = texts[side]
            self._area.move_cursor(self._area.document.end)
            self.say("Both notes are here now; esc keeps them.")
