"""APA, 7th edition."""

from __future__ import annotations

from paperdeck.storage.cite.work import Work
from paperdeck.storage.kinds import EVENT, ISSUE

from .names import editors_of, family_first, for_one, heads, initials_first, role, translators_of
from .text import DAY, dated, edition_of, join, led, listed, paged, stop, title_case, titled, version_of

_BRACKETS = {"dataset": "Data set", "software": "Computer software"}


def apa(work: Work) -> str:
    """An entry of the list: up to 20 authors, then the first 19 and the last."""
    names = stop(family_first(heads(work)) + role(work, " (Ed.)", " (Eds.)"))
    title = stop(join(titled(work), _in_parentheses(work), _in_brackets(work)))
    head = [names, _date(work), title] if names else [title, _date(work)]
    return join(*head, *map(stop, _source(work)), work.link)


def _date(work: Work) -> str:
    is_daily = work.form.is_page or work.form.is_press or work.form.venue == EVENT
    year, month, day = dated(work, DAY) if is_daily else ("", "", "")
    return f"({listed(year or str(work.year or work.status or 'n.d.'), join(month, day))})."


def _editors(work: Work, end: str) -> str:
    editors = editors_of(work, initials_first, "&")
    return f"{editors}{end}" if editors else ""


def _in_parentheses(work: Work) -> str:
    """What identifies the work, behind its title."""
    apart = "" if work.container else _editors(work, f", {for_one(work, 'Ed.', 'Eds.')}")
    translators = translators_of(work, initials_first, "&")
    translated = f"{translators}, Trans." if translators else ""
    facts = (apart, translated, _number(work), version_of(work), _volume(work))
    text = "; ".join(filter(None, facts))
    return f"({text})" if text else ""


def _number(work: Work) -> str:
    number = f"No. {work.number}" if work.number.isdecimal() else work.number
    if work.form.numbered:
        return led(f"{work.form.numbered} No.", work.number)
    return join("" if _is_thesis(work) else title_case(work.genre), number) if number else ""


def _volume(work: Work) -> str:
    """Edition and volume of a book, and the part of it that is cited."""
    if not work.form.is_italic or work.issue:
        return ""
    part = listed(led("Chapter", work.chapter), paged(work.pages)) if work.is_excerpt else ""
    return listed(edition_of(work), led("Vol.", work.volume), part)


def _is_thesis(work: Work) -> bool:
    return work.form.csl == "thesis"


def _in_brackets(work: Work) -> str:
    if work.genre and (_is_thesis(work) or not work.number):
        return f"[{listed(work.genre, work.issuer if _is_thesis(work) else '')}]"
    return f"[{_BRACKETS[work.form.csl]}]" if work.form.csl in _BRACKETS else ""


def _source(work: Work) -> list[str]:
    """The sentences about where it is."""
    if _is_thesis(work) and work.genre:
        return []
    editors = _editors(work, f" ({for_one(work, 'Ed.', 'Eds.')}),")
    if work.container and work.form.is_in_a_book and (editors or work.form.csl != "paper-conference"):
        where = listed(edition_of(work), led("Vol.", work.volume), paged(work.pages))
        return [join("In", editors, work.container, f"({where})" if where else ""), work.issuer]
    issue = f"({work.issue})" if work.issue and work.volume else work.issue
    if work.container and not work.form.is_page:
        return [listed(work.container, work.volume + issue, work.pages), "" if work.form.is_part else work.issuer]
    return [work.container or work.event, work.volume + issue if work.form.number == ISSUE else "", work.issuer]
