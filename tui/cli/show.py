"""`paperdeck show`: everything about one paper.

`--plain` is for a screen reader or a braille display: one fact per line in full words, without padding, cuts or
drawings. The terminal or the display wraps long lines. Counts have no thousands separator, which a voice in another
language would read as a decimal one.
"""

from __future__ import annotations

import re
import shutil
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from datetime import date
from textwrap import fill
from unicodedata import normalize

from paperdeck.storage.facts import Fact, FactKind, facts_of_entry
from paperdeck.storage.paper import Entry, entry_as_json
from paperdeck.storage.text.words import byline, spoken_day

from .command import Command, id_argument
from .common import entry_of, open_library, print_json, tell_troubles

MAX_AUTHORS = 20
"""Longer lists of authors are shortened at first, and printed completely at the end."""
_LABEL_CELLS = 14
_WIDTH_CELLS = 80
_WIDEST_CELLS = 100
_STYLED = re.compile("[\u2102-\u2131\u2133-\u2138\u2145-\u2149\U0001d400-\U0001d7ff]")


def presentation_options(parser: ArgumentParser, json_kind: str) -> None:
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument(
        "--plain", action="store_true", help="one fact per line in words, for a screen reader or braille"
    )
    forms.add_argument("--json", action="store_true", help=f"print {json_kind}")
    parser.add_argument("--tex", action="store_true", help="leave mathematics as its TeX source")


def options(parser: ArgumentParser) -> None:
    id_argument(parser)
    presentation_options(parser, "a JSON object")


def run(options: Namespace) -> int:
    library = open_library()
    entry = entry_of(library, options.id)
    code = tell_troubles(library)
    if options.json:
        print_json(entry_as_json(entry))
    else:
        for line in entry_as_lines(entry, tex=options.tex) if options.plain else _as_text(entry, tex=options.tex):
            print(line)
    return code


def _facts(entry: Entry) -> list[Fact]:
    """The facts and marks of a paper, with its publication before the long texts."""
    facts = facts_of_entry(entry)
    if not entry.paper.printed:
        return facts
    from paperdeck.storage.cite.published_form import published_facts

    short = [fact for fact in facts if fact.kind != FactKind.TEXT]
    return [*short, *published_facts(entry), *facts[len(short) :]]


# -- for a screen reader -------------------------------------------------------------------------------------------


def entry_as_lines(entry: Entry, *, tex: bool) -> Iterator[str]:
    """All facts of a paper, one per line, short ones first."""
    yield from in_lines(_facts(entry), tex)
    authors = entry.paper.authors
    if len(authors) > MAX_AUTHORS:
        yield f"All {len(authors)} authors: {', '.join(authors)}"


def in_lines(facts: Iterable[Fact], tex: bool) -> Iterator[str]:
    """Facts as lines of a label and a value."""
    for fact in facts:
        yield f"{fact.label}: {spoken(_in_words(fact), tex=tex)}"


def _in_words(fact: Fact) -> str:
    value = fact.value
    if isinstance(value, date):
        return spoken_day(value)
    if isinstance(value, tuple):
        return ", ".join(value) if len(value) <= MAX_AUTHORS else byline(value)
    return str(value)


def spoken(text: str, *, tex: bool) -> str:
    """The text with mathematics in a form for speech, or as TeX source.

    Letters of mathematical alphabets (𝒪, ℝ, 𝐱) become ordinary ones, as most voices skip them or spell their code
    points. Subscripts and superscripts stay, as voices pronounce them.
    """
    if tex:
        return text
    from paperdeck.storage.text.tex import to_unicode

    return _STYLED.sub(lambda found: normalize("NFKC", found[0]), to_unicode(text))


# -- for the eye ---------------------------------------------------------------------------------------------------


def _as_text(entry: Entry, *, tex: bool) -> Iterator[str]:
    """One paper as text in paragraphs: the title, short facts with labels, then long ones."""
    from paperdeck.storage.text.tex import to_unicode

    readable = str if tex else to_unicode
    width = _columns()
    title, *facts = _facts(entry)
    yield from (fill(readable(str(title.value)), width), "")
    for fact in facts:
        if fact.kind == FactKind.TEXT:
            yield from ("", fact.label, *(fill(part, width) for part in readable(str(fact.value)).split("\n")))
        else:
            text = f"{fact.label + ':':<{_LABEL_CELLS}}{readable(_plainly(fact))}"
            yield fill(text, width, subsequent_indent=" " * _LABEL_CELLS, break_long_words=False)


def _plainly(fact: Fact) -> str:
    value = fact.value
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _columns() -> int:
    return (
        min(_WIDEST_CELLS, shutil.get_terminal_size((_WIDTH_CELLS, 24)).columns)
        if sys.stdout.isatty()
        else _WIDTH_CELLS
    )


COMMANDS = {
    "show": Command(
        run, options, ("paperdeck show 2401.12345", "paperdeck show --plain https://arxiv.org/abs/2401.12345")
    )
}
