"""Entries of a list of references in APA 7, MLA 9, Chicago and IEEE, as plain text.

The output equals that of pandoc's citeproc with the CSL styles, in plain text: what they print in italics has no mark.
Titles keep the author's case, unless a style demands title case; sentence case would require knowing which words are
names.
"""

from __future__ import annotations

from paperdeck.storage.kinds import EVENT, ISSUE, PREPRINT
from paperdeck.storage.text.words import MONTHS

from .style_parts import (
    DAY,
    ET_AL,
    MONTH,
    YEAR,
    capital,
    chicago_digits,
    dated,
    edited_and_translated,
    edition_of,
    editors_of,
    family_first,
    first_inverted,
    for_one,
    heads,
    in_english,
    initials_first,
    join,
    led,
    listed,
    numbered,
    paged,
    publisher_of,
    quoted,
    role,
    sentence,
    series,
    shown_names,
    stop,
    title_case,
    titled,
    translators_of,
    two_digits,
    version_of,
)
from .work import Work

# -- APA, 7th edition --------------------------------------------------------------------------------------------------

_APA_BRACKETS = {"dataset": "Data set", "software": "Computer software"}


def apa(work: Work) -> str:
    """An entry of the list: up to 20 authors, then the first 19 and the last."""
    names = stop(family_first(heads(work)) + role(work, " (Ed.)", " (Eds.)"))
    title = stop(join(titled(work), _apa_in_parentheses(work), _apa_in_brackets(work)))
    head = [names, _apa_date(work), title] if names else [title, _apa_date(work)]
    return join(*head, *map(stop, _apa_source(work)), work.link)


def _apa_date(work: Work) -> str:
    is_daily = work.form.is_page or work.form.is_press or work.form.venue == EVENT
    year, month, day = dated(work, DAY) if is_daily else ("", "", "")
    return f"({listed(year or str(work.year or work.status or 'n.d.'), join(month, day))})."


def _apa_editors(work: Work, end: str) -> str:
    editors = editors_of(work, initials_first, "&")
    return f"{editors}{end}" if editors else ""


def _apa_in_parentheses(work: Work) -> str:
    """What identifies the work, after its title."""
    apart = "" if work.container else _apa_editors(work, f", {for_one(work, 'Ed.', 'Eds.')}")
    translators = translators_of(work, initials_first, "&")
    translated = f"{translators}, Trans." if translators else ""
    facts = (apart, translated, _apa_number(work), version_of(work), _apa_volume(work))
    text = "; ".join(filter(None, facts))
    return f"({text})" if text else ""


def _apa_number(work: Work) -> str:
    number = f"No. {work.number}" if work.number.isdecimal() else work.number
    if work.form.numbered:
        return led(f"{work.form.numbered} No.", work.number)
    return join("" if _is_thesis(work) else title_case(work.genre), number) if number else ""


def _apa_volume(work: Work) -> str:
    """Edition and volume of a book, and the part of it that is cited."""
    if not work.form.is_italic or work.issue:
        return ""
    part = listed(led("Chapter", work.chapter), paged(work.pages)) if work.is_excerpt else ""
    return listed(edition_of(work), led("Vol.", work.volume), part)


def _is_thesis(work: Work) -> bool:
    return work.form.csl == "thesis"


def _apa_in_brackets(work: Work) -> str:
    if work.genre and (_is_thesis(work) or not work.number):
        return f"[{listed(work.genre, work.issuer if _is_thesis(work) else '')}]"
    return f"[{_APA_BRACKETS[work.form.csl]}]" if work.form.csl in _APA_BRACKETS else ""


def _apa_source(work: Work) -> list[str]:
    """The sentences about where it is."""
    if _is_thesis(work) and work.genre:
        return []
    editors = _apa_editors(work, f" ({for_one(work, 'Ed.', 'Eds.')}),")
    if work.container and work.form.is_in_a_book and (editors or work.form.csl != "paper-conference"):
        where = listed(edition_of(work), led("Vol.", work.volume), paged(work.pages))
        return [join("In", editors, work.container, f"({where})" if where else ""), work.issuer]
    issue = f"({work.issue})" if work.issue and work.volume else work.issue
    if work.container and not work.form.is_page:
        return [listed(work.container, work.volume + issue, work.pages), "" if work.form.is_part else work.issuer]
    return [work.container or work.event, work.volume + issue if work.form.number == ISSUE else "", work.issuer]


# -- MLA, 9th edition --------------------------------------------------------------------------------------------------

_MLA_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_MLA_PRECISION = {"book": YEAR, "chapter": YEAR, "paper-conference": YEAR, "article-journal": MONTH}


