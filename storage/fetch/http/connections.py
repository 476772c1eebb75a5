"""Connections: one httpx client whose requests go directly or through a proxy of the environment.

Which one a request goes through, and which hosts need none, follows curl's rules
(https://everything.curl.dev/usingcurl/proxies/env.html): `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY` in either case,
`NO_PROXY` with host names (their subdomains included), addresses and networks. httpx reads the same variables, but
fails on an IPv6 network or a bracket in `NO_PROXY`, so we read them ourselves.
"""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from collections.abc import Callable, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from paperdeck.storage.errors import NotSent, Refused
from paperdeck.storage.text.clean import clean_line

from .certificates import tls_context

_TIMEOUT = httpx.Timeout(connect=10.0, read=20.0, write=10.0, pool=None)
_PORTS = {"http": 80, "https": 443}
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_SCHEMES = {"http": "http", "https": "https", "socks": "socks5", "socks5": "socks5", "socks5h": "socks5"}
"""Proxy protocols with httpx's names for them; its SOCKS always lets the proxy resolve names, as `socks5h` asks."""
_HOST = re.compile(r"(?i)(?:\*?\.)?[\w-]+(?:\.[\w-]+)*\.?")


class Proxy(NamedTuple):
    """A proxy that a request goes through."""

    url: str
    """Its address as httpx takes it, a user name and password included."""
    variable: str
    """The environment variable that names it."""

    @property
    def name(self) -> str:
        """Host and port, for messages."""
        return host_name(self.url)


class Bypass(NamedTuple):
    """One readable entry of `NO_PROXY`."""

    host: str = ""
    """A host name, without a leading dot."""
    network: _Network | None = None
    """A network, or one address."""
    port: int | None = None
    """The port that it is about; None means all."""

    def covers(self, host: str, port: int) -> bool:
        """Whether a host needs no proxy by this entry."""
        if self.port not in (None, port):
            return False
        if self.network is None:
            return host == self.host or host.endswith(f".{self.host}")
        found = address_of(host)
        return found is not None and found.version == self.network.version and found in self.network


class Proxies:
    """The proxies of the environment."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        """Read the environment.

        Args:
            environ: The environment; None means the process's own, with the system's settings on macOS and Windows.
        """
        self._proxies = _proxies_of(environ)
        self._everything, self._bypasses, self.unreadable = _bypasses_of(self._proxies.pop("no", ("", ""))[0])
        """Entries of `NO_PROXY` that are neither a host nor a network; they are skipped."""

    def proxy_for(self, scheme: str, host: str, port: int) -> Proxy | None:
        """The proxy for a request, or None for a direct connection.

        Raises:
            NotSent: the variable names a proxy that can't be used.
        """
        value, variable = self._proxies.get(scheme) or self._proxies.get("all") or ("", "")
        host = host.strip("[]").rstrip(".").lower()
        if not value or self._everything or any(bypass.covers(host, port) for bypass in self._bypasses):
            return None
        return Proxy(_usable(value, variable), variable)


class Connections:
    """An httpx client that ignores the environment; its settings were read and validated before."""

    def __init__(self, notify: Callable[[str], object], transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Read certificates and proxies; takes about 20 ms, so create it in a thread.

        Args:
            notify: Called with a sentence about a variable that was ignored.
            transport: Replaces the network in tests; then no proxy is used.

        Raises:
            NotSent: the environment names certificates that can't be read.
        """
        self._proxies = None if transport else Proxies()
        if self._proxies and self._proxies.unreadable:
            entries = ", ".join(f"“{entry}”" for entry in self._proxies.unreadable)
            notify(f"NO_PROXY: {entries} skipped, as it is neither a host nor a network.")
        self._client = httpx.AsyncClient(
            transport=transport or _Routes(tls_context(notify), self.proxy_for),
            timeout=_TIMEOUT,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # no source needs to recognise us
            trust_env=False,
        )

    def proxy_for(self, url: httpx.URL) -> Proxy | None:
        """The proxy on the way to an address.

        Raises:
            NotSent: the environment names a proxy that can't be used.
        """
        return self._proxies.proxy_for(url.scheme, url.host, port_of(url)) if self._proxies else None

    async def send(self, url: httpx.URL, headers: dict[str, str], content: bytes | None = None) -> httpx.Response:
        """Send a request, a POST if it has content; the body of the answer is still to be read."""
        method = "GET" if content is None else "POST"
        request = self._client.build_request(method, url, headers=headers, content=content)
        return await self._client.send(request, stream=True)

    async def close(self) -> None:
        await self._client.aclose()


