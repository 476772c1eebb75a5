"""All actions of the app, each once. A new action is an entry here and a function in `actions`.

Bindings, help, palette, `paperdeck keys`, the check of `[keys]` in the settings and the README's table are generated
from these entries.
"""

from __future__ import annotations

import sys

from .action import ANYWHERE, PAPER, SCROLLING, Action, Group


def _in_group(group: Group, *actions: Action) -> tuple[Action, ...]:
    """Actions with their heading in the help."""
    return tuple(action._replace(group=group) for action in actions)


# These are tables: an entry has a line or two, of which the formatter would make eight.
# fmt: off

_MOVES = _in_group(
    "Move",
    Action("next", "j,down", "Next", "Move to the next row", own="move(1)", where=("rows",)),
    Action("previous", "k,up", "Previous", "Move to the previous row", own="move(-1)", where=("rows",)),
    Action("first", "g,home", "First", "Go to the first row", own="first", where=("rows",), synonyms="top, start"),
    Action("last", "G,end", "Last", "Go to the last row", own="last", where=("rows",), synonyms="bottom"),
    Action("half-down", "ctrl+d", "Half a page down", "Move half a page down", own="page(0.5)", where=("rows",)),
    Action("half-up", "ctrl+u", "Half a page up", "Move half a page up", own="page(-0.5)", where=("rows",)),
    Action("scroll-down", "j,down", "Down", "Scroll down", own="move(1)", where=SCROLLING),
    Action("scroll-up", "k,up", "Up", "Scroll up", own="move(-1)", where=SCROLLING),
    Action("scroll-top", "g,home", "Top", "Go to the top", own="first", where=SCROLLING),
    Action("scroll-end", "G,end", "End", "Go to the end", own="last", where=SCROLLING, synonyms="bottom"),
    Action("half-on", "ctrl+d", "Half a page on", "Scroll half a page down", own="page(0.5)", where=SCROLLING),
    Action("half-back", "ctrl+u", "Half a page back", "Scroll half a page up", own="page(-0.5)", where=SCROLLING),
    # last of both, as a list of rows and the paper share them
    Action("page-down", "pagedown", "Page down", "Move a page down", own="page(1)", where=("rows", "detail")),
    Action("page-up", "pageup", "Page up", "Move a page up", own="page(-1)", where=("rows", "detail")),
    Action("next-unread", "n", "Next unread", "Go to the next unread paper", own="unread(1)"),
    Action("previous-unread", "p", "Previous unread", "Go to the previous unread paper", own="unread(-1)"),
    # handled before Textual's screen, which would go through the panes in another order
    Action("next-pane", "tab", "Next pane", "Go to the next pane", own="pane(1)", first=True),
    Action("previous-pane", "shift+tab", "Previous pane", "Go to the previous pane", own="pane(-1)", first=True),
)

_READING_ON = _in_group(
    "Read",
    Action("read", "enter", "Read", "Read the paper: mark it read and go to its abstract", own="read",
        synonyms="open, abstract"),
    Action("page", "space", "Page", "Scroll down a page; at the end, go to the next unread paper", own="page_or_next",
        synonyms="read on"),
    Action("back", "escape", "Back", "Clear the filter, or go back to the list or the previous view", own="back",
        synonyms="cancel, close, clear, stop waiting"),
    Action("full-text", "f", "Full text", "Read the full text of the paper, with contents and search", "read.full_text",
        synonyms="html, article, whole paper"),
    Action("discussion", "K", "Discussion", "Show the comments, models, datasets and Spaces on the Hub",
        "read.discussion", where=PAPER, synonyms="community, hub, data sets"),
    Action("raw", "backslash", "TeX source", "Show mathematics as TeX source, or as readable text", own="raw",
        synonyms="latex, formula, math"),
    Action("digest", "i", "Digest", "List the best papers of the last week; again: their summaries, then other periods",
        "digest.show", synonyms="best, summary, report"),
)

