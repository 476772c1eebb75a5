"""Runs other programs for actions: the reader's own commands, browsers, PDF viewers, and the editor."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.settings.commands import with_target
from paperdeck.storage.text.clean import clean_line, clean_text

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App

    from paperdeck.storage.settings.settings import OpenSettings

_LONGEST_REASON_CHARACTERS = 160
_FOR_CMD = re.compile(r'["&|<>^%!()\n]')
"""Characters special to the Windows shell, which always runs batch files."""


class Programs:
    """Runs programs, never through a shell."""

    def __init__(self, app: App[None], settings: OpenSettings) -> None:
        self._app, self._settings = app, settings

    async def run(self, title: str, words: Sequence[str], data: bytes, *, mode: str, seconds: float) -> str:
        """Run a program; returns its output, if the mode waits for it.

        Args:
            title: Its name in messages.
            words: The program and its arguments.
            data: Its standard input.
            mode: One of `settings.commands.MODES`.
            seconds: The time limit, if the mode waits for it.

        Raises:
            ActionFailed: there is no such program, it can't be started, failed, took too long or printed too much.
        """
        from paperdeck.tui.child import lend_terminal, start

        command = _found(title, words)
        match mode:
            case "background":
                await start(command, data, f"“{title}”").check()
            case "suspend":
                lend_terminal(f"“{title}”", command, self._app.suspend, data or None)
            case _:
                return await _wait(title, command, data, seconds)
        return ""

    # Opening links and files

    async def open_link(self, address: str, *, as_pdf: bool = False) -> None:
        """Open an address in the configured program, which may be that for PDFs, else in the system's browser."""
        from paperdeck.tui import browser, child

        name, words = ("open.pdf", self._settings.pdf) if as_pdf else ("open.browser", self._settings.browser)
        if words:
            link = browser.checked(address)
            await child.start(_found(name, with_target(words, {"url": link, "pdf_url": link}))).check()
        else:
            await browser.open_link(address).check()

    async def open_file(self, file: Path) -> None:
        """Open a PDF in the configured program, else in the system's."""
        from paperdeck.tui import browser, child

        words = self._settings.pdf
        if words and not self._settings.pdf_takes_link:
            await child.start(_found("open.pdf", with_target(words, {"pdf": os.path.abspath(file)}))).check()  # noqa: ASYNC240, PTH100
        else:
            await browser.open_file(file).check()

    def edit_settings(self, file: Path) -> None:
        """Edit the settings file in the reader's own editor."""
        from paperdeck.tui.editor import edit

        try:
            edit(file, self._app.suspend, instead=f"edit {file} by other means", failed="its changes take effect")
        finally:
            self._app.refresh(layout=True)


def _found(title: str, words: Sequence[str]) -> list[str]:
    """The words with the path of the program first.

    Raises:
        ActionFailed: there is no such program.
    """
    from shutil import which

    program = which(os.path.expanduser(words[0]))  # noqa: PTH111 - a plain text, so that PATH is searched
    if program is None:
        raise ActionFailed(f"“{title}” needs the program “{clean_line(words[0])[:80]}”, which was not found.")
    if program.lower().endswith((".bat", ".cmd")) and _FOR_CMD.search("".join(words[1:])):
        raise ActionFailed(f"“{title}” is a batch file, which can't take arguments with characters such as & or %.")
    return [program, *words[1:]]


async def _wait(title: str, command: list[str], data: bytes, seconds: float) -> str:
    from paperdeck.tui.child import run

    ended = await run(command, data, seconds=seconds)
    if ended.code:
        lines = clean_text(ended.errors.decode(errors="replace")).strip().splitlines()
        reason = f": {clean_line(lines[-1])[:_LONGEST_REASON_CHARACTERS]}" if lines else ""
        raise ActionFailed(f"“{title}” failed (code {ended.code}){reason}")
    return clean_text(ended.output.expandtabs(4).decode(errors="replace"))
