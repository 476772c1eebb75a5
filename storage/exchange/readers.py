"""Readers of foreign files, one a kind: each takes a text and gives the papers in it and what it could not use."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.names import split_name
from paperdeck.storage.text.words import MONTHS

from .bibtex_reader import BibEntry, Broken, decode, is_group, read_bibtex, split_names
from .records import Imported, Leftover, day_of, find_id, paper_of

_MONTHS = tuple(month[:3].lower() for month in MONTHS)
_NO_PAPER = "has neither an arXiv id nor a title"


def _gathered(found: Iterator[Paper | Leftover]) -> Imported:
    items = list(found)
    return Imported(
        tuple(item for item in items if isinstance(item, Paper)),
        tuple(item for item in items if isinstance(item, Leftover)),
    )


# -- BibTeX ------------------------------------------------------------------------------------------------------------


def from_bibtex(text: str) -> Imported:
    """BibTeX and biblatex."""
    return _gathered(map(_bib_paper, read_bibtex(text)))


def _bib_paper(entry: BibEntry | Broken) -> Paper | Leftover:
    if isinstance(entry, Broken):
        return Leftover(entry.line, "entry", f"was passed over: {entry.reason}")
    fields = entry.fields
    year, month, day = _bib_date(fields)
    names = split_names(fields.get("author", ""))
    if names and names[-1].lower() == "others":
        names.pop()
    facts = {
        "title": entry.text("title"),
        "abstract": entry.text("abstract"),
        "authors": list(map(_bib_name, names)),
        "published": day_of(year, month, day),
        "journal_ref": _bib_venue(entry),
        "doi": fields.get("doi", ""),
        "url": fields.get("url", ""),
        "keywords": re.split(r"\s*[,;]\s*", entry.text("keywords")),
        "categories": [fields.get("primaryclass") or fields.get("eprintclass") or ""],
    }
    references = [
        _eprint(fields),
        *(fields.get(name, "") for name in ("doi", "url", "journal", "volume", "note", "number")),
    ]
    return paper_of(references, facts, month_known=bool(month)) or Leftover(
        entry.line, f"@{entry.kind} {entry.key}", _NO_PAPER
    )


def _eprint(fields: Mapping[str, str]) -> str:
    """The eprint field, if it is arXiv's."""
    archive = fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv"
    return fields.get("eprint", "") if archive.lower() == "arxiv" else ""


def _bib_venue(entry: BibEntry) -> str:
    """Where it was published: never arXiv, which is no venue."""
    venues = (entry.text(name) for name in ("howpublished", "journal", "journaltitle", "booktitle"))
    return next((venue for venue in venues if venue and not re.search(r"(?i)\barxiv\b|\bcorr\b", venue)), "")


def _bib_date(fields: Mapping[str, str]) -> tuple[str, str, str]:
    """Year, month and day, as far as they are given."""
    if found := re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", fields.get("date", "")):
        return found[1], found[2] or "", found[3] or ""
    month = fields.get("month", "").strip(" .").lower()
    if month[:3] in _MONTHS:
        month = str(_MONTHS.index(month[:3]) + 1)
    return fields.get("year", ""), month if month.isdecimal() else "", fields.get("day", "")


def _bib_name(raw: str) -> str:
    """A name in the order in which papers write it."""
    if is_group(raw):
        return decode(raw[1:-1])
    text = decode(raw)
    return split_name(text).text if "," in text else text


# -- RIS ---------------------------------------------------------------------------------------------------------------

_RIS_LINE = re.compile(r"\s*([A-Z][A-Z0-9])\s{1,2}-(?:\s(.*))?$")


def from_ris(text: str) -> Imported:
    """RIS."""
    return _gathered(_ris_papers(text))


