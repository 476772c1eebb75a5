"""References in the styles are those that pandoc's citeproc makes."""

import json
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from paperdeck.storage.cite import styles
from paperdeck.storage.cite.formats import FORMATS, cite, works_of
from paperdeck.storage.cite.keys import unique_keys
from paperdeck.storage.cite.published_form import published
from paperdeck.storage.cite.work import Dated, preprint
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.exchange.importing import read_papers
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.names import Name


def paper(**facts: Any) -> Paper:
    known = {"id": "2501.00003", "title": "Suffix case", "authors": ("John Doe",), "published": date(2025, 3, 9)}
    return Paper(**(known | facts))


ATTENTION = paper(
    id="1706.03762",
    title="Attention is all you need",
    authors=("Ashish Vaswani", "Łukasz Kaiser", "Aäron van den Oord"),
    published=date(2017, 6, 12),
)
QLORA = paper(
    id="2305.14314",
    title="QLoRA: Efficient finetuning of quantized LLMs",
    authors=("Tim Dettmers", "Artidoro Pagnoni"),
    published=date(2023, 5, 23),
)
SERRE = paper(
    id="2501.12948", title="A single-author study", authors=("Jean-Pierre Serre",), published=date(2025, 1, 22)
)
KING = paper(authors=("Martin Luther King Jr.", "John Doe"))
MANY = paper(id="2501.00002", title="Many", authors=tuple(f"First{n} M. Last{n:02}" for n in range(1, 26)))
GROUP = paper(id="2501.00001", title="By a group", authors=("DeepSeek-AI",))


WORKS = {
    **{known.id: preprint(known) for known in (ATTENTION, QLORA, SERRE, KING, MANY)},
    GROUP.id: replace(preprint(GROUP), date=Dated(2025)),
}
"""The works of `golden_citations.json`, by arXiv id; of the group's only the year is known there."""
GOLDEN = json.loads((Path(__file__).parent / "golden_citations.json").read_text(encoding="utf-8"))
"""What pandoc 3.9 (citeproc) makes of the same facts by the styles of the CSL project, by style and arXiv id.

There is no difference that would have to be excused; one would be listed here with its reason. (A title is given in the
case in which a style wants it, as citeproc makes title case of it but no sentence case.)"""
WRITERS = {
    "apa": styles.apa,
    "mla": styles.mla,
    "chicago": styles.chicago,
    "chicago-notes": styles.chicago_notes,
    "ieee": styles.ieee,
}


@pytest.mark.parametrize(("style", "arxiv_id"), [(style, name) for style, texts in GOLDEN.items() for name in texts])
def test_references_match_those_of_citeproc(style: str, arxiv_id: str) -> None:
    assert WRITERS[style](WORKS[arxiv_id]) == GOLDEN[style][arxiv_id]


def test_every_style_is_compared_on_every_work() -> None:
    assert GOLDEN.keys() == WRITERS.keys()
    assert all(texts.keys() == WORKS.keys() for texts in GOLDEN.values())


def test_ieee_numbers_its_references() -> None:
    assert cite([ATTENTION, KING, MANY], "ieee") == (
        "[1] A. Vaswani, Ł. Kaiser, and A. van den Oord, “Attention is all you need,” Jun. 12, 2017, "
        "arXiv: arXiv:1706.03762. doi: 10.48550/arXiv.1706.03762.\n"
        "[2] M. L. King Jr. and J. Doe, “Suffix case,” Mar. 09, 2025, "
        "arXiv: arXiv:2501.00003. doi: 10.48550/arXiv.2501.00003.\n"
        "[3] F. M. Last01 et al., “Many,” Mar. 09, 2025, arXiv: arXiv:2501.00002. doi: 10.48550/arXiv.2501.00002.\n"
    )


