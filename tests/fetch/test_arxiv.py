"""arXiv's feeds: both layouts, its errors, its announcements, and no DTD."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.errors import InvalidInput, SourceError
from paperdeck.storage.fetch.arxiv.fields import author_name, split_creator
from paperdeck.storage.fetch.arxiv.parser import check_category, parse_feed, parse_listing
from paperdeck.storage.fetch.http.answers import BadAnswer
from paperdeck.storage.paper import Paper
from tests.support.examples import examples
from tests.support.hub import atom_feed

NEW = """<entry>
  <id>http://arxiv.org/abs/2202.12139v3</id>
  <title>Testing $\\omega$Models:
    A Study</title>
  <updated>2022-03-01T15:05:19Z</updated>
  <link href="https://arxiv.org/abs/2202.12139v3" rel="alternate" type="text/html"/>
  <summary>  First &amp; foremost,
we test.</summary>
  <category term="cs.SE" scheme="http://arxiv.org/schemas/atom"/>
  <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
  <category term="68T50" scheme="http://arxiv.org/schemas/atom"/>
  <category term="I.2.7" scheme="http://arxiv.org/schemas/atom"/>
  <published>2022-02-24T23:30:00Z</published>
  <arxiv:comment>9 pages,
    accepted somewhere</arxiv:comment>
  <arxiv:primary_category term="cs.LG"/>
  <arxiv:journal_ref>J. Tests 4 (2022) 1-9</arxiv:journal_ref>
  <author><name>Zoë Ångström</name><arxiv:affiliation>Somewhere</arxiv:affiliation></author>
  <author><name>Bob</name></author>
  <arxiv:doi>10.1000/xyz</arxiv:doi>
</entry>"""

OLD = """<entry>
  <id>http://arxiv.org/abs/hep-ex/0307015</id>
  <published>2003-07-07T23:46:39-04:00</published>
  <updated>2003-07-07T23:46:39-04:00</updated>
  <title type="html">Multi-Electron Production</title>
  <summary type="html">Electrons.
</summary>
  <author><name>H1 Collaboration</name></author>
  <arxiv:primary_category term="hep-ex" scheme="http://arxiv.org/schemas/atom"/>
  <category term="hep-ex" scheme="http://arxiv.org/schemas/atom"/>
</entry>"""

ERROR = """<entry><id>{prefix}arxiv.org/api/errors#incorrect_id_format_for_abc</id><title>Error</title>
  <summary>incorrect id format for abc</summary><author><name>arXiv api core</name></author></entry>"""

RSS = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>cs.CL updates on arXiv.org</title><pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate>
<skipDays><day>Sunday</day></skipDays>{items}</channel></rss>"""

ITEM = """<item><title>A Title</title><link>https://arxiv.org/abs/2611.0000{number}</link>
<description>arXiv:2611.0000{number}v2 Announce Type: {kind} \nAbstract: We say arXiv:1 things.</description>
<guid isPermaLink="false">oai:arXiv.org:2611.0000{number}v2</guid><category>cs.CL</category>
<pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate><arxiv:announce_type>{kind}</arxiv:announce_type>
<arxiv:DOI>10.1000/abc</arxiv:DOI><arxiv:journal_reference>J. of X</arxiv:journal_reference>
<dc:creator>Ann Lee (Lab, Paris), Bo Li</dc:creator></item>"""


def feed(*entries: str, total: int = 1) -> bytes:
    return atom_feed("".join(entries), total).encode()


def only(entry: str) -> Paper:
    [paper] = parse_feed(feed(entry)).papers
    return paper


def test_todays_layout_is_read_whole() -> None:
    assert only(NEW) == Paper(
        id="2202.12139",
        version=3,
        title="Testing $\\omega$Models: A Study",
        abstract="First & foremost, we test.",
        authors=("Zoë Ångström", "Bob"),
        published=date(2022, 2, 24),
        updated=date(2022, 3, 1),
        categories=("cs.LG", "cs.SE"),
        comment="9 pages, accepted somewhere",
        journal_ref="J. Tests 4 (2022) 1-9",
        doi="10.1000/xyz",
    )


def test_the_old_layout_is_read_too_with_its_dates_in_utc() -> None:
    paper = only(OLD)
    assert (paper.id, paper.version, paper.published) == ("hep-ex/0307015", None, date(2003, 7, 8))
    assert paper.authors == ("H1 Collaboration",)
    assert paper.primary_category == "hep-ex"


@pytest.mark.parametrize("prefix", ["http://", "https://", "http://export."])
def test_an_error_feed_is_an_error_with_arxivs_own_words(prefix: str) -> None:
    with pytest.raises(SourceError, match="incorrect id format for abc"):
        parse_feed(feed(ERROR.format(prefix=prefix)))


