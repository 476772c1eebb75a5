"""Facts survive being written, every source keeps its say, and programs get every key that they were promised."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.facts import facts_about
from paperdeck.storage.paper import (
    ARXIV_OWNS,
    NO_MARKS,
    CountsSnapshot,
    Entry,
    Marks,
    Paper,
    entry_as_json,
    facts_of,
    merge_sources,
    ordered_sources,
    paper_from,
    provenance,
)

MakePaper = Callable[..., Paper]

SOURCES = ("hf", "arxiv", "shelf", "local")
DOCUMENTED_KEYS = {
    *("id", "title", "abstract", "authors", "published", "listed", "submitter", "organization", "upvotes", "comments"),
    *("code_url", "code_stars", "project_url", "ai_summary", "keywords", "url", "pdf_url"),
    *("read", "starred", "hidden", "tags", "note"),
}

words = st.text(max_size=12)
some = st.none() | st.text(min_size=1, max_size=12)
lists = st.lists(words, max_size=3).map(tuple)
numbers = st.none() | st.integers(0, 10**7)
days = st.none() | st.dates()

PAPERS = st.builds(
    Paper,
    id=st.just("2611.00001"),
    title=words,
    abstract=words,
    authors=lists,
    published=days,
    updated=days,
    listed=days,
    submitter=some,
    organization=some,
    upvotes=numbers,
    comments=numbers,
    thumbnail=some,
    media=lists,
    project_url=some,
    code_url=some,
    code_stars=numbers,
    ai_summary=some,
    keywords=lists,
    categories=lists,
    version=numbers,
    comment=some,
    journal_ref=some,
    doi=some,
    withdrawn=st.booleans(),
    names=st.lists(st.lists(words, min_size=1, max_size=4).map(tuple), max_size=2).map(tuple),
    issued=st.none() | st.sampled_from(["1888", "2017-06"]),
    record=st.lists(st.tuples(words, words), max_size=2).map(tuple),
)


# -- writing and reading ---------------------------------------------------------------------------------------------


@given(PAPERS)
def test_a_paper_is_the_same_after_it_was_written(paper: Paper) -> None:
    assert paper_from(json.loads(json.dumps(facts_of(paper)))) == paper


@given(PAPERS)
def test_what_is_unknown_is_not_written(paper: Paper) -> None:
    assert not any(value is None or value == "" or value == [] for value in facts_of(paper).values())


@pytest.mark.parametrize(
    ("facts", "dated"),
    [
        ({"id": "1706.03762", "published": date(2017, 6, 12)}, "2017-06-12"),
        ({"id": "1706.03762"}, "2017-06"),
        ({"id": "local-undated-0123456789ab", "issued": "1888"}, "1888"),
        ({"id": "local-undated-0123456789ab"}, None),
    ],
)
def test_a_date_is_as_exact_as_it_was_given(facts: dict[str, Any], dated: str | None) -> None:
    paper = Paper(**facts)
    assert paper.dated == dated
    assert entry_as_json(Entry(paper))["published"] == dated


def test_the_first_of_january_that_earlier_versions_made_up_is_a_year_again() -> None:
    stored = {"id": "local-undated-0123456789ab", "published": "2020-01-01"}
    assert (paper_from(stored).published, paper_from(stored).issued) == (None, "2020")


def test_zero_is_known() -> None:
    facts = facts_of(Paper(id="2611.00001", upvotes=0, comments=0, code_stars=0))
    assert facts == {"id": "2611.00001", "upvotes": 0, "comments": 0, "code_stars": 0}


def test_what_the_library_adds_is_not_a_fact() -> None:
    paper = Paper(
        id="2611.00001", sources=("hf",), added="2026-11-20T08:00:00Z", counts=(CountsSnapshot("2026-11-20", 1, 2, 3),)
    )
    assert facts_of(paper) == {"id": "2611.00001"}


def test_facts_of_a_later_version_are_passed_over() -> None:
    assert paper_from({"id": "2611.00001", "mood": "good"}, sources=("hf",)) == Paper(id="2611.00001", sources=("hf",))


# -- sources ---------------------------------------------------------------------------------------------------------


def test_arxiv_is_believed_about_the_paper_and_the_hub_about_its_reception() -> None:
    merged = merge_sources(
        {
            "hf": {"id": "2611.00001", "title": "hub", "authors": ["H"], "upvotes": 3, "organization": "hub"},
            "arxiv": {
                "id": "2611.00001",
                "title": "arxiv",
                "authors": ["A"],
                "organization": "arxiv",
                "comment": "NeurIPS",
            },
            "shelf": {"id": "2611.00001", "title": "shelf", "abstract": "shelf", "organization": "shelf"},
        }
    )
    assert merged == {
        "id": "2611.00001",
        "title": "arxiv",
        "authors": ["A"],
        "organization": "hub",
        "upvotes": 3,
        "comment": "NeurIPS",
        "abstract": "shelf",
    }


@pytest.mark.parametrize("field", sorted(ARXIV_OWNS))
def test_arxiv_owns(field: str) -> None:
    assert merge_sources({"arxiv": {field: "a"}, "hf": {field: "h"}}) == {field: "a"}
    assert merge_sources({"arxiv": {}, "hf": {field: "h"}}) == {field: "h"}


@pytest.mark.parametrize("field", ["organization", "code_url", "upvotes", "keywords", "ai_summary", "listed"])
def test_the_hub_comes_first_in_all_else(field: str) -> None:
    by_source = {name: {field: name} for name in SOURCES}
    assert merge_sources(by_source) == {field: "hf"}


def test_sources_are_ordered_from_the_least_to_the_most_believed() -> None:
    assert ordered_sources(SOURCES) == ["local", "shelf", "arxiv", "hf"]
    assert ordered_sources(["hf", "a later one"]) == ["a later one", "hf"]


SAYINGS = st.dictionaries(
    st.sampled_from(SOURCES),
    st.dictionaries(st.sampled_from(["title", "upvotes", "comment", "doi", "media"]), st.integers(), max_size=4),
    max_size=4,
)


@given(SAYINGS)
def test_each_fact_is_what_its_source_said(by_source: dict[str, dict[str, Any]]) -> None:
    merged, given_by = merge_sources(by_source), provenance(by_source)
    assert merged.keys() == given_by.keys() == {fact for facts in by_source.values() for fact in facts}
    assert all(by_source[given_by[fact]][fact] == value for fact, value in merged.items())


@given(SAYINGS)
def test_merging_does_not_depend_on_the_order_nor_change_what_it_is_given(by_source: dict[str, dict[str, Any]]) -> None:
    before = json.dumps(by_source)
    backwards = dict(reversed(by_source.items()))
    merge_sources(by_source)["title"] = "changed"
    assert merge_sources(by_source) == merge_sources(backwards)
    assert json.dumps(by_source) == before


# -- derived ---------------------------------------------------------------------------------------------------------


def test_a_paper_is_sorted_under_the_day_it_was_listed_else_published(make_paper: MakePaper) -> None:
    assert make_paper().day == date(2026, 11, 20)
    assert make_paper(listed=None).day == date(2026, 11, 18)
    assert Paper(id="2611.00001").day is None


def test_the_page_is_the_hubs_if_the_hub_knows_the_paper(make_paper: MakePaper) -> None:
    paper = make_paper()
    assert paper.url == "https://arxiv.org/abs/2611.00001"
    assert replace(paper, sources=("hf",)).url == "https://huggingface.co/papers/2611.00001"
    assert paper.pdf_url == "https://arxiv.org/pdf/2611.00001"


def test_a_local_paper_has_only_the_page_that_it_came_with() -> None:
    paper = Paper(id="local-undated-0123456789ab", project_url="https://example.org/")
    assert (paper.url, paper.abs_url, paper.pdf_url) == ("https://example.org/", None, None)


@pytest.mark.parametrize(
    ("organization", "authors", "byline"),
    [
        ("Lab", ("Ada Lovelace", "Alan Turing"), "Lab · Lovelace et al."),
        ("Lab", ("Ada Lovelace",), "Lab · Ada Lovelace"),
        ("Lab", ("Aäron van den Oord", "Alan Turing"), "Lab · Aäron van den Oord et al."),
        ("Lab", (), "Lab"),
        (None, ("Ada Lovelace", "Alan Turing"), "Ada Lovelace et al."),
        (None, (), ""),
    ],
)
def test_the_byline_distinguishes_the_organization_from_the_first_author(
    make_paper: MakePaper, organization: str | None, authors: tuple[str, ...], byline: str
) -> None:
    assert make_paper(organization=organization, authors=authors).byline == byline


@pytest.mark.parametrize(
    "changes", [{"read": True}, {"starred": True}, {"hidden": True}, {"tags": {"a"}}, {"note": "n"}]
)
def test_any_mark_counts(changes: dict[str, Any]) -> None:
    assert Marks(**changes)
    assert not NO_MARKS


# -- for programs ----------------------------------------------------------------------------------------------------


def test_every_promised_key_is_there_even_if_nothing_is_known() -> None:
    values = entry_as_json(Entry(Paper(id="2611.00001")))
    assert values.keys() >= DOCUMENTED_KEYS
    assert values["published"] == "2026-11"
    unknown = ("listed", "submitter", "organization", "upvotes", "comments", "code_url", "ai_summary")
    assert all(values[key] is None for key in unknown)
    assert values["authors"] == values["keywords"] == values["tags"] == []
    assert (values["read"], values["starred"], values["hidden"], values["note"]) == (False, False, False, "")


def test_every_fact_has_a_key() -> None:
    values = entry_as_json(Entry(Paper(id="2611.00001")))
    assert values.keys() >= {field.name for field in fields(Paper)} - {"added", "counts", "changes"}


def test_dates_are_iso_and_tags_are_sorted(make_paper: MakePaper) -> None:
    values = entry_as_json(Entry(make_paper(), Marks(starred=True, tags=frozenset({"b", "a"}), note="later")))
    assert (values["published"], values["listed"]) == ("2026-11-18", "2026-11-20")
    assert (values["starred"], values["tags"], values["note"]) == (True, ["a", "b"], "later")


@given(PAPERS)
def test_an_entry_is_plain_json(paper: Paper) -> None:
    values = entry_as_json(Entry(paper))
    assert json.loads(json.dumps(values)) == values


@pytest.mark.parametrize("field", ["author", "editor"])
def test_authors_that_the_record_leaves_out_are_not_forgotten(make_paper: MakePaper, field: str) -> None:
    paper = make_paper(authors=("Ada Roe",), record=(("@type", "book"), (field, "Roe, Ada and others")))
    assert (paper.byline, paper.shown_authors) == ("Ada Roe et al.", ("Ada Roe", "et al."))
    assert ("Ada Roe", "et al.") in [fact.value for fact in facts_about(paper)]
