"""The detail pane: everything known about the paper under the cursor, most useful first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from paperdeck.storage.facts import COUNTS, DAYS, IN_PRINT, ORIGIN, SUBMISSION, Fact, facts_about, links_of, phrase
from paperdeck.storage.library.star_watch import News, news_of
from paperdeck.storage.search.query import field_query
from paperdeck.storage.text.clean import for_screen
from paperdeck.storage.text.tex import to_unicode
from paperdeck.storage.text.word_diff import GONE, NEW, DiffPiece
from paperdeck.storage.text.words import beginning_of, count_of, day_and_month
from paperdeck.tui.keys import bindings
from paperdeck.tui.look.text import UNICODE, Symbols, short_number
from paperdeck.tui.run import RunAction

from .lines import LineView

if TYPE_CHECKING:
    from paperdeck.storage.paper import Entry, Paper

MAX_COLUMNS = 80
"""The longest line: longer ones are hard to read."""
MAX_CHARACTERS = 5_000
"""The longest text shown: wrapping a megabyte would block the keys for seconds."""
LINKS_SHOWN = ("page", "pdf", "code", "project")
_MUTED = "$foreground-muted"
_AUTHORS_SHOWN = 12
_SEARCHED = (None, "title", "author", "abstract", "keyword", "org", "note")
_GAP = "   "

Words = Sequence[tuple[str, str | None]]
"""Folded words, each with the field in which it was searched."""


class Detail(LineView):
    """Shows one entry."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("detail")

    DEFAULT_CSS = """
    Detail {
        background: $background; color: $foreground; padding: 0 1;
        link-style: none; link-color: $foreground; link-style-hover: underline; link-color-hover: $accent;
        link-background-hover: $background;
    }
    """

    def __init__(self) -> None:
        super().__init__(id="detail")
        self.symbols: Symbols = UNICODE
        self._entry: Entry | None = None
        self._text = Content("")
        self._words: Words = ()
        self._why = ""
        self._above = ""
        self._raw = False
        self._all_authors = False
        self._strips: list[Strip] = []  # the text, wrapped for the current width
        self._wrapped: tuple[Content, tuple[object, ...]] = Content(""), ()  # that text, and what else they depend on

    def show(self, entry: Entry, words: Words = (), above: str = "", why: str = "") -> None:
        """Show a paper, with a line above it: a new one from its top, the same one (after a mark) where it was."""
        moved = self._entry is None or entry.paper.id != self._entry.paper.id
        self._entry, self._words, self._above, self._why = entry, words, above, why
        if moved:
            self._all_authors = False
            self.jump_to(0)
        self._describe()

    def show_nothing(self) -> None:
        """Show nothing, as there is no paper; the list explains why."""
        self._entry, self._text = None, Content("")
        self.jump_to(0)
        self._rewrap()

    def action_unfold_authors(self) -> None:
        self._all_authors = True
        self._describe()

    def action_by(self, field: str, number: int) -> None:
        """Show the papers by the clicked author, or with the clicked keyword."""
        if self._entry:
            paper = self._entry.paper
            named = {"author": paper.authors, "keyword": paper.keywords}[field]
            self.post_message(RunAction("views.show_query", str(field_query(field, named[number]))))

    def action_open(self, kind: str) -> None:
        self.post_message(RunAction("open.open_kind", kind))

    def toggle_raw(self) -> bool:
        """Switch between readable mathematics and its TeX source; returns whether the source is shown."""
        self._raw = not self._raw
        self._describe()
        return self._raw

    def page_down(self) -> bool:
        """Scroll down by most of a page; returns False if the end was visible already."""
        if self.scroll_offset.y >= self.max_scroll_y:
            return False
        self.jump_to(self.scroll_offset.y + max(1, self.size.height - 2))
        return True

    def _describe(self) -> None:
        if self._entry:
            text = describe(
                self._entry,
                self.symbols,
                width=self._text_width,
                raw=self._raw,
                all_authors=self._all_authors,
                why=self._why,
                words=self._words,
            )
            self._text = below(self._above, text, self.symbols)
        self._rewrap()

    @property
    def _text_width(self) -> int:
        return min(MAX_COLUMNS, self.line_width - 1)  # a gap before the scroll bar

    def _rewrap(self) -> None:
        """Wrap the text if it changed; done before painting, as the scroll bar needs its length."""
        width = self._text_width
        look = width, self.line_width, self.visual_style, self.app.theme
        if look == self._wrapped[1] and self._text.is_same(self._wrapped[0]):
            return
        self._wrapped = self._text, look
        wrapped = Visual.to_strips(self, self._text, width, None, self.visual_style) if width > 0 else []
        self._strips = [_fenced(strip) for strip in wrapped]
        self.virtual_size = Size(self.line_width, len(self._strips))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        width = self.line_width
        if not 0 <= line < len(self._strips):
            return Strip.blank(width, self.ground)
        return self._strips[line].adjust_cell_length(width, self.ground)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted:
            self._rewrap()

    def on_resize(self) -> None:
        self._describe()


