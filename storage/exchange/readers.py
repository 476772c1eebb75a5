"""Readers of lists of ids, arXiv's emails and saved web pages; each returns papers and rejected entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from urllib.parse import unquote

from paperdeck.storage.fetch.arxiv.fields import split_authors
from paperdeck.storage.identifiers import HUB, reference_id
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.dates import date_in
from paperdeck.storage.text.markup import MarkupParser
from paperdeck.storage.text.words import word_set

from .records import NO_PAPER, Imported, ImportedItem, Leftover, gathered, item_of

# -- ids and links -----------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\s,;()<>\"'|]+")
_MAX_PAPERS_PER_MONTH = 40_000


def from_ids(text: str) -> Imported:
    """Ids and links, anywhere in lines; lines that begin with `#` are comments."""
    return gathered(_id_papers(text))


def _id_papers(text: str) -> Iterator[ImportedItem | Leftover]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        ids = list(dict.fromkeys(_ids_in(line)))
        yield from (ImportedItem(Paper(id=paper_id), line=number) for paper_id in ids)
        if not ids:
            yield Leftover(number, line.strip(), "does not name a paper")


def _ids_in(line: str) -> Iterator[str]:
    """The ids in a line: references in any form; bare ones only where nothing but ids precedes them."""
    if whole := reference_id(line.strip()):
        yield whole
        return
    only_ids = True
    for found in _TOKEN.finditer(line):
        token = found[0].strip(".[]{}*`:")
        paper_id = reference_id(token)
        bare = paper_id is not None and token[:1].isdigit() and "arxiv" not in token.lower()
        if paper_id and (not bare or (only_ids and _is_plausible(token))):
            yield paper_id
        elif any(map(str.isalnum, token)):
            only_ids = only_ids and token.lower().rstrip(":") == "arxiv"


def _is_plausible(token: str) -> bool:
    """Whether arXiv can have assigned a bare number: months have a limited number of papers."""
    number = token.partition("v")[0].rpartition(".")[2]
    return not number.isdecimal() or int(number) < _MAX_PAPERS_PER_MONTH


# -- arXiv's emails ----------------------------------------------------------------------------------------------------

_DIGEST_ENTRY = re.compile(r"^(?:\\\\\n)?arXiv:(?P<id>\S+)(?P<rest>.*)\n", re.MULTILINE)
_DIGEST_FIELD = re.compile(r"^(?P<name>[A-Z][A-Za-z-]+): (?P<value>.*(?:\n {2,}.*)*)", re.MULTILINE)
_DIGEST_DAY = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})\b")


def from_digest(text: str) -> Imported:
    """An email in which arXiv lists new papers."""
    return gathered(_digest_papers(text))


def _digest_papers(text: str) -> Iterator[ImportedItem | Leftover]:
    starts = list(_DIGEST_ENTRY.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    for start, end in zip(starts, ends, strict=True):
        block = text[start.end() : end]
        head, _, rest = block.partition("\n\\\\\n")
        fields = {found["name"]: found["value"] for found in _DIGEST_FIELD.finditer(head)}
        facts = {
            "title": fields.get("Title"),
            "abstract": re.split(r"\n\\\\|\n-{20,}", rest)[0] if not rest.startswith("\\\\") else "",
            "authors": split_authors(fields.get("Authors") or fields.get("Author") or ""),
            "date": _digest_day(fields.get("Date", "")) if "replaced" not in head else "",
            "journal_ref": fields.get("Journal-ref"),
            "doi": fields.get("DOI", ""),
            "categories": fields.get("Categories", "").split(),
            "comment": fields.get("Comments"),
        }
        line = text.count("\n", 0, start.start()) + 1
        item = item_of(facts, [start["id"]], line=line) if reference_id(start["id"]) else None
        yield item or Leftover(line, start["id"], "is not an arXiv id")


def _digest_day(text: str) -> str:
    found = _DIGEST_DAY.search(text)
    return date_in(found[0]) if found else ""


# -- pages of the Hub --------------------------------------------------------------------------------------------------

_SHORTEST_ABSTRACT_CHARACTERS = 200


def from_page(text: str) -> Imported:
    """The saved text of a page of papers: titles, each with an abstract below it."""
    return Imported(tuple(_page_papers(text)))


def looks_like_page(text: str) -> bool:
    """Whether a text looks like a page of titles and abstracts, not a list of ids."""
    return len(_page_papers(text)) > len(from_ids(text).papers)


def _page_papers(text: str) -> list[ImportedItem]:
    """A short paragraph followed by a long one is a title with its abstract; the rest is navigation."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    pairs = (pair for pair in pairwise(paragraphs) if len(pair[0]) < _SHORTEST_ABSTRACT_CHARACTERS <= len(pair[1]))
    return [item for title, abstract in pairs if (item := item_of({"title": title, "abstract": abstract}, []))]


