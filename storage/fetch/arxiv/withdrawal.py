"""Withdrawn papers: the words in which authors and arXiv say so.

arXiv has no field for it (https://info.arxiv.org/help/withdraw.html): a withdrawn paper says so in its comment, or in
place of its abstract. “We study withdrawn papers” and “withdrawn from a conference” are not meant.
"""

from __future__ import annotations

import re

from paperdeck.storage.text.clean import clean_line

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


def is_withdrawn(comment: str, abstract: str) -> bool:
    """Whether a paper's comment or abstract says that it is withdrawn."""
    sentences = _SENTENCE.split(clean_line(abstract[:2_000]))
    remarks = _REMARK.split(clean_line(comment[:2_000]))[:_MAX_REMARKS]
    remarks += sentences if len(abstract) <= _SHORT_ABSTRACT_CHARACTERS else sentences[:1]
    return any(_WITHDRAWN.match(remark.lstrip(" *([\"'")) for remark in remarks)