def mla(work: Work) -> str:
    """An entry of the list: two authors, or the first and “et al.”; titles in title case."""
    names = first_inverted(work)
    by = f"{names[0]}, et al." if len(names) > 2 or ET_AL in names else ", and ".join(names)
    by += role(work, ", editor", ", editors")
    title = quoted(titled(work)) if _mla_is_quoted(work) else stop(title_case(titled(work)))
    facts = (*_mla_container(work), _mla_date(work), paged(two_digits(work.pages)), work.link)
    return join(stop(by), title, stop(listed(*facts)))


def _mla_is_quoted(work: Work) -> bool:
    """Whether it is a part of something, or a short text."""
    return bool(work.container or work.event) or work.form == PREPRINT


def _mla_container(work: Work) -> list[str]:
    """What contains or issued the work."""
    container, edition, version = title_case(work.container), edition_of(work), version_of(work)
    people = edited_and_translated(work)
    by = listed(*(people if container else map(sentence, people)))
    begins = not (container or by or edition)
    is_report = work.form.csl == "report"
    return [
        *(container, by, edition, version),
        led("Vol." if begins else "vol.", work.volume),
        led("no.", work.issue),
        *((work.genre, work.number) if is_report else (numbered(work) if work.number else "",)),
        work.event,
        "" if work.form.is_in_a_journal else work.issuer,
    ]


def _mla_date(work: Work) -> str:
    precision = _MLA_PRECISION.get(work.form.csl, DAY)
    year, month, day = dated(work, precision, _MLA_MONTHS)
    return join(day, month, year)


# -- Chicago: for lists of references in the sciences (author and date), and for bibliographies with notes -------------

_CHICAGO_PRECISION = dict.fromkeys(("book", "chapter", "paper-conference", "entry-encyclopedia", "thesis"), YEAR)


def chicago(work: Work) -> str:
    """Author and date."""
    by, title = _chicago_by(work), _chicago_title(work)
    year = str(work.year or capital(work.status) or "n.d.")
    head = [stop(by), stop(year), title] if by else [title, stop(year)]
    return join(*head, *map(stop, _chicago_source(work, None)), stop(work.link))


def chicago_notes(work: Work) -> str:
    """Notes and bibliography: the date at the end."""
    known = in_english(work, _CHICAGO_PRECISION.get(work.form.csl, DAY))
    date = known if work.date else work.status or "n.d."
    source = _chicago_source(work, date)
    end = "," if source == [date] else "."  # a date alone continues the sentence of the title
    return join(stop(_chicago_by(work)), _chicago_title(work, end), *map(stop, source), stop(work.link))


def _chicago_by(work: Work) -> str:
    return series(first_inverted(work), shown=3, serial=True) + role(work, ", ed.", ", eds.")


def _chicago_title(work: Work, end: str = ".") -> str:
    if work.form.csl == "patent":
        return titled(work) + end
    if work.form.is_italic:
        title = title_case(titled(work))
        return stop(title) if end == "." else title + end
    return quoted(titled(work), end)


def _chicago_source(work: Work, date: str | None) -> list[str]:
    """The sentences about where it is; with a date in the form for notes, which has it there."""
    csl = work.form.csl
    if work.form == PREPRINT:
        return _chicago_ending([numbered(work), work.issuer], _chicago_day(work) if date is None else date)
    if work.form.is_page:
        site = title_case(work.container) or work.issuer
        return [site, in_english(work)] if date is None else _chicago_ending([site], date)
    if csl == "patent":
        issued = led("issued", in_english(work))
        is_one = date is None or not work.issuer
        return [listed(work.number, issued)] if is_one else [work.number, listed(work.issuer, issued)]
    if csl == "thesis":
        return _chicago_ending([listed(work.genre, publisher_of(work) if date is None else work.issuer)], date)
    people = edited_and_translated(work)
    if work.container and work.form.is_press:
        return [*map(sentence, people), listed(title_case(work.container), in_english(work))]
    if (work.container and not work.form.is_in_a_book) or work.form.number == ISSUE:
        publisher = "" if work.form.is_in_a_journal else publisher_of(work)
        return [*map(sentence, people), work.number, _chicago_journal(work, date), publisher]
    number, version = numbered(work), version_of(work)
    if work.container:
        head = _chicago_book(work, people)
    else:
        volume = led("Vol.", work.volume) if work.form.is_italic else ""
        edition = edition_of(work) if work.form.is_whole else ""
        book = [edition, volume, led("Chap.", work.chapter)]
        head = [number, version, *map(sentence, people), *book, _chicago_event(work)]
    return _chicago_ending([*head, _chicago_series(work), publisher_of(work)], date)


def _chicago_day(work: Work) -> str:
    _, month, day = dated(work, DAY)
    return f"{month} {day}" if day else ""


def _chicago_event(work: Work) -> str:
    return led("Paper presented at", work.event) if work.form.is_in_a_book else work.event


def _chicago_ending(sentences: list[str], date: str | None) -> list[str]:
    """The sentences with the date at the end of the last one."""
    *before, last = [text for text in sentences if text] or [""]
    return [*before, listed(last, date or "")]


