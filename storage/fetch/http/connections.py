"""Connections: one httpx client whose requests go directly or through a proxy, depending on their address."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from .certificates import tls_context
from .destinations import Resolve, addresses_of, port_of
from .proxies import Proxies, Proxy

_TIMEOUT = httpx.Timeout(connect=10.0, read=20.0, write=10.0, pool=None)


class Connections:
    """An httpx client that ignores the environment; its settings were read and validated before."""

    def __init__(self, notify: Callable[[str], object], transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Read certificates and proxies; takes about 20 ms, so create it in a thread.

        Args:
            notify: Called with a sentence about a variable that was ignored.
            transport: Replaces the network in tests; then no proxy is used and no name is resolved.

        Raises:
            NotSent: the environment names certificates that can't be read.
        """
        self._proxies = None if transport else Proxies()
        self.resolve: Resolve | None = None if transport else addresses_of
        """Gives the addresses of a host name."""
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
