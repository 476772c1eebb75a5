"""`digest`: the best papers of a period, printed, written or sent; `subscribe` and the like: on a schedule."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.digest.period import PERIODS
from paperdeck.storage.errors import ActionFailed, InvalidInput
from paperdeck.storage.search.rank import SORT_KEYS
from paperdeck.storage.settings.places import Places
from paperdeck.storage.text.words import list_in_words

from .command import Command, count, day, json_option, output_option, query_argument
from .common import (
    ask,
    open_library,
    print_bytes,
    print_json,
    print_row,
    reader_settings,
    tell,
    tell_troubles,
    warn,
    write_text,
)

if TYPE_CHECKING:
    from paperdeck.storage.digest.delivery.crontab import Crontab
    from paperdeck.storage.digest.delivery.mail import Mailer
    from paperdeck.storage.digest.delivery.sent import SentLog
    from paperdeck.storage.digest.delivery.subscription import Subscription
    from paperdeck.storage.digest.digest import Digest, DigestOptions
    from paperdeck.storage.settings.settings import MailSettings

FORMATS = ("text", "markdown", "html", "eml")
DESTINATION = "an address, or maildir:FOLDER"
_SORTS = ", ".join(SORT_KEYS)


def options(parser: ArgumentParser) -> None:
    query_argument(parser, "all")
    parser.add_argument("--period", choices=PERIODS, default="week", help="whole days, up to yesterday (default: week)")
    parser.add_argument(
        "--until", type=day, metavar="DAY", help="the last day, such as 2026-11-20 (default: yesterday)"
    )
    best_options(parser)
    target = parser.add_mutually_exclusive_group()
    target.add_argument("--to", choices=FORMATS, default="text", help="the format to print (default: text)")
    target.add_argument("--send", metavar="DESTINATION", help=f"send it to {DESTINATION}; a period only once")
    output_option(parser)
    parser.add_argument("--force", action="store_true", help="replace FILE, or send a period again")
    parser.add_argument("--fetch", action="store_true", help="fetch first")
    parser.add_argument("--quiet", action="store_true", help="say nothing unless something fails")


def best_options(parser: ArgumentParser) -> None:
    parser.add_argument("--top", type=count, default=10, metavar="N", help="at most N papers per group (default: 10)")
    parser.add_argument("--sort", type=_sort, default="upvotes", metavar="ORDER", help=f"one of {_SORTS}")


def _sort(text: str) -> str:
    if text.removeprefix("-") not in SORT_KEYS:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is not an order. Choose from {_SORTS}")
    return text


def digest(options: Namespace) -> int:
    """Print a digest, write it to a file, or send it."""
    from paperdeck.storage.digest.delivery.mail import Mailer, as_sent
    from paperdeck.storage.digest.delivery.sent import PRINTED, SentLog

    places = Places.find()
    post, log = Mailer(reader_settings(places).mail), SentLog(places)
    destination = post.check(options.send) if options.send else PRINTED
    wanted = digest_options(options)
    fetched = not options.fetch or _fetch_first(options.quiet)
    found, unreadable = _collect(options, wanted, log, destination)
    if options.send and unreadable:
        raise ActionFailed("Some marks or papers can't be read, so nothing was sent; “paperdeck doctor” says more.")
    if options.send:
        if not fetched and (found.missing or not found.total):
            raise ActionFailed("Some days could not be fetched, so nothing was sent; the next digest covers them too.")
        _send(found, options, post, log, destination)
        return 0
    _put_out(found, options, post, places, unreadable)
    if wanted.period == "since-last" and not unreadable:
        log.remember(as_sent(found, PRINTED, datetime.now(UTC)))
    return unreadable


def digest_options(options: Namespace) -> DigestOptions:
    """The contents given by the options.

    Raises:
        QueryError: the query can't be understood.
    """
    from paperdeck.storage.digest.digest import DigestOptions
    from paperdeck.storage.search.query import parse
    from paperdeck.storage.search.rank import Sort
    from paperdeck.storage.text.clean import clean_line

    query = clean_line(" ".join(options.query))
    parse(query)
    sort = Sort(options.sort.removeprefix("-"), options.sort.startswith("-"))
    return DigestOptions(query=query, period=options.period, top=options.top, sort=sort)


def _fetch_first(quiet: bool) -> bool:
    """Fetch as `paperdeck fetch` does. Returns whether everything worked."""
    from .parser import build_parser

    options = build_parser(["fetch"]).parse_args(["fetch"])
    with contextlib.ExitStack() as stack:
        words = stack.enter_context(Path(os.devnull).open("w")) if quiet else sys.stderr
        stack.enter_context(contextlib.redirect_stdout(words))
        return not options.run(options)


def _collect(options: Namespace, wanted: DigestOptions, log: SentLog, destination: str) -> tuple[Digest, int]:
    """The digest, and 1 if some papers or marks could not be read, else 0."""
    from paperdeck.storage.digest.digest import make_digest

    library = open_library()
    rules = library.rules()
    warn(*rules.complaints)
    today = datetime.now(UTC).date()
    until = options.until or today - timedelta(days=1)
    if until > today + timedelta(days=1):  # it may be tomorrow already where the reader is
        raise InvalidInput(f"{until} is still to come; today is {today}.")
    earlier = log.series(wanted.query, destination)
    found = make_digest(library, rules, wanted, until=until, today=today, earlier=earlier)
    return found, tell_troubles(library)


def _send(found: Digest, options: Namespace, post: Mailer, log: SentLog, destination: str) -> None:
    if not found.total:
        words = f"No paper from {found.period} matches; nothing was sent."
    elif post.send(found, destination, log, force=options.force):
        words = f"The digest of {found.period} was sent to {destination}."
    else:
        words = f"The digest of {found.period} was sent to {destination} before; --force sends it again."
    if not options.quiet:
        tell(words)


def _put_out(found: Digest, options: Namespace, post: Mailer, places: Places, unreadable: int) -> None:
    text = _rendered(found, options.to, post, screen=not options.output and sys.stdout.isatty())
    if options.output:
        write_text(options.output, text, places, force=options.force, unreadable=unreadable)
        if not options.quiet:
            tell(f"The digest of {found.period} is in {options.output}.")
    else:
        print_bytes(text.encode(errors="replace"))


def _rendered(found: Digest, form: str, post: Mailer, screen: bool) -> str:
    if form == "eml":
        return post.preview(found)
    if form == "markdown":
        from paperdeck.storage.digest.render_markdown import render_markdown

        return render_markdown(found)
    if form == "html":
        from paperdeck.storage.digest.render_html import render_html

        return render_html(found)
    from paperdeck.storage.digest.render_text import WIDTH_CELLS, render_text

    columns = shutil.get_terminal_size((80, 24)).columns - 1
    return render_text(found, max(40, min(100, columns)) if screen else WIDTH_CELLS)


# -- subscriptions -------------------------------------------------------------------------------------------------


def subscribe_options(parser: ArgumentParser) -> None:
    query_argument(parser, "all")
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument("--daily", metavar="TIME", help="every day, such as 07:30")
    when.add_argument("--weekly", nargs=2, metavar=("DAY", "TIME"), help="every week, such as mon 07:30")
    parser.add_argument("--send", metavar="DESTINATION", required=True, help=f"where to: {DESTINATION}")
    best_options(parser)
    parser.set_defaults(period="since-last")
    parser.add_argument("--dry-run", action="store_true", help="only show what would be installed")
    parser.add_argument("--yes", action="store_true", help="install without asking")


def subscribe(options: Namespace) -> int:
    """Show the line for the crontab and, if the person agrees, install it; 1 if they don't."""
    from paperdeck.storage.digest.delivery.crontab import find_crontab
    from paperdeck.storage.digest.delivery.mail import Mailer
    from paperdeck.storage.digest.delivery.subscription import own_call, withheld, without_crontab

    mail = reader_settings(Places.find()).mail
    subscription = _subscription(options, Mailer(mail).check(options.send))
    if names := withheld(os.environ):
        tell(f"{list_in_words(names)}: not put into the scheduled command, as others could read the password in it.")
    crontab = find_crontab(own_call())
    if crontab is None:
        tell(f"There is no crontab here; have another scheduler run this {subscription.schedule}:")
        print(without_crontab(subscription, own_call()))
        return 0
    print(crontab.plan(subscription))
    if options.dry_run:
        return 0
    if not options.yes and not ask("Install this?"):
        tell("Nothing was installed; add --yes to install it without being asked.")
        return 1
    _install(subscription, crontab)
    _tell_about_password(mail, subscription)
    return 0


