"""The detail pane: all that is known about the paper under the cursor, in the order in which one wants to know it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from paperdeck.storage.facts import COUNTS, SHORT_FACTS, Fact, facts_about, links_of, phrase
from paperdeck.storage.search.query import field_query
from paperdeck.storage.text.clean import for_screen
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.words import beginning_of, count_of, day_and_month
from paperdeck.tui.keys import DETAIL, bindings
from paperdeck.tui.look.cells import short_number
from paperdeck.tui.look.symbols import UNICODE, Symbols
from paperdeck.tui.run import Run

from .line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from paperdeck.storage.paper import Entry, Paper

_MUTED = "$foreground-muted"
_HEADING = "bold $accent"
_AUTHORS_SHOWN = 12
_LINKS = ("page", "pdf", "code", "project")
NOTE_CHARACTERS = 4_000
"""The most characters of a note that are shown; to wrap a megabyte takes seconds."""
_SEARCHED = (None, "title", "author", "abstract", "keyword", "org", "note")

Words = Sequence[tuple[str, str | None]]
"""Folded words, each with the field that it was looked for in."""


class Detail(LineView):
    """Shows one entry, or what a view without papers is about."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(DETAIL)

    DEFAULT_CSS = """
    Detail {
        background: $background; color: $foreground; padding: 0 1;
        link-style: none; link-color: $foreground; link-style-hover: underline; link-color-hover: $accent;
        link-background-hover: $background;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.symbols: Symbols = UNICODE
        self._entry: Entry | None = None
        self._text = Content("")
        self._words: Words = ()
        self._raw = False
        self._all_authors = False
        self._strips: list[Strip] | None = None  # the text, wrapped for the present width

    def show(self, entry: Entry, words: Words = ()) -> None:
        """Show a paper; another paper starts at its top, the same one (marks changed) stays where it was."""
        moved = self._entry is None or entry.paper.id != self._entry.paper.id
        self._entry, self._words = entry, words
        if moved:
            self._all_authors = False
            self.jump_to(0)
        self._describe()

    def show_text(self, text: Content) -> None:
        """Show a text in place of a paper, such as why a view is empty."""
        self._entry, self._text = None, text
        self.jump_to(0)
        self._rewrap()

    def action_unfold_authors(self) -> None:
        """Show all authors of the paper."""
        self._all_authors = True
        self._describe()

    def action_by(self, field: str, number: int) -> None:
        """Show the papers by an author, or about a keyword, that was clicked."""
        if self._entry:
            paper = self._entry.paper
            named = {"author": paper.authors, "keyword": paper.keywords}[field]
            self.post_message(Run("views.show_query", str(field_query(field, named[number]))))

    def action_open(self, kind: str) -> None:
        """Open a link that was clicked."""
        self.post_message(Run("open.open_kind", kind))

    def toggle_raw(self) -> bool:
        """Switch between readable mathematics and its TeX source; returns whether the source is shown."""
        self._raw = not self._raw
        self._describe()
        return self._raw

    def page_down(self) -> bool:
        """Scroll on by most of a page; returns False if the end was on the screen already."""
        if self.scroll_offset.y >= self.max_scroll_y:
            return False
        self.jump_to(self.scroll_offset.y + max(1, self.size.height - 2))
        return True

    def _describe(self) -> None:
        if self._entry:
            text = describe(self._entry, self.symbols, raw=self._raw, all_authors=self._all_authors)
            self._text = with_matches(text, self._words)
        self._rewrap()

    def _rewrap(self) -> None:
        """Wrap the text anew; it is done here and not when it is painted, as the scroll bar has to know its length."""
        width = self.line_width - 1  # a gap before the scroll bar
        wrapped = Visual.to_strips(self, self._text, width, None, self.visual_style) if width > 0 else []
        self._strips = [_fenced(strip) for strip in wrapped]
        self.virtual_size = Size(self.line_width, len(self._strips))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        strips = self._strips or []
        line = y + self.scroll_offset.y
        width = self.line_width
        if not 0 <= line < len(strips):
            return Strip.blank(width, self.ground)
        return strips[line].adjust_cell_length(width, self.ground)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted:
            self._rewrap()

    def on_resize(self) -> None:
        self._rewrap()


def _fenced(strip: Strip) -> Strip:
    """The line without anything that could act on the terminal or whose width is uncertain."""
    if strip.text.isprintable():
        return strip
    return Strip([Segment(for_screen(segment.text), segment.style, segment.control) for segment in strip])


def with_matches(text: Content, words: Words) -> Content:
    """The text with the words of the filter made visible."""
    wanted = [word for word, field in words if field in _SEARCHED]
    if not wanted:
        return text
    from paperdeck.storage.text.alike import find_words

    for start, end in find_words(text.plain, wanted):
        text = text.stylize("underline $accent", start, end)
    return text


def describe(entry: Entry, symbols: Symbols = UNICODE, *, raw: bool = False, all_authors: bool = False) -> Content:
    """Everything about a paper as styled text. No text of the paper ever is taken for markup."""
    paper = entry.paper
    shown = (lambda text: text) if raw else to_unicode
    parts: list[Content | None] = [Content.styled(shown(paper.title), "bold"), _authors(paper, all_authors)]
    parts += [Content.styled(line, _MUTED) for line in _facts(paper, symbols)]
    parts += [_counts(paper, symbols), _links(paper, symbols)]
    parts += _own(entry, symbols)
    if paper.ai_summary:
        parts += _section("Summary by a model", Content.styled(shown(paper.ai_summary), "italic"))
    if paper.abstract:
        parts += _section("Abstract", Content(shown(paper.abstract)))
    if paper.keywords:
        parts += _section("Keywords", _keywords(paper, symbols, shown))
    return Content("\n").join(part for part in parts if part is not None)


def _authors(paper: Paper, all_authors: bool) -> Content:
    """The authors, each of which can be pressed; a long list is folded."""
    names = paper.authors
    if not names:
        return Content.styled("Authors unknown", _MUTED)
    shown = len(names) if all_authors or len(names) <= _AUTHORS_SHOWN + 1 else _AUTHORS_SHOWN
    pressed = [_pressable(name, f"by('author', {number})") for number, name in enumerate(names[:shown])]
    text = Content(", ").join(pressed)
    if shown == len(names):
        return text
    return Content.assemble(
        text, " and ", _pressable(f"{len(names) - shown} more", "unfold_authors").stylize("underline")
    )


def _keywords(paper: Paper, symbols: Symbols, shown: Callable[[str], str]) -> Content:
    """The keywords, each of which can be pressed."""
    pressed = [_pressable(shown(word), f"by('keyword', {number})") for number, word in enumerate(paper.keywords)]
    return Content(f" {symbols.dot} ").join(pressed)


def _pressable(text: str, action: str) -> Content:
    return Content.styled(text, Style.from_meta({"@click": action}))


def _facts(paper: Paper, symbols: Symbols) -> Iterator[str]:
    """Where it is from, when it came, and who brought it; each on a line that a narrow pane has room for."""
    known = {fact.name: _phrase(fact, paper) for fact in facts_about(paper)}
    for names in SHORT_FACTS:
        phrases = [known[name] for name in names if name in known and name not in COUNTS]
        if line := f" {symbols.dot} ".join(filter(None, phrases)):
            yield line


def _phrase(fact: Fact, paper: Paper) -> str:
    """A fact in a few words; the first version and a year that the next date repeats go without saying."""
    if fact.name == "version" and paper.version == 1:
        return ""
    if fact.name == "published" and paper.published and paper.listed and paper.published.year == paper.listed.year:
        return f"published {day_and_month(paper.published)}"
    return phrase(fact)


def _counts(paper: Paper, symbols: Symbols) -> Content | None:
    counts = []
    if paper.upvotes is not None:
        counts.append(symbols.upvoted(count_of(paper.upvotes, "upvote")))
    if paper.comments is not None:
        counts.append(f"{symbols.comments} {count_of(paper.comments, 'comment')}")
    return Content("   ".join(counts)) if counts else None


def _links(paper: Paper, symbols: Symbols) -> Content:
    """The links as words that the mouse can press; beside the code, how many stars it has."""
    named = [link.name for link in links_of(paper) if link.name in _LINKS]
    words = {name: _pressable(name, f"open({name!r})").stylize("underline") for name in named}
    if "code" in words and paper.code_stars:
        words["code"] += Content.styled(f" {symbols.star} {short_number(paper.code_stars)}", _MUTED)
    return Content("   ").join(words.values())


def _own(entry: Entry, symbols: Symbols) -> list[Content]:
    """The reader's own marks."""
    marks = entry.marks
    states = [name for name, on in (("starred", marks.starred), ("hidden", marks.hidden)) if on]
    words = [f"{symbols.star} starred" if state == "starred" else state for state in states]
    words += [f"{symbols.tag}{tag}" for tag in sorted(marks.tags)]
    parts = [Content.styled("   ".join(words), "$accent")] if words else []
    if marks.note:
        shown, left = beginning_of(marks.note, NOTE_CHARACTERS)
        more = f"{symbols.ellipsis} {count_of(left, 'more character')}" if left else ""
        parts += _section("Note", Content(shown) + Content.styled(more, _MUTED))
    return parts


def _section(heading: str, body: Content) -> list[Content]:
    return [Content(""), Content.styled(heading, _HEADING), body]
