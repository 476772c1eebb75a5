"""What the README says is true: its keys are the registry's, its queries can be asked, it begins with two commands.

Its commands, settings and links are tested with those of the docs.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.paper import Entry, Marks
from paperdeck.storage.search.plain import select
from paperdeck.storage.search.query import parse
from paperdeck.storage.search.tree import QueryContext
from tests.conftest import MakePaper
from tests.support.reference import readme_keys

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^\| `([^`]+)` \|", README.split("## Queries")[1].split("## In scripts")[0], re.MULTILINE)
CONTEXT = QueryContext(today=date(2026, 11, 20), last_visit="2026-11-19T08:00:00+00:00")


def test_the_table_of_keys_matches_the_registry() -> None:
    table = README.split("<!-- keys -->\n")[1].split("\n<!-- /keys -->")[0]
    assert table == readme_keys()
    assert len(table.splitlines()) == 12  # a head of two lines, and ten keys


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_in_the_table_can_be_asked(query: str) -> None:
    assert str(parse(str(parse(query)))) == str(parse(query))


EXAMPLES = {
    "diffusion language": {"title": "Diffusion for Language"},
    '"world model"': {"abstract": "We train a World  Model."},
    "agent -survey": {"title": "An Agent"},
    "(mamba OR rwkv) has:code": {"title": "RWKV again", "code_url": "https://github.com/x/y"},
    "author:bengio": {"authors": ("Yoshua Bengio",)},
    'org:="Google DeepMind"': {"organization": "Google DeepMind"},
    "is:unread": {},
    "has:code": {"code_url": "https://github.com/x/y"},
    "date:2025-03": {"listed": date(2025, 3, 7)},
    "since:30d upvotes:>20": {"upvotes": 21},
    "after:2025-03-01": {},
    "2401.12345": {"id": "2401.12345"},
    "O(n^2)": {"title": "Sorting in $\\mathcal{O}(n^2)$"},
    "is:starred author:bengio -survey after:2025-01-01 sort:upvotes": {"authors": ("Samy Bengio",)},
}
MISSED = {"title": "A Survey", "authors": ("Nobody",), "upvotes": 3, "listed": date(2024, 1, 1), "published": None}


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_in_the_table_finds_what_it_says(query: str, make_paper: MakePaper) -> None:
    starred = Marks(starred="is:starred" in query)
    wanted = Entry(make_paper(1, **EXAMPLES[query]), starred, "2026-11-20T09:00:00Z")
    other = Entry(make_paper(2, **MISSED), Marks(read=True))
    found = select([wanted, other], parse(query), CONTEXT)
    assert wanted in found
    assert other not in found


def test_the_readme_begins_with_two_commands_of_one_line() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)[:2]
    assert all("\n" not in command for command in commands)
    assert commands[0].endswith("paperdeck")
    assert commands[1].endswith("-m tests")


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len(README.splitlines()) <= 200
