"""Files made to hang or crash the reader are read in a moment or refused."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as some

from paperdeck.storage.cite.formats import FORMATS, cite
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.exchange.importing import read_file, read_papers
from paperdeck.storage.exchange.records import Imported, find_only_id, find_own_id
from paperdeck.storage.paper import facts_of

MAIL = "From: a@b.example\nSubject: s\nDate: d\n"


def read(text: str) -> Imported:
    return read_file(text.encode())


@pytest.mark.parametrize(
    ("start", "piece", "count", "end"),
    [
        ("", " ", 200_000, "x"),
        ("", "\n", 200_000, "x"),
        ("", " \n", 100_000, "x"),
        ("", "a: b\r\n", 200, "x"),
        ("arXiv:", "a", 200_000, "\n"),
        ('[{"title": "A"}]\n{x}', "\n", 100_000, "x"),
        ("<html>", "<a ", 100_000, ""),
        ("<html>", "<!--", 100_000, ">"),
        ("@a{k, title={A}}\n@", " ", 200_000, ""),
        ("@a{", " ", 200_000, "x"),
        ("", "@a{k, a={\n", 10_000, ""),
        ("", '@a{k, a="{\n', 10_000, ""),
        ("", '@a{k, a="}\n', 10_000, ""),
        ("@a{k, title={A}, eprint={", "-", 200_000, "}}"),
        ("@a{k, title={A}, note={", "https://arxiv", 10_000, "}}"),
        ("@a{k, title={A}, author={", ",", 100_000, "x}}"),
        ("@a{k, title={A}, author={a", "²", 100_000, "x}}"),
        ("@a{k, title={A}, author={Ann Roe", " MD", 20_000, " x}}"),
        ("@a{k, title={A}, author={Ann Roe", ", MD", 10_000, "}}"),
    ],
)
def test_repeated_text_is_read_in_a_moment(start: str, piece: str, count: int, end: str) -> None:
    """Each took minutes; the time grew with the square of the length, or doubled with each line."""
    assert read(start + piece * count + end)


MANY = "1" * 5000
ROE = "@book{k, title={A}, author={Roe, Ann}, publisher={P}, "


@pytest.mark.parametrize(
    "text",
    [
        *(ROE + f"year={{2020}}, {field}={{{MANY}}}}}" for field in ("edition", "month", "day", "volume", "number")),
        *(ROE + f"year={{2020}}, pages={{{MANY}{dash}2{MANY}}}}}" for dash in ("-", "--")),
        ROE + f"date={{{MANY}}}}}",
        ROE + f"edition={{1{'9' * 9}}}, year={{2020}}, month={{{'9' * 12}}}, day={{{'9' * 12}}}}}",
        f"TY  - JOUR\nTI  - A\nSP  - {MANY}-2{MANY}\nPY  - {MANY}\nDA  - 2020/{MANY}\nER  - \n",
        f'[{{"title": "A", "version": "{MANY}", "page": "{MANY}-{MANY}", "edition": "{MANY}"}}]',
        f'[{{"title": "A", "type": "book", "issued": {{"date-parts": [["2020", "{MANY}", "{MANY}"]]}}}}]',
        f'[{{"id": "2401.00001", "sources": [], "starred": false, "title": "A", "upvotes": {MANY[:40]}}}]',
        f"title,pages,month\nA,{MANY}-{MANY},{MANY}\n",
        f"id,title,pdf_url,upvotes,version\n2401.00001,A,,{MANY},{MANY}\n",
    ],
    ids=lambda text: text[:70].split(MANY[:9])[0],
)
def test_a_number_of_any_length_is_read_and_written(text: str) -> None:
    """One in a file stopped the import, or every later export of the whole library."""
    imported = read(text)
    assert [paper.title for paper in imported.papers] == ["A"]
    assert not imported.leftovers
    assert (imported.papers[0].upvotes or 0) <= 10**9
    for form in FORMATS:
        assert cite(imported.papers, form)


def test_emails_within_emails_without_end_are_refused() -> None:
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1000))
    for text in (MAIL + "Content-Type: message/rfc822\n\n" * 1000, MAIL + parts):
        with pytest.raises(InvalidInput, match="inside each other too deeply"):
            read(text)


def test_what_looks_like_an_unknown_declaration_is_not_an_obstacle() -> None:
    page = '<html><![foo[x]]><![if !IE]><a href="https://arxiv.org/abs/2401.00001">A</a><!['
    assert [paper.id for paper in read(page).papers] == ["2401.00001"]


@pytest.mark.parametrize(
    ("text", "paper_id"),
    [
        ("https://example.org/x?u=https://arxiv.org/abs/2401.00001", "2401.00001"),
        ("https://www.arxiv.org/a/arxiv/pdf/hep-th/9901001v2", "hep-th/9901001v2"),
        ("https://huggingface.co/papers/2401.00001", "2401.00001"),
    ],
)
def test_ids_in_links_are_found(text: str, paper_id: str) -> None:
    found = find_own_id(f"see {text}")
    assert found == paper_id.removesuffix("v2")


def test_a_long_text_is_not_a_reference() -> None:
    assert find_only_id("arXiv:2401.00001 " * 100) is None


def test_a_key_may_hold_parentheses() -> None:
    """It was said to have an extra brace."""
    imported = read("@article(k(1), title={A (b) c}, year={2020})")
    assert [paper.title for paper in imported.papers] == ["A (b) c"]
    assert not imported.leftovers


def test_an_extra_delimiter_is_called_by_its_name() -> None:
    imported = read("@article(k, title={A}), year={2020})")
    assert [str(leftover) for leftover in imported.leftovers] == [
        "Line 1: “@article k” has an extra “)”; the fields after it were read."
    ]


# -- tables with a stray quotation mark --------------------------------------------------------------------------------


def test_a_quotation_mark_that_is_never_closed_costs_at_most_its_own_line() -> None:
    """All later rows became one false paper, without a word."""
    imported = read('title,id\n"abc,2401.00001\nTwo,2401.00002\n"Thr""ee",2401.00003\n')
    assert [(paper.title, paper.id) for paper in imported.papers] == [
        ("abc", "2401.00001"),
        ("Two", "2401.00002"),
        ('Thr"ee', "2401.00003"),
    ]
    assert list(map(str, imported.leftovers)) == [
        'Line 2: “"abc,2401.00001” has a stray quotation mark; check the paper that was read.'
    ]


def test_a_quotation_mark_within_a_cell_is_reported() -> None:
    imported = read('title,authors,year\n"A "quoted" title",Ann Roe,2020\n"B,"Roe, A",2020\n"C, c",Bob Doe,2021\n')
    assert [paper.title for paper in imported.papers][::2] == ['A quoted" title"', "C, c"]
    assert [leftover.line for leftover in imported.leftovers] == [2, 3]


def test_a_cell_of_many_lines_is_read_whole() -> None:
    note = "\n".join(map(str, range(1000)))
    assert read(f'title,note\nA,"{note}"\n').items[0].marks.note == note


EVIL = some.lists(
    some.sampled_from(["a", "B", " ", "\x1b]0;P\x07", "\x1b[31m", "\x9b2J", "\x1b", "\x7f", "\u202e", "\u200b"]),
    min_size=1,
    max_size=5,
).map(lambda parts: f"x{''.join(parts)}y")


def bibtex_of(evil: str) -> str:
    names = ("author", "publisher", "note", "volume", "journal", "keywords", "annote", "eprintclass", f"my{evil}")
    fields = ", ".join(f"{name} = {{{evil}}}" for name in names)
    return "".join(f"@article{{{key}{evil}, title={{T}}, year=2020, {fields}}}\n" for key in "kl")


def ris_of(evil: str) -> str:
    tags = "".join(f"{tag}  - {evil}\n" for tag in ("ID", "AU", "PB", "VL", "JO", "N1", "KW", "XX", "ET"))
    return f"TY  - JOUR\nTI  - T\nPY  - 2020\n{tags}ER  - \n"


def csl_of(evil: str) -> str:
    names = ("id", "publisher", "volume", "note", "comment", "container-title", "keyword", "edition", "genre")
    return json.dumps([{"title": "T", "type": "article", "author": [{"literal": evil}]} | dict.fromkeys(names, evil)])


def table_of(evil: str) -> str:
    return f"key,title,authors,publisher,volume,notes,journal\n{evil},T{f',{evil}' * 5}\n"


@pytest.mark.parametrize("file_of", [bibtex_of, ris_of, csl_of, table_of])
@given(EVIL)
def test_nothing_from_a_file_can_run_in_a_terminal(file_of: Callable[[str], str], evil: str) -> None:
    imported = read_papers(file_of(evil))
    assert len(imported.papers) == 1
    words = json.dumps([[facts_of(paper) for paper in imported.papers], imported.warnings], ensure_ascii=False)
    assert words.isprintable()
    assert "\\u" not in words


# -- files that can't be read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["idna", "punycode", "unicode_escape", "rot13", "hex", "zlib", "undefined", "utf-8"])
def test_a_codec_that_is_not_a_character_set_is_not_obeyed(name: str) -> None:
    data = f"% Encoding: {name}\n".encode() + b"@article{k, title={a..b \xe9 A}, year=2019}"
    assert [paper.title for paper in read_file(data).papers] == ["a..b é A"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"cff-version: 1.2.0\r\nmessage: Cite it\r\nauthors:\r\n  - family-names: Roe\r\n", "Citation File Format"),
        (b"# Mine\n---\nreferences:\n- id: roe2020\n  title: A\n", "in YAML"),
        (b"roe2020:\n    type: article\n    title: A\n", "in YAML"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\3\0\0\0\2X\x08\6", "a file without text"),
        (b"\0\0\0 ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(range(256)), "a file without text"),
        (b"\x7fELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3e\0", "a file without text"),
        (b"\0" * 100, "a file without text"),
        (b"BZh91AY&SY\xab", "a packed file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of Office"),
        (b'[{"title": ' + b"1" * 5000 + b"}]", "a number in it is too long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_of_another_kind_is_refused_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_file(data)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32", "utf-8-sig"])
def test_text_in_wide_characters_is_still_read(encoding: str) -> None:
    data = "See https://arxiv.org/abs/2401.00001\n".encode(encoding)
    assert [paper.id for paper in read_file(data).papers] == ["2401.00001"]
