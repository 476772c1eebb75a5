"""What the free text of arXiv's fields says: the names of authors, among affiliations and debris, and withdrawals.

arXiv has no field for a withdrawal (https://info.arxiv.org/help/withdraw.html): a withdrawn paper says so in its
comment, or in place of its abstract. “We study withdrawn papers” and “withdrawn from a conference” are not meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from paperdeck.storage.fetch import values
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.names import without_marks

_SUFFIX = re.compile(r"(?i)(?:jr|sr|ii|iii|iv|vi|vii|viii|ph\.?\s?d|m\.?\s?d|esq)\.?")
_FOR = re.compile(r"(?i)^(?:\(?(?:on behalf of|for)\s+)(?:the\s+)?(?=.*\b(?:collaboration|team|group|consortium)\b)")
_LETTER = re.compile(r"[^\W\d_]")

_WORK = r"(?:paper|article|manuscript|submission|work|preprint|version|note|report|draft|document|letter|arxiv \w+)"
_NOT_ELSEWHERE = r"(?! from (?!(?:the )?arxiv))"
_GONE = rf"(?:(?:withdrawn|retracted)\b{_NOT_ELSEWHERE}|removed by (?:the |its )?(?:authors?|arxiv)\b)"
_REASON = r"(?:(?:unfortunately|(?:please )?note(?: that)?|(?:because of|due to|owing to|as|since) [^,;]{1,80}),? )?"
_HELPERS = (
    r"(?:(?:is|was|are|has|have|had|been|being|be|now|temporarily|hereby|voluntarily|therefore|to|will|must) ){0,5}"
)
_BEHIND = (
    r"(?= ?(?:[.,;:!()\[\]*-]|$)| from (?:the )?arxiv\b| (?:by|due|because|since|for|as|pending|at|on|in|until"
    r"|and(?! \w+ (?:papers|articles|submissions))|after|following|owing|with)\b)"
)
_WISHES = (
    r"(?:(?:have|has|had|are|am|wish(?:es)?|would|like|decided|wants?|hereby|need|must|to|therefore|now|voluntarily) )"
    r"{0,5}"
)
_OURS = rf"(?:(?:this|the|our|my) (?:[\w.-]+ ){{0,2}}?{_WORK}\b{_NOT_ELSEWHERE}|it\b)"
_WITHDRAWN = re.compile(
    rf"(?i){_REASON}(?:"
    rf"(?:(?:this|the|our|my) )?(?:(?!{_WORK}\b)[\w.-]+ ){{0,2}}?{_WORK} (?:\(?v\d+\)? )?"
    rf"(?:(?:contains?|has|had) [\w' -]{{1,60}} and )?{_HELPERS}{_GONE}"
    rf"|(?:the )?v\d+ of (?:this|the) {_WORK} {_HELPERS}{_GONE}"
    rf"|it (?:is|was|has been|will be) {_GONE}|this is a (?:withdrawn|retracted) {_WORK}\b"
    rf"|{_HELPERS}(?:withdrawn|retracted)\b{_BEHIND}"
    r"|(?:we|i) (?:found|discovered|noticed) [^.;:]{1,80} and (?:we|i) (?:are|have|am) (?:withdrawing|withdrawn)\b"
    rf"|(?:we|i|(?:the )?(?:\w+ )?authors?) {_WISHES}(?:withdraw\w*|withdrew|retract\w*) {_OURS}"
    r"|(?:(?:paper|article|submission|manuscript) withdrawal\b|withdrawal(?=[:.]|$)))"
)
_SENTENCE = re.compile(r"(?<=[.;:!?\])])\s+|\s+[-–—]+\s+")
_REMARK = re.compile(r"(?<=[.;:!?\])])\s+|\s+[-–—]+\s+|, ")
_MAX_REMARKS = 20
_SHORT_ABSTRACT_CHARACTERS = 400
"""Characters; in a shorter abstract any sentence may say it, in a longer one only the first."""


def author_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names of people and groups; affiliations, numbers and punctuation among them are left out."""
    return tuple(filter(None, map(author_name, names)))[: values.MAX_AUTHORS]


def author_name(text: str) -> str:
    """One name without the affiliations after it; empty if no part of it is a name.

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
    """The names in an email or in arXiv's metadata, where “and” comes before the last one."""
    return split_creator(re.sub(r"\s+and\s+", ", ", authors))


def split_creator(creator: str) -> tuple[str, ...]:
    """The names in an RSS item: separated by commas, affiliations in parentheses and “Jr.” after them."""
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


def is_withdrawn(comment: str, abstract: str) -> bool:
    """Whether a paper's comment or abstract says that it is withdrawn."""
    sentences = _SENTENCE.split(clean_line(abstract[:2_000]))
    remarks = _REMARK.split(clean_line(comment[:2_000]))[:_MAX_REMARKS]
    remarks += sentences if len(abstract) <= _SHORT_ABSTRACT_CHARACTERS else sentences[:1]
    return any(_WITHDRAWN.match(remark.lstrip(" *([\"'")) for remark in remarks)
