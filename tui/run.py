"""Messages from panes, screens and background work to the app: run an action, show a message."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from textual.message import Message

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from paperdeck.storage.errors import PaperdeckError

ActionFunction = Callable[..., Any]
"""Takes the context and additional arguments; a coroutine function if it opens a dialog or waits."""

Work = Callable[[], Coroutine[None, None, None]]
"""Starts background work."""


class RunAction(Message):
    """Requests an action, for example after a click."""

    def __init__(self, name: str, *arguments: object, asked: bool = True) -> None:
        """A request.

        Args:
            name: The function, such as `views.choose_view`.
            arguments: Its arguments after the context.
            asked: Whether the reader asked for it, and not the passing of time.
        """
        super().__init__()
        self.name, self.arguments, self.asked = name, arguments, asked


class Tell(Message):
    """A message for the bottom line, from parts that don't have one."""

    def __init__(self, sentence: str, *, severe: bool = False) -> None:
        """A message.

        Args:
            sentence: The text.
            severe: Whether it reports a failure.
        """
        super().__init__()
        self.sentence, self.severe = sentence, severe


class Failed(Message):
    """A background fetch failed."""

    def __init__(self, errors: Sequence[PaperdeckError], action: str) -> None:
        """Such a report.

        Args:
            errors: The errors.
            action: The action that tries again.
        """
        super().__init__()
        self.errors, self.action = errors, action


def start_worker(node: DOMNode, work: Work, group: str, *, alone: bool) -> None:
    """Run a coroutine in the background; if it is cancelled early, it never starts.

    Args:
        node: The app or screen that owns it; it ends with that.
        work: Creates the coroutine.
        group: Its group among the workers.
        alone: Whether it cancels running work of this group.
    """
    node.run_worker(cast(Callable[[], None], work), group=group, exclusive=alone)  # a coroutine function is one, too


def function_of(name: str) -> ActionFunction:
    """The function of an action; its module is imported on first use.

    Args:
        name: The module in `actions` and the function, such as `star_and_read.star`.
    """
    module, _, function = name.partition(".")
    found: ActionFunction = getattr(import_module(f"paperdeck.tui.actions.{module}"), function)
    return found
