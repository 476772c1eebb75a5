"""All actions of the app, each once. A new action is an entry here and a function in `actions`.

Bindings, help, palette, `paperdeck keys`, the check of `[keys]` in the settings and the README's table are generated
from these entries.
"""

from __future__ import annotations

from .action import Action
from .app import LOOK_AND_APP
from .moves import MOVES, READING_ON
from .papers import COPIES, MARKS
from .texts import IN_DIALOGS, IN_TEXTS
from .views import FETCHING, FINDING, VIEWS_AND_RULES

ACTIONS: tuple[Action, ...] = (
    *MOVES, *READING_ON, *MARKS, *COPIES, *FINDING, *VIEWS_AND_RULES, *FETCHING, *LOOK_AND_APP, *IN_TEXTS, *IN_DIALOGS,
)  # fmt: skip
"""All actions, group by group."""

RENAMED = {
    "star-reading": "star",
    "reading-keys": "help",
    **dict.fromkeys(("digest-day", "digest-week", "digest-month"), "digest-period"),
}
"""Old ids in keymaps, with their current ones."""

_FIRST = (("filter", "filter"), ("star", "star"), ("copy-menu", "copy"))
_THEN = (
    ("full-text", "full text"),
    ("open-page", "open"),
    ("next-unread", "next unread"),
    ("day-before day-after", "day"),
    ("undo", "undo"),
    ("palette", "everything"),
    ("next-pane", "paper"),
    ("help", "help"),
)

HINTS: dict[str, tuple[tuple[str, str], ...]] = {
    "list": (*_FIRST, *_THEN),
    "no papers": (
        ("filter", "filter"),
        ("refresh", "fetch"),
        ("fetch-history", "older days"),
        ("palette", "everything"),
        ("help", "help"),
    ),
    "new papers": (*_FIRST, ("mark-list-read", "mark all read"), *_THEN),
    "new papers elsewhere": (*_FIRST, ("view-visit", "since last visit"), *_THEN),
    "selection": (
        ("star", "star"),
        ("mark-read", "read"),
        ("copy-menu", "copy"),
        ("tags", "tag"),
        ("hide", "hide"),
        ("export", "export"),
        ("select-range", "up to here"),
        ("back", "end"),
    ),
    "detail": (
        ("back", "list"),
        ("page", "read on"),
        ("star", "star"),
        ("copy-menu", "copy"),
        ("full-text", "full text"),
        ("open-page", "open"),
        ("links", "links"),
        ("more-like", "more like it"),
        ("note", "note"),
        ("palette", "everything"),
        ("help", "help"),
    ),
    "views": (
        ("read", "show"),
        ("next-pane", "list"),
        ("refresh", "fetch"),
        ("save-view", "save view"),
        ("rename-view", "rename"),
        ("delete-view", "delete"),
        ("palette", "everything"),
        ("help", "help"),
    ),
    "filter": (
        ("read", "to the list"),
        ("back", "clear"),
        ("next-offer", "fields"),
        ("earlier-filter", "earlier filters"),
        ("palette", "everything"),
        ("search-hub", "ask the Hub"),
    ),
    "filter without words": (
        ("read", "to the list"),
        ("back", "clear"),
        ("next-offer", "fields"),
        ("earlier-filter", "earlier filters"),
        ("palette", "everything"),
    ),
    "completing": (("next-pane", "complete"), ("next-offer", "next"), ("read", "to the list"), ("back", "clear")),
    "reading": (
        ("stop-reading", "back"),
        ("read-on", "read on"),
        ("contents", "contents"),
        ("search-text", "search"),
        ("star", "star"),
        ("copy-menu", "copy"),
        ("help", "help"),
    ),
    "digest": (
        ("digest-papers", "its papers"),
        ("digest-period", "period"),
        ("subscribe", "have it sent"),
        ("close-page", "back"),
    ),
    "page": (("read-on", "read on"), ("copy-page", "copy"), ("close-page", "back")),
}
"""The keys for the bottom line, by pane: the ids of one or two actions, and their effect in a word. The most important
come first, except that the last one is shown wherever there is room for any."""
