"""Takes apart what authors tell arXiv about the place of publication.

Authors write as they like. Only forms with one reading are taken apart; all others stay whole, because a wrong volume
is worse than none. A number that can be a year is never a volume, and a page only beside the year.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .venue_kinds import is_conference, is_journal
from .work import YEAR

_YEAR = r"(?:19|20)\d\d"
_NUMBER = rf"(?!{_YEAR}\b)\d{{1,4}}"
_PAGE = r"[A-Za-z]?\d{1,9}[A-Z]?(?:\s*[-–]+\s*[A-Za-z]?\d{1,9})?"
_ISSUE = rf"(?:\s*\((?P<issue>{_NUMBER})\)|[, ]*(?:no\.?|issue|number)\s*(?P<number>[\d-]{{1,8}}))?"
_LEAD = re.compile(r"(?:[Pp]ublished|[Aa]ppear(?:ed|s)|[Pp]rinted) (?:in|at):? +")
_PAGES = re.compile(
    r"(?i)\b(?:pp?|pages?|seiten)\.?\s*[a-z]?\d[\w.]*(?:\s*[-–]+\s*[\w.]+)?|\b\d{3,}\s*[-–]+\s*\d{2,}|:\s*\d+"
)
_ARTICLE = re.compile(
    r"(?P<journal>[^\W\d_][^\d,(;]{1,79}?)"
    r"(?:[, ] *|(?<=\.)|(?<=\b[A-Z])|(?<=JHEP|JCAP)|(?<=JINST))(?:[Vv]ol(?:ume|\.)?:?\s*|Tome\s+)?"
    rf"(?:(?P<first>{_YEAR}), *)?(?P<volume>{_NUMBER}[A-Z]?)\b(?:\s*\((?P<year>{_YEAR})\))?{_ISSUE}"
    rf"(?:[,:; ]+(?:pp?\.?\s*|pages?\s+)?(?P<pages>{_PAGE}))?"
    rf"(?:[,. ]*\((?P<closing>{_YEAR})\)|[,. ]+(?P<last>{_YEAR}))?\.?"
)
_OF_SCIENCE = re.compile(
    rf"PoS[ (]*(?P<volume>[A-Z][A-Za-z-]*\d{{2,4}})[ )]*(?:\((?P<year>{_YEAR})\)[, ]*)?(?P<pages>\d{{1,4}})"
)
_NAME_AND_YEAR = re.compile(rf"(?P<name>[^\d]*[^\W\d_][.)]?)(?:,? +{_YEAR}| *\({_YEAR}\))\.?")
_EVENT = re.compile(
    rf"(?:[Ii]n:? +)?(?P<name>.+?)(?:, *(?P<before>{_YEAR}))?"
    r"(?:[,.:;]? +\(?(?:pp?\.|[Pp]ages?) *(?P<pages>\d+(?:\s*[-–]+\s*\d+)?)\)?)?"
    rf"(?:, *(?P<last>{_YEAR})| *\((?P<closing>{_YEAR})\))?\.?"
)
_EVENT_AND_YEAR = re.compile(rf"(?P<name>[^\d]+) +{_YEAR}(?:[,:] *(?P<pages>\d+\s*[-–]+\s*\d+))?")


class Reference(NamedTuple):
    """A journal reference as BibTeX's type, venue, other fields and year; without a year if that isn't certain."""

    kind: str
    venue: str
    parts: dict[str, str]
    year: int | None


def taken_apart(statement: str, submitted: int | None) -> Reference:
    """What a journal reference says, taken apart only where it has one reading.

    Args:
        statement: The authors' words.
        submitted: The year of the first version.
    """
    venue = _LEAD.sub("", statement.strip(), count=1)
    year = _year_in(venue, submitted)
    if is_conference(venue):
        return _event(venue, year)
    return _article(venue, year) or _named(venue, year)


def _article(venue: str, year: int | None) -> Reference | None:
    """An article with its volume."""
    if found := _OF_SCIENCE.fullmatch(venue):
        stated = int(found["year"]) if found["year"] else year
        return Reference("article", "PoS", {"volume": found["volume"], "pages": found["pages"]}, stated)
    if not (found := _ARTICLE.fullmatch(venue)):
        return None
    years = {int(text) for text in found.group("first", "year", "closing", "last") if text}
    pages = found["pages"]
    is_year = bool(pages and not years and re.fullmatch(_YEAR, pages))  # “19, 2018” may end with the year
    if len(years) > 1 or ((is_year or (found["last"] and not pages)) and not year):
        return None
    pages = "" if is_year else pages
    values = {"volume": found["volume"], "number": found["number"] or found["issue"], "pages": pages}
    parts = {name: _range(value) for name, value in values.items() if value}
    return Reference("article", _journal(found["journal"]), parts, years.pop() if years else year)


def _journal(name: str) -> str:
    """The name of a journal; the full stop after its last word is an abbreviation's, except after a single word."""
    return name.rstrip(" .") if len(re.findall(r"\w+", name)) == 1 else name.rstrip()


def _named(venue: str, year: int | None) -> Reference:
    """A journal without a volume, or a venue of unknown kind with all its words."""
    found = _NAME_AND_YEAR.fullmatch(venue) if year else None
    if found and is_journal(found["name"]):
        return Reference("article", _journal(found["name"]), {}, year)
    return Reference("misc", venue, {}, year)


def _event(venue: str, year: int | None) -> Reference:
    """A paper at a conference: its pages if they are named as such, and the name without the closing year."""
    found = _EVENT_AND_YEAR.fullmatch(venue) or _EVENT.fullmatch(venue)
    name, pages = (found["name"], found["pages"]) if found else (venue, None)
    if dated := _EVENT_AND_YEAR.fullmatch(name):
        name = dated["name"]
    if not year or _PAGES.search(name) or re.search(r", \d+\w?$", name):
        return Reference("inproceedings", venue, {}, year)
    name = name.rstrip(" ,")
    return Reference("inproceedings", name, {"pages": _range(pages)} if pages else {}, year)


def _range(pages: str) -> str:
    return re.sub(r"\s*[-–]+\s*", "--", pages)


def _year_in(venue: str, submitted: int | None) -> int | None:
    """The year in a journal reference, if exactly one number can be a year; page numbers look like years too."""
    years = {int(found) for found in YEAR.findall(_PAGES.sub(" ", venue))}
    if submitted:
        years = {year for year in years if -5 <= year - submitted <= 15}
    return years.pop() if len(years) == 1 else None
