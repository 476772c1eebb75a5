"""Open links and PDFs, and run the reader's own commands or a typed one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.errors import InvalidInput, PaperdeckError
from paperdeck.storage.facts import links_of
from paperdeck.storage.files.disk import is_missing
from paperdeck.storage.settings.commands import INPUTS, OwnCommand, check_program
from paperdeck.storage.text.command_line import words_of
from paperdeck.storage.text.words import count_of
from paperdeck.tui.model.choice import Choice

from .download import pdf_of
from .marks import set_read

if TYPE_CHECKING:
    from paperdeck.storage.facts import Link
    from paperdeck.storage.paper import Entry, Paper

    from .context import Context

LETTERS = {"page": "p", "pdf": "f", "code": "c", "project": "g", "arXiv": "x", "publisher": "d"}
"""The letter of each kind of link, the same for every paper; media have their number."""


async def open_page(context: Context) -> None:
    await open_kind(context, "page")


async def open_pdf(context: Context) -> None:
    """Open the paper's PDF in the browser, or in the program of the settings."""
    await open_kind(context, "pdf")


async def links(context: Context) -> None:
    """Let the reader choose one of the paper's links by its letter, and open it."""
    if entry := context.session.entry(context.current()):
        found = links_of(entry.paper)
        choices = [Choice(link.url, link.name, _letter(link.name), link.url) for link in found]
        if chosen := await context.choose("Open", choices, instant=True):
            await _open(context, next(link for link in found if link.url == chosen), entry.paper)


def _letter(name: str) -> str:
    """The letter of a link; none after the ninth media link."""
    number = name.removeprefix("media ")
    return LETTERS.get(name, number if len(number) == 1 else "")


async def open_kind(context: Context, kind: str) -> None:
    """Open one of the paper's links by its name."""
    entry = context.session.entry(context.current())
    if entry is None:
        return
    link = next((link for link in links_of(entry.paper) if link.name == kind), None)
    if link:
        await _open(context, link, entry.paper)
    else:
        context.say(f"This paper has no {kind} link.")


async def open_address(context: Context, address: str) -> None:
    """Open a link of a text; without a browser, show it and copy it."""
    try:
        await context.open_link(address)
    except PaperdeckError as error:
        await context.copy(address, address, f"{error} ")
    else:
        context.say(f"Opened {address}")


async def _open(context: Context, link: Link, paper: Paper) -> None:
    """Open a link; without a browser, show it and copy it."""
    settings, is_pdf = context.session.settings.open, link.name == "pdf"
    try:
        if is_pdf and settings.pdf and not settings.pdf_takes_link:
            file = await pdf_of(context, paper)
            await context.open_file(file)
            message = f"Opened {file.name}"
        else:
            await context.open_link(link.url, as_pdf=is_pdf and bool(settings.pdf))
            message = f"Opened {link.url}"
    except PaperdeckError as error:
        await context.copy(link.url, link.url, f"{error} ")
        return
    set_read(context, paper.id)
    context.say(message)


# Programs

KIND = "command"
"""The kind of work for programs."""
_INPUT = re.compile(rf"({'|'.join(INPUTS)}):\s*(.*)")


def run_command(context: Context, number: int) -> None:
    """Run one of the reader's own commands, counted from 0, on the selection or the current paper."""
    _begin(context, context.session.settings.commands[number])


async def pipe(context: Context) -> None:
    """Ask for a command and pass it the selection or the current paper."""
    ids = context.targets()
    if not ids:
        context.say("There is no paper here.")
        return
    what = "the paper" if len(ids) == 1 else count_of(len(ids), "paper")
    title, hint = f"Pass {what} to a command", "wc -w, or json: jq .title"
    line = await context.prompt(title, hint=hint, accept=_check, proposal=context.session.last_pipe)
    if line and line.strip():
        context.session.last_pipe = line.strip()
        _begin(context, typed_command(line))


def typed_command(line: str) -> OwnCommand:
    """Parse a typed command: an optional kind of input, then the words; no shell reads them.

    Raises:
        InvalidInput: the line can't be understood.
    """
    found = _INPUT.fullmatch(line.strip())
    kind, rest = (found[1], found[2]) if found else ("text", line.strip())
    try:
        words = tuple(words_of(rest))
    except ValueError as error:
        raise InvalidInput(f"“{rest}” can't be read ({str(error).lower()}).") from error
    if found_signs := [word for word in words if word in ("|", ">", ">>", "<", "&&", "||", ";", "&")]:
        raise InvalidInput(f"No shell reads this, so “{found_signs[0]}” has no effect; put it into a script.")
    check_program(words, kind != "none")
    return OwnCommand(Path(words[0]).name, words, input=kind)


def _check(line: str) -> None:
    if line.strip():
        typed_command(line)  # while the prompt is open, so that the typed text is kept


def _begin(context: Context, command: OwnCommand) -> None:
    entries = context.session.papers.entries(context.targets())
    if not entries:
        context.say("There is no paper here.")
        return
    context.in_background(partial(_run, context, command, entries), KIND, awaits="the command")


async def _run(context: Context, command: OwnCommand, entries: Sequence[Entry]) -> None:
    from paperdeck.storage.exchange.for_programs import command_for, input_for

    files: Mapping[str, Path] = {}
    if command.needs_pdf:
        files = {entry.paper.id: await pdf_of(context, entry.paper) for entry in entries}
    library = context.session.library
    words = await asyncio.to_thread(command_for, command.program, entries, library, files)
    data = await asyncio.to_thread(input_for, command.input, entries, library, files)
    if command.mode == "wait":
        context.say(f"“{command.title}” is running; {context.key_of('stop-fetching')} stops it.")
    printed = await context.run_program(command.title, words, data, mode=command.mode, seconds=command.seconds)
    context.select(())
    _show(context, command, printed)


def _show(context: Context, command: OwnCommand, printed: str) -> None:
    """Show a program's output: one line at the bottom, more on a page."""
    if "\n" in printed or len(printed) > context.text_width - 4:
        context.clear()
        context.show_page(command.title, printed)
    elif printed:
        context.say(f"{command.title}: {printed}")
    elif command.mode != "suspend":
        context.say(f"“{command.title}” {'was started' if command.mode == 'background' else 'is done'}.")


async def edit_settings(context: Context) -> None:
    """Edit the settings file in the reader's own editor, then report invalid settings."""
    from paperdeck.storage.settings.settings import load_settings
    from paperdeck.storage.settings.template import make_settings_file

    file = context.session.places.config_file
    if is_missing(file):
        make_settings_file(file)
    context.edit_settings(file)
    _, complaints = load_settings(file)
    context.say(complaints[0] if complaints else "The settings take effect at the next start.", severe=bool(complaints))
