"""Feeds are read without a complaint by a strict reader, whatever is in a title, and their ids never change."""

import time
import xml.etree.ElementTree as ElementTree
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.exchange.feed import feed_text
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Entry, Paper
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.cli.parser import build_parser
from tests.conftest import MakePaper
from tests.support.examples import examples

TORTURE = (
    "<script>alert(1)</script> & more",
    "]]> ends no CDATA <![CDATA[",
    "&amp; &lt;b&gt; &#x41; &nope;",
    "\"quoted\" 'twice'",
    "深度学习 und Umlaute: äöü ß, \U0001f600",
    "Ünïcode, \ufffd replaced",
    "a < b > c",
    "https://example.org/?a=1&b=2",
)
HEAD = ("Papers: agents", "agents")


def a_paper(**facts: Any) -> Paper:
    known = {"id": "2611.00001", "title": "One", "abstract": "It behaves.", "authors": ("Ada Lovelace", "Bo Li")}
    return Paper(**(known | {"listed": date(2026, 11, 20), "sources": ("hf",)} | facts))


def read(*papers: Paper, head: tuple[str, str] = HEAD) -> Any:
    """The feed as feedparser reads it, which must have nothing to complain about."""
    found = feedparser.parse(feed_text([Entry(paper) for paper in papers], *head).encode())
    assert not found.bozo, found.get("bozo_exception")
    return found


def test_a_reader_finds_title_link_date_and_authors() -> None:
    found = read(a_paper())
    (entry,) = found.entries
    assert found.feed.title == "Papers: agents"
    assert (entry.title, entry.link) == ("One", "https://huggingface.co/papers/2611.00001")
    assert entry.id == "https://arxiv.org/abs/2611.00001"
    assert time.strftime("%Y-%m-%d", entry.published_parsed) == "2026-11-20"
    assert "Ada Lovelace" in str(entry.authors)
    assert "It behaves." in entry.content[0].value


@pytest.mark.parametrize("title", TORTURE)
def test_titles_survive_unchanged(title: str) -> None:
    text = feed_text([Entry(a_paper(title=title))], title, title)
    root = ElementTree.fromstring(text.encode())
    titles = [element.text for element in root.iter() if element.tag.rpartition("}")[2] == "title"]
    assert titles == [title, title]
    assert len(read(a_paper(title=title, abstract=title, authors=(title,), keywords=(title,))).entries) == 1


def test_content_is_html_in_which_untrusted_text_is_text() -> None:
    (entry,) = read(a_paper(abstract="a <b> & c")).entries
    assert "a &lt;b&gt; &amp; c" in entry.content[0].value


@settings(max_examples=examples(40))
@given(st.text(st.characters(), max_size=60))
def test_no_character_breaks_a_feed(text: str) -> None:
    paper = a_paper(title=text, abstract=text, authors=(text,), keywords=(text,), comment=text, organization=text)
    ElementTree.fromstring(feed_text([Entry(paper)], text, text).encode())


def test_the_same_papers_give_the_same_feed() -> None:
    entries = [Entry(a_paper()), Entry(a_paper(id="2611.00002", listed=None))]
    assert feed_text(entries, *HEAD) == feed_text(entries, *HEAD)


def test_an_id_stays_when_the_hub_lists_a_paper_of_arxiv() -> None:
    before, after = (read(a_paper(sources=sources)).entries[0] for sources in (("arxiv",), ("arxiv", "hf")))
    assert before.id == after.id
    assert before.link != after.link


def test_a_paper_without_links_and_dates_has_an_id_too() -> None:
    local = Paper(id="local-2026-05-0123456789ab", title="Draft")
    (entry,) = read(local).entries
    assert entry.id.startswith("urn:uuid:")
    assert time.strftime("%Y", entry.published_parsed) == "1970"


def test_a_paper_without_a_day_has_the_time_at_which_it_came() -> None:
    (entry,) = read(Paper(id="2611.00001", title="One", added="2026-11-02T03:04:05Z")).entries
    assert entry.published == "2026-11-02T03:04:05Z"


def test_a_new_version_updates_an_entry_and_the_feed() -> None:
    found = read(a_paper(updated=date(2026, 11, 22)))
    assert (found.entries[0].updated, found.feed.updated) == ("2026-11-22T00:00:00Z",) * 2


def test_a_feed_of_nothing_is_a_feed() -> None:
    assert read().entries == []


def test_atom_has_what_rfc_4287_asks_for() -> None:
    names = {"a": "http://www.w3.org/2005/Atom"}
    root = ElementTree.fromstring(feed_text([Entry(a_paper(authors=()))], *HEAD).encode())
    for parent in (root, root.find("a:entry", names)):
        assert parent is not None
        for tag in ("id", "title", "updated"):
            (found,) = parent.findall(f"a:{tag}", names)
            assert found.text
    assert root.find("a:author/a:name", names) is not None
    (updated,) = root.findall("a:updated", names)
    assert datetime.fromisoformat(updated.text or "").tzinfo == UTC


def test_no_paper_is_in_a_feed_twice() -> None:
    assert feed_text([Entry(a_paper())] * 2, *HEAD) == feed_text([Entry(a_paper())], *HEAD)


def test_the_summary_by_a_model_is_marked_as_one() -> None:
    (entry,) = read(a_paper(ai_summary="Short.", upvotes=3)).entries
    assert "<strong>Summary by a model:</strong> Short." in entry.content[0].value
    assert "3 upvotes" in entry.content[0].value


def test_the_command_writes_the_papers_of_a_query(places: Places, make_paper: MakePaper, tmp_path: Path) -> None:
    Library(places).add([make_paper(number) for number in range(1, 6)], "hf")
    target = tmp_path / "feed.xml"
    options = build_parser(["feed"]).parse_args(["feed", "upvotes:>2", "--limit", "2", "-o", str(target)])
    assert options.run(options) == 0
    assert [entry.id[-1] for entry in feedparser.parse(target.read_bytes()).entries] == ["5", "4"]