def test_a_paper_called_error_is_a_paper() -> None:
    assert only(NEW.replace("Testing $\\omega$Models:\n    A Study", "Error")).title == "Error"


def test_a_feed_without_entries_is_an_answer() -> None:
    assert parse_feed(feed(total=0)).papers == ()


def test_an_entry_without_id_is_skipped_and_its_neighbours_stay() -> None:
    found = parse_feed(feed(OLD, NEW.replace("2202.12139v3", "nonsense"), NEW, total=900))
    assert [paper.id for paper in found.papers] == ["hep-ex/0307015", "2202.12139"]
    assert found.skipped == 1
    assert found.total == 900


@pytest.mark.parametrize(
    ("comment", "withdrawn"),
    [
        ("This paper has been withdrawn by the authors due to an error", True),
        ("Withdrawn: the proof of Lemma 2 is wrong", True),
        ("The article was withdrawn", True),
        ("The paper contains an error and has been withdrawn", True),
        ("We found a gap in the proof and we are withdrawing the paper", True),
        ("Unfortunately, this paper has been withdrawn", True),
        ("Due to a mistake, the paper has been withdrawn", True),
        ("Withdrawn from arXiv", True),
        ("[WITHDRAWN]", True),
        ("*** WITHDRAWN ***", True),
        ("Withdrawal: an error was found", True),
        ("The v1 of this paper has been withdrawn", True),
        ("This paper has been removed by the author", True),
        ("Withdrawn and rejected papers: an analysis", False),
        ("12 pages. Due to its length, the appendix is withdrawn from the print", False),
        ("This submission has been withdrawn by arXiv administrators", True),
        ("12 pages. The paper is withdrawn due to an error in Lemma 2", True),
        ("12 pages, 3 figures; withdrawn by the authors", True),
        ("10 pages, paper withdrawn", True),
        ("We withdraw this paper because of a flaw", True),
        ("The author wishes to withdraw this submission", True),
        ("The first author has withdrawn this manuscript", True),
        ("This paper (v2) has been withdrawn", True),
        ("This paper has been retracted", True),
        ("Withdrawn from ICLR 2024 and resubmitted", False),
        ("This paper was withdrawn from a conference", False),
        ("Withdrawn papers of ten years, a data set", False),
        ("We withdraw from the assumption that errors are small", False),
        ("A study of retracted papers", False),
        ("We study how withdrawn papers are cited, 9 pages", False),
        ("This paper studies papers. Some were withdrawn", False),
        ("This paper tells which others were withdrawn", False),
    ],
)
def test_a_withdrawn_paper_says_so_in_its_comment(comment: str, withdrawn: bool) -> None:
    assert only(NEW.replace("9 pages,\n    accepted somewhere", comment)).withdrawn is withdrawn


@pytest.mark.parametrize(
    ("abstract", "withdrawn"),
    [
        ("Paper has been withdrawn by the authors", True),
        ("This paper has been withdrawn. It held a serious error in its main proof.", True),
        ("We study when patients withdraw. Half of them were withdrawn by their doctors.", False),
    ],
)
def test_a_withdrawn_paper_says_so_in_place_of_its_abstract(abstract: str, withdrawn: bool) -> None:
    entry = NEW.replace("  First &amp; foremost,\nwe test.", abstract)
    assert only(entry).withdrawn is withdrawn


