"""Tags and notes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.text.clean import clean_tag
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.choice import Choice

from .star_and_read import change_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from paperdeck.storage.paper import Entry
    from paperdeck.tui.model.drafts import KeepNote

    from .context import Context


async def tags(context: Context) -> None:
    """Let the reader choose a tag, and add it, or remove it if all papers have it."""
    ids = context.targets()
    if not ids:
        return
    marks = context.session.marks
    common = frozenset.intersection(*(marks.of(paper_id).tags for paper_id in ids))
    choices = [Choice(tag, tag, context.symbols.selected if tag in common else "") for tag in sorted(marks.tags())]
    row = context.session.papers.row(ids[0]) if len(ids) == 1 else None
    title = f"Tags of “{row.title}”" if row else f"Tags of {count_of(len(ids), 'paper')}: add or remove"
    hint = "an existing tag, or a new one"
    name = await context.choose(title, choices, hint=hint, free=_new_tag, accept=_check_tag)
    if not name:
        return
    tag = clean_tag(name)
    label = f"untag {tag}" if tag in common else f"tag {tag}"
    is_shown = context.on_main_screen
    change: dict[str, Any] = {"remove_tags": [tag]} if tag in common else {"add_tags": [tag]}
    changed = len(ids) if tag in common else sum(tag not in marks.of(paper_id).tags for paper_id in ids)

    def sentence() -> str:
        renamed = f"“{name}” is stored as “{tag}”. " if tag != name.strip() else ""
        if len(ids) == 1:
            did = f"Removed the tag {tag}." if tag in common else f"Tagged {tag}."
            return f"{renamed}{'' if is_shown else did}".strip()
        did = f"Removed the tag {tag} from" if tag in common else f"Tagged {tag}:"
        return f"{renamed}{did} {count_of(changed, 'paper')}; {context.key_of('undo')} undoes it."

    change_marks(context, ids, partial(marks.mark, ids, label, **change), sentence)
    context.select(())


def _new_tag(typed: str) -> str:
    """The label for a new tag: its stored form, or the typed text if it can't be a tag."""
    try:
        return f"new: {clean_tag(typed)}"
    except InvalidInput:
        return f"new: {typed}"


def _check_tag(name: str) -> None:
    clean_tag(name)  # while the dialog is open, so that the typed text is kept


def note(context: Context) -> None:
    """Open the editor of the note on the current paper."""
    if entry := context.session.entry(context.current()):
        context.write_note(entry, _keeping(context, entry))


def note_elsewhere(context: Context) -> None:
    """Edit the note on the current paper in the reader's own editor."""
    if entry := context.session.entry(context.current()):
        context.edit_elsewhere(entry, _keeping(context, entry))


def tell_unsaved(context: Context, ids: Sequence[str]) -> None:
    """Tell that notes on these papers were not saved when the program ended, and how to get at them."""
    row = context.session.papers.row(ids[0])
    if row is None:
        return
    title = f"“{row.title}”"
    several = f"Your notes on {count_of(len(ids), 'paper')} were not saved, the last one on {title}"
    what = several if len(ids) > 1 else f"Your note on {title} was not saved"
    keys = f"{context.key_of('palette')} finds the paper, {context.key_of('note')} there restores it."
    context.say(f"{what}; {keys}", severe=True)


def _keeping(context: Context, entry: Entry) -> KeepNote:
    """A function that stores a note, given its text and the original note.

    It raises NoteChanged, and stores nothing, if the note was changed meanwhile. It reports what it did unless the main
    screen shows that.
    """
    is_shown = context.on_main_screen

    def keep(text: str, seen: str) -> None:
        note = text.strip()
        context.session.marks.mark([entry.paper.id], "note", note=note, expected_note=seen)
        if not is_shown:
            context.say("Note saved." if note else "Note removed.")

    return keep