_MARKS = _in_group(
    "Mark",
    Action("star", "s", "Star", "Star the paper, or remove the star", "marks.star", where=PAPER,
        synonyms="bookmark, favourite, favorite, save, like, keep, unstar, unsave, unlike"),
    Action("mark-read", "m", "Read or unread", "Mark the paper read or unread", "marks.mark_read", where=PAPER,
        synonyms="done, seen, unseen"),
    Action("mark-list-read", "H", "Read all", "Mark all papers in the list as read", "marks.mark_list_read",
        synonyms="mark all read, catch up, clear, done, empty, inbox"),
    Action("hide", "x", "Hide", "Hide the paper, or show it again", "marks.hide", where=PAPER,
        synonyms="not interested, dismiss, remove, unhide, archive, unarchive"),
    Action("see-news", "w", "Seen", "Mark the news of the starred paper as seen", "marks.see_news", where=PAPER,
        synonyms="star watch, updates, dismiss, news of stars, new version, code released"),
    Action("undo", "u", "Undo", "Undo your last change, whatever it was", "undo.undo", where=ANYWHERE,
        synonyms="take back, revert"),
    Action("redo", "U", "Redo", "Redo the change that was undone", "undo.redo", where=ANYWHERE,
        synonyms="again, repeat"),
    Action("tags", "t", "Tags", "Add a tag to the paper, or remove one", "marks.tags", where=PAPER,
        synonyms="label, folder, collection, untag, unlabel, retag"),
    Action("note", "e", "Note", "Write a note on the paper", "marks.note", where=PAPER,
        synonyms="comment, annotate, remark, edit, delete note, remove note"),
    Action("note-elsewhere", "E", "Note in $EDITOR", "Write the note in your own editor",
        "marks.note_elsewhere", where=PAPER, synonyms="vim, external editor"),
    Action("select", "v", "Select", "Select the paper, to act on several at once, and go to the next",
        own="select('one')", synonyms="pick, choose, bulk, unselect, deselect"),
    Action("select-range", "V", "Select range", "Select from the last selected paper to this one",
        own="select('range')"),
    Action("select-all", "A", "Select all", "Select all papers in the list, or none", "views.select_all"),
)

_COPIES = _in_group(
    "Copy and open",
    Action("copy-menu", "c", "Copy", "Copy the paper in one of many formats", "copy.copy_menu", where=PAPER,
        synonyms="cite, citation, apa, mla, chicago, ieee, bibtex, ris, csl, markdown, clipboard, yank, reference"),
    Action("copy-link", "y", "Copy link", "Copy the link to the paper's page", "copy.copy_link", where=PAPER,
        synonyms="url, address, yank, share"),
    Action("copy-bibtex", "b", "Copy BibTeX", "Copy a BibTeX entry for the paper", "copy.copy_bibtex", where=PAPER,
        synonyms="cite, citation, latex, reference"),
    Action("published-form", "P", "Published form", "Look up the paper's published form; copy or reject it",
        "copy.published_form", where=PAPER,
        synonyms="venue, journal, conference, proceedings, in print, printed, doi, crossref, dblp, cite, preprint"),
    Action("open-page", "o", "Open page", "Open the paper's page in the browser", "open.open_page", where=PAPER,
        synonyms="web, browser, arxiv, hub"),
    Action("open-pdf", "O", "Open PDF", "Open the PDF in the browser", "open.open_pdf", where=PAPER,
        synonyms="browser"),
    Action("links", "l", "Links", "Open one of the paper's links by its letter", "open.links", where=PAPER,
        synonyms="code, github, project, repository"),
    Action("download-pdf", "D", "Download PDF", "Download the PDF and open it", "download.download_pdf", where=PAPER,
        synonyms="save, file"),
    Action("export", "X", "Export", "Export the selection, or the whole list, to a file or a feed", "export.export",
        synonyms="mendeley, obsidian, logseq, notes, markdown, bibtex file, csv, save as, atom, rss, newsboat"),
    Action("zotero", "Z", "Send to Zotero", "Send the paper to the Zotero on this machine", "export.zotero",
        where=PAPER, synonyms="reference manager, bibliography, library, save"),
    Action("pipe", "vertical_line", "Pipe", "Pass the paper or the selection to a command that you type", "open.pipe",
        where=PAPER, synonyms="command, program, run, shell, stdin, filter, llm, jq, external"),
    Action("subscribe", "S", "Subscribe", "Have a digest sent by mail, every day or week", "digest.subscribe",
        where=("main", "digest"), synonyms="mail, email, newsletter, schedule, cron, feed"),
)