@pytest.mark.parametrize("name", ["apa", "mla", "chicago", "chicago-notes", "ieee"])
def test_what_is_not_known_leaves_no_trace(name: str) -> None:
    text = cite([Paper(id="2501.00003", title="Alone")], name)
    assert not any(word in text for word in ("None", "n.d.", "unknown", "()", " ,", "  ", ".."))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("On the use of a τ-bench: a study of iPhones", "On the Use of a τ-bench: A Study of iPhones"),
        ("minWM with state-of-the-art k-means", "minWM with State-of-the-Art k-means"),
        ("What is it for?", "What Is It For?"),
    ],
)
def test_title_case_leaves_names_alone(title: str, expected: str) -> None:
    assert expected in cite([paper(title=title)], "mla")


def test_a_question_is_not_followed_by_a_full_stop() -> None:
    assert "“Why?” Preprint" in cite([paper(title="Why?")], "mla")


def test_quotation_marks_in_a_title_become_single_ones() -> None:
    assert "“On ‘Being.’”" in cite([paper(title="On “Being”")], "mla")
    assert "“On ‘Being’ Twice.”" in cite([paper(title='On "Being" twice')], "mla")


def test_mathematics_is_shown_as_text() -> None:
    assert "Sorting in O(n²)" in cite([paper(title="Sorting in $O(n^2)$")], "apa")


def test_a_nickname_gives_no_initial() -> None:
    assert cite([paper(authors=('Linxi "Jim" Fan',))], "apa").startswith("Fan, L. (2025)")


def test_the_published_form_is_cited_when_it_is_asked_for_and_known() -> None:
    known = paper(journal_ref="Some Journal 12 (2026) 1-9", doi="10.1000/1")
    assert cite([known], "apa", published=True) == (
        "Doe, J. (2026). Suffix case. Some Journal, 12, 1–9. https://doi.org/10.1000/1\n"
    )
    assert "arXiv" in cite([known], "apa")
    assert cite([SERRE], "apa", published=True) == cite([SERRE], "apa")
    assert published(SERRE) is None


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_with_one_line_feed_and_is_the_same_twice(name: str) -> None:
    papers = [ATTENTION, QLORA, KING]
    text = cite(papers, name) if name != "abstract" else cite([paper(abstract="Text.")], name)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert text == (cite(papers, name) if name != "abstract" else cite([paper(abstract="Text.")], name))


def test_no_paper_is_cited_twice() -> None:
    assert len(works_of([SERRE, SERRE])) == 1


def test_no_papers_give_no_result() -> None:
    assert cite([], "bibtex") == ""


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"“vancouver”\. Choose from bibtex,"):
        cite([SERRE], "vancouver")


def test_the_number_of_a_report_is_called_one() -> None:
    (report,) = read_papers("@techreport{k, title={Rep}, author={Roe, Ann}, institution={A Lab}, number={3}}").papers
    assert cite([report], "apa").strip() == "Roe, A. (n.d.). Rep (Technical Report No. 3). A Lab."


def test_versus_stays_small_and_physicists_keep_their_capital() -> None:
    paper = Paper(id="2401.00001", title="Planck vs. Fermi", authors=("Ann Roe",))
    assert "“Planck vs. Fermi.”" in cite([paper], "mla")
    assert "{Planck} vs. {Fermi}" in cite([paper], "bibtex")


def test_a_markdown_link_holds_no_markdown_of_the_title() -> None:
    link = cite([paper(title="A [x](y) *b* <i>")], "markdown")
    assert link == "[A \\[x\\](y) \\*b\\* \\<i\\>](https://arxiv.org/abs/2501.00003)\n"


def test_several_markdown_links_are_a_list() -> None:
    assert cite([SERRE, KING], "markdown").startswith("- [A single-author study](")


def test_a_block_of_bibtex_has_unique_keys() -> None:
    block = cite([paper(id=f"2501.{n:05}") for n in range(1, 101)], "bibtex")
    keys = [line for line in block.splitlines() if line.startswith("@misc")]
    assert len(set(keys)) == 100


def test_keys_that_differ_in_case_only_get_letters_in_a_moment() -> None:
    wanted = {
        f"{n:05}": "".join(key) for n, key in enumerate(product(*zip("roegrowthonit", "ROEGROWTHONIT", strict=True)))
    }
    keys = unique_keys(wanted)
    assert len({key.lower() for key in keys.values()}) == len(wanted) == 8192
    assert (keys["00000"], keys["00001"], keys["00002"]) == ("roegrowthonit", "roegrowthoniTb", "roegrowthonItc")


