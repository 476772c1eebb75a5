"""Copy links and citations of the selection or the current paper; look up, choose and reject published forms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.cite.formats import FORMATS, cite
from paperdeck.storage.errors import IMPORT_AGAIN, NO_ARXIV_ID
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.choice import Choice

if TYPE_CHECKING:
    from paperdeck.storage.cite.venue_record import VenueRecord
    from paperdeck.tui.model.session import Session

    from .context import Context

    Act = Callable[[Context, Sequence[Paper]], Awaitable[None]]

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
_PREVIEWED_PAPERS = 20
"""Maximum number of papers in the preview, which is rendered again for each menu line under the cursor."""
KIND = "venue"
"""The kind of work for bibliography lookups."""
_SOURCES = {"crossref": "Crossref", "dblp": "DBLP", "acl": "ACL Anthology"}
_NO_OTHER_FORM = f"There is no other form, as {NO_ARXIV_ID}. {IMPORT_AGAIN}."


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
    return text if _has_keys(form) else text.rstrip("\n")


def _has_keys(form: str) -> bool:
    """Whether a format has citation keys; these are also the formats of several lines."""
    return form == PUBLISHED or (form in FORMATS and FORMATS[form].has_keys)


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

    return citation_keys(context.session.library, papers) if _has_keys(form) else {}


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


async def copy_menu(context: Context) -> None:
    """Let the reader choose a format, and copy the papers in it."""
    papers = papers_of(context)
    if papers:
        title, choices = f"Copy {count_of(len(papers), 'paper')} as", choices_of(papers, context.session.last_copy)
        preview = await asyncio.to_thread(previewed, context.session, papers)
        form = await context.choose(title, choices, instant=True, preview=preview)
        if form == PUBLISHED:
            await copy_published(context)
        elif form:
            await copy_as(context, papers, form)


# -- the published form -----------------------------------------------------------------------------------------------


async def published_form(context: Context) -> None:
    """Show where the paper was published and copy the chosen form; for several papers, copy the proven forms."""
    if context.targets():
        papers = _on_arxiv(context)
        await _act_once_looked_up(context, papers, _choose if len(papers) == 1 else _copy)


async def copy_published(context: Context) -> None:
    """Copy BibTeX of the papers' published forms, or of the preprint if none is proven."""
    await _act_once_looked_up(context, _on_arxiv(context), _copy)


async def _act_once_looked_up(context: Context, papers: Sequence[Paper], act: Act) -> None:
    if not papers:
        context.say(_NO_OTHER_FORM)
    elif _are_due(papers):
        context.in_background(partial(_look_up, context, papers, act), KIND, alone=True, awaits="the published form")
    else:
        await act(context, papers)


def _on_arxiv(context: Context) -> list[Paper]:
    return [paper for paper in papers_of(context) if not is_local(paper.id)]


def _are_due(papers: Sequence[Paper]) -> bool:
    from datetime import UTC, datetime

    from paperdeck.storage.fetch.venues.lookup import are_due

    return bool(are_due(papers, datetime.now(UTC)))


# -- looking up --------------------------------------------------------------------------------------------------------


async def _look_up(context: Context, papers: Sequence[Paper], act: Act) -> None:
    """Query bibliographies, then continue if the reader is still waiting."""
    what = "it" if len(papers) == 1 else f"{len(papers)} papers"
    context.say(f"Looking up where {what} appeared … {context.key_of('back')} stops.")
    session, ids = context.session, [paper.id for paper in papers]
    await asyncio.to_thread(session.papers.keep, ids)
    errors = await (await context.fetcher()).look_up_published(papers)
    await asyncio.to_thread(session.papers.take, ids)
    known = session.papers.facts(ids)
    if [paper.printed for paper in known] != [paper.printed for paper in papers]:
        session.arrived(ids)
    if errors and _are_due(known):
        context.say(errors[0].sentence(again=f"{context.key_of('published-form')} tries again"), severe=True)
    elif context.asking or not set(ids) <= set(context.targets()):
        context.say(_summary(context, known))
    else:
        context.clear()
        await act(context, known)


def _summary(context: Context, papers: Sequence[Paper]) -> str:
    """A summary for a reader who has moved on."""
    from paperdeck.storage.cite.published_form import published

    forms = [form for paper in papers if (form := published(paper, context.session.marks.of(paper.id).cite_as))]
    return f"{count_of(len(forms), 'paper')} of {len(papers)} looked up {'is' if len(forms) == 1 else 'are'} published."


# -- choosing and copying ----------------------------------------------------------------------------------------------


async def _choose(context: Context, papers: Sequence[Paper]) -> None:
    """Let the reader choose a paper's form to cite, store the choice, and copy it."""
    [paper] = papers
    cite_as, default = context.session.marks.of(paper.id).cite_as, _default_form(paper)
    chosen = await context.choose("Cite this paper as it appeared in", _choices(paper), first=cite_as or default)
    if chosen is None:
        return
    new = "" if chosen == default else chosen
    if new != cite_as:
        context.session.marks.mark([paper.id], "choose what is cited", cite_as=new)
    await _copy(context, papers)


def _choices(paper: Paper) -> list[Choice]:
    from paperdeck.storage.cite.published_form import published
    from paperdeck.storage.cite.venue import PREPRINT, judge

    proven = judge(paper).printed
    possible = sorted(judge(paper, PREPRINT).perhaps, key=lambda record: record != proven)
    choices = [_choice(paper, record, proven) for record in possible]
    stated = published(paper) if proven is None else None
    if stated:
        where = stated.place or f"doi:{stated.doi}"
        choices.insert(0, Choice("", where, more="according to the authors", group="Published"))
    more = "no published form of it is known" if not choices else "even if it was published"
    return [*choices, Choice(PREPRINT, "arXiv, as a preprint", more=more, group="Otherwise")]


def _choice(paper: Paper, record: VenueRecord, proven: VenueRecord | None) -> Choice:
    from paperdeck.storage.cite.venue import compared

    title = "" if compared(record.title) == compared(paper.title) else f"“{record.title}”"
    source = f"{_SOURCES.get(record.source, record.source)}, {record.fetched[:10]}"
    group = "Published" if record == proven else "Perhaps"
    return Choice(record.name, record.place, more=" · ".join(filter(None, (title, source))), group=group)


def _default_form(paper: Paper) -> str:
    """The name of the form cited by default."""
    from paperdeck.storage.cite.published_form import published
    from paperdeck.storage.cite.venue import PREPRINT, judge

    proven = judge(paper).printed
    return proven.name if proven else "" if published(paper) else PREPRINT


async def _copy(context: Context, papers: Sequence[Paper]) -> None:
    """Copy BibTeX of the published forms, and report the papers without one."""
    from paperdeck.storage.cite.published_form import why_not_published

    cited_as = context.session.marks.cited_as(papers)
    reasons = [reason for paper in papers if (reason := why_not_published(paper, cited_as.get(paper.id, "")))]
    why = reasons[0] if len(papers) == 1 and reasons else ""
    if len(papers) > 1 and reasons:
        why = f"{count_of(len(papers) - len(reasons), 'paper')} of {len(papers)} published, the others as preprints."
    await copy_as(context, papers, PUBLISHED, why)
