"""Catching up in a few minutes: offers the best missed papers; once they are read, the rest is marked read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from paperdeck.storage.search.query import parse

from ..finder import Wanted
from ..views import ALL, View

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library

    from ..finder import Finder
    from ..marks import Markings

BUDGETS: Final = (5, 15, 30)
"""Minutes to choose from."""
VIEW_KEY: Final = "catch-up"
"""The key of the view with the offered papers."""

_SINCE_LAST_VISIT: Final = "is:unread is:new"
_LATELY: Final = "is:unread since:14d"
_EMPTY: Final = "Nothing was missed: everything from the last two weeks is read. {refresh} looks for new papers."


class CatchUp:
    """The offered papers, and the rest to be marked read."""

    def __init__(self, library: Library, finder: Finder, marks: Markings) -> None:
        """Nothing is offered yet."""
        self._library, self._finder, self._marks = library, finder, marks
        self._missed: Sequence[str] = ()
        self.offered: tuple[str, ...] = ()
        """The offered papers, best first; empty when not catching up."""

    def missed(self) -> Sequence[str]:
        """The unread papers since the last visit, else of the last two weeks. Call in a thread."""
        for query in (_SINCE_LAST_VISIT, _LATELY):
            if found := self._finder.find(Wanted(ALL, parse(query))):
                return found
        return ()

    def offer(self, missed: Sequence[str], minutes: int) -> View:
        """The best missed papers, as a view. Call in a thread.

        Raises:
            StoreError: the index can't be used.
        """
        picks = self._library.taste.best_missed(missed, minutes)
        captions = {pick.id: pick.reason for pick in picks if pick.reason}
        self._missed = missed
        self.offered = offered = tuple(pick.id for pick in picks)
        title = f"{minutes} minutes"
        return View(
            VIEW_KEY,
            title,
            empty=_EMPTY,
            within=lambda: offered,
            captions=captions,
            fixed=True,
            everything=True,
            aside=True,
        )

    @property
    def is_done(self) -> bool:
        """Whether all offered papers are read or hidden."""
        marks = map(self._marks.of, self.offered)
        return bool(self.offered) and all(mark.read or mark.hidden for mark in marks)

    def finish(self) -> list[str]:
        """Stop offering. Returns the other missed papers that are still unread."""
        offered = set(self.offered)
        rest = [i for i in self._missed if i not in offered and not self._marks.of(i).read]
        self._missed, self.offered = (), ()
        return rest
