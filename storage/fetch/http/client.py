"""One polite client for all sources: timeouts, caps, careful redirects, conditional requests, bounded retries.

A request names its lane (see `lanes`) and comes with a function that reads the answer, so a proxy's HTML page or half a
body counts as a failed attempt and is retried like a timeout or a 503. A body that is just as unreadable the second
time is not requested again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.metadata import PackageNotFoundError, version
from typing import TypeVar
from urllib.parse import urlencode

import httpx

from paperdeck.storage.errors import NotFound, NotSent, PaperdeckError, Refused, SourceError
from paperdeck.storage.fetch.offload import Pace, at_once, in_thread

from .answers import BadAnswer, TransientFailure, as_transient, explanation, receive
from .connections import Connections, Proxy, address
from .destinations import addresses_of, redirected, why_token_is_withheld
from .lanes import Lane, Timing, Waits, requested_wait_seconds

log = logging.getLogger(__name__)

T = TypeVar("T")

MEBIBYTE = 1 << 20
MAX_REDIRECTS = 5
"""Redirects that are followed for one request."""
RETRY_SECONDS = 60.0
"""Seconds after the first attempt beyond which a failing request is not retried."""
INTERACTIVE_SECONDS, BACKGROUND_SECONDS = 15.0, 60.0
"""Longest attempt of a request that a user waits for, and of any other, in seconds."""
BACKGROUND_WAIT_SECONDS = 330.0
"""Longest rate-limit wait for a background fetch, in seconds; the Hub's windows last 300 s."""
_LONGEST_PAUSE_SECONDS = 20.0
_TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524})

Notify = Callable[[str], object]
"""Called with one sentence that the user should see once."""


@dataclass(frozen=True, slots=True)
class NotModified:
    """The source says that our copy is current."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer, decompressed."""

    status: int
    """The HTTP status."""
    headers: httpx.Headers
    """The headers."""
    body: bytes
    """The body, decompressed."""

    @property
    def etag(self) -> str | None:
        """The answer's ETag, to send with the next request."""
        etag = str(self.headers.get("etag", ""))
        return etag if is_validator(etag) else None

    @property
    def kind(self) -> str:
        """The media type, such as `application/json`."""
        return str(self.headers.get("content-type", "")).partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The character set that the header declares, or an empty text."""
        found = str(self.headers.get("content-type", "")).lower().partition("charset=")[2]
        return found.partition(";")[0].strip(" \"'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request with its limits."""

    url: str
    """The address, without the query."""
    lane: Lane
    """The lane of its source."""
    name: str
    """The source's host in messages."""
    task: str = ""
    """Its purpose, for messages: `download the PDF`."""
    params: Mapping[str, str] = field(default_factory=dict)
    """The query."""
    content: bytes | None = None
    """The body of a POST; None means GET."""
    etag: str | None = None
    """The ETag of the answer that we have."""
    token: str | None = field(default=None, repr=False)
    """A token for this address's origin, and for no other."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Additional headers."""
    cap: int = 16 * MEBIBYTE
    """The largest decompressed body, in bytes."""
    attempt_seconds: float = BACKGROUND_SECONDS
    """Seconds that one attempt may take from the connection to the last byte."""
    patience: float = BACKGROUND_WAIT_SECONDS
    """The longest rate-limit wait to accept, in seconds."""
    first_wait: float = 0.5
    """Seconds of the first pause after a failure; each later one is twice as long as the one before."""
    awaited: bool = False
    """Whether a user is waiting and prefers an early failure."""
    readable: frozenset[int] = frozenset({200})
    """Statuses whose body is read; arXiv explains itself in the body of a 400."""

    @property
    def shown(self) -> str:
        """The request for a log: host, path and query, without a user name or token."""
        path = "/" + self.url.partition("://")[2].partition("/")[2]
        return f"{self.name}{path}?{urlencode(self.params)}" if self.params else f"{self.name}{path}"


