"""BibTeX entries are right, and other programs read them back unharmed."""

import unicodedata
import warnings
from datetime import date
from typing import Any

import bibtexparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from paperdeck.storage.cite import bibtex, latex
from paperdeck.storage.cite.formats import cite
from paperdeck.storage.cite.keys import assign_keys, key_of
from paperdeck.storage.cite.published_form import published
from paperdeck.storage.cite.work import preprint
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.names import split_name
from paperdeck.storage.text.tex import to_unicode
from tests.support.examples import examples

ATTENTION = Paper(
    id="1706.03762",
    title="Attention Is All You Need",
    authors=("Ashish Vaswani", "Łukasz Kaiser", "Aäron van den Oord"),
    published=date(2017, 6, 12),
    updated=date(2023, 8, 2),
    categories=("cs.CL", "cs.LG"),
    version=7,
)


def paper(**facts: Any) -> Paper:
    return Paper(**({"id": "2401.00007", "title": "A title", "authors": ("Ada Lovelace",)} | facts))


def fields_of(entry: str) -> dict[str, str]:
    library = bibtexparser.parse_string(entry)
    assert not library.failed_blocks
    (parsed,) = library.entries
    return {"key": parsed.key, "type": parsed.entry_type} | {field.key: field.value for field in parsed.fields}


def test_a_preprint_is_misc_with_the_eprint_fields() -> None:
    assert cite([ATTENTION], "bibtex") == (
        "@misc{vaswani2017attention,\n"
        "  author        = {Vaswani, Ashish and Kaiser, Łukasz and van den Oord, Aäron},\n"
        "  title         = {Attention Is All You Need},\n"
        "  year          = {2017},\n"
        "  month         = jun,\n"
        "  howpublished  = {arXiv:1706.03762},\n"
        "  eprint        = {1706.03762},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass  = {cs.CL},\n"
        "  doi           = {10.48550/arXiv.1706.03762},\n"
        "  url           = {https://arxiv.org/abs/1706.03762},\n"
        "}\n"
    )


def test_biblatex_gets_an_online_entry_with_the_full_date() -> None:
    fields = fields_of(bibtex.biblatex(preprint(ATTENTION), "k"))
    assert fields["type"] == "online"
    assert (fields["date"], fields["eprinttype"], fields["eprintclass"]) == ("2017-06-12", "arxiv", "cs.CL")


def test_biber_gets_the_first_of_very_many_authors_and_the_word_others() -> None:
    """It takes minutes for an entry with thousands."""
    crowd = paper(authors=tuple(f"Ann Roe{number}" for number in range(3000)))
    written = fields_of(bibtex.biblatex(preprint(crowd), "k"))["author"].split(" and ")
    assert (len(written), written[-2:]) == (bibtex.BIBER_AUTHORS + 1, ["Roe499, Ann", "others"])
    fewer = paper(authors=crowd.authors[: bibtex.BIBER_AUTHORS])
    assert "others" not in bibtex.biblatex(preprint(fewer), "k")
    assert fields_of(cite([crowd], "bibtex"))["author"].count(" and ") == 2999


def test_the_year_is_that_of_the_first_version() -> None:
    assert fields_of(cite([ATTENTION], "bibtex"))["year"] == "2017"


def test_what_is_not_known_is_left_out() -> None:
    fields = fields_of(cite([Paper(id="2401.00007", title="A title")], "bibtex"))
    told_by_the_id = {"year", "month", "howpublished", "eprint", "archivePrefix", "doi", "url"}
    assert set(fields) == {"key", "type", "title"} | told_by_the_id


def test_the_published_form_has_its_own_date_and_keeps_the_eprint_and_the_key_of_the_preprint() -> None:
    known = paper(
        published=date(2019, 1, 2), categories=("cs.CL",), doi="10.1000/x_1", journal_ref="Some Journal 12 (2020) 1-9"
    )
    work = published(known)
    assert work is not None
    fields = fields_of(bibtex.misc(work, "k"))
    published_in = {"doi": "10.1000/x_1", "journal": "Some Journal", "volume": "12", "pages": "1--9", "year": "2020"}
    assert fields["type"] == "article"
    assert published_in.items() <= fields.items()
    assert fields["url"] == "https://doi.org/10.1000/x_1"
    assert {"eprint": "2401.00007", "archivePrefix": "arXiv", "primaryClass": "cs.CL"}.items() <= fields.items()
    assert "month" not in fields
    assert assign_keys([work]) == assign_keys([preprint(known)])
    assert fields_of(cite([known], "bibtex"))["doi"] == "10.48550/arXiv.2401.00007"


