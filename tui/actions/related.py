"""Show papers related to one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import short_title
from paperdeck.tui.model.lists.related import related_view

if TYPE_CHECKING:
    from .context import Context


async def show_related(context: Context) -> None:
    """Show the papers like the current one, and those by the same people.

    Raises:
        StoreError: the index can't be used.
    """
    session = context.session
    entry = session.entry(context.current())
    if entry is None:
        return
    name = short_title(to_unicode(entry.paper.title))
    view = await asyncio.to_thread(related_view, session.library, entry.paper, name)
    session.results.go_to(view, "")
    context.focus("list")
