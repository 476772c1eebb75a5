"""The reader's taste for the screen: which papers fit and why, and the reader's own statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from paperdeck.storage.errors import StoreError

from .changed import Changed

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Deed, Library
    from paperdeck.storage.paper import Paper
    from paperdeck.storage.settings.rules import ReasonKind
    from paperdeck.storage.taste.reasons import Reason, Reasons

    from .rules import Rulebook

_CACHED_REASONS = 200
_MIN_FIT = 0.5
"""The lowest score whose reasons are shown, as a share of a likely paper's score."""


class TasteItem(NamedTuple):
    """One item of the reader's taste."""

    kind: ReasonKind | Literal["interest"]
    """An interest, or a kind of reason."""
    name: str
    more: bool | None
    """Whether the reader wants more of it or less; None: neither."""
    learned: bool = False
    """Whether it was learned from stars."""

    @property
    def value(self) -> str:
        """Its value as a choice."""
        return f"{self.kind} {self.name}"


class Tasting:
    """Reads the last learned taste, which is cheap, and learns it again in a thread."""

    def __init__(self, library: Library, rules: Rulebook, publish: Callable[[Changed], None]) -> None:
        self._library, self._rules, self._publish = library, rules, publish
        self._reasons: dict[str, Reasons] = {}
        self._shown = library.taste.learned

    @property
    def is_known(self) -> bool:
        """Whether there is a taste."""
        return self._library.taste.learned.profile is not None

    @property
    def is_missing(self) -> bool:
        """Whether learning found too little data."""
        return bool(self._library.taste.learned.state) and not self.is_known

    @property
    def has_material(self) -> bool:
        """Whether there is a star or an interest to learn from."""
        return self._library.taste.has_material

    def follow(self) -> None:
        """Learn again if stars, interests or papers changed, and publish that. Call in a thread."""
        try:
            learned = self._library.taste.current()
        except StoreError:  # the index is being rebuilt; learn afterwards
            return
        if learned is not self._shown:
            self._shown, self._reasons = learned, {}
            self._publish(Changed(taste=True))

    def fits(self, paper_id: str) -> bool:
        """Whether a paper is one of the few that the reader will probably like."""
        return paper_id in self._library.taste.learned.likely

    def reasons(self, paper: Paper) -> Reasons | None:
        """The reasons for a paper's score; None without a taste. Takes a few milliseconds the first time."""
        if self.is_known and paper.id not in self._reasons:
            if len(self._reasons) >= _CACHED_REASONS:
                self._reasons = {}
            if found := self._library.taste.reasons(paper):
                self._reasons[paper.id] = found
        return self._reasons.get(paper.id)

    def reasons_learned(self, paper: Paper) -> Reasons | None:
        """The same, but soon after the start it learns first. Call in a thread."""
        if not self.is_known:
            self.follow()
        return self.reasons(paper)

    def why(self, paper: Paper, *, shown: str = "") -> str:
        """Why a paper fits, in one line; empty if it doesn't, nothing is known, or `shown` says it already."""
        found = self.reasons(paper)
        if found is None or found.score < self._library.taste.learned.min_likely_score * _MIN_FIT:
            return ""
        from paperdeck.storage.taste.reasons import sentence

        why = sentence(found)
        return "" if why in shown else why

    # The reader's own statements

    def stated(self) -> list[TasteItem]:
        """The reader's statements: interests first, then more and less."""
        rules = self._rules.rules
        interests = [TasteItem("interest", phrase, None) for phrase in rules.interests]
        return interests + [TasteItem(rule.kind, rule.name, rule.more) for rule in rules.adjusted]

    def learned(self) -> list[TasteItem]:
        """The heaviest words, authors and organizations learned from stars. Call in a thread."""
        self.follow()
        stated = {(item.kind, item.name) for item in self.stated()}
        learned = [TasteItem(kind, name, None, learned=True) for kind, name in self._library.taste.contents()]
        return [item for item in learned if (item.kind, item.name) not in stated]

    def add_interest(self, phrase: str) -> Deed:
        return self._done(self._library.set_interest(phrase))

    def remove_interest(self, phrase: str) -> Deed:
        return self._done(self._library.set_interest(phrase, on=False))

    def adjust(self, kind: ReasonKind, name: str, *, more: bool | None) -> Deed:
        """Want more or less of something; None: neither."""
        return self._done(self._library.adjust_taste(kind, name, more=more))

    def _done(self, deed: Deed) -> Deed:
        self._rules.read_again()
        return deed


def kind_of(reason: Reason) -> ReasonKind:
    """The kind of a reason, for `adjust`."""
    if reason.label is None:
        return "words"
    return "author" if reason.label.kind == "author" else "organization"
