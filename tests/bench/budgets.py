"""Figures beside their bounds.

Bounds in milliseconds hold on a machine on which a bare Textual app paints in 190 ms. On a slower one they grow in
proportion to what the bare app takes in this run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

BARE_APP_MS = 190
"""How long the budgets assume that a bare Textual app takes to paint."""


class Budgets:
    """Prints figures beside their bounds."""

    def __init__(self) -> None:
        self.factor = 1.0
        """How much slower than the budgets assume this machine is at present."""

    def set_factor(self, bares_ms: Sequence[float]) -> None:
        """Take the factor from what the bare app took in this run, in milliseconds."""
        self.factor = max(1.0, statistics.median(bares_ms) / BARE_APP_MS)

    def say(self, what: str, figure: float, maximum: float, unit: str = "", note: str = "") -> None:
        """Print a figure and its bound; a bound in milliseconds is multiplied by the factor."""
        bound = maximum * self.factor if unit == "ms" else maximum
        mark = "!" if figure > bound else " "
        digits = 2 if not unit or figure < 1 else 0
        scaled = f" ({maximum:g} × {self.factor:.2f})" if unit == "ms" else ""
        told = f"{figure:.{digits}f} {unit}".rstrip()
        print(
            f"{mark} {what:<46} {told:>9}   ≤ {bound:.{2 if bound < 10 else 0}f}{scaled}  {note}".rstrip(), flush=True
        )


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that something takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000
