"""Which paper is this? The same answer at every door."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice, permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.identifiers import local_id
from paperdeck.storage.identity import Description, ids_of, is_same, new_local_id, title_key
from paperdeck.storage.identity_index import IdentityIndex
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
    """No surname alone, nothing without authors, no other year or DOI, digits and signs count."""
    assert not is_same(local(doi="10.1000/deep"), local(**facts))
    assert local(doi="10.1000/deep").id != local(**facts).id


KNUTH = "title={The Art}, author={Knuth, Donald}, year={1997}"
UNLIKE = {
    "volumes of a book": ("@book{volume={1}}", "@book{volume={2}}"),
    "numbers of patents": ("@patent{number={US1}}", "@patent{number={EP2}}"),
    "numbers of reports": ("@techreport{number={TR-1}}", "@report{number={TR-11}}"),
    "numbers of standards": ("@standard{number={ISO 1}}", "@standard{number={ISO 2}}"),
    "versions of a program": ("@software{version={1.0}}", "@software{version={2.0}}"),
    "issues of a periodical": ("@periodical{volume={1}, number={1}}", "@periodical{volume={1}, number={2}}"),
    "volumes and pages": (
        "@article{journal={J}, volume={3}, pages={1--9}}",
        "@article{journal={J}, volume={4}, pages={20--40}}",
    ),
    "books and pages of chapters": ("@incollection{booktitle={A}, pages={1}}", "@inbook{booktitle={B}, pages={7}}"),
    "thesis and article": ("@phdthesis{school={MIT}}", "@article{journal={Nature}, doi={10.1038/x}}"),
    "program and article": ("@software{version={1}}", "@article{journal={JOSS}}"),
    "book and article": ("@book{publisher={P}}", "@article{journal={J}}"),
    "patent and article": ("@patent{number={1}}", "@inproceedings{booktitle={B}}"),
    "thesis and paper": ("@phdthesis{school={MIT}}", "@inproceedings{booktitle={B}}"),
    "versions of the same digits": ("@software{version={1.12}}", "@software{version={11.2}}"),
    "reports of the same digits": ("@techreport{number={1-23}}", "@techreport{number={12-3}}"),
    "reports of one year": ("@techreport{number={TR-2019-05}}", "@techreport{number={TR-2019-06}}"),
    "standards of the same digits": ("@standard{number={IEEE 802.11}}", "@standard{number={IEEE 802.1-1}}"),
    "volumes with letters": ("@book{volume={4A}}", "@book{volume={4B}}"),
    "volumes called by letters": ("@book{volume={Part A}}", "@book{volume={Part B}}"),
    "data and report": ("@dataset{publisher={P}}", "@report{institution={I}}"),
}
"""Pairs of works of one title, author and year that are two works."""
ALIKE = {
    "article and paper": ("@article{journal={J}}", "@inproceedings{booktitle={Proc.}}"),
    "preprint and article": ("@online{entrysubtype={preprint}, organization={bioRxiv}}", "@article{journal={J}}"),
    "unknown and program": ("@misc{howpublished={Zenodo}}", "@software{version={1}}"),
    "manuscript and thesis": ("@unpublished{note={A draft}}", "@phdthesis{school={MIT}}"),
    "number with words": ("@report{number={TR-1}}", "@techreport{number={1}}"),
    "pages only": ("@article{journal={J}, pages={1--9}}", "@article{journal={J}, pages={101--109}}"),
    "first page only": ("@article{volume={3}, pages={7}}", "@article{volume={4}, pages={7--9}}"),
    "leading zeros": ("@article{volume={03}, pages={001}}", "@article{volume={3}, pages={1}}"),
    "early access and print": (
        "@article{journal={T}, volume={PP}, number={99}, pages={1-1}}",
        "@article{journal={T}, volume={33}, pages={100--120}}",
    ),
    "early access with its numbers the other way round": (
        "@article{journal={T}, volume={99}, number={PP}, pages={1-1}}",
        "@article{journal={T}, volume={33}, pages={100--120}}",
    ),
    "range in the TeX of other formats": (
        "@incollection{booktitle={Advances in Growth}, pages={10--20}}",
        "@incollection{booktitle={Adv. Growth}, pages={10-{}-20}}",
    ),
    "number of a year": ("@report{number={TR-2019-05}}", "@report{number={2019-5}}"),
    "words and signs before a number": ("@report{number={TR-5}}", "@report{number={Technical Report 5}}"),
    "number of a patent with its kind": ("@patent{number={US7123456B2}}", "@patent{number={7,123,456}}"),
    "application of a patent": ("@patent{number={US 2019/0123456 A1}}", "@patent{number={US20190123456}}"),
    "year of a standard": ("@standard{number={ISO 9001:2015}}", "@standard{number={ISO 9001}}"),
    "Roman volume": ("@book{volume={III}}", "@book{volume={3}}"),
    "title of a volume": ("@book{volume={1: Basics}}", "@book{volume={1}}"),
    "zeros of a version": ("@software{version={v2.0}}", "@software{version={2}}"),
    "chapter in words": ("@inbook{booktitle={B}, chapter={Three}}", "@inbook{booktitle={B}, chapter={3}}"),
    "post and page": ("@online{entrysubtype={blog}}", "@online{url={https://example.org}}"),
    "page and program": ("@online{url={https://example.org}}", "@software{version={1}}"),
    "paper and talk": ("@inproceedings{booktitle={B}}", "@misc{entrysubtype={speech}, eventtitle={B}}"),
    "standard and report": ("@standard{number={RFC 2616}}", "@techreport{institution={IETF}, number={2616}}"),
    "thesis and the book of it": ("@phdthesis{school={MIT}}", "@book{publisher={MIT}}"),
    "preprint and report": (
        "@online{entrysubtype={preprint}, number={2019.01.01}}",
        "@techreport{institution={I}, number={7}}",
    ),
    "part of a book by the book's title": ("@inbook{chapter={7}, publisher={P}}", "@book{publisher={P}}"),
    "volume of one": ("@book{volume={1}}", "@book{publisher={P}}"),
}
"""Pairs that are one work."""


def _described(entry: str, key: str) -> str:
    type_, _, fields = entry[:-1].partition("{")
    return f"{type_}{{{key}, {KNUTH}, {fields}}}"


@pytest.mark.parametrize("what", UNLIKE)
def test_what_tells_works_of_one_title_apart_makes_two(what: str) -> None:
    entries = [_described(entry, key) for entry, key in zip(UNLIKE[what], "ab", strict=True)]
    imported = read_papers("\n".join(entries))
    assert [dict(paper.record)["@key"] for paper in imported.papers] == ["a", "b"]
    one, other = imported.papers
    assert one.id != other.id
    assert not IdentityIndex([one]).same(other)


@pytest.mark.parametrize("what", ALIKE)
def test_works_of_one_title_that_nothing_tells_apart_are_one(what: str) -> None:
    entries = [_described(entry, key) for entry, key in zip(ALIKE[what], "ab", strict=True)]
    for order in (entries, entries[::-1]):
        assert len(read_papers("\n".join(order)).papers) == 1


@pytest.mark.parametrize("order", permutations(("publisher={P}", "volume={1}", "volume={2}")))
def test_an_entry_that_tells_less_joins_no_two_works(order: tuple[str, ...]) -> None:
    imported = read_papers("".join(_described(f"@book{{{fields}}}", f"k{n}") for n, fields in enumerate(order)))
    assert len(imported.papers) == 2
    assert imported.joined == 1


def _earlier_id(paper: Paper) -> str:
    """The id that earlier versions gave to a paper without an author, ISBN or edition."""
    return local_id(f"{title_key(paper.title)} {paper.issued}", "")


WITHOUT_AUTHOR = (
    "@standard{number={ISO 9001}}",
    "@software{version={20.02}}",
    "@article{volume={570}, pages={7}}",
    "@jurisdiction{number={70-18}}",
)


@pytest.mark.parametrize("entry", WITHOUT_AUTHOR)
def test_what_an_earlier_version_imported_is_known_though_its_id_is_made_otherwise(entry: str) -> None:
    type_, _, fields = entry[:-1].partition("{")
    (paper,) = read_papers(f"{type_}{{k, title={{A title}}, year={{2019}}, {fields}}}").papers
    earlier = replace(paper, id=_earlier_id(paper))
    completed = replace(earlier, authors=("Ann Roe",), title="A Title and More")
    assert paper.id != earlier.id
    assert earlier.id in ids_of(paper)
    for known in (earlier, completed):
        assert IdentityIndex([known]).find(paper) == known
    unlike = replace(earlier, record=(("@type", "patent"), ("number", "7")))
    assert not IdentityIndex([unlike]).find(paper)


def test_the_year_tells_two_works_without_authors_apart() -> None:
    assert is_same(local(authors=()), local(authors=(), record=(("@type", "book"), ("edition", "2"))))
    assert not is_same(local(authors=()), local(authors=(), issued="2020"))


@pytest.mark.parametrize("type_", ["PAT", "RPRT", "STAND"])
def test_numbers_tell_works_of_other_formats_apart(type_: str) -> None:
    record = f"TY  - {type_}\nTI  - A method\nAU  - Roe, Ann\nPY  - 2019\nM1  - {{}}\nER  - \n"
    assert len(read_papers(record.format("US1") + record.format("EP2")).papers) == 2


def test_a_title_that_thousands_share_needs_the_same_book() -> None:
    chapter = "@inbook{{{}, title={{Introduction}}, author={{Roe, Ann}}, year=2019, booktitle={{{}}}}}"
    assert len(read_papers(chapter.format("a", "A") + chapter.format("b", "B")).papers) == 2
    assert len(read_papers(chapter.format("a", "A Book") + chapter.format("b", "A book")).papers) == 1


@pytest.mark.parametrize(
    ("entry", "is_one"),
    [
        ("@misc{note={x}}", True),
        ("@article{journal={J}}", True),
        ("@book{publisher={P}}", True),
        ("@software{}", False),
    ],
)
def test_a_paper_of_arxiv_is_a_text(entry: str, is_one: bool) -> None:
    (found,) = read_papers(_described(entry, "k")).papers
    arxiv = Paper(id="9701.00001", title="The Art", authors=("Donald Knuth",), issued="1997")
    assert is_same(found, arxiv) is is_one


def book(**fields: str) -> Paper:
    return local(record=(("@type", "book"), *fields.items()))


def test_editions_of_a_book_are_told_apart_by_number_and_isbn() -> None:
    first = book(edition="First", isbn="0-306-40615-2")
    for other in (book(edition="2nd"), book(edition="Second"), book(isbn="978-0-262-03561-3"), book(edition="Revised")):
        assert not is_same(first, other)
        assert len({first.id, other.id, book().id}) == 3
    for other in (book(), book(edition="1"), book(edition="1st ed."), book(isbn="9780306406157, 9780262035613")):
        assert is_same(first, other)
    for kind in ("incollection", "bookinbook", "suppcollection", "article"):
        chapters = [local(record=(("@type", kind), ("isbn", isbn))) for isbn in ("0306406152", "9780262035613")]
        assert is_same(*chapters)  # of a volume in print and online


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


@pytest.mark.parametrize(
    "fields",
    [
        "author={Roe, Ann}, volume={%s}, pages={%s}",
        "volume={%s}, pages={%s}",
        "author={Roe, Ann}, volume={2019-%s}, pages={%s}",
        "author={Roe, Ann}, journal={%.0s%.0s}",
    ],
)
def test_many_entries_of_one_title_are_read_in_a_moment(fields: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    is_another = Description.is_another

    def counted(one: Description, other: Description) -> bool:
        nonlocal compared
        compared += 1
        return is_another(one, other)

    monkeypatch.setattr(Description, "is_another", counted)
    entry = "@article{k%s, title={Growth}, year={2019}, "
    read_papers("\n".join(f"{entry % n}{fields % (n, n)}}}" for n in range(200)))
    assert compared < 200 * 50


_NUMBERS = st.sampled_from(["", "1", "2019-1", "2019-2", "01", "II"])
_RECORDS = st.fixed_dictionaries(
    {
        "@type": st.sampled_from(["article", "book", "report", "standard", "inbook", "software", "misc"]),
        **dict.fromkeys(("volume", "pages", "number", "version", "chapter", "edition"), _NUMBERS),
        "isbn": st.sampled_from(["", "0306406152", "9780262035613", "0306406152, 9780262035613"]),
    }
)
_DESCRIBED = st.tuples(_RECORDS, st.sampled_from([(), ("Ann Roe",), ("Bob Roe",)]), st.sampled_from(["", "A", "B"]))


@given(st.lists(_DESCRIBED, min_size=10, max_size=30), st.sampled_from(["Growth", "Editorial"]))
def test_an_index_finds_what_a_comparison_with_each_finds(described: list[Any], title: str) -> None:
    papers = [
        Paper(id=f"local-undated-{n:012x}", title=title, authors=who, journal_ref=venue, record=tuple(record.items()))
        for n, (record, who, venue) in enumerate(described)
    ]
    known = IdentityIndex(papers)
    for paper in papers:
        same = [other for other in papers if is_same(paper, other)]
        assert sorted(other.id for other in known.same(paper)) == [other.id for other in same]


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
def test_signs_and_digits_separate_titles(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


def test_formulas_and_symbols_are_compared_as_they_are_read() -> None:
    assert title_key("In $O(n^2)$ Steps") == title_key("In O(n^2) steps") == title_key("In O(n²) steps")
    assert title_key("From A -> B, if k <= 3") == title_key(r"From A $\to$ B, if $k \le 3$")


def test_an_arxiv_id_comes_first() -> None:
    one, other = Paper(id="2401.00001", title="T", doi="10.1/a"), Paper(id="2401.00002", title="T", doi="10.1/a")
    assert not is_same(one, other)
    assert IdentityIndex([one, other]).find(local(title="T", doi="10.1/a")) is None  # two candidates leave a doubt
    assert IdentityIndex([one]).find(local(title="X", doi="10.1/A")) == one