@pytest.mark.parametrize(
    "body",
    [
        b"Rate exceeded.",
        b"<!doctype html><title>Maintenance</title>",
        b"",
        b"<feed>",
        b"<other/>",
        feed(NEW)[:-40],
        b"\xff\xfe<\x00",
    ],
)
def test_what_is_not_a_feed_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        parse_feed(body)
    with pytest.raises(BadAnswer):
        parse_listing(body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize(
    "trick", ['<!DOCTYPE feed [<!ENTITY a "b">]>', "<!doctype feed>", '<!ENTITY a SYSTEM "file:///x">']
)
def test_a_dtd_is_never_read_however_it_is_written(trick: str, encoding: str) -> None:
    text = feed(NEW.replace("A Study", "A Study &a;")).decode()
    text = text.replace("<feed", f"{trick}<feed", 1).replace("UTF-8", encoding)
    [paper] = parse_feed(text.encode(encoding)).papers
    assert paper.title.endswith("A Study &a;")


def test_an_announcement_holds_new_papers_and_cross_lists() -> None:
    items = [ITEM.format(number=n, kind=kind) for n, kind in enumerate(["new", "cross", "replace", "replace-cross"], 1)]
    listing = parse_listing(RSS.format(items="".join(items)).encode())
    assert [paper.id for paper in listing.papers] == ["2611.00001", "2611.00002"]
    assert listing.day == date(2026, 11, 20)
    assert listing.papers[0] == Paper(
        id="2611.00001",
        version=2,
        title="A Title",
        abstract="We say arXiv:1 things.",
        authors=("Ann Lee", "Bo Li"),
        listed=date(2026, 11, 20),
        categories=("cs.CL",),
        journal_ref="J. of X",
        doi="10.1000/abc",
    )


def test_an_odd_date_of_an_item_or_the_feed_is_left_out() -> None:
    odd = "Mon, 30 Nov 2026 00:00:00 " + "9" * 300
    rss = RSS.format(items=ITEM.format(number=1, kind="new")).replace("Fri, 20 Nov 2026 00:00:00 -0500", odd)
    listing = parse_listing(rss.encode())
    assert ([(paper.id, paper.listed) for paper in listing.papers], listing.day) == ([("2611.00001", None)], None)


def test_a_weekend_announces_nothing_and_that_is_an_answer() -> None:
    assert parse_listing(RSS.format(items="").encode()).papers == ()


def test_a_category_that_does_not_exist_is_reported() -> None:
    with pytest.raises(SourceError, match="no such feed"):
        parse_listing(RSS.format(items="").replace("cs.CL updates", "Feed error for query: cs.XX").encode())


def test_names_in_an_announcement_may_hold_commas_in_parentheses() -> None:
    assert split_creator("A B (X, Y (Z, W)), C D, , E) F") == ("A B", "C D", "E F")


@pytest.mark.parametrize(
    ("creator", "names"),
    [
        ("Ann Roe, Bob Doe, Jr., Carl Poe III", ("Ann Roe", "Bob Doe Jr.", "Carl Poe III")),
        ("Bob Doe, III (Lab), Ann Roe, Sr", ("Bob Doe III", "Ann Roe Sr")),
        ("Ivan Ii, Ann Roe", ("Ivan Ii", "Ann Roe")),
        ("Jr.", ("Jr.",)),
    ],
)
def test_a_suffix_after_a_comma_belongs_to_the_name_before_it(creator: str, names: tuple[str, ...]) -> None:
    assert split_creator(creator) == names


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Bob Doe (2) ((1) A Univ., (2) B Univ., Town)", "Bob Doe"),
        ("Ann Roe (MIT)", "Ann Roe"),
        ("Ann Roe (1", "Ann Roe"),
        ("Robert (Bob) Smith", "Robert (Bob) Smith"),
        (":", ""),
        ("1", ""),
        ("(1) A University", ""),
        ("2) B University)", ""),
        ("for the T2K Collaboration", "T2K Collaboration"),
        ("(on behalf of the T2K Collaboration)", "T2K Collaboration"),
        ("The T2K Collaboration", "The T2K Collaboration"),
        ("John Q. Public,", "John Q. Public"),
        ("张 三", "张 三"),
    ],
)
def test_affiliations_and_leftovers_are_not_names(written: str, name: str) -> None:
    assert author_name(written) == name


@pytest.mark.parametrize("link", ["https://rss.arxiv.org/abs/2611.00001", "http://export.arxiv.org/abs/2611.00001v2"])
def test_an_announcement_may_link_to_any_host_of_arxiv(link: str) -> None:
    item = ITEM.format(number=1, kind="new").replace("oai:arXiv.org:2611.00001v2", link)
    [paper] = parse_listing(RSS.format(items=item).encode()).papers
    assert paper.id == "2611.00001"


@pytest.mark.parametrize("name", ["cs.CL", "hep-th", "astro-ph.GA", "cond-mat.mtrl-sci", "physics.hist-ph", "q-bio.NC"])
def test_categories_have_this_form(name: str) -> None:
    assert check_category(name) == name


@pytest.mark.parametrize("name", ["", "cs.", "CS.CL", "cs.CL OR all:x", "../x", "cs.CL+cs.LG", "cs\n", "c" * 50])
def test_anything_else_is_not_a_category(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"cs\.CL"):
        check_category(name)


@settings(max_examples=examples(100))
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50))
def test_no_text_of_a_feed_brings_a_control_character_in(text: str) -> None:
    safe = "".join(c for c in text if c.isprintable() or c in "\u202e\u200b\n\t\x85").replace("&", "").replace("<", "")
    paper = only(NEW.replace("A Study", safe).replace("Bob", f"B{safe}"))
    shown = "".join([paper.title, *paper.authors])
    assert not {c for c in shown if unicodedata.category(c) == "Cc" or c == "\u202e"}


# -- against another reader of the same feeds ----------------------------------------------------------------------

