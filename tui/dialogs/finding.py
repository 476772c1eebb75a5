"""The help and the palette, filled from the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.identifiers import reference_id
from paperdeck.storage.search.query import FIELDS, parse
from paperdeck.storage.search.tree import Query, conjunction
from paperdeck.storage.text.alike import spellings_of
from paperdeck.tui.keys import Action, Place, action_of, grouped, keys_of
from paperdeck.tui.look.text import Symbols, symbols_of
from paperdeck.tui.model.choice import Choice
from paperdeck.tui.model.views import MAX_NUMBERED

from .picker import Picker

if TYPE_CHECKING:
    from textual.app import App

    from paperdeck.tui.model.session import Session
    from paperdeck.tui.model.views import View


LIKELY = ("copy-menu", "full-text", "star", "tags", "note", "open-page", "save-view", "search-hub", "undo", "digest")
"""The first entries of the palette: the most frequent actions."""


VIEW_ONE = action_of("view-1")
OTHER_VIEWS = frozenset(f"view-{number}" for number in range(2, MAX_NUMBERED + 1))
"""The nine keys of views are one line of the help."""
_MAX_PAPERS = 15  # in the palette


def places_here(app: App[None]) -> tuple[Place, ...]:
    """The places whose keys work on the front screen."""
    screen = type(app.screen).__name__
    if screen == "ReadingScreen":
        return "reading", "text"
    if screen in ("DigestScreen", "TextScreen"):
        return ("digest",) if screen == "DigestScreen" else ("page",)
    focused = app.screen.focused
    pane = focused.id if focused is not None else None
    if pane == "detail":
        return "main", "detail"
    return ("main", "rows", "views") if pane == "views" else ("main", "rows")


def shown_keys(app: App[None], session: Session, action: Action) -> str:
    return " ".join(app.get_key_display(Binding(key, "")) for key in keys_of(action, session.settings.keys))


def _choice(value: str, app: App[None], session: Session, action: Action) -> Choice:
    return Choice(value, action.help, shown_keys(app, session, action), synonyms=action.words, group=action.group)


def help_dialog(app: App[None], session: Session, own: Sequence[Action] = ()) -> Picker:
    """All keys that work here; returns the chosen one's Textual action."""
    actions = [action for _, actions in grouped(places_here(app), own) for action in actions]
    choices = [_choice(action.textual, app, session, action) for action in actions if action.id not in OTHER_VIEWS]
    choices = [
        choice._replace(key=f"{choice.key} to 9", text="Show a view by its number")
        if choice.value == VIEW_ONE.textual
        else choice
        for choice in choices
    ]
    keys = {name: shown_keys(app, session, action_of(name)) for name in ("next-pane", "earlier-filter", "next-offer")}
    choices += [*_signs(symbols_of(app)), *_queries(keys)]
    return Picker("Keys", choices, hint="what a key does; enter runs it", columns=2)


def _signs(symbols: Symbols) -> list[Choice]:
    """The legend of the symbols on the screen."""
    named = {
        symbols.star: "starred by you",
        symbols.followed: "by or about what you follow",
        symbols.fits: "fits your taste; the underlined row is the last that does",
        symbols.note: "with a note of yours",
        symbols.tag: "with a tag of yours",
        symbols.selected: "selected",
        symbols.read: "read",
        symbols.hidden: "hidden by you",
        symbols.muted: "muted by a rule of yours",
        symbols.upvotes: "upvotes on the Hub",
        symbols.comments: "comments on the Hub",
        symbols.code: "code, with its stars on GitHub",
        "42/45": "unread and all papers of the view that is shown; other views show unread ones",
        "+5": "arrived in this saved view since your last visit",
        f"{symbols.complete} {symbols.partial}": "a day that is complete, or partly fetched",
        f"{symbols.failed} {symbols.missing}": "a day that failed, or has not been fetched yet",
        f"{symbols.empty} ": "a day without papers",
    }
    return [Choice(f"sign {text}", text, sign, group="Signs", fixed=True) for sign, text in named.items()]


def _queries(keys: Mapping[str, str]) -> list[Choice]:
    """The syntax of the filter box, and the displayed keys that work there."""
    words = {
        keys["next-pane"]: "completes what is typed",
        keys["next-offer"]: "lists the fields; goes to another completion",
        keys["earlier-filter"]: "brings back an earlier filter",
        "an arXiv id": "or link: opens that paper",
        '"a b"': "these words next to each other",
        "-a": "without this word",
        "a OR b": "either word; ( ) groups",
        **{f"{name}:": field.about for name, field in FIELDS.items()},
    }
    return [Choice(f"query {word}", text, word, group="In the filter", fixed=True) for word, text in words.items()]


def _key_of_view(app: App[None], session: Session, view: View) -> str:
    """The displayed key that shows a view; empty if it has none."""
    shows = session.views.showing(view.key)
    return shown_keys(app, session, action_of(shows)) if shows else ""


def palette(app: App[None], session: Session, themes: list[str], own: Sequence[Action] = ()) -> Picker:
    """The palette; returns the kind and name of the choice."""
    actions = [action for _, actions in grouped(places_here(app), own) for action in actions if action.group != "Move"]
    actions.sort(key=lambda action: LIKELY.index(action.id) if action.id in LIKELY else len(LIKELY))
    choices = [
        _choice(f"action {action.textual}", app, session, action)._replace(group="")  # ordered by use, not by group
        for action in actions
        if not action.id.startswith("view-")
    ]
    views = [*session.views.all(), *session.counts.facets]
    choices += [Choice(f"view {view.key}", view.title, _key_of_view(app, session, view), "view") for view in views]
    choices += [Choice(f"theme {name}", name, more="theme") for name in themes]
    hint = "an action, view, theme or title"
    return Picker("Find and run", choices, hint=hint, look_up=partial(papers_named, session))


def papers_named(session: Session, typed: str) -> list[Choice]:
    """The paper with the typed id, else those with the words in their titles, newest first. Call in a thread."""
    try:
        query = parse(typed) if reference_id(typed) else _in_titles(typed)
        ids = session.finder.matching(query, _MAX_PAPERS) if query else []
    except InvalidInput:
        return []
    rows = [row for row in map(session.papers.row, ids) if row]
    return [Choice(f"paper {row.id}", row.title, more=row.byline or row.id) for row in rows]


def _in_titles(text: str) -> Query:
    """A query for words in titles.

    Raises:
        QueryError: it can't be understood.
    """
    words = [word.replace('"', "") for word in text.split()]
    return Query(conjunction(*(parse(f'title:"{word}"').node for word in words if spellings_of(word))))
