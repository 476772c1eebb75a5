"""One polite client for all sources: time-outs, caps, careful redirects, conditional requests, bounded retries.

A request names its lane (see `lanes`) and comes with a function that reads the answer, so that a proxy's HTML page or
half a body counts as a failure of that request and is asked for again, like a time-out or a 503.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import TypeVar

import httpx

from paperdeck.storage.errors import NotFound, RateLimited, Refused, SourceError, Unreachable
from paperdeck.storage.fetch.offload import in_thread
from paperdeck.storage.text.clean import clean_line

from .body import BadAnswer, explanation, receive
from .lanes import Lane, Timing, asked_wait
from .waits import Waits

T = TypeVar("T")

MEBIBYTE = 1 << 20
ATTEMPTS = 6
"""How often one request is tried in all."""
ATTEMPTS_TO_CONNECT = 3
"""How often, when nobody answers at all."""
ATTEMPTS_WHILE_AWAITED = 2
"""How often, when a person waits for it; only once if the source took too long already."""
REDIRECTS = 5
"""How many redirects are followed."""
GIVE_UP_AFTER = 60.0
"""Seconds after which a failing request is not tried again."""
PATIENCE = 330.0
"""Seconds that a fetch in the background is ready to wait for a source; the Hub's windows have 300 s."""
_TIMEOUT = httpx.Timeout(connect=10.0, read=20.0, write=10.0, pool=None)
_LONGEST_WAIT = 20.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524})


@dataclass(frozen=True, slots=True)
class NotModified:
    """The source's word that what we have is still right."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, unpacked."""

    status: int
    """The HTTP status."""
    headers: httpx.Headers
    """The headers."""
    body: bytes
    """The body, unpacked."""

    @property
    def etag(self) -> str | None:
        """The answer's ETag, to ask with next time."""
        etag = str(self.headers.get("etag", ""))
        return etag if 0 < len(etag) < 200 and etag.isascii() and etag.isprintable() else None

    @property
    def kind(self) -> str:
        """The media type, such as `application/json`."""
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to ask, and within which bounds."""

    url: str
    """The address, without the query."""
    lane: Lane
    """The way to its source."""
    name: str
    """The source's name in messages."""
    params: Mapping[str, str] = field(default_factory=dict)
    """The query."""
    etag: str | None = None
    """The ETag of the answer that we have."""
    token: str | None = field(default=None, repr=False)
    """A token for this address' host, and for no other."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Further headers."""
    cap: int = 16 * MEBIBYTE
    """The most bytes of an unpacked body."""
    total: float = 60.0
    """Seconds that one attempt may take from the connection to the last byte."""
    patience: float = PATIENCE
    """The longest wait, in seconds, that the source may ask for."""
    first_wait: float = 0.5
    """Seconds of the first wait after a failure; each further one is twice as long."""
    awaited: bool = False
    """Whether a person waits for the answer, and would rather hear soon that there is none."""
    readable: frozenset[int] = frozenset({200})
    """Statuses whose body is read; arXiv explains itself in the body of a 400."""


class Again(Exception):
    """An attempt failed in a way that may pass."""

    def __init__(
        self,
        reason: str,
        *,
        wait: float | None = None,
        attempts: int = ATTEMPTS,
        awaited: int = ATTEMPTS_WHILE_AWAITED,
        silent: bool = False,
    ) -> None:
        """A reason to ask again.

        Args:
            reason: What went wrong, in a few words.
            wait: Seconds that the source asks to wait.
            attempts: How often it is worth to ask in all.
            awaited: The same while a person waits.
            silent: Whether there was no answer.
        """
        super().__init__(reason)
        self.wait, self.attempts, self.awaited, self.silent = wait, attempts, awaited, silent


