"""Author names in arXiv's feeds, among affiliations, suffixes and debris."""

from __future__ import annotations

import re
from collections.abc import Iterable

from paperdeck.storage.fetch import values
from paperdeck.storage.text.names import without_marks

_SUFFIX = re.compile(r"(?i)(?:jr|sr|ii|iii|iv|vi|vii|viii|ph\.?\s?d|m\.?\s?d|esq)\.?")
_FOR = re.compile(r"(?i)^(?:\(?(?:on behalf of|for)\s+)(?:the\s+)?(?=.*\b(?:collaboration|team|group|consortium)\b)")
_LETTER = re.compile(r"[^\W\d_]")


def author_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names of people and groups; affiliations, numbers and punctuation among them are left out."""
    return tuple(filter(None, map(author_name, names)))[: values.MAX_AUTHORS]


def author_name(text: str) -> str:
    """One name without the affiliations behind it; empty if no part of it is a name.

    `Bob Doe (2) ((1) A Univ., (2) B Univ.)` is Bob Doe; `(1) A Univ.` and `:` are nobody.
    """
    line = values.line(text)
    name = _FOR.sub("", line).strip(" ,;:")
    if name != line and "(" not in name:
        name = name.rstrip(")")
    while (end := _open_parenthesis(name)) is not None:
        name = name[:end].strip(" ,;:")
    if not _LETTER.search(name) or re.match(r"\(?\d+\)", line):
        return ""
    return without_marks(name)


def split_authors(authors: str) -> tuple[str, ...]:
    """The names in an email or in arXiv's metadata, where “and” stands before the last one."""
    return split_creator(re.sub(r"\s+and\s+", ", ", authors))


def split_creator(creator: str) -> tuple[str, ...]:
    """The names in an RSS item: separated by commas, affiliations in parentheses and “Jr.” behind them."""
    names, depth, name = [], 0, ""
    for sign in creator[: values.LONGEST_TEXT_CHARACTERS * 4]:
        depth = max(0, depth + (sign == "(") - (sign == ")"))
        if sign == "," and not depth:
            names.append(name)
            name = ""
        elif not depth and sign != ")":
            name += sign
    joined: list[str] = []
    for part in map(values.line, [*names, name]):
        if joined and _SUFFIX.fullmatch(part):
            joined[-1] += f" {part}"
        else:
            joined.append(part)
    return author_names(joined)


def _open_parenthesis(name: str) -> int | None:
    """Where the last group in parentheses begins, if the name ends with it or never closes it."""
    if not name.endswith(")"):
        begin = name.rfind("(")
        return begin if begin > name.rfind(")") else None
    depth = 0
    for place in range(len(name) - 1, -1, -1):
        depth += (name[place] == ")") - (name[place] == "(")
        if depth == 0:
            return place
    return 0
