"""Papers in RIS files, as EndNote, Mendeley, Zotero, IEEE, DBLP and Semantic Scholar write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from paperdeck.storage.cite.latex import escape
from paperdeck.storage.cite.ris import LOW_COMMA, editors_tag, fields_of, serial_field
from paperdeck.storage.cite.work import WITHDRAWN
from paperdeck.storage.kinds import KINDS, OTHER, Kind, names_by, record_of
from paperdeck.storage.paper import Marks
from paperdeck.storage.text.bibtex import first_and_last, has_initials_last
from paperdeck.storage.text.dates import date_in
from paperdeck.storage.text.names import (
    GROUP,
    IS_OTHERS,
    OTHERS,
    Name,
    inverted_name,
    name_of,
    split_name,
    without_degrees,
    without_number,
)
from paperdeck.storage.text.words import word_set

from .decoding import rest_in
from .records import (
    NO_PAPER,
    Imported,
    ImportedItem,
    Leftover,
    gathered,
    ids_in_numbers,
    item_of,
    note_in,
    people,
    venue_named,
)

_LINE = re.compile(r"\s*([A-Z][A-Z0-9])(?:\s{1,2}-(?:\s|$)|\s\s-)(.*)$")
_HEAD = re.compile(r"(?:Provider|Database|Content) ?: ?\S.*")
"""Lines that DBLP and publishers write above the first record."""

_INITIALS_FIRST = re.compile(r"(?:[^\W\d_]\.[ -]?)+ ?[^\W\d_]{2}")
"""`K. He`, as IEEE writes names."""

_VENUE_TAGS = ("T2", "JO", "JF", "JA", "J2", "BT", "T3")
_NO_PLACES = word_set("TY ER AU A1 A2 A3 A4 ED TI T1 ST AB N2 KW DO AN PY Y1 Y2 DA")
"""Tags in which an arXiv id is never the record's own; in any other, people and programs put it."""

_NUMBERS = ("M1", "IS", "VL", "SP", "EP", "AN", "C7", "SE")
"""Tags in which a bare number is an arXiv id if the record names arXiv as the journal or the database."""

_PREPRINT_PLACES = ("T2", "JO", "JF", "JA", "J2", "PB", "DB", "DP")

TYPES = names_by("ris") | {
    "EJOUR": "article",
    "CONF": "inproceedings",
    "EDBOOK": "book",
    "EBOOK": "book",
    "ECHAP": "incollection",
    "UNPB": "preprint",
}
"""Types of RIS and the types of BibTeX that mean the same; every other type is kept as it is."""

_KNOWN = word_set("TY ER AU A1 ED TI T1 AB N2 PY Y1 DA DO UR KW N1 T2 JO JF JA J2 BT SP EP AN L1 C8 SN ID A4")
"""Tags that are understood; all others are kept and written back."""


def from_ris(text: str) -> Imported:
    """RIS."""
    return gathered(_records(text))


def _records(text: str) -> Iterator[ImportedItem | Leftover]:
    record: dict[str, list[str]] = {}
    tag, start = "", 0
    for number, line in enumerate([*text.split("\n"), "ER  - "], 1):
        found = _LINE.match(line)
        if found and found[1] in ("ER", "TY"):
            if record:
                yield _item(record, start) or Leftover(start, record.get("TY", ["record"])[0], NO_PAPER)
            record, tag = {}, ""
        if found and found[1] != "ER":
            tag = found[1]
            start = number if not record else start
            record.setdefault(tag, []).append((found[2]).strip())
        elif not found and line.strip() and tag:
            record[tag][-1] += " " + line.strip()
        elif not found and line.strip() and not (start == 0 and _HEAD.fullmatch(line.strip())):
            yield Leftover(number, line.strip(), "belongs to no record")


def _item(record: Mapping[str, list[str]], line: int) -> ImportedItem | None:
    def first(*tags: str) -> str:
        return next((value for tag in tags for value in record.get(tag, ()) if value), "")

    listed = record.get("KW", [])
    keywords = [word for word in (re.split(r"\s*;\s*", listed[0]) if len(listed) == 1 else listed) if word]
    authors, roles = people(*_people(record))
    venues = [tag for tag in _VENUE_TAGS if tag not in _tags_of(_form(first("TY")))]
    notes = [note for value in record.get("N1", ()) if (note := note_in(value)) != WITHDRAWN]
    facts = {
        "title": first("TI", "T1"),
        "abstract": first("AB", "N2"),
        "authors": authors,
        "date": _date(record),
        "journal_ref": next(filter(None, (venue_named(first(tag)) for tag in venues)), ""),
        "doi": first("DO"),
        "url": first("UR"),
        "keywords": keywords,
        "record": (*_kept(record), *roles.items()),
        "withdrawn": WITHDRAWN in record.get("N1", ()),
    }
    other = [value for tag, values in record.items() if tag not in _NO_PLACES for value in values]
    own = [*record.get("DO", ()), *(value for value in record.get("AN", ()) if "arxiv" in value.lower())]
    own += ids_in_numbers(map(first, _PREPRINT_PLACES), map(first, _NUMBERS))
    note = "\n".join(value for value in notes if value and not value.lower().startswith("arxiv"))
    marks, words = Marks(note=note), {"keywords": tuple(keywords)}
    return item_of(facts, own, other, rest=rest_in(first("C8")), marks=marks, line=line, words=words)


