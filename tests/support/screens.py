"""Every screen and dialog of the reader, each with the way to it from the list; and how to get back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from textual.pilot import Pilot

from paperdeck.storage.fetch.full_text import text_file, text_folder
from paperdeck.storage.fetch.hub.parser import Comment, Details, Repository
from paperdeck.storage.library.library import DayRecord, DayState, Library
from paperdeck.storage.paper import Paper
from paperdeck.storage.settings.settings import LookSettings, Places
from paperdeck.storage.text.clean import clean_line, clean_text
from paperdeck.tui.app import Reader
from paperdeck.tui.dialogs.text import TextScreen
from paperdeck.tui.reading.discussion import discussion_blocks
from tests.support.app_tools import QUIET, TODAY, settled
from tests.support.torture import MARKUP, SEQUENCES, WIDE

SIZES = {"wide": (120, 26), "medium": (80, 20), "narrow": (40, 12)}
THEMES = ("paperdeck-dark", "paperdeck-light")
STILL = replace(QUIET, look=LookSettings(motion=False))
"""Settings under which nothing moves by itself: what is said stays, and no cursor blinks."""
Way = str | Callable[[Reader], None]
"""Keys with blanks between them, or what brings a screen about that no key alone does."""

RULES = f"""
[[view]]
name = "On [0,1) intervals, a saved view with a long name"
query = "intervals"

[[view]]
name = "{WIDE[0]}"
query = "深度"

[follow]
organizations = ["大学"]

