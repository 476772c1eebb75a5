"""The top line: the view, its counts, and the state of fetching; what matters most gets the room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widgets import Static

from paperdeck.storage.text.times import local
from paperdeck.storage.text.words import count_of, day_and_month, short_day
from paperdeck.tui.keys import with_keys
from paperdeck.tui.look.text import fit, fit_words, symbols_of, wrapped
from paperdeck.tui.model.status import ASKING, STOPPING
from paperdeck.tui.model.views import VISIT

from .footline import shorter_waits

if TYPE_CHECKING:
    from textual.app import RenderResult

    from paperdeck.tui.model.session import Session

NAME = "paperdeck"
"""The program's name on the top line."""
_GAP = "   "
_NARROW_COLUMNS = 60  # below this, the program's name is not shown
_MAX_PREFACE_LINES = 4
_MIN_CUT_CELLS = 10  # a shorter beginning of a part is of no use


class Part(NamedTuple):
    """A part of the top line, shown if there is room."""

    forms: tuple[str, ...]
    """Its wordings, longest first; an empty one last if the shortest of other parts matter more."""
    style: str
    turn: int = 0
    """Its turn to become longer: parts with lower numbers go first."""
    at_end: bool = False
    """Whether it is aligned to the right."""
    may_be_cut: bool = False
    """Whether its beginning is useful by itself."""


def fitted(parts: Sequence[Part], room: int, ellipsis: str) -> dict[Part, str]:
    """The wordings of the parts that fit: first each in its shortest form, then in longer ones by turn.

    Args:
        parts: The most urgent first; parts that don't fit even in their shortest wording are left out.
        room: The available cells; each part also takes a gap.
        ellipsis: The sign at the end of a cut part.
    """
    shown: dict[Part, str] = {}
    for part in parts:
        text = _cut(part, _MIN_CUT_CELLS, ellipsis)
        if _cells(text) <= room:
            shown[part] = text
            room -= _cells(text)
    for part in sorted(shown, key=lambda part: part.turn):
        room += _cells(shown[part])
        whole = next((form for form in part.forms if _cells(form) <= room), None)
        shown[part] = _cut(part, room - len(_GAP), ellipsis) if whole is None else whole
        room -= _cells(shown[part])
    return {part: text for part, text in shown.items() if text}


def _cells(text: str) -> int:
    """The cells of a wording and the gap beside it; an empty one takes none."""
    return cell_len(text) + len(_GAP) if text else 0


def _cut(part: Part, cells: int, ellipsis: str) -> str:
    """The shortest wording of a part, cut to some cells if its beginning is useful by itself."""
    text = part.forms[-1]
    return fit_words(text, min(cell_len(text), cells), ellipsis).rstrip() if part.may_be_cut else text


class Headline(Static):
    """The top line: the view, its counts, and how fresh the papers are."""

    DEFAULT_CSS = """
    Headline { height: auto; max-height: 5; width: 100%; background: $background; color: $foreground; }
    """

    preface = reactive[tuple[str, ...]]((), layout=True)
    """The view's sentences before its papers, one per line."""
    view = reactive[tuple[str, ...]](("",))
    """The view that the list shows, in shorter and shorter words."""
    counts = reactive("")
    """How many papers, and how many of them are unread."""
    waiting = reactive("")
    """How many new papers wait to be shown."""
    freshness = reactive("")
    """How old the papers are."""
    progress = reactive("")
    """The progress of the fetch."""
    downloads = reactive("")
    """The progress of downloads."""
    source_wait = reactive("")
    """The wait for a source."""
    warning = reactive(False)
    """Whether the last fetch failed."""

    def show(self, session: Session, selected: int) -> None:
        """Update all parts, with the number of selected papers."""
        results, status = session.results, session.status
        self.preface = results.view.preface
        self.view = _view_in_words(session)
        self.counts = counts_in_words(session, selected)
        self.waiting = f"{session.waiting:,}" if session.waiting else ""
        self.freshness, self.warning, self.progress = status.freshness, status.ended == "failed", status.progress
        self.downloads, self.source_wait = status.downloads, status.source_wait

    def render(self) -> RenderResult:
        symbols, width = symbols_of(self.app), self.size.width
        name = Part((NAME, ""), "bold", turn=4)
        parts = [*self._parts(), *([name] if width >= _NARROW_COLUMNS else [])]
        shown = fitted(parts, width - 2 + len(_GAP), symbols.ellipsis)  # the first one has no gap
        named = shown.pop(name, "")
        left = [(f"{_GAP}{text}", part.style) for part, text in shown.items() if not part.at_end]
        right = [(f"{_GAP}{text}", part.style) for part, text in reversed(shown.items()) if part.at_end]
        words = Content.assemble((f"{_GAP}{named}" if named else "", "bold"), *left)[len(_GAP) :]
        ends = Content.assemble(*right)
        between = " " * max(0, width - 2 - words.cell_length - ends.cell_length)
        below = [Content.styled(line, "$foreground-muted") for line in self._below(width)]
        return Content("\n").join([Content.assemble((" ", "bold"), words, between, ends, " "), *below])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # as in the bottom line: the grid passes the width of one column
        return 1 + len(self._below(viewport.width))

    def _below(self, width: int) -> list[str]:
        """The first sentences of the preface, as many as fit; fewer in a narrow window."""
        words, room, shown = symbols_of(self.app).words, max(1, width - 2), list[str]()
        for sentence in self.preface:
            lines = wrapped(words(sentence), room)
            if len(shown) + len(lines) <= _MAX_PREFACE_LINES - (width < _NARROW_COLUMNS):
                shown += lines
        return [f" {fit(line, room)}" for line in shown]

    def _parts(self) -> list[Part]:
        """All parts but the name, most urgent first."""
        muted, warned = "$foreground-muted", "$warning"
        idle = "" if self.progress else self.freshness
        progress = "" if self.source_wait and self.progress == ASKING else self.progress  # the wait already says so
        failed = (f"{idle} · {{refresh}} tries again", "fetch failed · {refresh} again", "failed · {refresh} again")
        waiting = (f"{self.waiting} arrived: {{show-new}} shows them", f"{{show-new}} shows {self.waiting}")
        parts = [
            Part(self.view, "bold", turn=1, may_be_cut=True),
            Part((self.counts, _most_important(self.counts)), muted, turn=2),
            Part(shorter_waits(self.source_wait), warned, at_end=True, may_be_cut=True),
            Part(_progress_in_words(progress, stoppable=not self.source_wait), muted, at_end=True),
            Part((*failed, "{refresh} retries") if self.warning and idle else (), warned, at_end=True),
            Part(waiting if self.waiting else (), "bold $accent", turn=2),
            Part((self.downloads,), muted, at_end=True),
            Part((idle, "") if idle and not self.warning else (), muted, turn=3, at_end=True),
        ]
        return [self._in_words(part) for part in parts if any(part.forms)]

    def _in_words(self, part: Part) -> Part:
        """The part with the reader's own keys and symbols."""
        symbols, key_of = symbols_of(self.app), getattr(self.app, "key_of", str)
        return part._replace(forms=tuple(symbols.words(with_keys(form, key_of)) for form in part.forms))