def _people(record: Mapping[str, list[str]]) -> tuple[list[Name], list[Name], list[Name]]:
    """The authors, the editors and the translators."""
    names = {tag: list(filter(None, map(_name, record.get(tag, ())))) for tag in _PEOPLE}
    authors = names["AU"] or names["A1"]
    editors = [name for tag in dict.fromkeys(("ED", _editors_tag(record))) for name in names[tag]]
    if "EDBOOK" in record.get("TY", ()):
        authors, editors = [], authors + editors
    return authors, editors, names["A4"]


def _editors_tag(record: Mapping[str, list[str]]) -> str:
    """The tag for editors that a type has; of a book with other people `A2` are the editors of the series."""
    form = _form(next(iter(record.get("TY", ())), ""))
    if form.csl == "book":
        return "A3" if any(record.get(tag) for tag in _PEOPLE if tag != "A2") else "A2"
    return editors_tag(form)


_PEOPLE = ("AU", "A1", "ED", "A2", "A3", "A4")


def _date(record: Mapping[str, list[str]]) -> str:
    """The most precise date in the year of publication."""
    values = [value for tag in ("PY", "Y1", "DA") for value in record.get(tag, ()) if value]
    year = next((date[:4] for value in values if (date := date_in(value))), "")
    dates = [date_in(value) or date_in(f"{value} {year}") for value in values] if year else []
    return max((date for date in dates if date.startswith(year)), key=len, default="")


def _name(text: str) -> Name | None:
    """`Family, Given, Suffix`; a name without a comma is a group or a single name, unless it has initials."""
    text = re.sub(r"^\{(.*)\}$", r"\1", text)
    parts = without_degrees([without_number(part.strip()) for part in text.split(",")])
    if len(parts) == 1:
        return _without_comma(parts[0].replace(LOW_COMMA, ","))
    family, given, suffix = (*parts, "", "")[:3]
    return inverted_name(family, given, suffix)


def _without_comma(text: str) -> Name | None:
    if not text:
        return None
    if IS_OTHERS.fullmatch(text):
        return OTHERS
    if _INITIALS_FIRST.match(text):
        return split_name(text)
    if has_initials_last(text) and not GROUP.search(text):
        return inverted_name(*text.rsplit(" ", 1))
    return name_of((text,))


def _kept(record: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    """The parts of a record to keep: type and venue by BibTeX's names, and unknown tags."""
    kind = next(iter(record.get("TY", ())), "")
    form = _form(kind)
    known = _KNOWN | {_editors_tag(record)} | _tags_of(form).keys()
    written = [(name, escape(value)) for name, value in _fields_of(record, form).items()]
    if kind in TYPES:
        written += record_of(TYPES[kind]).items()
    elif kind not in (OTHER.ris, ""):
        written.append(("ris:TY", kind))
    written += [("@key", value) for value in record.get("ID", ())[:1]]
    return (
        *written,
        *((f"ris:{tag}", value) for tag, values in record.items() if tag not in known for value in values),
    )


def _form(type_: str) -> Kind:
    return KINDS.get(TYPES.get(type_, ""), OTHER)


def _tags_of(form: Kind) -> dict[str, str]:
    """The fields of BibTeX by their tags; `T2` of a book is its series too."""
    return fields_of(form) | ({"T2": "series"} if form.is_whole else {})


def _fields_of(record: Mapping[str, list[str]], form: Kind) -> dict[str, str]:
    """The fields by BibTeX's names."""
    found: dict[str, list[str]] = {}
    for tag, field in _tags_of(form).items():
        found[field] = found.get(field) or [value for value in record.get(tag, ()) if value != "arXiv"]
    for number in record.get("SN", ()):
        found.setdefault(serial_field(form, number), []).append(number)
    fields = {field: text for field, values in found.items() if (text := " ".join(filter(None, values)))}
    ends = [next(iter(record.get(tag, ())), "") for tag in ("SP", "EP")]
    pages = "--".join(filter(None, ends if ends[1] else first_and_last(ends[0])))
    return fields | ({"pages": pages} if pages and "arXiv" not in pages else {})
