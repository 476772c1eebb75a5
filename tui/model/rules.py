"""The rules of a session: saved views, what is muted and what is followed, kept in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paperdeck.storage.search.query import field_query
from paperdeck.storage.settings.rules import FOLLOW_FIELDS, Rules

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.paper import Paper


class Rulebook:
    """The part of a session that is about rules."""

    rules: Rules
    """The rules as they were read last."""
    library: Library
    """Where they are kept."""

    def load_rules(self) -> list[str]:
        """Take the rules as they are now; returns a sentence for each of the settings file that can't be used."""
        self.rules = self.library.rules()
        return list(self.rules.complaints)

    def saved_query(self, name: str) -> str:
        """The query of a saved view."""
        return next((view.query for view in self.rules.views if view.name == name), "")

    def rules_about(self, paper: Paper, *, mute: bool) -> list[tuple[str, str, str, bool]]:
        """What of a paper can be muted or followed: a value for `toggle_rule`, the name, its kind, whether it is."""
        named = [("keywords", name) for name in paper.keywords] + [("authors", name) for name in paper.authors]
        if paper.organization:
            named.insert(0, ("organizations", paper.organization))
        return [
            (f"{kind} {name}", name, kind.removesuffix("s"), self._is_ruled(kind, name, mute=mute))
            for kind, name in named
        ]

    def toggle_rule(self, value: str, *, mute: bool) -> str:
        """Mute or follow what a value of `rules_about` says, or stop to; returns a sentence about it.

        Raises:
            StoreError: it can't be saved.
        """
        kind, _, name = value.partition(" ")
        ruled = self._is_ruled(kind, name, mute=mute)
        rules: Any = self.library
        if mute:
            query = str(field_query(FOLLOW_FIELDS[kind], name))  # type: ignore[index]
            (rules.unmute if ruled else rules.mute)(query)
            return f"{name} is muted no longer." if ruled else f"Muted {name}: see the view Muted; M takes it back."
        (rules.unfollow if ruled else rules.follow)(kind, name)
        if ruled:
            return f"{name} is followed no longer."
        muted = self._is_ruled(kind, name, mute=True)
        return f"Following {name}." + (" It is muted too, and that wins: M lets it be seen." if muted else "")

    def _is_ruled(self, kind: str, name: str, *, mute: bool) -> bool:
        if mute:
            return str(field_query(FOLLOW_FIELDS[kind], name)) in self.rules.mute  # type: ignore[index]
        return name in getattr(self.rules, kind)