class HttpClient:
    """Sends requests until there is an answer that can be read, or until the request's bounds are reached."""

    def __init__(
        self, *, transport: httpx.AsyncBaseTransport | None = None, timing: Timing | None = None, offline: str = ""
    ) -> None:
        """A client; connections are opened with the first request.

        Args:
            transport: Replaces the network in tests.
            timing: The clocks.
            offline: The environment variable that forbids requests; empty if none does.
        """
        self.timing = timing or Timing()
        self.waits = Waits(self.timing)
        """Pending waits for the sources."""
        self.notify: Notify = log.info
        """Called once with each sentence about something from the environment that was ignored or withheld."""
        self.pace: Pace = at_once
        """Awaited before an answer is read, unless a user is waiting for it."""
        self.offline = offline
        self._transport = transport
        self._connections: Connections | None = None
        self._opening = asyncio.Lock()
        self._notified: set[str] = set()

    async def ask(self, request: Request, read: Callable[[Answer], T]) -> T | NotModified:
        """Send a request until there is a readable answer.

        Args:
            read: Parses the answer. Runs in a thread; raises BadAnswer for an unreadable one.

        Returns:
            What `read` returned, or NotModified if the request has an ETag and it still holds.

        Raises:
            NotFound: the source doesn't have it.
            RateLimited: the source asks for a longer wait than `patience`.
            Unreachable: nothing answered.
            NotSent: the environment forbids requests, or its proxy or certificates can't be used.
            SourceError: the source refuses the request, or no attempt gave a usable answer.
        """
        return await self.retry(request, partial(self._ask_once, request, read, []))

    async def answer(self, request: Request, read: Callable[[Answer], T]) -> T:
        """What `ask` returns for a request without an ETag."""
        found = await self.ask(request, read)
        assert not isinstance(found, NotModified)  # only a request with an ETag gets that
        return found

    async def _ask_once(
        self, request: Request, read: Callable[[Answer], T], unreadable: list[bytes]
    ) -> T | NotModified:
        """One attempt; `unreadable` holds the body, or the reason, of the last answer that could not be read."""
        async with self.exchange(request) as response:
            with self.waits.awaiting_answer(request.name, request.task), _twice_is_final(request, unreadable):
                body = await receive(response, request.cap)
        answer = Answer(response.status_code, response.headers, body)
        if answer.status == 304 and request.etag:
            self.waits.answered(request.name)
            return NotModified()
        raise_for_status(request, answer.status, answer.headers, answer.body, self.timing)
        if not request.awaited:
            await self.pace()
        with _twice_is_final(request, unreadable, body):
            found = await in_thread(_understood, read, answer)
        self.waits.answered(request.name)
        return found

    async def retry(self, request: Request, attempt: Callable[[], Awaitable[T]]) -> T:
        """Repeat an attempt with increasing pauses until it succeeds; raises the errors of `ask`."""
        started, number = self.timing.now(), 0
        while True:
            number += 1
            try:
                return await attempt()
            except SourceError as error:
                error.task = error.task or request.task
                log.info("%s: %s", request.shown, error)
                raise
            except (TransientFailure, BadAnswer, TimeoutError, httpx.TransportError) as error:
                failure = error if isinstance(error, TransientFailure) else as_transient(request.name, error)
            if not self._should_retry(request, failure, number, started):
                log.info("%s: %s; given up after attempt %d", request.shown, failure, number)
                raise failure.final_error(request.task) from failure
            seconds = self._pause(request, failure, number)
            log.info("%s: %s; attempt %d in %.1f s", request.shown, failure, number + 1, seconds)
            with self.waits.before_retry(request.name, str(failure), seconds, request.task):
                await self.timing.sleep(seconds)

    def _should_retry(self, request: Request, failure: TransientFailure, number: int, started: float) -> bool:
        """Whether to try again after attempt `number`."""
        late = failure.wait is None and self.timing.now() - started > RETRY_SECONDS
        attempts = failure.awaited if request.awaited else failure.attempts
        return not late and number < attempts and (failure.wait or 0) <= request.patience

    def _pause(self, request: Request, failure: TransientFailure, number: int) -> float:
        """Exponential backoff with jitter, so that many clients don't retry at the same moment."""
        if failure.wait is not None:
            return failure.wait
        longest = min(_LONGEST_PAUSE_SECONDS, request.first_wait * 2.0 ** (number - 1))
        return longest * (0.5 + 0.5 * self.timing.random())

    @asynccontextmanager
    async def exchange(self, request: Request) -> AsyncIterator[httpx.Response]:
        """The response after all redirects, with its body unread; the lane is held while the block runs."""
        home = address(request.url)
        url = home.copy_merge_params(dict(request.params)) if request.params else home
        connections = await self.ready()
        for _ in range(MAX_REDIRECTS + 1):
            proxy = connections.proxy_for(url)
            headers = self._headers(request, home, url, proxy)
            async with request.lane.turn(request.patience), asyncio.timeout(request.attempt_seconds):
                with self.waits.awaiting_answer(request.name, request.task):
                    response = await _sent(connections, request, url, headers, proxy)
                try:
                    log.debug("%s: %d", request.shown, response.status_code)
                    request.lane.note_limits(response.headers)
                    if not response.has_redirect_location:
                        yield response
                        return
                finally:
                    await response.aclose()
            resolve = None if proxy or self._transport else addresses_of
            url = await in_thread(redirected, request.name, url, response.headers["location"], resolve)
        raise SourceError(f"{request.name} keeps redirecting")

    async def ready(self, *urls: str) -> Connections:
        """Read the environment's proxies and certificates on the first call, in a thread.

        Args:
            urls: Addresses whose proxies to check as well.

        Raises:
            NotSent: the environment forbids requests, or its proxy or certificates can't be used.
        """
        if self.offline:
            raise NotSent(f"{self.offline} is set", remedy="Unset it to go online")
        async with self._opening:
            if self._connections is None:
                ignored: list[str] = []
                self._connections = await asyncio.to_thread(Connections, ignored.append, self._transport)
                for sentence in ignored:
                    self._notify_once(sentence)
        for url in urls:
            self._connections.proxy_for(address(url))
        return self._connections

    async def close(self) -> None:
        if self._connections:
            await self._connections.close()
            self._connections = None

    def _headers(self, request: Request, home: httpx.URL, url: httpx.URL, proxy: Proxy | None) -> dict[str, str]:
        headers = {"User-Agent": user_agent(), "Accept-Encoding": "gzip", **request.extra}
        if request.etag:
            headers["If-None-Match"] = request.etag
        if not request.token:
            return headers
        if not (request.token.isascii() and request.token.isprintable()):
            raise NotSent("HF_TOKEN contains invalid characters", remedy="Correct or unset it")
        if reason := why_token_is_withheld(home, url, proxy):
            self._notify_once(f"Your Hub token (HF_TOKEN) was not sent: {reason}.")
        else:
            headers["Authorization"] = f"Bearer {request.token}"
        return headers

    def _notify_once(self, sentence: str) -> None:
        if sentence not in self._notified:
            self._notified.add(sentence)
            self.notify(sentence)


