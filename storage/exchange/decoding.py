"""Decodes a file: by byte order mark, by its header's charset, or line by line; emails are unpacked."""

from __future__ import annotations

import codecs
import json
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, NamedTuple

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADER = re.compile(rb"(?i)(?:encoding|coding|charset)\s*[:=]\s*[\"']?([A-Za-z0-9_-]{3,20})")
_NAMES = {"iso8859": "iso8859-1", "ansi": "cp1252", "unicode": "utf-16", "macroman": "mac-roman", "latin1": "latin-1"}
_MAIL = re.compile(rb"\A(?:From [^\n]*\r?\n)?(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}\r?\n")
_MAIL_FIELDS = re.compile(rb"(?im)^(?:subject|from|mime-version|content-type|received):")
_MAILBOX = re.compile(rb"\r?\n(?=From \S+ [^\n]*\d{4}\r?\n[A-Za-z-]+:)")
"""Between two emails of a mailbox."""

_READ_FILES = (".bib", ".ris", ".json", ".csv", ".txt", ".md", ".html")
"""Attachments that are read."""

_HEAD_BYTES = 2000
_NOT_IN_TEXT = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r\x1a\x1b"})
_CHARACTER_SET = re.compile(
    r"utf|iso|latin|ascii|cp\d|koi8|mac|big5|gb|euc|shift_jis|johab|hz|tis|ptcp|hp-roman|kz", re.IGNORECASE
)
"""Codecs that are character sets; `idna`, `punycode` and `unicode-escape` aren't."""


_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def writable_json(text: str) -> str:
    """JSON with a replacement character for each half of a surrogate pair, which no file can hold."""
    return _ESCAPE.sub(lambda escape: r"\ufffd" if escape["half"] else escape[0], text)


def rest_in(text: str) -> dict[str, Any]:
    """The JSON of `rest` embedded in a text; empty if there is none."""
    try:
        rest = json.loads(writable_json(text)) if text.startswith("{") else {}
    except (ValueError, RecursionError):
        return {}
    return rest if isinstance(rest, dict) else {}


class Decoded(NamedTuple):
    """The text of a file."""

    text: str
    warning: str = ""
    """A warning for the reader; empty if there is none."""


def decode_file(data: bytes) -> Decoded:
    """The text of a file; an email's text without its headers, its encoding undone."""
    if _MAIL.match(data) and len(_MAIL_FIELDS.findall(data[:_HEAD_BYTES])) >= 2:
        emails = _MAILBOX.split(data) if data.startswith(b"From ") else [data]
        return Decoded("\n".join(_unquoted(_email(email)) for email in emails))
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(data.decode(encoding, errors="replace"))
    if encoding := _unmarked_utf_16(data[:_HEAD_BYTES]):
        return Decoded(data.decode(encoding, errors="replace"))
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _older(data)


def _older(data: bytes) -> Decoded:
    """Decode text that isn't UTF-8: by the charset in its header, else line by line."""
    found = _HEADER.search(data[:_HEAD_BYTES])
    encoding = _character_set(found[1].decode()) if found else None
    if encoding and encoding != "utf-8":
        return Decoded(data.decode(encoding, errors="replace"))
    lines = data.split(b"\n")
    decoded = [_line(line) for line in lines]
    other = sum(is_other for _, is_other in decoded)
    mixed = any(not line.isascii() and not is_other for line, (_, is_other) in zip(lines, decoded, strict=True))
    part, were = ("1 of its lines is", "was") if other == 1 else (f"{other} of its lines are", "were")
    which, were = (part, were) if mixed else ("It is", "was")
    warning = f"{which} not in UTF-8 and {were} read as Windows-1252; check the accents."
    return Decoded("\n".join(text for text, _ in decoded), warning)


def _line(line: bytes) -> tuple[str, bool]:
    try:
        return line.decode("utf-8"), False
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace"), True


def is_binary(data: bytes) -> bool:
    """Whether data isn't text in any encoding, by the control characters at its beginning."""
    head = data[:_HEAD_BYTES]
    if head.startswith(tuple(mark for mark, _ in _MARKS)) or _unmarked_utf_16(head):
        return False
    return len(head) - len(head.translate(None, _NOT_IN_TEXT)) > len(head) // 20


def _unmarked_utf_16(head: bytes) -> str:
    """The encoding if every other byte tends to be zero, and only those; else an empty text."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) or max(even, odd) <= len(head) // 4:
        return ""
    return "utf-16-le" if odd else "utf-16-be"


def _character_set(name: str) -> str | None:
    """Python's name of a character set as programs write it: `ISO8859_2`, `Cp1250`; not all its codecs are such."""
    plain = name.lower().replace("_", "-")
    try:
        encoding = codecs.lookup(_NAMES.get(plain, plain)).name
    except LookupError:
        return None
    return encoding if _CHARACTER_SET.match(encoding) else None


def _email(data: bytes) -> str:
    """The text of an email, with what it forwards, without headers."""
    message = message_from_bytes(data, policy=policy.default)
    texts: list[str] = []
    parts = [part for part in message.walk() if not part.is_multipart()]
    attached = [part for part in parts if (part.get_filename() or "").lower().endswith(_READ_FILES)]
    for kind in ("plain", "html"):
        for part in parts:
            if part.get_content_type() == f"text/{kind}" and part not in attached and not (kind == "html" and texts):
                texts.append(_content(part))
    texts = [_content(part) for part in attached] or texts
    return "\n".join(texts)


def _unquoted(text: str) -> str:
    """A text without the `>` of a reply, if most of its lines have one."""
    lines = [line for line in text.splitlines() if line.strip()]
    quoted = sum(line.startswith(">") for line in lines)
    return re.sub(r"(?m)^(?:> ?)+", "", text) if quoted > len(lines) / 2 else text


def _content(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(_character_set(part.get_content_charset() or "") or "utf-8").replace("\r\n", "\n")
    except ValueError:
        return decode_file(payload).text
