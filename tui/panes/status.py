"""The top line with view and status, and the bottom line with messages or key hints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.style import Style
from textual.widgets import Static

from paperdeck.tui.keys import with_keys
from paperdeck.tui.look.cells import count_of, fit, fit_words, wrapped
from paperdeck.tui.look.symbols import Symbols, symbols_of
from paperdeck.tui.model.status import ASKING
from paperdeck.tui.model.views import VISIT

if TYPE_CHECKING:
    from textual import events
    from textual.app import RenderResult
    from textual.timer import Timer

    from paperdeck.tui.model.session import Session

NAME = "paperdeck"
"""The program's name on the top line."""
_GAP = "   "
_NARROW_COLUMNS = 60  # below this, the program's name gives way to the view
_MAX_MESSAGE_LINES = 4  # of several messages; one alone may take half the screen
_MAX_PREFACE_LINES = 4
_MIN_CELLS = 10  # a shorter beginning of a sentence is of no use
MESSAGE_SECONDS = 6.0
"""How long a message stays."""
MIN_MESSAGE_SECONDS = 1.0
"""How long it stays at least, even if keys are pressed."""


class Part(NamedTuple):
    """A part of the top line, shown if there is room."""

    forms: tuple[str, ...]
    """Its wordings, longest first."""
    style: str
    at_end: bool = False
    """Whether it is at the right end."""
    may_be_cut: bool = False
    """Whether its beginning is useful by itself."""


def fitted(parts: Sequence[Part], room: int, ellipsis: str) -> tuple[dict[Part, str], int]:
    """The wordings of the parts that fit, and the cells left over.

    Args:
        parts: The most urgent first; parts that don't fit are left out.
        room: The available cells; each part also takes a gap.
        ellipsis: The sign at the end of a cut part.
    """
    shown: dict[Part, str] = {}
    for part in parts:
        text = part.forms[-1]
        if part.may_be_cut and _MIN_CELLS + len(_GAP) <= room:
            text = fit(text, min(cell_len(text), room - len(_GAP)), ellipsis)
        if cell_len(text) + len(_GAP) <= room:
            shown[part] = text
            room -= cell_len(text) + len(_GAP)
    for part, text in shown.items():
        longer = (form for form in part.forms[:-1] if cell_len(text) < cell_len(form) <= room + cell_len(text))
        if form := next(longer, ""):
            shown[part] = form
            room -= cell_len(form) - cell_len(text)
    return shown, room


