"""Compiles a query to SQL over the index: one condition, with hints that limit the papers to check.

A word is looked up by its grams, the pieces of four letters, which gives candidates, and confirmed in the text. The
grams of titles, authors, keywords and organizations are there twice, the second time with the sign of their field.
Each condition uses the tables `p` (paper) and `t` (text), and is never null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from paperdeck.storage.identifiers import document_id, is_paper_id, reference_id
from paperdeck.storage.text.alike import MARK, Spelling, spellings_of
from paperdeck.storage.text.words import word_set

from .tree import And, DayRange, Has, Is, Node, Not, Number, Or, QueryContext, Text, disjunction

READ, STARRED, HIDDEN, NOTED, TAGGED = 1, 2, 4, 8, 16
"""Bits of `state`."""
UNREAD: Final = f"(not p.state & {READ} and (p.arrived is not null or p.state & {STARRED | NOTED | TAGGED} <> 0))"
"""Whether a paper is unread, as in `Entry`."""
UNREAD_ROWS: Final = (
    f"select row from paper where arrived is not null and not state & {READ} "
    f"union all select row from mark where state & {STARRED | NOTED | TAGGED} <> 0"
)
"""A select that includes all unread papers."""
NEW: Final = "(p.arrived is not null and ifnull(ifnull(nullif(p.arrived, ''), p.added), '') > ?)"
"""Whether it arrived after a time, as in `Entry`."""
NEW_ROWS: Final = (
    "select row from paper where arrived > ? union all select row from paper where arrived = '' and added > ?"
)
"""The same as a select, with the time twice."""
CODE, PROJECT, SUMMARY = 1, 2, 4
"""Bits of `has`."""
DAY_BITS = 20
"""A row is the day's ordinal number (0: undated), followed by this many bits that number the papers of the day."""

_SECTIONS: Final = {
    "title": "substr(t.words, 1, t.ends_title)",
    "author": "substr(t.words, t.ends_title + 1, t.ends_author - t.ends_title)",
    "keyword": "substr(t.words, t.ends_author + 1, t.ends_keyword - t.ends_author)",
    "org": "substr(t.words, t.ends_keyword + 1, t.ends_org - t.ends_keyword)",
    "abstract": "substr(t.words, t.ends_org + 1, t.ends_abstract - t.ends_org)",
}
GRAM_SIGNS: Final = {"title": "\x03", "author": "\x04", "keyword": "\x05", "org": "\x06"}
"""What precedes the grams of a field, in the order of the sections of the text."""
COMMON: Final = word_set(
    "a b c d e f g h i j k l m n o p q r s t u v w x y z ab ac ad ag ai al am an ap ar as at ba be bi bl ca ce ch ci "
    "co cr ct cu da de di du ea ec ed ee ef ei el em en ep er es et ev ex fe ff fi fo fr fu ge gh gi gn gu ha he hi "
    "ho hu ia ic id ie if ig il im in io ir is it iv iz la le li ll lo ls lt lu ly ma me mi mo mp ms na nc nd ne ng "
    "ni no ns nt od of ol om on op or os ot ou ov ow pa pe pl po pr pt qu ra re rf rg ri rk rm ro rs rt sc se sh si "
    "so sp ss st su ta te th ti to tr ts tt tu ty ua uc ul un ur us ut va ve vi we wh wi wo xi and ang ate ati del "
    "ent for ing int ion ith ive mod nce ode ons per pro rat res tha the tio tra"
)
"""Pieces of words that most papers have: of 8,507 of the years 2024 to 2026 seven in ten, or nine in ten if they have
three letters. The index knows which papers lack them, as all texts would be read for `-at` and nothing found.
"""
LACKING: Final = "\x07"
"""What precedes such a piece in the grams of a paper that lacks it."""
MATCHING: Final = "select rowid from gram where gram match ?"
_STATES: Final = {"read": READ, "starred": STARRED, "hidden": HIDDEN}
_THINGS: Final = {"code": CODE, "project": PROJECT, "summary": SUMMARY}
_SHORTEST_SPREAD_LETTERS: Final = 3
_GRAM_LETTERS: Final = 4
_GLOB_SIGN: Final = re.compile(r"[*?\[]")
_NO_LETTER: Final = re.compile(r"[ \xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufffe\uffff]")
"""Where SQLite's tokenizer would divide a gram."""
_GRAMS: Final = re.compile(f".{{{_GRAM_LETTERS}}}", re.DOTALL)
_NEVER: Final = ("\x02" * _GRAM_LETTERS,)

Argument: TypeAlias = str | int
Select: TypeAlias = tuple[str, tuple[Argument, ...]]
"""SQL with its arguments."""
Vocabulary: TypeAlias = Callable[[str], Sequence[str] | None]


