"""What other programs wrote comes in whole; what can't be used is reported."""

import json
import unicodedata
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.exchange.decoding import decode_file
from paperdeck.storage.exchange.importing import KINDS, kind_of, merged, read_papers
from paperdeck.storage.exchange.records import Imported
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.bibtex import decode
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.tex import to_unicode
from tests.support.examples import examples

LONG = "In this text about sheep, which is long enough to be an abstract, we count them. " * 4


def of_kind(text: str, kind: str) -> Imported:
    return merged(KINDS[kind](text))


def one(text: str, kind: str | None = None) -> Paper:
    imported = of_kind(text, kind) if kind else read_papers(text)
    assert not imported.leftovers
    (paper,) = imported.papers
    return paper


# -- BibTeX ------------------------------------------------------------------------------------------------------------


def test_an_entry_of_arxiv_is_that_paper() -> None:
    paper = one(
        """
        @misc{vaswani2023attentionneed,
              title={Attention Is All You Need},
              author={Ashish Vaswani and Łukasz Kaiser and Aäron van den Oord},
              year={2023},
              eprint={1706.03762},
              archivePrefix={arXiv},
              primaryClass={cs.CL},
              url={https://arxiv.org/abs/1706.03762},
        }
        """
    )
    assert (paper.id, paper.title) == ("1706.03762", "Attention Is All You Need")
    assert paper.authors == ("Ashish Vaswani", "Łukasz Kaiser", "Aäron van den Oord")
    assert paper.categories == ("cs.CL",)


@pytest.mark.parametrize(
    "fields",
    [
        "eprint = {2401.00007v2}",
        "eprint = {2401.00007}, eprinttype = {arxiv}",
        "journal = {arXiv preprint arXiv:2401.00007}",
        "journal = {CoRR}, volume = {abs/2401.00007}",
        "doi = {10.48550/ARXIV.2401.00007}",
        "url = {http://arxiv.org/pdf/2401.00007}",
        "note = {See arXiv:2401.00007 [cs.CL]}",
        "url = {https://huggingface.co/papers/2401.00007}",
    ],
)
def test_an_id_is_found_wherever_programs_put_it(fields: str) -> None:
    assert one(f"@article{{k, title = {{T}}, {fields}}}").id == "2401.00007"


def test_an_eprint_of_another_archive_is_not_an_arxiv_id() -> None:
    assert is_local(one("@misc{k, title = {T}, eprint = {2401.00007}, eprinttype = {hal}}").id)


def test_an_entry_without_an_id_becomes_a_local_paper() -> None:
    paper = one(
        "@article{k, title = {Counting Sheep}, author = {Lovelace, Ada}, journal = {Journal of Sheep}, year = 1843,\n"
        "  month = feb # {~}, doi = {https://doi.org/10.1000/Sheep_1}, url = {https://example.org/x}}"
    )
    assert paper.id.startswith("local-")
    assert (paper.authors, paper.journal_ref, paper.doi) == (("Ada Lovelace",), "Journal of Sheep", "10.1000/Sheep_1")
    assert paper.project_url == "https://example.org/x"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (r"{GPT}-4 by the {{N}ew} {R\&D} team", "GPT-4 by the New R&D team"),
        (r"M{\"u}ller, Fr\'{e}chet, {\L}ukasz, \v{S}imi{\'c}, na{\"\i}ve", "Müller, Fréchet, Łukasz, Šimić, naïve"),
        (r"100\% of \$5 and \_x {\textasciitilde}5", "100% of $5 and _x ~5"),
        (r"{$O(n^2)$} on $\mathbb{R}^d$", r"$O(n^2)$ on $\mathbb{R}^d$"),
        (r"sets \{a, b\}", "sets {a, b}"),
        (r"Fig.~1 and \emph{this}", "Fig. 1 and this"),
    ],
)
def test_values_are_decoded_and_formulas_stay(raw: str, text: str) -> None:
    assert decode(raw) == text


def test_strings_concatenation_quotes_comments_and_parentheses_are_understood() -> None:
    imported = of_kind(
        """Some words before.
        @comment{ @misc{no, title={No}} }
        @string{js = "Journal of {S}heep"}
        @preamble{ "\\newcommand{\\x}{}" }
        % @misc is how an entry begins
        @Article(one, TITLE = "A {"}quoted{"} " # {title}, journal = js, author = "Ada Lovelace")
        @misc{two,title={Two},}
        """,
        "bibtex",
    )
    assert [paper.title for paper in imported.papers] == ['A "quoted" title', "Two"]
    assert imported.papers[0].journal_ref == "Journal of Sheep"


