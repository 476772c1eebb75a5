"""The digest on the screen, and the dialog that has it sent."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from paperdeck.storage.errors import PaperdeckError

from .exporting import Exporting

if TYPE_CHECKING:
    from paperdeck.storage.digest.delivery.subscription import Subscription

_TIMES = ("07:30", "12:00", "18:00")
_LEAST, _WIDTH = 30, 88


def _schedule_words(typed: str) -> str:
    """What a schedule as it was typed means; empty if it is none yet."""
    from paperdeck.storage.digest.delivery.subscription import parse_schedule

    day, _, time = typed.rpartition(" ")
    try:
        return str(parse_schedule(time, day or None))
    except PaperdeckError:
        return ""


def _install(subscription: Subscription) -> None:
    """Install a subscription in the crontab; programs are run, so it is for a thread.

    Raises:
        ActionFailed: it did not work.
    """
    from paperdeck.storage.digest.delivery.subscribe import call_of_this, find_crontab

    if crontab := find_crontab(call_of_this()):
        crontab.install(subscription)


class Digesting(Exporting):
    """The actions about digests."""

    @work(group="digest", exclusive=True)
    async def action_digest(self, period: str = "week") -> None:
        from paperdeck.tui.dialogs.digest import DigestScreen

        try:
            text = await asyncio.to_thread(self._digest_text, period)
        except PaperdeckError as error:
            self.say(str(error), severe=True)
            return
        if isinstance(self.screen, DigestScreen):
            self.screen.text.show(text)
        else:
            self.push_screen(DigestScreen(text))

    def _digest_text(self, period: str) -> str:
        """The digest that `paperdeck digest` prints, of what the filter box asks for; for a thread."""
        from paperdeck.storage.digest.digest import Wish, make_digest
        from paperdeck.storage.digest.render_text import render_text

        today = self.session.today
        wish = Wish(query=self.filter_text.strip(), period=period)
        until = today - timedelta(days=1)
        digest = make_digest(self.session.library, self.session.rules, wish, until=until, today=today)
        return self.symbols.words(render_text(digest, max(_LEAST, min(_WIDTH, self.size.width - 6))))

    def action_subscribe(self) -> None:
        from paperdeck.tui.dialogs.picker import Choice, Picker

        times = [Choice(time, f"every day at {time}", time) for time in _TIMES]
        weekly = [Choice(f"mon {time}", f"on Mondays at {time}", f"mon {time}") for time in _TIMES]
        hint = "a time such as 06:45, or fri 17:00"
        picker = Picker("Have a digest sent", times + weekly, hint=hint, free=_schedule_words)
        self.push_screen(picker, self._ask_destination)

    def _ask_destination(self, when: str | None) -> None:
        from paperdeck.tui.dialogs.picker import Prompt

        if when:
            prompt = Prompt("Send it to", hint="an address, or maildir:~/Mail")
            self.push_screen(prompt, partial(self._destination_given, when))

    def _destination_given(self, when: str, destination: str | None) -> None:
        if destination:
            self._plan(when, destination)

    @work(group="subscribe", exclusive=True)
    async def _plan(self, when: str, destination: str) -> None:
        """Show exactly what would be installed, and ask."""
        from paperdeck.storage.digest.delivery.mail import Post
        from paperdeck.storage.digest.delivery.subscribe import call_of_this, find_crontab, without_crontab
        from paperdeck.storage.digest.delivery.subscription import Subscription, parse_schedule
        from paperdeck.tui.dialogs.picker import Choice, Picker
        from paperdeck.tui.dialogs.text import TextScreen

        with self.telling_errors():
            day, _, time = when.rpartition(" ")
            checked = Post(self.session.settings.mail).check(destination.strip())
            schedule = parse_schedule(time, day or None)
            subscription = Subscription(schedule=schedule, send=checked, query=self.filter_text.strip())
            crontab = find_crontab(call_of_this())
            if crontab is None:
                line = without_crontab(subscription, call_of_this())
                self.push_screen(TextScreen(f"There is no crontab here; to have it sent {schedule}", line))
                return
            plan = crontab.plan(subscription)
            choices = [Choice("install", "Install this", "y"), Choice("", "Leave it", "n")]
            picker = Picker(f"Digest {schedule}", choices, instant=True, preview=lambda _: plan)
            self.push_screen(picker, partial(self._install_if, subscription))

    def _install_if(self, subscription: Subscription, answer: str | None) -> None:
        if answer == "install":
            self._install(subscription)

    @work(group="subscribe")
    async def _install(self, subscription: Subscription) -> None:
        with self.telling_errors():
            await asyncio.to_thread(_install, subscription)
            self.say(f"Installed; “paperdeck unsubscribe {subscription.id}” removes it.")