class Condition(NamedTuple):
    """A part of a query."""

    sql: str
    arguments: tuple[Argument, ...] = ()
    match: str | None = None
    """The FTS5 expression for candidates, which include all matches; None if there is none."""
    rows: tuple[Select, ...] = ()
    """Selects of rows that include all matches and may be few."""
    days: tuple[int, int] | None = None
    """The first and the last row that can match."""
    others: tuple[Select, ...] = ()
    """Selects of rows that include all papers that don't match."""

    @property
    def reads_text(self) -> bool:
        """Whether the condition uses the table `t`."""
        return "t.words" in self.sql


EVERYTHING = Condition("1")
NOTHING = Condition("0")


class Compiler:
    """Compiles one query."""

    def __init__(self, context: QueryContext, looked_up_in: Vocabulary | None = None) -> None:
        """Nothing is compiled yet.

        Args:
            context: The time, the last visit and the rules.
            looked_up_in: Gives the grams that begin with fewer letters. With it, such short words have candidates too,
                and each word of an alternative or a negation is looked up once, which is faster if many papers will be
                checked. None: each paper is searched for them.
        """
        self.context = context
        self._vocabulary = looked_up_in

    def condition(self, node: Node | None) -> Condition:
        """The condition of a node; None matches everything."""
        match node:
            case None:
                return EVERYTHING
            case Text():
                return self._text(node)
            case Is():
                return self._state(node.state)
            case Has():
                return self._thing(node.thing)
            case Number():
                return _number(node)
            case DayRange():
                return _days(*node.span(self.context.today))
            case Not():
                child = self.condition(node.child)
                sql, arguments = self._alone(child)[:2]
                return Condition(f"not ({sql})", arguments, rows=child.others, others=child.rows)
            case And():
                return all_of([self.condition(child) for child in node.children])
            case Or():
                return self._any_of([self.condition(child) for child in node.children])

    def _any_of(self, parts: list[Condition]) -> Condition:
        match = _any_match(parts)
        parts = [self._alone(part) for part in parts]  # each word is searched in its own candidates
        return Condition(" or ".join(f"({part.sql})" for part in parts), _arguments(parts), match)

    def _alone(self, part: Condition) -> Condition:
        """A condition without hints, perhaps with its words looked up."""
        if not self._vocabulary or part.match is None or not part.reads_text:
            return part
        sql = (
            "p.row in (select p.row from gram cross join paper p on p.row = gram.rowid "
            f"cross join text t on t.row = p.row where gram match ? and ({part.sql}))"
        )
        return Condition(sql, (part.match, *part.arguments))

    # -- texts -----------------------------------------------------------------------------------------------------

    def _text(self, text: Text) -> Condition:
        match text.field:
            case "id":
                return _id(text)
            case "source":
                return Condition("instr(p.sources, ?)", (f"{MARK}{text.text.lower()}{MARK}",))
            case "category":
                wanted = MARK + text.text.lower().removesuffix(".*")
                ends = Condition("instr(p.categories, ?) or instr(p.categories, ?)", (f"{wanted}{MARK}", f"{wanted}."))
                return ends._replace(match=self._matching(wanted))
            case "tag" | "note":
                return self._tag_or_note(text, text.field)
        spellings = spellings_of(text.text)
        if not spellings:
            return NOTHING
        submitter = text.field == "submitter"
        column = "p.submitter" if submitter else _SECTIONS.get(text.field or "", "t.words")
        sign = GRAM_SIGNS.get(text.field or "", "")
        parts = [self._confirmed(column, spelling, sign, whole=text.whole) for spelling in spellings]
        sql = " or ".join(part.sql for part in parts)
        sql = f"p.submitter is not null and ({sql})" if submitter else sql
        common = [] if text.field else [spelling.joined for spelling in spellings if spelling.joined in COMMON]
        others = tuple((MATCHING, (_quoted(LACKING + piece),)) for piece in common)
        return Condition(sql, _arguments(parts), _any_match(parts), others=others)

    def _tag_or_note(self, text: Text, field: str) -> Condition:
        spellings = spellings_of(text.text)
        if not spellings:
            return NOTHING
        column = "tags" if field == "tag" else "note"
        parts = [self._confirmed(f"mark.{column}", spelling, whole=text.whole) for spelling in spellings]
        select = f"select row from mark where {column} is not null and ({' or '.join(part.sql for part in parts)})"
        arguments = _arguments(parts)
        return Condition(f"p.row in ({select} and row is not null)", arguments, rows=((select, arguments),))

    def _confirmed(self, column: str, spelling: Spelling, sign: str = "", *, whole: bool) -> Condition:
        """The condition that a column, whose grams have a sign, contains one spelling."""
        if whole:
            entry = f"{MARK}{spelling.joined}{MARK}"
            return Condition(f"instr(replace({column}, ' ', ''), ?)", (entry,), self._matching(entry, sign))
        spellings = dict.fromkeys((spelling.typed, spelling.joined))
        tests, arguments = [f"{column} glob ?" for _ in spellings], list(map(_containing, spellings))
        if len(spelling.joined) >= _SHORTEST_SPREAD_LETTERS or len(spellings) > 1:
            tests.append(f"is_spread_in({column}, ?)")
            arguments.append(spelling.typed)
        return Condition(" or ".join(tests), tuple(arguments), self._matching(spelling.joined, sign))

    def _matching(self, text: str, sign: str = "") -> str | None:
        """The expression for the papers whose grams, or those with a sign, may contain a text."""
        if grams := dict.fromkeys(grams_of(text)):
            return f"({' AND '.join(_quoted(sign + gram) for gram in grams)})"
        terms = self._vocabulary(sign + _squeezed(text)) if self._vocabulary else None
        return None if terms is None else f"({' OR '.join(map(_quoted, terms or _NEVER))})"

    # -- the rest --------------------------------------------------------------------------------------------------

    def _state(self, state: str) -> Condition:
        match state:
            case "unread":
                return Condition(UNREAD, rows=((UNREAD_ROWS, ()),))
            case "read" | "starred" | "hidden":
                return _marked(_STATES[state])
            case "new":
                last_visit = self.context.last_visit
                return Condition(NEW, (last_visit,), rows=((NEW_ROWS, (last_visit,) * 2),)) if last_visit else NOTHING
            case _:
                rules = self.context.muted if state == "muted" else self.context.followed
                if not rules:
                    return NOTHING
                if any(rule.node is None for rule in rules):
                    return EVERYTHING
                plain = Compiler(self.context.without_rules(), self._vocabulary)
                return plain.condition(disjunction(*(rule.node for rule in rules)))

    def _thing(self, thing: str) -> Condition:
        match thing:
            case "note":
                return _marked(NOTED)
            case "comments":
                return Condition("p.comments is not null and p.comments > 0")
            case "fulltext":
                numbers = json.dumps([document_id(paper_id) for paper_id in self.context.fulltexts])
                select = "select row from paper where number in (select value from json_each(?))"
                return Condition(f"p.row in ({select})", (numbers,), rows=((select, (numbers,)),))
            case _:
                return Condition(f"p.has & {_THINGS[thing]} <> 0")