class _Routes(httpx.AsyncBaseTransport):
    """A pool of connections for each proxy, and one for direct connections; each is made when it is first needed."""

    def __init__(self, context: ssl.SSLContext, proxy_for: Callable[[httpx.URL], Proxy | None]) -> None:
        self._context, self._proxy_for = context, proxy_for
        self._pools: dict[str, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        proxy = self._proxy_for(request.url)
        key = proxy.url if proxy else ""
        if key not in self._pools:
            self._pools[key] = httpx.AsyncHTTPTransport(
                verify=self._context, trust_env=False, proxy=httpx.Proxy(key) if key else None
            )
        return await self._pools[key].handle_async_request(request)

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()


# -- addresses ---------------------------------------------------------------------------------------------------------


def port_of(url: httpx.URL) -> int:
    """The port that an address leads to."""
    return url.port or _PORTS.get(url.scheme, 0)


def address(url: str) -> httpx.URL:
    """An address that can be requested: http or https, with a host.

    Raises:
        Refused: it is something else.
    """
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        found = httpx.URL()
    if found.scheme not in _PORTS or not re.fullmatch(r"[\w.:-]+", found.host):
        remedy = "Check HF_ENDPOINT and PAPERDECK_ARXIV_ENDPOINT"
        raise Refused(f"“{clean_line(url)[:80]}” is not a valid web address", remedy=remedy)
    return found


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is written as, or None for a name."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def host_name(url: str) -> str:
    """Host and port of an address for messages; never a user name or password."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


# -- the environment ---------------------------------------------------------------------------------------------------


def _proxies_of(environ: Mapping[str, str] | None) -> dict[str, tuple[str, str]]:
    """For `http`, `https`, `all` and `no`: the value, and the variable that it comes from."""
    names = os.environ if environ is None else environ
    found: dict[str, tuple[str, str]] = {}
    for name in sorted(names):  # upper case first, so that lower case wins, as it does in curl and urllib
        kind, _, rest = name.lower().partition("_proxy")
        if not rest and kind in ("http", "https", "all", "no") and "_" in name and names[name].strip():
            found[kind] = names[name].strip(), name
    if "REQUEST_METHOD" in names and found.get("http", ("", ""))[1] == "HTTP_PROXY":
        del found["http"]  # in a CGI script a visitor could have set it
    if environ is None:
        for kind, value in getproxies().items():
            if kind in ("http", "https", "all", "no") and value:
                found.setdefault(kind, (value, "the system's proxy settings"))
    return found


def _usable(value: str, variable: str) -> str:
    """The address of a proxy as httpx takes it."""
    try:
        parts = urlsplit(value if "://" in value else f"http://{value}")
        scheme, usable = _SCHEMES.get(parts.scheme.lower()), bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        scheme, usable = None, False
    if scheme is None or not usable:
        shown = clean_line(host_name(value) if "@" in value else value)[:60]
        raise NotSent(f"the proxy “{shown}” that {variable} names can't be used", remedy=f"Correct or unset {variable}")
    return parts._replace(scheme=scheme).geturl()


def _bypasses_of(text: str) -> tuple[bool, list[Bypass], list[str]]:
    """Whether `NO_PROXY` means every host, its readable entries, and the unreadable ones as written."""
    found: list[Bypass] = []
    unreadable: list[str] = []
    entries = [entry for entry in re.split(r"[\s,]+", text) if entry]
    for entry in entries:
        bypass = _bypass(entry.partition("://")[2] or entry)
        if bypass:
            found.append(bypass)
        elif entry != "*":
            unreadable.append(clean_line(entry)[:60])
    return "*" in entries, found, unreadable


def _bypass(entry: str) -> Bypass | None:
    bracketed = re.fullmatch(r"\[([^\[\]]+)\](/\d+)?(?::(\d{1,5}))?", entry)
    if bracketed:
        return _network(bracketed[1] + (bracketed[2] or ""), bracketed[3])
    if network := _network(entry, None):
        return network
    host, _, port = entry.partition(":")
    if port and not re.fullmatch(r"\d{1,5}", port):
        return None
    if network := _network(host, port):
        return network
    if "/" in host or not _HOST.fullmatch(host):
        return None
    return Bypass(host=host.removeprefix("*").strip(".").lower(), port=int(port) if port else None)


def _network(text: str, port: str | None) -> Bypass | None:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return Bypass(network=network, port=int(port) if port else None)
