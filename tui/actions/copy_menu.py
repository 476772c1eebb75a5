"""Copy in a format that the reader chooses; look up, choose and reject published forms."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.errors import IMPORT_AGAIN, NO_ARXIV_ID
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.choice import Choice

from .copy import PUBLISHED, choices_of, copy_as, papers_of, previewed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from paperdeck.storage.cite.venue_record import VenueRecord
    from paperdeck.storage.paper import Paper

    from .context import Context

    Act = Callable[[Context, Sequence[Paper]], Awaitable[None]]

KIND = "venue"
"""The kind of work for bibliography lookups."""
_SOURCES = {"crossref": "Crossref", "dblp": "DBLP", "acl": "ACL Anthology"}
_NO_OTHER_FORM = f"There is no other form, as {NO_ARXIV_ID}. {IMPORT_AGAIN}."


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
