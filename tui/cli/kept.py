"""Kept exports: rewrites them after marks changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.errors import PaperdeckError
from paperdeck.storage.files.disk import is_missing

from .common import warn
from .list import select

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library


def refresh_kept(library: Library) -> None:
    """Rewrite the kept exports after a change of marks; a failure is reported."""
    if is_missing(library.places.state / "exports.json"):
        return  # most readers have none, and needn't wait for an import
    from paperdeck.storage.exchange.kept_exports import refresh_exports

    try:
        results = refresh_exports(library, partial(select, library))
    except PaperdeckError as error:
        warn(error)
    else:
        warn(*filter(None, (result.error for result in results)))