def _chicago_book(work: Work, people: list[str]) -> list[str]:
    volume, pages = work.volume, "" if work.chapter else chicago_digits(work.pages)
    where = f"{volume}:{pages}" if volume and pages else pages
    container = f"{f'Chap. {work.chapter} in' if work.chapter else 'In'} {title_case(work.container)}"
    return [listed(container, *people, edition_of(work), where), "" if pages else led("Vol.", volume)]


def _chicago_journal(work: Work, date: str | None) -> str:
    """`Journal 12 (3): 1–10`, or in notes `Journal 12, no. 3 (2019): 1–10`."""
    container, pages = title_case(work.container), chicago_digits(work.pages)
    volume, issue = work.volume, led("no.", work.issue)
    if date is None:
        date = dated(work, MONTH)[1] if work.form.is_in_a_journal else ""
        issue, date = ("", work.issue or date) if volume else (issue, date)
    if not volume and not issue:
        return listed(container, date, pages)
    return join(listed(join(container, volume), issue), f"({date})" if date else "") + (f": {pages}" if pages else "")


def _chicago_series(work: Work) -> str:
    return join(title_case(work.parts.get("series", "")), work.series_number)


# -- IEEE --------------------------------------------------------------------------------------------------------------

_IEEE_MONTHS = tuple(month if len(month) <= 3 else f"{month[:3]}." for month in MONTHS)
_IEEE_PRECISION = {
    **dict.fromkeys(("article-journal", "report", "paper-conference"), MONTH),
    **dict.fromkeys(("book", "chapter", "thesis"), YEAR),
}


def ieee(work: Work, number: int = 1) -> str:
    """An entry of the list, numbered; up to six authors, then the first and “et al.”."""
    names = shown_names(heads(work), initials_first)
    by = series(names, shown=1, serial=len(names) > 2) + role(work, ", Ed.", ", Eds.")
    return join(f"[{number}]", by and by + ",", *_ieee_sentences(work))


def _ieee_sentences(work: Work) -> list[str]:
    """The title and the sentences about where it is."""
    csl, date, access = work.form.csl, _ieee_date(work), _ieee_access(work)
    volume, issue, pages = led("vol.", work.volume), led("no.", work.issue), paged(work.pages)
    title = quoted(titled(work), ",", cased=False)
    if work.form == PREPRINT:
        server = f"{work.issuer}: {work.number}" if work.number else work.issuer
        return [title, stop(listed(date, server)), access]
    if work.form.is_italic:
        part = listed(led("ch.", work.chapter), pages) if work.is_excerpt else ""
        return [*_ieee_book(work, volume), stop(listed(publisher_of(work), date, part)), access]
    if work.container and work.form.is_in_a_book:
        where = listed(publisher_of(work), date, led("ch.", work.chapter), pages)
        return [title, *_ieee_in_a_book(work, volume, where), access]
    if work.form.is_page:
        return [title, stop(listed(work.container or work.issuer, date)), work.url or ""]
    issuer = listed(work.issuer, work.publisher_place)
    if work.container:
        publisher = "" if work.form.is_in_a_journal else issuer
        text = listed(work.container, work.number, volume, issue, publisher, pages, date)
        return [title, text + "," if access and csl == "article-journal" else stop(text), access]
    event = led("presented at", work.event)
    facts = {
        "thesis": listed(work.genre, issuer, work.number, date),
        "patent": listed(work.number, date),
    }.get(csl, listed(event, issuer, numbered(work), led("version", work.version), pages, date))
    begins_anew = work.form.has_version or not (event or work.form.number)
    return [quoted(titled(work), "." if begins_anew else ",", cased=False), stop(facts), access]


def _ieee_book(work: Work, volume: str) -> list[str]:
    title = listed(titled(work), work.number, edition_of(work), volume, led("no.", work.issue))
    return [stop(title), stop(_ieee_series(work))]


def _ieee_in_a_book(work: Work, volume: str, published: str) -> list[str]:
    """The book, and who published it: in a sentence of its own if the book has an edition, a volume or a series."""
    editors = editors_of(work, initials_first)
    editors += for_one(work, ", Ed.", ", Eds.") if editors else ""
    details = listed(edition_of(work), volume, _ieee_series(work))
    book = listed(f"in {work.container}", editors, details)
    return [stop(book), stop(published)] if details else [stop(listed(book, published))]


def _ieee_series(work: Work) -> str:
    return led("in", listed(work.parts.get("series", ""), led("no.", work.series_number)))


def _ieee_date(work: Work) -> str:
    year, month, day = dated(work, _IEEE_PRECISION.get(work.form.csl, DAY), _IEEE_MONTHS)
    return f"{month} {int(day):02}, {year}" if day else join(month, year)


def _ieee_access(work: Work) -> str:
    if work.doi:
        return f"doi: {work.doi}."
    return f"[Online]. Available: {work.url}" if work.url else ""
