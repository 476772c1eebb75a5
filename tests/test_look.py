"""What the reader chose of the look holds on every screen: nothing but ASCII, nothing that moves by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from storage.config import LookSettings, Places
from storage.fetch.stored import text_folder
from tests.app_tools import QUIET, fill, reading, screen_lines, settled
from tests.conftest import MakePaper
from tui.app import Reader

IN_ASCII = replace(QUIET, look=LookSettings(ascii=True))
STILL = replace(QUIET, look=LookSettings(motion=False))

FULL_TEXT = """# A Title

## Section

Some *words* with a [link](https://example.org) and more of them, so that a line breaks somewhere in between.

- an item
- another

> a quotation

| a | b |
| --- | --- |
| 1 | 2 |

```
code
```
---

## End
"""

WALK: dict[str, tuple[str, ...]] = {
    "list": (),
    "the last row": ("G",),
    "starred, tagged, selected": ("g", "s", "v", "j", "V"),
    "detail": ("tab",),
    "filter pane": ("tab", "tab", "tab", "j"),
    "filtered": ("slash", *"case 1"),
    "nothing found": ("slash", *"nowhere"),
    "wrong query": ("slash", *"auther:x"),
    "empty view": ("9",),
    "day": ("d",),
    "copy": ("c",),
    "links": ("l",),
    "more like it": ("a",),
    "tags": ("t", *"new"),
    "note": ("e", *"words"),
    "mute": ("M",),
    "follow": ("F",),
    "save view": ("W",),
    "history": ("R",),
    "theme": ("T",),
    "help": ("question_mark", "pagedown", "pagedown"),
    "palette": ("ctrl+p",),
    "palette, searched": ("ctrl+p", *"view"),
    "digest": ("i",),
    "subscribe": ("S", *"fri 17:00"),
    "full text": ("f", "slash", *"words", "enter"),
    "contents": ("f", "t"),
    "links of the text": ("f", "o"),
    "keys for reading": ("f", "question_mark"),
    "undone": ("s", "u"),
    "copied": ("y",),
    "discussion, offline": ("K",),
}
"""The keys that lead to each screen from the list."""
BACK = ("escape", "escape", "escape", "escape", "1")


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Places:
    """Papers in ASCII, so that whatever is not comes from us; enough of them to scroll."""
    papers = [
        make_paper(
            number,
            title=f"A title of paper number {number} that is long enough to be cut wherever the window is narrow",
            abstract="We look at it. " * 60,
            code_url="https://github.com/example/code",
            code_stars=number * 400,
            comments=3,
            organization="An Organization With a Long Name",
            keywords=("search", "reading", "a keyword of several words that is long"),
            categories=("cs.CL", "cs.LG"),
            submitter="somebody",
            comment="12 pages",
            version=2,
            ai_summary="A summary in one sentence.",
        )
        for number in range(1, 40)
    ]
    library = fill(places, papers)
    library.mark([papers[-1].id], read=True, starred=True, add_tags=["to-read"], note="Look at this again.")
    for paper in papers:
        file = text_folder(places) / f"{paper.id}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(FULL_TEXT, encoding="utf-8")
    return places


async def back(app: Reader, pilot: Pilot[None]) -> None:
    await pilot.press(*BACK)
    app.footline.clear()
    app.clear_notifications()
    await settled(pilot)


@pytest.mark.parametrize("size", [(120, 30), (80, 24), (40, 14)])
async def test_every_screen_is_ascii(library: Places, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(size[0]))
    strange: dict[str, set[str]] = {}
    async with reading(library, IN_ASCII, size=size) as (app, pilot):
        for screen, keys in WALK.items():
            await pilot.press(*keys)
            await settled(pilot)
            shown = "".join(screen_lines(app))
            if not shown.isascii():
                strange[screen] = {character for character in shown if not character.isascii()}
            await back(app, pilot)
    assert strange == {}
