"""All that is known of a paper, and the reader's marks, as JSON for a field of its citation.

Exports that take the marks along carry it in a field that other programs pass over, so that nothing is lost when
paperdeck reads its own export.
"""

from __future__ import annotations

import json
from typing import Any

from paperdeck.storage.paper import Entry, entry_as_json

_DERIVED = frozenset({"url", "pdf_url", "sources"})
"""What follows from the other facts."""


def rest_of(entry: Entry) -> dict[str, Any]:
    """The facts and marks; what is unknown is left out."""
    values = entry_as_json(entry)
    if "@type" not in dict(entry.paper.record):
        del values["record"]  # no more than the key, which the citation has
    return {
        name: value for name, value in values.items() if name not in _DERIVED and value not in (None, "", [], False)
    }


def rest_as_text(entry: Entry) -> str:
    """The same as JSON on one line, its braces balanced also for a program that counts those within texts."""
    parts = (f"{json.dumps(name)}: {_plain(value)}" for name, value in rest_of(entry).items())
    return "{" + ", ".join(parts) + "}"


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("{", "\\u007b").replace("}", "\\u007d")
