"""The views: each is a query with a name, and a few words for when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from paperdeck.storage.search.rank import Sort


@dataclass(frozen=True, slots=True)
class View:
    """A named way to look at the library."""

    key: str
    """A stable name, under which the view's place is remembered."""
    title: str
    """What it is called in the pane."""
    query: str = ""
    """Its papers, in the query language; empty: all that are not hidden."""
    empty: str = ""
    """What it is for and which key helps, shown while it has no papers."""
    within: Callable[[], Sequence[str] | None] = field(default=lambda: None, compare=False)
    """The papers it is limited to, in their order, where a query can't say it (a day's list, trending)."""
    sort: Sort | None = None
    """Its own order; None: that of `within`, else by date."""
    section: str = ""
    """The heading it stands under in the pane."""
    number: int | None = None
    """How many papers it has, where that is known already."""
    everything: bool = False
    """Whether hidden and muted papers are among its papers too."""
    narrows: bool = False
    """Whether choosing it narrows the list that is shown instead of showing another one."""

    @property
    def is_list(self) -> bool:
        """Whether it has papers that no query can say."""
        return self.within() is not None


SAVED, TAGS, KEYWORDS, ORGANIZATIONS, SOURCES = "Saved views", "Tags", "Keywords", "Organizations", "Sources"

WEEK = View(
    "week",
    "This week",
    "since:7d",
    "No papers were listed in the last seven days, or none have been fetched yet. Press r to fetch.",
)
MONTH = View(
    "month",
    "This month",
    "since:30d",
    "No papers were listed in the last thirty days. Press R to fetch what is missing.",
)
ALL = View("all", "All", "", "The library is empty. Press r to fetch the papers of the last days.")
UNREAD = View("unread", "Unread", "is:unread", "Everything is read. Press r to look for new papers.")
STARRED = View("starred", "Starred", "is:starred", "Papers that you star with s gather here.", everything=True)
FOLLOWING = View(
    "following",
    "Following",
    "is:following",
    "Papers by whom or about what you follow. Press F on a paper to follow an author, organization or keyword.",
)
HIDDEN = View(
    "hidden",
    "Hidden",
    "is:hidden",
    "Papers that don't interest you (x) are put here, out of all other views but Starred.",
    everything=True,
)
MUTED = View(
    "muted",
    "Muted",
    "is:muted",
    "Papers that a mute rule keeps out of all other views. Press M on a paper to mute one of its keywords.",
)
