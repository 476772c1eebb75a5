"""Text in terminal cells: cutting and padding without splitting wide characters, and short numbers."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from paperdeck.storage.text.clean import for_screen


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """The text in exactly `width` cells: padded with spaces, or cut and ended with an ellipsis."""
    text = for_screen(text)
    length = cell_len(text)
    if length <= width:
        return text + " " * (width - length)
    if width <= len(ellipsis):
        return ellipsis[:width] if width > 0 else ""
    kept = set_cell_size(text, width - len(ellipsis)).rstrip()
    kept = kept.removesuffix(ellipsis).rstrip()  # a part of it may have been cut before
    return set_cell_size(kept + ellipsis, width)


def fit_right(text: str, width: int) -> str:
    """The text at the right end of `width` cells."""
    text = for_screen(text)
    return fit(" " * max(0, width - cell_len(text)) + text, width)


def fit_words(text: str, width: int, ellipsis: str = "…") -> str:
    """The text in exactly `width` cells; if it has to be cut, it is cut after a word if possible."""
    cut = fit(text, width, ellipsis)
    if cell_len(text) <= width:
        return cut
    kept = cut.rstrip().removesuffix(ellipsis)
    ends_a_word = for_screen(text)[len(kept) :].startswith(" ")
    words = (kept if ends_a_word else kept.rpartition(" ")[0]).rstrip(" ,")
    return fit(f"{words}{ellipsis}", width, ellipsis) if words else cut


def wrapped(text: str, width: int) -> list[str]:
    """A line wrapped; the lines after the first keep its indentation, up to half the width."""
    from textual.content import Content

    start = len(text) - len(text.lstrip(" "))
    indent = " " * min(start, width // 2)
    lines = Content(for_screen(text[start:])).wrap(max(1, width - len(indent)))
    return [indent + line.plain for line in lines]


def wrapped_parts(text: str, width: int) -> list[tuple[int, str]]:
    """A text wrapped, each line with its start in the text; words longer than a line are split."""
    from textual.content import Content

    parts, end = list[tuple[int, str]](), 0
    for line in Content(text).wrap(width):
        shown = line.plain.rstrip(" ")
        start = max(end, text.find(shown, end))
        end = start + len(shown)
        parts.append((start, shown))
    return parts or [(0, "")]


def short_number(number: int | None) -> str:
    """A count in at most four cells: 7, 312, 1.2k, 46k, 1.3M; empty when it is unknown."""
    if number is None:
        return ""
    for limit, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= limit * 0.9995:  # not 1000k but 1.0M
            scaled = number / limit
            return f"{scaled:.1f}{unit}" if scaled < 9.95 else f"{scaled:.0f}{unit}"
    return str(number)
