"""The output of readers of other programs' files: papers with marks, and rejected entries."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import unquote

from paperdeck.storage.cite.bibtex import people as in_bibtex
from paperdeck.storage.fetch.arxiv.fields import is_withdrawn
from paperdeck.storage.identifiers import UNDATED, is_local, is_paper_id, month_of, names_arxiv, reference_id
from paperdeck.storage.identity import is_about_another, new_local_id
from paperdeck.storage.kinds import of_arxiv
from paperdeck.storage.paper import NO_MARKS, Marks, Paper, facts_of, paper_from
from paperdeck.storage.text.clean import clean_line, clean_paragraphs, clean_text, web_link
from paperdeck.storage.text.dates import YEAR
from paperdeck.storage.text.names import OTHERS, Name, split_name
from paperdeck.storage.text.words import LARGEST_NUMBER, list_in_words, word_set

_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[a-z]{2})?/\d{7})(?:v\d+)?"
_MARKED_ID = re.compile(
    rf"(?i)(?:https?://(?:(?!arxiv)\S)*?(?:arxiv\S*?|abs/|papers/)|\barxiv(?:\s+(?:e-?|pre)prints?)?[:.,\s]*|\babs/|"
    rf"(?<![^\W_])eprint:\s*)(?P<id>{_ID})(?:\.pdf)?(?![\w.]*\d)(?:[?#]\S*)?"
)
_ONLY_BARE = re.compile(rf"(?i)^\W*(?P<id>{_ID})\W*(?:\[[a-z-]+(?:\.[a-z-]+)?\]\W*)?(?:,.*)?$")
_CLASS = re.compile(r"(?i)[\[(][a-z-]+(?:\.[a-z-]+)?(?:[,;]\s*[a-z-]+(?:\.[a-z-]+)?)*[\])]")
_WRAPPING = re.compile(r"\\[a-zA-Z]+\s*|[{}<>\"'`~]")
_BARE_ID = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")

_FILLERS = word_set(
    "arxiv preprint preprints eprint eprints e print prints see also at available as online from url id corr abs "
    "pdf https http version p pp page in under the and archive org ascl tech rep technical report"
)
"""Words that may accompany an id in a field that holds nothing else."""

_LONGEST_REFERENCE_CHARACTERS = 1000
"""The part of a field that is searched for ids; anything longer isn't a reference."""

_ARXIV_DOI = re.compile(r"(?i)^10\.48550/arxiv\.")
_DOI = re.compile(r"(?i)^(?:https?://(?:www\.|dx\.)?doi\.org/|doi:?\s*)?(?P<doi>10\.\d[\d.]{0,11}/\S+?)[.,;]*$")
_LINKS = frozenset({"thumbnail", "project_url", "code_url"})
_KINDS = {known.name: str(known.type) for known in fields(Paper)}
_JSON_KINDS: Mapping[str, type] = {"str": str, "date": str, "int": int, "bool": bool}
"""The JSON types of the types of Paper's fields; all others are lists."""
_ELEMENT = re.compile(
    r"(?i)</?(?:a|b|blockquote|br|code|div|em|h[1-6]|hr|i|img|li|ol|p|pre|s|span|strong|su[bp]|table|t[dhr]|u|ul)"
    r"(?:\s+[\w:-]+=[^<>]{0,200})?\s*/?>|&(?:amp|lt|gt|quot|nbsp|#\d{1,7});"
)
"""What shows that a note is HTML."""
NO_PAPER = "has neither an arXiv id nor a title"


