"""Kept exports: finds their papers, and rewrites them after marks changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError

from .common import warn
from .list import select

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library
    from paperdeck.storage.paper import Entry


def refresh_kept(library: Library) -> None:
    """Rewrite the kept exports after a change of marks; a failure is reported."""
    if not (library.places.state / "exports.json").exists():
        return  # most readers have none, and needn't wait for an import
    from paperdeck.storage.exchange.kept_exports import refresh_exports

    try:
        results = refresh_exports(library, finding(library))
    except PaperdeckError as error:
        warn(error)
    else:
        warn(*filter(None, (result.error for result in results)))


def finding(library: Library) -> Callable[[str], list[Entry]]:
    """A function that finds the entries for a query, for kept exports."""
    return lambda query: select(library, query, None)
