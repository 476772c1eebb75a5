"""Files made to keep the reader busy, or to end it, are read in a moment or refused."""

from __future__ import annotations

import pytest

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.exchange.importing import read_file
from paperdeck.storage.exchange.records import Imported, find_only_id, find_own_id

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
    ],
)
def test_repeated_text_is_read_in_a_moment(start: str, piece: str, count: int, end: str) -> None:
    """Each took minutes; the time grew with the square of the length, or doubled with each line."""
    assert read(start + piece * count + end)


def test_emails_within_emails_without_end_are_refused() -> None:
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1000))
    for text in (MAIL + "Content-Type: message/rfc822\n\n" * 1000, MAIL + parts):
        with pytest.raises(InvalidInput, match="inside each other too deeply"):
            read(text)


def test_what_looks_like_an_unknown_declaration_is_no_obstacle() -> None:
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


def test_a_long_text_is_no_reference() -> None:
    assert find_only_id("arXiv:2401.00001 " * 100) is None


def test_a_key_may_hold_parentheses() -> None:
    """It was told to have an extra brace."""
    imported = read("@article(k(1), title={A (b) c}, year={2020})")
    assert [paper.title for paper in imported.papers] == ["A (b) c"]
    assert not imported.leftovers


def test_an_extra_delimiter_is_called_by_its_name() -> None:
    imported = read("@article(k, title={A}), year={2020})")
    assert [str(leftover) for leftover in imported.leftovers] == [
        "Line 1: “@article k” has an extra “)”; the fields after it were read."
    ]
