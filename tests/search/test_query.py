"""The query language: what a reader types, and what it says when it makes no sense."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.search import dates
from paperdeck.storage.search.query import QueryError, field_query, parse
from paperdeck.storage.search.rank import SORT_KEYS, Sort
from paperdeck.storage.search.tree import (
    DATE_FIELDS,
    NUMBERS,
    STATES,
    TEXT_FIELDS,
    THINGS,
    And,
    Days,
    Has,
    Is,
    Node,
    Not,
    Number,
    Or,
    Query,
    Text,
    conjunction,
    disjunction,
)

TODAY = date(2026, 11, 20)  # a Friday


# -- reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", '"', '""', "(", "sort:date"])
def test_nothing_asked_for_means_everything(text: str) -> None:
    assert parse(text).node is None


@pytest.mark.parametrize("text", ["author:", "is:", "-has:", "(is:", "upvotes:", "sort:", "sort:-", "-sort:"])
def test_a_field_whose_value_is_about_to_be_typed_is_no_error(text: str) -> None:
    assert parse(f"cat {text}") == parse("cat")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("cat", Text("cat")),
        ("cat dog", And((Text("cat"), Text("dog")))),
        ("cat AND dog", And((Text("cat"), Text("dog")))),
        ('"cat  dog"', Text("cat dog")),
        ("“cat dog”", Text("cat dog")),
        ('"not closed', Text("not closed")),
        (r'"a \"b\" \\ c"', Text('a "b" \\ c')),
        ("-cat", Not(Text("cat"))),
        ("--cat", Not(Not(Text("cat")))),
        ("- cat", And((Text("-"), Text("cat")))),
        ("cat cat", Text("cat")),
        ("cat OR dog OR cat", Or((Text("cat"), Text("dog")))),
        ("cat OR dog", Or((Text("cat"), Text("dog")))),
        ("a b OR c", Or((And((Text("a"), Text("b"))), Text("c")))),
        ("a (b OR c)", And((Text("a"), Or((Text("b"), Text("c")))))),
        ("(a OR b", Or((Text("a"), Text("b")))),
        ("-(a b)", Not(And((Text("a"), Text("b"))))),
        ("or", Text("or")),
        ("state-of-the-art", Text("state-of-the-art")),
        ("O(n^2)", Text("O(n^2)")),
        ("(O(n^2) OR b)", Or((Text("O(n^2)"), Text("b")))),
        ("[0,1)", Text("[0,1)")),
        ("1.5:", Text("1.5:")),
        ("AgentDoG: safe", And((Text("AgentDoG:"), Text("safe")))),
        ("author:bengio", Text("bengio", "author")),
        ("Author:bengio", Text("bengio", "author")),
        ('author:"Le Cun"', Text("Le Cun", "author")),
        ('org:="Google DeepMind"', Text("Google DeepMind", "org", whole=True)),
        ("author:(bengio OR hinton)", Or((Text("bengio", "author"), Text("hinton", "author")))),
        ("-tag:=todo", Not(Text("todo", "tag", whole=True))),
        ("is:unread", Is("unread")),
        ("has:code", Has("code")),
        ("upvotes:>20", Number("upvotes", ">", 20)),
        ("comments:>=3", Number("comments", ">=", 3)),
        ("stars:100", Number("stars", "=", 100)),
        ("since:7d", Days("since", "7d")),
        ("date:this-week", Days("date", "this-week")),
        ("2405.15738", Text("2405.15738", "id")),
        ("https://arxiv.org/abs/2405.15738v2", Text("2405.15738", "id")),
        ("id:2405.15738v2", Text("2405.15738", "id")),
        ("id:2405", Text("2405", "id")),
        ("https://example.org/x", Text("https://example.org/x")),
    ],
)
def test_the_language(text: str, node: Node) -> None:
    assert parse(text).node == node


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("sort:upvotes", Sort("upvotes")),
        ("sort:-date", Sort("date", reverse=True)),
        ("-sort:date", Sort("date", reverse=True)),
        ("cat sort:rising dog", Sort("rising")),
        ("cat", None),
    ],
)
def test_an_order_is_no_condition(text: str, sort: Sort | None) -> None:
    assert parse(text).sort == sort


@pytest.mark.parametrize(
    ("text", "position", "hint", "says"),
    [
        ("cat auther:x", 4, "author", "Unknown field “auther” at character 5, did you mean “author”?"),
        ("xyzzy:1", 0, None, "Unknown field “xyzzy” at character 1; the fields are title, "),
        ("is:unred", 0, "is:unread", "not “unred”"),
        ("has:cod", 0, "has:code", "not “cod”"),
        ("sort:vote", 0, "sort:upvotes", "not “vote”"),
        ("sort:date sort:stars", 10, None, "second “sort:”"),
        ("cat OR", 6, None, "Nothing follows “OR” at character 7."),
        ("cat () dog", 4, None, "There is nothing between the brackets at"),
        ("title: cat", 0, None, "“title:” needs a value"),
        ("(is:) cat", 1, None, "“is:” needs a value"),
        ("-sort: cat", 0, None, "“sort:” needs a value"),
        ('title:"" cat', 0, None, "“title:” needs a value"),
        ("upvotes:many", 0, None, "needs a number"),
        ("date:2026-13", 0, None, "needs a day"),
        ("date:2026-02-30", 0, None, "needs a day"),
        ("date:tody", 0, "date:today", "needs a day"),
        ("since:7x", 0, None, "since:7d"),
        ("(" * 60, 50, None, "Too many brackets"),
        ("a " * 1001, 2000, None, "too long"),
    ],
)
def test_what_makes_no_sense_is_said_with_its_place(text: str, position: int, hint: str | None, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.position, caught.value.hint) == (position, hint)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_half_a_surrogate_pair_is_a_character_that_can_be_written() -> None:
    assert parse("cat\udcff").node == Text("cat�")


@given(st.text(max_size=80))
@settings(max_examples=300)
def test_any_text_is_a_query_or_an_error(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)


@given(st.text(alphabet='ab ()"“”-:=\\OR', max_size=40))
@settings(max_examples=300)
def test_any_mix_of_signs_survives_being_written(text: str) -> None:
    try:
        query = parse(text)
    except QueryError:
        return
    assert parse(str(query)) == query


# -- writing -------------------------------------------------------------------------------------------------------

words = st.text(min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
days = st.sampled_from(["2026", "2026-11", "2026-1-3", "today", "last-week", "2025..2026-03"])
relations = st.sampled_from(["=", ">", ">=", "<", "<="])
leaves = st.one_of(
    st.builds(Text, words),
    st.builds(Text, words, st.sampled_from([field for field in TEXT_FIELDS if field != "id"]), st.booleans()),
    st.builds(Is, st.sampled_from(STATES)),
    st.builds(Has, st.sampled_from(THINGS)),
    st.builds(
        Number, st.sampled_from(NUMBERS), st.sampled_from(["=", ">", ">=", "<", "<="]), st.integers(0, 10**9 - 1)
    ),
    st.builds(Days, st.sampled_from(DATE_FIELDS), days),
    st.builds(Days, st.just("since"), st.sampled_from(["7d", "2w", "3m", "1y"])),
)
nodes = st.recursive(
    leaves,
    lambda children: st.one_of(
        st.builds(Not, children),
        st.lists(children, min_size=2, max_size=3).map(lambda parts: conjunction(*parts)),
        st.lists(children, min_size=2, max_size=3).map(lambda parts: disjunction(*parts)),
    ),
    max_leaves=6,
)
queries = st.builds(Query, st.none() | nodes, st.none() | st.builds(Sort, st.sampled_from(SORT_KEYS), st.booleans()))


@given(queries)
@settings(max_examples=300)
def test_a_query_that_is_written_reads_as_the_same(query: Query) -> None:
    assert parse(str(query)) == query


def test_a_query_is_written_as_one_would_type_it() -> None:
    text = 'agent -survey author:"Le Cun" (a OR b) upvotes:>20 is:unread sort:-upvotes'
    assert str(parse(text)) == text


# -- asking --------------------------------------------------------------------------------------------------------


def test_two_queries_join_and_the_later_order_wins() -> None:
    joined = parse("is:unread sort:date") & parse("cat OR dog sort:stars")
    assert joined == parse("is:unread (cat OR dog) sort:stars")


def test_hidden_and_muted_papers_are_left_out_unless_asked_for() -> None:
    assert parse("cat").visible() == parse("cat -is:hidden -is:muted")
    assert parse("is:hidden").visible() == parse("is:hidden -is:muted")
    assert parse("-is:muted is:hidden").visible() == parse("-is:muted is:hidden")


def test_words_to_highlight_are_folded_and_wanted() -> None:
    assert parse('Über -not author:"Le Cun" (is:read OR $n^2$) Über').words() == (
        ("uber", None),
        ("le cun", "author"),
        ("n2", None),
    )


def test_a_press_on_an_author_asks_for_exactly_that_author() -> None:
    assert str(field_query("author", "Yi  Li")) == 'author:="Yi Li"'


# -- days ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("date:2026-11-20", "2026-11-20", "2026-11-20"),
        ("date:2026-2", "2026-02-01", "2026-02-28"),
        ("date:2024", "2024-01-01", "2024-12-31"),
        ("date:today", "2026-11-20", "2026-11-20"),
        ("date:yesterday", "2026-11-19", "2026-11-19"),
        ("date:this-week", "2026-11-16", "2026-11-22"),
        ("date:last-week", "2026-11-09", "2026-11-15"),
        ("date:this-month", "2026-11-01", "2026-11-30"),
        ("date:last-month", "2026-10-01", "2026-10-31"),
        ("date:this-year", "2026-01-01", "2026-12-31"),
        ("date:last-year", "2025-01-01", "2025-12-31"),
        ("date:2026-01..2026-03-05", "2026-01-01", "2026-03-05"),
        ("since:7d", "2026-11-13", "9999-12-31"),
        ("since:2w", "2026-11-06", "9999-12-31"),
        ("since:9m", "2026-02-20", "9999-12-31"),
        ("since:1y", "2025-11-20", "9999-12-31"),
        ("since:99999y", "0001-01-01", "9999-12-31"),
        ("since:this-month", "2026-11-01", "9999-12-31"),
        ("after:2025", "2026-01-01", "9999-12-31"),
        ("before:2025-03", "0001-01-01", "2025-02-28"),
    ],
)
def test_days_are_counted_from_today(text: str, first: str, last: str) -> None:
    node = parse(text).node
    assert isinstance(node, Days)
    assert node.span(TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_before_the_first_and_after_the_last_day_there_is_none() -> None:
    for node in (Days("after", "9999"), Days("before", "0001")):
        first, last = node.span(TODAY)
        assert first > last


def test_months_ago_end_with_the_month() -> None:
    assert dates.start_of("1m", date(2026, 3, 31)) == date(2026, 2, 28)
