"""`list`, `show`, `cite`, `keys`, `config`, `paths`: what is there, for people and for programs."""

from __future__ import annotations

import json
import os
import shutil
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from textwrap import fill
from typing import TYPE_CHECKING

from paperdeck.storage.identifiers import Reference
from paperdeck.storage.paper import Entry, entry_as_json
from paperdeck.storage.settings.settings import Places, describe_settings

from .common import entry_of, ids_of, open_library, print_json, reader_settings, tell, tell_troubles
from .plain import entries_as_lines, entry_as_lines
from .selecting import select

if TYPE_CHECKING:
    from paperdeck.storage.library.library import Library

DEFAULT_LIMIT = 50
"""Papers that `list` prints when neither a query nor a limit is given."""


def list_papers(options: Namespace) -> int:
    """Print the papers that a query matches; without one, the newest."""
    library = open_library()
    query = " ".join(options.query)
    limit = options.limit or (None if query else DEFAULT_LIMIT)
    entries = select(library, query, limit)
    tell_troubles(library)
    if options.json:
        print_json([entry_as_json(entry) for entry in entries])
    elif options.plain:
        tell(_summary(entries, query, limit))
        for line in entries_as_lines(entries, tex=options.tex):
            print(line)
    elif sys.stdout.isatty():
        _print_table(entries, tex=options.tex)
        tell(_summary(entries, query, limit))
    else:
        for entry in entries:
            print("\t".join(_columns(entry)))
        if not entries and sys.stderr.isatty():
            tell(_summary(entries, query, limit))
    return 0


def _summary(entries: Sequence[Entry], query: str, limit: int | None) -> str:
    """How many papers there are, in a sentence."""
    from paperdeck.tui.look.cells import count_of

    if not entries:
        return "No paper matches." if query else "The library is empty; “paperdeck fetch” fills it."
    unread = sum(not entry.marks.read for entry in entries)
    starred = sum(entry.marks.starred for entry in entries)
    counts = f"{count_of(len(entries), 'paper')}, {unread:,} unread, {starred:,} starred."
    return f"{counts} --limit N shows more or fewer." if len(entries) == limit else counts


def show_paper(options: Namespace) -> int:
    """Print everything about one paper."""
    library = open_library()
    entry = entry_of(library, options.id)
    tell_troubles(library)
    if options.json:
        print_json(entry_as_json(entry))
    elif options.plain:
        for line in entry_as_lines(entry, tex=options.tex):
            print(line)
    else:
        print(_as_text(entry, _width(), tex=options.tex))
    return 0


def cite_papers(options: Namespace) -> int:
    """Print citations, with keys that are unique among them."""
    from paperdeck.storage.cite.formats import cite

    library = open_library()
    if options.complete:
        _complete(library, ids_of(options.ids))
    papers = [entry_of(library, paper_id).paper for paper_id in ids_of(options.ids)]
    tell_troubles(library)
    sys.stdout.write(cite(papers, options.to, published=options.published))
    return 0


def _complete(library: Library, ids: list[str]) -> None:
    """Ask arXiv once for what only it knows: categories, version, DOI; what it said is kept."""
    import asyncio

    from .fetch_command import open_fetcher

    wanted = [paper_id for paper_id in ids if "arxiv" not in library.provenance(paper_id).values()]

    async def ask() -> None:
        fetcher, _ = open_fetcher(library)
        try:
            for error in (await fetcher.add([Reference(paper_id) for paper_id in wanted])).errors:
                tell(f"paperdeck: {error}")
        finally:
            await fetcher.close()

    if wanted:
        asyncio.run(ask())


def print_completion(options: Namespace) -> int:
    """Print a script that completes commands and options in a shell."""
    import shtab

    from .parser import build_parser

    print(shtab.complete(build_parser(), options.shell))
    return 0


def print_keys(options: Namespace) -> int:
    """Print all keys as the reader has set them: the id for the settings, the key, what it does."""
    from paperdeck.tui.keys import all_actions
    from paperdeck.tui.keys.keymap import check_keymap

    keymap, complaints = check_keymap(reader_settings(Places.find()).keys)
    for complaint in complaints:
        tell(complaint)
    rows = [
        {"id": action.id, "key": keymap.get(action.id, action.keys), "does": action.help} for action in all_actions()
    ]
    if options.json:
        print_json(rows)
    else:
        for row in rows:
            print(*row.values(), sep="\t")
    return 0


