"""The detail pane: all that is known about the paper under the cursor, in the order in which one wants to know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from storage.tex import to_unicode

from .cells import count_of, short_number
from .symbols import UNICODE, Symbols

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from textual.app import ComposeResult

    from storage.paper import Entry, Paper

_MUTED = "$foreground-muted"
_HEADING = "bold $accent"
_AUTHORS_SHOWN = 12


class Detail(VerticalScroll):
    """Shows one entry, or what a view without papers is about."""

    DEFAULT_CSS = """
    Detail {
        background: $background;
        scrollbar-size-vertical: 1;
        padding: 0 1;
        & > Static { width: 100%; height: auto; }
    }
    """
    can_focus = True

    BINDING_GROUP_TITLE: ClassVar[str] = "Paper"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._entry: Entry | None = None
        self._raw = False
        self.symbols: Symbols = UNICODE
        self.all_authors = False
        """Whether a long author list is unfolded."""

    def compose(self) -> ComposeResult:
        yield Static(Content(""), id="detail-text")

    def show(self, entry: Entry | None) -> None:
        """Show a paper; another paper starts at its top, the same one (marks changed) stays where it was."""
        moved = entry is None or self._entry is None or entry.paper.id != self._entry.paper.id
        self._entry = entry
        if moved:
            self.all_authors = False
        self._paint()
        if moved:
            self.scroll_to(y=0, animate=False, immediate=True, force=True)

    def show_text(self, text: Content) -> None:
        """Show a text in place of a paper, such as why a view is empty."""
        self._entry = None
        self.query_one(Static).update(text)
        self.scroll_to(y=0, animate=False, immediate=True, force=True)

    def toggle_raw(self) -> bool:
        """Switch between readable mathematics and its TeX source; returns whether the source is shown."""
        self._raw = not self._raw
        self._paint()
        return self._raw

    def page_down(self) -> bool:
        """Scroll on by most of a page; returns False if the end was on the screen already."""
        if self.scroll_offset.y >= self.max_scroll_y:
            return False
        self.scroll_to(y=self.scroll_offset.y + max(1, self.size.height - 2), animate=False, immediate=True, force=True)
        return True

    def _paint(self) -> None:
        if self._entry:
            text = describe(self._entry, self.symbols, raw=self._raw, all_authors=self.all_authors)
            self.query_one(Static).update(text)
        else:
            self.query_one(Static).update(Content(""))


def describe(entry: Entry, symbols: Symbols = UNICODE, *, raw: bool = False, all_authors: bool = False) -> Content:
    """Everything about a paper as styled text. No text of the paper ever is taken for markup."""
    paper = entry.paper
    shown = (lambda text: text) if raw else to_unicode
    parts = [Content.styled(shown(paper.title), "bold")]
    parts += [Content.styled(line, _MUTED) for line in _facts(paper, symbols)]
    parts.insert(1, _authors(paper, all_authors))
    parts += [_counts(paper, symbols), _links(paper)]
    parts += _own(entry, symbols)
    if paper.ai_summary:
        parts += _section("Summary by a model", Content.styled(shown(paper.ai_summary), "italic"))
    if paper.abstract:
        parts += _section("Abstract", Content(shown(paper.abstract)))
    if paper.keywords:
        parts += _section("Keywords", Content(f" {symbols.dot} ".join(map(shown, paper.keywords))))
    return Content("\n").join(part for part in parts if part is not None)


def _authors(paper: Paper, all_authors: bool) -> Content:
    names = paper.authors
    if not names:
        return Content.styled("Authors unknown", _MUTED)
    if all_authors or len(names) <= _AUTHORS_SHOWN + 1:
        return Content(", ".join(names))
    more = Style.from_meta({"@click": "app.unfold_authors"}) + Style(underline=True)
    return Content.assemble(
        ", ".join(names[:_AUTHORS_SHOWN]), (" and ", ""), (f"{len(names) - _AUTHORS_SHOWN} more", more)
    )


def _facts(paper: Paper, symbols: Symbols) -> Iterator[str]:
    """Where it is from and when, then who brought it."""
    dot = f" {symbols.dot} "
    listed = f"listed {_long_day(paper.listed)}" if paper.listed else ""
    published = f"published {_long_day(paper.published)}" if paper.published else ""
    revised = f"version {paper.version}" if paper.version and paper.version > 1 else ""
    first = dot.join(filter(None, (paper.organization, published, listed, revised, paper.id)))
    yield first
    if paper.withdrawn:
        yield "withdrawn by its authors"
    second = (f"submitted by {paper.submitter}" if paper.submitter else "", ", ".join(paper.categories))
    if any(second):
        yield dot.join(filter(None, second))
    third = tuple(filter(None, (paper.comment, paper.journal_ref, f"doi:{paper.doi}" if paper.doi else "")))
    if third:
        yield dot.join(third)


def _counts(paper: Paper, symbols: Symbols) -> Content | None:
    counts = []
    if paper.upvotes is not None:
        counts.append(f"{symbols.upvotes} {count_of(paper.upvotes, 'upvote')}")
    if paper.comments is not None:
        counts.append(f"{symbols.comments} {count_of(paper.comments, 'comment')}")
    if paper.code_stars is not None:
        counts.append(f"{symbols.star} {short_number(paper.code_stars)} on the code")
    return Content("   ".join(counts)) if counts else None


def _links(paper: Paper) -> Content:
    """The links as words that the mouse can press."""
    links = [("page", paper.url), ("pdf", paper.pdf_url), ("code", paper.code_url), ("project", paper.project_url)]
    words = [
        Content.styled(word, Style.from_meta({"@click": f"app.open_link({word!r})"}) + Style(underline=True))
        for word, link in links
        if link
    ]
    return Content("   ").join(words)


def _own(entry: Entry, symbols: Symbols) -> list[Content]:
    """The reader's own marks."""
    marks = entry.marks
    states = [name for name, on in (("starred", marks.starred), ("not interested", marks.hidden)) if on]
    words = [f"{symbols.star} starred" if state == "starred" else state for state in states]
    words += [f"{symbols.tag}{tag}" for tag in sorted(marks.tags)]
    parts = [Content.styled("   ".join(words), "$accent")] if words else []
    if marks.note:
        parts += _section("Note", Content(marks.note))
    return parts


def _section(heading: str, body: Content) -> list[Content]:
    return [Content(""), Content.styled(heading, _HEADING), body]


def _long_day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