_FINDING = _in_group(
    "Find",
    Action("filter", "slash", "Filter", "Filter the list by words or a query", own="filter",
        synonyms="search, find, query, narrow"),
    Action("earlier-filter", "up", "Earlier filter", "In the filter box: bring back the previous filter",
        own="screen.recall(-1)", where=("filter",), synonyms="history, recall, last query"),
    Action("next-offer", "down", "Next completion",
        "In the filter box: go to the next completion, or to a later filter", own="screen.recall(1)", where=("filter",),
        synonyms="complete, suggestion, history"),
    Action("next-order", "comma", "Order", "Sort by date, upvotes, recent upvotes, stars, comments or your taste",
        "views.next_order", synonyms="sort, rank, for you, recommended"),
    Action("related", "equals_sign", "Related", "Show the papers like this one, and those by the same people",
        "lists.show_related", where=PAPER,
        synonyms="similar, like this, neighbours, same people, recommend, more like this"),
    Action("more-like", "a", "More by", "Show more papers by one of the authors, or on one of the keywords",
        "views.more_like", where=PAPER, synonyms="similar, related, author, keyword, same"),
    Action("search-hub", "ctrl+s", "Search the Hub", "Search the Hub for the words in the filter box",
        "views.search_hub", synonyms="online, hugging face"),
    Action("catch-up", "B", "Catch up",
        "Show the best of what you missed, for 5, 15 or 30 minutes, and mark the rest read", "lists.catch_up",
        synonyms="budget, vacation, holiday, absence, missed, sweep, mark all read, minutes, time"),
    Action("fold", "z", "Topics", "Fold the list into topics, or unfold it", "lists.fold",
        synonyms="cluster, group, themes, day in topics, collapse, expand, unfold"),
    Action("day-before", "left_square_bracket,left", "Day before", "Show the previous day with papers", "days.before",
        where=("main", "rows", "detail"), synonyms="yesterday, earlier, older"),
    Action("day-after", "right_square_bracket,right", "Day after", "Show the next day with papers", "days.after",
        where=("main", "rows", "detail"), synonyms="later, newer"),
    Action("pick-day", "d", "Go to day", "Choose a day from those in the library", "days.pick",
        synonyms="date, calendar, jump"),
)

_VIEWS_AND_RULES = _in_group(
    "Views and rules",
    Action("save-view", "W", "Save view", "Save what the list shows as a view of your own", "views.save_view",
        synonyms="saved search, alert, query"),
    Action("rename-view", "ctrl+e", "Rename view", "Rename the saved view under the cursor", "views.rename_view",
        where=("views",)),
    Action("delete-view", "delete,backspace", "Delete",
        "Delete the saved view under the cursor, or remove the paper from the library", "views.delete",
        synonyms="remove, forget, drop"),
    Action("move-view-up", "ctrl+up,shift+up", "View up", "Move the saved view under the cursor up",
        "views.move_view_up", where=("views",)),
    Action("move-view-down", "ctrl+down,shift+down", "View down", "Move the saved view under the cursor down",
        "views.move_view_down", where=("views",)),
    Action("mute", "M", "Mute", "Mute a keyword, author or organization of the paper, or unmute it", "rules.mute",
        where=PAPER, synonyms="ignore, block, hide, silence, unblock, unsilence"),
    Action("follow", "F", "Follow", "Follow an author, organization or keyword of the paper, or unfollow it",
        "rules.follow", where=PAPER, synonyms="watch, subscribe, track, unwatch, unsubscribe"),
    Action("view-visit", "0", "Since last visit", "Show what arrived since your last visit", "views.since_last_visit",
        synonyms="new, unseen, latest, catch up"),
    Action("my-taste", "I", "My taste", "Show and change your taste: interests, and what you want more or less of",
        "rules.my_taste", synonyms="interests, profile, recommendations, for you, preferences"),
    Action("more-of", "plus", "More of this", "Count one of the reasons for this paper twice", "rules.more",
        where=PAPER, synonyms="taste, why, reason, recommend"),
    Action("less-of", "minus", "Less of this", "Ignore one of the reasons for this paper", "rules.less", where=PAPER,
        synonyms="taste, why, reason, not interested, veto"),
    *(
        Action(f"view-{number}", str(number), f"View {number}", f"Show view number {number}", f"views.view_{number}")
        for number in range(1, 10)
    ),
)

