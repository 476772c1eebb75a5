"""Files as people have them: nothing that they say is lost, and what can't be used is reported."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.exchange.importing import kind_of, read_file, read_papers
from paperdeck.storage.exchange.readers import from_ids
from paperdeck.storage.exchange.records import ImportedItem
from paperdeck.storage.identifiers import is_local
from paperdeck.storage.identity import names_of
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.bibtex import names_in

AUTHORS = [
    *(r"Sch{\"o}lkopf, B.", r"M{\"u}ller, K.-R.", "{Turing}, A. M.", r"Krav{\v{c}}{\'\i}k, J.", "Roe AB", "Roe, A. B."),
    *(
        "{World Health Organization}",
        r"{\'E}tienne Roe",
        "A. Roe",
        "Plato",
        r"Ana {L{\'o}pez Garc{\'i}a}",
        "Evan Smothers",
    ),
]


def one(text: str) -> ImportedItem:
    imported = read_papers(text)
    assert not imported.leftovers
    (item,) = imported.items
    return item


def bib(fields: str, kind: str = "article", key: str = "k") -> ImportedItem:
    return one(f"@{kind}{{{key}, title = {{A Title}}, author = {{Roe, Ann}}, {fields}}}")


# -- ids ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        r"howpublished={\url{https://arxiv.org/abs/2401.00001}}",
        "howpublished={arXiv preprint arXiv:2401.00001}",
        "journaltitle={arXiv preprint arXiv:2401.00001}",
        "pages={arXiv:2401.00001}",
        "eprint={2401.00001 [cs.CV]}",
        "eprint={2401.00001}, eprinttype={arXiv.org}",
        "eprint={2401.00001}, archivePrefix={{arXiv}}",
        'eprint={2401.00001}, archiveprefix="{arXiv}"',
        "eprint={2401.00001, 2401.00015}",
        "arxivId={2401.00001}",
        "arxiv={2401.00001v3}",
        "pdf={https://arxiv.org/pdf/2401.00001}",
        "journal={ArXiv}, volume={abs/2401.00001}",
        "note={arXiv:2401.00001 [cs.CL]}",
        "note={arXiv:2401.00001 [cs, math, stat]}",
        "eprint={2401.00001}, archiveprefix={arXiv preprint}",
        "arxiv_id={2401.00001}",
        "arXivNumber={2401.00001}",
        "archive={arXiv}, archiveLocation={2401.00001}",
        "extra={arXiv:2401.00001}",
        "local-url={https://arxiv.org/abs/2401.00001}",
        "bdsk-url-2={https://arxiv.org/abs/2401.00001}",
        "html={https://arxiv.org/html/2401.00001v2}",
        "journal={arXiv: Computation and Language}, number={2401.00001}",
        "journal={arXiv e-prints}, pages={2401.00001}",
        "institution={arXiv}, number={2401.00001}",
        "url={https://www.arxiv.org/abs/2401.00001?context=cs}",
        r"note={\_eprint: 2401.00001}",
    ],
)
def test_an_id_is_found_wherever_programs_put_it(fields: str) -> None:
    assert bib(fields).paper.id == "2401.00001"


@pytest.mark.parametrize(
    "facts",
    [
        {"note": "eprint: 2401.00001"},
        {"note": "Citation Key: roe19\neprint: 2401.00001\neprinttype: arxiv"},
        {"extra": "_eprint: 2401.00001"},
        {"publisher": "arXiv", "number": "2401.00001"},
        {"container-title": "arXiv", "page": "2401.00001"},
    ],
)
def test_an_id_is_found_wherever_programs_put_it_in_json(facts: dict[str, str]) -> None:
    assert one(json.dumps([{"type": "article", "title": "A Title"} | facts])).paper.id == "2401.00001"


@pytest.mark.parametrize(
    "cells",
    [
        {"Extra": "Citation Key: roe19\narXiv:2401.00001"},
        {"Extra": "arXiv:2401.00001 [cs]\nPublisher: arXiv"},
        {"Publisher": "arXiv", "Number": "arXiv:2401.00001"},
        {"Publisher": "arXiv", "Number": "2401.00001"},
        {"Publication Title": "arXiv preprint arXiv:2401.00001"},
    ],
)
def test_an_id_is_found_wherever_programs_put_it_in_a_table(cells: dict[str, str]) -> None:
    names, values = ("Item Type", "Title", *cells), ("preprint", "A Title", *cells.values())
    paper = one("\n".join(",".join(f'"{cell}"' for cell in row) for row in (names, values)) + "\n").paper
    assert (paper.id, paper.journal_ref) == ("2401.00001", None)
    assert '"issue"' not in cite([paper], "csl-json")


def test_old_ids_in_two_fields_and_ids_as_keys_are_found() -> None:
    assert bib("eprint={0601001}, primaryClass={math.AG}").paper.id == "math/0601001"
    assert bib("journal={arXiv preprint cs/0312020}").paper.id == "cs/0312020"
    assert bib("year=2026", kind="misc", key="2605.30263").paper.id == "2605.30263"
    assert bib("journal={CoRR}", key="DBLP:journals/corr/abs-2401-00001").paper.id == "2401.00001"


@pytest.mark.parametrize(
    "fields",
    [
        "note={Comment on arXiv:1706.03762}",
        "annote={See arXiv:1706.03762}",
        "url={https://example.org/?u=https://arxiv.org/abs/1706.03762}",
        "number={See also arXiv:1706.03762 and the book}",
        "journal={Letters}, number={1706.03762}",
        "file={1706.03762.pdf:papers/1706.03762.pdf:PDF}",
        "code={https://arxiv.org/abs/1706.03762}",
        "eprint={1706.03762}, archiveprefix={bioRxiv}",
    ],
)
def test_an_id_that_is_only_mentioned_is_not_the_papers_own(fields: str) -> None:
    assert is_local(bib(fields).paper.id)


def test_a_comment_on_a_paper_is_not_the_paper() -> None:
    text = "@misc{c, title={Comment on ``Attention''}, author={Doe, Jane}, url={https://arxiv.org/abs/1706.03762}}"
    paper = one(text).paper
    assert (is_local(paper.id), paper.title) == (True, "Comment on “Attention”")


def test_two_entries_of_one_id_with_unlike_titles_are_told_apart() -> None:
    imported = read_papers(
        "@misc{a, eprint={1706.03762}, title={Attention Is All You Need}}\n"
        "@misc{b, title={A Totally Different Blog Post}, author={Roe, Ann}, url={https://arxiv.org/abs/1706.03762}}"
    )
    first, second = imported.papers
    assert (first.id, is_local(second.id)) == ("1706.03762", True)
    assert imported.warnings == (
        "“A Totally Different Blog Post” names 1706.03762, but that is “Attention Is All You Need”; both are kept.",
    )


@pytest.mark.parametrize("line", ["tel. 0812.3456", "price 2312.50000", "section 1201.1234 of the law"])
def test_a_number_in_a_text_is_not_an_id(line: str) -> None:
    assert not from_ids(line).papers


def test_a_list_may_name_titles_after_its_ids() -> None:
    text = "2401.00001 A title\n- 2401.00002: another\n[3] arXiv:2401.00003 [cs.CL]\nsee https://scirate.com/arxiv/2401.00004"
    assert [paper.id for paper in from_ids(text).papers] == [f"2401.0000{number}" for number in range(1, 5)]


# -- BibTeX ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["web_page", "book_section", "in-proceedings2", "Article"])
def test_any_type_of_entry_is_read(kind: str) -> None:
    assert kind_of(f"@{kind}{{x,\n title={{T}}}}") == "bibtex"
    assert bib("year=2018", kind=kind).paper.title == "A Title"


@pytest.mark.parametrize(
    "head",
    [
        "{Roe2019},",
        "a{b}c,",
        'Roe"19",',
        "O'Brien:2019,",
        "键2020,",
        "doi:10.1002/(SICI)1097-0142(1998)82:1<1::AID-X>3.0.CO;2-Y,",
        "Roe 2019,",
        "\n",
        "key1\n",
        ",",
        "a.b:c+d,",
    ],
)
def test_any_key_is_read(head: str) -> None:
    item = one(f"@article{{{head} title={{A Title}},\n author={{Roe, Ann}}, year=2019}}")
    assert (item.paper.title, item.paper.authors, item.paper.issued) == ("A Title", ("Ann Roe",), "2019")


def test_remarks_within_an_entry_are_passed_over() -> None:
    item = one("@misc{k, title = {T}, % the title\n% year = {2017},\n year = {2018}, author={Roe, Ann},% end\n}")
    assert (item.paper.title, item.paper.issued) == ("T", "2018")


def test_a_brace_too_many_is_reported_and_loses_nothing() -> None:
    imported = read_papers(
        "@article{x1, title={Extra closing brace}}, author={Roe, Ann}, year=2018}\n@misc{y, title={N}}"
    )
    assert imported.papers[0].authors == ("Ann Roe",)
    assert [str(leftover) for leftover in imported.leftovers] == [
        "Line 1: “@article x1” has an extra “}”; the fields after it were read."
    ]
    assert len(imported.papers) == 2


@pytest.mark.parametrize("end", ["\n\n", ", note x}\n", ", year = = 2018}\n"])
def test_a_damaged_entry_keeps_what_could_be_read(end: str) -> None:
    """As with an extra brace, nothing of it is lost silently, and the next entry is read."""
    imported = read_papers(f"@article{{x1, title={{T}}, author={{Roe, Ann}}{end}@misc{{y, title={{N}}}}")
    assert [(paper.title, paper.authors) for paper in imported.papers] == [("T", ("Ann Roe",)), ("N", ())]
    assert "“@article x1” is damaged" in str(imported.leftovers[0])


def test_a_field_that_swallowed_others_is_not_believed() -> None:
    imported = read_papers("@article{x1, title={T, author={Roe, Ann}, year=2018}\n\n@misc{y, title={N}}")
    assert [paper.title for paper in imported.papers] == ["N"]
    assert "was skipped" in str(imported.leftovers[0])


def test_bibtex_is_read_from_a_saved_page() -> None:
    assert one("<pre>@article{a, title={X &amp; Y}, author={Roe, Ann}}</pre>").paper.title == "X & Y"


def test_what_an_entry_has_from_its_volume_is_inherited_and_the_volume_is_not_a_paper() -> None:
    imported = read_papers(
        "@inproceedings{child, title={C}, author={Roe, Ann}, crossref={Parent}}\n"
        "@proceedings{parent, title={Proc. of X}, booktitle={Proceedings of X}, year=2019, publisher={P}}"
    )
    (item,) = imported.items
    assert (item.paper.journal_ref, item.paper.issued) == ("Proceedings of X", "2019")
    assert "contains other entries" in str(imported.leftovers[0])
    for kind in ("inbook", "bookinbook", "suppcollection"):
        book = "@book{p, title={The Book}, year=2019, publisher={P}}"
        (part,) = read_papers(f"@{kind}{{c, title={{Part}}, crossref={{p}}}}\n{book}").papers
        assert cite([part], "apa").startswith("Part. (2019). In The Book. P.")


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (r"A \mkbibemph{Nested} H\textsubscript{2}O on the 5\textsuperscript{th}", "A Nested H₂O on the 5ᵗʰ"),
        (r"The \texorpdfstring{$\pi$}{pi} day", r"The $\pi$ day"),
        (r"GPT\xspace is \unknown[opt]{odd}", "GPT is odd"),
        (r"\raisebox{-.1em}{\includegraphics[height=1em]{a.png}} Llama", "Llama"),
        (r"\foreignlanguage{german}{{\"U}ber} A\textendash B", "Über A–B"),
        (r"L\h{\^e} and \glqq{}x\grqq{} at $\sim$5", r"Lể and „x“ at $\sim$5"),
    ],
)
def test_commands_in_titles_are_understood(raw: str, title: str) -> None:
    """No command runs into a word, and none is printed."""
    assert one(f"@misc{{k, title={{{raw}}}}}").paper.title == title


def test_a_subtitle_belongs_to_the_title() -> None:
    assert one("@misc{k, title={minWM}, subtitle={A Framework}}").paper.title == "minWM: A Framework"


@pytest.mark.parametrize(
    ("author", "parts"),
    [
        ("family=Roe, given=Aaron, prefix=van den, useprefix=true", ("Roe", "Aaron", "van den", "")),
        (r"de la Vall{\'e}e Poussin, Charles", ("Vallée Poussin", "Charles", "de la", "")),
        (r"Garc{\'i}a M{\'a}rquez, Gabriel", ("García Márquez", "Gabriel", "", "")),
        (r"Nguy{\~{\^e}}n, V\u{a}n {\DJ}{\'u}c", ("Nguyễn", "Văn Đúc", "", "")),
        ("{World Health Organization}", ("World Health Organization",)),
        (r"Charles-Jean de {La Vall{\'e}e Poussin}", ("La Vallée Poussin", "Charles-Jean", "de", "")),
        (r"Ana {L{\'o}pez Garc{\'i}a}", ("López García", "Ana", "", "")),
        ("Federico {García Lorca}", ("García Lorca", "Federico", "", "")),
        (r"Nguy{\~\^e}n, H{\`\^o}ng Ph{\'\ohorn}", ("Nguyễn", "Hồng Phớ", "", "")),
        (r"Grigor\cprime ev, A.", ("Grigorʹev", "A.", "", "")),
        ("Martin Luther King, Jr.", ("King", "Martin Luther", "", "Jr.")),
    ],
)
def test_names_keep_the_parts_that_the_source_gave(author: str, parts: tuple[str, ...]) -> None:
    (name,) = names_of(one(f"@misc{{k, title={{T}}, author={{{author}}}}}").paper)
    assert name.parts == parts


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Roe, A., Doe, B., and Poe, C.", ("A. Roe", "B. Doe", "C. Poe")),
        ("Roe, Ann and others", ("Ann Roe",)),
        ("Ann Roe et al.", ("Ann Roe",)),
        (r"Roe, A., \& Doe, B.", ("A. Roe", "B. Doe")),
        ("Ann Roe, Bob Doe, and Carl Poe", ("Ann Roe", "Bob Doe", "Carl Poe")),
        ("García Márquez, Gabriel José", ("Gabriel José García Márquez",)),
        ("Roe AB, Doe C", ("AB Roe", "C Doe")),
        (r"Ann Roe$^{1}$ and Bob Doe*\thanks{A Lab} and Carl Poe (MIT)", ("Ann Roe", "Bob Doe", "Carl Poe")),
        ("{Barnes & Noble} and Team, Gemini", ("Barnes & Noble", "Gemini Team")),
        ("Wei Wang 0001 and Li 0002, Bo", ("Wei Wang", "Bo Li")),
        (r"Yu. \relax X and \noopsort{a}Bo Li", ("Yu. X", "Bo Li")),
        (r"Sch{\"o}lkopf, B. and M{\"u}ller, K.-R.", ("B. Schölkopf", "K.-R. Müller")),
        (r"M{\"u}ller, A., Doe, B., and Poe, C.", ("A. Müller", "B. Doe", "C. Poe")),
        (r"M{\"u}ller, A.; M&uuml;ller, B.", ("A. Müller", "B. Müller")),
        ("{Turing}, A. M.", ("A. M. Turing",)),
        ("A. Roe, B. Doe", ("A. Roe", "B. Doe")),
        ("A. Roe, Bob Doe and {others}", ("A. Roe", "Bob Doe")),
    ],
)
def test_loosely_written_names_are_understood(author: str, names: tuple[str, ...]) -> None:
    assert one(f"@misc{{k, title={{T}}, author={{{author}}}}}").paper.authors == names


@pytest.mark.parametrize(
    ("fields", "dated"),
    [
        ("year=2020", "2020"),
        ("year={1888}", "1888"),
        ("date={2018-6-3}", "2018-06-03"),
        ("year=2020, month={5 June}", "2020-06-05"),
        ('year=2020, month=10 # "~" # jan', "2020-01-10"),
        ("date={2018-06-03/2018-06-05}", "2018-06-03"),
        ("year={March 2019}, month=mar, day=5", "2019-03-05"),
        ("year={2019-03}, day=5", "2019-03-05"),
        ("year={March 2019}, month=may, day=5", "2019-03"),
        ("year={forthcoming}", None),
    ],
)
def test_a_date_is_as_exact_as_it_was_given(fields: str, dated: str | None) -> None:
    assert bib(fields).paper.dated == dated


def test_a_venues_year_is_not_a_date_of_arxivs() -> None:
    paper = bib("eprint={1706.03762}, booktitle={NeurIPS}, year={2018}", kind="inproceedings").paper
    assert (paper.published, paper.issued, paper.dated) == (None, None, "2017-06")


def test_half_a_surrogate_pair_is_a_replacement_character() -> None:
    """No file can hold it, so one such entry kept all others out."""
    entry = r'{"type": "book", "title": "T \ud83d\ude00 \\ud83d", "publisher": "P\ud83d", "DOI": "10.1/\udc00"}'
    paper = one(f"[{entry}]").paper
    assert (paper.title, dict(paper.record)["publisher"], paper.doi) == ("T 😀 \\ud83d", "P�", "10.1/�")
    for form in ("csl-json", "bibtex", "ris", "apa"):
        cite([paper], form).encode()


def test_small_things_that_files_get_wrong() -> None:
    assert bib("eprint={2406.00001}, primaryClass={id='math.CO' full_name=x is_active=True}").paper.categories == (
        "math.CO",
    )
    assert bib(r"doi={10.1007/978-3-030-00000-0\_12}").paper.doi == "10.1007/978-3-030-00000-0_12"
    many = " and ".join(f"Aaaaaaaaaaaaaaaa Bbbbbbbbbbbbbbbbb{number}" for number in range(8000))
    assert len(one(f"@misc{{k, title={{T}}, author={{{many}}}}}").paper.authors) == 8000


@pytest.mark.parametrize(
    "field",
    [
        "doi={10.1000/a/b}",
        "doi={10.1000/a%2Fb}",
        "doi={doi:10.1000/a/b.}",
        "url={https://doi.org/10.1000/a/b}",
        "note={DOI: 10.1000/a/b}",
    ],
)
def test_a_doi_is_found_and_always_the_same(field: str) -> None:
    assert bib(field).paper.doi == "10.1000/a/b"


def test_keywords_groups_and_notes_are_kept_apart() -> None:
    item = bib(
        "keywords={transformers, to read}, groups={Thesis}, annote={why}, note={Best paper}, readstatus={skimmed}"
    )
    assert item.words == {"keywords": ("transformers", "to read"), "groups": ("Thesis",)}
    assert (item.marks.note, item.marks.read) == ("why\nBest paper", True)
    item = bib("mendeley-tags={attention,nlp}, mendeley-groups={NLP/Transformers}")
    assert item.words == {"keywords": ("attention", "nlp"), "groups": ("NLP/Transformers",)}


@pytest.mark.parametrize("form", ["TY  - JOUR\nTI  - T\nN1  - {}\nER  - \n", "title,notes\nT,{}\n"])
def test_a_note_in_html_becomes_text(form: str) -> None:
    for note in ("<h1>Why</h1>", '<a href="https://example.org">Why</a>', "<blockquote>Why</blockquote>"):
        assert one(form.format('"' + note.replace('"', '""') + '"' if "," in form else note)).marks.note == "Why"
    assert one(form.format("if a<b and c>d")).marks.note == "if a<b and c>d"


def test_the_notes_of_an_item_of_json_keep_their_lines_and_their_signs() -> None:
    notes = [{"note": "<p>One</p><p>two &lt;b&gt;</p>"}, "R&amp;D", "", "if a<b and c>d"]
    item = one(json.dumps([{"type": "article", "title": "T", "annote": "Why", "notes": notes}]))
    assert item.marks.note == "Why\nOne\ntwo <b>\nR&D\nif a<b and c>d"


# -- RIS, JSON, others -------------------------------------------------------------------------------------------------


def test_a_record_ends_where_the_next_begins() -> None:
    papers = read_papers("TY  - JOUR\nTI  - One\nAU  - A, B\nTY  - JOUR\nTI  - Two\nAU  - C, D\nER  - \n").papers
    assert [(paper.title, paper.authors) for paper in papers] == [("One", ("B A",)), ("Two", ("D C",))]


@pytest.mark.parametrize(
    ("lines", "dated"),
    [
        ("DA  - 27-30 June 2016\nPY  - 2016", "2016-06"),
        ("PY  - 2017/06/12/", "2017-06-12"),
        ("Y1  - 2018/06/12", "2018-06-12"),
        ("PY  - 2020", "2020"),
        ("PY  - 2020\nDA  - May", "2020-05"),
        ("DA  - Nov 27\nPY  - 2020", "2020-11-27"),
        ("Y1  - 2021/Jul/", "2021-07"),
        ("DA  - 2020 May 6", "2020-05-06"),
        ("PY  - 20200506", "2020-05-06"),
        ("PY  - 2020\nDA  - 2019/12/30", "2020"),
    ],
)
def test_dates_of_ris(lines: str, dated: str) -> None:
    assert one(f"TY  - JOUR\nTI  - T\n{lines}\nER  - ").paper.dated == dated


@pytest.mark.parametrize(
    "lines",
    [
        "JO  - ArXiv\nVL  - abs/2401.10001",
        "JO  - CoRR\nVL  - abs/2401.10001",
        "N1  - arXiv:2401.10001 [cs]",
        "T2  - arXiv preprint arXiv:2401.10001\nJO  - X",
        "L1  - https://arxiv.org/pdf/2401.10001",
        "SP  - arXiv:2401.10001",
        "M3  - arXiv:2401.10001",
        "C7  - arXiv:2401.10001",
        "IS  - 2401.10001\nT2  - arXiv",
        "DB  - arXiv\nAN  - 2401.10001",
        "N1  - Comment: 12 pages\nN1  - arXiv:2401.10001 [cs, stat]",
    ],
)
def test_ids_in_ris(lines: str) -> None:
    assert one(f"TY  - JOUR\nTI  - T\nKW  - one; two\n{lines}\nER  - ").paper.id == "2401.10001"


def test_names_of_ris_as_publishers_write_them() -> None:
    """IEEE has no commas, PubMed neither; a group has none either, and stays whole."""
    names = ("K. He", "Roe AB", "World Health Organization", "{LIGO Collaboration}", "Doe, Bo 0001", "et al.")
    item = one("TY  - JOUR\nTI  - T\n" + "".join(f"AU  - {name}\n" for name in names) + "A1  - K. He\nER  - ")
    assert item.paper.authors == ("K. He", "AB Roe", "World Health Organization", "LIGO Collaboration", "Bo Doe")
    assert [name.family for name in names_of(item.paper)][:3] == ["He", "Roe", "World Health Organization"]


def test_ris_with_a_head_and_without_spaces_is_read() -> None:
    head = 'Provider: A Castle\nDatabase: dblp\nContent:text/plain; charset="utf-8"\n\n'
    assert one(f"{head}TY  -JOUR\nTI  -T\nER  -\n").paper.title == "T"


HUB = {"id": "2401.20001", "title": "T", "authors": [{"name": "Ann Roe"}], "publishedAt": "2024-01-31T00:00:00.000Z"}
NAMES = [{"name": "Ann Roe"}]
PARTS = [{"family": "Roe", "given": "Ann"}]
CREATORS = [{"firstName": "Ann", "lastName": "Roe", "creatorType": "author"}]
PARSED = {"authors": "Ann Roe", "authors_parsed": [["Roe", "Ann", ""]]}
FIRST = {"version": "v1", "created": "Wed, 31 Jan 2024 19:18:42 GMT"}
OPENALEX = {"title": "T", "doi": "https://doi.org/10.48550/arxiv.2401.20001", "publication_year": 2024}
OPENALEX["authorships"] = [{"author": {"display_name": "Ann Roe"}}]
DBLP = {"title": "T", "authors": {"author": {"text": "Ann Roe 0001"}}, "venue": "CoRR", "volume": "abs/2401.20001"}
DATACITE = {"titles": [{"title": "T"}], "creators": [{"name": "Roe, Ann", "familyName": "Roe", "givenName": "Ann"}]}
DATACITE |= {"doi": "10.48550/arxiv.2401.20001", "publicationYear": 2024}
ADS = {"title": ["T"], "author": ["Roe, Ann"], "identifier": ["2024arXiv", "arXiv:2401.20001"], "pubdate": "2024-01-00"}
ZOTERO = {"itemType": "preprint", "creators": CREATORS, "archiveID": "arXiv:2401.20001", "date": "2024", "title": "T"}


@pytest.mark.parametrize(
    ("answer", "paper_id", "dated"),
    [
        ([{"paper": HUB, "title": "A dump"}], "2401.20001", "2024-01-31"),
        ({"data": [{"title": "T", "externalIds": {}, "year": 2019, "authors": NAMES}]}, None, "2019"),
        ({"title": "T", "externalIds": {"ArXiv": "2401.20001"}, "authors": NAMES}, "2401.20001", "2024-01"),
        ({"message": {"title": ["T"], "author": PARTS, "issued": {"date-parts": [[2017, 6]]}}}, None, "2017-06"),
        ({"items": [{"title": "T", "author": PARTS, "issued": {"raw": "2017-06-12"}}]}, None, "2017-06-12"),
        ({"items": [ZOTERO]}, "2401.20001", "2024-01"),
        ({"id": "2401.20001", "title": "T", **PARSED, "versions": [FIRST]}, "2401.20001", "2024-01-31"),
        (
            [{"title": "T", "author": PARTS, "container-title": "arXiv preprint arXiv:2401.20001"}],
            "2401.20001",
            "2024-01",
        ),
        ([{"title": "T", "author": PARTS, "note": "eprint: arXiv:2401.20001"}], "2401.20001", "2024-01"),
        (
            {"results": [{**OPENALEX, "authorships": [{"author": {"display_name": "Ann Roe"}}]}]},
            "2401.20001",
            "2024-01",
        ),
        ({"result": {"hits": {"hit": [{"info": DBLP}]}}}, "2401.20001", "2024-01"),
        (
            {"notes": [{"content": {"title": {"value": "T"}, "authors": {"value": ["Ann Roe"]}}, "cdate": 1}]},
            None,
            None,
        ),
        ({"data": [{"citingPaper": {"title": "T", "externalIds": {}, "authors": NAMES, "year": 2020}}]}, None, "2020"),
        ({"data": [{"attributes": DATACITE}]}, "2401.20001", "2024-01"),
        ({"response": {"docs": [ADS]}}, "2401.20001", "2024-01"),
        ({"roe20": {"title": "T", "author": "Roe, Ann", "year": "2020"}}, None, "2020"),
        ([{"title": "T", "author": PARTS, "issued": {"year": 2020, "month": 5}}], None, "2020-05"),
        ([{"title": "T", "author": PARTS, "published-print": {"date-parts": [[2017, 6]]}}], None, "2017-06"),
        (
            [{"title": "T", "authors": ["Ann Roe"], "entry_id": "http://arxiv.org/abs/2401.20001v1"}],
            "2401.20001",
            "2024-01",
        ),
    ],
)
def test_json_of_other_programs(answer: Any, paper_id: str | None, dated: str | None) -> None:
    paper = one(json.dumps(answer)).paper
    assert (paper.title, paper.authors, paper.dated) == ("T", ("Ann Roe",), dated)
    assert paper.id == paper_id or (paper_id is None and is_local(paper.id))


def test_a_broken_line_of_json_costs_that_line_alone() -> None:
    imported = read_papers('{"title": "T", "authors": ["A"]}\n{"title": "U"\n{"title": "V"}\n')
    assert [paper.title for paper in imported.papers] == ["T", "V"]
    assert [str(leftover) for leftover in imported.leftovers] == ['Line 2: “{"title": "U"” is not valid JSON.']


def test_an_attachment_is_not_a_paper_and_an_entry_without_a_name_is_shown() -> None:
    """An empty name says nothing."""
    items = [{"itemType": "attachment", "title": "Snapshot"}, {"year": 2020}]
    assert [str(leftover) for leftover in read_papers(json.dumps({"items": items})).leftovers] == [
        "“Snapshot” is not a paper (Zotero calls it attachment).",
        '“{"year": 2020}” has neither an arXiv id nor a title.',
    ]


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("PMID- 12345\nOWN - NLM\nTI  - A title\n", "PubMed"),
        ("%0 Journal Article\n%T A title\n%A Roe, Ann\n", "EndNote"),
        ("FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Roe, A\n", "Web of Science"),
    ],
)
def test_kinds_that_are_not_read_are_named_in_one_sentence(text: str, program: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^Files of {program} .*export RIS or BibTeX"):
        read_papers(text)


DIGEST = (
    "\\\\\narXiv:2401.00007\nDate: Mon, 1 Jan 2024 12:00:00 GMT   (1kb)\n\nTitle: Zählen = counting\nAuthors: Ann Roe\n"
)
DIGEST += "Categories: cs.CL\n\\\\\n  Text.\n\\\\ ( https://arxiv.org/abs/2401.00007 ,  1kb)\n"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
def test_a_mail_is_read_in_any_encoding(encoding: str) -> None:
    import quopri

    raw = DIGEST.encode()
    body = {"base64": base64.encodebytes(raw), "quoted-printable": quopri.encodestring(raw), "8bit": raw}[encoding]
    head = "From: x@example.org\nSubject: cs daily\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    (paper,) = read_file(head.encode() + f"Content-Transfer-Encoding: {encoding}\n\n".encode() + body).papers
    assert (paper.id, paper.title, paper.dated) == ("2401.00007", "Zählen = counting", "2024-01-01")


def test_a_mail_says_which_paper_was_withdrawn() -> None:
    said = DIGEST.replace("Categories:", "Comments: This paper has been withdrawn\n  by the author.\nCategories:")
    paper = one(said).paper
    assert (paper.comment, paper.withdrawn) == ("This paper has been withdrawn by the author.", True)
    assert not one(DIGEST).paper.withdrawn


@pytest.mark.parametrize(
    "text",
    [
        "@misc{k, title={T}, eprint={2403.00009}, abstract={%s}}",
        "TY  - UNPB\nTI  - T\nAN  - arXiv:2403.00009\nAB  - %s\nER  - \n",
        '[{"title": "T", "arxiv_id": "2403.00009", "abstract": "%s"}]',
        '[{"title": "T", "entry_id": "http://arxiv.org/abs/2403.00009v2", "comment": "%s"}]',
        "arxiv,title,abstract\n2403.00009,T,%s\n",
    ],
)
def test_an_abstract_or_a_comment_says_which_paper_was_withdrawn(text: str) -> None:
    assert one(text % "This paper has been withdrawn due to an error.").paper.withdrawn
    assert not one(text % "We ask why papers are withdrawn.").paper.withdrawn


def mail(body: str, kind: str = "plain", head: str = "") -> bytes:
    fields = f"From: x@example.org\nSubject: cs daily\nMIME-Version: 1.0\n{head}"
    return f"{fields}Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n".encode()


def test_all_mails_of_a_mailbox_and_quoted_ones_are_read() -> None:
    box = b"From x@example.org Mon Jan  1 00:00:00 2024\n"
    both = box + mail(DIGEST) + b"\n" + box + mail(DIGEST.replace("00007", "00008"))
    assert [paper.id for paper in read_file(both).papers] == ["2401.00007", "2401.00008"]
    (paper,) = read_file(mail("".join(f"> {line}\n" for line in DIGEST.splitlines()))).papers
    assert paper.title == "Zählen = counting"


def test_files_in_mails_and_links_of_alerts_are_read() -> None:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["Subject"], message["To"] = "a@example.org", "references", "b@example.org"
    message.set_content("Here they are.\n")
    message.add_attachment(
        b"@misc{a, title={T}, eprint={2401.00009}}", maintype="application", subtype="x-bibtex", filename="refs.bib"
    )
    assert [(paper.id, paper.title) for paper in read_file(message.as_bytes()).papers] == [("2401.00009", "T")]
    link = "https://scholar.google.com/scholar_url?hl=en&amp;url=https://arxiv.org/pdf/2401.00007&amp;sa=X"
    alert = mail(f'<html><h3><a href="{link}">Counting</a></h3></html>', "html")
    assert [(paper.id, paper.title) for paper in read_file(alert).papers] == [("2401.00007", "Counting")]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.5\n1 0 obj", "Can't import a PDF"),
        (b"PK\x03\x04\x14\0\x06", "Can't import a packed file"),
        (b"RT Journal Article\nA1 Roe, Ann\nT1 T\n", "Files of RefWorks"),
        (b"---\nreferences:\n- id: a\n  title: T\n", "Files in YAML"),
        (b'<?xml version="1.0"?>\n<modsCollection><mods/></modsCollection>', "Files in XML"),
    ],
)
def test_other_kinds_that_are_not_read_get_one_sentence_too(data: bytes, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        read_file(data)


def test_references_within_any_xml_are_found_and_a_page_without_any_is_reported() -> None:
    feed = '<?xml version="1.0"?><feed><entry><id>http://arxiv.org/abs/2401.00001v1</id></entry></feed>'
    assert [paper.id for paper in read_papers(feed).papers] == ["2401.00001"]
    assert len(read_papers("<html><body><p>Nothing here.</p></body></html>").leftovers) == 1


@pytest.mark.parametrize(
    "table",
    [
        "Title\tAuthors\tYear\nT\tRoe, A.\t2020\n",
        "Title;Authors;Year\nT;Roe, A.;2020\n",
        '"Authors","Author full names","Title","Year"\n"Roe A.","Roe, A. (57195553253)","T","2020"\n',
        'PMID,Title,Authors,Publication Year\n1,T,"Roe A.",2020\n',
    ],
)
def test_tables_of_other_programs(table: str) -> None:
    paper = one(table).paper
    assert (paper.title, [name.family for name in names_of(paper)], paper.issued) == ("T", ["Roe"], "2020")


@pytest.mark.parametrize(
    ("cells", "authors"),
    [
        (("Ann Roe, Bob Doe", "Carl Poe"), (("Ann Roe", "Bob Doe"), ("Carl Poe",))),
        (("Ann Roe, Bob Doe and Carl Poe", "Plato"), (("Ann Roe", "Bob Doe", "Carl Poe"), ("Plato",))),
        (("García Márquez, Gabriel José", "Roe, Ann"), (("Gabriel José García Márquez",), ("Ann Roe",))),
        (
            ("García Márquez, Gabriel José", "Roe, Ann; Doe, Bo"),
            (("Gabriel José García Márquez",), ("Ann Roe", "Bo Doe")),
        ),
        (("Roe A, Doe B.", "Poe C."), (("A Roe", "B. Doe"), ("C. Poe",))),
        (("Ann Roe|Bob Doe",), (("Ann Roe", "Bob Doe"),)),
        (("Ann Roe, Bob Doe",), (("Ann Roe, Bob Doe",),)),
    ],
)
def test_all_rows_of_a_table_show_how_it_separates_authors(
    cells: tuple[str, ...], authors: tuple[tuple[str, ...], ...]
) -> None:
    rows = "".join(f"A title of its own {number}\t{cell}\n" for number, cell in enumerate(cells))
    assert tuple(paper.authors for paper in read_papers(f"Title\tAuthors\n{rows}").papers) == authors


def test_a_name_without_a_comma_in_a_table_of_zotero_is_a_group() -> None:
    table = '"Key","Item Type","Author","Title"\n"X","book","García Márquez, Gabriel; Bread for All","T"\n'
    assert [name.surname for name in names_of(one(table).paper)] == ["García Márquez", "Bread for All"]


def test_a_table_of_zotero_keeps_type_key_and_the_parts_of_the_venue() -> None:
    table = (
        '"Key","Item Type","Author","Title","Publication Title","Volume","Issue","Pages","Extra"\n'
        '"X","journalArticle","Roe, Ann","T","Nature & Co","5","2","1-10","Citation Key: roe18"\n'
    )
    assert cite([one(table).paper], "bibtex") == (
        "@article{roe18,\n  author        = {Roe, Ann},\n  title         = {{T}},\n  journal       = {Nature \\& Co},\n"
        "  volume        = {5},\n  number        = {2},\n  pages         = {1--10},\n}\n"
    )


@pytest.mark.parametrize("form", ["bibtex", "ris", "csl-json"])
@pytest.mark.parametrize("key", ["3dgs2023", "10.1000/xyz", "érard2019", "k", "k" * 70])
def test_a_key_comes_through_every_format(key: str, form: str) -> None:
    (paper,) = read_papers(cite([bib("year = 2023", key=key).paper], form)).papers
    assert dict(paper.record)["@key"] == key


def test_a_number_for_an_item_of_json_is_not_a_key() -> None:
    assert "@key" not in dict(one('[{"type": "article", "title": "T", "id": 12}]').paper.record)


def test_the_note_of_an_item_of_json_may_hold_its_key() -> None:
    item = one('[{"type": "article", "title": "T", "note": "Citation Key: roe19"}]')
    assert dict(item.paper.record)["@key"] == "roe19"


def test_a_key_that_an_export_must_change_is_named() -> None:
    imported = read_papers("@article{k#%, title={One}}\n@article{fine:1, title={Two}}")
    assert imported.warnings == ("Exports write 1 key without characters that BibTeX refuses: “k#%” as “k”.",)


def test_two_authors_whom_a_file_may_take_for_one_are_named() -> None:
    table = read_papers("Title\tAuthors\nT\tAnn Roe, Bob Doe\n")
    entry = read_papers("@misc{a, title={T}, author={Ann Roe, Bob Doe and Carl Poe}}")
    for warning in (*table.warnings, *entry.warnings):
        assert warning.startswith("“Ann Roe, Bob Doe” may be one author or two: ")
    assert len(table.warnings) == len(entry.warnings) == 1
    assert not read_papers("@misc{a, title={T}, author={García Márquez, Gabriel José and Roe, A.}}").warnings


@given(st.lists(st.sampled_from(AUTHORS), min_size=1, max_size=4))
def test_no_author_is_lost(names: list[str]) -> None:
    assert len(names_in(" and ".join(names))) >= len(names)


def test_every_entry_is_a_paper_was_joined_or_is_reported() -> None:
    text = "@misc{a, title={A}, author={R, A}}\n@misc{b, title={A}, author={R, A}}\n@misc{c, year=2}\n@misc{d title}\n"
    imported = read_papers(text)
    assert len(imported.items) + imported.joined + len(imported.leftovers) == 4


@pytest.mark.parametrize(
    "line",
    [
        "See doi 10.48550/arXiv.2402.00001 for it.",
        "in 5 steps, <https://arxiv.org/abs/2402.00001>.",
        "arXiv:2402.00001.",
    ],
)
def test_an_id_in_any_form_is_found_in_a_sentence(line: str) -> None:
    assert one(line).paper.id == "2402.00001"


# -- what a work is in, and who issued it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bibtex", "ris", "csl"),
    [
        (
            "@phdthesis{k, author={P, E}, title={T}, school={Pest}, year=1934}",
            *("school        = {Pest}", "PB  - Pest", {"publisher": "Pest", "container-title": None}),
        ),
        (
            "@book{k, author={P, E}, title={T}, publisher={CSLI}, year=1999}",
            *("publisher     = {CSLI}", "PB  - CSLI", {"publisher": "CSLI", "container-title": None}),
        ),
        (
            "@techreport{k, author={P, E}, title={T}, institution={NASA}, number={TR-1}, year=1999}",
            *(
                "institution   = {NASA}",
                "PB  - NASA",
                {"publisher": "NASA", "number": "TR-1", "issue": None, "container-title": None},
            ),
        ),
        (
            "TY  - THES\nAU  - Doe, J\nTI  - T\nPB  - MIT\nPY  - 2018\nER  - \n",
            *("school        = {MIT}", "PB  - MIT", {"publisher": "MIT", "container-title": None}),
        ),
        (
            "@article{k, author={P, E}, title={T}, journal={J}, publisher={CSLI}, year=1999}",
            *("journal       = {J}", "T2  - J", {"publisher": "CSLI", "container-title": "J"}),
        ),
        (
            '[{"type": "article-journal", "title": "T", "container-title": "J", "page": "1-10", "id": "k"}]',
            *("pages         = {1--10}", "SP  - 1\nEP  - 10\n", {"page": "1-10"}),
        ),
        (
            "@article{k, title={T}, journal={J}, pages={1--10, 20--30}, year=1999}",
            *("pages         = {1--10, 20--30}", "SP  - 1–10, 20–30\nID", {"page": "1-10, 20-30"}),
        ),
        (
            "@article{k, title={T}, journal={J}, pages={12-3A}, year=1999}",
            *("pages         = {12-3A}", "SP  - 12-3A\nID", {"page": "12-3A"}),
        ),
    ],
)
def test_venue_publisher_and_pages_are_in_the_fields_of_their_kind(
    text: str, bibtex: str, ris: str, csl: dict[str, str | None]
) -> None:
    paper = one(text).paper
    assert bibtex in cite([paper], "bibtex")
    assert "howpublished" not in cite([paper], "bibtex")
    written = cite([paper], "ris")
    assert ris in written
    assert ("T2" in written) == (csl.get("container-title", "J") is not None)
    (item,) = json.loads(cite([paper], "csl-json"))
    assert {name: item.get(name) for name in csl} == csl


@pytest.mark.parametrize("form", ["bibtex", "biblatex", "ris", "csl-json"])
def test_a_withdrawn_paper_comes_back_withdrawn_and_without_a_note(form: str) -> None:
    paper = Paper(id="2403.00009", title="T", withdrawn=True)
    read = one(cite([paper], form))
    assert (read.paper.withdrawn, read.marks.note) == (True, "")
    assert not one(cite([replace(paper, withdrawn=False)], form)).paper.withdrawn


def test_a_list_of_links_says_which_paper_was_withdrawn() -> None:
    papers = [Paper(id=f"2403.0000{n}", title=f"T{n}", withdrawn=n == 9) for n in (8, 9)]
    assert [paper.withdrawn for paper in read_papers(cite(papers, "markdown")).papers] == [False, True]


@pytest.mark.parametrize("form", ["bibtex", "biblatex", "ris", "csl-json"])
@pytest.mark.parametrize(
    ("name", "shown", "apa"),
    [
        ({"family": "王", "given": "小明"}, "王小明", "王小明."),
        ({"family": "Humboldt", "given": "Alexander", "dropping-particle": "von"}, None, "Humboldt, A. von."),
        ({"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"}, None, "van Beethoven, L."),
        ({"literal": "Foo, Bar and Baz Collaboration"}, None, "Foo, Bar and Baz Collaboration."),
    ],
)
def test_names_in_parts_come_through_every_format(form: str, name: dict[str, str], shown: str | None, apa: str) -> None:
    paper = one(json.dumps([{"type": "article-journal", "title": "T", "author": [name], "issued": "2001"}])).paper
    assert paper.authors == (shown or " ".join(name[part] for part in sorted(name, key=_ORDER.index)),)
    again = one(cite([paper], form)).paper
    for known in (paper, again):
        (item,) = json.loads(cite([known], "csl-json"))
        assert item["author"] == [name]
        assert cite([known], "apa").startswith(f"{apa} (2001).")


_ORDER = ("given", "dropping-particle", "non-dropping-particle", "family", "literal")


def test_a_chinese_name_is_the_same_in_parts_and_in_one() -> None:
    entries = ("@article{k, author={王, 小明}, title={A b c}}", "@article{k, author={王小明}, title={A b c}}")
    assert len(read_papers("\n".join(entries)).papers) == 1


def test_a_prefix_of_biblatex_may_not_belong_to_the_family() -> None:
    name = "family=Humboldt, given=Alexander, prefix=von, useprefix=false"
    assert cite([one(f"@article{{k, author={{{name}}}, title={{T}}}}").paper], "apa").startswith("Humboldt, A. von.")
