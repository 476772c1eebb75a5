"""Fetch papers, search the Hub, and show new papers."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.search.dates import start_of
from paperdeck.storage.search.query import hub_words
from paperdeck.storage.text.words import count_of, long_day
from paperdeck.tui.model.changed import Changed
from paperdeck.tui.model.choice import Choice
from paperdeck.tui.model.lists import search_results
from paperdeck.tui.model.status import STOPPING

if TYPE_CHECKING:
    from .context import Context

KIND = "search"
"""The kind of background work for requests to the Hub."""
PERIODS = (
    ("30d", "the last 30 days"),
    ("3m", "the last 3 months"),
    ("this-year", "this year"),
    ("last-year", "last year and this year"),
    ("2023-05", "everything since May 2023"),
)
"""How far back to fetch, as a value of `since:` and in words."""


async def refresh(context: Context) -> None:
    """Show the papers that have arrived, fetch the last few days now, and show what arrives if no key comes between."""
    if context.session.waiting:
        await show_new(context)
    context.session.results.awaits_papers = True
    context.refresh()


def stop(context: Context) -> None:
    if not context.stop_fetching(everything=True):
        is_stopping = context.session.status.progress == STOPPING
        context.say("Already stopped; what arrived is being stored." if is_stopping else "Nothing is being fetched.")


async def fetch_history(context: Context) -> None:
    """Let the reader choose the first day to fetch."""
    today = context.session.days.today
    choices = [Choice(since, text) for since, text in PERIODS]
    title, hint = "How far back to fetch", "or a day, such as 2025-01-01"
    chosen = await context.choose(title, choices, hint=hint, free=lambda typed: _in_words(typed, today))
    if chosen:
        context.fetch_history(start_of(chosen, today))


def _in_words(typed: str, today: date) -> str:
    try:
        day = start_of(typed, today)
    except ValueError:
        return ""
    return f"every day since {long_day(day)}" if day <= today else ""


async def show_new(context: Context) -> None:
    """Add the waiting papers to the list, or show the newer day that waits."""
    if await context.session.show_waiting():
        context.clear()


# The Hub


def search_for_words(context: Context) -> None:
    """Search the Hub for the words in the filter box, and show the results as a view.

    Fields such as `is:starred` are left out, as the Hub can't know them.
    """
    results = context.session.results
    how = f"{context.key_of('filter')}, the words, then {context.key_of('search-hub')}."
    if query := hub_words(results.text):
        work = partial(_search, context, query, results.text)
        context.in_background(work, KIND, alone=True, awaits=f"the Hub on “{query}”")
    elif results.text.strip():
        context.say(f"The Hub searches for words, and this filter has none for it. To add some: {how}")
    else:
        context.say(f"Type what to look for first: {how}")


async def _search(context: Context, query: str, text: str) -> None:
    session = context.session
    ids = await (await context.fetcher()).search(query)
    await session.index_and_show(ids)
    view = session.views.put(search_results(query, tuple(ids)))
    context.clear()
    if not context.on_main_screen or session.results.text != text:  # the reader has moved on
        session.publisher.publish(Changed(counts=True))
        where = f"; they are in the view “{view.title}”" if ids else ""
        context.say(f"The Hub found {count_of(len(ids), 'paper')} for “{query}”{where}.")
        return
    session.results.set_filter("")
    session.show(view)
    context.focus("list")


def fetch_trending(context: Context) -> None:
    shows = context.session.views.showing("trending")
    again = f"{{{shows}}}" if shows else ""
    context.in_background(partial(_trending, context), KIND, alone=True, awaits="the trending papers", again=again)


async def _trending(context: Context) -> None:
    session = context.session
    await session.index_and_show(await (await context.fetcher()).trending())
    view = session.views.by_key("trending")
    if view and session.results.view.key == "trending":
        session.show(view)