def grams_of(text: str) -> list[str]:
    """The pieces of four letters, in any order. A word may match across spaces, so these are left out."""
    squeezed = _squeezed(text)
    return [gram for start in range(_GRAM_LETTERS) for gram in _GRAMS.findall(squeezed, start)]


def padded(text: str) -> str:
    """The text with marks at its end, so that each of its letters begins a gram."""
    return text + MARK * (_GRAM_LETTERS - 1)


def _squeezed(text: str) -> str:
    """The text without spaces, and in lower case as SQLite's tokenizer writes it, so that its grams are found again."""
    return _NO_LETTER.sub("", text).casefold()


def _containing(text: str) -> str:
    """The pattern for texts that contain a text; GLOB finds it several times faster than `instr`."""
    return "*" + _GLOB_SIGN.sub(r"[\g<0>]", text) + "*"


def _id(text: Text) -> Condition:
    wanted = reference_id(text.text) or text.text.lower()
    if is_paper_id(wanted):
        number = document_id(wanted)
        return Condition("p.number = ?", (number,), rows=(("select row from paper where number = ?", (number,)),))
    return Condition("lower(p.id) = ?" if text.whole else "instr(lower(p.id), ?)", (wanted,))


def _marked(bit: int) -> Condition:
    return Condition(f"p.state & {bit} <> 0", rows=((f"select row from mark where state & {bit}", ()),))


def _days(first: date, last: date) -> Condition:
    """The papers that appeared within some days for sure."""
    rows = first.toordinal() << DAY_BITS, (last.toordinal() + 1 << DAY_BITS) - 1
    later = "exists (select 1 from vague where vague.row = p.row and vague.last > ?)"
    return Condition(f"p.row between ? and ? and not {later}", (*rows, last.toordinal()), days=rows)


def _number(number: Number) -> Condition:
    column, value = f"p.{number.field}", (number.value,)
    sql = f"{column} is not null and {column} {number.relation} ?"
    return Condition(sql, value, rows=((f"select p.row from paper p where {sql}", value),))


def all_of(parts: Sequence[Condition]) -> Condition:
    """The condition that all of some conditions are met."""
    parts = sorted(parts, key=lambda part: part.reads_text)  # conditions without the text come first
    matches = dict.fromkeys(part.match for part in parts if part.match)
    days = [part.days for part in parts if part.days]
    return Condition(
        " and ".join(f"({part.sql})" for part in parts),
        _arguments(parts),
        f"({' AND '.join(matches)})" if matches else None,
        tuple(rows for part in parts for rows in part.rows),
        (max(first for first, _ in days), min(last for _, last in days)) if days else None,
    )


def _any_match(parts: Sequence[Condition]) -> str | None:
    matches = [part.match for part in parts if part.match]
    return f"({' OR '.join(matches)})" if len(matches) == len(parts) else None


def _arguments(parts: Iterable[Condition]) -> tuple[Argument, ...]:
    return tuple(argument for part in parts for argument in part.arguments)


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'
