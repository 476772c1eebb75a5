"""The index: every answer equals that of a plain look at every paper, through all changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.paper import Counts, Entry, Marks, Paper
from paperdeck.storage.search import index as index_module
from paperdeck.storage.search.block import Block
from paperdeck.storage.search.index import Context, Index
from paperdeck.storage.search.plain import select
from paperdeck.storage.search.query import Query, parse
from paperdeck.storage.search.rank import SORT_KEYS, Sort
from paperdeck.storage.search.segment import Texts

TODAY = date(2026, 11, 20)
NOW = Context(today=TODAY, last_visit="2026-11-19T08:00:00Z")
MakePaper = Callable[..., Paper]


def index_of(*papers: Paper, **marks: Marks) -> Index:
    made = Index()
    made.add(papers)
    made.set_marks({paper.id: marks[f"p{number}"] for number, paper in enumerate(papers, 1) if f"p{number}" in marks})
    return made


def found(index: Index, text: str, context: Context = NOW, **how: Any) -> list[str]:
    return index.find(parse(text), context=context, **how)


# -- every answer is the plain one ---------------------------------------------------------------------------------

WORDS = ("cat", "Catalog", "dög", "O(n^2)", r"$\alpha$", "a b", "深度", "", "x")
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
names = st.lists(st.sampled_from(("Yi Li", "Yi Lin", "José Cat", "Wu")), max_size=3, unique=True).map(tuple)
moments = st.none() | st.integers(1, 28).map(lambda day: date(2026, 11, day))
numbers = st.none() | st.integers(0, 3)
papers = st.builds(
    Paper,
    id=st.integers(1, 12).map("2611.{:05}".format),
    title=texts,
    abstract=texts,
    authors=names,
    keywords=names,
    organization=st.none() | st.sampled_from(["Cat Lab", "Wu"]),
    submitter=st.none() | st.just("Dög"),
    categories=st.sampled_from([(), ("cs.CL", "stat.ML"), ("csx.CL",)]),
    sources=st.sampled_from([("hf",), ("arxiv", "hf")]),
    listed=moments,
    upvotes=numbers,
    comments=numbers,
    code_stars=numbers,
    code_url=st.none() | st.just("https://example.org"),
    ai_summary=st.none() | st.just("short"),
    added=st.none() | st.sampled_from(["2026-11-18T00:00:00Z", "2026-11-20T00:00:00Z"]),
    counts=st.sampled_from([(), (Counts("2026-11-17", 1, 0, 0), Counts("2026-11-20", 7, 0, 0))]),
)
marks = st.builds(
    Marks,
    read=st.booleans(),
    starred=st.booleans(),
    hidden=st.booleans(),
    tags=st.frozensets(st.sampled_from(["cat", "to-read", "$"]), max_size=2),
    note=st.sampled_from(["", "see the dog", "$"]),
)
conditions = st.sampled_from(
    (
        *("cat", "log", "o(n2)", "α", "深", "title:cat", "author:li", 'author:="yi li"', "abstract:dog"),
        *("keyword:=wu", "org:cat", "tag:cat", "note:dog", "submitter:dog", "id:0001", "source:hf"),
        *("category:cs", "category:cs.cl", "is:read", "is:unread", "is:starred", "is:hidden", "is:new", "is:muted"),
        *("is:following", "has:code", "has:summary", "has:note", "has:comments", "has:fulltext", "date:2026-11"),
        *("since:5d", "before:2026-11-10", "upvotes:>1", "comments:0", "stars:<=2", "date:yesterday"),
    )
)
questions = st.recursive(
    conditions,
    lambda parts: st.one_of(
        parts.map("-({})".format),
        st.tuples(parts, parts).map("({0[0]} {0[1]})".format),
        st.tuples(parts, parts).map("({0[0]} OR {0[1]})".format),
    ),
    max_leaves=5,
)
sorts = st.builds(Sort, st.sampled_from(SORT_KEYS), st.booleans())
RULED = replace(
    NOW,
    muted=(parse("title:cat -is:starred"), parse("org:=wu")),
    followed=(parse('author:="yi li"'), parse("tag:cat is:muted")),
    fulltexts=frozenset({"2611.00003"}),
)


@given(
    st.lists(st.lists(papers, max_size=6), max_size=4),
    st.lists(st.dictionaries(st.integers(1, 12).map("2611.{:05}".format), marks), max_size=3),
    st.lists(questions, min_size=1, max_size=3),
    sorts,
    st.integers(1, 3),
)
@settings(max_examples=150, deadline=None)
def test_every_answer_is_that_of_a_plain_look_at_every_paper(
    batches: list[list[Paper]], changes: list[dict[str, Marks]], asked: list[str], sort: Sort, small: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_SEGMENT_PAPERS", "_STEP", "_WALKED", "_BATCH"):
            patch.setattr(index_module, name, small)
        index, known, marked = Index(), dict[str, Paper](), dict[str, Marks]()
        for number in range(max(len(batches), len(changes))):
            for batch in batches[number : number + 1]:
                index.add(batch)
                known |= {paper.id: paper for paper in batch}
            for change in changes[number : number + 1]:
                index.set_marks(change)
                marked |= change
            for text in asked:
                _check(index, [Entry(paper, marked.get(paper.id, Marks())) for paper in known.values()], text, sort)


def _check(index: Index, entries: list[Entry], text: str, sort: Sort) -> None:
    query = parse(text)
    for asked, everything in ((query, True), (query.visible(), False)):
        expected = [entry.paper.id for entry in select(entries, asked, RULED, sort=sort)]
        assert index.find(query, context=RULED, sort=sort, everything=everything) == expected
        assert index.find(query, context=RULED, sort=sort, everything=everything, limit=2) == expected[:2]
        assert index.count(query, context=RULED, everything=everything) == len(expected)
        ids = sorted(entry.paper.id for entry in entries)
        within = index.find(query, context=RULED, within=ids, everything=everything)
        assert within == sorted(expected)
        assert [i for i in ids if index.matches(i, query, RULED, everything=everything)] == sorted(expected)


# -- what is asked for ---------------------------------------------------------------------------------------------


def test_words_match_in_every_text_of_a_paper(make_paper: MakePaper) -> None:
    paper = make_paper(
        1, title="one", abstract="two", authors=("three",), keywords=("four",), organization="five", submitter="six"
    )
    index = index_of(paper, p1=Marks(tags=frozenset({"seven"}), note="eight"))
    for word in ("one", "two", "three", "four", "five", "seven", "eight", "one eight"):
        assert found(index, word) == [paper.id]
    assert found(index, "six") == []


def test_a_phrase_does_not_run_from_one_field_or_author_into_the_next(make_paper: MakePaper) -> None:
    index = index_of(make_paper(1, title="deep", authors=("learning one", "two three"), abstract="deep learning"))
    assert found(index, 'title:"deep learning"') == []
    assert found(index, 'author:"one two"') == []
    assert found(index, '"deep learning"') != []


def test_hidden_and_muted_papers_are_shown_only_when_asked_for(make_paper: MakePaper) -> None:
    one, two, three = (make_paper(number) for number in (1, 2, 3))
    index = index_of(one, two, three, p1=Marks(hidden=True))
    muting = replace(NOW, muted=(parse("id:2611.00002"),))
    assert found(index, "", muting) == [three.id]
    assert found(index, "is:hidden", muting) == [one.id]
    assert found(index, "is:muted", muting) == [two.id]
    assert len(found(index, "", muting, everything=True)) == 3


def test_papers_that_came_after_the_last_visit_are_new(make_paper: MakePaper) -> None:
    old, new = make_paper(1, added="2026-11-18T10:00:00Z"), make_paper(2, added="2026-11-20T10:00:00Z")
    index = index_of(old, new)
    assert found(index, "is:new") == [new.id]
    assert found(index, "is:new", replace(NOW, last_visit=None)) == []


def test_given_ids_keep_their_order_unless_another_is_asked_for(make_paper: MakePaper) -> None:
    index = index_of(*(make_paper(number, upvotes=number) for number in (1, 2, 3)))
    trending = ["2611.00002", "2611.00009", "2611.00003", "2611.00001"]
    assert found(index, "", within=trending) == ["2611.00002", "2611.00003", "2611.00001"]
    assert found(index, "sort:upvotes", within=trending) == ["2611.00003", "2611.00002", "2611.00001"]
    assert found(index, "", within=trending, limit=1) == ["2611.00002"]


def test_the_order_in_the_query_goes_before_the_chosen_one(make_paper: MakePaper) -> None:
    index = index_of(make_paper(1, upvotes=1, comments=9), make_paper(2, upvotes=2, comments=1))
    assert found(index, "sort:comments", sort=Sort("upvotes")) == ["2611.00001", "2611.00002"]


# -- changes -------------------------------------------------------------------------------------------------------


def test_a_paper_that_changes_is_found_by_its_new_text_only(make_paper: MakePaper) -> None:
    index = index_of(make_paper(1, title="old words"), p1=Marks(starred=True))
    index.add([make_paper(1, title="new words")])
    assert found(index, "title:old") == []
    assert found(index, "title:new is:starred") == ["2611.00001"]
    assert len(index) == 1


def test_new_counts_change_the_row_and_the_order(make_paper: MakePaper) -> None:
    index = index_of(make_paper(1, upvotes=1), make_paper(2, upvotes=2))
    assert found(index, "sort:upvotes") == ["2611.00002", "2611.00001"]
    index.add([make_paper(1, upvotes=3)])
    assert found(index, "sort:upvotes") == ["2611.00001", "2611.00002"]
    assert index.row("2611.00001").upvotes == 3


def test_marks_may_come_before_their_paper(make_paper: MakePaper) -> None:
    index = Index()
    index.set_marks({"2611.00001": Marks(note="later")})
    index.add([make_paper(1)])
    assert found(index, "note:later") == ["2611.00001"]
    assert index.marks("2611.00001").note == "later"


def test_a_rule_follows_the_marks(make_paper: MakePaper) -> None:
    index = index_of(make_paper(1))
    muting = replace(NOW, muted=(parse("-is:starred"),))
    assert found(index, "", muting) == []
    index.set_marks({"2611.00001": Marks(starred=True)})
    assert found(index, "", muting) == ["2611.00001"]


def test_a_search_runs_while_papers_are_added(make_paper: MakePaper) -> None:
    index = Index()
    batches = [[make_paper(number, upvotes=number % 7) for number in range(n, n + 50)] for n in range(1, 1500, 50)]

    def add() -> None:
        for batch in batches:
            index.add(batch)
            index.add([replace(paper, title="changed", upvotes=9) for paper in batch[:5]])
            index.set_marks({paper.id: Marks(read=True, note="x") for paper in batch[:9]})

    thread = threading.Thread(target=add)
    thread.start()
    while thread.is_alive():
        for text in ("case", "is:unread", "sort:upvotes case", "title:changed OR note:x"):
            ids = found(index, text)
            assert len(ids) == len(set(ids))
    thread.join()
    assert len(found(index, "case")) == len(index) == 1500
    assert len(found(index, "title:changed")) == 150


def test_a_search_that_is_stopped_comes_back_at_once(make_paper: MakePaper) -> None:
    index = index_of(*(make_paper(number) for number in range(1, 30)))
    asked = []

    def stop() -> bool:
        asked.append(True)
        return True

    assert found(index, "case", stop=stop) == []
    assert index.count(parse("case"), context=NOW, stop=stop) == 0
    assert len(asked) == 2


# -- rows and facets -----------------------------------------------------------------------------------------------


def test_a_row_has_what_a_line_of_the_list_shows(make_paper: MakePaper) -> None:
    row = index_of(make_paper(1, title="$O(n^2)$ cats", code_url="https://example.org", authors=("A", "B"))).row(
        "2611.00001"
    )
    assert (row.title, row.has_code, row.n_authors, row.day) == ("O(n²) cats", True, 2, date(2026, 11, 20))


def test_an_unknown_paper_has_no_row_and_no_marks(make_paper: MakePaper) -> None:
    index = index_of(make_paper(1))
    with pytest.raises(KeyError):
        index.row("2611.00009")
    assert "2611.00009" not in index
    assert not index.marks("2611.00009")
    assert not index.matches("2611.00009", Query(), NOW)


def test_facets_count_each_spelling_once(make_paper: MakePaper) -> None:
    index = index_of(
        make_paper(1, keywords=("Agents", "Safety"), organization="Lab"),
        make_paper(2, keywords=("agents", "Agents"), organization="Läb"),
        make_paper(3, keywords=("other",), organization=None),
    )
    facets = index.facets(["2611.00001", "2611.00002", "2611.00009"], top=1)
    assert facets.keywords == (("Agents", 2),)
    assert facets.organizations == (("Lab", 2),)


def test_what_a_facet_counts_is_what_a_press_on_it_finds(make_paper: MakePaper) -> None:
    index = index_of(make_paper(1, keywords=("ai",)), make_paper(2, keywords=("brain",)))
    assert found(index, "keyword:=ai") == ["2611.00001"]


# -- blocks --------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(*[st.text(alphabet="ab", max_size=3).map(str.encode)] * 5), max_size=8),
    st.lists(st.text(alphabet="ab", max_size=2).map(str.encode), min_size=1, max_size=3),
    st.integers(0, 4),
)
@settings(max_examples=150)
def test_leaping_finds_the_papers_that_hold_all_words(
    documents: list[tuple[bytes, ...]], words: list[bytes], column: int
) -> None:
    half = len(documents) // 2
    block = Block(5).extended(documents[:half]).extended(documents[half:])
    whole = [b"\x1f".join(document) for document in documents]
    assert block.leap(words) == [n for n, text in enumerate(whole) if all(word in text for word in words)]
    in_column = [n for n, columns in enumerate(documents) if words[0] in columns[column]]
    assert block.with_column(words[0], column) == block.keep(words[0], column, range(len(documents))) == in_column


@given(
    st.lists(st.tuples(*[st.text(alphabet="ab", max_size=3).map(str.encode)] * 5), max_size=8),
    st.lists(st.text(alphabet="ab", max_size=2).map(str.encode), min_size=1, max_size=3),
)
@settings(max_examples=150)
def test_words_are_found_wherever_they_are_in_the_two_blocks(
    documents: list[tuple[bytes, ...]], words: list[bytes]
) -> None:
    texts = Texts(
        Block(4).extended(document[:4] for document in documents), Block(1).extended(d[4:] for d in documents)
    )
    having = [{n for n, document in enumerate(documents) if any(word in text for text in document)} for word in words]
    assert sorted(texts.with_words(words)) == sorted(set.intersection(*having))
    assert texts.keep(words[0], range(len(documents))) == sorted(having[0])


def test_a_word_that_is_everywhere_else_does_not_slow_its_column_down_or_change_the_answer() -> None:
    documents = [(b"", b"cat" if number % 9 == 0 else b"", b"cat cat") for number in range(400)]
    assert Block(3).extended(documents).with_column(b"cat", 1) == list(range(0, 400, 9))
