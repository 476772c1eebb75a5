"""A digest for tests that need one and not a library."""

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from paperdeck.storage.digest.digest import Digest, DigestItem, Link, Section
from paperdeck.storage.digest.period import Period

ADA = "ada@example.org"
WEEK = Period(date(2026, 11, 16), date(2026, 11, 22))
NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def a_digest(query: str = "", title: str = "深度学习 für Ümläute = 100 %", period: Period = WEEK) -> Digest:
    item = DigestItem(
        id="2611.00001",
        title=title,
        authors="Ada Lovelace",
        organization="",
        day=date(2026, 11, 20),
        upvotes=3,
        comments=0,
        code_stars=None,
        summary="Long words follow. " * 20,
        by_model=False,
        links=(Link("page", "https://huggingface.co/papers/2611.00001"),),
        new=False,
    )
    return Digest(
        query=query,
        period=period,
        sections=(Section("The rest", (item,), 0),),
        total=1,
        per_day=(0, 0, 0, 0, 1, 0, 0),
        topics=(),
        since=None,
        missing=(),
    )


def parsed(raw: bytes) -> EmailMessage:
    """The message as Python's parser reads it, which must find no defect in any part or header."""
    found = message_from_bytes(raw, policy=default)
    for part in found.walk():
        assert part.defects == []
        assert all(getattr(value, "defects", ()) == () for value in part.values())
    assert isinstance(found, EmailMessage)
    return found
