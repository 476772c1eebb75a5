"""Opens web links in the reader's browser, and downloaded files in the platform's default program.

`$BROWSER` is read as by freedesktop and Python: several commands, separated like the platform's paths, each with
arguments, and `%s` for the link (at the end if there is none). No shell is involved.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.text.clean import web_link

from .child import Started, find_program, start

_IN_THE_TERMINAL = frozenset({"lynx", "w3m", "links", "links2", "elinks", "browsh", "chawan", "cha", "www-browser"})


def open_link(link: str | None, environ: Mapping[str, str] = os.environ) -> Started:
    """Open a link in the browser, without waiting for it or showing its output.

    Raises:
        ActionFailed: the link is not a web link, or there is no browser to show it.
    """
    safe = checked(link)
    if command := browser_command(environ):
        return start(_with_link(command, safe))
    if sys.platform == "win32":
        return _start_file(safe)
    wish = environ.get("BROWSER", "").strip()
    raise ActionFailed(f"$BROWSER “{wish}” was not found." if wish else "No browser was found.")


def checked(link: str | None) -> str:
    """The link, if a browser can open it.

    Raises:
        ActionFailed: it isn't http or https.
    """
    safe = web_link(link)
    if safe is None:
        raise ActionFailed("There is no web link to open here.")
    return safe


def open_file(file: Path, environ: Mapping[str, str] = os.environ) -> Started:
    """Open a file in the platform's default program, without waiting for it.

    Raises:
        ActionFailed: there is no program to show it.
    """
    if sys.platform == "win32":
        return _start_file(str(file.absolute()))
    command = _platform_opener(environ)
    if command is None:
        raise ActionFailed("No program was found to open it here.")
    return start([*command, str(file.absolute())])


def _start_file(target: str) -> Started:
    """Let Windows open a file or a link.

    Raises:
        ActionFailed: it has no program for it.
    """
    try:
        os.startfile(target)  # type: ignore[attr-defined,unused-ignore]
    except OSError as error:
        raise ActionFailed(f"Windows can't open it ({error.strerror or error}).") from error
    return Started("Windows", None)


def browser_command(environ: Mapping[str, str] = os.environ) -> list[str] | None:
    """The command that opens a link: the first installed one of `$BROWSER`, else the platform's; None if there is none.

    Never a browser that draws in the terminal, as it would conflict with us.
    """
    for wish in filter(str.strip, environ.get("BROWSER", "").split(os.pathsep)):
        try:
            found = find_program(wish, environ)
        except ValueError:  # a quote that is never closed
            continue
        if found and Path(found[0]).stem not in _IN_THE_TERMINAL:
            return found
    return _platform_opener(environ)


def _with_link(command: list[str], link: str) -> list[str]:
    """A command with the link in place of `%s`, or appended.

    A word with spaces in it is a shell script. In it, characters with a meaning for a shell are percent-encoded, as
    links come from papers.
    """
    words = command[1:]
    if not any("%s" in word for word in words):
        return [*command, link]
    for_script = quote(link, safe=":/?#=%@+,~")

    def filled(word: str) -> str:
        signs = {"%s": for_script if " " in word else link, "%%": "%"}
        return re.sub("%[s%]", lambda found: signs[found[0]], word)

    return [command[0], *map(filled, words)]


def _platform_opener(environ: Mapping[str, str]) -> list[str] | None:
    """The platform's command to open a link or a file in its default program."""
    if sys.platform == "darwin":
        return ["open"]
    if sys.platform == "win32":
        return None  # os.startfile
    openers = ["wslview"]
    if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        openers = ["xdg-open", "gio", *openers]
    for name in openers:
        if found := shutil.which(name, path=environ.get("PATH")):
            return [found, "open"] if name == "gio" else [found]
    return None
