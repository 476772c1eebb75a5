"""Actions of texts and dialogs."""

from __future__ import annotations

from .action import DIALOGS, DIGEST, IN_TEXT, NOTE, PAGE, PICKER, PROMPT, READING, TEXT, Action

IN_TEXTS: tuple[Action, ...] = (
    Action(
        "stop-reading",
        "escape,q",
        "Back",
        "Leave the text",
        IN_TEXT,
        own="back",
        where=(READING,),
        synonyms="close, quit",
    ),
    Action(
        "contents",
        "C",
        "Contents",
        "Go to a section",
        IN_TEXT,
        own="contents",
        where=(READING,),
        synonyms="sections, headings, outline, toc",
    ),
    Action(
        "search-text", "slash", "Search", "Search in the text", IN_TEXT, own="search", where=(READING,), synonyms="find"
    ),
    Action("next-match", "n", "Next match", "Go to the next match", IN_TEXT, own="match(1)", where=(READING,)),
    Action("last-match", "N", "Previous match", "Go to the previous match", IN_TEXT, own="match(-1)", where=(READING,)),
    Action(
        "pick-link",
        "L",
        "Links in the text",
        "Open a link that is on the screen",
        IN_TEXT,
        own="links",
        where=(READING,),
        synonyms="references, url",
    ),
    Action("read-on", "space,pagedown", "On", "Read on by a page", IN_TEXT, own="page(1)", where=(TEXT, PAGE, DIGEST)),
    Action(
        "read-back",
        "backspace,pageup",
        "Back a page",
        "Go back by a page",
        IN_TEXT,
        own="page(-1)",
        where=(TEXT, PAGE, DIGEST),
    ),
    Action(
        "close-page",
        "escape,q",
        "Back",
        "Leave the page",
        IN_TEXT,
        own="app.pop_screen",
        where=(PAGE, DIGEST),
        synonyms="close, quit",
    ),
    Action(
        "digest-papers",
        "enter",
        "Its papers",
        "Show the papers of the digest as a list",
        IN_TEXT,
        "digest.list_papers",
        where=(DIGEST,),
    ),
    Action("digest-day", "1", "Day", "Show the digest of the last day", IN_TEXT, "digest.show_day", where=(DIGEST,)),
    Action(
        "digest-week", "2", "Week", "Show the digest of the last week", IN_TEXT, "digest.show_week", where=(DIGEST,)
    ),
    Action(
        "digest-month", "3", "Month", "Show the digest of the last month", IN_TEXT, "digest.show_month", where=(DIGEST,)
    ),
)


IN_DIALOGS: tuple[Action, ...] = (
    Action(
        "close-dialog",
        "escape",
        "Close",
        "Close the dialog and change nothing",
        DIALOGS,
        own="dismiss",
        where=(PICKER, PROMPT),
        first=True,
        synonyms="cancel",
    ),
    Action(
        "next-choice",
        "down,ctrl+n",
        "Next choice",
        "Go to the next choice",
        DIALOGS,
        own="move(1)",
        where=(PICKER,),
        first=True,
    ),
    Action(
        "previous-choice",
        "up,ctrl+p",
        "Previous choice",
        "Go to the previous choice",
        DIALOGS,
        own="move(-1)",
        where=(PICKER,),
        first=True,
    ),
    Action(
        "preview-down",
        "pagedown",
        "Preview down",
        "Scroll down what is shown below the choices",
        DIALOGS,
        own="page(1)",
        where=(PICKER,),
        first=True,
    ),
    Action(
        "preview-up",
        "pageup",
        "Preview up",
        "Scroll up what is shown below the choices",
        DIALOGS,
        own="page(-1)",
        where=(PICKER,),
        first=True,
    ),
    Action(
        "keep-note",
        "escape,ctrl+s",
        "Keep the note",
        "Save the note and close it",
        DIALOGS,
        own="keep",
        where=(NOTE,),
        first=True,
        synonyms="save",
    ),
    Action(
        "discard-note",
        "ctrl+g",
        "Discard the note",
        "Close the note and leave it as it was",
        DIALOGS,
        own="discard",
        where=(NOTE,),
        first=True,
        synonyms="cancel",
    ),
)
