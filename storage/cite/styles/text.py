"""Titles, dates, pages and punctuation in lists of references."""

from __future__ import annotations

import re
from collections.abc import Sequence

from paperdeck.storage.cite.work import Work
from paperdeck.storage.text.words import MONTHS, number_in, ordinal, word_set

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
    """The number of the work itself behind what it is called: `Technical report TR-5`."""
    return join(work.genre, work.number)


def version_of(work: Work) -> str:
    return led("Version", work.version)


def publisher_of(work: Work) -> str:
    """`Cambridge, MA: MIT Press`."""
    return ": ".join(filter(None, (work.publisher_place, work.issuer)))


def led(label: str, value: str) -> str:
    """A value behind its label, if there is one: `vol. 12`."""
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
