"""Exporting the selection, or all that the list shows, into a file for other programs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from textual import work

from paperdeck.storage.errors import PaperdeckError
from paperdeck.storage.paper import Entry
from paperdeck.storage.settings.places import expanded
from paperdeck.tui.look.cells import count_of

from .copying import Copying


class Exporting(Copying):
    """The action that writes a file."""

    def action_export(self) -> None:
        from paperdeck.storage.exchange.export import EXPORTS
        from paperdeck.tui.dialogs.picker import Choice, Picker

        ids = self.targets() if self.papers.selection else list(self.papers.ids)
        if ids:
            choices = [Choice(form.name, form.title, more=f".{form.extension}") for form in EXPORTS.values()]
            title = f"Export {count_of(len(ids), 'paper')} as"
            self.push_screen(Picker(title, choices), lambda form: self._ask_file(ids, form))

    def _ask_file(self, ids: Sequence[str], form: str | None) -> None:
        from paperdeck.storage.exchange.export import EXPORTS
        from paperdeck.tui.dialogs.picker import Prompt

        if form:
            name = f"~/papers.{EXPORTS[form].extension}"
            self.push_screen(Prompt("Into the file", name), lambda file: self._write(ids, form, file))

    def _write(self, ids: Sequence[str], form: str, file: str | None) -> None:
        if file and file.strip():
            with self.telling_errors():
                self._export(ids, form, expanded(file.strip()))

    @work(group="export")
    async def _export(self, ids: Sequence[str], form: str, path: Path) -> None:
        from paperdeck.storage.exchange.export import export_file

        def progress(done: int, total: int) -> None:
            if done % 200 == 0:
                self.later(self.say, f"Exporting {done:,} of {total:,} …")

        try:
            entries = await asyncio.to_thread(self._entries, ids)
            await asyncio.to_thread(export_file, entries, path, form, progress=progress)
        except PaperdeckError as error:
            self.say(str(error), severe=True)
        else:
            self.say(f"{count_of(len(entries), 'paper')} in {path}")

    def _entries(self, ids: Sequence[str]) -> list[Entry]:
        return [Entry(paper, self.session.marks(paper.id)) for paper in self.session.papers(ids)]