_FETCHING = _in_group(
    "Fetch",
    Action("refresh", "r", "Fetch", "Fetch the papers of the last few days now, and show those that have arrived",
        "fetch.refresh", synonyms="reload, update, sync"),
    Action("show-new", "full_stop", "Show new", "Add newly arrived papers to the list", "fetch.show_new",
        synonyms="arrived, waiting"),
    Action("fetch-history", "R", "Fetch history", "Fetch older days, back to May 2023", "fetch.fetch_history",
        where=("main", "digest"), synonyms="archive, backfill, old"),
    Action("stop-fetching", "ctrl+x", "Stop fetching", "Stop what is being fetched", "fetch.stop", where=ANYWHERE,
        synonyms="cancel, abort"),
)

_LOOK_AND_APP = _in_group(
    "Look and app",
    Action("theme", "T", "Theme", "Choose a theme", "look.theme", where=ANYWHERE,
        synonyms="colours, colors, dark, light, appearance, settings"),
    Action("denser", "less_than_sign", "Denser list",
        "Give each paper in the list one line less, so that more papers fit", own="arrange('lines', -1)",
        synonyms="compact, rows, lines, density, zoom, font"),
    Action("roomier", "greater_than_sign", "Roomier list",
        "Give each paper in the list one line more, so that titles fit", own="arrange('lines', 1)",
        synonyms="rows, lines, density, zoom, font, wrap, long titles"),
    Action("narrower", "", "Narrower list", "Give the list less room, the paper more", own="arrange('percent', -4)",
        synonyms="width, layout, font"),
    Action("wider", "", "Wider list", "Give the list more room, the paper less", own="arrange('percent', 4)",
        synonyms="width, layout, font"),
    Action("help", "question_mark", "Help", "Show all keys", "look.help", where=ANYWHERE,
        synonyms="keys, shortcuts, manual, config, settings"),
    Action("palette", "ctrl+p", "Palette", "Find an action, a view, a theme or a paper by its name", "look.palette",
        where=ANYWHERE, synonyms="command, run"),
    Action("edit-settings", "", "Settings", "Edit the settings file in your editor; it is created if necessary",
        "open.edit_settings", where=ANYWHERE,
        synonyms="config, configuration, preferences, options, keys, commands, toml"),
    Action("folders", "", "Folders", "Show where your stars, notes, settings and papers are stored", "look.folders",
        where=ANYWHERE, synonyms="data, files, paths, directory, storage, location, backup, uninstall"),
    Action("command-line", "", "Command line", "Show what paperdeck can do in the shell", "look.command_line",
        where=ANYWHERE,
        synonyms="commands, cli, terminal, script, import, backup, restore, pack, doctor, repair, subscribe, "
        "cron, mcp"),
    *(Action("suspend", "ctrl+z", "Suspend", "Go back to the shell; `fg` returns here", own="app.suspend_process",
        where=ANYWHERE, synonyms="shell, background"),) * (sys.platform != "win32"),  # Windows has no job control
    Action("quit", "q,ctrl+q", "Quit", "Quit; everything is saved already", own="app.quit",
        synonyms="exit, leave, close"),
)

_IN_TEXTS = _in_group(
    "In a text",
    Action("stop-reading", "escape,q", "Back", "Leave the text", own="back", where=("reading",),
        synonyms="close, quit"),
    Action("contents", "C", "Contents", "Go to a section", own="contents", where=("reading",),
        synonyms="sections, headings, outline, toc"),
    Action("search-text", "slash", "Search", "Search in the text", own="search", where=("reading",), synonyms="find"),
    Action("next-match", "n", "Next match", "Go to the next match", own="match(1)", where=("reading",)),
    Action("previous-match", "N", "Previous match", "Go to the previous match", own="match(-1)", where=("reading",)),
    Action("pick-link", "L", "Links in the text", "Open a link that is on the screen", own="links", where=("reading",),
        synonyms="references, url"),
    Action("read-on", "space,pagedown", "Page down", "Scroll down a page", own="page(1)",
        where=("text", "page", "digest")),
    Action("read-back", "backspace,pageup", "Page up", "Scroll up a page", own="page(-1)",
        where=("text", "page", "digest")),
    Action("close-page", "escape,q", "Back", "Leave the page", own="app.pop_screen", where=("page", "digest"),
        synonyms="close, quit"),
    Action("copy-page", "y", "Copy the page", "Copy the text of the page", own="copy_text", where=("page",),
        synonyms="clipboard, yank, command line"),
    Action("digest-papers", "enter", "Papers", "Show the papers of the digest as a list", "digest.list_papers",
        where=("digest",)),
    Action("digest-period", "i", "Other period", "Show the digest of another period: the last month, day or week",
        "digest.next_period", where=("digest",), synonyms="month, day, week"),
)

