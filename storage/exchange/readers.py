"""Readers of lists of ids, tables, arXiv's mails and pages of the Hub; each returns papers and rejected entries."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from paperdeck.storage.paper import Marks, Paper
from paperdeck.storage.text.bibtex import names_in

from .records import NO_PAPER, Imported, Item, Leftover, date_in, item_of, item_of_facts, reference_in


def _gathered(found: Iterator[Item | Leftover]) -> Imported:
    items = list(found)
    return Imported(
        tuple(item for item in items if isinstance(item, Item)),
        tuple(item for item in items if isinstance(item, Leftover)),
    )


# -- tables and lists of our own --------------------------------------------------------------------------------------

_LIST_COLUMNS = frozenset({"authors", "categories", "keywords", "tags"})
_NUMBER_COLUMNS = frozenset({"upvotes", "comments", "code_stars", "version"})
_TRUTH_COLUMNS = frozenset({"read", "starred", "hidden", "withdrawn"})
_ENTRY = re.compile(r"^[-*] \[(?P<title>(?:\\.|[^\]\\])+)\](?:\((?P<link>[^)\s]+)\))?\s*$")


def from_csv(text: str) -> Imported:
    """A table with a header: our own, or one of Zotero or a spreadsheet with a column for titles, ids or DOIs."""
    csv.field_size_limit(10_000_000)
    rows = csv.DictReader(text.split("\n") if '"' not in text else text.splitlines(keepends=True))
    return _gathered(_row(row, rows.line_num) for row in rows)


def _row(row: Mapping[str | None, Any], line: int) -> Item | Leftover:
    cells = {str(name).strip().lower(): value.strip() for name, value in row.items() if isinstance(value, str)}
    own = item_of_facts(_facts_in(cells), line=line) if "pdf_url" in cells else None
    return own or _foreign_row(cells, line) or Leftover(line, cells.get("title", ""), NO_PAPER)


def _facts_in(cells: Mapping[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name, cell in cells.items():
        value = cell[1:] if cell[:1] == "'" else cell
        if name in _LIST_COLUMNS:
            facts[name] = [part for part in value.split("; ") if part]
        elif name in _TRUTH_COLUMNS:
            facts[name] = value == "true"
        elif name in _NUMBER_COLUMNS:
            facts[name] = int(value) if value.isdecimal() else None
        else:
            facts[name] = value
    return facts


def _foreign_row(cells: Mapping[str, str], line: int) -> Item | None:
    def first(*names: str) -> str:
        return next((cells[name] for name in names if cells.get(name)), "")

    facts = {
        "title": first("title", "titel", "name"),
        "abstract": first("abstract", "abstract note"),
        "authors": names_in(first("author", "authors").replace("; ", " and ")),
        "date": date_in(first("date", "published", "publication year", "year")),
        "journal_ref": first("publication title", "journal", "venue", "conference name"),
        "doi": first("doi"),
        "url": first("url", "link"),
    }
    tags = tuple(tag.strip() for tag in first("manual tags", "tags", "keywords").split(";") if tag.strip())
    own = [first("arxiv", "arxiv id", "arxiv_id", "id", "archive location"), first("doi")]
    marks = Marks(note=re.sub(r"<[^>]{0,200}>", "", first("notes", "note")).strip())
    return item_of(facts, own, [first("url", "link"), first("extra")], line=line, marks=marks, words={"keywords": tags})


def from_markdown(text: str) -> Imported:
    """A list that `export --to markdown` wrote: titles with links, authors, day, star, tags and notes."""
    return _gathered(_list_papers(text))


def looks_like_markdown_list(text: str) -> bool:
    """Whether a text is a list of titles with links."""
    lines = [line for line in text.split("\n") if line and not line.startswith(("  ", "#"))]
    return bool(lines) and sum(bool(_ENTRY.match(line)) for line in lines) > len(lines) / 2


def _list_papers(text: str) -> Iterator[Item | Leftover]:
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if _ENTRY.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield _list_item(lines[start:end], start + 1)


def _list_item(lines: list[str], line: int) -> Item | Leftover:
    found = _ENTRY.match(lines[0])
    title = re.sub(r"\\(.)", r"\1", found["title"]) if found else ""
    link = (found and found["link"]) or ""
    about = next((text.strip().split(" · ") for text in lines[1:] if text.strip() and not text.startswith("  >")), [])
    names = about[0] if about and not re.search(r"and [\d,]+ more$|^[★#\d]", about[0]) else ""
    note = "\n".join(text[3:].removeprefix(" ") for text in lines[1:] if text.startswith("  >"))
    tags = [tag[1:] for part in about for tag in part.split() if tag.startswith("#")]
    day = next((part for part in about if re.fullmatch(r"\d{4}(?:-\d\d){0,2}", part)), "")
    facts = {"title": title, "authors": names.split(", ") if names else [], "date": day, "url": link}
    marks = Marks(starred="★" in about, tags=frozenset(tags), note=note)
    return item_of(facts, [link], marks=marks, line=line) or Leftover(line, title, NO_PAPER)


# -- ids and links -----------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\s,;()<>\"'|]+")


_MOST_A_MONTH = 40_000


def from_ids(text: str) -> Imported:
    """Ids and links, anywhere in lines; lines that begin with `#` are remarks."""
    return _gathered(_id_papers(text))


def _id_papers(text: str) -> Iterator[Item | Leftover]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        ids = list(dict.fromkeys(_ids_in(line)))
        yield from (Item(Paper(id=paper_id), line=number) for paper_id in ids)
        if not ids:
            yield Leftover(number, line.strip(), "does not name a paper")


def _ids_in(line: str) -> Iterator[str]:
    """The ids in a line: references in any form; bare ones only where nothing but ids stands before them."""
    if whole := reference_in(line.strip()):
        yield whole
        return
    only_ids = True
    for found in _TOKEN.finditer(line):
        token = found[0].strip(".[]{}*`:")
        paper_id = reference_in(token)
        bare = paper_id is not None and token[:1].isdigit()
        if paper_id and (not bare or (only_ids and _is_plausible(token))):
            yield paper_id
        elif any(map(str.isalnum, token)):
            only_ids = only_ids and token.lower().rstrip(":") == "arxiv"


def _is_plausible(token: str) -> bool:
    """Whether arXiv can have given a bare number: no month has more papers than a certain number."""
    number = token.partition("v")[0].rpartition(".")[2]
    return not number.isdecimal() or int(number) < _MOST_A_MONTH


# -- arXiv's mails -----------------------------------------------------------------------------------------------------

_DIGEST_ENTRY = re.compile(r"^(?:\\\\\n)?arXiv:(?P<id>\S+)(?P<rest>.*)\n", re.MULTILINE)
_DIGEST_FIELD = re.compile(r"^(?P<name>[A-Z][A-Za-z-]+): (?P<value>.*(?:\n {2,}.*)*)", re.MULTILINE)
_DIGEST_DAY = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})\b")


def from_digest(text: str) -> Imported:
    """A mail in which arXiv lists new papers."""
    return _gathered(_digest_papers(text))


def _digest_papers(text: str) -> Iterator[Item | Leftover]:
    starts = list(_DIGEST_ENTRY.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    for start, end in zip(starts, ends, strict=True):
        block = text[start.end() : end]
        head, _, rest = block.partition("\n\\\\\n")
        fields = {found["name"]: found["value"] for found in _DIGEST_FIELD.finditer(head)}
        facts = {
            "title": fields.get("Title"),
            "abstract": re.split(r"\n\\\\|\n-{20,}", rest)[0] if not rest.startswith("\\\\") else "",
            "authors": _digest_authors(fields.get("Authors") or fields.get("Author") or ""),
            "date": _digest_day(fields.get("Date", "")) if "replaced" not in head else "",
            "journal_ref": fields.get("Journal-ref"),
            "doi": fields.get("DOI", ""),
            "categories": fields.get("Categories", "").split(),
        }
        line = text.count("\n", 0, start.start()) + 1
        item = item_of(facts, [start["id"]], line=line) if reference_in(start["id"]) else None
        yield item or Leftover(line, start["id"], "is not an arXiv id")


def _digest_authors(text: str) -> list[str]:
    """The names, affiliations in parentheses left out."""
    text = " ".join(text.split())
    while (shorter := re.sub(r"\s*\([^()]*\)", "", text)) != text:
        text = shorter
    return [name for name in re.split(r",\s*(?:and\s+)?|\s+and\s+", text) if name]


def _digest_day(text: str) -> str:
    found = _DIGEST_DAY.search(text)
    return date_in(found[0]) if found else ""


# -- pages of the Hub --------------------------------------------------------------------------------------------------

_MIN_ABSTRACT = 200


def from_page(text: str) -> Imported:
    """The saved text of a page of papers: titles, each with an abstract below it."""
    return Imported(tuple(_page_papers(text)))


def looks_like_page(text: str) -> bool:
    """Whether a text is rather a page of titles and abstracts than a list of ids."""
    return len(_page_papers(text)) > len(from_ids(text).papers)


def _page_papers(text: str) -> list[Item]:
    """A short paragraph followed by a long one is a title with its abstract; the rest is navigation."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    pairs = (pair for pair in pairwise(paragraphs) if len(pair[0]) < _MIN_ABSTRACT <= len(pair[1]))
    return [item for title, abstract in pairs if (item := item_of({"title": title, "abstract": abstract}, []))]


def from_html(text: str) -> Imported:
    """A saved page: links to papers name their ids; without any, its text is read."""
    from .html_page import read_page

    page = read_page(text)
    if not page.links:
        return from_page(page.text)
    titles: dict[str, str] = {}
    for address, title in page.links:
        if paper_id := reference_in(address):
            titles[paper_id] = titles.get(paper_id) or title
    return Imported(tuple(Item(Paper(id=paper_id, title=title)) for paper_id, title in titles.items()))
