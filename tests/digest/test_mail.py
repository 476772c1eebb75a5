"""Mail goes to a real server on loopback, encrypted and logged in; what fails is reported, and not marked as sent."""

import contextlib
import mailbox
import socket
import socketserver
import ssl
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from paperdeck.storage.digest.delivery import smtp
from paperdeck.storage.digest.delivery.mail import Mailer
from paperdeck.storage.digest.delivery.sent import SentLog
from paperdeck.storage.digest.delivery.smtp import VARIABLE, find_password
from paperdeck.storage.errors import ActionFailed, InvalidInput, StoreError
from paperdeck.storage.settings.settings import MailSettings, Places, load_settings
from paperdeck.tui.__main__ import main
from tests.support.digests import ADA, NOW, WEEK, a_digest, parsed


class Inbox:
    """What a server does with mail: it keeps it, or what a test asks for instead."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.attempts = 0
        self.replies: list[str] = []
        self.drops = False

    async def handle_RCPT(  # noqa: N802, the server calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.attempts += 1
        if self.replies:
            return self.replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.drops:
            assert server.transport
            server.transport.abort()
        else:
            self.mails.append(envelope)
        return "250 OK"


Serve = Callable[..., AbstractContextManager[tuple[Inbox, MailSettings]]]


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def serve(authority: trustme.CA, tmp_path: Path) -> Serve:
    """A server on loopback, with the settings that fit it."""
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)

    @contextmanager
    def running(security: str = "starttls", host: str = "localhost") -> Iterator[tuple[Inbox, MailSettings]]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(context)
        inbox = Inbox()
        logins: dict[str, Any] = {"authenticator": _authenticate, "auth_require_tls": security == "starttls"}
        if security == "starttls":
            logins |= {"tls_context": context, "require_starttls": True, "auth_required": True}
        inside = context if security == "tls" else None
        controller = Controller(inbox, "127.0.0.1", _free_port(), ssl_context=inside, **logins)
        controller.start()
        user = "" if security == "none" else "deck"
        try:
            yield (
                inbox,
                MailSettings(
                    host="localhost",
                    port=controller.port,
                    security=security,
                    user=user,
                    sender="deck@example.org",
                    ca_file=str(ca_file),
                ),
            )
        finally:
            controller.stop()

    return running


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any) -> AuthResult:
    right = isinstance(login, LoginPassword) and (login.login, login.password) == (b"deck", b"sesame")
    return AuthResult(success=right, handled=right)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def log(places: Places) -> SentLog:
    return SentLog(places)


@pytest.fixture
def waits() -> list[float]:
    return []


def a_post(settings: MailSettings, waits: list[float], password: str = "sesame") -> Mailer:
    return Mailer(settings, {VARIABLE: password}, waits.append, NOW.timestamp)


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_server_gets_the_digest_once(serve: Serve, log: SentLog, waits: list[float], security: str) -> None:
    with serve(security) as (inbox, settings):
        post = a_post(settings, waits)
        assert post.send(a_digest(), ADA, log)
        assert not post.send(a_digest(title="Else"), ADA, log)
    (mail,) = inbox.mails
    assert (mail.mail_from, mail.rcpt_tos) == ("deck@example.org", [ADA])
    assert isinstance(mail.content, bytes)
    assert "深度学习" in parsed(mail.content).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert [sent.ids for sent in log.series("", ADA)] == [("2611.00001",)]
    assert waits == []


def test_force_another_period_and_another_query_send_again(serve: Serve, log: SentLog, waits: list[float]) -> None:
    with serve() as (inbox, settings):
        post = a_post(settings, waits)
        assert post.send(a_digest(), ADA, log)
        assert post.send(a_digest(), ADA, log, force=True)
        assert post.send(a_digest(period=WEEK.before), ADA, log)
        assert post.send(a_digest("cats"), ADA, log)
        assert post.send(a_digest(), "bo@example.org", log)
    assert len(inbox.mails) == 5


def failure(post: Mailer, log: SentLog) -> str:
    """Why a digest was not sent; checks that it isn't marked as sent."""
    with pytest.raises(ActionFailed) as caught:
        post.send(a_digest(), ADA, log)
    assert log.series("", ADA) == []
    text = str(caught.value)
    assert text.startswith(f"The email to {ADA} was not sent: ")
    assert text.endswith(".")
    assert "\n" not in text
    return text


def test_a_refused_recipient_is_reported_at_once(serve: Serve, log: SentLog, waits: list[float]) -> None:
    with serve() as (inbox, settings):
        inbox.replies = ["550 no such\x1b[31m user here"]
        assert "refuses the address (550 no such user here)" in failure(a_post(settings, waits), log)
    assert waits == []


def test_a_server_that_is_busy_is_asked_again_politely(serve: Serve, log: SentLog, waits: list[float]) -> None:
    with serve() as (inbox, settings):
        inbox.replies = ["451 greylisted", "421 busy"]
        assert a_post(settings, waits).send(a_digest(), ADA, log)
    assert waits == [5.0, 20.0]
    assert len(inbox.mails) == 1


