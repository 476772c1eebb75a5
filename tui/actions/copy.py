"""Copy links and citations of the selection or the current paper."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from paperdeck.tui.look.cells import count_of

if TYPE_CHECKING:
    from paperdeck.storage.paper import Paper

    from .context import Context


async def copy_link(context: Context) -> None:
    """Copy the links to the papers' pages."""
    await _copy_as(context, _papers(context), "page")


async def copy_bibtex(context: Context) -> None:
    """Copy BibTeX entries of the papers."""
    await _copy_as(context, _papers(context), "bibtex")


async def copy_menu(context: Context) -> None:
    """Let the reader choose a format, and copy the papers in it."""
    from .copy_formats import choices_of, preview_of

    papers = _papers(context)
    if papers:
        title = f"Copy {count_of(len(papers), 'paper')} as"
        choices = choices_of(papers, context.session.last_copy)
        form = await context.choose(title, choices, instant=True, preview=lambda form: preview_of(form, papers))
        if form:
            await _copy_as(context, papers, form)


def _papers(context: Context) -> list[Paper]:
    return context.session.papers.facts(context.targets())


def _keys(context: Context, papers: list[Paper], form: str) -> dict[str, str]:
    """The papers' citation keys, if the format has any; what was given once is given again."""
    from paperdeck.storage.library.citation_keys import citation_keys

    from .copy_formats import WITH_KEYS

    return citation_keys(context.session.library, papers) if form in WITH_KEYS else {}


async def _copy_as(context: Context, papers: list[Paper], form: str) -> None:
    from .copy_formats import PAGE, name_of, text_of

    if not papers:
        return
    context.end_selection()
    text = await asyncio.to_thread(lambda: text_of(form, papers, _keys(context, papers, form)))
    what = text if len(papers) == 1 and form == PAGE else name_of(form)
    await context.copy(text, what if len(papers) == 1 else f"{what} of {count_of(len(papers), 'paper')}")
    await asyncio.to_thread(setattr, context.session, "last_copy", form)
