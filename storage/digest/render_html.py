"""A digest as HTML for mail clients: one column, inline styles, no external resources.

Mail clients drop scripts, and most of them `<style>` too; so the light colours are inline on every element, and a style
sheet only adds the dark ones for clients that support `prefers-color-scheme`.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from . import wording
from .digest import Digest, DigestItem, Section

_FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_STYLES = {
    "page": f"margin:0;padding:0;background:#ffffff;color:#1b1f24;font-family:{_FONT}",
    "frame": "width:100%;max-width:640px;margin:0 auto;border-collapse:collapse",
    "column": "padding:28px 20px 40px;font-size:15px;line-height:1.5",
    "heading": "margin:0 0 4px;font-size:24px;line-height:1.25;font-weight:700;letter-spacing:-0.01em",
    "quiet": "margin:0 0 4px;color:#5b6470;font-size:14px",
    "label": "padding:2px 14px 2px 0;color:#5b6470;font-size:14px;white-space:nowrap;vertical-align:top",
    "value": "padding:2px 0;font-size:14px;vertical-align:top",
    "blocks": "padding:2px 0;font-size:14px;vertical-align:top;font-family:ui-monospace,Menlo,Consolas,monospace",
    "overview": "margin:14px 0 0;border-collapse:collapse",
    "section": "margin:34px 0 0;padding:0 0 6px;border-bottom:1px solid #d5dae0;font-size:13px;font-weight:700;"
    "letter-spacing:0.06em;text-transform:uppercase;color:#5b6470",
    "item": "margin:22px 0 0",
    "title": "margin:0;font-size:17px;line-height:1.35;font-weight:600",
    "link": "color:#0b57b7;text-decoration:none",
    "counts": "margin:2px 0 0;color:#5b6470;font-size:14px",
    "new": "color:#9a4a00;font-weight:600",
    "summary": "margin:6px 0 0",
    "links": "margin:6px 0 0;font-size:14px",
    "foot": "margin:36px 0 0;padding:12px 0 0;border-top:1px solid #d5dae0;color:#5b6470;font-size:13px",
}
_DARK = """\
@media (prefers-color-scheme: dark) {
.page { background: #14171b !important; color: #e4e7eb !important; }
.quiet, .label, .counts, .section, .foot { color: #9aa4b0 !important; }
.section, .foot { border-color: #343b44 !important; }
.link { color: #7db4ff !important; }
.new { color: #f0b071 !important; }
}"""
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
{dark}
</style>
</head>
{body}
</html>
"""


def render_html(digest: Digest) -> str:
    """The digest as a complete HTML document."""
    title = escape(wording.title(digest))
    return _PAGE.format(title=title, dark=_DARK, body="\n".join(_body(digest)))


def _body(digest: Digest) -> Iterator[str]:
    yield f"<body {_styled('page')}>"
    yield f'<table role="presentation" align="center" {_styled("frame")}><tr><td {_styled("column")}>'
    yield _element("h1", "heading", escape(wording.title(digest)))
    yield _element("p", "quiet", escape(wording.facts(digest)))
    yield from _overview(digest)
    for section in digest.sections:
        yield from _section(section, digest)
    if not digest.sections:
        yield _element("p", "item", wording.EMPTY)
    yield _element("p", "foot", f"Made by {wording.NAME} on your own machine, from your own library.")
    yield "</td></tr></table>"
    yield "</body>"


def _overview(digest: Digest) -> Iterator[str]:
    if rows := list(wording.overview(digest)):
        yield f'<table role="presentation" {_styled("overview")}>'
        for label, text in rows:
            look = "blocks" if label == wording.PER_DAY else "value"
            yield f"<tr>{_element('td', 'label', label)}{_element('td', look, escape(text))}</tr>"
        yield "</table>"


def _section(section: Section, digest: Digest) -> Iterator[str]:
    if len(digest.sections) > 1:
        yield _element("h2", "section", escape(section.name))
    for item in section.items:
        yield f"<div {_styled('item')}>"
        yield from _item(item, wording.is_marked_new(item, digest))
        yield "</div>"
    if section.more:
        yield _element("p", "counts", wording.more(section.more))


def _item(item: DigestItem, marked_new: bool) -> Iterator[str]:
    title = escape(item.title)
    yield f'<h3 dir="auto" {_styled("title")}>{_link(item.url, title) if item.url else title}</h3>'
    new = _element("span", "new", "new") if marked_new else ""
    yield _element("p", "counts", escape(wording.origin(item)))
    if counts := wording.DOT.join(filter(None, (escape(wording.counts(item)), new))):
        yield _element("p", "counts", counts)
    if item.why:
        yield _element("p", "counts", escape(wording.why(item)))
    if item.summary:
        model = f" {_element('span', 'quiet', f'({wording.BY_MODEL})')}" if item.by_model else ""
        yield f'<p dir="auto" {_styled("summary")}>{escape(item.summary)}{model}</p>'
    links = wording.DOT.join(_link(link.url, escape(link.name)) for link in item.links[1:])
    if links:
        yield _element("p", "links", links)


def _link(url: str, html: str) -> str:
    return f'<a href="{escape(url)}" {_styled("link")}>{html}</a>'


def _element(tag: str, look: str, html: str) -> str:
    return f"<{tag} {_styled(look)}>{html}</{tag}>"


def _styled(look: str) -> str:
    """The style as a class, for the dark colours, and inline."""
    return f'class="{look}" style="{_STYLES[look]}"'
