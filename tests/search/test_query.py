"""The query language: what a reader types, and what it says when it makes no sense."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.search import dates
from paperdeck.storage.search.query import QueryError, field_query, hub_words, parse
from paperdeck.storage.search.rank import SORT_KEYS, Sort
from paperdeck.storage.search.tree import (
    DATE_FIELDS,
    NUMBERS,
    SOURCES,
    STATES,
    TEXT_FIELDS,
    THINGS,
    And,
    DayRange,
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
from paperdeck.storage.text.alike import spellings_of
from tests.support.examples import examples

TODAY = date(2026, 11, 20)  # a Friday


# -- reading -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   ", '""', "sort:date"])
def test_nothing_asked_for_means_everything(text: str) -> None:
    assert parse(text).node is None


@pytest.mark.parametrize(
    "text",
    [
        *("author:", "is:", "-has:", "upvotes:", "sort:", "sort:-", "-sort:", "title:", 'tag:""', "upvotes>"),
        *("(", "(cat", "(is:", '"', '"cat', 'author:"', "author:(cat", "()"),
        *("-", "\\", "— -", "NOT -", "- OR cat", "tag:-", 'note:"—"', "author:\\", "note:(-)", "-tag:-"),
        *("AND", "AND cat", "cat AND", "cat AND OR dog", "OR", "OR cat", "cat OR", "cat OR OR dog", "NOT", "cat NOT"),
    ],
)
def test_what_is_half_typed_is_an_error_and_never_everything(text: str) -> None:
    with pytest.raises(QueryError):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("is:unred", "is:xyz", "has:q", "sort:q", "auther:x", "xyzzy:1", "upvotes:many", "comments:x", "title:"),
        *("submitter:", "date:soon", "since:7x", "before:..2026", "date:tody", "x" * 40 + ":1", "is:" + "x" * 40),
        *('"cat', "(cat", "a OR", "NOT", "sort:date sort:stars", "(" * 60, "a " * 1001),
    ],
)
def test_an_error_fits_a_line(text: str) -> None:
    """What would be right was cut off."""
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert len(str(caught.value)) <= 76


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("cat", Text("cat")),
        ("cat dog", And((Text("cat"), Text("dog")))),
        ("cat AND dog", And((Text("cat"), Text("dog")))),
        ('"cat  dog"', Text("cat dog")),
        ("“cat dog”", Text("cat dog")),
        (r'"a \"b\" \\ c"', Text('a "b" \\ c')),
        ("-cat", Not(Text("cat"))),
        ("--cat", Not(Not(Text("cat")))),
        ("- cat — dog", And((Text("cat"), Text("dog")))),
        ("cat cat", Text("cat")),
        ("cat OR dog OR cat", Or((Text("cat"), Text("dog")))),
        ("cat OR dog", Or((Text("cat"), Text("dog")))),
        ("a b OR c", Or((And((Text("a"), Text("b"))), Text("c")))),
        ("a (b OR c)", And((Text("a"), Or((Text("b"), Text("c")))))),
        ("-(a b)", Not(And((Text("a"), Text("b"))))),
        ("or", Text("or")),
        ("and not", And((Text("and"), Text("not")))),
        ("NOT cat", Not(Text("cat"))),
        ("cat AND NOT dog", And((Text("cat"), Not(Text("dog"))))),
        ("cat NOT (a OR b)", And((Text("cat"), Not(Or((Text("a"), Text("b"))))))),
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
        ("is:(unread OR starred)", Or((Is("unread"), Is("starred")))),
        ("has:(code project)", And((Has("code"), Has("project")))),
        ('is:("Unread")', Is("unread")),
        ("upvotes:(<3 OR 5..)", Or((Number("upvotes", "<", 3), Number("upvotes", ">=", 5)))),
        ('org:=("KAIST AI" OR mila)', Or((Text("KAIST AI", "org", whole=True), Text("mila", "org", whole=True)))),
        ('org:(="KAIST AI" OR mila)', Or((Text("KAIST AI", "org", whole=True), Text("mila", "org")))),
        ("-tag:=(a (b OR c))", Not(parse("tag:=a (tag:=b OR tag:=c)").node)),  # type: ignore[arg-type]
        ("source:(HF OR =arxiv)", Or((Text("HF", "source"), Text("arxiv", "source", whole=True)))),
        ('title:("note: x" OR BERT:x)', Or((Text("note: x", "title"), Text("BERT:x", "title")))),
        ("date:(2025 OR 2026-11)", Or((DayRange("date", "2025"), DayRange("date", "2026-11")))),
        ("upvotes > many", And((Text("upvotes"), Text(">"), Text("many")))),
        ("is:unread", Is("unread")),
        ("has:code", Has("code")),
        ("upvotes:>20", Number("upvotes", ">", 20)),
        ("comments:>=3", Number("comments", ">=", 3)),
        ("stars:100", Number("stars", "=", 100)),
        ("upvotes>20", Number("upvotes", ">", 20)),
        ("-Stars<=3", Not(Number("stars", "<=", 3))),
        ("upvotes:5..10", And((Number("upvotes", ">=", 5), Number("upvotes", "<=", 10)))),
        ("upvotes:10..5", And((Number("upvotes", ">=", 5), Number("upvotes", "<=", 10)))),
        ("upvotes:5..", Number("upvotes", ">=", 5)),
        ("upvotes:..10", Number("upvotes", "<=", 10)),
        ("date>2026-11-26", DayRange("after", "2026-11-26")),
        ("date:<2026", DayRange("before", "2026")),
        ("date:>=this-week", DayRange("date", "this-week..")),
        ("-Date<=2026-11", Not(DayRange("date", "..2026-11"))),
        ("date=2026-11-26", DayRange("date", "2026-11-26")),
        ("since:7d", DayRange("since", "7d")),
        ("date:this-week", DayRange("date", "this-week")),
        ("2405.15738", Text("2405.15738", "id")),
        ("arXiv:2605.30263", Text("2605.30263", "id")),
        ("https://arxiv.org/abs/2405.15738v2", Text("2405.15738", "id")),
        ("id:2405.15738v2", Text("2405.15738", "id")),
        ("id:2405", Text("2405", "id")),
        ("https://example.org/x", Text("https://example.org/x")),
        ("−the –cat (—dog)", parse("-the -cat -dog").node),
        ("– x", Text("x")),
        ("state–of–the–art", Text("state–of–the–art")),
        ("Author：li -is：read", parse("author:li -is:read").node),
        ("比：较", Text("比：较")),
        ("BERT：预训练", Text("BERT：预训练")),
        ("－the ‑cat", parse("-the -cat").node),
        ("（cat OR dog）upvotes：＞＝5", parse("(cat OR dog) upvotes:>=5").node),
        ("author：＝（＂Yi Li＂ OR ada）", parse('author:=("Yi Li" OR ada)').node),
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
        ("-SORT:date", Sort("date", reverse=True)),
        ("Sort:-date", Sort("date", reverse=True)),
        ("-sort:-date", Sort("date")),
        ("--sort:date", Sort("date")),
        ("cat sort:rising dog", Sort("rising")),
        ("cat", None),
    ],
)
def test_an_order_is_not_a_condition(text: str, sort: Sort | None) -> None:
    assert parse(text).sort == sort


@pytest.mark.parametrize(
    ("text", "position", "hint", "says"),
    [
        ("cat auther:x", 4, "author:", "“auther:” is not a field; did you mean “author:”?"),
        ("xyzzy:1", 0, None, "“xyzzy:” is not a field; try title, author, "),
        ("is:unred", 0, "is:unread", "“is:unred” is unknown; did you mean “is:unread”?"),
        ("has:cod", 0, "has:code", "“has:cod” is unknown"),
        ("sort:vote", 0, "sort:upvotes", "“sort:vote” is unknown"),
        ("sort:date sort:stars", 10, None, "“sort:” occurs twice"),
        ("cat OR", 6, None, "“OR” needs something on both sides."),
        ("cat () dog", 4, None, "There is nothing between the brackets at"),
        ("title: cat", 0, None, "“title:” needs a value"),
        ("(is:) cat", 1, None, "“is:” needs a value"),
        ("-sort: cat", 0, None, "“sort:” needs a value"),
        ('title:"" cat', 0, None, "“title:” needs a value"),
        ("upvotes:many", 0, None, "takes a number or range"),
        ("cat tag:-", 4, None, "“-” holds nothing to search for"),
        ("date:2026-13", 0, None, "“2026-13” is not in the calendar"),
        ("since:2026-02-29", 0, None, "“2026-02-29” is not in the calendar"),
        ("date:monday", 0, None, "takes a day"),
        ("cat upvotes >20", 4, "upvotes:>20", "“upvotes” and its number are written together"),
        ("stars >= 5", 0, "stars:>=5", "“stars” and its number"),
        ("is:(unread OR starrd)", 14, "is:starred", "“is:starrd” is unknown"),
        ("date:tody", 0, "date:today", "is not a day"),
        ("since:7x", 0, None, "such as 7d, 2w, 3m or"),
        ("since:2026-11-26..2026-11-27", 0, "date:2026-11-26..2026-11-27", "“since:” takes one day; did you mean"),
        ("cat after:2026..", 4, "date:2026..", "“after:” takes one day"),
        ("before:..today", 0, "date:..today", "“before:” takes one day"),
        ("since:7d..3d", 0, None, "“since:” takes one day; a range is written as date:2026-11-01..2026-11-09."),
        ("since:(7d 2026..2027)", 10, "date:2026..2027", "“since:” takes one day"),
        ("since>7d", 0, None, "“since:” takes a time or a day"),
        ("date > 2026-11-26", 0, "date:>2026-11-26", "“date” and its number"),
        ("date:>2026..2027", 0, None, "“date:” takes a day"),
        ("source:nonsense", 0, None, "“source:” takes hf, arxiv, local or shelf."),
        ("source:arxi", 0, "source:arxiv", "“source:arxi” is unknown"),
        ("source:(hf OR =h)", 14, "source:hf", "“source:h” is unknown"),
        ("source:-hf", 0, "-source:hf", "A minus sign stands before the field"),
        ("is:-unread", 0, "-is:unread", "A minus sign stands before the field"),
        ("author:-bengio", 0, "-author:bengio", "A minus sign stands before the field"),
        ("upvotes!=76", 0, "-upvotes:76", "“!=” is not a comparison"),
        ("date:!=2026", 0, "-date:2026", "“!=” is not a comparison"),
        ("upvotes≥20", 0, None, "takes a number or range"),
        ("cat author=bengio", 4, None, "“author” needs a colon after it, such as author:"),
        ("is!=unread", 0, None, "“is” needs a colon after it, such as is:unread."),
        ("author:(title:agent)", 8, None, "“title” can't stand inside “author:”."),
        ("author:title:agent", 0, None, "“title” can't stand inside “author:”."),
        ("tag:(a upvotes>20)", 7, None, "“upvotes” can't stand inside “tag:”."),
        ("tag:(a -sort:date)", 8, None, "“sort” can't stand inside “tag:”."),
        ("cats author :li", 5, "author:li", "“author” and its colon are written together"),
        ("-is : read", 1, "is:", "“is” and its colon are written together"),
        ("(" * 60, 50, None, "There are too many brackets"),
        ("a " * 1001, 2000, None, "longer than 2,000 characters"),
    ],
)
def test_what_makes_no_sense_is_reported_with_its_place(text: str, position: int, hint: str | None, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.position, caught.value.hint) == (position, hint)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_half_a_surrogate_pair_is_a_character_that_can_be_written() -> None:
    assert parse("cat\udcff").node == Text("cat�")


@given(st.text(max_size=80))
@settings(max_examples=examples(300))
def test_any_text_is_a_query_or_an_error(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)


@given(st.text(alphabet='ab ()"“”-:=\\OR', max_size=40))
@settings(max_examples=examples(300))
def test_any_mix_of_signs_survives_being_written(text: str) -> None:
    try:
        query = parse(text)
    except QueryError:
        return
    assert parse(str(query)) == query


# -- writing -------------------------------------------------------------------------------------------------------

words = (
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .filter(spellings_of)
)
days = st.sampled_from(["2026", "2026-11", "2026-1-3", "today", "last-week"])
relations = st.sampled_from(["=", ">", ">=", "<", "<="])
leaves = st.one_of(
    words.map(Text),
    st.builds(
        Text, words, st.sampled_from([name for name in TEXT_FIELDS if name not in ("id", "source")]), st.booleans()
    ),
    st.builds(Text, st.sampled_from(SOURCES), st.just("source"), st.booleans()),
    st.builds(Is, st.sampled_from(STATES)),
    st.builds(Has, st.sampled_from(THINGS)),
    st.builds(
        Number, st.sampled_from(NUMBERS), st.sampled_from(["=", ">", ">=", "<", "<="]), st.integers(0, 10**9 - 1)
    ),
    st.builds(DayRange, st.sampled_from(DATE_FIELDS), days),
    st.builds(DayRange, st.just("date"), st.sampled_from(["2025..2026-03", "2026..", "..today"])),
    st.builds(DayRange, st.just("since"), st.sampled_from(["7d", "2w", "3m", "1y"])),
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
@settings(max_examples=examples(300))
def test_a_query_that_is_written_reads_as_the_same(query: Query) -> None:
    assert parse(str(query)) == query


def test_a_query_is_written_as_one_would_type_it() -> None:
    text = 'agent -survey author:"Le Cun" (a OR b) upvotes:>20 is:unread sort:-upvotes'
    assert str(parse(text)) == text


@pytest.mark.parametrize("text", ["2405.15738", "arXiv:2405.15738v2", " https://arxiv.org/pdf/2405.15738 "])
def test_an_id_or_a_link_alone_goes_to_that_paper(text: str) -> None:
    assert parse(text).only_paper() == "2405.15738"


@pytest.mark.parametrize("text", ["2405.15738 cat", "-2405.15738", "id:2405", "cat", ""])
def test_anything_else_goes_to_no_paper(text: str) -> None:
    assert parse(text).only_paper() is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("diffusion language", "diffusion language"),
        ('"world model" -survey', "world model"),
        ("mamba OR rwkv is:unread", "mamba rwkv"),
        ("author:bengio title:attention", "bengio attention"),
        ("agents upvotes:>20 since:7d tag:thesis category:cs.CL sort:-date", "agents"),
        ("is:starred", ""),
        ("tag:none -cats", ""),
        ("(is:stared) date cats", "date cats"),
        ("is=starred author=li cats", "cats"),
        ('"half a phrase', '"half a phrase'),
    ],
)
def test_the_hub_gets_the_words_that_it_can_know(text: str, words: str) -> None:
    """It was asked for “is:starred”, and found nothing."""
    assert hub_words(text) == words


# -- asking --------------------------------------------------------------------------------------------------------


def test_two_queries_join_and_the_later_order_wins() -> None:
    joined = parse("is:unread sort:date") & parse("cat OR dog sort:stars")
    assert joined == parse("is:unread (cat OR dog) sort:stars")


def test_hidden_and_muted_papers_are_left_out_unless_asked_for() -> None:
    assert parse("cat").visible() == parse("cat -is:hidden -is:muted")
    assert parse("is:hidden").visible() == parse("is:hidden -is:muted")
    assert parse("-is:muted is:hidden").visible() == parse("-is:muted is:hidden")


@pytest.mark.parametrize(
    ("query", "visible"),
    [
        ("tag:thesis cat", "tag:thesis cat -is:hidden"),
        ("is:starred OR tag:thesis", "(is:starred OR tag:thesis) -is:hidden"),
        ("cat note:idea", "cat note:idea -is:hidden"),
        ("has:note", "has:note -is:hidden"),
        ("tag:thesis OR cat", "(tag:thesis OR cat) -is:hidden -is:muted"),
        ("-is:starred", "-is:starred -is:hidden -is:muted"),
    ],
)
def test_a_mute_leaves_what_the_reader_keeps(query: str, visible: str) -> None:
    """A laboratory was muted, and its starred paper went out of a bibliography that follows the stars."""
    assert parse(query).visible() == parse(visible)


def test_a_star_outweighs_that_a_paper_is_hidden() -> None:
    """The view Starred and `status` counted a paper that `list is:starred` and an export left out."""
    for query in ("is:starred", "is:starred cat", "(is:starred author:li) OR (is:starred is:unread)"):
        assert parse(query).visible() == parse(query)
    assert parse("is:starred OR cat").left_out() == ("hidden", "muted")


def test_words_to_highlight_are_folded_and_wanted() -> None:
    assert parse('Über -not author:"Le Cun" (is:read OR $n^2$) Über').words() == (
        ("uber", None),
        ("le cun", "author"),
        ("n2", None),
    )


def test_a_letter_is_not_highlighted_but_a_character_that_is_a_word_is() -> None:
    """One typed letter underlined every such letter in every title."""
    assert parse('a 图 é title:b 3 ok "c d"').words() == (("图", None), ("ok", None), ("c d", None))


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
        ("date:2026-03-05..2026-01", "2026-01-01", "2026-03-05"),
        ("date:2026-11-18..", "2026-11-18", "9999-12-31"),
        ("date:..2026-11-11", "0001-01-01", "2026-11-11"),
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
    assert isinstance(node, DayRange)
    assert node.span(TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_before_the_first_and_after_the_last_day_there_is_none() -> None:
    for node in (DayRange("after", "9999"), DayRange("before", "0001")):
        first, last = node.span(TODAY)
        assert first > last


def test_months_ago_end_with_the_month() -> None:
    assert dates.start_of("1m", date(2026, 3, 31)) == date(2026, 2, 28)
