"""42 papers that other programs misunderstand if anything is written carelessly, and what they must read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from paperdeck.storage.paper import Paper


class Hostile(NamedTuple):
    """One paper and the truth about it."""

    paper: Paper
    title: str
    """The title as people read it."""
    capitals: tuple[str, ...]
    """What a style that lowercases titles must leave as it is."""
    names: tuple[tuple[str, ...], ...]
    """The authors: surname with its particles, given name and suffix, or the whole of a group or a single name."""
    date: str
    """The date in ISO 8601, as far as it is known; empty if it is not."""
    place: str
    """What a list of references must name: the arXiv id or the venue."""


_PLAIN = "Counting Sheep by Night"

_TITLES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("DeepSeek-R1: Incentives for Reasoning", "", ("DeepSeek-R1",)),
    ("Faster Frames with Turbo-V2", "", ("V2",)),
    ("What the GPT-4o System Card Says", "", ("GPT-4o",)),
    ("Sorting $n$ Numbers in $O(n^2)$ Steps over ℝ", "Sorting n Numbers in O(n²) Steps over ℝ", ("O(n",)),
    ("50% of R&D Costs $5 and $10 a Day", "", ("R&D",)),
    ("Under_Scores #1, ~Tildes and ^Carets", "", ()),
    ("Splats of Gaussian Blobs on a Chinese Wall by Turing Machines", "", ("Gaussian", "Chinese", "Turing")),
    ("A bayesian look at Markov chains with Python in the Netherlands", "", ("Markov", "Python", "Netherlands")),
    ("An Open { Brace", "An Open ( Brace", ()),
    ("A Closed } Brace", "A Closed ) Brace", ()),
    ("Reading \\write18{x} Aloud", "", ()),
    ("“Marks” and ``TeX Marks''", "“Marks” and “TeX Marks”", ("TeX",)),
    ("On Schrödinger’s Ñandú and Ṩ", "", ("Schrödinger",)),
    ("Launching 🚀 by Night", "", ()),
    ("深度学习的综述: A Survey", "", ()),
    ("Beyond C++ and C#: the A* of LoRA", "", ("C++", "C#", "LoRA")),
    ("{Grouped {W}ords} Here", "", ()),
    ("$\\alpha$-Divergences of $x_{t+1}$", "α-Divergences of xₜ₊₁", ()),
    ("Nguyễn Đình Thi and the BERT of Hà Nội", "", ("BERT",)),
    ("When a<b and b>c in the 3D Web of <i>Things</i>", "", ("3D",)),
    (
        "The Qwen2.5-VL-7B of Everything -- with ``dashes''",
        "The Qwen2.5-VL-7B of Everything -- with “dashes”",
        ("Qwen2.5-VL-7B",),
    ),
)

_AUTHORS: tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    (("Ronan Le Bras", "Benjamin Van Durme"), (("Le Bras", "Ronan"), ("Van Durme", "Benjamin"))),
    (("Erik van ’t Hoff", "Guy Van den Broeck"), (("van ’t Hoff", "Erik"), ("Van den Broeck", "Guy"))),
    (("Jean de La Fontaine",), (("de La Fontaine", "Jean"),)),
    (("J.R.R. Tolkien", "J. K. Rowling"), (("Tolkien", "J.R.R."), ("Rowling", "J. K."))),
    (("Jane Doe, PhD",), (("Doe", "Jane"),)),
    (("Nguyễn Văn Đức", "Ngô Bảo Châu"), (("Nguyễn", "Văn Đức"), ("Ngô", "Bảo Châu"))),
    (("Thi Ngọc Ánh Trần",), (("Trần", "Thi Ngọc Ánh"),)),
    (("Łukasz Kaiser", "Søren Ågård"), (("Kaiser", "Łukasz"), ("Ågård", "Søren"))),
    (("Aäron van den Oord",), (("van den Oord", "Aäron"),)),
    (
        ("Martin Luther King Jr.", "Henry Carl Gates III"),
        (("King", "Martin Luther", "Jr."), ("Gates", "Henry Carl", "III")),
    ),
    (("DeepSeek-AI", "Guanaco Team"), (("DeepSeek-AI",), ("Guanaco Team",))),
    (("Ministry of Silly, Odd and Other Walks",), (("Ministry of Silly, Odd and Other Walks",),)),
    (("李 伟", "王小明"), (("李 伟",), ("王小明",))),
    (("Santiago Ramón y Cajal",), (("Ramón y Cajal", "Santiago"),)),
    (("Charles de la Vallée Poussin",), (("de la Vallée Poussin", "Charles"),)),
    (("Plato", "Madonna"), (("Plato",), ("Madonna",))),
    (("Flann O'Brien", "Fei-Fei Li"), (("O'Brien", "Flann"), ("Li", "Fei-Fei"))),
    (("Đorđe Žikelić", "İlker Şahin"), (("Žikelić", "Đorđe"), ("Şahin", "İlker"))),
    (("Juan Carlos da Silva Filho",), (("da Silva Filho", "Juan Carlos"),)),
    ((), ()),
    (
        tuple(f"Ann Roe{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(400)),
        tuple((f"Roe{chr(97 + number % 26)}{chr(97 + number // 26)}", "Ann") for number in range(400)),
    ),
)

_GIVEN_IN_PARTS = {"Charles de la Vallée Poussin": ("Vallée Poussin", "Charles", "de la", "")}
"""Names whose parts no rule can guess; their source gave them."""


def _made() -> Iterator[Hostile]:
    for number, (written, read, capitals) in enumerate(_TITLES):
        names = (("Roe", f"Ann {chr(65 + number)}."),)
        yield _paper(number, written, read or written, capitals, (f"Ann {chr(65 + number)}. Roe",), names)
    for number, (authors, names) in enumerate(_AUTHORS, len(_TITLES)):
        title = f"{_PLAIN}, Part {number}"
        yield _paper(number, title, title, (), authors, names)


def _paper(number: int, written: str, read: str, capitals: tuple[str, ...], authors: Any, names: Any) -> Hostile:
    """A paper whose date is known to the day, to the month (by its id), to the year, or not at all."""
    parts = tuple(_GIVEN_IN_PARTS[name] for name in authors if name in _GIVEN_IN_PARTS)
    facts: dict[str, Any] = {"title": written, "authors": authors, "names": parts}
    said = ("day", "day", "id", "year", "month", "nothing")[number % 6]
    if said in ("day", "id"):
        known = date(2024, 1, 1 + number % 28) if said == "day" else None
        paper = Paper(id=f"2401.{number + 1:05}", published=known, categories=("cs.CL",), **facts)
        told = known.isoformat() if known else "2024-01"
        return Hostile(paper, read, capitals, names, told, f"arXiv:{paper.id}")
    issued = {"year": "1888", "month": "2019-11"}.get(said)
    venue = f"Proceedings of the Flock {number}"
    paper = Paper(id=f"local-undated-{number:012x}", issued=issued, journal_ref=venue, **facts)
    return Hostile(paper, read, capitals, names, issued or "", venue)


HOSTILE = tuple(_made())
"""21 hostile titles and 21 hostile lists of authors."""
