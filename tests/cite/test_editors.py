"""Editors stay editors: shown, cited and exported as such, whatever file they came from."""

import json
from dataclasses import replace

import pytest

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.exchange.zotero import item_of
from paperdeck.storage.facts import facts_about
from paperdeck.storage.identity import names_of
from paperdeck.storage.paper import Entry, Paper

BOOK = "@book{k, editor={Knuth, Donald E. and {Foo, Bar Group}}, title={Festschrift}, publisher={CSLI}, year={1999}}"
CHAPTER = """@incollection{k, author={Roe, Ann}, editor={Ed, Eve and Fy, Max}, title={A Chapter}, booktitle={The Book},
    publisher={P}, year=2001}"""
MONOGRAPH = "@book{k, author={Roe, Ann}, editor={Ed, Eve}, title={A Monograph}, publisher={P}, year=2001}"
ARTICLE = "@article{k, author={Roe, Ann}, editor={Ed, Eve}, title={An Article}, journal={J}, volume=3, year=2001}"


def one(text: str) -> Paper:
    imported = read_papers(text)
    assert not imported.leftovers
    (paper,) = imported.papers
    return paper


CITED = {
    ("apa", BOOK): "Knuth, D. E., & Foo, Bar Group (Eds.). (1999). Festschrift. CSLI.",
    ("apa", CHAPTER): "Roe, A. (2001). A Chapter. In E. Ed & M. Fy (Eds.), The Book. P.",
    ("apa", MONOGRAPH): "Roe, A. (2001). A Monograph (E. Ed, Ed.). P.",
    ("apa", ARTICLE): "Roe, A. (2001). An Article. J, 3.",
    ("mla", BOOK): "Knuth, Donald E., and Foo, Bar Group, editors. Festschrift. CSLI, 1999.",
    ("mla", CHAPTER): "Roe, Ann. “A Chapter.” The Book, edited by Eve Ed and Max Fy, P, 2001.",
    ("mla", MONOGRAPH): "Roe, Ann. A Monograph. Edited by Eve Ed, P, 2001.",
    ("mla", ARTICLE): "Roe, Ann. “An Article.” J, edited by Eve Ed, vol. 3, 2001.",
    ("chicago", BOOK): "Knuth, Donald E., and Foo, Bar Group, eds. 1999. Festschrift. CSLI.",
    ("chicago", CHAPTER): "Roe, Ann. 2001. “A Chapter.” In The Book, edited by Eve Ed and Max Fy. P.",
    ("chicago", MONOGRAPH): "Roe, Ann. 2001. A Monograph. Edited by Eve Ed. P.",
    ("chicago-notes", ARTICLE): "Roe, Ann. “An Article.” Edited by Eve Ed. J 3 (2001).",
    ("ieee", BOOK): "[1] D. E. Knuth and Foo, Bar Group, Eds., Festschrift. CSLI, 1999.",
    ("ieee", CHAPTER): "[1] A. Roe, “A Chapter,” in The Book, E. Ed and M. Fy, Eds., P, 2001.",
    ("ieee", MONOGRAPH): "[1] A. Roe, A Monograph. P, 2001.",
}
"""The words and places of citeproc; of a journal's editors, only MLA and Chicago have them."""


@pytest.mark.parametrize(("style", "text"), CITED)
def test_each_style_names_editors_in_its_own_place(style: str, text: str) -> None:
    assert cite([one(text)], style).strip() == CITED[style, text]


def test_a_single_editor_is_one() -> None:
    book = one(BOOK.replace(" and {Foo, Bar Group}", ""))
    assert cite([book], "apa").startswith("Knuth, D. E. (Ed.). (1999).")
    assert cite([book], "mla").startswith("Knuth, Donald E., editor. ")


@pytest.mark.parametrize("text", [BOOK, CHAPTER, MONOGRAPH])
@pytest.mark.parametrize("form", ["bibtex", "biblatex", "ris", "csl-json"])
def test_editors_come_through_every_format(text: str, form: str) -> None:
    paper = one(text)
    editors = f"editor        = {{{dict(paper.record)['editor']}}},"
    for known in (paper, one(cite([paper], form)), one(json.dumps([item_of(Entry(paper), "k")]))):
        assert known.authors == paper.authors
        assert cite([known], "apa") == cite([paper], "apa")
        assert editors in cite([known], "bibtex")
        assert ("author  " in cite([known], "bibtex")) == ("author" in text)


@pytest.mark.parametrize(
    ("lines", "authors", "editors"),
    [
        ("TY  - BOOK\nED  - Ed, Eve", [], ["Ed"]),
        ("TY  - BOOK\nA2  - Ed, Eve", [], ["Ed"]),
        ("TY  - EDBOOK\nAU  - Ed, Eve", [], ["Ed"]),
        ("TY  - BOOK\nAU  - Roe, Ann\nA2  - Series, Sam\nA3  - Ed, Eve", ["Roe"], ["Ed"]),
        ("TY  - CHAP\nAU  - Roe, Ann\nA2  - Ed, Eve", ["Roe"], ["Ed"]),
        ("TY  - THES\nAU  - Roe, Ann\nA2  - Adviser, Al", ["Roe"], []),
    ],
)
def test_ris_has_editors_in_the_tag_of_the_type(lines: str, authors: list[str], editors: list[str]) -> None:
    paper = one(f"{lines}\nTI  - T\nPY  - 2001\nER  - \n")
    (item,) = json.loads(cite([paper], "csl-json"))
    for people, names in ((item.get("author", []), authors), (item.get("editor", []), editors)):
        assert [name["family"] for name in people] == names
    kept = [line for line in lines.splitlines() if "Series" in line or "Adviser" in line]
    assert all(line in cite([paper], "ris") for line in kept)


def test_a_table_of_zotero_has_a_column_of_editors() -> None:
    paper = one('"Key","Item Type","Title","Author","Editor"\n"A","book","T","","Ed, Eve; A Group of Four"\n')
    assert paper.is_edited
    assert "editor        = {Ed, Eve and {A Group of Four}}" in cite([paper], "bibtex")


def test_a_book_is_found_and_shown_by_its_editors() -> None:
    book = one(BOOK)
    assert book.authors == ("Donald E. Knuth", "Foo, Bar Group")
    assert [fact.label for fact in facts_about(book) if fact.name == "authors"] == ["Editors"]
    assert [fact.label for fact in facts_about(one(CHAPTER)) if fact.name == "authors"] == ["Authors"]
    keyless = replace(book, record=tuple(field for field in book.record if field[0] != "@key"))
    assert cite([keyless], "bibtex").startswith("@book{knuth1999festschrift,")
    assert names_of(book)[0].family == "Knuth"