def _progress_in_words(progress: str, *, stoppable: bool) -> tuple[str, ...]:
    """A fetch in shorter and shorter words, always with the key that stops it, unless a wait shows that already."""
    if not progress or progress == STOPPING:
        return (progress, "stopping …") if progress else ()
    label, *numbers = progress.split(" · ")
    shorter = [f"{label} · {numbers[0]}", f"fetching · {numbers[0]}"] if numbers else []
    if not stoppable:
        return (progress, *shorter, *numbers[:1], "")
    stops = "{stop-fetching} stops"
    return (*(f"{words} · {stops}" for words in (progress, *shorter, "fetching")), stops)


def _view_in_words(session: Session) -> tuple[str, ...]:
    """The name of the view in shorter and shorter words."""
    view, order = session.results.view, session.results.order_words()
    forms: tuple[str, ...] = (view.title,)
    if view.key == VISIT.key and session.visits.since:
        whole, short = _when(session.visits.since)
        forms = (f"Since your last visit, {whole} to now", f"Since {whole}", f"Since {short}")
    elif view.remark:
        forms = (f"{view.title}, {view.remark}", view.title)
    elif view.key == "day" and view.day:
        forms = (f"{view.title}, {short_day(view.day)}", view.title)
    return (f"{forms[0]}, by {order}", *forms) if order else forms


def counts_in_words(session: Session, selected: int) -> str:
    """The numbers of papers and unread papers; unknown ones are left out."""
    results = session.results
    tally, shown = results.tally, len(results.ids)
    if not shown:
        return count_of(0, "paper") if tally and results.complete else ""
    if tally is None:
        return f"{selected:,} selected" if selected else "" if results.complete else f"{shown:,}+ papers"
    parts = [f"{selected:,} selected of {tally.papers:,}" if selected else count_of(tally.papers, "paper")]
    parts += [f"{tally.new:,} new"] if tally.new and results.view.key != VISIT.key else []
    parts += [f"{tally.unread:,} unread"] if tally.unread else []
    likely = session.counts.unread.get(results.view.key) if results.view.picks else None
    return " · ".join([*parts, f"{likely:,} {'fits' if likely == 1 else 'fit'} your taste"] if likely else parts)


def _most_important(counts: str) -> str:
    """The count that stays in a narrow line: selected papers, else likely or unread ones; empty if there are none."""
    first, *others = counts.split(" · ")
    return first if "selected" in first else others[-1] if others else ""


def _when(iso_time: str) -> tuple[str, str]:
    """A time in the local time zone, whole and short: `Thu 12 Nov 18:30` and `12 Nov`; only the time if it is today."""
    moment, now = local(datetime.fromisoformat(iso_time)), local(datetime.now(UTC))
    if moment.date() == now.date():
        return f"{moment:%H:%M}", f"{moment:%H:%M}"
    year = "" if moment.year == now.year else f"{moment.year} "
    return f"{short_day(moment)} {year}{moment:%H:%M}", day_and_month(moment)
