"""The views: each is a named query, with a text for when it is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.search.rank import Sort
from paperdeck.storage.text.words import whole_day

if TYPE_CHECKING:
    from datetime import date

    from paperdeck.storage.library.queue import Visits
    from paperdeck.storage.settings.settings import Settings

    from .days import Days
    from .papers import Papers
    from .rules import Rulebook
    from .star_watch import StarWatch
    from .tasting import Tasting


def _unlimited() -> None:
    """For views that are described by their query alone."""


class Fold(NamedTuple):
    """The papers of one folded row."""

    name: str
    """Their topic."""
    ids: tuple[str, ...]
    """The papers, in order; the row is that of the first."""


class View(NamedTuple):
    """A named way to look at the library."""

    key: str
    """A stable name, used to remember the reader's place."""
    title: str
    """Its name in the pane."""
    query: str = ""
    """Its papers, in the query language; empty: all that are not hidden."""
    empty: str = ""
    """The explanation of the empty view, with a key that helps; `{star}` stands for the key of an action."""
    within: Callable[[], Sequence[str] | None] = _unlimited
    """Its papers in a fixed order, for views without a describing query (a day, trending)."""
    sort: Sort | None = None
    """Its own order; None: that of `within`, else by date."""
    section: str = ""
    """Its heading in the pane."""
    known_count: int | None = None
    """How many papers it has, if that is known without counting."""
    everything: bool = False
    """Whether it includes hidden and muted papers."""
    remark: str = ""
    """A remark after its title in the top line."""
    preface: tuple[str, ...] = ()
    """Sentences between the top line and the list, one per line."""
    picks: Callable[[str], bool] | None = None
    """Selects the papers that are counted in its row; None: the unread ones."""
    narrows: bool = False
    """Whether choosing it filters the displayed list instead of showing its own."""
    fixed: bool = False
    """Whether it always has its own order, whatever order the reader chose for lists."""
    aside: bool = False
    """Whether it has no row in the pane."""
    captions: Mapping[str, str] = {}
    """Why each paper is there, shown in its row instead of its facts."""
    folds: Mapping[str, Fold] = {}
    """Folded rows, by the paper of the row; a mark on the row marks all their papers."""
    day: date | None = None
    """The day of its papers, for the view of a day; it stays the same while the view is shown."""
    gives_way: bool = False
    """Whether its day was the newest when it was shown; the papers of a newer one wait to take their place."""

    @property
    def has_order(self) -> bool:
        """Whether it has an order of its own, which its papers keep until another is chosen."""
        return self.sort is not None or self.within is not _unlimited

    @property
    def goes_back(self) -> bool:
        """Whether escape goes back to the view before: from lists that a key made, even if they have a row."""
        return self.aside or self.key in (RESULTS, DIGEST)

    @property
    def shows_total(self) -> bool:
        """Whether its row counts all its papers, as the number of unread ones means little there."""
        return self.everything or self.key in ("starred", "muted", "shelf", "trending", RESULTS)

    def papers_in(self, rows: Sequence[str]) -> Sequence[str]:
        """The papers of rows, folded ones included."""
        folds = self.folds
        if not folds:
            return rows
        return [paper for row in rows for paper in (folds[row].ids if row in folds else (row,))]

    @property
    def is_topic(self) -> bool:
        """Whether it is a topic of a folded list."""
        return self.key.startswith("topic ")

    @property
    def is_of_one_day(self) -> bool:
        """Whether all its papers were listed on the same day."""
        return self.key.partition(" ")[0] == "day"

    @property
    def is_of_other_day(self) -> bool:
        """Whether it is the view of another day than the newest."""
        return self.is_of_one_day and self.key != "day"

    @property
    def is_list(self) -> bool:
        """Whether it has papers that a query can't describe."""
        return self.within() is not None


SAVED, TAGS, KEYWORDS, ORGANIZATIONS, SOURCES = "Saved views", "Tags", "Keywords", "Organizations", "Sources"