def _subscription(options: Namespace, destination: str) -> Subscription:
    from paperdeck.storage.digest.delivery.subscription import Subscription, parse_schedule

    wanted = digest_options(options)
    day, time = options.weekly or (None, options.daily)
    schedule = parse_schedule(time, day)
    return Subscription(schedule=schedule, send=destination, query=wanted.query, top=wanted.top, sort=str(options.sort))


def _install(subscription: Subscription, crontab: Crontab) -> None:
    done = "is installed" if crontab.install(subscription) else "was installed already"
    tell(f"The digest to {subscription.send}, {subscription.schedule}, {done} in the crontab.")
    tell(f"“paperdeck unsubscribe {subscription.id}” removes it.")
    _tell_others(subscription, crontab)


def _tell_others(subscription: Subscription, crontab: Crontab) -> None:
    for line in crontab.others(subscription):
        tell(f"This line of the crontab sends that digest too and stays, as it isn't paperdeck's: {line}")


def _tell_about_password(mail: MailSettings, subscription: Subscription) -> None:
    """Warn if a scheduled run can't see the password."""
    from paperdeck.storage.digest.delivery.mail import MAILDIR
    from paperdeck.storage.digest.delivery.smtp import VARIABLE

    server = not mail.sendmail and not subscription.send.startswith(MAILDIR)
    if server and mail.user and not mail.password_command and os.environ.get(VARIABLE):
        tell(f"{VARIABLE} is only set in this shell; set “mail.password_command”, so that a scheduled run finds it.")


