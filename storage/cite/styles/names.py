"""Authors and editors as the styles write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from paperdeck.storage.cite.work import Work
from paperdeck.storage.text.names import OTHERS, Name

from .text import led

_ABUTTING = re.compile(r"(?<=\.)(?=[^\W\d_])")
"""Where one abbreviation follows another: J.R.R."""
_ABBREVIATION = re.compile(r"[^\W\d_]{1,3}\.")
"""Of a given name: Yu., Chr."""
ET_AL = OTHERS.text
_FIRST_LETTER = re.compile(r"^([\u02b0-\u02ff]*.).*")
"""The first letter with an apostrophe that counts as one: ʻAlī."""


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
