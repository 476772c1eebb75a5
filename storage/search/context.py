"""The context of a query: the day, the last visit, and the reader's rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .tree import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryContext:
    """The context of a query: the time, the reader's rules and the last visit."""

    today: date
    """The day that `today` and `since:7d` count from, UTC."""
    last_visit: str | None = None
    """ISO time in UTC of the last visit; papers that arrived later are new. None: nothing is new."""
    muted: tuple[Query, ...] = ()
    """Papers that match one of them are muted."""
    followed: tuple[Query, ...] = ()
    """Papers that match one of them are followed."""
    fulltexts: frozenset[str] = frozenset()
    """The ids of the papers whose full text is stored."""

    def without_rules(self) -> QueryContext:
        """The same without muted and followed queries; rules are evaluated in it, so that none refers to itself."""
        return QueryContext(today=self.today, last_visit=self.last_visit, fulltexts=self.fulltexts)