@pytest.mark.parametrize(
    ("title", "cased"),
    [
        ("GPT-4o system card", "GPT-4o System Card"),
        ("Marco-o1: a model", "Marco-o1: A Model"),
        ("Mobile-Agent-v2 and T2V-Turbo-v2", "Mobile-Agent-v2 and T2V-Turbo-v2"),
        ("On a<b in a proof", "On a<b in a Proof"),
    ],
)
def test_title_case_leaves_names_with_digits_alone(title: str, cased: str) -> None:
    assert f"“{cased}.”" in styles.mla(preprint(paper(title=title)))


def test_a_paper_without_a_date_says_so() -> None:
    work = preprint(paper(id="local-undated-0123456789ab", published=None, journal_ref="A Journal"))
    assert styles.apa(work) == "Doe, J. (n.d.). Suffix case. A Journal."
    assert styles.chicago(work) == "Doe, John. n.d. “Suffix Case.” A Journal."
    assert styles.chicago(replace(work, authors=())) == "“Suffix Case.” n.d. A Journal."


@pytest.mark.parametrize(
    ("name", "apa"),
    [
        ("J.R.R. Tolkien", "Tolkien, J. R. R."),
        ("Ronan Le Bras", "Le Bras, R."),
        ("Erik van ’t Hoff", "van ’t Hoff, E."),
        ("Jane Doe, PhD", "Doe, J."),
    ],
)
def test_names_in_references(name: str, apa: str) -> None:
    assert styles.apa(preprint(paper(authors=(name,)))).startswith(f"{apa} (2025).")


@pytest.mark.parametrize(
    ("family", "given", "apa", "ieee"),
    [
        ("Ivanov", "Yu. N.", "Ivanov, Yu. N.", "Yu. N. Ivanov"),
        ("Kovács", "Sz.-M. Peter", "Kovács, Sz.-M. P.", "Sz.-M. P. Kovács"),
        ("Raḥmān", "Abd al-Karīm", "Raḥmān, A. al-K.", "A. al-K. Raḥmān"),
        ("Raḥmān", "ʻAlī", "Raḥmān, ʻA.", "ʻA. Raḥmān"),
        ("Roe", "Ann Vasco.", "Roe, A. V.", "A. V. Roe"),
        ("Kempis", "Thomas à", "Kempis, T. à", "T. à Kempis"),
        ("张", "伟", "张伟", "张伟"),
    ],
)
def test_given_names_become_what_citeproc_makes_of_them(family: str, given: str, apa: str, ieee: str) -> None:
    """Abbreviations of two letters stay, and names in Chinese have no initials. (Citeproc doesn't shorten “ʻAlī”.)"""
    name = Name(family, given)
    work = preprint(paper(authors=(name.text,), names=(name.parts,)))
    assert styles.apa(work).startswith(f"{apa.removesuffix('.')}. (2025).")
    assert styles.ieee(work).startswith(f"[1] {ieee},")
    assert styles.mla(work).startswith("张伟. " if family == "张" else f"{family}, {given}".removesuffix(".") + ". ")


def test_a_year_stays_a_year_in_every_style() -> None:
    work = preprint(paper(id="local-undated-0123456789ab", published=None, issued="2020", journal_ref="A Journal"))
    for style in ("apa", "mla", "chicago", "chicago-notes", "ieee"):
        assert "2020" in WRITERS[style](work)
        assert "Jan" not in WRITERS[style](work)


def test_a_withdrawn_paper_is_cited_as_withdrawn() -> None:
    withdrawn = paper(withdrawn=True)
    assert "Suffix case [Withdrawn]" in styles.apa(preprint(withdrawn))
    assert "note          = {Withdrawn}" in cite([withdrawn], "bibtex")
    assert "N1  - Withdrawn" in cite([withdrawn], "ris")
    assert '"status": "withdrawn"' in cite([withdrawn], "csl-json")
