"""Exporting from the app: a file name that can't be used is reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.message import Message
from textual.widgets import Input

from paperdeck.storage.exchange.kept_exports import start_keeping
from paperdeck.storage.fetch.endpoints import Endpoints
from paperdeck.storage.settings.settings import Places
from paperdeck.tui.background import running
from paperdeck.tui.model.session import Session
from tests.conftest import MakePaper
from tests.support.app_tools import QUIET, TODAY, eventually, fill, reading, screen_text, settled


async def test_a_file_in_the_home_of_nobody_is_reported(places: Places, make_paper: MakePaper) -> None:
    fill(places, [make_paper(1)])
    async with reading(places) as (app, pilot):
        await pilot.press("X", "enter")
        app.screen.query_one(Input).value = "~nobody-has-this-name/x.bib"
        await pilot.press("enter")
        await settled(pilot)
        assert "There is no home folder" in screen_text(app)


async def test_a_file_that_is_there_is_replaced_only_if_that_is_chosen(
    places: Places, make_paper: MakePaper, tmp_path: Path
) -> None:
    """The dialog and the path were gone, and nothing could be said."""
    file = tmp_path / "x.bib"
    file.write_text("% mine", encoding="utf-8")
    fill(places, [make_paper(1)])
    async with reading(places) as (app, pilot):
        await pilot.press("X", "enter")
        await settled(pilot)
        app.screen.query_one(Input).value = str(file)
        await pilot.press("enter")
        await eventually(lambda: "x.bib already exists" in screen_text(app))
        await pilot.press("n")
        await eventually(lambda: "stays as it was; type another name" in screen_text(app))
        assert app.screen.query_one(Input).value == str(file)
        assert file.read_text(encoding="utf-8") == "% mine"
        await pilot.press("enter")
        await eventually(lambda: "x.bib already exists" in screen_text(app))
        await pilot.press("r")
        await eventually(lambda: app.screen is app.main)
        assert screen_text(app).count("1 paper in") == 1, "said once, on the bottom line"
    assert file.read_text(encoding="utf-8").startswith("@")


async def test_a_folder_that_is_not_there_keeps_the_dialog(places: Places, make_paper: MakePaper) -> None:
    fill(places, [make_paper(1)])
    async with reading(places) as (app, pilot):
        await pilot.press("X", "enter")
        await settled(pilot)
        app.screen.query_one(Input).value = "/nowhere/at/all/x.bib"
        await pilot.press("enter")
        await eventually(lambda: "! " in screen_text(app))
        assert app.screen.query_one(Input).value == "/nowhere/at/all/x.bib"


async def test_a_kept_file_that_was_edited_by_hand_is_reported_once(
    places: Places, make_paper: MakePaper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "EXPORT_PAUSE_SECONDS", 0.0)
    library = fill(places, [make_paper(1)])
    session = Session(library, QUIET, places, today=TODAY)
    session.open_first_view()
    session.load()
    file, told = tmp_path / "x.bib", list[Message]()
    start_keeping(library, file, "bibtex", "", select=lambda _: session.papers.entries(["2611.00001"]))
    file.write_text("% mine", encoding="utf-8")

    def nothing(*_: object, **__: object) -> None: ...

    background = running.Background(session, Endpoints(), told.append, run=nothing, refresh=nothing, show_waits=nothing)
    for starred in (True, False, True):
        library.mark(["2611.00001"], starred=starred)
        await background.refresh_exports()
    (tell,) = told
    assert "was changed by another program" in str(vars(tell))
