"""Explains an empty list and names the key that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperdeck.storage.search.query import hub_words
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.views import ALL, NO_PAPERS, OF_ARRIVALS, ONLY_SHELF

if TYPE_CHECKING:
    from paperdeck.tui.model.session import Session


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
