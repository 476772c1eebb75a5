"""The counts of the views, and the facets of the list."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from paperdeck.storage.search.query import field_query

from .changed import Changed
from .finder import at_once, has_facet, stopped_at_the_end
from .views import KEYWORDS, ORGANIZATIONS, TAGS, View

if TYPE_CHECKING:
    from paperdeck.storage.search.database import Stop

    from .deeds import Markings
    from .finder import Finder
    from .results import Results
    from .views import Views

PAUSE_SECONDS = 0.25
"""Time between a change and counting, so that a burst of changes or keys is counted once; none for a single deed."""


class Counts:
    """The numbers beside the views; `count` is run by the screen after each change."""

    def __init__(
        self, finder: Finder, views: Views, marks: Markings, results: Results, publish: Callable[[Changed], None]
    ) -> None:
        self._finder, self._views, self._marks, self._results, self._publish = finder, views, marks, results, publish
        self._stale = True
        self._counting = False  # or a change came before the end
        self.papers: dict[str, int] = {}
        """The number of papers by the view's key; uncounted views are absent."""
        self.unread: dict[str, int] = {}
        """The number of unread papers by the view's key; views such as Starred or Hidden are absent."""
        self.new: dict[str, int] = {}
        """How many papers of a saved view arrived since the last visit, by its key."""
        self.facets: list[View] = []
        """The reader's tags, and the most frequent keywords and organizations of the list."""
        self.pause: Callable[[], Awaitable[None]] = at_once
        """Waits while the reader types."""

    def expire(self) -> None:
        """Count every view again, as papers, marks or rules changed."""
        self._stale = True

    def active(self) -> set[str]:
        """The keys of the displayed view and of the facets in its filter."""
        text = self._results.text
        narrowing = {view.key for view in self.facets if view.narrows and text and has_facet(text, view.query)}
        return {self._results.view.key} | narrowing

    async def count(self) -> None:
        """Update the counts and publish them."""
        is_single = self._stale and not self._counting  # the reader looks for its effect
        self._counting = True
        await asyncio.sleep(0 if is_single else PAUSE_SECONDS)
        ids = self._results.view.papers_in(self._results.ids)
        with stopped_at_the_end() as stop:
            if self._stale:
                await self.pause()
                await self._results.recount(stop)
                await self._count_views(stop)
            facets = await asyncio.to_thread(self._facet_views, ids, stop)
        self._counting = False
        self.facets = facets
        self.papers |= {view.key: view.known_count for view in facets if view.known_count is not None}
        self._publish(Changed(counts=True))

    async def _count_views(self, stop: Stop) -> None:
        await asyncio.to_thread(self._views.update)
        for view in self._views.all():
            await self.pause()
            self.papers[view.key] = await asyncio.to_thread(self._finder.count, view, stop)
            if view.picks:
                self.unread[view.key] = await asyncio.to_thread(self._finder.count_picked, view, stop)
            elif not view.shows_total:
                self.unread[view.key] = await asyncio.to_thread(self._finder.count_unread, view, stop)
            self.new[view.key] = await asyncio.to_thread(self._finder.count_new, view, stop)
        self._stale = False

    def _facet_views(self, ids: Sequence[str], stop: Stop) -> list[View]:
        facets = self._finder.facets(ids, stop)
        groups = (("keyword", KEYWORDS, facets.keywords), ("org", ORGANIZATIONS, facets.organizations))
        counted = sorted(self._marks.tags().items())
        tags = [View(f"tag {tag}", tag, f"tag:={tag}", section=TAGS, known_count=number) for tag, number in counted]
        return tags + [
            View(
                f"{field} {name}",
                name,
                str(field_query(field, name)),
                section=section,
                known_count=number,
                narrows=True,
            )
            for field, section, labels in groups
            for name, number in labels
        ]
