"""An entry of the registry: an action with its name, keys and places."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

Place = Literal[
    "main", "rows", "detail", "filter", "views", "reading", "text", "digest", "page", "picker", "prompt", "note"
]
"""Where keys work.

On the main screen: everywhere, in its lists of rows (papers and views), in the detail pane, which scrolls, in the
filter box, in the views pane. In a full text or discussion: everywhere, in its scrolling text. In a digest; in another
page of text. In the dialogs: a picker, a one-line prompt, a note.
"""

PLACE_NAMES: dict[Place, str] = {
    "main": "main screen",
    "rows": "lists",
    "detail": "paper",
    "filter": "filter box",
    "views": "views",
    "reading": "full text or discussion",
    "text": "full text or discussion",
    "digest": "digest",
    "page": "other page of text",
    "picker": "choices",
    "prompt": "prompt",
    "note": "note",
}
"""The places in words, for the lists of keys."""

PAPER: tuple[Place, ...] = ("main", "reading")
"""Screens with a current paper."""
SCROLLING: tuple[Place, ...] = ("detail", "text", "page", "digest")
"""Places that scroll by lines."""
ANYWHERE: tuple[Place, ...] = ("main", "reading", "digest", "page")
"""All screens except dialogs."""

LAYERS: tuple[tuple[Place, ...], ...] = (
    ("main", "rows", "views"),
    ("main", "filter"),
    ("main", "detail"),
    ("reading", "text"),
    ("digest",),
    ("page",),
    ("picker",),
    ("prompt",),
    ("note",),
)
"""Places whose keys work at the same time, so no key may be used twice among them."""

Group = Literal[
    "Move",
    "Read",
    "Mark",
    "Copy and open",
    "Your commands",
    "Find",
    "Views and rules",
    "Fetch",
    "Look and app",
    "In a text",
    "In dialogs",
]
GROUPS: tuple[Group, ...] = get_args(Group)
"""The headings of the help, in order."""
OWN: Group = "Your commands"


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
    where: tuple[Place, ...] = ("main",)
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
        return f"focused.{self.own}" if {"rows", "detail", "text"}.intersection(self.where) else f"screen.{self.own}"