def _fenced(strip: Strip) -> Strip:
    """The line without characters that a terminal could interpret or whose width is uncertain."""
    if strip.text.isprintable():
        return strip
    return Strip([Segment(for_screen(segment.text), segment.style, segment.control) for segment in strip])


def with_matches(text: Content, words: Words) -> Content:
    """The text with the words of the filter highlighted."""
    wanted = [word for word, field in words if field in _SEARCHED]
    if not wanted:
        return text
    from paperdeck.storage.text.alike import find_words

    for start, end in find_words(text.plain, wanted):
        text = text.stylize("underline $accent", start, end)
    return text


def below(above: str, text: Content, symbols: Symbols) -> Content:
    """A text below a line, such as why the paper is in the list; unchanged without one."""
    return Content.assemble((symbols.words(above), _MUTED), "\n\n", text) if above else text


def describe(
    entry: Entry,
    symbols: Symbols = UNICODE,
    *,
    width: int = 80,
    raw: bool = False,
    all_authors: bool = False,
    why: str = "",
    words: Words = (),
) -> Content:
    """Everything about a paper as styled text. The paper's text is never interpreted as markup.

    Args:
        entry: The paper with its marks.
        symbols: The symbols to draw with.
        width: Cells of a line; short facts wrap between phrases.
        raw: Whether to show mathematics as its TeX source.
        all_authors: Whether to show a long list of authors completely.
        why: Why the paper suits the reader's taste; empty: it doesn't, or nothing is known.
        words: The words of the filter, which are highlighted in what the paper says, not in words of ours.
    """
    paper = entry.paper
    shown: Callable[[str], str] = _beginning if raw else lambda text: to_unicode(_beginning(text))
    facts = {fact.name: fact for fact in facts_about(paper)}
    head = Content.styled(shown(paper.title), "bold"), _authors(paper, all_authors)
    parts: list[Content | None] = [with_matches(part, words) for part in head]
    for names in (ORIGIN, DAYS, ("withdrawn",), SUBMISSION, IN_PRINT):
        known = [phrase for name in names if name in facts and (phrase := _phrase(facts[name], paper))]
        known += _printed(entry) if names is IN_PRINT else []
        lines = [Content.styled(line, _MUTED) for line in flowed(known, f" {symbols.dot} ", width)]
        parts += [with_matches(line, words) for line in lines] if names is ORIGIN else lines
    parts += [_counts(facts, symbols, width), _links(paper)]
    parts += [Content.styled(symbols.words(shown(why)), "$accent")] if why else []
    parts += [*_own(entry, symbols, words), *_news(entry, symbols)]
    for name in ("abstract", "ai_summary"):
        if name in facts:
            parts += _section(facts[name].label, with_matches(_text(str(facts[name].value), symbols, shown), words))
    if paper.keywords:
        parts += _section(facts["keywords"].label, with_matches(_keywords(paper, symbols, shown), words))
    return Content("\n").join(part for part in parts if part is not None)


def _phrase(fact: Fact, paper: Paper) -> str:
    """A fact as a phrase; empty for the first version, and for a year that the next date repeats."""
    if fact.name == "version" and paper.version == 1:
        return ""
    if fact.name == "published" and paper.published and paper.listed and paper.published.year == paper.listed.year:
        return f"published {day_and_month(paper.published)}"
    return phrase(fact)


def _printed(entry: Entry) -> list[str]:
    """Where the paper was published, if that was looked up and found."""
    if not entry.paper.printed:
        return []
    from paperdeck.storage.cite.venue import judge

    found = judge(entry.paper, entry.marks.cite_as)
    return [f"published in {found.printed.place}"] if found.printed else []


def flowed(phrases: Sequence[str], joint: str, width: int) -> Iterator[str]:
    """Phrases on as few lines as possible; a phrase is only broken if it is longer than a line."""
    line = ""
    for phrase_ in phrases:
        if line and cell_len(line) + len(joint) + cell_len(phrase_) > width:
            yield line
            line = ""
        line = f"{line}{joint}{phrase_}" if line else phrase_
    if line:
        yield line


