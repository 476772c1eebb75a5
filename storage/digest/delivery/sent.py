"""Records delivered digests, so that none is sent twice and the next one knows what is new.

The record is kept on this device, in `digests.json` of the state folder, a few for each query and place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from paperdeck.storage.errors import StoreError
from paperdeck.storage.files.atomic import move_into_place, reason_for
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.sealed import Damaged, Newer
from paperdeck.storage.files.small import FORM, read_json, write_json
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
        self.lock = WriterLock(places.state / "locks" / "digests.lock")
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

        The record is written under a temporary name before anything is sent, so only a rename is left afterwards:
        neither a full disk nor a name that can't be written causes a period to be sent twice.

        Raises:
            StoreError: the record can't be read or written.
        """
        with self.lock:
            staged = self._staged(sent)
            try:
                yield
                move_into_place(staged, self._path)
            except OSError as error:
                raise StoreError(f"{self._path} was not saved: {reason_for(error)}.") from error
            finally:
                staged.unlink(missing_ok=True)

    def _staged(self, sent: Sent) -> Path:
        """Write the record with one more digest under a temporary name."""
        before = self._load()
        series = [old for old in before if (old.query, old.to) == (sent.query, sent.to)]
        kept = [old for old in series if not sent.is_same(old)][1 - _KEPT_DIGESTS :]
        staged = self._path.with_suffix(".next")
        remembered = [*(old for old in before if old not in series), *kept, sent]
        write_json(staged, {"form": FORM, "sent": list(map(_as_item, remembered))})
        return staged

    def _load(self) -> list[Sent]:
        try:
            value = read_json(self._path)
            return [] if value is None else [_sent_of(item) for item in value["sent"]]
        except Newer as newer:
            raise StoreError(f"{self._path} {newer}.") from newer
        except (Damaged, ValueError, TypeError, KeyError) as error:
            raise StoreError(f"{self._path} is damaged; delete it, and the next digest may repeat the last.") from error


def _as_item(sent: Sent) -> dict[str, Any]:
    return asdict(sent) | {"first": sent.first.isoformat(), "last": sent.last.isoformat()}


def _sent_of(item: dict[str, Any]) -> Sent:
    first, last = (date.fromisoformat(item[name]) for name in ("first", "last"))
    return Sent(str(item["query"]), str(item["to"]), first, last, str(item["at"]), tuple(map(str, item["ids"])))
