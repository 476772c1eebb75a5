"""What may follow while a query is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from paperdeck.storage.paper import Paper
from paperdeck.storage.search.complete import completions, query_for, values_in
from paperdeck.storage.search.query import FIELDS, parse

MakePaper = Callable[..., Paper]
TYPED = "|"


def proposed(text: str, values: Callable[[str, str], Sequence[tuple[str, int]]] = lambda *_: ()) -> list[str]:
    """What is proposed where `|` stands."""
    cursor = text.index(TYPED)
    return [found.text for found in completions(text.replace(TYPED, ""), cursor, values)]


@pytest.mark.parametrize("name", FIELDS)
def test_every_example_of_a_field_is_a_query(name: str) -> None:
    assert str(parse(f"{name}:{FIELDS[name].example}")).startswith(f"{name}:")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("aut|", ["author:"]),
        ("cats (-au|", ["author:"]),
        ("is:|", ["is:unread", "is:read", "is:starred"]),
        ("cats is:un|", ["is:unread"]),
        ("-is:h|", ["is:hidden"]),
        ("has:c|", ["has:code", "has:comments"]),
        ("sort:-u|", ["sort:-upvotes"]),
        ("date:this|", ["date:this-week", "date:this-month", "date:this-year"]),
        ("Is:Un|", ["is:unread"]),
        ("is:un| cats", ["is:unread"]),
        ("source:a|", ["source:arxiv"]),
        ("source:=a|", ["source:=arxiv"]),
        ("date:>=this-w|", ["date:>=this-week"]),
    ],
)
def test_fields_and_what_they_know_are_proposed(text: str, first: list[str]) -> None:
    assert proposed(text)[: len(first)] == first


@pytest.mark.parametrize("text", ["|", "cats |", '"in a phr|', "cats|", "xyz:a|", "title:a|"])
def test_nothing_is_proposed_where_nothing_is_known(text: str) -> None:
    assert proposed(text) == []


@pytest.mark.parametrize("text", ["author:lov|", 'author:"ada lov|', "author:=lov|", 'cats author:="ada lov|'])
def test_values_of_papers_are_proposed_and_can_be_parsed(text: str, make_paper: MakePaper) -> None:
    papers = [make_paper(1), make_paper(2)]
    [found] = proposed(text, lambda field, typed: values_in(papers, field, typed))
    assert found == ('author:="Ada Lovelace"' if "=" in text else 'author:"Ada Lovelace"')
    parse(found)


def test_a_completion_says_what_it_replaces_and_how_many_papers_have_it(make_paper: MakePaper) -> None:
    papers = [make_paper(n, categories=("cs.CL",) if n > 1 else ("cs.CL", "cs.CV")) for n in (1, 2, 3)]
    found = completions("cats category:cs", 16, lambda field, typed: values_in(papers, field, typed))
    assert [(item.text, item.start, item.about) for item in found] == [
        ("category:cs.CL", 5, "3"),
        ("category:cs.CV", 5, "1"),
    ]


def test_spellings_that_find_the_same_papers_are_one_value(make_paper: MakePaper) -> None:
    papers = [
        make_paper(n, keywords=(word,)) for n, word in enumerate(("world models", "World Models", "WORLD models"))
    ]
    assert values_in(papers, "keyword", "wor") == [("WORLD models", 3)]


def test_the_papers_to_look_at_are_those_that_have_the_value() -> None:
    assert str(query_for("author", "lov")) == "author:lov"
    assert query_for("author", " ").node is None