def print_settings(options: Namespace) -> int:
    """Print each setting with its value and its default, as one would write them, and the file that they are in."""
    places = Places.find()
    rows = [
        {"name": name, "value": value, "default": default}
        for name, value, default in describe_settings(reader_settings(places))
    ]
    if options.json:
        print_json({"file": str(places.config_file), "settings": rows})
        return 0
    print(f"file\t{places.config_file}")
    for name, *values in map(dict.values, rows):
        print(name, *(json.dumps(value, ensure_ascii=False) for value in values), sep="\t")
    return 0


def print_paths(options: Namespace) -> int:
    """Print where files live."""
    places = {name: str(path) for name, path in asdict(Places.find()).items()}
    if options.json:
        print_json(places)
    else:
        for name, path in places.items():
            print(f"{name}\t{path}")
    return 0


def _columns(entry: Entry) -> tuple[str, ...]:
    paper = entry.paper
    day = paper.day.isoformat() if paper.day else ""
    return paper.id, day, str(paper.upvotes or 0), "*" if entry.marks.starred else "", paper.title, paper.byline


def _print_table(entries: Sequence[Entry], *, tex: bool) -> None:
    """Aligned columns in the width of the terminal; what is unread is bold, as in the reader."""
    from paperdeck.storage.text.tex import to_unicode

    width = shutil.get_terminal_size().columns
    bold, normal = ("\x1b[1m", "\x1b[m") if os.environ.get("TERM", "dumb") != "dumb" else ("", "")
    if entries:
        print(_table_row(("id", "day", "votes", "", "title", "by"), width))
    for entry in entries:
        paper_id, day, upvotes, star, title, byline = _columns(entry)
        row = _table_row((paper_id, day, upvotes, star, title if tex else to_unicode(title), byline), width)
        print(row if entry.marks.read else f"{bold}{row}{normal}")


def _table_row(columns: tuple[str, ...], width: int) -> str:
    from paperdeck.tui.look.cells import fit, fit_right

    paper_id, day, upvotes, star, title, byline = columns
    head = f"{fit(star, 1)} {fit(paper_id, 11)} {fit(day, 10)} {fit_right(upvotes, 5)}  "
    room = max(20, width - len(head) - 1)
    by = min(28, room // 3)
    return f"{head}{fit(title, room - by - 2)}  {fit(byline, by).rstrip()}"


def _as_text(entry: Entry, width: int, *, tex: bool) -> str:
    """One paper as text in paragraphs."""
    from paperdeck.storage.text.tex import to_unicode

    readable = str if tex else to_unicode
    paper, marks = entry.paper, entry.marks
    facts = {
        "id": paper.id,
        "authors": ", ".join(paper.authors),
        "organization": paper.organization,
        "published": paper.published,
        "listed": paper.listed,
        "submitter": paper.submitter,
        "upvotes": paper.upvotes,
        "comments": paper.comments,
        "code": paper.code_url,
        "code stars": paper.code_stars,
        "project": paper.project_url,
        "page": paper.url,
        "pdf": paper.pdf_url,
        "remark": paper.comment,
        "published in": paper.journal_ref,
        "doi": paper.doi,
        "categories": ", ".join(paper.categories),
        "keywords": ", ".join(paper.keywords),
        "withdrawn": "by its authors" if paper.withdrawn else "",
        "marks": ", ".join(name for name in ("read", "starred", "hidden") if getattr(marks, name)) or "unread",
        "tags": ", ".join(sorted(marks.tags)),
    }
    lines = [fill(readable(paper.title), width), ""]
    lines += [
        fill(f"{name + ':':<14}{value}", width, subsequent_indent=" " * 14, break_long_words=False)
        for name, value in facts.items()
        if value not in (None, "")
    ]
    for heading, text in (("Summary by a model", paper.ai_summary), ("Abstract", paper.abstract), ("Note", marks.note)):
        if text:
            lines += ["", heading, *(fill(part, width) for part in readable(text).split("\n"))]
    return "\n".join(lines)


def _width() -> int:
    return min(100, shutil.get_terminal_size((80, 24)).columns) if sys.stdout.isatty() else 80
