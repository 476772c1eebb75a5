"""Finds the same paper among many; see `identity`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import chain

from .identifiers import is_local
from .identity import Description, Trait
from .paper import Paper

_FEW = 8
"""How many descriptions are compared one by one."""


class _Place:
    """The descriptions in one place of an index; if there are many, also by the facts that distinguish them."""

    def __init__(self) -> None:
        self._all: list[Description] = []
        self._sorted = 0
        self._seen: set[Hashable] = set()
        self._by_value: defaultdict[Hashable, list[Description]] = defaultdict(list)
        self._lacking: dict[str, list[Description]] = {}

    def add(self, known: Description) -> None:
        self._all.append(known)

    def all(self) -> Sequence[Description]:
        """All descriptions; if there are many, without repetitions."""
        if len(self._all) > _FEW:
            self._sort()
        return self._all

    def near(self, wanted: Description) -> Sequence[Description]:
        """All that may be the wanted one, and few others."""
        everything = self.all()
        if len(everything) <= _FEW:
            return everything
        found = [self._like(fields, trait) for fields, trait in wanted.traits.items() if fields in self._lacking]
        if not found:
            return everything
        fewest = min(found, key=lambda lists: sum(map(len, lists)))
        return list(chain.from_iterable(fewest))

    def _like(self, fields: str, trait: Trait) -> list[Sequence[Description]]:
        """Those that lack these fields, and those in which they don't differ."""
        ends = [self._by_value.get((fields, "end", value), []) for value in trait.whole]
        whole = [self._by_value.get((fields, "whole", end), []) for end in sorted(trait.ends)]
        return [self._lacking[fields], *ends, *whole]

    def _sort(self) -> None:
        added = self._all[self._sorted :]
        del self._all[self._sorted :]
        for known in added:
            if known.features in self._seen:
                continue
            self._seen.add(known.features)
            for fields in known.traits.keys() - self._lacking.keys():
                self._lacking[fields] = self._all[:]
            for fields in self._lacking.keys() - known.traits.keys():
                self._lacking[fields].append(known)
            for fields, trait in known.traits.items():
                for value in trait.whole:
                    self._by_value[fields, "whole", value].append(known)
                for end in trait.ends:
                    self._by_value[fields, "end", end].append(known)
            self._all.append(known)
        self._sorted = len(self._all)


class IdentityIndex:
    """Papers indexed by their identifying features, so that each new one is compared with few."""

    def __init__(self, papers: Iterable[Paper] = ()) -> None:
        self._places: defaultdict[tuple[str, ...], _Place] = defaultdict(_Place)
        for paper in papers:
            self.add(paper)

    def add(self, paper: Paper) -> None:
        known = Description(paper)
        for place in known.places():
            self._places[place].add(known)

    def same(self, paper: Paper) -> list[Paper]:
        """All indexed papers that are certainly this one; not those with a description that is certainly of another."""
        wanted = Description(paper)
        places = [self._places[place] for place in wanted.places_of_same() if place in self._places]
        same: dict[str, Paper] = {}
        for known in chain.from_iterable(place.near(wanted) for place in places):
            if known.paper.id not in same and wanted.is_same(known):
                same[known.paper.id] = known.paper
        return [known for known in same.values() if known.id == paper.id or not self._is_another(wanted, known.id)]

    def _is_another(self, wanted: Description, paper_id: str) -> bool:
        described = (known for known in self._places["id", paper_id].all() if known.paper.id == paper_id)
        return any(map(wanted.is_another, described))

    def find(self, paper: Paper) -> Paper | None:
        """The same paper among the indexed ones, preferably on arXiv; None if there is none, or several on arXiv."""
        same = self.same(paper)
        if own := next((known for known in same if known.id == paper.id), None):
            return own
        best = [known for known in same if not is_local(known.id)] or same
        return best[0] if len(best) == 1 or (best and is_local(best[0].id)) else None
