"""Queries at work: each node of the tree becomes a matcher that finds papers in a segment.

A matcher has two ways: `scan` finds all papers of a segment that match, `keep` picks those out of given ones. Words
scan at memory speed, everything else only looks at what the words left over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from paperdeck.storage.text.fold import fold, fold_typed

from .block import MARK
from .context import Context
from .plain import COMPARE, in_category
from .segment import ABSTRACT, CODE, PROJECT, SHORT, SUMMARY, Row, Segment
from .tree import And, Days, Has, Is, Node, Not, Number, Or, Query, Text

Numbers = Sequence[int]


class Matcher:
    """The base: a matcher that can only pick."""

    scans = False
    """Whether scan is faster than keep of everything."""

    def scan(self, segment: Segment) -> Numbers:
        """All papers of the segment that match, each once, in no order."""
        return self.keep(segment, segment.numbers())

    def keep(self, segment: Segment, numbers: Numbers) -> Numbers:
        """Those of the given papers that match."""
        raise NotImplementedError


class Rows(Matcher):
    """What a row alone tells."""

    def __init__(self, test: Callable[[Row], bool]) -> None:
        self.test = test

    def keep(self, segment: Segment, numbers: Numbers) -> Numbers:
        rows, test = segment.rows, self.test
        return [number for number in numbers if (row := rows[number]) is not None and test(row)]


class Marked(Matcher):
    """What a set of numbers in the segment tells: read, starred, hidden, or something with a note."""

    scans = True

    def __init__(self, marked: Callable[[Segment], set[int] | dict[int, bytes]]) -> None:
        self.marked = marked

    def scan(self, segment: Segment) -> Numbers:
        return list(self.marked(segment))

    def keep(self, segment: Segment, numbers: Numbers) -> Numbers:
        marked = self.marked(segment)
        return [number for number in numbers if number in marked] if marked else []


class Word(Matcher):
    """A folded word or phrase anywhere in the block, in tags or in notes."""

    scans = True

    def __init__(self, text: Text) -> None:
        self.word = _sought(text)

    def scan(self, segment: Segment) -> Numbers:
        return scan_words(segment, [self])

    def keep(self, segment: Segment, numbers: Numbers) -> Numbers:
        if segment.tags or segment.notes:
            return [number for number in numbers if self.matches(segment, number)]
        return segment.texts.keep(self.word, numbers)

    def matches(self, segment: Segment, number: int) -> bool:
        """Whether one paper matches."""
        word = self.word
        return (
            segment.texts.has(word, number)
            or word in segment.tags.get(number, b"")
            or word in segment.notes.get(number, b"")
        )


def scan_words(segment: Segment, words: Sequence[Word]) -> Numbers:
    """All papers of the segment that contain every word, those with words in their tags and notes included."""
    found = segment.living(segment.texts.with_words([word.word for word in words]))
    if segment.tags or segment.notes:
        known = set(found)
        others = [number for number in {**segment.tags, **segment.notes} if number not in known]
        found += [number for number in others if all(word.matches(segment, number) for word in words)]
    return found


class FieldWord(Matcher):
    """A folded word or phrase in one column of the block."""

    scans = True

    def __init__(self, text: Text) -> None:
        self.word = _sought(text)
        self.field = text.field or ""

    def scan(self, segment: Segment) -> Numbers:
        block, column = segment.texts.column(self.field)
        return segment.living(block.with_column(self.word, column))

    def keep(self, segment: Segment, numbers: Numbers) -> Numbers:
        block, column = segment.texts.column(self.field)
        return block.keep(self.word, column, numbers)


def _sought(text: Text) -> bytes:
    """The bytes to look for in a block."""
    folded = fold_typed(text.text)
    return (f"{MARK}{folded}{MARK}" if text.whole else folded).encode()


class Remark(Matcher):
    """A folded text in the tags or in the note."""

    scans = True

    def __init__(self, text: Text) -> None:
        self.word = _sought(text)
        self.tags = text.field == "tag"

    def scan(self, segment: Segment) -> Numbers:
        texts = segment.tags if self.tags else segment.notes
        return [number for number, text in list(texts.items()) if self.word in text]

    def keep(self, segment: Segment, numbers: Numbers) -> Numbers:
        texts = segment.tags if self.tags else segment.notes
        return [number for number in numbers if (text := texts.get(number)) and self.word in text] if texts else []


class Opposite(Matcher):
    """What another matcher does not find."""

    def __init__(self, child: Matcher) -> None:
        self.child = child

    def scan(self, segment: Segment) -> Numbers:
        found = set(self.child.scan(segment))
        return [number for number in segment.numbers() if number not in found]

    def keep(self, segment: Segment, numbers: Numbers) -> Numbers:
        many = self.child.scans and len(numbers) > len(segment.rows) // 4  # one pass is less work than many looks
        found = self.child.scan(segment) if many else self.child.keep(segment, numbers)
        if not found:
            return numbers
        unwanted = set(found)
        return [number for number in numbers if number not in unwanted]


class All(Matcher):
    """What every one of them finds: the words together, then the others on what is left. All of none is everything."""

    def __init__(self, children: Iterable[Matcher]) -> None:
        children = list(children)
        self.words = [child for child in children if isinstance(child, Word)]
        others = [child for child in children if not isinstance(child, Word)]
        self.scanning = [child for child in others if child.scans]
        self.picking = [child for child in others if not child.scans]
        self.scans = bool(self.words or self.scanning)

    def scan(self, segment: Segment) -> Numbers:
        if self.scanning:  # marks and fields are fewer than words
            first, *others = self.scanning
            return self._keep_others(segment, first.scan(segment), [*others, *self.picking, *self.words])
        if self.words:
            return self._keep_others(segment, scan_words(segment, self.words), self.picking)
        return super().scan(segment)

    def keep(self, segment: Segment, numbers: Numbers) -> Numbers:
        return self._keep_others(segment, numbers, [*self.scanning, *self.picking, *self.words])

    @staticmethod
    def _keep_others(segment: Segment, numbers: Numbers, matchers: Iterable[Matcher]) -> Numbers:
        for matcher in matchers:
            if not numbers:
                break
            numbers = matcher.keep(segment, numbers)
        return numbers


class Any(Matcher):
    """What at least one of them finds; any of none is nothing."""

    def __init__(self, children: Iterable[Matcher]) -> None:
        self.children = list(children)
        self.scans = all(child.scans for child in self.children)

    def scan(self, segment: Segment) -> Numbers:
        if not self.scans:
            return super().scan(segment)
        return list({number for child in self.children for number in child.scan(segment)})

    def keep(self, segment: Segment, numbers: Numbers) -> Numbers:
        found: set[int] = set()
        left = numbers
        for child in self.children:
            if hits := child.keep(segment, left):
                found.update(hits)
                left = [number for number in left if number not in found]
        return [number for number in numbers if number in found]


class Ruled(Matcher):
    """What one of the reader's rules finds; kept for each segment until the segment or the rules change."""

    scans = True

    def __init__(self, name: str, rules: Sequence[Query], context: Context) -> None:
        self.name = name
        self.rules = tuple(rules)
        self.context = context
        self.key = (self.rules, context.today, context.last_visit, context.fulltexts)

    def found(self, segment: Segment) -> frozenset[int]:
        """The papers of the segment that a rule finds."""
        version, kept = segment.version, segment.kept.get(self.name)
        if kept and kept[0] == version and kept[1] == self.key:
            found: frozenset[int] = kept[2]
            return found
        plain = self.context.without_rules()
        found = frozenset(n for rule in self.rules for n in matcher_of(rule.node, plain).scan(segment))
        segment.kept[self.name] = (version, self.key, found)
        return found

    def scan(self, segment: Segment) -> Numbers:
        return list(self.found(segment))

    def keep(self, segment: Segment, numbers: Numbers) -> Numbers:
        found = self.found(segment)
        return [number for number in numbers if number in found] if found else []


