"""What BibTeX, biblatex, RIS and CSL programs read of 42 hostile papers is true: names, dates, capitals, places."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from pybtex.bibtex.utils import change_case
from pybtex.database import Person, parse_string

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.cite.ris import LOW_COMMA
from paperdeck.storage.text.bibtex import decode
from paperdeck.storage.text.tex import to_unicode
from tests.cite.hostile import HOSTILE, Hostile

Names = tuple[tuple[str, ...], ...]
KEYS = {hostile.paper.id: f"k{number}" for number, hostile in enumerate(HOSTILE)}
EVERY = pytest.mark.parametrize("hostile", HOSTILE, ids=[hostile.paper.title[:24] or "-" for hostile in HOSTILE])


@lru_cache
def written(form: str) -> str:
    """All 42 in one file."""
    return cite([hostile.paper for hostile in HOSTILE], form, keys=KEYS)


@lru_cache
def pybtex_entries(form: str) -> Any:
    return parse_string(written(form), "bibtex").entries


@lru_cache
def bibtexparser_entries(form: str) -> dict[str, dict[str, str]]:
    library = bibtexparser.parse_string(written(form))
    assert not library.failed_blocks
    return {entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}


def key(hostile: Hostile) -> str:
    return KEYS[hostile.paper.id]


def read(parts: Iterable[str]) -> str:
    return decode(" ".join(parts))


def name_of_person(person: Person) -> tuple[str, ...]:
    parts = ([*person.prelast_names, *person.last_names], [*person.first_names, *person.middle_names])
    return tuple(filter(None, map(read, (*parts, person.lineage_names))))


def names_by_bibtexparser(field: str) -> Names:
    parsed = [parse_single_name_into_parts(name) for name in split_multiple_persons_names(field)] if field else []
    return tuple(tuple(filter(None, map(read, ([*p.von, *p.last], p.first, p.jr)))) for p in parsed)


@pytest.mark.parametrize("form", ["bibtex", "bibtex-ascii", "biblatex"])
@EVERY
def test_names_in_bibtex(hostile: Hostile, form: str) -> None:
    persons = pybtex_entries(form)[key(hostile)].persons.get("author", ())
    assert tuple(map(name_of_person, persons)) == hostile.names
    assert names_by_bibtexparser(bibtexparser_entries(form)[key(hostile)].get("author", "")) == hostile.names


@pytest.mark.parametrize("form", ["bibtex", "bibtex-ascii", "biblatex"])
@EVERY
def test_titles_in_bibtex_even_where_a_style_lowercases_them(hostile: Hostile, form: str) -> None:
    field = pybtex_entries(form)[key(hostile)].fields["title"]
    assert to_unicode(decode(field)) == hostile.title
    assert bibtexparser_entries(form)[key(hostile)]["title"] == field
    small = decode(change_case(field, "t"))
    assert [word for word in hostile.capitals if word not in small] == []


@EVERY
def test_dates_and_places_in_bibtex(hostile: Hostile) -> None:
    fields = bibtexparser_entries("bibtex")[key(hostile)]
    year, _, month = hostile.date[:7].partition("-")
    months = {"01": "jan", "11": "nov", "": ""}
    assert (fields.get("year", ""), fields.get("month", "")) == (year, months[month])
    assert decode(fields["howpublished"]) == hostile.place
    fields = bibtexparser_entries("biblatex")[key(hostile)]
    assert fields.get("date", "") == hostile.date
    assert hostile.place in (f"arXiv:{fields.get('eprint')}", decode(fields.get("howpublished", "")))


@lru_cache
def ris_records() -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in rispy.loads(written("ris"))}


@EVERY
def test_ris(hostile: Hostile) -> None:
    record = ris_records()[key(hostile)]
    wanted = [", ".join(name) if len(name) > 1 else name[0].replace(",", LOW_COMMA) for name in hostile.names]
    assert record.get("authors", []) == wanted
    assert record["title"] == hostile.title.replace("Open (", "Open {").replace("Closed )", "Closed }")
    assert record.get("year", "") == hostile.date[:4]
    assert record.get("date", "") == (hostile.date.replace("-", "/") if len(hostile.date) > 4 else "")
    assert hostile.place in (record.get("accession_number"), record.get("secondary_title"))


@EVERY
def test_csl_json(hostile: Hostile) -> None:
    (item,) = (item for item in json.loads(written("csl-json")) if item["id"] == key(hostile))
    assert tuple(map(csl_name, item.get("author", ()))) == hostile.names
    parts = [[int(part) for part in hostile.date.split("-")]] if hostile.date else None
    assert item.get("issued", {}).get("date-parts") == parts
    assert hostile.place in (item.get("number"), item.get("container-title"))


def csl_name(name: dict[str, str]) -> tuple[str, ...]:
    surname = f"{name.get('non-dropping-particle', '')} {name.get('family', '')}".strip()
    parts = (name.get("literal", ""), surname, name.get("given", ""), name.get("suffix", ""))
    return tuple(filter(None, parts))
