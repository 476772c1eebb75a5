"""Mutes, follows, interests, and more or less of a reason."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from paperdeck.storage.search.query import field_query
from paperdeck.storage.settings.rules import FOLLOW_FIELDS
from paperdeck.storage.text.clean import clean_line
from paperdeck.tui.model.choice import Choice
from paperdeck.tui.model.tasting import TasteItem, kind_of
from paperdeck.tui.model.views import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from paperdeck.storage.settings.rules import FollowKind, ReasonKind
    from paperdeck.storage.taste.reasons import Reason, Reasons
    from paperdeck.tui.model.rules import NamedRule
    from paperdeck.tui.model.tasting import Tasting

    from .context import Context

_GROUPS: dict[str | bool | None, str] = {
    "interest": "Your interests: enter removes it",
    True: "More of: enter removes it",
    False: "Less of: enter removes it",
    None: "Learned: enter asks for more or less",
}
_TYPED_KINDS: tuple[FollowKind, ...] = ("keywords", "organizations", "authors")
"""What a typed name may be, most likely first."""
_ELSEWHERE = {True: "Also muted", False: "Also followed"}
_KINDS = {"words": "", "author": "author", "organization": "organization"}


async def mute(context: Context) -> None:
    """Let the reader choose a rule to mute or unmute."""
    await _choose_rule(context, "Mute, or unmute what is marked", mute=True)


async def follow(context: Context) -> None:
    """Let the reader choose a name to follow or unfollow."""
    await _choose_rule(context, "Follow, or unfollow what is marked", mute=False)


async def _choose_rule(context: Context, title: str, *, mute: bool) -> None:
    entry = context.session.entry(context.current())
    if entry is None:
        return
    rules, paper = context.session.rules, entry.paper
    about = sorted(rules.about(paper, mute=mute), key=lambda rule: not rule.on)  # existing rules first
    others = rules.elsewhere(paper, mute=mute)
    choices = [_rule_choice(context, rule) for rule in about]
    choices += [_rule_choice(context, rule, _ELSEWHERE[mute]) for rule in others]
    hint, free = "type to find, or any name or keyword", partial(_as_rule, choices, mute=mute)
    value = await context.choose(title, choices, hint=hint, free=free, free_last=True)
    chosen = next((rule for rule in (*about, *others) if _value(rule) == value), None)
    if chosen:
        kind = chosen.kind
        context.say(rules.toggle(kind, chosen.value, mute=mute) if kind else rules.unmute(chosen.value))
    elif name := clean_line(value or ""):
        kind = await asyncio.to_thread(_kind_of, context, name) or await _ask_for_kind(context, name)
        if kind:
            context.say(rules.toggle(kind, name, mute=mute))


def _kind_of(context: Context, name: str) -> FollowKind | None:
    """Whether papers have a name as a keyword, an organization or an author; None if none has it."""
    for kind in _TYPED_KINDS:
        named = ALL._replace(query=str(field_query(FOLLOW_FIELDS[kind], name)), everything=True)
        if context.session.finder.count(named):
            return kind
    return None


async def _ask_for_kind(context: Context, name: str) -> FollowKind | None:
    """Ask what a name is that no paper has yet, such as that of a person; None if the reader cancels."""
    choices = [Choice(kind, kind.removesuffix("s")) for kind in reversed(_TYPED_KINDS)]
    value = await context.choose(f"No paper has “{name}” yet. What is it?", choices)
    return next((kind for kind in _TYPED_KINDS if kind == value), None)


def _rule_choice(context: Context, rule: NamedRule, group: str = "") -> Choice:
    sign = context.symbols.selected if rule.on else ""
    return Choice(_value(rule), rule.name, sign, (rule.kind or "query").removesuffix("s"), group=group)


def _value(rule: NamedRule) -> str:
    return f"{rule.kind} {rule.value}"


def _as_rule(choices: Sequence[Choice], typed: str, *, mute: bool) -> str:
    """The effect of a typed name or keyword, in words; empty if it is one of the choices."""
    name = clean_line(typed)
    if not name or typed.casefold() in {choice.text.casefold() for choice in choices}:
        return ""
    return f"{'Mute' if mute else 'Follow'} “{name}”"


# The taste


async def less(context: Context) -> None:
    """Let the reader choose which of the paper's reasons to ignore."""
    await _adjust_reason(context, more=False)


async def more(context: Context) -> None:
    """Let the reader choose which of the paper's reasons to count twice."""
    await _adjust_reason(context, more=True)