@pytest.mark.parametrize(
    "broken",
    ["@misc{a, title = {never closed\n", '@misc{a, title = "never closed\n', "@misc{a, title}\n", "@misc{a b = c}\n"],
)
def test_a_broken_entry_is_reported_and_the_next_one_read(broken: str) -> None:
    imported = of_kind(f"{broken}\n@misc{{b, title = {{Good}}}}\n", "bibtex")
    assert [paper.title for paper in imported.papers] == ["Good"]
    (leftover,) = imported.leftovers
    assert str(leftover).startswith("Line 1: “@misc") and "was skipped: " in str(leftover)


def test_an_entry_that_identifies_no_paper_is_reported() -> None:
    (leftover,) = of_kind("\n\n@misc{k, year = 2024}", "bibtex").leftovers
    assert str(leftover) == "Line 3: “@misc k” has neither an arXiv id nor a title."


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("{Guanaco Team} and Doe, John", ("Guanaco Team", "John Doe")),
        ("{NASA and JPL}", ("NASA and JPL",)),
        ("King, Jr., Martin Luther and van den Oord, Aäron", ("Martin Luther King Jr.", "Aäron van den Oord")),
        ("Ada Lovelace and others", ("Ada Lovelace",)),
        ("{Ramón y Cajal}, Santiago", ("Santiago Ramón y Cajal",)),
        ("{Institute of Physics, Kyiv}", ("Institute of Physics, Kyiv",)),
    ],
)
def test_names_come_back_in_the_order_of_papers(author: str, names: tuple[str, ...]) -> None:
    assert one(f"@misc{{k, title = {{T}}, author = {{{author}}}}}").authors == names


@given(st.text(st.sampled_from(list('@{}()",=#\\ \nab1misc')), max_size=80))
def test_no_file_breaks_the_reader(text: str) -> None:
    of_kind("@misc{" + text, "bibtex")


CONFERENCE = "@inproceedings{conf, author={Doe, Jane}, title={Things}, year=2019, booktitle={MICCAI}, doi={10.1000/c}}"
JOURNAL = "@article{jour, author={Doe, Jane}, title={Things}, year=2020, journal={Med}, doi={10.1000/j}, abstract={A}}"
PREPRINT = "@misc{arx, author={Doe, Jane}, title={Things}, year=2019, eprint={1901.00001}, archiveprefix={arXiv}}"


@pytest.mark.parametrize("order", permutations((CONFERENCE, JOURNAL, PREPRINT)))
def test_a_preprint_is_one_paper_with_one_of_its_published_forms(order: tuple[str, ...]) -> None:
    """The other one, whose DOI differs, stays a work of its own, with its own facts."""
    imported = read_papers("\n".join(order))
    assert len(imported.papers) == 2
    assert imported.joined == 1
    printed = {"10.1000/c": "MICCAI", "10.1000/j": "Med"}
    assert {paper.doi: paper.journal_ref for paper in imported.papers} == printed


def test_versions_without_dois_are_one_paper_with_the_facts_of_one_venue() -> None:
    imported = read_papers(f"{CONFERENCE.replace(', doi={10.1000/c}', '')}\n{JOURNAL}")
    (paper,) = imported.papers
    assert (paper.journal_ref, paper.doi, paper.issued, paper.abstract) == ("MICCAI", None, "2019", "A")
    assert imported.warnings == ("“conf” and “jour” are the same paper, which gets the key “conf”.",)


@pytest.mark.parametrize("form", ["bibtex", "ris", "csl-json"])
def test_two_editions_of_a_book_are_two_works(form: str) -> None:
    book = "@book{ed%s, author={Roe, Ian}, title={Basics}, year=2019, publisher={P}, isbn={%s}}"
    papers = read_papers(book % (1, "0-306-40615-2") + book % (2, "978-0-262-03561-3")).papers
    assert len(papers) == len(read_papers(cite(papers, form)).papers) == 2
    assert "isbn" in cite(read_papers(cite(papers, form)).papers, "bibtex")


# -- RIS, CSL-JSON -----------------------------------------------------------------------------------------------------


def test_ris_of_other_programs_is_read() -> None:
    paper = one(
        "TY  - JOUR\r\nT1  - Counting\r\n  sheep\r\nA1  - Lovelace, Ada\r\nY1  - 1843/02//\r\n"
        "JO  - Journal of Sheep\r\nM1  - arXiv:2401.00007\r\nER  - \r\n"
    )
    assert (paper.id, paper.title, paper.authors) == ("2401.00007", "Counting sheep", ("Ada Lovelace",))
    assert paper.journal_ref == "Journal of Sheep"


def test_a_record_of_ris_without_a_title_is_reported() -> None:
    (leftover,) = read_papers("TY  - JOUR\nPY  - 2024\nER  - \n").leftovers
    assert str(leftover) == "Line 1: “JOUR” has neither an arXiv id nor a title."


