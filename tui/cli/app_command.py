"""`paperdeck` without a command: the reader."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from argparse import Namespace
from dataclasses import replace

from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.settings import Places, load_settings

NO_TERMINAL = (
    "paperdeck: the reader needs a terminal that can draw; this one can't (not a tty, or TERM is dumb). "
    "“paperdeck list” prints papers as plain text."
)


def run_app(options: Namespace) -> int:
    """Open the reader; 2 where there is no terminal for it."""
    if not _terminal_can_draw():
        print(NO_TERMINAL, file=sys.stderr)
        return 2
    gc.disable()
    from paperdeck.tui.app import Reader
    from paperdeck.tui.model.session import Session

    places = Places.find()
    settings, complaints = load_settings(places.config_file)
    if options.ascii:
        settings = replace(settings, look=replace(settings.look, ascii=True))
    app = Reader(Session(Library(places), settings, places), places, Endpoints.find(), offline=options.offline)
    app.startup_complaints = complaints
    asyncio.run(_run(app))
    return app.return_code or 0


async def _run(app: object) -> None:
    """Run the app so that a polite end by signal leaves the terminal as it was found."""
    from paperdeck.tui.app import Reader

    assert isinstance(app, Reader)
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and sys.platform != "win32":
            loop.add_signal_handler(getattr(signal, name), app.exit)
    await app.run_async()


def _terminal_can_draw() -> bool:
    if os.environ.get("TERM", "") in ("dumb", "unknown"):
        return False
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    return all(stream is not None and stream.isatty() for stream in streams)