def list_subscriptions(options: Namespace) -> int:
    crontab = _crontab()
    found = crontab.installed() if crontab else []
    if options.json:
        print_json([{"id": subscription.id, **asdict(subscription)} for subscription in found])
        return 0
    for subscription in found:
        print_row(subscription.id, subscription.schedule, subscription.send, subscription.query)
    if not found:
        tell("There are no subscriptions; “paperdeck subscribe” makes one.")
    return 0


def _crontab() -> Crontab | None:
    from paperdeck.storage.digest.delivery.crontab import find_crontab
    from paperdeck.storage.digest.delivery.subscription import own_call

    return find_crontab(own_call())


def unsubscribe_options(parser: ArgumentParser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="an id that “paperdeck subscriptions” prints")
    parser.add_argument("--all", action="store_true", help="end all of them")


def unsubscribe(options: Namespace) -> int:
    """Remove subscriptions.

    Raises:
        InvalidInput: none was named, or one that is not installed.
    """
    if not options.ids and not options.all:
        raise InvalidInput("Name a subscription by an ID from “paperdeck subscriptions”, or add --all.")
    crontab = _crontab()
    installed = {subscription.id: subscription for subscription in crontab.installed()} if crontab else {}
    wanted = sorted(installed) if options.all else options.ids
    if unknown := [name for name in wanted if name not in installed]:
        raise InvalidInput(f"There is no subscription {unknown[0][:40]}; “paperdeck subscriptions” lists them.")
    for name in wanted:
        if crontab and crontab.remove(name):
            tell(f"{name} is removed.")
            _tell_others(installed[name], crontab)
    return 0


COMMANDS = {
    "digest": Command(
        digest, options, ("paperdeck digest", "paperdeck digest agents --period day --send me@example.org --fetch")
    ),
    "subscribe": Command(
        subscribe,
        subscribe_options,
        (
            "paperdeck subscribe --daily 07:30 --send me@example.org",
            "paperdeck subscribe agents --weekly mon 07:30 --send maildir:~/Mail/papers --dry-run",
        ),
        "An address needs a mail server: “paperdeck config edit”, then host under [mail].\n"
        "A folder needs none. Without a crontab, the command to schedule is printed.",
    ),
    "subscriptions": Command(
        list_subscriptions, lambda parser: json_option(parser, "a JSON array"), ("paperdeck subscriptions",)
    ),
    "unsubscribe": Command(
        unsubscribe, unsubscribe_options, ("paperdeck unsubscribe 1f0c9a3b", "paperdeck unsubscribe --all")
    ),
}
