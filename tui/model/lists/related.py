"""A view of the papers related to one: those with a similar text, then those by the same people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from paperdeck.storage.text.words import list_in_words

from ..views import View

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.paper import Paper

MAX_ALIKE_PAPERS: Final = 30
MAX_PAPERS_BY_THE_SAME: Final = 20
_SHOWN_NAMES: Final = 3
_EMPTY = (
    "Nothing in the library is like this paper, and nothing else is by two of its authors. {fetch-history} fetches "
    "more papers to compare it with."
)


def related_view(library: Library, paper: Paper, name: str) -> View:
    """The view of the papers of the library related to one, best first; `name` is short. Call in a thread.

    Raises:
        StoreError: the index can't be used.
    """
    alike = [match.id for match in library.taste.related(paper, MAX_ALIKE_PAPERS)]
    people = library.taste.same_people(paper, MAX_PAPERS_BY_THE_SAME)
    ids = tuple(dict.fromkeys([*alike, *(match.id for match in people)]))
    captions = {match.id: f"also by {list_in_words(match.authors[:_SHOWN_NAMES])}" for match in people}
    return View(
        f"related {paper.id}",
        f"Like {name}",
        empty=_EMPTY,
        within=lambda: ids,
        captions=captions,
        fixed=True,
        aside=True,
    )
