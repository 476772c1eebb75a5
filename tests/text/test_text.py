"""Nothing that a terminal acts on gets through, and everything that a person reads does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from paperdeck.storage.text.clean import clean_line, clean_paragraphs, clean_tag, clean_text, for_screen, web_link
from tests.support.examples import examples

ESC = "\x1b"
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
FORBIDDEN = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))} | set(BIDI) | {"\u2028", "\u2029", "\ufeff"}

PIECES = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [*FORBIDDEN, ESC, f"{ESC}[31m", f"{ESC}]52;c;cHduZWQ=\x07", "\x9b2J", "\x9d0;t\x9c", "\r\n", "\ud800"]
    ),
)
ANY_TEXT = st.lists(PIECES, max_size=12).map("".join)


# -- sequences -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sequence",
    [
        f"{ESC}[31m",
        f"{ESC}[38;2;255;0;0m",
        f"{ESC}[2J",
        f"{ESC}[1;1H",
        f"{ESC}[?1049l",
        f"{ESC}[>25u",
        f"{ESC}[?2026$p",
        "\x9b31m",
        f"{ESC}]0;a new title\x07",
        f"{ESC}]0;a new title{ESC}\\",
        f"{ESC}]52;c;cHduZWQ=\x07",
        f"{ESC}]52;c;cHduZWQ={ESC}\\",
        f"{ESC}]8;;http://127.0.0.1/{ESC}\\",
        "\x9d52;c;cHduZWQ=\x9c",
        f"{ESC}P$q q{ESC}\\",
        f"{ESC}_Gf=100;AAAA{ESC}\\",
        f"{ESC}^private{ESC}\\",
        f"{ESC}Xstart{ESC}\\",
        "\x90sixel\x9c",
        f"{ESC}c",
        f"{ESC}7",
        f"{ESC}(0",
        f"{ESC}#8",
    ],
)
def test_a_sequence_is_removed_with_all_that_belongs_to_it(sequence: str) -> None:
    assert clean_line(f"before{sequence} after") == "before after"
    assert clean_text(f"before{sequence}\nafter") == "before\nafter"


@pytest.mark.parametrize("start", [f"{ESC}[", f"{ESC}]52;c;", f"{ESC}P", ESC, "\x9b", "\x9d", "\x90"])
def test_a_sequence_without_an_end_swallows_no_text(start: str) -> None:
    assert clean_line(f"{start}《kept》").endswith("《kept》")


def test_a_very_long_sequence_is_disarmed() -> None:
    cleaned = clean_line(f"{ESC}]52;c;{'A' * 100_000}\x07 title")
    assert cleaned.isprintable()
    assert cleaned.endswith(" title")


@pytest.mark.parametrize("start", ["\x90", "\x98", "\x9b", "\x9d", "\x9e", "\x9f", f"{ESC}]", f"{ESC}P", f"{ESC}["])
def test_a_hundred_thousand_starts_of_sequences_take_a_moment(start: str) -> None:
    """A comment of 50,000 of them stopped the reader for seconds."""
    assert clean_text(start * 100_000 + "《kept》").endswith("《kept》")


def test_removing_a_sequence_makes_no_new_one() -> None:
    assert clean_line(f"{ESC}{ESC}[31m[2Jx").isprintable()
    assert ESC not in clean_text(f"{ESC}{ESC}]0;a\x07]0;b\x07")


# -- characters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("char", BIDI, ids=lambda char: f"U+{ord(char):04X}")
def test_bidirectional_controls_are_dropped(char: str) -> None:
    assert clean_line(f"a{char}b") == clean_text(f"a{char}b") == "ab"


@pytest.mark.parametrize("char", ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u180e", "\ufff9", "\U000e0041"])
def test_invisible_characters_are_dropped(char: str) -> None:
    assert clean_line(f"a{char}b") == "ab"


@pytest.mark.parametrize("text", ["👩\u200d🔬 did it", "می\u200cخواهم", "क्\u200dष", "e\u0301", "❤\ufe0f", "👍🏽", "🇩🇪"])
def test_joiners_marks_and_emoji_stay(text: str) -> None:
    assert clean_line(text) == clean_text(text) == text


@pytest.mark.parametrize("text", ["a\u200db", "\u200dab", "ab\u200d", "a\u200d\u200db", "→\u200d→", "👩\u200dx"])
def test_a_joiner_that_joins_nothing_is_dropped(text: str) -> None:
    assert clean_line(text) == clean_text(text) == text.replace("\u200d", "")


def test_half_a_surrogate_pair_becomes_the_replacement_character() -> None:
    assert clean_line("a\ud800b") == "a�b"


def test_a_line_is_one_line_with_single_spaces() -> None:
    assert clean_line(" a\tb\r\nc\n\n d\u2028e\u00a0\u3000f\x0b\x0cg\x85h ") == "a b c d e f g h"


def test_a_text_keeps_its_lines() -> None:
    assert clean_text("\n a\r\nb \rc\u2028d\n\n  e\tf\n\tg\n\n") == "a\nb\nc\nd\n\n  e f\n    g"


def test_an_abstract_keeps_its_paragraphs_only() -> None:
    assert clean_paragraphs("one\ntwo  three\n \n\nfour\r\nfive\n") == "one two three\n\nfour five"


@settings(max_examples=examples(150))
@given(ANY_TEXT)
def test_nothing_that_a_terminal_acts_on_is_left(text: str) -> None:
    assert not FORBIDDEN & set(clean_line(text))
    for cleaned in (clean_text(text), clean_paragraphs(text)):
        assert not (FORBIDDEN - {"\n"}) & set(cleaned)
    assert "Cs" not in map(unicodedata.category, clean_text(text))


@settings(max_examples=examples(150))
@given(ANY_TEXT)
@example("\ta")
@example("\n a")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    for clean in (clean_line, clean_text, clean_paragraphs):
        once = clean(text)
        assert clean(once) == once


@given(ANY_TEXT | st.text("#- a"))
def test_the_stored_form_of_a_tag_is_that_of_itself(text: str) -> None:
    tag = clean_tag(f"{text}x")
    assert clean_tag(tag) == tag


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=40))
def test_harmless_text_is_left_alone(text: str) -> None:
    assert clean_line(text) == clean_text(text) == text


# -- links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org",
        "http://127.0.0.1:8000/papers/2401.00001",
        "HTTPS://Example.org/a?b=c&d=(e)#f",
        "https://example.org/@somebody/post",
        "https://münchen.example/straße",
        "http://[::1]:8000/",
    ],
)
def test_web_links_are_kept_as_they_are(link: str) -> None:
    assert web_link(f" {link}\n") == link


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "",
        "example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org/",
        "data:text/html,x",
        "https://",
        "https:///path",
        "https://?query",
        "--help",
        "https://example.org/a b",
        "https://example.org/\n--flag",
        "https://example.org/'x'",
        'https://example.org/"x"',
        "https://example.org/<x>",
        "https://example.org\\@evil.example",
        "https://huggingface.co@evil.example/",
        "https://user:password@example.org/",
        f"https://example.org/{ESC}[31m",
        "https://example.org/\u202egpj.exe",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_what_is_not_a_plain_web_link_is_refused(value: object) -> None:
    assert web_link(value) is None


@given(ANY_TEXT)
def test_a_link_never_holds_what_a_terminal_or_a_shell_acts_on(text: str) -> None:
    link = web_link(f"https://example.org/{text}")
    assert link is None or (link.isprintable() and not set(link) & set(" \"'\\<>"))


# -- the last fence --------------------------------------------------------------------------------------------------


@given(ANY_TEXT)
def test_a_line_for_the_screen_is_harmless_even_if_nobody_cleaned_it(text: str) -> None:
    assert not FORBIDDEN & set(for_screen(text))


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=40))
def test_the_fence_leaves_clean_lines_alone(text: str) -> None:
    assert for_screen(clean_line(text)) == clean_line(text)