def is_validator(text: str) -> bool:
    """Whether a text, such as an ETag, can be sent back as a header's value."""
    return 0 < len(text) < 200 and text.isascii() and text.isprintable()


def raise_for_status(request: Request, status: int, headers: Mapping[str, str], body: bytes, timing: Timing) -> None:
    """Raise the error that a status stands for, unless the request reads its body."""
    if status in request.readable:
        return
    name = request.name
    if status in _TRANSIENT_STATUSES:
        wait = requested_wait_seconds(headers, timing.wall()) if status in (429, 503) else None
        if status == 429 and wait is not None:
            request.lane.pause(wait)
        raise TransientFailure(
            f"{name} answered {status}" if wait is None else f"{name} asks us to wait {wait:.0f} s", wait=wait
        )
    if status in (404, 410):
        raise NotFound(f"{name} does not have it")
    if status in (401, 403) and request.token:
        raise Refused(f"{name} refuses the token ({status})", remedy="Check HF_TOKEN, or unset it")
    raise Refused(f"{name} refuses the request ({status}{explanation(body)})")


def _understood(read: Callable[[Answer], T], answer: Answer) -> T:
    """What `read` makes of an answer; whatever else it stumbles over is a bad answer, and ends no fetch and no reader.

    Raises:
        BadAnswer, PaperdeckError: as `read` does.
    """
    try:
        return read(answer)
    except (BadAnswer, PaperdeckError):
        raise
    except Exception as error:
        log.warning("an answer could not be read", exc_info=True)
        raise BadAnswer("something that can't be understood") from error


@contextmanager
def _twice_is_final(request: Request, unreadable: list[bytes], body: bytes | None = None) -> Iterator[None]:
    """Don't ask a third time if two answers in a row are unreadable in the same way."""
    try:
        yield
    except BadAnswer as error:
        sign = str(error).encode() if body is None else body
        if not error.is_transient and sign in unreadable:
            raise SourceError(f"{request.name} sent {error}") from error
        unreadable[:] = [sign]
        raise


async def _sent(
    connections: Connections, request: Request, url: httpx.URL, headers: dict[str, str], proxy: Proxy | None
) -> httpx.Response:
    """Send one request; a connection error names the proxy in between, if any."""
    try:
        return await connections.send(url, headers, request.content)
    except (httpx.InvalidURL, httpx.TransportError) as error:
        # httpx parses a redirect's target even if it isn't followed
        if isinstance(error, httpx.InvalidURL) or "URL in location header" in str(error):
            raise SourceError(f"{request.name} sent an invalid redirect") from error
        raise as_transient(request.name, error, f"{proxy.name} ({proxy.variable})" if proxy else "") from error


@cache
def user_agent() -> str:
    """The User-Agent that arXiv and the Hub ask for."""
    try:
        release = version("paperdeck")
    except PackageNotFoundError:
        release = "0"
    return f"paperdeck/{release} (+https://github.com/paperdeck/paperdeck)"
