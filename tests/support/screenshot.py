"""Draw every screen at every size and in both themes, to be looked at: `python -m tests.support.screenshot FOLDER`."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from itertools import product
from pathlib import Path

from paperdeck.storage.settings.settings import Places
from tests.support.app_tools import reading
from tests.support.libraries import real_library
from tests.support.screens import DIALOGS, PANES, SIZES, STILL, TEXTS, THEMES, go_back, go_to


def drawable(svg: str) -> str:
    """A picture without fonts from elsewhere, in which spaces keep their width."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    return svg.replace("<text ", '<text xml:space="preserve" ')


async def all_pictures(target: Path) -> None:
    """Draw every screen into a folder."""
    for size, theme in product(SIZES, THEMES):
        with tempfile.TemporaryDirectory() as folder:
            places = Places.find({"PAPERDECK_HOME": folder})
            real_library(places)
            settings = STILL._replace(look=STILL.look._replace(theme=theme))
            async with reading(places, settings, size=SIZES[size], notices=True) as (app, pilot):
                for name, way in (PANES | DIALOGS | TEXTS).items():
                    await go_to(way, app, pilot)
                    svg = app.export_screenshot(title=f"{name}, {size}, {theme}")
                    (target / f"{name}-{size}-{theme}.svg").write_text(drawable(svg), encoding="utf-8")
                    await go_back(app, pilot)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(all_pictures(folder))