def _ris_papers(text: str) -> Iterator[Paper | Leftover]:
    record: dict[str, list[str]] = {}
    tag, start = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        found = _RIS_LINE.match(line)
        if found and found[1] == "ER":
            yield _ris_paper(record) or Leftover(start, record.get("TY", ["record"])[0], _NO_PAPER)
            record, tag = {}, ""
        elif found:
            tag = found[1]
            start = number if tag == "TY" else start
            record.setdefault(tag, []).append(found[2] or "")
        elif line.strip() and tag:
            record[tag][-1] += " " + line.strip()
        elif line.strip():
            yield Leftover(number, line.strip(), "belongs to no record")
    if record:
        yield _ris_paper(record) or Leftover(start, "record", _NO_PAPER)


def _ris_paper(record: Mapping[str, list[str]]) -> Paper | None:
    def first(*tags: str) -> str:
        return next((value for tag in tags for value in record.get(tag, ()) if value), "")

    year, month, day = [*re.split(r"[/-]", first("DA")), "", ""][:3]
    facts = {
        "title": first("TI", "T1"),
        "abstract": first("AB", "N2"),
        "authors": [_ris_name(name) for tag in ("AU", "A1") for name in record.get(tag, ())],
        "published": day_of(year or first("PY", "Y1"), month, day),
        "journal_ref": first("T2", "JO", "JF"),
        "doi": first("DO"),
        "url": first("UR"),
        "keywords": record.get("KW", ()),
    }
    references = [first("AN"), *record.get("DO", ()), *record.get("UR", ()), *record.get("M1", ()), first("JO", "T2")]
    return paper_of(references, facts, month_known=month.isdecimal())


def _ris_name(text: str) -> str:
    """`Family, Given, Suffix` in the order in which papers write it."""
    parts = [part.strip() for part in text.split(",")]
    family, given, suffix = (*parts, "", "")[:3]
    return " ".join(filter(None, (given, family, suffix)))


# -- CSL-JSON ----------------------------------------------------------------------------------------------------------

_CSL_MARKUP = re.compile(r"</?(?:i|b|sc|sub|sup|span)\b[^>]{0,80}>")


def from_csl(text: str) -> Imported:
    """CSL-JSON: a list of items, or one, or one a line. Our own JSON is read as well.

    Raises:
        InvalidInput: it is no JSON.
    """
    try:
        lines = text.strip().startswith("{") and "\n{" in text
        items = [json.loads(line) for line in text.splitlines() if line.strip()] if lines else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"The text can't be imported: it is no JSON ({error}).") from error
    return _gathered(_csl_paper(item) for item in (items if isinstance(items, list) else [items]))


def _csl_paper(item: object) -> Paper | Leftover:
    if not isinstance(item, dict):
        return Leftover(0, str(item)[:60], "is no item of CSL-JSON")

    def text(name: str) -> str:
        value = item.get(name)
        return _CSL_MARKUP.sub("", str(value)) if isinstance(value, str | int) else ""

    year, month, day = _csl_date(item.get("issued") or item.get("published"))
    facts = {
        "title": text("title"),
        "abstract": text("abstract"),
        "authors": [_csl_name(name) for name in _list(item.get("author") or item.get("authors"))],
        "published": day_of(year, month, day),
        "journal_ref": text("container-title") or text("journal_ref"),
        "doi": text("DOI") or text("doi"),
        "url": text("URL") or text("url"),
    }
    references = [text(name) for name in ("number", "DOI", "URL", "note", "id")]
    return paper_of(references, facts, month_known=bool(month)) or Leftover(0, text("id"), _NO_PAPER)


def _csl_name(name: object) -> str:
    if not isinstance(name, dict):
        return name if isinstance(name, str) else ""
    parts = ("literal", "given", "dropping-particle", "non-dropping-particle", "family", "suffix")
    return " ".join(value for part in parts if isinstance(value := name.get(part), str) and value)


def _csl_date(issued: object) -> tuple[object, object, object]:
    """Year, month and day of a date, in parts or as a text in ISO 8601."""
    if isinstance(issued, str):
        parts: list[object] = [*issued[:10].split("-")]
    else:
        dates = _list(issued.get("date-parts") if isinstance(issued, dict) else None)
        parts = _list(dates[0]) if dates else []
    year, month, day = [*parts, None, None, None][:3]
    return year, month, day


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


