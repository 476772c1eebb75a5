"""The help and the palette, filled from the registry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding

from paperdeck.tui.keys import DETAIL, DIGEST, MAIN, PAGE, READING, ROWS, TEXT, Action, grouped, keys_of
from paperdeck.tui.model.choice import Choice

from .palette import papers_titled
from .picker import Picker

if TYPE_CHECKING:
    from textual.app import App

    from paperdeck.tui.model.session import Session


def places_here(app: App[None]) -> tuple[str, ...]:
    """The places whose keys work on the screen in front."""
    screen = type(app.screen).__name__
    if screen == "ReadingScreen":
        return READING, TEXT
    if screen in ("DigestScreen", "TextScreen"):
        return (DIGEST,) if screen == "DigestScreen" else (PAGE,)
    focused = app.screen.focused
    return MAIN, DETAIL if focused is not None and focused.id == "detail" else ROWS


def shown_keys(app: App[None], session: Session, action: Action) -> str:
    """The keys of an action as they are written."""
    return " ".join(app.get_key_display(Binding(key, "")) for key in keys_of(action, session.settings.keys))


def _choice(value: str, app: App[None], session: Session, action: Action) -> Choice:
    return Choice(value, action.help, shown_keys(app, session, action), synonyms=action.words, group=action.group)


def help_dialog(app: App[None], session: Session) -> Picker:
    """All keys that work here; it returns the action chosen, as a binding names it."""
    actions = [action for _, actions in grouped(places_here(app)) for action in actions]
    choices = [_choice(action.textual, app, session, action) for action in actions]
    return Picker("Keys", choices, hint="find a key by what it does; enter runs it")


def palette(app: App[None], session: Session, themes: list[str]) -> Picker:
    """The palette; it returns the kind and name of what was chosen."""
    actions = [action for _, actions in grouped(places_here(app)) for action in actions if action.group != "Move"]
    choices = [
        _choice(f"action {action.textual}", app, session, action)
        for action in actions
        if not action.id.startswith("view-")
    ]
    for number, view in enumerate([*session.views.all(), *session.counts.facets], 1):
        choices.append(Choice(f"view {view.key}", view.title, str(number) if number < 10 else "", "view"))
    choices += [Choice(f"theme {name}", name, more="theme") for name in themes]
    hint = "an action, a view, a theme, words of a title"
    return Picker("Find and run", choices, hint=hint, look_up=partial(papers_titled, session))
