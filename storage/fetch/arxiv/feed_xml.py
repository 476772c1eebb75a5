"""Reads feeds that are not quite XML: a fault costs at most its own entry.

Feeds in the wild hold control characters, bytes of another encoding, HTML's entities and stray ampersands; XML forbids
all of them (https://www.w3.org/TR/xml/#charsets), and one is enough to make a parser give up a page of a hundred
papers. No DTD is ever read, so no entity can grow or reach elsewhere.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from paperdeck.storage.fetch.http.answers import BadAnswer

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_ENTRIES = 5_000
"""Entries of a feed that are read; arXiv announces a few hundred papers a day in its largest category."""

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_ENCODING = re.compile(
    r"(?i)utf-?(?:8|16|32)(?:-?[bl]e)?|us-ascii|iso-?8859-\d{1,2}|latin-?\d|(?:windows-|cp)125\d|koi8-r"
)
_DOCTYPE_START = re.compile(r"(?i)<!DOCTYPE")
_DOCTYPE = re.compile(r"(?is)<!DOCTYPE[^\[>]{0,2000}(?:\[.*?\]\s*)?>")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CDATA = re.compile(r"(?s)(<!\[CDATA\[(?:(?!<!\[CDATA\[).)*?\]\]>)")
_AMPERSAND = re.compile(r"&(?:#(?:x([0-9a-fA-F]{1,8})|(\d{1,8}));|([A-Za-z][A-Za-z0-9]{0,40});)?")
_OWN_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def read_feed(body: bytes, charset: str, entry: str, limit: int = MAX_ENTRIES) -> tuple[Element, int]:
    """The root element of a feed, and how many entries are broken beyond repair and left out.

    Args:
        charset: The character set that the HTTP header declares; used if the document declares none.
        entry: The name of an entry's element: `entry` in Atom, `item` in RSS.
        limit: The largest number of entries; the others are cut off unread.

    Raises:
        BadAnswer: it is not a feed, or an incomplete one.
    """
    text = _without_doctype(decoded(body, charset))
    start = _ROOT.search(text)
    if start is None:
        raise BadAnswer("something that is not XML")
    root = start[1]
    if root.lower() == "html":
        raise BadAnswer("a web page instead of a feed", is_transient=True)
    end = text.rfind(f"</{root}")
    if end < 0:
        raise BadAnswer("an incomplete feed", is_transient=True)
    text = _cut(text[start.start() : end], entry, limit)
    closing = f"</{root}>"
    found = _parsed(text + closing)
    if found is None:
        text = repaired(text)
        found = _parsed(text + closing)
    return (found, 0) if found is not None else _salvaged(text, entry, closing)


def _without_doctype(text: str) -> str:
    """The text without its document type, which comes before the root and only once."""
    start = _DOCTYPE_START.search(text)
    found = _DOCTYPE.match(text, start.start()) if start else None
    return text[: found.start()] + text[found.end() :] if found else text


def decoded(body: bytes, charset: str = "") -> str:
    """The text of a document: by its byte order mark, by its declaration, by the HTTP header, else as UTF-8.

    Bytes that don't fit are taken for Windows-1252, as in browsers.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(encoding, "replace").removeprefix("\ufeff")
    declared = _DECLARED.match(body)
    names = [declared[1].decode("ascii") if declared else "", charset, "utf-8"]
    encoding = next(name for name in names if _ENCODING.fullmatch(name))
    try:
        return body.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return body.decode("utf-8", "paperdeck.windows-1252")


def repaired(text: str) -> str:
    """The text without characters that XML forbids, and with every ampersand the start of an entity that XML knows."""
    parts = _CDATA.split(_FORBIDDEN.sub("", text))
    return "".join(part if part.startswith("<![CDATA[") else _AMPERSAND.sub(_entity, part) for part in parts)


def _entity(found: re.Match[str]) -> str:
    from html import unescape

    code, name = found[1] or found[2], found[3]
    if code:
        number = int(code, 16 if found[1] else 10)
        allowed = number <= 0x10FFFF and not _FORBIDDEN.match(chr(number))
        return found[0] if allowed else ""
    if name in _OWN_ENTITIES:
        return found[0]
    character = unescape(found[0]) if name else found[0]
    return f"&amp;{found[0][1:]}" if character == found[0] else character.replace("&", "&amp;").replace("<", "&lt;")


def _cut(text: str, entry: str, limit: int) -> str:
    """The text up to its entry number `limit`, with the elements around it closed."""
    position = -1
    for _ in range(limit + 1):
        position = text.find(f"<{entry}", position + 1)
        if position < 0:
            return text
    return text[:position] + ("</channel>" if entry == "item" else "")


def _salvaged(text: str, entry: str, closing: str) -> tuple[Element, int]:
    """The feed made of those entries that can be read by themselves."""
    head, *pieces = re.split(rf"(?=<{entry}[\s>/])", text)
    inner = "</channel>" if entry == "item" else ""
    root = _parsed(head + inner + closing)
    if root is None or not pieces:
        raise BadAnswer("something that is not XML")
    opening = head[: head.find(">") + 1]
    place = root.find("channel") if inner else root
    assert place is not None  # the head was parsed with it closed
    broken = 0
    for piece in pieces:
        found = _parsed(f"{opening}{piece[: _end_of(piece, entry)]}{closing}")
        if found is None:
            broken += 1
        else:
            place.extend(found)
    if broken == len(pieces):
        raise BadAnswer("something that is not XML")
    return root, broken


def _end_of(piece: str, entry: str) -> int:
    """Where an entry ends in a piece of text that begins with it."""
    end = re.search(rf"</{entry}\s*>", piece)
    return end.end() if end else len(piece)


def _parsed(text: str) -> Element | None:
    from xml.etree.ElementTree import ParseError, fromstring

    try:
        return fromstring(text)
    except (ParseError, ValueError):  # ValueError: a lone surrogate
        return None


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("paperdeck.windows-1252", _as_windows_1252)
