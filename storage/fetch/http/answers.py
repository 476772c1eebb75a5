"""Reads answers: bodies, decompressed up to a limit, and JSON. Says why an attempt failed, and whether to retry."""

from __future__ import annotations

import json
import ssl
import zlib

import httpx
import orjson

from paperdeck.storage.errors import RateLimited, SourceError, Unreachable
from paperdeck.storage.text.clean import clean_line

from .certificates import trust_variable

_GZIP = 16 + zlib.MAX_WBITS

ATTEMPTS = 6
"""Attempts for one request."""
ATTEMPTS_TO_CONNECT = 3
"""Attempts when there is no answer at all."""
ATTEMPTS_WHILE_AWAITED = 2
"""Attempts when a user is waiting; only one if the source took too long already."""


async def receive(response: httpx.Response, cap: int) -> bytes:
    """The whole body, decompressed; this stops at the cap, so that a small body can't grow into a huge one.

    Args:
        response: The response, its body still to be read.
        cap: The largest decompressed body, in bytes.

    Raises:
        BadAnswer: the body is truncated, damaged, or in an encoding that we didn't request.
        SourceError: it is larger than the cap.
    """
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("gzip", "x-gzip", "identity", ""):
        raise BadAnswer(f"a body packed as {clean_line(packing)[:20]}")
    unpacker = _Unpacker() if "gzip" in packing else None
    parts: list[bytes] = []
    room = cap
    async for chunk in response.aiter_raw():
        part = unpacker.unpacked(chunk, room + 1) if unpacker else chunk
        room -= len(part)
        if room < 0:
            raise SourceError(f"{response.url.host} sent more than {cap >> 20} MB at once, which is the limit")
        parts.append(part)
    if unpacker and parts and not unpacker.is_complete:
        raise BadAnswer("an incomplete answer", is_transient=True)
    return b"".join(parts)


class _Unpacker:
    """Decompresses gzip, chunk by chunk; it may have several members (RFC 1952, 2.2)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)

    @property
    def is_complete(self) -> bool:
        """Whether the last member has come to its end."""
        return self._member.eof

    def unpacked(self, chunk: bytes, room: int) -> bytes:
        """The content of a chunk, of which no more than `room` bytes are unpacked.

        Raises:
            BadAnswer: it is not gzip.
        """
        found = bytearray()
        try:
            while chunk and len(found) < room:
                if self._member.eof:
                    self._member = zlib.decompressobj(_GZIP)
                found += self._member.decompress(chunk, room - len(found))
                chunk = self._member.unused_data
        except zlib.error as error:
            raise BadAnswer("a damaged answer", is_transient=True) from error
        return bytes(found)


def read_json(body: bytes) -> object:
    """The JSON of a body.

    Raises:
        BadAnswer: it is not JSON.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:  # the standard parser is slower, but accepts a lone surrogate, as a title may have
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        if body.lstrip()[:1] == b"<":
            raise BadAnswer("a web page instead of JSON", is_transient=True) from error
        raise BadAnswer("something that is not JSON") from error


def explanation(body: bytes) -> str:
    """What the `error` of a JSON body says, as `: text`; an empty text if there is none."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    error = answer.get("error") if isinstance(answer, dict) else None
    return f": {clean_line(error)[:200]}" if isinstance(error, str) and error else ""


class BadAnswer(ValueError):
    """An unreadable answer; the text completes “the Hub sent …”."""

    def __init__(self, what: str, *, is_transient: bool = False) -> None:
        """An unreadable answer.

        Args:
            what: What was received, such as `an incomplete answer`.
            is_transient: Whether to retry even if the same bytes come twice: a proxy's error page goes away, a broken
                document doesn't.
        """
        super().__init__(what)
        self.is_transient = is_transient


class TransientFailure(Exception):
    """A transient failure; the text is the reason and names the host."""

    def __init__(
        self,
        reason: str,
        *,
        wait: float | None = None,
        attempts: int = ATTEMPTS,
        awaited: int = ATTEMPTS_WHILE_AWAITED,
        silent: bool = False,
        remedy: str = "",
    ) -> None:
        """A failure.

        Args:
            reason: What went wrong: `hub.example answered 503`.
            wait: Seconds that the source asks us to wait.
            attempts: The maximum number of attempts.
            awaited: The same while a user is waiting.
            silent: Whether no answer arrived.
            remedy: What the user can do, if anything other than trying again helps.
        """
        super().__init__(reason)
        self.wait, self.attempts, self.awaited, self.silent, self.remedy = wait, attempts, awaited, silent, remedy

    def final_error(self, task: str) -> SourceError:
        """The error for the user, once no attempt is left."""
        if self.wait is not None:
            return RateLimited(str(self), self.wait, task=task)
        kind = Unreachable if self.silent else SourceError
        return kind(str(self), task=task, remedy=self.remedy)


def as_transient(name: str, error: Exception, proxy: str = "") -> TransientFailure:
    """Convert an error of httpx or of an unreadable body.

    Args:
        name: The source's host.
        error: TimeoutError, BadAnswer or one of httpx's transport errors.
        proxy: The proxy in between and the variable that names it, if there is one.
    """
    if isinstance(error, BadAnswer):
        return TransientFailure(f"{name} sent {error}")
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        return TransientFailure(f"{name} did not answer in time", awaited=1, silent=True)
    if _untrusted(error):
        variable = trust_variable()
        remedy = (
            f"Check {variable}" if variable else "If your network has its own CA, set SSL_CERT_FILE to its certificate"
        )
        return TransientFailure(f"the certificate of {name} is not trusted", attempts=1, silent=True, remedy=remedy)
    if proxy and isinstance(error, (httpx.ConnectError, httpx.ProxyError)):
        return TransientFailure(f"no connection through the proxy {proxy}", attempts=ATTEMPTS_TO_CONNECT, silent=True)
    if isinstance(error, httpx.ConnectError):
        return TransientFailure(f"no connection ({name})", attempts=ATTEMPTS_TO_CONNECT, silent=True)
    return TransientFailure(f"the connection to {name} broke", silent=True)


def _untrusted(error: BaseException | None) -> bool:
    """Whether an error was caused by a certificate that can't be verified."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
