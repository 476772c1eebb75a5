"""Sending a digest: to an address, by a server or a sendmail command, or into a Maildir; no period is sent twice.

A digest is an email with RFC 5322 headers, and its content as text and as HTML (RFC 2046 alternatives). The same digest
to the same address at the same time is the same message. Its Message-ID depends only on the query, the period and the
sender, so that a mail client recognises a repeated one.
"""

from __future__ import annotations

import hashlib
import logging
import mailbox
import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from paperdeck.storage.digest import wording
from paperdeck.storage.digest.digest import Digest
from paperdeck.storage.digest.render_html import render_html
from paperdeck.storage.digest.render_text import render_text
from paperdeck.storage.errors import ActionFailed, InvalidInput
from paperdeck.storage.files.disk import is_folder, is_there
from paperdeck.storage.settings.places import absolute
from paperdeck.storage.settings.settings import MailSettings
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.command_line import words_of
from paperdeck.storage.text.times import stamp, utc
from paperdeck.storage.text.words import count_of

from .sent import Sent, SentLog
from .smtp import check_server, send_by_smtp

MAILDIR = "maildir:"
"""The prefix of a destination that is a mail folder."""

_log = logging.getLogger(__name__)

_ADDRESS = re.compile(
    r"[^\s@<>(),;:\\\"\[\]-][^\s@<>(),;:\\\"\[\]]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"
)
_LONGEST_SUBJECT_CHARACTERS = 120
_LOCAL_ADDRESS = "paperdeck@localhost"
_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Mailer:
    """How mail is sent."""

    settings: MailSettings
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time

    def check(self, destination: str) -> str:
        """The destination in its stored form.

        Raises:
            InvalidInput: nothing can be sent there with these settings.
        """
        if destination.startswith(MAILDIR):
            return MAILDIR + str(_maildir_path(destination))
        if destination.startswith(("/", "~", "./")):
            raise InvalidInput(f"“{destination}” is a folder; type “{MAILDIR}{destination}” to have mail put into it.")
        address = parse_address(destination)
        if not self.settings.sendmail:
            check_server(self.settings)
        self._sender()
        return address

    def send(self, digest: Digest, destination: str, log: SentLog, *, force: bool = False) -> bool:
        """Send a digest and record it. Returns False, without sending, if it was sent before.

        Args:
            destination: The result of `check`.
            log: The record of sent digests.
            force: Send it again even if it was sent before.

        Raises:
            InvalidInput: nothing can be sent there with these settings.
            ActionFailed: it could not be sent, and isn't recorded as sent.
            StoreError: the record of sent digests can't be read or written.
        """
        now = self._now()
        sent = as_sent(digest, destination, now)
        with log.lock:
            if not force and any(sent.is_same(old) for old in log.series(sent.query, sent.to)):
                return False
            with log.remembering(sent):
                self._deliver(digest, destination, now)
        _log.info("sent the digest of %s to %s", digest.period, destination)
        return True

    def preview(self, digest: Digest) -> str:
        """The email as a file for a mail client, from and to the reader."""
        sender = self.settings.sender or self.settings.user
        address = parse_address(sender) if "@" in sender else _LOCAL_ADDRESS
        return digest_message(digest, sender=address, recipient=address, now=self._now()).as_string()

    def _now(self) -> datetime:
        return utc(self.clock())

    def _deliver(self, digest: Digest, destination: str, now: datetime) -> None:
        if destination.startswith(MAILDIR):
            local = digest_message(digest, sender=_LOCAL_ADDRESS, recipient=_LOCAL_ADDRESS, now=now)
            _into_maildir(local, _maildir_path(destination))
            return
        sender = self._sender()
        message = digest_message(digest, sender=sender, recipient=destination, now=now)
        if self.settings.sendmail:
            _through(self.settings.sendmail, message, destination)
        else:
            send_by_smtp(message, sender, destination, self.settings, environ=self.environ, sleep=self.sleep)

    def _sender(self) -> str:
        sender = self.settings.sender or self.settings.user
        if "@" not in sender:
            raise InvalidInput("There is no address to send from; name one as “sender” under [mail] in the settings.")
        return parse_address(sender)


