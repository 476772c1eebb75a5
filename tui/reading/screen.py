"""The screen for long texts, with contents, links and search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from string import ascii_letters
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult, RenderResult
from textual.binding import BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.keys import bindings, with_keys
from paperdeck.tui.look.text import Symbols, fit, fit_right, symbols_of
from paperdeck.tui.model.choice import Choice
from paperdeck.tui.model.positions import BEGINNING, Place, Positions
from paperdeck.tui.panes.footline import Footline, Hint
from paperdeck.tui.run import RunAction

from .markdown import Block
from .text_view import LongText

CHARACTERS_PER_MINUTE = 1_200
"""Reading speed, about 220 words a minute."""
KEEP_SECONDS = 20.0
"""Interval between saves of the reading position, in case of a crash."""


class ReadingHead(Static):
    """The top line: title, section and progress."""

    DEFAULT_CSS = """
    ReadingHead { height: 1; width: 100%; background: $background; color: $foreground; }
    """

    title = reactive("")
    """The title."""
    section = reactive("")
    """The current section's heading."""
    percent = reactive(0)
    """The percentage of the text above the lower edge of the window."""
    minutes = reactive(0)
    """The estimated time left, in minutes."""

    def render(self) -> RenderResult:
        width = self.size.width
        dot = symbols_of(self.app).dot
        left = f" {dot} {self.minutes} min left" if self.percent < 100 and width > 50 else ""
        percent = f"  {self.percent} %{left} "
        room = max(0, width - cell_len(percent) - 1)
        cut = symbols_of(self.app).ellipsis
        section = fit(self.section, min(cell_len(self.section), room // 2), cut) if room > 50 else ""
        title = fit(self.title, room - cell_len(section) - 2 * bool(section), cut)
        return Content.assemble(
            (f" {title}", "bold"),
            (fit_right(f"{section}{percent}", width - cell_len(title) - 1), "$foreground-muted"),
        )


class LongTextScreen(ModalScreen[None]):
    """A long text on the whole screen, below a line with its title and the progress."""

    DEFAULT_CSS = "LongTextScreen { background: $background; }"

    def __init__(self, title: str, text: LongText, hints: tuple[Hint, ...]) -> None:
        super().__init__()
        self.head, self.text, self.footline = ReadingHead(), text, Footline(hints)
        self.head.title = title

    def compose(self) -> ComposeResult:
        yield from (self.head, self.text, self.footline)

    def on_mount(self) -> None:
        self.text.focus()

    @on(LongText.Moved)
    def _show_progress(self, event: LongText.Moved) -> None:
        event.stop()
        self.head.percent = self.text.percent
        self.head.minutes = -(-self.text.characters_left // CHARACTERS_PER_MINUTE)


class ReadingScreen(LongTextScreen):
    """Shows a long text on the whole screen; closing it returns to the unchanged list."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("reading")

    DEFAULT_CSS = """
    ReadingScreen {
        & Input, & Input:focus { height: 1; border: none; padding: 0 1; background: $surface; }
    }
    """

    def __init__(
        self,
        paper_id: str,
        title: str,
        blocks: Sequence[Block],
        *,
        positions: Positions | None,
        symbols: Symbols,
        hints: tuple[Hint, ...],
        stop_waiting: Callable[[], bool],
    ) -> None:
        """A screen with a clean title; without positions it opens at the top."""
        super().__init__(title, LongText(blocks, positions.get(paper_id) if positions else BEGINNING, symbols), hints)
        self.paper_id, self._title = paper_id, title
        self._positions, self._stop_waiting = positions, stop_waiting
        self.search_box = Input(placeholder="search in the text", compact=True)
        self.search_box.display = False

    def current_papers(self) -> list[str]:
        return [self.paper_id]

    def compose(self) -> ComposeResult:
        yield from (self.head, self.text, self.search_box, self.footline)

    def on_mount(self) -> None:
        self.set_interval(KEEP_SECONDS, self._keep_place)

    def on_unmount(self) -> None:
        self._keep_place()

    def _keep_place(self) -> None:
        if self._positions:
            self._positions.keep(self.paper_id, self.text.place)

    @on(LongText.Moved)
    def _show_section(self) -> None:
        block = self.text.place.block
        above = [text for number, level, text in self.text.headings if number <= block and level > 1]
        self.head.section = above[-1] if above else ""
        self.head.title = "" if block == 0 and self._begins_with_title() else self._title

    def _begins_with_title(self) -> bool:
        """Whether the text begins with its title, which then isn't shown twice."""
        return any(
            number == 0 and _letters(text) == _letters(self._title) for number, _, text in self.text.headings[:1]
        )

    def action_back(self) -> None:
        """Leave the search box, else stop the current wait, else end the search, else leave the text."""
        if not self.search_box.display and self._stop_waiting():
            return
        if self.search_box.display:
            self._close_search()
        elif self.text.phrase:
            self.text.search("")
            self.footline.clear()
        else:
            self.dismiss()

    # Contents and links

    def action_contents(self) -> None:
        headings = self.text.headings
        if not headings:
            self.footline.say("This text has no headings.")
            return
        highest = min(level for _, level, _ in headings)
        choices = [Choice(str(number), "  " * (level - highest) + text) for number, level, text in headings]
        self.app.push_screen(Picker("Contents", choices, hint="a word of the heading"), self._go_to_block)

    def _go_to_block(self, number: str | None) -> None:
        if number:
            self.text.go_to(Place(int(number)))

    def action_links(self) -> None:
        links = self.text.visible_links()[: len(ascii_letters)]
        if not links:
            self.footline.say("There is no link on the screen.")
            return
        choices = [
            Choice(str(number), link.text[:60] or "link", letter, link.address)
            for number, (letter, link) in enumerate(zip(ascii_letters, links, strict=False))
        ]

        def open_link(number: str | None) -> None:
            if number:
                self.post_message(RunAction("open.open_address", links[int(number)].address))

        self.app.push_screen(Picker("Open a link", choices, instant=True), open_link)

    # Searching

    def action_search(self) -> None:
        self.search_box.value = ""
        self.search_box.display = True
        self.set_focus(self.search_box)  # at once, as the next key may already be waiting

    def _close_search(self) -> None:
        self.search_box.display = False
        self.set_focus(self.text)

    @on(Input.Submitted)
    def _search(self, event: Input.Submitted) -> None:
        from paperdeck.storage.text.alike import fold_typed

        event.stop()
        self._close_search()
        found = self.text.search(fold_typed(event.value))
        if found:
            self.action_match(0)
        elif event.value.strip():
            self.footline.say(f"“{event.value.strip()}” is not in the text.")
        else:
            self.footline.clear()

    def action_match(self, step: int) -> None:
        found = self.text.next_match(step)
        if found is None:
            self._say("Nothing to repeat; {search-text} searches.")
        else:
            self._say(f"Match {found[0]:,} of {found[1]:,} ({{next-match}} next, {{previous-match}} previous).")

    def _say(self, sentence: str) -> None:
        """Show a sentence with the reader's own keys."""
        self.footline.say(with_keys(sentence, getattr(self.app, "key_of", str)))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
