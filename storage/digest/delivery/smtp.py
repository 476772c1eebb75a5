"""Sends a message to an SMTP server: encrypted, logged in, and with retries if the server asks for them.

The password comes from the environment or a command, never from our files.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from threading import Timer
from typing import Any, BinaryIO

from paperdeck.storage.errors import ActionFailed, InvalidInput, SettingsNeeded
from paperdeck.storage.settings.places import expanded
from paperdeck.storage.settings.settings import SECURITIES, MailSettings
from paperdeck.storage.text.clean import clean_line
from paperdeck.storage.text.command_line import words_of

PORTS: Mapping[str, int] = dict(zip(SECURITIES, (587, 465, 25), strict=True))
"""The kinds of security, with their default ports."""

_NO_SERVER = "There is no mail server yet. “paperdeck config edit” opens the settings; add these lines:"
_SERVER_LINES = """\
[mail]
host = "smtp.example.org"
user = "you@example.org"
password_command = "pass show mail\""""

VARIABLE = "PAPERDECK_SMTP_PASSWORD"
"""The environment variable that may hold the password."""

_PASSWORD_SECONDS = 60.0
"""Long enough for a password command that prompts the reader."""

_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?|[0-9A-Fa-f:.]{2,45}")
_TIMEOUT_SECONDS = 30.0
"""For each read from the server."""
_SESSION_SECONDS = 120.0
"""For the whole session, as a server could send one byte after another, each of them in time."""
_MAX_REPLIES_BYTES = 1_000_000
"""All replies of a session."""
_WAITS = (5.0, 20.0)
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST_REPLY_CHARACTERS = 200


def check_server(settings: MailSettings) -> None:
    """Check the settings without contacting the server.

    Raises:
        InvalidInput: they can't work.
    """
    if not settings.host:
        raise SettingsNeeded(_NO_SERVER, _SERVER_LINES)
    if not _HOST.fullmatch(settings.host):
        raise InvalidInput(f"“{settings.host[:60]}” is not a server name; correct “mail.host”.")
    if not settings.user.isascii():
        raise InvalidInput(f"“mail.user” has letters outside ASCII, which SMTP can't carry: {settings.user[:60]}.")
    if not 0 <= settings.port < 65536:
        raise InvalidInput(f"“mail.port” can't be {settings.port}; 0 stands for the usual one.")
    if settings.user and settings.security == "none" and settings.host not in _LOOPBACK:
        raise InvalidInput(f"The password would cross the network unencrypted to {settings.host}; set “mail.security”.")


def send_by_smtp(
    message: EmailMessage,
    sender: str,
    recipient: str,
    settings: MailSettings,
    *,
    environ: Mapping[str, str],
    sleep: Callable[[float], None],
) -> None:
    """Send a message. Transient failures (no connection, a 4xx reply) are retried twice, after 5 and 20 seconds.

    Args:
        sender: The envelope's sender.
        recipient: The envelope's recipient.
        settings: The server.
        environ: The environment, which may have the password.
        sleep: Waits some seconds.

    Raises:
        InvalidInput: the settings can't work.
        ActionFailed: the server did not take it.
    """
    check_server(settings)
    password = find_password(settings, environ) if settings.user else ""
    context = _context(settings)
    for wait in (*_WAITS, None):
        try:
            with _session(settings, password, context) as server:
                server.send_message(message, sender, [recipient])
            return
        except (smtplib.SMTPException, OSError) as error:
            if wait is None or not _may_pass(error):
                raise ActionFailed(f"The email to {recipient} was not sent: {_reason(error, settings)}.") from error
            sleep(wait)


class _Replies:
    """A server's replies; once they are far too long, they end as if it had hung up."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._left = file, _MAX_REPLIES_BYTES

    def readline(self, limit: int) -> bytes:
        line = self._file.readline(limit)
        self._left -= len(line)
        return line if self._left >= 0 else b""

    def close(self) -> None:
        self._file.close()


class _Limited(smtplib.SMTP):
    """A session with a limit on its time and on the size of all replies."""

    _watch: Timer | None = None
    _duplicate: socket.socket | None = None
    """A second descriptor of the connection; TLS takes over the first one."""

    def _get_socket(self, *where: Any) -> socket.socket:
        found: socket.socket = super()._get_socket(*where)  # type: ignore[misc]
        self._duplicate = found.dup()
        self._watch = Timer(_SESSION_SECONDS, _hang_up, [self._duplicate])
        self._watch.daemon = True
        self._watch.start()
        return found

    def connect(self, *where: Any) -> tuple[int, bytes]:
        try:
            return super().connect(*where)
        except BaseException:
            self.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock:
            self.file = _Replies(self.sock.makefile("rb"))
        return super().getreply()

    def close(self) -> None:
        super().close()
        if self._watch and self._duplicate:
            self._watch.cancel()
            self._duplicate.close()


class _LimitedTls(smtplib.SMTP_SSL, _Limited):
    """The same, encrypted from the beginning."""


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # the server hung up first
        connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def _session(settings: MailSettings, password: str, context: ssl.SSLContext) -> Iterator[smtplib.SMTP]:
    """A session ready for a message. Once the message is accepted, an unclean end of the session doesn't matter."""
    port = settings.port or PORTS[settings.security]
    if settings.security == "tls":
        server: _Limited = _LimitedTls(settings.host, port, timeout=_TIMEOUT_SECONDS, context=context)
    else:
        server = _Limited(settings.host, port, timeout=_TIMEOUT_SECONDS)
    try:
        if settings.security == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, password)
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()


