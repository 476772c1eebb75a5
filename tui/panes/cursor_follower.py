"""Follows the list's cursor: shows its paper, or why there is none, and marks a paper read once it has rested there."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from textual.widgets import Input

from paperdeck.storage.errors import PaperdeckError
from paperdeck.storage.search.query import hub_words
from paperdeck.storage.text.words import count_of
from paperdeck.tui.keys import with_keys
from paperdeck.tui.look.text import symbols_of
from paperdeck.tui.model.views import ALL, NO_PAPERS, OF_ARRIVALS, ONLY_SHELF
from paperdeck.tui.run import RunAction, Tell

if TYPE_CHECKING:
    from textual.timer import Timer

    from paperdeck.storage.paper import Entry
    from paperdeck.tui.model.session import Session

    from .detail import Detail
    from .paper_list import PaperList

DETAIL_PAUSE_SECONDS = 0.1
"""Time that a moving cursor has to rest before the detail pane follows it."""


class CursorFollower:
    """Shows the paper under the cursor, and waits until the cursor has rested on it."""

    def __init__(self, session: Session, papers: PaperList, detail: Detail, may_rest: Callable[[], bool]) -> None:
        """A follower; a paper may be marked read by resting only while `may_rest` returns True."""
        self._session, self._papers, self._detail, self._may_rest = session, papers, detail, may_rest
        self._detail_timer: Timer | None = None
        self._rest_timer: Timer | None = None
        self._moved_at = 0.0  # on the monotonic clock

    def moved(self) -> None:
        """The cursor is on another paper, or its list was replaced."""
        self.rest()
        running = monotonic() - self._moved_at < DETAIL_PAUSE_SECONDS
        self._moved_at = monotonic()
        if self._detail_timer:
            self._detail_timer.stop()
        if running:  # a key is held: nobody reads the passing papers, and painting them would slow the cursor down
            self._detail_timer = self._papers.set_timer(DETAIL_PAUSE_SECONDS, self.show)
        else:  # the row first: it is small, and the eye follows it
            self._papers.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the paper under the cursor beside the list, or why there is none."""
        if self._detail_timer:
            self._detail_timer.stop()
            self._detail_timer = None
        try:
            entry = self._session.entry(self._papers.current)
        except PaperdeckError as error:
            self._papers.post_message(Tell(str(error), severe=True))
            return
        if entry is None:
            self.show_empty_message()
            self._detail.show_nothing()
        else:
            why_here = self._session.why_here(entry.paper.id)
            self._detail.show(entry, self._session.results.words, why_here, self._why(entry, why_here))

    def _why(self, entry: Entry, why_here: str) -> str:
        """Why the paper suits the reader's taste; empty if the reason for its being here says so, or a star."""
        tasting, paper = self._session.tasting, entry.paper
        if entry.marks.starred:
            return ""
        why = tasting.why(paper, shown=why_here)
        return f"{'For you' if tasting.fits(paper.id) else 'Near your taste'} {why}" if why else ""

    def show_empty_message(self) -> None:
        """Explain an empty list in its place; not while the search is running."""
        if self._papers.ids or not (self._session.results.complete or self._session.results.wrong):
            return
        app, typing = self._papers.app, isinstance(self._papers.screen.focused, Input)
        symbols, key_of = symbols_of(app), getattr(app, "key_of", str)
        why = why_empty(self._session, typing=typing)
        self._papers.show_none(tuple(symbols.words(with_keys(sentence, key_of)) for sentence in why if sentence))

    # Resting

    def rest(self) -> None:
        """Start the timer of a rest: a paper on which the cursor rests long enough is marked read."""
        if self._rest_timer:
            self._rest_timer.stop()
            self._rest_timer = None
        seconds = self._session.settings.reading.read_after
        current = self._papers.current
        if not (seconds and current and self._may_rest()) or self._session.results.untouched:
            return
        if current in self._session.results.view.folds:  # nobody reads a topic by looking at its name
            return
        if not self._session.marks.of(current).read:
            self._rest_timer = self._papers.set_timer(seconds, lambda: self._rested(current))

    def _rested(self, paper_id: str) -> None:
        if self._papers.current == paper_id and self._may_rest():
            self._papers.post_message(RunAction("marks.rested", paper_id, asked=False))


def why_empty(session: Session, *, typing: bool) -> tuple[str, str]:
    """Why the list is empty, and what helps; `{star}` stands for the key of an action."""
    results = session.results
    if results.wrong:
        return "The filter can't be understood.", "The reason is below · {back} clears it"
    if results.muted and not results.text:
        them = "it" if results.muted == 1 else "them"
        return f"{count_of(results.muted, 'paper')} would be here, but you muted {them}.", f"The view Muted has {them}."
    if not results.text:
        nothing_yet = results.view.key in OF_ARRIVALS and not session.papers.has_fetched()
        nothing = ONLY_SHELF if session.papers.shelf else NO_PAPERS
        empty = nothing if nothing_yet else results.view.empty
        why, _, help_ = empty.partition(". ")
        leaves_the_box = "enter, then " if typing and help_.startswith("{") else ""
        return (f"{why}.", f"{leaves_the_box}{help_}") if help_ else (empty, "")
    if paper := results.query.only_paper():
        opens = "{read} opens it" if typing else "{filter}, then {read}, opens it"
        return f"{paper} is not in {results.view.title}.", f"{opens}, fetched if need be · {{back}} clears the filter"
    steps = [_elsewhere(session, results.elsewhere, typing=typing)] if results.elsewhere else []
    steps += ["{search-hub} asks the Hub"] if hub_words(results.text) else []
    steps += ["{back} clears the filter"]
    return f"Nothing in {results.view.title} matches.", " · ".join(steps)


def _elsewhere(session: Session, number: int, *, typing: bool) -> str:
    """The number of matches in the view All, and the key that goes there."""
    shows = session.views.showing(ALL.key)
    return f"{count_of(number, 'paper')} in {ALL.title} ({'enter, then ' * typing}{{{shows}}})"
