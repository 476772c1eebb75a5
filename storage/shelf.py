"""The starter shelf: well-known papers that ship with the app, for a first start without a network.

Titles, authors, dates and links are the papers' own; the abstracts and keywords were written for this shelf, so the
real ones replace them as soon as a source is reached.
"""

from __future__ import annotations

from pathlib import Path

from .paper import Paper, paper_from


def load_shelf() -> list[Paper]:
    """The papers of the starter shelf, newest first."""
    import orjson  # imported here to keep startup fast when the cache is filled

    shelf = orjson.loads(Path(__file__).with_name("shelf.json").read_bytes())
    papers = [paper_from(facts, sources=("shelf",)) for facts in shelf]
    return sorted(papers, key=lambda paper: paper.id, reverse=True)
