"""A digest as an email has correct headers and no defects, and the same period is the same message."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from paperdeck.storage.digest.delivery.mail import digest_message, parse_address
from paperdeck.storage.errors import InvalidInput
from tests.support.digests import ADA, NOW, a_digest, parsed


def message(**facts: str) -> EmailMessage:
    return digest_message(a_digest(**facts), sender="deck@example.org", recipient=ADA, now=NOW)


def test_a_message_has_text_and_html_of_the_same_content() -> None:
    found = parsed(message().as_bytes())
    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    for part in found.iter_parts():
        assert "深度学习 für Ümläute = 100 %" in part.get_content()


def test_the_headers_say_what_it_is() -> None:
    found = parsed(message(query="größe OR 学习").as_bytes())
    assert found["Subject"] == "Papers of 16 to 22 Nov 2026: 1 paper for größe OR 学习"
    assert (found["From"], found["To"]) == ("paperdeck <deck@example.org>", ADA)
    assert found["Date"].datetime == NOW
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["List-Id"].startswith("paperdeck <digest.")
    assert found["List-Id"].endswith(".localhost>")


def test_lines_and_characters_are_those_of_the_network() -> None:
    raw = message(title="é" * 3000).as_bytes()
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_period_has_the_same_message_id() -> None:
    later = digest_message(a_digest(title="Else"), sender="deck@example.org", recipient=ADA, now=datetime.now(UTC))
    assert later["Message-ID"] == message()["Message-ID"]
    assert "2026-11-16.2026-11-22" in later["Message-ID"]
    assert message(query="cats")["Message-ID"] != message()["Message-ID"]


def test_a_query_cant_add_a_header() -> None:
    found = parsed(message(query="x" * 300).as_bytes())
    assert len(found["Subject"]) == 120
    with pytest.raises(ValueError, match="linefeed"):
        message(query="x\r\nBcc: eve@example.org")


@pytest.mark.parametrize(
    "text", ["", "ada", "ada@", "@b.c", "a b@c.d", "-f@x.y", "a@b\n.c", "ä@b.c", "<a@b.c>", "a@b,c@d"]
)
def test_what_is_not_an_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="can't be used as an email address"):
        parse_address(text)
