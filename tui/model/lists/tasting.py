"""What the reader likes, as the screen asks for it: which papers fit, and why; and what they say about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from paperdeck.storage.errors import StoreError
from paperdeck.tui.model.changed import Changed

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Deed, Library
    from paperdeck.storage.paper import Paper
    from paperdeck.storage.settings.rules import ReasonKind
    from paperdeck.storage.taste.reasons import Reason, Reasons
    from paperdeck.tui.model.rules import Rulebook

_MOST_KEPT = 200
_LEAST_FIT = 0.5
"""The part of the score of a likely paper from which on its reasons are worth a line."""


class Said(NamedTuple):
    """Something of the reader's taste, to be listed."""

    kind: ReasonKind | Literal["interest"]
    """An interest, or a kind of reason."""
    name: str
    more: bool | None
    """Whether the reader wants more of it or less; None: they said nothing."""
    learned: bool = False
    """Whether it comes from stars."""

    @property
    def value(self) -> str:
        """By which it is chosen."""
        return f"{self.kind} {self.name}"


class Tasting:
    """Reads what was learned last, which takes no time, and lets it be learned again in a thread."""

    def __init__(self, library: Library, rules: Rulebook, publish: Callable[[Changed], None]) -> None:
        self._library, self._rules, self._publish = library, rules, publish
        self._reasons: dict[str, Reasons] = {}
        self._shown = library.taste.learned

    @property
    def is_known(self) -> bool:
        """Whether something was learned."""
        return self._library.taste.learned.profile is not None

    @property
    def is_missing(self) -> bool:
        """Whether it was looked for, and there is too little to go by."""
        return bool(self._library.taste.learned.state) and not self.is_known

    def follow(self) -> None:
        """Learn again if stars, interests or papers changed, and publish that. Call in a thread."""
        try:
            learned = self._library.taste.current()
        except StoreError:  # the index is being built again; it is learned when that is done
            return
        if learned is not self._shown:
            self._shown, self._reasons = learned, {}
            self._publish(Changed(taste=True))

    def fits(self, paper_id: str) -> bool:
        """Whether a paper is one of the few that the reader is likely to want."""
        return paper_id in self._library.taste.learned.likely

    def reasons(self, paper: Paper) -> Reasons | None:
        """The reasons of a paper; None if there is no taste. It takes a few milliseconds the first time."""
        if self.is_known and paper.id not in self._reasons:
            if len(self._reasons) >= _MOST_KEPT:
                self._reasons = {}
            if found := self._library.taste.reasons(paper):
                self._reasons[paper.id] = found
        return self._reasons.get(paper.id)

    def why(self, paper: Paper) -> str:
        """Why a paper fits, in a line; empty if it does not, or nothing is known."""
        found = self.reasons(paper)
        if found is None or found.score < self._library.taste.learned.likely_from * _LEAST_FIT:
            return ""
        from paperdeck.storage.taste.reasons import sentence

        return sentence(found)

    # What the reader says

    def said(self) -> list[Said]:
        """What the reader said of their taste: interests first, then more and less."""
        rules = self._rules.rules
        said = [Said("interest", phrase, None) for phrase in rules.interests]
        return said + [Said(one.kind, one.name, one.more) for one in rules.adjusted]

    def learned(self) -> list[Said]:
        """The heaviest words, authors and organizations that stars show. Call in a thread."""
        known = {(said.kind, said.name) for said in self.said()}
        learned = [Said(kind, name, None, learned=True) for kind, name in self._library.taste.contents()]
        return [one for one in learned if (one.kind, one.name) not in known]

    def add_interest(self, phrase: str) -> Deed:
        """Take in words that the reader is interested in."""
        return self._done(self._library.set_interest(phrase))

    def remove_interest(self, phrase: str) -> Deed:
        """Drop an interest."""
        return self._done(self._library.set_interest(phrase, on=False))

    def adjust(self, kind: ReasonKind, name: str, *, more: bool | None) -> Deed:
        """Ask for more or less of something; None takes that back."""
        return self._done(self._library.adjust_taste(kind, name, more=more))

    def _done(self, deed: Deed) -> Deed:
        self._rules.read_again()
        return deed


def kind_of(reason: Reason) -> ReasonKind:
    """The kind by which a reason is asked more or less of."""
    if reason.label is None:
        return "words"
    return "author" if reason.label.kind == "author" else "organization"
