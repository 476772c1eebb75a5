"""`S`: a digest is planned, shown and installed without a program holding up the keys."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from paperdeck.storage.digest.delivery.subscription import Subscription
from paperdeck.storage.settings.settings import Places
from tests.conftest import MakePaper
from tests.support.app_tools import eventually, fill, reading, screen_text, settled


class SlowCrontab:
    """A crontab whose program takes until it may go on."""

    def __init__(self) -> None:
        self.may_go = threading.Event()
        self.subscribed: list[str] = []
        self.threads: set[str] = set()

    def plan(self, subscription: Subscription) -> str:
        return "30 7 * * * paperdeck digest"

    def install(self, subscription: Subscription) -> bool:
        self.may_go.wait(5)
        self.threads.add(threading.current_thread().name)
        self.subscribed.append(subscription.id)
        return True


async def test_a_digest_is_installed_while_the_keys_go_on(
    places: Places, make_paper: MakePaper, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scheduler = SlowCrontab()
    monkeypatch.setattr("paperdeck.storage.digest.delivery.subscribe.find_crontab", lambda _: scheduler)
    fill(places, [make_paper(1), make_paper(2)])
    async with reading(places) as (app, pilot):
        await pilot.press("S", "enter", *f"maildir:{tmp_path / 'Mail'}", "enter")
        await eventually(lambda: "paperdeck digest" in screen_text(app))
        await pilot.press("y", "j")
        assert app.main.papers.cursor == 1
        assert not scheduler.subscribed
        scheduler.may_go.set()
        await settled(pilot)
        assert "Installed" in app.main.footline.message
        assert scheduler.subscribed
        assert threading.current_thread().name not in scheduler.threads
