"""CSL-JSON says what a preprint is, and leaves out what nobody knows."""

import json
from datetime import date
from typing import Any

import pytest

from paperdeck.storage.cite import csl
from paperdeck.storage.cite.formats import cite
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.names import split_name


def item(**facts: Any) -> dict[str, Any]:
    known = {"id": "1706.03762", "title": "Attention", "authors": ("Aäron van den Oord",)}
    (read,) = json.loads(cite([Paper(**(known | facts))], "csl-json"))
    return dict(read)


def test_a_preprint_is_an_article_of_that_genre() -> None:
    assert item(published=date(2017, 6, 12), version=7) == {
        "id": "vandenoord2017attention",
        "type": "article",
        "title": "Attention",
        "author": [{"family": "Oord", "given": "Aäron", "non-dropping-particle": "van den"}],
        "issued": {"date-parts": [[2017, 6, 12]]},
        "genre": "Preprint",
        "publisher": "arXiv",
        "number": "arXiv:1706.03762",
        "version": "7",
        "DOI": "10.48550/arXiv.1706.03762",
        "URL": "https://arxiv.org/abs/1706.03762",
    }


def test_the_first_version_is_not_named() -> None:
    assert "version" not in item(version=1)


def test_what_is_not_known_is_left_out() -> None:
    assert set(item(authors=(), title="")) == {"id", "type", "issued", "genre", "publisher", "number", "DOI", "URL"}


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Guanaco Team", {"literal": "Guanaco Team"}),
        ("Martin Luther King Jr.", {"family": "King", "given": "Martin Luther", "suffix": "Jr."}),
    ],
)
def test_names_are_given_in_parts_and_groups_as_a_whole(name: str, parts: dict[str, str]) -> None:
    assert csl.author(split_name(name)) == parts


def test_no_title_holds_markup() -> None:
    title = item(title="a < b and <i>c</i>")["title"]
    assert "<i>" not in title
    assert title.replace("\u2060", "") == "a < b and <i>c</i>"


def test_a_local_paper_names_no_arxiv() -> None:
    read = item(id="local-undated-0123456789ab", doi="10.1000/1", journal_ref="Proc. of X")
    assert "arxiv" not in json.dumps(read).lower()
    assert (read["type"], read["container-title"], read["DOI"]) == ("document", "Proc. of X", "10.1000/1")