def from_references(text: str) -> Imported:
    """All references to papers within a text of any kind, such as a feed; everything else is ignored."""
    ids = list(dict.fromkeys(found for word in re.split(r"[\s\"'<>]+", text) if (found := reference_id(word))))
    if not ids:
        return Imported(leftovers=(Leftover(0, text.strip()[:60], NO_PAPER),))
    return Imported(tuple(ImportedItem(Paper(id=paper_id)) for paper_id in ids))


# -- saved web pages ---------------------------------------------------------------------------------------------------

_PAPER = re.compile(r"(?i)(?:/papers/|arxiv\.org(?:/|%2F)(?:abs|pdf|html)(?:/|%2F))[^/#?]*\d")
_BLOCKS = word_set("p div article section li ul ol h1 h2 h3 h4 br tr table main header footer")
_HIDDEN = frozenset({"script", "style", "svg", "title", "noscript", "template"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_REDIRECT = re.compile(
    r"(?i)https?://(?:scholar\.google\.[a-z.]+/scholar_url|(?:www\.)?google\.[a-z.]+/url|[\w.-]+\.safelinks\.protection\."
    r"outlook\.com/)\?(?:[^#]*?&)?(?:url|q)=(?P<to>[^&#]+)"
)
"""Redirecting links, as alerts and mail programs write them."""


def read_page(html: str) -> tuple[str, Imported]:
    """The text of a saved page, in paragraphs, and the papers to which its links lead; scripts in it never run."""
    page = _PageParser()
    page.read(html)
    paragraphs = (clean_line(part) for part in "".join(page.text).split("\n\n"))
    return "\n\n".join(filter(None, paragraphs)), _linked(page.links)


def _linked(links: Iterable[tuple[str, list[str]]]) -> Imported:
    titles: dict[str, str] = {}
    for address, heading in links:
        target = _REDIRECT.match(address)
        if paper_id := reference_id(unquote(target["to"]) if target else address):
            titles[paper_id] = titles.get(paper_id) or clean_line("".join(heading))
    return Imported(tuple(ImportedItem(Paper(id=paper_id, title=title)) for paper_id, title in titles.items()))


class _PageParser(MarkupParser):
    """Collects the text of a page, and its links to papers with the headings around them, which are the titles."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[tuple[str, list[str]]] = []
        self._hidden = 0
        self._in_link = False
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        if tag in _BLOCKS:
            self.text.append("\n\n")
        if tag in _HEADINGS:
            self._in_heading = True
        if tag == "a":
            address = dict(attrs).get("href") or ""
            self._in_link = bool(_PAPER.search(address))
            if self._in_link:
                self.links.append((HUB + address if address.startswith("/") else address, []))

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        if tag in _BLOCKS:
            self.text.append("\n\n")
        if tag in _HEADINGS:
            self._in_heading = False
        if tag == "a":
            self._in_link = False

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        self.text.append(" ".join(data.split("\n")))
        if self._in_link and self._in_heading:
            self.links[-1][1].append(data)
