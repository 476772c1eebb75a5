"""All known facts of a paper and the reader's marks, as JSON for a field of its citation.

Exports with marks carry it in a field that other programs ignore, so that paperdeck loses nothing when it reads its
own export.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from paperdeck.storage.paper import Entry, entry_as_json

_DERIVED = frozenset({"url", "pdf_url", "sources"})
"""Fields derived from other facts."""
_CODED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "\\{}%^$&#_~`|"})
"""TeX's special characters, percent-encoded as in links."""


def rest_of(entry: Entry) -> dict[str, Any]:
    """The facts and marks; unknown values are left out."""
    known = known_of(entry)
    if "@type" not in dict(entry.paper.record):
        known.pop("record", None)  # only the key, which the citation has
    return known


def rest_beyond(entry: Entry, read: Entry) -> dict[str, Any]:
    """The facts and marks that another description of the paper lacks, or has with another value.

    Args:
        entry: The paper with its marks.
        read: The same, read back from a format that can't hold everything.

    Returns:
        Values by name; None if only the other description has a value.
    """
    wanted, there = known_of(entry), known_of(read)
    return {name: wanted.get(name) for name in there | wanted if wanted.get(name) != there.get(name)}


def known_of(entry: Entry) -> dict[str, Any]:
    """The known facts and marks as JSON, without those that follow from others."""
    values = entry_as_json(entry)
    known = {name: value for name, value in values.items() if value is not None and value is not False}
    return {name: value for name, value in known.items() if name not in _DERIVED and value not in ("", [])}


def rest_as_text(entry: Entry) -> str:
    """The same as JSON on one line."""
    return json.dumps(rest_of(entry), ensure_ascii=False)


def rest_for_tex(entry: Entry) -> str:
    """The same with characters special to TeX or BibTeX percent-encoded."""
    return rest_as_text(entry).translate(_CODED).replace("  ", "%20 ").replace("  ", "%20 ")


def rest_from_tex(text: str) -> str:
    """The JSON in the output of `rest_for_tex`."""
    return unquote(text)
