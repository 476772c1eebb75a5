"""Where a request may go: which redirects are followed, and which address sees the token.

A redirect is a request by a stranger. It never leads from https to http, to another port over plain http, or to an
address of this machine or its network, where a request of ours could reach what only we can see.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx

from paperdeck.storage.errors import Refused, SourceError
from paperdeck.storage.text.clean import clean_line

from .connections import Proxy, address_of, port_of

Resolve = Callable[[str], list[str]]
"""Gives the addresses of a host name; empty if it has none."""


def origin_of(url: httpx.URL) -> tuple[str, str, int]:
    """Scheme, host and port of an address."""
    return url.scheme, url.host.rstrip("."), port_of(url)


def redirected(name: str, here: httpx.URL, location: str, resolve: Resolve | None) -> httpx.URL:
    """Where a redirect leads.

    Args:
        name: The source's name in messages.
        here: The address that answered.
        location: The redirect's target, absolute or relative.
        resolve: Gives the addresses of a host name; None where the connection goes through a proxy, which resolves
            names itself. Blocks, so call this in a thread.

    Raises:
        SourceError: the target is not an address, or may not be followed.
    """
    try:
        there = here.join(location)
    except (httpx.InvalidURL, ValueError) as error:
        raise SourceError(f"{name} sent an invalid redirect") from error
    if origin_of(there) == origin_of(here):
        return there
    if there.scheme != "https" or not there.host or is_private(there.host, resolve):
        shown = clean_line(f"{there.scheme}://{there.host}")[:60]
        raise Refused(f"{name} redirects to {shown}, which is not safe to follow")
    return there.copy_with(username=None, password=None)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its spelling."""
    found = address_of(host)
    return host.rstrip(".").lower() == "localhost" or (found is not None and found.is_loopback)


def is_private(host: str, resolve: Resolve | None = None) -> bool:
    """Whether a host is, or resolves to, an address that is not public: loopback, a local network, link-local."""
    name = host.strip("[]").rstrip(".").lower()
    if name in ("", "localhost") or name.endswith((".localhost", ".local", ".internal")):
        return True
    written = address_of(name)
    if written is not None:
        return not written.is_global
    try:  # 127.1, 0x7f000001 and 2130706433 are addresses too
        return not _is_public(socket.inet_ntoa(socket.inet_aton(name)))
    except OSError:
        return any(not _is_public(found) for found in (resolve(name) if resolve else ()))


def addresses_of(host: str) -> list[str]:
    """The addresses that the system's resolver gives for a name. Blocks."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []


def why_token_is_withheld(home: httpx.URL, url: httpx.URL, proxy: Proxy | None) -> str:
    """Why the token must not be sent to an address; empty if it may be.

    Args:
        home: The endpoint's own address, for which the token is meant.
        url: The address that is requested now.
        proxy: The proxy on the way there.
    """
    if origin_of(url) != origin_of(home):
        return f"a redirect led to {clean_line(url.host)[:60]}"
    if url.scheme == "https":
        return ""
    if not is_loopback(url.host):
        return f"{url.host} is reached over http, not https"
    return f"the proxy in {proxy.variable} could read it" if proxy else ""


def _is_public(text: str) -> bool:
    found = address_of(text)
    return found is not None and found.is_global
