"""Completions for the filter box, each with the number of papers it would find, and earlier filters.

`typed` runs for each key and looks nothing up; `look_up` runs in the background.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.files.small import recall_all, remember_all
from paperdeck.storage.search.complete import (
    LISTED_VALUES,
    Completion,
    completions,
    query_for,
    value_at,
    values_in,
    word_before,
)
from paperdeck.storage.search.query import FIELDS, Query

from .changed import Changed
from .finder import ORDER_NAMES, Wanted, stopped_at_the_end, understood
from .views import ALL

if TYPE_CHECKING:
    from paperdeck.storage.search.database import Stop

    from .deeds import Markings
    from .finder import Finder
    from .papers import Papers
    from .results import Results

MAX_OFFERS = 8
"""Completions shown at a time."""
MAX_FILTERS = 100
"""Filters to remember, the most recently used."""
MIN_LETTERS = 2
"""Minimum number of letters that are completed to a field, as most words are not fields."""
PAUSE_SECONDS = 0.15
"""Time between a key and the look-up of values and counts, so that a burst of keys causes one look-up."""
_SEARCHED_PAPERS = 200
"""Newest papers in which to look for the spelling of a value."""

Values = dict[tuple[str, str, str], Sequence[tuple[str, int]]]


class Completing:
    """The completions of the word before the cursor."""

    def __init__(
        self, finder: Finder, papers: Papers, marks: Markings, results: Results, publish: Callable[[Changed], None]
    ) -> None:
        self._finder, self._papers, self._marks, self._results = finder, papers, marks, results
        self._publish = publish
        self.offers: Sequence[Completion] = ()
        """The completions."""
        self.chosen: int | None = None
        """The index of the chosen completion; None: none."""
        self.counts: dict[str, int] = {}
        """How many papers the list would have, by the whole query; uncounted queries are absent."""
        self._text, self._cursor = "", 0
        self._values: Values = {}  # by the rest of the query, the field, and the typed part of the value

    # Offers

    def typed(self, text: str, cursor: int) -> None:
        """Update for the text in the box; cheap, as each key waits for it."""
        self._text, self._cursor = text, cursor
        self._offer([] if self._is_short_word() else self._found())

    def list_fields(self) -> None:
        """Offer every field, whatever the text."""
        self._offer([Completion(f"{name}:", self._cursor, field.about) for name, field in FIELDS.items()])

    def close(self) -> bool:
        """Close the completions until the next key, whatever is still being looked up; False if there were none."""
        had = bool(self.offers)
        self._text, self._cursor = "", 0
        self._offer([])
        return had

    def move(self, step: int) -> None:
        """Choose the next completion, or the one before; None comes before the first."""
        place = (-1 if self.chosen is None else self.chosen) + step
        self.chosen = place % len(self.offers) if self.offers and place >= 0 else None
        self._publish(Changed(offers=True))

    def take(self) -> tuple[str, int] | None:
        """The text and cursor with the chosen completion, or the first one; None if there are none."""
        if not self.offers:
            return None
        return self._with(self.offers[self.chosen or 0])

    def count_of(self, offer: Completion) -> int | None:
        """How many papers the list would have with a completion; None: unknown, or an incomplete condition."""
        return self.counts.get(self._with(offer)[0])

    def _with(self, offer: Completion) -> tuple[str, int]:
        rest = self._text[self._cursor :]
        ends = not offer.text.endswith(":") and not rest
        before = f"{self._text[: offer.start]}{offer.text}{' ' * ends}"
        return before + rest, len(before)

    def _offer(self, offers: Sequence[Completion]) -> None:
        if offers or self.offers:
            self.offers, self.chosen = offers, None
            self._publish(Changed(offers=True))

    def _is_short_word(self) -> bool:
        _, word = word_before(self._text, self._cursor)
        return ":" not in word and len(word) < MIN_LETTERS

    def _found(self) -> list[Completion]:
        found = completions(self._text, self._cursor, self._known_values, MAX_OFFERS)
        typed = self._text[: self._cursor]
        found = [offer for offer in found if offer.text != typed[offer.start :]]
        return [_explained(offer) for offer in found]

    def _known_values(self, field: str, typed: str) -> Sequence[tuple[str, int]]:
        """Values already looked up; those for fewer letters until there are some for these."""
        rest = self._rest()
        for end in range(len(typed), -1, -1):
            values = self._values.get((rest, field, typed[:end]))
            if values is not None:
                exact = end == len(typed)
                return [value for value in values if exact or typed.casefold() in value[0].casefold()]
        return ()

    # Looking up

    @property
    def wants_more(self) -> bool:
        """Whether there is something to look up for the typed text."""
        field, typed = value_at(self._text, self._cursor)
        unknown = field in LISTED_VALUES and (self._rest(), field, typed) not in self._values
        return unknown or any(self._counts_for(offer) and self.count_of(offer) is None for offer in self.offers)

    async def look_up(self) -> None:
        """Look up values of papers, count what each completion would find, and publish both."""
        await asyncio.sleep(PAUSE_SECONDS)
        text, wanted = self._text, (self._rest(), *value_at(self._text, self._cursor))
        with stopped_at_the_end() as stop:
            if wanted[1] in LISTED_VALUES and wanted not in self._values:
                self._values[wanted] = await asyncio.to_thread(self._values_of, *wanted, stop)
                if self._text == text:
                    self.typed(text, self._cursor)
            for offer in list(self.offers):
                if self._text == text and self._counts_for(offer) and self.count_of(offer) is None:
                    await self._count(self._with(offer)[0], stop)
        self._publish(Changed(offers=True))

    def forget(self) -> None:
        """Drop looked-up values, as papers, marks or the view changed."""
        self._values, self.counts = {}, {}

    @staticmethod
    def _counts_for(offer: Completion) -> bool:
        return not offer.text.endswith(":") and not offer.text.startswith("sort:")

    def _rest(self) -> str:
        """The query without the word being typed."""
        start, _ = word_before(self._text, self._cursor)
        return f"{self._text[:start].rstrip('-( ')} {self._text[self._cursor :]}".strip()

    def _values_of(self, rest: str, field: str, typed: str, stop: Stop) -> Sequence[tuple[str, int]]:
        """Values from the papers of the list without the word, or else from any paper."""
        if field == "tag":
            tags = sorted(self._marks.tags().items(), key=lambda tag: (-tag[1], tag[0]))
            return [tag for tag in tags if typed.casefold() in tag[0].casefold()]
        others = Query()
        with suppress(InvalidInput):
            others = understood(rest)
        query = query_for(field, typed)
        ids: Sequence[str] = ()
        for wanted in (Wanted(self._results.view, others & query), Wanted(ALL, query)):
            ids = ids or self._finder.find(wanted, _SEARCHED_PAPERS, stop)
        return values_in(self._papers.facts(ids), field, typed)

    async def _count(self, text: str, stop: Stop) -> None:
        view = self._results.view
        try:
            query = understood(view.query) & understood(text)
        except InvalidInput:
            return
        self.counts[text] = await asyncio.to_thread(self._finder.count, view._replace(query=str(query)), stop)


def _explained(offer: Completion) -> Completion:
    """An order with its explanation."""
    field, _, key = offer.text.partition(":")
    return offer._replace(about=ORDER_NAMES.get(key.lstrip("-"), "")) if field == "sort" else offer


class EarlierFilters:
    """A small file of filters, and the reader's position in it. Losing it does no harm."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._place: int | None = None  # None: nothing is recalled
        self._recalled = self._draft = ""
        self._used: list[str] = []  # since the start, the most recently used last

    def is_recalled(self, text: str) -> bool:
        """Whether a text is the last recalled filter, unchanged."""
        if text != self._recalled:
            self._place = None
        return self._place is not None

    def step(self, step: int, text: str) -> str | None:
        """The filter before or after the current one; after the newest comes the typed text. None: there is none.

        Args:
            step: -1 for an earlier one, 1 for a later one.
            text: The text in the box.
        """
        filters = self._all()
        if not self.is_recalled(text):
            self._place, self._draft = len(filters), text
        place = (len(filters) if self._place is None else self._place) + step
        while 0 <= place < len(filters) and filters[place] == text.strip():
            place += step
        if not 0 <= place <= len(filters):
            return None
        self._place, self._recalled = place, filters[place] if place < len(filters) else self._draft
        return self._recalled

    def use(self, text: str) -> None:
        """Remember a used filter, for as long as the reader is open."""
        self._used = [*(used for used in self._used if used != text.strip()), text.strip()]

    def save(self) -> None:
        """Remember the used filters for good. Call in a thread."""
        remember_all(self._path, {"filters": self._all()})

    def _all(self) -> list[str]:
        stored = recall_all(self._path).get("filters")
        known = [text for text in stored if isinstance(text, str)] if isinstance(stored, list) else []
        return [*(text for text in known if text not in self._used), *self._used][-MAX_FILTERS:]
