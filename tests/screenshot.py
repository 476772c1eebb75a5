"""Make the README's picture: `python -m tests.screenshot` writes `.github/screenshot.svg` from the starter shelf."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from storage.config import Places
from tests.app_tools import reading

TARGET = Path(__file__).resolve().parent.parent / ".github" / "screenshot.svg"


async def picture(theme: str = "paperdeck-dark", size: tuple[int, int] = (120, 34), keys: tuple[str, ...] = ()) -> str:
    """The app with the starter shelf as SVG, without fonts from elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        places = Places.find({"PAPERDECK_HOME": folder})
        async with reading(places, size=size) as (app, pilot):
            app.theme = theme
            await pilot.press("j", "s", "j", "j", "s", "k", *keys)
            await pilot.pause(0.5)
            svg = app.export_screenshot(title="paperdeck")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(exist_ok=True)
    target.write_text(asyncio.run(picture()), encoding="utf-8")