def test_csl_of_other_programs_is_read() -> None:
    item = {
        "id": 7,
        "title": "Counting <i>sheep</i>",
        "author": [{"family": "Oord", "given": "Aäron", "dropping-particle": "van den"}, {"literal": "A Team"}],
        "issued": {"date-parts": [["2024", 2]]},
        "URL": "https://arxiv.org/abs/2401.00007",
    }
    paper = one(json.dumps(item))
    assert (paper.id, paper.title, paper.published) == ("2401.00007", "Counting sheep", None)
    assert paper.authors == ("Aäron van den Oord", "A Team")


@pytest.mark.parametrize("text", ["[1, null, {}]", '[{"title": ""}, {"author": 7, "title": {}}]'])
def test_strange_items_of_csl_are_reported(text: str) -> None:
    assert of_kind(text, "csl-json").leftovers


def test_what_is_not_json_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not valid JSON"):
        of_kind("[{", "csl-json")


# -- lists, emails, pages ----------------------------------------------------------------------------------------------


def test_ids_and_links_are_found_in_lines() -> None:
    imported = read_papers(
        "# my list\n2401.00007\n- [A](https://arxiv.org/abs/2401.00008v2), arXiv:2401.00009\n\n"
        "hep-th/9901001\nhttps://huggingface.co/papers/2401.00007\nnothing here\n"
    )
    assert [paper.id for paper in imported.papers] == ["2401.00007", "2401.00008", "2401.00009", "hep-th/9901001"]
    assert [str(leftover) for leftover in imported.leftovers] == ["Line 7: “nothing here” does not name a paper."]


DIGEST = f"""Submissions to:
Computation and Language
 received from  Mon  1 Jan 24 19:00:00 GMT  to  Tue  2 Jan 24 19:00:00 GMT
------------------------------------------------------------------------------
\\\\
arXiv:2401.00007
Date: Mon, 1 Jan 2024 12:00:00 GMT   (123kb,D)

Title: Counting Sheep with
  $O(n)$ Memory
Authors: Ada Lovelace (1), Aäron van den Oord (Institute of Sheep (Kyiv)) and Bo Li
Categories: cs.CL cs.LG
Comments: 12 pages
\\\\
  {LONG}
\\\\ ( https://arxiv.org/abs/2401.00007 ,  123kb)
------------------------------------------------------------------------------
%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%
\\\\
arXiv:2301.00008
replaced with revised version Tue, 2 Jan 2024 08:00:00 GMT   (9kb)

Title: Older
Authors: Bo Li
Categories: cs.CL
\\\\ ( https://arxiv.org/abs/2301.00008 ,  9kb)
"""


def test_a_journal_reference_of_arxivs_may_mention_arxiv() -> None:
    journal = "Proc. LFMTP 2020, arXiv:2101.02835"
    new, _ = read_papers(DIGEST.replace("Comments: 12 pages", f"Journal-ref: {journal}")).papers
    assert new.journal_ref == journal


def test_a_mail_of_arxiv_is_read() -> None:
    new, replaced = read_papers(DIGEST).papers
    assert (new.id, new.title, new.published) == ("2401.00007", "Counting Sheep with $O(n)$ Memory", date(2024, 1, 1))
    assert new.authors == ("Ada Lovelace", "Aäron van den Oord", "Bo Li")
    assert new.categories == ("cs.CL", "cs.LG")
    assert new.abstract == LONG.strip()
    assert (replaced.id, replaced.title, replaced.published, replaced.abstract) == ("2301.00008", "Older", None, "")


def test_affiliations_deep_in_parentheses_take_a_moment() -> None:
    """Each pass over the text took away one pair."""
    deep = "(" * 60_000 + ")" * 60_000
    paper, _ = read_papers(DIGEST.replace("Lovelace (1)", f"Lovelace {deep}")).papers
    assert paper.authors == ("Ada Lovelace", "Aäron van den Oord", "Bo Li")


PAGE = f"new\n\nGet papers by mail!\n\nMar 11\n\nCounting Sheep\n\n{LONG}\n\nA Second Title\n\n{LONG}"


def test_the_text_of_a_page_gives_titles_with_abstracts() -> None:
    imported = read_papers(PAGE)
    assert [paper.title for paper in imported.papers] == ["Counting Sheep", "A Second Title"]
    assert all(paper.abstract == LONG.strip() and is_local(paper.id) for paper in imported.papers)


def test_the_same_page_gives_the_same_papers_again() -> None:
    assert read_papers(PAGE).papers == read_papers(PAGE.replace("\n", "\r\n")).papers