class Headline(Static):
    """The top line: the view, its counts, and how fresh the papers are."""

    DEFAULT_CSS = """
    Headline { height: auto; max-height: 5; width: 100%; background: $background; color: $foreground; }
    """

    preface = reactive[tuple[str, ...]]((), layout=True)
    """The view's sentences before its papers, one per line."""
    view = reactive("")
    """The view that the list shows."""
    counts = reactive("")
    """How many papers, and how many of them are unread."""
    waiting = reactive("")
    """How many new papers wait to be shown."""
    freshness = reactive("")
    """How old the papers are."""
    progress = reactive("")
    """The progress of the fetch."""
    ongoing = reactive("")
    """The progress of downloads."""
    trouble = reactive("")
    """The wait for a source."""
    warning = reactive(False)
    """Whether the last fetch failed."""

    def show(self, session: Session, selected: int) -> None:
        """Update all parts.

        Args:
            session: The source of all parts.
            selected: How many papers are selected.
        """
        results, status = session.results, session.status
        self.preface = results.view.preface
        order = results.order_words()
        self.view = _view_in_words(session) + (f", by {order}" if order else "")
        self.counts = counts_in_words(session, selected)
        self.waiting = f"{session.waiting:,} arrived" if session.waiting else ""
        self.freshness, self.warning, self.progress = status.freshness, status.failed, status.progress
        self.ongoing, self.trouble = status.downloads, status.trouble

    def render(self) -> RenderResult:
        symbols, width, muted = symbols_of(self.app), self.size.width, "$foreground-muted"
        parts, room = self._parts(), width - 2
        view = symbols.words(self.view)
        texts = [part.forms[:2][-1] for part in parts]  # the name gives way before these are shortened further
        named = cell_len(f"{NAME}{_GAP}{view}") + sum(cell_len(words) + len(_GAP) for words in texts)
        if width >= _NARROW_COLUMNS and named <= room:
            view = f"{NAME}{_GAP}{view}"
        first = parts[0] if parts and parts[0].may_be_cut else None
        kept = min(cell_len(first.forms[-1]) + len(_GAP), width * 2 // 3) if first else 0
        view = fit_words(view, max(0, min(room - kept, cell_len(view))), symbols.ellipsis)
        room -= cell_len(view)
        shown, room = fitted(parts, room, symbols.ellipsis)
        left = [(f"{_GAP}{text}", part.style) for part, text in shown.items() if not part.at_end]
        right = [(f"{_GAP}{text}", part.style) for part, text in reversed(shown.items()) if part.at_end]
        top = Content.assemble((f" {view}", "bold"), *left, " " * max(0, room), *right, " ")
        below = [Content.styled(line, muted) for line in self._below(width)]
        return Content("\n").join([top, *below])

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
        """All parts but the view, most urgent first."""
        muted, warned = "$foreground-muted", "$warning"
        idle = "" if self.progress else self.freshness
        progress = "" if self.trouble and self.progress == ASKING else self.progress  # the wait says it already
        failed = (f"{idle} · {{refresh}} tries again", "fetch failed · {refresh} again")
        parts = [
            Part(_shortened(self.trouble), warned, True, True),
            Part(_stoppable(progress, shown=bool(self.trouble)), muted, True, True),
            Part(failed if self.warning and idle else ("",), warned, True, True),
            Part((self.ongoing,), muted, True, True),
            Part((f"{self.waiting}: {{show-new}} shows them", self.waiting) if self.waiting else ("",), "bold $accent"),
            Part((self.counts, _most_important(self.counts)), muted),
            Part(("" if self.warning else idle,), muted, True),
        ]
        return [self._in_words(part) for part in parts if part.forms[-1]]

    def _in_words(self, part: Part) -> Part:
        """The part with the reader's own keys and symbols."""
        symbols, key_of = symbols_of(self.app), getattr(self.app, "key_of", str)
        return part._replace(forms=tuple(symbols.words(with_keys(form, key_of)) for form in part.forms))


def _stoppable(progress: str, *, shown: bool) -> tuple[str, ...]:
    """A fetch with the key that stops it, unless that is already shown."""
    if not progress or shown:
        return (progress,)
    stops = "{stop-fetching} stops"
    return f"{progress} · {stops}", progress, f"fetching · {stops}"


def _shortened(trouble: str) -> tuple[str, ...]:
    """A wait for a source with less and less about it, but always with the key that stops it."""
    wait, dot, way = trouble.rpartition(" · ")
    if not dot:
        return (trouble,)
    plain = re.sub(r" \([^)]*\)", "", wait)
    return trouble, f"{plain}{dot}{way}", f"{plain.partition(', ')[0]}{dot}{way}", f"waiting{dot}{way}"


def _view_in_words(session: Session) -> str:
    view, day = session.results.view, session.days.newest_day
    if view.key == VISIT.key and session.visits.since:
        return f"Since your last visit, {_when(session.visits.since)} to now"
    if view.remark:
        return f"{view.title}, {view.remark}"
    return f"{view.title}, {day:%a} {day.day} {day:%b}" if view.key == "day" and day else view.title


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
    """The count that stays in a narrow line: selected papers, else likely or unread ones."""
    first, *others = counts.split(" · ")
    return first if "selected" in first or not others else others[-1]


def _when(iso_time: str) -> str:
    """A time in the local time zone: `Thu 12 Nov 18:30`, or only the time if it is today."""
    moment, now = datetime.fromisoformat(iso_time).astimezone(), datetime.now().astimezone()
    day = "" if moment.date() == now.date() else f"{moment:%a} {moment.day} {moment:%b} "
    year = "" if moment.year == now.year else f"{moment.year} "
    return f"{day}{year}{moment:%H:%M}"


class Hint(NamedTuple):
    """A key worth a place on the screen."""

    key: str
    """The displayed name of the key."""
    does: str
    """Its effect, in a word."""
    action: str
    """The action that a click runs."""


class Notice(NamedTuple):
    """A message."""

    text: str
    severe: bool
    """Whether it reports a failure."""
    of_deed: bool = False
    """Whether it comes from an action of the reader, and not from background work."""


class Footline(Static):
    """The bottom line: messages, else the current wait, else the most useful keys, which can be clicked.

    A message stays for a while, a failure until a key is pressed or another action begins, each on its own lines.
    """

    DEFAULT_CSS = """
    Footline {
        height: auto; width: 100%; background: $background; color: $foreground-muted;
    }
    """

    hints = reactive[tuple[Hint, ...]]((), layout=False)
    """Keys and what they do."""
    about = reactive("", layout=False)
    """The object of the keys, such as the selected papers; empty: the paper under the cursor."""
    message = reactive("", layout=False)
    """The current message."""
    complaint = reactive("", layout=False)
    """The error in the typed query."""
    waiting = reactive("", layout=False)
    """The current wait: for what, for how long, and the key that stops it."""
    pointed = reactive("")
    """The action of the hint under the mouse."""
    auto_links = False

    _lines = 1
    _timer: Timer | None = None
    _notices: Sequence[Notice] = ()
    _shown_at = 0.0  # on the monotonic clock

    def say(self, message: str, *, severe: bool = False, of_deed: bool = False) -> None:
        """Show a message for a few seconds, a failure until a key is pressed; earlier failures stay until then."""
        if self._timer:
            self._timer.stop()
        failures = [notice for notice in self._notices if notice.severe and notice.text != message]
        self._show([*failures, Notice(message, severe, of_deed)])
        self._shown_at = monotonic()
        if getattr(self.app, "motion", True) and not severe:
            self._timer = self.set_timer(MESSAGE_SECONDS, self._fade)

    def _show(self, notices: Sequence[Notice]) -> None:
        self._notices = notices
        self.message = "\n".join(each.text for each in notices)

    def _fade(self) -> None:
        """Remove messages that aren't failures."""
        self._show([notice for notice in self._notices if notice.severe])

    @property
    def severe(self) -> bool:
        """Whether a failure is displayed."""
        return any(notice.severe for notice in self._notices)

    def key_pressed(self) -> None:
        """A key was pressed: clear the messages, except those shown just now."""
        if self.message and monotonic() - self._shown_at > MIN_MESSAGE_SECONDS * (1 + 2 * self.severe):
            self.clear()

    def deed_begins(self) -> None:
        """An action of the reader begins, by a key, a click or a paste: what earlier ones failed at is past."""
        self.key_pressed()
        self._show([notice for notice in self._notices if not (notice.severe and notice.of_deed)])

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Underline the hint under the mouse."""
        self.pointed = str(event.style.meta.get("@click", ""))

    def on_leave(self) -> None:
        self.pointed = ""

    def clear(self) -> None:
        """Go back to the keys."""
        self._show([])

    def watch_message(self) -> None:
        """Take as many lines as the message needs; the panes shrink."""
        lines = len(self._lines_of_all()) or 1
        if lines != self._lines:
            self._lines = lines
            self.refresh(layout=True)

    watch_complaint = watch_message

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        # the grid passes the width of one column, but this line spans all of them
        return len(self._lines_of_all(viewport.width)) or 1

    def _lines_of_all(self, width: int = 0) -> list[Notice]:
        """All messages, wrapped, or else the complaint; each sentence begins on a new line."""
        symbols, room = symbols_of(self.app), max(1, (width or self.size.width or self.app.size.width) - 3)
        notices = self._notices or ([Notice(self.complaint, True)] if self.complaint else [])
        wrapped = [_wrapped(symbols.words(notice.text), room, severe=notice.severe) for notice in notices]
        while len(wrapped) > 1 and sum(map(len, wrapped)) > _MAX_MESSAGE_LINES:  # the last message matters most
            del wrapped[0]
        lines = [line for lines in wrapped for line in lines]
        limit = max(_MAX_MESSAGE_LINES, self.app.size.height // 2)
        if len(lines) > limit:
            lines = [*lines[: limit - 1], lines[limit - 1]._replace(text=lines[limit - 1].text + symbols.ellipsis)]
        return [line._replace(text=fit(line.text, room + 3, symbols.ellipsis)) for line in lines]

    def render(self) -> RenderResult:
        width = self.size.width
        if lines := self._lines_of_all(width):
            styled = [Content.styled(each.text, "bold $warning" if each.severe else "$foreground") for each in lines]
            return Content("\n").join(styled)
        if self.waiting:
            symbols = symbols_of(self.app)
            return Content.styled(f" {waiting_within(self.waiting, width - 1, symbols)}", "$foreground")
        about = f" {self.about}  " if self.about else ""
        hints = hints_within(self.hints, width - 1 - cell_len(about))
        return Content.assemble((about, "bold $accent"), " ", Content("   ").join(map(self._hint, hints)))

    def _hint(self, hint: Hint) -> Content:
        key, does, action = hint
        text = Content.assemble((key, "bold $foreground"), (f" {does}", "$foreground-muted"))
        return text.stylize(Style(underline=action == self.pointed)).stylize(Style.from_meta({"@click": action}))


def _wrapped(message: str, room: int, *, severe: bool) -> list[Notice]:
    """The lines of a message; each sentence begins on a new line, and a failure with an exclamation mark."""
    first, others = (" ! ", "   ") if severe else (" ", " ")
    return [
        Notice(f"{others if number else first}{line}", severe)
        for sentence in message.split("\n")
        for number, line in enumerate(wrapped(sentence, room))
    ]


def waiting_within(words: str, width: int, symbols: Symbols) -> str:
    """What is waited for, in some cells, always with the key that stops it."""
    forms = list(map(symbols.words, _shortened(words)))
    return fit(next((form for form in forms if cell_len(form) <= width), forms[-1]), width, symbols.ellipsis)


def hints_within(hints: Sequence[Hint], width: int) -> list[Hint]:
    """The hints that fit, with three cells between them; the last one (the help) is dropped last."""
    shown, room = [], width - (_hint_length(hints[-1]) if hints else 0)
    for hint in hints[:-1]:
        room -= _hint_length(hint) + 3
        if room < 0:
            break
        shown.append(hint)
    return [*shown, *(hint for hint in hints[-1:] if _hint_length(hint) <= width)]


def _hint_length(hint: Hint) -> int:
    return cell_len(hint.key) + 1 + cell_len(hint.does)
