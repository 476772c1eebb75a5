"""Copy links and citations of the selection or the current paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperdeck.tui.look.cells import count_of

if TYPE_CHECKING:
    from paperdeck.storage.paper import Paper

    from .context import Context


async def copy_link(context: Context) -> None:
    """Copy the links to the papers' pages."""
    from .copy_formats import copy_as

    await copy_as(context, _papers(context), "page")


async def copy_bibtex(context: Context) -> None:
    """Copy BibTeX entries of the papers."""
    from .copy_formats import copy_as

    await copy_as(context, _papers(context), "bibtex")


async def copy_menu(context: Context) -> None:
    """Let the reader choose a format, and copy the papers in it."""
    from .copy_formats import PUBLISHED, choices_of, copy_as, preview_of
    from .published import copy_published

    papers = _papers(context)
    if papers:
        title, said = f"Copy {count_of(len(papers), 'paper')} as", context.session.marks.cited_as(papers)
        choices = choices_of(papers, context.session.last_copy)
        form = await context.choose(title, choices, instant=True, preview=lambda form: preview_of(form, papers, said))
        if form == PUBLISHED:
            await copy_published(context)
        elif form:
            await copy_as(context, papers, form)


def _papers(context: Context) -> list[Paper]:
    return context.session.papers.facts(context.targets())
