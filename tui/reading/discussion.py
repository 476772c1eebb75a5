"""The Hub's discussion of a paper as a text: comments, and the models, data sets and Spaces that name it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from paperdeck.storage.text.words import count_of, long_day
from paperdeck.tui.look.text import Symbols, short_number

from .inline import Piece
from .markdown import Block, heading_block, nested, read_markdown, text_block

if TYPE_CHECKING:
    from paperdeck.storage.fetch.hub.parser import Comment, Details, Repository

_MAX_INDENTS = 4
"""Deepest indentation of replies."""


def discussion_blocks(details: Details, comments: Sequence[Comment], symbols: Symbols) -> list[Block]:
    """The discussion, then the repositories that name the paper."""
    return [*_comments(comments, symbols), *_repositories(details, symbols)]


def _comments(comments: Sequence[Comment], symbols: Symbols) -> Iterator[Block]:
    yield heading_block(count_of(len(comments), "comment") if comments else "No comments yet")
    known = {comment.id for comment in comments}
    answers: dict[str | None, list[Comment]] = {}
    for comment in comments:
        answers.setdefault(comment.parent if comment.parent in known else None, []).append(comment)
    waiting = [(comment, 0) for comment in reversed(answers.pop(None, []))]
    while waiting or answers:
        if not waiting:  # replies in a cycle
            waiting = [(comment, 0) for comment in answers.pop(next(iter(answers)))]
        comment, depth = waiting.pop()
        prefix = f"{symbols.border} " * min(depth, _MAX_INDENTS)
        yield from nested([_byline(comment, symbols), *read_markdown(comment.text, symbols)], prefix)
        waiting += [(answer, depth + 1) for answer in reversed(answers.pop(comment.id, []))]


def _byline(comment: Comment, symbols: Symbols) -> Block:
    written = long_day(comment.written) if comment.written else ""
    reactions = " ".join(f"{sign} {number}" for sign, number in comment.reactions)
    more = f" {symbols.dot} ".join(filter(None, (written, reactions)))
    return text_block(Piece(comment.author, "strong"), Piece(f"  {more}", "muted"))


def _repositories(details: Details, symbols: Symbols) -> Iterator[Block]:
    groups = (("model", details.models), ("data set", details.datasets), ("space", details.spaces))
    for (name, some), total in zip(groups, details.totals, strict=True):
        if some:
            of_all = f"{len(some)} of {count_of(total, name)}" if total > len(some) else count_of(total, name)
            yield heading_block(f"{of_all} on the Hub")
            yield from (_repository(each, symbols, gap=1 if each is some[0] else 0) for each in some)


def _repository(repository: Repository, symbols: Symbols, gap: int) -> Block:
    likes = count_of(repository.likes, "like") if repository.likes else ""
    downloads = f"{short_number(repository.downloads)} downloads" if repository.downloads else ""
    more = f" {symbols.dot} ".join(filter(None, (likes, downloads, repository.about)))
    return text_block(
        Piece(repository.id, "link", repository.url), Piece(f"  {more}", "muted"), first=f"{symbols.bullet} ", gap=gap
    )
