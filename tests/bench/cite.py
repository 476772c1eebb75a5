"""How long citations take: one entry, and the BibTeX of a large library."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date

from paperdeck.storage.cite.formats import cite
from paperdeck.storage.paper import Paper

SIZE = 8_500
BOUND_ENTRY_MS = 1.0
BOUND_ALL_S = 3.0

_FAMILIES = ("Åström", "van den Berg", "García", "Łoś", "Nguyễn", "O’Neil", "Schmidt-Hieber", "Wang", "Żak", "Team")
_TITLES = (
    "Sorting {} Numbers in $O(n^2)$ Steps: A Study of GPT-{} & Friends",
    "Learning to Count {} Sheep with R&D at 100% {}",
    "LLM$\\times${}: \\textsc{{Small}} Models for τ-bench {}",
    "A Survey of {} Attention-Based Text-to-Image Models {}",
)


Row = tuple[str, str]
"""What was measured, and the figures."""


def run() -> list[Row]:
    """The rows, each with its bound."""
    return [(what, f"{value:.3f} {unit} (bound {bound:g} {unit})") for what, value, unit, bound in _measurements()]


def _measurements() -> list[tuple[str, float, str, float]]:
    papers = [_paper(number) for number in range(SIZE)]
    cite([papers[2]], "bibtex")  # load what is loaded only once
    singles = [_seconds(cite, [paper], "bibtex") for paper in papers[:500]]
    rows = [("one BibTeX entry, median", statistics.median(singles) * 1e3, "ms", BOUND_ENTRY_MS)]
    forms = ("bibtex", "biblatex", "ris", "csl-json", "apa")
    return rows + [(f"{SIZE} papers as {form}", _seconds(cite, papers, form), "s", BOUND_ALL_S) for form in forms]


def _seconds(action: Callable[..., object], *arguments: object) -> float:
    start = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - start


def _paper(number: int) -> Paper:
    authors = tuple(f"Ann{number + k} B. {_FAMILIES[(number + k) % len(_FAMILIES)]}" for k in range(1 + number % 15))
    title = _TITLES[number % len(_TITLES)].format(number, number % 7)
    day = date(2020 + number % 5, 1 + number % 12, 1 + number % 28)
    return Paper(id=f"2401.{number + 1:05}", title=title, authors=authors, published=day, abstract="An abstract. " * 90)


if __name__ == "__main__":
    for what, figures in run():
        print(f"{what:<28} {figures}")
