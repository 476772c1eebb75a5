"""Run the 42 hostile papers through real programs: bibtex with its eight base styles, biber, pandoc and citeproc.

    python -m tests.bench.citing_tools

A program that is not installed is reported as such. The exit code is 1 if a program misread anything.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.cite.ris import LOW_COMMA
from paperdeck.storage.text.bibtex import decode
from tests.cite.hostile import HOSTILE, Hostile

_STYLES = ("plain", "alpha", "unsrt", "abbrv", "ieeetr", "apalike", "acm", "siam")
_FILES = {"bibtex": "h.bib", "biblatex": "hl.bib", "ris": "h.ris", "csl-json": "h.json"}
_KEYS = {hostile.paper.id: f"k{number}" for number, hostile in enumerate(HOSTILE)}
_LIMIT_SECONDS = 120
_LONGEST_LIST = 50
"""Reference lists may shorten longer lists of authors."""

Faults = Iterator[str]


def main() -> int:
    """Run the programs that are installed; returns 1 if one of them misread anything."""
    faulty = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form, file in _FILES.items():
            (folder / file).write_text(cite([h.paper for h in HOSTILE], form, keys=_KEYS), encoding="utf-8")
        for what, program, check in _checks():
            if not _is_there(program):
                print(f"{what:<22} not installed")
                continue
            faults = list(check(folder))
            faulty += bool(faults)
            print(f"{what:<22} {f'{len(faults)} faults' if faults else 'all right'}")
            for fault in faults[:5]:
                print(f"    {fault}")
    return 1 if faulty else 0


def _checks() -> Iterator[tuple[str, str, Callable[[Path], Faults]]]:
    for style in _STYLES:
        yield f"bibtex, {style}", "bibtex", lambda folder, style=style: _bibtex(folder, style)
    yield "biber", "biber", _biber
    for form in ("bibtex", "biblatex", "csl-json"):
        yield f"pandoc, {form}", "pandoc", lambda folder, form=form: _pandoc(folder, form)
    yield "citeproc, Harvard", "citeproc", _citeproc


def _is_there(program: str) -> bool:
    if program != "citeproc":
        return shutil.which(program) is not None
    try:
        import citeproc  # noqa: F401
    except ImportError:
        return False
    return True


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=folder, capture_output=True, text=True, errors="replace", check=False, timeout=_LIMIT_SECONDS
    )


def _bibtex(folder: Path, style: str) -> Faults:
    """Every entry is there with its place, its surnames and the capitals that matter."""
    (folder / "h.aux").write_text(f"\\relax\n\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{h}}\n")
    ran = _run(folder, "bibtex", "h")
    yield from (line for line in ran.stdout.splitlines() if "error" in line.lower())
    listed = {}
    for item in (folder / "h.bbl").read_text(errors="replace").split("\\bibitem")[1:]:
        number, _, text = item.partition("{k")[2].partition("}")
        listed[f"k{number}"] = " ".join(text.split())
    for hostile in HOSTILE:
        text = listed.get(_KEYS[hostile.paper.id], "")
        read = decode(text.replace("{\\em ", "{").replace("{\\sc ", "{").replace("\\newblock", " "))
        yield from _missing(hostile, read, style)


def _missing(hostile: Hostile, text: str, style: str) -> Faults:
    if hostile.place not in text:
        yield f"{hostile.paper.title!r}: no {hostile.place}"
    yield from (f"{hostile.title!r}: no {word}" for word in hostile.capitals if word not in text)
    if hostile.date[:4] not in text:
        yield f"{hostile.title!r}: no {hostile.date[:4]}"
    if len(hostile.names) < _LONGEST_LIST:
        yield from (f"{name} is not in {text[:90]!r}" for name in hostile.names if name[0] not in text)


def _biber(folder: Path) -> Faults:
    """biber warns only of entries without a date, and writes all entries."""
    ran = _run(folder, "biber", "--tool", "--validate-datamodel", "--output-file", "out.bib", "hl.bib")
    undated = [f"'{_KEYS[hostile.paper.id]}'" for hostile in HOSTILE if not hostile.date]
    for line in ran.stdout.splitlines():
        expected = "'date, year' must be defined" in line and any(key in line for key in undated)
        if line.startswith(("WARN", "ERROR")) and not expected:
            yield line
    written = (folder / "out.bib").read_text(encoding="utf-8").count("\n@")
    if written + 1 < len(HOSTILE):
        yield f"{written + 1} entries"


def _pandoc(folder: Path, form: str) -> Faults:
    """pandoc reads every name and date right."""
    kind = form.replace("-", "")
    ran = _run(folder, "pandoc", "-f", kind, "-t", "csljson", _FILES[form])
    if ran.returncode:
        yield ran.stderr.strip()[:200]
        return
    items = {item["id"]: item for item in json.loads(ran.stdout)}
    for hostile in HOSTILE:
        item = items.get(_KEYS[hostile.paper.id], {})
        names = [_composed(_csl_name(name)) for name in item.get("author", ())]
        wanted = [_composed(" ".join(name)) for name in hostile.names]
        if names != wanted:
            yield f"{names[:3]} instead of {wanted[:3]}"
        parts = [list(map(int, hostile.date.split("-")))] if hostile.date else []
        known = item.get("issued", {}).get("date-parts", [])
        if known != parts and (form != "bibtex" or known != [part[:2] for part in parts]):
            yield f"{hostile.title!r}: {known} instead of {parts}"


def _csl_name(name: dict[str, Any]) -> str:
    if "literal" in name:
        return str(name["literal"]).replace(LOW_COMMA, ",")
    order = ("dropping-particle", "non-dropping-particle", "family", "given", "suffix")
    return " ".join(str(name[part]) for part in order if name.get(part))


def _composed(text: str) -> str:
    """A name without what programs write differently: spaces between initials, and the form of the apostrophe."""
    return unicodedata.normalize("NFC", "".join(text.replace("’", "'").split()))


def _citeproc(folder: Path) -> Faults:
    """Every item becomes a line of the list, with its surnames and its year."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    source = CiteProcJSON(json.loads((folder / "h.json").read_text(encoding="utf-8")))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    listing = CitationStylesBibliography(style, source, formatter.plain)
    for key in _KEYS.values():
        listing.register(Citation([CitationItem(key)]))
    lines = dict(zip(listing.keys, map(str, listing.bibliography()), strict=True))
    for hostile in HOSTILE:
        line = lines.get(_KEYS[hostile.paper.id], "")
        if len(hostile.names) < _LONGEST_LIST and any(name[0] not in line for name in hostile.names):
            yield f"{hostile.names} are not in {line[:90]!r}"
        if hostile.date[:4] not in line:
            yield f"no {hostile.date[:4]} in {line[:90]!r}"


if __name__ == "__main__":
    sys.exit(main())
