"""`S`: a digest is scheduled, shown and installed without a program holding up the keys."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from paperdeck.storage.digest.delivery.subscription import Subscription
from paperdeck.storage.settings.settings import MailSettings, Places
from paperdeck.tui.actions import digest
from tests.conftest import MakePaper
from tests.support.app_tools import TODAY, eventually, fill, reading, screen_text, settled
from tests.support.digests import a_digest


class SlowCrontab:
    """A crontab whose program waits until it may go on."""

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
    monkeypatch.setattr("paperdeck.storage.digest.delivery.crontab.find_crontab", lambda _: scheduler)
    fill(places, [make_paper(1), make_paper(2)])
    async with reading(places) as (app, pilot):
        await pilot.press("S", *"me@example.org", "enter")
        await eventually(lambda: "no mail server yet" in screen_text(app))  # before the time is asked
        await pilot.press("ctrl+u", *f"maildir:{tmp_path / 'Mail'}", "enter")
        await eventually(lambda: "All papers that aren't hidden or muted. In the last 7 days:" in screen_text(app))
        await pilot.press("enter")
        await eventually(lambda: "paperdeck digest" in screen_text(app))
        await pilot.press("y", "j")
        assert app.main.papers.cursor == 1
        assert not scheduler.subscribed
        scheduler.may_go.set()
        await settled(pilot)
        assert "Installed" in app.main.footline.message
        assert scheduler.subscribed
        assert threading.current_thread().name not in scheduler.threads


async def test_a_saved_view_is_what_is_subscribed_to(places: Places, make_paper: MakePaper) -> None:
    """A digest of all papers was offered there."""
    fill(places, [make_paper(1), make_paper(2)]).save_view("Cats", "cats OR dogs")
    async with reading(places) as (app, pilot):
        app.session.results.show(next(view for view in app.session.views.all() if view.title == "Cats"))
        app.session.results.set_filter("title:2")
        await pilot.press("S")
        await eventually(lambda: "Send a digest of “(cats OR dogs) title:2” to" in screen_text(app))


async def test_a_digest_is_a_list_of_papers_like_any_other(places: Places, make_paper: MakePaper) -> None:
    """It was text without a way from its third paper to anything."""
    yesterday = TODAY.replace(day=19)
    fill(places, [make_paper(n, upvotes=n, listed=yesterday) for n in (1, 2, 3)])
    async with reading(places) as (app, pilot):
        await pilot.press("i")
        await settled(pilot)
        assert list(app.main.papers.ids) == ["2611.00003", "2611.00002", "2611.00001"]
        assert "Papers of 13 to 19 Nov 2026" in screen_text(app)
        assert "Per day: Fri ······█ Thu, at most 3" in screen_text(app)
        assert "R fetches them." in screen_text(app)
        await pilot.press("j", "s")
        assert app.session.marks.of("2611.00002").starred
        await pilot.press("i")
        await settled(pilot)
        await pilot.press("i")  # the key of the digest; digits are views everywhere
        await eventually(lambda: "Papers of 21 Oct to" in screen_text(app))
        await pilot.press("i")
        await eventually(lambda: "Papers of Thu 19 Nov" in screen_text(app))
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen is app.main
        assert len(app.main.papers.ids) == 3
        assert app.session.results.view.title == "Papers of Thu 19 Nov 2026"
        await pilot.press("t")
        dialog = app.screen
        app.context.show_digest(a_digest(), "R fetches them.")
        app.context.run("digest.show")
        await settled(pilot)
        assert app.screen is dialog, "what takes a moment doesn't cover or close what was opened meanwhile"


@pytest.mark.parametrize(
    "mail", [MailSettings(host="smtp.example.org"), MailSettings(sendmail="/usr/sbin/sendmail -i")]
)
def test_an_address_is_proposed_where_mail_can_be_sent(mail: MailSettings) -> None:
    assert digest.destination_hint(mail).startswith("an address")
    assert digest.destination_hint(MailSettings()).startswith("a folder")