[mute]
queries = ["keyword:=hype"]
"""


def hostile(text: str) -> str:
    """A text as it is once it is cleaned."""
    return clean_line(text.encode(errors="replace").decode())


def torture_papers() -> list[Paper]:
    """Papers that nobody should have to show."""
    titles = [*MARKUP[:6], *WIDE, *MARKUP[6:], hostile("".join(SEQUENCES.values()))]
    titles += ["Learning in $\\mathcal{O}(n^2)$ Steps", "An Ordinary Title of Medium Length"]
    return [
        Paper(
            id=f"2611.{number:05}",
            title=hostile(title),
            abstract=hostile(f"{title} {MARKUP[number % 12]} We show $x_{{ij}} \\leq \\sum_k \\frac{{1}}{{k}}$. ") * 3,
            authors=(hostile(title[:60]), "Ada Lovelace", WIDE[number % 10][:80], *map("Author {}".format, range(20))),
            published=TODAY.replace(day=18),
            listed=TODAY.replace(day=19 if number > len(titles) - 5 else 20),
            upvotes=200 - number * 7,
            comments=number,
            code_url="https://github.com/example/code",
            code_stars=number * 400,
            organization=("Example Lab", None, "大学", MARKUP[2])[number % 4],
            keywords=("search", WIDE[3], MARKUP[5], *(("hype",) if number == 9 else ())),
            categories=("cs.CL", "stat.ML"),
            comment=MARKUP[number % 12],
            submitter=MARKUP[2],
            ai_summary=f"A summary in one sentence, {WIDE[4]} and {MARKUP[10]}.",
        )
        for number, title in enumerate(titles, 1)
    ]


def torture_text() -> str:
    """A full text with all that a text can have, and with what none should."""
    rows = "\n".join(
        f"| {text.replace('|', ' ')} | {number} | $O(n^{number})$ |" for number, text in enumerate(WIDE[:5])
    )
    return clean_text(
        "\n\n".join(
            [
                "# [/] A Title with $\\alpha$ and [@click=app.quit]x[/]",
                f"## 1 {MARKUP[3]} {WIDE[3]}",
                f"Some *words* with `code`, [a link](https://example.org/a) and {WIDE[4]}; {MARKUP[10]}.",
                "$$\\mathcal{L}(\\theta) = -\\sum_{i=1}^{n} \\log p_\\theta(x_i \\mid x_{<i})$$",
                f"| {MARKUP[5]} | a | cost |\n| --- | --- | --- |\n{rows}",
                '```python\ndef f(x: list[int]) -> str:\n    return "[/]" * len(x)  # ' + "long " * 30 + "\n```",
                f"> {MARKUP[8]} {WIDE[0]}",
                f"- {WIDE[2]}\n- {MARKUP[0]}\n    - inner {WIDE[9]}",
                "## 2 Long Words",
                WIDE[10],
                *(f"### 2.{number} {text}\n\n{text} {'and so on ' * 30}" for number, text in enumerate(MARKUP[:8])),
            ]
        )
        .encode(errors="replace")
        .decode()
    )


def torture_library(places: Places) -> None:
    """A library with such papers, some of them read, starred, hidden, tagged, with notes; and days of all kinds."""
    library, papers = Library(places), torture_papers()
    library.add(papers, "hf")
    states = {20: DayState.COMPLETE, 19: DayState.PARTIAL, 18: DayState.FAILED, 17: DayState.EMPTY}
    for day, state in states.items():
        ids = tuple(paper.id for paper in papers if paper.listed and paper.listed.day == day)
        at = "2026-11-20T09:00:00+00:00"
        library.record(DayRecord(source="hf", day=TODAY.replace(day=day), state=state, fetched_at=at, ids=ids))
    first, second, third, fourth, *_ = [paper.id for paper in papers]
    library.mark([second, papers[4].id], read=True)
    library.mark([third, first], starred=True, add_tags=["to-read", "深度"], note=f"Look again: {MARKUP[2]} {WIDE[4]}")
    library.mark([fourth, papers[7].id], hidden=True)
    text_folder(places).mkdir(parents=True, exist_ok=True)
    text_file(text_folder(places), first).write_text(torture_text(), encoding="utf-8")
    places.config_file.parent.mkdir(parents=True, exist_ok=True)
    places.config_file.write_text(RULES, encoding="utf-8")


# Ways that no key alone leads


def discussion(app: Reader) -> None:
    """What the Hub says, as if it had just been asked."""
    comments = [
        Comment(
            id=str(number),
            author=hostile(WIDE[number]),
            text=f"{text}\n\n{WIDE[number]} [a link](https://example.org/{number})",
            written=datetime(2026, 11, 19, tzinfo=UTC),
            parent=str(number - 1) if number % 3 else None,
            reactions=(("👍", 2), ("❤️", number)),
        )
        for number, text in enumerate(MARKUP[:7])
    ]
    spaces = (Repository("lab/demo", "https://huggingface.co/spaces/lab/demo", likes=3),)
    entry = app.current_entry()
    assert entry
    blocks = discussion_blocks(Details(entry.paper, spaces=spaces, totals=(0, 0, 7)), comments, app.symbols)
    app._open_reading(entry.paper, f"Around: {entry.paper.title}", blocks, remembered=False)


def complaints(app: Reader) -> None:
    """What is wrong in the settings."""
    lines = [f"config.toml: keys: there is no action “{text}”, did you mean “star”?" for text in (*MARKUP, *WIDE)]
    app.push_screen(TextScreen("What is wrong in the settings", app.symbols.words("\n".join(lines))))


def download(app: Reader) -> None:
    """Two downloads, and new papers that wait."""
    app._downloads = {"a": (700_000, 2_000_000), "b": (300_000, 1_000_000)}
    app._show_downloads()
    app.headline.waiting = "7 new: press ."


def failure(app: Reader) -> None:
    """A failure that takes more than a line."""
    app.say(f"The Hub can't be reached ({MARKUP[2]} {WIDE[3]}); what is here stays, r tries again. " * 3, severe=True)


def view_named(key: str) -> Callable[[Reader], None]:
    """A view that may have no number."""

    def show(app: Reader) -> None:
        app.show_view(next(view for view in app.session.views() if view.key == key))

    return show


PANES: dict[str, Way] = {
    "list": "",
    "list, further down": "G",
    "paper": "enter",
    "paper, as TeX": "enter backslash",
    "filters": "tab tab",
    "filtered": "slash o n",
    "filtered to nothing": "slash q q enter",
    "wrong query": "slash a : x",
    "selection": "v j V",
    "following": "6",
    "nothing trends": view_named("trending"),
    "hidden": "9",
    "muted": view_named("muted"),
    "earlier day": "left_square_bracket",
    "download": download,
    "failure": failure,
    "starred and undone": "s u",
}
DIALOGS: dict[str, Way] = {
    "copy": "A c",
    "links": "l",
    "more like it": "a",
    "tags": "t z",
    "note": "e",
    "follow": "F",
    "mute": "M",
    "save view": "slash o n enter W",
    "export": "X",
    "export into": "X enter",
    "days": "d",
    "history": "R",
    "theme": "T",
    "keys": "tab question_mark",
    "palette": "ctrl+p x x",
    "subscribe": "S 9 : 0 5",
    "subscribe to": "S enter",
}
TEXTS: dict[str, Way] = {
    "digest": "i",
    "complaints": complaints,
    "full text": "f",
    "full text, further on": "f space space",
    "full text, searched": "f slash s o enter n",
    "searching the text": "f slash s o",
    "contents": "f t",
    "links in the text": "f o",
    "keys for reading": "f question_mark",
    "discussion": discussion,
}
SCREENS = {"panes": PANES, "dialogs": DIALOGS, "texts": TEXTS}
"""The way to each screen, by kind."""


async def go_to(way: Way, app: Reader, pilot: Pilot[None]) -> None:
    """Go a way, and wait until all is shown."""
    if isinstance(way, str):
        await pilot.press(*way.split())
    else:
        way(app)
    await settled(pilot)


async def go_back(app: Reader, pilot: Pilot[None]) -> None:
    """Go back to the list as it was at first."""
    while app.screen is not app.main_screen:
        app.pop_screen()
        await pilot.pause()
    (app.places.state / "positions.json").unlink(missing_ok=True)
    app.session.day = None
    first = app.session.views()[0]
    if app.filter_text or app.view != first:
        app.set_filter("")
        app.choose_view(first)
        await settled(pilot)
    if app.detail._raw:
        app.detail.toggle_raw()
    app._downloads = {}
    app.headline.ongoing = app.headline.waiting = ""
    app.papers.select(())
    app.update_headline()
    app.papers.move_cursor(0)
    app.filters.move_cursor(0)
    app.focus_pane("list")
    app.footline.clear()
    app.clear_notifications()
    await pilot.pause()
    app.detail.jump_to(0)
