"""BibTeX as arXiv's “Export BibTeX citation” gives it, faults included: the latest version's year, nothing escaped."""

from __future__ import annotations

import re

from paperdeck.storage.paper import Paper

from . import bibtex
from .keys import STOP_WORDS, key_of
from .work import Work


def entry(work: Work, cited_as: str) -> str:
    """One entry, to the blank as arXiv writes it; what arXiv does not have gets an ordinary entry."""
    if not work.arxiv_id:
        return bibtex.misc(work, cited_as)
    paper = work.paper
    fields = {
        "title": paper.title,
        "author": " and ".join(paper.authors),
        "year": _year(paper),
        "eprint": work.arxiv_id,
        "archivePrefix": "arXiv",
        "primaryClass": work.category or "",
        "doi": f"https://doi.org/{paper.doi}" if paper.doi else "",
        "url": work.url or "",
    }
    # arXiv leaves a blank behind the commas of these two, and a comma behind the last field.
    lines = [
        f"      {name}={{{value}}},{' ' * (name in ('title', 'url'))}\n" for name, value in fields.items() if value
    ]
    return f"@misc{{{cited_as},\n{''.join(lines)}}}\n"


def key(work: Work) -> str:
    """Surname of the first author, year and the first four telling words of the title, run together.

    arXiv keeps accents; its list of words that tell nothing is longer than ours, so some keys differ.
    """
    paper = work.paper
    title = re.findall(r"[^\W_]+", paper.title.lower().replace("-", ""))
    words = [word for word in title if word not in STOP_WORDS][:4]
    bare = re.sub(r"[\W_]", "", "".join(name.surname for name in work.authors[:1]).lower())
    return bare + _year(paper) + "".join(words) if work.arxiv_id and (bare or words) else key_of(work)


def _year(paper: Paper) -> str:
    dated = paper.updated or paper.published
    return str(dated.year) if dated else ""
