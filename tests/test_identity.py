"""Which paper is this? The same answer at every door (A of truth)."""

from __future__ import annotations

from itertools import islice, product
from typing import Any

import pytest

from paperdeck.storage.identity import IdentityIndex, is_same, new_local_id, title_key
from paperdeck.storage.paper import Paper

LOCAL = "local-undated-0123456789ab"


def local(**facts: Any) -> Paper:
    known = {"title": "Learning Things Deeply", "authors": ("Jane Doe",), "issued": "2019"} | facts
    return Paper(id=new_local_id(Paper(id=LOCAL, **known)), **known)


SAME = [
    {"authors": ("J. Doe",)},
    {"authors": ("Doe, Jane",)},
    {"issued": "2019-05"},
    {"issued": "2020"},
    {"issued": None},
    {"title": "Learning -- Things: “Deeply”"},
    {"title": r"Learning \emph{Things} {D}eeply"},
    {"doi": "10.1000/Deep."},
]


@pytest.mark.parametrize("facts", SAME)
def test_one_paper_however_it_is_written(facts: dict[str, Any]) -> None:
    """A10."""
    assert is_same(local(doi="10.1000/deep"), local(**facts))
    assert IdentityIndex([local(doi="10.1000/deep")]).find(local(**facts)) == local(doi="10.1000/deep")


@pytest.mark.parametrize(
    "facts",
    [
        {"issued": "2022"},
        {"doi": "10.1000/other"},
        {"authors": ("Ann Roe", "Jane Doe")},
        {"authors": ()},
        {"authors": ("Anna Doe",)},
        {"authors": ("Anna Doe", "Ian Roe")},
        {"title": "Learning Things Deeply++"},
        {"title": "Learning Things Deeply 2"},
        {"title": "Comment on “Learning Things Deeply”"},
    ],
)
def test_two_papers_however_alike(facts: dict[str, Any]) -> None:
    """A9, A10 and part C: no surname alone, nothing without authors, no other year or DOI, digits and signs count."""
    assert not is_same(local(doi="10.1000/deep"), local(**facts))
    assert local(doi="10.1000/deep").id != local(**facts).id


def book(**fields: str) -> Paper:
    return local(record=(("@type", "book"), *fields.items()))


def test_editions_of_a_book_are_told_apart_by_number_and_isbn() -> None:
    first = book(edition="First", isbn="0-306-40615-2")
    for other in (book(edition="2nd"), book(edition="Second"), book(isbn="978-0-262-03561-3"), book(edition="Revised")):
        assert not is_same(first, other)
        assert len({first.id, other.id, book().id}) == 3
    for other in (book(), book(edition="1"), book(edition="1st ed."), book(isbn="9780306406157, 9780262035613")):
        assert is_same(first, other)
    chapters = [local(record=(("@type", "incollection"), ("isbn", isbn))) for isbn in ("0306406152", "9780262035613")]
    assert is_same(*chapters)  # of a volume on paper and on the screen


def test_many_works_of_one_title_are_told_apart_in_a_moment() -> None:
    """Books of one author and chapters of many took a minute: each was compared with all others."""
    books = [book(isbn=f"978{number:09}0") for number in range(1500)]
    names = ("".join(letters) for letters in product("abcdefghijkl", repeat=3))
    chapters = [local(authors=(f"Ann R{name}",), record=(("@type", "inbook"),)) for name in islice(names, 1500)]
    known = IdentityIndex([*books, *chapters])
    for paper in (*books, *chapters):
        assert known.same(paper) == [paper]
    assert known.same(local(authors=("Ann Raaa", "Jane Doe"))) == chapters[:1]
    assert len(known.same(book())) == 1500  # without an ISBN it may be any of them


def test_a_paper_without_authors_is_found_by_its_abstract() -> None:
    abstract = "We learn many things, each of them more deeply than any of those before it."
    whole, bare = local(abstract=abstract), local(abstract=abstract, authors=())
    for known, wanted in ((whole, bare), (bare, whole)):
        assert IdentityIndex([local(authors=("Bob Poe",)), known]).find(wanted) == known


def test_a_co_author_outweighs_the_letter_of_a_given_name() -> None:
    assert is_same(local(authors=("Bob Doe", "Ann Roe")), local(authors=("R. Doe", "Roe, A.")))


def test_titles_that_thousands_of_works_have_need_the_same_year() -> None:
    assert not is_same(local(title="Editorial"), local(title="Editorial", issued="2020"))
    assert not is_same(local(title="Preface"), local(title="Preface", issued=None))
    assert is_same(local(title="Preface"), local(title="Preface"))
    for title in ("Letter to the Editor", "Book Review", "Introduction to the Special Issue", "In Memoriam"):
        assert not is_same(local(title=title), local(title=title, issued="2020"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("C", "C++"), ("A*", "A"), ("F#", "F"), ("GPT-4", "GPT-4o"), ("Top 1", "Top")),
        *(("Case $p<2$", "Case $p>2$"), ("n = 1", "n ≠ 1"), (r"$k \le 3$", r"$k \ge 3$"), ("x < -1", "x > -1")),
    ],
)
def test_signs_and_digits_part_titles(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


def test_formulas_and_symbols_are_compared_as_they_are_read() -> None:
    assert title_key("In $O(n^2)$ Steps") == title_key("In O(n^2) steps") == title_key("In O(n²) steps")
    assert title_key("From A -> B, if k <= 3") == title_key(r"From A $\to$ B, if $k \le 3$")


def test_an_arxiv_id_comes_first() -> None:
    one, other = Paper(id="2401.00001", title="T", doi="10.1/a"), Paper(id="2401.00002", title="T", doi="10.1/a")
    assert not is_same(one, other)
    assert IdentityIndex([one, other]).find(local(title="T", doi="10.1/a")) is None  # two candidates are a doubt
    assert IdentityIndex([one]).find(local(title="X", doi="10.1/A")) == one
