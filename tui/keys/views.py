"""Finding papers, views and rules, fetching, the app itself."""

from __future__ import annotations

import sys

from .action import ANYWHERE, APP, FETCH, FIND, PAPER, VIEWS, Action

FINDING: tuple[Action, ...] = (
    Action(
        "filter",
        "slash",
        "Filter",
        "Filter the list by words or a query",
        FIND,
        own="filter",
        synonyms="search, find, query, narrow",
    ),
    Action(
        "next-order",
        "comma",
        "Order",
        "Sort by date, upvotes, rise, stars, comments or your taste",
        FIND,
        "views.next_order",
        synonyms="sort, rank, for you, recommended",
    ),
    Action(
        "related",
        "equals_sign",
        "Related",
        "Show the papers like this one, and those by the same people",
        FIND,
        "related.show_related",
        where=PAPER,
        synonyms="similar, like this, neighbours, same people, recommend, more like this",
    ),
    Action(
        "more-like",
        "a",
        "More by",
        "Show more papers by an author, or about a keyword, of this paper",
        FIND,
        "views.more_like",
        where=PAPER,
        synonyms="similar, related, author, keyword, same",
    ),
    Action(
        "search-hub",
        "ctrl+s",
        "Search the Hub",
        "Search the Hub for the words in the filter box",
        FIND,
        "fetch.search_hub",
        synonyms="online, hugging face",
    ),
    Action(
        "catch-up",
        "B",
        "Catch up",
        "Show the best of what you missed, for 5, 15 or 30 minutes, and mark the rest read",
        FIND,
        "catch_up.begin",
        synonyms="budget, vacation, holiday, absence, missed, sweep, mark all read, minutes, time",
    ),
    Action(
        "fold",
        "z",
        "Topics",
        "Fold the list into topics, or unfold it",
        FIND,
        "topics.fold",
        synonyms="cluster, group, themes, day in topics, collapse, expand, unfold",
    ),
    Action(
        "day-before",
        "left_square_bracket",
        "Day before",
        "Show the listed day before",
        FIND,
        "days.before",
        synonyms="yesterday, earlier, older",
    ),
    Action(
        "day-after",
        "right_square_bracket",
        "Day after",
        "Show the listed day after",
        FIND,
        "days.after",
        synonyms="later, newer",
    ),
    Action(
        "pick-day",
        "d",
        "Go to day",
        "Choose a day from those in the library",
        FIND,
        "days.pick",
        synonyms="date, calendar, jump",
    ),
)


VIEWS_AND_RULES: tuple[Action, ...] = (
    Action(
        "save-view",
        "W",
        "Save view",
        "Save what the list shows as a view of your own",
        VIEWS,
        "views.save_view",
        synonyms="saved search, alert, query",
    ),
    Action(
        "rename-view", "ctrl+e", "Rename view", "Rename the saved view under the cursor", VIEWS, "views.rename_view"
    ),
    Action(
        "delete-view",
        "delete,backspace",
        "Delete",
        "Delete the saved view under the cursor, or remove the paper from the library",
        VIEWS,
        "views.delete",
        synonyms="remove, forget, drop",
    ),
    Action(
        "move-view-up", "ctrl+up", "View up", "Move the saved view under the cursor up", VIEWS, "views.move_view_up"
    ),
    Action(
        "move-view-down",
        "ctrl+down",
        "View down",
        "Move the saved view under the cursor down",
        VIEWS,
        "views.move_view_down",
    ),
    Action(
        "mute",
        "M",
        "Mute",
        "Mute a keyword, author or organization of the paper, or unmute it",
        VIEWS,
        "rules.mute",
        where=PAPER,
        synonyms="ignore, block, hide, silence",
    ),
    Action(
        "follow",
        "F",
        "Follow",
        "Follow an author, organization or keyword of the paper, or unfollow it",
        VIEWS,
        "rules.follow",
        where=PAPER,
        synonyms="watch, subscribe, track",
    ),
    Action(
        "view-visit",
        "0",
        "Since last visit",
        "Show what arrived since your last visit",
        VIEWS,
        "views.since_last_visit",
        synonyms="new, unseen, latest, catch up",
    ),
    Action(
        "my-taste",
        "I",
        "My taste",
        "Show and change what For you goes by: your interests, more of and less of",
        VIEWS,
        "rules.my_taste",
        synonyms="interests, profile, recommendations, for you, preferences",
    ),
    Action(
        "more-of",
        "plus",
        "More of this",
        "Let a reason for which the paper is for you count twice",
        VIEWS,
        "rules.more",
        where=PAPER,
        synonyms="taste, why, reason, recommend",
    ),
    Action(
        "less-of",
        "minus",
        "Less of this",
        "Let a reason for which the paper is for you count no more",
        VIEWS,
        "rules.less",
        where=PAPER,
        synonyms="taste, why, reason, not interested, veto",
    ),
    *(
        Action(
            f"view-{number}", str(number), f"View {number}", f"Show view number {number}", VIEWS, f"views.view_{number}"
        )
        for number in range(1, 10)
    ),
)


