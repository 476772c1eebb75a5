"""The rules of a session: saved views, what is muted and what is followed, kept in the settings file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paperdeck.storage.search.query import field_query
from paperdeck.storage.settings.rules import FOLLOW_FIELDS, Rules, load_rules

if TYPE_CHECKING:
    from paperdeck.storage.paper import Paper
    from paperdeck.storage.settings.rules_file import RulesFile
    from paperdeck.storage.settings.settings import Places


class Rulebook:
    """The part of a session that is about rules."""

    rules: Rules
    """The rules as they were read last."""
    _places: Places

    def load_rules(self) -> list[str]:
        """Read the rules in the settings file; returns a sentence for each that can't be used."""
        self.rules, complaints = load_rules(self._places.config_file)
        return complaints

    @property
    def rules_file(self) -> RulesFile:
        """What changes the rules."""
        from paperdeck.storage.settings.rules_file import RulesFile

        return RulesFile(self._places.config_file)

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
            StoreError: the settings file can't be written.
        """
        kind, _, name = value.partition(" ")
        ruled = self._is_ruled(kind, name, mute=mute)
        rules: Any = self.rules_file
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
