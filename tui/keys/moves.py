"""Actions for moving and reading."""

from __future__ import annotations

from .action import DETAIL, MOVE, PAPER, READ, ROWS, SCROLLING, Action

MOVES: tuple[Action, ...] = (
    Action("next", "j,down", "Next", "Move to the next row", MOVE, own="move(1)", where=(ROWS,)),
    Action("previous", "k,up", "Previous", "Move to the previous row", MOVE, own="move(-1)", where=(ROWS,)),
    Action("first", "g,home", "First", "Go to the first row", MOVE, own="first", where=(ROWS,), synonyms="top, start"),
    Action("last", "G,end", "Last", "Go to the last row", MOVE, own="last", where=(ROWS,), synonyms="bottom"),
    Action("half-down", "ctrl+d", "Half a page down", "Move half a page down", MOVE, own="page(0.5)", where=(ROWS,)),
    Action("half-up", "ctrl+u", "Half a page up", "Move half a page up", MOVE, own="page(-0.5)", where=(ROWS,)),
    Action("scroll-down", "j,down", "Down", "Scroll down", MOVE, own="move(1)", where=SCROLLING),
    Action("scroll-up", "k,up", "Up", "Scroll up", MOVE, own="move(-1)", where=SCROLLING),
    Action("scroll-top", "g,home", "Top", "Go to the top", MOVE, own="first", where=SCROLLING),
    Action("scroll-end", "G,end", "End", "Go to the end", MOVE, own="last", where=SCROLLING, synonyms="bottom"),
    Action("half-on", "ctrl+d", "Half a page on", "Scroll half a page down", MOVE, own="page(0.5)", where=SCROLLING),
    Action("half-back", "ctrl+u", "Half a page back", "Scroll half a page up", MOVE, own="page(-0.5)", where=SCROLLING),
    # last of both, as a list of rows and the paper share them
    Action("page-down", "pagedown", "Page down", "Move a page down", MOVE, own="page(1)", where=(ROWS, DETAIL)),
    Action("page-up", "pageup", "Page up", "Move a page up", MOVE, own="page(-1)", where=(ROWS, DETAIL)),
    Action("next-unread", "n", "Next unread", "Go to the next unread paper", MOVE, own="unread(1)"),
    Action("previous-unread", "p", "Previous unread", "Go to the previous unread paper", MOVE, own="unread(-1)"),
    # handled before Textual's screen, which would go through the panes in another order
    Action("next-pane", "tab", "Next pane", "Go to the next pane", MOVE, own="pane(1)", first=True),
    Action("previous-pane", "shift+tab", "Previous pane", "Go to the previous pane", MOVE, own="pane(-1)", first=True),
)


READING_ON: tuple[Action, ...] = (
    Action(
        "read",
        "enter",
        "Read",
        "Read the paper: mark it read and go to its abstract",
        READ,
        own="read",
        synonyms="open, abstract",
    ),
    Action(
        "page",
        "space",
        "Page",
        "Read on by a page; at the end, go to the next unread paper",
        READ,
        own="page_or_next",
        synonyms="scroll",
    ),
    Action(
        "back",
        "escape",
        "Back",
        "Clear the filter, or go back to the list or the view before",
        READ,
        own="back",
        synonyms="cancel, close, clear, stop waiting",
    ),
    Action(
        "full-text",
        "f",
        "Full text",
        "Read the full text of the paper, with contents and search",
        READ,
        "read.full_text",
        synonyms="html, article, whole paper",
    ),
    Action(
        "discussion",
        "K",
        "Discussion",
        "Show the comments, models, data sets and spaces on the Hub",
        READ,
        "read.discussion",
        where=PAPER,
        synonyms="community, comments, hub",
    ),
    Action(
        "raw",
        "backslash",
        "TeX source",
        "Show mathematics as TeX source, or as readable text",
        READ,
        own="raw",
        synonyms="latex, formula, math",
    ),
    Action(
        "digest",
        "i",
        "Digest",
        "List the best papers of the last week; again: their summaries, then other periods",
        READ,
        "digest.show",
        synonyms="best, summary, report",
    ),
)
