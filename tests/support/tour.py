"""Make the README's tour: `python -m tests.support.tour` plays the real app and writes `.github/tour.svg`.

The tour is one SVG of frames, each a picture of the app after some keys; a style sheet shows them one after the other.
Where the viewer asks for less motion, the first frame stands still.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from html import escape
from pathlib import Path
from typing import NamedTuple

from paperdeck.storage.settings.settings import Places
from tests.support.app_tools import reading, settled
from tests.support.screenshot import drawable

TARGET = Path(__file__).resolve().parents[2] / ".github" / "tour.svg"
SIZE = (110, 30)
"""Columns and rows of the terminal."""
MOST_BYTES = 1_000_000
"""A README should not weigh more than a photograph."""


class Scene(NamedTuple):
    """One frame of the tour."""

    keys: str
    """The keys that lead to it, separated by spaces; `text:` and a word types the word."""
    caption: str
    """What the viewer sees below the picture."""
    seconds: float
    """How long it is shown."""


SCENES = (
    Scene("", "The list of papers, the first paper beside it", 3),
    Scene("j j", "j and k move", 1.5),
    Scene("s", "s stars the paper: saved at once", 2),
    Scene("slash text:attention", "/ filters titles, abstracts, authors … as you type", 3),
    Scene("enter", "enter goes back to the list", 1.5),
    Scene("c", "c copies it: a link, BibTeX, APA …", 3),
    Scene("escape u", "u undoes the last thing that you did", 2.5),
    Scene("question_mark", "? finds every key by what it does", 3),
)


async def frames() -> list[str]:
    """A picture of the app for each scene."""
    pictures = []
    with tempfile.TemporaryDirectory() as folder:
        async with reading(Places.find({"PAPERDECK_HOME": folder}), size=SIZE) as (app, pilot):
            for scene in SCENES:
                for word in scene.keys.split():
                    typed = word.removeprefix("text:")
                    await pilot.press(*(typed if typed != word else [word]))
                await settled(pilot)
                pictures.append(drawable(app.export_screenshot(title=f"paperdeck – {scene.caption}")))
            await pilot.press("escape")
    return pictures


def animated(pictures: list[str]) -> str:
    """One SVG that shows the pictures in turn, for as long as their scenes say."""
    whole = sum(scene.seconds for scene in SCENES)
    view_box = re.search(r'viewBox="([^"]+)"', pictures[0])
    assert view_box is not None
    rules, groups, start = [], [], 0.0
    for number, (scene, picture) in enumerate(zip(SCENES, pictures, strict=True)):
        end = start + scene.seconds
        rules.append(_rule(number, 100 * start / whole, 100 * end / whole, whole))
        groups.append(f'<g class="scene scene-{number}"><title>{escape(scene.caption)}</title>{_nested(picture)}</g>')
        start = end
    still = (
        "@media (prefers-reduced-motion: reduce){.scene{animation:none;visibility:hidden}.scene-0{visibility:visible}}"
    )
    style = "\n".join([".scene{visibility:hidden}", *rules, still])
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box[1]}">',
            f"<style>\n{style}\n</style>",
            *groups,
            "</svg>\n",
        ]
    )


def _rule(number: int, start: float, end: float, seconds: float) -> str:
    """The part of the style sheet that shows one scene from one percentage of the time to another."""
    hidden, shown = "visibility:hidden", "visibility:visible"
    steps = f"{start:.3f}%{{{shown}}}{end:.3f}%{{{hidden}}}"
    before = f"0%{{{hidden}}}" if start else ""
    animation = f".scene-{number}{{animation:scene-{number} {seconds}s step-end infinite}}"
    return f"@keyframes scene-{number}{{{before}{steps}}}{animation}"


def _nested(picture: str) -> str:
    """A whole SVG as a part of another, without comments, which only say which program drew it."""
    return re.sub(r"<!--.*?-->", "", picture, flags=re.DOTALL).strip()


if __name__ == "__main__":
    svg = animated(asyncio.run(frames()))
    if len(svg.encode()) > MOST_BYTES:
        raise SystemExit(f"The tour has {len(svg.encode()):,} bytes; at most {MOST_BYTES:,} are allowed.")
    TARGET.write_text(svg, encoding="utf-8")
