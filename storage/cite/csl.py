"""CSL-JSON, which pandoc, Zotero and every CSL processor read.

Format: https://docs.citationstyles.org/en/stable/specification.html (1.0.2, where `article` is a preprint).
"""

from __future__ import annotations

import re
from typing import Any

from paperdeck.storage.text.names import Name

from .work import Work

_MARKUP = re.compile(r"<(?=/?(?:i|b|sc|sub|sup|span)\b)", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def item(work: Work, key: str) -> dict[str, Any]:
    """One work as an item; what is unknown is left out."""
    fields = {
        "id": key,
        "type": "article" if work.arxiv_id else "document",
        "title": _plain(work.title),
        "author": [author(name) for name in work.authors],
        "issued": _issued(work),
        "genre": "Preprint" if work.arxiv_id else "",
        "publisher": "arXiv" if work.arxiv_id else "",
        "number": f"arXiv:{work.arxiv_id}" if work.arxiv_id else "",
        "version": _version(work),
        "container-title": _plain(work.venue),
        "DOI": work.doi,
        "URL": work.url,
        "abstract": _plain(work.abstract),
    }
    return {name: value for name, value in fields.items() if value}


def author(name: Name) -> dict[str, str]:
    """A name with its parts, or a group as one literal."""
    if name.whole:
        return {"literal": name.text}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}


def _issued(work: Work) -> dict[str, list[list[int]]]:
    if work.date:
        return {"date-parts": [[work.date.year, work.date.month, work.date.day]]}
    return {"date-parts": [[work.year]]} if work.year else {}


def _version(work: Work) -> str:
    version = work.paper.version or 1
    return str(version) if work.arxiv_id and version > 1 else ""


def _plain(text: str) -> str:
    """The text so that no processor takes `<i>` in it for markup: an invisible joiner parts the tag."""
    return _MARKUP.sub("<" + _WORD_JOINER, text)
