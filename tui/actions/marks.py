"""The reader's marks on the selection or the current paper: stars, read, hidden, tags, notes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from time import time
from typing import TYPE_CHECKING, Any

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.library.library import RESTED
from paperdeck.storage.text.clean import clean_tag
from paperdeck.storage.text.times import stamp, utc
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.choice import Choice

if TYPE_CHECKING:
    from paperdeck.storage.paper import Entry
    from paperdeck.tui.model.drafts import KeepNote

    from .context import Context

MESSAGES = {
    "star": "Starred {}",
    "unstar": "Removed the star from {}",
    "mark read": "Marked {} as read",
    "mark unread": "Marked {} as unread",
    "hide": "Hid {}",
    "unhide": "Showed {} again",
}
"""Messages about several papers, by the label of the deed."""
MANY_PAPERS = 300
"""Minimum number of papers whose marks are changed in a thread, as that takes longer than a frame."""


def star(context: Context) -> None:
    """Star the papers, or remove the star if all have it."""
    messages = {True: "Starred.", False: "Star removed."}
    _toggle(context, "starred", ("star", "unstar"), messages if not context.on_main_screen else {})


def mark_read(context: Context) -> None:
    """Mark the papers read, or unread if all are read."""
    messages = {True: "Marked as read.", False: "Marked as unread."}
    _toggle(context, "read", ("mark read", "mark unread"), messages if not context.on_main_screen else {})


async def mark_list_read(context: Context) -> None:
    """Mark the unread papers of the displayed list read, as one deed."""
    session = context.session
    results = session.results
    async with session.deeds.in_order:
        papers = await asyncio.to_thread(session.finder.papers_of, results.wanted, await session.listed())
        unread = await asyncio.to_thread(session.finder.unread_among, papers)
        unread = [paper_id for paper_id in unread if not session.marks.of(paper_id).read]  # the index may be behind
        if not unread:
            context.say("Nothing in this list is unread.")
            return
        what = f"{count_of(len(unread), 'paper')} in “{results.view.title}”"
        offered = session.catch_up.offered
        if session.is_catching_up and set(papers).issuperset(offered) and (rest := session.catch_up.finish()):
            unread, what = unread + rest, f"{what} and the other {len(rest):,}"
        await asyncio.to_thread(session.marks.mark, unread, "mark read", subject=what, read=True)
    context.say(f"Marked {what} as read; {context.key_of('undo')} undoes it.")


def hide(context: Context) -> None:
    """Hide the papers, or show them again if all are hidden."""
    keys = f"{context.key_of('hide')} or {context.key_of('undo')}"
    hidden = f"Hidden, and in the view Hidden from now on; {keys} shows it again."
    _toggle(context, "hidden", ("hide", "unhide"), {True: hidden, False: "No longer hidden."})


def see_news(context: Context) -> None:
    ids = context.session.star_watch.with_news(context.targets())
    if not ids:
        context.say("Nothing to mark: the paper isn't starred, or has no unseen news.")
        return

    def sentence() -> str:
        papers = "this paper" if len(ids) == 1 else count_of(len(ids), "paper")
        return f"Marked the news of {papers} as seen; {context.key_of('undo')} brings it back."

    see = partial(context.session.marks.mark, ids, "see news", seen=stamp(utc(time())))
    change_marks(context, ids, see, sentence)
    context.select(())


def set_read(context: Context, paper_id: str) -> None:
    """Mark a paper read, unless it is already."""
    if not context.session.marks.of(paper_id).read:
        context.session.marks.mark([paper_id], "read", read=True)


def rested(context: Context, paper_id: str) -> None:
    """Mark a paper read because the cursor rested on it."""
    context.session.marks.mark([paper_id], RESTED, read=True)


def _toggle(context: Context, field: str, labels: tuple[str, str], messages: dict[bool, str]) -> None:
    ids = context.targets()
    if not ids:
        return
    marks = context.session.marks
    marked = sum(bool(getattr(marks.of(paper_id), field)) for paper_id in ids)

    def sentence() -> str:
        on = bool(getattr(marks.of(ids[0]), field))
        if len(ids) == 1:
            return messages.get(on, "")
        changed = len(ids) - marked if on else marked
        return f"{MESSAGES[labels[not on]].format(count_of(changed, 'paper'))}; {context.key_of('undo')} undoes it."

    change_marks(context, ids, partial(marks.toggle, ids, field, labels), sentence)
    context.select(())


def change_marks(
    context: Context, ids: Sequence[str], change: Callable[[], object], sentence: Callable[[], str]
) -> None:
    """Change marks and report it. For a few papers, the change is on disk when this returns.

    Args:
        context: The context.
        ids: The papers.
        change: Changes their marks.
        sentence: Makes the message afterwards; empty for none.

    Raises:
        PaperdeckError: nothing was changed.
    """
    if len(ids) > MANY_PAPERS:
        context.in_background(partial(_change_many, context, change, sentence), "marking")
        return
    change()
    if message := sentence():
        context.say(message)


async def _change_many(context: Context, change: Callable[[], object], sentence: Callable[[], str]) -> None:
    async with context.session.deeds.in_order:
        await asyncio.to_thread(change)
        context.say(sentence())


# Tags and notes


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
