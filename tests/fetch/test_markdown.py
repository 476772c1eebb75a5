"""arXiv's HTML as Markdown: the text stays, the page around it goes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.storage.fetch.arxiv.html import markdown_of
from paperdeck.storage.fetch.full_text import is_full
from paperdeck.tui.reading.markdown import BlockKind, read_markdown
from tests.support.examples import examples

PAGE = """<!DOCTYPE html><html><head><title>x</title><style>p {}</style></head><body>
<nav class="ltx_page_navbar"><a href="#">Contents</a></nav>
<article class="ltx_document"><h1 class="ltx_title">A <em>Great</em> Title</h1>
<section><h2 class="ltx_title"><span class="ltx_tag">1 </span>Introduction</h2>
<div class="ltx_para"><p class="ltx_p">We have <math alttext="O(n^{2})" display="inline"><mi>O</mi>
<annotation>dropped</annotation></math> steps<span class="ltx_note"><sup class="ltx_note_mark">1</sup>
<span class="ltx_note_content"> (a note)</span></span>, see <a href="#b">[1]</a>.<br class="x">Next &amp;
last.</p></div>
<table class="ltx_equation ltx_eqn_table"><tbody><tr><td class="ltx_eqn_cell"><math alttext="E=mc^{2}" display="block">
<mi>E</mi></math></td><td>(1)</td></tr></tbody></table>
<ul class="ltx_itemize"><li class="ltx_item"><span class="ltx_tag ltx_tag_item">•</span><div><p>one</p></div></li>
<li class="ltx_item"><p>two</p><ol><li><p>inner</p></li><li>more</li></ol></li></ul>
<figure><img src="x.png"><table class="ltx_tabular"><tr><th>Model</th><th>a|b</th></tr><tr><td>Ours</td><td>9</td></tr>
</table><figcaption>Table 1: numbers</figcaption></figure></section></article>
<footer class="ltx_page_footer">Made by LaTeXML</footer><script>alert(1)</script></body></html>"""


def test_a_page_becomes_its_text() -> None:
    assert markdown_of(PAGE).split("\n\n") == [
        "# A *Great* Title",
        "## 1 Introduction",
        r"We have $O(n^{2})$ steps (a note), see \[1\]. Next & last.",
        "$$E=mc^{2}$$ (1)",
        "- one",
        "- two",
        "  1. inner",
        "  2. more",
        "| Model | a\\|b |\n| --- | --- |\n| Ours | 9 |",
        "Table 1: numbers",
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        # an index stays one
        ("<p>10<sup>-3</sup> H<sub>2</sub>O</p>", "10$^{-3}$ H$_{2}$O"),
        ("<p>Roe<sup><em>a</em></sup>, see<sup>up and down</sup></p>", "Roe$^{a}$, see^(up and down)"),
        # a cell stays in its column
        (
            "<table><tr><th rowspan=2>M</th><th colspan=2>BLEU</th><th rowspan=2>F1</th></tr>"
            "<tr><th>en</th><th>de</th></tr><tr><td>Ours</td><td>31</td><td>28</td><td>77</td></tr></table>",
            "| M | BLEU |  | F1 |\n| --- | --- | --- | --- |\n|  | en | de |  |\n| Ours | 31 | 28 | 77 |",
        ),
        ("<table><tr><td colspan=x rowspan=0>a</td><td>b</td></tr></table>", "| a | b |\n| --- | --- |"),
        # a listing keeps its lines, a fence in it ends nothing
        ("<pre>def f(x):\n    return *x*</pre>", "```\ndef f(x):\n    return *x*\n```"),
        ("<pre><code>```</code></pre>", "````\n```\n````"),
        # a formula without TeX is its text if that says all, and never nothing
        ("<p>Let <math><mi>y</mi><mo>=</mo><mn>3</mn></math>.</p>", "Let y = 3."),
        ("<p>Let <math><msup><mi>y</mi><mn>2</mn></msup></math>.</p>", r"Let \[formula\]."),
        # lists count as on the page
        ("<ol start=3><li>x</li><li>y</li></ol>", "3. x\n\n4. y"),
        (
            "<ol><li><span class='ltx_tag ltx_tag_item'>(iii)</span><p>x</p></li>"
            "<li><span class='ltx_tag ltx_tag_item'>2.</span><p>y</p></li></ol>",
            "- (iii) x\n\n2. y",
        ),
        # a label is printed once and whole, where a bullet would be, or else where it is
        (
            "<ul><li><span class='ltx_tag_item'>A B</span><span class='ltx_tag_item'>C \\d</span>x<p>y</ul>",
            r"- C \\d x" + "\n\n  y",
        ),
        ("<dl><dt><span class='ltx_tag_item'>Term</span></dt><dd>meaning</dd></dl>", "Term\n\nmeaning"),
        ("<li>x<p>y</p></li>", "- x\n\ny"),
        # a note and the parts of a reference stand apart from their neighbours
        (
            "<p>text<span class='ltx_note'><sup class='ltx_note_mark'>1</sup><span class='ltx_note_content'>"
            "<sup class='ltx_note_mark'>1</sup>A note.</span></span> goes on.</p>",
            "text (A note.) goes on.",
        ),
        (
            "<p><span class='ltx_tag_bibitem'>[1]</span><span class='ltx_bibblock'>Roe.</span>"
            "<span class='ltx_bibblock'>Title.</span></p>",
            r"\[1\] Roe. Title.",
        ),
        # a mark of a note that is elsewhere keeps its number, in place of the page's word for it
        (
            "<p>x<span class='ltx_note ltx_role_footnotemark'><span class='ltx_note_content'>"
            "<sup class='ltx_note_mark'>2</sup><span class='ltx_note_type'>footnotemark: </span>"
            "<span class='ltx_tag ltx_tag_note'>2</span></span></span> y</p>",
            "x ($^{2}$) y",
        ),
        (
            "<p>x<span class='ltx_note'><span class='ltx_note_content'><span class='ltx_tag ltx_tag_note'>1</span>"
            "A note.</span></span></p>",
            "x (A note.)",
        ),
        # in a drawing, the paragraphs of a box are read, but not the lettering
        (
            "<p>See</p><svg><title>no</title><path d='x'/><foreignObject><span class='ltx_p'>One.</span>"
            "<span class='ltx_p'>Two.</span></foreignObject></svg>",
            "See\n\nOne.\n\nTwo.",
        ),
        ("<p>Step<svg><g><foreignObject>1</foreignObject><text>b</text></g></svg> is</p>", "Step is"),
        (
            "<svg><text>0.2</text><foreignObject><span>a <math alttext='x'></math></span></foreignObject>"
            "<foreignObject><p>One<svg><text>0.4</text></svg> is.</p><pre>x</pre></foreignObject>"
            "<foreignObject><span>b</span></foreignObject></svg><h2>Next</h2>",
            "One is.\n\n```\nx\n```\n\n## Next",
        ),
        ("<svg><foreignObject><span></svg>a</span><table><tr><td>b</td></tr></table>", "a\n\n| b |\n| --- |"),
        # a command that the page doesn't know is named
        ("<p>Value <span class='ltx_ERROR undefined'>\\SI</span>5</p>", r"Value \\SI 5"),
        # struck text is struck, quotations are marked
        ("<p><del>a</del>, <s>b</s>, <span class='ltx_ulem_sout'>c</span>: <q>d</q></p>", "~~a~~, ~~b~~, ~~c~~: “d”"),
        ("<p>a</p><blockquote><p>b</p><p>c</p></blockquote><p>d</p>", "a\n\n> b\n\n> c\n\nd"),
        (
            "<del>a<p>b <em>c</em></p><h2>d</h2><table><tr><td>e</td><td></td></tr></table>f</del>g<p>h</p>",
            "~~a~~\n\n~~b *c*~~\n\n## ~~d~~\n\n| ~~e~~ |  |\n| --- | --- |\n\n~~f~~g\n\nh",
        ),
        (
            "<blockquote><h2>a</h2><table><tr><td>b</td></tr><tr><td>c</td></tr></table><pre>d\ne</pre></blockquote>f",
            "> ## a\n\n> | b |\n> | --- |\n> | c |\n\n> ```\n> d\n> e\n> ```\n\nf",
        ),
        ("<ul><li><p>a</p><blockquote>b</blockquote></li><li>c</li></ul>", "- a\n\n  > b\n\n- c"),
        ("<p>---</p>", r"\---"),
        ("<p>y</p><pre>x = 1", "y\n\n```\nx = 1\n```"),
        ("<p>y is <math><mi>x", "y is x"),
    ],
)
def test_nothing_changes_its_meaning(html: str, text: str) -> None:
    assert markdown_of(html) == text


SPANS = {"tabular": "table", "tr": "tr", "td": "td"}


def as_spans(table: str) -> str:
    """A table as LaTeXML writes it within a line."""
    for name, tag in SPANS.items():
        table = table.replace(f"<{tag}", f"<span class='ltx_{name}'").replace(f"</{tag}>", "</span>\n")
    return f"<p><span class='ltx_inline-block ltx_transformed_outer'>{table}</span></p>"


def test_a_table_within_a_line_keeps_its_rows_and_columns() -> None:
    table = (
        "<table><tr><td>Method</td><td>BLEU</td><td>F1</td></tr><tr><td>Ours</td><td></td><td>77.1</td></tr></table>"
    )
    shown = "| Method | BLEU | F1 |\n| --- | --- | --- |\n| Ours |  | 77.1 |"
    assert markdown_of(table) == markdown_of(as_spans(table)) == shown
    spanning = (
        "<tr class='ltx_tr'><span class='ltx_td ltx_rowspan_2'>M</span><span class='ltx_td ltx_colspan_2'>B</span></tr>"
    )
    rest = "<tr class='ltx_tr'><span class='ltx_td'>en</span><span class='ltx_td'>de</span></tr>"
    source = f"<span class='ltx_tabular'>{(spanning + rest).replace('tr', 'span')}</span>".replace("ltx_span", "ltx_tr")
    assert markdown_of(source) == "| M | B |  |\n| --- | --- | --- |\n|  | en | de |"


@pytest.mark.parametrize(
    ("inner", "cell"),
    [
        ("<tr><td>Acc.</td></tr><tr><td>(top-1)</td></tr>", "Acc. (top-1)"),
        ("<tr><td>a</td><td></td><td>b</td></tr>", "a, , b"),
    ],
)
def test_a_table_within_a_cell_is_its_text(inner: str, cell: str) -> None:
    table = f"<tr><td>M</td><td><table>{inner}</table></td><td>F1</td></tr><tr><td>x</td><td>y</td><td>z</td></tr>"
    for form in (f"<table>{table}</table>", as_spans(f"<table>{table}</table>")):
        assert markdown_of(form) == f"| M | {cell} | F1 |\n| --- | --- | --- |\n| x | y | z |"


def test_tables_set_side_by_side_by_a_table_stay_tables() -> None:
    inner = "<table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr></table>"
    shown = "| a | b |\n| --- | --- |\n| 1 | 2 |"
    assert markdown_of(f"<table><tr><td>{inner}</td><td>{inner}</td></tr></table>") == f"{shown}\n\n{shown}"


def shown(html: str) -> list[str]:
    """The blocks of a page as the reader sees them."""
    return [
        block.source if block.kind is not BlockKind.TEXT else "".join(piece.text for piece in block.pieces())
        for block in read_markdown(markdown_of(html))
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        # superscript stars
        ("Star<sup class=ltx_sup>*</sup> 0.93<sup>**</sup> a<sup>1,*</sup>", "Star* 0.93** a^(1,*)"),
        ("x<sup>[1]</sup><sub>a b</sub>", "x^([1])_(a b)"),
        # code in a line
        ("<code class='ltx_verbatim'>model_name[0]*k</code> <tt>a`b`</tt><code>\\n</code>", "model_name[0]*k a`b`\\n"),
        # signs of Markdown, HTML and TeX
        ("~~~ a~~b~~", "~~~ a~~b~~"),
        ("+", "+"),
        ("&amp;lt;b&amp;gt; &amp;amp; $x_1$ \\(y\\)", "&lt;b&gt; &amp; $x_1$ \\(y\\)"),
        # emphasis beside emphasis, and where Markdown reads none
        ("<b>x</b><b>y</b> <i>a</i><b>b</b>c <b>Setup.</b>We <b> z </b>", "xy abc Setup.We z"),
        ("<em><b>x</b></em> <b>a <i>b</i></b> <b>open", "x a b open"),
    ],
)
def test_a_line_is_read_as_on_the_page(html: str, text: str) -> None:
    assert shown(f"<p>{html}</p><p>next</p>") == [text, "next"]


def test_emphasis_is_kept_where_markdown_reads_it() -> None:
    source = "<p><b>x</b><b>y</b> <b> z</b><em><b>w</b></em> (<i>v</i>)</p>"
    looks = {piece.text: piece.look for piece in read_markdown(markdown_of(source))[0].pieces() if piece.look}
    assert looks == {"xy z": "strong", "v": "emphasis"}


def test_links_open_what_the_page_links_to() -> None:
    address = "https://a.example/my_repo_(x)?a=1&b=2"
    source = f"<p><a href='{address}'>{address}</a> <a href='{address}'>the <b>code</b></a> <a href='#b'>[1]</a></p>"
    pieces = read_markdown(markdown_of(source.replace("&", "&amp;")))[0].pieces()
    assert [(piece.text.strip(), piece.link) for piece in pieces if piece.text.strip()] == [
        (address, address),
        ("the", address),
        ("code", address),
        ("[1]", ""),
    ]


def test_a_listing_in_lines_keeps_its_indents_and_numbers() -> None:
    line = "<div class='ltx_listingline'>\n{}</div>\n"
    space = "<span class='ltx_text ltx_lst_space'>    </span>"
    number = "<span class='ltx_tag ltx_tag_listingline'>{}:</span>\n"
    lines = ["for x_i in xs:", f"{space}<b>f</b>(x_i)", "g() <math alttext='x^{2}'></math>"]
    data = "<div class='ltx_listing_data'><a href='data:'>⬇</a></div>"
    listing = f"<div class='ltx_listing'>{data}{''.join(map(line.format, lines))}</div>"
    assert shown(f"{listing}<p>next</p>") == ["for x_i in xs:\n    f(x_i)\ng() x²", "next"]
    numbered = "".join(
        line.format(number.format(n) + text) for n, text in zip((9, 10), ("if", f"{space}x"), strict=True)
    )
    assert shown(f"<span class='ltx_listing'>{numbered}</span>") == [" 9: if\n10:     x"]
    assert shown("<pre>a<br>  b</pre>") == ["a\n  b"]


def test_a_row_of_aligned_formulas_is_one_formula() -> None:
    left, right = (f"<td><math alttext='\\displaystyle {tex}'></math></td>" for tex in ("L", "=a/b+c"))
    row = f"<tr class='ltx_eqn_row'><td class='ltx_eqn_cell'></td>{left}{right}<td><span>(2)</span></td></tr>"
    source = f"<table class='ltx_equationgroup ltx_eqn_align ltx_eqn_table'>{row}{row}</table>"
    assert markdown_of(source).split("\n\n") == [r"$$\displaystyle L \displaystyle =a/b+c$$ (2)"] * 2
    assert [block.kind for block in read_markdown(markdown_of(source))] == [BlockKind.FORMULA] * 2


def test_text_that_looks_like_markdown_stays_text() -> None:
    assert markdown_of("<p># not a heading</p><p>1. no list</p><p>*x* _y_ `z`</p>") == (
        "\\# not a heading\n\n1\\. no list\n\n\\*x\\* \\_y\\_ \\`z\\`"
    )


def test_escape_sequences_do_not_pass() -> None:
    assert not set(markdown_of("<p>a&#27;[2Jb\u202e&#155;31m\x9b31m\x1b]0;c\x07</p>")) & set("\x1b\x9b\x07\u202e")


@settings(max_examples=examples(150))
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<ul>",
                "<li>",
                "</li>",
                "</ul>",
                "<ol>",
                "<table>",
                "<tr>",
                "<td>",
                "</td>",
                "</table>",
                "<h2>",
                "</h2>",
                "<math/alttext='x'>",
                "</math>",
                "<nav>",
                "</nav>",
                "<em>",
                "</em>",
                "<b>",
                "</b>",
                "<code>",
                "</code>",
                "<blockquote>",
                "</blockquote>",
                "<svg>",
                "<foreignObject>",
                "</foreignObject>",
                "<s>",
                "</s>",
                "<a href=https://a.b/>",
                "</a>",
                "<div class=ltx_listing>",
                "<span class=ltx_listingline>",
                "<span class=ltx_tabular>",
                "<span class=ltx_td>",
                "</span>",
                "</div>",
                "<table class=ltx_equation>",
                "<br>",
                "<br/>",
                "<![CDATA[x",
                "<!--",
                "text",
                "<",
                "&#x110000;",
            ]
        ),
        max_size=40,
    )
)
def test_no_html_is_fatal(parts: list[str]) -> None:
    assert isinstance(markdown_of("".join(parts)), str)


def test_the_hubs_own_page_is_not_taken_for_the_text() -> None:
    assert not is_full("# Title\n\n" + "An abstract. " * 400)
    assert is_full("\n\n".join(f"## Part {n}\n\n{'word ' * 400}" for n in range(4)))


def test_unclosed_tags_and_unknown_declarations_take_a_moment() -> None:
    for piece in ("<a ", "<!--", "<![CDATA[", "<![foo["):
        assert markdown_of("<p>A word</p>" + piece * 20_000).startswith("A word")


def test_lists_tables_and_labels_within_each_other_take_a_moment() -> None:
    """Each paragraph was indented by all lists and looked through all tables; each label was added to those before."""
    label = "<span class=ltx_tag_item>y z</span>"
    for start, piece in (
        ("", "<ul><li>x"),
        ("<ul>" * 3_000, "<li>x"),
        ("<table>" * 10_000, "<p>x</p>"),
        ("<table class=ltx_eqn_table>" * 10_000, "<p>x</p>"),
        ("<ul><li>", label),
    ):
        text = markdown_of(start + piece * 3_000 + "<p>last")
        assert "last" in text
        assert len(text) < 50 * 3_000


def test_elements_nested_in_their_own_kind_take_a_moment_and_keep_their_text() -> None:
    for tag in ("b", "a href=https://a.example", "sup", "code", "table><tr><td"):
        assert markdown_of("<p>" + f"<{tag}>x" * 5_000).count("x") >= 5_000


def test_a_thousand_cells_that_span_all_they_can_take_a_moment() -> None:
    """Each made ten thousand places to remember."""
    assert "last" in markdown_of("<table><tr>" + "<td colspan=100 rowspan=100>x" * 1000 + "</tr></table><p>last</p>")


def test_wide_and_ragged_tables_take_a_moment() -> None:
    """Each row was padded to the widest one, and each text copied what its cell had."""
    rows = "<tr>" + "<td>x" * 4_000 + "</tr>" + "<tr><td>y" * 4_000
    text = markdown_of(f"<table>{rows}</table><p>last</p>")
    assert text.count("x") == text.count("y") == 4_000
    assert len(text) < 100 * len(rows)
    assert "last" in markdown_of("<table><tr><td>" + "<p>x" * 20_000 + "</table><p>last</p>")
