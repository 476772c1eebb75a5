"""The messages by which panes, screens and background work reach the app: run an action, tell the reader something."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from textual.message import Message

if TYPE_CHECKING:
    from textual.dom import DOMNode

ActionFunction = Callable[..., Any]
"""Takes the context and what the action is about; a coroutine function if it asks the reader something or waits."""

Work = Callable[[], Coroutine[None, None, None]]
"""Starts background work."""


class Run(Message):
    """Requests an action without a key, or about something clicked."""

    def __init__(self, name: str, *arguments: object) -> None:
        """A request.

        Args:
            name: The function, such as `views.choose_view`.
            arguments: What it takes after the context.
        """
        super().__init__()
        self.name, self.arguments = name, arguments


class Tell(Message):
    """A message for the reader, from parts without a line of their own."""

    def __init__(self, sentence: str, *, severe: bool = False) -> None:
        """A message.

        Args:
            sentence: The text.
            severe: Whether it is about a failure.
        """
        super().__init__()
        self.sentence, self.severe = sentence, severe


def start_worker(node: DOMNode, work: Work, group: str, *, alone: bool) -> None:
    """Run something in the background; work cancelled before its turn never starts.

    Args:
        node: The app, or the screen, with which it ends.
        work: Begins it.
        group: What it is called among the workers.
        alone: Whether it cancels running work of this group.
    """
    node.run_worker(cast(Callable[[], None], work), group=group, exclusive=alone)  # a coroutine function is one, too


@cache
def function_of(name: str) -> ActionFunction:
    """The function of an action; its module is imported when the action runs first.

    Args:
        name: The module in `actions` and the function, such as `star_and_read.star`.
    """
    module, _, function = name.partition(".")
    found: ActionFunction = getattr(import_module(f"paperdeck.tui.actions.{module}"), function)
    return found