async def _adjust_reason(context: Context, *, more: bool) -> None:
    entry = context.session.entry(context.current())
    if entry is None:
        return
    found = await asyncio.to_thread(context.session.tasting.reasons_learned, entry.paper)
    if found is None or not found.parts:
        context.say("Nothing in this paper matches your taste so far." if found else why_no_taste(context))
        return
    stated = {item.value: item.more for item in context.session.tasting.stated()}
    named = {f"{kind_of(part)} {part.words}": part for part in found.parts if part.is_readable}
    choices = [_reason_choice(context, value, named[value], found, stated.get(value)) for value in named]
    title = "More of which reason?" if more else "Less of which reason?"
    hint = "enter: counts it twice, or once" if more else "enter: ignores it, or counts it"
    if value := await context.choose(title, choices, hint=hint):
        part, already = named[value], stated.get(value) is more
        _adjust(context, kind_of(part), part.words, more=None if already else more)


def _reason_choice(context: Context, value: str, part: Reason, found: Reasons, more: bool | None) -> Choice:
    """A reason with its share of the score, and the reader's more or less."""
    sign = "" if more is None else "+" if more else "-"
    share = f"{part.part / found.score:.0%} of it" if found.score and part.part else ""
    stars = f"{part.stars} of your {found.stars} stars" if part.stars else "your interest" if part.typed else ""
    dot = f" {context.symbols.dot} "
    return Choice(value, part.words, sign, more=dot.join(filter(None, (_KINDS[kind_of(part)], share, stars))))


def _adjust(context: Context, kind: ReasonKind, name: str, *, more: bool | None) -> None:
    context.session.tasting.adjust(kind, name, more=more)
    did = f"“{name}” has its usual weight again" if more is None else f"{'More' if more else 'Less'} of “{name}”"
    context.say(f"{did}; {context.key_of('undo')} undoes it, {context.key_of('my-taste')} shows all of your taste.")


def why_no_taste(context: Context) -> str:
    """Why no taste is known, and what helps."""
    session, refresh = context.session, context.key_of("refresh")
    star, interests = context.key_of("star"), context.key_of("my-taste")
    if not session.tasting.has_material:
        return f"Your taste isn't known yet: star papers with {star}, or add interests with {interests}."
    if not session.papers.has_fetched():
        shown = "For you shows unread papers of the last 7 days"
        return f"Your taste counts once papers are fetched: {shown}; {refresh} fetches them."
    return f"Too little is known of your taste: star more papers with {star}, or add interests with {interests}."


async def my_taste(context: Context) -> None:
    """List interests, requests for more or less, and the learned words; choosing one changes it.

    The dialog opens at once, so that typed keys reach it; the learned words are added once they are read.
    """
    tasting, first = context.session.tasting, None
    while True:
        known: dict[str, TasteItem] = {}
        value = await context.choose(
            "My taste",
            _taste_choices(known, tasting.stated()),
            hint="type an interest; enter adds it",
            free="Add the interest “{}”".format,
            first=first,
            later=partial(_learned, tasting, known),
        )
        if value is None:
            return
        if value in known:
            await _change(context, known[value])
        else:
            _add_interest(context, value)
        first = value


def _add_interest(context: Context, phrase: str) -> None:
    deed = context.session.tasting.add_interest(phrase)
    context.say(f"Interested in “{deed.subject}”; {context.key_of('undo')} undoes it.")


def _taste_choices(known: dict[str, TasteItem], items: Sequence[TasteItem]) -> list[Choice]:
    """The choices for some items; adds the items to `known`."""
    known.update((item.value, item) for item in items)
    return [_taste_choice(item) for item in items]


def _learned(tasting: Tasting, known: dict[str, TasteItem]) -> list[Choice]:
    """The choices for what was learned. Call in a thread."""
    return _taste_choices(known, tasting.learned())


def _taste_choice(item: TasteItem) -> Choice:
    if item.kind == "interest":
        return Choice(item.value, item.name, group=_GROUPS["interest"])
    return Choice(item.value, item.name, more=_KINDS[item.kind], group=_GROUPS[item.more])


async def _change(context: Context, item: TasteItem) -> None:
    """Remove an interest, end a request for more or less, or ask what to make of something learned."""
    tasting = context.session.tasting
    if item.kind != "interest":
        more: bool | None = None
        if item.learned:
            choices = [Choice("more", "More of it"), Choice("less", "Less of it")]
            choices.append(Choice("interest", f"Add the interest “{item.name}”"))
            answer = await context.choose(item.name, choices)
            if answer is None:
                return
            if answer == "interest":
                _add_interest(context, item.name)
                return
            more = answer == "more"
        _adjust(context, item.kind, item.name, more=more)
        return
    tasting.remove_interest(item.name)
    context.say(f"Removed the interest “{item.name}”; {context.key_of('undo')} brings it back.")
