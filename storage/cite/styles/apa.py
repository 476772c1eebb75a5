"""APA, 7th edition."""

from __future__ import annotations

from paperdeck.storage.cite.work import Work

from .names import editors_of, family_first, for_one, heads, initials_first, role
from .text import DAY, dated, edition_of, join, led, listed, paged, stop, title_case, titled

_BRACKETS = {"dataset": "Data set", "software": "Computer software"}


def apa(work: Work) -> str:
    """An entry of the list: up to 20 authors, then the first 19 and the last."""
    names = stop(family_first(heads(work)) + role(work, " (Ed.)", " (Eds.)"))
    title = stop(join(titled(work), _in_parentheses(work), _in_brackets(work)))
    head = [names, _date(work), title] if names else [title, _date(work)]
    return join(*head, *map(stop, _source(work)), work.link)


def _date(work: Work) -> str:
    is_daily = (work.form.is_page or work.form.is_press) and not work.is_preprint
    year, month, day = dated(work, DAY) if is_daily else ("", "", "")
    return f"({listed(year or str(work.year or 'n.d.'), join(month, day))})."


def _editors(work: Work, end: str) -> str:
    editors = editors_of(work, initials_first, "&")
    return f"{editors}{end}" if editors else ""


def _in_parentheses(work: Work) -> str:
    """What identifies the work, behind its title."""
    if work.is_preprint:
        return f"(Preprint arXiv:{work.arxiv_id})"
    number, version = work.number, work.parts.get("version", "")
    facts = {
        "report": join(title_case(work.genre), f"No. {number}" if number.isdecimal() else number),
        "patent": led("Patent No.", number),
        "dataset": led("Version", version),
        "software": led("Version", version),
        "book": listed(edition_of(work), led("Vol.", work.parts.get("volume", ""))),
    }
    apart = "" if work.container else _editors(work, f", {for_one(work, 'Ed.', 'Eds.')}")
    said = facts.get(work.form.csl, "") if number or work.form.csl != "report" else ""
    text = "; ".join(filter(None, (apart, said)))
    return f"({text})" if text else ""


def _in_brackets(work: Work) -> str:
    if work.form.csl == "thesis" and work.genre:
        return f"[{listed(work.genre, work.issuer)}]"
    if work.form.csl == "report" and work.genre and not work.number:
        return f"[{work.genre}]"
    return f"[{_BRACKETS[work.form.csl]}]" if work.form.csl in _BRACKETS else ""


def _source(work: Work) -> list[str]:
    """The sentences about where it is."""
    if work.is_preprint:
        return ["arXiv"]
    if work.form.csl == "thesis" and work.genre:
        return []
    is_booklike = work.form.is_in_a_book and (work.form.csl != "paper-conference" or bool(editors_of(work, str)))
    if work.container and is_booklike:
        editors = _editors(work, f" ({for_one(work, 'Ed.', 'Eds.')}),")
        where = listed(edition_of(work), led("Vol.", work.parts.get("volume", "")), paged(work.pages))
        return [join("In", editors, work.container, f"({where})" if where else ""), work.issuer]
    if work.container and not work.form.is_page:
        volume = work.parts.get("volume", "")
        issue = f"({work.issue})" if work.issue and volume else work.issue
        publisher = work.issuer if work.form.csl == "document" else ""
        return [listed(work.container, volume + issue, work.pages), publisher]
    return [work.container, work.issuer]
