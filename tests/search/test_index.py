"""The index: every answer equals that of a plain look at every paper, through all changes."""

from __future__ import annotations

import os
import re
import resource
import sqlite3
import threading
from array import array
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.errors import StoreError
from paperdeck.storage.paper import CountsSnapshot, Entry, Marks, Paper
from paperdeck.storage.search import database as database_module
from paperdeck.storage.search import index as index_module
from paperdeck.storage.search import question as question_module
from paperdeck.storage.search.catch_up import catch_up_arrivals
from paperdeck.storage.search.found import Found, Tally
from paperdeck.storage.search.index import Index
from paperdeck.storage.search.plain import select
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.rank import SORT_KEYS, Scored, Sort
from paperdeck.storage.search.tree import QueryContext

TODAY = date(2026, 11, 20)
NOW = QueryContext(today=TODAY, last_visit="2026-11-19T08:00:00Z")
MakePaper = Callable[..., Paper]
EXAMPLES = int(os.environ.get("PAPERDECK_TEST_QUERIES", "400")) // 10
"""Ten queries each; a larger number compares more."""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index(tmp_path / "index.sqlite")
    yield made
    made.close()


def size(index: Index) -> int:
    return index.count(parse(""), context=NOW, everything=True)


def found(index: Index, text: str, context: QueryContext = NOW, **how: Any) -> list[str]:
    return list(index.find(parse(text), context=context, **how))


# -- every answer is the plain one ---------------------------------------------------------------------------------

