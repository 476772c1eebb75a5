"""The reader's rules: saved views, mutes, follows and preferences. Parsed once after each change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.library.journal.rule_changes import muted_in_words
from paperdeck.storage.search.query import Query, field_query
from paperdeck.storage.settings.rules import FOLLOW_FIELDS, Rules

from .changed import Changed

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Deed, Library
    from paperdeck.storage.paper import Paper
    from paperdeck.storage.settings.rules import FollowKind


class NamedRule(NamedTuple):
    """Something that can be muted or followed."""

    kind: FollowKind | None
    """What it is; None: a query, which is only muted."""
    value: str
    """Its name, or the query."""
    name: str
    """The same in words."""
    on: bool
    """Whether it is muted or followed."""


class Rulebook:
    """Reads and changes rules, and publishes changes. Methods that change rules raise PaperdeckError if they fail."""

    def __init__(self, library: Library, publish: Callable[[Changed], None]) -> None:
        self._library, self._publish = library, publish
        self.rules = Rules()
        """The last loaded rules."""
        self.muted: tuple[Query, ...] = ()
        """The queries of the mute rules."""
        self.followed: tuple[Query, ...] = ()
        """A query for each followed author, organization and keyword."""

    def load(self) -> None:
        self.rules = self._library.rules()
        self.muted, self.followed = self.rules.muted_queries, self.rules.followed_queries

    def read_again(self) -> None:
        """Reload the rules and publish the change."""
        self.load()
        self._publish(Changed(rules=True))

    def _done(self, deed: Deed) -> Deed:
        self.read_again()
        return deed

    # Saved views

    def saved_query(self, name: str) -> str:
        """The query of a saved view; empty if there is no such view."""
        return next((view.query for view in self.rules.views if view.name == name), "")

    def save_view(self, name: str, query: str) -> Deed:
        """Save a query as a view; an existing view of that name gets the query."""
        return self._done(self._library.save_view(name, query))

    def rename_view(self, name: str, new: str) -> Deed:
        return self._done(self._library.rename_view(name, new))

    def delete_view(self, name: str) -> Deed:
        return self._done(self._library.delete_view(name))

    def move_view(self, name: str, by: int) -> Deed:
        """Move a saved view up (negative) or down."""
        return self._done(self._library.move_view(name, by))

    # Mute and follow

    def about(self, paper: Paper, *, mute: bool) -> list[NamedRule]:
        """Everything about a paper that can be muted or followed."""
        named: list[tuple[FollowKind, str]] = [("keywords", name) for name in paper.keywords]
        named += [("authors", name) for name in paper.authors]
        if paper.organization:
            named.insert(0, ("organizations", paper.organization))
        return [NamedRule(kind, name, name, bool(self._rules_about(kind, name, mute=mute))) for kind, name in named]

    def elsewhere(self, paper: Paper, *, mute: bool) -> list[NamedRule]:
        """Everything else that is muted or followed."""
        about = self.about(paper, mute=mute)
        here = {(kind, rule) for kind, name, *_ in about if kind for rule in self._rules_about(kind, name, mute=mute)}
        if mute:
            known = {query for _, query in here}
            others = [query for query in self.rules.mute if query not in known]
            return [_named(query) for query in others]
        ruled = [(kind, name) for kind in FOLLOW_FIELDS for name in getattr(self.rules, kind)]
        return [NamedRule(kind, name, name, on=True) for kind, name in ruled if (kind, name) not in here]

    def unmute(self, query: str) -> str:
        """Take a mute rule away. Returns a message."""
        return f"{self._done(self._library.mute(query, on=False)).subject} is no longer muted."

    def toggle(self, kind: FollowKind, name: str, *, mute: bool) -> str:
        """Mute or follow something, or stop doing so. Returns a message."""
        ruled = self._rules_about(kind, name, mute=mute)
        if mute:
            self._library.mute(_mute_query(kind, name), on=not ruled)
        else:
            self._library.follow(kind, name, on=not ruled)
        self.read_again()
        if mute:
            return f"{name} is no longer muted." if ruled else f"Muted {name}; muted papers are in the view Muted."
        if ruled:
            return f"You no longer follow {name}."
        muted = self._rules_about(kind, name, mute=True)
        return f"Following {name}." + (" It is also muted, and muting wins." if muted else "")

    def _rules_about(self, kind: FollowKind, name: str, *, mute: bool) -> list[str]:
        """The rules about a name, which may write it in another case."""
        wanted, known = (_mute_query(kind, name), self.rules.mute) if mute else (name, getattr(self.rules, kind))
        return [rule for rule in known if rule.casefold() == wanted.casefold()]


def _named(muting: str) -> NamedRule:
    """The rule of a query that mutes."""
    name = muted_in_words(muting)
    kind = next((kind for kind in FOLLOW_FIELDS if _mute_query(kind, name).casefold() == muting.casefold()), None)
    return NamedRule(kind, name if kind else muting, name, on=True)


def _mute_query(kind: FollowKind, name: str) -> str:
    return str(field_query(FOLLOW_FIELDS[kind], name))
