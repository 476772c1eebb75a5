"""Sending to Zotero from the reader."""

from __future__ import annotations

import pytest

from paperdeck.storage.settings.settings import Places
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, screen_text
from tests.support.zotero import zotero_running


async def test_a_paper_is_sent_with_one_key_and_not_twice_by_mistake(
    places: Places, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(places, [make_paper(1)])
    with zotero_running() as zotero:
        monkeypatch.setenv("PAPERDECK_ZOTERO_ENDPOINT", zotero.address)
        async with reading(places) as (app, pilot):
            await pilot.press("Z")
            await eventually(lambda: "1 paper sent to Zotero" in screen_text(app))
            await pilot.press("Z")
            await eventually(lambda: "Sent to Zotero before" in screen_text(app))
            await pilot.press("n")
            await eventually(lambda: app.screen is app.main)
    assert [item["id"] for item in zotero.items] == ["2611.00001"]


async def test_without_zotero_it_says_how_to_get_it(
    places: Places, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(places, [make_paper(1)])
    monkeypatch.setenv("PAPERDECK_ZOTERO_ENDPOINT", "http://127.0.0.1:9")
    async with reading(places) as (app, pilot):
        await pilot.press("Z")
        await eventually(lambda: "Zotero isn't running here. Start Zotero" in screen_text(app))
