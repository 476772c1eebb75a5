"""Send papers to a Zotero that runs on this machine, by the server that its browser connector uses.

`GET /connector/ping` tells whether Zotero is there; `POST /connector/saveItems` takes items as JSON and files them in
the collection that is selected in Zotero. Both require the header `X-Zotero-Connector-API-Version`. Zotero answers 201;
409 says that the session was used before, 500 that the library can't be written.
Source: https://www.zotero.org/support/dev/client_coding/connector_http_server
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from paperdeck.storage.cite.work import WITHDRAWN, Work, as_imported
from paperdeck.storage.errors import ActionFailed, InvalidInput, StoreError
from paperdeck.storage.files.locks import WriterLock
from paperdeck.storage.files.small import read_record, recording
from paperdeck.storage.kinds import EVENT, ISSUERS
from paperdeck.storage.paper import Entry
from paperdeck.storage.settings.places import Places
from paperdeck.storage.text.names import OTHERS, Name
from paperdeck.storage.text.words import count_of

ZOTERO = "http://127.0.0.1:23119"
"""Where Zotero listens unless its settings say otherwise; `PAPERDECK_ZOTERO_ENDPOINT` names another port."""
_HEADERS = {"X-Zotero-Connector-API-Version": "3"}
_PING_SECONDS, _SAVE_SECONDS = 3.0, 60.0
"""The longest wait for a whole answer, even one that trickles in."""
_BATCH_ITEMS = 50
"""Papers per request: as many as Zotero saves before the request times out."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SendResult(NamedTuple):
    """The result of sending papers."""

    sent: int
    """How many went to Zotero."""
    before: int
    """How many were skipped because they were sent before; Zotero would store them twice."""


def endpoint_from(environ: Mapping[str, str]) -> str:
    """Zotero's address.

    Raises:
        InvalidInput: `PAPERDECK_ZOTERO_ENDPOINT` names another machine; papers are sent to this one only.
    """
    address = environ.get("PAPERDECK_ZOTERO_ENDPOINT", "").strip().rstrip("/") or ZOTERO
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK:
        raise InvalidInput(
            "PAPERDECK_ZOTERO_ENDPOINT must be an http address on this machine, such as http://127.0.0.1:23119."
        )
    return address


def send_to_zotero(
    entries: Iterable[Entry], keys: Mapping[str, str], places: Places, endpoint: str, *, again: bool = False
) -> SendResult:
    """Hand papers with their tags and notes to Zotero.

    Args:
        keys: Their citation keys, which Better BibTeX adopts.
        places: The folders, with the record of the papers sent.
        endpoint: Zotero's address.
        again: Send papers again that were sent before.

    Raises:
        ActionFailed: Zotero isn't running, doesn't answer or refuses, or the papers can't be noted as sent; the message
            says what arrived.
        StoreError: the record of the papers sent can't be read.
    """
    once = {entry.paper.id: entry for entry in entries}
    before = frozenset() if again else sent_before(places, once)
    new = [entry for paper_id, entry in once.items() if paper_id not in before]
    if new:
        _send_all(new, keys, places, endpoint)
    return SendResult(len(new), len(before))


def sent_before(places: Places, ids: Iterable[str]) -> frozenset[str]:
    """The papers that this device has sent to Zotero before.

    Raises:
        StoreError: the record can't be read.
    """
    return frozenset(ids) & _sent(places).keys()


def _send_all(entries: Sequence[Entry], keys: Mapping[str, str], places: Places, endpoint: str) -> None:
    done = 0
    _check_running(endpoint)
    try:
        for start in range(0, len(entries), _BATCH_ITEMS):
            some = entries[start : start + _BATCH_ITEMS]
            with _noted(places, [entry.paper.id for entry in some]):
                _save(endpoint, [item_of(entry, keys.get(entry.paper.id, "")) for entry in some])
                done += len(some)
    except (ActionFailed, StoreError) as error:
        nothing = "" if isinstance(error, ActionFailed) else "Nothing was sent: "
        before = f"{count_of(done, 'paper')} arrived, then: " if done else nothing
        raise ActionFailed(f"{before}{error}") from error


def _status(method: str, url: str, seconds: float, body: dict[str, Any] | None = None) -> int:
    """The status of an answer, whose body is not read, as any program may be listening.

    Raises:
        TimeoutError: it did not come in time.
        httpx.HTTPError, httpx.InvalidURL: there is none.
    """
    import asyncio

    import httpx

    async def ask() -> int:
        async with (
            asyncio.timeout(seconds),
            httpx.AsyncClient(headers=_HEADERS, trust_env=False, timeout=None) as client,
            client.stream(method, url, json=body) as answer,
        ):
            return answer.status_code

    return asyncio.run(ask())