@pytest.mark.parametrize("venue", ["Journal 12, 1-9", "Journal 12, 2017-2025", "Journal 2093"])
def test_the_year_of_publication_is_never_guessed(venue: str) -> None:
    work = published(paper(published=date(2019, 1, 2), journal_ref=venue))
    assert work is not None
    assert work.year is None


def test_a_paper_without_journal_and_doi_has_no_published_form() -> None:
    assert published(ATTENTION) is None


def test_a_local_paper_gets_nothing_of_arxiv() -> None:
    entry = cite([paper(id="local-undated-0123456789ab", doi="10.1000/1", journal_ref="Proc. of X")], "bibtex")
    assert "arxiv" not in entry.lower()
    assert fields_of(entry)["doi"] == "10.1000/1"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("100% of R&D, #1 a_b", r"100\% of {R\&D}, \#1 a\_b"),
        ("It costs $5 and $6", r"It costs \$5 and \$6"),
        ("about ~5^2 \\", r"about {\textasciitilde}5{\textasciicircum}2 {\textbackslash}"),
        ("a < b | c > d", r"a {\textless} b {\textbar} c {\textgreater} d"),
        (r"Prefill \& decode", r"Prefill \& decode"),
    ],
)
def test_text_is_escaped(text: str, written: str) -> None:
    assert latex.title(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Sorting in $O(n^2)$ steps", "Sorting in {$O(n^2)$} steps"),
        (r"Norms on \(L_2\)", "Norms on {$L_2$}"),
        (r"LLM$\times$MapReduce", r"{LLM}{$\times$}{MapReduce}"),
        ("X^{2}-fields", "{X}{${}^{2}$}-fields"),
        (r"over $\{0,1\}^n$", r"over {$\{0,1\}^n$}"),
        ("at $5%$ of", r"at {$5\%$} of"),
    ],
)
def test_mathematics_stays_between_braces(text: str, written: str) -> None:
    assert latex.title(text) == written


@pytest.mark.parametrize("text", ["a { b", "a } b", "}{", r"$x_{1$", r"$\left\{x\right.$", r"\{a", "{a}}"])
def test_braces_are_always_balanced(text: str) -> None:
    depth = 0
    for char in latex.title(text):
        depth += {"{": 1, "}": -1}.get(char, 0)
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("GPT-4 and Llama-3 in 3D", "{GPT-4} and {Llama-3} in {3D}"),
        ("QLoRA: Efficient Finetuning of Quantized LLMs", "{QLoRA}: Efficient Finetuning of Quantized {LLMs}"),
        ("An LLM-Based Text-to-Image Model", "An {LLM}-Based Text-to-Image Model"),
        ("Vitamin K: A Study with C++", "Vitamin {K}: A Study with {C++}"),
        ("DeepSeek-R1 and V2", "{DeepSeek-R1} and {V2}"),
        (
            "The Turing Test for Germans in Schrödinger’s Python",
            "The {Turing} Test for {Germans} in {Schrödinger’s} {Python}",
        ),
        ("Mamba: Counting Sheep", "{Mamba}: Counting Sheep"),
        (
            "bayesian inference with Python for Markov chains in the Netherlands",
            "bayesian inference with {Python} for {Markov} chains in the {Netherlands}",
        ),
        ("Learning to reason in Paris: A study of sheep", "Learning to reason in {Paris}: A study of sheep"),
    ],
)
def test_capitals_with_a_meaning_are_protected_word_by_word(text: str, written: str) -> None:
    assert latex.title(text) == written


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Martin Luther King Jr.", "King, Jr., Martin Luther"),
        ("Guanaco Team", "{Guanaco Team}"),
        ("NASA AMES and JPL Team", "{NASA AMES and JPL Team}"),
        ("others", "{others}"),
        ("Santiago Ramón y Cajal", "{Ramón y Cajal}, Santiago"),
        ("A_b & Co Team", r"{A\_b \& Co Team}"),
    ],
)
def test_names_are_written_as_bibtex_takes_them_apart(name: str, written: str) -> None:
    assert bibtex.author(split_name(name)) == written


