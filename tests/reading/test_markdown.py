"""Markdown as blocks and pieces: what is read stays text, and none of it acts on the terminal."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from paperdeck.tui.look.text import ASCII
from paperdeck.tui.reading.inline import Piece, pieces_of
from paperdeck.tui.reading.markdown import MAX_CHARACTERS, MAX_ROWS, Block, BlockKind, nested, read_markdown
from tests.support.examples import examples
from tests.support.torture import MARKUP, SEQUENCES, WIDE


def plain(block: Block) -> str:
    """The text of a block."""
    return "".join(piece.text for piece in block.pieces())


def text_of(source: str) -> str:
    """The text of a paragraph."""
    return "".join(piece.text for piece in pieces_of(source))


# Blocks


def test_headings_have_levels() -> None:
    blocks = read_markdown("# One\n\n### Three\n\ntext")
    assert [(block.kind, block.level, plain(block)) for block in blocks] == [
        (BlockKind.HEADING, 1, "One"),
        (BlockKind.HEADING, 3, "Three"),
        (BlockKind.TEXT, 0, "text"),
    ]


def test_items_of_a_list_follow_bullets_without_gaps() -> None:
    blocks = read_markdown("before\n\n- one\n- two\n  1. inner\n  2. more\n\nafter")
    assert [(block.first, plain(block), block.gap) for block in blocks] == [
        ("", "before", 1),
        ("• ", "one", 1),
        ("• ", "two", 0),
        ("  1. ", "inner", 0),
        ("  2. ", "more", 0),
        ("", "after", 1),
    ]


def test_a_second_paragraph_of_an_item_is_indented_without_a_bullet() -> None:
    first, second = read_markdown("- one\n\n  two")
    assert (first.first, second.first) == ("• ", "  ")


def test_a_quotation_has_a_border_before_each_line() -> None:
    block = read_markdown("> said\n> so")[0]
    assert (block.first, block.rest, plain(block)) == ("│ ", "│ ", "said so")


def test_without_symbols_everything_is_ascii() -> None:
    blocks = read_markdown("> - one\n\n---", ASCII)
    assert all(block.first.isascii() and block.rest.isascii() for block in blocks)


def test_code_is_kept_as_it_is() -> None:
    block = read_markdown("```python\ndef f(x):\n    return *x*\n```")[0]
    assert (block.kind, block.source) == (BlockKind.CODE, "def f(x):\n    return *x*")


def test_a_table_has_rows_and_right_aligned_columns() -> None:
    block = read_markdown("| Model | Score |\n|---|---:|\n| Ours | **9** |")[0]
    assert block.rows == (("Model", "Score"), ("Ours", "**9**"))
    assert block.right == (False, True)


def test_a_long_table_is_divided_and_each_part_has_the_header() -> None:
    blocks = read_markdown("| a |\n|---|\n" + "| x |\n" * (2 * MAX_ROWS + 1))
    assert [len(block.rows) for block in blocks] == [MAX_ROWS + 1, MAX_ROWS + 1, 2]
    assert {block.rows[0] for block in blocks} == {("a",)}


def test_a_formula_of_several_lines_is_one_block_whatever_its_lines_look_like() -> None:
    blocks = read_markdown("so\n$$\na\n- b\n= c\n$$ (1)\nand")
    assert [block.kind for block in blocks] == [BlockKind.TEXT, BlockKind.FORMULA, BlockKind.TEXT]
    assert blocks[1].source.split() == ["a", "-", "b", "=", "c\\qquad", "(1)"]


def test_a_long_paragraph_is_divided_between_words() -> None:
    text = "word " * MAX_CHARACTERS
    blocks = read_markdown(text)
    assert max(len(block.source) for block in blocks) <= MAX_CHARACTERS
    assert "".join(block.source for block in blocks).split() == text.split()
    assert {block.gap for block in blocks[1:]} == {0}


def test_html_is_shown_as_its_text() -> None:
    blocks = read_markdown("<details><summary>More</summary>\n<p>one</p><p>two</p>\n</details>")
    assert [plain(block) for block in blocks] == ["More", "one", "two"]


def test_nested_blocks_have_the_prefix_on_every_line() -> None:
    block = nested(read_markdown("- x"), "> ")[0]
    assert (block.first, block.rest) == ("> • ", ">   ")


# Pieces


def test_styles_are_given_by_name() -> None:
    assert pieces_of("a **b *c*** `d` ~~e~~") == [
        Piece("a "),
        Piece("b ", "strong"),
        Piece("c", "emphasis strong"),
        Piece(" "),
        Piece("d", "code"),
        Piece(" "),
        Piece("e", "struck"),
    ]


def test_a_formula_is_read_before_emphasis() -> None:
    assert text_of("let $x_{i} * y_{i}$ and $a_1 * b_1$ be") == "let xᵢ * yᵢ and a₁ * b₁ be"


def test_escaped_brackets_and_amounts_of_money_are_not_formulas() -> None:
    assert text_of(r"see \[1\], it costs $5 and not $10") == "see [1], it costs $5 and not $10"


def test_links_lead_to_the_web_or_nowhere() -> None:
    pieces = pieces_of("[a](https://a.example/x) [b](javascript:alert(1)) [c](#here) https://d.example/y.")
    assert {piece.text: piece.link for piece in pieces if piece.link} == {
        "a": "https://a.example/x",
        "https://d.example/y": "https://d.example/y",
    }
    assert "".join(piece.text for piece in pieces).endswith("c https://d.example/y.")


def test_a_link_opens_the_address_that_is_shown() -> None:
    addresses = ["https://a.example/my_repo_x", "https://a.example/Transformer_(model)", "https://a.example/?a=1&b=2"]
    for address in addresses:
        for source in (address, address.replace("_", r"\_"), address.replace("&", "&amp;"), f"(see {address})."):
            assert [(piece.text, piece.link) for piece in pieces_of(source) if piece.link] == [(address, address)]


def test_an_address_with_endless_brackets_is_read_in_a_moment() -> None:
    """Each closing bracket counted all the others: six seconds for 80,000."""
    source = "https://a.example/" + ")" * 400_000
    assert [piece.link for piece in pieces_of(source) if piece.link] == ["https://a.example/"]


def test_words_in_a_formula_may_hold_formulas() -> None:
    assert text_of(
        r"let $\text{if $x>0$}$ and $f=\begin{cases}1&\text{if $U_{\rm t}\geq$ $V$}\\ 0&x\end{cases}$ be"
    ) == ("let if x>0 and f={1, if Uₜ≥ V; 0, x} be")


def test_a_figure_is_shown_with_its_words_and_can_be_opened() -> None:
    assert pieces_of("![Image 3: Refer to caption](https://a.example/x.png)") == [
        Piece("[figure]", "link muted", "https://a.example/x.png")
    ]
    assert text_of("![Image 1: A cat](x.png)") == "[figure: A cat]"


def test_what_only_looks_like_a_tag_stays() -> None:
    assert text_of("if a <b and c> d<br>then x<sup>2</sup> and <b>so</b>") == "if a <b and c> d\nthen x² and so"


def test_characters_made_by_entities_do_not_act_on_the_terminal() -> None:
    assert text_of("a&#x202e;b&#27;c&#x9b;d&#x200b;e").translate({0xFFFD: None}) == "abcde"


def test_no_hostile_text_passes() -> None:
    source = "\n\n".join([*SEQUENCES.values(), *MARKUP, *WIDE, "```\n" + "\n".join(SEQUENCES.values()) + "\n```"])
    for block in read_markdown(source):
        for piece in block.pieces():
            assert piece.text.replace("\n", "").replace("\u200d", "").isprintable() or "\u200c" in piece.text


@settings(max_examples=examples(100))
@given(st.lists(st.sampled_from([*"[]()*_`$\\<>|!#-+\n ", "&#27;", "$$", "<b>", "a", "](http://x.y)"]), max_size=60))
def test_any_markdown_can_be_read(parts: list[str]) -> None:
    for block in read_markdown("".join(parts)):
        for row in block.rows:
            for cell in row:
                pieces_of(cell)
        assert all(piece.text.replace("\n", "").isprintable() for piece in block.pieces())