_IN_DIALOGS = _in_group(
    "In dialogs",
    Action("close-dialog", "escape", "Close", "Close the dialog and change nothing", own="dismiss",
        where=("picker", "prompt"), first=True, synonyms="cancel"),
    Action("next-choice", "down,ctrl+n", "Next choice", "Go to the next choice", own="move(1)", where=("picker",),
        first=True),
    Action("previous-choice", "up,ctrl+p", "Previous choice", "Go to the previous choice", own="move(-1)",
        where=("picker",), first=True),
    Action("preview-down", "pagedown", "Preview down", "Scroll the preview down", own="page(1)",
        where=("picker",), first=True),
    Action("preview-up", "pageup", "Preview up", "Scroll the preview up", own="page(-1)",
        where=("picker",), first=True),
    Action("keep-note", "escape,ctrl+s", "Keep the note", "Save the note and close it", own="keep", where=("note",),
        first=True, synonyms="save"),
    Action("discard-note", "ctrl+g", "Discard the note", "Close the note and leave it as it was", own="discard",
        where=("note",), first=True, synonyms="cancel"),
)

ACTIONS: tuple[Action, ...] = (
    *_MOVES, *_READING_ON, *_MARKS, *_COPIES, *_FINDING, *_VIEWS_AND_RULES, *_FETCHING, *_LOOK_AND_APP, *_IN_TEXTS,
    *_IN_DIALOGS,
)
"""All actions, group by group."""

RENAMED = {
    "star-reading": "star",
    "reading-keys": "help",
    "last-match": "previous-match",
    **dict.fromkeys(("digest-day", "digest-week", "digest-month"), "digest-period"),
}
"""Old ids in keymaps, with their current ones."""

_FIRST = (("filter", "filter"), ("star", "star"), ("copy-menu", "copy"))
_THEN = (("full-text", "full text"), ("open-page", "open"), ("next-unread", "next unread"),
         ("day-before day-after", "day"), ("undo", "undo"), ("palette", "everything"), ("next-pane", "paper"),
         ("help", "help"))
_IN_FILTER = (("read", "to the list"), ("back", "clear"), ("next-offer", "fields"),
              ("earlier-filter", "earlier filters"), ("palette", "everything"))

HINTS: dict[str, tuple[tuple[str, str], ...]] = {
    "list": (*_FIRST, *_THEN),
    "no papers": (("filter", "filter"), ("refresh", "fetch"), ("fetch-history", "older days"),
                  ("palette", "everything"), ("help", "help")),
    "new papers": (*_FIRST, ("mark-list-read", "mark all read"), *_THEN),
    "new papers elsewhere": (*_FIRST, ("view-visit", "since last visit"), *_THEN),
    "selection": (("star", "star"), ("mark-read", "read"), ("copy-menu", "copy"), ("tags", "tag"), ("hide", "hide"),
                  ("export", "export"), ("select-range", "up to here"), ("back", "end")),
    "detail": (("back", "list"), ("page", "read on"), ("star", "star"), ("copy-menu", "copy"),
               ("full-text", "full text"), ("open-page", "open"), ("links", "links"), ("more-like", "more like it"),
               ("note", "note"), ("palette", "everything"), ("help", "help")),
    "views": (("read", "show"), ("next-pane", "list"), ("refresh", "fetch"), ("save-view", "save view"),
              ("rename-view", "rename"), ("delete-view", "delete"), ("palette", "everything"), ("help", "help")),
    "filter": (*_IN_FILTER, ("search-hub", "ask the Hub")),
    "filter without words": _IN_FILTER,
    "completing": (("next-pane", "complete"), ("next-offer", "next"), ("read", "to the list"), ("back", "clear")),
    "reading": (("stop-reading", "back"), ("read-on", "read on"), ("contents", "contents"), ("search-text", "search"),
                ("star", "star"), ("copy-menu", "copy"), ("help", "help")),
    "digest": (("digest-papers", "its papers"), ("digest-period", "period"), ("subscribe", "have it sent"),
               ("close-page", "back")),
    "page": (("read-on", "read on"), ("copy-page", "copy"), ("close-page", "back")),
}
"""The keys for the bottom line, by pane: the ids of one or two actions, and their effect in a word. The most important
come first, except that the last one is shown wherever there is room for any."""
