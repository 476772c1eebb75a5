"""Records delivered digests, so that none is sent twice and the next one knows what is new.

The record is kept on this device, in `digests.json` of the state folder, a few for each query and place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.small import FORM, read_record, recording
from paperdeck.storage.settings.settings import Places

PRINTED = "print"
"""The place of a printed digest; never a destination of mail."""

_KEPT_DIGESTS = 40


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivered digest."""

    query: str
    to: str
    """The destination, or PRINTED."""
    first: date
    last: date
    at: str
    """When, as an ISO 8601 time in UTC."""
    ids: tuple[str, ...] = ()
    """The ids of its papers."""

    def is_same(self, other: Sent) -> bool:
        """Whether both are for the same period, query and place."""
        return (self.query, self.to, self.first, self.last) == (other.query, other.to, other.first, other.last)


class SentLog:
    """The record of digests delivered on this device."""

    def __init__(self, places: Places) -> None:
        self._path = places.state / "digests.json"
        self.lock = WriterLock(places.locks / "digests.lock")
        """Held while a digest is sent, so that two processes can't both send it."""

    def series(self, query: str, to: str) -> list[Sent]:
        """The digests of one query delivered to one place, oldest first.

        Raises:
            StoreError: the record can't be read; then nothing may be sent, as it might come twice.
        """
        return [sent for sent in self._load() if (sent.query, sent.to) == (query, to)]

    def remember(self, sent: Sent) -> None:
        """Add a digest, or replace that of the same period; the newest of each query and place are kept.

        Raises:
            StoreError: the record can't be read or written.
        """
        with self.remembering(sent):
            pass

    @contextmanager
    def remembering(self, sent: Sent) -> Iterator[None]:
        """A context for sending a digest, which is recorded if that works.

        Raises:
            StoreError: the record can't be read or written.
        """
        with self.lock, recording(self._path, self._with(sent)):
            yield

    def _with(self, sent: Sent) -> dict[str, Any]:
        """The record with one more digest."""
        before = self._load()
        series = [old for old in before if (old.query, old.to) == (sent.query, sent.to)]
        kept = [old for old in series if not sent.is_same(old)][1 - _KEPT_DIGESTS :]
        remembered = [*(old for old in before if old not in series), *kept, sent]
        return {"form": FORM, "sent": list(map(_as_item, remembered))}

    def _load(self) -> list[Sent]:
        return read_record(self._path, _all_sent, "the next digest may repeat the last")


def _all_sent(value: Any) -> list[Sent]:
    return [] if value is None else [_sent_of(item) for item in value["sent"]]


def _as_item(sent: Sent) -> dict[str, Any]:
    return asdict(sent) | {"first": sent.first.isoformat(), "last": sent.last.isoformat()}


def _sent_of(item: dict[str, Any]) -> Sent:
    first, last = (date.fromisoformat(item[name]) for name in ("first", "last"))
    return Sent(str(item["query"]), str(item["to"]), first, last, str(item["at"]), tuple(map(str, item["ids"])))
