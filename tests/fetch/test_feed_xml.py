"""Feeds that are not quite XML lose at most the broken entry."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.fetch.arxiv.feed_xml import MAX_ENTRIES, decoded, read_feed
from paperdeck.storage.fetch.arxiv.parser import Feed, parse_feed, parse_listing
from paperdeck.storage.fetch.http.answers import BadAnswer
from tests.fetch.test_arxiv import ITEM, RSS
from tests.support.examples import examples
from tests.support.hub import atom_feed


def entry(number: int, title: str = "A Title") -> str:
    return f"<entry><id>http://arxiv.org/abs/2611.{number:05}v1</id><title>{title}</title></entry>"


def page(*titles: str) -> str:
    return atom_feed("".join(entry(number, title) for number, title in enumerate(titles, 1)), len(titles))


def titles(feed: Feed) -> list[str]:
    return [paper.title for paper in feed.papers]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("form\x0cfeed", "formfeed"),
        ("vertical&#x0b;tab", "verticaltab"),
        ("null&#0; and &#11;", "null and"),
        ("half&#xD83D;", "half"),
        ("a&nbsp;b", "a b"),
        ("M&uuml;ller &mdash; caf&eacute;", "Müller — café"),
        ("R&D", "R&D"),
        ("Q & A", "Q & A"),
        ("&nosuchentity;", "&nosuchentity;"),
        ("&lt;i&gt; &amp;", "<i> &"),
        ("<![CDATA[R&D <b>]]>", "R&D <b>"),
    ],
)
def test_a_character_that_xml_forbids_costs_nothing(written: str, read: str) -> None:
    found = parse_feed(page("First", written, "Last").encode())
    assert titles(found) == ["First", read, "Last"]
    assert found.skipped == 0


@pytest.mark.parametrize(
    "broken",
    ["<b>never closed", "</summary>", "a < b", "<!-- never closed", "<![CDATA[ never closed", '<a href="x>y</a>'],
)
def test_a_broken_entry_is_left_out_and_counted(broken: str) -> None:
    names = [f"Paper {number}" for number in range(20)]
    found = parse_feed(page(*names[:10], broken, *names[10:]).encode())
    assert titles(found) == names
    assert found.skipped == 1
    assert found.total == 21


@pytest.mark.parametrize("piece", ["<!DOCTYPE[", "<!DOCTYPE", "<![CDATA["])
def test_a_hundred_thousand_beginnings_without_an_end_take_a_moment(piece: str) -> None:
    for text in (piece * 100_000 + page("A Title"), page(piece * 100_000)):
        with suppress(BadAnswer):
            parse_feed(text.encode())


def test_an_entry_without_an_end_costs_only_itself() -> None:
    text = page("First", "Second", "Last").replace("Second</title></entry>", "Second</title>")
    assert titles(parse_feed(text.encode())) == ["First", "Last"]


def test_a_broken_item_of_an_announcement_is_left_out_and_counted() -> None:
    items = [ITEM.format(number=number, kind="new") for number in (1, 2, 3)]
    items[1] = items[1].replace("A Title", "<b>")
    listing = parse_listing(RSS.format(items="".join(items)).encode())
    assert [paper.id for paper in listing.papers] == ["2611.00001", "2611.00003"]
    assert listing.skipped == 1
    assert listing.day


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("ISO-8859-1", "latin-1"), ("windows-1252", "cp1252"), ("utf-8", "utf-8"), ("UTF-16", "utf-16")],
)
def test_a_feed_is_decoded_as_it_declares(declared: str, encoding: str) -> None:
    text = page("café").replace("UTF-8", declared)
    assert titles(parse_feed(text.encode(encoding))) == ["café"]


def test_the_header_counts_where_the_feed_declares_nothing() -> None:
    text = page("café").partition("?>")[2]
    assert titles(parse_feed(text.encode("latin-1"), "iso-8859-1")) == ["café"]


@pytest.mark.parametrize("declared", ["UTF-8", "no-such-code", "zlib", "unicode_escape"])
def test_one_byte_of_another_encoding_spoils_no_letter(declared: str) -> None:
    body = page("žluťoučký", "caf_").replace("UTF-8", declared).encode().replace(b"caf_", b"caf\xe9")
    assert titles(parse_feed(body)) == ["žluťoučký", "café"]


def test_text_after_the_end_is_ignored() -> None:
    assert titles(parse_feed(page("One").encode() + b"<!-- 0.2 s --> <br> Goodbye")) == ["One"]


def test_half_a_feed_and_a_web_page_may_be_whole_next_time() -> None:
    for body in (page("One").encode()[:-10], b"<!DOCTYPE html><html><title>504</title></html>"):
        with pytest.raises(BadAnswer) as caught:
            parse_feed(body)
        assert caught.value.is_transient


def test_a_feed_of_nothing_but_broken_entries_is_not_an_answer() -> None:
    with pytest.raises(BadAnswer) as caught:
        parse_feed(page("<b>", "<i>").encode())
    assert not caught.value.is_transient


def test_a_feed_of_far_too_many_entries_is_cut_before_it_is_parsed() -> None:
    root, broken = read_feed(atom_feed("<entry/>" * (MAX_ENTRIES * 3)).encode(), "", "entry")
    assert (len(root.findall("{http://www.w3.org/2005/Atom}entry")), broken) == (MAX_ENTRIES, 0)
    assert len(parse_feed(page(*["T"] * 9).encode(), limit=4).papers) == 4


@settings(max_examples=examples(40))
@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_are_a_feed_or_a_bad_answer(body: bytes, title: str) -> None:
    for tried in (body, b"<feed>" + body + b"</feed>", page("One", title).encode("utf-8", "replace")):
        with suppress(BadAnswer):
            parse_feed(tried)
    assert isinstance(decoded(body), str)
