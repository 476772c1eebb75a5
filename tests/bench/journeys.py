"""How far five everyday actions go through the code: distinct files and functions of ours, and calls.

python -m tests.bench.journeys [-v]        (-v: which files)
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, FrameType
from unittest.mock import patch

from textual.pilot import Pilot

from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.places import Places
from paperdeck.tui.app import Reader
from paperdeck.tui.model.session import Session
from tests.bench.corpus import fill
from tests.support.app_tools import QUIET, eventually, settled
from tests.support.hub import FakeHub, item

ROOT = Path(__file__).resolve().parents[2]
PAPERS = 400
BOUNDS = {"s": 18, "filter key": 16, "fetched day": 28, "cite": 14, "b": 14}
"""The most files that a journey may pass through."""


@dataclass
class Trace:
    """What was called of ours."""

    calls: int = 0
    codes: set[CodeType] = field(default_factory=set)

    @property
    def files(self) -> list[str]:
        """The files, from `tui/` or `storage/` on."""
        return sorted({str(Path(code.co_filename).resolve().relative_to(ROOT)) for code in self.codes})

    def note(self, frame: FrameType, event: str, _: object) -> None:
        """Count a call; for `sys.setprofile`."""
        if event == "call" and is_ours(frame.f_code):
            self.calls += 1
            self.codes.add(frame.f_code)


_OURS: dict[str, bool] = {}


def is_ours(code: CodeType) -> bool:
    """Whether a function is one of tui or storage; the body of an imported module doesn't count."""
    if code.co_filename not in _OURS:
        path = Path(code.co_filename).resolve()
        _OURS[code.co_filename] = any(path.is_relative_to(ROOT / top) for top in ("tui", "storage"))
    return _OURS[code.co_filename] and code.co_name != "<module>"


@contextlib.contextmanager
def traced() -> Iterator[Trace]:
    """Trace all threads."""
    trace = Trace()
    threading.setprofile_all_threads(trace.note) if sys.version_info >= (3, 12) else threading.setprofile(trace.note)
    sys.setprofile(trace.note)
    try:
        yield trace
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


@contextlib.asynccontextmanager
async def reading(home: Path, hub: str) -> AsyncIterator[tuple[Reader, Pilot[None]]]:
    """A reader at rest, in which nothing is polled."""
    environ = {"PAPERDECK_HOME": str(home), "HOME": str(home), "SSH_CONNECTION": "a b c d", "DISPLAY": ""}
    quiet = ("POLL_SECONDS", "AGE_SECONDS", "WAITS_SECONDS", "TIDY_SECONDS", "LEARN_SECONDS")
    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, environ))
        for name in quiet:
            stack.enter_context(patch(f"paperdeck.tui.background.running.{name}", 3600.0))
        places = Places.find()
        session = Session(Library(places), QUIET, places, today=datetime.now(UTC).date())
        app = Reader(session, Endpoints(hub=hub, arxiv=hub), offline=True)
        async with app.run_test(size=(120, 40)) as pilot:
            await eventually(lambda: app.background is not None)
            await settled(pilot)
            await pilot.press("j")  # everything that is imported at the first key
            await settled(pilot)
            yield app, pilot


Journey = Callable[[Reader, Pilot[None]], Awaitable[None]]


async def star(app: Reader, pilot: Pilot[None]) -> None:
    """Star the paper under the cursor, until it is on disk and on the screen."""
    current = app.main.papers.current or ""
    await pilot.press("s")
    await eventually(lambda: app.session.marks.of(current).starred)
    await pilot.pause()


async def filter_key(app: Reader, pilot: Pilot[None]) -> None:
    """Type a letter into the filter box, until the first page is on the screen."""
    before = app.session.results.ids
    await pilot.press("a")
    await eventually(lambda: app.session.results.ids is not before)
    await pilot.pause()


async def fetched_day(app: Reader, pilot: Pilot[None]) -> None:
    """Fetch one changed day, until it is in the list or announced above it."""
    await pilot.press("r")
    await eventually(lambda: app.session.status.freshness.startswith("fetched"))
    await eventually(lambda: app.session.waiting or "2611.99999" in app.session.results.ids)
    await pilot.pause()


async def copy_bibtex(app: Reader, pilot: Pilot[None]) -> None:
    """Copy a BibTeX entry over SSH."""
    await pilot.press("b")
    await eventually(lambda: "Sent" in app.main.footline.message or "Copied" in app.main.footline.message)


async def warm_up(app: Reader, pilot: Pilot[None], hub: FakeHub) -> None:
    """Do each thing once, so that whatever is made on first use exists."""
    await star(app, pilot)
    await copy_bibtex(app, pilot)
    await pilot.press("slash", "e", "x", "escape", "escape")
    await settled(pilot)
    await pilot.press("r")
    await eventually(lambda: app.session.status.freshness.startswith("fetched"))
    await settled(pilot)
    hub.list_day(hub.today, *hub.days.get(hub.today, []), item("2611.99999", "Fresh from the Hub", upvotes=1))


async def in_the_app(home: Path) -> dict[str, Trace]:
    """The journeys that begin with a key."""
    hub = FakeHub(today=datetime.now(UTC).date())
    hub.list_day(hub.today, item("2611.99998", "Known to the Hub", upvotes=1))
    hub.start()
    traces: dict[str, Trace] = {}
    try:
        async with reading(home, hub.url) as (app, pilot):
            await warm_up(app, pilot, hub)
            journeys: dict[str, tuple[tuple[str, ...], Journey]] = {
                "s": (("j",), star),
                "b": (("j",), copy_bibtex),
                "filter key": (("slash",), filter_key),
                "fetched day": (("escape", "escape"), fetched_day),
            }
            for name, (keys, journey) in journeys.items():
                await pilot.press(*keys)
                await settled(pilot)
                app.main.footline.clear()
                await asyncio.sleep(0.2)
                with traced() as trace:
                    await journey(app, pilot)
                traces[name] = trace
                await settled(pilot)
    finally:
        hub.stop()
    return traces


def cite(home: Path, paper_id: str) -> Trace:
    """`paperdeck cite ID --to apa`."""
    from paperdeck.tui.__main__ import main

    with patch.dict(os.environ, {"PAPERDECK_HOME": str(home)}), contextlib.redirect_stdout(io.StringIO()):
        main(["cite", paper_id, "--to", "apa"])  # everything that is imported
        with traced() as trace:
            main(["cite", paper_id, "--to", "apa"])
    return trace


def main(arguments: list[str]) -> int:
    """Trace all and print a table; 1 if a bound is exceeded."""
    with tempfile.TemporaryDirectory(prefix="paperdeck-bench-") as folder:
        home = Path(folder)
        fill(home, PAPERS)
        library = Library(Places.find({"PAPERDECK_HOME": folder}))
        paper_id = library.month(library.months()[0])[0].id
        traces = asyncio.run(in_the_app(home)) | {"cite": cite(home, paper_id)}
    print(f"{'journey':<14}{'files':>6}{'tui':>6}{'bound':>7}{'functions':>11}{'calls':>8}")
    for name, trace in traces.items():
        ours = sum(file.startswith("tui/") for file in trace.files)
        print(f"{name:<14}{len(trace.files):>6}{ours:>6}{BOUNDS[name]:>7}{len(trace.codes):>11}{trace.calls:>8}")
        if "-v" in arguments:
            print("   ", "\n    ".join(trace.files))
    return int(any(len(trace.files) > BOUNDS[name] for name, trace in traces.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
