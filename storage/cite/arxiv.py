"""BibTeX as arXiv's “Export BibTeX citation” gives it, faults included: the latest version's year, nothing escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..paper import Paper
from . import bibtex
from .keys import STOP_WORDS, key_of, unique_keys
from .work import Work


def entries(works: Sequence[Work]) -> str:
    """An entry for each work, an empty line between them; what arXiv does not have gets an ordinary entry."""
    keys = unique_keys({work.paper.id: (work.arxiv_id and key(work.paper)) or key_of(work) for work in works})
    return "\n".join(
        entry(work.paper, keys[work.paper.id]) if work.arxiv_id else bibtex.misc(work, keys[work.paper.id])
        for work in works
    )


def entry(paper: Paper, cited_as: str) -> str:
    """One entry, to the blank as arXiv writes it."""
    dated = paper.updated or paper.published
    fields = {
        "title": paper.title,
        "author": " and ".join(paper.authors),
        "year": str(dated.year) if dated else "",
        "eprint": paper.id,
        "archivePrefix": "arXiv",
        "primaryClass": paper.primary_category or "",
        "doi": f"https://doi.org/{paper.doi}" if paper.doi else "",
        "url": paper.abs_url or "",
    }
    # arXiv leaves a blank behind the commas of these two, and a comma behind the last field.
    lines = [
        f"      {name}={{{value}}},{' ' * (name in ('title', 'url'))}\n" for name, value in fields.items() if value
    ]
    return f"@misc{{{cited_as},\n{''.join(lines)}}}\n"


def key(paper: Paper) -> str:
    """Last word of the first author, year and the first four telling words of the title, run together.

    arXiv keeps accents; its list of words that tell nothing is longer than ours, so some keys differ.
    """
    dated = paper.updated or paper.published
    family = paper.authors[0].split()[-1] if paper.authors and paper.authors[0].split() else ""
    words = [word for word in re.findall(r"[^\W_]+", paper.title.lower().replace("-", "")) if word not in STOP_WORDS]
    return re.sub(r"[\W_]", "", family.lower()) + (str(dated.year) if dated else "") + "".join(words[:4])
