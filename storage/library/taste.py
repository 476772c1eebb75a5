"""The reader's taste, learned from the journal's stars and interests and the index's papers.

The one place that brings stars, papers and the engine in `storage.taste` together. The engine is imported on first use,
and the taste is learned again only if stars, interests or papers changed.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple

from paperdeck.storage.identifiers import document_id
from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.search.rank import UNSCORED, Scored

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from paperdeck.storage.search.index import Index
    from paperdeck.storage.settings.rules import ReasonKind, Rules
    from paperdeck.storage.taste.catch_up import Pick
    from paperdeck.storage.taste.consensus import TermSums
    from paperdeck.storage.taste.papers import PaperFacts, Star
    from paperdeck.storage.taste.profile import Adjustments, Profile
    from paperdeck.storage.taste.reasons import Reasons
    from paperdeck.storage.taste.related import Related, SamePeople
    from paperdeck.storage.taste.terms import Terms

    from .ranked import Ranked, RankedPapers


class Learned(NamedTuple):
    """A taste with its scores."""

    state: tuple[object, ...]
    """A fingerprint of the data that it was learned from."""
    profile: Profile | None = None
    """The taste; None if there is too little data."""
    scored: Scored = UNSCORED
    """The scores by row of the index."""
    likely: frozenset[str] = frozenset()
    """The papers that the reader will probably like."""
    min_likely_score: float = float("inf")
    """The lowest score of such papers."""


UNLEARNED = Learned(())
_MAX_STARS_READ = 50
"""The number of newest stars whose spelling of words is shown."""
_MAX_CONTENTS = 40
MAX_MISSED = 3_000
"""Missed papers to compare, the newest; this many take about two seconds."""
_BATCH_PAPERS = 500


class Taste:
    """The reader's taste. Thread-safe; learning and finding papers take 0.1 s or more, so call them in a thread."""

    def __init__(
        self,
        path: Path,
        index: Callable[[], Index],
        papers: Callable[[Iterable[str]], Mapping[str, Paper]],
        rules: Callable[[], Rules],
        marks: Callable[[], Mapping[str, Marks]],
    ) -> None:
        """Opens no file until it is used.

        Args:
            path: The file with the papers in the engine's form.
            index: Returns the index.
            papers: Returns papers by id.
            rules: Returns the rules, with interests and requests for more or less.
            marks: Returns all marks.
        """
        self._path, self._index, self._papers = path, index, papers
        self._rules, self._marks = rules, marks
        self._lock = RLock()
        self._ranked: RankedPapers | None = None
        self._sums: TermSums | None = None
        self._stars: dict[str, tuple[bytes | None, Star]] = {}
        self.learned = UNLEARNED
        """The last learned taste, perhaps outdated; reading it costs nothing."""

    # -- learning ----------------------------------------------------------------------------------------------------

    def current(self) -> Learned:
        """The taste from the current stars and interests, and the papers of the index.

        Raises:
            StoreError: the index can't be used.
        """
        with self._reading() as db:
            return self._current(db)

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return self._index().database.reading()

    def scored(self, db: sqlite3.Connection) -> Scored:
        """The scores for the order `foryou`."""
        return self._current(db).scored

    def _current(self, db: sqlite3.Connection) -> Learned:
        with self._lock:
            state = self._state(db)
            if state != self.learned.state:
                self.learned = self._learn(db, state)
            return self.learned

    def _state(self, db: sqlite3.Connection) -> tuple[object, ...]:
        """A fingerprint of everything that the taste is learned from."""
        from paperdeck.storage.search.compile import STARRED

        rules = self._rules()
        sql = (
            "select (select value from meta where name = 'identity'), (select max(serial) from terms), "
            "(select count(*) from moved), group_concat(id || ' ' || ifnull(starred_at, '')) "
            "from mark where state & ?"
        )
        return (*db.execute(sql, (STARRED,)).fetchone(), rules.interests, rules.adjusted)

    def _learn(self, db: sqlite3.Connection, state: tuple[object, ...]) -> Learned:
        from paperdeck.storage.taste.consensus import TermSums
        from paperdeck.storage.taste.profile import Candidates, learn
        from paperdeck.storage.taste.reasons import min_likely_score, scores

        stars, rules = self._newest_stars(db), self._rules()
        if not stars and not rules.interests:
            return Learned(state)
        self._sums = self._sums or TermSums()
        with self._followed(db) as (corpus, pool):
            candidates = Candidates(pool, lambda paper_id: _terms(db, paper_id))
            adjustments = _adjustments(rules)
            profile = learn(
                stars,
                corpus,
                interests=rules.interests,
                adjustments=adjustments,
                candidates=candidates,
                sums=self._sums,
            )
            if profile is None:
                return Learned(state)
            scored = zip(pool.ids, scores(profile, pool), strict=True)
            by_id = {paper_id: score for paper_id, score in scored if paper_id}
        minimum = min_likely_score(list(by_id.values()))
        likely = frozenset(paper_id for paper_id, score in by_id.items() if score >= minimum and score > 0)
        profile.star_values  # noqa: B018  (computed now, so that the first reasons come at once)
        return Learned(state, profile, _by_row(db, by_id), likely, minimum)

    def _newest_stars(self, db: sqlite3.Connection) -> list[Star]:
        """The newest stars, to learn from; only changed ones are read again."""
        from paperdeck.storage.search.compile import STARRED
        from paperdeck.storage.search.entries import stored_terms
        from paperdeck.storage.taste.profile import MAX_STARS

        sql = (
            "select id, starred_at from mark where state & ? "
            "order by starred_at is null desc, starred_at desc, id limit ?"
        )
        times = dict(db.execute(sql, (STARRED, MAX_STARS)).fetchall())
        terms = {paper_id: stored_terms(db, paper_id) for paper_id in times}
        known = {i: star for i, star in self._stars.items() if i in times and star[0] == terms[i]}
        papers = self._papers([paper_id for paper_id in times if paper_id not in known])
        known |= {paper_id: (terms[paper_id], _star(paper, terms[paper_id])) for paper_id, paper in papers.items()}
        self._stars = known
        return [known[paper_id][1]._replace(starred_at=at) for paper_id, at in times.items() if paper_id in known]

    # -- papers ------------------------------------------------------------------------------------------------------

    @contextmanager
    def ranked(self) -> Iterator[Ranked]:
        """Statistics of all papers, and the papers that can be ranked, for related papers, topics and so on.

        Raises:
            StoreError: the index can't be used.
        """
        with self._lock, self._reading() as db, self._followed(db) as ranked:
            yield ranked

    @contextmanager
    def _followed(self, db: sqlite3.Connection) -> Iterator[Ranked]:
        from .ranked import RankedPapers

        self._ranked = self._ranked or RankedPapers(self._path)
        try:
            yield self._ranked.follow(db)
        finally:
            self._ranked.release()

    def terms(self, paper: Paper) -> Terms:
        """The terms of a paper, stored or computed."""
        with self._reading() as db:
            return _terms(db, paper.id) or facts_of(paper).terms

    # -- reasons -----------------------------------------------------------------------------------------------------

    @property
    def has_material(self) -> bool:
        """Whether there is a star or an interest to learn from; cheap."""
        return bool(self._rules().interests) or any(marks.starred for marks in self._marks().values())

    def reasons(self, paper: Paper) -> Reasons | None:
        """The reasons for a paper's score in the last learned taste; None without one. Takes about 3 ms."""
        from paperdeck.storage.taste.reasons import reasons_of

        profile = self.learned.profile
        return reasons_of(profile, facts_of(paper)) if profile else None

    def why(self, paper: Paper) -> str:
        """The reasons in one line: `because ★ minWM · world model`; empty without reasons."""
        from paperdeck.storage.taste.reasons import sentence

        found = self.reasons(paper)
        return sentence(found) if found else ""

    def score(self, paper: Paper) -> float:
        """A paper's score in the last learned taste; 0 without one."""
        from paperdeck.storage.taste.reasons import score_of

        facts, profile = facts_of(paper), self.learned.profile
        return score_of(profile, facts.terms, facts.labels) if profile else 0.0

    def contents(self) -> list[tuple[ReasonKind, str]]:
        """The contents of the last learned taste, heaviest first: labels that stars repeat, then words."""
        from paperdeck.storage.taste.reasons import words_of_taste

        profile = self.learned.profile
        if profile is None:
            return []
        labels = sorted(profile.labels.values(), key=lambda weight: (-weight.excess, weight.label))
        found: list[tuple[ReasonKind, str]] = [
            ("author" if weight.label.kind == "author" else "organization", weight.label.name) for weight in labels
        ]
        papers = self._papers([star.id for star in profile.stars[:_MAX_STARS_READ]]).values()
        words = words_of_taste(profile, map(facts_of, papers))
        return [*found, *(("words", word.words) for word in words)][:_MAX_CONTENTS]

    # -- others like it ----------------------------------------------------------------------------------------------

    def related(self, paper: Paper, limit: int = 10) -> list[Related]:
        """The papers most like a paper by their text, best first."""
        from paperdeck.storage.taste.related import related

        with self.ranked() as (corpus, pool):
            return related(paper.id, self.terms(paper), corpus, pool, limit)

    def same_people(self, paper: Paper, limit: int = 10) -> list[SamePeople]:
        """The papers with common authors, those with most in common first."""
        from paperdeck.storage.taste.related import same_people

        with self.ranked() as (_, pool):
            return same_people(paper.id, paper.authors, pool, limit)

    def best_missed(self, ids: Sequence[str], minutes: float) -> list[Pick]:
        """The papers worth the given minutes, best first, each with its reason, and no two alike.

        Args:
            ids: The missed papers; only the first MAX_MISSED are compared.
            minutes: The time for reading.

        Raises:
            StoreError: the index can't be used.
        """
        from paperdeck.storage.taste.catch_up import Listed, Missed, catch_up, standings

        profile = self.current().profile
        batches = (ids[start : start + _BATCH_PAPERS] for start in range(0, min(len(ids), MAX_MISSED), _BATCH_PAPERS))
        papers = [paper for batch in batches for paper in self._papers(batch).values()]
        listed = self._index().upvotes_of({paper.day for paper in papers if paper.day})
        standing_of = standings(Listed(paper_id, day.isoformat(), upvotes) for paper_id, day, upvotes in listed)
        missed = [Missed(facts_of(paper), self.terms(paper), standing_of.get(paper.id)) for paper in papers]
        with self.ranked() as (corpus, _):
            return catch_up(missed, minutes, corpus, profile)