class HttpClient:
    """Asks, within the bounds of a request, until there is an answer that can be read or hope is gone."""

    def __init__(self, *, transport: httpx.AsyncBaseTransport | None = None, timing: Timing | None = None) -> None:
        self.timing = timing or Timing()
        self.waits = Waits(self.timing)
        """What the sources keep us waiting for."""
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    async def ask(self, request: Request, read: Callable[[Answer], T]) -> T | NotModified:
        """Ask, and return what `read` makes of the answer; `read` runs in a thread and raises BadAnswer to ask again.

        Raises:
            NotFound: the source does not know it.
            RateLimited: it asks for a longer wait than `patience`.
            Unreachable: nobody answered.
            SourceError: it refuses the request, or gave no usable answer in any attempt.
        """

        async def attempt() -> T | NotModified:
            async with self.exchange(request) as response:
                with self.waits.answer(request.name):
                    body = await receive(response, request.cap)
            answer = Answer(response.status_code, response.headers, body)
            if answer.status == 304 and request.etag:
                self.waits.answered(request.name)
                return NotModified()
            check(request, answer.status, answer.headers, answer.body, self.timing)
            try:
                found = await in_thread(read, answer)
            except BadAnswer as error:
                raise Again(str(error)) from error
            self.waits.answered(request.name)
            return found

        return await self.insist(request, attempt)

    async def insist(self, request: Request, attempt: Callable[[], Awaitable[T]]) -> T:
        """Try until it works, with growing waits, at most for so long; the errors are those of `ask`."""
        started, number = self.timing.now(), 0
        while True:
            number += 1
            try:
                return await _told(attempt)
            except Again as failure:
                late = failure.wait is None and self.timing.now() - started > GIVE_UP_AFTER
                most = failure.awaited if request.awaited else failure.attempts
                if late or number >= most or (failure.wait or 0) > request.patience:
                    raise _given_up(request, failure) from failure
                seconds = self._pause(request, failure, number)
                with self.waits.pause(request.name, str(failure), seconds):
                    await self.timing.sleep(seconds)

    def _pause(self, request: Request, failure: Again, number: int) -> float:
        """A growing wait with a random part, so that many clients don't come back together."""
        if failure.wait is not None:
            return failure.wait
        longest = min(_LONGEST_WAIT, request.first_wait * 2.0 ** (number - 1))
        return longest * (0.5 + 0.5 * self.timing.random())

    @asynccontextmanager
    async def exchange(self, request: Request) -> AsyncIterator[httpx.Response]:
        """The answer at the end of all redirects, its body still to be read; the lane is held until then."""
        url = _address(request)
        for _ in range(REDIRECTS + 1):
            async with request.lane.turn(request.patience), asyncio.timeout(request.total):
                client = await self._open()
                asking = client.build_request("GET", url, headers=_headers(request, url))
                with self.waits.answer(request.name):
                    response = await _sent(client, asking, request)
                try:
                    request.lane.heard(response.headers)
                    if not response.has_redirect_location:
                        yield response
                        return
                finally:
                    await response.aclose()
            url = _redirect(request, url, response.headers["location"])
        raise SourceError(f"{request.name} sends us round in circles; it can't be asked at present.")

    async def close(self) -> None:
        """Close the connections."""
        if self._client:
            await self._client.aclose()
            self._client = None

    async def _open(self) -> httpx.AsyncClient:
        """The client, made in a thread at the first request: reading the certificates takes a while."""
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._build)
        return self._client

    def _build(self) -> httpx.AsyncClient:
        try:
            cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))  # no source needs to know us again
            return httpx.AsyncClient(
                transport=self._transport, timeout=_TIMEOUT, follow_redirects=False, cookies=cookies
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise SourceError(f"The proxy of the environment can't be used ({error}); check HTTPS_PROXY.") from error


def check(request: Request, status: int, headers: Mapping[str, str], body: bytes, timing: Timing) -> None:
    """Raise what a status means, unless its body is to be read."""
    if status in request.readable:
        return
    if status in _PASSING:
        wait = asked_wait(headers, timing.wall()) if status in (429, 503) else None
        if status == 429 and wait is not None:
            request.lane.pause(wait)
        raise Again(f"it answered {status}", wait=wait)
    if status in (404, 410):
        raise NotFound(f"{request.name} has no such paper or page.")
    if status in (401, 403) and request.token:
        raise Refused(f"{request.name} refuses the token ({status}); check HF_TOKEN, or unset it.")
    raise Refused(f"{request.name} refuses the request ({status}{explanation(body)}).")


async def _sent(client: httpx.AsyncClient, asking: httpx.Request, request: Request) -> httpx.Response:
    try:
        return await client.send(asking, stream=True)
    except httpx.InvalidURL as error:  # httpx looks at where a redirect leads, followed or not
        raise SourceError(f"{request.name} redirects to no address; it can't be asked at present.") from error


async def _told(attempt: Callable[[], Awaitable[T]]) -> T:
    """The attempt, with what httpx and half a body raise told as reasons to try again."""
    try:
        return await attempt()
    except BadAnswer as error:
        raise Again(str(error)) from error
    except (TimeoutError, httpx.TimeoutException) as error:
        raise Again("it took too long", awaited=1, silent=True) from error
    except httpx.ConnectError as error:
        raise Again("no connection", attempts=ATTEMPTS_TO_CONNECT, silent=True) from error
    except httpx.TransportError as error:
        raise Again("the connection broke", silent=True) from error


def _given_up(request: Request, failure: Again) -> SourceError:
    way_out = "try again in a while" if request.awaited else "showing what is cached"
    if failure.wait is not None:
        return RateLimited(f"{request.name} asks to wait {failure.wait:.0f} s; {way_out}.", failure.wait)
    if failure.silent:
        return Unreachable(f"Could not reach {request.name} ({failure}); {way_out}.")
    return SourceError(f"{request.name} gave no usable answer ({failure}); {way_out}.")


def _address(request: Request) -> str:
    """The whole address of a request, if it is one of http or https."""
    try:
        url = httpx.URL(request.url)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not re.fullmatch(r"[\w.:-]+", url.host):
        way_out = "check HF_ENDPOINT and PAPERDECK_ARXIV_ENDPOINT"
        raise Refused(f"“{clean_line(request.url)[:80]}” is not an address that can be asked; {way_out}.")
    return str(url.copy_merge_params(dict(request.params)) if request.params else url)


def _headers(request: Request, url: str) -> dict[str, str]:
    headers = {"User-Agent": user_agent(), "Accept-Encoding": "gzip", **request.extra}
    if request.etag:
        headers["If-None-Match"] = request.etag
    target = httpx.URL(url)
    private = target.scheme == "https" or target.host in ("127.0.0.1", "localhost", "::1")
    if request.token and private and _host(target) == _host(httpx.URL(request.url)):
        if not (request.token.isascii() and request.token.isprintable()):
            raise Refused("The token in HF_TOKEN holds signs that no token has; set it again.")
        headers["Authorization"] = f"Bearer {request.token}"
    return headers


def _redirect(request: Request, url: str, location: str) -> str:
    """Where a redirect leads, if it leads to https or stays on the host."""
    try:
        here, there = httpx.URL(url), httpx.URL(url).join(location)
    except (httpx.InvalidURL, ValueError) as error:
        raise SourceError(f"{request.name} redirects to no address; it can't be asked at present.") from error
    same = there.scheme == "http" and there.host == here.host
    if not there.host or not (there.scheme == "https" or same):
        raise SourceError(f"{request.name} redirects to an address that is not safe; it was not followed.")
    return str(there)


def _host(url: httpx.URL) -> tuple[str, int | None]:
    """Host and port; the port without which http and https go."""
    return url.host, url.port


def user_agent() -> str:
    """How we introduce ourselves, as arXiv and the Hub ask for."""
    try:
        release = version("paperdeck")
    except PackageNotFoundError:
        release = "0"
    return f"paperdeck/{release} (+https://github.com/paperdeck/paperdeck)"
