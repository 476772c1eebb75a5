"""BibTeX and biblatex entries.

A preprint is `@misc` with the eprint fields, dated by its first version, and with `howpublished` and `url`, because
BibTeX's plain styles don't print eprints. The values of imported records are written unchanged; for BibTeX, types and
fields of biblatex get the names that its styles know.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from paperdeck.storage.identifiers import is_local
from paperdeck.storage.kinds import ISSUERS
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.bibtex import decode
from paperdeck.storage.text.names import OTHERS, Name
from paperdeck.storage.text.words import MONTHS, short_month

from . import latex
from .keys import key_of
from .plain_bibtex import as_bibtex, braced
from .rest import rest_for_tex
from .work import WITHDRAWN, Work, preprint

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


def entry(paper: Paper) -> str:
    """The paper's preprint as a BibTeX entry, with the key that it has when cited alone."""
    work = preprint(paper)
    return misc(work, key_of(work))


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
    if not any(name == "@type" for name, _ in work.record) or not any(name == "title" for name, _ in work.record):
        return dict(made)
    imported = {}
    for name, value in work.record:
        if _FIELD.fullmatch(name):
            imported[name] = _kept(name, value) or made.get(name, "") or braced(latex.escape(decode(value)))
    extra = {
        name: value for name, value in made.items() if name in ("abstract", "paperdeck", "note") or name[:5] == "annot"
    }
    needed = {name: value for name, value in made.items() if name in ("eprint", "archivePrefix", "eprinttype")}
    needed = {} if is_local(work.paper.id) or "eprint" in imported else needed
    tags = {"keywords": made["keywords"]} if made.get("keywords") else {}
    return imported | needed | {name: value for name, value in extra.items() if value} | tags


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
