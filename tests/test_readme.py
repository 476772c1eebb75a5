"""The README says what is so: its key table is the app's, its queries can be asked, its commands exist."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from paperdeck.storage.paper import Entry, Marks
from paperdeck.storage.search.context import Context
from paperdeck.storage.search.plain import select
from paperdeck.storage.search.query import parse
from paperdeck.tui.cli.parser import build_parser
from paperdeck.tui.keys import GROUPS, all_actions
from tests.conftest import MakePaper

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^\| `([^`]+)` \|", README.split("## Queries")[1].split("## Command")[0], re.MULTILINE)
COMMANDS = re.findall(r"^paperdeck ([a-z]+)", README, re.MULTILINE)
CONTEXT = Context(today=date(2026, 11, 20), last_visit="2026-11-19T08:00:00+00:00")


def key_table() -> str:
    """The table of keys, as the README has to have it: group by group, the views' numbers in one row."""
    rows = []
    for group in GROUPS:
        rows.append(f"| **{group}** | | |")
        actions = [action for action in all_actions() if action.group == group and not action.id.startswith("view-")]
        rows += [f"| `{action.keys}` | {action.id} | {action.help} |" for action in actions]
    views = "| `1` … `9` | view-1 … view-9 | Show the view with this number |"
    return "\n".join(["| key | id | what it does |", "| --- | --- | --- |", *rows, views])


def test_the_table_of_keys_is_the_app_s() -> None:
    assert key_table() in README


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
    "sort:rising": {},
    "O(n^2)": {"title": "Sorting in $\\mathcal{O}(n^2)$"},
    "is:starred author:bengio -survey after:2025-01-01 sort:upvotes": {"authors": ("Samy Bengio",)},
}
MISSED = {"title": "A Survey", "authors": ("Nobody",), "upvotes": 3, "listed": date(2024, 1, 1), "published": None}


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_in_the_table_finds_what_it_says(query: str, make_paper: MakePaper) -> None:
    starred = Marks(starred="is:starred" in query)
    wanted = Entry(make_paper(1, **EXAMPLES[query]), starred)
    other = Entry(make_paper(2, **MISSED), Marks(read=True))
    found = select([wanted, other], parse(query), CONTEXT)
    assert wanted in found
    assert (other in found) == (query == "sort:rising")


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_of_the_readme_exists(command: str) -> None:
    assert command in build_parser(()).format_help()


def test_the_readme_begins_with_two_commands_of_one_line() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)[:2]
    assert all("\n" not in command for command in commands)
    assert commands[0].endswith("paperdeck")
    assert commands[1].endswith("-m tests")