class ImportedItem(NamedTuple):
    """One entry of a file."""

    paper: Paper
    marks: Marks = NO_MARKS
    """The reader's marks, from our own exports and from notes."""
    line: int = 0
    """Its line in the file, from 1; 0 if the file has no lines."""
    words: Mapping[str, tuple[str, ...]] = {}
    """Keywords and groups, by the field that holds them; on request they become tags."""
    sure: bool = True
    """Whether the arXiv id is in a field for an entry's own id; otherwise a title that contradicts it wins."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """An entry of a file that could not be used."""

    line: int
    """Its line in the file, from 1; 0 if the file has no lines."""
    text: str
    """Its beginning."""
    reason: str
    """The problem, as the end of a sentence."""
    read: bool = False
    """Whether the entry became a paper nevertheless."""

    def __str__(self) -> str:
        place = f"Line {self.line}: " if self.line else ""
        text = clean_line(self.text) or "An entry"
        shown = text if len(text) <= 60 else text[:59] + "…"
        return f"{place}“{shown}” {self.reason.removesuffix('.')}."


@dataclass(frozen=True, slots=True)
class Imported:
    """The contents of a file."""

    items: tuple[ImportedItem, ...] = ()
    """The papers, in order, each once; those without an arXiv id have a local one."""
    leftovers: tuple[Leftover, ...] = ()
    """The entries that could not be used."""
    joined: int = 0
    """How many entries repeated a paper of the same file."""
    warnings: tuple[str, ...] = field(default_factory=tuple)
    """Warnings for the reader, in whole sentences."""

    @property
    def papers(self) -> tuple[Paper, ...]:
        """The papers without marks."""
        return tuple(item.paper for item in self.items)


def gathered(found: Iterable[ImportedItem | Leftover]) -> Imported:
    """The entries of a file, separated from those that could not be used."""
    entries = list(found)
    return Imported(
        tuple(entry for entry in entries if isinstance(entry, ImportedItem)),
        tuple(entry for entry in entries if isinstance(entry, Leftover)),
    )


_SHOWN = 3


def few_of(texts: Sequence[str]) -> str:
    """The first of some texts, and how many more there are."""
    more = f" and {len(texts) - _SHOWN:,} more" if len(texts) > _SHOWN else ""
    return f"{', '.join(texts[:_SHOWN])}{more}" if more else list_in_words(texts)


def doubt_about(names: Sequence[str], meaning: str) -> tuple[str, ...]:
    """A warning about texts that may name one author or two; none without any."""
    if not names:
        return ()
    return (f"{few_of([f'“{name}”' for name in names])} may be one author or two: {meaning}.",)


# -- making papers -----------------------------------------------------------------------------------------------------


def item_of(
    facts: Mapping[str, Any], own: Iterable[str], other: Iterable[str] = (), *, rest: object = None, **more: Any
) -> ImportedItem | None:
    """An entry from what a file says about it, cleaned; None if it has neither an arXiv id nor a title.

    Args:
        facts: Untrusted text by field of Paper; `authors` holds names, `date` a date as precise as known.
        own: Texts of the fields for an entry's own arXiv id.
        other: Texts of fields in which people put it too; it counts only in a field that holds nothing else.
        rest: In an entry of our own, what `storage.cite.rest` wrote because its other fields could not hold it.
        more: Fields of ImportedItem.
    """
    known = {name: value for name, value in _cleaned(facts).items() if value}
    sure = next(filter(None, map(find_own_id, own)), None)
    title = known.get("title", "")
    paper_id = sure or (None if is_about_another(title) else next(filter(None, map(find_only_id, other)), None))
    if paper_id is None and not title:
        return None
    known |= _dated(known.pop("date", ""), paper_id)
    link = known.pop("url", None)
    if paper_id is None:
        known["project_url"] = None if _is_link_of(known.get("doi"), link) else web_link(link)
        paper_id = new_local_id(Paper(id=f"local-{UNDATED}-{'0' * 12}", **known))
    elif "record" in known:
        known["record"] = of_arxiv(known["record"])
    item = ImportedItem(Paper(id=paper_id, **known), sure=bool(sure), **more)
    return _with_rest(item, rest) if isinstance(rest, dict) and rest else item


def _cleaned(facts: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = dict(facts)
    for name in ("title", "journal_ref", "comment"):
        cleaned[name] = clean_line(facts.get(name) or "")
    cleaned["record"] = tuple((clean_line(name), clean_line(value)) for name, value in facts.get("record") or ())
    cleaned["abstract"] = clean_paragraphs(facts.get("abstract") or "")
    for name in ("keywords", "categories"):
        cleaned[name] = tuple(filter(None, map(clean_line, facts.get(name) or ())))
    cleaned["doi"] = bare_doi(facts.get("doi") or "") or _doi_of_link(facts.get("url") or "")
    cleaned["withdrawn"] = facts.get("withdrawn") or is_withdrawn(cleaned["comment"], cleaned["abstract"])
    cleaned["authors"], cleaned["names"] = authors_of(facts.get("authors") or ())
    return cleaned


def venue_named(text: str) -> str:
    """The venue in a field of another program; empty for arXiv, which isn't one. arXiv's own field may mention it."""
    return "" if names_arxiv(text) else text


Person = Name | str


def people(
    authors: Sequence[Person], editors: Sequence[Person], translators: Sequence[Person] = ()
) -> tuple[Sequence[Person], dict[str, str]]:
    """The people to show, and the fields of a record for their roles; none if all are authors."""
    named = authors if editors or OTHERS in authors else ()
    fields = {"author": named, "editor": editors, "translator": translators}
    return authors or editors, {name: in_bibtex(map(_name, listed)) for name, listed in fields.items() if listed}


def _name(person: Person) -> Name:
    return person if isinstance(person, Name) else split_name(person)


def authors_of(names: Iterable[Name | str]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Authors as text, and the parts of those names that splitting the text would get wrong."""
    texts: list[str] = []
    parts: list[tuple[str, ...]] = []
    for name in names:
        if name == OTHERS:
            continue
        text = clean_line(name if isinstance(name, str) else name.text)
        if not text:
            continue
        texts.append(text)
        if isinstance(name, Name) and name != split_name(text):
            parts.append(tuple(map(clean_line, name.parts)))
    return tuple(texts), tuple(dict.fromkeys(parts))