WORDS = (
    "cat",
    "Catalog",
    "dög",
    "O(n^2)",
    r"$\alpha$",
    "a b",
    "深度",
    "",
    "x",
    "pre-training",
    "pre training",
    "O’Brien",
)
texts = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
names = st.lists(st.sampled_from(("Yi Li", "Yi Lin", "José Cat", "Jürgen O'Brien")), max_size=3, unique=True).map(tuple)
moments = st.none() | st.integers(1, 28).map(lambda day: date(2026, 11, day))
numbers = st.none() | st.integers(0, 3)
PAPER_IDS = st.integers(1, 12).map("2611.{:05}".format)
papers = st.builds(
    Paper,
    id=PAPER_IDS | st.just("math/0309136"),
    title=texts,
    abstract=texts,
    authors=names,
    keywords=names,
    organization=st.none() | st.sampled_from(["Cat Lab", "Wu"]),
    submitter=st.none() | st.sampled_from(["Dög", "cat-fan"]),
    categories=st.sampled_from([(), ("cs.CL", "stat.ML"), ("csx.CL",), ("q-bio.SC",)]),
    sources=st.sampled_from([("hf",), ("arxiv", "hf")]),
    listed=moments,
    issued=st.sampled_from([None, "2026", "2026-11", "2025"]),
    upvotes=numbers,
    comments=numbers,
    code_stars=numbers,
    code_url=st.none() | st.just("https://example.org"),
    ai_summary=st.none() | st.just("short"),
    added=st.none() | st.sampled_from(["2026-11-18T00:00:00Z", "2026-11-20T00:00:00Z"]),
    counts=st.sampled_from([(), (CountsSnapshot("2026-11-17", 1, 0, 0), CountsSnapshot("2026-11-20", 7, 0, 0))]),
)
marks = st.builds(
    Marks,
    read=st.booleans(),
    starred=st.booleans(),
    hidden=st.booleans(),
    tags=st.frozensets(st.sampled_from(["cat", "to-read", "$"]), max_size=2),
    note=st.sampled_from(["", "see the dog", "$"]),
)
arrivals = st.dictionaries(PAPER_IDS, st.sampled_from(["", "2026-11-18T00:00:00Z", "2026-11-20T00:00:00Z"]))
conditions = st.sampled_from(
    (
        *(
            "cat",
            "log",
            '"a b"',
            "o(n2)",
            "α",
            "深",
            "cat $ -",
            "title:cat",
            "author:li",
            'author:="yi li"',
            "abstract:dog",
        ),
        *("pretraining", "pre-training", '"pre training"', "obrien", "juergen", "Jürgen", 'keyword:="jurgen obrien"'),
        *("keyword:=wu", "org:cat", "org:=wu", "tag:cat", "tag:=toread", "tag:=$", "note:dog", "submitter:dog"),
        *("submitter:=catfan", "id:0001", "2611.00003", "id:math/0309136", "id:=2611", "source:hf", "category:cs"),
        *(
            "category:cs.cl",
            "category:q-bio.*",
            "is:read",
            "is:unread",
            "is:starred",
            "is:hidden",
            "is:new",
            "-is:unread",
            "is:muted",
        ),
        *(
            "is:following",
            "has:code",
            "has:summary",
            "has:note",
            "has:comments",
            "has:fulltext",
            "date:2026-11",
            "date:2026",
        ),
        *("since:5d", "before:2026-11-10", "date:2026-11-09..2026-11-03", "upvotes:>1", "comments:0", "stars:<=2"),
        *("date>2026-11-05", "date:<=2026-11-05", "org:=(wu OR =cat)", "source:(arxiv OR local)", "source:arxiv"),
        *("upvotes:1..2", "date:yesterday", "x", "深度", "ab", "the"),
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
RULED = NOW._replace(
    muted=(parse("title:cat -is:starred"), parse("org:=wu")),
    followed=(parse('author:="yi li"'), parse("tag:cat is:muted")),
    fulltexts=frozenset({"2611.00003"}),
)


@given(
    st.lists(st.lists(papers, max_size=6), max_size=3),
    st.lists(st.dictionaries(PAPER_IDS, marks), max_size=3),
    st.lists(st.dictionaries(st.sampled_from("ab"), arrivals), max_size=3),
    st.lists(questions, min_size=10, max_size=10),
    sorts,
    st.integers(1, 3),
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_every_answer_is_that_of_a_plain_look_at_every_paper(
    batches: list[list[Paper]],
    changes: list[dict[str, Marks]],
    listings: list[dict[str, dict[str, str]]],
    asked: list[str],
    sort: Sort,
    small: int,
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(question_module, "_WALKED_ROWS", small)
        patch.setattr(question_module, "_FEW_ROWS", small)
        index = Index(Path(folder) / "index.sqlite", scores=_made_up_scores)
        known, marked = dict[str, Paper](), dict[str, Marks]()
        for number in range(max(map(len, (batches, changes, listings)))):
            for listing in listings[number : number + 1]:
                catch_up_arrivals(index.database, dict.fromkeys(listing, f"{number}"), listing.__getitem__)
            for batch in batches[number : number + 1]:
                index.add(batch)
                known |= {paper.id: paper for paper in batch}
            for change in changes[number : number + 1]:
                index.set_marks(change)
                marked |= change
        arrived = _earliest(listings[-1] if listings else {})
        entries = [Entry(paper, marked.get(paper.id, Marks()), arrived.get(paper.id)) for paper in known.values()]
        for text in asked:
            _check(index, entries, text, sort)
        index.close()


def _earliest(listing: dict[str, dict[str, str]]) -> dict[str, str]:
    """When each paper arrived, where several files list it."""
    pairs = sorted(pair for arrived in listing.values() for pair in arrived.items())
    return dict(reversed(pairs))


def _score(paper_id: str) -> float:
    return crc32(paper_id.encode()) % 3 / 2


def _made_up_scores(db: sqlite3.Connection) -> Scored:
    """A score for each paper that is known by then, some of them equal."""
    known = list(db.execute("select row, id from paper order by row"))
    return Scored(array("q", [row for row, _ in known]), array("d", [_score(paper_id) for _, paper_id in known]))


def _check(index: Index, entries: list[Entry], text: str, sort: Sort) -> None:
    query, scores = parse(text), {entry.paper.id: _score(entry.paper.id) for entry in entries}
    for asked, everything in ((query, True), (query.visible(), False)):
        expected = [entry.paper.id for entry in select(entries, asked, RULED, sort=sort, scores=scores)]
        assert index.find(query, context=RULED, sort=sort, everything=everything) == expected
        assert index.find(query, context=RULED, sort=sort, everything=everything, limit=2) == expected[:2]
        assert index.count(query, context=RULED, everything=everything) == len(expected)
    ids = sorted(entry.paper.id for entry in entries)
    assert index.find(query, context=RULED, within=ids) == sorted(expected)
    assert all(index.count(query, context=RULED, within=[i]) == (i in expected) for i in ids[:2])


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("date:2018", {"month", "year"}),
        ("date:2018-05", {"month"}),
        ("date:2018-01", set()),
        ("date:2018-12", set()),
        ("since:2018", {"month", "year", "arxiv"}),
        ("after:2018-05", {"arxiv"}),
        ("before:2018-06", {"month"}),
        ("before:2019", {"month", "year"}),
        ("date:2024-03", {"arxiv"}),
        ("-date:2018", {"arxiv", "never"}),
    ],
)
def test_a_month_or_a_year_is_found_among_days_that_contain_all_of_it(
    index: Index, query: str, wanted: set[str]
) -> None:
    """And nowhere else, as the day isn't known."""
    months = {"month": "2018-05", "year": "2018", "never": None}
    papers = {name: Paper(id=f"local-undated-00000000000{n}", issued=months[name]) for n, name in enumerate(months)}
    papers["arxiv"] = Paper(id="2403.00009")
    index.add(papers.values())
    ids = {papers[name].id for name in wanted}
    assert {entry.paper.id for entry in select(map(Entry, papers.values()), parse(query), NOW)} == ids
    assert set(found(index, query)) == ids


def test_a_day_that_becomes_known_replaces_the_year(index: Index) -> None:
    paper = Paper(id="local-undated-000000000001", issued="2018")
    for known, queries in ((paper, ["date:2018"]), (replace(paper, published=date(2018, 1, 1)), ["date:2018-01"])):
        index.add([known])
        assert [query for query in ("date:2018", "date:2018-01") if found(index, query)][-1:] == queries
    index.add([replace(paper, issued=None)])
    assert not found(index, "date:2018")


# -- what is asked for ---------------------------------------------------------------------------------------------


def test_words_match_in_every_text_of_a_paper(index: Index, make_paper: MakePaper) -> None:
    paper = make_paper(
        1, title="one", abstract="two", authors=("three",), keywords=("four",), organization="five", submitter="six"
    )
    index.add([paper])
    index.set_marks({paper.id: Marks(tags=frozenset({"seven"}), note="eight")})
    for word in ("one", "two", "three", "four", "five", "seven", "eight", "one eight"):
        assert found(index, word) == [paper.id]
    assert found(index, "six") == []


def test_a_phrase_does_not_run_from_one_field_or_author_into_the_next(index: Index, make_paper: MakePaper) -> None:
    index.add([make_paper(1, title="deep", authors=("learning one", "two three"), abstract="deep learning")])
    assert found(index, 'title:"deep learning"') == []
    assert found(index, 'author:"one two"') == []
    assert found(index, '"deep learning"') != []


def test_signs_of_patterns_are_characters(index: Index, make_paper: MakePaper) -> None:
    index.add(make_paper(number, title=title) for number, title in enumerate(("f[a*b]? of x", "fab", "axb"), 1))
    for typed in ("f[a*b]?", "[a", "*b", "?", "b]"):
        assert found(index, f"title:{typed}") == ["2611.00001"]
    for typed in ("f[ab", "a?b", "f*b", "[ab]", "\0", "a\0b"):
        assert found(index, f"title:{typed}") == []


@pytest.mark.parametrize("typed", ["pre-training", "pretraining", '"pre training"'])
def test_hyphens_and_spaces_do_not_divide_literature(index: Index, make_paper: MakePaper, typed: str) -> None:
    titles = ("On Pre-training", "pretraining it", "They pre training", "pre and training")
    index.add(make_paper(number, title=title) for number, title in enumerate(titles, 1))
    assert set(found(index, f"title:{typed}")) == {"2611.00001", "2611.00002", "2611.00003"}


def test_hidden_and_muted_papers_are_shown_only_when_asked_for(index: Index, make_paper: MakePaper) -> None:
    one, two, three = (make_paper(number) for number in (1, 2, 3))
    index.add([one, two, three])
    index.set_marks({one.id: Marks(hidden=True)})
    muting = NOW._replace(muted=(parse("id:2611.00002"),))
    assert found(index, "", muting) == [three.id]
    assert found(index, "is:hidden", muting) == [one.id]
    assert found(index, "is:muted", muting) == [two.id]
    assert len(found(index, "", muting, everything=True)) == 3


def test_given_ids_keep_their_order_unless_another_is_asked_for(index: Index, make_paper: MakePaper) -> None:
    index.add(make_paper(number, upvotes=number) for number in (1, 2, 3))
    trending = ["2611.00002", "2611.00009", "2611.00003", "2611.00001"]
    assert found(index, "", within=trending) == ["2611.00002", "2611.00003", "2611.00001"]
    assert found(index, "sort:upvotes", within=trending) == ["2611.00003", "2611.00002", "2611.00001"]
    assert found(index, "", within=trending, limit=1) == ["2611.00002"]


def test_a_rare_word_of_two_letters_is_found_after_many_papers(
    index: Index, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question_module, "_WALKED_ROWS", 5)
    index.add(make_paper(number, title="深度" if number in (1, 2) else "plain") for number in range(1, 30))
    assert found(index, "深度", limit=10) == ["2611.00002", "2611.00001"]
    assert index.count(parse("深"), context=NOW) == 2


# -- changes -------------------------------------------------------------------------------------------------------


def test_a_word_is_not_sought_in_papers_that_have_only_its_syllables(
    index: Index, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(database_module, "is_spread_in", lambda form, typed: bool(looked_at.append(form)))
    index.add(make_paper(number, title="shin, interim, Clinton") for number in range(1, 50))
    index.add([make_paper(50, title="Capsules", authors=("Geoffrey Hinton",))])
    assert found(index, "hinton") == found(index, "author:hinton") == ["2611.00050"]
    assert not looked_at


def test_a_word_of_a_field_is_not_sought_in_papers_that_have_it_elsewhere(
    index: Index, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(database_module, "is_spread_in", lambda form, typed: bool(looked_at.append(form)))
    index.add(make_paper(number, title="Solving", abstract="Hinton resolves. capsules") for number in range(1, 50))
    index.add([make_paper(50, title="Capsules", authors=("Geoffrey Hinton",), keywords=("capsules",))])
    for query in ("author:hinton", "title:capsules", "keyword:capsules", "author:hin", "title:caps"):
        assert found(index, query) == ["2611.00050"]
    assert not looked_at


def test_a_paper_lacks_a_letter_until_its_note_has_it(index: Index, make_paper: MakePaper) -> None:
    index.add([make_paper(1, title="Quiz"), make_paper(2, title="Game", abstract="No letter after p.")])
    assert found(index, "-q") == found(index, "-qu") == ["2611.00002"]
    index.set_marks({"2611.00002": Marks(note="quiet")})
    assert found(index, "-q") == found(index, "-qu") == []
    index.set_marks({"2611.00002": Marks(tags=frozenset({"q"}))})
    assert (found(index, "-q"), found(index, "-qu")) == ([], ["2611.00002"])


@pytest.mark.parametrize("sign", ["\u1680", "\u180e", "\u2028", "\ufffe", "\uffff", "'", "(", "*"])
@pytest.mark.parametrize("field", ["", "category:", "submitter:"])
def test_no_character_disturbs_the_index(index: Index, make_paper: MakePaper, sign: str, field: str) -> None:
    text = f"ab{sign}cdefg"
    paper = make_paper(1, title=text, categories=(text,), submitter=text)
    index.add([paper])
    for typed in (text, text[:3], text[2:], f"{sign}c"):
        query = f'{field}"{typed}"'
        assert found(index, query) == [entry.paper.id for entry in select([Entry(paper)], parse(query), NOW)]


@pytest.mark.parametrize(
    ("facts", "query"),
    [({"categories": ("ς",)}, "category:ς"), ({"categories": ("ſ.x",)}, "category:ſ"), ({"title": "x\U0010ffff"}, "x")],
)
def test_a_short_word_is_found_whatever_letters_it_has(
    index: Index, make_paper: MakePaper, facts: dict[str, Any], query: str
) -> None:
    index.add([make_paper(1, **facts)])
    assert found(index, query) == ["2611.00001"]


def test_a_paper_that_changes_is_found_by_its_new_text_only(index: Index, make_paper: MakePaper) -> None:
    index.add([make_paper(1, title="old words", categories=("cs.CL",))])
    index.set_marks({"2611.00001": Marks(starred=True, note="remark")})
    index.add([make_paper(1, title="new words", categories=("cs.CV",))])
    assert found(index, "title:old") == found(index, "category:cs.cl") == []
    assert found(index, "title:new is:starred remark category:cs.cv") == ["2611.00001"]
    assert size(index) == 1


def test_a_list_keeps_a_paper_whose_day_changed(index: Index, make_paper: MakePaper) -> None:
    index.add([make_paper(1), make_paper(2)])
    shown = index.find(parse(""), context=NOW)
    index.add([make_paper(2, listed=date(2026, 11, 1))])
    index.add([make_paper(3)])
    assert list(shown) == ["2611.00002", "2611.00001"]
    assert found(index, "") == ["2611.00003", "2611.00001", "2611.00002"]


def test_marks_may_come_before_their_paper(index: Index, make_paper: MakePaper) -> None:
    index.set_marks({"2611.00001": Marks(note="later")})
    index.add([make_paper(1)])
    assert found(index, "note:later") == found(index, "later") == ["2611.00001"]


def test_marks_that_come_while_others_are_written_are_not_lost(
    index: Index, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.add([make_paper(1), make_paper(2)])
    put_marks = index_module.put_marks

    def interrupted(db: sqlite3.Connection, marks: Any) -> None:
        put_marks(db, marks)
        monkeypatch.setattr(index_module, "put_marks", put_marks)
        other = threading.Thread(target=index.set_marks, args=({"2611.00002": Marks(starred=True)},))
        other.start()  # it finds the index busy and leaves its marks for the next transaction
        other.join()

    monkeypatch.setattr(index_module, "put_marks", interrupted)
    index.set_marks({"2611.00001": Marks(starred=True)})
    assert set(found(index, "is:starred")) == {"2611.00001", "2611.00002"}


def test_a_search_runs_while_papers_are_added(index: Index, make_paper: MakePaper) -> None:
    batches = [[make_paper(number, upvotes=number % 7) for number in range(n, n + 50)] for n in range(1, 400, 50)]

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
    assert len(found(index, "case")) == size(index) == 400
    assert len(found(index, "title:changed")) == 40


def test_a_search_that_is_stopped_gives_nothing(
    index: Index, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "STEPS_BETWEEN_LOOKS", 1)
    index.add(make_paper(number) for number in range(1, 30))
    assert found(index, "case", stop=lambda: True) == []
    assert index.count(parse("case"), context=NOW, stop=lambda: True) == 0
    assert len(found(index, "case", stop=lambda: False)) == 29


# -- what is counted -----------------------------------------------------------------------------------------------


def test_facets_count_each_spelling_once(index: Index, make_paper: MakePaper) -> None:
    index.add(
        [
            make_paper(1, keywords=("Agents", "Safety"), organization="Lab"),
            make_paper(2, keywords=("agents", "Agents"), organization="Läb"),
            make_paper(3, keywords=("other",), organization=None),
        ]
    )
    facets = index.facets(["2611.00001", "2611.00002", "2611.00009"], top=1)
    assert facets.keywords == (("Agents", 2),)
    assert facets.organizations == (("Lab", 2),)


@pytest.mark.parametrize("keywords", [("Deep Learning", "deep learning"), ("deep learning", "Deep Learning")])
def test_the_spelling_of_a_label_does_not_depend_on_which_paper_came_first(
    keywords: tuple[str, str], index: Index, make_paper: MakePaper
) -> None:
    for number, keyword in enumerate(keywords, 1):
        index.add([make_paper(number, keywords=(keyword,))])
    assert index.facets(["2611.00001", "2611.00002"]).keywords == (("Deep Learning", 2),)


def test_a_list_is_tallied(index: Index, make_paper: MakePaper) -> None:
    index.add(make_paper(number) for number in range(1, 6))
    times = {1: "2026-11-18T10:00:00Z", 2: "2026-11-20T10:00:00Z", 3: "2026-11-18T10:00:00Z"}
    listing = {f"2611.0000{number}": arrived for number, arrived in times.items()}
    catch_up_arrivals(index.database, {"hf": "1"}, lambda _: listing)
    index.set_marks({"2611.00001": Marks(read=True), "2611.00004": Marks(starred=True)})
    assert index.tally(index.find(parse(""), context=NOW), NOW.last_visit) == Tally(papers=5, unread=3, new=1)
    assert index.unread_among(["2611.00001", "2611.00004", "2611.00005"]) == {"2611.00004"}


def test_a_list_is_a_sequence_and_gives_itself_without_some_papers(index: Index, make_paper: MakePaper) -> None:
    index.add(make_paper(number, listed=date(2026, 11, 1 + number % 3)) for number in range(1, 20))
    shown = index.find(parse(""), context=NOW)
    assert isinstance(shown, Found)
    assert list(index.without(shown, list(shown)[3:5])) == [*list(shown)[:3], *list(shown)[5:]]
    assert shown[-1] == shown[18]
    assert list(shown[2:4]) == list(shown)[2:4]
    assert "2611.00099" not in shown


def test_the_order_for_you_goes_by_the_scores_it_is_given(tmp_path: Path, make_paper: MakePaper) -> None:
    index = Index(
        tmp_path / "index.sqlite", scores=lambda db: Scored(array("q", _row(db, "2611.00002")), array("d", [1.0]))
    )
    index.add(make_paper(number) for number in (1, 2, 3))
    assert found(index, "sort:foryou", limit=2) == ["2611.00002", "2611.00003"]


def test_what_the_ranking_wants_is_kept_of_each_paper(tmp_path: Path, make_paper: MakePaper) -> None:
    index = Index(tmp_path / "index.sqlite", terms_of=lambda paper: paper.title.encode())
    index.add([make_paper(1, title="one")])
    index.add([make_paper(1, title="two")])
    with index.database.reading() as db:
        log = "select id, change, terms from terms order by serial"
        assert db.execute(log).fetchall() == [
            ("2611.00001", 1, b"one"), ("2611.00001", -1, b"one"), ("2611.00001", 1, b"two"),
        ]  # fmt: skip


def _row(db: sqlite3.Connection, paper_id: str) -> list[int]:
    return [row for (row,) in db.execute("select row from paper where id = ?", (paper_id,))]


# -- the file ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"not a database" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000],
    ids=["empty", "foreign", "damaged"],
)
def test_a_damaged_or_foreign_file_gives_way_to_a_new_one(
    tmp_path: Path, make_paper: MakePaper, content: bytes
) -> None:
    path = tmp_path / "index.sqlite"
    path.write_bytes(content)
    index = Index(path)
    index.add([make_paper(1)])
    assert size(index) == 1
    assert bool(list(tmp_path.glob("*.damaged-*"))) == bool(content)


@pytest.mark.parametrize("obstacle", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_where_no_file_can_be_made_the_index_is_in_memory(
    tmp_path: Path, make_paper: MakePaper, obstacle: Callable[[Path], None]
) -> None:
    path, told = tmp_path / "index.sqlite", list[str]()
    obstacle(path)
    index = Index(path, tell=told.append)
    index.add(make_paper(number) for number in range(1, 5))
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(lambda _: size(index), range(6))) == [4] * 6
    reason = "it is not a file; move away what is there"
    assert told == [f"The search index {path} can't be made, so it is only kept in memory: {reason}."]
    assert list(tmp_path.glob("index*")) == [path]
    index.close()


def test_an_index_without_room_on_the_disk_is_in_memory_and_leaves_no_files(
    tmp_path: Path, make_paper: MakePaper
) -> None:
    told: list[str] = []
    with no_room():
        index = Index(tmp_path / "index.sqlite", tell=told.append)
        index.add([make_paper(1)])
        assert size(index) == 1
    [sentence] = told
    assert sentence.endswith("the disk or a limit leaves no room for it; free some space and try again.")
    assert list(tmp_path.glob("*.damaged-*")) == []


def test_an_index_that_another_program_holds_says_so(index: Index, make_paper: MakePaper) -> None:
    index.add([make_paper(1)])
    with sqlite3.connect(index.database.path or "") as theirs:
        theirs.execute("begin immediate")
        refused = pytest.raises(StoreError, match="another program is writing it; try again when that has ended")
        with refused, index.database.writing(0.01):
            pass
    theirs.close()


@contextmanager
def no_room() -> Iterator[None]:
    """While the block runs, this process can't write to any file, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_the_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    with sqlite3.connect(path) as theirs:
        theirs.execute("create table theirs (x)")
    theirs.close()
    assert size(Index(path)) == 0
    [aside] = tmp_path.glob("*.damaged-*")
    with sqlite3.connect(aside) as theirs:
        assert theirs.execute("select name from sqlite_master").fetchall() == [("theirs",)]
    theirs.close()


def test_an_index_of_another_version_is_deleted_as_the_papers_are_in_their_files(
    index: Index, make_paper: MakePaper
) -> None:
    index.add([make_paper(1)])
    with index.database.writing() as db:
        db.execute("pragma user_version = 1")
    index.close()
    again = Index(index.database.path)
    assert size(again) == 0
    assert list(index.database.path.parent.glob("*.damaged-*")) == []


def test_another_form_of_the_index_has_another_version(index: Index) -> None:
    """An index of the same version is kept; `-q` found nothing in one that didn't know what papers lack."""
    paper = Paper(id="2611.00001", title="Quiz", authors=("Yi Li",), keywords=("cat",), organization="Wu")
    index.add([replace(paper, abstract="O(n)", submitter="dog", categories=("cs.CL",))])
    with index.database.reading() as db:
        stored = [db.execute(sql).fetchall() for sql in ("select term from vocabulary", "select * from text")]
    form = crc32(f"{stored} {re.sub('--.*', '', database_module.SCHEMA)}".encode())
    assert (database_module.VERSION, form) == (8, 2_952_474_466)


def test_an_index_that_is_truncated_while_open_is_built_again(index: Index, make_paper: MakePaper) -> None:
    index.add(make_paper(number) for number in range(1, 200))
    with index.database.reading() as db:
        db.execute("pragma wal_checkpoint(truncate)")
    index.close()
    os.truncate(index.database.path, 40_000)
    with suppress(StoreError):  # or an answer of a new index that has nothing yet
        assert found(index, "case") == []
    assert not index.is_current
    index.add([make_paper(1)])
    assert size(index) == 1


def test_an_old_sqlite_in_python_is_reported(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    with pytest.raises(StoreError, match=r"Searching needs SQLite 3\.34 or newer"):
        size(index)
