"""Items of the Hub: every era's shape is read, and a bad item never takes its neighbours with it."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.fetch.hub.parser import parse_comments, parse_daily, parse_details
from paperdeck.storage.paper import Paper
from tests.support.examples import examples
from tests.support.hub import item

DAY = date(2026, 11, 20)
GOOD = item("2611.11111", "Good", DAY)


def only(entry: Any, **how: Any) -> Paper:
    [paper] = parse_daily([entry], **how).papers
    return paper


def test_todays_shape_is_read_whole() -> None:
    entry = item(
        "2611.00001",
        "A Title\n  on two lines",
        DAY,
        summary="One\nparagraph.\n\nAnother.",
        publishedAt="2026-11-18T23:30:00.000Z",
        upvotes=76,
        submittedOnDailyBy={"fullname": "Grace Hopper", "user": "grace"},
        organization={"name": "lab", "fullname": "The Lab"},
        mediaUrls=["https://cdn.test/a.mp4", "ftp://cdn.test/b.mp4"],
        projectPage="https://project.test/",
        githubRepo="https://github.com/lab/code",
        githubStars=1200,
        ai_summary="A summary.",
        ai_keywords=["agents", "agents", "safety"],
    )
    entry |= {"numComments": 3, "thumbnail": "https://cdn.test/t.png"}
    assert only(entry) == Paper(
        id="2611.00001",
        title="A Title on two lines",
        abstract="One paragraph.\n\nAnother.",
        authors=("Ada Lovelace", "Alan Turing"),
        published=date(2026, 11, 18),
        listed=DAY,
        submitter="Grace Hopper",
        organization="The Lab",
        upvotes=76,
        comments=3,
        thumbnail="https://cdn.test/t.png",
        media=("https://cdn.test/a.mp4",),
        project_url="https://project.test/",
        code_url="https://github.com/lab/code",
        code_stars=1200,
        ai_summary="A summary.",
        keywords=("agents", "safety"),
    )


def test_the_outer_date_is_never_the_listing() -> None:
    entry = item("2611.00001")
    assert only(entry).listed is None
    assert only(entry, asked=DAY).listed == DAY
    assert parse_daily([entry, GOOD]).undated == {"2611.00001"}


def test_the_first_eras_had_other_names_for_things() -> None:
    entry = item("2405.00001") | {"submittedBy": {"name": "akhaliq"}, "mediaUrl": "https://a.test/b"}
    assert only(entry).submitter == "akhaliq"
    assert only(entry).media == ("https://a.test/b",)


def test_a_version_is_not_part_of_the_id() -> None:
    assert (only(item("2401.00013v2")).id, only(item("2401.00013v2")).version) == ("2401.00013", 2)


def test_a_withdrawn_paper_is_recognised() -> None:
    assert only(item("2611.00001", withdrawnAt="2026-11-19T00:00:00.000Z")).withdrawn
    assert not only(GOOD).withdrawn


def test_a_repository_may_be_named_without_its_host() -> None:
    assert only(item("2611.00001", githubRepo="owner/name")).code_url == "https://github.com/owner/name"


def test_a_line_break_inside_a_link_is_dropped() -> None:
    assert only(item("2611.00001", githubRepo="https://github.com/\nlab/x")).code_url == "https://github.com/lab/x"


def test_a_project_page_on_github_stays_the_project_page() -> None:
    paper = only(item("2611.00001", projectPage="https://github.com/lab/x"))
    assert (paper.project_url, paper.code_url) == ("https://github.com/lab/x", None)


@pytest.mark.parametrize("value", [True, "12", -3, 10**30, 1.5, None, [], {}])
def test_an_impossible_count_is_unknown(value: object) -> None:
    paper = only(item("2611.00001", upvotes=value, githubStars=value) | {"numComments": value})
    assert (paper.upvotes, paper.comments, paper.code_stars) == (None, None, None)


def test_zero_votes_are_zero() -> None:
    assert only(item("2611.00001", upvotes=0)).upvotes == 0


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "//x", "data:text/html,x", "", 7])
def test_only_web_links_come_in(link: object) -> None:
    entry = item("2611.00001", projectPage=link, githubRepo=link, mediaUrls=[link]) | {"thumbnail": link}
    paper = only(entry)
    assert (paper.project_url, paper.code_url, paper.media, paper.thumbnail) == (None, None, (), None)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({}, "not an item"),
        ("paper", "not an item"),
        ([1, 2], "not an item"),
        ({"paper": None}, "not an item"),
        ({"paper": {"title": "t"}}, "no usable id"),
        (item("../../etc/passwd"), "no usable id"),
        (item("local-2611-0123456789ab"), "no usable id"),
        ({"paper": {"id": "2611.00001", "title": ["t"]}}, "title is missing"),
        ({"paper": {"id": "2611.00001", "title": "\x1b[2J"}}, "title is missing"),
    ],
)
def test_a_bad_item_is_skipped_with_its_reason_and_its_neighbours_stay(
    entry: object, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    batch = parse_daily([GOOD, entry, GOOD])
    assert [paper.id for paper in batch.papers] == ["2611.11111"]
    assert batch.skipped == 1
    assert reason in caplog.text


@pytest.mark.parametrize("field", ["summary", "authors", "publishedAt", "organization", "ai_keywords", "mediaUrls"])
@pytest.mark.parametrize("value", [None, 3, "text", ["a", None, {}], {"name": 5}])
def test_a_field_of_the_wrong_type_costs_that_field_only(field: str, value: object) -> None:
    assert only(item("2611.00001", "Kept", **{field: value})).title == "Kept"


def test_what_a_list_of_authors_leaves_in_a_name_is_left_out() -> None:
    names = ["Ann Roe§", "and Ian Doe", "Andrea Poe*†", "M* Roe"]
    paper = only(item("2611.00001", authors=[{"name": name} for name in names]))
    assert paper.authors == ("Ann Roe", "Ian Doe", "Andrea Poe", "M* Roe")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["id", "title", "summary", "authors", "publishedAt", "submittedOnDailyAt", "upvotes", "organization"]


@settings(max_examples=examples(150))
@given(st.lists(JSON | st.fixed_dictionaries({"paper": st.dictionaries(st.sampled_from(FIELDS), JSON)}), max_size=4))
def test_no_json_is_fatal(items: list[object]) -> None:
    batch = parse_daily([*items, GOOD])
    assert batch.papers[-1].id == "2611.11111"
    assert len(batch.papers) + batch.skipped <= len(items) + 1


@settings(max_examples=examples(200))
@given(
    st.text(alphabet=st.characters(codec=None), max_size=60) | st.sampled_from(["\x1b]52;c;cHduZWQ=\x07x", "\u202ex"])
)
def test_no_text_brings_a_control_character_in(text: str) -> None:
    entry = item("2611.00001", f"t{text}", summary=text, authors=[{"name": text}], ai_keywords=[text], ai_summary=text)
    paper = only(entry)
    shown = "".join([paper.title, *paper.authors, *paper.keywords, *f"{paper.abstract}{paper.ai_summary}".split("\n")])
    assert not {c for c in shown if unicodedata.category(c) in ("Cc", "Cs") or c in "\u202e\u2066\ufeff"}


def test_one_paper_brings_what_is_linked_to_it() -> None:
    answer = item("2611.00001", "T", DAY)["paper"] | {
        "linkedModels": [
            {"id": "lab/m", "likes": 2, "downloads": 9, "pipeline_tag": "text-generation"},
            {"id": "../x"},
        ],
        "numTotalModels": 72,
        "linkedDatasets": None,
        "linkedSpaces": [{"id": "lab/s", "shortDescription": "A demo"}],
    }
    details = parse_details(answer)
    assert details.paper.listed == DAY
    assert [(model.url, model.about, model.downloads) for model in details.models] == [
        ("https://huggingface.co/lab/m", "text-generation", 9)
    ]
    assert [space.url for space in details.spaces] == ["https://huggingface.co/spaces/lab/s"]
    assert details.totals == (72, 0, 1)


def test_comments_are_read_without_the_hidden_ones() -> None:
    raw = {"id": "c1", "author": {"fullname": "Ann"}, "createdAt": "2026-11-20T10:00:00Z"}
    data = {"latest": {"raw": "Nice\x1b[2J *work*\nreally"}, "reactions": [{"reaction": "👍", "count": 2}, None]}
    hidden = raw | {"id": "c2", "data": data | {"hidden": True}}
    reply = raw | {"id": "c3", "data": data | {"parentCommentId": "c1"}}
    found = parse_comments({"comments": [raw | {"data": data}, hidden, reply, None, 5]})
    assert [comment.id for comment in found] == ["c1", "c3"]
    assert found[0].text == "Nice *work*\nreally"
    assert found[0].written == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert found[0].reactions == (("👍", 2),)
    assert found[1].parent == "c1"
