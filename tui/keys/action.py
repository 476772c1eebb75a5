"""One line of the registry: what a key does, what it is called, and where it works."""

from __future__ import annotations

from typing import NamedTuple

MAIN, ROWS, DETAIL = "main", "rows", "detail"
"""The main screen; its two lists (papers and views), which move by rows; the detail pane, which scrolls."""
FILTER, VIEWS_LIST = "filter", "views"
"""The filter box, and the pane of views."""
READING, TEXT, DIGEST, PAGE = "reading", "text", "digest", "page"
"""The screen of a full text or discussion; the text on it, which scrolls; the digest; any other page of text."""
PICKER, PROMPT, NOTE = "picker", "prompt", "note"
"""The dialogs: choosing, typing one line, writing a note."""

PAPER = (MAIN, READING)
"""Wherever a paper is current."""
SCROLLING = (DETAIL, TEXT, PAGE, DIGEST)
"""Whatever scrolls by lines."""
ANYWHERE = (MAIN, READING, DIGEST, PAGE)
"""Every screen that is not a dialog."""

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
"""Places whose keys work at the same time, so that none of them may be used twice."""


MOVE, READ, MARK, COPY, FIND = "Move", "Read", "Mark", "Copy and open", "Find"
OWN = "Your commands"
VIEWS, FETCH, APP, IN_TEXT, DIALOGS = "Views and rules", "Fetch", "Look and app", "In a text", "In dialogs"
GROUPS = (MOVE, READ, MARK, COPY, OWN, FIND, VIEWS, FETCH, APP, IN_TEXT, DIALOGS)
"""The headings of the help, in order."""


class Action(NamedTuple):
    """An action of the reader."""

    id: str
    """Its name in the settings, such as `star`."""
    keys: str
    """Textual's names of its keys, with commas between them; empty if it has none."""
    name: str
    """A word or two, for the bottom line and the palette."""
    help: str
    """What it does, in a sentence without a full stop."""
    group: str
    """The heading it stands under in the help."""
    run: str = ""
    """The function in `actions` that runs it, such as `star_and_read.star`; it takes the context."""
    own: str = ""
    """Or the action of the pane, screen or dialog itself, such as `move(1)`."""
    where: tuple[str, ...] = (MAIN,)
    """The places where it works."""
    synonyms: str = ""
    """What else people call it, for finding it."""
    first: bool = False
    """Whether the key goes here before the widget that has the focus sees it."""

    @property
    def words(self) -> str:
        """Everything it can be found by."""
        return f"{self.id} {self.name} {self.help} {self.group} {self.synonyms}".casefold()

    @property
    def textual(self) -> str:
        """What a Textual binding or a click on a word runs."""
        return self.own or f"app.run({self.id!r})"

    @property
    def click(self) -> str:
        """What a click on a word outside its own widget runs."""
        if not self.own or self.own.startswith(("app.", "screen.")):
            return self.textual
        return f"focused.{self.own}" if {ROWS, DETAIL, TEXT}.intersection(self.where) else f"screen.{self.own}"
