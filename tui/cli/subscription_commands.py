"""`subscribe`, `subscriptions`, `unsubscribe`: digests that come by themselves."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING

from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.settings.settings import MailSettings, Places

from .common import print_json, tell
from .digest_commands import mail_settings, wish_of

if TYPE_CHECKING:
    from paperdeck.storage.digest.delivery.scheduler import Scheduler
    from paperdeck.storage.digest.delivery.subscription import Subscription


def subscribe(options: Namespace) -> int:
    """Show what would be installed and, if that is agreed to, install it; 1 if it is not."""
    from paperdeck.storage.digest.delivery.mail import Post
    from paperdeck.storage.digest.delivery.scheduler import shell_line
    from paperdeck.storage.digest.delivery.subscribe import call_of_this

    mail = mail_settings(Places.find())
    subscription = _subscription(options, Post(mail).check(options.send))
    schedulers = _schedulers()
    if not schedulers:
        tell(f"There is neither systemd nor cron here; have this command run {subscription.schedule}:")
        print(shell_line(subscription, call_of_this()))
        return 0
    print(schedulers[0].plan(subscription))
    if options.dry_run:
        return 0
    if not options.yes and not _agreed():
        tell("Nothing was installed.")
        return 1
    _install(subscription, schedulers)
    _tell_about_password(mail, subscription)
    return 0


def list_subscriptions(options: Namespace) -> int:
    """Print what is installed."""
    found = [subscription for scheduler in _schedulers() for subscription in scheduler.installed()]
    if options.json:
        print_json([{"id": subscription.id, **asdict(subscription)} for subscription in found])
    else:
        for subscription in found:
            print("\t".join((subscription.id, str(subscription.schedule), subscription.send, subscription.query)))
        if not found and sys.stderr.isatty():
            tell("There are no subscriptions; “paperdeck subscribe” makes one.")
    return 0


def unsubscribe(options: Namespace) -> int:
    """Remove subscriptions.

    Raises:
        InvalidInput: none was named, or one that is not installed.
    """
    schedulers = _schedulers()
    installed = {subscription.id for scheduler in schedulers for subscription in scheduler.installed()}
    wanted = sorted(installed) if options.all else options.ids
    if not options.ids and not options.all:
        raise InvalidInput("Say which, by an ID of “paperdeck subscriptions”, or --all.")
    if unknown := [name for name in wanted if name not in installed]:
        raise InvalidInput(f"There is no subscription {unknown[0][:40]}; “paperdeck subscriptions” lists them.")
    for name in wanted:
        for scheduler in schedulers:
            scheduler.remove(name)
        tell(f"{name} is removed.")
    return 0


def _subscription(options: Namespace, destination: str) -> Subscription:
    from paperdeck.storage.digest.delivery.subscription import Subscription, parse_schedule

    wish = wish_of(options)
    day, time = options.weekly or (None, options.daily)
    schedule = parse_schedule(time, day)
    return Subscription(schedule=schedule, send=destination, query=wish.query, top=wish.top, sort=str(options.sort))


def _schedulers() -> list[Scheduler]:
    from paperdeck.storage.digest.delivery.subscribe import call_of_this, find_schedulers

    return find_schedulers(call_of_this())


def _agreed() -> bool:
    if not sys.stdin.isatty():
        tell("To install this without being asked, add --yes.")
        return False
    sys.stderr.write("Install this? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _install(subscription: Subscription, schedulers: list[Scheduler]) -> None:
    best, *others = schedulers
    changed = best.install(subscription)
    for scheduler in others:
        scheduler.remove(subscription.id)  # or it would come twice
    done = "is installed" if changed else "was installed already"
    tell(f"The digest to {subscription.send}, {subscription.schedule}, {done} as {best.name}.")
    tell(f"“paperdeck unsubscribe {subscription.id}” removes it.")


def _tell_about_password(mail: MailSettings, subscription: Subscription) -> None:
    """Say it if the password is where a timer does not see it."""
    from paperdeck.storage.digest.delivery.mail import MAILDIR
    from paperdeck.storage.digest.delivery.password import VARIABLE

    server = not mail.sendmail and not subscription.send.startswith(MAILDIR)
    if server and mail.user and not mail.password_command and os.environ.get(VARIABLE):
        tell(f"{VARIABLE} is only set here; set “mail.password_command” or use the keyring, so that a run finds it.")
