"""What the elements of arXiv's HTML are, by their tags and LaTeXML's classes."""

from __future__ import annotations

from paperdeck.storage.text.words import number_in, word_pairs

_MAX_SPAN = 100

LEFT_OUT = frozenset(
    {"script", "style", "nav", "footer", "button", "form", "head", "noscript", "template", "title", "desc"}
)
LEFT_OUT_CLASSES = frozenset(
    {"ltx_page_navbar", "ltx_page_footer", "ltx_note_mark", "ltx_note_type", "ltx_dates", "ltx_listing_data"}
)
KINDS_BY_CLASS = word_pairs(
    "ltx_tag_item label ltx_note_content note ltx_tag_note sup ltx_role_footnotemark numbered ltx_role_footnotetext "
    "numbered ltx_ERROR apart ltx_bibblock apart ltx_tag_bibitem apart ltx_tag_listingline number ltx_ulem_sout struck "
    "ltx_listing listing ltx_listingline line ltx_tabular table ltx_eqn_table table ltx_thead tbody ltx_tbody tbody "
    "ltx_tfoot tbody ltx_tr tr ltx_eqn_row tr ltx_td td ltx_th td ltx_eqn_cell td ltx_p p ltx_para p ltx_caption p "
    "ltx_itemize ul ltx_enumerate ol ltx_item li ltx_quote blockquote"
)
"""What a `span` or a `div` is."""
KINDS_BY_TAG = word_pairs(
    "span span div div sup sup sub sub a a em em i em strong strong b strong code code tt code del struck s struck "
    "strike struck q quoted svg drawing foreignobject apart"
)
"""The elements whose end needs to know their beginning."""
FLAT_MATH = frozenset({"math", "semantics", "mrow", "mstyle", "mi", "mn", "mo", "mtext", "mspace"})
"""Elements of MathML whose text alone says what they mean."""
VOID = frozenset({"br", "img", "hr", "input", "meta", "link", "wbr", "source", "col", "area", "base", "embed"})
BLOCKS = frozenset(
    {"p", "div", "section", "article", "figure", "figcaption", "blockquote", "header", "main", "ul", "ol", "dl"}
    | {"dt", "dd", "tbody", "thead", "pre", "hr", "table", "tr", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"listing", "line"}
)

TEXT = frozenset({"p", "pre", "listing"})
"""Blocks that are read in a drawing too, as those of a box."""


def span_in(classes: list[str], attributes: dict[str, str], name: str) -> int:
    """How many rows or columns a cell spans: an attribute, or of a `span` a class."""
    start = f"ltx_{name}_"
    named = (item.removeprefix(start) for item in classes if item.startswith(start))
    number = number_in(attributes.get(name) or next(named, ""))
    return 1 if number is None else max(1, min(number, _MAX_SPAN))
