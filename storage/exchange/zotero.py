"""Send papers to a Zotero that runs on this machine, by the server that its browser connector uses.

`GET /connector/ping` tells whether Zotero is there; `POST /connector/import` takes a bibliography as text and files it
in the collection that is selected in Zotero. Both want the header `X-Zotero-Connector-API-Version`. Zotero answers 201
with the items that it made; 409 says that the session was used before, 500 that the library can't be written.
Source: https://www.zotero.org/support/dev/client_coding/connector_http_server
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from paperdeck.storage.errors import ActionFailed, InvalidInput

if TYPE_CHECKING:
    import httpx

ZOTERO = "http://127.0.0.1:23119"
"""Where Zotero listens unless its settings say otherwise; `PAPERDECK_ZOTERO_ENDPOINT` names another port."""
_HEADERS = {"X-Zotero-Connector-API-Version": "3", "Content-Type": "text/plain; charset=utf-8"}
_TIMEOUT_SECONDS = 15.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


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


def send_to_zotero(bibliography: str, endpoint: str = ZOTERO) -> int:
    """Hand a bibliography to Zotero.

    Args:
        bibliography: One or more entries, as BibTeX or RIS; Zotero recognises which.
        endpoint: Zotero's address.

    Returns:
        How many items Zotero made.

    Raises:
        ActionFailed: Zotero isn't running or refused; nothing was sent twice.
    """
    import httpx

    with httpx.Client(headers=_HEADERS, timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
        try:
            client.get(f"{endpoint}/connector/ping").raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ActionFailed(
                "Nothing was sent to Zotero: it isn't running here. Start Zotero and try again."
            ) from error
        try:
            answer = client.post(
                f"{endpoint}/connector/import",
                params={"session": secrets.token_hex(8)},
                content=bibliography.encode(),
            )
        except httpx.HTTPError as error:
            raise ActionFailed(
                "Zotero stopped answering; look there which papers arrived before trying again."
            ) from error
    return _made(answer)


def _made(answer: httpx.Response) -> int:
    if answer.status_code != 201:
        raise ActionFailed(f"Zotero refused the papers (it answered {answer.status_code}); is a library open in it?")
    try:
        items = answer.json()
    except ValueError as error:
        raise ActionFailed("Zotero's answer can't be understood; look there whether the papers arrived.") from error
    return len(items) if isinstance(items, list) else 0


def not_sent(ids: Iterable[str], sent: Sequence[str]) -> list[str]:
    """The papers that were not sent before, in their order: Zotero makes a duplicate of one that it gets twice."""
    before = set(sent)
    return [paper_id for paper_id in dict.fromkeys(ids) if paper_id not in before]
