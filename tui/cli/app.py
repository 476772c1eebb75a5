"""`paperdeck` without a command: the reader."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.library.library import Library
from paperdeck.storage.settings.places import Places
from paperdeck.storage.settings.settings import load_settings

from .common import warn

if TYPE_CHECKING:
    from argparse import Namespace

    from paperdeck.tui.app import Reader

INSTEAD = "“paperdeck list” prints papers as plain text."
HANG_UP_SECONDS = 3.0
"""How long the reader may take to leave once its terminal is gone."""
_FRAMES_PER_SECOND = "120"
"""How often Textual may paint; an answer that comes a few milliseconds after a key waits for the next but one frame."""
_FAMILIES = (
    *("xterm", "screen", "tmux", "rxvt", "alacritty", "foot", "kitty", "wezterm", "ghostty", "contour", "konsole"),
    *("vte", "gnome", "linux", "st", "iterm", "putty", "mlterm", "mintty", "cygwin", "vt", "ansi", "eterm", "dtterm"),
)
"""Prefixes of capable terminals, which work even without a terminfo entry on this machine."""


def run_app(options: Namespace) -> int:
    """Open the reader; returns 2 without a suitable terminal."""
    if why := why_it_cannot_draw(os.environ):
        warn(f"{why}; {INSTEAD}")
        return 2
    gc.disable()
    _paint_often()
    from paperdeck.tui.app import Reader
    from paperdeck.tui.model.session import Session

    places = Places.find()
    settings, complaints = load_settings(places.config_file)
    if options.ascii or not encodes_symbols(sys.__stderr__):
        settings = settings._replace(look=settings.look._replace(ascii=True))
    app = Reader(Session(Library(places), settings, places), Endpoints.find(), offline=options.offline)
    app.startup_complaints += complaints
    asyncio.run(_run(app))
    return app.return_code or 0


def _paint_often() -> None:
    """Tell Textual how often to paint, which it reads once, but not the programs that the reader starts."""
    if "TEXTUAL_FPS" not in os.environ:
        os.environ["TEXTUAL_FPS"] = _FRAMES_PER_SECOND
        import textual.constants  # noqa: F401

        del os.environ["TEXTUAL_FPS"]


async def _run(app: Reader) -> None:
    """Run the app so that SIGTERM and the like restore the terminal."""
    loop = asyncio.get_running_loop()
    if sys.platform != "win32":
        loop.add_signal_handler(signal.SIGTERM, app.exit)
        signal.signal(signal.SIGHUP, lambda *_: _hang_up(loop, app.exit))
    await app.run_async()


def _hang_up(loop: asyncio.AbstractEventLoop, leave: Callable[[], object]) -> None:
    """Leave, as the terminal is gone. A program that had the terminal may be blocking the event loop.

    Writing to a terminal that is gone may block forever, and reading from it returns at once, in a loop. So the process
    is ended after a while in any case: there is no terminal to restore, and every mark is already stored.
    """
    end = threading.Timer(HANG_UP_SECONDS, os._exit, (128 + signal.SIGHUP,))
    end.daemon = True
    end.start()
    loop.call_soon_threadsafe(leave)


def why_it_cannot_draw(environ: Mapping[str, str]) -> str | None:
    """Why there is no usable screen, as the start of a sentence; None if there is one."""
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    if not all(stream is not None and stream.isatty() for stream in streams):
        return "the reader needs a terminal for its input and output"
    name = environ.get("TERM", "")
    if sys.platform == "win32" or name.startswith(_FAMILIES) or _in_terminfo(name):
        return None
    known = f"TERM, “{name[:40]}”, names no terminal that can draw"
    return f"{known}; set it to your terminal's name, such as xterm-256color"


def encodes_symbols(screen: TextIO | None) -> bool:
    """Whether the terminal's encoding has our symbols; other letters that it lacks become “?” then, one cell wide."""
    try:
        "▌★…".encode(getattr(screen, "encoding", None) or "utf-8")
    except UnicodeError:
        if isinstance(screen, TextIOWrapper):
            screen.reconfigure(errors="replace")
        return False
    return True


def _in_terminfo(name: str) -> bool:
    """Whether the system has a terminfo entry with cursor movement for a terminal."""
    if name in ("", "dumb", "unknown"):
        return False
    try:
        import curses

        curses.setupterm(name, 2)
        return bool(curses.tigetstr("cup"))
    except (ImportError, ValueError, curses.error):
        return False
