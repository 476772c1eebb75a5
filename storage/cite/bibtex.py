"""BibTeX and biblatex entries.

A preprint is `@misc` with the eprint fields, dated by its first version, and with `howpublished` and `url`, because
BibTeX's plain styles don't print eprints. The values of imported records are written unchanged; for BibTeX, types and
fields of biblatex get the names that its styles know.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from paperdeck.storage.identifiers import is_local
from paperdeck.storage.kinds import EVENT, GENRES, ISSUERS, KINDS, LOCALIZED, OTHER, Kind, in_words, kind_of
from paperdeck.storage.text.bibtex import decode
from paperdeck.storage.text.names import OTHERS, Name
from paperdeck.storage.text.words import MONTHS, number_in, ordinal, short_month, with_subtitle

from . import latex
from .rest import rest_for_tex
from .work import WITHDRAWN, Work

_CATEGORY = re.compile(r"[A-Za-z-]{1,20}(?:\.[A-Za-z-]{1,20})?")
_NOT_VERBATIM = re.compile(r"[\^$`\"|]")
_WIDTH = len("archivePrefix")
BIBER_AUTHORS = 500
"""Authors in an entry for biber, which is superlinear in their number: 3,000 take minutes."""
_MONTHS = frozenset(month[:3].lower() for month in MONTHS)
_VERBATIM = frozenset({"url", "doi", "eprint", "file", "pdf", "link", "urlraw", "local-url", "bdsk-url-1"})
"""Fields in which TeX's special characters are not escaped."""