def as_sent(digest: Digest, destination: str, now: datetime) -> Sent:
    """The record of a digest delivered at a time, in UTC."""
    ids = tuple(item.id for item in digest.items)
    first, last = digest.period.first, digest.period.last
    return Sent(digest.query, destination, first, last, stamp(now), ids)


def _maildir_path(destination: str) -> Path:
    text = destination.removeprefix(MAILDIR)
    if not text.strip():
        raise InvalidInput(f"“{MAILDIR}” needs a folder, such as {MAILDIR}~/Mail/papers.")
    path = absolute(text)
    parts = [path / name for name in ("cur", "new", "tmp")]
    if is_there(path) and not all(map(is_folder, parts)):
        raise InvalidInput(f"{path} is not a Maildir, which has the folders cur, new and tmp; name another.")
    return path


def _into_maildir(message: EmailMessage, path: Path) -> None:
    """Put the message into the folder as a new one; the folder is created if necessary."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mailbox.Maildir(path, create=True).add(_as_file(message))
    except OSError as error:
        raise ActionFailed(f"The digest was not put into {path}: {error.strerror or error}.") from error


def _through(command: str, message: EmailMessage, recipient: str) -> None:
    """Pass the message to a command that sends it to the appended address."""
    name = command.split()[0] if command.strip() else command
    try:
        words = [*words_of(command), recipient]
        done = subprocess.run(
            words, input=_as_file(message), capture_output=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ActionFailed(f"The email to {recipient} was not sent: {name} did not end.") from error
    except (OSError, ValueError) as error:
        raise ActionFailed(f"The email to {recipient} was not sent: {name} can't be run ({error}).") from error
    if done.returncode:
        output = clean_line((done.stderr or done.stdout).decode(errors="replace"))[:200] or "nothing"
        raise ActionFailed(
            f"The email to {recipient} was not sent: {name} failed with code {done.returncode} ({output})."
        )


def _as_file(message: EmailMessage) -> bytes:
    """The message with the line ends of this system's mail files, not those of the network."""
    return message.as_bytes(policy=SMTP.clone(linesep="\n"))


# -- the message -------------------------------------------------------------------------------------------------------


def parse_address(text: str) -> str:
    """A bare email address, `name@host`.

    Raises:
        InvalidInput: it isn't an email address, or its local part isn't ASCII, which many servers refuse.
    """
    if not _ADDRESS.fullmatch(text) or not text.isascii():
        shown = "".join(char if char.isprintable() else "?" for char in text[:60])
        raise InvalidInput(f"“{shown}” can't be used as an email address; one looks like ada@example.org.")
    return text


def digest_message(digest: Digest, *, sender: str, recipient: str, now: datetime) -> EmailMessage:
    """The digest as a message.

    Args:
        now: The time for the Date header, with its zone.

    Raises:
        InvalidInput: an address can't be used.
    """
    message = EmailMessage(policy=SMTP)
    domain = parse_address(sender).rpartition("@")[2]
    series = hashlib.blake2b(f"{sender}\0{digest.query}".encode(), digest_size=16).hexdigest()
    message["Subject"] = _subject(digest)
    message["From"] = Address(wording.NAME, addr_spec=sender)
    message["To"] = Address(addr_spec=parse_address(recipient))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<digest.{digest.period.first}.{digest.period.last}.{series[:16]}@{domain}>"
    message["List-Id"] = f"{wording.NAME} <digest.{series}.localhost>"  # RFC 2919, section 3: a list without a domain
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic replies
    message.set_content(render_text(digest), cte="quoted-printable")
    message.add_alternative(render_html(digest), subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{series}")  # quoted-printable never contains “=_”
    return message


def _subject(digest: Digest) -> str:
    subject = f"{wording.title(digest)}: {count_of(digest.total, 'paper')}"
    if digest.query:
        subject += f" for {digest.query}"
    return subject if len(subject) <= _LONGEST_SUBJECT_CHARACTERS else subject[: _LONGEST_SUBJECT_CHARACTERS - 1] + "…"
