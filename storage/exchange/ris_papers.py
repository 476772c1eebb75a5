"""Papers in RIS files, as EndNote, Mendeley, Zotero, IEEE, DBLP and Semantic Scholar write them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from paperdeck.storage.cite.latex import escape
from paperdeck.storage.cite.ris import LOW_COMMA
from paperdeck.storage.paper import Marks
from paperdeck.storage.text.names import Name, inverted_name, name_of, without_degrees
from paperdeck.storage.text.words import word_set

from .records import NO_PAPER, Imported, Item, Leftover, date_in, gathered, item_of, rest_in, with_rest

_LINE = re.compile(r"\s*([A-Z][A-Z0-9])\s{1,2}-(?:\s(.*))?$")
_ARXIV_VENUE = re.compile(r"(?i)\barxiv\b|\bcorr\b")
_VENUE_TAGS = ("T2", "JO", "JF", "JA", "J2", "BT", "T3")
_OTHER_PLACES = ("UR", "L1", "L2", "LK", "M1", "M3", "VL", "N1", "SP", "SE", *_VENUE_TAGS)

TYPES = {
    "JOUR": "article",
    "EJOUR": "article",
    "MGZN": "article",
    "NEWS": "article",
    "CONF": "inproceedings",
    "CPAPER": "inproceedings",
    "BOOK": "book",
    "EBOOK": "book",
    "CHAP": "incollection",
    "ECHAP": "incollection",
    "THES": "phdthesis",
    "RPRT": "techreport",
}
"""Types of RIS and the types of BibTeX that mean the same; every other type is kept as it is."""

FIELDS = {"VL": "volume", "IS": "number", "PB": "publisher", "SN": "issn", "CY": "address", "ET": "edition"}
"""Tags of RIS and the fields of BibTeX that mean the same."""

_KNOWN = word_set("TY ER AU A1 TI T1 AB N2 PY Y1 DA DO UR KW N1 T2 JO JF JA J2 BT SP EP AN L1 C8 VL IS PB SN CY ET ID")
"""Tags that are understood; all others are kept and written back."""


def from_ris(text: str) -> Imported:
    """RIS."""
    return gathered(_records(text))


def _records(text: str) -> Iterator[Item | Leftover]:
    record: dict[str, list[str]] = {}
    tag, start = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.match(line)
        if found and found[1] in ("ER", "TY"):
            if record:
                yield _item(record, start) or Leftover(start, record.get("TY", ["record"])[0], NO_PAPER)
            record, tag = {}, ""
        if found and found[1] != "ER":
            tag = found[1]
            start = number if not record else start
            record.setdefault(tag, []).append((found[2] or "").strip())
        elif not found and line.strip() and tag:
            record[tag][-1] += " " + line.strip()
        elif not found and line.strip():
            yield Leftover(number, line.strip(), "belongs to no record")
    if record:
        yield _item(record, start) or Leftover(start, record.get("TY", ["record"])[0], NO_PAPER)


def _item(record: Mapping[str, list[str]], line: int) -> Item | None:
    def first(*tags: str) -> str:
        return next((value for tag in tags for value in record.get(tag, ()) if value), "")

    dates = [date_in(value) for tag in ("DA", "PY", "Y1", "Y2") for value in record.get(tag, ()) if tag != "Y2"]
    listed = record.get("KW", [])
    keywords = [word for word in (re.split(r"\s*;\s*", listed[0]) if len(listed) == 1 else listed) if word]
    notes = [_note(value) for value in record.get("N1", ())]
    facts = {
        "title": first("TI", "T1"),
        "abstract": first("AB", "N2"),
        "authors": [_name(name) for tag in ("AU", "A1") for name in record.get(tag, ())],
        "date": max(filter(None, dates), key=len, default=""),
        "journal_ref": next((v for tag in _VENUE_TAGS if (v := first(tag)) and not _ARXIV_VENUE.search(v)), ""),
        "doi": first("DO"),
        "url": first("UR"),
        "keywords": keywords,
        "record": _kept(record),
    }
    other = [value for tag in _OTHER_PLACES for value in record.get(tag, ())]
    own = [*record.get("DO", ()), *(value for value in record.get("AN", ()) if "arxiv" in value.lower())]
    note = "\n".join(value for value in notes if value and not _ARXIV_VENUE.match(value))
    made = item_of(facts, own, other, marks=Marks(note=note), line=line, words={"keywords": tuple(keywords)})
    return with_rest(made, rest_in(first("C8"))) if made else None


def _name(text: str) -> Name:
    """`Family, Given, Suffix`; a name without a comma is a group or a single name."""
    parts = without_degrees([part.strip() for part in text.split(",")])
    if len(parts) == 1:
        return name_of((parts[0].replace(LOW_COMMA, ","),))
    family, given, suffix = (*parts, "", "")[:3]
    return inverted_name(family, given, suffix)


def _note(text: str) -> str:
    """A note as text; Zotero writes them in HTML."""
    if not re.search(r"</?(?:p|div|br|b|i|strong|em|span|ul|li)\b", text):
        return text
    lines = re.sub(r"(?i)<br\s*/?>|</p>\s*<p[^>]*>", "\n", text)
    return html.unescape(re.sub(r"<[^>]{0,200}>", "", lines)).strip()


def _kept(record: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    """The parts of a record to keep: type and venue by BibTeX's names, and unknown tags."""
    kind = next(iter(record.get("TY", ())), "")
    fields = {FIELDS[tag]: " ".join(record[tag]) for tag in FIELDS if record.get(tag) and record[tag] != ["arXiv"]}
    pages = "--".join(filter(None, (next(iter(record.get(tag, ())), "") for tag in ("SP", "EP"))))
    fields |= {"pages": pages} if pages and "arXiv" not in pages else {}
    written = [(name, escape(value)) for name, value in fields.items()]
    written += [("@type", TYPES[kind])] if kind in TYPES else [("ris:TY", kind)] if kind not in _PREPRINTS else []
    written += [("@key", value) for value in record.get("ID", ())[:1]]
    return (
        *written,
        *((f"ris:{tag}", value) for tag, values in record.items() if tag not in _KNOWN for value in values),
    )


_PREPRINTS = ("UNPB", "MANSCPT", "GEN", "")
