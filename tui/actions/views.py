"""Show, save, rename, move and delete views; change the order; show papers of the same author or topic."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.errors import InvalidInput, NotFound
from paperdeck.storage.identifiers import Reference
from paperdeck.storage.search.query import field_query, parse
from paperdeck.storage.search.rank import BY_DATE
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.changed import Changed
from paperdeck.tui.model.choice import Choice
from paperdeck.tui.model.finder import ORDER_NAMES, order_after, short_order_name
from paperdeck.tui.model.views import (
    DIGEST,
    FOR_YOU,
    KEYWORDS,
    ORGANIZATIONS,
    RESULTS,
    SAVED,
    SOURCES,
    TAGS,
    VISIT,
)

from .fetch import KIND as SEARCH
from .fetch import fetch_trending, search_for_words
from .rules import why_no_taste

if TYPE_CHECKING:
    from paperdeck.tui.model.views import View

    from .context import Context

_ORIGINS = {
    KEYWORDS: "keywords come from the papers",
    ORGANIZATIONS: "organizations come from the papers",
    SOURCES: "config.toml lists the categories",
}
"""Where the rows of a section come from that the reader didn't save."""


def choose_view(context: Context, view: View) -> None:
    """Show a view; a facet filters the list, or removes that filter again.

    Raises:
        InvalidInput: the facet can't be added, as the filter can't be understood.
    """
    session = context.session
    if view.narrows:
        session.results.toggle_facet(view.query)
        return
    if not view.is_of_one_day or view.key == "day":  # the row of another day disappears when it is left
        session.days.shown = None
    if view.key == "trending":
        fetch_trending(context)
    session.show(view)
    context.focus("list")
    if view.key == FOR_YOU.key and session.tasting.is_missing:
        context.say(why_no_taste(context))


def since_last_visit(context: Context) -> None:
    if context.session.visits.since is None:
        context.say("This is your first visit; from the next one on, papers that arrived in between are shown here.")
    else:
        choose_view(context, VISIT)


def _show_number(number: int, context: Context) -> None:
    if view := context.session.views.by_number(number):
        choose_view(context, view)


view_1, view_2, view_3, view_4, view_5, view_6, view_7, view_8, view_9 = (
    partial(_show_number, number) for number in range(1, 10)
)


async def select_all(context: Context) -> None:
    """Select all rows of the displayed list, or none if all are selected."""
    context.select(await context.session.listed())


def next_order(context: Context) -> None:
    session = context.session
    if session.results.view.fixed:
        context.say("This list keeps its own order; “sort:upvotes” or the like in the filter changes it.")
        return
    key = order_after(session.results.sort.key)
    session.library.set_preference("order", key)
    session.results.order_by(key)
    if key == "foryou" and not session.tasting.has_material:
        context.say(f"Sorted by taste. {why_no_taste(context)}")
    else:
        view, after = session.results.view, order_after(key)
        then = _order_in_words(view, after, short_order_name(after))
        again = f"Press {context.key_of('next-order')} again to sort {then}."
        context.say(f"Sorted {_order_in_words(view, key, ORDER_NAMES[key])}. {again}")


def _order_in_words(view: View, key: str, name: str) -> str:
    """How an order sorts a view; by date means the view's own order, if it has one."""
    return "in this view's own order" if key == BY_DATE.key and view.has_order else f"by {name}"


# Saved views


async def save_view(context: Context) -> None:
    """Ask for a name, and save the list's query under it."""
    results = context.session.results
    query = results.whole_query() or await _ask_for_query(context)
    if not query:
        return
    scope = " in all papers" if results.view.is_list else ""  # no query describes such a view

    async def accept(name: str) -> None:
        _require(name)
        rules, name = context.session.rules, name.strip()
        did = "Replaced" if rules.saved_query(name) else "Saved"
        rules.save_view(name, query)
        context.say(f"{did} the view “{name}”; delete, rename and move it in the views pane.")

    await context.prompt(f"Save “{query}”{scope} as a view", hint="its name; enter saves it", accept=accept)


async def _ask_for_query(context: Context) -> str:
    """Ask for a view's query, if the list itself can't be saved; empty if the reader cancels."""
    session, hint = context.session, "a query, such as author:li"
    searched = session.views.made.get(RESULTS) if session.results.view.key == RESULTS else None
    proposal = session.results.text or (searched.of if searched else "")
    return (await context.prompt("What the view shows", proposal, hint, _check_query) or "").strip()


def _check_query(text: str) -> None:
    _require(text, "query")
    parse(text)


def _require(text: str, what: str = "name") -> None:
    if not text.strip():
        raise InvalidInput(f"A {what} is needed; type one.")


def _saved_name(context: Context) -> str | None:
    """The name of the saved view under the cursor of the views pane."""
    view = context.highlighted_view()
    if view is None or view.section != SAVED:
        context.say(_why_not_saved(context, view))
        return None
    return view.title


