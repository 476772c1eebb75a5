"""The keys of the old app, until it runs the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.binding import Binding, BindingType


def _key(key: str, action: str, name: str, does: str, tooltip: str, *, first: bool = False) -> Binding:
    return Binding(key, action, does, id=name, tooltip=tooltip, show=False, priority=first)


APP_KEYS: list[BindingType] = [
    _key("enter", "read", "read", "Read", "Read the paper: mark it read and go to its text"),
    _key("space", "page_or_next", "page", "Page", "Read on by a page; at the end, go to the next unread paper"),
    _key("escape", "back", "back", "Back", "Clear the filter, or go back to the list"),
    _key("n", "unread(1)", "next-unread", "Next unread", "Go to the next unread paper"),
    _key("p", "unread(-1)", "previous-unread", "Previous unread", "Go to the previous unread paper"),
    _key("s", "star", "star", "Star", "Star the paper, or take the star away"),
    _key("m", "mark_read", "mark-read", "Read or unread", "Mark the paper read or unread"),
    _key("x", "hide", "hide", "Not interested", "Put the paper out of sight, or bring it back"),
    _key("u", "undo", "undo", "Undo", "Take back the last change of marks"),
    _key("U", "redo", "redo", "Redo", "Make the change again that was taken back"),
    _key("v", "select", "select", "Select", "Select the paper for an action on several, and go to the next"),
    _key("V", "select_range", "select-range", "Select range", "Select all papers since the one selected last"),
    _key("A", "select_all", "select-all", "Select all", "Select all papers of the list, or none"),
    _key("t", "tags", "tags", "Tags", "Put a tag on the paper, or take it off"),
    _key("e", "note", "note", "Note", "Write a note on the paper"),
    _key("E", "note_elsewhere", "note-elsewhere", "Note in $EDITOR", "Write the note in your own editor"),
    _key("c", "copy_menu", "copy-menu", "Copy", "Copy the paper in one of many forms"),
    _key("y", "copy_link", "copy-link", "Copy link", "Copy the link to the paper's page"),
    _key("b", "copy_bibtex", "copy-bibtex", "Copy BibTeX", "Copy a BibTeX entry of the paper"),
    _key("o", "open_link('page')", "open-page", "Open page", "Open the paper's page in the browser"),
    _key("O", "open_link('pdf')", "open-pdf", "Open PDF", "Open the PDF in the browser"),
    _key("X", "export", "export", "Export", "Export the selection, or the whole list, into a file"),
    _key("f", "full_text", "full-text", "Full text", "Read the full text of the paper, with contents and search"),
    _key("D", "download_pdf", "download-pdf", "Download PDF", "Download the PDF and open it"),
    _key("K", "discussion", "discussion", "Discussion", "Show what the Hub says of it: comments, models, data, spaces"),
    _key("slash", "filter", "filter", "Filter", "Narrow the list by words or a query"),
    _key("left_square_bracket", "day(-1)", "day-before", "Day before", "Show the listed day before"),
    _key("right_square_bracket", "day(1)", "day-after", "Day after", "Show the listed day after"),
    _key("d", "pick_day", "pick-day", "Go to day", "Choose a day from those in the library"),
    _key("comma", "next_order", "next-order", "Order", "Sort by date, upvotes, rise, stars, comments or your taste"),
    _key("W", "save_view", "save-view", "Save view", "Save what the list shows as a view of your own"),
    _key("M", "mute", "mute", "Mute", "Mute a keyword, author or organization of the paper"),
    _key("F", "follow", "follow", "Follow", "Follow an author, organization or keyword of the paper"),
    _key("ctrl+e", "rename_view", "rename-view", "Rename view", "Rename the saved view under the cursor"),
    _key("delete", "delete_view", "delete-view", "Delete view", "Delete the saved view under the cursor"),
    _key("ctrl+up", "move_view(-1)", "move-view-up", "View up", "Move the saved view up"),
    _key("ctrl+down", "move_view(1)", "move-view-down", "View down", "Move the saved view down"),
    _key("ctrl+s", "search_hub", "search-hub", "Search the Hub", "Search the Hub for the words in the filter box"),
    _key("R", "pick_history", "fetch-history", "Fetch history", "Fetch older days, back to May 2023"),
    _key("ctrl+x", "stop_fetching", "stop-fetching", "Stop fetching", "Stop what is being fetched"),
    _key("r", "refresh", "refresh", "Fetch", "Fetch the papers of the last days now"),
    _key("full_stop", "show_new", "show-new", "Show new", "Let the papers into the list that came meanwhile"),
    _key("backslash", "raw", "raw", "TeX source", "Show mathematics as its TeX source, or readable again"),
    _key("i", "digest", "digest", "Digest", "Show the digest: the best papers of the last week, day or month"),
    _key("S", "subscribe", "subscribe", "Subscribe", "Have a digest sent by mail, every day or week"),
    _key("l", "links", "links", "Links", "Open one of the paper's links by its letter"),
    _key("a", "more_like", "more-like", "More by", "Show more by an author, or about a keyword, of the paper"),
    _key("T", "theme", "theme", "Theme", "Choose a theme"),
    _key("less_than_sign", "widen(-4)", "narrower", "Narrower list", "Give the list less room, the paper more"),
    _key("greater_than_sign", "widen(4)", "wider", "Wider list", "Give the list more room, the paper less"),
    # before the screen takes them, which would go to the filter box, and through the panes in another order
    _key("tab", "pane(1)", "next-pane", "Next pane", "Go to the next pane", first=True),
    _key("shift+tab", "pane(-1)", "previous-pane", "Previous pane", "Go to the previous pane", first=True),
    _key("question_mark", "help", "help", "Help", "Show all keys"),
    _key("ctrl+p", "command_palette", "palette", "Palette", "Find an action, a view, a theme or a paper by its name"),
    _key("ctrl+z", "suspend_process", "suspend", "Suspend", "Go back to the shell; `fg` returns here"),
    _key("q", "quit", "quit", "Quit", "Leave; everything is saved already"),
    *(
        _key(str(number), f"view({number})", f"view-{number}", f"View {number}", f"Show view number {number}")
        for number in range(1, 10)
    ),
]
"""The keys that work wherever the focus is."""

BY_ID: dict[str, Binding] = {item.id: item for item in APP_KEYS if isinstance(item, Binding) and item.id}
"""The same by their ids."""

HINTS: dict[str, tuple[tuple[str, str], ...]] = {
    "list": (("filter", "filter"), ("star", "star"), ("copy-menu", "copy"), ("open-page", "open"), ("help", "help")),
    "detail": (("back", "list"), ("page", "read on"), ("star", "star"), ("copy-menu", "copy"), ("help", "help")),
    "filters": (("read", "show"), ("next-pane", "list"), ("refresh", "fetch"), ("help", "help")),
    "filter": (("read", "to the list"), ("back", "clear")),
}
"""The few keys worth a place on the screen, by pane: their ids, and a word on what they do."""


def check_keymap(keymap: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The part of the reader's keymap that can be used, and a sentence for each thing in it that can't.

    Args:
        keymap: Keys by the id of an action, several keys with commas between them.
    """
    app_keys = _by_id(APP_KEYS)
    pane_keys = _pane_keys() if keymap else {}
    complaints: list[str] = []
    usable: dict[str, str] = {}
    for name, keys in keymap.items():
        if name in app_keys or name in pane_keys:
            usable[name] = keys
        else:
            complaints.append(f"keys: there is no action “{name}”{_hint(name, [*app_keys, *pane_keys])}")
    return usable, complaints + _clashes(app_keys, {name: usable[name] for name in usable if name in app_keys})


def _by_id(bindings: Iterable[BindingType]) -> dict[str, str]:
    """The keys of bindings by their ids."""
    return {item.id: item.key for item in bindings if isinstance(item, Binding) and item.id}


def _pane_keys() -> dict[str, str]:
    """The keys that only work in a pane or on the reading screen."""
    from paperdeck.tui.panes.detail import Detail
    from paperdeck.tui.panes.line_list import LineList
    from paperdeck.tui.reading.screen import ReadingScreen

    return _by_id([*LineList.BINDINGS, *Detail.BINDINGS, *ReadingScreen.BINDINGS])


def _hint(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return f", did you mean “{near[0]}”?" if near else "; “paperdeck keys” lists them."


def _clashes(bindings: Mapping[str, str], chosen: Mapping[str, str]) -> list[str]:
    """A sentence for each key that the reader gave to two actions."""
    complaints: list[str] = []
    taken: dict[str, str] = {}
    for name, keys in {**bindings, **chosen}.items():
        for key in filter(None, (part.strip() for part in keys.split(","))):
            if key in taken and (name in chosen or taken[key] in chosen):
                complaints.append(f"keys: “{key}” is both “{taken[key]}” and “{name}”.")
            taken.setdefault(key, name)
    return complaints
