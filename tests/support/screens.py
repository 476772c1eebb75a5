"""Every screen and dialog of the reader, each with the way to it from the list; and how to get back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from textual.pilot import Pilot

from paperdeck.storage.fetch.hub.parser import Comment, Details, Repository
from paperdeck.storage.settings.settings import LookSettings
from paperdeck.tui.actions.download import downloads_in_words
from paperdeck.tui.app import Reader
from paperdeck.tui.panes.arrangement import MAX_LINES
from tests.support.app_tools import QUIET, settled

SIZES = {"wide": (120, 26), "medium": (80, 20), "narrow": (40, 12)}
THEMES = ("paperdeck-dark", "paperdeck-light")
STILL = QUIET._replace(look=LookSettings(motion=False))
"""Settings under which nothing moves by itself: messages stay, and no cursor blinks."""
Way = str | Callable[[Reader], None]
"""Keys separated by spaces, or a function that brings up a screen that keys alone can't."""


# Ways that keys alone can't go


def discussion(app: Reader) -> None:
    """What the Hub says, as if it had just been asked."""
    texts = ("It works well on [0,1) intervals.", "Thank you! See [a link](https://example.org/3).", "And `f(x)`?")
    comments = [
        Comment(
            id=str(number),
            author=f"reader-{number}",
            text=f"{texts[number % 3]}\n\nMore of it, in a second paragraph.",
            written=datetime(2026, 11, 19, tzinfo=UTC),
            parent=str(number - 1) if number % 3 else None,
            reactions=(("+1", 2),),
        )
        for number in range(5)
    ]
    spaces = (Repository("lab/demo", "https://huggingface.co/spaces/lab/demo", likes=3),)
    entry = app.session.entry(app.context.current())
    assert entry
    details = Details(entry.paper, spaces=spaces, totals=(0, 0, 7))
    app.run_worker(app.context.show_discussion(entry.paper, details, comments))


def complaints(app: Reader) -> None:
    """Problems in the settings."""
    ids = ("stars", "reed", "copy", "[/]", "filter-box", "undo-all")
    lines = [f"config.toml: keys: there is no action “{wrong}”; did you mean “star”?" for wrong in ids]
    app.context.show_page("Problems in the settings", "\n".join(lines))


def download(app: Reader) -> None:
    """Two downloads, and new papers waiting."""
    amounts = [(700_000, 2_000_000), (300_000, 1_000_000)]
    app.session.status.set(downloads=downloads_in_words(amounts, app.symbols))
    app.main.headline.waiting = "7"


def failure(app: Reader) -> None:
    """A failure that takes more than a line."""
    app.context.say("The Hub can't be reached (no connection); what is here stays, r tries again. " * 3, severe=True)


def view_named(key: str) -> Callable[[Reader], None]:
    """A view that may have no number."""

    def show(app: Reader) -> None:
        app.session.results.show(next(view for view in app.session.views.all() if view.key == key))

    return show


PANES: dict[str, Way] = {
    "list": "",
    "list, further down": "G",
    "paper": "enter",
    "paper, as TeX": "enter backslash",
    "views": "tab tab",
    "filtered": "slash a g",
    "filtered to nothing": "slash q q enter",
    "wrong query": "slash a : x",
    "selection": "v j V",
    "nothing followed": "6",
    "nothing trends": view_named("trending"),
    "earlier day": "left_square_bracket",
    "download": download,
    "failure": failure,
    "starred and undone": "s u",
    "read and hidden": "m j x j",
    "a line each": "less_than_sign less_than_sign",
    "two lines each": "less_than_sign",
}
DIALOGS: dict[str, Way] = {
    "copy": "A c",
    "links": "l",
    "more like it": "a",
    "tags": "t t",
    "note": "j j e",
    "mute": "M",
    "save view": "slash a g enter W",
    "export": "X",
    "export into": "X enter",
    "days": "d",
    "theme": "T",
    "keys": "tab question_mark",
    "palette": "ctrl+p s t a r",
}
TEXTS: dict[str, Way] = {
    "digest": "i i",
    "complaints": complaints,
    "full text": "f",
    "full text, further on": "f space space",
    "full text, searched": "f slash s o enter n",
    "searching the text": "f slash s o",
    "contents": "f C",
    "keys for reading": "f question_mark",
    "discussion": discussion,
}
EVERY_SIZE = frozenset(
    {"list", "paper", "views", "failure", "copy", "keys", "note", "export into", "digest", "full text", "discussion"}
)
"""The screens that are looked at in every size; the others only in the medium one."""
HOSTILE = ("list", "paper", "views", "copy", "tags", "note", "palette", "digest", "full text", "contents")
"""A screen with each widget, looked at with hostile texts."""
SCREENS = {"panes": PANES, "dialogs": DIALOGS, "texts": TEXTS}
"""The way to each screen, by kind."""


async def go_to(way: Way, app: Reader, pilot: Pilot[None]) -> None:
    """Go a way, and wait until all is shown."""
    if isinstance(way, str):
        for key in way.split():
            await pilot.press(key)
            await settled(pilot)  # a text opens a little after its key
    else:
        way(app)
    await settled(pilot)


async def go_back(app: Reader, pilot: Pilot[None]) -> None:
    """Go back to the list as it was at first."""
    while app.screen is not app.main:
        app.pop_screen()
        await pilot.pause()
    (app.session.places.state / "positions.json").unlink(missing_ok=True)
    app.session.days.shown = None
    app.session.views.made.clear()
    first = app.session.views.all()[0]
    if app.session.results.text or app.session.results.view != first:
        app.session.results.set_filter("")
        app.context.run("views.choose_view", first)
        await settled(pilot)
    while app.session.deeds.undo():
        pass
    app.main.action_arrange("lines", MAX_LINES)
    if app.main.detail._raw:
        app.main.detail.toggle_raw()
    app.session.status.set(downloads="")
    app.main.select(())
    app.main.show_headline()
    app.main.papers.move_cursor(0)
    app.main.follower.show()  # at once, as a dialog may cover the pane before it follows
    app.main.views_pane.move_cursor(0)
    app.main.focus_pane("list")
    app.main.footline.clear()
    app.clear_notifications()
    await pilot.pause()
    app.main.detail.jump_to(0)
