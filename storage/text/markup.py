"""The standard library's parser of HTML, made safe for pages of any content.

That parser looks through the rest of a page for the end of every tag, comment and declaration, so thousands of unclosed
ones would keep it busy for hours, and it fails at an unknown `<![…`. Here what is never closed is text, and `<![` is
read as HTML defines it: up to the next `>`.
"""

from __future__ import annotations

from html.parser import HTMLParser


class MarkupParser(HTMLParser):
    """A parser whose subclasses handle tags and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def read(self, html: str) -> None:
        """Parse a whole page."""
        html = _unclosed_as_text(html, "<", ">")
        self.feed(_unclosed_as_text(html, "<!--", "-->").replace("<![", "<! ["))
        self.close()


def _unclosed_as_text(html: str, opening: str, closing: str) -> str:
    end = html.rfind(closing) + 1
    return html[:end] + html[end:].replace(opening, opening.replace("<", "&lt;"))
