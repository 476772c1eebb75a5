"""Downloads of PDFs: into a part file first, resumed where an earlier attempt stopped; the result is always a PDF."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx

from paperdeck.storage.errors import SourceError, StoreError
from paperdeck.storage.fetch.offload import in_thread
from paperdeck.storage.files.disk import is_link, is_there, open_own, text_of, write_all, write_files
from paperdeck.storage.files.output import check_output, place_file

from .answers import TransientFailure
from .client import MEBIBYTE, HttpClient, Request, is_validator, raise_for_status

log = logging.getLogger(__name__)

LARGEST_PDF_BYTES = 300 * MEBIBYTE
"""Bytes of the largest PDF that is downloaded."""
_TOTAL_SECONDS = 900.0
_PIECE_BYTES = MEBIBYTE // 4
_MAGIC = b"%PDF-"
_REMEDY = "make room there, or choose another folder (files.downloads in the settings)"

OnProgress = Callable[[int, int | None], object]
"""Called with the bytes received, and the total (None if unknown)."""


async def download(client: HttpClient, request: Request, target: Path, report: OnProgress | None = None) -> Path:
    """Download a PDF to a file, unless it is there already.

    Args:
        request: The request for the PDF.
        target: The file; its folder is made if needed. A part file is next to it until the PDF is complete.
        report: Called as bytes arrive.

    Returns:
        The file.

    Raises:
        SourceError: the source does not have it, sends something else, or does not answer.
        FileInTheWay: a file of that name is there, which is not a PDF.
        ActionFailed, StoreError: the file can't be written.
    """
    if await in_thread(is_pdf, target):
        return target
    part = _Part(target)
    try:
        await in_thread(part.open)
        await client.retry(request, partial(_attempt, client, request, part, report or (lambda *_: None)))
        await in_thread(part.finish)
    except OSError as error:
        raise StoreError(f"{target} was not saved ({error.strerror}); {_REMEDY}.") from error
    finally:
        part.close()
    return target


def is_pdf(path: Path) -> bool:
    """Whether a file begins as a PDF does."""
    try:
        with open_own(path) as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


class _Part:
    """The part file, locked while it is open, and next to it the validator of the version that it belongs to.

    The validator is the ETag or the Last-Modified date of the answer (RFC 9110, 13.1.5). Without one a part can't be
    resumed, so it does not stay.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._path = target.with_name(target.name + ".part")
        self._edition = target.with_name(target.name + ".part.edition")
        self._descriptor: int | None = None
        self._finished = self._made_folder = False

    def open(self) -> None:
        """Open or make the file, and keep other processes from writing to it."""
        self._made_folder = not is_there(self._target.parent)
        self._target.parent.mkdir(parents=True, exist_ok=True)
        check_output(self._target)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        self._descriptor = os.open(self._path, flags, 0o666)
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            raise StoreError(f"{self._path} is not a file; remove it, or choose another folder.")
        if not _locked(self._descriptor):
            self.close(keep=True)
            raise StoreError(f"{self._target.name} is already being downloaded.")

    def received(self) -> tuple[int, str]:
        """The number of bytes received before, and the validator of their version; 0 without a validator."""
        try:
            validator = "" if is_link(self._edition) else text_of(self._edition, "ascii")
        except (OSError, ValueError):
            return 0, ""
        size = os.fstat(self._opened).st_size
        return (size, validator) if size and is_validator(validator) else (0, "")  # others may have written that file

    def begin(self, validator: str) -> None:
        """Start a new version from its first byte."""
        os.truncate(self._opened, 0)
        if validator:
            write_files({self._edition: [validator.encode()]}, durable=False)  # replaces a link or a pipe
        else:
            self._edition.unlink(missing_ok=True)

    def append(self, data: bytearray) -> None:
        """Add bytes and take them out of `data`. Not in a thread, which could continue after a download was stopped."""
        os.lseek(self._opened, 0, os.SEEK_END)
        write_all(self._opened, data)
        data.clear()

    def finish(self) -> None:
        """Make it the target."""
        os.fsync(self._opened)
        if not is_pdf(self._path):
            self.begin("")
            raise SourceError("what arrived is not a PDF, so it was not kept")
        place_file(self._path, self._target)
        self._edition.unlink(missing_ok=True)
        self._finished = True

    def close(self, *, keep: bool = False) -> None:
        """Close the file; a part that can't be resumed is removed, unless it is another process's (`keep`).

        A folder that was made for it and is empty goes too.
        """
        if self._descriptor is None:
            return
        try:
            if not (self._finished or keep or self.received()[0]):
                self._path.unlink(missing_ok=True)
                self._edition.unlink(missing_ok=True)
                if self._made_folder and not any(self._target.parent.iterdir()):
                    self._target.parent.rmdir()
        except OSError as error:
            log.info("%s can't be removed: %s", self._path, error)
        finally:
            os.close(self._descriptor)
            self._descriptor = None

    @property
    def _opened(self) -> int:
        assert self._descriptor is not None, "open() first"
        return self._descriptor