WEEK = View(
    "week",
    "Last 7 days",
    "since:7d",
    "No papers were listed in the last seven days. {refresh} looks for new papers.",
)
FOR_YOU = View(
    "foryou",
    "For you",
    "(is:unread OR date:today) since:7d -is:starred",
    "Nothing unread is left from the last seven days. {refresh} looks for new papers.",
    sort=Sort("foryou"),
    fixed=True,
)
MONTH = View(
    "month",
    "Last 30 days",
    "since:30d",
    "No papers were listed in the last thirty days. {fetch-history} fetches what is missing.",
)
ALL = View("all", "All", "", "The library is empty. {refresh} fetches the papers of the last few days.")
UNREAD = View("unread", "Unread", "is:unread", "Everything is read. {refresh} looks for new papers.")
STARRED = View("starred", "Starred", "is:starred", "Papers that you star with {star} appear here.")
FOLLOWING = View(
    "following",
    "Following",
    "is:following",
    "Papers by people and labs, and about topics, that you follow. {follow} on a paper follows one.",
)
HIDDEN = View(
    "hidden",
    "Hidden",
    "is:hidden",
    "Papers that you hide with {hide} are kept here, out of all other views but Starred.",
    everything=True,
)
MUTED = View(
    "muted",
    "Muted",
    "is:muted",
    "Papers that a rule mutes are kept here, out of all other views. {mute} on a paper mutes one of its keywords.",
)

MAX_NUMBERED = 9
"""The number of views that have a number key."""
VISIT = View(
    "visit",
    "Since last visit",
    "is:new",
    "Nothing has arrived since your last visit. {refresh} looks for new papers.",
)
"""The papers that arrived since the last visit."""
_ORIGINS = (("hf", "Daily Papers"), ("arxiv", "arXiv"))
_BY_UPVOTES = Sort("upvotes")
NO_PAPERS = "No papers yet. {refresh} fetches the papers of the last few days."
OF_ARRIVALS = frozenset(view.key for view in (WEEK, FOR_YOU, MONTH, UNREAD))
"""The keys of the views that are empty, whatever they say then, while nothing was ever fetched."""
ONLY_SHELF = "Only the starter shelf is here so far. {refresh} fetches the papers of the last few days."
"""What these views say while the starter shelf is shown."""


RESULTS, DIGEST = "results", "digest"
"""The keys of the view of a search on the Hub, and of that of a digest."""


class Made(NamedTuple):
    """A view that the reader had made: the results of a search on the Hub, or a digest."""

    view: View
    of: str
    """The words that were searched for, or the period of the digest: `day`, `week` or `month`."""


