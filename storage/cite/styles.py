"""Entries of a list of references in APA 7, MLA 9, Chicago and IEEE, as plain text.

The output equals that of pandoc's citeproc with the CSL styles for a preprint. Titles keep the author's case, unless a
style demands title case; sentence case would require knowing which words are names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from paperdeck.storage.text.names import Name
from paperdeck.storage.text.words import MONTHS, word_set

from .work import Work

_MLA_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_SMALL_WORDS = word_set(
    "a an and as at but by de down et for from in into nor of on onto or over so the till to up v. van via von vs. vs "
    "with yet"
)
_ORDINARY = re.compile(r"\W*(?:[a-zß-ÿ]{2}|a(?=\W*$)(?![<>=])|[A-Z])")
_LETTER = re.compile(r"[^\W\d_]")
_ABUTTING = re.compile(r"(?<=\.)(?=[^\W\d_])")
"""Where one abbreviation follows another: J.R.R."""
_ABBREVIATION = re.compile(r"[^\W\d_]{1,3}\.")
"""Of a given name: Yu., Chr."""
_FIRST_LETTER = re.compile(r"^([\u02b0-\u02ff]*.).*")
"""The first letter with an apostrophe that counts as one: ʻAlī."""
_INNER_QUOTES = re.compile(r"[“\"]([^“”\"]*)[”\"]")


def apa(work: Work) -> str:
    """APA, 7th edition: up to 20 authors, then the first 19 and the last."""
    year = f"({work.year or 'n.d.'})."
    editors, word = _editors(work, _initials_first, "&"), _for_one(work, "Ed.", "Eds.")
    title = _titled(work) + (f" (Preprint arXiv:{work.arxiv_id})" if work.is_preprint else "")
    title += f" ({editors}, {word})" if editors and not work.container else ""
    inside = f"In {editors} ({word}), " if editors and _is_inside(work) else ""
    names = _stop(_apa_names(_heads(work)) + _role(work, " (Ed.)", " (Eds.)"))
    head = [names, year, _stop(title)] if names else [_stop(title), year]
    return _join(*head, _stop(inside + _publisher(work)), work.link)


def mla(work: Work) -> str:
    """MLA, 9th edition: two authors, or the first and “et al.”; the title in title case."""
    names = _first_inverted(work)
    by = f"{names[0]}, et al." if len(names) > 2 else ", and ".join(names)
    by += _role(work, ", editor", ", editors")
    day = _spelled(work, f"{work.date.day or '' if work.date else ''} {_month(work, _MLA_MONTHS)}")
    editors = _editors(work, lambda name: name.text)
    inside, apart = (f"edited by {editors}", "") if work.container else ("", f"Edited by {editors},")
    place = _join(apart, work.placed(inside)) if editors else work.place
    rest = ", ".join(filter(None, (_number(work), "arXiv" if work.is_preprint else place, day, work.link)))
    return _join(_stop(by), _quoted(_titled(work)), _stop(rest))


def chicago(work: Work) -> str:
    """Chicago, author and date: the form for lists of references in the sciences."""
    day = f", {MONTHS[work.date.month - 1]} {work.date.day}" if work.date and work.date.day else ""
    return _chicago(work, str(work.year or "n.d."), day)


def chicago_notes(work: Work) -> str:
    """Chicago, notes and bibliography: the date at the end."""
    month = _month(work, MONTHS)
    day = f"{month} {work.date.day}, {work.date.year}" if work.date and work.date.day else _spelled(work, month)
    return _chicago(work, "", f", {day}" if day else "")


def ieee(work: Work, number: int = 1) -> str:
    """IEEE: numbered; up to six authors, then the first and “et al.”."""
    heads = [_initials_first(name) for name in _heads(work)]
    by = _series(heads, shown=1, serial=len(heads) > 2) + _role(work, ", Ed.", ", Eds.")
    month = _month(work, MONTHS)
    short = month if len(month) <= 3 else month[:3] + "."
    day = f"{short} {work.date.day:02}, {work.date.year}" if work.date and work.date.day else _spelled(work, short)
    editors = _editors(work, _initials_first) if _is_inside(work) else ""
    place = f"in {work.placed(editors + _for_one(work, ', Ed.', ', Eds.'))}" if editors else work.place
    source = f"arXiv: arXiv:{work.arxiv_id}" if work.is_preprint else place
    title = _quoted(_titled(work), ",", title_case=False)
    doi = f"doi: {work.doi}." if work.doi else work.url or ""
    return _join(f"[{number}]", by and by + ",", title, _stop(", ".join(filter(None, (day, source)))), doi)


def _chicago(work: Work, year: str, day: str) -> str:
    by = _series(_first_inverted(work), shown=3, serial=True) + _role(work, ", ed.", ", eds.")
    title = _quoted(_titled(work))
    head = [_stop(by), _stop(year), title] if by else [title, _stop(year)]
    editors = _editors(work, lambda name: name.text)
    inside = bool(editors) and _is_inside(work)
    apart = f"Edited by {editors}." if editors and not inside else ""
    source = f"In {work.placed(f'edited by {editors}')}" if inside else _publisher(work)
    return _join(*head, _stop(_number(work)), apart, _stop((source + day).removeprefix(", ")), _stop(work.link))


def _number(work: Work) -> str:
    return f"Preprint arXiv:{work.arxiv_id}" if work.is_preprint else ""


def _month(work: Work, names: Sequence[str]) -> str:
    """The name of the month, if it is known."""
    return names[work.date.month - 1] if work.date and work.date.month else ""


def _titled(work: Work) -> str:
    """The title, and that the paper was withdrawn if it was."""
    return f"{work.title} [Withdrawn]" if work.paper.withdrawn else work.title


def _spelled(work: Work, before: str) -> str:
    """The year, after the known part of the day; empty if the venue contains the year."""
    if not work.date or (not work.is_preprint and str(work.year) in work.venue):
        return ""
    return f"{before.strip()} {work.year}".strip()


def _publisher(work: Work) -> str:
    return "arXiv" if work.is_preprint else work.place


# -- names ---------------------------------------------------------------------------------------------------------


def _heads(work: Work) -> tuple[Name, ...]:
    """The people whose names begin an entry."""
    return work.authors or work.editors


def _first_inverted(work: Work) -> list[str]:
    """Their names, the first one with the family first."""
    heads = _heads(work)
    return [_inverted(name) for name in heads[:1]] + [name.text for name in heads[1:]]


def _role(work: Work, one: str, several: str) -> str:
    """What follows their names if they are the editors."""
    return "" if work.authors or not work.editors else _for_one(work, one, several)


def _for_one(work: Work, one: str, several: str) -> str:
    return one if len(work.editors) == 1 else several


def _is_inside(work: Work) -> bool:
    """Whether a work is in a book, which may have editors, and not in a journal."""
    return bool(work.container) and work.kind != "article"


def _editors(work: Work, shown: Callable[[Name], str], joint: str = "and") -> str:
    """The editors of a work that has authors, in running text."""
    names = list(map(shown, work.editors if work.authors else ()))
    return _series(names, shown=1, serial=len(names) > 2, joint=joint)


def _apa_names(authors: Sequence[Name]) -> str:
    names = [_family_first(name) for name in authors]
    if len(names) > 20:
        return ", ".join(names[:19]) + f", … {names[-1]}"
    return ", & ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _family_first(name: Name) -> str:
    return _with_commas(name, _initials(name.given))


def _initials_first(name: Name) -> str:
    if name.is_east_asian:
        return name.text
    return " ".join(filter(None, (_initials(name.given), name.surname, name.suffix)))


def _inverted(name: Name) -> str:
    return _with_commas(name, name.given)


def _with_commas(name: Name, given: str) -> str:
    return name.text if name.is_east_asian else ", ".join(filter(None, (name.surname, given, name.suffix)))


def _initials(given: str) -> str:
    """`Jean-Pierre M.` as `J.-P. M.`; abbreviations (`Yu.`) and particles stay, nicknames in quotation marks go."""
    words = [word for word in _ABUTTING.sub(" ", given).split() if word[0] not in "\"“'‘("]
    return " ".join(filter(None, map(_initial, words)))


def _initial(word: str) -> str:
    if word.islower() and (len(word) > 1 or not word.isascii()):
        return word
    first, *rest = re.split(r"[-‐]", word)
    article = first if first.islower() and len(first) > 1 else _shortened(first)  # al-Karīm
    return "-".join(filter(None, (article, *map(_shortened, rest))))


def _shortened(part: str) -> str:
    return part if _ABBREVIATION.fullmatch(part) else _FIRST_LETTER.sub(r"\1.", part)


def _series(names: Sequence[str], *, shown: int, serial: bool, joint: str = "and") -> str:
    """`A, B, and C`; for more than six names the first `shown` and “et al.”."""
    if len(names) > 6:
        return ", ".join(names[:shown]) + (", et al." if shown > 1 else " et al.")
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + f"{',' * serial} {joint} {names[-1]}"


# -- text ----------------------------------------------------------------------------------------------------------


def _join(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _stop(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text + "." if text and not text.endswith((".", "?", "!")) else text


def _quoted(title: str, end: str = ".", *, title_case: bool = True) -> str:
    """The title in quotation marks with the punctuation inside; quotation marks in it become single ones."""
    if not title:
        return ""
    inner = _INNER_QUOTES.sub(r"‘\1’", _title_case(title) if title_case else title)
    if inner.endswith(("?", "!", end)):
        return f"“{inner}”"
    return f"“{inner[:-1]}{end}’”" if title.endswith(("”", '"')) else f"“{inner}{end}”"


def _title_case(title: str) -> str:
    """The title with its words capitalised, except function words."""
    cased = []
    start = True
    words = title.split()
    for word in words:
        if word.lower() in _SMALL_WORDS and not start and word is not words[-1]:
            cased.append(word.lower())
        else:
            cased.append(_capitalised(word))
        start = word.endswith((":", "?", "!", "."))
    return " ".join(cased)


def _capitalised(word: str) -> str:
    """The word with capitals at its start and after hyphens; names such as iPhone, τ-bench and O(n) stay."""
    if not _ORDINARY.match(word):
        return word
    first, *rest = re.split(r"(?<=[-–])", word)
    return _capital(first) + "".join(part if part.rstrip("-–") in _SMALL_WORDS else _capital(part) for part in rest)


def _capital(part: str) -> str:
    if part != part.lower() or any(char.isdecimal() for char in part):
        return part
    return _LETTER.sub(lambda letter: letter[0].upper(), part, count=1)
