"""Copy links and citations of the selection or the current paper, in one of many formats."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from paperdeck.storage.cite.formats import FORMATS, cite
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.choice import Choice

if TYPE_CHECKING:
    from paperdeck.tui.model.session import Session

    from .context import Context

KEYS: dict[str, str] = {
    "bibtex": "b",
    "biblatex": "B",
    "apa": "a",
    "mla": "m",
    "chicago": "c",
    "ieee": "i",
    "markdown": "d",
    "link": "l",
    "id": "n",
    "title": "t",
    "abstract": "s",
    "ris": "r",
    "csl-json": "j",
}
"""The key of each format in the menu."""

PAGE = "page"
"""The link to the paper's page: the Hub's if the Hub lists it."""
PUBLISHED = "published"
"""BibTeX of the published form, which is looked up first."""

_NAMES = {
    PAGE: "Link to the page",
    "link": "Link to arXiv or the publisher",
    PUBLISHED: "BibTeX of the published form",
}
_BLOCKS = frozenset({"bibtex", "biblatex", "ris", "csl-json", PUBLISHED})
"""The formats of several lines, which are also those with citation keys."""
_PREVIEWED_PAPERS = 20
"""Maximum number of papers in the preview, which is rendered again for each menu line under the cursor."""


async def copy_link(context: Context) -> None:
    await copy_as(context, papers_of(context), "page")


async def copy_bibtex(context: Context) -> None:
    await copy_as(context, papers_of(context), "bibtex")


def papers_of(context: Context) -> list[Paper]:
    """The selected papers, else the current one."""
    return context.session.papers.facts(context.targets())


async def copy_page(context: Context, text: str) -> None:
    """Copy the text of a page, such as a command to be installed."""
    await context.copy(text, "the text")


# -- formats -----------------------------------------------------------------------------------------------------------


def choices_of(papers: Sequence[Paper], last: str) -> list[Choice]:
    """The menu, with the last used format on top."""
    choices = [Choice(PAGE, name, "y")] if (name := _page_name(papers)) else []
    choices += [Choice(form, name_of(form), key) for form, key in KEYS.items()]
    if not all(is_local(paper.id) for paper in papers):
        choices.insert(2, Choice(PUBLISHED, _NAMES[PUBLISHED], "p"))
    return sorted(choices, key=lambda choice: choice.value != last)


def _page_name(papers: Sequence[Paper]) -> str:
    """The label for the link to the papers' pages; empty if that would only be the link to arXiv."""
    on_the_hub = ["hf" in paper.sources for paper in papers]
    if all(on_the_hub):
        return "Link to the Hub's page"
    if any(on_the_hub):
        return "Link to the Hub's page, else to arXiv's"
    return "Link to the paper's page" if any(paper.url != paper.abs_url for paper in papers) else ""


def name_of(form: str) -> str:
    """The name of a format in a sentence."""
    return _NAMES.get(form) or FORMATS[form].title


def text_of(
    form: str,
    papers: Sequence[Paper],
    keys: Mapping[str, str] | None = None,
    cite_as: Mapping[str, str] | None = None,
) -> str:
    """The papers in a format, ready to paste; formats for one line of text end without a line break."""
    if form == PAGE:
        return "\n".join(paper.url or paper.title for paper in papers)
    if form == PUBLISHED:
        return cite(papers, "bibtex", published=True, keys=keys, cite_as=cite_as)
    text = cite(papers, form, keys=keys)
    return text if form in _BLOCKS else text.rstrip("\n")


def previewed(session: Session, papers: Sequence[Paper]) -> Callable[[str], str]:
    """A function that previews the copy in a format: the first papers, and the number of others. Call in a thread."""
    from paperdeck.storage.library.citation_keys import proposed_keys

    first, more = papers[:_PREVIEWED_PAPERS], len(papers) - _PREVIEWED_PAPERS
    keys, cite_as = proposed_keys(session.library, first), session.marks.cited_as(first)

    def preview_of(form: str) -> str:
        text = text_of(form, first, keys, cite_as)
        return f"{text.rstrip()}\nand {count_of(more, 'more paper')}" if more > 0 else text

    return preview_of


def _keys(context: Context, papers: Sequence[Paper], form: str) -> dict[str, str]:
    """The papers' citation keys, if the format has any; each paper keeps its key."""
    from paperdeck.storage.library.citation_keys import citation_keys

    return citation_keys(context.session.library, papers) if form in _BLOCKS else {}


async def copy_as(context: Context, papers: Sequence[Paper], form: str, why: str = "") -> None:
    """Copy papers in a format; `why` is a sentence before the message."""
    if not papers:
        return
    context.select(())
    cite_as = context.session.marks.cited_as(papers)
    text = await asyncio.to_thread(lambda: text_of(form, papers, _keys(context, papers, form), cite_as))
    what = text if len(papers) == 1 and form == PAGE else name_of(form)
    await context.copy(text, what if len(papers) == 1 else f"{what} of {count_of(len(papers), 'paper')}", why)
    await asyncio.to_thread(setattr, context.session, "last_copy", form)
