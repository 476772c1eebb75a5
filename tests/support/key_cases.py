"""What every key does: how things stand before it, which keys it needs behind it, and what is to be seen then."""

from __future__ import annotations

from paperdeck.storage.library.library import Library
from paperdeck.tui.app import Reader
from paperdeck.tui.dialogs.dialog import Dialog
from paperdeck.tui.dialogs.digest import DigestScreen
from paperdeck.tui.dialogs.note import NoteScreen
from paperdeck.tui.dialogs.picker import Picker
from paperdeck.tui.dialogs.text import TextScreen
from paperdeck.tui.panes.detail import Detail
from paperdeck.tui.panes.line_list import LineList
from paperdeck.tui.reading.screen import ReadingScreen
from paperdeck.tui.reading.text_view import LongText
from tests.support.key_desk import (
    EARLIER,
    FIRST,
    FRESH,
    LAST,
    SECOND,
    THIRD,
    Case,
    Group,
    at_saved_view,
    at_second_saved_view,
    copied,
    current,
    dialog,
    digest_by_the_day,
    exported,
    filter_text,
    focus,
    fresh_paper,
    highlighted,
    line,
    listed,
    note,
    opened,
    pressing,
    previewed,
    saved_views,
    screen,
    section,
    selected,
    shows,
    starred,
    stored,
    text_shown,
    view,
    width,
)

