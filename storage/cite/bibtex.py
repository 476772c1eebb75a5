"""BibTeX and biblatex entries.

A preprint is `@misc` with the eprint fields, dated by its first version; the `url` stays beside them because the plain
styles of BibTeX know no eprints.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from paperdeck.storage.paper import Paper
from paperdeck.storage.text.words import short_month

from . import latex
from .keys import key_of
from .names import Name
from .work import Work, preprint

_CATEGORY = re.compile(r"[A-Za-z-]{1,20}(?:\.[A-Za-z-]{1,20})?")
_NOT_VERBATIM = re.compile(r"[\^$`\"|]")
_WIDTH = len("archivePrefix")


def entry(paper: Paper) -> str:
    """The paper's preprint as a BibTeX entry, with the key that it has when it is cited by itself."""
    work = preprint(paper)
    return misc(work, key_of(work))


def misc(work: Work, key: str) -> str:
    """A BibTeX entry for any style."""
    fields = {
        **_author_and_title(work),
        "year": _braced(str(work.year or "")),
        "month": short_month(work.date.month).lower() if work.date else "",
        "howpublished": _braced(latex.escape(work.venue)),
        "eprint": _braced(work.arxiv_id),
        "archivePrefix": _braced("arXiv" if work.arxiv_id else ""),
        "primaryClass": _category(work),
        "doi": _verbatim(work.doi),
        "url": _verbatim(work.url),
    }
    return _entry("misc", key, fields)


def with_accents(work: Work, key: str) -> str:
    """A BibTeX entry with LaTeX's commands for accents in place of UTF-8."""
    return latex.accents(misc(work, key))


def biblatex(work: Work, key: str) -> str:
    """An entry for biblatex and biber."""
    date = work.date.isoformat() if work.date else str(work.year or "")
    fields = {
        **_author_and_title(work),
        "date": _braced(date),
        "howpublished": _braced(latex.escape(work.venue)),
        "eprint": _braced(work.arxiv_id),
        "eprinttype": _braced("arxiv" if work.arxiv_id else ""),
        "eprintclass": _category(work),
        "doi": _verbatim(work.doi),
        "url": _verbatim(work.url),
    }
    return _entry("online" if work.arxiv_id else "misc", key, fields)


def author(name: Name) -> str:
    """A name as BibTeX takes it apart: `von Last, Jr, First`, or a group between braces."""
    if name.whole:
        return "{" + latex.escape(name.text) + "}"
    family = latex.escape(name.family)
    if any(word[:1].islower() for word in name.family.split()[:-1]):  # else “Ramón y” is taken for a particle
        family = "{" + family + "}"
    surname = f"{latex.escape(name.particle)} {family}".strip()
    return ", ".join(filter(None, (surname, latex.escape(name.suffix), latex.escape(name.given))))


def _author_and_title(work: Work) -> dict[str, str]:
    return {
        "author": _braced(" and ".join(map(author, work.authors))),
        "title": _braced(latex.title(work.paper.title)),
    }


def _braced(value: str | None) -> str:
    return f"{{{value}}}" if value else ""


def _verbatim(value: str | None) -> str:
    """A link or a DOI, in which nothing is escaped; what TeX or BibTeX might act on stands as a code of its link."""
    bare = re.sub(r"[{}\\\s]", "", value or "")
    return _braced(_NOT_VERBATIM.sub(lambda found: quote(found[0], safe=""), bare))


def _category(work: Work) -> str:
    return _braced(work.category if work.category and _CATEGORY.fullmatch(work.category) else "")


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    lines = [f"  {name:<{_WIDTH}} = {value},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"
