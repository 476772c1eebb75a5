"""The grammar of the commands that publish: `digest`, `subscribe`, `subscriptions`, `unsubscribe`, `feed`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from .parser import _command, _count, _day

# The names that these options take are written here once more, as the modules that own them are only imported when a
# command runs; a test holds both together.
_PERIODS = ("day", "week", "month", "since-last")
_FORMS = ("text", "markdown", "html", "eml")
_FEEDS = ("atom", "rss", "jsonfeed")
_SORTS = ("date", "upvotes", "rising", "stars", "comments", "foryou")
_DESTINATION = "an address, or maildir:FOLDER"
_QUERY = "a query, such as: agents -survey"


def add_publishing(commands: Any) -> None:
    """Add the commands that publish to the grammar."""
    _digest(commands)
    _subscribing(commands)
    _feed(commands)


def _digest(commands: Any) -> None:
    digest = _command(commands, "digest", "digest_commands", "digest", "show or send the best papers of a period")
    digest.add_argument("query", nargs="*", metavar="QUERY", help=_QUERY)
    digest.add_argument(
        "--period", choices=_PERIODS, default="week", help="whole days, up to yesterday (default: week)"
    )
    digest.add_argument("--until", type=_day, metavar="DAY", help="the last day, as 2026-11-20 (default: yesterday)")
    _best(digest)
    target = digest.add_mutually_exclusive_group()
    target.add_argument("--to", choices=_FORMS, default="text", help="the form that is printed (default: text)")
    target.add_argument("--send", metavar="DESTINATION", help=f"send it to {_DESTINATION}; a period only once")
    digest.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to a file instead")
    digest.add_argument("--force", action="store_true", help="replace FILE, or send even if the period was sent before")
    digest.add_argument("--fetch", action="store_true", help="fetch first")
    digest.add_argument("--quiet", action="store_true", help="say nothing unless something fails")


def _subscribing(commands: Any) -> None:
    subscribe = _command(
        commands, "subscribe", "subscription_commands", "subscribe", "have digests sent at a time of day"
    )
    subscribe.add_argument("query", nargs="*", metavar="QUERY", help=_QUERY)
    when = subscribe.add_mutually_exclusive_group(required=True)
    when.add_argument("--daily", metavar="TIME", help="every day, such as 07:30")
    when.add_argument("--weekly", nargs=2, metavar=("DAY", "TIME"), help="every week, such as mon 07:30")
    subscribe.add_argument("--send", metavar="DESTINATION", required=True, help=f"where to: {_DESTINATION}")
    _best(subscribe)
    subscribe.set_defaults(period="since-last")
    subscribe.add_argument("--dry-run", action="store_true", help="only show what would be installed")
    subscribe.add_argument("--yes", action="store_true", help="install without asking")
    listing = _command(
        commands,
        "subscriptions",
        "subscription_commands",
        "list_subscriptions",
        "list the digests that come by themselves",
    )
    listing.add_argument("--json", action="store_true", help="print a JSON array")
    unsubscribe = _command(commands, "unsubscribe", "subscription_commands", "unsubscribe", "stop digests")
    unsubscribe.add_argument("ids", nargs="*", metavar="ID", help="as “paperdeck subscriptions” names it")
    unsubscribe.add_argument("--all", action="store_true", help="all of them")


def _feed(commands: Any) -> None:
    feed = _command(commands, "feed", "feed_command", "feed", "write a feed of papers for a feed reader")
    feed.add_argument("query", nargs="*", metavar="QUERY", help=_QUERY)
    feed.add_argument("--to", choices=_FEEDS, default="atom", help="the form (default: atom)")
    feed.add_argument("--limit", type=_count, default=100, metavar="N", help="at most N papers (default: 100)")
    feed.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to a file instead of printing it")
    feed.add_argument("--force", action="store_true", help="replace FILE if it exists; the old one stays as FILE~")


def _best(command: argparse.ArgumentParser) -> None:
    command.add_argument("--top", type=_count, default=10, metavar="N", help="at most N papers a group (default: 10)")
    command.add_argument("--sort", type=_sort, default="upvotes", metavar="ORDER", help=f"one of {', '.join(_SORTS)}")


def _sort(text: str) -> str:
    if text.removeprefix("-") not in _SORTS:
        raise argparse.ArgumentTypeError(f"“{text}” is no order; there are {', '.join(_SORTS)}")
    return text