GROUPS = {
    "panes": Group(
        Reader,
        [
            Case("read", lambda desk: (stored(desk).read, focus(desk)), (True, "detail")),
            Case("read", focus, "list", before="slash c a t s"),
            Case("read", view, "week", before="tab tab j", prepare=pressing("1")),
            Case("page", line, 16),
            Case("page", current, SECOND, before="tab G"),
            Case("back", focus, "list", before="tab"),
            Case("back", filter_text, "", before="slash c a t s"),
            Case("back", selected, [], before="v"),
            Case("next-unread", current, THIRD, before="j m k"),
            Case("previous-unread", current, FIRST, before="j m j"),
            Case("filter", focus, "filter-box"),
            Case("next-pane", focus, "detail"),
            Case("previous-pane", focus, "filters"),
            Case("narrower", width, 48),
            Case("wider", width, 56),
            Case("raw", shows("\\alpha"), ["\\alpha"]),
        ],
    ),
    "views": Group(
        Reader,
        [
            Case("view-1", view, "day", before="3"),
            Case("view-2", view, "week"),
            Case("view-3", view, "all"),
            Case("view-4", view, "unread"),
            Case("view-5", view, "starred"),
            Case("view-6", view, "following"),
            Case("view-7", view, "month"),
            Case("view-8", view, "trending"),
            Case("view-9", view, "hidden"),
            Case("day-before", listed, EARLIER),
            Case("day-after", lambda desk: len(listed(desk)), 30, before="left_square_bracket"),
            Case("pick-day", listed, EARLIER, behind="1 9 enter"),
            Case("next-order", lambda desk: listed(desk)[0], "2611.00031", before="3"),
            Case("more-like", filter_text, 'author:="Author Number30"', behind="n u m b e r 3 0 enter"),
        ],
    ),
    "marks": Group(
        Reader,
        [
            Case("star", starred, True),
            Case("star", starred, False, before="s"),
            Case("mark-read", lambda desk: stored(desk).read, True),
            Case("hide", lambda desk: stored(desk).hidden, True),
            Case("undo", starred, False, before="s"),
            Case("redo", starred, True, before="s u"),
            Case("select", lambda desk: (selected(desk), current(desk)), ([FIRST], SECOND)),
            Case("select-range", selected, [THIRD, SECOND, FIRST], before="v j"),
            Case("select-all", lambda desk: len(selected(desk)), 30),
            Case("tags", lambda desk: stored(desk).tags, {"own"}, behind="o w n enter"),
            Case("note", note, "hi", behind="h i escape"),
            Case("note-elsewhere", note, "from elsewhere"),
        ],
    ),
    "rules": Group(
        Reader,
        [
            Case("save-view", saved_views, ["Cats", "Brackets", "New"], "slash o n enter", "N e w enter"),
            Case("mute", lambda desk: desk.app.session.rules.mute, ("keyword:=search",), behind="s e a r c h enter"),
            Case("follow", lambda desk: desk.app.session.rules.keywords, ("search",), behind="s e a r c h enter"),
            Case("rename-view", saved_views, ["Cats2", "Brackets"], behind="2 enter", prepare=at_saved_view),
            Case("delete-view", saved_views, ["Brackets"], prepare=at_saved_view),
            Case("move-view-down", saved_views, ["Brackets", "Cats"], prepare=at_saved_view),
            Case("move-view-up", saved_views, ["Brackets", "Cats"], prepare=at_second_saved_view),
        ],
    ),
    "copying and opening": Group(
        Reader,
        [
            Case("copy-menu", copied, [FIRST], behind="n"),
            Case("copy-link", copied, [f"https://huggingface.co/papers/{FIRST}"]),
            Case("copy-bibtex", copied, ["@misc{lovelace2026attention,"]),
            Case("open-page", opened, [f"https://huggingface.co/papers/{FIRST}"]),
            Case("open-pdf", opened, [f"https://arxiv.org/pdf/{FIRST}"]),
            Case("links", opened, [f"https://arxiv.org/pdf/{FIRST}"], behind="b"),
            Case("export", lambda desk: exported(desk).count("@"), 30, behind="enter enter"),
            Case("full-text", shows("A Paper", "Words of part1."), ["A Paper", "Words of part1."]),
            Case("digest", shows("Papers of 13 to 19 Nov 2026"), ["Papers of 13 to 19 Nov 2026"]),
            Case("subscribe", dialog, "Send it to", behind="enter"),
            Case("theme", lambda desk: desk.app.theme, "nord", behind="n o r d enter"),
            Case("help", dialog, "Keys"),
            Case("palette", view, "hidden", behind="h i d d e n enter"),
        ],
    ),
    "fetching": Group(
        Reader,
        [
            Case("refresh", lambda desk: Library(desk.places).paper(FRESH) is not None, True, prepare=fresh_paper),
            Case("search-hub", view, "results", before="slash c a t s"),
        ],
        online=True,
    ),
    "list": Group(
        LineList,
        [
            Case("next", current, SECOND),
            Case("previous", current, FIRST, before="j"),
            Case("first", current, FIRST, before="G"),
            Case("last", current, LAST),
            Case("half-down", current, "2611.00026"),
            Case("half-up", current, FIRST, before="ctrl+d"),
            Case("page-down", current, "2611.00022"),
            Case("page-up", current, FIRST, before="pagedown"),
        ],
    ),
    "detail": Group(
        Detail,
        [
            Case("scroll-down", line, 1),
            Case("scroll-up", line, 1, before="j j"),
            Case("scroll-top", line, 0, before="j j"),
            Case("scroll-end", shows("The last words."), ["The last words."]),
            Case("scroll_pages(0.5)", line, 9),
            Case("scroll_pages(-0.5)", line, 0, before="ctrl+d"),
        ],
        pressing("tab"),
        pressing("g"),
    ),
    "reading": Group(
        ReadingScreen,
        [
            Case("stop-reading", screen, "Screen"),
            Case("contents", section, "Part 7", behind="7 enter"),
            Case("search-text", shows("Match 1 of 90"), ["Match 1 of 90"], behind="p a r t 9 enter"),
            Case("next-match", shows("Match 2 of 90"), ["Match 2 of 90"], before="slash p a r t 9 enter"),
            Case("last-match", shows("Match 90 of 90"), ["Match 90 of 90"], before="slash p a r t 9 enter"),
            Case("pick-link", opened, ["https://code.example/x"], behind="a"),
            Case("star-reading", starred, True),
            Case("reading-keys", dialog, "Keys for reading"),
        ],
        pressing("f"),
    ),
    "text": Group(
        LongText,
        [
            Case("scroll-down", line, 1),
            Case("scroll-up", line, 1, before="j j"),
            Case("read-on", line, 16),
            Case("read-back", line, 0, before="space"),
            Case("half-on", line, 9),
            Case("half-back", line, 0, before="d"),
            Case("scroll-top", line, 0, before="j j"),
            Case("scroll-end", shows("The very last words."), ["The very last words."]),
        ],
        pressing("f"),
        pressing("g"),
    ),
    "digest": Group(
        DigestScreen,
        [
            Case("app.digest('day')", shows("Papers of Thu 19 Nov"), ["Papers of Thu 19 Nov"], before="w"),
            Case("app.digest('week')", shows("Papers of 13 to 19 Nov"), ["Papers of 13 to 19 Nov"]),
            Case("app.digest('month')", shows("Papers of 21 Oct to"), ["Papers of 21 Oct to"]),
            Case("app.subscribe", dialog, "Have a digest sent"),
        ],
        digest_by_the_day,
    ),
    "a text": Group(
        TextScreen,
        [
            Case("app.pop_screen", screen, "Screen"),
            Case("scroll(1)", line, 1),
            Case("scroll(-1)", line, 1, before="j j"),
            Case("page(1)", line, 16),
            Case("page(-1)", line, 0, before="space"),
            Case("scroll(-1000000)", line, 0, before="space"),
            Case("scroll(1000000)", shows("line 299"), ["line 299"]),
        ],
        text_shown,
    ),
    "a choice": Group(
        Picker,
        [
            Case("move(1)", highlighted, 1),
            Case("move(-1)", highlighted, 1, before="down down"),
            Case("page(1)", previewed, 5),
            Case("page(-1)", previewed, 0, before="pagedown"),
        ],
        pressing("A", "c"),
    ),
    "a dialog": Group(Dialog, [Case("dismiss", screen, "Screen")], pressing("S", "enter")),
    "the note editor": Group(
        NoteScreen,
        [
            Case("keep", lambda desk: (screen(desk), note(desk)), ("Screen", "hi")),
            Case("discard", lambda desk: (screen(desk), note(desk)), ("Screen", "")),
        ],
        pressing("e", "h", "i"),
    ),
}
"""The cases, by what they are about."""

ELSEWHERE = {
    "suspend": ("test_manners", "test_fg_shows_the_whole_screen_again", r"\x1a"),
    "quit": ("test_manners", "test_q_leaves_the_terminal_as_it_was", "q"),
    "download-pdf": ("actions.test_downloading", "test_d_downloads_the_pdf_under_a_readable_name_and_opens_it", "D"),
    "show-new": ("test_app", "test_new_papers_never_move_the_cursor", "full_stop"),
    "fetch-history": ("test_finding", "test_history_is_fetched_from_the_day_that_is_chosen", "R"),
    "stop-fetching": (
        "actions.test_downloading",
        "test_two_downloads_are_told_as_one_and_stopped_with_one_key",
        "ctrl+x",
    ),
    "discussion": ("actions.test_reading_actions", "test_k_shows_comments_and_what_is_linked", "K"),
}
"""The keys that need more around them: the module and the test in which they are pressed, and the key."""