def _context(settings: MailSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.ca_file:
        try:
            context.load_verify_locations(expanded(settings.ca_file))
        except OSError as error:
            raise InvalidInput(f"“mail.ca_file”, {settings.ca_file}, holds no certificate that can be used.") from error
    return context


# -- the password ------------------------------------------------------------------------------------------------------


def find_password(settings: MailSettings, environ: Mapping[str, str]) -> str:
    """The password for the user of the settings.

    Raises:
        ActionFailed: there is none, or the command for it failed.
    """
    found = environ.get(VARIABLE) or _from_command(settings.password_command)
    if found and found.isascii():
        return found
    if found:
        raise ActionFailed(f"The password for {settings.user} has letters outside ASCII, which SMTP can't carry.")
    raise ActionFailed(
        f"There is no password for {settings.user}; set {VARIABLE}, or name a command as “mail.password_command” in "
        "the settings, such as “secret-tool lookup service mail” or “pass show mail”."
    )


def _from_command(command: str) -> str | None:
    if not command.strip():
        return None
    name = command.split()[0]
    try:
        done = subprocess.run(words_of(command), stdout=subprocess.PIPE, timeout=_PASSWORD_SECONDS, check=True)
    except subprocess.CalledProcessError as error:
        raise ActionFailed(f"The command for the password, {name}, failed with code {error.returncode}.") from error
    except subprocess.TimeoutExpired as error:
        raise ActionFailed(
            f"The command for the password, {name}, took over {_PASSWORD_SECONDS:.0f} seconds."
        ) from error
    except (OSError, ValueError) as error:
        raise ActionFailed(f"The command for the password, {name}, can't be run: {error}.") from error
    return done.stdout.decode(errors="replace").split("\n", 1)[0].rstrip("\r")


# -- what went wrong -----------------------------------------------------------------------------------------------


def _may_pass(error: Exception) -> bool:
    """Whether the failure is transient: the connection broke, or the server replied with a 4xx code."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return 400 <= error.smtp_code < 500
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError):
        return False
    return isinstance(error, smtplib.SMTPServerDisconnected | OSError)


def _reason(error: Exception, settings: MailSettings) -> str:
    """The reason, as the end of a sentence, with a remedy if there is one."""
    server = f"{settings.host}:{settings.port or PORTS[settings.security]}"
    match error:
        case smtplib.SMTPAuthenticationError(smtp_code=code) if code >= 500:
            reply = _reply(error.smtp_code, error.smtp_error)
            return f"{server} does not accept the password of {settings.user} ({reply}); many require an app password"
        case smtplib.SMTPRecipientsRefused():
            return f"{server} refuses the address ({_reply(*next(iter(error.recipients.values())))})"
        case smtplib.SMTPResponseException():
            return f"{server} refuses it ({_reply(error.smtp_code, error.smtp_error)})"
        case smtplib.SMTPNotSupportedError():
            return f"{server} does not offer what “mail.security” and “mail.user” ask for ({clean_line(str(error))})"
        case smtplib.SMTPServerDisconnected():
            return f"{server} dropped the connection; try again later"
        case ssl.SSLCertVerificationError():
            why = error.verify_message
            return f"the certificate of {server} can't be trusted ({why}); for one of your own, set “mail.ca_file”"
        case ssl.SSLError():
            return f"{server} does not speak TLS here; check “mail.port” and “mail.security”"
        case TimeoutError():
            return f"{server} does not answer; check “mail.host” and the network"
        case OSError():
            return f"{server} can't be reached ({error.strerror or error}); check “mail.host” and the network"
        case _:
            reply = clean_line(str(error))[:_LONGEST_REPLY_CHARACTERS]
            return f"{server} gave an answer that can't be understood ({reply})"


def _reply(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {clean_line(words)[:_LONGEST_REPLY_CHARACTERS]}".strip()
