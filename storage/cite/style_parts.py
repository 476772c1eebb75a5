"""Names, titles, dates, pages and punctuation in lists of references."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from paperdeck.storage.text.names import OTHERS, Name
from paperdeck.storage.text.words import MONTHS, number_in, ordinal, word_set

from .work import Work

_SMALL_WORDS = word_set(
    "a an and as at but by de down et for from in into nor of on onto or over so the till to up v. van via von vs. vs "
    "with yet"
)
_ORDINARY = re.compile(r"\W*(?:[a-zß-ÿ]{2}|a(?=\W*$)(?![<>=])|[A-Z])")
_LETTER = re.compile(r"[^\W\d_]")
_INNER_QUOTES = re.compile(r"[“\"]([^“”\"]*)[”\"]")
_RANGE = re.compile(r"(?<![\w–])(\d+)–(\d+)(?![\w–])")
DAY, MONTH, YEAR = 3, 2, 1
"""How precise a style wants the date of a type of work."""
_ABUTTING = re.compile(r"(?<=\.)(?=[^\W\d_])")
"""Where one abbreviation follows another: J.R.R."""
_ABBREVIATION = re.compile(r"[^\W\d_]{1,3}\.")
"""Of a given name: Yu., Chr."""
ET_AL = OTHERS.text
_FIRST_LETTER = re.compile(r"^([\u02b0-\u02ff]*.).*")
"""The first letter with an apostrophe that counts as one: ʻAlī."""


def titled(work: Work) -> str:
    """The title, and that the paper was withdrawn if it was."""
    return f"{work.title} [Withdrawn]" if work.paper.withdrawn else work.title


def dated(work: Work, parts: int, months: Sequence[str] = MONTHS) -> tuple[str, str, str]:
    """Year, month and day of the date, with at most `parts` of them; empty where unknown, or where the venue as its
    authors wrote it contains the year."""
    if not work.date or (work.form.csl == "document" and str(work.year) in work.venue):
        return "", "", ""
    year, month, day = work.date
    is_month, is_day = parts > YEAR and bool(month), parts > MONTH and bool(month and day)
    return str(year), months[month - 1] if is_month else "", str(day) if is_day else ""


def in_english(work: Work, parts: int = DAY) -> str:
    """`May 3, 2021`, `May 2021` or `2021`."""
    year, month, day = dated(work, parts)
    return f"{month} {day}, {year}" if day else f"{month} {year}".strip()


def edition_of(work: Work) -> str:
    """`2nd ed.`, or an edition in words."""
    number = number_in(work.edition)
    return work.edition if number is None else f"{ordinal(number)} ed."


def numbered(work: Work) -> str:
    """The number of the work itself after what it is called: `Technical report TR-5`."""
    return join(work.genre, work.number)


def version_of(work: Work) -> str:
    return led("Version", work.version)


def publisher_of(work: Work) -> str:
    """`Cambridge, MA: MIT Press`."""
    return ": ".join(filter(None, (work.publisher_place, work.issuer)))


def led(label: str, value: str) -> str:
    """A value after its label, if there is one: `vol. 12`."""
    return f"{label} {value}" if value else ""


def paged(pages: str) -> str:
    """`p. 7` or `pp. 1–10`."""
    return led("pp." if re.search(r"[–,&]", pages) else "p.", pages)


def two_digits(pages: str) -> str:
    """Ranges with as few digits as differ at the end, but at least two: `1861–70`."""
    return _RANGE.sub(lambda found: f"{found[1]}–{_changed(found[1], found[2], 2)}", pages)


def chicago_digits(pages: str) -> str:
    """Ranges by Chicago's rule: all digits below 100, at hundreds, and if three of four change; `101–8`; else two or
    more."""

    def shortened(found: re.Match[str]) -> str:
        first, last = found[1], found[2]
        number = number_in(first)
        if number is None or number < 100 or number % 100 == 0:
            return found[0]
        changed = _changed(first, last, 1 if number % 100 < 10 else 2)
        return found[0] if len(changed) == len(first) - 1 == 3 else f"{first}–{changed}"

    return _RANGE.sub(shortened, pages)


def _changed(first: str, last: str, least: int) -> str:
    """The end of a range without the digits that it shares with the beginning, except the last few."""
    if len(first) != len(last):
        return last
    shared = next((place for place, pair in enumerate(zip(first, last, strict=True)) if pair[0] != pair[1]), len(last))
    return last[min(shared, max(0, len(last) - least)) :]


def listed(*parts: str) -> str:
    """The known parts with commas between them."""
    return ", ".join(filter(None, parts))


def join(*parts: str) -> str:
    return " ".join(filter(None, parts))


def stop(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text + "." if text and not text.endswith((".", "?", "!")) else text


def sentence(text: str) -> str:
    """The text with a capital letter at its start."""
    return text[:1].upper() + text[1:]


def quoted(title: str, end: str = ".", *, cased: bool = True) -> str:
    """The title in quotation marks with the punctuation inside; quotation marks in it become single ones."""
    if not title:
        return ""
    inner = _INNER_QUOTES.sub(r"‘\1’", title_case(title) if cased else title)
    if inner.endswith(("?", "!", end)):
        return f"“{inner}”"
    return f"“{inner[:-1]}{end}’”" if title.endswith(("”", '"')) else f"“{inner}{end}”"


def title_case(title: str) -> str:
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
    return capital(first) + "".join(part if part.rstrip("-–") in _SMALL_WORDS else capital(part) for part in rest)


def capital(part: str) -> str:
    """A word in lower case, or a text that begins with one, with a capital letter."""
    if part != part.lower() or any(char.isdecimal() for char in part):
        return part
    return _LETTER.sub(lambda letter: letter[0].upper(), part, count=1)


# -- names -------------------------------------------------------------------------------------------------------------


def heads(work: Work) -> tuple[Name, ...]:
    """The people whose names begin an entry."""
    return work.authors or work.editors


def first_inverted(work: Work) -> list[str]:
    """Their names, the first one with the family first."""
    names = heads(work)
    return [*map(inverted, names[:1]), *shown_names(names[1:], _in_order)]


def role(work: Work, one: str, several: str) -> str:
    """What follows their names if they are the editors."""
    return "" if work.authors or not work.editors else for_one(work, one, several)


def for_one(work: Work, one: str, several: str) -> str:
    return one if len(work.editors) == 1 else several


def edited_and_translated(work: Work) -> list[str]:
    """Who edited and who translated a work, in the middle of a sentence: `edited by Eve Ed`."""
    return [led("edited by", editors_of(work, _in_order)), led("translated by", translators_of(work, _in_order))]


def editors_of(work: Work, shown: Callable[[Name], str], joint: str = "and") -> str:
    """The editors of a work that has authors, in running text."""
    return _in_text(work.editors if work.authors else (), shown, joint)


def translators_of(work: Work, shown: Callable[[Name], str], joint: str = "and") -> str:
    """The translators, in running text."""
    return _in_text(work.translators, shown, joint)


def _in_order(name: Name) -> str:
    return name.text


def _in_text(people: Sequence[Name], shown: Callable[[Name], str], joint: str) -> str:
    names = shown_names(people, shown)
    return series(names, shown=1, serial=len(names) > 2, joint=joint)


def shown_names(people: Sequence[Name], shown: Callable[[Name], str]) -> list[str]:
    """The names as a style shows them; the last one is ET_AL if there are others."""
    return [ET_AL if name == OTHERS else shown(name) for name in people]


def family_first(authors: Sequence[Name]) -> str:
    names = shown_names(authors, _family_first)
    if names[-1:] == [ET_AL]:
        return series(names, shown=19, serial=True)
    if len(names) > 20:
        return ", ".join(names[:19]) + f", … {names[-1]}"
    return ", & ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _family_first(name: Name) -> str:
    return _with_commas(name, _initials(name.given))


def initials_first(name: Name) -> str:
    if name.is_east_asian:
        return name.text
    return " ".join(filter(None, (_initials(name.given), name.surname, name.suffix)))


def inverted(name: Name) -> str:
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


def series(names: Sequence[str], *, shown: int, serial: bool, joint: str = "and") -> str:
    """`A, B, and C`; for more than six names the first `shown` and “et al.”, which also stands for others."""
    has_others = names[-1:] == [ET_AL]
    if len(names) > 6 or has_others:
        known = names[: len(names) - has_others]
        first = known[:shown] if len(known) > 6 else known
        return ", ".join(first) + (f", {ET_AL}" if len(first) > 1 else f" {ET_AL}")
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + f"{',' * serial} {joint} {names[-1]}"
