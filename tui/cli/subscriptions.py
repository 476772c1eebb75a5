"""`subscribe`, `subscriptions`, `unsubscribe`: scheduled digests."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.settings.places import Places
from paperdeck.storage.text.words import list_in_words

from .command import Command, json_option, query_argument
from .common import ask, print_json, print_row, reader_settings, tell
from .digest import DESTINATION, best_options, digest_options

if TYPE_CHECKING:
    from paperdeck.storage.digest.delivery.crontab import Crontab
    from paperdeck.storage.digest.delivery.subscription import Subscription
    from paperdeck.storage.settings.settings import MailSettings


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