def _dated(text: str, paper_id: str | None) -> dict[str, Any]:
    """The date of a local paper, as precise as known; of a paper on arXiv, only if it can be the first version's.

    The year of a venue or of a later version is not the date on arXiv.
    """
    if not text:
        return {}
    if paper_id and not is_local(paper_id):
        months_earlier = _months(month_of(paper_id)) - _months(text) if len(text) > 4 else None
        if months_earlier not in (0, 1):
            return {}
    if len(text) == 10:
        return {"published": date.fromisoformat(text)}
    return {"issued": text}


def _months(text: str) -> int:
    return int(text[:4]) * 12 + int(text[5:7])


def item_of_facts(facts: Mapping[str, Any], **more: Any) -> ImportedItem | None:
    """An entry from the facts of a paper as paperdeck itself writes them; None for anything else."""
    paper_id = facts.get("id")
    if not isinstance(paper_id, str) or not is_paper_id(paper_id):
        return None
    known = {name: value for name, value in facts.items() if value not in (None, "", []) and value is not False}
    dated = known.pop("published", "")
    known |= {"published": dated} if isinstance(dated, str) and len(dated) == 10 else {}
    if isinstance(dated, str) and len(dated) in (4, 7) and dated != month_of(paper_id):
        known["issued"] = dated
    try:
        paper = paper_from(_checked(known) | {"id": paper_id})
    except (AttributeError, TypeError, ValueError):
        return None
    return ImportedItem(paper, marks_in(facts), **more)


_NEVER_ADDED = frozenset({"keywords", "issued", "journal_ref", "project_url"})
"""Facts that an export of ours may repeat in other words, so that its other fields never add them."""


def _with_rest(item: ImportedItem, rest: Mapping[str, Any]) -> ImportedItem:
    facts = {name: value for name, value in facts_of(item.paper).items() if name not in _NEVER_ADDED}
    whole = item_of_facts(facts | dict(rest))
    return item._replace(paper=whole.paper, marks=whole.marks) if whole else item


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts after validation: text cleaned, links safe, values of the wrong type dropped."""
    cleaned: dict[str, Any] = {}
    for name, value in facts.items():
        if name in _LINKS:
            cleaned[name] = web_link(value)
        elif name == "abstract" or name == "ai_summary":
            cleaned[name] = clean_paragraphs(str(value))
        elif isinstance(value, str):
            cleaned[name] = clean_line(value)
        elif isinstance(value, list):
            cleaned[name] = list(filter(None, map(_checked_part, value)))
        elif isinstance(value, int) and abs(value) <= LARGEST_NUMBER:
            cleaned[name] = value
    return {name: value for name, value in cleaned.items() if value is not None and _is_of_kind(name, value)}


def _is_of_kind(name: str, value: object) -> bool:
    """Whether a fact has the type of Paper's field: `"false"` isn't a bool, and a store would refuse it later."""
    kind = _KINDS.get(name, "").removesuffix(" | None")
    return isinstance(value, _JSON_KINDS.get(kind, list)) and isinstance(value, bool) == (kind == "bool")


def _checked_part(part: object) -> str | list[str] | None:
    if isinstance(part, list):
        return [clean_line(word) for word in part if isinstance(word, str)]
    return clean_line(part) if isinstance(part, str) else None


def note_in(text: str) -> str:
    """A note as text; Zotero writes them in HTML."""
    if not _ELEMENT.search(text):
        return text.strip()
    lines = re.sub(r"(?i)<br\s*/?>|</p>\s*<p[^>]*>", "\n", text)
    return html.unescape(re.sub(r"<[^>]{0,200}>", "", lines)).strip()


def marks_in(facts: Mapping[str, Any]) -> Marks:
    """The reader's marks in what paperdeck itself wrote."""
    tags = facts.get("tags")
    note = facts.get("note")
    return Marks(
        read=facts.get("read") is True,
        starred=facts.get("starred") is True,
        hidden=facts.get("hidden") is True,
        tags=frozenset(clean_line(tag)[:60] for tag in tags if isinstance(tag, str)) - {""}
        if isinstance(tags, list)
        else frozenset(),
        note=clean_text(note) if isinstance(note, str) else "",
        cite_as=clean_line(facts["cite_as"])[:300] if isinstance(facts.get("cite_as"), str) else "",
    )


