"""How the screens look: each at three sizes and in two themes, with titles that nobody should have to show.

After a wanted change: `pytest tests/test_snapshots.py --snapshot-update`, and look at the pictures beside this file.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.image import SVGImageSnapshotExtension
from textual.widgets import Input, TextArea

from storage.cache.library import Library
from storage.config import LookSettings, Places
from tests.app_tools import QUIET, fill, reading, settled
from tests.conftest import MakePaper
from tests.torture import MARKUP, WIDE
from tui.app import Reader

SIZES = {"wide": (120, 30), "medium": (80, 20), "narrow": (40, 12)}
THEMES = ("paperdeck-dark", "paperdeck-light")
SCREENS = {
    "list": (),
    "paper": ("enter",),
    "filters": ("tab", "tab"),
    "filtered": ("slash", *"case"),
    "wrong-query": ("slash", *"auther:x"),
    "empty": ("9",),
    "copy": ("c",),
    "keys": ("question_mark",),
    "selection": ("v", "j", "V"),
    "note": ("e",),
}
"""The keys that lead to each screen from the list."""
BACK = ("escape", "escape", "escape", "1")
"""The keys that lead back to the list."""


@pytest.fixture
def library(places: Places, make_paper: MakePaper) -> Places:
    """Papers with hostile and wide titles, some read, one starred with a tag and a note."""
    titles = [*MARKUP[:6], *WIDE[:4], "Learning in $\\mathcal{O}(n^2)$ Steps", "An Ordinary Title of Medium Length"]
    papers = [
        make_paper(
            number,
            title=title,
            upvotes=200 - number * 7,
            code_url="https://github.com/example/code",
            code_stars=number * 400,
            organization=("Example Lab", None, "大学")[number % 3],
            keywords=("search", "reading"),
            ai_summary="A summary in one sentence.",
        )
        for number, title in enumerate(titles, 1)
    ]
    fill(places, papers)
    kept = Library(places)
    kept.mark([papers[1].id, papers[4].id], read=True)
    kept.mark([papers[2].id], starred=True, add_tags=["to-read"], note="Look at this again.")
    return places


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
async def test_every_screen(
    library: Places, snapshot: SnapshotAssertion, size: str, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(SIZES[size][0]))
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)  # what blinks is not always in the picture
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _: None)
    monkeypatch.setattr("tui.status.MESSAGE_SECONDS", 600)  # nor is what goes by itself
    monkeypatch.setattr("tui.status.MESSAGE_LEAST", 600)
    monkeypatch.setattr(Reader, "NOTIFICATION_TIMEOUT", 600)
    monkeypatch.setattr("tui.background.age_in_words", lambda *_: "5 min ago")
    settings = replace(QUIET, look=LookSettings(theme=theme))
    pictures = snapshot.use_extension(SVGImageSnapshotExtension)
    async with reading(library, settings, size=SIZES[size]) as (app, pilot):
        for screen, keys in SCREENS.items():
            await pilot.press(*keys)
            await settled(pilot)
            assert app.export_screenshot(title=screen) == pictures(name=f"{screen}-{size}-{theme}")
            await pilot.press(*BACK)
            app.footline.clear()
            app.clear_notifications()
            await settled(pilot)
