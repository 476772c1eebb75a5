"""Entries in the types and fields of BibTeX's own styles, which refuse types of biblatex and skip its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from paperdeck.storage.genres import GENRES, LOCALIZED, in_words
from paperdeck.storage.kinds import EVENT, ISSUERS, OTHER, Kind, kind_of
from paperdeck.storage.text.words import MONTHS, number_in, ordinal, short_month, with_subtitle, word_set

_TYPES = word_set(
    "article book booklet conference inbook incollection inproceedings manual mastersthesis misc phdthesis proceedings "
    "techreport unpublished"
)
_NAMES = {
    "journaltitle": "journal",
    "location": "address",
    "eprinttype": "archivePrefix",
    "eprintclass": "primaryClass",
    "annotation": "annote",
    "issue": "number",
    "eid": "pages",
}
"""biblatex's fields and BibTeX's for the same, where an entry doesn't have that already."""
_SUBTITLES = {"subtitle": "title", "booksubtitle": "booktitle", "journalsubtitle": "journal"}
_OF_A_MASTER = re.compile(r"(?i)\bmaster|\bmathesis\b|\bm\.?sc\b|\bm\.?a\.? thesis")
_DATE = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def as_bibtex(kind: str, fields: Mapping[str, str], *, is_ours: bool = False) -> tuple[str, dict[str, str]]:
    """The type and fields of an entry, whichever of the two it was written for; values are as they stand in a file.

    Args:
        is_ours: Whether we made the fields, rather than took them from an imported entry.
    """
    known = {name: value for name, value in fields.items() if value}
    for name, other in _NAMES.items():
        known = _renamed(known, name, other)
    for name, title in _SUBTITLES.items():
        if name in known and title in known:
            known[title] = braced(with_subtitle(_bare(known[title]), _bare(known.pop(name))))
    form, type_ = kind_of(kind, _bare(known.get("entrysubtype", ""))), _type(kind, known)
    if type_.endswith("thesis"):
        known = _renamed(known, "institution", "school")
    known |= {name: braced(in_words(_bare(known[name]))) for name in LOCALIZED if name in known}
    known |= {"type": _genre(kind, type_, known)} if form.has_genre else {}
    if (edition := number_in(_bare(known.get("edition", "")))) is not None:
        known["edition"] = braced(ordinal(edition))
    date = _DATE.search(known.get("date", ""))
    if date and date[1] not in known.get("year", date[1]):  # as in biblatex, `date` is right
        known = {name: value for name, value in known.items() if name not in ("year", "month", "day")}
    known = {name: value for field in known.items() for name, value in _dated(*field, known)}
    if kind_of(type_).csl != form.csl:
        known.setdefault("entrysubtype", braced(kind))
    if type_ == "misc" and is_ours:
        # what contains it stays apart, to be read back, if `howpublished` has to say more than that
        apart = _renamed(known, "howpublished", "booktitle")
        known = known if _source(form, apart) == _bare(known.get("howpublished", "")) else apart
    if type_ == "misc" and (is_ours or form != OTHER) and (source := _source(form, known)):
        known.setdefault("howpublished", braced(source))
    return type_, {name: value for name, value in known.items() if value}


def without_source(kind: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of an entry without the `howpublished` with which `as_bibtex` makes up for a missing type."""
    if kind not in _TYPES:
        return dict(fields)
    source = _source(kind_of(kind, fields.get("entrysubtype", "")), fields)
    return {name: value for name, value in fields.items() if name != "howpublished" or value != source}


def _renamed(fields: Mapping[str, str], name: str, other: str) -> dict[str, str]:
    """The fields with one under another name, in its place, unless there is one of that name."""
    if name not in fields:
        return dict(fields)
    taken = any(known.lower() == other.lower() for known in fields)
    return {other if key == name else key: value for key, value in fields.items() if key != name or not taken}


def _type(kind: str, fields: Mapping[str, str]) -> str:
    if kind == "thesis" and _OF_A_MASTER.search(fields.get("type", "")):
        return "mastersthesis"
    if kind == "inbook" and "booktitle" in fields:
        return "incollection"
    return kind if kind in _TYPES else kind_of(kind).bibtex


def _genre(kind: str, type_: str, fields: Mapping[str, str]) -> str:
    """What a thesis or a report is called, unless its BibTeX type says so; styles print it in lower case."""
    genre = _bare(fields.get("type", ""))
    if not genre:
        return braced(kind.capitalize()) if kind in ("thesis", "report") else ""
    if genre.replace("'", "’").casefold() == GENRES.get(type_, "").casefold():
        return ""
    has_capitals = genre[1:] != genre[1:].lower()
    return braced(braced(genre) if has_capitals and "{" not in genre else genre)


def _dated(name: str, value: str, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """A field, or the year and month in biblatex's `date`."""
    if name != "date":
        yield name, value
        return
    found = _DATE.search(value)
    if "year" not in fields:
        yield "year", braced(found[1]) if found else value
    if found and found[2] and "month" not in fields and 1 <= int(found[2]) <= len(MONTHS):
        yield "month", short_month(int(found[2])).lower()
        if found[3] and "day" not in fields:
            yield "day", braced(str(int(found[3])))


def _source(form: Kind, fields: Mapping[str, str]) -> str:
    """The number, venue, issuer and version of a work, in words, as styles print only this and the note of `@misc`."""
    known = {name: _bare(value) for name, value in fields.items()}
    issuer = next((known[name] for name in (form.venue, *ISSUERS) if name in ISSUERS and name in known), "")
    called = known.get("type", form.numbered) if form.has_genre else form.numbered
    number = f"{called} {known['number']}".strip() if form.has_number and "number" in known else ""
    event = [known.get(EVENT, ""), known.get("venue", "")] if form.is_held else []
    version = f"version {known['version']}" if "version" in known else ""
    return ", ".join(filter(None, (number, known.get("booktitle", ""), *event, issuer, version)))


def braced(value: str | None) -> str:
    """A value as it stands in a file; empty if there is none."""
    return f"{{{value}}}" if value else ""


def _bare(value: str) -> str:
    return value[1:-1] if value.startswith("{") and value.endswith("}") else value
