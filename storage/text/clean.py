"""Makes untrusted text safe for a terminal.

A title can hold anything: escape sequences that draw over the screen or write to the clipboard, bidirectional
overrides that reverse the text after them, line breaks that tear a row apart. Text is cleaned once, on input, so the
app only draws clean text. The non-joiner U+200C stays, as Persian needs it, and so does the joiner U+200D where it
joins something: emoji, or Indic letters after a virama. Elsewhere it would only make widths uncertain.
"""

from __future__ import annotations

import re

from paperdeck.storage.errors import InvalidInput

_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, erase
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])"  # OSC, DCS and their kind; their text holds no other start
    r"[^\x07\x1b\x90\x98\x9c-\x9f\n]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"  # two-character escapes
)

_LINK = re.compile(r"""(?i)https?://[^\s/?#\\@"'<>]+(?:[/?#][^\s\\"'<>]*)?""")

_JOINED_LEFT = "⛓⛹❤\ufe0f\U0001f300-\U0001faff"
_JOINED_RIGHT = "↔↕♀♂⚕⚖⚧✈❤☠➡⬛\U0001f300-\U0001faff"
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0c4d\u0ccd\u0d4d\u0dca"
_LONE_JOINER = re.compile(f"(?<![{_JOINED_LEFT}{_VIRAMA}])\u200d|\u200d(?![{_JOINED_RIGHT}\u0900-\u0dff])")
_NO_EMOJI_JOINER = re.compile(f"(?<![{_JOINED_LEFT}])\u200d|\u200d(?![{_JOINED_RIGHT}])")

_TAB_COLUMNS = 4
"""How far apart the stops of tabs are, as in Markdown."""
_DROPPED = [
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0xAD, 0xAD),  # soft hyphen
    (0x61C, 0x61C),
    (0x180E, 0x180E),
    (0x200B, 0x200B),
    (0x200E, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFB),
    (0xE0000, 0xE007F),
]
_LINE_TABLE: dict[int, str | None] = {code: None for first, last in _DROPPED for code in range(first, last + 1)}
_LINE_TABLE |= dict.fromkeys(range(0xD800, 0xE000), "�")  # a lone surrogate can't be written
_LINE_TABLE |= dict.fromkeys([0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], " ")
_TEXT_TABLE = _LINE_TABLE | {0x0A: "\n", 0x2028: "\n", 0x2029: "\n"}


def clean_line(text: str) -> str:
    """The text as one line: no control or bidirectional characters, white space as single spaces."""
    if not text.isprintable():
        text = _LONE_JOINER.sub("", _SEQUENCE.sub("", text).translate(_LINE_TABLE))
    return " ".join(text.split())


def clean_text(text: str) -> str:
    """The text with its line breaks, and without anything else that a terminal could interpret."""
    if text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(_TAB_COLUMNS)
    lines = _LONE_JOINER.sub("", _SEQUENCE.sub("", text).translate(_TEXT_TABLE)).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def clean_paragraphs(text: str) -> str:
    """An abstract: hard line breaks become spaces, a blank line stays as a paragraph break."""
    paragraphs = re.split(r"\n\s*\n", clean_text(text))
    return "\n\n".join(filter(None, (" ".join(part.split()) for part in paragraphs)))


def clean_tag(name: str) -> str:
    """The stored form of a tag: one word of at most 60 characters, so that `tag:name` finds it.

    Raises:
        InvalidInput: it has no usable character.
    """
    tag = "-".join(clean_line(name).split()).lstrip("#-")[:60].rstrip("-")
    if not tag:
        raise InvalidInput(f"“{clean_line(name)[:40]}” can't be a tag; a tag is a word such as to-read.")
    return tag


def for_screen(text: str) -> str:
    """A line that is safe to draw: a second check right before the terminal.

    Joiners outside emoji are removed too, as Rich assumes that the character after a joiner needs no cells.
    """
    return text if text.isprintable() else _NO_EMOJI_JOINER.sub("", text.translate(_LINE_TABLE))


def web_link(value: object) -> str | None:
    """The value if it is an http or https link that is safe to show and to open, else None.

    A user name before the host is refused, as it can deceive: `https://known.example@elsewhere.example`.
    """
    if not isinstance(value, str) or len(value) > 2000:
        return None
    link = value.strip()
    return link if _LINK.fullmatch(link) and link.isprintable() else None