_KIND = re.compile(r"[A-Za-z][\w-]{0,40}")
_FIELD = re.compile(r"[A-Za-z][\w-]{0,60}")
_BIBLATEX_NAMES = {"journal": "journaltitle", "school": "institution", "address": "location"}
_BIBTEX_TYPES = frozenset({"conference", "inbook"} | {kind.bibtex for kind in KINDS.values()})
"""Types that BibTeX's own styles know."""
_BIBTEX_NAMES = {
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


def misc(work: Work, key: str) -> str:
    """A BibTeX entry for any style."""
    fields = {
        **_author_and_title(work),
        **_venue(work),
        "year": braced(f"{work.year:04}" if work.year else ""),
        "month": short_month(work.date.month).lower() if work.date and work.date.month else "",
        "day": braced(str(work.date.day) if work.date and work.date.day and not work.is_preprint else ""),
        **({"howpublished": braced(f"arXiv:{work.arxiv_id}")} if work.is_preprint else {}),
        "eprint": braced(work.arxiv_id),
        "archivePrefix": braced("arXiv" if work.arxiv_id else ""),
        "primaryClass": _category(work),
        "doi": _verbatim(work.doi),
        "url": _verbatim(work.url),
        "note": _note(work),
        **_marks(work, "annote"),
    }
    imported = _imported_fields(work, fields)
    return _entry(*as_bibtex(work.kind, imported, is_ours=imported == fields), key=key)


def with_accents(work: Work, key: str) -> str:
    """A BibTeX entry with LaTeX's commands for accents in place of UTF-8."""
    return latex.accents(misc(work, key))


def biblatex(work: Work, key: str) -> str:
    """An entry for biblatex and biber."""
    fields = {
        **_author_and_title(work, BIBER_AUTHORS),
        **{_BIBLATEX_NAMES.get(name, name): value for name, value in _venue(work).items()},
        "date": braced(work.date.iso if work.date else ""),
        "eprint": braced(work.arxiv_id),
        "eprinttype": braced("arxiv" if work.arxiv_id else ""),
        "eprintclass": _category(work),
        "doi": _verbatim(work.doi),
        "url": _verbatim(work.url),
        "note": _note(work),
        **_marks(work, "annotation"),
    }
    return _entry("online" if work.is_preprint else work.kind, _imported_fields(work, fields), key=key)


def author(name: Name) -> str:
    """A name in the form that BibTeX splits: `von Last, Jr, First`, or a group in braces."""
    if name == OTHERS:
        return "others"
    if name.whole:
        return "{" + latex.escape(name.text) + "}"
    family = latex.escape(name.family)
    if any(word[:1].islower() for word in name.family.split()[:-1]):  # otherwise “Ramón y” is taken for a particle
        family = "{" + family + "}"
    surname = f"{latex.escape(name.particle)} {family}".strip()
    return ", ".join(filter(None, (surname, latex.escape(name.suffix), latex.escape(name.given))))


def people(names: Iterable[Name]) -> str:
    """Names as a field of BibTeX lists them."""
    return " and ".join(map(author, names))


def _author_and_title(work: Work, limit: int | None = None) -> dict[str, str]:
    """Authors, editors and title; beyond `limit` authors “and others”."""
    others = [OTHERS] if len(work.authors) > (limit or sys.maxsize) else []
    return {
        "author": braced(people([*work.authors[:limit], *others])),
        "editor": braced(people(work.editors)),
        "translator": braced(people(work.translators)),
        "title": braced(latex.title(work.paper.title)),
    }


def _venue(work: Work) -> dict[str, str]:
    """The venue in the field for its entry type, then volume, number and pages; nothing for a preprint."""
    if work.is_preprint:
        return {}
    form = work.form
    venue = work.issuer if form.is_whole else work.container or (work.event_title if form.is_held else "")
    parts = {name: text for name, text in work.parts.items() if name not in ISSUERS or text != venue}
    texts = {form.venue: venue} | parts
    return {
        name: braced(latex.escape(text.replace("--", "–")).replace("–", "--"))
        for name, text in texts.items()
        if _FIELD.fullmatch(name)
    }


def _note(work: Work) -> str:
    """What its record says about the work, after the word that it was withdrawn."""
    note = dict(work.record).get("note", "")
    note = note if latex.is_harmless(note) else latex.escape(work.note)
    return braced(". ".join(filter(None, (WITHDRAWN if work.paper.withdrawn else "", note))))


def _marks(work: Work, note: str) -> dict[str, str]:
    """If requested, the reader's marks and every fact without a BibTeX field."""
    if work.entry is None:
        return {}
    marks = work.entry.marks
    return {
        "abstract": braced(latex.escape_lines(work.paper.abstract)),
        "keywords": braced(latex.escape(", ".join(sorted(marks.tags)))),
        note: braced(latex.escape_lines(marks.note)),
        "paperdeck": braced(rest_for_tex(work.entry)),
    }


def _imported_fields(work: Work, made: Mapping[str, str]) -> dict[str, str]:
    """The fields of the imported record, unchanged, and generated ones that it lacks."""
    if not {"@type", "title"} <= dict(work.record).keys():
        return dict(made)
    imported = {}
    for name, value in work.record:
        if _FIELD.fullmatch(name):
            imported[name] = _kept(name, value) or made.get(name, "") or braced(latex.escape(decode(value)))
    eprint = () if is_local(work.paper.id) or "eprint" in imported else ("eprint", "archivePrefix", "eprinttype")
    added = (*eprint, "note", "abstract", "annote", "annotation", "paperdeck", "keywords")
    return imported | {name: made[name] for name in added if made.get(name)}


def _kept(name: str, value: str) -> str:
    """The value unchanged if TeX reads it as text and mathematics only; else empty."""
    if name in _VERBATIM:
        return _verbatim(value)
    if name == "month" and value.lower() in _MONTHS:
        return value.lower()
    return braced(value) if latex.is_harmless(value) else ""


def _verbatim(value: str | None) -> str:
    """A link or DOI, not escaped; characters special to TeX or BibTeX are percent-encoded."""
    bare = re.sub(r"[{}\\\s]", "", value or "")
    return braced(_NOT_VERBATIM.sub(lambda found: quote(found[0], safe=""), bare))


def _category(work: Work) -> str:
    return braced(work.category if work.category and _CATEGORY.fullmatch(work.category) else "")


def _entry(kind: str, fields: Mapping[str, str], *, key: str) -> str:
    kind = kind if _KIND.fullmatch(kind) else "misc"
    lines = [f"  {name:<{_WIDTH}} = {value},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


# -- BibTeX's own types and fields -------------------------------------------------------------------------------------


def as_bibtex(kind: str, fields: Mapping[str, str], *, is_ours: bool = False) -> tuple[str, dict[str, str]]:
    """The type and fields of an entry, whether it was written for BibTeX or biblatex; values are as in a file.

    Args:
        is_ours: Whether we made the fields, rather than took them from an imported entry.
    """
    known = {name: value for name, value in fields.items() if value}
    for name, other in _BIBTEX_NAMES.items():
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
    if kind not in _BIBTEX_TYPES:
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
    return kind if kind in _BIBTEX_TYPES else kind_of(kind).bibtex


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
    """A value as in a file; empty if there is none."""
    return f"{{{value}}}" if value else ""


def _bare(value: str) -> str:
    return value[1:-1] if value.startswith("{") and value.endswith("}") else value
