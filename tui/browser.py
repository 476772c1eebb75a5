"""Opening links in the reader's browser, and nothing but http and https links; and files that we downloaded."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.text.clean import web_link

_IN_THE_TERMINAL = frozenset({"lynx", "w3m", "links", "links2", "elinks", "browsh", "chawan", "cha"})


def open_link(link: str | None, environ: Mapping[str, str] = os.environ) -> None:
    """Open a link in the browser, without waiting for it and without its words on our screen.

    Raises:
        ActionFailed: the link is not a web link, or there is no browser to show it.
    """
    safe = web_link(link)
    if safe is None:
        raise ActionFailed("There is no web link to open here.")
    command = browser_command(environ)
    if command is None:
        raise ActionFailed("No browser was found.")
    _start([*command, safe])


def open_file(file: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Open a file in the program that the platform has for it, without waiting for it.

    Raises:
        ActionFailed: there is no program to show it.
    """
    command = _platform_opener(environ)
    if command is None:
        raise ActionFailed("No program was found to open it here.")
    _start([*command, str(file.absolute())])


def _start(command: list[str]) -> None:
    try:
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise ActionFailed(f"{command[0]} can't be started ({error.strerror}).") from error


def browser_command(environ: Mapping[str, str] = os.environ) -> list[str] | None:
    """The command that opens a link: `$BROWSER`, else the platform's; None where a link can't be shown.

    A browser that draws in the terminal is never taken: it would fight with us over the screen.
    """
    for wish in filter(None, environ.get("BROWSER", "").split(os.pathsep)):
        found = shutil.which(wish, path=environ.get("PATH"))
        if found and Path(found).stem not in _IN_THE_TERMINAL:
            return [found]
    return _platform_opener(environ)


def _platform_opener(environ: Mapping[str, str]) -> list[str] | None:
    """The command by which the platform opens a link or a file in the program for it."""
    if sys.platform == "darwin":
        return ["open"]
    if sys.platform == "win32":
        return ["explorer"]
    openers = ["wslview"]
    if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        openers = ["xdg-open", "gio", *openers]
    for name in openers:
        if found := shutil.which(name, path=environ.get("PATH")):
            return [found, "open"] if name == "gio" else [found]
    return None