class Views:
    """All views, according to the current days, rules and settings."""

    def __init__(
        self,
        days: Days,
        rules: Rulebook,
        papers: Papers,
        settings: Settings,
        star_watch: StarWatch,
        visits: Visits,
        tasting: Tasting,
    ) -> None:
        self._visits = visits
        self._days, self._rules, self._papers, self._star_watch = days, rules, papers, star_watch
        self._tasting = tasting
        self._categories = settings.fetch.categories
        self.has_rising = False
        """Whether any paper was rising at the last update."""
        self.made: dict[str, Made] = {}
        """The last search on the Hub and the last digest, by the keys of their views."""
        self._closed: Made | None = None
        self.reopened: str | None = None
        """The key of the view that `reopen` brought back last; None if another deed came since."""

    def all(self) -> list[View]:
        """All views but the facets, in the order of the pane."""
        numbered = self.numbered()
        visit = [VISIT] if self._visits.since and not self._papers.shelf else []
        day = [self.other_day(shown)] if (shown := self._days.shown) else []
        return [*visit, numbered[0], *day, *numbered[1:]]

    def numbered(self) -> list[View]:
        """The views with a number, in order; views that come and go have none, as they would shift the others."""
        first = [self.day(), self._for_you(), ALL, UNREAD, STARRED, FOLLOWING, WEEK, MONTH]
        first += [self._trending(len(first) + 1), HIDDEN]
        if self.has_rising:
            first.append(self._rising())
        if self._star_watch.any:
            first.append(self._news_of_stars())
        if self._rules.rules.mute:
            first.append(MUTED)
        first += [self.made[key].view for key in (RESULTS, DIGEST) if key in self.made]
        saved = [View(f"saved {view.name}", view.name, view.query, section=SAVED) for view in self._rules.rules.views]
        return first + saved + self._of_sources()

    def put(self, made: Made) -> View:
        """Add the results of a search, or a digest, in place of the last ones. Returns the view."""
        self.made[made.view.key] = made
        return made.view

    def close(self, key: str) -> bool:
        """Remove the results of a search or a digest; False if the view is another one."""
        self._closed, self.reopened = self.made.pop(key, None), None
        return self._closed is not None

    def reopen(self) -> View | None:
        """Bring back the view that was closed last, and return it; None if another deed came since."""
        closed, self._closed = self._closed, None
        if closed is None or closed.view.key in self.made:
            return None
        self.reopened = closed.view.key
        return self.put(closed)

    def forget_closed(self) -> None:
        """Neither open nor close again the view that was closed last: another deed came, which is undone first."""
        self._closed = self.reopened = None

    def update(self) -> None:
        """Update the views that exist only while they have papers. Call in a thread."""
        self._star_watch.ids()
        self.has_rising = bool(self._papers.rising())

    def by_key(self, key: str) -> View | None:
        return next((view for view in self.all() if view.key == key), None)

    def current(self, view: View) -> View | None:
        """A view as it is now; None if it was deleted.

        A saved one may have another query or another name; the newest day may be one among others by now.
        """
        if view.gives_way and view.day:
            newest = view.day == self._days.newest_day
            now = self.day() if newest and view.key == "day" else self.other_day(view.day)
            return view._replace(key=now.key, title=now.title)
        if view.key == FOR_YOU.key:
            return self._for_you(view.sort)
        if view.section != SAVED:
            return view
        return self.by_key(view.key) or next(
            (saved for saved in self.all() if saved.section == SAVED and saved.query == view.query), None
        )

    def by_number(self, number: int) -> View | None:
        """The view of a number key, counted from 1."""
        views = self.numbered()
        return views[number - 1] if 0 < number <= len(views) else None

    def number_of(self, key: str) -> int:
        """The number of a view, counted from 1; 0 if it has none."""
        keys = [view.key for view in self.numbered()]
        return keys.index(key) + 1 if key in keys else 0

    def showing(self, key: str) -> str:
        """The id of the action that shows a view, such as `view-3`; empty if it has none."""
        if key == VISIT.key:
            return "view-visit"
        number = self.number_of(key)
        return f"view-{number}" if 0 < number <= MAX_NUMBERED else ""

    def day(self) -> View:
        if shelf := self._papers.shelf:
            return View("shelf", "Starter shelf", within=lambda: shelf)
        days = self._days
        newest = days.newest_day
        title = "Today" if newest in (None, days.today) else "Latest day"
        return self._of_day("day", title, newest)._replace(gives_way=True)

    def other_day(self, day: date) -> View:
        """The view of the day that the reader went to, which has its own row."""
        return self._of_day(f"day {day}", whole_day(day), day)

    def _of_day(self, key: str, title: str, day: date | None) -> View:
        def ids() -> Sequence[str]:
            return self._days.ids(day) if day else ()

        return View(key, title, empty=NO_PAPERS, within=ids, sort=_BY_UPVOTES, day=day)

    def followed_sources(self) -> list[tuple[str, str]]:
        """The fetched sources: their names in the ledger and on the screen."""
        return [("hf", "Daily Papers"), *((f"arxiv:{name}", f"arXiv {name}") for name in self._categories)]

    def _for_you(self, shown: Sort | None = None) -> View:
        """Today's papers and unread ones of the last few days, best first; by upvotes without a taste.

        Args:
            shown: The order in which it is shown already; it stays until the reader shows the view again.
        """
        tasting, missing = self._tasting, ""
        if tasting.is_missing:
            missing = "your taste isn't known yet" if tasting.has_material else "nothing is starred yet"
        sort, remark = shown or (_BY_UPVOTES if missing else FOR_YOU.sort), missing
        if sort == _BY_UPVOTES:
            remark = f"by upvotes: {missing}" if missing else "by upvotes until you show it again"
        return FOR_YOU._replace(sort=sort, remark=remark, picks=tasting.fits)

    def _news_of_stars(self) -> View:
        empty = (
            "No news of your stars. A starred paper appears here when it gets code, a new version, a venue or twice "
            "the upvotes, or is withdrawn; {see-news} dismisses it."
        )
        watch = self._star_watch
        return View("news", "News of stars", empty=empty, within=watch.ids, captions=watch.words, everything=True)

    def _rising(self) -> View:
        """The papers that gain upvotes faster than others of their day."""
        empty = "No paper is rising, or upvotes were fetched only once in the last few days. {refresh} fetches them."
        return View("rising", "Rising", empty=empty, within=self._papers.rising)

    def _trending(self, number: int) -> View:
        """The papers trending on the Hub; its number key also fetches them again."""
        newest = self._days.newest("hf:trending")
        ids = newest.ids if newest else ()
        empty = f"Papers trending on the Hub, by GitHub stars. {{view-{number}}} fetches them."
        return View("trending", "Trending", empty=empty, within=lambda: ids)

    def _of_sources(self) -> list[View]:
        origins = {source.partition(":")[0] for source in self._days.sources()}
        if not self._categories and not origins.issuperset(dict(_ORIGINS)):
            return []
        rows = [(f"source {name}", title, f"source:{name}") for name, title in _ORIGINS]
        rows += [(f"category {name}", f"arXiv {name}", f"category:{name}") for name in self._categories]
        return [View(key, title, query, section=SOURCES) for key, title, query in rows]
