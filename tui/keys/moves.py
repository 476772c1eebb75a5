"""Actions for moving and reading."""

from __future__ import annotations

from .action import DETAIL, MOVE, PAPER, READ, ROWS, SCROLLING, Action, in_group

MOVES = in_group(
    MOVE,
    Action("next", "j,down", "Next", "Move to the next row", own="move(1)", where=(ROWS,)),
    Action("previous", "k,up", "Previous", "Move to the previous row", own="move(-1)", where=(ROWS,)),
    Action("first", "g,home", "First", "Go to the first row", own="first", where=(ROWS,), synonyms="top, start"),
    Action("last", "G,end", "Last", "Go to the last row", own="last", where=(ROWS,), synonyms="bottom"),
    Action("half-down", "ctrl+d", "Half a page down", "Move half a page down", own="page(0.5)", where=(ROWS,)),
    Action("half-up", "ctrl+u", "Half a page up", "Move half a page up", own="page(-0.5)", where=(ROWS,)),
    Action("scroll-down", "j,down", "Down", "Scroll down", own="move(1)", where=SCROLLING),
    Action("scroll-up", "k,up", "Up", "Scroll up", own="move(-1)", where=SCROLLING),
    Action("scroll-top", "g,home", "Top", "Go to the top", own="first", where=SCROLLING),
    Action("scroll-end", "G,end", "End", "Go to the end", own="last", where=SCROLLING, synonyms="bottom"),
    Action("half-on", "ctrl+d", "Half a page on", "Scroll half a page down", own="page(0.5)", where=SCROLLING),
    Action("half-back", "ctrl+u", "Half a page back", "Scroll half a page up", own="page(-0.5)", where=SCROLLING),
    # last of both, as a list of rows and the paper share them
    Action("page-down", "pagedown", "Page down", "Move a page down", own="page(1)", where=(ROWS, DETAIL)),
    Action("page-up", "pageup", "Page up", "Move a page up", own="page(-1)", where=(ROWS, DETAIL)),
    Action("next-unread", "n", "Next unread", "Go to the next unread paper", own="unread(1)"),
    Action("previous-unread", "p", "Previous unread", "Go to the previous unread paper", own="unread(-1)"),
    # handled before Textual's screen, which would go through the panes in another order
    Action("next-pane", "tab", "Next pane", "Go to the next pane", own="pane(1)", first=True),
    Action("previous-pane", "shift+tab", "Previous pane", "Go to the previous pane", own="pane(-1)", first=True),
)


READING_ON = in_group(
    READ,
    Action(
        "read",
        "enter",
        "Read",
        "Read the paper: mark it read and go to its abstract",
        own="read",
        synonyms="open, abstract",
    ),
    Action(
        "page",
        "space",
        "Page",
        "Scroll down a page; at the end, go to the next unread paper",
        own="page_or_next",
        synonyms="scroll",
    ),
    Action(
        "back",
        "escape",
        "Back",
        "Clear the filter, or go back to the list or the previous view",
        own="back",
        synonyms="cancel, close, clear, stop waiting",
    ),
    Action(
        "full-text",
        "f",
        "Full text",
        "Read the full text of the paper, with contents and search",
        "read.full_text",
        synonyms="html, article, whole paper",
    ),
    Action(
        "discussion",
        "K",
        "Discussion",
        "Show the comments, models, datasets and Spaces on the Hub",
        "read.discussion",
        where=PAPER,
        synonyms="community, comments, hub",
    ),
    Action(
        "raw",
        "backslash",
        "TeX source",
        "Show mathematics as TeX source, or as readable text",
        own="raw",
        synonyms="latex, formula, math",
    ),
    Action(
        "digest",
        "i",
        "Digest",
        "List the best papers of the last week; again: their summaries, then other periods",
        "digest.show",
        synonyms="best, summary, report",
    ),
)
