"""Change notifications of the model."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple


class ListChange(Enum):
    """How the list of papers changed."""

    REPLACED = "replaced"
    """It is another list, which opens at `Results.place`."""
    COMPLETED = "completed"
    """More papers follow those that were there; nothing moves."""
    MERGED = "merged"
    """Papers came in; the one under the cursor stays where it is on the screen."""


class Changed(NamedTuple):
    """What changed. A listener repaints the parts that show it."""

    marks: frozenset[str] = frozenset()
    """Ids of papers whose marks changed."""
    papers: frozenset[str] = frozenset()
    """Ids of papers that came, or whose facts changed."""
    gone: frozenset[str] = frozenset()
    """Ids of papers that are no longer in the library."""
    library: bool = False
    """Whether papers came or changed, whether or not `papers` names them."""
    rules: bool = False
    """Whether saved views, mute or follow rules changed."""
    days: bool = False
    """Whether the ledger of days changed."""
    query: bool = False
    """Whether another view, filter or order is asked for; the list follows."""
    results: ListChange | None = None
    """How the list changed, if it did."""
    counts: bool = False
    """Whether numbers of papers changed: of the list, of views, or waiting to be let in."""
    offers: bool = False
    """Whether other completions are offered in the filter box."""
    taste: bool = False
    """Whether something else was learned of what the reader likes."""
    status: bool = False
    """Whether there is news of fetching, of downloads, or of how old the papers are."""


Listener = Callable[[Changed], None]


class Publisher:
    """Tells every listener about every change."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self.deliver: Callable[[Callable[[], None]], None] = lambda call: call()
        """Runs a call in the thread that the listeners belong to."""

    def listen(self, listener: Listener) -> None:
        """Call a listener after every change."""
        self._listeners.append(listener)

    def publish(self, changed: Changed) -> None:
        """Tell all listeners. May be called in any thread."""
        self.deliver(lambda: self._tell(changed))

    def _tell(self, changed: Changed) -> None:
        for listener in self._listeners:
            listener(changed)
