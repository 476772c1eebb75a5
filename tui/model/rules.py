"""The reader's rules: saved views, what is muted and what is followed. Parsed once, whenever they change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from paperdeck.storage.search.query import Query, field_query
from paperdeck.storage.settings.rules import FOLLOW_FIELDS, Rules, load_rules

from .changed import Changed

if TYPE_CHECKING:
    from paperdeck.storage.paper import Paper
    from paperdeck.storage.settings.rules_file import RulesFile
    from paperdeck.storage.settings.settings import Places


class Rulebook:
    """Reads and changes rules, and publishes what changed."""

    def __init__(self, places: Places, publish: Callable[[Changed], None]) -> None:
        self._places, self._publish = places, publish
        self.rules = Rules()
        """The rules as they were read last."""
        self.muted: tuple[Query, ...] = ()
        """The queries of the mute rules."""
        self.followed: tuple[Query, ...] = ()
        """A query for each author, organization and keyword that is followed."""

    def load(self) -> list[str]:
        """Read the rules again; a sentence for each that can't be used."""
        self.rules, complaints = load_rules(self._places.config_file)
        self.muted, self.followed = self.rules.muted_queries(), self.rules.followed_queries()
        return complaints

    def _file(self) -> RulesFile:
        from paperdeck.storage.settings.rules_file import RulesFile

        return RulesFile(self._places.config_file)

    def read_again(self) -> None:
        """Read the rules and publish that they changed."""
        self.load()
        self._publish(Changed(rules=True))

    # Saved views

    def saved_query(self, name: str) -> str:
        """The query of a saved view; empty if there is no such view."""
        return next((view.query for view in self.rules.views if view.name == name), "")

    def save_view(self, name: str, query: str) -> bool:
        """Save a query under a name; whether it replaced a view of that name.

        Raises:
            PaperdeckError: it was not saved.
        """
        known = name in {view.name for view in self.rules.views}
        self._file().save_view(name, query)
        self.read_again()
        return known

    def rename_view(self, name: str, new: str) -> None:
        """Give a saved view another name.

        Raises:
            PaperdeckError: it was not renamed.
        """
        self._file().rename_view(name, new)
        self.read_again()

    def delete_view(self, name: str) -> None:
        """Delete a saved view.

        Raises:
            PaperdeckError: it was not deleted.
        """
        self._file().delete_view(name)
        self.read_again()

    def move_view(self, name: str, by: int) -> None:
        """Move a saved view up (negative) or down.

        Raises:
            PaperdeckError: it was not moved.
        """
        self._file().move_view(name, by)
        self.read_again()

    def prefer(self, table: str, key: str, value: str) -> None:
        """Store a setting that was chosen in the app.

        Raises:
            PaperdeckError: it was not stored.
        """
        self._file().choose(table, key, value)

    # Mute and follow

    def about(self, paper: Paper, *, mute: bool) -> list[tuple[str, str, str, bool]]:
        """What of a paper can be muted or followed: a value for `toggle`, the name, its kind, whether it is now."""
        named = [("keywords", name) for name in paper.keywords] + [("authors", name) for name in paper.authors]
        if paper.organization:
            named.insert(0, ("organizations", paper.organization))
        return [
            (f"{kind} {name}", name, kind.removesuffix("s"), self._is_ruled(kind, name, mute=mute))
            for kind, name in named
        ]

    def toggle(self, value: str, *, mute: bool) -> str:
        """Mute or follow what a value of `about` says, or stop it; a sentence about what was done.

        Raises:
            StoreError: nothing was changed.
        """
        kind, _, name = value.partition(" ")
        ruled = self._is_ruled(kind, name, mute=mute)
        rules: Any = self._file()
        if mute:
            query = str(field_query(FOLLOW_FIELDS[kind], name))  # type: ignore[index]
            (rules.unmute if ruled else rules.mute)(query)
        else:
            (rules.unfollow if ruled else rules.follow)(kind, name)
        self.read_again()
        return self._done(kind, name, mute=mute, ruled=ruled)

    def _done(self, kind: str, name: str, *, mute: bool, ruled: bool) -> str:
        if mute:
            return f"{name} is no longer muted." if ruled else f"Muted {name}; its papers are in the view Muted."
        if ruled:
            return f"You no longer follow {name}."
        muted = self._is_ruled(kind, name, mute=True)
        return f"Following {name}." + (" It is also muted, and muting wins." if muted else "")

    def _is_ruled(self, kind: str, name: str, *, mute: bool) -> bool:
        if mute:
            return str(field_query(FOLLOW_FIELDS[kind], name)) in self.rules.mute  # type: ignore[index]
        return name in getattr(self.rules, kind)
