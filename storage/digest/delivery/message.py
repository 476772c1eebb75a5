"""A digest as an email: RFC 5322 headers, and its content as text and as HTML (RFC 2046 alternatives).

It is deterministic: the same digest to the same address at the same time is the same message. Its Message-ID depends
only on the query, the period and the sender, so that a mail client recognises a repeated one.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from paperdeck.storage.digest import wording
from paperdeck.storage.digest.digest import Digest
from paperdeck.storage.digest.render_html import render_html
from paperdeck.storage.digest.render_text import render_text
from paperdeck.storage.errors import InvalidInput
from paperdeck.storage.text.words import count_of

_ADDRESS = re.compile(
    r"[^\s@<>(),;:\\\"\[\]-][^\s@<>(),;:\\\"\[\]]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"
)
_LONGEST_SUBJECT_CHARACTERS = 120


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
    series = _hash(sender, digest.query)
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


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
