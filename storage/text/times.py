"""Moments in UTC, as our files write them, `2026-11-20T12:00:00Z`, and as the reader's clock shows them."""

from __future__ import annotations

from datetime import UTC, datetime


def utc(seconds: float) -> datetime:
    """The moment some seconds after the beginning of 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def local(moment: datetime) -> datetime:
    """A moment in the reader's time zone; in UTC if `TZ` names one a day or more away, which Python doesn't allow."""
    try:
        return moment.astimezone()
    except (ValueError, OverflowError):
        return moment


def stamp(moment: datetime) -> str:
    """A moment in UTC as text."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def moment_in_mail(text: object) -> datetime | None:
    """The moment in a date of email, HTTP or RSS, in the zone as written; None for anything else."""
    from email.utils import parsedate_to_datetime  # imported here, as it takes longer than the rest of a status line

    try:
        moment = parsedate_to_datetime(text)  # type: ignore[arg-type]
        moment.timestamp()  # fails for a time that nothing can be counted from
    except (TypeError, ValueError, OverflowError, AttributeError, IndexError, OSError):
        return None
    return moment


def moment_in(text: object) -> datetime | None:
    """The moment in an ISO 8601 text, without a zone in UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else moment and moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