def packed_terms(paper: Paper) -> bytes:
    """A paper's data for the ranking, stored in the index."""
    from paperdeck.storage.taste.papers import terms_to_bytes

    return terms_to_bytes(facts_of(paper))


def facts_of(paper: Paper) -> PaperFacts:
    """The facts of a paper that a taste may be learned from."""
    from paperdeck.storage.taste.papers import PaperFacts

    return PaperFacts(paper.id, paper.title, paper.abstract, paper.authors, paper.organization)


def _star(paper: Paper, content: bytes | None) -> Star:
    from paperdeck.storage.taste.papers import Star, terms_from_bytes
    from paperdeck.storage.text.tex import to_unicode

    facts = facts_of(paper)
    terms = terms_from_bytes(content).terms if content is not None else facts.terms
    return Star(paper.id, to_unicode(paper.title), terms, facts.labels)


def _terms(db: sqlite3.Connection, paper_id: str) -> Terms | None:
    from paperdeck.storage.search.entries import stored_terms
    from paperdeck.storage.taste.papers import terms_from_bytes

    content = stored_terms(db, paper_id)
    return terms_from_bytes(content).terms if content is not None else None


def _adjustments(rules: Rules) -> Adjustments:
    from paperdeck.storage.taste.papers import Label
    from paperdeck.storage.taste.profile import LESS, MORE, Adjustments

    factors = {(rule.kind, rule.name): MORE if rule.more else LESS for rule in rules.adjusted}
    return Adjustments(
        words={name: factor for (kind, name), factor in factors.items() if kind == "words"},
        labels={Label(kind, name): factor for (kind, name), factor in factors.items() if kind != "words"},
    )


def _by_row(db: sqlite3.Connection, scores: Mapping[str, float]) -> Scored:
    """Scores by row of the index, in ascending order."""
    sql = "select row, id from paper where number in (select value from json_each(?)) order by row"
    rows, values = array("q"), array("d")
    for row, paper_id in db.execute(sql, (json.dumps([document_id(paper_id) for paper_id in scores]),)):
        rows.append(row)
        values.append(scores[paper_id])
    return Scored(rows, values)