ONE_AUTHOR = """<entry>
  <id>http://arxiv.org/abs/math/0601001v12</id>
  <title>Sums &lt; Products</title>
  <updated>2026-01-01T00:00:00Z</updated>
  <link href="https://arxiv.org/abs/math/0601001v12" rel="alternate" type="text/html"/>
  <link href="https://arxiv.org/pdf/math/0601001v12" rel="related" type="application/pdf" title="pdf"/>
  <link href="https://doi.org/10.1000/sums(2006)" rel="related" title="doi"/>
  <summary>Short.</summary>
  <category term="math.NT" scheme="http://arxiv.org/schemas/atom"/>
  <published>2005-12-31T23:59:59Z</published>
  <arxiv:primary_category term="math.NT"/>
  <author><name>张 三</name></author>
  <arxiv:doi>10.1000/sums(2006)</arxiv:doi>
</entry>"""

OLD_AND_FULL = """<entry>
  <id>http://arxiv.org/abs/1011.0352v2</id>
  <updated>2011-02-03T20:00:00-05:00</updated>
  <published>2010-11-01T15:00:22-04:00</published>
  <title>Trees, grown
  over two lines</title>
  <summary>  A first line
and a second one: $x &lt; y$.
</summary>
  <author><name>Jane Q. Doe</name><arxiv:affiliation>Here</arxiv:affiliation></author>
  <author><name>José  Núñez</name></author>
  <author><name>The T2K Collaboration</name></author>
  <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1103/PhysRevX.1.1</arxiv:doi>
  <link title="doi" href="http://dx.doi.org/10.1103/PhysRevX.1.1" rel="related"/>
  <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">4 pages,
  2 figures</arxiv:comment>
  <arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">Phys. Rev. X 1,
  1 (2011)</arxiv:journal_ref>
  <link href="http://arxiv.org/abs/1011.0352v2" rel="alternate" type="text/html"/>
  <link title="pdf" href="http://arxiv.org/pdf/1011.0352v2" rel="related" type="application/pdf"/>
  <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="stat.ML"/>
  <category term="stat.ML" scheme="http://arxiv.org/schemas/atom"/>
  <category term="cond-mat.mtrl-sci" scheme="http://arxiv.org/schemas/atom"/>
  <category term="62H30, 68T05" scheme="http://arxiv.org/schemas/atom"/>
</entry>"""

Facts = dict[str, Any]


@pytest.fixture
def other_reader() -> Iterator[Callable[[bytes], list[Any]]]:
    """What the public client of the `arxiv` package makes of a feed that it is given on loopback."""
    arxiv = pytest.importorskip("arxiv")
    answer = b""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    def read(feed: bytes) -> list[Any]:
        nonlocal answer
        answer = feed
        client = arxiv.Client(delay_seconds=0, num_retries=0)
        client.query_url_format = f"http://127.0.0.1:{server.server_port}/?{{}}"
        return list(client.results(arxiv.Search(query="all")))

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield read
    server.shutdown()
    thread.join()
    server.server_close()


def on_one_line(text: str | None) -> str | None:
    """The text as we keep it; the package leaves the line feeds of the feed in."""
    return " ".join(text.split()) if text else None


def theirs(result: Any) -> Facts:
    """The package's facts in our form: days in UTC, lines joined, arXiv's own categories with the primary one first."""
    codes = {"68T50", "I.2.7", "62H30, 68T05"}  # of ACM and MSC, which we leave out
    names = [result.primary_category, *result.categories]
    links = [link.href.replace("http:", "https:") for link in result.links if link.title != "doi"]
    return {
        "id": result.get_short_id(),
        "title": on_one_line(result.title),
        "abstract": on_one_line(result.summary),
        "authors": [on_one_line(author.name) for author in result.authors],
        "published": result.published.date(),
        "updated": result.updated.date(),
        "categories": [name for name in dict.fromkeys(names) if name not in codes],
        "primary": result.primary_category,
        "comment": on_one_line(result.comment),
        "journal": on_one_line(result.journal_ref),
        "doi": result.doi,
        "links": links,
    }


def ours(paper: Paper, links: int) -> Facts:
    """The same facts of ours; the links are made from the id, and as many are compared as the feed names."""
    version = f"v{paper.version}" if paper.version else ""
    return {
        "id": paper.id + version,
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": list(paper.authors),
        "published": paper.published,
        "updated": paper.updated,
        "categories": list(paper.categories),
        "primary": paper.primary_category,
        "comment": paper.comment,
        "journal": paper.journal_ref,
        "doi": paper.doi,
        "links": [f"{link}{version}" for link in (paper.abs_url, paper.pdf_url)][:links],
    }


def test_it_agrees_with_the_arxiv_package(other_reader: Callable[[bytes], list[Any]]) -> None:
    body = feed(NEW, OLD, ONE_AUTHOR, OLD_AND_FULL, total=4)
    for paper, result in zip(parse_feed(body).papers, other_reader(body), strict=True):
        expected = theirs(result)
        assert ours(paper, len(expected["links"])) == expected
