"""Rows of `breaking` about what leaves paperdeck: hostile items in every output, formulas, places to write."""

from __future__ import annotations

import csv
import io
import json
import mailbox
import os
import re
import threading
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import bibtexparser
import rispy

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.cite.mathematics import safe_formula
from paperdeck.storage.library.library import Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.text.clean import clean_line, clean_paragraphs
from tests.bench.breaking_tools import Outcome, Result, a_paper, call, stocked
from tests.support.torture import MARKUP, SEQUENCES, WIDE

HOSTILE = [
    *SEQUENCES.values(),
    *MARKUP,
    *WIDE,
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "＝1", '"=1', "'=1", ";=1", ",=1", "\n=1"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "</title><script>x</script>"),
    *("]]>", "<![CDATA[", "&nope;", "<!ENTITY x SYSTEM 'file:///etc/passwd'>", "\ufffe\uffff"),
    *("Subject: x\r\nBcc: eve@example.org", "x\n\nTY  - JOUR\nER  - ", "ER  - ", "\nTI  - x"),
    *("}", "{", "}{", "}}}}{{{{", "\\", "\\}", "{\\", "%", "#", "$", "$$", "$x", "@misc{x,", '"', "~", "^", "_", "&"),
    *(r"$\immediate\write18{touch PWNED}x$", r"\input{/etc/passwd}", r"$\def\x{\x\x}\x$", r"^^5cinput x"),
    *("", " ", "\u0301", "\u2028", "a" * 20_000, "x " * 3000, "\U0001f469\u200d\U0001f52c" * 200),
]
"""Text that some output could take for its own language."""

_EXPORTS = ("bibtex", "biblatex", "ris", "csv", "markdown", "json", "jsonl", "csl-json")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

_DANGEROUS = re.compile(
    r"\\(?:immediate|write|openout|openin|read|input|include|csname|def|let|catcode|special|directlua)"
)


def hostile_items(home: Path) -> Result:
    """Each hostile text as title, abstract, author, keyword and note, in every output; lost: what acts there."""
    result = Result()
    texts = [text for text in HOSTILE if clean_line(text)]
    library = _filled(home, texts)
    for form in _EXPORTS:
        outcome = call(home, "export", "--to", form)
        result.add(outcome, lost=outcome.code != 0)
        _CHECKS.get(form, _nothing)(outcome, len(texts), result)
    for form in ("text", "markdown", "html", "eml"):
        result.add(outcome := call(home, "digest", "--until", "2026-11-22", "--to", form, "--top", "500"))
        _CHECKS.get(form, _nothing)(outcome, len(texts), result)
    result.add(outcome := call(home, "feed", "--limit", "500"))
    _check_feed(outcome, len(texts), result)
    for words in (["list"], ["list", "--plain"], ["list", "--json"]):
        result.add(outcome := call(home, *words))
        result.check(b"\x1b" not in outcome.out.replace(b"\\u001b", b""), f"an escape in {words}")
    call(home, "digest", "--until", "2026-11-22", "--send", f"maildir:{home}/mail")
    for message in mailbox.Maildir(home / "mail"):
        result.check(message["Bcc"] is None, "a header from a title")
    for paper_id in list(library.all_marks())[:40]:
        result.add(call(home, "show", paper_id))
        result.add(call(home, "cite", "--to", "apa", paper_id))
    return result


def _filled(home: Path, texts: list[str]) -> Library:
    library = stocked(home, 0)
    papers = [
        a_paper(
            number,
            title=clean_line(text),
            abstract=clean_paragraphs(text),
            authors=(clean_line(text), "Ada Lovelace"),
            keywords=(clean_line(text),),
            organization=clean_line(text),
            comment=clean_line(text),
            journal_ref=clean_line(text),
        )
        for number, text in enumerate(texts, 1)
    ]
    library.add(papers, "hf")
    for paper, text in zip(papers, texts, strict=True):
        library.mark([paper.id], note=text, starred=True)
    return library


def _nothing(_outcome: Outcome, _number: int, _result: Result) -> None:
    """An output without a language of its own."""


def _check_csv(outcome: Outcome, number: int, result: Result) -> None:
    rows = list(csv.reader(io.StringIO(outcome.out.decode())))[1:]
    result.check(len(rows) == number, f"{len(rows)} rows of {number}")
    for cell in (cell for row in rows for cell in row):
        result.check(
            not cell.lstrip(" \"'").startswith(_FORMULA_STARTS) or cell.startswith("'"), f"a formula: {cell[:40]!r}"
        )


def _check_bibtex(outcome: Outcome, number: int, result: Result) -> None:
    text = outcome.out.decode()
    library = bibtexparser.parse_string(text)
    result.check(len(library.entries) == number, f"{len(library.entries)} entries of {number}")
    result.check(not _DANGEROUS.search(text), f"a command: {_DANGEROUS.search(text)}")
    result.check("^^" not in text, "a character in TeX's own notation")


def _check_ris(outcome: Outcome, number: int, result: Result) -> None:
    found = rispy.loads(outcome.out.decode())
    result.check(len(found) == number, f"{len(found)} records of {number}")


def _check_json(outcome: Outcome, number: int, result: Result) -> None:
    result.check(len(json.loads(outcome.out)) == number, "papers in JSON")


