"""Actions on the look of the app, and on the app itself."""

from __future__ import annotations

import sys

from .action import ANYWHERE, APP, Action, in_group

SUSPEND = Action(
    "suspend",
    "ctrl+z",
    "Suspend",
    "Go back to the shell; `fg` returns here",
    own="app.suspend_process",
    where=ANYWHERE,
    synonyms="shell, background",
)
"""Absent on Windows, which has no job control."""

LOOK_AND_APP = in_group(
    APP,
    Action(
        "theme",
        "T",
        "Theme",
        "Choose a theme",
        "look.theme",
        where=ANYWHERE,
        synonyms="colours, colors, dark, light, appearance, settings",
    ),
    Action(
        "denser",
        "less_than_sign",
        "Denser list",
        "Give each paper in the list one line less, so that more papers fit",
        own="arrange('lines', -1)",
        synonyms="compact, rows, lines, density, zoom, font",
    ),
    Action(
        "roomier",
        "greater_than_sign",
        "Roomier list",
        "Give each paper in the list one line more, so that titles fit",
        own="arrange('lines', 1)",
        synonyms="rows, lines, density, zoom, font, wrap, long titles",
    ),
    Action(
        "narrower",
        "",
        "Narrower list",
        "Give the list less room, the paper more",
        own="arrange('percent', -4)",
        synonyms="width, layout, font",
    ),
    Action(
        "wider",
        "",
        "Wider list",
        "Give the list more room, the paper less",
        own="arrange('percent', 4)",
        synonyms="width, layout, font",
    ),
    Action(
        "help",
        "question_mark",
        "Help",
        "Show all keys",
        "look.help",
        where=ANYWHERE,
        synonyms="keys, shortcuts, manual, config, settings",
    ),
    Action(
        "palette",
        "ctrl+p",
        "Palette",
        "Find an action, a view, a theme or a paper by its name",
        "look.palette",
        where=ANYWHERE,
        synonyms="command, run",
    ),
    Action(
        "edit-settings",
        "",
        "Settings",
        "Edit the settings file in your editor; it is created if necessary",
        "open.edit_settings",
        where=ANYWHERE,
        synonyms="config, configuration, preferences, options, keys, commands, toml",
    ),
    Action(
        "folders",
        "",
        "Folders",
        "Show where your stars, notes, settings and papers are stored",
        "look.folders",
        where=ANYWHERE,
        synonyms="data, files, paths, directory, storage, location, backup, uninstall",
    ),
    Action(
        "command-line",
        "",
        "Command line",
        "Show what paperdeck can do in the shell",
        "look.command_line",
        where=ANYWHERE,
        synonyms="commands, cli, terminal, script, import, backup, restore, pack, doctor, repair, subscribe, cron, mcp",
    ),
    *((SUSPEND,) if sys.platform != "win32" else ()),
    Action(
        "quit",
        "q,ctrl+q",
        "Quit",
        "Quit; everything is saved already",
        own="app.quit",
        synonyms="exit, leave, close",
    ),
)