def test_a_server_that_stays_busy_is_left_alone(serve: Serve, log: SentLog, waits: list[float]) -> None:
    with serve() as (inbox, settings):
        inbox.replies = ["451 later"] * 9
        assert "(451 later)" in failure(a_post(settings, waits), log)
    assert inbox.attempts == 3


def test_a_dropped_connection_is_reported(serve: Serve, log: SentLog, waits: list[float]) -> None:
    with serve() as (inbox, settings):
        inbox.drops = True
        assert "dropped the connection; try again later" in failure(a_post(settings, waits), log)
    assert waits == [5.0, 20.0]


@contextmanager
def speaking(first: bytes, then: bytes, pause: float) -> Iterator[int]:
    """The port of a server that says the same thing for ever."""
    over = threading.Event()

    class Endless(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):  # the other side has gone
                self.request.sendall(first)
                while not over.wait(pause):
                    self.request.sendall(then)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Endless) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            over.set()
            server.shutdown()


@pytest.mark.parametrize(
    ("security", "first", "then", "pause"),
    [
        ("none", b"", b"220-welcome\r\n" * 1000, 0),
        ("none", b"220", b"-", 0.02),
        ("none", b"220 a\r\n250", b"-", 0.02),
        ("tls", b"\x16\x03\x03\x40\0", b"\2", 0.02),
    ],
    ids=["endless", "slow greeting", "slow answer", "slow encryption"],
)
def test_a_server_that_never_finishes_is_given_up(
    log: SentLog, monkeypatch: pytest.MonkeyPatch, security: str, first: bytes, then: bytes, pause: float
) -> None:
    """Although each of its replies is in time."""
    monkeypatch.setattr(smtp, "_SESSION_SECONDS", 0.2 if pause else 60)
    monkeypatch.setattr(smtp, "_WAITS", ())
    with speaking(first, then, pause) as port:
        mailer = Mailer(MailSettings(host="127.0.0.1", port=port, security=security, sender="deck@example.org"))
        with pytest.raises(ActionFailed, match="was not sent"):
            mailer.send(a_digest(), ADA, log)


def test_a_wrong_password_is_reported_and_not_tried_again(serve: Serve, log: SentLog, waits: list[float]) -> None:
    with serve() as (_, settings):
        text = failure(a_post(settings, waits, "wrong"), log)
    assert "does not accept the password of deck (535 " in text
    assert "wrong" not in text
    assert waits == []


def test_a_certificate_that_is_not_trusted_is_reported(serve: Serve, log: SentLog, waits: list[float]) -> None:
    with serve(host="elsewhere.example") as (inbox, settings):
        assert "can't be trusted" in failure(a_post(settings, waits), log)
    assert inbox.mails == []
    assert waits == []


def test_a_server_without_starttls_gets_no_password(serve: Serve, log: SentLog, waits: list[float]) -> None:
    with serve("none") as (inbox, settings):
        settings = settings._replace(security="starttls", user="deck")
        assert "does not offer what “mail.security”" in failure(a_post(settings, waits), log)
    assert inbox.mails == []


def test_nobody_there_is_reported(log: SentLog, waits: list[float]) -> None:
    settings = MailSettings(host="127.0.0.1", port=_free_port(), security="none", sender="deck@example.org")
    assert "can't be reached" in failure(a_post(settings, waits), log)


# -- settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"host": ""}, "There is no mail server yet"),
        ({"host": "a b"}, "is not a server name"),
        ({"port": 70_000}, "“mail.port” can't be 70000"),
        ({"security": "none", "user": "ada"}, "would cross the network unencrypted"),
        ({"sender": ""}, "There is no address to send from"),
    ],
)
def test_settings_that_cannot_work_are_named_before_anything_is_sent(facts: dict[str, Any], sentence: str) -> None:
    settings = MailSettings(**({"host": "mail.example.org", "sender": "deck@example.org"} | facts))
    with pytest.raises(InvalidInput, match=sentence):
        Mailer(settings, {}).check(ADA)


def test_the_lines_that_are_to_be_added_work(places: Places, capsys: pytest.CaptureFixture[str]) -> None:
    """“There is no mail server yet” came without them, and then with all of them on one line."""
    assert main(["digest", "--send", ADA]) == 2
    sentence, lines = capsys.readouterr().err.split("\n", 1)
    assert sentence.endswith("add these lines:")
    places.config_file.parent.mkdir(parents=True)
    places.config_file.write_text(lines, encoding="utf-8")
    settings, complaints = load_settings(places.config_file)
    assert complaints == []
    assert Mailer(settings.mail, {}).check(ADA) == ADA


def test_a_password_in_the_settings_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[mail]\nhost = "mail.example.org"\npassword = "sesame"\n')
    settings, (complaint,) = load_settings(file)
    assert settings.mail == MailSettings(host="mail.example.org")
    assert "a password doesn't belong in the settings" in complaint
    assert "sesame" not in complaint


