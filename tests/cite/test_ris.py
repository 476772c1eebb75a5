"""RIS is well formed whatever a paper holds, and another program reads it back."""

from datetime import date
from typing import Any

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.cite import ris
from paperdeck.storage.cite.formats import cite
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.clean import clean_line, clean_text
from paperdeck.storage.text.names import split_name
from tests.support.examples import examples


def paper(**facts: Any) -> Paper:
    return Paper(**({"id": "1706.03762", "title": "Attention", "authors": ("Aäron van den Oord",)} | facts))


def read(*papers: Paper) -> list[dict[str, Any]]:
    return list(rispy.loads(cite(papers, "ris")))


def test_a_preprint_is_an_unpublished_work_with_its_ids() -> None:
    known = paper(published=date(2017, 6, 12), abstract="Text.", keywords=("attention", "nets"))
    assert cite([known], "ris") == (
        "TY  - MANSCPT\n"
        "AU  - van den Oord, Aäron\n"
        "PY  - 2017\n"
        "DA  - 2017/06/12\n"
        "TI  - Attention\n"
        "AB  - Text.\n"
        "KW  - attention\n"
        "KW  - nets\n"
        "PB  - arXiv\n"
        "AN  - arXiv:1706.03762\n"
        "DO  - 10.48550/arXiv.1706.03762\n"
        "UR  - https://arxiv.org/abs/1706.03762\n"
        "ID  - vandenoord2017attention\n"
        "ER  - \n"
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Martin Luther King Jr.", "King, Martin Luther, Jr."),
        ("Guanaco Team", "Guanaco Team"),
        ("Institute of Physics, Kyiv", "Institute of Physics‚ Kyiv"),
    ],
)
def test_a_group_has_no_comma(name: str, written: str) -> None:
    assert ris.author(split_name(name)) == written


def test_the_commas_of_a_group_are_visible_and_come_back() -> None:
    """They were left out."""
    known = paper(authors=("Ministry of Silly, Odd and Other Walks",))
    assert read(known)[0]["authors"] == ["Ministry of Silly‚ Odd and Other Walks"]
    assert read_papers(cite([known], "ris")).papers[0].authors == known.authors


def test_line_breaks_do_not_tear_a_value_apart() -> None:
    (record,) = read(paper(abstract="One.\n\nTY  - JOUR\nER  - "))
    assert record["abstract"] == "One. TY - JOUR ER -"


def test_a_local_paper_names_no_arxiv() -> None:
    text = cite([paper(id="local-undated-0123456789ab", doi="10.1000/1", journal_ref="Proc. of X")], "ris")
    assert "arxiv" not in text.lower()
    assert "DO  - 10.1000/1\n" in text
    assert "T2  - Proc. of X\n" in text


LINE = st.text(max_size=40).map(clean_line).filter(bool)


@settings(max_examples=examples(100))
@given(LINE, st.lists(LINE.filter(lambda name: "," not in name), max_size=4), st.text(max_size=80).map(clean_text))
def test_another_program_reads_it_back(title: str, authors: list[str], abstract: str) -> None:
    (record,) = read(paper(title=title, authors=tuple(authors), abstract=abstract, published=date(2024, 2, 29)))
    assert len(record.get("authors", [])) == len(authors)
    assert (record["year"], record["date"]) == ("2024", "2024/02/29")
    assert (record["accession_number"], record["doi"]) == ("arXiv:1706.03762", "10.48550/arXiv.1706.03762")


def test_several_records_are_kept_apart() -> None:
    assert [
        record["title"] for record in read(paper(id="1706.00001", title="One"), paper(id="1706.00002", title="Two"))
    ] == ["One", "Two"]
