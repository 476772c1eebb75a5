"""Messages from panes, screens and background work to the app: run an action, show a message."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from paperdeck.storage.errors import PaperdeckError

Work = Callable[[], Coroutine[None, None, None]]
"""Starts background work."""


class RunAction(Message):
    """Requests an action, for example after a click."""

    def __init__(self, name: str, *arguments: object, asked: bool = True) -> None:
        """Requests a function such as `views.choose_view`; not `asked` if it is due to the passing of time."""
        super().__init__()
        self.name, self.arguments, self.asked = name, arguments, asked


class Tell(Message):
    """A message for the bottom line, from parts that don't have one."""

    def __init__(self, sentence: str, *, severe: bool = False, names_keys: bool = False) -> None:
        """Such a sentence.

        Args:
            sentence: What to show.
            severe: Whether it is about a failure.
            names_keys: Whether it names actions, as `{star}`, to be replaced by their keys.
        """
        super().__init__()
        self.sentence, self.severe, self.names_keys = sentence, severe, names_keys


class Failed(Message):
    """A background fetch failed."""

    def __init__(self, errors: Sequence[PaperdeckError], action: str) -> None:
        """Such a report, with the action that tries again."""
        super().__init__()
        self.errors, self.action = errors, action