def test_the_password_comes_from_the_environment_or_a_command() -> None:
    settings = MailSettings(user="ada", password_command="printf 'two words\\nsecond line'")
    assert find_password(settings, {VARIABLE: "one"}) == "one"
    assert find_password(settings, {}) == "two words"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("", "There is no password for ada"),
        ("false", "failed with code 1"),
        ("no-such-program x", "no-such-program, can't be run"),
        ("'unclosed", "can't be run"),
        ("printf ä", "outside ASCII"),
    ],
)
def test_a_password_that_cannot_be_had_is_reported(command: str, sentence: str) -> None:
    with pytest.raises(ActionFailed, match=sentence):
        find_password(MailSettings(user="ada", password_command=command), {})


# -- Maildir and sendmail ------------------------------------------------------------------------------------------


def test_a_maildir_gets_the_digest_once(log: SentLog, tmp_path: Path) -> None:
    post = Mailer(MailSettings())
    destination = post.check(f"maildir:{tmp_path / 'Mail' / 'papers'}")
    assert post.send(a_digest(), destination, log)
    assert not post.send(a_digest(), destination, log)
    (found,) = mailbox.Maildir(tmp_path / "Mail" / "papers")
    raw = found.as_bytes()
    assert b"\r" not in raw
    assert parsed(raw)["Subject"] == "Papers of 16 to 22 Nov 2026: 1 paper"


@pytest.mark.parametrize("folder", ["/tmp/papers", "~/Mail/papers", "./papers"])
def test_a_bare_folder_is_answered_with_what_to_type(folder: str) -> None:
    with pytest.raises(InvalidInput, match=f"type “maildir:{folder}”"):
        Mailer(MailSettings()).check(folder)


def test_a_folder_that_is_not_a_maildir_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(InvalidInput, match="is not a Maildir"):
        Mailer(MailSettings()).check(f"maildir:{tmp_path / 'photos'}")
    assert list((tmp_path / "photos").iterdir()) == []


def sendmail(tmp_path: Path, script: str) -> Mailer:
    program = tmp_path / "send mail"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return Mailer(MailSettings(sendmail=f"'{program}' -i", sender="deck@example.org"))


def test_a_sendmail_command_gets_the_message_and_the_address(log: SentLog, tmp_path: Path) -> None:
    post = sendmail(tmp_path, f"echo \"$@\" > '{tmp_path}/words'; cat > '{tmp_path}/mail'")
    assert post.send(a_digest(), post.check(ADA), log)
    assert (tmp_path / "words").read_text() == f"-i {ADA}\n"
    assert parsed((tmp_path / "mail").read_bytes())["To"] == ADA


def test_a_sendmail_command_that_fails_is_reported(log: SentLog, tmp_path: Path) -> None:
    assert "failed with code 75 (no route)." in failure(
        sendmail(tmp_path, "cat > /dev/null; echo no route >&2; exit 75"), log
    )


def test_a_folder_whose_name_is_not_text_gets_a_period_once(places: Places, tmp_path: Path) -> None:
    """The email was delivered, the memory of it was not, and the next run delivered it again."""
    destination = f"maildir:{tmp_path}/\udcff"
    log, post = SentLog(places), Mailer(MailSettings())
    assert [post.send(a_digest(), post.check(destination), log) for _ in range(3)] == [True, False, False]
    assert len(mailbox.Maildir(tmp_path / "\udcff")) == 1


def test_nothing_is_sent_where_it_cannot_be_remembered(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can fail fails before the email leaves."""

    def full(path: Path, value: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr("paperdeck.storage.files.small.write_json", full)
    post = Mailer(MailSettings())
    with pytest.raises(StoreError):
        post.send(a_digest(), post.check(f"maildir:{tmp_path}/m"), SentLog(places))
    assert not (tmp_path / "m").exists()


def test_what_was_not_sent_is_not_remembered(places: Places, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log, post = SentLog(places), Mailer(MailSettings())
    with pytest.raises(ActionFailed):
        post.send(a_digest(), f"maildir:{tmp_path}/file/m", log)
    assert log.series("agents", f"maildir:{tmp_path}/file/m") == []
    assert not list(places.state.glob("*.next"))


@pytest.mark.parametrize("content", ["[" * 100_000, '{"sent": ' + "[" * 100_000, '{"sent": {"a": 1}}', "7", ""])
def test_a_damaged_memory_stops_sending(places: Places, tmp_path: Path, content: str) -> None:
    places.state.mkdir(parents=True)
    (places.state / "digests.json").write_text(content)
    post = Mailer(MailSettings())
    with pytest.raises(StoreError, match="damaged"):
        post.send(a_digest(), post.check(f"maildir:{tmp_path}/m"), SentLog(places))
    assert not (tmp_path / "m").exists()