async def _attempt(client: HttpClient, request: Request, part: _Part, report: OnProgress) -> None:
    have, validator = await in_thread(part.received)
    extra = {"Accept-Encoding": "identity", "Accept": "application/pdf"}
    if have:
        extra |= {"Range": f"bytes={have}-", "If-Range": validator}
    attempt = replace(request, extra=extra, attempt_seconds=_TOTAL_SECONDS, readable=frozenset({200, 206}))
    async with client.exchange(attempt) as response:
        if response.status_code == 416:
            await in_thread(part.begin, "")
            raise TransientFailure(f"{request.name} has another version of the file")
        raise_for_status(attempt, response.status_code, response.headers, b"", client.timing)
        done = await _start(request, response, part, have)
        await _receive(request, response, part, done, report)


async def _start(request: Request, response: httpx.Response, part: _Part, have: int) -> int:
    """Where the answer's first byte belongs."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise TransientFailure(f"{request.name} sent a compressed file", attempts=2)
    total = _total_of(response)
    if total is not None and total > LARGEST_PDF_BYTES:
        await in_thread(part.begin, "")
        raise _too_large(request, total)
    if response.status_code == 206:
        start = re.match(r"bytes (\d{1,15})-", response.headers.get("content-range", ""))
        if have and start and int(start[1]) == have:
            return have
        await in_thread(part.begin, "")
        raise TransientFailure(f"{request.name} sent another part of the file")
    await in_thread(part.begin, _validator(response))
    return 0


async def _receive(request: Request, response: httpx.Response, part: _Part, done: int, report: OnProgress) -> None:
    """Store the body chunk by chunk; if it breaks off or is stopped, the part received is kept."""
    total = _total_of(response)
    waiting = bytearray()
    report(done, total)
    try:
        async for chunk in response.aiter_raw():
            waiting += chunk
            _check_piece(request, part, waiting, done)
            if len(waiting) >= _PIECE_BYTES:
                done += len(waiting)
                part.append(waiting)
                report(done, total)
    except (asyncio.CancelledError, httpx.TransportError, TimeoutError):
        part.append(waiting)
        raise
    done += len(waiting)
    part.append(waiting)
    report(done, total)


def _check_piece(request: Request, part: _Part, piece: bytearray, done: int) -> None:
    """Raise for anything but a PDF of acceptable size."""
    if done == 0 and not piece.startswith(_MAGIC[: len(piece)]):
        part.begin("")
        raise TransientFailure(f"{request.name} sent something that is not a PDF", attempts=2)
    if done + len(piece) > LARGEST_PDF_BYTES:
        part.begin("")
        raise _too_large(request, done + len(piece))


def _too_large(request: Request, size: int) -> SourceError:
    limit = LARGEST_PDF_BYTES // MEBIBYTE
    return SourceError(
        f"{request.name} sends {size // MEBIBYTE:,} MB, more than the limit of {limit} MB",
        remedy="Open the PDF in the browser instead",
    )


def _total_of(response: httpx.Response) -> int | None:
    """The bytes of the whole file, if the headers say so."""
    whole = re.search(r"/(\d{1,15})$", response.headers.get("content-range", ""))
    if whole:
        return int(whole[1])
    length = response.headers.get("content-length", "")
    return int(length) if response.status_code == 200 and re.fullmatch(r"\d{1,15}", length) else None


def _validator(response: httpx.Response) -> str:
    """The value for If-Range: a strong ETag, else the date of the last change; empty if there is neither."""
    etag, changed = response.headers.get("etag", ""), response.headers.get("last-modified", "")
    found = etag if etag.startswith('"') else changed
    return found if is_validator(found) else ""


def _locked(descriptor: int) -> bool:
    """Lock a file against other processes, where the system can; False if one of them has it."""
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
