"""The selection of a list: which papers keys act on, and what becomes of it when the list changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from paperdeck.storage.text.words import count_of


class Selection:
    """The selected papers of a list.

    It ends with the action on it, with escape, or with another view that has none of its papers. Papers that a filter
    leaves out are set aside, so that no key acts on them, and selected again without the filter.
    """

    def __init__(self) -> None:
        self.ids: set[str] = set()
        """The selected papers; all of them are in the list."""
        self.start: str | None = None
        """The last selected paper, where a range begins."""
        self._aside: set[str] = set()
        self._view = ""  # the key of the view with these papers

    def take(self, ids: Iterable[str]) -> None:
        """Select these papers of the list and no others."""
        self.ids = set(ids)
        if not self.ids:
            self.start = None

    def end(self) -> None:
        """Deselect all papers, also those that are set aside."""
        self._aside = set()
        self.take(())

    def follow(self, ids: Sequence[str], view: str) -> str:
        """Follow a new list of a view (its key); returns a sentence if papers left the selection, else an empty one."""
        before, same_view = self._aside, view == self._view
        chosen, self._view = self.ids | before, view
        if not chosen:
            return ""
        self.ids = chosen.intersection(ids)
        if not same_view or self.start not in self.ids:
            self.start = None
        missing = chosen - self.ids
        self._aside = missing if same_view else set()
        if not missing or (same_view and missing <= before):
            return ""
        return _missing_in_words(len(missing), len(chosen), same_view=same_view)


def _missing_in_words(missing: int, chosen: int, *, same_view: bool) -> str:
    """What a new list did to the selection."""
    of_all = "" if missing == chosen else f"{missing:,} of "
    are, they = ("is", "it") if missing == 1 else ("are", "they")
    papers = f"{of_all}{count_of(chosen, 'selected paper')}"
    if same_view:
        return f"{papers} {are} not in this list; {they} will be selected again without the filter."
    return f"{papers} {are} not in this list, and no longer selected."