# -- ids and links -----------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[^\s,;()<>\"'|]+")


def from_ids(text: str) -> Imported:
    """Ids and links, anywhere in lines; lines that begin with `#` are remarks."""
    return _gathered(_id_papers(text))


def _id_papers(text: str) -> Iterator[Paper | Leftover]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        tokens = [token.strip(".[]{}*`") for token in _TOKEN.findall(line)]
        ids = list(dict.fromkeys(filter(None, (find_id([token]) for token in [line.strip(), *tokens]))))
        yield from (Paper(id=paper_id) for paper_id in ids)
        if not ids:
            yield Leftover(number, line.strip(), "names no paper")


# -- arXiv's mails -----------------------------------------------------------------------------------------------------

_DIGEST_ENTRY = re.compile(r"^(?:\\\\\n)?arXiv:(?P<id>\S+)(?P<rest>.*)\n", re.MULTILINE)
_DIGEST_FIELD = re.compile(r"^(?P<name>[A-Z][A-Za-z-]+): (?P<value>.*(?:\n {2,}.*)*)", re.MULTILINE)
_DIGEST_DAY = re.compile(r"\b(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})\b")


def from_digest(text: str) -> Imported:
    """A mail in which arXiv lists new papers."""
    return _gathered(_digest_papers(text))


def _digest_papers(text: str) -> Iterator[Paper | Leftover]:
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
            "published": _digest_day(fields.get("Date", "")) if "replaced" not in head else None,
            "journal_ref": fields.get("Journal-ref"),
            "doi": fields.get("DOI", ""),
            "categories": fields.get("Categories", "").split(),
        }
        line = text.count("\n", 0, start.start()) + 1
        if find_id([start["id"]]):
            yield paper_of([start["id"]], facts) or Leftover(line, start["id"], _NO_PAPER)
        else:
            yield Leftover(line, start["id"], "is no arXiv id")


def _digest_authors(text: str) -> list[str]:
    """The names, affiliations in parentheses left out."""
    text = " ".join(text.split())
    while (shorter := re.sub(r"\s*\([^()]*\)", "", text)) != text:
        text = shorter
    return [name for name in re.split(r",\s*(?:and\s+)?|\s+and\s+", text) if name]


def _digest_day(text: str) -> date | None:
    found = _DIGEST_DAY.search(text)
    if not found or found[2].lower() not in _MONTHS:
        return None
    return day_of(found[3], _MONTHS.index(found[2].lower()) + 1, found[1])


# -- pages of the Hub --------------------------------------------------------------------------------------------------

_MIN_ABSTRACT = 200


def from_page(text: str) -> Imported:
    """The saved text of a page of papers: titles, each with an abstract below it."""
    return _gathered(iter(_page_papers(text)))


def looks_like_page(text: str) -> bool:
    """Whether a text is rather a page of titles and abstracts than a list of ids."""
    return len(_page_papers(text)) > len(from_ids(text).papers)


def _page_papers(text: str) -> list[Paper]:
    """A short paragraph followed by a long one is a title with its abstract; anything else is the page's furniture."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    pairs = (pair for pair in pairwise(paragraphs) if len(pair[0]) < _MIN_ABSTRACT <= len(pair[1]))
    papers = (paper_of([], {"title": title, "abstract": abstract}) for title, abstract in pairs)
    return [paper for paper in papers if paper]


def from_html(text: str) -> Imported:
    """A saved page: links to papers name their ids; without any, its text is read."""
    from .html_page import read_page

    page = read_page(text)
    if not page.links:
        return from_page(page.text)
    titles: dict[str, str] = {}
    for address, title in page.links:
        if paper_id := find_id([address]):
            titles[paper_id] = titles.get(paper_id) or title
    return Imported(tuple(Paper(id=paper_id, title=title) for paper_id, title in titles.items()))
