"""Showing digests, and scheduling them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.digest import wording
from paperdeck.storage.errors import PaperdeckError
from paperdeck.tui.model.choice import Choice
from paperdeck.tui.model.finder import understood
from paperdeck.tui.model.lists import listed_digest
from paperdeck.tui.model.views import DIGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from paperdeck.storage.digest.delivery.subscription import Schedule, Subscription
    from paperdeck.storage.digest.digest import Digest
    from paperdeck.storage.settings.settings import MailSettings
    from paperdeck.tui.model.session import Session

    from .context import Context

_TIMES = ("07:30", "12:00", "18:00")
_NEXT = {"week": "month", "month": "day", "day": "week"}
"""The period after each."""
_SAMPLED = 5
"""How many titles of a sample are shown before scheduling."""


async def show(context: Context) -> None:
    """List the best papers of the last week; if a digest is listed already, show its text."""
    listed = context.session.views.made.get(DIGEST)
    if listed and context.session.results.view.key == DIGEST:
        await show_text(context, listed.of)
        return
    await asyncio.to_thread(_make_listed, context, "week")
    if not context.on_main_screen:  # a dialog was opened meanwhile, and perhaps typed into
        _say_it_is_ready(context)
        return
    list_papers(context)
    key = context.key_of("digest")
    context.say(f"{key} shows it with summaries and links; {key} again shows other periods.")


def list_papers(context: Context) -> None:
    """Show the papers of the last digest as a list."""
    if view := context.session.views.by_key(DIGEST):
        context.session.show(view)
        context.focus("list")


async def show_text(context: Context, period: str) -> None:
    """Show the text of the digest of a period: `day`, `week` or `month`."""
    digest = await asyncio.to_thread(_make_listed, context, period)
    view, shown = context.session.views.by_key(DIGEST), context.session.results.view
    if view and shown.key == DIGEST and shown.title != view.title:
        context.session.show(view)  # the list behind the text is of the same period
    if not context.show_digest(digest, _advice(context)):
        _say_it_is_ready(context)


def _say_it_is_ready(context: Context) -> None:
    context.say(f"The digest is ready; {context.key_of('digest')} shows it.")


async def next_period(context: Context) -> None:
    """Show the digest of the period after the shown one: week, month, day."""
    listed = context.session.views.made.get(DIGEST)
    await show_text(context, _NEXT[listed.of if listed else "day"])


def _make_listed(context: Context, period: str) -> Digest:
    """Make the digest that `paperdeck digest` prints for the query in the filter box, and list it. Call in a thread."""
    session = context.session
    digest = _digest(context, session.results.text.strip(), period)
    ids = tuple(item.id for item in digest.items)
    preface = tuple(_preface(digest, _advice(context)))
    session.views.put(listed_digest(period, wording.title(digest), ids, preface, is_complete=digest.is_complete))
    return digest


def _digest(context: Context, query: str, period: str) -> Digest:
    from paperdeck.storage.digest.digest import DigestOptions, make_digest

    session, today = context.session, context.session.days.today
    wanted, until = DigestOptions(query=query, period=period), today - timedelta(days=1)
    return make_digest(session.library, session.rules.rules, wanted, until=until, today=today)


def _advice(context: Context) -> str:
    """How to fetch missing days, as a sentence."""
    return f"{context.key_of('fetch-history')} fetches them."


def _preface(digest: Digest, advice: str) -> Iterator[str]:
    """The digest's sentences before its papers, one per line."""
    yield wording.facts_of_list(digest)
    yield from filter(None, (wording.gaps(digest, advice), wording.earlier(digest, advice)))
    if per_day := wording.per_day(digest):
        yield f"Per day: {per_day}"
    if digest.topics:
        yield f"Rising: {', '.join(map(wording.topic, digest.topics))}"
    if stars := wording.stars(digest):
        yield f"Your stars: {stars}"


# Scheduling


def _query(session: Session) -> str:
    """What to subscribe to: the filter, within the saved view or the tag that is shown.

    Raises:
        QueryError: the filter is not a query.
    """
    results = session.results
    within = results.view.query if results.view.section else ""
    return str(understood(within) & understood(results.text)) if within else results.text.strip()


async def subscribe(context: Context) -> None:
    """Ask for the destination and time, show a sample and exactly what would be installed, then install it.

    The destination comes first, as it may need a mail server that isn't set up yet.
    """
    query = _query(context.session)
    times = [Choice(time, f"every day at {time}") for time in _TIMES]
    weekly = [Choice(f"mon {time}", f"on Mondays at {time}", synonyms=f"mon {time}") for time in _TIMES]
    title = f"Send a digest of “{query}” to" if query else "Send a digest of all papers to"
    mail = context.session.settings.mail

    async def accept(destination: str) -> None:
        _checked(mail, destination)

    destination = await context.prompt(title, hint=destination_hint(mail), accept=accept)
    if not destination:
        return
    when = await context.choose(
        "When to send it",
        times + weekly,
        hint="06:45, or fri 17:00",
        free=_schedule_words,
        later=partial(_sample, context, query),
    )
    if when:
        from paperdeck.storage.digest.delivery.subscription import Subscription

        send = _checked(mail, destination)
        await _install(context, Subscription(schedule=_schedule(when), send=send, query=query))


def _sample(context: Context, query: str) -> list[Choice]:
    """Lines with a sample, last week's digest, shown before scheduling. Call in a thread."""
    digest = _digest(context, query, "week")
    about = f"Papers that match “{query}”" if query else "All papers that aren't hidden or muted"
    titles = [item.title for item in digest.items]
    summary = f"{about}. In the last 7 days: {wording.facts(digest)}" + (":" if titles else ".")
    samples = [Choice(f"sample {title}", title, bullet=context.symbols.bullet) for title in titles[:_SAMPLED]]
    return [line._replace(group="What it sends", fixed=True) for line in (Choice("sample", summary), *samples)]


def _schedule_words(typed: str) -> str:
    """The meaning of a typed schedule; empty while it is invalid."""
    try:
        return str(_schedule(typed))
    except PaperdeckError:
        return ""


def destination_hint(mail: MailSettings) -> str:
    """Where a digest can be sent with these settings."""
    return "an address, or maildir:~/Mail" if mail.host or mail.sendmail else "a folder: maildir:~/Mail/papers"


def _checked(mail: MailSettings, destination: str) -> str:
    """A destination as it is stored.

    Raises:
        PaperdeckError: nothing can be sent there.
    """
    from paperdeck.storage.digest.delivery.mail import Mailer

    return Mailer(mail).check(destination.strip())


def _schedule(typed: str) -> Schedule:
    from paperdeck.storage.digest.delivery.subscription import parse_schedule

    day, _, time = typed.rpartition(" ")
    return parse_schedule(time, day or None)


async def _install(context: Context, subscription: Subscription) -> None:
    from paperdeck.storage.digest.delivery.crontab import find_crontab
    from paperdeck.storage.digest.delivery.subscription import own_call, without_crontab

    crontab = find_crontab(own_call())
    if crontab is None:
        line = without_crontab(subscription, own_call())
        title = f"There is no crontab here; have another scheduler run this {subscription.schedule}:"
        context.show_page(title, line)
        return
    plan = crontab.plan(subscription)
    choices = [Choice("install", "Install this", "y"), Choice("", "Don't install it", "n")]
    title = f"Digest {subscription.schedule}"
    if await context.choose(title, choices, instant=True, preview=lambda _: plan):
        await asyncio.to_thread(crontab.install, subscription)
        context.say(f"Installed; “paperdeck unsubscribe {subscription.id}” removes it.")