def _beginning(text: str) -> str:
    return text[:MAX_CHARACTERS]


def _text(text: str, symbols: Symbols, shown: Callable[[str], str]) -> Content:
    """A long text, or its beginning and the length of the rest."""
    start, left = beginning_of(text, MAX_CHARACTERS)
    more = f"{symbols.ellipsis} {count_of(left, 'more character')}" if left else ""
    return Content(shown(start)) + Content.styled(more, _MUTED)


def _authors(paper: Paper, all_authors: bool) -> Content:
    """The authors or editors, each clickable; a long list is folded."""
    names = paper.authors
    if not names:
        return Content.styled("Authors unknown", _MUTED)
    shown = len(names) if all_authors or len(names) <= _AUTHORS_SHOWN + 1 else _AUTHORS_SHOWN
    pressed = [_pressable(name, f"by('author', {number})") for number, name in enumerate(names[:shown])]
    text = Content(", ").join(pressed)
    if shown == len(names):
        return text + Content.styled(" et al." * paper.omits_authors + " (editors)" * paper.is_edited, _MUTED)
    return Content.assemble(
        text, " and ", _pressable(f"{len(names) - shown} more", "unfold_authors").stylize("underline")
    )


def _keywords(paper: Paper, symbols: Symbols, shown: Callable[[str], str]) -> Content:
    """The keywords, each clickable."""
    pressed = [_pressable(shown(word), f"by('keyword', {number})") for number, word in enumerate(paper.keywords)]
    return Content(f" {symbols.dot} ").join(pressed)


def _pressable(text: str, action: str) -> Content:
    return Content.styled(text, Style.from_meta({"@click": action}))


def _counts(facts: dict[str, Fact], symbols: Symbols, width: int) -> Content | None:
    worded = {
        "upvotes": symbols.upvoted("{}"),
        "comments": f"{symbols.comments} {{}}",
        "code_stars": "code with {}",
    }
    known = [
        worded[name].format(phrase(facts[name]) if name != "code_stars" else _stars(facts[name]))
        for name in COUNTS
        if name in facts and facts[name].value
    ]
    return Content("\n".join(flowed(known, _GAP, width))) if known else None


def _stars(fact: Fact) -> str:
    stars = int(str(fact.value))
    return f"{short_number(stars)} {'star' if stars == 1 else 'stars'}"


def _links(paper: Paper) -> Content:
    """The links as clickable words."""
    names = [name for name, _ in links_of(paper) if name in LINKS_SHOWN]
    return Content(_GAP).join(_pressable(name, f"open({name!r})").stylize("underline") for name in names)


def _own(entry: Entry, symbols: Symbols, words: Words) -> list[Content]:
    marks = entry.marks
    signs = [(symbols.star, "starred", marks.starred), (symbols.hidden, "hidden", marks.hidden)]
    shown = [f"{sign} {word}" for sign, word, on in signs if on]
    shown += [f"{symbols.tag}{tag}" for tag in sorted(marks.tags)]
    parts = [Content.styled(_GAP.join(shown), "$accent")] if shown else []
    if marks.note:
        parts += _section("Note", with_matches(_text(marks.note, symbols, _beginning), words))
    return parts


def _news(entry: Entry, symbols: Symbols) -> list[Content]:
    news = news_of(entry.paper, entry.marks)
    if not news:
        return []
    lines = [line for item in news for line in _one_news(item, symbols)]
    return _section("News since you starred it" if not entry.marks.seen else "News", Content("\n").join(lines))


def _one_news(news: News, symbols: Symbols) -> Iterator[Content]:
    proof = Content.styled(f" {symbols.dot} {_beginning(news.proof)}" if news.proof else "", _MUTED)
    yield Content(f"{symbols.bullet} {symbols.words(_beginning(news.words))}") + proof
    if news.diff:
        yield Content(" ").join(_piece(piece, symbols) for piece in news.diff)


def _piece(piece: DiffPiece, symbols: Symbols) -> Content:
    """A piece of a word diff, with the signs of wdiff, so that it doesn't depend on colours."""
    text = symbols.words(piece.text)
    if piece.kind == GONE:
        return Content.styled(f"[-{text}-]", _MUTED)
    return Content.styled(f"{{+{text}+}}", "bold") if piece.kind == NEW else Content(text)


def _section(heading: str, body: Content) -> list[Content]:
    return [Content(""), Content.styled(heading, _MUTED), body]