# -- ids and DOIs ------------------------------------------------------------------------------------------------------


def find_own_id(text: str) -> str | None:
    """The arXiv id in a field for ids, bare or in any form; the first of several."""
    text = text[:_LONGEST_REFERENCE_CHARACTERS]
    if whole := reference_id(text):
        return whole
    found = _ONLY_BARE.match(text.strip()) or _MARKED_ID.search(text)
    return reference_id(found["id"]) if found else None


def ids_in_numbers(places: Iterable[str], numbers: Iterable[str]) -> Iterator[str]:
    """The arXiv ids in fields for numbers, such as the volume, if one of the places is arXiv."""
    if any(map(names_arxiv, places)):
        yield from (f"arXiv:{number}" for number in numbers if _BARE_ID.fullmatch(number))


def fact_in(extra: str, name: str) -> str:
    """A fact in Zotero's field “Extra”, which has one on each line: `Citation Key: roe19`; empty if there is none."""
    found = re.search(rf"(?im)^{name}: *(.+)", extra)
    return found[1].strip() if found else ""


def find_only_id(text: str) -> str | None:
    """The arXiv id in a field for something else, if the field holds nothing but the id.

    `arXiv preprint arXiv:2401.12345 [cs.CL]` and `\\url{https://arxiv.org/abs/2401.12345}` do, `Comment on
    arXiv:2401.12345` and a link that only mentions one do not.
    """
    if len(text) > _LONGEST_REFERENCE_CHARACTERS:
        return None
    if all(sign not in text.lower() for sign in ("arxiv", "abs/", "/papers/", "eprint:")):
        return None
    bare = _WRAPPING.sub(" ", text)
    found = list(_MARKED_ID.finditer(bare))
    ids = {reference_id(match["id"]) for match in found} - {None}
    if len(ids) != 1 or not all(_is_reference(match[0]) for match in found):
        return None
    rest = _CLASS.sub(" ", _MARKED_ID.sub(" ", bare))
    words = re.findall(r"[^\W_]+", rest.lower())
    return ids.pop() if all(word in _FILLERS or YEAR.fullmatch(word) for word in words) else None


def _is_reference(text: str) -> bool:
    """Whether a text with an id is a reference itself, rather than a link to something else that contains one."""
    return not text.lower().startswith("http") or reference_id(text) is not None


def bare_doi(text: str) -> str | None:
    """A publisher's DOI without its link and without TeX's backslashes; None for arXiv's, which follows from the id."""
    found = _DOI.match(unquote(re.sub(r"\\(?=[_&%#$])|[{}]", "", text.strip())))
    return None if found is None or _ARXIV_DOI.match(found["doi"]) else found["doi"]


def _is_link_of(doi: str | None, link: str | None) -> bool:
    """Whether a link only repeats the DOI, as exports write it for want of another page."""
    return bool(doi) and _doi_of_link(link or "") == doi


def _doi_of_link(link: str) -> str | None:
    return bare_doi(link) if "doi.org/" in link else None
