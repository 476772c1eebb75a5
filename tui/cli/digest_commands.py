"""`paperdeck digest`: the best papers of a period, printed, written to a file or sent."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from paperdeck.storage.errors import ActionFailed
from paperdeck.storage.settings.paths import expanded
from paperdeck.storage.settings.settings import MailSettings, Places

from .common import open_library, reader_settings, tell, tell_troubles

if TYPE_CHECKING:
    from paperdeck.storage.digest.delivery.mail import Post
    from paperdeck.storage.digest.delivery.sent import SentLog
    from paperdeck.storage.digest.digest import Digest, Wish


def digest(options: Namespace) -> int:
    """Print a digest, write it to a file, or send it."""
    from paperdeck.storage.digest.delivery.mail import Post, as_sent
    from paperdeck.storage.digest.delivery.sent import PRINTED, SentLog

    places = Places.find()
    post, log = Post(mail_settings(places)), SentLog(places)
    destination = post.check(options.send) if options.send else PRINTED
    wish = wish_of(options)
    fetched = not options.fetch or _fetch_first(options.quiet)
    found = _collect(options, wish, log, destination)
    if options.send:
        if not fetched and (found.missing or not found.total):
            raise ActionFailed("Some days could not be fetched, so nothing was sent; the next digest covers them too.")
        _send(found, options, post, log, destination)
        return 0
    _put_out(found, options, post)
    if wish.period == "since-last":
        log.remember(as_sent(found, PRINTED, datetime.now(UTC)))
    return 0


def wish_of(options: Namespace) -> Wish:
    """What the options ask for.

    Raises:
        QueryError: the query can't be understood.
    """
    from paperdeck.storage.digest.digest import Wish
    from paperdeck.storage.search.query import parse
    from paperdeck.storage.search.rank import Sort
    from paperdeck.storage.text.clean import clean_line

    query = clean_line(" ".join(options.query))
    parse(query)
    sort = Sort(options.sort.removeprefix("-"), options.sort.startswith("-"))
    return Wish(query=query, period=options.period, top=options.top, sort=sort)


def mail_settings(places: Places) -> MailSettings:
    """The settings for mail; what is wrong with any setting is said."""
    return reader_settings(places).mail


def _fetch_first(quiet: bool) -> bool:
    """Fetch as `paperdeck fetch` does; whether all of it worked."""
    from .parser import build_parser

    options = build_parser().parse_args(["fetch"])
    with contextlib.ExitStack() as stack:
        words = stack.enter_context(Path(os.devnull).open("w")) if quiet else sys.stderr
        stack.enter_context(contextlib.redirect_stdout(words))
        return not options.run(options)


def _collect(options: Namespace, wish: Wish, log: SentLog, destination: str) -> Digest:
    from paperdeck.storage.digest.digest import make_digest

    library = open_library()
    rules = library.rules()
    for complaint in rules.complaints:
        tell(complaint)
    today = datetime.now(UTC).date()
    until = options.until or today - timedelta(days=1)
    earlier = log.series(wish.query, destination)
    found = make_digest(library, rules, wish, until=until, today=today, earlier=earlier)
    tell_troubles(library)
    return found


def _send(found: Digest, options: Namespace, post: Post, log: SentLog, destination: str) -> None:
    if not found.total:
        words = f"No papers match of {found.period}; nothing was sent."
    elif post.send(found, destination, log, force=options.force):
        words = f"The digest of {found.period} was sent to {destination}."
    else:
        words = f"The digest of {found.period} was sent to {destination} before; --force sends it again."
    if not options.quiet:
        tell(words)


def _put_out(found: Digest, options: Namespace, post: Post) -> None:
    from paperdeck.storage.files.output import write_output

    text = _rendered(found, options.to, post, screen=not options.output and sys.stdout.isatty())
    if options.output:
        write_output(expanded(options.output), text.encode(errors="replace"), force=options.force)
        if not options.quiet:
            tell(f"The digest of {found.period} is in {options.output}.")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode(errors="replace"))
        sys.stdout.buffer.flush()


def _rendered(found: Digest, form: str, post: Post, screen: bool) -> str:
    if form == "eml":
        return post.preview(found)
    if form == "markdown":
        from paperdeck.storage.digest.render_markdown import render_markdown

        return render_markdown(found)
    if form == "html":
        from paperdeck.storage.digest.render_html import render_html

        return render_html(found)
    from paperdeck.storage.digest.render_text import WIDTH, render_text

    columns = shutil.get_terminal_size((80, 24)).columns - 1
    return render_text(found, max(40, min(100, columns)) if screen else WIDTH)