def test_accents_can_be_written_as_commands() -> None:
    accented = paper(title="Die Größe", authors=("Łukasz Müller", "Renée Šimić", "Đorđe Žikelić"))
    entry = bibtex.with_accents(preprint(accented), "k")
    assert r"M{\"u}ller, {\L}ukasz and {\v S}imi{\'c}, Ren{\'e}e and {\v Z}ikeli{\'c}, Đorđe" in entry
    assert r"Gr{\"o}{\ss}e" in entry


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"authors": ("Łukasz Ågård",), "title": "On the Sea"}, "agard2024sea"),
        ({"authors": ("Aäron van den Oord",), "title": "WaveNet: A Model"}, "vandenoord2024wavenet"),
        ({"authors": ("The DeepSeek-AI Collaboration",), "title": "A Report"}, "deepseekai2024report"),
        ({"authors": ("李 伟",)}, "arxiv240100007"),
        ({"authors": ()}, "arxiv240100007"),
        ({"title": "$τ$-bench"}, "lovelace2024bench"),
        ({"title": "你好"}, "lovelace2024"),
    ],
)
def test_a_key_is_surname_year_and_a_significant_word_in_ascii(facts: dict[str, Any], key: str) -> None:
    assert key_of(preprint(paper(published=date(2024, 1, 1), **facts))) == key


def test_keys_in_an_export_are_unique_and_do_not_depend_on_the_order() -> None:
    works = [preprint(paper(id=f"2401.{number:05}")) for number in range(1, 40)]
    keys = assign_keys(works)
    assert len(set(keys.values())) == 39
    assert (keys["2401.00001"], keys["2401.00002"], keys["2401.00027"]) == (
        "lovelace2024title",
        "lovelace2024titleb",
        "lovelace2024titleaa",
    )
    assert assign_keys(works[::-1]) == keys


def test_a_later_paper_leaves_the_keys_before_it_alone() -> None:
    older, newer = preprint(paper(id="2401.00001")), preprint(paper(id="2401.00002"))
    assert assign_keys([older]).items() <= assign_keys([newer, older]).items()


def test_known_keys_stay() -> None:
    older, newer = preprint(paper(id="2401.00001")), preprint(paper(id="2401.00002"))
    assert assign_keys([older, newer], {"2401.00002": "lovelace2024title"}) == {
        "2401.00001": "lovelace2024titleb",
        "2401.00002": "lovelace2024title",
    }


def test_no_new_key_differs_from_another_in_its_case_only() -> None:
    own = preprint(paper(id="2401.00003", record=(("@key", "LOVELACE2024title"),)))
    keys = assign_keys([preprint(paper(id="2401.00001")), own], {"2401.00002": "Lovelace2024Title"})
    assert len({key.lower() for key in [*keys.values(), "Lovelace2024Title"]}) == 3


def test_the_key_of_a_paper_that_left_is_not_given_to_another() -> None:
    assert assign_keys([preprint(paper(id="2401.00001"))], {"2401.00002": "lovelace2024title"}) == {
        "2401.00001": "lovelace2024titleb"
    }


TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("{}$\\%&#_^~@\"'=, "), max_size=40).map(clean_line)


def plain(text: str) -> str:
    """What can be compared: no case of styles, no braces, no parentheses that stand for them."""
    return "".join(unicodedata.normalize("NFC", to_unicode(text)).translate({ord(c): None for c in "{}() "}).split())


@settings(max_examples=examples(150))
@given(st.lists(TEXT.filter(bool), max_size=4), TEXT)
def test_two_other_readers_accept_whatever_a_paper_is_called(authors: list[str], title: str) -> None:
    entry = cite([paper(title=title, authors=tuple(authors))], "bibtex")
    fields = fields_of(entry)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (other,) = parse_string(entry, "bibtex").entries.values()
    assert len(other.persons.get("author", [])) == len(authors)
    assert other.fields.get("title", "") == fields.get("title", "")
    assert fields["eprint"] == other.fields["eprint"] == "2401.00007"