def _check_running(endpoint: str) -> None:
    import httpx

    try:
        status = _status("GET", f"{endpoint}/connector/ping", _PING_SECONDS)
    except TimeoutError as error:
        raise ActionFailed(
            "Nothing was sent: Zotero doesn't answer. Close any dialog that is open in it, and try again."
        ) from error
    except httpx.ConnectError as error:
        raise ActionFailed("Nothing was sent: Zotero isn't running here. Start Zotero and try again.") from error
    except (httpx.HTTPError, httpx.InvalidURL):
        status = 0
    if status != 200:
        raise ActionFailed(
            f"Nothing was sent: what listens at {endpoint} isn't Zotero; PAPERDECK_ZOTERO_ENDPOINT names another port."
        )


def _save(endpoint: str, items: list[dict[str, Any]]) -> None:
    import httpx

    body = {"sessionID": secrets.token_hex(8), "uri": items[0].get("url", ""), "items": items}
    try:
        status = _status("POST", f"{endpoint}/connector/saveItems", _SAVE_SECONDS, body)
    except (TimeoutError, httpx.HTTPError) as error:
        raise ActionFailed("Zotero stopped answering; see there which papers arrived before you try again.") from error
    if status == 500:
        raise ActionFailed("Zotero can't change the library that is selected in it; select another and try again.")
    if not 200 <= status < 300:
        raise ActionFailed(f"Zotero refused the papers (it answered {status}); update Zotero and try again.")


# -- what was sent -------------------------------------------------------------------------------------------------


def _record(places: Places) -> Path:
    return places.state / "zotero.json"


def _sent(places: Places) -> dict[str, Any]:
    """When papers were sent, by id."""
    return read_record(_record(places), lambda value: dict(value or {}), "papers may go to Zotero a second time")


@contextmanager
def _noted(places: Places, ids: Collection[str]) -> Iterator[None]:
    """A context for sending papers, which are noted if that works."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    lock = WriterLock(places.locks / "zotero.lock")
    with lock, recording(_record(places), _sent(places) | dict.fromkeys(ids, now)):
        yield


# -- items ---------------------------------------------------------------------------------------------------------


def item_of(entry: Entry, key: str) -> dict[str, Any]:
    """A paper as an item of Zotero; what is unknown is left out."""
    work, marks = as_imported(entry.paper), entry.marks
    fields = {
        "id": entry.paper.id,
        "title": "" if "title" in work.form.in_zotero else work.title,
        "creators": list(_creators(work)),
        "date": work.date.iso if work.date else "",
        "abstractNote": work.abstract,
        "url": work.url,
        "DOI": work.doi,
        "tags": [{"tag": tag} for tag in sorted(marks.tags)],
        "notes": [{"note": "<br>".join(map(escape, marks.note.splitlines()))}] if marks.note else [],
        "extra": "\n".join([f"Citation Key: {key}"] * bool(key) + [f"Status: {WITHDRAWN}"] * entry.paper.withdrawn),
    }
    return dict(_kind_of(work)) | {name: value for name, value in fields.items() if value}


def _kind_of(work: Work) -> Iterator[tuple[str, str]]:
    """The type, and the fields that belong to it."""
    if work.is_preprint:
        yield from (("itemType", "preprint"), ("repository", "arXiv"), ("archiveID", f"arXiv:{work.arxiv_id}"))
        return
    form = work.form
    issuer = next((name for name in (form.venue, *ISSUERS) if name in ISSUERS and name in form.in_zotero), "")
    own = {
        "title": work.title,
        EVENT: work.event_title,
        form.venue: work.container or (work.event_title if form.venue == EVENT else ""),
        issuer: work.issuer or ("" if form.venue in form.in_zotero else work.container),
        "pages": work.pages.replace("–", "-"),
        "address": work.publisher_place,
        "number": work.number or work.series_number or work.issue,
        "edition": work.parts.get("edition", ""),
        "type": work.genre,
    }
    yield "itemType", form.zotero
    for field, name in form.in_zotero.items():
        if value := own.get(field, work.parts.get(field, "")):
            yield name, value


def _creators(work: Work) -> Iterator[dict[str, Any]]:
    """The people with their roles; Zotero has no “et al.”."""
    for kind, names in (("author", work.authors), ("editor", work.editors), ("translator", work.translators)):
        yield from (_creator(name, kind) for name in names if name != OTHERS)


def _creator(name: Name, kind: str) -> dict[str, Any]:
    """An author or editor; a group has one name."""
    if name.whole:
        return {"creatorType": kind, "lastName": name.text, "fieldMode": 1}
    return {
        "creatorType": kind,
        "firstName": ", ".join(filter(None, (name.given, name.suffix))),
        "lastName": " ".join(filter(None, (name.particle, name.family))),
    }