class _Tags(HTMLParser):
    """Finds what would act in a mail client or a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        active = tag in ("script", "img", "iframe", "object", "form")
        handlers = [name for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript:")]
        self.bad += [tag] if active or handlers else []


def _check_html(outcome: Outcome, _number: int, result: Result) -> None:
    parser = _Tags()
    parser.feed(outcome.out.decode())
    result.check(not parser.bad, f"in HTML: {parser.bad[:3]}")


def _check_feed(outcome: Outcome, number: int, result: Result) -> None:
    try:
        root = ElementTree.fromstring(outcome.out)
    except ElementTree.ParseError as error:
        result.check(False, f"the feed: {error}")
        return
    entries = root.findall("{http://www.w3.org/2005/Atom}entry")
    result.check(len(entries) == number, f"{len(entries)} entries of {number}")
    for content in root.iter("{http://www.w3.org/2005/Atom}content"):
        parser = _Tags()
        parser.feed(content.text or "")
        result.check(not parser.bad, f"in the feed: {parser.bad[:3]}")


_CHECKS = {
    "csv": _check_csv,
    "bibtex": _check_bibtex,
    "biblatex": _check_bibtex,
    "ris": _check_ris,
    "json": _check_json,
    "csl-json": _check_json,
    "html": _check_html,
}

FORMULAS = (
    r"\immediate\write18{touch x}x",
    r"\newwrite\f\immediate\openout\f=x.txt \immediate\write\f{hi}x",
    r"\def\x{\x\x}\x",
    r"\input{/etc/hostname}",
    r"\input /etc/hostname ",
    r"\catcode`\%=12",
    r"\csname input\endcsname{x}",
    r"x^^5cinput y",
    r"x^^^^005cinput y",
    r"\begin{filecontents}{x}y\end{filecontents}",
    r"\text{\input x}",
    r"\mathrm{\write18{x}}",
    r"\directlua{os.execute('x')}",
    r"\special{x}",
    r"\let\x\input \x y",
    r"\expandafter\input\expandafter x",
    r"\uppercase{\input x}",
    r"\everymath{\input x}x",
    r"\loop\iftrue\repeat",
    r"\usepackage{x}",
    r"\ifx\x\y\input z\fi",
    r"\frac{a}{b}}\input x{",
    r"\left\input x\right)",
)


def formulas(home: Path) -> Result:
    """Formulas that would run TeX; lost: a dangerous command in the entry, or braces that aren't balanced."""
    result = Result()
    for formula in FORMULAS:
        for title in (
            f"A ${formula}$ b",
            f"A $$ {formula} $$",
            rf"A \({formula}\)",
            f"{formula} outside",
            f"${formula}",
        ):
            text = cite([Paper(id="2611.00001", title=title, authors=(title,), abstract=title)], "bibtex")
            result.check(not _DANGEROUS.search(text), f"{title!r}: {_DANGEROUS.search(text)}")
            result.check("^^" not in text, f"{title!r}: ^^")
            result.check(_balance(text) == 0, f"{title!r}: braces")
        result.check(not safe_formula(formula), f"{formula!r} counts as safe")
    return result


def _balance(text: str) -> int:
    bare = re.sub(r"\\[{}]", "", text)
    return bare.count("{") - bare.count("}")


# -- where files are written ---------------------------------------------------------------------------------------


def write_targets(home: Path) -> Result:
    """Four commands that write files, to nine kinds of places; lost: a foreign file, a link, a pipe or a mode."""
    result = Result()
    stocked(home, 3).mark(["2611.00001"], starred=True)
    for words in (
        ["export", "--to", "json", "-o"],
        ["digest", "--until", "2026-11-22", "-o"],
        ["feed", "-o"],
        ["backup"],
    ):
        folder = home / f"out-{words[0]}"
        folder.mkdir()
        _write_over_files(home, folder, words, result)
        _write_into_pipe(home, folder, words, result)
        for name in ("no/folder", ".", "a\udcffb", "n" * 300):
            result.add(call(home, *words, str(folder / name)))
    return result


def _write_over_files(home: Path, folder: Path, words: list[str], result: Result) -> None:
    mine, link = folder / "mine", folder / "link"
    mine.write_text("mine")
    mine.chmod(0o600)
    link.symlink_to(mine)
    for place in (mine, link):
        result.add(outcome := call(home, *words, str(place)))
        result.check(outcome.code == 2 and mine.read_text() == "mine", f"{words[0]} over a foreign file")
    result.add(call(home, *words, str(link), "--force"))
    result.check(link.is_symlink(), f"{words[0]}: a link")
    result.check(mine.stat().st_mode & 0o777 == 0o600, f"{words[0]}: the mode")
    result.check((folder / "mine~").read_text() == "mine", f"{words[0]}: the old content")


def _write_into_pipe(home: Path, folder: Path, words: list[str], result: Result) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    for force in ([], ["--force"]):
        got: list[bytes] = []
        reader = threading.Thread(target=lambda got=got: got.append(pipe.read_bytes()))  # type: ignore[misc]
        reader.start()
        result.add(call(home, *words, str(pipe), *force))
        reader.join(10)
        result.check(bool(got and got[0]) and pipe.is_fifo(), f"{words[0]}: a pipe")
    result.check(not list(folder.glob(".paperdeck*")), "a temporary file left behind")