FETCHING: tuple[Action, ...] = (
    Action(
        "refresh",
        "r",
        "Fetch",
        "Fetch the papers of the last days now",
        FETCH,
        "fetch.refresh",
        synonyms="reload, update, sync",
    ),
    Action(
        "show-new",
        "full_stop",
        "Show new",
        "Add the papers that have arrived to the list",
        FETCH,
        "fetch.show_new",
        synonyms="arrived, waiting",
    ),
    Action(
        "fetch-history",
        "R",
        "Fetch history",
        "Fetch older days, back to May 2023",
        FETCH,
        "fetch.fetch_history",
        synonyms="archive, backfill, old",
    ),
    Action(
        "stop-fetching",
        "ctrl+x",
        "Stop fetching",
        "Stop what is being fetched",
        FETCH,
        "fetch.stop",
        where=ANYWHERE,
        synonyms="cancel, abort",
    ),
)


SUSPEND = Action(
    "suspend",
    "ctrl+z",
    "Suspend",
    "Go back to the shell; `fg` returns here",
    APP,
    own="app.suspend_process",
    where=ANYWHERE,
    synonyms="shell, background",
)
"""Not on Windows, which has no job control."""

LOOK_AND_APP: tuple[Action, ...] = (
    Action(
        "theme",
        "T",
        "Theme",
        "Choose a theme",
        APP,
        "look.theme",
        where=ANYWHERE,
        synonyms="colours, colors, dark, light, appearance, settings",
    ),
    Action(
        "denser",
        "less_than_sign",
        "Denser list",
        "Give each paper in the list a line less, so that more papers fit",
        APP,
        own="arrange('lines', -1)",
        synonyms="compact, rows, lines, density, zoom, font",
    ),
    Action(
        "roomier",
        "greater_than_sign",
        "Roomier list",
        "Give each paper in the list a line more, so that titles are read whole",
        APP,
        own="arrange('lines', 1)",
        synonyms="rows, lines, density, zoom, font, wrap, long titles",
    ),
    Action(
        "narrower",
        "",
        "Narrower list",
        "Give the list less room, the paper more",
        APP,
        own="arrange('percent', -4)",
        synonyms="width, layout, font",
    ),
    Action(
        "wider",
        "",
        "Wider list",
        "Give the list more room, the paper less",
        APP,
        own="arrange('percent', 4)",
        synonyms="width, layout, font",
    ),
    Action(
        "help",
        "question_mark",
        "Help",
        "Show all keys",
        APP,
        "look.help",
        where=ANYWHERE,
        synonyms="keys, shortcuts, manual, config, settings",
    ),
    Action(
        "palette",
        "ctrl+p",
        "Palette",
        "Find an action, a view, a theme or a paper by its name",
        APP,
        "look.palette",
        where=ANYWHERE,
        synonyms="command, run",
    ),
    Action(
        "edit-settings",
        "",
        "Settings",
        "Edit the settings file in your editor; it is made if there is none",
        APP,
        "open.edit_settings",
        where=ANYWHERE,
        synonyms="config, configuration, preferences, options, keys, commands, toml",
    ),
    Action(
        "folders",
        "",
        "Folders",
        "Show where your stars, notes, settings and papers are stored",
        APP,
        "look.folders",
        where=ANYWHERE,
        synonyms="data, files, paths, directory, storage, location, backup, uninstall",
    ),
    *((SUSPEND,) if sys.platform != "win32" else ()),
    Action(
        "quit", "q", "Quit", "Quit; everything is saved already", APP, own="app.quit", synonyms="exit, leave, close"
    ),
)