def _why_not_saved(context: Context, view: View | None) -> str:
    """Why a row can't be renamed, moved or deleted, with the keys that help."""
    key_of = context.key_of
    if view and view.section == TAGS:
        keys = f"{key_of('read')}, {key_of('select-all')}, {key_of('tags')}"
        return f"Only saved views can be renamed or moved; to remove a tag: {keys}, then its name."
    if view and view.key in (RESULTS, DIGEST):
        return f"Only saved views can be renamed or moved; {key_of('delete-view')} closes this one."
    what = _ORIGINS.get(view.section if view else "", "this one is built in")
    return f"Only saved views can be renamed, moved or deleted; {what}."


async def rename_view(context: Context) -> None:
    """Ask for a new name for the saved view under the cursor."""
    if name := _saved_name(context):

        async def accept(new: str) -> None:
            _require(new)
            context.session.rules.rename_view(name, new)

        await context.prompt(f"Rename “{name}” to", name, accept=accept)


async def delete(context: Context) -> None:
    """Delete the saved view under the cursor, or remove the papers from the library."""
    if context.highlighted_view() is None:
        await remove_papers(context)
    else:
        delete_view(context)


def close(context: Context, view: View) -> bool:
    """Close the results of a search or a digest, and show the newest day instead; False if it is another view."""
    session = context.session
    if not session.views.close(view.key):
        return False
    if session.results.view.key == view.key:
        session.show(session.views.day())
    session.publisher.publish(Changed(counts=True))
    stay = "" if view.key == DIGEST else " Its papers are still in the library."
    context.say(f"Closed “{view.title}”; {context.key_of('undo')} opens it again.{stay}")
    return True


async def remove_papers(context: Context) -> None:
    """Remove papers that came with a search or an import and that the reader didn't keep."""
    session, ids = context.session, context.targets()
    if not ids:
        return
    kept = await asyncio.to_thread(session.library.why_kept, ids)
    context.select(())  # first, as the list would complain that selected papers are gone
    async with session.deeds.in_order:
        deed = await asyncio.to_thread(session.remove, ids) if len(kept) < len(ids) else None
    if deed:
        stay = f" {count_of(len(kept), 'paper')} stayed." if kept else ""
        them = "it" if len(deed.ids) == 1 else "them"
        context.say(f"Removed {deed.subject}; {context.key_of('undo')} brings {them} back.{stay}")
    else:
        others = f" {context.key_of('hide')} hides it." if len(ids) == 1 else ""
        context.say(f"{'It' if len(ids) == 1 else 'Each'} stays, as {kept[ids[0]]}.{others}")


def delete_view(context: Context) -> None:
    """Delete the saved view under the cursor, or close a search or a digest."""
    view = context.highlighted_view()
    if view and close(context, view):
        return
    if name := _saved_name(context):
        context.session.rules.delete_view(name)
        context.say(f"Deleted the view “{name}”; {context.key_of('undo')} brings it back.")


def move_view_up(context: Context) -> None:
    if name := _saved_name(context):
        context.session.rules.move_view(name, -1)


def move_view_down(context: Context) -> None:
    if name := _saved_name(context):
        context.session.rules.move_view(name, 1)


# Papers of the same author or topic


async def more_like(context: Context) -> None:
    """Let the reader choose an author, keyword or the organization of the paper, and show its papers."""
    entry = context.session.entry(context.current())
    if entry is None:
        return
    paper = entry.paper
    named = [("author", name) for name in paper.authors] + [("keyword", name) for name in paper.keywords]
    if paper.organization:
        named.insert(0, ("org", paper.organization))
    kinds = {"org": "organization"}
    choices = [Choice(str(field_query(kind, name)), name, more=kinds.get(kind, kind)) for kind, name in named]
    if query := await context.choose("Show all papers by or about", choices):
        show_query(context, query)


def show_query(context: Context, query: str) -> None:
    """Show all papers that match a query, such as the id of a paper; escape goes back."""
    context.session.show_query(query)
    context.focus("list")


# A paper by its id


def search_hub(context: Context) -> None:
    """Search the Hub for the filter's text; an id or a link opens its paper, as that search doesn't find ids."""
    results = context.session.results
    named = None if results.wrong else results.query.only_paper()
    if named:
        open_paper(context, named)
    else:
        search_for_words(context)


def open_paper(context: Context, paper_id: str) -> None:
    """Show one paper, fetching it first if the library doesn't have it."""
    if context.session.entry(paper_id):
        show_query(context, paper_id)
    else:
        work = partial(_bring, context, paper_id)
        context.in_background(work, SEARCH, alone=True, awaits=paper_id, again="{filter} {read}")


async def _bring(context: Context, paper_id: str) -> None:
    """Fetch a paper and show it.

    Raises:
        SourceError: no source has it, or none could be reached.
    """
    result = await (await context.fetcher()).add([Reference(paper_id)])
    if paper_id in result.missing:
        raise (
            result.errors[0] if result.errors else NotFound("neither arXiv nor the Hub has it", task=f"open {paper_id}")
        )
    await context.session.index_and_show([paper_id])
    context.clear()
    show_query(context, paper_id)