def matcher_of(node: Node | None, context: Context) -> Matcher:
    """The matcher of a node; None matches everything."""
    match node:
        case None:
            return All(())
        case Text():
            return _text_matcher(node)
        case Is():
            return _state_matcher(node.state, context)
        case Has():
            return _thing_matcher(node.thing, context)
        case Number():
            return _number_matcher(node)
        case Days():
            first, last = node.span(context.today)
            return Rows(lambda row: row.day is not None and first <= row.day <= last)
        case Not():
            return Opposite(matcher_of(node.child, context))
        case And():
            return All(matcher_of(child, context) for child in node.children)
        case Or():
            return Any(matcher_of(child, context) for child in node.children)


def _text_matcher(text: Text) -> Matcher:
    if text.field is None:
        return Word(text)
    if text.field == ABSTRACT or text.field in SHORT:
        return FieldWord(text)
    if text.field in ("tag", "note"):
        return Remark(text)
    wanted, compare = fold_typed(text.text), str.__eq__ if text.whole else str.__contains__
    match text.field:
        case "id":
            return Rows(lambda row: compare(row.id.lower(), wanted))
        case "source":
            return Rows(lambda row: wanted in row.sources)
        case "category":
            return Rows(lambda row: any(in_category(category, wanted) for category in row.categories))
        case _:
            return Rows(lambda row: row.submitter is not None and compare(_folded(row.submitter), wanted))


@lru_cache(maxsize=8192)
def _folded(name: str) -> str:
    return fold(name)


def _state_matcher(state: str, context: Context) -> Matcher:
    match state:
        case "read":
            return Marked(lambda segment: segment.read)
        case "unread":
            return Opposite(Marked(lambda segment: segment.read))
        case "starred":
            return Marked(lambda segment: segment.starred)
        case "hidden":
            return Marked(lambda segment: segment.hidden)
        case "new":
            last_visit = context.last_visit
            if last_visit is None:
                return Any(())
            return Rows(lambda row: row.added is not None and row.added > last_visit)
        case "muted":
            return Ruled("muted", context.muted, context) if context.muted else Any(())
        case _:
            return Ruled("following", context.followed, context) if context.followed else Any(())


def _thing_matcher(thing: str, context: Context) -> Matcher:
    match thing:
        case "note":
            return Marked(lambda segment: segment.notes)
        case "comments":
            return Rows(lambda row: bool(row.comments))
        case "fulltext":
            return Rows(lambda row: row.id in context.fulltexts)
        case _:
            bit = {"code": CODE, "project": PROJECT, "summary": SUMMARY}[thing]
            return Rows(lambda row: bool(row.has & bit))


def _number_matcher(number: Number) -> Matcher:
    test, wanted = COMPARE[number.relation], number.value
    match number.field:
        case "upvotes":
            return Rows(lambda row: row.upvotes is not None and test(row.upvotes, wanted))
        case "comments":
            return Rows(lambda row: row.comments is not None and test(row.comments, wanted))
        case _:
            return Rows(lambda row: row.code_stars is not None and test(row.code_stars, wanted))
