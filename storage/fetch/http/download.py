"""Downloads of PDFs: into a part file first, going on where an earlier try stopped, and only ever a PDF in the end."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx

from paperdeck.storage.errors import SourceError, StoreError
from paperdeck.storage.fetch.offload import in_thread

from .body import BadAnswer
from .client import MEBIBYTE, Again, HttpClient, Request, check

CAP = 300 * MEBIBYTE
"""The most bytes of a PDF."""
_TOTAL = 900.0
_PIECE = MEBIBYTE // 4
_MAGIC = b"%PDF-"

Told = Callable[[int, int | None], object]
"""Is told how many bytes are there, and of how many, if that is known."""


async def download(client: HttpClient, request: Request, target: Path, told: Told | None = None) -> Path:
    """Download a PDF to a file, unless it is there; returns the file.

    Raises:
        SourceError: the source has none, gives something else, or does not answer.
        StoreError: the file can't be written.
    """
    if await in_thread(_is_pdf, target):
        return target
    part = _Part(target)
    try:
        await in_thread(target.parent.mkdir, parents=True, exist_ok=True)
        await client.insist(request, lambda: _attempt(client, request, part, told or _nobody))
        await in_thread(part.finish)
    except OSError as error:
        way_out = "make room there, or choose another folder (files.downloads in the settings)"
        raise StoreError(f"{target} can't be written ({error.strerror}); {way_out}.") from error
    return target


def _nobody(_done: int, _total: int | None) -> None:
    """Nobody wants to know."""


class _Part:
    """The part file, and beside it the ETag of what it is a part of."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._path = target.with_name(target.name + ".part")
        self._tag = target.with_name(target.name + ".part.etag")

    def have(self) -> tuple[int, str]:
        """How many bytes are there, and of which edition; without an edition they are of no use."""
        try:
            size, tag = self._path.stat().st_size, self._tag.read_text(encoding="ascii")
        except (OSError, ValueError):
            return 0, ""
        return (size, tag) if tag.startswith('"') else (0, "")

    def begin(self, etag: str) -> None:
        """Start anew."""
        self._path.write_bytes(b"")
        self._tag.write_text(etag if etag.isascii() else "", encoding="ascii")

    def append(self, data: bytearray) -> None:
        """Add bytes, and take them out of `data`; at once, as a thread could go on after its download was stopped."""
        with self._path.open("ab") as file:
            file.write(data)
        data.clear()

    def drop(self) -> None:
        """Forget what is there."""
        self._path.unlink(missing_ok=True)
        self._tag.unlink(missing_ok=True)

    def finish(self) -> None:
        """Make it the file."""
        if not _is_pdf(self._path):
            self.drop()
            raise SourceError("What came is not a PDF; it was not kept.")
        self._path.replace(self._target)
        self._tag.unlink(missing_ok=True)


async def _attempt(client: HttpClient, request: Request, part: _Part, told: Told) -> None:
    have, tag = await in_thread(part.have)
    extra = {"Accept-Encoding": "identity", "Accept": "application/pdf"}
    if have:
        extra |= {"Range": f"bytes={have}-", "If-Range": tag}
    asking = replace(request, extra=extra, total=_TOTAL, readable=frozenset({200, 206}))
    async with client.exchange(asking) as response:
        if response.status_code == 416:
            await in_thread(part.drop)
            raise Again("the file changed")
        check(asking, response.status_code, response.headers, b"", client.timing)
        if response.headers.get("content-encoding", "identity") != "identity":
            raise BadAnswer("a packed file")
        done = await _start(response, part, have)
        await _receive(response, part, done, told)


async def _start(response: httpx.Response, part: _Part, have: int) -> int:
    """Where the answer's first byte belongs."""
    if response.status_code == 206:
        start = re.match(r"bytes (\d+)-", response.headers.get("content-range", ""))
        if start and int(start[1]) == have:
            return have
        await in_thread(part.drop)
        raise BadAnswer("another part of the file")
    await in_thread(part.begin, response.headers.get("etag", ""))
    return 0


async def _receive(response: httpx.Response, part: _Part, done: int, told: Told) -> None:
    """Store the body piece by piece; of one that breaks off, or is stopped, what came is kept."""
    length = response.headers.get("content-length", "")
    total = done + int(length) if length.isdecimal() else None
    waiting = bytearray()
    told(done, total)
    try:
        async for chunk in response.aiter_raw():
            waiting += chunk
            _check_piece(waiting, done)
            if len(waiting) >= _PIECE:
                done += len(waiting)
                part.append(waiting)
                told(done, total)
    except (asyncio.CancelledError, httpx.TransportError, TimeoutError):
        part.append(waiting)
        raise
    done += len(waiting)
    part.append(waiting)
    told(done, total)


def _check_piece(piece: bytearray, done: int) -> None:
    """Go on only with a PDF that is not too large."""
    if done == 0 and len(piece) >= len(_MAGIC) and _MAGIC not in piece[:1024]:
        raise BadAnswer("something that is no PDF")
    if done + len(piece) > CAP:
        raise SourceError(f"The PDF is larger than {CAP // MEBIBYTE} MB; it was not downloaded.")


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return _MAGIC in file.read(1024)
    except OSError:
        return False