def test_a_saved_page_names_its_papers_by_links() -> None:
    html = (
        "<!doctype html><html><head><title>x</title><script>var a = '/papers/2401.00001'</script></head><body>"
        '<article><a href="/papers/2401.00007"></a><h3><a href="/papers/2401.00007">Counting\n Sheep</a></h3>'
        '<a href="/papers/2401.00007#community">many words of a comment</a></article>'
        '<article><h3><a href="/papers/2401.00008">Mamba</a></h3><a href="/papers">all</a></article></body></html>'
    )
    assert [(paper.id, paper.title) for paper in read_papers(html).papers] == [
        ("2401.00007", "Counting Sheep"),
        ("2401.00008", "Mamba"),
    ]


def test_a_saved_page_without_links_is_read_as_text() -> None:
    html = f"<html><body><h3>Counting &amp; Sheep</h3><p>{LONG}</p></body></html>"
    assert one(html).title == "Counting & Sheep"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("@misc{a, title={B}}", "bibtex"),
        ("% a remark\n\n@article(a,", "bibtex"),
        ("TY  - JOUR\n", "ris"),
        ('[{"title": "x"}]', "csl-json"),
        ("[2401.00007]", "ids"),
        ("<!DOCTYPE html><p>", "html"),
        (DIGEST, "digest"),
        (PAGE, "page"),
        ("2401.00007", "ids"),
        ("", "ids"),
    ],
)
def test_the_kind_of_a_text_is_recognised(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_old_files_in_another_encoding_are_read() -> None:
    assert {decode_file("Müller".encode(name)).text for name in ("cp1252", "utf-8-sig", "utf-16")} == {"Müller"}
    assert decode_file(b"% Encoding: ISO8859_2\n" + "žluťoučký kůň".encode("iso8859-2")).text.endswith("žluťoučký kůň")
    mixed = decode_file("Müller\n".encode() + "Möller".encode("cp1252"))
    assert (mixed.text, mixed.warning[:38]) == ("Müller\nMöller", "1 of its lines is not in UTF-8 and was")


def test_two_entries_of_one_paper_complete_each_other() -> None:
    paper = one("@misc{a, eprint = {2401.00007}, title = {T}}\n@misc{b, eprint = {2401.00007}, author = {Bo Li}}")
    assert (paper.title, paper.authors) == ("T", ("Bo Li",))


def test_nothing_dangerous_comes_in() -> None:
    paper = one('[{"title": "A\\u001b[2J \\u202eB", "author": ["C\\u0007"], "URL": "javascript:alert(1)"}]', "csl-json")
    assert (paper.title, paper.authors, paper.project_url) == ("A B", ("C",), None)


# -- round trips -------------------------------------------------------------------------------------------------------

NAME = st.one_of(
    st.sampled_from(["Aäron van den Oord", "Martin Luther King Jr.", "Guanaco Team", "李 伟", "Ramón y Cajal", "Cher"]),
    st.text(st.characters(categories=["Lu", "Ll", "Lt"]), min_size=1, max_size=8).map(lambda word: f"Ada {word}"),
)
TITLE = st.lists(
    st.sampled_from(
        ["$O(n^2)$", "GPT-4", "R&D", "100%", "$5", "a_b", "x^2", "~7", "#1", "Müller", "{x}", "<i>", "τ", "on"]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)


def same(text: str) -> str:
    return unicodedata.normalize("NFC", clean_line(to_unicode(text)))


@pytest.mark.parametrize("form", ["bibtex", "biblatex", "bibtex-ascii", "ris", "csl-json"])
@settings(max_examples=examples(60))
@given(title=TITLE, authors=st.lists(NAME, max_size=4), local=st.booleans())
def test_what_was_exported_comes_back(form: str, title: str, authors: list[str], local: bool) -> None:
    facts: dict[str, Any] = {"title": title, "authors": tuple(authors), "published": date(2024, 1, 31)}
    if local:
        facts |= {"id": "local-2024-01-0123456789ab", "doi": "10.1000/1", "journal_ref": "Journal of Sheep"}
    paper = one(cite([Paper(**({"id": "2401.00007"} | facts))], form))
    assert same(paper.title) == same(title)
    assert [*map(same, paper.authors)] == [*map(same, authors)]
    assert paper.dated == ("2024-01" if form.startswith("bibtex") and not local else "2024-01-31")
    if local:
        assert is_local(paper.id)
        assert (paper.doi, paper.journal_ref) == ("10.1000/1", "Journal of Sheep")
    else:
        assert (paper.id, paper.doi) == ("2401.00007", None)


def test_a_local_paper_comes_back_under_its_id_from_every_form() -> None:
    paper = one("@misc{k, title = {Sets {$\\{a\\}$}}, author = {Doe, John}, year = 2024, month = jan}")
    assert {one(cite([paper], form)).id for form in ("bibtex", "ris", "csl-json")} == {paper.id}
