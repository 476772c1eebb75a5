"""Two versions of a text, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from paperdeck.storage.text.word_diff import GONE, NEW, SAME, DiffPiece, word_diff

words = some.lists(some.sampled_from(["we", "try", "hard", "to", "learn", "it"]), max_size=40).map(" ".join)


def test_what_changed_is_shown_with_a_few_words_around_it() -> None:
    before = "We show that one two three four five six models of seven sizes learn slowly."
    after = "We show that one two three four five six models of eight sizes learn quickly."
    assert word_diff(before, after) == (
        DiffPiece(SAME, "… five six models of"),
        DiffPiece(GONE, "seven"),
        DiffPiece(NEW, "eight"),
        DiffPiece(SAME, "sizes learn"),
        DiffPiece(GONE, "slowly."),
        DiffPiece(NEW, "quickly."),
    )


def test_line_breaks_are_not_a_change() -> None:
    assert word_diff("We\n  try.", "We try.") == ()


@given(words, words)
def test_gone_and_new_words_are_of_their_own_texts(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert bool(pieces) == (before.split() != after.split())
    for kind, text in ((GONE, before), (NEW, after)):
        for piece in pieces:
            assert piece.kind != kind or piece.text in " ".join(text.split())
    stayed = {word for piece in pieces if piece.kind == SAME for word in piece.text.split()} - {"…"}
    assert stayed <= {*before.split()} & {*after.split()}
