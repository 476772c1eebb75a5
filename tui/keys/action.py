"""An entry of the registry: an action with its name, keys and places."""

from __future__ import annotations

from typing import NamedTuple

MAIN, ROWS, DETAIL = "main", "rows", "detail"
"""The main screen; its two lists of rows (papers and views); the detail pane, which scrolls."""
FILTER, VIEWS_LIST = "filter", "views"
"""The filter box, and the views pane."""
READING, TEXT, DIGEST, PAGE = "reading", "text", "digest", "page"
"""The screen of a full text or discussion; its scrolling text; the digest; any other page of text."""
PICKER, PROMPT, NOTE = "picker", "prompt", "note"
"""The dialogs: a picker, a one-line prompt, a note."""

PLACE_NAMES = {
    MAIN: "main screen",
    ROWS: "lists",
    DETAIL: "paper",
    FILTER: "filter box",
    VIEWS_LIST: "views",
    READING: "full text or discussion",
    TEXT: "full text or discussion",
    DIGEST: "digest",
    PAGE: "other page of text",
    PICKER: "choices",
    PROMPT: "prompt",
    NOTE: "note",
}
"""The places in words, for the lists of keys."""

PAPER = (MAIN, READING)
"""Screens with a current paper."""
SCROLLING = (DETAIL, TEXT, PAGE, DIGEST)
"""Places that scroll by lines."""
ANYWHERE = (MAIN, READING, DIGEST, PAGE)
"""All screens except dialogs."""

LAYERS: tuple[tuple[str, ...], ...] = (
    (MAIN, ROWS, VIEWS_LIST),
    (MAIN, FILTER),
    (MAIN, DETAIL),
    (READING, TEXT),
    (DIGEST,),
    (PAGE,),
    (PICKER,),
    (PROMPT,),
    (NOTE,),
)
"""Places whose keys work at the same time, so no key may be used twice among them."""


MOVE, READ, MARK, COPY, FIND = "Move", "Read", "Mark", "Copy and open", "Find"
OWN = "Your commands"
VIEWS, FETCH, APP, IN_TEXT, DIALOGS = "Views and rules", "Fetch", "Look and app", "In a text", "In dialogs"
GROUPS = (MOVE, READ, MARK, COPY, OWN, FIND, VIEWS, FETCH, APP, IN_TEXT, DIALOGS)
"""The headings of the help, in order."""


class Action(NamedTuple):
    """One action."""

    id: str
    """Its name in the settings, such as `star`."""
    keys: str
    """Textual's names of its keys, separated by commas; empty if it has none."""
    name: str
    """A word or two, for the bottom line and the palette."""
    help: str
    """Its effect, in a sentence without a full stop."""
    run: str = ""
    """The function in `actions` that runs it, such as `marks.star`; its argument is the context."""
    own: str = ""
    """Or an action of the pane, screen or dialog itself, such as `move(1)`."""
    where: tuple[str, ...] = (MAIN,)
    """The places where it works."""
    synonyms: str = ""
    """Other words that find it."""
    first: bool = False
    """Whether the key runs it before the focused widget gets the key."""
    group: str = ""
    """Its heading in the help."""

    @property
    def words(self) -> str:
        """All words that find it."""
        return f"{self.id} {self.name} {self.help} {self.group} {self.synonyms}".casefold()

    @property
    def place_names(self) -> str:
        """The places where it works, in words."""
        return ", ".join(dict.fromkeys(PLACE_NAMES[place] for place in self.where))

    @property
    def textual(self) -> str:
        """The Textual action for a binding or a clickable word."""
        return self.own or f"app.run({self.id!r})"

    @property
    def click(self) -> str:
        """The Textual action for a clickable word outside its own widget."""
        if not self.own or self.own.startswith(("app.", "screen.")):
            return self.textual
        return f"focused.{self.own}" if {ROWS, DETAIL, TEXT}.intersection(self.where) else f"screen.{self.own}"
