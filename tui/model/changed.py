"""Change notifications of the model."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple


class ListChange(Enum):
    """How the list of papers changed."""

    REPLACED = "replaced"
    """A new list, which opens at `Results.place`."""
    COMPLETED = "completed"
    """More papers were appended; nothing moves."""
    MERGED = "merged"
    """Papers were inserted; the one under the cursor keeps its place on the screen."""


class Changed(NamedTuple):
    """A change of the model. Listeners repaint the parts that show it."""

    marks: frozenset[str] = frozenset()
    """Ids of papers whose marks changed."""
    papers: frozenset[str] = frozenset()
    """Ids of new papers, and of papers whose facts changed."""
    gone: frozenset[str] = frozenset()
    """Ids of papers that are no longer in the library."""
    back: frozenset[str] = frozenset()
    """Ids of papers that an undo or redo may have brought back into the list."""
    library: bool = False
    """Whether papers were added or changed, even if `papers` doesn't name them."""
    rules: bool = False
    """Whether saved views, mute or follow rules changed."""
    days: bool = False
    """Whether the ledger of days changed."""
    query: bool = False
    """Whether another view, filter or order was chosen; the list follows."""
    results: ListChange | None = None
    """How the list changed, if it did."""
    counts: bool = False
    """Whether counts changed: of the list, of views, or of waiting papers."""
    offers: bool = False
    """Whether the completions of the filter box changed."""
    taste: bool = False
    """Whether a new taste was learned."""
    status: bool = False
    """Whether the state of fetching or downloads, or the age of the papers, changed."""


Listener = Callable[[Changed], None]


class Publisher:
    """Delivers every change to every listener."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self.deliver: Callable[[Callable[[], None]], None] = lambda call: call()
        """Runs a call in the listeners' thread."""

    def listen(self, listener: Listener) -> None:
        """Call a listener after every change."""
        self._listeners.append(listener)

    def publish(self, changed: Changed) -> None:
        """Call all listeners. May be called in any thread."""
        self.deliver(lambda: self._tell(changed))

    def _tell(self, changed: Changed) -> None:
        for listener in self._listeners:
            listener(changed)
