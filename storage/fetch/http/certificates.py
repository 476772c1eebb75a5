"""Trusted certificates and TLS key logging, from the environment, validated.

`SSL_CERT_FILE` and `SSL_CERT_DIR` are OpenSSL's variables; they often outlive the environment that set them.
`SSLKEYLOGFILE` lets people decrypt their own traffic while debugging.
"""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Callable
from pathlib import Path

from paperdeck.storage.errors import NotSent
from paperdeck.storage.files.disk import is_folder
from paperdeck.storage.text.clean import clean_line


def tls_context(notify: Callable[[str], object]) -> ssl.SSLContext:
    """The context for connections over TLS, as `ssl.create_default_context` makes it.

    Args:
        notify: Called with a sentence about a variable that was ignored.

    Raises:
        NotSent: the environment names certificates that can't be read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if sys.version_info >= (3, 13):
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_STRICT
    file, folders = os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", "")
    there = [folder for folder in folders.split(os.pathsep) if folder and is_folder(Path(folder))]
    if file:
        _load_file(context, file)
    if folders and not there:
        if not file:
            raise _unusable("SSL_CERT_DIR", folders, "which is not a folder that can be read")
        notify(f"SSL_CERT_DIR is ignored: {_shown(folders)} is not a folder that can be read.")
    if there:
        context.load_verify_locations(capath=os.pathsep.join(there))
    if not file and not there:
        import certifi

        context.load_verify_locations(cafile=certifi.where())
    _log_keys(context, os.environ.get("SSLKEYLOGFILE", ""), notify)
    return context


def trust_variable() -> str:
    """The variable that says which certificates are trusted; empty if none does."""
    return next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)), "")


def _load_file(context: ssl.SSLContext, file: str) -> None:
    try:
        context.load_verify_locations(cafile=file)
    except ssl.SSLError as error:
        raise _unusable("SSL_CERT_FILE", file, "which holds no certificates") from error
    except (OSError, ValueError) as error:
        raise _unusable("SSL_CERT_FILE", file, f"which can't be read ({_reason(error)})") from error


def _log_keys(context: ssl.SSLContext, file: str, notify: Callable[[str], object]) -> None:
    """Log TLS keys if the environment says so; failing to never prevents a fetch."""
    if not file:
        return
    try:
        context.keylog_filename = file
    except (OSError, ValueError) as error:
        notify(f"SSLKEYLOGFILE is ignored: {_shown(file)} can't be written ({_reason(error)}).")


def _unusable(variable: str, value: str, reason: str) -> NotSent:
    return NotSent(f"{variable} names {_shown(value)}, {reason}", remedy="Correct or unset it")


def _reason(error: OSError | ValueError) -> str:
    """The system's error text, for the middle of a sentence."""
    reason = getattr(error, "strerror", None) or "not a file name"
    return reason[:1].lower() + reason[1:]


def _shown(path: str) -> str:
    return clean_line(path)[:80]
