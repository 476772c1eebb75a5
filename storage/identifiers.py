"""Paper ids: recognises them in any pasted text, and derives months, blocks, file names and pages from them.

The rules are arXiv's own (https://info.arxiv.org/help/arxiv_identifier.html): `YYMM.NNNN` from April 2007,
`YYMM.NNNNN` from January 2015, `archive/YYMMNNN` before. The subject class of an old id (`math.GT/0309136`) is not
part of its canonical form. A version (`v2`) names a revision, not a paper, so it is never part of an id here.

Papers without an arXiv id (an import, say) get a local id that carries the month of publication.

Only this module contains the Hub's host name. People who can't reach huggingface.co set `HF_ENDPOINT` to a mirror, as
huggingface_hub documents; then links lead to the mirror, and links to the mirror are recognised.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from .errors import InvalidInput

_NEW = r"(?P<new>\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})"
_OLD = r"(?P<old>[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3})"
_VERSION = r"(?:v(?P<version>[1-9]\d{0,3}))?"
_ARXIV = re.compile(rf"(?a)(?:{_NEW}|{_OLD}){_VERSION}")
_MODERN = re.compile(r"(?a)(?:1[5-9]|[2-8]\d)(?:0[1-9]|1[0-2])\.(?!00000)\d{5}")
"""Ids since 2015, accepted without further checks."""
_LOCAL = re.compile(r"(?a)local-(?P<month>\d{4}-(?:0[1-9]|1[0-2])|undated)-[0-9a-f]{12}")
_PREFIX = r"""(?xi)
    (?: (?:https?://)? (?: (?:[a-z0-9-]+\.)*arxiv\.org/(?:abs|pdf|html|src|format|bibtex|e-print|ps)/
                        | (?:www\.)?ar5iv\.(?:labs\.arxiv\.)?org/(?:abs|html)/
                        | (?:www\.)?alphaxiv\.org/(?:[a-z]{2}/)?(?:abs|overview|pdf)/
                        | (?:www\.)?(?:scirate\.com|papers\.cool|inspirehep\.net|semanticscholar\.org)/arxiv/
                        | (?:www\.connectedpapers\.com|api\.connectedpapers\.com)/api/redirect/arxiv/
                        | api\.semanticscholar\.org/(?:arxiv:|graph/v1/paper/arxiv:)
                        | ui\.adsabs\.harvard\.edu/abs/arxiv:
                        | (?:dx\.|www\.)?doi\.org/10\.48550/arxiv\.
                        | (?:127\.0\.0\.1|localhost)(?::\d+)?/(?:papers|abs|pdf)/ )
      | (?:doi:\s*)? 10\.48550/arxiv\.
      | oai:arxiv\.org:
      | \[? arxiv (?:\s+(?:preprint|e-?prints?))? [:\s]\s*
    ){1,2}"""  # twice for https://arxiv.org/abs/arXiv:2401.12345; compiled on first use, to keep startup fast
_HUB_PAGE = re.compile(r"(?i)(?:https?://)?(?P<host>[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?/(?:[\w.~-]+/)*?papers/")
_SUFFIX = re.compile(
    r"(?i)(?:\.pdf|\.md|/(?:[\w-]+\.x?html?)?)?(?:[?#].*)?"
    r"(?:\]|\s*\[[a-z-]+(?:\.[a-z-]+)?\]?)?(?:\s*\(?\d{1,2} [a-z]{3,9} \d{4}\)?)?"
)
_LONGEST_CHARACTERS = 400

HUB = "https://huggingface.co"
"""The Hub itself."""
HUB_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co", "hf-mirror.com"})
"""Hosts on which `/papers/ID` is the page of a paper, whatever the environment says."""
_SITE = re.compile(r"(?i)https?://(?P<host>(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\]))(?::\d{1,5})?(?:/[\w.~/-]*)?")

UNDATED = "undated"
"""The month of a paper whose date is unknown."""


class Reference(NamedTuple):
    """A reference to a paper: its id, and the version if one was named."""

    id: str
    """The canonical id, without a version."""
    version: int | None = None
    """The version, if one was named; None for the paper as such."""


def parse_reference(text: str) -> Reference:
    """Recognise an arXiv id in any common form: bare, `arXiv:2401.12345 [cs.CL]`, a DOI, or a link.

    Knows links to arXiv and its mirrors, to the Hub and the host of `HF_ENDPOINT`, and to common sites that show arXiv.

    Raises:
        InvalidInput: the text does not name a paper.
    """
    if found := _reference(text):
        return found
    shown = _shown(_trimmed(text))
    raise InvalidInput(f"“{shown}” is not an arXiv id or a link to a paper; an id looks like 2401.12345.")


def _trimmed(text: str) -> str:
    return text.strip().rstrip(".,;").removeprefix("<").removesuffix(">")


def _reference(text: str) -> Reference | None:
    wanted = _trimmed(text)
    if len(wanted) > _LONGEST_CHARACTERS:
        return None
    if _LOCAL.fullmatch(wanted):
        return Reference(wanted)
    start = _hub_page(wanted) or re.match(_PREFIX, wanted)
    rest = unquote(wanted[start.end() :]) if start else wanted
    found = _ARXIV.match(rest)
    if not found or not _SUFFIX.fullmatch(rest[found.end() :]) or not (canonical := _canonical(found)):
        return None
    return Reference(canonical, int(found["version"]) if found["version"] else None)


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:60])


def reference_id(text: str) -> str | None:
    """The id of the paper that a text names, by its id or a link; None if it doesn't name one."""
    reference = _reference(text)
    return reference.id if reference else None


def arxiv_reference(text: object) -> Reference | None:
    """The paper on arXiv that a value in a source's answer names; None for anything else."""
    reference = _reference(text) if isinstance(text, str) else None
    return None if reference is None or is_local(reference.id) else reference


def _hub_page(text: str) -> re.Match[str] | None:
    """The prefix before the id in a link to a page of the Hub or of its mirror."""
    found = _HUB_PAGE.match(text)
    return found if found and found["host"].lower() in hub_hosts() else None


@lru_cache(maxsize=4096)
def is_paper_id(text: str) -> bool:
    """Whether the text is exactly a canonical id, and thus safe in a file name or a link."""
    if _MODERN.fullmatch(text) or _LOCAL.fullmatch(text):
        return True
    found = _ARXIV.fullmatch(text)
    return found is not None and found["version"] is None and _canonical(found) == text


def check_id(text: str) -> str:
    """The text, if it is exactly a canonical id.

    Raises:
        InvalidInput: it is not.
    """
    if is_paper_id(text):
        return text
    raise InvalidInput(f"“{_shown(text)}” is not the id of a paper; an id looks like 2401.12345.")


def is_local(paper_id: str) -> bool:
    """Whether the id is a local one, for an imported paper without a known arXiv id."""
    return paper_id.startswith("local-")


def local_id(title: str, first_author: str, month: str = UNDATED) -> str:
    """A stable id for a paper without one; title, first author and month determine it.

    Args:
        first_author: The first author's name, or an empty text.
        month: `YYYY-MM` of its publication, or UNDATED.
    """
    import hashlib  # not needed for arXiv's ids, so not at startup

    folded = " ".join(f"{title} {first_author}".casefold().split())
    return f"local-{month}-{hashlib.blake2b(folded.encode(), digest_size=6).hexdigest()}"


def month_of(paper_id: str) -> str:
    """The month in a paper's id, as `YYYY-MM` or UNDATED."""
    if local := _LOCAL.fullmatch(paper_id):
        return local["month"]
    return _month(paper_id.rpartition("/")[2])


def _month(digits: str) -> str:
    """The month that the first four digits of an arXiv number name."""
    year = int(digits[:2])
    return f"{1900 + year if year >= 91 else 2000 + year}-{digits[2:4]}"


def is_month(text: str) -> bool:
    """Whether a text is a month in the form of `month_of`."""
    return text == UNDATED or (len(text) == 7 and text[4] == "-" and text[:4].isdecimal() and text[5:].isdecimal())


def block_of(paper_id: str) -> str:
    """A paper's block (a file of at most 1,000 ids), as a relative path without suffix.

    `2611.03456` is in `2611/03`, `math/0309136` in `0309/math`, as arXiv counted old ids by archive. Local ids are in
    `local/2026-11`; those without a date are spread by the first digit of their hash: `local/undated-a`.
    """
    if is_local(paper_id):
        month = month_of(paper_id)
        return f"local/{month}-{paper_id[-12]}" if month == UNDATED else f"local/{month}"
    archive, slash, number = paper_id.partition("/")
    if slash:
        return f"{number[:4]}/{archive}"
    return f"{paper_id[:4]}/{int(paper_id[5:]) // 1000:02}"


def month_of_block(block: str) -> str:
    """The month of a block's papers, as `YYYY-MM` or UNDATED; in earlier versions a block was a whole month."""
    folder, slash, name = block.rpartition("/")
    if not slash or folder == "local":
        return name[:7]
    return _month(folder)


def grouped(ids: Iterable[str], group_of: Callable[[str], str]) -> dict[str, list[str]]:
    """Ids by group, in the order given."""
    groups: dict[str, list[str]] = {}
    for paper_id in ids:
        groups.setdefault(group_of(paper_id), []).append(paper_id)
    return groups


def document_id(paper_id: str) -> int:
    """The paper's document number in TinyDB: `2401.12345` is 240112345, other ids are hashed.

    TinyDB numbers documents; with these numbers a look-up by id needs no query.
    """
    yymm, dot, number = paper_id.partition(".")
    if dot and yymm.isdecimal() and number.isdecimal():
        return int(yymm) * 100_000 + int(number) + (len(number) == 4) * 10**9
    import hashlib

    return 10**12 + int.from_bytes(hashlib.blake2b(paper_id.encode(), digest_size=6).digest())


def with_own_anchors(text: str, paper_id: str) -> str:
    """A paper's text in HTML or Markdown, whose links to places in itself, such as citations, are short: `#bib.bib1`.

    arXiv and the Hub write them as links to the paper's page.
    """
    page = rf"([\"'=(<])https?://(?:www\.)?arxiv\.org/html/{re.escape(paper_id)}(?:v\d+)?/?(?=#)"
    return re.sub(page, r"\1", text)


def file_stem(paper_id: str) -> str:
    """The id as a file name: the slash of an old id becomes an underscore, as arXiv itself does."""
    return paper_id.replace("/", "_")


def _canonical(found: re.Match[str]) -> str | None:
    """The canonical spelling, or None for a number that arXiv never gave."""
    if found["new"]:
        yymm, number = found["new"].split(".")
        if int(number) == 0 or yymm < "0704" or int(yymm[:2]) >= 91:
            return None
        # arXiv reads 2401.1234 as 2401.01234, but a spreadsheet makes it of 2401.12340, which is another paper
        return found["new"] if len(number) == (5 if yymm >= "1501" else 4) else None
    archive, number = found["old"].split("/")
    year = int(number[:2])
    if number[4:] == "000" or not (year >= 91 or number[:4] <= "0703"):
        return None
    return f"{archive.partition('.')[0]}/{number}"


_NAMED_ARXIV = re.compile(r"(?i)\barxiv\b|\bcorr\b|^ascl$")


def names_arxiv(venue: str) -> bool:
    """Whether what a source gives as the venue is arXiv or the like, where papers are but aren't published."""
    return bool(_NAMED_ARXIV.search(venue))


# -- pages of the Hub --------------------------------------------------------------------------------------------------


def hub_site(environ: Mapping[str, str] = os.environ) -> str:
    """The base of the Hub's pages, without a final slash: `HF_ENDPOINT`, or HUB if that is unset or not a web address.

    An address with a user name or password in it is never used for links.
    """
    endpoint = environ.get("HF_ENDPOINT", "").strip().rstrip("/")
    return endpoint if _SITE.fullmatch(endpoint) else HUB


def hub_page(path: str) -> str:
    """The address of a page on the Hub, such as `papers/2401.12345`."""
    return f"{hub_site()}/{path}"


def hub_hosts(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """The hosts on which `/papers/ID` is the page of a paper, in lower case, including that of `HF_ENDPOINT`."""
    found = _SITE.fullmatch(hub_site(environ))
    return HUB_HOSTS | {found["host"].lower()} if found else HUB_HOSTS
