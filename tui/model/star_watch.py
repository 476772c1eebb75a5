"""The starred papers with unseen news; computed in a thread, then cached."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from paperdeck.storage.library.star_watch import news_of

from .changed import Changed

if TYPE_CHECKING:
    from .papers import Papers

_BATCH_PAPERS = 200


class StarWatch:
    """Watches starred papers; each is read again only after it or its marks changed."""

    def __init__(self, papers: Papers) -> None:
        """Nothing is read yet."""
        self._papers = papers
        self._times: dict[str, str] = {}  # the newest news by paper, empty for none; absent papers have to be read
        self.words: dict[str, str] = {}
        """The news of each paper on one line, the most important first; empty for none."""
        self._lock = Lock()
        self.any = False
        """Whether there was news at the last check."""

    def ids(self) -> Sequence[str]:
        """The starred papers with news, newest news first. Call in a thread, as it may read papers."""
        with self._lock:
            starred = [i for i, marks in self._papers.library.all_marks().items() if marks.starred]
            unknown = [paper_id for paper_id in starred if paper_id not in self._times]
            for start in range(0, len(unknown), _BATCH_PAPERS):
                self._read(unknown[start : start + _BATCH_PAPERS])
            times = {paper_id: self._times[paper_id] for paper_id in starred if self._times[paper_id]}
        self.any = bool(times)
        return sorted(times, key=lambda paper_id: (times[paper_id], paper_id), reverse=True)

    def _read(self, ids: Sequence[str]) -> None:
        self._times |= dict.fromkeys(ids, "")
        for paper in self._papers.facts(ids):
            news = news_of(paper, self._papers.library.marks(paper.id))
            self._times[paper.id] = max((item.time for item in news), default="")
            self.words[paper.id] = " · ".join(item.words for item in news)

    def expire(self, changed: Changed) -> None:
        """Drop cached values that a change made invalid."""
        with self._lock:
            if changed.library and not changed.papers:
                self._times = {}
            for paper_id in changed.marks | changed.papers:
                self._times.pop(paper_id, None)

    def with_news(self, ids: Sequence[str]) -> list[str]:
        """The papers with news among some."""
        return [paper.id for paper in self._papers.facts(ids) if news_of(paper, self._papers.library.marks(paper.id))]
